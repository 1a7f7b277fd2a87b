"""The cheapest additions: exact answers, the same as trying every purchase, and passed by an independent check."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from tests.engines.interop.together.made import V1, V2, V3, ask, c2, dc_sensor, gateway, serving, supply
from tests.engines.made_up import claim, data_port, listing, power_port, sensor

from skypact.engines.interop import data_path
from skypact.engines.interop.together import Completion, Outcome, Part, Question, complete, verify
from skypact.engines.interop.together.routing import room

A, B = sensor("A", "radar", 1, "1", speaks=V1), sensor("B", "camera", 1, "1", speaks=V2)
C = c2("C", V2)


def bought(found: Completion) -> dict[str, int]:
    return {listing.id.removeprefix("SYN-"): count for listing, count in found.additions}


def test_a_set_that_works_needs_nothing() -> None:
    found = complete(ask(B, C))
    assert (found.outcome, found.additions, found.cost) == (Outcome.PROVEN, (), 0)
    assert [(one.units, one.path.source, one.path.target) for one in found.connections] == [(1, "SYN-B", "SYN-C")]
    assert [(feed.consumer, feed.source) for feed in found.feeds] == [("SYN-B", None), ("SYN-C", None)]


def test_the_cheaper_of_a_gateway_and_two_in_a_row() -> None:
    direct, first, second = gateway("DIRECT", V1, V2), gateway("FIRST", V1, V3), gateway("SECOND", V3, V2)
    question = ask((A, 2), B, C, offered=((direct, 9), (first, 3), (second, 4)))
    found = complete(question)
    assert (found.outcome, bought(found), found.cost, found.bound) == (Outcome.PROVEN, {"FIRST": 1, "SECOND": 1}, 7, 7)
    assert verify(question, found) == ()
    assert found.connections[0].path.via == ("SYN-FIRST", "SYN-SECOND")
    dearer = replace(
        question, offered=(*question.offered[:1], replace(question.offered[1], price=6), question.offered[2])
    )
    assert bought(complete(dearer)) == {"DIRECT": 1}


def test_what_has_no_price_comes_last_and_is_named() -> None:
    silent, dear = gateway("G", V1, V2), gateway("DEAR", V1, V2)
    question = ask(A, C, offered=((silent, None), (dear, 1e6)))
    assert bought(complete(question)) == {"DEAR": 1}
    alone = ask(A, C, offered=((silent, None),))
    found = complete(alone)
    assert (found.outcome, found.cost, found.unpriced, verify(alone, found)) == (Outcome.PROVEN, 0, ("SYN-G",), ())


def test_a_gateway_that_takes_few_is_bought_twice() -> None:
    question = ask((A, 3), C, offered=((gateway("G", V1, V2, **serving(2)), 5),))
    found = complete(question)
    assert (bought(found), found.cost, verify(question, found)) == ({"G": 2}, 10, ())


def test_a_hub_that_is_full_takes_no_more() -> None:
    assert complete(ask((B, 3), c2("SMALL", V2, count=2))).outcome is Outcome.IMPOSSIBLE
    other = ask((B, 3), c2("SMALL", V2, count=2), offered=((C, 50),), other_c2=True)
    assert bought(complete(other)) == {"C": 1}


def test_of_unstated_room_one_sensor_is_sure() -> None:
    silent = c2("SILENT", V2, fusion=None)
    assert complete(ask(B, silent)).outcome is Outcome.PROVEN
    assert complete(ask((B, 2), silent)).outcome is Outcome.IMPOSSIBLE
    assert complete(ask((B, 2), silent, accept=1)).outcome is Outcome.PROVEN


def test_everybody_at_one_hub() -> None:
    one, other = c2("ONE", V1), c2("OTHER", V2)
    both = c2("BOTH", V1, V2)
    assert complete(ask(A, B, one, other)).cost == 0
    question = ask(A, B, offered=((one, 10), (other, 10), (both, 30)), common=True)
    assert bought(complete(question)) == {"BOTH": 1}
    assert bought(complete(replace(question, wanted=replace(question.wanted, common=False)))) == {"ONE": 1, "OTHER": 1}


def test_an_unknown_edition_counts_only_where_accepted() -> None:
    vague = sensor("V", "radar", 1, "1", speaks=("SAPIENT", None))
    assert complete(ask(vague, C)).outcome is Outcome.IMPOSSIBLE
    found = complete(ask(vague, C, accept=1))
    assert (found.outcome, found.connections[0].path.answer.value) == (Outcome.PROVEN, "unknown")


def test_of_two_that_cost_the_same_the_surer_one() -> None:
    vague = sensor("V", "radar", 1, "1", speaks=("SAPIENT", None))
    sure = sensor("S", "radar", 1, "1", speaks=V1)
    unsure_hub, sure_hub = c2("P", ("SAPIENT", None)), c2("Q", V1)
    question = ask(sure, offered=((unsure_hub, 5), (sure_hub, 5)), accept=1)
    assert bought(complete(question)) == {"Q": 1}
    assert complete(ask(vague, offered=((sure_hub, 5),), accept=1)).cost == 5


@pytest.mark.parametrize(
    ("units", "offered", "expected"),
    [
        (1, (("P", 100, 1, 5.0),), {"P": 1}),
        (3, (("P", 100, 1, 5.0),), {"P": 3}),
        (3, (("P", 100, 1, 5.0), ("T", 100, 2, 8.0)), {"P": 1, "T": 1}),
        (4, (("P", 100, 1, 5.0), ("T", 100, 2, 8.0)), {"T": 2}),
        (2, (("T", 70, 2, 8.0),), {"T": 2}),  # two of 40 W are too much for 70 W
        (1, (("W", 30, 1, 1.0),), None),
    ],
)
def test_supplies(
    units: int, offered: tuple[tuple[str, float, int, float], ...], expected: dict[str, int] | None
) -> None:
    sources = tuple((supply(name, watts, places=places, total=watts), price) for name, watts, places, price in offered)
    question = ask((dc_sensor("D", 40), units), C, offered=sources)
    found = complete(question)
    if expected is None:
        assert found.outcome is Outcome.IMPOSSIBLE
        return
    assert bought(found) == expected
    assert verify(question, found) == ()


def test_power_is_not_asked_where_it_is_not_wanted() -> None:
    assert complete(ask(dc_sensor("D", 40), C, powered=False)).outcome is Outcome.PROVEN


def test_without_mains_a_converter_behind_a_generator() -> None:
    fuel = power_port("consumes", None, None, None, standard="fuel")
    generator = listing("GEN", "power", ports=[power_port("provides", "DC", 48, 48, 500), fuel])
    converter = listing(
        "CONV", "power", ports=[power_port("provides", "DC", 24, 24, 60), power_port("consumes", "DC", 40, 60)]
    )
    soft = listing("SOFT", "c2", vendor="other", ports=[data_port(*V2[:1], "consumes", V2[1]),
                   power_port("consumes", "DC", 40, 60)], power_draw=claim(20, "W"), **serving(4))  # fmt: skip
    question = ask(dc_sensor("D", 40), soft, offered=((generator, 100.0), (converter, 20.0)), mains=None)
    found = complete(question)
    assert (bought(found), verify(question, found)) == ({"GEN": 2, "CONV": 1}, ())


def test_a_clock_is_bought_where_one_is_needed() -> None:
    clock = {
        "id": "clock",
        "kind": "time",
        "standard": "PTP",
        "role": "consumes",
        "evidence": B.evidence[0].model_dump(),
    }
    needing = sensor("N", "radar", 1, "1", ports=[data_port(V2[0], "provides", V2[1]),
                     power_port("consumes", "AC", 100, 240), clock])  # fmt: skip
    server = listing("SERVER", "network", ports=[{**clock, "role": "provides"}])
    assert complete(ask(needing, C)).outcome is Outcome.IMPOSSIBLE
    found = complete(ask(needing, C, offered=((server, 70.0),)))
    assert (bought(found), found.cost) == ({"SERVER": 1}, 70)


def test_the_mass_is_a_limit() -> None:
    heavy, light = (
        gateway("HEAVY", V1, V2, mass=claim(9, "kg")),
        gateway("LIGHT", V1, V2, mass=claim(1, "kg")),
    )
    question = ask(A, C, offered=((heavy, 1.0), (light, 4.0)), mass_max_kg=5.0)
    assert bought(complete(question)) == {"LIGHT": 1}
    assert complete(replace(question, wanted=replace(question.wanted, mass_max_kg=0.5))).outcome is Outcome.IMPOSSIBLE


EDITIONS = some.sampled_from((V1, V2, V3))


@settings(deadline=None, max_examples=30)
@given(
    sensors=some.lists(EDITIONS, min_size=1, max_size=2),
    hubs=some.lists(some.tuples(EDITIONS, some.integers(1, 30), some.integers(1, 2)), max_size=2),
    gateways=some.lists(some.tuples(EDITIONS, EDITIONS, some.integers(1, 30), some.integers(1, 2)), max_size=3),
    common=some.booleans(),
)
def test_no_purchase_is_cheaper(
    sensors: list[tuple[str, str]],
    hubs: list[tuple[tuple[str, str], int, int]],
    gateways: list[tuple[tuple[str, str], tuple[str, str], int, int]],
    common: bool,
) -> None:
    parts = [sensor(f"S{number}", "radar", 1, "1", speaks=spoken) for number, spoken in enumerate(sensors)]
    offered = [
        (c2(f"H{number}", takes, count=count), float(price)) for number, (takes, price, count) in enumerate(hubs)
    ]
    offered += [
        (gateway(f"G{number}", taken, given_, **serving(count)), float(price))
        for number, (taken, given_, price, count) in enumerate(gateways)
    ]
    question = ask(*parts, offered=tuple(offered), common=common, powered=False)
    found = complete(question)
    # every purchase of up to two of each, judged with nothing more to be had
    tried = []
    for counts in product(range(3), repeat=len(offered)):
        extra = [Part(one, count) for (one, _), count in zip(offered, counts, strict=True) if count]
        cost = sum(price * count for (_, price), count in zip(offered, counts, strict=True))
        if (not tried or cost < min(tried)) and _works(replace(question, parts=(*question.parts, *extra), offered=())):
            tried.append(cost)
    assert (found.outcome is Outcome.PROVEN) == bool(tried)
    if tried:
        assert found.cost == min(tried)
        assert verify(question, found) == ()


def _works(question: Question) -> bool:
    """Whether every sensor finds a way: each assignment of sensors to ways is tried."""
    hubs = [part for part in question.parts if part.listing.category.value == "c2"]
    gates = [part for part in question.parts if part.listing.category.value == "gateway"]
    limits = {part.listing.id: (room(part.listing, question) or 0) * part.quantity for part in (*hubs, *gates)}
    chains = [chain for length in range(3) for chain in permutations([one.listing for one in gates], length)]
    for allowed in [[hub] for hub in hubs] if question.wanted.common else [hubs]:
        ways = [
            [
                path
                for hub in allowed
                for chain in chains
                if (path := data_path(part.listing, hub.listing, *chain)) is not None and path.answer.value == "yes"
            ]
            for part in question.sensors
        ]
        for chosen in product(*ways):
            used: dict[str, int] = {}
            for path in chosen:
                for stop in (*path.via, path.target):
                    used[stop] = used.get(stop, 0) + 1
            if all(count <= limits[stop] for stop, count in used.items()):
                return True
    return False
