"""Whole compositions on small grounds whose answers can be worked out by hand."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from tests.engines.kit.flat_land import DEAF_TO_CONTENT, EAR, HUB, RADAR, bought, composed, ground
from tests.engines.kit.requirements import requirement
from tests.engines.made_up import claim, data_port, hub, listing, offer, power_port, sensor

from skypact.engines.coverage.watching import Places, lowest_at
from skypact.engines.kit import verify
from skypact.engines.kit.watch import chance, counted
from skypact.schema import InputError


def test_one_sensor_and_one_hub_suffice_on_flat_land() -> None:
    kit = composed(requirement(), RADAR, EAR, HUB).kit
    assert {item.listing: item.quantity for item in kit.items} == {"SYN-EAR": 1, "SYN-HUB": 1}
    assert kit.status == "optimal"
    assert kit.cost is not None
    assert str(kit.cost.total) == "30,000 EUR"
    assert kit.cost.assumed.amount == 0
    assert [figure.share for figure in kit.coverage] == [1.0]
    assert kit.delivery is not None
    assert (str(kit.delivery.complete_on), kit.delivery.answer.value) == ("2026-12-21", "yes")
    assert {(link.kind, link.source, link.target, link.answer.value) for link in kit.links} == {
        ("data", "SYN-EAR", "SYN-HUB", "yes"),
        ("power", "mains", "SYN-EAR", "yes"),
        ("power", "mains", "SYN-HUB", "yes"),
    }


def test_the_price_of_one_offer_never_meets_the_date_of_another() -> None:
    radar = sensor("RADAR", "radar", 3000, None, offers=[offer("50000", 400), offer("80000", 20)])
    kit = composed(requirement(), radar, HUB).kit
    assert [(str(item.unit_price), item.lead_time_days) for item in kit.items] == [
        ("80,000 EUR", 20),
        ("10,000 EUR", 30),
    ]


def test_prices_are_compared_and_summed_to_their_last_decimal() -> None:
    dear, cheap = hub("DEAR", "100.0099"), hub("CHEAP", "100.0012")
    ear = sensor("EAR", "passive_rf", 3000, "19.99", **DEAF_TO_CONTENT)
    composition = composed(requirement(), ear, dear, cheap)
    assert bought(composition) == {"SYN-EAR": 1, "SYN-CHEAP": 1}
    assert composition.kit.cost is not None
    assert str(composition.kit.cost.total) == "119.9912 EUR"
    assert (composition.kit.optimisation.cost, composition.kit.optimisation.bound) == (119.9912, 119.9912)


def test_two_kinds_take_both_sensors() -> None:
    composition = composed(requirement(detection={"kinds": 2}), RADAR, EAR, HUB)
    assert bought(composition) == {"SYN-RADAR": 1, "SYN-EAR": 1, "SYN-HUB": 1}
    assert composition.kit.coverage[0].shares_by_kinds == (1.0, 1.0)


def test_a_dark_aircraft_is_not_heard() -> None:
    dark = sensor("RADAR", "radar", 3000, "50000", threats=("dark-multirotor",))
    ear = sensor("EAR", "passive_rf", 3000, "20000", threats=("dark-multirotor",), **DEAF_TO_CONTENT)
    composition = composed(requirement(detection={"threats": ["dark-multirotor"]}), dark, ear, HUB)
    assert bought(composition) == {"SYN-RADAR": 1, "SYN-HUB": 1}
    (left_out,) = composition.kit.exclusions
    assert left_out.reason.text == "it can notice none of the threat classes asked for"


def test_a_sector_sensor_stands_several_times() -> None:
    narrow = sensor("PANEL", "radar", 3000, "50000", width=180)
    composition = composed(requirement(detection={"share": 1.0}), narrow, HUB)
    assert bought(composition) == {"SYN-PANEL": 2, "SYN-HUB": 1}
    panel = composition.kit.items[0]
    assert sorted(position.azimuth_width_deg or 0 for position in panel.positions) == [180, 180]
    first, second = (position.azimuth_deg or 0.0 for position in panel.positions)
    assert abs((first - second) % 360 - 180) < 0.5


def test_a_ridge_hides_the_ring_behind_it() -> None:
    heights = np.zeros((61, 61))
    heights[:, 37] = 200.0
    seen = composed(requirement(detection={"share": 0.5}), RADAR, HUB, terrain=ground(heights)).kit
    assert bought_quantity(seen) == 1
    assert 0.5 <= seen.coverage[0].share < 0.9
    assert seen.coverage[0].blind
    lon = [point[0] for line in seen.coverage[0].blind for point in line.coordinates]
    assert min(lon) > 127.0


def bought_quantity(kit: Any) -> int:
    return sum(item.quantity for item in kit.items if item.category == "sensor.radar")


def test_the_gateway_is_bought_when_it_is_needed() -> None:
    old = sensor("OLD", "radar", 3000, "5000", speaks=("SAPIENT", "v1"))
    bridge = listing(
        "BRIDGE",
        "gateway",
        offers=[offer("1000")],
        power_draw=RADAR.model_dump(mode="json")["power_draw"],
        ports=[
            data_port("SAPIENT", "consumes", "v1"),
            data_port("SAPIENT", "provides", "BSI Flex 335 v2"),
            power_port("consumes", "AC", 100, 240),
        ],
    )
    composition = composed(requirement(), RADAR, old, bridge, HUB)
    assert bought(composition) == {"SYN-OLD": 1, "SYN-HUB": 1, "SYN-BRIDGE": 1}
    (link,) = [link for link in composition.kit.links if link.kind == "data"]
    assert link.via == ("SYN-BRIDGE",)
    without = composed(requirement(), old, HUB).kit
    assert without.status == "no_kit"
    assert without.exclusions[0].reason.text == (
        "it speaks SAPIENT v1, which no command and control product takes, directly or through a gateway"
    )


def test_a_doubtful_way_through_a_gateway_is_unknown_and_not_no() -> None:
    old = sensor("OLD", "radar", 3000, "5000", speaks=("SAPIENT", "v1"))
    bridge = listing(
        "BRIDGE",
        "gateway",
        offers=[offer("1000")],
        power_draw=claim(100, "W"),
        ports=[
            data_port("SAPIENT", "consumes", "v1"),
            data_port("REST API", "provides"),
            power_port("consumes", "AC", 100, 240),
        ],
    )
    kit = composed(requirement(), old, bridge, HUB).kit
    assert [(one.answer.value, one.reason.text) for one in kit.exclusions] == [
        ("unknown", "to Bridge: both speak SAPIENT v1; onwards: REST API does not say which messages pass")
    ]


def test_a_sensor_of_a_hub_that_was_not_looked_at_is_not_called_unable() -> None:
    ways = [(f"LANGUAGE {number}", "1") for number in range(13)]
    ears = [sensor(f"EAR{number}", "radar", 3000, "5000", speaks=way) for number, way in enumerate(ways)]
    hubs = [hub(f"HUB{number}", str(100 + number), takes=way) for number, way in enumerate(ways)]
    kit = composed(requirement(), *ears, *hubs).kit
    assert kit.status == "feasible"
    assert [(one.listings, one.answer.value, one.reason.text) for one in kit.exclusions] == [
        (
            ("SYN-EAR12",),
            "unknown",
            "of the many command and control products only some were looked at, and none of these takes what it sends",
        )
    ]


def test_how_many_sensors_a_hub_serves_is_unknown_until_somebody_states_it() -> None:
    asked = ("nobody states how many sensors Hub takes", "whether every sensor of the kit can be connected at once")
    found = composed(requirement(), EAR, hub("HUB", "10000")).kit.unknowns
    assert asked in [(one.question.text, one.matters.text) for one in found if one.subject == "SYN-HUB"]
    stated = hub("HUB", "10000", fusion={"sensors_max": claim(4, "1")})
    found = composed(requirement(), EAR, stated).kit.unknowns
    assert [one for one in found if one.subject == "SYN-HUB"] == []


def test_the_power_supply_is_bought_with_the_sensor() -> None:
    dc = sensor("DC", "radar", 3000, "5000", ports=[
        data_port("SAPIENT", "provides", "BSI Flex 335 v2"), power_port("consumes", "DC", 20, 30)])  # fmt: skip
    supply = listing(
        "SUPPLY",
        "power",
        offers=[offer("100")],
        ports=[power_port("provides", "DC", 24, 24, 120), power_port("consumes", "AC", 90, 264)],
    )
    composition = composed(requirement(), dc, supply, HUB)
    assert bought(composition) == {"SYN-DC": 1, "SYN-HUB": 1, "SYN-SUPPLY": 1}
    assert composition.kit.cost is not None
    assert str(composition.kit.cost.total) == "15,100 EUR"
    assert verify(composition.kit, listings={one.id: one for one in (dc, supply, HUB)}, terrain=ground()) == ()


def test_unknowns_keep_a_product_out_until_they_are_accepted() -> None:
    vague = sensor("VAGUE", "radar", 3000, "50000", speaks=("SAPIENT", None), ports=[data_port("SAPIENT", "provides")])
    refused = composed(requirement(), vague, HUB).kit
    assert refused.status == "no_kit"
    assert [(one.question.value, one.answer.value) for one in refused.exclusions] == [("power", "unknown")]
    half = composed(requirement(accept_unknown=["power"]), vague, HUB).kit
    assert [(one.question.value, one.answer.value) for one in half.exclusions] == [("interoperability", "unknown")]
    kit = composed(requirement(accept_unknown=["power", "interoperability"]), vague, HUB).kit
    assert kit.status == "optimal"
    asked = [unknown.question.text for unknown in kit.unknowns]
    assert "both speak SAPIENT; the sender's edition is not stated" in asked
    assert "power of Vague: its power input is not public" in asked


def test_no_price_no_part() -> None:
    free = sensor("FREE", "radar", 3000, None)
    kit = composed(requirement(), free, HUB).kit
    assert [(one.question.value, one.reason.text) for one in kit.exclusions] == [
        ("price", "no public price and no assumption")
    ]
    assumed = {"kind": "price", "category": "sensor.radar", "value": "7", "currency": "EUR", "basis": "a guess"}
    kit = composed(requirement(assumptions=[assumed]), free, HUB).kit
    assert kit.cost is not None
    assert str(kit.cost.assumed) == "7 EUR"
    assert [one.basis for one in kit.assumptions_used] == ["a guess"]
    assert any(unknown.question.text == "no price of Free is public" for unknown in kit.unknowns)


def test_what_comes_too_late_is_left_out() -> None:
    slow = sensor("SLOW", "radar", 3000, "1", days=300)
    kit = composed(requirement(), slow, RADAR, HUB).kit
    assert [item.listing for item in kit.items] == ["SYN-RADAR", "SYN-HUB"]
    assert kit.exclusions[0].reason.text == "arrives 2027-09-17, after the deadline 2027-06-30"


def test_too_short_ranges_are_refused_with_how_near_one_gets() -> None:
    short = sensor("SHORT", "radar", 600, "100")
    kit = composed(requirement(placement={"spacing_m": 5000}), short, HUB).kit
    assert kit.status == "no_kit"
    assert kit.refusal is not None
    (shortfall,) = kit.refusal.shortfalls
    assert shortfall.limit.text == "Micro multirotor at 60 m above ground"
    assert shortfall.nearest.text == "0.0% with every product at every position"


def test_too_small_a_budget_names_the_price_of_the_cheapest_kit() -> None:
    kit = composed(requirement(budget={"amount": "29999", "currency": "EUR"}), EAR, HUB).kit
    assert kit.status == "no_kit"
    assert kit.refusal is not None
    assert [said.text for said in kit.refusal.sentences] == [
        "The cheapest kit found costs 30,000 EUR; the budget is 29,999 EUR.",
        "No kit can cost less than 30,000 EUR.",
    ]
    assert kit.refusal.shortfalls[0].remedy.text.startswith("1 EUR more")
    assert composed(requirement(budget={"amount": "30000", "currency": "EUR"}), EAR, HUB).kit.status == "optimal"


def test_an_empty_catalogue_is_refused() -> None:
    kit = composed(requirement()).kit
    assert kit.refusal is not None
    assert kit.refusal.sentences[0].text == "No sensor in the catalogue can be part of a kit for this requirement."


def test_at_most_so_many_positions() -> None:
    narrow = sensor("PANEL", "radar", 1100, "50000", width=120)
    asked = {"detection": {"share": 1.0}}
    many = composed(requirement(**asked, placement={"points": [[127.0, 37.5]]}), narrow, HUB).kit
    one = composed(requirement(**asked, placement={"points": [[127.0, 37.5]], "positions_max": 1}), narrow, HUB).kit
    assert one.status == "optimal"
    assert len({position.at for item in one.items for position in item.positions}) == 1
    assert one.cost is not None
    assert many.cost is not None
    assert one.cost.total.amount >= many.cost.total.amount


def test_the_same_question_has_the_same_answer() -> None:
    first = composed(requirement(), RADAR, EAR, HUB).kit
    second = composed(requirement(), HUB, EAR, RADAR).kit
    assert first == second


def test_an_unknown_threat_class() -> None:
    with pytest.raises(InputError) as caught:
        composed(requirement(detection={"threats": ["balloon"]}), RADAR, HUB)
    assert str(caught.value).startswith("test-site: detection.threats.0: one of ")
    assert str(caught.value).endswith("(found 'balloon')")


def test_a_site_off_the_terrain() -> None:
    far = ground(half=3)
    with pytest.raises(InputError, match="the site must lie on the terrain flat"):
        composed(requirement(detection={"warning_distance_m": 5000}), RADAR, HUB, terrain=far)


def test_too_fine_a_grid() -> None:
    with pytest.raises(InputError, match="at most 1500 candidate positions"):
        composed(requirement(placement={"spacing_m": 10}), RADAR, HUB)


def test_too_many_points_of_ones_own() -> None:
    points = [[127.0, 37.5 + number * 1e-6] for number in range(1500)]
    with pytest.raises(InputError, match=r"placement\.points: at most 1500 candidate positions"):
        composed(requirement(placement={"points": points}), RADAR, HUB)


def test_more_cases_than_memory_holds() -> None:
    heights = [float(height) for height in range(1, 101)]
    points = [[127.0, 37.5 + number * 1e-6] for number in range(1400)]
    asked = requirement(detection={"heights_m": heights, "spacing_m": 10}, placement={"points": points})
    with pytest.raises(InputError, match=r"detection: at most 40,000,000 cases of position, ring place, threat class"):
        composed(asked, RADAR, HUB)


def test_nowhere_to_stand() -> None:
    with pytest.raises(InputError, match="the area where equipment may stand"):
        composed(requirement(placement={"exclude": [{"centre": [127.0, 37.5], "radius_m": 600}]}), RADAR, HUB)


def test_places_on_unknown_ground_are_never_seen() -> None:
    heights = np.zeros((61, 61))
    heights[:, 34:] = np.nan
    kit = composed(requirement(detection={"share": 0.5}), RADAR, HUB, terrain=ground(heights)).kit
    assert 0.5 <= kit.coverage[0].share < 0.75


def test_the_layers_count_kinds() -> None:
    composition = composed(requirement(detection={"kinds": 2}), RADAR, EAR, HUB)
    (layer,) = composition.layers
    assert (layer.threat, layer.height_m, layer.kinds.shape) == ("micro-multirotor", 60.0, (61, 61))
    assert layer.kinds.max() == 2
    assert layer.kinds[30, 30] == 2
    assert layer.kinds[0, 0] == 0


@pytest.mark.parametrize(
    ("width", "more"),
    [
        (180, {}),
        (70, {}),
        (180, {"sensors": 2, "share": 0.3}),
        (180, {"region": "area", "share": 0.4, "spacing_m": 100}),
        (180, {"probability": 0.5, "fused_probability": 0.95, "share": 0.3}),
    ],
)
def test_counted_again_from_its_watch_a_kit_has_the_same_figures(width: float, more: dict[str, Any]) -> None:
    """Places on the very edge of a range or sector included: the watch is not rounded."""
    heights = np.zeros((61, 61))
    heights[20:40, 37] = 120.0
    heights[5:9, 8:12] = np.nan
    asked = requirement(detection={"share": 0.6, "spacing_m": 50, "heights_m": [30, 60], **more})
    radar = sensor("RADAR", "radar", 1000, "50000", width=width)
    composition = composed(asked, radar, HUB, terrain=ground(heights))
    watch = composition.watch
    assert watch is not None
    assert [one.id for one in watch.watchers] == [
        position.id for item in composition.kit.items for position in item.positions
    ]
    places = Places.on(composition.terrain, *watch.places.T)
    lowest = [lowest_at(composition.terrain, one, places) for one in watch.watchers]
    shares = []
    for figure in composition.kit.coverage:
        here = (composition.terrain, watch.watchers, lowest, places, asked)
        shares.append(float(counted(*here, threat=figure.threat, height_m=figure.height_m).met.mean()))
    assert shares == [figure.share for figure in composition.kit.coverage]
    assert 0 < min(shares) < 1


def test_sensors_that_see_a_place_miss_together_what_each_misses() -> None:
    """The mean and least probability that the kit itself tells, worked out again from its watch."""
    asked = requirement(detection={"kinds": 2, "probability": 0.5})
    composition = composed(asked, RADAR, EAR, HUB)
    watch, terrain, figure = composition.watch, composition.terrain, composition.kit.coverage[0]
    assert watch is not None
    places = Places.on(terrain, *watch.places.T)
    lowest = [lowest_at(terrain, one, places) for one in watch.watchers]
    here = (terrain, watch.watchers, lowest, places, asked)
    met = counted(*here, threat=figure.threat, height_m=figure.height_m).met
    together = chance(*here, threat=figure.threat, height_m=figure.height_m)[met]
    assert together.mean() == pytest.approx(figure.probability_mean, abs=1e-12)
    assert together.min() == pytest.approx(figure.probability_least, abs=1e-12)
    alone = chance(
        terrain, watch.watchers[:1], lowest[:1], places, asked, threat=figure.threat, height_m=figure.height_m
    )
    assert (alone[met] < together).all()


def test_progress_runs_through_every_stage() -> None:
    heard: list[tuple[str, float]] = []
    composed(requirement(), RADAR, HUB, progress=lambda stage, done: heard.append((stage, done)))
    stages = list(dict.fromkeys(stage for stage, _ in heard))
    assert stages == ["eligibility", "sight", "reduce", "solve", "explain"]
    assert all(0 <= done <= 1 for _, done in heard)


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        (lambda kit: {"cost": kit.cost.model_copy(update={"total": kit.cost.budget})}, "the items add up to 30000"),
        (lambda kit: {"links": kit.links[1:]}, "sensor SYN-EAR has no data link"),
        (lambda kit: {"items": kit.items[:1]}, "a data link names SYN-HUB, which is not in the kit"),
        (
            lambda kit: {"items": (kit.items[0].model_copy(update={"positions": ()}), *kit.items[1:])},
            "counted again it is 0.000",
        ),
    ],
)
def test_the_verifier_notices(change: Any, complaint: str) -> None:
    kit = composed(requirement(), EAR, HUB).kit
    listings = {one.id: one for one in (EAR, HUB)}
    assert verify(kit, listings=listings, terrain=ground()) == ()
    tampered = kit.model_copy(update=change(kit))
    assert any(complaint in found for found in verify(tampered, listings=listings, terrain=ground()))
