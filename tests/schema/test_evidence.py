"""Claims: which one counts on a day, and who may read it."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from skypact.schema import Claim, Evidence, Grade, Sensor, TestRecord, TestScenario, figure, releasable, strongest, why

DAY = date(2026, 11, 21)
SOURCE = {"title": "sheet", "date": "2026-01-01"}
TEST = {"method": "CWA 18150", "conducted_by": "a laboratory"}


def claim(value: float | None, grade: str = "stated", observed: str = "2026-01-01", **more: object) -> Claim[float]:
    test = {"test": TEST} if grade == "tested" else {}
    fields = {"value": value, "unit": "m", "grade": grade, "source": SOURCE, "observed": observed, **test, **more}
    return Claim[float].model_validate(fields)


def test_the_best_grade_goes_before_the_latest_day() -> None:
    assert figure([claim(1, "tested", "2020-01-01"), claim(2, "stated", "2026-11-01")], on=DAY) == 1


def test_of_one_grade_the_latest_counts() -> None:
    assert figure([claim(1, observed="2025-01-01"), claim(2, observed="2026-01-01")], on=DAY) == 2


def test_expired_evidence_is_unknown_from_that_day_on() -> None:
    expiring = claim(1, "tested", expires="2026-11-21")
    assert figure([expiring], on=date(2026, 11, 20)) == 1
    assert figure([expiring], on=DAY) is None
    assert figure([expiring, claim(9)], on=DAY) == 9


def test_a_claim_without_value_is_no_value() -> None:
    assert figure([claim(None, "fielded")], on=DAY) is None
    assert figure([], on=DAY) is None


def test_evidence_expires_after_it_was_observed() -> None:
    with pytest.raises(ValidationError, match="must be after observed"):
        claim(1, expires="2026-01-01")


def reason(*claims: Claim[float]) -> str | None:
    told = why(claims, on=DAY)
    return None if told is None else told.text


def test_why_names_what_decided() -> None:
    assert reason(claim(1), claim(2, "documented"), claim(3, "tested")) == (
        "the best grade: tested goes before documented"
    )
    assert reason(
        claim(1, observed="2026-01-01"), claim(2, observed="2026-02-01"), claim(3, "stated", "2025-01-01")
    ) == ("the latest of 3 claims of the grade stated")
    assert reason(claim(1), claim(2)) == "the first of 2 claims of the same grade (stated) and day"
    assert reason(claim(1), claim(2, "tested", expires="2026-11-21"), claim(None, "fielded")) == (
        "the only valid claim with a value, of 3"
    )


def test_why_says_nothing_where_there_is_no_choice_and_why_there_is_none_left() -> None:
    assert reason() is None
    assert reason(claim(1)) is None
    assert reason(claim(1, expires="2026-02-01"), claim(None)) == "every claim with a value has expired"
    assert reason(claim(None), claim(None)) == "no claim gives a value"


@pytest.mark.parametrize(
    ("grade", "test", "refusal"),
    [
        ("tested", None, "grade tested needs test: at least its method and conducted_by"),
        ("stated", TEST, "grade stated carries no test: remove test, or grade the value tested"),
        ("documented", TEST, "grade documented carries no test"),
        ("tested", TEST, None),
        ("fielded", TEST, None),
        ("fielded", None, None),
    ],
)
def test_only_what_was_tested_carries_a_test(grade: str, test: dict[str, str] | None, refusal: str | None) -> None:
    data = {"grade": grade, "source": SOURCE, "observed": DAY, "test": test}
    if refusal is None:
        assert Evidence.model_validate(data).test == (None if test is None else TestRecord.model_validate(test))
        return
    with pytest.raises(ValidationError, match=refusal):
        Evidence.model_validate(data)


def test_a_test_runs_forward_and_its_spans_rise() -> None:
    with pytest.raises(ValidationError, match=r"date_to \(2025-05-01\) must not be before date_from \(2025-05-02\)"):
        TestRecord.model_validate({**TEST, "date_from": "2025-05-02", "date_to": "2025-05-01"})
    for name, unit in (("height", "m"), ("speed", "mps"), ("distance", "m")):
        with pytest.raises(ValidationError, match=rf"least {name} \(2\) must not be above greatest {name} \(1\)"):
            TestScenario.model_validate({f"{name}_min_{unit}": 2, f"{name}_max_{unit}": 1})


grades = st.sampled_from([grade.value for grade in Grade])
claims = st.lists(st.builds(claim, st.none() | st.floats(0, 9), grades, st.dates(date(2020, 1, 1), DAY).map(str)))


@given(claims)
def test_nothing_valid_is_stronger_than_the_strongest(some: list[Claim[float]]) -> None:
    best = strongest(some, on=DAY)
    valued = [one for one in some if one.value is not None]
    assert (best is None) == (not valued)
    for one in valued:
        assert best is not None
        assert (one.grade.rank, one.observed) <= (best.grade.rank, best.observed)


@pytest.mark.parametrize(
    ("label", "nation", "signed_in", "may"),
    [
        ("PUBLIC", None, False, True),
        ("REGISTERED", None, False, False),
        ("REGISTERED", None, True, True),
        ("REL KR,US", "KR", True, True),
        ("REL KR,US", "US", True, True),
        ("REL KR,US", "PL", True, False),
        ("REL KR,US", None, True, False),
        ("REL KR,US", "KR", False, False),
    ],
)
def test_who_may_read(label: str, nation: str | None, signed_in: bool, may: bool) -> None:
    assert releasable(label, nation=nation, signed_in=signed_in) is may


@pytest.mark.parametrize("label", ["public", "REL", "REL kr", "REL KR, US", "REL KR,", ""])
def test_other_labels_are_refused(label: str) -> None:
    with pytest.raises(ValidationError):
        Evidence.model_validate({"grade": "stated", "source": SOURCE, "observed": DAY, "release": label})


def test_a_figure_in_another_unit_is_refused() -> None:
    wrong = {"value": 5, "unit": "kg", "grade": "stated", "source": SOURCE, "observed": "2026-01-01"}
    with pytest.raises(ValidationError, match="claim 0: unit must be m, not kg"):
        Sensor.model_validate({"kind": "radar", "range_min": [wrong]})
    with pytest.raises(ValidationError, match="claim 0: -1 m is below 0"):
        Sensor.model_validate({"kind": "radar", "range_min": [{**wrong, "unit": "m", "value": -1}]})
