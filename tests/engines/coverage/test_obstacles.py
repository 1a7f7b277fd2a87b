"""Buildings raise posts, once, and not where the roofs are in the model already."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import shapely

from skypact.engines.coverage import SurfaceKind, sight_heights
from skypact.engines.coverage.obstacles import with_obstacles


def building(terrain, x0, y0, x1, y1):
    lon, lat = terrain.to_lonlat([x0, x1, x1, x0], [y0, y0, y1, y1])
    return shapely.Polygon(np.column_stack([lon, lat]))


def test_a_building_hides_what_is_behind(terrain_of):
    terrain = replace(terrain_of(np.zeros((5, 11)), dx=10, dy=10), surface=SurfaceKind.BARE_EARTH)
    block = building(terrain, 36, -34, 44, -6)
    with_block = with_obstacles(terrain, [(block, 20.0)])
    assert set(np.argwhere(with_block.heights == 20)[:, 1].tolist()) == {4}
    assert with_block.source == "made for a test; 1 obstacles added"
    (found,) = sight_heights(with_block, [[0, -20, 10]], [[80, -20]], curvature_factor=np.inf)
    assert found[0] == pytest.approx(30)  # 10 m up in 40 m
    assert not terrain.heights.any()


def test_of_two_buildings_the_higher_counts(terrain_of):
    terrain = terrain_of(np.full((5, 5), 7.0), dx=10, dy=10)
    block = building(terrain, 16, -24, 24, -16)
    for order in ([(block, 30.0), (block, 5.0)], [(block, 5.0), (block, 30.0)]):
        assert with_obstacles(terrain, order).heights[2, 2] == 37


def test_a_narrow_mast_is_not_lost(terrain_of):
    terrain = terrain_of(np.zeros((5, 5)), dx=10, dy=10)
    mast = building(terrain, 13, -13.2, 13.2, -13)
    assert with_obstacles(terrain, [(mast, 40.0)]).heights[1, 1] == 40


def test_nothing_to_add_changes_nothing(terrain_of):
    terrain = terrain_of(np.zeros((5, 5)))
    assert with_obstacles(terrain, []) is terrain


def test_what_makes_no_sense_is_refused(terrain_of):
    terrain = terrain_of(np.zeros((5, 5)))
    block = building(terrain, 20, -40, 40, -20)
    with pytest.raises(ValueError, match="it holds the obstacles already"):
        with_obstacles(replace(terrain, surface=SurfaceKind.SURFACE), [(block, 5.0)])
    with pytest.raises(ValueError, match="obstacle 1: height must be positive and finite, is -1"):
        with_obstacles(terrain, [(block, 5.0), (block, -1)])
    with pytest.raises(ValueError, match="obstacle 0: needs a polygon with an area"):
        with_obstacles(terrain, [(shapely.Polygon(), 5.0)])
    with pytest.raises(ValueError, match="obstacle 0: needs a polygon with an area"):
        with_obstacles(terrain, [(shapely.Polygon([(0, 0), (1, 1), (1, 0), (0, 1)]), 5.0)])
