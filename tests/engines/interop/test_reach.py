"""All pairs at once: the same answers as pair by pair, for every way of at most two gateways."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from tests.engines.made_up import data_port, listing, sensor

from skypact.engines.interop import data_path, data_paths
from skypact.engines.interop.links import sureness
from skypact.engines.interop.mating import Fit
from skypact.engines.interop.reach import reach, wiring
from skypact.schema import Listing

STANDARDS = some.tuples(some.sampled_from(("SAPIENT", "CoT", "ASTERIX", "JSON")), some.sampled_from((None, "v1", "v2")))
MAKERS = some.sampled_from(("maker", "other", "third"))


@some.composite
def products(draw: some.DrawFn, name: str, roles: tuple[str, ...]) -> list[Listing]:
    made = []
    for number in range(draw(some.integers(1, 4))):
        spoken = draw(some.lists(some.tuples(STANDARDS, some.sampled_from(roles)), max_size=3, unique=True))
        profile = draw(some.sampled_from((None, "counter-UAS")))
        ports = [
            data_port(standard, role, version, id=f"port-{place}", profile=profile if place else None)
            for place, ((standard, version), role) in enumerate(spoken)
        ]
        made.append(listing(f"{name}-{number}", "gateway", vendor=draw(MAKERS), ports=ports))
    return made


@settings(deadline=None, max_examples=60)
@given(
    sources=products("S", ("provides", "peer")),
    gateways=products("G", ("provides", "consumes", "peer")),
    targets=products("T", ("consumes", "peer")),
    most=some.integers(0, 2),
)
def test_the_answers_are_those_of_the_slow_search(
    sources: list[Listing], gateways: list[Listing], targets: list[Listing], most: int
) -> None:
    found = reach(wiring(sources, targets, gateways), gateways=most)
    for row, source in enumerate(sources):
        for column, target in enumerate(targets):
            ways = data_paths(source, target, gateways, most=most)
            slow = min((sureness(Fit(way.answer, way.reason, None, way.detail_only)) for way in ways), default=3)
            assert found[row, column] == slow, (source.id, target.id, [way.via for way in ways])


V1, V2, V3 = (("SAPIENT", f"v{number}") for number in (1, 2, 3))


def bridge(name: str, taken: tuple[str, str], given: tuple[str, str], vendor: str = "third") -> Listing:
    ports = [data_port(taken[0], "consumes", taken[1]), data_port(given[0], "provides", given[1])]
    return listing(name, "gateway", vendor=vendor, ports=ports)


def test_two_gateways_in_a_row() -> None:
    source = sensor("A", "radar", 1, "1", speaks=V1)
    target = listing("C", "c2", vendor="other", ports=[data_port(V3[0], "consumes", V3[1])])
    first, second = bridge("FIRST", V1, V2), bridge("SECOND", V2, V3)
    wired = wiring([source], [target], [first, second])
    assert [reach(wired, gateways=most).tolist() for most in (0, 1, 2)] == [[[3]], [[3]], [[0]]]
    (way,) = data_paths(source, target, [first, second], most=2)
    assert (way.via, way.answer.value) == (("SYN-FIRST", "SYN-SECOND"), "yes")
    assert way.reason.text == (
        "to First: both speak SAPIENT v1; to Second: both speak SAPIENT v2; onwards: both speak SAPIENT v3"
    )


def test_more_bits_than_one_word() -> None:
    sources = [sensor(f"S{number}", "radar", 1, "1", speaks=(V1, V2)[number % 2]) for number in range(3)]
    targets = [
        listing(f"T{number}", "c2", vendor="other", ports=[data_port("SAPIENT", "consumes", ("v1", "v2")[number % 2])])
        for number in range(130)
    ]
    expected = np.where((np.arange(3)[:, None] - np.arange(130)) % 2 == 0, 0, 3)
    assert (reach(wiring(sources, targets, [])) == expected).all()


def test_nothing_to_ask() -> None:
    assert reach(wiring([], [], [])).shape == (0, 0)
    assert reach(wiring([sensor("A", "radar", 1, "1")], [], [])).shape == (1, 0)


def test_a_third_gateway_is_refused() -> None:
    three = [bridge(name, V1, V2) for name in ("A", "B", "C")]
    with pytest.raises(ValueError, match="at most 2 gateways"):
        data_path(three[0], three[1], *three)
    with pytest.raises(ValueError, match="from 0 to 2"):
        reach(wiring([], [], []), gateways=3)
