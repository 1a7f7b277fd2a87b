"""The whole answer: aspects of the set as it is, additions, floors."""

from __future__ import annotations

import pytest
from tests.engines.interop.together.made import V1, V2, ask, c2, dc_sensor, gateway, serving, supply
from tests.engines.made_up import EVIDENCE, claim, data_port, listing, power_port, sensor

from skypact.engines.interop.together import Aspect, answer, check
from skypact.engines.interop.together.air import channels_fit, conflicts, radio_sight_m
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
    assert (limit.name, limit.floor, limit.proven, limit.without) == ("budget", 500.0, True, (("SYN-A", 0.0),))
    assert [one.text for one in limit.sentences] == [
        "The cheapest additions found cost 500.00; the budget is 400.00.",
        "No additions that do it cost less than 500.00.",
        "Without A they cost 0.00.",
    ]


def test_a_mass_that_is_too_small_has_a_floor() -> None:
    heavy = gateway("G", V1, V2, mass=claim(9, "kg"))
    found = answer(ask(A, C, offered=((heavy, 1.0),), mass_max_kg=5.0))
    assert found.completion is None
    (limit,) = found.limits
    assert (limit.name, limit.floor, limit.proven) == ("mass", 9.0, True)


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
