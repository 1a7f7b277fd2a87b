"""Thousands of observers over terrain of any size: cut into groups, each with the terrain that it looks over.

A group carries its own part of the relief (its observers' surroundings, as wide as they look), so that it can be worked
on anywhere: in this process, in another, on another machine. What comes back is small. A group's answer depends on the
group alone, and groups are merged by rules in which order does not matter; so the result is the same however many work
on it, and a group whose worker died is simply done again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from skypact.engines.coverage.sightlines import STANDARD_CURVATURE, Sightlines, lowest_visible_many
from skypact.engines.coverage.terrain import Flags, Floats, Terrain

Task = TypeVar("Task")
Result = TypeVar("Result")

#: Grid bearing of its centre and total width, degrees.
Sector = tuple[float, float]


class Runner(Protocol):
    """Does tasks somewhere and gives back (number of the task, result) in any order, each once."""

    def __call__(
        self, work: Callable[[Task], Result], tasks: Sequence[Task], /
    ) -> Iterator[tuple[int, Result]]: ...  # pragma: no cover


def here(work: Callable[[Task], Result], tasks: Sequence[Task]) -> Iterator[tuple[int, Result]]:
    """A runner that does one task after the other in this process."""
    return ((number, work(task)) for number, task in enumerate(tasks))


@dataclass(frozen=True, eq=False)
class Group:
    """Observers that stand near each other.

    ``numbers`` (n,) are their places among all observers, ``observers`` (n, 3) x, y, mast in metres, ``terrain`` what
    lies within ``range_m`` of any of them, ``places`` (k, 2) the (row, column) in ``terrain`` of the places asked
    about, ``asked`` (k,) their numbers. ``sectors`` are where the observers look, as for :func:`lowest_visible_many`.
    """

    numbers: NDArray[np.int64]
    observers: Floats
    terrain: Terrain
    places: NDArray[np.int64]
    asked: NDArray[np.int64]
    range_m: float
    curvature_factor: float
    sectors: tuple[Sector | None, ...] | None = None


def grouped(
    terrain: Terrain,
    observers: ArrayLike,
    places: ArrayLike,
    *,
    range_m: float,
    sectors: Sequence[Sector | None] | None = None,
    curvature_factor: float = STANDARD_CURVATURE,
    at_most: int = 64,
) -> list[Group]:
    """The observers in groups of at most ``at_most`` that share a square of ``range_m``; every observer in one group.

    ``places`` (m, 2) are (row, column) of posts of ``terrain``. A group's terrain reaches ``range_m`` beyond its
    square, so that its size does not depend on how much terrain there is. ``sectors``: one an observer, ``None`` looks
    all round. Raises ``ValueError`` for ``at_most`` under 1, arrays of another shape, another number of sectors than
    of observers or places outside the terrain.
    """
    standing, posts = np.asarray(observers, dtype=np.float64), np.asarray(places, dtype=np.int64)
    if at_most < 1:
        raise ValueError(f"at_most must be 1 or more, is {at_most}")
    if standing.ndim != 2 or standing.shape[1] != 3:
        raise ValueError(f"observers must be x, y, mast triples of shape (n, 3), not {standing.shape}")
    if posts.ndim != 2 or posts.shape[1] != 2 or (posts < 0).any() or (posts >= terrain.heights.shape).any():
        raise ValueError("places must be (row, column) pairs of posts of the terrain")
    if sectors is not None and len(sectors) != len(standing):
        raise ValueError(f"sectors: {len(sectors)} given for {len(standing)} observers")
    square = np.floor((standing[:, :2] - (terrain.x0, terrain.y0)) / range_m).astype(np.int64)
    order = np.lexsort((np.arange(len(standing)), square[:, 0], square[:, 1]))
    breaks = np.flatnonzero(np.any(np.diff(square[order], axis=0) != 0, axis=1)) + 1
    groups = []
    for members in np.split(order, breaks):
        for start in range(0, len(members), at_most):
            numbers = members[start : start + at_most]
            looking = None if sectors is None else tuple(sectors[number] for number in numbers)
            groups.append(_group(terrain, standing, posts, numbers, range_m, looking, curvature_factor))
    return groups


def _group(
    terrain: Terrain,
    standing: Floats,
    posts: NDArray[np.int64],
    numbers: NDArray[np.int64],
    range_m: float,
    sectors: tuple[Sector | None, ...] | None,
    curvature_factor: float,
) -> Group:
    low, high = standing[numbers, :2].min(axis=0), standing[numbers, :2].max(axis=0)
    middle, half = (low + high) / 2, float((high - low).max()) / 2
    part = terrain.window(float(middle[0]), float(middle[1]), half + range_m)
    top, left = round((terrain.y0 - part.y0) / terrain.dy), round((part.x0 - terrain.x0) / terrain.dx)
    own = posts - (top, left)
    inside = ((own >= 0) & (own < part.heights.shape)).all(axis=1)
    asked = np.flatnonzero(inside)
    return Group(numbers, standing[numbers], part, own[inside], asked, range_m, curvature_factor, sectors)


def _looked(group: Group) -> Iterator[Sightlines]:
    return lowest_visible_many(
        group.terrain,
        group.observers,
        range_m=group.range_m,
        sectors=group.sectors,
        curvature_factor=group.curvature_factor,
        threads=1,
    )


def lowest_at(group: Group) -> Floats:
    """Lowest visible altitude above ground of every place of a group from every observer, float64 (n, k), metres.

    NaN where unknown, inf beyond the range.
    """
    found = np.full((len(group.observers), len(group.asked)), np.inf)
    for number, around in enumerate(_looked(group)):
        top = round((group.terrain.y0 - around.terrain.y0) / group.terrain.dy)
        left = round((around.terrain.x0 - group.terrain.x0) / group.terrain.dx)
        at = group.places - (top, left)
        inside = ((at >= 0) & (at < around.lowest.shape)).all(axis=1)
        found[number, inside] = around.lowest[at[inside, 0], at[inside, 1]]
    return found


def seen_by(group: Group, height_m: float) -> NDArray[np.uint8]:
    """Which places of a group every observer sees at a height above ground: bits, uint8 (n, ceil(k / 8)).

    Unknown is not seen.
    """
    return np.packbits(lowest_at(group) <= height_m, axis=1)


@dataclass(frozen=True)
class _SeenAt:
    """:func:`seen_by` for one height, as something that can be sent to another process."""

    height_m: float

    def __call__(self, group: Group) -> NDArray[np.uint8]:
        return seen_by(group, self.height_m)


def who_sees(
    groups: Sequence[Group],
    *,
    observers: int,
    places: int,
    height_m: float,
    run: Runner = here,
    progress: Callable[[float], None] = lambda done: None,
) -> Flags:
    """bool (observers, places): which place each observer sees at a height above ground, metres. Unknown: not seen."""
    seen = np.zeros((observers, places), dtype=np.bool_)
    for done, (number, bits) in enumerate(run(_SeenAt(height_m), groups)):
        group = groups[number]
        flags = np.unpackbits(bits, axis=1, count=len(group.asked)).astype(np.bool_)
        seen[np.ix_(group.numbers, group.asked)] = flags
        progress((done + 1) / len(groups))
    return seen


def lowest_around(group: Group) -> NDArray[np.float32]:
    """Lowest visible altitude above ground from any observer of the group, float32, post by post of its terrain.

    Where one observer's answer is known, that is an altitude from which up the post is seen, whatever another one's
    may be. NaN where all that is asked is unknown, inf beyond everybody's range.
    """
    merged = np.full(group.terrain.heights.shape, np.inf, dtype=np.float32)
    for around in _looked(group):
        top = round((group.terrain.y0 - around.terrain.y0) / group.terrain.dy)
        left = round((around.terrain.x0 - group.terrain.x0) / group.terrain.dx)
        rows, columns = around.lowest.shape
        merge_lowest(merged[top : top + rows, left : left + columns], around.lowest.astype(np.float32))
    return merged


def merge_lowest(into: NDArray[np.float32], other: NDArray[np.float32]) -> None:
    """Put ``other`` into ``into``: the lower of two known altitudes; unknown only where neither is known."""
    unknown = (np.isnan(into) & ~(other < np.inf)) | (np.isnan(other) & ~(into < np.inf))
    np.fmin(into, other, out=into)
    into[unknown] = np.nan


def lowest_of_all(
    terrain: Terrain,
    groups: Sequence[Group],
    *,
    run: Runner = here,
    progress: Callable[[float], None] = lambda done: None,
) -> NDArray[np.float32]:
    """Lowest visible altitude above ground from any observer of any group, float32 (rows, columns) of ``terrain``."""
    merged = np.full(terrain.heights.shape, np.inf, dtype=np.float32)
    for done, (number, block) in enumerate(run(lowest_around, groups)):
        part = groups[number].terrain
        top, left = round((terrain.y0 - part.y0) / terrain.dy), round((part.x0 - terrain.x0) / terrain.dx)
        merge_lowest(merged[top : top + part.rows, left : left + part.columns], block)
        progress((done + 1) / len(groups))
    return merged
