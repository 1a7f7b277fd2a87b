"""No grid position in the sea; positions that may stand in the water are told."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from tests.engines.kit.flat_land import HUB, RADAR, composed, ground
from tests.engines.kit.requirements import PLACE, requirement

from skypact.engines.coverage import SurfaceKind, Terrain
from skypact.engines.kit import Composition
from skypact.engines.kit.places import lay_out
from skypact.engines.kit.shore import Shore
from skypact.schema import InputError, Kit

#: Land west of the middle, the sea in the east.
WEST = shapely.box(-5000, -5000, 0, 5000)


def grid(shore: Shore | None) -> list[tuple[float, float]]:
    found = lay_out(requirement(), PLACE, ground(), shore).positions
    return sorted((float(x), float(y)) for x, y in found.round())


def test_grid_positions_farther_from_land_than_the_map_may_be_wrong_are_left_out() -> None:
    everywhere = grid(None)
    assert {x for x, _ in everywhere} == {-400.0, 0.0, 400.0}
    assert grid(Shore(WEST, 500.0)) == everywhere
    assert grid(Shore(WEST, 300.0)) == [place for place in everywhere if place[0] <= 0]


def test_where_all_of_the_grid_lies_in_the_sea_that_is_said() -> None:
    with pytest.raises(InputError, match="at least one grid position on known terrain and not in the sea"):
        grid(Shore(shapely.box(-5000, -5000, -2000, 5000), 300.0))


def hills(flat: np.ndarray) -> Terrain:
    """Rolling ground of some metres from a file, and 0 m where ``flat``."""
    land = ground()
    east, north = land.posts()
    heights = 3.0 + np.sin(east[None, :] / 300.0) + np.cos(north[:, None] / 300.0)
    return Terrain(
        np.where(flat, 0.0, heights), land.x0, land.y0, land.dx, land.dy, land.crs,
        SurfaceKind.BARE_EARTH, "hills", "a file",
    )  # fmt: skip


def test_places_that_may_be_wet() -> None:
    places = np.array([[-600.0, 0.0], [-200.0, 0.0], [100.0, 0.0], [-200.0, 800.0]])
    shore = Shore(WEST, 300.0)
    level = np.zeros((61, 61), dtype=bool)
    level[29:32, 23:30] = True  # 0 m from 700 to 100 m west of the middle, one post to either side of the line
    relief = hills(level)
    assert shore.at_sea(places).tolist() == [False, False, False, False]
    assert shore.perhaps_wet(places, relief).tolist() == [False, True, True, False]
    assert shore.perhaps_wet(places, ground()).tolist() == [False, False, True, False]


def waters(kit: Kit) -> list[str]:
    return [str(unknown.question) for unknown in kit.unknowns if "water" in str(unknown.question)]


def at(composition: Composition) -> list[float]:
    land = ground()
    return [
        round(float(land.to_grid(*position.at)[0])) for item in composition.kit.items for position in item.positions
    ]


def test_a_kit_says_how_many_of_its_sensors_may_stand_in_the_water() -> None:
    points = requirement(placement={"area": None, "points": [(127.002, 37.5)], "exclude": [PLACE.model_dump()]})
    wet = composed(points, RADAR, HUB, shore=Shore(WEST, 300.0))
    assert [x > 0 for x in at(wet)] == [True]
    assert waters(wet.kit) == [
        "1 of 1 sensors stand where the map draws water or the relief is level at 0 m; the coastline of the map is "
        "true to 0.3 km only"
    ]
    assert waters(composed(points, RADAR, HUB, shore=Shore(shapely.box(-9000, -9000, 9000, 9000), 300.0)).kit) == []
    assert waters(composed(points, RADAR, HUB).kit) == []
