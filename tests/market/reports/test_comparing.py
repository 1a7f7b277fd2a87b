"""Two kits side by side by their own figures."""

from __future__ import annotations

from typing import Any

import pytest
from pyproj import Geod
from tests.market.kits import samples

from skypact.market.reports.comparing import KitComparison, common_cases, metres_apart, square_metres
from skypact.schema import InputError, Kit

EARTH = Geod(ellps="WGS84")


def moved(kit: Kit, degrees: float) -> Kit:
    """The kit with its ring so far to the east."""
    ring = [{"type": "LineString", "coordinates": [[lon + degrees, lat] for lon, lat in samples.SQUARE]}]
    return Kit.model_validate({**kit.model_dump(mode="json"), "id": "elsewhere", "ring": ring})


def item(number: int, **changes: Any) -> dict[str, Any]:
    return {**samples.kit().items[number].model_dump(mode="json"), **changes}


def other_rules(changes: dict[str, Any]) -> Kit:
    """The kit, asked for otherwise."""
    document = samples.requirement().model_dump(mode="json")
    for name, value in changes.items():
        document[name] = {**document.get(name, {}), **value} if name in ("detection", "weather") else value
    return samples.kit(requirement=document)


class TestZone:
    def test_of_the_same_place_it_is_what_the_ring_encloses(self) -> None:
        comparison = KitComparison(samples.kit(), samples.kit())
        expected = abs(EARTH.polygon_area_perimeter(*zip(*samples.SQUARE, strict=True))[0])
        assert comparison.zone_m2 == pytest.approx(expected)
        assert comparison.same_ring

    def test_of_rings_that_overlap_it_is_what_both_enclose(self) -> None:
        comparison = KitComparison(samples.kit(), moved(samples.kit(), 0.03))
        assert comparison.zone_m2 == pytest.approx(square_metres(comparison.zone))
        assert comparison.zone.bounds == pytest.approx((10.01, 49.99, 10.02, 50.01))
        assert not comparison.same_ring

    def test_of_places_far_apart_there_is_none(self) -> None:
        kit, other = samples.kit(), moved(samples.kit(), 1.0)
        metres = metres_apart(kit, other)
        assert metres == pytest.approx(EARTH.inv(10.0, 50.0, 11.0, 50.0)[2], rel=1e-6)
        with pytest.raises(InputError) as refused:
            KitComparison(kit, other)
        assert str(refused.value) == (
            "elsewhere: ring: must meet the warning ring of harbour-kit, which lies 71.7 km away: "
            "only kits of one place can be compared"
        )


class TestRows:
    def test_shares_and_their_change(self) -> None:
        before = samples.kit()
        figure = before.coverage[0]
        better = figure.model_copy(update={"share": 1.0})
        other = figure.model_copy(update={"height_m": 120.0})
        after = before.model_copy(update={"coverage": (better, other)})
        told = [(pair.height, pair.before, pair.after, pair.points) for pair in KitComparison(before, after).shares]
        assert told == [("60 m", 0.955, 1.0, "+ 4.5"), ("120 m", None, 0.955, "")]

    def test_cases_of_both(self) -> None:
        before = samples.kit()
        asked = before.requirement
        wider = asked.detection.model_copy(update={"threats": ("other", "mini-multirotor"), "heights_m": (30.0,)})
        after = before.model_copy(update={"requirement": asked.model_copy(update={"detection": wider})})
        assert common_cases(before, after) == [("mini-multirotor", 30.0), ("mini-multirotor", 60.0)]

    def test_bill(self) -> None:
        radar = samples.kit().items[0]
        turned = [position.model_dump(mode="json") for position in radar.positions]
        turned[1]["azimuth_deg"] = 180.0
        items = [item(0, positions=turned), item(1, quantity=2), item(2), item(3, listing="other-c2")]
        comparison = KitComparison(samples.kit(), samples.kit(items=items))
        lines = [(line.item.listing, line.before, line.after, line.moved, line.kind) for line in comparison.bill]
        assert lines == [
            ("acme-radar", 2, 2, 1, "moved"),
            ("acme-camera", 1, 2, 0, "more"),
            ("other-c2", 0, 1, 0, "added"),
            ("acme-c2", 1, 0, 0, "removed"),
            ("acme-gateway", 1, 1, 0, "same"),
        ]

    def test_a_unit_more_at_a_new_place_did_not_move(self) -> None:
        positions = [position.model_dump(mode="json") for position in samples.kit().items[0].positions]
        more = [*positions, {**positions[0], "id": "p9", "at": [10.01, 50.005]}]
        comparison = KitComparison(samples.kit(), samples.kit(items=[item(0, quantity=3, positions=more)]))
        line = comparison.bill[0]
        assert (line.item.listing, line.moved, line.kind) == ("acme-radar", 0, "more")

    def test_cost_days_and_questions(self) -> None:
        dearer = {**samples.kit().cost.model_dump(mode="json"), "total": {"amount": "700000.50", "currency": "EUR"}}
        later = {**samples.kit().delivery.model_dump(mode="json"), "complete_on": "2027-03-11"}
        unknown = {"subject": "acme-c2", "question": "new?", "matters": "x", "settled_by": "y"}
        comparison = KitComparison(samples.kit(), samples.kit(cost=dearer, delivery=later, unknowns=[unknown]))
        gone, new = comparison.unknowns
        assert comparison.cost_words == "+ 0.50 EUR"
        assert comparison.days_later == 10
        assert ([one.subject for one in gone], [one.subject for one in new]) == (["acme-radar"], ["acme-c2"])

    def test_a_refused_kit(self) -> None:
        comparison = KitComparison(samples.kit(), samples.refused_kit())
        assert comparison.cost_change is None
        assert comparison.cost_words == ""
        assert comparison.days_later is None
        assert [(pair.before, pair.after) for pair in comparison.shares] == [(0.955, None)]

    def test_other_currencies_are_not_subtracted(self) -> None:
        dollars = {**samples.kit().cost.model_dump(mode="json"), "total": {"amount": "1", "currency": "USD"}}
        assert KitComparison(samples.kit(), samples.kit(cost=dollars)).cost_change is None

    def test_rules_that_differ(self) -> None:
        asked = samples.requirement(detection={**samples.requirement().detection.model_dump(mode="json"), "kinds": 2})
        comparison = KitComparison(samples.kit(), samples.kit(requirement=asked.model_dump(mode="json")))
        assert [(rule.name, rule.before, rule.after) for rule in comparison.rules] == [
            ("Kinds of sensor at each place", "1", "2")
        ]

    @pytest.mark.parametrize(
        ("changes", "keys"),
        [
            ({"detection": {"region": "area"}}, ["region"]),
            ({"detection": {"kinds": 2, "sensors": 3}}, ["kinds", "sensors"]),
            ({"detection": {"warning_distance_m": 600}}, ["warning_distance"]),
            ({"detection": {"probability": 0.5}}, ["probability", "weather"]),
            ({"detection": {"fused_probability": 0.9}}, ["fused_probability", "weather"]),
            ({"trust": [{"grade": "stated", "factor": 0.7, "basis": "x"}]}, ["trust"]),
            ({"site": {"name": "Old harbour", "circle": {"centre": [10.0, 50.0], "radius_m": 900}}}, ["site"]),
        ],
    )
    def test_shares_that_count_otherwise_are_not_subtracted(self, changes: dict[str, Any], keys: list[str]) -> None:
        pair = KitComparison(samples.kit(), other_rules(changes)).shares[0]
        assert [rule.key for rule in pair.unlike] == keys
        assert (pair.before, pair.after, pair.change, pair.points) == (0.955, 0.955, None, "")
        assert pair.differing

    def test_how_much_is_asked_for_changes_nothing(self) -> None:
        pair = KitComparison(samples.kit(), other_rules({"detection": {"share": 0.5}})).shares[0]
        assert (pair.unlike, pair.points, pair.differing) == ((), "± 0.0", "")

    def test_weather_alone(self) -> None:
        asked = {"probability": 0.5}
        one, other = (other_rules({"detection": asked, "weather": {"visibility_m": far}}) for far in (9e3, 1e3))
        assert [rule.key for rule in KitComparison(one, other).shares[0].unlike] == ["weather"]

    def test_each_side_says_what_it_counts(self) -> None:
        after = other_rules({"detection": {"region": "area", "probability": 0.5}})
        pair = KitComparison(samples.kit(), after).shares[0]
        assert [(rule.name, rule.before, rule.after) for rule in pair.unlike] == [
            ("Share of", "the warning ring", "the area inside the warning ring"),
            ("Probability", "", "one look of a sensor detects with at least 50 %"),
            ("Weather", "", "rain 0 mm/h, visibility not limited, 0 dB louder than where ranges were stated"),
        ]

    def test_the_same_rules_in_other_words_count_the_same(self) -> None:
        trust = [{"grade": "stated", "factor": 0.7, "basis": basis} for basis in ("trials", "habit")]
        one, other = (other_rules({"trust": [each]}) for each in trust)
        assert KitComparison(one, other).shares[0].unlike == ()

    def test_a_share_that_one_does_not_tell_is_no_other_count(self) -> None:
        after = other_rules({"detection": {"kinds": 2}}).model_copy(update={"coverage": ()})
        assert KitComparison(samples.kit(), after).shares[0].differing == ""

    def test_warning_does_not_hang_on_what_the_share_is_of(self) -> None:
        comparison = KitComparison(samples.kit(), other_rules({"detection": {"region": "area", "kinds": 2}}))
        assert {rule.key for pair in comparison.warnings for rule in pair.unlike} <= {"kinds"}
