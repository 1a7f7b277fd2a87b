"""Hub by hub: the same least cost as with all hubs in one program, and no more open links."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from tests.engines.interop.together.made import V1, V2, ask, c2, gateway, serving
from tests.engines.made_up import data_port, power_port, sensor

from skypact.engines.interop.together import Outcome, Question, complete, hub_by_hub, verify
from skypact.engines.interop.together.completing import Completion
from skypact.schema import Listing

V3, COT, UNSTATED = ("SAPIENT", "v3"), ("CoT", "2.0"), ("SAPIENT", None)
SPOKEN, MAKERS = (V1, V2, V3, COT, UNSTATED), ("maker", "other", "third", "fourth")


def least(monkeypatch: pytest.MonkeyPatch, question: Question, *, many: int) -> Completion:
    with monkeypatch.context() as patch:
        patch.setattr(hub_by_hub, "MANY", many)
        for name in ("_LIKELY", "_HEARING", "_SENDING"):  # so that the first answer is seldom the best
            patch.setattr(hub_by_hub, name, 1)
        return complete(question)


def doubts(found: Completion) -> int:
    return sum(one.path.answer != "yes" for one in found.connections)


def some_question(seed: int) -> Question:
    """Sensors of a few standards; dear hubs that take much, cheap ones behind gateways."""
    dice = np.random.default_rng(seed)

    def one(of: Sequence[Any]) -> Any:
        return of[int(dice.integers(len(of)))]

    parts = [sensor(f"S{number}", "radar", 1, "1", speaks=one(SPOKEN), vendor=one(MAKERS)) for number in range(3)]
    offered: list[tuple[Listing, float]] = []
    for number in range(9):
        taken = {one(SPOKEN) for _ in range(int(dice.integers(1, 3)))}
        ports = [data_port(name, "consumes", version) for name, version in sorted(taken, key=str)]
        ports += [power_port("consumes", "AC", 100, 240)]
        ports += [power_port("provides", "DC", 20, 24)] if dice.random() < 0.1 else []
        offered.append((c2(f"H{number}", vendor=one(MAKERS), ports=ports), float(dice.integers(10, 40))))
    for number in range(14):
        bridge = gateway(
            f"G{number}", one(SPOKEN), one(SPOKEN), vendor=one(MAKERS), **serving(int(dice.integers(1, 4)))
        )
        offered.append((bridge, float(dice.integers(3, 15))))
    own = [c2("OWN", one(SPOKEN))] if seed % 4 == 0 else []
    return ask(*parts, *own, offered=tuple(offered), powered=seed % 3 == 0, common=True, other_c2=True, accept=seed % 3)


def test_the_answer_is_that_of_one_program(monkeypatch: pytest.MonkeyPatch) -> None:
    for seed in range(40):
        question = some_question(seed)
        whole = least(monkeypatch, question, many=10**9)
        parted = least(monkeypatch, question, many=1)
        assert (parted.outcome, parted.cost, parted.bound) == (whole.outcome, whole.cost, whole.bound), seed
        assert doubts(parted) == doubts(whole), seed
        if parted.outcome is Outcome.PROVEN:
            assert verify(question, parted) == ()


def test_the_hub_at_hand_is_asked_for_even_where_all_others_are_too_dear(monkeypatch: pytest.MonkeyPatch) -> None:
    """The first answer reaches it over one gateway for 50; over two it costs 7, which neither floor nor hub tells."""
    gateways = [
        (gateway("NEAR", V1, V3), 1.0),
        (gateway("ONWARD", V3, V2), 6.0),
        (gateway("STRAIGHT", V1, V2), 50.0),
    ]
    other = (c2("H", V2, V3), 100.0)
    question = ask(sensor("S", "radar", 1, "1", speaks=V1), c2("OWN", V2), offered=(other, *gateways),
                   powered=False, common=True, other_c2=True)  # fmt: skip
    monkeypatch.setattr(hub_by_hub, "MANY", 1)
    monkeypatch.setattr(hub_by_hub, "_SENDING", 1)
    assert complete(question).cost == 7.0


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
