"""Hub by hub: the same least cost as with all hubs in one program, and no more open links."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from tests.engines.interop.together.made import V1, V2, ask, c2, gateway, serving
from tests.engines.made_up import data_port, power_port, sensor

from skypact.engines.interop.together import Outcome, complete, hub_by_hub, verify
from skypact.engines.interop.together.completing import Completion
from skypact.schema import Listing

V3, V4 = ("SAPIENT", "v3"), ("SAPIENT", None)
STANDARDS = some.sampled_from((V1, V2, V3, V4, ("CoT", "2.0")))
MAKERS = some.sampled_from(("maker", "other", "third"))
PRICES = some.integers(1, 40)


def least(monkeypatch: pytest.MonkeyPatch, question: object, *, many: int) -> Completion:
    with monkeypatch.context() as patch:
        patch.setattr(hub_by_hub, "MANY", many)
        return complete(question)  # type: ignore[arg-type]


def doubts(found: Completion) -> int:
    return sum(one.path.answer != "yes" for one in found.connections)


@settings(deadline=None, max_examples=60)
@given(
    sensors=some.lists(some.tuples(STANDARDS, MAKERS), min_size=1, max_size=4),
    hubs=some.lists(some.tuples(STANDARDS, MAKERS, PRICES, some.booleans()), min_size=1, max_size=6),
    gateways=some.lists(some.tuples(STANDARDS, STANDARDS, MAKERS, PRICES, some.integers(1, 4)), max_size=7),
    own=some.booleans(),
    accept=some.integers(0, 2),
    powered=some.booleans(),
)
def test_the_answer_is_that_of_one_program(
    sensors: list[tuple[tuple[str, str | None], str]],
    hubs: list[tuple[tuple[str, str | None], str, int, bool]],
    gateways: list[tuple[tuple[str, str | None], tuple[str, str | None], str, int, int]],
    own: bool,
    accept: int,
    powered: bool,
) -> None:
    parts = [sensor(f"S{number}", "radar", 1, "1", speaks=spoken, vendor=maker)
             for number, (spoken, maker) in enumerate(sensors)]  # fmt: skip
    offered: list[tuple[Listing, float]] = []
    for number, (taken, maker, price, outlet) in enumerate(hubs):
        ports = [data_port(taken[0], "consumes", taken[1]), power_port("consumes", "AC", 100, 240)]
        ports += [power_port("provides", "DC", 20, 24)] if outlet else []
        offered.append((c2(f"H{number}", vendor=maker, count=9, ports=ports), price))
    for number, (taken, given_, maker, price, room) in enumerate(gateways):
        offered.append((gateway(f"G{number}", taken, given_, vendor=maker, **serving(room)), price))
    mine = [c2("OWN", V2)] if own else []
    question = ask(*parts, *mine, offered=tuple((one, float(price)) for one, price in offered), powered=powered,
                   common=True, other_c2=True, accept=accept)  # fmt: skip
    with pytest.MonkeyPatch.context() as patch:
        whole = least(patch, question, many=10**9)
        parted = least(patch, question, many=1)
    assert (parted.outcome, parted.cost, parted.bound) == (whole.outcome, whole.cost, whole.bound)
    assert doubts(parted) == doubts(whole)
    if parted.outcome is Outcome.PROVEN:
        assert verify(question, parted) == ()


def test_an_answer_is_told_where_time_runs_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """The best known one, with the least floor that is left."""
    hubs = [(c2(f"H{number}", V2), 10.0 + number) for number in range(9)]
    question = ask(
        sensor("S", "radar", 1, "1", speaks=V1),
        offered=(*hubs, (gateway("G", V1, V2), 5.0)),
        powered=False,
        common=True,
    )
    monkeypatch.setattr(hub_by_hub, "MANY", 1)
    asked: list[float] = []

    def cost_of(part: object, most: float, limit_s: float) -> hub_by_hub.Cost:
        asked.append(most)
        return hub_by_hub.Cost(Outcome.FOUND, 15.0) if len(asked) == 1 else hub_by_hub.Cost(Outcome.OPEN, None)

    likely = hub_by_hub.likely_hubs(question, cost_of, limit_s=1)
    assert likely is not None
    assert (likely.floor, asked) == (15.0, [float("inf"), 15.0])
    assert "SYN-G" in {one.listing.id for one in likely.question.offered}


def test_few_hubs_are_looked_at_together() -> None:
    question = ask(sensor("S", "radar", 1, "1", speaks=V1), offered=((c2("H", V1), 1.0),), common=True)
    assert hub_by_hub.likely_hubs(question, pytest.fail, limit_s=1) is None
