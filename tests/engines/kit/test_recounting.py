"""A kit counted again from its own words."""

from __future__ import annotations

import numpy as np
import pytest
from tests.engines.kit.test_comparing import THREAT, kit, listing

from skypact.engines.coverage import SurfaceKind, Terrain
from skypact.engines.coverage.terrain import local_projection
from skypact.engines.kit.assembling import true_azimuth
from skypact.engines.kit.recounting import recount


def plain(centre: tuple[float, float], east_m: float = 0.0) -> Terrain:
    """Flat land of 2 × 2 km, ``east_m`` east of the middle of its projection."""
    return Terrain(
        heights=np.zeros((41, 41)), x0=east_m - 1000.0, y0=1000.0, dx=50.0, dy=50.0, crs=local_projection(*centre),
        surface=SurfaceKind.BARE_EARTH, name="plain", source="made by hand",
    )  # fmt: skip


def test_sectors_are_turned_from_true_north_to_grid_north() -> None:
    """Half a degree east of its middle the grid is turned by 0.38 degrees at 50 degrees north."""
    ground = plain((10.0, 50.0), east_m=35_800.0)
    lon, lat = (float(axis) for axis in ground.to_lonlat(35_800.0, 0.0))
    made = kit({"at": [lon, lat], "azimuth_deg": 0, "azimuth_width_deg": 90})
    grid = np.radians([-45.2, -44.8, 44.4, 44.8])  # the sector is from -45.38 to 44.62 degrees of the grid
    places = np.column_stack([35_800.0 + 500.0 * np.sin(grid), 500.0 * np.cos(grid)])
    found = recount(made, {made.items[0].listing: listing()}, ground, places, threat=THREAT, height_m=20.0)
    assert found.sensors.tolist() == [1, 1, 1, 0]


@pytest.mark.parametrize("grid_deg", [60.0, 90.0, 270.0])
def test_directions_over_the_antimeridian(grid_deg: float) -> None:
    ground = plain((180.0, 0.0))
    assert true_azimuth(grid_deg, 0.0, 0.0, ground) == pytest.approx(grid_deg, abs=0.2)
