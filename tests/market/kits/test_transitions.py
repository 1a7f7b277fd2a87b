"""The states of a search."""

import pytest

from skypact.market.kits.transitions import FINAL, JobState, allowed

WAYS = {
    ("queued", "running"),
    ("queued", "stopped"),
    ("queued", "failed"),
    ("running", "done"),
    ("running", "stopped"),
    ("running", "failed"),
}


@pytest.mark.parametrize("state", JobState)
@pytest.mark.parametrize("target", JobState)
def test_only_these_ways_are_open(state: JobState, target: JobState) -> None:
    assert allowed(state.value, target) == ((state.value, target.value) in WAYS)


def test_final_states_are_left_by_nobody() -> None:
    assert {"done", "stopped", "failed"} == FINAL
