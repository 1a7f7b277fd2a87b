"""The frame: verdicts in three values, reports that can be signed, claims that are refused."""

import pytest

from skypact.conformance import STANDARDS, Layer, Place, Recording, Severity, Verdict
from skypact.conformance.report import worst
from skypact.conformance.standard import ALIKE, KEPT, PLACES, Evidence, Rule

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


def at(message: int, file: str = "a") -> Place:
    return Place(file=file, message=message, field="id")


def test_one_sentence_said_again_is_one_finding_with_its_count_and_first_places() -> None:
    found = evidence()
    for message in range(1, 26):
        found.find(FAULT.id, at(message), "A sentence.")
    found.find(FAULT.id, at(1, "b"), "A sentence.")
    found.find(WARNING.id, at(2), "A sentence.")
    folded, *alone = found.findings
    assert (folded.sentence, folded.times, folded.place) == ("A sentence.", 25, at(1))
    assert folded.also == tuple(at(message) for message in range(2, PLACES + 1))
    assert [(one.rule, one.place, one.times, one.also) for one in alone] == [
        (FAULT.id, at(1, "b"), 1, ()),
        (WARNING.id, at(2), 1, ()),
    ]
    assert found.found == {"x.fault": 26, "x.warning": 1}
    assert found.layer_verdict(Layer.SCHEMA) is Verdict.DOES_NOT_CONFORM
    assert str(folded.place) == "a, message 1, id"


def test_sentences_are_counted_beyond_those_kept() -> None:
    found = evidence()
    for letter in "abcdefghijklmnopqrstuvwxyz":
        found.find(FAULT.id, AT, f'"{letter}" is no id.')
    found.find(FAULT.id, AT, '"a" is no id.')
    assert (len(found.findings), found.found["x.fault"]) == (KEPT, 27)
    assert [one.times for one in found.findings] == [2] + [1] * (KEPT - 1)


def test_of_sentences_that_differ_in_numbers_a_few_are_spelt_out() -> None:
    found = evidence()
    for number in range(1, 200):
        found.find(FAULT.id, at(number), f"The frame at offset {number} carries the sum 0x{number:04x}.")
        found.find(FAULT.id, at(number), f"{number}.5 s apart.")
    assert len(found.findings) == 2 * ALIKE
    assert found.findings[-1].sentence == "5.5 s apart."
    assert found.found["x.fault"] == 398


def test_what_a_recording_puts_into_a_sentence_does_not_make_the_report_long() -> None:
    found = evidence()
    found.find(FAULT.id, Place(file="a", field="f" * 5_000), f"{'x' * 9_000} is no entry.")
    (finding,) = found.findings
    assert finding.sentence == f"{'x' * 600}… (9013 characters)"
    assert finding.place.field == f"{'f' * 200}…"


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
