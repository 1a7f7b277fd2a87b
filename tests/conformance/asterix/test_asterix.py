"""ASTERIX: blocks of our own that pass, one fault at a time that fails, and public captures."""

import struct
from pathlib import Path

import pytest

from skypact.conformance import STANDARDS, Layer, Recording, Report, Verdict, asterix
from skypact.conformance.asterix.editions import EDITIONS
from skypact.conformance.asterix.records import decode, specifications
from skypact.conformance.asterix.samples import block, marker, plot, stream, track

ASTERIX = STANDARDS["asterix"]


def check(data: bytes, claim: str | None = None) -> Report:
    return ASTERIX.check([Recording("blocks", data)], claim)


def raw(category: int, body: str) -> bytes:
    data = bytes.fromhex(body)
    return bytes([category]) + (3 + len(data)).to_bytes(2, "big") + data


def test_the_table_of_editions_is_that_of_the_decoder() -> None:
    from asterix.generated import manifest

    for category, editions in EDITIONS.items():
        if category == 129:
            assert category not in manifest["CATS"]  # ours is the only one
            continue
        assert tuple(edition.cv_edition for edition in manifest["CATS"][category]) == editions


def test_the_stream_conforms() -> None:
    report = check(stream(), "CAT048 1.32")
    assert report.verdict is Verdict.CONFORMS
    assert report.counts == {"CAT034": 3, "CAT048": 3, "CAT062": 3, "CAT129": 3, "records": 12}


def test_the_blocks_are_those_of_the_document() -> None:
    assert block(34, marker(36_000.0)).hex() == "22000ae019c901465000"
    assert block(48, plot(36_000.5)).hex() == "300010f419c9465040200a0020000030"
    assert block(62, track(36_001.0)).hex() == "3e00199b0c19ca465080006aca0d01694e0400230000000780"


@pytest.mark.parametrize(
    ("rule", "data"),
    [
        ("asterix.framing", b"\x22\x00"),
        ("asterix.framing", raw(34, "e019c901465000")[:-1]),
        ("asterix.framing", b"\x22\x00\x02\x00"),
        ("asterix.malformed", raw(34, "e019c9014650")),
        ("asterix.malformed", raw(34, "fe19c901465000")),
        ("asterix.empty", raw(34, "e019c90146500000")),
        ("asterix.mandatory", raw(34, "a019c9465000")),
        ("asterix.value", raw(34, "e019c9c8465000")),
        ("asterix.field-specification", raw(34, "e10019c901465000")),
        ("asterix.time-of-day", raw(34, "e019c901ffffff")),
        ("asterix.spare", raw(48, "f819c9465040200a0020001000")),
        ("asterix.limit", block(62, {**track(1), "105": (("LAT", (91.0, "°")), ("LON", (0.0, "°")))})),
        ("asterix.backwards", block(34, marker(36_000.0)) + block(34, marker(35_900.0))),
    ],
)
def test_one_fault_is_found(rule: str, data: bytes) -> None:
    report = check(data)
    assert list(report.found) == [rule]
    assert report.verdict is Verdict.DOES_NOT_CONFORM


def test_midnight_is_no_fault() -> None:
    assert check(block(34, marker(86_399.0)) + block(34, marker(1.0))).verdict is Verdict.CONFORMS


def test_a_category_without_specification_is_not_judged() -> None:
    report = check(raw(20, "8019c9"))
    assert report.verdict is Verdict.CANNOT_TELL
    assert report.findings[0].sentence == (
        "Category 20 is not decoded here; decoded: 001, 002, 021, 034, 048, 062, 063, 065, 129."
    )


def test_category_001_says_in_each_record_whether_it_is_a_plot_or_a_track() -> None:
    both = raw(1, "e0" + "19c9" + "20" + "0a002000" + "e0" + "19c9" + "a0" + "0007")
    assert check(both).counts == {"CAT001": 1, "records": 2}
    assert check(both).verdict is Verdict.CONFORMS
    unsaid = check(raw(1, "8019c9"))
    assert unsaid.found == {"asterix.malformed": 1}
    assert "item 020 does not say which profile a record has" in unsaid.findings[0].sentence


def test_a_field_behind_the_last_one_is_refused() -> None:
    """Fuzzing found that libasterix 0.36 fails on it."""
    report = check(raw(1, "01010140"))
    assert report.found == {"asterix.malformed": 1}
    assert "field 23 is flagged; the profile has 22" in report.findings[0].sentence


def test_behind_many_refused_blocks_the_rest_is_counted_and_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asterix, "_MOST_REFUSED", 2)
    good, bad = raw(34, "e019c901465000"), raw(1, "01010140")
    report = check(good + bad + good + bad + good + bad + good)
    assert report.found == {"asterix.malformed": 2, "asterix.unread": 3}
    assert (report.verdict, report.counts) == (Verdict.DOES_NOT_CONFORM, {"CAT001": 3, "CAT034": 4, "records": 2})
    (told,) = [one for one in report.findings if one.rule == "asterix.unread"]
    assert (told.sentence, told.times) == ("After 2 blocks that no edition accepts this one was not read.", 3)


def test_only_category_001_has_room_behind_its_last_field() -> None:
    from asterix.base import UapMultiple

    for category in sorted(set(EDITIONS) - {1, 129}):
        for edition in specifications(category):
            assert not issubclass(edition.cv_uap, UapMultiple)
            record = edition.cv_uap.cv_record
            assert len(record.cv_items_list) == 7 * record.cv_fspec_max_bytes


def test_a_claim_needs_records_of_its_category() -> None:
    report = check(block(34, marker(1.0)), "CAT062 1.18")
    assert (report.found, report.verdict) == ({"asterix.not-there": 1}, Verdict.CANNOT_TELL)


def test_a_claim_fails_when_its_edition_refuses_the_blocks() -> None:
    service = raw(21, "9019c918")  # item 015 of one byte; editions 0.23 to 0.26 have three bytes at this place
    assert check(service, "CAT021 2.7").verdict is Verdict.CONFORMS
    refused = check(service, "CAT021 0.26")
    assert (refused.verdict, refused.found) == (Verdict.DOES_NOT_CONFORM, {"asterix.claim": 1})


def test_blocks_inside_a_capture() -> None:
    payload = stream()
    ip = bytes([0x45]) + bytes(8) + bytes([17]) + bytes(10)
    frame = bytes(12) + b"\x08\x00" + ip + struct.pack(">4H", 1, 2, 8 + len(payload), 0) + payload
    header = struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 1)
    capture = header + struct.pack("<4I", 0, 0, len(frame), len(frame)) + frame
    assert check(capture).counts == check(payload).counts
    assert check(capture).verdict is Verdict.CONFORMS


@pytest.mark.shared_data
@pytest.mark.parametrize(
    ("name", "counts"),
    [
        ("cat_034_048.pcap", {"CAT034": 34, "CAT048": 86, "records": 162}),
        ("cat_062_065.pcap", {"CAT062": 1, "CAT065": 1, "records": 3}),
        ("cat062cat065.raw", {"CAT062": 1, "CAT065": 1, "records": 3}),
    ],
)
def test_public_captures_conform(shared_data: Path, name: str, counts: dict[str, int]) -> None:
    report = check((shared_data / "conformance" / "asterix" / name).read_bytes())
    assert (report.verdict, report.counts, report.found) == (Verdict.CONFORMS, counts, {})


@pytest.mark.shared_data
def test_a_capture_that_one_decoder_accepts_is_malformed(shared_data: Path) -> None:
    """72 of 100 frames parse under no edition; the 28 others hold times and places that cannot be."""
    report = check((shared_data / "conformance" / "asterix" / "asterix.pcap").read_bytes())
    assert report.verdict is Verdict.DOES_NOT_CONFORM
    assert report.found["asterix.malformed"] == 72
    assert report.layers[Layer.SEMANTIC] is Verdict.DOES_NOT_CONFORM
    assert report.seen == ()


@pytest.mark.shared_data
def test_blocks_in_a_foreign_wrapper_are_named(shared_data: Path) -> None:
    report = check((shared_data / "conformance" / "asterix" / "cat_001_002.pcap").read_bytes())
    assert report.found == {"asterix.wrapped": 1}
    assert report.counts == {"CAT001": 5, "CAT002": 1, "records": 8}
    assert report.verdict is Verdict.CONFORMS


def test_a_block_of_thousands_of_records_is_parsed_from_short_pieces_and_not_kept(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """``libasterix`` copies what follows each record; the cost of a block must not be the square of its records."""
    longest, count = 0, 0
    (specification, *_) = specifications(48)
    record_type = specification.cv_uap.cv_record
    parse_one = record_type._parse

    def watched(mode: object, bits: object) -> object:
        nonlocal longest, count
        longest, count = max(longest, len(bits)), count + 1
        return parse_one(mode, bits)

    monkeypatch.setattr(record_type, "_parse", watched)
    found = decode(48, b"\x80\x19\xc9" * 3_000)
    assert found.editions == EDITIONS[48]
    assert (longest, count) == (8 * 64, 3_000)  # once for all six editions
    assert not isinstance(found.records, tuple)
    assert sum(1 for _ in found.records) == 3_000


def test_editions_that_lay_out_a_flagged_item_otherwise_are_asked_apart() -> None:
    editions = {body: decode(21, bytes.fromhex(body)).editions for body in ("8019c9", "c019c900", "c019c90000")}
    assert editions["8019c9"] == EDITIONS[21]
    assert EDITIONS[21] != editions["c019c900"] != editions["c019c90000"]
