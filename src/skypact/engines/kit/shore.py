"""Where a map draws land, and which places equipment may stand at lie in the water by it or by the relief."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from skypact.engines.coverage import SurfaceKind, Terrain

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Shore:
    """``land`` as a map draws it, in the terrain's reference system; its coastline is true to ``true_to_m`` metres."""

    land: BaseGeometry
    true_to_m: float

    @cached_property
    def _prepared(self) -> BaseGeometry:
        shapely.prepare(self.land)
        return self.land

    def at_sea(self, places: Floats) -> Flags:
        """Which places (n, 2) lie farther from land than the map may be wrong: in the sea."""
        return ~np.asarray(shapely.dwithin(self._prepared, shapely.points(places), self.true_to_m), dtype=np.bool_)

    def perhaps_wet(self, places: Floats, terrain: Terrain) -> Flags:
        """Which places may lie in the water: the map draws sea there, or the coast is near and the relief is level at
        exactly 0 m around them, as elevation files have the sea that do not leave it out.
        """
        points = shapely.points(places)
        drawn = ~np.asarray(shapely.intersects(self._prepared, points), dtype=np.bool_)
        if terrain.surface is SurfaceKind.SYNTHETIC:
            return drawn
        near = np.asarray(shapely.dwithin(shapely.boundary(self.land), points, self.true_to_m), dtype=np.bool_)
        return drawn | (near & _level_at_zero(terrain, places))


def _level_at_zero(terrain: Terrain, places: Floats) -> Flags:
    """Whether the nearest post and the eight around it all have the height 0."""
    column = np.clip(np.rint((places[:, 0] - terrain.x0) / terrain.dx), 1, terrain.columns - 2).astype(np.intp)
    row = np.clip(np.rint((terrain.y0 - places[:, 1]) / terrain.dy), 1, terrain.rows - 2).astype(np.intp)
    steps = np.arange(-1, 2)
    around = terrain.heights[row[:, None, None] + steps[:, None], column[:, None, None] + steps]
    return np.asarray((around == 0.0).all(axis=(1, 2)), dtype=np.bool_)
