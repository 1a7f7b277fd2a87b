"""Buildings raise posts, once, and not where the roofs are in the model already."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import shapely

from skypact.engines.coverage import SurfaceKind, sight_heights
from skypact.engines.coverage.obstacles import Obstacle, with_obstacles


def outline(terrain, *corners):
    lon, lat = terrain.to_lonlat([x for x, _ in corners], [y for _, y in corners])
    return list(zip(lon, lat, strict=True))


def building(terrain, x0, y0, x1, y1):
    return shapely.Polygon(outline(terrain, (x0, y0), (x1, y0), (x1, y1), (x0, y1)))


def test_a_building_hides_what_is_behind(terrain_of):
    terrain = replace(terrain_of(np.zeros((5, 11)), dx=10, dy=10), surface=SurfaceKind.BARE_EARTH)
    block = building(terrain, 36, -34, 44, -6)
    with_block = with_obstacles(terrain, [Obstacle(block, 20.0)])
    assert set(np.argwhere(with_block.heights == 20)[:, 1].tolist()) == {4}
    assert (with_block.source, with_block.obstacles) == ("made for a test; obstacles added: 1", 1)
    (found,) = sight_heights(with_block, [[0, -20, 10]], [[80, -20]], curvature_factor=np.inf)
    assert found[0] == pytest.approx(30)  # 10 m up in 40 m
    assert not terrain.heights.any()


def test_of_two_buildings_the_higher_counts(terrain_of):
    terrain = terrain_of(np.full((5, 5), 7.0), dx=10, dy=10)
    block = building(terrain, 16, -24, 24, -16)
    for heights in ((30.0, 5.0), (5.0, 30.0)):
        assert with_obstacles(terrain, [Obstacle(block, height) for height in heights]).heights[2, 2] == 37


def test_a_known_base_makes_a_level_roof_and_never_lowers_the_ground(terrain_of):
    slope = terrain_of(np.add.outer(np.zeros(5), [0.0, 10.0, 20.0, 30.0, 40.0]), dx=10, dy=10)
    hall = building(slope, -1, -21, 41, -19)
    level = with_obstacles(slope, [Obstacle(hall, 15.0, base_m=10.0)])
    assert level.heights[2].tolist() == [25, 25, 25, 30, 40]
    shed = building(slope, 6, -21, 14, -19)
    both = with_obstacles(slope, [Obstacle(hall, 15.0, base_m=10.0), Obstacle(shed, 18.0)])
    assert both.heights[2].tolist() == [25, 28, 25, 30, 40]
    assert (both.heights[0] == slope.heights[0]).all()


def test_a_court_stays_open_and_a_narrow_shaft_closes(terrain_of):
    terrain = terrain_of(np.zeros((7, 7)), dx=10, dy=10)
    outer = outline(terrain, (4, -56), (56, -56), (56, -4), (4, -4))
    wide = outline(terrain, (16, -44), (44, -44), (44, -16), (16, -16))
    narrow = outline(terrain, (28, -32), (32, -32), (32, -28), (28, -28))
    assert with_obstacles(terrain, [Obstacle(shapely.Polygon(outer, [wide]), 9.0)]).heights[3, 3] == 0
    assert with_obstacles(terrain, [Obstacle(shapely.Polygon(outer, [narrow]), 9.0)]).heights[3, 3] == 9


def test_a_narrow_mast_is_not_lost(terrain_of):
    terrain = terrain_of(np.zeros((5, 5)), dx=10, dy=10)
    mast = building(terrain, 13, -13.2, 13.2, -13)
    assert with_obstacles(terrain, [Obstacle(mast, 40.0)]).heights[1, 1] == 40


def test_several_parts_are_one_obstacle(terrain_of):
    terrain = terrain_of(np.zeros((5, 5)), dx=10, dy=10)
    parts = shapely.MultiPolygon([building(terrain, 8, -12, 12, -8), building(terrain, 28, -32, 32, -28)])
    raised = with_obstacles(terrain, [Obstacle(parts, 6.0)])
    assert np.argwhere(raised.heights == 6).tolist() == [[1, 1], [3, 3]]
    assert raised.obstacles == 1


def test_what_lies_outside_is_counted_and_unknown_ground_stays_unknown(terrain_of):
    heights = np.zeros((5, 5))
    heights[2, 2] = np.nan
    terrain = terrain_of(heights, dx=10, dy=10)
    inside, outside = building(terrain, 16, -24, 24, -16), building(terrain, 500, 500, 520, 520)
    for base in (None, 100.0):
        raised = with_obstacles(terrain, [Obstacle(inside, 5.0, base), Obstacle(outside, 5.0, base)])
        assert np.isnan(raised.heights[2, 2])
        assert raised.obstacles == 1
        assert raised.source == "made for a test; obstacles added: 1, outside: 1"


def test_nothing_to_add_changes_nothing(terrain_of):
    terrain = terrain_of(np.zeros((5, 5)))
    assert with_obstacles(terrain, []) is terrain


def test_a_surface_model_holds_the_roofs_already(terrain_of):
    terrain = replace(terrain_of(np.zeros((5, 5))), surface=SurfaceKind.SURFACE)
    block = Obstacle(building(terrain, 20, -40, 40, -20), 5.0)
    with pytest.raises(ValueError, match="it holds the obstacles already"):
        with_obstacles(terrain, [block])


@pytest.mark.parametrize(
    ("shape", "height", "base", "words"),
    [
        (shapely.box(0, 0, 1, 1), -1.0, None, "an obstacle's height must be positive and finite, is -1"),
        (shapely.box(0, 0, 1, 1), np.inf, None, "an obstacle's height must be positive and finite, is inf"),
        (shapely.box(0, 0, 1, 1), 1.0, np.nan, "an obstacle's base must be finite, is nan"),
        (shapely.Polygon(), 5.0, None, "an obstacle needs a polygon with an area"),
        (shapely.Point(0, 0), 5.0, None, "an obstacle needs a polygon with an area"),
        (shapely.Polygon([(0, 0), (1, 1), (1, 0), (0, 2)]), 5.0, None, "must not cross itself: Self-intersection"),
    ],
)
def test_what_makes_no_sense_is_refused(shape, height, base, words):
    with pytest.raises(ValueError, match=words):
        Obstacle(shape, height, base)
