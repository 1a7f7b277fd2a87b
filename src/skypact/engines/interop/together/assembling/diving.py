"""Kits found early: a good one known at the start closes most of what is searched for the proof.

Few products are looked at, so that a relaxation takes a millisecond. Choices (protocols, buses, mounts) are made one by
one: of those that the relaxation leaves open the one whose sides differ most, and of its sides the cheaper. HiGHS then
finds the products. From such a kit one choice at a time is made or undone, where the relaxation says that this may pay,
until none of these makes it cheaper (cf. Danna, Rothberg and Le Pape 2005, Math. Prog. 102). Nothing here is part of
the proof.
"""

from __future__ import annotations

import numpy as np

from skypact.engines.interop.together.assembling.narrowing import Narrowing
from skypact.engines.interop.together.assembling.products import Flags, Floats
from skypact.engines.interop.together.assembling.relaxation import Relaxation
from skypact.engines.interop.together.assembling.warm import Warm

_WHOLE = 1e-6
#: So many choices are tried before one is made.
_TRIED = 4
#: So many neighbours of a kit are looked at in full before it is taken for the best of them.
_NEIGHBOURS = 4


class Few:
    """The relaxation over few products, within bounds that change; what it says is a guess and no floor."""

    def __init__(self, relaxation: Relaxation, low: Floats, high: Floats, few: Flags) -> None:
        shown = relaxation.looked_at(few, high)
        self._at, self._columns = np.flatnonzero(shown), len(low)
        part = relaxation.part(low, high, shown)
        self._cost, self._warm = part.cost, Warm(part)

    def solve(self, low: Floats, high: Floats) -> tuple[float, Floats]:
        """What the cheapest costs and its columns; infinite where there is none."""
        values = np.zeros(self._columns)
        found = self._warm.solve(low[self._at], high[self._at])
        if found is None:
            return np.inf, values
        values[self._at] = found[1]
        return float(self._cost @ found[1]), values


def made(few: Few, narrowing: Narrowing, low: Floats, high: Floats, most: float) -> bool:
    """Makes all choices within ``low`` and ``high`` (changed in place); False if that costs more than ``most``."""
    ways = narrowing.ways
    cost, values = few.solve(low, high)
    while cost <= most:
        leaning = values[ways]
        low[ways[leaning >= 1.0 - _WHOLE]] = 1.0
        open_ = np.flatnonzero((leaning > _WHOLE) & (leaning < 1.0 - _WHOLE))
        if not len(open_):
            high[ways[leaning <= _WHOLE]] = 0.0
            return True
        best, chosen = -np.inf, (0, 0.0, cost, values)
        for way in ways[open_[np.argsort(-leaning[open_], kind="stable")[:_TRIED]]].tolist():
            sides = [(side, *_with(few, low, high, way, side)) for side in (0.0, 1.0)]
            gains = [max(min(side[1], most + 1.0) - cost, 1e-3) for side in sides]
            if gains[0] * gains[1] > best:
                best, chosen = gains[0] * gains[1], (way, *sides[int(gains[1] <= gains[0])])
        way, side, cost, values = chosen
        low[way] = high[way] = side
    return False


def _with(few: Few, low: Floats, high: Floats, way: int, side: float) -> tuple[float, Floats]:
    low, high = low.copy(), high.copy()
    low[way] = high[way] = side
    return few.solve(low, high)


def neighbours(
    few: Few, narrowing: Narrowing, low: Floats, high: Floats, used: Flags, most: float
) -> list[tuple[Floats, Floats]]:
    """Bounds in which one way is added to those ``used`` or left out of them, likeliest to pay first."""
    ways = narrowing.ways
    found: list[tuple[float, int, tuple[Floats, Floats]]] = []
    for number in np.flatnonzero(high[ways] > 0).tolist():
        changed = used.copy()
        changed[number] = ~changed[number]
        least, greatest = low.copy(), high.copy()
        greatest[ways] = np.where(changed, high[ways], 0.0)
        least[ways[number]] = max(low[ways[number]], float(changed[number]))
        cost, _ = few.solve(least, greatest)
        if cost <= most:
            found.append((cost, len(found), (least, greatest)))
    return [bounds for _, _, bounds in sorted(found)[:_NEIGHBOURS]]
