"""Profiles: ground, lowest visible altitude and line of sight at exact places."""

from __future__ import annotations

import csv
import math
from typing import Any

import pytest

from skypact.engines.coverage.sightlines import EARTH_RADIUS_M
from skypact.market.coverage.charts import Chart
from skypact.market.coverage.profiles import CORNERS_MAX, Profile, csv_of, line_of, profile
from skypact.market.coverage.scenes import Scene
from skypact.schema import InputError

DRONE = "micro-multirotor"


def at(scene: Scene, x: float, y: float) -> tuple[float, float]:
    lon, lat = scene.terrain.to_lonlat(x, y)
    return float(lon), float(lat)


def cut(scene: Scene, *line: tuple[float, float], sensor: str | None = None, **more: Any) -> Profile:
    asked = {"threat": DRONE, "height_m": 60.0, **more}
    corners = [at(scene, *corner) for corner in line]
    return profile(scene, scene.watch.watchers, corners, sensor=sensor, file="test", **asked)


def test_the_wall_hides_what_is_behind_it(scene: Scene) -> None:
    found = cut(scene, (900.0, 450.0), sensor="syn-radar-1")
    assert (found.length_m, found.samples[0].distance_m, found.samples[-1].distance_m) == (901.4, 0.0, 901.4)
    assert (found.clear, found.outside) == (False, 0)
    # eye 10 m, wall 120 m at 700 m: the ray over its top climbs 110 m in 700 m; the Earth falls by under 1 cm
    assert found.needed_m == pytest.approx(10 + 110 * 900 / 700, abs=0.05)
    top = max(found.samples, key=lambda sample: sample.ground_m or 0.0)
    assert (top.ground_m, top.distance_m) == (pytest.approx(120.0, abs=2.0), pytest.approx(701.1, abs=2.0))
    assert found.samples[-1].lowest_m == found.needed_m
    assert (found.samples[0].sight_m, found.samples[-1].sight_m) == (10.0, 60.0)
    bent = 450.7**2 / (2 * 4 / 3 * EARTH_RADIUS_M)
    assert found.samples[120].sight_m == pytest.approx(35.0 - bent, abs=0.1)


def test_high_enough_the_line_of_sight_is_clear(scene: Scene) -> None:
    assert cut(scene, (900.0, 450.0), sensor="syn-radar-1", height_m=200.0).clear is True
    assert cut(scene, (0.0, 900.0), sensor="syn-radar-1", height_m=0.0).clear is True


def test_why_a_sensor_does_not_see_the_end(scene: Scene) -> None:
    def reasons(*line: tuple[float, float]) -> list[str]:
        return [reason.value for reason in cut(scene, *line, sensor="syn-radar-1").reasons]

    assert reasons((0.0, 900.0)) == []
    assert reasons((0.0, -300.0)) == ["sector"]
    assert reasons((300.0, 450.0), (0.0, 900.0)) == ["corners"]
    assert reasons((-550.0, 950.0)) == ["ground"]
    assert "range" in reasons((0.0, 2900.0))


def test_a_line_drawn_from_the_sensor_itself_is_straight(scene: Scene) -> None:
    foot = next(one for one in scene.watch.watchers if one.id == "syn-radar-1")
    found = cut(scene, (foot.x, foot.y), (0.0, 900.0), sensor="syn-radar-1")
    assert (found.clear, found.reasons) == (True, ())


def test_corners_in_one_text() -> None:
    assert line_of(["1,2;3,4"], file="address", place="line") == line_of(["1,2", "3,4"], file="address", place="line")
    with pytest.raises(InputError, match=r"line\.1: must be longitude,latitude in degrees; corners are parted by ;"):
        line_of(["1,2;x"], file="address", place="line")


def test_between_two_places_there_is_no_line_of_sight(scene: Scene) -> None:
    found = cut(scene, (-1500.0, 500.0), (900.0, 500.0))
    assert (found.clear, found.sensor, found.needed_m) == (None, None, None)
    assert {sample.sight_m for sample in found.samples} == {None}
    assert {math.isinf(sample.lowest_m or 0.0) for sample in found.samples} == {True, False}


def test_corners_are_among_the_places(scene: Scene) -> None:
    found = cut(scene, (0.0, 0.0), (333.0, 0.0), (333.0, 444.0))
    corner = min(found.samples, key=lambda sample: abs(sample.distance_m - 333.0))
    assert corner.distance_m == 333.0
    assert found.length_m == 777.0


def test_what_lies_outside_the_relief_is_unknown_and_counted(scene: Scene) -> None:
    found = cut(scene, (2500.0, 0.0), (3500.0, 0.0))
    outside = [sample for sample in found.samples if sample.distance_m > 500.01]
    assert {(sample.ground_m, sample.lowest_m) for sample in outside} == {(None, None)}
    assert found.outside == len(outside)
    assert cut(scene, (-550.0, 950.0), sensor="syn-radar-1").clear is None


@pytest.mark.parametrize(
    ("line", "more", "complaint"),
    [
        (((0.0, 0.0),), {}, r"line: 2 to 50 corners \(found 1\)"),
        (((0.0, 0.0), (0.0, 0.0)), {}, "line: a line of 1 m to 300 km"),
        (((0.0, 0.0), (400_000.0, 0.0)), {}, "line: a line of 1 m to 300 km"),
        (((0.0, 0.0), (1.0, 9.0)), {"threat": "balloon"}, "threat: one of micro-multirotor"),
        (((0.0, 0.0),), {"sensor": "nobody"}, "sensor: one of syn-radar-1, syn-radar-2"),
        (tuple((float(n), 0.0) for n in range(CORNERS_MAX + 1)), {}, "line: 2 to 50 corners"),
    ],
)
def test_lines_that_are_none(scene: Scene, line: Any, more: dict[str, Any], complaint: str) -> None:
    with pytest.raises(InputError, match=complaint):
        cut(scene, *line, **more)


@pytest.mark.parametrize("text", ["", "1", "a,b", "1,2,3", "nan,1", "181,0", "0,-91"])
def test_corners_that_are_none(text: str) -> None:
    with pytest.raises(InputError, match=r"address: line\.1: must be longitude,latitude in degrees"):
        line_of(["1,2", text], file="address", place="line")


def test_the_file_says_unknown_by_nothing_and_never_by_inf(scene: Scene) -> None:
    rows = list(csv.DictReader(csv_of(cut(scene, (2500.0, 0.0), (3500.0, 0.0))).splitlines()))
    assert list(rows[0]) == [
        "distance_m", "longitude", "latitude", "ground_m", "lowest_visible_above_ground_m", "sight_m",
    ]  # fmt: skip
    assert (rows[0]["ground_m"], rows[0]["lowest_visible_above_ground_m"]) == ("0.0", "inf")
    assert (rows[-1]["ground_m"], rows[-1]["lowest_visible_above_ground_m"]) == ("", "")


def test_the_drawing_keeps_to_its_edges(scene: Scene) -> None:
    chart = Chart(cut(scene, (900.0, 450.0), sensor="syn-radar-1"), "")
    assert chart.ground.startswith("M64.0 ")
    assert chart.ground.endswith("Z")
    assert (chart.x(0.0), chart.x(901.4)) == (chart.left, chart.right)
    assert [tick.text for tick in chart.distances] == ["0", "200", "400", "600", "800"]
    assert all(chart.top <= tick.at <= chart.bottom for tick in chart.altitudes)
    assert len(chart.rows) == 25
    assert (chart.rows[0], chart.rows[-1]) == (chart.profile.samples[0], chart.profile.samples[-1])


def test_a_drawing_of_nothing_known(scene: Scene) -> None:
    chart = Chart(cut(scene, (3200.0, 0.0), (3900.0, 0.0)), "")
    assert (chart.ground, chart.lowest, chart.unseen, chart.sight) == ("", "", "", "")
    assert chart.altitudes
