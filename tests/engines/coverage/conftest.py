"""An oracle for line of sight: R3, every grid line crossed by every ray, in plain NumPy, sharing no code with us."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest

from skypact.engines.coverage import SurfaceKind, Terrain

EARTH_RADIUS_M = 6_371_008.7714
LOCAL = "+proj=tmerc +lat_0=38 +lon_0=127 +k=1 +x_0=0 +y_0=0 +datum=WGS84 +units=m +no_defs"


def _crossings(start: float, end: float) -> np.ndarray:
    low, high = min(start, end), max(start, end)
    return np.arange(math.floor(low) + 1, math.ceil(high))


def _on_line(heights: np.ndarray, line: np.ndarray, at: np.ndarray) -> np.ndarray:
    """Heights where a ray crosses grid lines: straight between the two posts, the post itself on a post."""
    nearest = np.round(at)
    at = np.where(np.abs(at - nearest) < 1e-9, nearest, at)
    before = np.floor(at).astype(int)
    after = np.ceil(at).astype(int)
    part = at - before
    return np.where(part == 0, heights[line, before], heights[line, before] * (1 - part) + heights[line, after] * part)


def lowest_seen(terrain: Terrain, observer: tuple[float, float, float], x: float, y: float, k: float) -> float:
    """Lowest visible altitude above ground at (x, y), metres; NaN where unknown."""
    bend = 0.0 if math.isinf(k) else 1 / (2 * k * EARTH_RADIUS_M)
    row, column = (terrain.y0 - observer[1]) / terrain.dy, (observer[0] - terrain.x0) / terrain.dx
    to_row, to_column = (terrain.y0 - y) / terrain.dy, (x - terrain.x0) / terrain.dx
    rows = (np.arange(terrain.rows)[:, None] - row) * terrain.dy
    columns = (np.arange(terrain.columns)[None, :] - column) * terrain.dx
    lowered = terrain.heights - bend * (rows**2 + columns**2)
    eye = float(terrain.height_at(observer[0], observer[1])) + observer[2]
    ground = float(terrain.height_at(x, y))
    ground -= bend * ((observer[0] - x) ** 2 + (observer[1] - y) ** 2)
    slopes = [np.empty(0)]
    lines = _crossings(row, to_row)
    if lines.size:
        t = (lines - row) / (to_row - row)
        slopes.append((_on_line(lowered, lines, column + t * (to_column - column)) - eye) / t)
    lines = _crossings(column, to_column)
    if lines.size:
        t = (lines - column) / (to_column - column)
        slopes.append((_on_line(lowered.T, lines, row + t * (to_row - row)) - eye) / t)
    steepest = float(np.max(np.concatenate(slopes), initial=-math.inf))
    if math.isnan(eye) or math.isnan(ground):
        return math.nan
    return max(0.0, eye + steepest - ground) if not math.isnan(steepest) else math.nan


def raster(terrain: Terrain, observer: tuple[float, float, float], range_m: float, k: float = 4 / 3) -> np.ndarray:
    """:func:`lowest_seen` at every post within range, inf beyond."""
    x, y = terrain.posts()
    out = np.full(terrain.heights.shape, math.inf)
    for r in range(terrain.rows):
        for c in range(terrain.columns):
            if math.hypot(x[c] - observer[0], y[r] - observer[1]) <= range_m:
                out[r, c] = lowest_seen(terrain, observer, x[c], y[r], k)
    return out


@pytest.fixture(scope="session")
def seen_by_oracle() -> Callable[..., float]:
    return lowest_seen


@pytest.fixture(scope="session")
def raster_by_oracle() -> Callable[..., np.ndarray]:
    return raster


@pytest.fixture(scope="session")
def terrain_of() -> Callable[..., Terrain]:
    """A terrain made of the given heights, post (0, 0) at x = y = 0."""

    def make(heights: object, *, dx: float = 30.0, dy: float = 30.0, x0: float = 0.0, y0: float = 0.0) -> Terrain:
        return Terrain(
            heights=np.asarray(heights, dtype=np.float64),
            x0=x0,
            y0=y0,
            dx=dx,
            dy=dy,
            crs=LOCAL,
            surface=SurfaceKind.SYNTHETIC,
            name="test",
            source="made for a test",
        )

    return make
