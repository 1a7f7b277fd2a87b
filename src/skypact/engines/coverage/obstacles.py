"""Buildings and other obstacles put on a terrain."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pyproj
import rasterio.features
import shapely
from affine import Affine
from shapely.geometry.base import BaseGeometry

from skypact.engines.coverage.terrain import Floats, SurfaceKind, Terrain


@dataclass(frozen=True)
class Obstacle:
    """Something solid that stands on the ground.

    ``shape`` is its outline, a WGS 84 polygon or several, holes left open. Its top lies ``height_m`` above the ground
    under each of its posts; where ``base_m`` is known, the altitude of its foot above sea level in metres, the top is
    level at ``base_m + height_m``. Raises ``ValueError`` for an outline without an area or one that crosses itself, a
    height that is not positive and finite, or a base that is not finite.
    """

    shape: BaseGeometry
    height_m: float
    base_m: float | None = None

    def __post_init__(self) -> None:
        if not isinstance(self.shape, shapely.Polygon | shapely.MultiPolygon) or self.shape.area == 0:
            raise ValueError("an obstacle needs a polygon with an area")
        if not self.shape.is_valid:
            raise ValueError(f"an obstacle's outline must not cross itself: {shapely.is_valid_reason(self.shape)}")
        if not 0 < self.height_m < math.inf:
            raise ValueError(f"an obstacle's height must be positive and finite, is {self.height_m}")
        if self.base_m is not None and not math.isfinite(self.base_m):
            raise ValueError(f"an obstacle's base must be finite, is {self.base_m}")


def with_obstacles(terrain: Terrain, obstacles: Sequence[Obstacle]) -> Terrain:
    """The terrain with every post inside an obstacle raised to its top; of several, the highest top counts.

    A post belongs to an obstacle if it lies inside or the cell around it is touched, so that a building narrower than
    the spacing of the posts is not lost; an opening narrower than that is. What stands on such a post, a sensor too,
    stands on the roof. Unknown ground stays unknown. Obstacles beyond the posts change nothing, and
    ``Terrain.obstacles`` counts only those that reach a post's cell.

    Raises ``ValueError`` for a surface model, which holds the roofs already: they would count twice.
    """
    if not obstacles:
        return terrain
    if terrain.surface is SurfaceKind.SURFACE:
        raise ValueError(f"terrain {terrain.name} is a surface model: it holds the obstacles already")
    to_grid = pyproj.Transformer.from_crs("EPSG:4326", terrain.crs, always_xy=True)

    def projected(at: Floats) -> Floats:
        return np.column_stack(to_grid.transform(at[:, 0], at[:, 1]))

    west, south, east, north = terrain.bounds
    cells = shapely.box(west - terrain.dx / 2, south - terrain.dy / 2, east + terrain.dx / 2, north + terrain.dy / 2)
    shapely.prepare(cells)
    standing = []
    for obstacle in obstacles:
        shape = shapely.transform(obstacle.shape, projected)
        if shapely.intersects(cells, shape):
            standing.append((shape, obstacle))
    added = _highest(terrain, [(shape, one.height_m) for shape, one in standing if one.base_m is None], 0.0)
    tops = _highest(
        terrain, [(shape, one.base_m + one.height_m) for shape, one in standing if one.base_m is not None], -math.inf
    )
    beyond = len(obstacles) - len(standing)
    said = f"; obstacles added: {len(standing)}" + (f", outside: {beyond}" if beyond else "")
    return replace(
        terrain,
        heights=np.maximum(terrain.heights + added, tops),  # a maximum with NaN is NaN: unknown stays unknown
        source=terrain.source + said,
        obstacles=terrain.obstacles + len(standing),
    )


def _highest(terrain: Terrain, shapes: list[tuple[BaseGeometry, float]], without: float) -> Floats:
    """The highest value of the shapes that touch each post's cell; ``without`` where there is none."""
    if not shapes:
        return np.full(terrain.heights.shape, without)

    return np.asarray(
        rasterio.features.rasterize(
            sorted(shapes, key=lambda entry: entry[1]),  # later shapes overwrite earlier ones
            out_shape=terrain.heights.shape,
            transform=Affine(terrain.dx, 0, terrain.x0 - terrain.dx / 2, 0, -terrain.dy, terrain.y0 + terrain.dy / 2),
            all_touched=True,
            fill=without,
            dtype="float64",
        )
    )
