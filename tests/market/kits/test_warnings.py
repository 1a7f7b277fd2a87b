"""How early approaches are noticed, in words and as a drawing; blind areas."""

from __future__ import annotations

import math
from typing import Any

import pytest
from defusedxml import ElementTree
from django.test import Client
from tests.market.kits import samples
from tests.market.kits.test_pages import publish, text

from skypact.market.kits.presentation import KitPage, conditions_of
from skypact.market.kits.rose import Spoke, rose_of
from skypact.market.kits.wording import seconds, square_metres, surface
from skypact.schema import Kit, Requirement

__all__ = ["publish"]
COMPASS = "NESW"


def approach(**changes: Any) -> dict[str, Any]:
    """Four straight approaches: noticed late from the north, never from the south."""
    return {
        "threat": "mini-multirotor",
        "height_m": 60,
        "speed_m_s": 20,
        "speed_source": {"title": "14 CFR 107.51", "date": "2026-01-01"},
        "bearings": [
            {"bearing_deg": 0, "first_seen_m": 310, "warning_s": 15.5},
            {"bearing_deg": 90, "first_seen_m": 2500, "at_least": True, "warning_s": 125.0},
            {"bearing_deg": 180, "first_seen_m": None, "warning_s": 0.0},
            {"bearing_deg": 350, "first_seen_m": 290, "warning_s": 14.5},
        ],
        "least_warning_s": 0.0,
        "path": {"type": "LineString", "coordinates": [[10.03, 49.99], [10.0, 50.0]]},
        "length_m": 2420.0,
        "observed_m": 310.0,
        "first_seen_m": 305.0,
        "warning_s": 15.25,
        **changes,
    }


def blind(area_m2: float) -> dict[str, Any]:
    ring = [[10.0, 50.0], [10.01, 50.0], [10.01, 50.01], [10.0, 50.0]]
    outline = {"type": "MultiPolygon", "coordinates": [[ring]]}
    return {
        "threat": "mini-multirotor",
        "height_m": 60,
        "area_m2": area_m2,
        "centre": [10.006, 50.004],
        "outline": outline,
    }


def kit(**changes: Any) -> Kit:
    return samples.kit(approaches=[approach()], blind_areas=[blind(250_000.0), blind(4200.0)], **changes)


@pytest.fixture
def page(tmp_path: Any) -> KitPage:
    return KitPage(kit(), tmp_path)


class TestWords:
    def test_times_are_rounded_down(self) -> None:
        assert [seconds(value) for value in (0.0, 15.9, 119.9, 120.0, 125.4, None)] == [
            "0 s", "15 s", "119 s", "2 min 00 s", "2 min 05 s", "unknown",
        ]  # fmt: skip

    def test_areas(self) -> None:
        assert [square_metres(value) for value in (4200.0, 99_000.0, 250_000.0, 50.24e6)] == [
            "0.42 ha", "9.9 ha", "0.25 km²", "50.2 km²",
        ]  # fmt: skip

    def test_surfaces(self) -> None:
        assert surface("bare_earth") == "bare earth: trees and buildings are not in it"
        assert surface("lidar, first return") == "lidar, first return"

    def test_each_direction_by_its_worst(self, page: KitPage) -> None:
        told = [(one.name, one.first_seen, one.warning, one.never) for one in page.approaches[0].octants]
        assert told == [
            ("north", "290 m", "14 s", False),
            ("east", "≥ 2.5 km", "≥ 2 min 05 s", False),
            ("south", "never", "none", True),
        ]

    def test_worst_and_path(self, page: KitPage) -> None:
        one = page.approaches[0]
        assert (one.least, one.worst_first_seen, one.speed) == ("0 s", "never", "20 m/s (72 km/h)")
        assert one.path == "2.42 km long, 310 m of it observed, first noticed with 305 m to go; warning 15 s"

    def test_an_unknown_speed_is_unknown(self, tmp_path: Any) -> None:
        bearings = [{"bearing_deg": 0, "first_seen_m": 310, "warning_s": None}]
        unknown = approach(speed_m_s=None, least_warning_s=None, warning_s=None, bearings=bearings)
        shown = KitPage(samples.kit(approaches=[unknown]), tmp_path)
        assert (shown.approaches[0].speed, shown.approaches[0].least) == ("unknown", "unknown")
        assert shown.shortest_warning is None
        assert "300 m" in shown.approaches[0].rose

    def test_conditions(self) -> None:
        assert conditions_of(samples.requirement()) == []
        document = samples.requirement().model_dump(mode="json")
        document["detection"] |= {"probability": 0.8, "fused_probability": 0.95, "sensors": 2}
        document |= {"weather": {"rain_mm_h": 10, "visibility_m": 4000}}
        document["trust"] = [{"grade": "stated", "factor": 0.7, "basis": "brochures"}]
        assert conditions_of(Requirement.model_validate(document)) == [
            ("Sensors", "each covered place is seen by 2 or more"),
            ("Probability", "one look of a sensor detects with at least 80 %"),
            ("Probability of all", "at least one of the sensors that see a place detects with at least 95 %"),
            ("Weather", "rain 10 mm/h, visibility 4 km, 0 dB louder than where ranges were stated"),
            ("Trust", "ranges that are Stated count for 70 %: brochures"),
        ]


class TestRose:
    def test_spokes_point_where_they_should_and_are_as_long_as_their_value(self) -> None:
        svg = rose_of([Spoke(90.0, 50.0), Spoke(0.0, 100.0)], spoken="x", unit="s", compass=COMPASS)
        paths = [one.get("d") for one in ElementTree.fromstring(svg).iter("path")]
        east, north = (float(d.split("A")[1].split()[0]) for d in paths)
        assert (east, north) == (50.0, 100.0)
        x, y = (float(part) for part in paths[0].split("L")[1].split("A")[0].split())
        assert x == pytest.approx(50 * math.cos(math.radians(8)), abs=0.1)
        assert y == pytest.approx(-50 * math.sin(math.radians(8)), abs=0.1)

    def test_what_is_never_noticed_is_crossed_out(self) -> None:
        root = ElementTree.fromstring(rose_of([Spoke(180.0, 0.0)], spoken="x", unit="s", compass=COMPASS))
        assert [one.get("stroke") for one in root.iter("path")] == ["#b50909"]

    @pytest.mark.parametrize(
        ("highest", "circles"),
        [(0.0, ["10 s"]), (1.9, ["0.5 s", "1 s", "1.5 s", "2 s"]), (62.0, ["20 s", "40 s", "60 s", "80 s"])],
    )
    def test_circles_are_round_figures(self, highest: float, circles: list[str]) -> None:
        root = ElementTree.fromstring(rose_of([Spoke(0.0, highest)], spoken="x", unit="s", compass=COMPASS))
        assert [one.text for one in root.iter("text")] == [*circles, *COMPASS]


@pytest.mark.django_db
class TestPage:
    def test_warnings_and_blind_areas_are_shown_with_tables(self, client: Client, publish: Any) -> None:
        publish(kit())
        shown = text(client, "/kits/harbour-kit/")
        for words in (
            "How early approaches are noticed",
            "Mini multirotor, 60 m: 0 s",
            "By direction, as a table",
            "≥ 2 min 05 s",
            "14 CFR 107.51",
            "0.25 km²",
            "0.42 ha",
            "50.00400° N, 10.00600° E",
            'href="#warnings"',
            'href="/kits/harbour-kit/report/"',
            'href="/kits/compare/?before=harbour-kit"',
        ):
            assert words in shown, words

    def test_a_kit_of_an_earlier_version_has_none(self, client: Client, publish: Any) -> None:
        publish(samples.kit())
        shown = text(client, "/kits/harbour-kit/")
        for words in ("How early approaches", "Blind areas", "Least warning", 'id="show-approach"', 'href="#warnings"'):
            assert words not in shown, words

    def test_they_are_on_the_map_and_in_the_download(self, client: Client, publish: Any) -> None:
        publish(kit())
        roles = [one["properties"]["role"] for one in client.get("/kits/harbour-kit/kit.geojson").json()["features"]]
        assert (roles.count("approach"), roles.count("blind-area")) == (1, 2)

    def test_they_are_in_the_report(self, client: Client, publish: Any) -> None:
        publish(kit())
        shown = text(client, "/kits/harbour-kit/report/")
        for words in ("Least warning time", "MGRS 32U", "Least-observed approach:", "0.25 km²"):
            assert words in shown, words
