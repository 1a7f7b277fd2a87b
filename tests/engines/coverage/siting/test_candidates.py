"""Candidate positions on small grids whose ridges can be read off."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from skypact.engines.coverage import Terrain
from skypact.engines.coverage.siting import candidate_positions

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


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"spacing_m": 0}, "spacing_m must be above 0, is 0"),
        ({"points": [(500, 0)]}, r"point \(500, 0\) stands outside the terrain"),
        ({"excluded": [[(0, 0), (1, 1)]]}, r"excluded\[0\] needs at least 3 vertices, has 2"),
        ({"excluded": [[(-1, 1), (999, 1), (999, -999), (-1, -999)]]}, "no candidate position is left"),
        ({"access_per_m": 1}, "no roads are given"),
        ({"access_per_m": -1}, "access_per_m must be a number of 0 or more, is -1"),
    ],
)
def test_questions_without_sense_are_refused(
    terrain_of: Callable[..., Terrain], given: dict[str, object], told: str
) -> None:
    with pytest.raises(ValueError, match=told):
        candidate_positions(terrain_of(np.zeros((5, 5))), **{"spacing_m": 60, **given})
