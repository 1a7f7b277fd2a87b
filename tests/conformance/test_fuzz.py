"""A slice of the fuzzing that `make bench-lab` does whole."""

import itertools
from collections.abc import Sequence
from dataclasses import replace

import pytest

from skypact.conformance import STANDARDS, Recording
from skypact.conformance.fuzz import inputs, run, run_second
from skypact.conformance.second import Reading, UnfinishedError


@pytest.mark.parametrize("name", STANDARDS)
def test_nothing_broken_crashes_a_standard(name: str) -> None:
    found = run(STANDARDS[name], count=250, seed=7)
    assert (found.standard, found.inputs) == (name, 250)
    assert found.conforming < 50


def test_the_same_seed_gives_the_same_inputs() -> None:
    first, again, other = (list(itertools.islice(inputs(STANDARDS["klv"], seed=seed), 20)) for seed in (1, 1, 2))
    assert first == again != other


def test_a_crash_names_its_input() -> None:
    real = STANDARDS["klv"]
    fields = {name: getattr(real, name) for name in real.__dataclass_fields__}

    def examine(recordings: list[Recording], claim: str | None, evidence: object) -> None:
        raise ZeroDivisionError

    broken = type(real)(**{**fields, "examine": examine})
    with pytest.raises(ZeroDivisionError) as crash:
        run(broken, count=1, seed=1)
    assert crash.value.__notes__ == [f"klv, input {next(inputs(real, seed=1)).hex()}"]


def test_no_inputs_are_no_trial() -> None:
    with pytest.raises(ValueError, match="0 inputs are no trial; accepted: 1 and more"):
        run(STANDARDS["klv"], count=0, seed=1)


def test_a_second_decoder_reads_every_input_and_many_at_a_time() -> None:
    calls: list[int] = []

    def read(recordings: Sequence[Recording]) -> list[Reading]:
        calls.append(len(recordings))
        if len(calls) == 2:
            raise UnfinishedError("it ended with status -11")
        return []

    decoder = replace(STANDARDS["klv"].second[0], read=read)
    seconds, broken_off = run_second(STANDARDS["klv"], decoder, count=1100, seed=1)
    assert (seconds > 0, broken_off) == (True, 1)
    assert calls == [500, 500, 100]
    with pytest.raises(ValueError, match="0 inputs are no trial; accepted: 1 and more"):
        run_second(STANDARDS["klv"], decoder, count=0, seed=1)
