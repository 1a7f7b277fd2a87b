"""Scores by use case: the strongest valid one counts, and nothing passes over from another case."""

from datetime import date

import pytest
from pydantic import ValidationError

from skypact.schema import AssuranceScore, UseCase, strongest_score

DAY = date(2026, 11, 21)
CASE = {"extent": "area", "mobility": "mobile", "threat_class": "micro-multirotor"}


def score(value: int | None, observed: str = "2026-01-01", *, use_case: dict[str, str] = CASE, **how: object) -> object:
    evidence = {"grade": "stated", "source": {"title": "s", "date": "2026-01-01"}, "observed": observed, **how}
    return AssuranceScore.model_validate({"use_case": use_case, "score": value, "evidence": evidence})


def best(*scores: AssuranceScore, **case: str) -> int | None:
    found = strongest_score(scores, UseCase.model_validate({**CASE, **case}), on=DAY)
    return None if found is None else found.score


def test_the_best_grade_then_the_latest_counts() -> None:
    assert best(score(9, "2026-03-01"), score(4, "2025-01-01", grade="documented")) == 4
    assert best(score(9, "2026-03-01"), score(4, "2026-04-01")) == 4


def test_expired_and_empty_scores_leave_it_unrated() -> None:
    assert best(score(9, expires="2026-11-21"), score(None)) is None
    assert best() is None


@pytest.mark.parametrize(
    "other", [{"extent": "point"}, {"mobility": "static"}, {"threat_class": "mini-multirotor"}], ids=str
)
def test_a_score_counts_for_its_own_use_case_only(other: dict[str, str]) -> None:
    assert best(score(9), **other) is None


@pytest.mark.parametrize("value", [0, 11, 7.5])
def test_scores_run_from_1_to_10(value: float) -> None:
    with pytest.raises(ValidationError):
        score(value)  # type: ignore[arg-type]
