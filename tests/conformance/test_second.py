"""Two readings of one recording: what is compared, what is told, and what it does to the verdict."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

import pytest

from skypact.conformance import STANDARDS, Place, Recording, Report, Verdict
from skypact.conformance.second import SPELT_OUT, Reading, SecondDecoder, UnfinishedError, compare
from skypact.conformance.standard import MOST_FAULTS

RECORDINGS = [Recording("a.bin", b"")]
KLV = STANDARDS["klv"]
SAMPLE = KLV.samples()[0]


def reading(message: int = 1, kind: str = "location", **values: float | str) -> Reading:
    return Reading("a.bin", message, kind, values)


def decoder(*readings: Reading, **changes: object) -> SecondDecoder:
    made = SecondDecoder(
        name="other", version=lambda: "7.1", whose="Made up for this test.", read=lambda recordings: readings
    )
    return replace(made, **changes)


def test_the_same_values_agree() -> None:
    ours = [reading(lat=37.5, id="A"), reading(2, lat=0.1 + 0.2)]
    found = compare(decoder(reading(lat=37.5, id="A"), reading(2, lat=0.3)), ours, RECORDINGS)
    assert (found.decoder.name, found.decoder.version) == ("other", "7.1")
    assert (found.messages_both, found.only_first, found.only_second) == (2, 0, 0)
    assert (found.values_compared, found.disagreed, found.disagreements) == (3, 0, ())
    assert (found.verdict, found.reason) == (Verdict.CONFORMS, "")


@pytest.mark.parametrize(
    ("ours", "theirs", "said"),
    [
        (37.5, 37.500001, ("37.5", "37.500001")),
        (127.0212, 127.0212001, ("127.0212", "127.0212001")),  # one step of a Remote ID's longitude
        (0, 1e-9, ("0", "1e-09")),
        (1_772_445_600, 1_772_445_601, ("1772445600", "1772445601")),
        (5, "5", ("5", "'5'")),
        ("A", "a", ("'A'", "'a'")),
        (None, 3, ("nothing", "3")),
        (3, None, ("3", "nothing")),
    ],
)
def test_other_values_are_both_named(ours: object, theirs: object, said: tuple[str, str]) -> None:
    sides = [reading(id="A", **({} if one is None else {"lat": one})) for one in (ours, theirs)]
    found = compare(decoder(sides[1]), sides[:1], RECORDINGS)
    assert (found.values_compared, found.disagreed, found.verdict) == (2, 1, Verdict.CANNOT_TELL)
    (one,) = found.disagreements
    assert one.place == Place(file="a.bin", message=1, field="location lat")
    assert (one.ours, one.theirs) == said


def test_a_number_that_is_none_equals_itself() -> None:
    assert compare(decoder(reading(v=float("nan"))), [reading(v=float("nan"))], RECORDINGS).disagreed == 0
    assert compare(decoder(reading(v=float("inf"))), [reading(v=float("nan"))], RECORDINGS).disagreed == 1


def test_messages_are_paired_in_the_order_of_their_kind() -> None:
    ours = [reading(n=1), reading(kind="id", n=2), reading(n=3)]
    theirs = [reading(kind="id", n=2), reading(n=1), reading(n=3)]
    assert compare(decoder(*theirs), ours, RECORDINGS).verdict is Verdict.CONFORMS


def test_a_message_that_only_one_reads_is_a_disagreement() -> None:
    ours = [reading(n=1), reading(2, n=1), reading(2, n=2), reading(2, n=3)]
    theirs = [reading(n=1), reading(2, n=1), reading(3, n=1)]
    found = compare(decoder(*theirs), ours, RECORDINGS)
    assert (found.messages_both, found.only_first, found.only_second, found.disagreed) == (2, 2, 1, 3)
    assert [(str(one.place), one.ours, one.theirs) for one in found.disagreements] == [
        ("a.bin, message 2, location", "3 read", "1 read"),
        ("a.bin, message 3, location", "0 read", "1 read"),
    ]


def test_the_first_disagreements_are_spelt_out_and_all_are_counted() -> None:
    ours = [reading(number, n=0) for number in range(1, SPELT_OUT + 6)]
    theirs = [reading(number, n=1) for number in range(1, SPELT_OUT + 6)]
    found = compare(decoder(*theirs), ours, RECORDINGS)
    assert (len(found.disagreements), found.disagreed) == (SPELT_OUT, SPELT_OUT + 5)
    assert found.disagreements[-1].place.message == SPELT_OUT


def test_what_the_second_does_not_know_is_not_compared() -> None:
    known = {("location", ""), ("location", "lat")}
    other = decoder(reading(lat=1.0), knows=lambda kind, field: (kind, field) in known)
    found = compare(other, [reading(lat=1.0, lon=2.0), reading(kind="id", n=1)], RECORDINGS)
    assert (found.messages_both, found.only_first, found.values_compared) == (1, 0, 1)
    assert found.verdict is Verdict.CONFORMS


def broken(recordings: Sequence[Recording]) -> Iterable[Reading]:
    yield reading()
    raise UnfinishedError("stopped after 20 s")


@pytest.mark.parametrize(
    ("other", "said", "why"),
    [
        (decoder(version=lambda: None), "", "not on this machine"),
        (decoder(read=broken), "7.1", "stopped after 20 s"),
        (decoder(), "7.1", "neither decoder read a message"),
    ],
)
def test_no_answer_is_never_a_yes(other: SecondDecoder, said: str, why: str) -> None:
    found = compare(other, [reading()] if why != "neither decoder read a message" else [], RECORDINGS)
    assert (found.decoder.version, found.verdict, found.reason) == (said, Verdict.CANNOT_TELL, why)
    assert (found.messages_both, found.disagreed) == (0, 0)


def checked(*others: SecondDecoder, data: bytes = SAMPLE.data, compare: bool = True) -> Report:
    standard = replace(KLV, readings=lambda recordings: [reading(lat=1.0)], second=others)
    return standard.check([Recording("a.bin", data)], SAMPLE.claim, compare=compare)


def test_a_second_decoder_that_agrees_earns_the_badge() -> None:
    report = checked(decoder(reading(lat=1.0)))
    assert (report.verdict, report.findings, report.earns_badge) == (Verdict.CONFORMS, (), True)
    assert report.rungs() == dict.fromkeys(
        ("strict parse", "rules", "plausibility", "exchange", "second decoder", "mutation"), Verdict.CONFORMS
    )


def test_a_disagreement_is_a_finding_and_ends_the_verdict() -> None:
    report = checked(decoder(reading(lat=1.0)), decoder(reading(lat=2.0)))
    assert (report.verdict, report.earns_badge) == (Verdict.CANNOT_TELL, False)
    assert report.rungs()["second decoder"] is Verdict.CANNOT_TELL
    (finding,) = report.findings
    assert (finding.rule, finding.severity.value, str(finding.place)) == (
        "klv.second-decoder",
        "unknown",
        "a.bin, message 1, location lat",
    )
    assert finding.sentence == "The first decoder: 1.0; other 7.1: 2.0."


def test_every_disagreement_is_counted_among_the_findings() -> None:
    report = checked(decoder(*(reading(number) for number in range(2, 40))))
    assert report.found == {"klv.second-decoder": 39}
    assert len(report.agreements[0].disagreements) == SPELT_OUT


def test_what_is_broken_anyway_gets_no_second_fault() -> None:
    report = checked(decoder(reading(lat=2.0)), data=SAMPLE.data.replace(b"EO", b"EC"))
    assert (report.verdict, report.found) == (Verdict.DOES_NOT_CONFORM, {"klv.checksum": 3})
    assert report.agreements[0].disagreed == 1


def test_noise_takes_no_second_decoder_s_time() -> None:
    def asked(recordings: Sequence[Recording]) -> list[Reading]:
        raise AssertionError("it was asked")

    spoilt = SAMPLE.data.replace(b"EO", b"EC")
    missing = decoder(version=lambda: None)
    report = checked(decoder(read=asked), missing, data=spoilt * (MOST_FAULTS // 3 + 1))
    assert (report.verdict, report.found) == (Verdict.DOES_NOT_CONFORM, {"klv.checksum": MOST_FAULTS + 2})
    assert [one.reason for one in report.agreements] == [
        "not asked: more than 1,000 faults",
        "not on this machine",
    ]
    few = checked(decoder(reading(lat=1.0)), data=spoilt * (MOST_FAULTS // 3))
    assert (few.found, few.agreements[0].messages_both) == ({"klv.checksum": MOST_FAULTS - 1}, 1)


@pytest.mark.parametrize("others", [(), (decoder(version=lambda: None),)])
def test_without_a_second_decoder_the_verdict_stands_and_the_badge_is_withheld(others: tuple[SecondDecoder]) -> None:
    report = checked(*others)
    assert (report.verdict, report.findings, report.earns_badge) == (Verdict.CONFORMS, (), False)
    assert report.rungs()["second decoder"] is Verdict.CANNOT_TELL


def test_nothing_is_compared_where_nobody_asks() -> None:
    report = checked(decoder(reading(lat=2.0)), compare=False)
    assert (report.verdict, report.agreements, report.earns_badge) == (Verdict.CONFORMS, (), False)


def test_no_badge_without_a_claim_or_with_a_poor_lab() -> None:
    report = checked(decoder(reading(lat=1.0)))
    for change in ({"claimed": None}, {"mutation": None}, {"mutation": 0.9899}, {"verdict": Verdict.CANNOT_TELL}):
        assert not report.model_copy(update=change).earns_badge
    assert report.model_copy(update={"mutation": 0.99}).earns_badge


def test_a_report_without_comparison_reads_as_it_did_before_there_was_any() -> None:
    report = checked(compare=False).model_copy(update={"mutation": None})
    assert "agreements" not in report.model_dump(mode="json")
    assert "mutation" not in report.model_dump(mode="json")
    assert Report.model_validate(report.model_dump(mode="json")) == report
