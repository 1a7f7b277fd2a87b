"""A strip along a border: where do sensors stand so that little is out of sight, and which stretches are blind?"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from skypact.engines.coverage.many import Runner, grouped, here, lowest_of_all, who_sees
from skypact.engines.coverage.siting import Cover, Sited, candidate_positions, cheapest, most_covered
from skypact.engines.coverage.terrain import Flags, Floats, Terrain

#: More options times places than this would need over two gigabytes.
PAIRS_MAX = 2_000_000_000


class Side(StrEnum):
    """On which side of the line, looking along it from its first point, sensors may stand."""

    LEFT = "left"
    RIGHT = "right"
    BOTH = "both"


@dataclass(frozen=True, kw_only=True, eq=False)
class Strip:
    """What is asked. Lengths in metres.

    ``line`` (v, 2) is the border in the terrain's reference system. Every post of a lattice of ``places_every_m``
    within ``depth_m`` of it is a place to be seen at ``height_m`` above ground. Sensors stand up to ``stand_off_m``
    from the line on one ``side``, on ridges and on a grid of ``positions_every_m``, on masts of ``mast_m``, and see
    ``range_m`` far. ``land`` is where anything can stand, in the terrain's reference system; ``None``: everywhere.
    Exactly one of ``share`` (of the places, 0 to 1: as few sensors as possible) and ``sensors`` (as much as so many
    see) is given. Raises ``ValueError`` for what does not make sense.
    """

    line: Floats
    depth_m: float
    places_every_m: float
    stand_off_m: float
    side: Side
    positions_every_m: float
    mast_m: float
    range_m: float
    height_m: float
    share: float | None = None
    sensors: int | None = None
    land: BaseGeometry | None = None

    def __post_init__(self) -> None:
        if self.line.ndim != 2 or self.line.shape[1] != 2 or len(self.line) < 2 or not np.isfinite(self.line).all():
            raise ValueError(f"the line must be at least two finite x, y points, is {self.line.shape}")
        for name in ("depth_m", "places_every_m", "stand_off_m", "positions_every_m", "range_m"):
            if not 0 < getattr(self, name) < math.inf:
                raise ValueError(f"{name} must be above 0, is {getattr(self, name)}")
        for name in ("mast_m", "height_m"):
            if not 0 <= getattr(self, name) < math.inf:
                raise ValueError(f"{name} must be 0 or more, is {getattr(self, name)}")
        if (self.share is None) == (self.sensors is None):
            raise ValueError("give either the share that must be seen or the number of sensors")
        if self.share is not None and not 0 < self.share <= 1:
            raise ValueError(f"share must be above 0 and at most 1, is {self.share}")
        if self.sensors is not None and self.sensors < 1:
            raise ValueError(f"sensors must be 1 or more, is {self.sensors}")


@dataclass(frozen=True, eq=False)
class Watched:
    """The answer.

    ``positions`` (p, 3): x, y, mast of the chosen sensors; ``candidates``: how many were in question; ``places`` (m, 2)
    x, y; ``seen`` (m,): by any chosen sensor; ``reachable``: how many places any candidate at all sees;
    ``blind_stretches``: (from, to) along the line in metres; ``lowest`` float32, post by post of ``terrain``: lowest
    visible altitude above ground from the chosen sensors (NaN unknown, inf out of range).
    """

    positions: Floats
    candidates: int
    places: Floats
    seen: Flags
    reachable: int
    sited: Sited
    blind_stretches: tuple[tuple[float, float], ...]
    lowest: NDArray[np.float32]
    terrain: Terrain


def watch(
    strip: Strip,
    terrain: Terrain,
    *,
    run: Runner = here,
    gap_wanted: float = 0.01,
    work_limit: float = 20.0,
    progress: Callable[[str, float], None] = lambda stage, done: None,
    stop: Callable[[], bool] = lambda: False,
) -> Watched:
    """Sensor positions for a strip, with the proven gap in ``sited``.

    Raises ``ValueError`` where no place or no candidate lies on known terrain, where the share cannot be reached by
    all candidates together (the message says what can), or where there are more than :data:`PAIRS_MAX` pairs.
    """
    line = shapely.LineString(strip.line)
    rows, columns = _places(strip, terrain, line)
    candidates = _candidates(strip, terrain, line)
    if len(candidates) * len(rows) > PAIRS_MAX:
        raise ValueError(
            f"{len(candidates)} candidates × {len(rows)} places are more than {PAIRS_MAX} pairs: "
            "space places or positions wider"
        )
    posts = np.column_stack([rows, columns])
    groups = grouped(terrain, candidates, posts, range_m=strip.range_m)
    seen = who_sees(
        groups,
        observers=len(candidates),
        places=len(posts),
        height_m=strip.height_m,
        run=run,
        progress=lambda done: progress("sight", done),
    )
    reachable = np.flatnonzero(seen.any(axis=0))
    sited = _sited(strip, seen, reachable, gap_wanted, work_limit, lambda done: progress("choose", done), stop)
    chosen = candidates[sited.options]
    shown = grouped(terrain, chosen, posts[:0], range_m=strip.range_m)
    lowest = lowest_of_all(terrain, shown, run=run, progress=lambda done: progress("draw", done))
    any_seen: Flags = np.asarray(seen[sited.options].any(axis=0), dtype=np.bool_)
    x, y = terrain.posts()
    return Watched(
        positions=chosen,
        candidates=len(candidates),
        places=np.column_stack([x[columns], y[rows]]),
        seen=any_seen,
        reachable=len(reachable),
        sited=sited,
        blind_stretches=_blind_stretches(strip, terrain, line, lowest),
        lowest=lowest,
        terrain=terrain,
    )


def _places(strip: Strip, terrain: Terrain, line: shapely.LineString) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Rows and columns of the lattice posts on known ground near the line."""
    x, y = terrain.posts()
    every_row = max(1, round(strip.places_every_m / terrain.dy))
    every_column = max(1, round(strip.places_every_m / terrain.dx))
    lattice = np.meshgrid(
        np.arange(0, terrain.rows, every_row), np.arange(0, terrain.columns, every_column), indexing="ij"
    )
    rows, columns = (index.ravel() for index in lattice)
    shapely.prepare(line)
    near = shapely.dwithin(shapely.points(x[columns], y[rows]), line, strip.depth_m)
    near &= terrain.known[rows, columns]
    if not near.any():
        raise ValueError(f"no post of known height lies within {strip.depth_m:g} m of the line")
    return rows[near].astype(np.int64), columns[near].astype(np.int64)


def _candidates(strip: Strip, terrain: Terrain, line: shapely.LineString) -> Floats:
    """x, y, mast (n, 3) of the positions in question."""
    places = candidate_positions(terrain, spacing_m=strip.positions_every_m, land=strip.land).places
    points = shapely.points(places)
    near = shapely.dwithin(points, line, strip.stand_off_m)
    if strip.side is not Side.BOTH:
        near &= _leftward(line, places) * (1 if strip.side is Side.LEFT else -1) > 0
    if not near.any():
        raise ValueError(f"no position on known ground lies within {strip.stand_off_m:g} m, side {strip.side.value}")
    return np.column_stack([places[near], np.full(int(near.sum()), strip.mast_m)])


def _leftward(line: shapely.LineString, places: Floats) -> Floats:
    """How far left of the line, where it is nearest, places (n, 2) lie; negative: right. Only the sign is of use."""
    along = shapely.line_locate_point(line, shapely.points(places))
    step = min(1.0, line.length / 2)
    before = shapely.get_coordinates(shapely.line_interpolate_point(line, np.maximum(along - step, 0)))
    after = shapely.get_coordinates(shapely.line_interpolate_point(line, np.minimum(along + step, line.length)))
    ahead, aside = after - before, places - before
    return np.asarray(ahead[:, 0] * aside[:, 1] - ahead[:, 1] * aside[:, 0], dtype=np.float64)


def _sited(
    strip: Strip,
    seen: Flags,
    reachable: NDArray[np.intp],
    gap_wanted: float,
    work_limit: float,
    progress: Callable[[float], None],
    stop: Callable[[], bool],
) -> Sited:
    cover = Cover(
        seen=np.ascontiguousarray(seen[:, reachable]),
        weight=np.ones(len(reachable), dtype=np.int64),
        cost=np.ones(len(seen), dtype=np.int64),
    )
    if strip.sensors is not None:
        return most_covered(
            cover,
            sensors=strip.sensors,
            gap_wanted=gap_wanted,
            work_limit=work_limit,
            progress=progress,
            stop=stop,
        )
    assert strip.share is not None  # noqa: S101 (one of the two is given: see Strip)
    need = math.ceil(strip.share * seen.shape[1] - 1e-9)
    if need > len(reachable):
        raise ValueError(
            f"all {len(seen)} positions together see {len(reachable) / seen.shape[1]:.1%} of the strip, "
            f"not {strip.share:.1%}: allow more positions, higher masts, more range or a smaller share"
        )
    return cheapest(cover, need=need, gap_wanted=gap_wanted, work_limit=work_limit, progress=progress, stop=stop)


def _blind_stretches(
    strip: Strip, terrain: Terrain, line: shapely.LineString, lowest: NDArray[np.float32]
) -> tuple[tuple[float, float], ...]:
    """Stretches of the line above whose nearest posts nothing is seen at the height in question."""
    step = min(terrain.dx, terrain.dy)
    along = np.linspace(0.0, line.length, max(2, math.ceil(line.length / step) + 1))
    at = shapely.get_coordinates(shapely.line_interpolate_point(line, along))
    row, column = (np.round(index).astype(np.int64) for index in terrain.index_of(at[:, 0], at[:, 1]))
    inside = (row >= 0) & (row < terrain.rows) & (column >= 0) & (column < terrain.columns)
    blind = np.ones(len(along), dtype=np.bool_)
    blind[inside] = ~(lowest[row[inside], column[inside]] <= strip.height_m)
    edges = np.flatnonzero(np.diff(np.concatenate([[False], blind, [False]]).astype(np.int8)))
    return tuple(
        (float(along[start]), float(along[end - 1])) for start, end in zip(edges[::2], edges[1::2], strict=True)
    )
