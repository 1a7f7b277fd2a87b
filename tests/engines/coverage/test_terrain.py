"""What is held to be true between posts, and where a terrain ends."""

from __future__ import annotations

import math

import numpy as np
import pytest

from skypact.engines.coverage import SurfaceKind, Terrain

NAN = math.nan


@pytest.mark.parametrize(
    ("x", "y", "expected"),
    [
        (0, 0, 1.0),  # a post
        (5, 0, 1.5),  # on a grid line, half-way
        (0, -15, 2.5),  # on a line of the other family, half-way
        (5, -15, 3.25),  # inside the cell: bilinear
        (10, -30, 6.0),
        (-0.1, 0, NAN),  # outside
        (10.1, -30, NAN),
    ],
)
def test_height_between_posts(terrain_of, x, y, expected):
    terrain = terrain_of([[1, 2], [4, 6]], dx=10, dy=30)
    assert terrain.height_at(x, y) == pytest.approx(expected, nan_ok=True)
    assert bool(terrain.covers(x, y)) is not math.isnan(expected)


def test_an_unknown_post_spoils_only_what_it_has_part_in(terrain_of):
    terrain = terrain_of([[1, NAN, 3], [4, 5, 6]], dx=10, dy=10)
    found = terrain.height_at([0, 5, 10, 10, 15, 5], [0, 0, 0, -10, -5, -10])
    np.testing.assert_array_equal(found, [1, NAN, NAN, 5, NAN, 4.5])
    np.testing.assert_array_equal(terrain.known, [[True, False, True], [True, True, True]])


def test_a_position_within_rounding_of_a_post_is_that_post(terrain_of):
    terrain = terrain_of([[1, NAN], [4, 5]], dx=0.1, dy=0.1)
    assert terrain.height_at(0.1 * 3 / 3, -0.1 * (1 - 1e-12)) == pytest.approx(5)


def test_grid_and_geographic_positions_are_inverse(terrain_of):
    terrain = terrain_of(np.zeros((3, 3)))
    x, y = terrain.to_grid([127.0, 127.01], [38.0, 38.02])
    assert (x[0], y[0]) == pytest.approx((0, 0), abs=1e-6)
    assert x[1] == pytest.approx(877.9, abs=0.5)
    lon, lat = terrain.to_lonlat(x, y)
    np.testing.assert_allclose([lon, lat], [[127.0, 127.01], [38.0, 38.02]], atol=1e-9)


def test_window_keeps_posts_in_place(terrain_of):
    terrain = terrain_of(np.arange(100.0).reshape(10, 10), dx=10, dy=20, x0=500, y0=900)
    window = terrain.window(545, 800, 15)
    assert window.bounds == (520, 760, 570, 840)
    np.testing.assert_array_equal(window.heights, terrain.heights[3:8, 2:8])
    assert window.height_at(545, 800) == terrain.height_at(545, 800)
    assert np.shares_memory(window.heights, terrain.heights)
    corner = terrain.window(500, 900, 1)
    assert corner.heights.shape == (3, 3)


def test_window_elsewhere_is_refused(terrain_of):
    with pytest.raises(ValueError, match=r"nothing of it lies within 10 m of \(5000\.0, 0\.0\)"):
        terrain_of(np.zeros((3, 3))).window(5000, 0, 10)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"heights": np.zeros((1, 5))}, "needs at least 2 × 2 posts, has shape"),
        ({"heights": np.zeros(5)}, "needs at least 2 × 2 posts, has shape"),
        ({"heights": np.full((2, 2), math.inf)}, "heights must be finite, or NaN where unknown"),
        ({"dx": 0.0}, "spacing must be positive, is 0.0 × 30 m"),
        ({"dy": -5.0}, "spacing must be positive, is 30 × -5.0 m"),
        ({"x0": math.nan}, r"the position of post \(0, 0\) must be finite"),
        ({"crs": "EPSG:4326"}, "reference system WGS 84 is not projected in metres"),
        ({"crs": "EPSG:2264"}, "is not projected in metres"),
    ],
)
def test_impossible_terrain_is_refused(change, message):
    fields = {
        "heights": np.zeros((2, 2)),
        "x0": 0.0,
        "y0": 0.0,
        "dx": 30,
        "dy": 30,
        "crs": "EPSG:32652",
        "surface": SurfaceKind.UNSTATED,
        "name": "test",
        "source": "made for a test",
    }
    with pytest.raises(ValueError, match=message):
        Terrain(**(fields | change))


def test_long_reference_system_has_a_short_name(terrain_of):
    import pyproj

    wkt = pyproj.CRS.from_epsg(32652).to_wkt()
    terrain = Terrain(
        heights=np.zeros((2, 2)), x0=0, y0=0, dx=1, dy=1, crs=wkt, surface=SurfaceKind.UNSTATED, name="a", source="b"
    )
    assert terrain.crs_name == "WGS 84 / UTM zone 52N"


@pytest.mark.parametrize(
    ("known", "kept"),
    [
        ([(1, 1), (3, 4)], (slice(1, 4), slice(1, 5))),
        ([(2, 2)], (slice(2, 4), slice(2, 4))),
        ([(4, 5)], (slice(3, 5), slice(4, 6))),
        ([(0, 0), (4, 5)], (slice(0, 5), slice(0, 6))),
    ],
)
def test_the_known_part_holds_every_known_post(terrain_of, known, kept):
    heights = np.full((5, 6), np.nan)
    for at in known:
        heights[at] = 7.0
    terrain = terrain_of(heights, dx=10, dy=20)
    part = terrain.known_part()
    np.testing.assert_array_equal(part.heights, heights[kept])
    assert (part.x0, part.y0) == (terrain.x0 + 10 * kept[1].start, terrain.y0 - 20 * kept[0].start)
    assert terrain.unknown_share == 1 - len(known) / 30


def test_where_nothing_is_known_there_is_no_known_part(terrain_of):
    with pytest.raises(ValueError, match="no height is known"):
        terrain_of(np.full((5, 6), np.nan)).known_part()
