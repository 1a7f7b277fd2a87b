"""Sight lines against hand-computed cases and the R3 oracle: at most 1e-6 m off, no cell wrong at any height."""

from __future__ import annotations

import math

import numpy as np
import pytest

from skypact.engines.coverage import lowest_visible, lowest_visible_many, sight_heights, synthetic_terrain
from skypact.exchange.elevation import read_elevation

HEIGHTS = (0, 30, 60, 120, 300)
FLAT = math.inf


def assert_same(found: np.ndarray, expected: np.ndarray) -> None:
    np.testing.assert_array_equal(np.isnan(found), np.isnan(expected))
    np.testing.assert_array_equal(np.isinf(found), np.isinf(expected))
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-6)
    for height in HEIGHTS:
        # a cell within rounding of the height may fall on either side; none did so far, so none is excused
        np.testing.assert_array_equal(found <= height + 1e-9, expected <= height + 1e-9)


def part_of(terrain, found):
    """Where in the whole terrain the window of an answer lies."""
    top = round((terrain.y0 - found.terrain.y0) / terrain.dy)
    left = round((found.terrain.x0 - terrain.x0) / terrain.dx)
    return np.s_[top : top + found.terrain.rows, left : left + found.terrain.columns]


def test_a_wall_hides_by_similar_triangles(terrain_of):
    heights = np.zeros((3, 11))
    heights[:, 4] = 20.0
    terrain = terrain_of(heights, dx=10, dy=10)
    found = sight_heights(terrain, [[0, -10, 10]], [[x, -10] for x in (30, 40, 50, 80, 100)], curvature_factor=FLAT)
    # eye 10 m, wall top 20 m at 40 m: the line rises 1 m every 4 m
    np.testing.assert_allclose(found, [[0, 0, 22.5, 30, 35]], rtol=0, atol=1e-12)


def test_the_earth_hides_what_lies_beyond_the_horizon(terrain_of):
    terrain = terrain_of(np.zeros((2, 401)), dx=100, dy=100)
    (found,) = sight_heights(terrain, [[0, 0, 0]], [[20_000, 0]])
    # an eye on the ground sees over the first post: 20 km away 23.5 m are hidden (4/3 Earth), less one post's dip
    radius = 4 / 3 * 6_371_008.7714
    assert found[0] == pytest.approx(20_000**2 / (2 * radius) - 100 * 20_000 / (2 * radius), abs=1e-6)


def test_a_lone_post_between_posts_is_a_tent(terrain_of):
    heights = np.zeros((5, 5))
    heights[2, 2] = 40.0
    terrain = terrain_of(heights, dx=10, dy=10)
    # along y = -15, half-way between two rows, the ray crosses column 2 half-way up the tent's edge, at 20 m
    (found,) = sight_heights(terrain, [[0, -15, 0]], [[40, -15]], curvature_factor=FLAT)
    assert found[0] == pytest.approx(40.0)


def test_nothing_stands_between_neighbours(terrain_of):
    terrain = terrain_of([[0, 0, 100], [0, 0, 100], [0, 0, 100]])
    found = sight_heights(terrain, [[30, -30, 0]], [[30, -30], [60, -30], [45, -45], [30, 0]], curvature_factor=FLAT)
    np.testing.assert_array_equal(found, [[0, 0, 0, 0]])


def test_a_pit_hides_its_floor_and_looks_out_steeply(terrain_of):
    heights = np.full((7, 7), 100.0)
    heights[3, 3] = 0.0
    terrain = terrain_of(heights, dx=10, dy=10)
    (found,) = sight_heights(terrain, [[30, -30, 0]], [[60, -30]], curvature_factor=FLAT)
    assert found[0] == pytest.approx(200.0)  # 100 m up in 10 m, so 300 m up in 30 m
    (into,) = sight_heights(terrain, [[0, -30, 2]], [[30, -30]], curvature_factor=FLAT)
    assert into[0] == pytest.approx(99.0)  # grazing the rim: 2 m down in 20 m, 3 m down in 30 m


def test_unknown_ground_is_never_seen_and_nothing_is_known_behind(terrain_of):
    heights = np.zeros((3, 9))
    heights[1, 4] = math.nan
    terrain = terrain_of(heights, dx=10, dy=10)
    found = sight_heights(terrain, [[0, -10, 5]], [[30, -10], [40, -10], [60, -10], [80, 0]], curvature_factor=FLAT)
    assert found[0, 0] == 0
    assert np.isnan(found[0, 1:3]).all()
    assert math.isnan(found[0, 3])  # crosses column 4 half-way between a known and the unknown post
    (beside,) = sight_heights(terrain, [[0, 0, 5]], [[80, 0]], curvature_factor=FLAT)
    assert beside[0] == 0
    seen = lowest_visible(terrain, (0, -10, 5), range_m=200, curvature_factor=FLAT)
    assert seen.unknown.sum() == 13  # itself and all twelve posts east of it
    assert not seen.visible(10_000)[seen.unknown].any()


def test_leaving_the_terrain_is_unknown(terrain_of):
    terrain = terrain_of(np.zeros((3, 3)))
    found = sight_heights(terrain, [[30, -30, 5], [500, 0, 5]], [[90, -30], [30, 0]])
    assert np.isnan(found[:, 0]).all()
    assert found[0, 1] == 0
    assert math.isnan(found[1, 1])


@pytest.mark.parametrize("curvature", [4 / 3, 1.0, FLAT])
@pytest.mark.parametrize(
    ("row", "column"),
    [(7, 9), (7, 9.4), (6.3, 9), (6.25, 9.75), (0, 0), (0, 5.5), (14, 19), (13.999, 0.001), (7.5, 9.5)],
)
def test_raster_equals_the_oracle(terrain_of, raster_by_oracle, row, column, curvature):
    rng = np.random.default_rng(7)
    rough = np.cumsum(rng.normal(0, 8, (15, 20)), axis=0) + rng.normal(0, 3, (15, 20))
    terrain = terrain_of(rough, dx=25, dy=40, x0=1000, y0=500)
    observer = (1000 + 25 * column, 500 - 40 * row, 4.0)
    found = lowest_visible(terrain, observer, range_m=450, curvature_factor=curvature)
    expected = raster_by_oracle(terrain, observer, 450, curvature)
    assert_same(found.lowest, expected[part_of(terrain, found)])
    outside = np.ones_like(expected, dtype=bool)
    outside[part_of(terrain, found)] = False
    assert np.isinf(expected[outside]).all()


@pytest.mark.parametrize("seed", range(12))
def test_walls_pillars_steps_and_holes_equal_the_oracle(terrain_of, raster_by_oracle, seed):
    """Ties are the hard part: flat ground at eye level, equal steps, edges seen end on."""
    rng = np.random.default_rng(seed)
    rows, columns = (int(size) for size in rng.integers(2, 24, 2))
    heights = rng.integers(0, 3, (rows, columns)) * 10.0 if seed % 2 else np.zeros((rows, columns))
    heights[rng.integers(rows), rng.integers(columns)] = 100.0
    heights[:, rng.integers(columns)] += 20.0
    if seed % 3 == 0:
        heights[rng.random((rows, columns)) < 0.06] = math.nan
    terrain = terrain_of(heights, dx=30, dy=20)
    x, y = 30 * rng.uniform(0, columns - 1), -20 * rng.uniform(0, rows - 1)
    if seed % 4 == 0:
        x, y = 30 * round(x / 30), 20 * round(y / 20)
    observer = (x, y, float(rng.choice([0, 10])))
    found = lowest_visible(terrain, observer, range_m=1e4, curvature_factor=FLAT)
    assert_same(found.lowest, raster_by_oracle(terrain, observer, 1e4, FLAT))


def test_generated_relief_equals_the_oracle(raster_by_oracle):
    terrain = synthetic_terrain(centre=(127.0, 38.0), radius_m=1500, spacing_m=50, seed=3, land=None)
    found = lowest_visible(terrain, (13.0, -27.0, 10.0), range_m=1300)
    assert_same(found.lowest, raster_by_oracle(terrain, (13.0, -27.0, 10.0), 1300)[part_of(terrain, found)])


def test_pairs_and_raster_agree_everywhere():
    """The two kernels share no code: one walks along rays, the other sweeps the horizon."""
    terrain = synthetic_terrain(centre=(127.0, 38.0), radius_m=4000, spacing_m=30, seed=11, land=None)
    observer = (210.0, -1234.5, 6.0)
    found = lowest_visible(terrain, observer, range_m=3000)
    asked = np.isfinite(found.lowest)
    x, y = np.meshgrid(*found.terrain.posts())
    (pairs,) = sight_heights(terrain, [observer], np.column_stack([x[asked], y[asked]]))
    np.testing.assert_allclose(found.lowest[asked], pairs, rtol=0, atol=1e-6)
    assert asked.sum() == 31_085


@pytest.mark.shared_data
@pytest.mark.parametrize(("file", "centre"), [("dmz128.tif", (127.15, 38.3)), ("bigtujunga30.tif", (-118.15, 34.32))])
def test_real_relief_equals_the_oracle(shared_data, seen_by_oracle, file, centre):
    terrain = read_elevation([shared_data / "terrain" / file], centre=centre, radius_m=6000)
    rng = np.random.default_rng(20)
    x0, y0 = (float(value) for value in terrain.to_grid(*centre))
    for _ in range(3):
        observer = (x0 + rng.uniform(-500, 500), y0 + rng.uniform(-500, 500), 10.0)
        found = lowest_visible(terrain, observer, range_m=5000)
        x, y = np.meshgrid(*found.terrain.posts())
        asked = np.argwhere(np.isfinite(found.lowest))
        (pairs,) = sight_heights(terrain, [observer], np.column_stack([x[tuple(asked.T)], y[tuple(asked.T)]]))
        assert_same(found.lowest[tuple(asked.T)], pairs)
        for r, c in rng.choice(asked, 150):
            expected = seen_by_oracle(terrain, observer, x[r, c], y[r, c], 4 / 3)
            assert found.lowest[r, c] == pytest.approx(expected, abs=1e-6)


def test_geographic_grid_after_reprojection_equals_the_oracle(raster_by_oracle):
    from skypact.exchange.elevation import default_elevation

    terrain = default_elevation(centre=(-84.25, 36.6), radius_m=1500)
    found = lowest_visible(terrain, (11.0, 22.0, 5.0), range_m=1200)
    assert_same(found.lowest, raster_by_oracle(terrain, (11.0, 22.0, 5.0), 1200)[part_of(terrain, found)])


def test_sector_leaves_the_rest_unasked(terrain_of):
    terrain = terrain_of(np.zeros((21, 21)), dx=10, dy=10)
    found = lowest_visible(terrain, (100, -100, 5), range_m=95, sector=(90, 90))
    x, y = np.meshgrid(*terrain.posts())
    east, north = x - 100, y + 100
    inside = (east >= np.abs(north) - 1e-9) & (np.hypot(east, north) <= 95)
    np.testing.assert_array_equal(np.isfinite(found.lowest), inside[part_of(terrain, found)])


@pytest.mark.parametrize("width", [1, 45, 100, 180, 200, 330, 360])
def test_a_sector_is_the_whole_answer_cut_to_it(width):
    from skypact.engines.coverage.sightlines import within_sector

    terrain = synthetic_terrain(centre=(127.0, 38.0), radius_m=1000, spacing_m=50, seed=5, land=None)
    observer = (12.5, -40.0, 6.0)
    whole = lowest_visible(terrain, observer, range_m=800)
    x, y = np.meshgrid(*whole.terrain.posts())
    bearing = np.degrees(np.arctan2(x - observer[0], y - observer[1]))
    for centre in (-170, -44, 0, 13, 90, 135, 271.5, 720):
        part = lowest_visible(terrain, observer, range_m=800, sector=(centre, width))
        expected = np.where(within_sector(bearing, (centre, width)), whole.lowest, math.inf)
        np.testing.assert_array_equal(part.lowest, expected)


def test_many_observers_give_the_same_in_any_number_of_threads():
    terrain = synthetic_terrain(centre=(127.0, 38.0), radius_m=2000, spacing_m=50, seed=5, land=None)
    rng = np.random.default_rng(1)
    observers = np.column_stack([rng.uniform(-1500, 1500, (9, 2)), np.full(9, 6.0)])
    alone = [lowest_visible(terrain, tuple(observer), range_m=800).lowest for observer in observers]
    for threads in (1, 2, 5):
        together = [found.lowest for found in lowest_visible_many(terrain, observers, range_m=800, threads=threads)]
        for one, other in zip(alone, together, strict=True):
            np.testing.assert_array_equal(one, other)
    targets = rng.uniform(-1500, 1500, (7000, 2))
    np.testing.assert_array_equal(
        sight_heights(terrain, observers, targets, threads=1), sight_heights(terrain, observers, targets, threads=4)
    )


def test_above_sea_is_ground_plus_lowest(terrain_of):
    heights = np.zeros((3, 11))
    heights[:, 4] = 20.0
    terrain = terrain_of(heights + 300, dx=10, dy=10)
    found = lowest_visible(terrain, (0, -10, 10), range_m=200, curvature_factor=FLAT)
    np.testing.assert_allclose(found.above_sea()[1, [3, 5, 8]], [300, 322.5, 330])
    np.testing.assert_array_equal(found.visible(25)[1], [True] * 7 + [False] * 4)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"range_m": 0}, "range_m must be positive and finite, is 0"),
        ({"range_m": math.nan}, "range_m must be positive and finite, is nan"),
        ({"range_m": 50, "curvature_factor": 0}, "curvature_factor must be positive, is 0"),
        ({"range_m": 50, "sector": (0, 400)}, r"a sector is \(centre, width\) with 0 < width <= 360 degrees"),
    ],
)
def test_arguments_out_of_bounds_are_refused(terrain_of, arguments, message):
    with pytest.raises(ValueError, match=message):
        lowest_visible(terrain_of(np.zeros((3, 3))), (30, -30, 2), **arguments)


def test_bad_positions_are_refused(terrain_of):
    terrain = terrain_of(np.zeros((3, 3)))
    with pytest.raises(ValueError, match=r"observer 0 at \(100\.0, 0\.0\) stands outside the terrain test"):
        lowest_visible(terrain, (100, 0, 2), range_m=50)
    with pytest.raises(ValueError, match=r"mast heights must not be negative, found -1 m"):
        sight_heights(terrain, [[0, 0, -1]], [[0, 0]])
    with pytest.raises(ValueError, match=r"observers must be finite x, y, mast triples"):
        sight_heights(terrain, [[0, 0]], [[0, 0]])
    with pytest.raises(ValueError, match=r"targets must be finite x, y pairs"):
        sight_heights(terrain, [[0, 0, 1]], [[0, math.inf]])
    with pytest.raises(ValueError, match="sectors: 1 given for 2 observers"):
        lowest_visible_many(terrain, [[0, 0, 1], [30, 0, 1]], range_m=50, sectors=[None])
