"""Relief as a grid of posts in a local metric projection, and what is held to be true between the posts.

**The model.** Heights are known at posts. Along a grid line the ground between two neighbouring posts is the straight
line that joins them; a sight line is tested at every grid line it crosses. Inside a cell the ground on which an
observer stands or above which a target flies is bilinear in the cell's four posts, which agrees with the straight
lines on all four edges. The bilinear patch may bulge above a sight line between two crossings; that bulge is not part
of the model (R3, Franklin & Ray 1994, "Higher isn't necessarily better: visibility algorithms and experiments").
A post without a height is *unknown*: never flat, never seen, and nothing is known of what lies behind it.
"""

from __future__ import annotations

import math
from copy import copy
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

import numpy as np
import pyproj
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

#: A position closer than this to a post or grid line, in cells, is taken to lie on it (0.03 µm at 30 m posts).
ON_LINE = 1e-9


class SurfaceKind(StrEnum):
    """What the heights describe. Line of sight over a surface model counts tree tops and roofs as ground."""

    SURFACE = "surface"
    BARE_EARTH = "bare_earth"
    SYNTHETIC = "synthetic"
    UNSTATED = "unstated"


@dataclass(frozen=True, eq=False)
class Terrain:
    """A grid of posts, row 0 in the north.

    Parameters
    ----------
    heights : float64 (rows, columns), metres above sea level; NaN where unknown
    x0, y0 : position of post (0, 0) in ``crs``, metres
    dx, dy : spacing of the posts eastward and southward, metres, > 0
    crs : a projected reference system in metres (EPSG code, WKT or PROJ string)
    surface : what the heights describe
    name, source : for the reader of a result
    resampling : how posts were made of the source's; ``None``: they are the source's own
    obstacles : how many buildings and the like stand on it, see :mod:`.obstacles`

    Raises ``ValueError`` for a grid under 2 × 2 posts, spacing that is not positive, infinite heights, or a
    reference system that is not projected in metres.
    """

    heights: Floats
    x0: float
    y0: float
    dx: float
    dy: float
    crs: str
    surface: SurfaceKind
    name: str
    source: str
    resampling: str | None = None
    obstacles: int = 0

    def __post_init__(self) -> None:
        if self.heights.ndim != 2 or min(self.heights.shape) < 2:
            raise ValueError(f"terrain {self.name}: needs at least 2 × 2 posts, has shape {self.heights.shape}")
        if not (math.isfinite(self.x0) and math.isfinite(self.y0)):
            raise ValueError(f"terrain {self.name}: the position of post (0, 0) must be finite")
        if not (0 < self.dx < math.inf and 0 < self.dy < math.inf):
            raise ValueError(f"terrain {self.name}: spacing must be positive, is {self.dx} × {self.dy} m")
        if np.isinf(self.heights).any():
            raise ValueError(f"terrain {self.name}: heights must be finite, or NaN where unknown")
        system = pyproj.CRS.from_user_input(self.crs)
        if not system.is_projected or any(axis.unit_conversion_factor != 1.0 for axis in system.axis_info[:2]):
            raise ValueError(f"terrain {self.name}: reference system {system.name} is not projected in metres")

    @property
    def known(self) -> Flags:
        """Where a height is known, bool (rows, columns)."""
        return ~np.isnan(self.heights)

    @property
    def unknown_share(self) -> float:
        """Share of the posts without a height, 0 to 1."""
        return float(np.isnan(self.heights).mean())

    @property
    def crs_name(self) -> str:
        """The reference system for a reader: EPSG code, PROJ string or, of a long definition, its name."""
        return self.crs if len(self.crs) <= 120 else str(pyproj.CRS.from_user_input(self.crs).name)

    @property
    def rows(self) -> int:
        """Posts from north to south."""
        return int(self.heights.shape[0])

    @property
    def columns(self) -> int:
        """Posts from west to east."""
        return int(self.heights.shape[1])

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """West, south, east, north of the outermost posts, metres in ``crs``."""
        return (
            self.x0,
            self.y0 - (self.rows - 1) * self.dy,
            self.x0 + (self.columns - 1) * self.dx,
            self.y0,
        )

    @cached_property
    def _from_wgs84(self) -> pyproj.Transformer:
        return pyproj.Transformer.from_crs("EPSG:4326", self.crs, always_xy=True)

    def to_grid(self, lon: ArrayLike, lat: ArrayLike) -> tuple[Floats, Floats]:
        """x, y in ``crs`` (metres) of WGS 84 positions (degrees)."""
        x, y = self._from_wgs84.transform(np.asarray(lon, dtype=np.float64), np.asarray(lat, dtype=np.float64))
        return np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64)

    def to_lonlat(self, x: ArrayLike, y: ArrayLike) -> tuple[Floats, Floats]:
        """WGS 84 longitude, latitude (degrees) of positions in ``crs`` (metres)."""
        lon, lat = self._from_wgs84.transform(
            np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64), direction="INVERSE"
        )
        return np.asarray(lon, dtype=np.float64), np.asarray(lat, dtype=np.float64)

    def index_of(self, x: ArrayLike, y: ArrayLike) -> tuple[Floats, Floats]:
        """Fractional row, column of positions; integers at posts (see :data:`ON_LINE`)."""
        row = (self.y0 - np.asarray(y, dtype=np.float64)) / self.dy
        column = (np.asarray(x, dtype=np.float64) - self.x0) / self.dx
        return snapped(row), snapped(column)

    def covers(self, x: ArrayLike, y: ArrayLike) -> Flags:
        """Whether positions lie within the outermost posts, whatever is known there."""
        row, column = self.index_of(x, y)
        inside = (row >= 0) & (row <= self.rows - 1) & (column >= 0) & (column <= self.columns - 1)
        return np.asarray(inside, dtype=np.bool_)

    def height_at(self, x: ArrayLike, y: ArrayLike) -> Floats:
        """Ground above sea level at positions, metres; NaN where unknown or outside the posts."""
        row, column = self.index_of(x, y)
        return bilinear(self.heights, row, column)

    def posts(self) -> tuple[Floats, Floats]:
        """x of the columns and y of the rows, metres in ``crs``."""
        east = self.dx * np.arange(self.columns, dtype=np.float64)
        south = self.dy * np.arange(self.rows, dtype=np.float64)
        return np.asarray(self.x0 + east), np.asarray(self.y0 - south)

    def known_part(self) -> Terrain:
        """The smallest part that holds every known post, at least 2 × 2. Raises ``ValueError`` if none is known."""
        known = self.known
        rows, columns = np.flatnonzero(known.any(axis=1)), np.flatnonzero(known.any(axis=0))
        if not len(rows):
            raise ValueError(f"terrain {self.name}: no height is known")
        return self._part(*_two_or_more(rows, self.rows), *_two_or_more(columns, self.columns))

    def window(self, x: float, y: float, radius_m: float) -> Terrain:
        """The part whose posts lie within ``radius_m`` of (x, y) along each axis, one cell more on every side.

        Heights are shared, not copied. Raises ``ValueError`` if no cell of the terrain lies there.
        """
        row, column = (self.y0 - y) / self.dy, (x - self.x0) / self.dx
        first_row = max(0, math.floor(row - radius_m / self.dy) - 1)
        last_row = min(self.rows - 1, math.ceil(row + radius_m / self.dy) + 1)
        first_column = max(0, math.floor(column - radius_m / self.dx) - 1)
        last_column = min(self.columns - 1, math.ceil(column + radius_m / self.dx) + 1)
        if last_row - first_row < 1 or last_column - first_column < 1:
            raise ValueError(f"terrain {self.name}: nothing of it lies within {radius_m:g} m of ({x:.1f}, {y:.1f})")
        return self._part(first_row, last_row, first_column, last_column)

    def _part(self, first_row: int, last_row: int, first_column: int, last_column: int) -> Terrain:
        part = copy(self)  # not replace(): what was checked once holds for every part
        object.__setattr__(part, "heights", self.heights[first_row : last_row + 1, first_column : last_column + 1])
        object.__setattr__(part, "x0", self.x0 + first_column * self.dx)
        object.__setattr__(part, "y0", self.y0 - first_row * self.dy)
        return part


def _two_or_more(indices: NDArray[np.intp], length: int) -> tuple[int, int]:
    """First and last of the indices, and a neighbour where they are one."""
    first = min(int(indices[0]), length - 2)
    return first, max(int(indices[-1]), first + 1)


def local_projection(lon: float, lat: float) -> str:
    """A transverse Mercator projection centred on a place, true to scale there (1.2e-4 too long 100 km east or west).

    Source: Snyder 1987, "Map projections: a working manual", USGS Professional Paper 1395, pp. 48–64.
    """
    return f"+proj=tmerc +lat_0={lat:.6f} +lon_0={lon:.6f} +k=1 +x_0=0 +y_0=0 +datum=WGS84 +units=m +no_defs"


def snapped(index: ArrayLike) -> Floats:
    """``index`` with values closer than :data:`ON_LINE` to an integer made that integer."""
    values = np.asarray(index, dtype=np.float64)
    nearest = np.round(values)
    return np.where(np.abs(values - nearest) < ON_LINE, nearest, values)


def bilinear(heights: Floats, row: ArrayLike, column: ArrayLike) -> Floats:
    """Heights between posts by the model: bilinear in a cell, straight along grid lines, the post itself on a post.

    ``row`` and ``column`` are fractional indices. NaN outside the posts and where any post that has a part in the
    answer is unknown; a post with weight zero has none.
    """
    row, column = np.asarray(row, dtype=np.float64), np.asarray(column, dtype=np.float64)
    rows, columns = heights.shape
    inside = (row >= 0) & (row <= rows - 1) & (column >= 0) & (column <= columns - 1)
    r, c = np.where(inside, row, 0.0), np.where(inside, column, 0.0)
    top, left = np.floor(r).astype(np.intp), np.floor(c).astype(np.intp)
    down, right = r - top, c - left
    # a weight of zero must not let an unknown neighbour in, so that neighbour is replaced by the post itself
    bottom, beside = np.where(down > 0, top + 1, top), np.where(right > 0, left + 1, left)
    upper = heights[top, left] * (1 - right) + heights[top, beside] * right
    lower = heights[bottom, left] * (1 - right) + heights[bottom, beside] * right
    return np.where(inside, upper * (1 - down) + lower * down, np.nan)
