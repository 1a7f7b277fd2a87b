"""Line of sight over terrain: from which altitude up is a place seen?

One answer holds for every height: a drone is seen at an altitude above ground exactly if that altitude is not below
the *lowest visible altitude* of its place. The terrain model is the one of :mod:`skypact.engines.coverage.terrain`;
the Earth's curvature and standard refraction enter as an Earth of ``curvature_factor`` times its mean radius
(4/3: ITU-R P.453-14; mean radius: Moritz 2000, "Geodetic Reference System 1980", J. Geodesy 74, 128–133).
"""

from __future__ import annotations

import math
import os
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from skypact.engines.coverage import horizon, rays
from skypact.engines.coverage.terrain import ON_LINE, Flags, Floats, Terrain

T = TypeVar("T")

#: Mean radius of the Earth, metres (GRS 80, R1).
EARTH_RADIUS_M = 6_371_008.7714

#: Share of the Earth's radius added by standard refraction.
STANDARD_CURVATURE = 4 / 3

_PAIRS_A_TASK = 20_000


@dataclass(frozen=True, eq=False)
class Sightlines:
    """Lowest visible altitudes around one observer, one value a post.

    Parameters
    ----------
    lowest : float64 (rows, columns)
        lowest visible altitude above ground, metres; 0 where the ground itself is seen, NaN where unknown,
        inf outside the range or the sector (nobody asked)
    terrain : the window of terrain that ``lowest`` belongs to, post by post
    observer : x, y in the terrain's reference system and mast height above ground, metres
    range_m : how far was looked, metres
    """

    lowest: Floats
    terrain: Terrain
    observer: tuple[float, float, float]
    range_m: float

    @property
    def unknown(self) -> Flags:
        """Where the answer is unknown, bool (rows, columns)."""
        return np.isnan(self.lowest)

    def visible(self, height_m: float) -> Flags:
        """Where something ``height_m`` above ground is seen, bool (rows, columns). Unknown is not seen."""
        return self.lowest <= height_m

    def above_sea(self) -> Floats:
        """Lowest visible altitude above sea level, metres."""
        return self.lowest + self.terrain.heights


def sight_heights(
    terrain: Terrain,
    observers: ArrayLike,
    targets: ArrayLike,
    *,
    curvature_factor: float = STANDARD_CURVATURE,
    threads: int | None = None,
) -> Floats:
    """Lowest visible altitude above the ground *at the target*, metres, for every pair.

    Parameters
    ----------
    observers : (n, 3): x, y in the terrain's reference system, mast height above ground ≥ 0, metres
    targets : (m, 2): x, y
    curvature_factor : times the Earth's radius; ``inf`` for a flat Earth
    threads : how many threads work; the answer does not depend on it. ``None``: one a processor

    Returns
    -------
    float64 (n, m). 0: the ground itself is seen. NaN: unknown, because the ray leaves the terrain or meets a post
    without height, or because observer or target stand on such ground.

    Raises ``ValueError`` for arrays of another shape, positions that are not finite, negative masts or a curvature
    factor that is not positive.
    """
    standing = _observers(observers)
    places = np.asarray(targets, dtype=np.float64)
    if places.ndim != 2 or places.shape[1] != 2 or not np.isfinite(places).all():
        raise ValueError(f"targets must be finite x, y pairs of shape (m, 2), not {places.shape}")
    steps = _steps(terrain, curvature_factor)
    heights = np.ascontiguousarray(terrain.heights)
    viewers = np.column_stack([*terrain.index_of(standing[:, 0], standing[:, 1]), standing[:, 2]])
    targeted = np.column_stack(terrain.index_of(places[:, 0], places[:, 1]))
    out = np.empty((len(viewers), len(targeted)))

    at_once = max(1, _PAIRS_A_TASK // max(1, len(targeted)))
    starts = range(0, len(viewers), at_once)

    def fill(task: int) -> None:
        part = slice(starts[task], starts[task] + at_once)
        rays.pairs(heights, viewers[part], targeted, steps, out[part])

    for _ in _in_order(fill, len(starts), threads):
        pass
    return out


def lowest_visible(
    terrain: Terrain,
    observer: tuple[float, float, float],
    *,
    range_m: float,
    sector: tuple[float, float] | None = None,
    curvature_factor: float = STANDARD_CURVATURE,
) -> Sightlines:
    """Lowest visible altitude above ground of every post within ``range_m`` of one observer, exact.

    Parameters
    ----------
    observer : x, y in the terrain's reference system, mast height above ground ≥ 0, metres
    range_m : horizontal range, metres, > 0
    sector : grid bearing of its centre (degrees, 0 = grid north, clockwise) and total width (degrees);
        ``None`` looks all round
    curvature_factor : times the Earth's radius; ``inf`` for a flat Earth

    Raises ``ValueError`` for an observer outside the terrain or arguments out of bounds.
    """
    several = lowest_visible_many(
        terrain, [observer], range_m=range_m, sectors=[sector], curvature_factor=curvature_factor, threads=1
    )
    return next(several)


def lowest_visible_many(
    terrain: Terrain,
    observers: ArrayLike,
    *,
    range_m: float,
    sectors: Sequence[tuple[float, float] | None] | None = None,
    curvature_factor: float = STANDARD_CURVATURE,
    threads: int | None = None,
) -> Iterator[Sightlines]:
    """:func:`lowest_visible` for several observers, one after the other in their order.

    Arguments are checked at once; the results are computed by ``threads`` threads (``None``: one a processor) a few
    ahead of what is asked for, so that memory does not grow with the number of observers. The results do not depend
    on the number of threads.
    """
    standing = _observers(observers)
    if not 0 < range_m < math.inf:
        raise ValueError(f"range_m must be positive and finite, is {range_m}")
    if sectors is not None and len(sectors) != len(standing):
        raise ValueError(f"sectors: {len(sectors)} given for {len(standing)} observers")
    for sector in sectors or ():
        _check_sector(sector)
    outside = np.flatnonzero(~terrain.covers(standing[:, 0], standing[:, 1]))
    if outside.size:
        x, y, _ = standing[outside[0]]
        raise ValueError(f"observer {outside[0]} at ({x:.1f}, {y:.1f}) stands outside the terrain {terrain.name}")
    steps = _steps(terrain, curvature_factor)
    heights = np.ascontiguousarray(terrain.heights)

    def around(number: int) -> Sightlines:
        x, y, mast = (float(value) for value in standing[number])
        sector = None if sectors is None else sectors[number]
        return _around(terrain, heights, (x, y, mast), range_m, sector, steps)

    return _in_order(around, len(standing), threads)


def _around(
    terrain: Terrain,
    heights: Floats,
    observer: tuple[float, float, float],
    range_m: float,
    sector: tuple[float, float] | None,
    steps: Floats,
) -> Sightlines:
    x, y, mast = observer
    window = terrain.window(x, y, range_m)
    rows, columns = window.rows, window.columns
    top, left = round((terrain.y0 - window.y0) / terrain.dy), round((window.x0 - terrain.x0) / terrain.dx)
    row, column = (float(index) for index in window.index_of(x, y))
    rise = np.empty((rows + 2, columns + 2))
    octants = 0b11111111 if sector is None else horizon.octants_within(*sector)
    ground, holes = horizon.looked(heights, top, left, rows, columns, row, column, mast, steps, range_m, octants, rise)
    lowest = rise[1:-1, 1:-1]
    if row.is_integer() and column.is_integer():
        lowest[int(row), int(column)] = 0.0
    if math.isnan(ground):
        lowest[lowest < math.inf] = math.nan
    elif holes:
        plain = horizon.walls(heights, top, left, rows, columns)
        shadow = np.zeros(plain.shape)
        horizon.sweep(plain, row, column, steps, range_m, octants, shadow)
        unknown = ((plain > 0) | (shadow + plain > ON_LINE))[1:-1, 1:-1]
        lowest[unknown & (lowest < math.inf)] = math.nan
    if sector is not None:
        centre, half_width = math.radians(sector[0]), math.radians(sector[1] / 2)
        horizon.leave_sector(lowest, row, column, terrain.dy, terrain.dx, centre, half_width)
    return Sightlines(lowest=lowest, terrain=window, observer=observer, range_m=range_m)


def within_sector(bearing_deg: ArrayLike, sector: tuple[float, float]) -> Flags:
    """Whether bearings (degrees) lie in a sector of (centre, total width) degrees, edges included."""
    _check_sector(sector)
    centre, width = sector
    off = np.abs((np.asarray(bearing_deg, dtype=np.float64) - centre + 180.0) % 360.0 - 180.0)
    return np.asarray(off <= width / 2 + 1e-9, dtype=np.bool_)


def _check_sector(sector: tuple[float, float] | None) -> None:
    if sector is not None and not (math.isfinite(sector[0]) and 0 < sector[1] <= 360):
        raise ValueError(f"a sector is (centre, width) with 0 < width <= 360 degrees, not {sector}")


def _observers(observers: ArrayLike) -> NDArray[np.float64]:
    standing = np.asarray(observers, dtype=np.float64)
    if standing.ndim != 2 or standing.shape[1] != 3 or not np.isfinite(standing).all():
        raise ValueError(f"observers must be finite x, y, mast triples of shape (n, 3), not {standing.shape}")
    if (standing[:, 2] < 0).any():
        raise ValueError(f"mast heights must not be negative, found {standing[:, 2].min():g} m")
    return standing


def _steps(terrain: Terrain, curvature_factor: float) -> Floats:
    if not curvature_factor > 0:
        raise ValueError(f"curvature_factor must be positive, is {curvature_factor}")
    return np.array([terrain.dy, terrain.dx, 1.0 / (2.0 * curvature_factor * EARTH_RADIUS_M)])


def _in_order(compute: Callable[[int], T], count: int, threads: int | None) -> Iterator[T]:
    """``compute(0)``, ``compute(1)``, … in order. The kernels release the interpreter lock."""
    workers = min(count, threads or os.cpu_count() or 1)
    if workers <= 1:
        for number in range(count):
            yield compute(number)
        return
    with ThreadPoolExecutor(workers) as pool:
        waiting: deque[Future[T]] = deque()
        for number in range(count):
            waiting.append(pool.submit(compute, number))
            if len(waiting) > 2 * workers:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
