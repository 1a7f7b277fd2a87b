"""Probability of detection, k of n, fused probability, areas, weather and trust in whole compositions."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from tests.engines.kit.flat_land import HUB, RADAR, bought, composed, ground
from tests.engines.kit.requirements import requirement
from tests.engines.made_up import claim, sensor

from skypact.engines.coverage.radar import calibrated_probability
from skypact.engines.kit import Composition, verify
from skypact.schema import InputError, Kit, Listing, Refusal

DETECTION = requirement().detection.model_dump(mode="json")
BAND = {"frequency_min": claim(9.3e9, "Hz"), "frequency_max": claim(9.4e9, "Hz")}


def with_sensor(one: Listing, **fields: Any) -> Listing:
    """The listing, its one sensing principle with other fields."""
    document = one.model_dump(mode="json")
    document["sensors"][0] |= fields
    return Listing.model_validate(document)


def radar(identifier: str, range_m: float, price: str, **fields: Any) -> Listing:
    return with_sensor(sensor(identifier, "radar", range_m, price), **fields)


def sound(composition: Composition, *listings: Listing) -> Kit:
    """The kit, counted again without complaint."""
    kit = composition.kit
    assert verify(kit, listings={one.id: one for one in listings}, terrain=composition.terrain) == ()
    return kit


def refused(kit: Kit) -> Refusal:
    assert kit.refusal is not None
    return kit.refusal


def snr(probability: float) -> float:
    """What a Swerling 1 target needs at one false alarm in a million."""
    return float(np.log(1e-6) / np.log(probability) - 1.0)


def test_two_sensors_must_stand_apart_or_differ() -> None:
    asked = requirement(detection={"sensors": 2})
    kit = sound(composed(asked, RADAR, HUB), RADAR, HUB)
    assert bought(composed(asked, RADAR, HUB)) == {"SYN-RADAR": 2, "SYN-HUB": 1}
    radars = next(item for item in kit.items if item.listing == "SYN-RADAR")
    assert len({position.at for position in radars.positions}) == 2
    figure = kit.coverage[0]
    assert (figure.sensors_required, figure.shares_by_sensors) == (2, (1.0, 1.0))
    assert figure.shares_by_kinds == (1.0,)


def test_a_sensor_counts_only_where_one_look_is_likely_enough() -> None:
    """Of 1,600 m at 0.9 the fourth power leaves 1,335 m at 0.95; the ring is 1,000 m from the middle."""
    asked = requirement(detection={"probability": 0.95, "share": 1.0})
    near = radar("NEAR", 1600, "50000")
    kit = sound(composed(asked, near, HUB), near, HUB)
    used = next(item for item in kit.items if item.listing == "SYN-NEAR").ranges[0]
    assert used.range_m == 1600
    assert used.probable_m == pytest.approx(1600 * (snr(0.9) / snr(0.95)) ** 0.25, abs=2e-3)
    assert float(calibrated_probability(used.probable_m, stated_range_m=1600)) >= 0.95 - 1e-12
    far = radar("FAR", 700, "50000")
    assert refused(composed(asked, far, HUB).kit).shortfalls[0].remedy.text


def test_no_probability_reaches_beyond_what_is_stated() -> None:
    asked = requirement(detection={"probability": 0.3})
    kit = composed(asked, RADAR, HUB).kit
    assert [used.probable_m for item in kit.items for used in item.ranges] == [3000]


def test_rain_shortens_a_radar_of_known_frequency() -> None:
    known = radar("KNOWN", 3000, "50000", frequency_min=claim(24e9, "Hz"), frequency_max=claim(24.25e9, "Hz"))
    dry = requirement(detection={"probability": 0.9})
    wet = requirement(detection={"probability": 0.9}, weather={"rain_mm_h": 25})
    dry_m, wet_m = (
        sound(composed(asked, known, HUB), known, HUB).items[0].ranges[0].probable_m for asked in (dry, wet)
    )
    assert dry_m == 3000
    assert 0 < wet_m < 0.6 * dry_m
    assert composed(wet, known, HUB).kit.items[0].ranges[0].frequency_hz == 24.25e9


def test_in_rain_a_radar_of_unknown_frequency_sees_nothing_and_that_is_told() -> None:
    wet = requirement(detection={"probability": 0.5}, weather={"rain_mm_h": 5})
    kit = composed(wet, RADAR, HUB).kit
    assert kit.status == "no_kit"
    assert [(group.question.value, group.answer.value, group.reason.text) for group in kit.exclusions] == [
        (
            "coverage",
            "unknown",
            "what rain of 5 mm/h takes from its range is unknown, since the catalogue holds no frequency band of it",
        )
    ]
    assumed = requirement(
        detection={"probability": 0.5},
        weather={"rain_mm_h": 5},
        assumptions=[
            {"kind": "frequency_hz", "category": "sensor.radar", "value": "9400000000", "basis": "X band, for planning"}
        ],
    )
    kit = sound(composed(assumed, RADAR, HUB), RADAR, HUB)
    assert [assumption.kind.value for assumption in kit.assumptions_used] == ["frequency_hz"]
    assert kit.items[0].ranges[0].frequency_hz == 9.4e9


def test_what_rain_takes_from_one_principle_of_a_unit_is_among_the_unknowns() -> None:
    """A unit of radar and receiver: the receiver still counts, what is unknown of the radar is said."""
    ear = sensor("EAR", "passive_rf", 3000, "20000", decodes_content=claim(False))
    both = ear.model_copy(update={"sensors": (*ear.sensors, *RADAR.sensors)})
    kit = sound(composed(requirement(detection={"probability": 0.5}, weather={"rain_mm_h": 5}), both, HUB), both, HUB)
    assert {used.kind.value: used.probable_m for used in kit.items[0].ranges} == {"passive_rf": 3000, "radar": 0}
    told = [unknown for unknown in kit.unknowns if "rain of 5 mm/h" in unknown.question.text]
    assert [(unknown.subject, unknown.settled_by.text) for unknown in told] == [
        ("SYN-EAR", "the data sheet: the frequency band; or the visibility at the site, as an assumption")
    ]


def test_a_fused_probability_takes_as_many_looks_as_it_needs() -> None:
    """Receivers give 0.9 each inside their range: 0.99 takes two, 0.999 three."""
    ear = sensor("EAR", "passive_rf", 3000, "20000", decodes_content=claim(False))
    for wanted, count in ((0.89, 1), (0.98, 2), (0.99, 2), (0.991, 3), (0.999, 3)):
        kit = sound(composed(requirement(detection={"fused_probability": wanted}), ear, HUB), ear, HUB)
        assert kit.items[0].quantity == count, wanted
        figure = kit.coverage[0]
        assert figure.fused_required == wanted
        assert figure.probability_least == pytest.approx(1 - 0.1**count)
        assert figure.probability_mean == pytest.approx(1 - 0.1**count)


def test_a_fused_probability_that_nothing_reaches_is_refused_with_how_near_one_gets() -> None:
    ear = sensor("EAR", "passive_rf", 3000, "20000", decodes_content=claim(False))
    asked = requirement(detection={"fused_probability": 0.999999}, placement={"spacing_m": 900})
    refusal = refused(composed(asked, ear, HUB).kit)
    assert "with a fused probability of 0.999999" in refusal.shortfalls[0].wanted.text
    assert "for more sensors" in refusal.shortfalls[0].remedy.text


def test_the_area_inside_the_ring_is_another_question_than_the_ring() -> None:
    """A radar blind within 800 m sees the whole ring at 1,000 m, and little of the area inside it."""
    blind = radar("BLIND", 3000, "50000", range_min=claim(800, "m"))
    placed = {"placement": {"spacing_m": 900}}
    ring = sound(composed(requirement(**placed), blind, HUB), blind, HUB)
    assert (ring.items[0].quantity, ring.coverage[0].region.value) == (1, "ring")
    assert ring.coverage[0].blind_area_m2 == pytest.approx(np.pi * 800**2, rel=0.05)  # cells of 100 m
    assert composed(requirement(**placed, detection={"region": "area"}), blind, HUB).kit.status == "no_kit"
    area = sound(composed(requirement(detection={"region": "area"}), blind, RADAR, HUB), blind, RADAR, HUB)
    figure = area.coverage[0]
    assert (figure.region.value, figure.share, figure.blind, figure.blind_area_m2) == ("area", 1.0, (), 0.0)
    assert area.optimisation.ring_points == 69  # 200 m apart in the polygon of 64 sides within a disc of 1,000 m


def test_an_area_is_not_tested_at_more_places_than_can_be_chosen_for() -> None:
    with pytest.raises(InputError, match="at least 32 for an area of 3.1 km²"):
        composed(requirement(detection={"region": "area", "spacing_m": 30}), RADAR, HUB)


def test_trust_shortens_weak_evidence_and_says_so() -> None:
    trust = [{"grade": "documented", "factor": 0.5, "basis": "planning assumption"}]
    kit = sound(composed(requirement(trust=trust), RADAR, HUB), RADAR, HUB)
    used = kit.items[0].ranges[0]
    assert used.range_m == 1500
    assert used.note.text.endswith("for the weakness of this evidence shortened to 50 %")
    assert (used.grade, str(used.observed), used.expires) == ("documented", "2026-01-01", None)
    other = requirement(trust=[{"grade": "stated", "factor": 0.5, "basis": "planning assumption"}])
    assert composed(other, RADAR, HUB).kit.items[0].ranges[0].range_m == 3000


def test_an_expired_range_is_unknown_and_one_that_expires_later_says_when() -> None:
    ranges = RADAR.sensors[0].ranges[0].model_dump(mode="json")
    gone = radar("RADAR", 1, "1", ranges=[{**ranges, "range": claim(3000, "m", expires="2026-11-21")}])
    assert composed(requirement(), gone, HUB).kit.status == "no_kit"
    later = radar("RADAR", 1, "1", ranges=[{**ranges, "range": claim(3000, "m", expires="2026-11-22")}])
    assert str(composed(requirement(), later, HUB).kit.items[0].ranges[0].expires) == "2026-11-22"


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"probable_m": 3001.0}, "counted on to 3001 m, beyond the 3000 m stated"),
        ({"probable_m": 2999.0}, "at 2999 m one look detects with 0.900, not 0.95"),
        ({"probable_m": None}, "does not say how far it is kept"),
        ({"expires": "2026-11-21"}, "the range expired on 2026-11-21"),
    ],
)
def test_the_verifier_notices_wrong_ranges(change: dict[str, Any], complaint: str) -> None:
    kit = composed(requirement(detection={"probability": 0.95}), RADAR, HUB).kit
    document = kit.model_dump(mode="json")
    document["items"][0]["ranges"][0] |= change
    found = verify(Kit.model_validate(document), listings={"SYN-RADAR": RADAR, "SYN-HUB": HUB}, terrain=ground())
    assert any(complaint in one for one in found), found


def test_the_verifier_notices_flattered_figures() -> None:
    kit = composed(requirement(detection={"sensors": 2, "fused_probability": 0.95}), RADAR, HUB).kit
    document = kit.model_dump(mode="json")
    document["items"][0]["positions"] = document["items"][0]["positions"][:1]
    listings = {"SYN-RADAR": RADAR, "SYN-HUB": HUB}
    found = verify(Kit.model_validate(document), listings=listings, terrain=ground())
    assert any("1.000 seen by 2 sensors, counted again it is 0.000" in one for one in found), found
    document = kit.model_dump(mode="json")
    document["coverage"][0]["probability_mean"] = 0.5
    document["coverage"][0]["probability_least"] = 0.5
    found = verify(Kit.model_validate(document), listings=listings, terrain=ground())
    assert [one.partition(": ")[2].partition(",")[0].partition(" at")[0] for one in found] == [
        "fused probability 0.500",
        "fused probability 0.5000",
    ]


def test_a_kit_lists_what_its_probabilities_rest_on_and_that_it_stands_in_the_sea() -> None:
    kit = composed(requirement(detection={"probability": 0.5}), RADAR, HUB, offshore_m=166_400.0).kit
    told = [unknown.question.text for unknown in kit.unknowns if unknown.subject == "test-site"]
    assert told == [
        "the site lies in the sea, 166 km from the coast",
        "the relief is generated; no real place looks like this",
        "the probability of detection at a radar's stated range is not public; 0.9 is counted",
    ]
    nothing = composed(requirement(), HUB, offshore_m=3000.0).kit
    assert [unknown.question.text for unknown in nothing.unknowns] == ["the site lies in the sea, 3 km from the coast"]
