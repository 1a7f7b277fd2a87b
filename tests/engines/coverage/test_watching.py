"""Sensors as plain numbers: the closed form of the lowest height seen agrees with looking height by height."""

from __future__ import annotations

import math

import numpy as np
import pytest

from skypact.engines.coverage import SurfaceKind, Terrain, lowest_visible
from skypact.engines.coverage.detection import Limits
from skypact.engines.coverage.watching import Places, Watcher, Watching, lowest_at, lowest_seen, seen_at
from skypact.schema import SensorKind

LOCAL = "+proj=tmerc +lat_0=38 +lon_0=127 +k=1 +x_0=0 +y_0=0 +datum=WGS84 +units=m +no_defs"
DRONE = "mini-multirotor"


def relief(heights: np.ndarray) -> Terrain:
    return Terrain(heights, 0.0, 3000.0, 100.0, 100.0, LOCAL, SurfaceKind.SYNTHETIC, "hills", "made up")


def hills(*, holes: bool = False) -> Terrain:
    heights = np.random.default_rng(7).uniform(0, 120, (31, 31))
    if holes:
        heights[4:7, 20:24] = np.nan
    return relief(heights)


def watcher(name: str, *, kind: str = "radar", width: float = 360.0, **more: float | None) -> Watcher:
    azimuth = more.pop("azimuth", None)
    limits = Limits(more.pop("blind", None), more.pop("low", None), more.pop("high", None))
    watching = (Watching(SensorKind(kind), DRONE, 1400.0, width, limits, 1400.0),)
    return Watcher(name, 1530.0, 1470.0, 15.0, azimuth, watching)


WATCHERS = {
    "all round": watcher("a"),
    "a sector": watcher("a", width=90.0, azimuth=350.0),
    "a blind range": watcher("a", blind=400.0),
    "elevation limits": watcher("a", low=-1.0, high=12.0),
    "all limits": watcher("a", low=1.0, high=40.0, blind=250.0, width=200.0, azimuth=90.0),
}


def posts(terrain: Terrain) -> Places:
    x, y = (axis.ravel() for axis in np.meshgrid(*terrain.posts()))
    return Places.on(terrain, x, y)


@pytest.mark.parametrize("name", WATCHERS)
def test_the_lowest_height_seen_is_where_seeing_begins(name: str) -> None:
    terrain, one = hills(), WATCHERS[name]
    places = posts(terrain)
    low = lowest_at(terrain, one, places)
    found = lowest_seen(terrain, [one], [low], places, threat=DRONE)
    heights = np.arange(0.0, 1600.0, 4.0)
    each = np.array([seen_at(terrain, [one], [low], places, threat=DRONE, height_m=h).sensors > 0 for h in heights])
    first = np.where(each.any(axis=0), heights[each.argmax(axis=0)], math.inf)
    seen = np.isfinite(found)
    assert np.isfinite(first).sum() > 50
    assert (found <= first)[~np.isnan(found)].all()
    assert (found > first - 4.0)[np.isfinite(first)].all()
    for height, sees in ((found + 1e-6, True), (found - 1e-6, False)):
        here = Places(places.x[seen], places.y[seen], places.ground[seen])
        at = seen_at(terrain, [one], [low[seen]], here, threat=DRONE, height_m=height[seen]).sensors > 0
        assert (at[found[seen] > 0] == sees).all()


def test_two_kinds_count_twice_and_two_of_a_kind_once() -> None:
    terrain = relief(np.zeros((31, 31)))
    both = [watcher("a"), watcher("b"), watcher("c", kind="camera")]
    at = Places.on(terrain, np.array([1600.0, 2999.0]), np.array([1500.0, 1500.0]))
    seen = seen_at(terrain, both, [lowest_at(terrain, one, at) for one in both], at, threat=DRONE, height_m=60.0)
    assert (seen.kinds.tolist(), seen.sensors.tolist(), seen.unknown.tolist()) == ([2, 0], [3, 0], [False, False])
    other = seen_at(terrain, both, [lowest_at(terrain, one, at) for one in both], at, threat="other", height_m=60.0)
    assert other.sensors.tolist() == [0, 0]


def test_unknown_is_neither_seen_nor_unseen() -> None:
    terrain, one = hills(holes=True), watcher("a")
    places = posts(terrain)
    low = lowest_at(terrain, one, places)
    found = lowest_seen(terrain, [one], [low], places, threat=DRONE).reshape(31, 31)
    seen = seen_at(terrain, [one], [low], places, threat=DRONE, height_m=100.0)
    assert np.isnan(found[4:7, 20:24]).all()
    assert seen.unknown.reshape(31, 31)[4:7, 20:24].all()
    assert not (seen.unknown & (seen.sensors > 0)).any()
    assert math.isinf(found[0, 0])
    assert not seen.unknown.reshape(31, 31)[30, 0]


def test_the_sweep_and_the_rays_agree() -> None:
    """A window of the sweep may stand in for rays to its posts."""
    terrain, one = hills(holes=True), watcher("a")
    places = posts(terrain)
    sight = lowest_visible(terrain, one.observer, range_m=5000.0)
    by_rays = lowest_at(terrain, one, places).reshape(31, 31)
    assert np.allclose(sight.lowest, by_rays, rtol=0, atol=1e-6, equal_nan=True)
