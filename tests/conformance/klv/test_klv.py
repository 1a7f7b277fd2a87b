"""MISB ST 0601: packets of our own that pass, one fault at a time that fails, and two public packets."""

from collections.abc import Callable
from pathlib import Path

import pytest

from skypact.conformance import STANDARDS, Recording, Report, Verdict
from skypact.conformance.klv.packets import KEY, KlvError, ber_length, local_set, packet, read
from skypact.conformance.klv.samples import items, stream
from skypact.conformance.klv.tags import TAGS, value

KLV = STANDARDS["klv"]
Items = list[tuple[int, bytes]]


def check(data: bytes, claim: str | None = None) -> Report:
    return KLV.check([Recording("packets", data)], claim)


def test_the_stream_conforms_to_its_version_only() -> None:
    honest = check(stream(), "ST 0601.12")
    assert (honest.verdict, honest.counts, honest.seen) == (Verdict.CONFORMS, {"packet": 3}, ("ST 0601.12",))
    assert check(stream(), "ST 0601.17").found == {"klv.claim": 3}


@pytest.mark.parametrize(
    ("tag", "raw", "expected"),
    [
        (5, b"\x71\xc2", 159.974365),
        (6, b"\xfd\x3d", -0.431531724),
        (6, b"\x80\x00", None),
        (13, b"\x55\x95\xb6\x6d", 60.1768229669783),
        (14, b"\x5b\x53\x60\xc4", 128.426759042045),
        (15, b"\xc2\x21", 14190.7195),
        (21, b"\x03\x83\x09\x26", 68590.9832),
        (2, b"\x00\x04\x60\x50\x58\x4e\x01\x80", 1_231_798_102_000_000),
        (10, b"MQ1-B", "MQ1-B"),
    ],
)
def test_the_standards_printed_examples(tag: int, raw: bytes, expected: object) -> None:
    found = value(TAGS[tag], raw)
    assert found == (pytest.approx(expected, rel=1e-6) if isinstance(expected, float) else expected)


def changed(change: Callable[[Items], object]) -> Report:
    made = items(0)
    change(made)
    return check(packet(made))


@pytest.mark.parametrize(
    ("rule", "change"),
    [
        ("klv.mandatory", lambda made: made.pop()),
        ("klv.mandatory", lambda made: made.pop(0)),
        ("klv.order", lambda made: made.insert(0, made.pop(1))),
        ("klv.twice", lambda made: made.insert(3, made[2])),
        ("klv.length", lambda made: made.__setitem__(3, (13, b"\0\0"))),
        ("klv.length", lambda made: made.__setitem__(2, (11, b""))),
        ("klv.text", lambda made: made.__setitem__(2, (11, b"E\x00"))),
        ("klv.security", lambda made: made.__setitem__(7, (48, b"\x01\x01\x06" + made[7][1][3:]))),
        ("klv.security", lambda made: made.__setitem__(7, (48, made[7][1][:-4]))),
        ("klv.security", lambda made: made.__setitem__(7, (48, made[7][1][:-1]))),
        ("klv.time", lambda made: made.__setitem__(0, (2, bytes(8)))),
    ],
)
def test_one_fault_is_found(rule: str, change: Callable[[Items], object]) -> None:
    report = changed(change)
    assert list(report.found) == [rule]
    assert report.verdict is Verdict.DOES_NOT_CONFORM


def test_warnings_do_not_spoil_the_verdict() -> None:
    report = check(packet([*items(0)[:1], (13, b"\x80\0\0\0"), (120, b"x"), *items(0)[-1:]]))
    assert report.found == {"klv.out-of-range": 1, "klv.unknown-tag": 1}
    assert report.verdict is Verdict.CONFORMS


def test_a_checksum_that_is_not_last_is_found() -> None:
    good = packet(items(0))
    length, start = ber_length(good, len(KEY))
    moved = good[start:][-4:] + good[start:-4]
    report = check(good[:start] + moved)
    assert (length, sorted(report.found)) == (len(moved), ["klv.order"])
    assert report.found["klv.order"] == 2


def test_time_that_runs_backwards_is_found() -> None:
    assert check(packet(items(1)) + packet(items(0))).found == {"klv.backwards": 1}


def test_what_lies_between_packets_is_found_and_skipped() -> None:
    found = list(read(b"junk" + packet(items(0))))
    assert found[0] == f"4 bytes at offset 0 are no packet of MISB ST 0601; its key is {KEY.hex()}."
    assert len(found) == 2


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"\x02\x08ab", "tag 2 says 8 bytes, 2 are there"),
        (b"\x02", "it ends before a length"),
        (b"\x02\x85", "a length of 5 bytes at offset 1 is not BER of 1 to 4 bytes"),
        (b"\xff\xff\xff\xff\x01", "the tag at offset 0 does not end within 4 bytes"),
    ],
)
def test_a_broken_set_says_why(data: bytes, sentence: str) -> None:
    with pytest.raises(KlvError) as refused:
        list(local_set(data))
    assert str(refused.value) == sentence


def test_every_single_bit_of_the_stream_counts() -> None:
    good = stream()
    for bit in range(8 * len(good)):
        spoilt = bytearray(good)
        spoilt[bit // 8] ^= 1 << bit % 8
        assert check(bytes(spoilt)).verdict is Verdict.DOES_NOT_CONFORM


@pytest.mark.shared_data
def test_the_public_packets_one_right_one_with_a_wrong_checksum(shared_data: Path) -> None:
    folder = shared_data / "conformance" / "klv"
    right = check((folder / "DynamicOnlyMISMMSPacketData.bin").read_bytes())
    assert (right.verdict, right.found) == (Verdict.CONFORMS, {})
    wrong = check((folder / "DynamicConstantMISMMSPacketData.bin").read_bytes())
    assert (wrong.verdict, wrong.found) == (Verdict.DOES_NOT_CONFORM, {"klv.checksum": 1})
    assert wrong.findings[0].sentence == "The packet carries the checksum 0xaa43; its sum is 0x3e1e."
