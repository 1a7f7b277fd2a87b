"""Set cover as columns: what each option covers and costs, compressed; small parts of it; what domination leaves.

Column j covers rows ``places[starts[j]:starts[j + 1]]`` (int32, ascending). A question of a million columns holds a few
bytes an entry, never a table of rows and columns.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from skypact.engines.compiled import compiled
from skypact.engines.coverage.siting.question import Cover, Flags, Floats, Ints

Small = NDArray[np.int32]
Marks = NDArray[np.uint64]


@dataclass(frozen=True, eq=False)
class Columns:
    """Columns over rows, all of which must be covered. ``cost`` (n,) may be in any unit."""

    starts: Ints
    places: Small
    cost: Floats
    rows: int

    @classmethod
    def of(cls, cover: Cover) -> Columns:
        """Every option is a column, every place that some option sees is a row."""
        seen = sparse.csr_array(cover.seen)
        seen.sort_indices()
        used = np.zeros(seen.shape[1], dtype=np.bool_)
        used[seen.indices] = True
        number = (np.cumsum(used) - 1).astype(np.int32)
        return cls(
            seen.indptr.astype(np.int64),
            number[seen.indices],
            cover.cost.astype(np.float64),
            int(np.count_nonzero(used)),
        )

    def __len__(self) -> int:
        return len(self.cost)

    @property
    def entries(self) -> int:
        """How many pairs of a column and a row it covers there are."""
        return len(self.places)

    def part(self, columns: Ints) -> Columns:
        """These columns alone, over all rows."""
        starts, places = _part(self.starts, self.places, columns, np.arange(self.rows, dtype=np.int32))
        return Columns(starts, places, self.cost[columns], self.rows)

    def after(self, bought: Ints) -> tuple[Columns, Ints, Ints]:
        """What is left to cover once these columns are bought; its columns and its rows by their numbers here."""
        rows = np.flatnonzero(~_covered(self.starts, self.places, bought, self.rows))
        return self._on(rows)

    def _on(self, rows: Ints) -> tuple[Columns, Ints, Ints]:
        number = np.full(self.rows, -1, dtype=np.int32)
        number[rows] = np.arange(len(rows), dtype=np.int32)
        starts, places = _part(self.starts, self.places, np.arange(len(self)), number)
        columns = np.flatnonzero(np.diff(starts))
        kept = np.concatenate([[0], starts[columns + 1]])
        return Columns(kept, places, self.cost[columns], len(rows)), columns, rows

    def undominated(self) -> tuple[Columns, Ints]:
        """Without what cannot matter, and the numbers of the columns that stay. Some optimal cover is among them.

        A column goes where another one covers all it does for no more; a row goes where another row is covered only by
        columns that cover it too (Beasley 1987, EJOR 31, 85–93). Of equals the first stays. Repeated until none goes.
        """
        left, kept = self, np.arange(len(self))
        while True:
            across, viewers = left.across()
            beaten = _beaten(left.starts, left.places, across, viewers, left.cost, _marks(left.starts, left.places))
            stay = np.flatnonzero(~beaten)
            left, kept = left.part(stay), kept[stay]
            across, viewers = left.across()
            implied = _implied(across, viewers, left.starts, left.places, _marks(across, viewers))
            if not implied.any():
                return left, kept
            left, columns, _ = left._on(np.flatnonzero(~implied))
            kept = kept[columns]

    def across(self) -> tuple[Ints, Small]:
        """The other way round: row i is covered by columns ``viewers[starts[i]:starts[i + 1]]``, ascending."""
        return _across(self.starts, self.places, self.rows)


@compiled
def _part(starts: Ints, places: Small, columns: Ints, number: Small) -> tuple[Ints, Small]:
    """These columns on the rows whose new ``number`` is not negative."""
    begins = np.zeros(len(columns) + 1, dtype=np.int64)
    for rank in range(len(columns)):
        kept = 0
        for at in range(starts[columns[rank]], starts[columns[rank] + 1]):
            kept += number[places[at]] >= 0
        begins[rank + 1] = begins[rank] + kept
    members = np.empty(begins[-1], dtype=np.int32)
    put = 0
    for rank in range(len(columns)):
        for at in range(starts[columns[rank]], starts[columns[rank] + 1]):
            if number[places[at]] >= 0:
                members[put] = number[places[at]]
                put += 1
    return begins, members


@compiled
def _covered(starts: Ints, places: Small, columns: Ints, rows: int) -> Flags:
    covered = np.zeros(rows, dtype=np.bool_)
    for column in columns:
        for at in range(starts[column], starts[column + 1]):
            covered[places[at]] = True
    return covered


@compiled
def _across(starts: Ints, places: Small, rows: int) -> tuple[Ints, Small]:
    begins = np.zeros(rows + 1, dtype=np.int64)
    for row in places:
        begins[row + 1] += 1
    begins = np.cumsum(begins)
    put = begins[:-1].copy()
    viewers = np.empty(len(places), dtype=np.int32)
    for column in range(len(starts) - 1):
        for at in range(starts[column], starts[column + 1]):
            viewers[put[places[at]]] = column
            put[places[at]] += 1
    return begins, viewers


@compiled
def _marks(starts: Ints, members: Small) -> Marks:
    """One bit of 64 for each member: a set whose bits are not among another's is no part of it."""
    marks = np.zeros(len(starts) - 1, dtype=np.uint64)
    for one in range(len(marks)):
        for at in range(starts[one], starts[one + 1]):
            bit = (np.uint64(members[at]) * np.uint64(0x9E3779B97F4A7C15)) >> np.uint64(58)
            marks[one] |= np.uint64(1) << bit
    return marks


@compiled
def _within(starts: Ints, members: Small, one: int, other: int) -> bool:
    """Whether the members of one are all members of the other."""
    here, there = starts[one], starts[other]
    while here < starts[one + 1] and there < starts[other + 1]:
        if members[here] < members[there]:
            return False
        here += members[here] == members[there]
        there += 1
    return bool(here == starts[one + 1])


@compiled
def _rarest(starts: Ints, members: Small, across: Ints, one: int) -> int:
    """The member that the fewest others share."""
    rare = members[starts[one]]
    for at in range(starts[one], starts[one + 1]):
        if across[members[at] + 1] - across[members[at]] < across[rare + 1] - across[rare]:
            rare = members[at]
    return int(rare)


@compiled
def _beaten(starts: Ints, places: Small, across: Ints, viewers: Small, cost: Floats, marks: Marks) -> Flags:
    """Columns that cover no row, or for which another one covers as much and costs no more."""
    beaten = np.zeros(len(cost), dtype=np.bool_)
    for column in range(len(cost)):
        size = starts[column + 1] - starts[column]
        if size == 0:
            beaten[column] = True
            continue
        rare = _rarest(starts, places, across, column)
        for at in range(across[rare], across[rare + 1]):
            other = viewers[at]
            longer = starts[other + 1] - starts[other] - size
            if other == column or beaten[other] or longer < 0 or cost[other] > cost[column]:
                continue
            if marks[column] & ~marks[other] or (longer == 0 and cost[other] == cost[column] and other > column):
                continue
            if _within(starts, places, column, other):
                beaten[column] = True
                break
    return beaten


@compiled
def _implied(across: Ints, viewers: Small, starts: Ints, places: Small, marks: Marks) -> Flags:
    """Rows that are covered whenever some other row is."""
    implied = np.zeros(len(marks), dtype=np.bool_)
    for row in range(len(marks)):
        if implied[row] or across[row] == across[row + 1]:
            continue
        size = across[row + 1] - across[row]
        rare = _rarest(across, viewers, starts, row)
        for at in range(starts[rare], starts[rare + 1]):
            other = places[at]
            longer = across[other + 1] - across[other] - size
            if other == row or implied[other] or longer < 0 or marks[row] & ~marks[other]:
                continue
            if longer == 0 and other < row:
                continue
            if _within(across, viewers, row, other):
                implied[other] = True
    return implied
