"""How much of an exchange a badge rests on."""

from pathlib import Path

import pytest

from skypact.conformance import STANDARDS, Recording
from skypact.conformance.cot.samples import EVENT
from skypact.conformance.klv.packets import packet
from skypact.conformance.klv.samples import items
from skypact.conformance.report import Verdict
from skypact.conformance.span import Least, Span

SHARED = Path("/work/shared/data/conformance")


@pytest.mark.parametrize(
    ("standard", "claim", "data", "short"),
    [
        (
            "cot",
            "2.0",
            EVENT.format(second=0).encode(),
            ("1 message of one sender; a badge needs 3.", "0.0 s; a badge needs 2 s."),
        ),
        (
            "klv",
            "ST 0601.12",
            packet(items(0)),
            ("1 message of one sender; a badge needs 3.", "0.0 s; a badge needs 1 s."),
        ),
    ],
)
def test_a_single_message_conforms_and_earns_no_badge(
    standard: str, claim: str, data: bytes, short: tuple[str, ...]
) -> None:
    report = STANDARDS[standard].check([Recording("one", data)], claim)
    assert (report.verdict, report.earns_badge) == (Verdict.CONFORMS, False)
    rungs = report.rungs()
    assert rungs.pop("exchange") is Verdict.CANNOT_TELL
    assert set(rungs.values()) == {Verdict.CONFORMS}
    assert report.heard is not None
    assert (report.heard.messages, report.heard.short) == (1, short)


@pytest.mark.shared_data
@pytest.mark.parametrize(
    ("standard", "file", "claim"),
    [
        ("cot", "cot/examples/Marker - Spot.cot", "2.0"),
        ("klv", "klv/DynamicOnlyMISMMSPacketData.bin", "ST 0601.6"),
    ],
)
def test_one_message_of_others_earns_no_badge(standard: str, file: str, claim: str) -> None:
    report = STANDARDS[standard].check([Recording(file, (SHARED / file).read_bytes())], claim)
    assert (report.verdict, report.earns_badge) == (Verdict.CONFORMS, False)


@pytest.mark.parametrize("standard", [name for name in STANDARDS if name != "stanag4609"])
def test_our_own_samples_are_long_enough(standard: str) -> None:
    """Those of stanag4609 last 0.6 s, and pass without earning a badge."""
    lab = STANDARDS[standard]
    heard = [lab.check([Recording("sample", one.data)], one.claim, compare=False).heard for one in lab.samples()]
    assert [one.short for one in heard if one is not None] == [()] * len(heard)
    assert all(one.why for one in heard if one is not None)


def test_one_sender_counts_not_all_together() -> None:
    """Two transmitters heard for a moment each are no exchange of either."""
    spans = {"a": Span(), "b": Span()}
    for who, time_s in (("a", 0.0), ("b", 9.0), ("a", 0.5)):
        spans[who].hear("x", time_s, None)
    heard = Least("why", seconds=5.0).judge(spans, lambda who: True)
    assert (heard.sender, heard.messages, heard.seconds, heard.short) == ("a", 2, 0.5, ("0.5 s; a badge needs 5 s.",))
    assert Least("why").judge(spans, lambda who: who == "b").short == ("1 message of one sender; a badge needs 2.",)
    assert Least("why").judge({}, lambda who: True).messages == 0


def test_a_clock_that_begins_anew_at_midnight_and_messages_out_of_order() -> None:
    span = Span()
    for time_s in (86_395.0, 86_398.0, 3.0, 1.0):
        span.hear("record", time_s, 86_400.0)
    assert span.seconds == 8.0


def test_without_times_nobody_can_tell() -> None:
    span = Span()
    span.hear("x", None, None)
    span.hear("x", None, None)
    heard = Least("why", seconds=3.0, kinds={"y": 1}).judge({"a": span}, lambda who: True)
    assert heard.short == ("0 of y; a badge needs 1.", "The messages hold no times; a badge needs 3 s.")
