"""What holds for every relief: both kernels agree, higher masts see no less, and threads do not disturb one another."""

from __future__ import annotations

import math
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from skypact.engines.coverage import lowest_visible, sight_heights, synthetic_terrain

QUARTERS = st.integers(0, 28).map(lambda quarter: quarter / 4)


@st.composite
def reliefs(draw):
    """Small grids of few different heights, so that ties and walls are common, with some unknown posts."""
    shape = draw(st.tuples(st.integers(2, 8), st.integers(2, 8)))
    height = st.sampled_from([0.0, 0.0, 0.0, 1.0, 10.0, 50.0, -20.0, math.nan])
    return draw(arrays.arrays(np.float64, shape, elements=height))


@settings(max_examples=200, deadline=None)
@given(reliefs(), QUARTERS, QUARTERS, st.sampled_from([0.0, 1.0, 30.0]), st.sampled_from([4 / 3, math.inf]))
def test_rays_and_sweep_agree(terrain_of, heights, row, column, mast, curvature):
    row, column = min(row, heights.shape[0] - 1.0), min(column, heights.shape[1] - 1.0)
    terrain = terrain_of(heights, dx=30, dy=20)
    observer = (30 * column, -20 * row, mast)
    found = lowest_visible(terrain, observer, range_m=1e4, curvature_factor=curvature)
    x, y = np.meshgrid(*terrain.posts())
    pairs = sight_heights(terrain, [observer], np.column_stack([x.ravel(), y.ravel()]), curvature_factor=curvature)
    np.testing.assert_allclose(found.lowest.ravel(), pairs[0], rtol=0, atol=1e-6)


@settings(max_examples=50, deadline=None)
@given(reliefs(), QUARTERS, QUARTERS)
def test_a_higher_mast_sees_no_less(terrain_of, heights, row, column):
    row, column = min(row, heights.shape[0] - 1.0), min(column, heights.shape[1] - 1.0)
    terrain = terrain_of(heights)
    low = lowest_visible(terrain, (30 * column, -30 * row, 2.0), range_m=1e4)
    high = lowest_visible(terrain, (30 * column, -30 * row, 12.0), range_m=1e4)
    np.testing.assert_array_equal(low.unknown, high.unknown)
    known = ~low.unknown
    assert (high.lowest[known] <= low.lowest[known] + 1e-9).all()


def test_calls_from_several_threads_at_once_do_not_disturb_one_another():
    """A web server's threads do this; Numba's own threading layer would end the process."""
    terrain = synthetic_terrain(centre=(127.0, 38.0), radius_m=2000, spacing_m=50, seed=5, land=None)
    observers = np.column_stack([np.linspace(-1500, 1500, 12), np.linspace(900, -900, 12), np.full(12, 5.0)])
    targets = np.random.default_rng(3).uniform(-1900, 1900, (3000, 2))
    alone = sight_heights(terrain, observers, targets, threads=1)
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(lambda _: sight_heights(terrain, observers, targets, threads=2), range(6)))
    for other in together:
        np.testing.assert_array_equal(alone, other)
