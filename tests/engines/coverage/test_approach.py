"""The least-observed approach finds the gap, and blind areas lie where nothing is seen."""

from __future__ import annotations

import math

import numpy as np
import pytest

from skypact.engines.coverage.approach import blind_areas, least_observed_approach, warning_time


def walled(terrain_of, gap: int | None):
    """Nine by nine posts 10 m apart; row 4 is observed but for one column."""
    exposure = np.zeros((9, 9))
    exposure[4] = 1.0
    if gap is not None:
        exposure[4, gap] = 0.0
    start, goal = np.zeros((9, 9), bool), np.zeros((9, 9), bool)
    start[0], goal[8] = True, True
    return terrain_of(np.zeros((9, 9)), dx=10, dy=10), exposure, start, goal


def test_the_gap_is_found(terrain_of):
    terrain, exposure, start, goal = walled(terrain_of, 6)
    found = least_observed_approach(terrain, exposure, start=start, goal=goal)
    assert found.observed_m == 0
    assert found.length_m == 80
    assert set(found.x) == {60.0}
    assert (found.y[0], found.y[-1]) == (0, -80)


def test_without_a_gap_the_crossing_is_paid_once(terrain_of):
    terrain, exposure, start, goal = walled(terrain_of, None)
    found = least_observed_approach(terrain, exposure, start=start, goal=goal)
    assert found.observed_m == pytest.approx(10)  # half of the step in and half of the step out


def test_a_detour_through_the_gap_beats_the_straight_way(terrain_of):
    terrain, exposure, start, goal = walled(terrain_of, 0)
    start[:], goal[:] = False, False
    start[0, 8] = goal[8, 8] = True
    found = least_observed_approach(terrain, exposure, start=start, goal=goal)
    assert found.observed_m == 0
    assert found.length_m == pytest.approx(4 * 10 * math.sqrt(2) * 2 + 8 * 10, abs=20)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"start": np.zeros((9, 9), bool)}, "at least one start and one goal"),
        ({"goal": np.ones((2, 2), bool)}, r"must have the terrain's shape \(9, 9\)"),
        ({"exposure": np.full((9, 9), math.nan)}, "exposure must be known and not negative"),
        ({"exposure": np.full((9, 9), -1.0)}, "exposure must be known and not negative"),
    ],
)
def test_questions_without_an_answer_are_refused(terrain_of, change, message):
    terrain, exposure, start, goal = walled(terrain_of, 3)
    asked = {"exposure": exposure, "start": start, "goal": goal} | change
    with pytest.raises(ValueError, match=message):
        least_observed_approach(terrain, asked.pop("exposure"), **asked)


def test_warning_time_counts_from_the_first_detection():
    assert warning_time([False, True, False, True], distance_m=[3000, 2000, 1000, 500], speed_m_s=20) == 100
    assert warning_time([False, False], distance_m=[10, 20], speed_m_s=20) == 0
    with pytest.raises(ValueError, match="speed_m_s must be positive"):
        warning_time([True], distance_m=[1], speed_m_s=0)
    with pytest.raises(ValueError, match="must have one shape"):
        warning_time([True], distance_m=[1, 2], speed_m_s=1)


def test_blind_areas_are_cells_around_unseen_posts(terrain_of):
    terrain = terrain_of(np.zeros((5, 5)), dx=10, dy=20)
    visible = np.ones((5, 5), bool)
    visible[1:3, 2] = False
    visible[4, 4] = False
    areas = blind_areas(terrain, visible)
    assert len(areas.geoms) == 2
    x, y = terrain.to_grid(*np.array(areas.geoms[0].exterior.coords).T)
    assert (min(x), max(x), min(y), max(y)) == pytest.approx((15, 25, -50, -10), abs=1e-4)
    within = np.zeros((5, 5), bool)
    within[:3] = True
    assert len(blind_areas(terrain, visible, within=within).geoms) == 1
    assert blind_areas(terrain, np.ones((5, 5), bool)).is_empty
    with pytest.raises(ValueError, match="must have the terrain's shape"):
        blind_areas(terrain, np.ones((2, 2), bool))
