"""A strip along a border: places, sides, shares and blind stretches on relief small enough to count."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import shapely

from skypact.engines.coverage import SurfaceKind, Terrain, lowest_visible
from skypact.engines.coverage.strip import Side, Strip, watch

WALL_M = 400.0


def terrain(heights: np.ndarray) -> Terrain:
    return Terrain(heights, 0.0, 4000.0, 100.0, 100.0, "EPSG:32652", SurfaceKind.SYNTHETIC, "made up", "made up")


def plain() -> Terrain:
    return terrain(np.zeros((41, 81)))


def walled() -> Terrain:
    """A wall across the line at x = 4000 m, from the south to the north."""
    heights = np.zeros((41, 81))
    heights[:, 40] = WALL_M
    return terrain(heights)


def strip(**changes: Any) -> Strip:
    asked: dict[str, Any] = {
        "line": np.array([[500.0, 2000.0], [7500.0, 2000.0]]),
        "depth_m": 300.0,
        "places_every_m": 200.0,
        "stand_off_m": 1000.0,
        "side": Side.BOTH,
        "positions_every_m": 500.0,
        "mast_m": 10.0,
        "range_m": 3000.0,
        "height_m": 20.0,
        **changes,
    }
    return Strip(**asked)


def test_on_a_plain_the_fewest_sensors_are_those_that_geometry_needs() -> None:
    found = watch(strip(share=1.0), plain())
    # 7 km of line and a lattice 200 m wide around it: one circle of 3 km radius reaches under 6 km, so two
    assert len(found.positions) == 2
    assert found.sited.proven
    assert found.seen.all()
    assert found.blind_stretches == ()
    assert {tuple(np.round(place % 200, 6)) for place in found.places} == {(0.0, 0.0)}
    assert np.abs(found.places[:, 1] - 2000).max() <= 300


def test_a_wall_needs_a_sensor_on_each_side_or_on_top() -> None:
    one = watch(strip(sensors=1), walled())
    x = one.positions[0, 0]
    alone = lowest_visible(walled(), tuple(one.positions[0]), range_m=3000.0)
    assert x == 4000.0
    assert alone.visible(20.0).sum() == (one.lowest <= 20.0).sum()
    assert one.seen.sum() == one.sited.covered


@pytest.mark.parametrize(("side", "north"), [(Side.LEFT, True), (Side.RIGHT, False)])
def test_sides_are_told_looking_along_the_line(side: Side, north: bool) -> None:
    found = watch(strip(sensors=2, side=side), plain())
    assert ((found.positions[:, 1] > 2000) == north).all()
    turned = strip(sensors=2, side=side, line=np.array([[7500.0, 2000.0], [500.0, 2000.0]]))
    assert ((watch(turned, plain()).positions[:, 1] > 2000) != north).all()


def test_blind_stretches_are_where_nothing_is_seen() -> None:
    found = watch(strip(sensors=1, range_m=1000.0), plain())
    x = found.positions[0, 0]
    aside = found.positions[0, 1] - 2000.0
    half = np.sqrt(1000.0**2 - aside**2)
    reach = (np.ceil((x - half) / 100) * 100, np.floor((x + half) / 100) * 100)
    expected = [(500.0, reach[0] - 100), (reach[1] + 100, 7500.0)]
    told = [(500 + start, 500 + end) for start, end in found.blind_stretches]
    assert told == [pytest.approx(part) for part in expected if part[0] < part[1]]


def test_a_share_out_of_reach_says_what_can_be_reached() -> None:
    with pytest.raises(ValueError, match=r"^all 5 positions together see 78\.8% of the strip, not 100\.0%: allow"):
        watch(strip(share=1.0, mast_m=0.0, height_m=0.0, positions_every_m=2000.0), walled())


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({}, "give either the share that must be seen or the number of sensors"),
        ({"share": 0.5, "sensors": 3}, "give either the share that must be seen or the number of sensors"),
        ({"share": 1.5}, "share must be above 0 and at most 1, is 1.5"),
        ({"sensors": 0}, "sensors must be 1 or more, is 0"),
        ({"sensors": 1, "depth_m": 0.0}, "depth_m must be above 0, is 0.0"),
        ({"sensors": 1, "mast_m": -1.0}, "mast_m must be 0 or more, is -1.0"),
        ({"sensors": 1, "line": np.array([[1.0, 2.0]])}, r"the line must be at least two finite x, y points"),
    ],
)
def test_questions_without_sense(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        strip(**changes)


def test_a_line_beside_the_terrain() -> None:
    with pytest.raises(ValueError, match="^no post of known height lies within 300 m of the line$"):
        watch(strip(sensors=1, line=np.array([[0.0, 90_000.0], [1.0, 90_000.0]])), plain())


def test_no_sensor_stands_in_the_sea() -> None:
    """All land is the western half: what the eastern half sees would be better, but nothing stands there."""
    west = shapely.box(0, 0, 4000, 4000)
    anywhere, ashore = (watch(strip(sensors=2, land=land), plain()) for land in (None, west))
    assert ashore.candidates < anywhere.candidates
    assert anywhere.positions[:, 0].max() > 4000 >= ashore.positions[:, 0].max()
    assert ashore.seen.sum() < anywhere.seen.sum()
