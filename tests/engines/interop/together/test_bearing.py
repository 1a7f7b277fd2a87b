"""What bears how many: circuits of mains, ports, clocks and mounts; and what nobody states is no yes."""

from __future__ import annotations

from typing import Any

import pytest
from tests.engines.interop.together.made import MAINS, V2, ask, c2, serving
from tests.engines.made_up import EVIDENCE, claim, data_port, listing, power_port, sensor

from skypact.engines.interop import Mains
from skypact.engines.interop.together import Aspect, Outcome, check, complete, verify
from skypact.schema import Listing

MAINS_IN = power_port("consumes", "AC", 100, 240)
C = c2("C", V2, count=64, power_draw=claim(100, "W"))


def mains_sensor(watts: float, **more: Any) -> Listing:
    ports = [data_port(V2[0], "provides", V2[1]), MAINS_IN, *more.pop("ports", ())]
    return sensor("S", "camera", 1, "1", ports=ports, power_draw=claim(watts, "W"), **more)


def port(kind: str, standard: str, role: str, version: str | None = None, **attributes: Any) -> dict[str, Any]:
    return {"id": f"{kind}-{role}", "kind": kind, "standard": standard, "role": role, "version": version,
            "attributes": attributes, "evidence": EVIDENCE}  # fmt: skip


def said(question: Any, aspect: Aspect) -> list[tuple[str, str, str | None]]:
    found = check(question).findings
    return [(one.answer.value, one.reason.text, one.missing and one.missing.text) for one in found
            if one.aspect is aspect]  # fmt: skip


def test_one_circuit_bears_all_that_hangs_on_it() -> None:
    fits = ask((mains_sensor(3000), 1), C)
    assert check(fits).answer == "yes"
    assert ("yes", "3100 W hang on the mains, whose circuit bears 3680 W", None) in said(fits, Aspect.POWER)
    much = ask((mains_sensor(3000), 2), C)
    assert check(much).answer == "no"
    assert ("no", "6100 W hang on the mains, whose circuit bears 3680 W", None) in said(much, Aspect.POWER)
    assert complete(much).outcome is Outcome.IMPOSSIBLE
    assert complete(ask((mains_sensor(3000), 2), C, mains=Mains(230, 32))).outcome is Outcome.PROVEN


def test_a_supply_on_the_mains_does_not_relieve_them_and_a_generator_does() -> None:
    fuel = power_port("consumes", None, None, None, standard="fuel")
    outlet = power_port("provides", "AC", 230, 230, 4000)
    generator = listing("GEN", "power", ports=[outlet, fuel])
    repeater = listing("UPS", "power", ports=[outlet, {**MAINS_IN, "id": "power-in"}])
    question = ask((mains_sensor(3000), 2), C, offered=((repeater, 1.0), (generator, 50.0)))
    found = complete(question)
    assert ([(one.id, count) for one, count in found.additions], found.cost) == ([("SYN-GEN", 1)], 50)
    assert verify(question, found) == ()


def test_the_larger_of_a_claim_and_what_the_input_may_draw_counts() -> None:
    thirsty = power_port("consumes", "AC", 100, 240, 9000)
    lies = sensor(
        "S", "camera", 1, "1", ports=[data_port(V2[0], "provides", V2[1]), thirsty], power_draw=claim(10, "W")
    )
    assert check(ask(lies, C)).aspects[Aspect.POWER] == "no"


def test_of_two_claims_that_are_as_strong_the_larger_counts() -> None:
    torn = mains_sensor(10).model_copy(
        update={"power_draw": (*mains_sensor(10).power_draw, *mains_sensor(5000).power_draw)}
    )
    assert check(ask(torn, C)).aspects[Aspect.POWER] == "no"


def test_a_supply_of_unstated_mains_is_not_surely_fed() -> None:
    silent = listing(
        "P", "power", ports=[power_port("provides", "DC", 24, 24, 60), power_port("consumes", "AC", None, None)]
    )
    ports = [data_port(V2[0], "provides", V2[1]), power_port("consumes", "DC", 20, 30)]
    wants = sensor("D", "camera", 1, "1", ports=ports, power_draw=claim(40, "W"))
    assert check(ask(wants, C, silent)).aspects[Aspect.POWER] == "unknown"


def test_an_input_serves_no_more_than_it_says() -> None:
    one = c2(
        "ONE", V2, count=8, ports=[data_port(*V2[:1], "consumes", V2[1], attributes={"connections_max": 1}), MAINS_IN]
    )
    assert check(ask(mains_sensor(1), one)).answer == "yes"
    many = ask((mains_sensor(1), 3), one)
    assert check(many).aspects[Aspect.DATA] == "no"
    assert complete(many).outcome is Outcome.IMPOSSIBLE


def test_data_that_nobody_says_the_receiver_takes() -> None:
    video = {**data_port(V2[0], "provides", V2[1]), "attributes": {"data_rate_max_bit_s": 5e8}}
    camera = sensor("V", "camera", 1, "1", ports=[video, MAINS_IN], power_draw=claim(10, "W"))
    assert said(ask(camera, C), Aspect.CAPACITY)[-1] == (
        "unknown", "what is stated sends 500 Mbit/s to C", "how much C takes")  # fmt: skip


@pytest.mark.parametrize(
    ("wants", "gives", "places", "units", "answer", "accept", "found"),
    [
        ("IEEE 1588-2008", "IEEE 1588-2008", None, 3, "yes", 0, Outcome.PROVEN),
        ("IEEE 1588-2008", "IEEE 1588-2008", 1, 3, "no", 2, Outcome.IMPOSSIBLE),
        ("IEEE 1588-2008", "IEEE 1588-2002", None, 1, "no", 2, Outcome.IMPOSSIBLE),
        ("IEEE 1588-2008", None, None, 1, "unknown", 0, Outcome.IMPOSSIBLE),
        ("IEEE 1588-2008", None, None, 1, "unknown", 1, Outcome.PROVEN),
        (None, None, None, 1, "yes", 0, Outcome.PROVEN),
    ],
)
def test_clocks(
    wants: str | None, gives: str | None, places: int | None, units: int, answer: str, accept: int, found: Outcome
) -> None:
    needs = mains_sensor(10, ports=[port("time", "PTP", "consumes", wants)])
    clock = listing(
        "CLK",
        "network",
        power_draw=claim(5, "W"),
        ports=[MAINS_IN, port("time", "PTP", "provides", gives, connections_max=places)],
    )
    question = ask((needs, units), C, clock, accept=accept)
    assert check(question).aspects[Aspect.TIME] == answer
    completed = complete(question)
    assert completed.outcome is found
    if found is Outcome.PROVEN:
        assert verify(question, completed) == ()


def test_clocks_are_bought_for_all() -> None:
    needs = mains_sensor(10, ports=[port("time", "PTP", "consumes", "IEEE 1588-2008")])
    clock = listing(
        "CLK",
        "network",
        power_draw=claim(5, "W"),
        ports=[MAINS_IN, port("time", "PTP", "provides", "IEEE 1588-2008", connections_max=2)],
    )
    question = ask((needs, 5), C, offered=((clock, 7.0),))
    found = complete(question)
    assert ([count for _, count in found.additions], found.cost, verify(question, found)) == ([3], 21, ())


@pytest.mark.parametrize(
    ("units", "load", "places", "bolts", "answer"),
    [
        (1, 35, None, ("4xM8", "4xM8"), "yes"),
        (5, 35, None, ("4xM8", "4xM8"), "no"),
        (1, 20, None, ("4xM8", "4xM8"), "no"),
        (2, 60, 2, (None, None), "yes"),
        (2, 59, 2, (None, None), "unknown"),
        (1, 35, None, ("4xM8", "8xM5"), "unknown"),
        (1, None, None, (None, None), "unknown"),
    ],
)
def test_mounts(
    units: int, load: float | None, places: int | None, bolts: tuple[str | None, str | None], answer: str
) -> None:
    foot, head = (
        port("mechanical", "bolt circle", role, connector=bolt, load_max_kg=bears, connections_max=count)
        for role, bolt, bears, count in (("consumes", bolts[0], None, None), ("provides", bolts[1], load, places))
    )
    camera = mains_sensor(10, ports=[foot], mass=claim(30, "kg"))
    mast = listing("MAST", "mount", ports=[head])
    assert check(ask((camera, units), C, mast)).aspects[Aspect.MOUNT] == answer


def test_serving_is_still_what_the_hub_says() -> None:
    assert check(ask((mains_sensor(1), 3), c2("H", V2, **serving(2)))).aspects[Aspect.DATA] == "no"
    assert MAINS.current_a == 16
