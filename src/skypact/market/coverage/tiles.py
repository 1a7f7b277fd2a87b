"""Rectangles of a layer in Web Mercator: tiles of the map, and the picture of the whole relief.

A pixel shows the post of the relief nearest to its centre (the cell of the raster that it lies in), so that no value
is made up between posts, and a rectangle costs as much as it has pixels, however large the relief is.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import pyproj
from numpy.typing import NDArray

from skypact.engines.coverage import Terrain
from skypact.engines.coverage.terrain import bilinear
from skypact.engines.coverage.watching import Watcher
from skypact.market.coverage import layers
from skypact.market.coverage.layers import MARGIN, Layer
from skypact.market.coverage.scenes import Scene
from skypact.market.kits.rendering import png

TILE = 256
ZOOM_MAX = 20
#: Half the width of the Web Mercator square, metres (EPSG:3857).
_EDGE = math.pi * 6_378_137.0
#: Positions are transformed at every so many pixels and straight between: off by under 0.003 pixels.
_KNOTS_EVERY = 16

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Rectangle:
    """Pixels of Web Mercator: the north-western corner in pixels of the whole map at ``pixel_m`` metres each."""

    left: int
    top: int
    columns: int
    rows: int
    pixel_m: float

    @classmethod
    def of_tile(cls, zoom: int, x: int, y: int) -> Rectangle:
        """The rectangle of a tile of the usual scheme (256 pixels, y southward)."""
        return cls(x * TILE, y * TILE, TILE, TILE, 2 * _EDGE / (TILE * 2**zoom))

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """West, south, east, north in metres of Web Mercator."""
        west, north = self.left * self.pixel_m - _EDGE, _EDGE - self.top * self.pixel_m
        return west, north - self.rows * self.pixel_m, west + self.columns * self.pixel_m, north


def is_tile(zoom: int, x: int, y: int) -> bool:
    """Whether there is such a tile."""
    return 0 <= zoom <= ZOOM_MAX and 0 <= x < 2**zoom and 0 <= y < 2**zoom


def whole(terrain: Terrain, *, longest: int) -> Rectangle:
    """The rectangle that holds the whole relief in at most ``longest`` pixels a side, and a few more."""
    west, south, east, north = mercator_bounds(terrain)
    pixel = max(east - west, north - south) / longest
    left, top = math.floor((west + _EDGE) / pixel), math.floor((_EDGE - north) / pixel)
    right, bottom = math.ceil((east + _EDGE) / pixel), math.ceil((_EDGE - south) / pixel)
    return Rectangle(left, top, right - left, bottom - top, pixel)


def mercator_bounds(terrain: Terrain) -> tuple[float, float, float, float]:
    """West, south, east, north of the relief's cells in metres of Web Mercator."""
    west, south, east, north = terrain.bounds
    half_x, half_y = terrain.dx / 2, terrain.dy / 2
    to_mercator = pyproj.Transformer.from_crs(terrain.crs, "EPSG:3857", always_xy=True)
    box = to_mercator.transform_bounds(west - half_x, south - half_y, east + half_x, north + half_y, densify_pts=21)
    return tuple(box)


def lonlat_bounds(terrain: Terrain) -> list[float]:
    """West, south, east, north of the relief in degrees: outside there are no tiles worth asking for."""
    west, south, east, north = mercator_bounds(terrain)
    to_wgs84 = pyproj.Transformer.from_crs("EPSG:3857", "EPSG:4326", always_xy=True)
    (left, right), (bottom, top) = to_wgs84.transform([west, east], [south, north])
    return [round(edge, 6) for edge in (left, bottom, right, top)]


def render(scene: Scene, watchers: Sequence[Watcher], layer: Layer, rectangle: Rectangle) -> bytes:
    """The rectangle of the layer as a PNG image; transparent outside the relief and where nothing sees."""
    rows, columns, inside = _posts(scene.terrain, rectangle)
    if not inside.any():
        return empty(rectangle.columns, rectangle.rows)
    found = np.full(inside.shape, np.nan)
    top, bottom = rows[inside].min(), rows[inside].max() + 1
    left, right = columns[inside].min(), columns[inside].max() + 1
    if (bottom - top) * (right - left) <= inside.sum():  # posts are larger than pixels: each is asked for once
        window = np.meshgrid(np.arange(top, bottom), np.arange(left, right), indexing="ij")
        shape = window[0].shape
        values = layers.values(scene, watchers, layer, window[0].ravel(), window[1].ravel()).reshape(shape)
        found[inside] = values[rows[inside] - top, columns[inside] - left]
    else:
        found[inside] = layers.values(scene, watchers, layer, rows[inside], columns[inside])
    return png(layers.drawn(layer, found, inside, left=rectangle.left, top=rectangle.top))


@lru_cache(maxsize=4)
def empty(columns: int, rows: int) -> bytes:
    """A transparent image."""
    return png(np.zeros((rows, columns, 4), dtype=np.uint8))


@lru_cache(maxsize=16)
def _from_mercator(crs: str) -> pyproj.Transformer:
    return pyproj.Transformer.from_crs("EPSG:3857", crs, always_xy=True)


def _posts(terrain: Terrain, rectangle: Rectangle) -> tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.bool_]]:
    """Row and column of the post nearest to every pixel (with :data:`MARGIN` more), and which pixels have one."""
    rows, columns = rectangle.rows + MARGIN, rectangle.columns + MARGIN
    down, across = np.arange(rows) + 0.5, np.arange(columns) + 0.5
    knots_down = np.linspace(0, rows, max(2, rows // _KNOTS_EVERY + 1))
    knots_across = np.linspace(0, columns, max(2, columns // _KNOTS_EVERY + 1))
    west, _, _, north = rectangle.bounds
    x, y = np.meshgrid(west + knots_across * rectangle.pixel_m, north - knots_down * rectangle.pixel_m)
    grid_x, grid_y = _from_mercator(terrain.crs).transform(x, y)
    row_at_knots = np.nan_to_num((terrain.y0 - np.asarray(grid_y)) / terrain.dy, nan=-9.0, posinf=-9.0, neginf=-9.0)
    column_at_knots = np.nan_to_num((np.asarray(grid_x) - terrain.x0) / terrain.dx, nan=-9.0, posinf=-9.0, neginf=-9.0)
    at = (
        (down / rows * (len(knots_down) - 1))[:, None],
        (across / columns * (len(knots_across) - 1))[None, :],
    )
    row = np.floor(bilinear(row_at_knots, *at) + 0.5).astype(np.intp)
    column = np.floor(bilinear(column_at_knots, *at) + 0.5).astype(np.intp)
    inside = (row >= 0) & (row < terrain.rows) & (column >= 0) & (column < terrain.columns)
    return row, column, inside


def mercator(lon: float, lat: float) -> tuple[float, float]:
    """Web Mercator metres (EPSG:3857) of a WGS 84 position."""
    radius = _EDGE / math.pi
    return math.radians(lon) * radius, math.asinh(math.tan(math.radians(lat))) * radius
