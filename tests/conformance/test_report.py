"""The frame: verdicts in three values, reports that can be signed, claims that are refused."""

import pytest

from skypact.conformance import STANDARDS, Layer, Place, Recording, Severity, Verdict
from skypact.conformance.report import worst
from skypact.conformance.standard import KEPT, Evidence, Rule

FAULT = Rule("x.fault", Layer.SCHEMA, "clause 1")
UNKNOWN = Rule("x.unknown", Layer.EXCHANGE, "clause 2", Severity.UNKNOWN)
WARNING = Rule("x.warning", Layer.DECODE, "clause 3", Severity.WARNING)
AT = Place(file="a", message=3, field="id")


def evidence() -> Evidence:
    return Evidence({rule.id: rule for rule in (FAULT, UNKNOWN, WARNING)}, judged=set(Layer))


@pytest.mark.parametrize(
    ("verdicts", "expected"),
    [
        ([], Verdict.CANNOT_TELL),
        ([Verdict.CONFORMS], Verdict.CONFORMS),
        ([Verdict.CONFORMS, Verdict.CANNOT_TELL], Verdict.CANNOT_TELL),
        ([Verdict.CANNOT_TELL, Verdict.DOES_NOT_CONFORM], Verdict.DOES_NOT_CONFORM),
    ],
)
def test_unknown_never_turns_into_yes(verdicts: list[Verdict], expected: Verdict) -> None:
    assert worst(verdicts) is expected


def test_a_layer_is_as_good_as_its_worst_finding() -> None:
    found = evidence()
    for rule in (FAULT, UNKNOWN, WARNING):
        found.find(rule.id, AT, "A sentence.")
    assert found.layer_verdict(Layer.SCHEMA) is Verdict.DOES_NOT_CONFORM
    assert found.layer_verdict(Layer.EXCHANGE) is Verdict.CANNOT_TELL
    assert found.layer_verdict(Layer.DECODE) is Verdict.CONFORMS
    assert found.layer_verdict(Layer.SEMANTIC) is Verdict.CONFORMS


def test_a_layer_without_anything_to_judge_is_unknown() -> None:
    assert Evidence({}).layer_verdict(Layer.DECODE) is Verdict.CANNOT_TELL


def test_findings_are_counted_beyond_those_kept() -> None:
    found = evidence()
    for _ in range(KEPT + 5):
        found.find(FAULT.id, AT, "A sentence.")
    assert (len(found.findings), found.found["x.fault"]) == (KEPT, KEPT + 5)
    assert str(found.findings[0].place) == "a, message 3, id"


@pytest.mark.parametrize("name", STANDARDS)
def test_an_unknown_version_is_no_claim(name: str) -> None:
    with pytest.raises(ValueError, match='version "9.9" is unknown; accepted: '):
        STANDARDS[name].check([Recording("a", b"")], "9.9")


@pytest.mark.parametrize("name", STANDARDS)
def test_nothing_to_check_is_an_error(name: str) -> None:
    with pytest.raises(ValueError, match="no recording to check"):
        STANDARDS[name].check([])


@pytest.mark.parametrize("name", STANDARDS)
def test_an_empty_recording_does_not_conform_anywhere(name: str) -> None:
    assert STANDARDS[name].check([Recording("a", b"")]).verdict is not Verdict.CONFORMS


@pytest.mark.parametrize("name", STANDARDS)
def test_the_standards_own_samples_conform(name: str) -> None:
    for sample in STANDARDS[name].samples():
        report = STANDARDS[name].check([Recording("sample", sample.data)])
        assert report.findings == ()
        assert report.verdict is Verdict.CONFORMS


@pytest.mark.parametrize("name", STANDARDS)
def test_rule_ids_are_unique_and_carry_a_clause(name: str) -> None:
    rules = STANDARDS[name].rules
    assert len({rule.id for rule in rules}) == len(rules)
    carried = {"stanag4609": "klv."}.get(name, f"{name}.")  # what a stream carries is judged by its own rules
    assert all(rule.id.startswith((f"{name}.", carried)) and rule.clause for rule in rules)


@pytest.mark.parametrize("name", STANDARDS)
def test_the_same_recording_gives_the_same_hash(name: str) -> None:
    data = STANDARDS[name].samples()[0].data
    first, again = (STANDARDS[name].check([Recording("a", data)]) for _ in range(2))
    other = STANDARDS[name].check([Recording("a", data[:-1])])
    assert first.content_hash() == again.content_hash() != other.content_hash()
    assert len(first.content_hash()) == 64
