"""Kits of products that stand in each other's way: what the engine of sets answers no is never composed."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.engines.kit.flat_land import DEAF_TO_CONTENT, EAR, HUB, bought, composed, ground
from tests.engines.kit.requirements import requirement
from tests.engines.made_up import DAY, EVIDENCE, claim, data_port, hub, listing, offer, power_port, sensor

from skypact.engines.interop.together import Part, Question, Wanted, check
from skypact.engines.kit import verify
from skypact.schema import Kit, Listing
from skypact.seed import coexistence_rules

RULES = coexistence_rules()
AROUND = {"share": 1.0}
"""What one panel of 180 degrees does not see alone."""


def on_air(low: float, high: float, width: float) -> dict[str, Any]:
    attributes = {"frequency_min_hz": low, "frequency_max_hz": high, "bandwidth_hz": width}
    return {"id": "air", "kind": "rf", "standard": "X band", "role": "peer", "attributes": attributes,
            "evidence": EVIDENCE}  # fmt: skip


def panel(name: str, price: str, *ports: dict[str, Any], width: float = 180, kind: str = "radar",
          watts: float = 100, **more: object) -> Listing:  # fmt: skip
    """A sensor that looks half round; a radar's transmitter is its radio port alone."""
    fields: dict[str, Any] = {
        "ports": [data_port("SAPIENT", "provides", "BSI Flex 335 v2"), power_port("consumes", "AC", 100, 240), *ports],
        "power_draw": claim(watts, "W"),
    }
    if kind == "passive_rf":
        fields |= DEAF_TO_CONTENT
    made = sensor(name, kind, 3000, price, width=width, **(fields | more))
    if kind != "radar":
        return made
    sensing = made.sensors[0].model_dump(mode="json") | {"emits": claim(False)}
    return Listing.model_validate(made.model_dump(mode="json") | {"sensors": [sensing]})


XBAND = panel("XBAND", "1000", on_air(9.0e9, 9.1e9, 1e8))


def found(asked: dict[str, Any], *listings: Listing) -> Kit:
    kit = composed(requirement(**asked), *listings, coexistence=RULES).kit
    if kit.items:
        known = {one.id: one for one in listings}
        parts = tuple(Part(known[item.listing], item.quantity) for item in kit.items)
        # every position has a circuit of its own, so that power is not asked of the set as a whole
        assert check(Question(parts, Wanted(powered=False, common=True), DAY, rules=RULES)).answer.value != "no"
    return kit


def test_two_radars_on_one_band_are_no_kit() -> None:
    kit = found({"detection": AROUND}, XBAND, HUB)
    assert kit.status == "no_kit"
    assert kit.refusal is not None
    assert [said.text for said in kit.refusal.sentences] == [
        "No kit that covers what is asked works together.",
        "The cheapest that covers it, at 12,000 EUR, does not: Xband beside Xband, on the same frequencies: A radar's "
        "receiver is disturbed by another radar on its channel once the interference exceeds a quarter of its noise "
        "(I/N of -6 dB).",
    ]
    (short,) = kit.refusal.shortfalls
    assert (short.limit.text, short.wanted.text) == ("side by side on the air", "products that work together")


def test_the_cheapest_kit_that_works_together_is_proven_in_its_place() -> None:
    ears = panel("EARS", "7000", kind="passive_rf")
    asked = {"detection": AROUND, "accept_unknown": ["coexistence"]}
    kit = found(asked, XBAND, ears, HUB)
    assert {item.listing: item.quantity for item in kit.items} == {"SYN-XBAND": 1, "SYN-EARS": 1, "SYN-HUB": 1}
    assert (kit.status.value, kit.cost and str(kit.cost.total)) == ("optimal", "18,000 EUR")
    assert (kit.optimisation.bound, kit.optimisation.gap) == (18000.0, 0.0)
    (told,) = [one for one in kit.unknowns if one.accepted is not None]
    assert told.question.text.startswith("Xband beside Ears: Signals of other sources")
    sure = found({"detection": AROUND}, XBAND, ears, HUB)
    assert {item.listing: item.quantity for item in sure.items} == {"SYN-EARS": 2, "SYN-HUB": 1}


def test_channels_of_their_own_are_no_conflict_until_they_run_out() -> None:
    channels = panel("CHANNELS", "1000", on_air(9.0e9, 9.1e9, 3e7), width=120)
    asked = {"detection": AROUND}
    assert {item.listing: item.quantity for item in found(asked, channels, HUB).items}["SYN-CHANNELS"] == 3
    two = panel("CHANNELS", "1000", on_air(9.0e9, 9.1e9, 5e7), width=120)
    dear = panel("DEAR", "9000", on_air(5.0e9, 5.1e9, 5e7), width=120)
    kit = found(asked, two, dear, HUB)
    assert {item.listing: item.quantity for item in kit.items} == {"SYN-CHANNELS": 2, "SYN-DEAR": 1, "SYN-HUB": 1}


def test_unknown_frequencies_are_refused_or_accepted_and_told() -> None:
    silent = panel("SILENT", "1000", on_air(9.0e9, 9.1e9, 1e8) | {"attributes": {}})
    refused = found({"detection": AROUND}, silent, HUB)
    assert refused.refusal is not None
    assert refused.refusal.shortfalls[0].remedy.text == (
        "find out: the frequencies of Silent; or accept unknown answers about neighbours on the air"
    )
    for accepted in ("coexistence", "interoperability"):
        kit = found({"detection": AROUND, "accept_unknown": [accepted]}, silent, HUB)
        assert kit.status == "optimal"
        (told,) = [one for one in kit.unknowns if one.accepted is not None]
        assert (told.subject, told.accepted, told.settled_by.text) == (
            "SYN-SILENT", accepted, "the frequencies of Silent",
        )  # fmt: skip
        assert kit.open_questions == 1


def ptp(role: str) -> dict[str, Any]:
    return {"id": f"ptp-{role}", "kind": "time", "standard": "PTP", "role": role, "version": "IEEE 1588-2019",
            "evidence": EVIDENCE}  # fmt: skip


def test_a_clock_is_bought_for_who_needs_one() -> None:
    timed = panel("TIMED", "1000", ptp("consumes"), kind="passive_rf", width=360)
    clock = listing("CLOCK", "network", offers=[offer("300")], power_draw=claim(5, "W"),
                    ports=[ptp("provides"), power_port("consumes", "AC", 100, 240)])  # fmt: skip
    assert {item.listing: item.quantity for item in found({}, timed, clock, HUB).items} == {
        "SYN-TIMED": 1, "SYN-HUB": 1, "SYN-CLOCK": 1,
    }  # fmt: skip
    without = found({}, timed, HUB)
    assert without.refusal is not None
    assert without.refusal.shortfalls[0].nearest.text == "nothing in the set gives Timed PTP"
    free = found({}, timed, EAR, HUB)
    assert {item.listing for item in free.items} == {"SYN-EAR", "SYN-HUB"}


def mechanical(role: str, **attributes: object) -> dict[str, Any]:
    return {"id": f"foot-{role}", "kind": "mechanical", "standard": "spigot", "role": role,
            "attributes": attributes, "evidence": EVIDENCE}  # fmt: skip


def test_every_unit_that_needs_a_mount_has_one_that_bears_it() -> None:
    heavy = panel("HEAVY", "1000", mechanical("consumes"), kind="passive_rf", mass=claim(30, "kg"))
    weak, strong, dear = (
        listing(name, "mount", offers=[offer(price)], ports=[mechanical("provides", load_max_kg=load)])
        for name, price, load in (("WEAK", "10", 20), ("STRONG", "50", 40), ("DEAR", "90", 90))
    )
    kit = found({"detection": AROUND}, heavy, weak, strong, dear, HUB)
    assert {item.listing: item.quantity for item in kit.items} == {"SYN-HEAVY": 2, "SYN-HUB": 1, "SYN-STRONG": 2}
    alone = found({"detection": AROUND}, heavy, weak, HUB)
    assert [(one.listings, one.reason.text) for one in alone.exclusions] == [
        (("SYN-HEAVY",), "Heavy weighs 30 kg, more than its mount carries")
    ]


def test_hubs_carry_tracks_and_data_only_so_far() -> None:
    busy = panel("BUSY", "1000", kind="passive_rf", width=360)
    sensing = busy.sensors[0].model_dump(mode="json") | {"tracks_max": claim(500, "1")}
    busy = Listing.model_validate(busy.model_dump(mode="json") | {"sensors": [sensing]})
    small = hub("SMALL", "5000", fusion={"sensors_max": claim(9, "1"), "tracks_max": claim(100, "1")})
    assert {item.listing for item in found({}, busy, small, HUB).items} == {"SYN-BUSY", "SYN-HUB"}
    sends = data_port("SAPIENT", "provides", "BSI Flex 335 v2", attributes={"data_rate_max_bit_s": 6e6})
    talker = panel("TALKER", "1000", kind="passive_rf", ports=[sends, power_port("consumes", "AC", 100, 240)])
    narrow, wide = (
        hub(name, price, fusion={"sensors_max": claim(9, "1")}, ports=[
            data_port("SAPIENT", "consumes", "BSI Flex 335 v2", attributes={"data_rate_max_bit_s": rate}),
            power_port("consumes", "AC", 100, 240)])
        for name, price, rate in (("NARROW", "5000", 1e7), ("WIDE", "8000", 1.2e7))
    )  # fmt: skip
    kit = found({"detection": AROUND}, talker, narrow, wide)
    assert {item.listing: item.quantity for item in kit.items} == {"SYN-TALKER": 2, "SYN-WIDE": 1}
    one = found({"detection": {"share": 0.4}}, talker, narrow, wide)
    assert {item.listing: item.quantity for item in one.items} == {"SYN-TALKER": 1, "SYN-NARROW": 1}


def test_one_circuit_bears_all_that_hangs_on_it() -> None:
    thirsty = panel("THIRSTY", "1000", kind="passive_rf", watts=3000)
    modest = panel("MODEST", "9000", kind="passive_rf", watts=600)
    single = {"detection": AROUND, "placement": {"positions_max": 1}}
    kit = found(single, thirsty, modest, HUB)
    assert {item.listing: item.quantity for item in kit.items} == {"SYN-THIRSTY": 1, "SYN-MODEST": 1, "SYN-HUB": 1}
    refused = found(single, thirsty, HUB)
    assert refused.refusal is not None
    assert refused.refusal.shortfalls[-1].nearest.text == (
        "Thirsty draw 6000 W at one position, the circuit there gives 3680 W"
    )
    apart = found({"detection": AROUND, "placement": {"positions_max": 2}}, thirsty, HUB)
    assert bought_places(apart) == 2


def bought_places(kit: Kit) -> int:
    return len({position.at for item in kit.items for position in item.positions})


def test_a_hub_of_which_nobody_says_how_many_it_takes() -> None:
    silent, ears = hub("SILENT-HUB", "5000"), panel("EARS", "7000", kind="passive_rf")
    asked = {"detection": AROUND}
    assert {item.listing for item in found(asked, ears, silent, HUB).items} == {"SYN-EARS", "SYN-HUB"}
    accepting = found(asked | {"accept_unknown": ["interface_detail"]}, ears, silent, HUB)
    assert {item.listing for item in accepting.items} == {"SYN-EARS", "SYN-SILENT-HUB"}
    assert [one.accepted for one in accepting.unknowns if one.subject == "SYN-SILENT-HUB"] == ["interface_detail"]
    assert accepting.open_questions == 1


BANDS = ((9.0e9, 9.1e9), (9.05e9, 9.15e9), (5.0e9, 5.1e9), None)


@st.composite
def catalogues(draw: st.DrawFn) -> tuple[list[Listing], list[Listing]]:
    sensors = []
    for number in range(draw(st.integers(2, 4))):
        kind, band = draw(st.sampled_from(["radar", "passive_rf"])), draw(st.sampled_from(BANDS))
        ports = [] if band is None else [on_air(*band, draw(st.sampled_from([2e7, 5e7, 1e8])))]
        ports += [ptp("consumes")] if draw(st.integers(0, 4)) == 0 else []
        price = str(draw(st.integers(1, 9)) * 100)
        sensors.append(
            panel(f"S{number}", price, *ports, kind=kind, width=360, watts=draw(st.sampled_from([100, 2500])))
        )
    clock = listing("CLOCK", "network", offers=[offer("150")], power_draw=claim(5, "W"),
                    ports=[ptp("provides"), power_port("consumes", "AC", 100, 240)])  # fmt: skip
    hubs = [
        hub(f"H{number}", str(draw(st.integers(1, 9)) * 100),
            **({} if most is None else {"fusion": {"sensors_max": claim(most, "1")}}))
        for number in range(draw(st.integers(1, 2)))
        for most in [draw(st.sampled_from([None, 1, 3]))]
    ]  # fmt: skip
    return sensors, [*hubs, *([clock] if draw(st.booleans()) else [])]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    catalogues(),
    st.integers(1, 2),
    st.integers(1, 3),
    st.sampled_from([(), ("coexistence",), ("interoperability",)]),
    st.booleans(),
)
def test_no_cheaper_set_passes_the_check(
    made: tuple[list[Listing], list[Listing]], kinds: int, count: int, accepted: tuple[str, ...], one_place: bool
) -> None:
    """Against every set of sensors, one hub and at most one clock. At one position stands one of each sensor, and all
    hang on one circuit; at several, as many as are asked for."""
    sensors, others = made
    asked = requirement(
        detection={"kinds": kinds, "sensors": max(count, kinds), "share": 0.5},
        placement={"positions_max": 1 if one_place else None},
        accept_unknown=accepted,
    )
    kit = composed(asked, *sensors, *others, coexistence=RULES).kit
    hubs = [one for one in others if one.category == "c2"]
    clocks = [one for one in others if one.category == "network"]
    costs = []
    for units in itertools.product(range((1 if one_place else max(count, kinds)) + 1), repeat=len(sensors)):
        chosen = [Part(one, number) for one, number in zip(sensors, units, strict=True) if number]
        seen = {one.listing.sensors[0].kind for one in chosen}
        if sum(units) != max(count, kinds) or len(seen) < kinds:
            continue
        for main, clocked in itertools.product(hubs, (False, True) if clocks else (False,)):
            parts = (*chosen, Part(main), *([Part(clocks[0])] if clocked else []))
            if works(parts, accepted) and (not one_place or drawn(chosen) <= 230 * 16):
                costs.append(sum(price(part.listing) * part.quantity for part in parts))
    if not costs:
        assert kit.status == "no_kit"
        return
    assert kit.cost is not None
    assert (kit.status.value, float(kit.cost.total.amount)) == ("optimal", min(costs))


def drawn(standing: list[Part]) -> float:
    return sum(part.quantity * float(str(part.listing.power_draw[0].value)) for part in standing)


def works(parts: tuple[Part, ...], accepted: tuple[str, ...]) -> bool:
    judged = check(Question(parts, Wanted(powered=False, common=True), DAY, rules=RULES))
    doubts = [one for one in judged.findings if one.answer.value == "unknown" and one.aspect.value != "support"]
    open_ = {"air": bool(accepted), "capacity": "interoperability" in accepted}
    return judged.answer.value != "no" and all(open_[one.aspect.value] for one in doubts)


def price(one: Listing) -> float:
    money = one.offers[0].price
    assert money is not None
    return float(money.amount)


def test_what_is_accepted_must_be_a_question_of_the_requirement() -> None:
    with pytest.raises(ValueError, match="accept_unknown takes"):
        requirement(accept_unknown=["coverage"])


def test_the_example_of_a_kit_without_rules_stays(  # the engine knows no rules that it is not given
) -> None:
    composition = composed(requirement(detection=AROUND), XBAND, HUB)
    assert bought(composition) == {"SYN-XBAND": 2, "SYN-HUB": 1}


def test_the_independent_check_asks_the_engine_again() -> None:
    kit = composed(requirement(detection=AROUND), XBAND, HUB).kit
    listings = {one.id: one for one in (XBAND, HUB)}
    assert verify(kit, listings=listings, terrain=ground()) == ()
    (wrong,) = verify(kit, listings=listings, terrain=ground(), coexistence=RULES)
    assert wrong.startswith("air of SYN-XBAND, SYN-XBAND is answered no: Xband beside Xband, on the same frequencies")
    silent = panel("SILENT", "1000", on_air(9.0e9, 9.1e9, 1e8) | {"attributes": {}})
    asked = requirement(detection=AROUND, accept_unknown=["coexistence"])
    told = composed(asked, silent, HUB, coexistence=RULES).kit
    listings = {one.id: one for one in (silent, HUB)}
    assert verify(told, listings=listings, terrain=ground(), coexistence=RULES) == ()
    hidden = told.model_copy(update={"unknowns": (), "open_questions": 0})
    (wrong,) = verify(hidden, listings=listings, terrain=ground(), coexistence=RULES)
    assert wrong.startswith("air of SYN-SILENT, SYN-SILENT is open and not told: Silent beside Silent")
