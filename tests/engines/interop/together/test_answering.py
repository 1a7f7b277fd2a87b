"""The whole answer: aspects of the set as it is, additions, floors."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from tests.engines.interop.together.made import V1, V2, V3, ask, c2, dc_sensor, gateway, serving, supply
from tests.engines.made_up import EVIDENCE, claim, data_port, listing, power_port, sensor

from skypact.engines.interop.together import Aspect, Outcome, answer, check, complete
from skypact.engines.interop.together.air import channels_fit, conflicts, radio_sight_m
from skypact.engines.interop.together.completing import fewest_left_out
from skypact.engines.interop.together.packing import fits
from skypact.schema import Listing
from skypact.seed import coexistence_rules

A, B = sensor("A", "radar", 1, "1", speaks=V1), sensor("B", "camera", 1, "1", speaks=V2)
C = c2("C", V2)


def test_a_set_that_works() -> None:
    found = answer(ask(B, C))
    assert found.answer == "yes"
    assert found.checked.aspects == {
        Aspect.DATA: "yes",
        Aspect.CAPACITY: "yes",
        Aspect.POWER: "yes",
        Aspect.AIR: "yes",
        Aspect.SUPPORT: "unknown",
    }
    assert found.completion is not None
    assert found.completion.additions == ()


def test_what_does_not_connect_is_named_and_mended() -> None:
    found = answer(ask(A, B, C, offered=((gateway("G", V1, V2), 5.0),)))
    assert (found.answer.value, found.checked.aspects[Aspect.DATA].value) == ("no", "no")
    (against,) = [one for one in found.checked.findings if one.answer == "no"]
    assert (against.subjects, against.reason.text) == (
        ("SYN-A", "SYN-C"),
        "A speaks SAPIENT v1; C takes SAPIENT v2",
    )
    assert found.completion is not None
    assert [(one.id, count) for one, count in found.completion.additions] == [("SYN-G", 1)]
    assert found.reasons == ()


def test_an_unknown_is_listed_with_its_missing_fact() -> None:
    vague = sensor("V", "radar", 1, "1", speaks=("SAPIENT", None))
    found = check(ask(vague, C))
    assert found.answer == "unknown"
    (missing,) = [one.missing for one in found.findings if one.aspect is Aspect.DATA]
    assert missing is not None
    assert missing.text == "both speak SAPIENT; the sender's edition is not stated"


def test_support_counts_only_where_asked() -> None:
    assert check(ask(B, C)).answer == "yes"
    assert check(ask(B, C, supported=True)).answer == "unknown"


def test_a_budget_that_is_too_small_has_a_floor_and_a_way_out() -> None:
    question = ask(A, B, C, offered=((gateway("G", V1, V2), 500.0),), budget=400.0)
    found = answer(question)
    (limit,) = found.limits
    assert (limit.name, limit.floor, limit.proven) == ("budget", 500.0, True)
    assert [one.text for one in limit.sentences] == [
        "The cheapest additions found cost 500.00; the budget is 400.00.",
        "No additions that do it cost less than 500.00.",
    ]
    assert [(one.way.value, one.to, one.without, one.completion.cost, one.proven) for one in limit.repairs] == [
        ("raise", 500.0, (), 500.0, True),
        ("without", None, (("SYN-A", 1),), 0.0, True),
    ]
    assert [one.text for repair in limit.repairs for one in repair.sentences] == [
        "Raise the budget to 500.00.",
        "Leave out A, and nothing need be added.",
    ]


def test_other_ways_out_of_a_budget() -> None:
    """Another command and control product, or a detail left open, where these are cheaper."""
    vague = gateway("VAGUE", ("SAPIENT", None), V2)
    offered = ((gateway("G", V1, V2), 500.0), (c2("BOTH", V1, V2), 300.0), (vague, 90.0))
    found = answer(ask(A, B, C, offered=offered, budget=400.0, accept=1))
    (limit,) = found.limits
    assert [(one.way.value, one.completion.cost, one.certainty) for one in limit.repairs] == [
        ("raise", 500.0, 0),
        ("without", 0.0, 0),
        ("other_c2", 300.0, 0),
        ("open", 90.0, 1),
    ]


def test_a_mass_that_is_too_small_has_a_floor_and_ways_out() -> None:
    heavy = gateway("G", V1, V2, mass=claim(9, "kg"))
    light = gateway("L", V1, V2, mass=claim(7, "kg"))
    mute = gateway("M", V1, V2)
    offered = ((heavy, 1.0), (light, 80.0), (light.model_copy(update={"id": "SYN-L2"}), 60.0), (mute, 0.5))
    question = ask(A, B, C, offered=offered, mass_max_kg=5.0)
    found = answer(question)
    assert found.completion is None
    assert found.checked.aspects[Aspect.MASS] == "unknown"
    (limit,) = found.limits
    assert (limit.name, limit.floor, limit.proven) == ("mass", 7.0, True)
    assert [one.text for one in limit.sentences] == [
        "The lightest set found weighs 7 kg; 5 kg are allowed.",
        "No set that works weighs less than 7 kg.",
        "Nobody states the mass of A, B, C; it counts as nothing.",
    ]
    assert [(one.way.value, one.to, one.without, one.completion.cost) for one in limit.repairs] == [
        ("raise", 7.0, (), 60.0),
        ("cheaper", 9.0, (), 1.0),
        ("without", None, (("SYN-A", 1),), 0.0),
    ]


def test_ways_out_of_a_mass_say_what_has_no_price() -> None:
    question = ask(A, B, C, offered=((gateway("G", V1, V2, mass=claim(9, "kg")), None),), mass_max_kg=5.0)
    (limit,) = answer(question).limits
    assert [[one.text for one in repair.sentences] for repair in limit.repairs] == [
        ["Allow 9 kg, the least there is; nobody states a price of what is added then: G."],
        ["Leave out A, and nothing need be added."],
    ]


@settings(deadline=None, max_examples=25)
@given(
    sensors=some.lists(some.tuples(some.sampled_from((V1, V2, V3)), some.integers(1, 2), some.integers(1, 9)),
                       min_size=1, max_size=3),
    gateways=some.lists(some.tuples(some.sampled_from((V1, V3)), some.integers(1, 30), some.integers(1, 9),
                                    some.integers(1, 2)), max_size=3),
    budget=some.one_of(some.none(), some.integers(0, 40)),
    mass=some.one_of(some.none(), some.integers(1, 30)),
    kinds=some.integers(0, 2),
)  # fmt: skip
def test_as_few_sensors_as_can_be_are_left_out(
    sensors: list[tuple[tuple[str, str], int, int]],
    gateways: list[tuple[tuple[str, str], int, int, int]],
    budget: int | None,
    mass: int | None,
    kinds: int,
) -> None:
    names = ("radar", "camera", "acoustic")
    parts = [
        (sensor(f"S{number}", names[number], 1, "1", speaks=spoken, mass=claim(weight, "kg")), count)
        for number, (spoken, count, weight) in enumerate(sensors)
    ]
    offered = tuple(
        (gateway(f"G{number}", taken, V2, mass=claim(weight, "kg"), **serving(count)), float(price))
        for number, (taken, price, weight, count) in enumerate(gateways)
    )
    question = ask(*parts, C, offered=offered, powered=False, kinds=kinds,
                   budget=budget, mass_max_kg=mass)  # fmt: skip
    found = fewest_left_out(question, limit_s=30)
    tried = []
    for counts in product(*(range(count + 1) for _, count in parts)):
        if not any(counts):
            continue
        kept = [(one, count) for (one, _), count in zip(parts, counts, strict=True) if count]
        if len({one.sensors[0].kind for one, _ in kept}) < kinds:
            continue
        done = complete(ask(*kept, C, offered=offered, powered=False, mass_max_kg=mass))
        if done.outcome is Outcome.PROVEN and (budget is None or done.cost <= budget):
            tried.append((sum(count for _, count in parts) - sum(counts), done.cost))
    assert (found is not None) == bool(tried)
    if found is not None:
        fewer = [(one, count - found.left_out.get(one.id, 0)) for one, count in parts]
        kept = [(one, count) for one, count in fewer if count]
        done = complete(ask(*kept, C, offered=offered, powered=False, mass_max_kg=mass))
        assert (sum(found.left_out.values()), done.cost) == min(tried)
        assert (found.completion.outcome, found.completion.cost) == (Outcome.PROVEN, done.cost)


def test_tracks_and_data_rate() -> None:
    radar = [{"kind": "radar", "tracks_max": claim(200, "1")}]
    many = sensor("M", "radar", 1, "1", speaks=V2, sensors=radar)
    small = c2("SMALL", V2, fusion={"sensors_max": claim(4, "1"), "tracks_max": claim(100, "1")})
    middle = c2("MIDDLE", V2, fusion={"sensors_max": claim(4, "1"), "tracks_max": claim(300, "1")})
    found = check(ask(many, small))
    assert found.aspects[Aspect.CAPACITY] == "no"
    assert "M reports up to 200 tracks, Small carries 100" in [one.reason.text for one in found.findings]
    assert check(ask(many, middle)).aspects[Aspect.CAPACITY] == "yes"
    assert check(ask((many, 2), middle)).aspects[Aspect.CAPACITY] == "unknown"
    fast = sensor("F", "camera", 1, "1", ports=[
        data_port("SAPIENT", "provides", "v2", attributes={"data_rate_max_bit_s": 8e6}),
        power_port("consumes", "AC", 100, 240)])  # fmt: skip
    slow = c2("SLOW", V2, ports=[data_port("SAPIENT", "consumes", "v2", attributes={"data_rate_max_bit_s": 10e6}),
                                 power_port("consumes", "AC", 100, 240)])  # fmt: skip
    assert check(ask(fast, slow)).aspects[Aspect.CAPACITY] == "yes"
    assert check(ask((fast, 2), slow)).aspects[Aspect.CAPACITY] == "no"
    assert check(ask(fast, B, slow)).aspects[Aspect.CAPACITY] == "unknown"


def test_a_mount_must_bear_its_load() -> None:
    foot = {"id": "foot", "kind": "mechanical", "standard": "VESA 100", "role": "consumes", "evidence": EVIDENCE}
    head = {**foot, "id": "head", "role": "provides", "attributes": {"load_max_kg": 10}}
    ports = [data_port("SAPIENT", "provides", "v2"), power_port("consumes", "AC", 100, 240), foot]
    standing = [
        sensor(name, "camera", 1, "1", ports=ports, mass=claim(mass, "kg")) for name, mass in (("L", 4), ("H", 40))
    ]
    mast = listing("MAST", "mount", ports=[head])
    assert Aspect.MOUNT not in check(ask(B, C)).aspects
    assert [check(ask(one, C, mast)).aspects[Aspect.MOUNT].value for one in standing] == ["yes", "no"]
    assert check(ask(standing[0], C)).aspects[Aspect.MOUNT] == "no"


def radar_on(name: str, low: float, high: float, width: float | None = None) -> Listing:
    link = {"id": "air", "kind": "rf", "standard": "radar", "role": "provides", "evidence": EVIDENCE,
            "attributes": {"frequency_min_hz": low, "frequency_max_hz": high, "bandwidth_hz": width}}  # fmt: skip
    ports = [data_port("SAPIENT", "provides", "v2"), power_port("consumes", "AC", 100, 240), link]
    return sensor(name, "radar", 1, "1", ports=ports, sensors=[{"kind": "radar", "emits": claim(False)}])


@pytest.mark.parametrize(
    ("first", "second", "answer_", "count"),
    [
        ((9.0e9, 9.2e9, 20e6), (9.3e9, 9.5e9, 20e6), None, 1),
        ((9.0e9, 9.2e9, 20e6), (9.1e9, 9.5e9, 20e6), None, 1),
        ((9.0e9, 9.05e9, 30e6), (9.0e9, 9.05e9, 30e6), "no", 1),
        ((9.0e9, 9.2e9, None), (9.1e9, 9.5e9, 20e6), "unknown", 1),
        ((9.0e9, 9.1e9, 20e6), (9.0e9, 9.1e9, 20e6), None, 2),
    ],
)
def test_two_radars(
    first: tuple[float, float, float | None], second: tuple[float, float, float | None], answer_: str | None, count: int
) -> None:
    question = ask((radar_on("R", *first), count), radar_on("T", *second), C)
    question = type(question)(question.parts, question.wanted, question.on, rules=coexistence_rules())
    found = conflicts(question)
    assert [one.answer.value for one in found] == ([] if answer_ is None else [answer_])
    far = type(question)(question.parts, type(question.wanted)(apart_m=30_000), question.on, rules=question.rules)
    assert radio_sight_m(10) == pytest.approx(26_057, abs=1)
    assert conflicts(far) == []


def test_channels_are_packed_exactly() -> None:
    assert channels_fit([(0, 100, 30, 3)])
    assert not channels_fit([(0, 100, 30, 4)])
    # by sums alone these would fit: the narrow one stands in the middle and cuts the wide one off
    assert not channels_fit([(0, 10, 6, 1), (4, 6, 2, 1)])
    assert channels_fit([(0, 10, 4, 1), (4, 6, 2, 1)])


def test_outlets_are_packed_exactly() -> None:
    assert fits([50, 50, 30, 30, 30], outlets=2, watts=100, places=3)
    assert not fits([55, 35, 35, 35, 35], outlets=2, watts=100, places=3)
    assert not fits([1, 1, 1], outlets=1, watts=None, places=2)


def test_sources_that_feed_each_but_not_all() -> None:
    found = check(ask((dc_sensor("D", 40), 2), C, supply("P", 60, places=2, total=60)))
    assert found.aspects[Aspect.POWER] == "no"
    assert found.findings[-1].aspect is Aspect.SUPPORT
    assert "the sources of the set do not feed all of its products at once" in [
        one.reason.text for one in found.findings
    ]
    assert check(ask(dc_sensor("D", 40), C, supply("P", 60))).aspects[Aspect.POWER] == "yes"
    assert serving(1)["fusion"]
