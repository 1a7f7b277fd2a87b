"""Which side may do what in which state, and where it leads."""

from itertools import product

import pytest

from skypact.market.suppliers.transitions import EDGES, FINAL, Act, Side, State, allowed, allowed_acts

OPEN = {
    ("draft", "replace", "vendor"): "draft",
    ("draft", "compare", "vendor"): "draft",
    ("draft", "submit", "vendor"): "submitted",
    ("draft", "withdraw", "vendor"): "withdrawn",
    ("submitted", "note", "vendor"): "submitted",
    ("submitted", "withdraw", "vendor"): "withdrawn",
    ("submitted", "note", "editor"): "submitted",
    ("submitted", "compare", "editor"): "submitted",
    ("submitted", "approve", "editor"): "approved returned",
    ("submitted", "return", "editor"): "returned",
    ("returned", "replace", "vendor"): "returned",
    ("returned", "compare", "vendor"): "returned",
    ("returned", "submit", "vendor"): "submitted",
    ("returned", "note", "vendor"): "returned",
    ("returned", "withdraw", "vendor"): "withdrawn",
    ("returned", "note", "editor"): "returned",
}


@pytest.mark.parametrize(("state", "act", "side"), list(product(State, Act, Side)))
def test_only_these_ways_are_open(state: State, act: Act, side: Side) -> None:
    targets = EDGES[state].get((act, side), frozenset())
    assert " ".join(sorted(targets)) == OPEN.get((state.value, act.value, side.value), "")
    assert allowed(state.value, act, [side]) == bool(targets)
    assert (act in allowed_acts(state, [side])) == bool(targets)


def test_final_states_are_left_by_nobody() -> None:
    assert {"approved", "withdrawn"} == FINAL


def test_nobody_on_no_side_may_do_anything() -> None:
    assert all(allowed_acts(state, []) == [] for state in State)
