"""The states of a search."""

import pytest

from skypact.market.kits.transitions import FINAL, JobState, allowed, allowed_acts

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


@pytest.mark.parametrize("state", JobState)
@pytest.mark.parametrize("asked", [False, True])
def test_search_under_way_may_be_stopped_once(state: JobState, asked: bool) -> None:
    assert allowed_acts(state.value, stop_requested=asked) == (
        ["stop"] if state.value in ("queued", "running") and not asked else []
    )
