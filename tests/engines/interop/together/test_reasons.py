"""All minimal reasons: exactly those that trying every subset gives, and their sentences."""

from __future__ import annotations

import random
from itertools import chain, combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from tests.engines.interop.together.made import V1, V2, V3, ask, c2, dc_sensor, gateway, supply
from tests.engines.made_up import sensor

from skypact.engines.interop.together import Question, told
from skypact.engines.interop.together.reasons import Kind, Situation, Stipulation, minimal, reasons, shrunk

A, B = sensor("A", "radar", 1, "1", speaks=V1), sensor("B", "camera", 1, "1", speaks=V2)
C = c2("C", V2)


def told_of(question: Question) -> list[tuple[set[str], list[str]]]:
    return [
        (
            {
                f"{one.kind.value} {(one.listing or '').removeprefix('SYN-')}".strip()
                for one in found.reason.stipulations
            },
            [one.text for one in found.sentences],
        )
        for found in told(question)
    ]


def test_two_editions_without_a_bridge() -> None:
    assert told_of(ask(A, B, C)) == [
        (
            {"part A", "connected"},
            ["A speaks only SAPIENT v1; C takes SAPIENT v2.", "The set has no gateway between them."],
        )
    ]


def test_without_it_a_kind_is_missing() -> None:
    found = told_of(ask(A, B, C, kinds=2, offered=((gateway("G", V3, V2), 5.0),)))
    bridge = "No gateway at hand bridges SAPIENT v1 → SAPIENT v2, nor do two in a row."
    speaks = "A speaks only SAPIENT v1; C takes SAPIENT v2."
    assert found == [
        ({"part A", "connected"}, [speaks, bridge]),
        ({"kinds", "connected"}, [speaks, bridge, "Without A only 1 of the 2 kinds of sensor asked for are left."]),
    ]


def test_another_command_and_control_would_do() -> None:
    (found,) = told_of(ask(A, C, offered=((c2("OTHER", V1), 5.0),)))
    assert found[0] == {"part A", "connected", "hub"}


def test_no_reason_where_an_addition_helps() -> None:
    assert told(ask(A, C, offered=((gateway("G", V1, V2), 5.0),))) == ()
    assert told(ask(A, C, offered=((c2("OTHER", V1), 5.0),), other_c2=True)) == ()


def test_no_hub_takes_both() -> None:
    found = told_of(ask(A, B, offered=((c2("ONE", V1), 1.0), (c2("TWO", V2), 1.0)), common=True))
    assert found == [
        (
            {"part A", "part B", "connected", "common"},
            ["A reaches One.", "B reaches Two.", "No command and control product takes all of A, B."],
        )
    ]


def test_nothing_feeds_it() -> None:
    found = told_of(ask(dc_sensor("D", 40), C))
    assert found == [({"part D", "powered"}, ["Neither mains nor a source at hand surely powers D (DC 20–30 V)."])]


def test_no_command_and_control_at_all() -> None:
    assert told_of(ask(A)) == [
        ({"part A", "connected"}, ["The set has no command and control product, and none is listed."])
    ]


@settings(deadline=None, max_examples=60)
@given(
    spoken=some.lists(some.sampled_from((V1, V2, V3)), min_size=1, max_size=4),
    hubs=some.lists(some.sets(some.sampled_from((V1, V2, V3)), min_size=1, max_size=2), max_size=2),
    dc=some.booleans(),
    common=some.booleans(),
    kinds=some.integers(0, 3),
)
def test_every_reason_is_minimal_and_none_is_missing(
    spoken: list[tuple[str, str]], hubs: list[set[tuple[str, str]]], dc: bool, common: bool, kinds: int
) -> None:
    names = ("radar", "camera", "acoustic", "passive_rf")
    parts = [sensor(f"S{number}", names[number], 1, "1", speaks=one) for number, one in enumerate(spoken)]
    parts += [dc_sensor("D", 40)] if dc else []
    parts += [c2(f"H{number}", *sorted(takes)) for number, takes in enumerate(hubs)]
    situation = Situation(ask(*parts, common=common, kinds=kinds))
    everything = situation.stipulations()
    subsets = chain.from_iterable(combinations(everything, size) for size in range(len(everything) + 1))
    failing = [frozenset(chosen) for chosen in subsets if not situation.holds(chosen)]
    expected = {one for one in failing if not any(other < one for other in failing)}
    found = {frozenset(reason.stipulations) for reason in reasons(situation, most=100)}
    assert found == expected
    for reason in found:
        for left_out in reason:
            assert situation.holds([one for one in reason if one != left_out])
    for one in told(situation.question):
        assert 1 <= len(one.sentences) <= 3, one.reason


@pytest.mark.parametrize("seed", range(5))
def test_minimal_sets_of_any_question(seed: int) -> None:
    dice = random.Random(seed)  # noqa: S311 (repeatable, not secret)
    bad = [frozenset(dice.sample(range(8), dice.randint(1, 4))) for _ in range(5)]

    def holds(chosen: object) -> bool:
        return not any(one <= set(chosen) for one in bad)  # type: ignore[call-overload]

    expected = {one for one in bad if not any(other < one for other in bad)}
    assert set(minimal(8, holds, most=100)) == expected
    assert len(list(minimal(8, holds, most=1))) == 1
    assert shrunk(range(8), holds) in expected


def test_what_holds_has_no_reason() -> None:
    assert list(minimal(3, lambda _: True, most=10)) == []
    assert Stipulation(Kind.POWERED) in Situation(ask(B, C)).stipulations()


def test_a_supply_of_the_set_whose_draw_nobody_states_is_no_reason() -> None:
    hub = c2("C", V2)
    question = ask(dc_sensor("D", 40), hub, supply("P", 30))
    found = reasons(Situation(question))
    assert [[one.listing for one in reason.stipulations] for reason in found] == [["SYN-D", None]]
    assert reasons(Situation(ask(dc_sensor("D", 40), hub, supply("P", 60)))) == ()
