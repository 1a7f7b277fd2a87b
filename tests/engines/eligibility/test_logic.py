"""The truth tables of strong Kleene logic, whole."""

from __future__ import annotations

import pytest

from skypact.engines.eligibility.logic import conjunction, disjunction, known, negation
from skypact.schema import Answer

Y, N, U = Answer.YES, Answer.NO, Answer.UNKNOWN

AND = {(Y, Y): Y, (Y, U): U, (Y, N): N, (U, Y): U, (U, U): U, (U, N): N, (N, Y): N, (N, U): N, (N, N): N}
OR = {(Y, Y): Y, (Y, U): Y, (Y, N): Y, (U, Y): Y, (U, U): U, (U, N): U, (N, Y): Y, (N, U): U, (N, N): N}


@pytest.mark.parametrize(("pair", "expected"), AND.items())
def test_conjunction(pair: tuple[Answer, Answer], expected: Answer) -> None:
    assert conjunction(pair) is expected


@pytest.mark.parametrize(("pair", "expected"), OR.items())
def test_disjunction(pair: tuple[Answer, Answer], expected: Answer) -> None:
    assert disjunction(pair) is expected


@pytest.mark.parametrize(("answer", "expected"), [(Y, N), (N, Y), (U, U)])
def test_negation(answer: Answer, expected: Answer) -> None:
    assert negation(answer) is expected


def test_of_nothing() -> None:
    assert conjunction([]) is Y
    assert disjunction([]) is N


@pytest.mark.parametrize(("flag", "expected"), [(True, Y), (False, N), (None, U)])
def test_flags(flag: bool | None, expected: Answer) -> None:
    assert known(flag) is expected
