"""Where a sensor could stand: points of a grid, ridges and the user's own points, minus sea and excluded areas."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import ArrayLike
from scipy import ndimage, spatial
from shapely.geometry.base import BaseGeometry

from skypact.engines.coverage.siting.question import Flags, Floats, Ints
from skypact.engines.coverage.terrain import Terrain

_NAMED = 10


@dataclass(frozen=True, eq=False)
class Positions:
    """Candidate positions: x, y (n, 2) in the terrain's reference system, access cost (n,), hundredths."""

    places: Floats
    access: Ints

    def __len__(self) -> int:
        return len(self.places)


def candidate_positions(
    terrain: Terrain,
    *,
    spacing_m: float,
    ridges: bool = True,
    grid: bool = True,
    points: ArrayLike = (),
    excluded: Sequence[ArrayLike] = (),
    land: BaseGeometry | None = None,
    roads: ArrayLike = (),
    access_per_m: float = 0.0,
) -> Positions:
    """Positions on known ground ashore, outside the exclusion areas; user points first, then ridges, then the grid.

    Parameters
    ----------
    spacing_m : of the grid; ridges are thinned to the highest ridge post of each square of this size
    points : (k, 2) user points; they are kept unless excluded, and must stand on known ground ashore
    excluded : polygons as (v, 2) vertices, v ≥ 3; even-odd rule, a closing vertex may be given or not
    land : land areas in the terrain's reference system, as generously as the coastline is uncertain; ``None``: all
        of the terrain, since heights alone do not tell the sea from a plain at sea level
    roads : (r, 2) points where access begins
    access_per_m : hundredths of the currency for each metre to the nearest of ``roads``

    A ridge post is higher than its two neighbours in at least one of four directions (profile recognition, Peucker &
    Douglas 1975, Computer Graphics and Image Processing 4, 375–387) and not lower than the mean around it.

    Raises ``ValueError`` for spacing that is not positive, a polygon under three vertices or without area, user points
    outside the terrain, on unknown ground or in the sea (all of them are named), access cost without roads, neither
    points nor grid nor ridges, or where no candidate is left, with the number that each reason took away.
    """
    if not (math.isfinite(spacing_m) and spacing_m > 0):
        raise ValueError(f"spacing_m must be above 0, is {spacing_m}")
    own = _pairs("points", points)
    _check_points(terrain, own, land)
    found = [own]
    if ridges:
        found.append(_ridges(terrain, spacing_m))
    if grid:
        found.append(_grid(terrain, spacing_m))
    places = np.concatenate(found)
    _, first = np.unique(places, axis=0, return_index=True)
    places = places[np.sort(first)]
    if not len(places):
        raise ValueError(
            "there is no candidate position: give points, or ask for the grid or for ridges on known ground"
        )
    ashore = places if land is None else places[shapely.intersects_xy(land, places[:, 0], places[:, 1])]
    kept = ashore
    for number, area in enumerate(excluded):
        kept = kept[~_inside(kept, _polygon(f"excluded[{number}]", area))]
    if not len(kept):
        wet, banned = len(places) - len(ashore), len(ashore)
        raise ValueError(
            f"no candidate position is left of {len(places)}: {wet} lie in the sea, {banned} in the exclusion areas"
        )
    return Positions(kept, _access(kept, _pairs("roads", roads), access_per_m))


def _check_points(terrain: Terrain, points: Floats, land: BaseGeometry | None) -> None:
    """Raises ``ValueError`` naming every point that cannot be stood on."""
    x, y = points.T
    outside = ~terrain.covers(x, y)
    unknown = ~outside & np.isnan(terrain.height_at(x, y))
    wet = np.zeros(len(points), dtype=np.bool_) if land is None else ~shapely.intersects_xy(land, x, y)
    wet &= ~outside & ~unknown
    told = [
        f"point {number} at ({points[number, 0]:g}, {points[number, 1]:g}) {where}"
        for where, which in (
            (f"stands outside the terrain {terrain.name}", outside),
            ("stands on ground of unknown height", unknown),
            ("lies in the sea", wet),
        )
        for number in np.flatnonzero(which)
    ]
    if told:
        more = [f"and {len(told) - _NAMED} more"] if len(told) > _NAMED else []
        raise ValueError("; ".join(told[:_NAMED] + more))


def _polygon(name: str, area: ArrayLike) -> Floats:
    vertices = _pairs(name, area)
    if len(vertices) < 3:
        raise ValueError(f"{name} needs at least 3 vertices, has {len(vertices)}")
    if shapely.Polygon(vertices).area == 0:
        raise ValueError(f"{name} is empty: its {len(vertices)} vertices enclose no area")
    return vertices


def _pairs(name: str, values: ArrayLike) -> Floats:
    pairs = np.asarray(values, dtype=np.float64)
    pairs = pairs.reshape(0, 2) if pairs.size == 0 else pairs
    if pairs.ndim != 2 or pairs.shape[1] != 2 or not np.isfinite(pairs).all():
        raise ValueError(f"{name} must be finite x, y pairs of shape (n, 2), not {pairs.shape}")
    return pairs


def _grid(terrain: Terrain, spacing_m: float) -> Floats:
    rows = np.arange(0, terrain.rows, max(1, round(spacing_m / terrain.dy)))
    columns = np.arange(0, terrain.columns, max(1, round(spacing_m / terrain.dx)))
    row, column = (one.ravel() for one in np.meshgrid(rows, columns, indexing="ij"))
    return _at(terrain, row, column)


def _ridges(terrain: Terrain, spacing_m: float) -> Floats:
    """The highest ridge post of each square."""
    heights = terrain.heights
    padded = np.pad(heights, 1, constant_values=np.nan)
    ridge = np.zeros(heights.shape, dtype=np.bool_)
    for down, right in ((0, 1), (1, 0), (1, 1), (1, -1)):
        ahead = padded[1 + down : 1 + down + terrain.rows, 1 + right : 1 + right + terrain.columns]
        behind = padded[1 - down : 1 - down + terrain.rows, 1 - right : 1 - right + terrain.columns]
        ridge |= (heights > ahead) & (heights > behind)
    level = np.where(terrain.known, heights, np.nanmin(heights) if terrain.known.any() else 0.0)
    size = (2 * max(1, round(spacing_m / terrain.dy)) + 1, 2 * max(1, round(spacing_m / terrain.dx)) + 1)
    ridge &= heights >= ndimage.uniform_filter(level, size=size, mode="nearest")
    row, column = np.nonzero(ridge)
    order = np.lexsort((column, row, -heights[row, column]))
    row, column = row[order], column[order]
    square = np.column_stack([row * terrain.dy // spacing_m, column * terrain.dx // spacing_m])
    _, first = np.unique(square, axis=0, return_index=True)
    return _at(terrain, row[np.sort(first)], column[np.sort(first)])


def _at(terrain: Terrain, row: Ints, column: Ints) -> Floats:
    known = terrain.known[row, column]
    return np.column_stack([terrain.x0 + column[known] * terrain.dx, terrain.y0 - row[known] * terrain.dy])


def _inside(places: Floats, vertices: Floats) -> Flags:
    """Even-odd rule: how many edges a ray eastward crosses."""
    x, y = places.T
    inside = np.zeros(len(places), dtype=np.bool_)
    for (x1, y1), (x2, y2) in zip(vertices, np.roll(vertices, -1, axis=0), strict=True):
        if y1 != y2:
            crosses = ((y1 > y) != (y2 > y)) & (x < x1 + (y - y1) * (x2 - x1) / (y2 - y1))
            inside ^= crosses
    return inside


def _access(places: Floats, roads: Floats, per_metre: float) -> Ints:
    if not (math.isfinite(per_metre) and per_metre >= 0):
        raise ValueError(f"access_per_m must be a number of 0 or more, is {per_metre}")
    if per_metre == 0:
        return np.zeros(len(places), dtype=np.int64)
    if not len(roads):
        raise ValueError(f"access_per_m is {per_metre:g}, but no roads are given to measure from")
    distance, _ = spatial.cKDTree(roads).query(places)
    cost: Ints = np.ceil(distance * per_metre).astype(np.int64)
    return cost
