"""Buildings and other obstacles put on a terrain."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import numpy as np
import pyproj
import rasterio.features
import shapely
from affine import Affine
from shapely.geometry.base import BaseGeometry

from skypact.engines.coverage.terrain import SurfaceKind, Terrain


def with_obstacles(terrain: Terrain, obstacles: Iterable[tuple[BaseGeometry, float]]) -> Terrain:
    """The terrain with every post inside an obstacle raised by the obstacle's height; the highest counts.

    ``obstacles`` are WGS 84 polygons with heights above ground, metres. A post belongs to an obstacle if it lies inside
    or the cell around it is touched, so that a building narrower than the spacing of the posts is not lost. On a
    surface model, which already holds the roofs, this counts buildings twice; that is refused.

    Raises ``ValueError`` for a surface model, an empty or crossed polygon, or a height that is not positive and finite.
    """
    if terrain.surface is SurfaceKind.SURFACE:
        raise ValueError(f"terrain {terrain.name} is a surface model: it holds the obstacles already")
    to_grid = pyproj.Transformer.from_crs("EPSG:4326", terrain.crs, always_xy=True)
    place = Affine(terrain.dx, 0, terrain.x0 - terrain.dx / 2, 0, -terrain.dy, terrain.y0 + terrain.dy / 2)
    raised = []
    for number, (shape, height_m) in enumerate(obstacles):
        if shape.is_empty or not shape.is_valid or shape.area == 0:
            raise ValueError(f"obstacle {number}: needs a polygon with an area that does not cross itself")
        if not 0 < height_m < np.inf:
            raise ValueError(f"obstacle {number}: height must be positive and finite, is {height_m}")
        grid = shapely.transform(shape, lambda at: np.column_stack(to_grid.transform(at[:, 0], at[:, 1])))
        raised.append((grid, float(height_m)))
    if not raised:
        return terrain
    added = rasterio.features.rasterize(
        sorted(raised, key=lambda entry: entry[1]),  # later shapes overwrite earlier ones
        out_shape=terrain.heights.shape,
        transform=place,
        all_touched=True,
        dtype="float64",
    )
    source = f"{terrain.source}; {len(raised)} obstacles added"
    return replace(terrain, heights=terrain.heights + added, source=source)
