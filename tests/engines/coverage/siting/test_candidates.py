"""Candidate positions on small grids whose ridges can be read off."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
import shapely

from skypact.engines.coverage import Terrain
from skypact.engines.coverage.siting import candidate_positions

EVERYWHERE = [(-1, 1), (999, 1), (999, -999), (-1, -999)]
WALL = [[0, 0, 9, 0, 0], [0, 0, 8, 0, 0], [0, 0, 7, 0, 0], [0, 0, 6, 0, 0], [0, 0, 5, 0, 0]]


def test_a_ridge_is_thinned_to_its_highest_post_in_each_square(terrain_of: Callable[..., Terrain]) -> None:
    found = candidate_positions(terrain_of(WALL), spacing_m=60, grid=False)
    assert found.places.tolist() == [[60, 0], [60, -60], [60, -120]]


def test_the_grid_leaves_out_unknown_ground(terrain_of: Callable[..., Terrain]) -> None:
    heights = np.zeros((3, 3))
    heights[0, 0] = np.nan
    found = candidate_positions(terrain_of(heights), spacing_m=60, ridges=False)
    assert found.places.tolist() == [[60, 0], [0, -60], [60, -60]]


def test_user_points_come_first_and_exclusion_areas_take_positions_away(terrain_of: Callable[..., Terrain]) -> None:
    west = [(-10, 10), (40, 10), (40, -130), (-10, -130)]
    found = candidate_positions(
        terrain_of(np.zeros((5, 5))), spacing_m=120, ridges=False, points=[(75, -75), (10, -10)], excluded=[west]
    )
    assert found.places.tolist() == [[75, -75], [120, 0], [120, -120]]


def test_access_is_paid_by_the_metre_to_the_nearest_road(terrain_of: Callable[..., Terrain]) -> None:
    found = candidate_positions(
        terrain_of(np.zeros((5, 5))), spacing_m=1e3, grid=False, ridges=False,
        points=[(30, 0), (120, -40)], roads=[(0, 0), (90, 0)], access_per_m=3,
    )  # fmt: skip
    assert found.access.tolist() == [90, 150]


def test_positions_in_the_sea_are_left_out(terrain_of: Callable[..., Terrain]) -> None:
    found = candidate_positions(
        terrain_of(np.zeros((5, 5))), spacing_m=120, points=[(30, -30)], land=shapely.box(-1, -200, 60, 1)
    )
    assert found.places.tolist() == [[30, -30], [0, 0], [0, -120]]


def test_points_that_cannot_be_stood_on_are_named_one_by_one(terrain_of: Callable[..., Terrain]) -> None:
    heights = np.zeros((5, 5))
    heights[4, 4] = np.nan
    with pytest.raises(ValueError, match="outside") as refused:
        candidate_positions(
            terrain_of(heights), spacing_m=60, land=shapely.box(-1, -200, 60, 1),
            points=[(30, -30), (90, -30), (120, -120), (900, 0), (91, -31)],
        )  # fmt: skip
    assert str(refused.value) == (
        "point 3 at (900, 0) stands outside the terrain test; "
        "point 2 at (120, -120) stands on ground of unknown height; "
        "point 1 at (90, -30) lies in the sea; point 4 at (91, -31) lies in the sea"
    )


def test_of_many_points_in_the_sea_only_some_are_named(terrain_of: Callable[..., Terrain]) -> None:
    with pytest.raises(ValueError, match=r"point 9 at \(60, -30\) lies in the sea; and 15 more$"):
        candidate_positions(
            terrain_of(np.zeros((5, 5))), spacing_m=60, points=[(60, -30)] * 25, land=shapely.box(900, 0, 901, 1)
        )


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"spacing_m": 0}, "spacing_m must be above 0, is 0"),
        ({"points": [(500, 0)]}, r"^point 0 at \(500, 0\) stands outside the terrain"),
        ({"points": [(0, 0, 0)]}, r"points must be finite x, y pairs of shape \(n, 2\), not \(1, 3\)"),
        ({"points": [(float("nan"), 0)]}, "points must be finite"),
        ({"excluded": [[]]}, r"excluded\[0\] needs at least 3 vertices, has 0"),
        ({"excluded": [[(0, 0), (1, 1)]]}, r"excluded\[0\] needs at least 3 vertices, has 2"),
        ({"excluded": [[(0, 0), (1, 1), (2, 2), (0, 0)]]}, r"excluded\[0\] is empty: its 4 vertices enclose no area"),
        ({"excluded": [EVERYWHERE]}, "no candidate position is left of 9: 0 lie in the sea, 9 in the exclusion areas"),
        ({"land": shapely.box(500, 0, 900, 90)}, "left of 9: 9 lie in the sea, 0 in the exclusion areas"),
        ({"ridges": False, "grid": False}, "there is no candidate position: give points, or ask for the grid"),
        ({"access_per_m": 1}, "no roads are given"),
        ({"access_per_m": -1}, "access_per_m must be a number of 0 or more, is -1"),
    ],
)
def test_questions_without_sense_are_refused(
    terrain_of: Callable[..., Terrain], given: dict[str, object], told: str
) -> None:
    with pytest.raises(ValueError, match=told):
        candidate_positions(terrain_of(np.zeros((5, 5))), **{"spacing_m": 60, **given})
