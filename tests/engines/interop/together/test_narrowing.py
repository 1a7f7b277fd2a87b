"""What is left of thousands offered: the answer is that of looking at everything, and as sure."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from tests.engines.interop.together.made import MAINS, V1, V2, V3, ask, c2, dc_sensor, gateway, serving, supply
from tests.engines.made_up import DAY, claim, data_port, listing, power_port, sensor

from skypact.engines.interop import Mains
from skypact.engines.interop.electric import power_fit
from skypact.engines.interop.links import IMPOSSIBLE, sureness
from skypact.engines.interop.power import socket
from skypact.engines.interop.together import Completion, Offered, Outcome, Question, buying, complete, feeding, verify
from skypact.engines.interop.together.narrowing import Few, few
from skypact.schema import Answer, Listing

A = sensor("A", "radar", 1, "1", speaks=V1)
HUB = c2("HUB", V3)


def left(question: Question, **more: Any) -> set[str]:
    """The names of the offered products that stay."""
    own = [part.listing for part in question.parts if part.listing.category.value == "c2"]
    of = {name: [one for one in question.offered if one.listing.category.family == name]
          for name in ("c2", "gateway", "power")}  # fmt: skip
    found = few(question, (own, []), (of["c2"], of["gateway"], of["power"]), **more)
    kept = (*found.hubs, *found.gateways, *found.sources)
    return {one.listing.id.removeprefix("SYN-") for one in kept}


def test_what_is_on_no_way_is_left_out() -> None:
    first, second = gateway("FIRST", V1, V2), gateway("SECOND", V2, V3)
    blind, deaf = gateway("BLIND", V2, V1), gateway("DEAF", ("CoT", "2.0"), V3)
    offered = tuple((one, 1.0) for one in (first, second, blind, deaf))
    assert left(ask(A, HUB, offered=offered)) == {"FIRST", "SECOND"}


@pytest.mark.parametrize(
    ("other", "price", "beaten"),
    [
        ({}, 6.0, True),
        ({}, 5.0, True),  # the same: one of the two is enough
        ({}, 4.0, False),
        (serving(9), 6.0, False),
        ({"power_draw": claim(9, "W")}, 6.0, False),
        ({"power_draw": claim(11, "W")}, 6.0, True),
        ({"power_draw": []}, 6.0, False),
        ({"vendor": "unheard"}, 6.0, True),
    ],
)
def test_a_product_that_another_one_beats(other: dict[str, Any], price: float, beaten: bool) -> None:
    one, two = gateway("ONE", V1, V3), gateway("TWO", V1, V3, **other)
    kept = left(ask(A, HUB, offered=((one, 5.0), (two, price))))
    assert kept == ({"ONE"} if beaten else {"ONE", "TWO"} if price > 5 else {"TWO"})


def test_who_mates_with_more_beats() -> None:
    narrow = gateway("NARROW", V1, V3)
    more = gateway("MORE", V2, V2).ports[:1]
    wide = gateway("WIDE", V1, V3)
    wide = wide.model_copy(update={"ports": (*wide.ports, *more)})
    offered = ((narrow, 5.0), (wide, 5.0))
    assert left(ask(A, sensor("B", "radar", 1, "1", speaks=V2), HUB, offered=offered)) == {"WIDE"}
    assert left(ask(A, HUB, offered=offered)) == {"NARROW"}  # to this sensor they are the same


def test_a_maker_speaks_for_its_own() -> None:
    """Where details may be open, products of one maker connect: no other maker's product stands in for that."""
    alien = gateway("ALIEN", ("OWN", "1"), V3, vendor="maker")
    plain = gateway("PLAIN", V1, V3)
    question = ask(A, HUB, offered=((alien, 5.0), (plain, 5.0)), accept=1)
    assert "PLAIN" in left(question)
    mute = sensor("M", "radar", 1, "1", speaks=("NOBODY", "1"))
    assert left(ask(mute, HUB, offered=((alien, 5.0), (plain, 4.0)), accept=1)) == {"ALIEN"}


def test_sources() -> None:
    small, large, dear = supply("SMALL", 60), supply("LARGE", 120), supply("DEAR", 60)
    offered = ((small, 5.0), (large, 5.0), (dear, 9.0))
    question = ask(dc_sensor("D", 40), c2("C", V2), offered=offered)
    assert left(question) == {"LARGE"}
    assert left(ask(dc_sensor("D", 40), c2("C", V2), offered=((small, 4.0), (large, 5.0)))) == {"SMALL", "LARGE"}
    assert left(ask(dc_sensor("D", 40), c2("C", V2), offered=offered, mains=None)) == set()


def test_the_lighter_one_is_not_beaten_where_mass_counts() -> None:
    light, heavy = (gateway(name, V1, V3, mass=claim(mass, "kg")) for name, mass in (("LIGHT", 1), ("HEAVY", 9)))
    offered = ((light, 9.0), (heavy, 5.0))
    assert left(ask(A, HUB, offered=offered)) == {"HEAVY"}
    assert left(ask(A, HUB, offered=offered, mass_max_kg=5)) == {"LIGHT", "HEAVY"}
    assert left(ask(A, HUB, offered=offered), weigh=True) == {"LIGHT"}


EDITIONS = some.sampled_from((V1, V2, V3, ("SAPIENT", None)))
MAKERS = some.sampled_from(("maker", "other", "third"))
PRICES = some.integers(1, 9)


@some.composite
def questions(draw: some.DrawFn) -> Question:
    parts = [
        sensor(f"S{number}", "radar", 1, "1", speaks=draw(EDITIONS), vendor=draw(MAKERS)) for number in range(2)
    ] + [dc_sensor("D", 40, draw(EDITIONS))] * draw(some.booleans())
    offered: list[tuple[Listing, float]] = []
    for number in range(draw(some.integers(0, 3))):
        made = c2(f"H{number}", *draw(some.sets(EDITIONS, min_size=1, max_size=2)), count=draw(some.integers(1, 3)))
        offered.append((made.model_copy(update={"vendor": draw(MAKERS)}), float(draw(PRICES))))
    for number in range(draw(some.integers(0, 6))):
        made = gateway(f"G{number}", draw(EDITIONS), draw(EDITIONS), vendor=draw(MAKERS),
                       power_draw=claim(draw(some.sampled_from((10, 50))), "W"),
                       **serving(draw(some.integers(1, 3))))  # fmt: skip
        offered.append((made, float(draw(PRICES))))
    for number in range(draw(some.integers(0, 4))):
        watts = draw(some.sampled_from((30, 60, 120)))
        made = supply(f"P{number}", watts, places=draw(some.integers(1, 2)), total=watts)
        offered.append((made, float(draw(PRICES))))
    own = [c2("OWN", draw(EDITIONS), count=draw(some.integers(1, 3)))] * draw(some.booleans())
    return ask(*parts, *own, offered=tuple(offered), accept=draw(some.integers(0, 2)), common=draw(some.booleans()),
               other_c2=draw(some.booleans()))  # fmt: skip


def keep_all(
    question: Question, own: object, offered: tuple[list[Offered], list[Offered], list[Offered]], *, weigh: bool = False
) -> Few:
    """No narrowing at all."""
    return Few(*offered)


@settings(deadline=None, max_examples=25)
@given(question=questions())
def test_the_answer_is_that_of_everything(question: Question) -> None:
    found = complete(question)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(buying, "few", keep_all)
        slow = complete(question)
    assert (found.outcome, round(found.cost, 6)) == (slow.outcome, round(slow.cost, 6))
    if found.outcome is Outcome.PROVEN:
        assert verify(question, found) == ()
        assert doubts(found) <= doubts(slow)


def doubts(found: Completion) -> int:
    return sum(one.units * (one.path.answer is not Answer.YES) for one in found.connections)


def test_more_than_eight_of_one_product() -> None:
    question = ask((A, 12), c2("C", V3, count=64), offered=((gateway("G", V1, V3, **serving(1)), 5.0),))
    assert complete(question).cost == 60


WINDOWS = some.sampled_from(((12, 12), (20, 30), (24, 24), (None, None)))
WATTS = some.sampled_from((None, 30, 60))
DETAILS = {"current_max_a": (1, 2.5), "connector": ("XT60", "XT30"), "polarity": ("centre positive",)}


@some.composite
def powered(draw: some.DrawFn, name: str) -> Listing:
    ports = []
    for number in range(draw(some.integers(0, 3))):
        low, high = draw(WINDOWS)
        standard = draw(some.sampled_from(("DC", "PoE", "IEEE 802.3af")))
        current = draw(some.sampled_from((None, "AC", "DC")))
        role = draw(some.sampled_from(("provides", "consumes", "peer")))
        port = {**power_port(role, current, low, high, draw(WATTS), standard), "id": f"port-{number}"}
        details = {name: draw(some.sampled_from((None, *values))) for name, values in DETAILS.items()}
        ports.append({**port, "attributes": {**port["attributes"], **details}})
    draws = draw(WATTS)
    more = {} if draws is None else {"power_draw": claim(draws, "W")}
    return listing(name, "gateway", ports=[*ports, data_port("SAPIENT", "consumes", "v1")], **more)


@settings(deadline=None, max_examples=60)
@given(
    consumers=some.lists(powered("C"), min_size=1, max_size=3),
    sources=some.lists(powered("S"), max_size=3),
    mains=some.sampled_from((None, MAINS, Mains(24, 1))),
    as_source=some.booleans(),
)
def test_what_feeds_what_is_judged_as_pair_by_pair(
    consumers: list[Listing], sources: list[Listing], mains: Mains | None, as_source: bool
) -> None:
    feeders = feeding.Feeders(sources, on=DAY, mains=mains)
    for consumer in consumers:
        watts = feeding.load_w(consumer, DAY, as_source=as_source)
        expected = set()
        for number, source in enumerate(sources):
            for place, outlet in enumerate(feeding.outlets(source)):
                fits = [power_fit(outlet.port, inlet, draw_w=watts) for inlet in feeding.inlets(consumer)]
                best = min(map(sureness, fits), default=IMPOSSIBLE)
                if best < IMPOSSIBLE:
                    expected.add((number, place, best))
        if mains is not None:
            fits = [power_fit(socket(mains), inlet, draw_w=watts) for inlet in feeding.inlets(consumer)]
            best = min(map(sureness, fits), default=IMPOSSIBLE)
            takes_ac = any(inlet.attributes.current == "AC" for inlet in feeding.inlets(consumer))
            if best == 0 or (best < IMPOSSIBLE and takes_ac):
                expected.add((None, 0, best))
        assert set(feeders.ways(consumer, as_source=as_source)) == expected
