"""MISB ST 0601: packets of our own that pass, one fault at a time that fails, and two public packets."""

from collections.abc import Callable
from pathlib import Path

import pytest

from skypact.conformance import STANDARDS, Recording, Report, Verdict
from skypact.conformance.klv.packets import KEY, KlvError, ber_length, local_set, packet, read
from skypact.conformance.klv.samples import items, stream
from skypact.conformance.klv.tags import TAGS, Mark, Special, mapped, value

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
        (6, b"\x80\x00", Special.OUT_OF_RANGE),
        (7, b"\x08\xb8", 3.40586566),
        (13, b"\x80\0\0\0", Special.RESERVED),
        (18, b"\x72\x4a\x0a\x20", 160.719211436975),
        (19, b"\x87\xf8\x4b\x86", -168.792324833941),
        (22, b"\x12\x81", 722.819867),
        (23, b"\xf1\x01\xa2\x29", -10.5423886331461),
        (24, b"\x80\0\0\0", Special.NOT_ON_EARTH),
        (56, b"\x8c", 140),
        (57, b"\xb3\x8e\xac\xf1", 3_506_979.03160634),
        (75, b"\xc2\x21", 14190.7195),
        (96, b"\x00\xd9\x2a", 13_898.5),
        (103, b"\x2f\x92\x1e", 23_456.24),
        (112, b"\x1f\x40", 125.0),
        (113, b"\x05\xf5\x00", 2_150.0),
        (117, b"\x3e\x90", 1.0),
        (120, b"\x48\x00\x00", 72.0),
        (132, b"\x02\x57\xc0", 2_400.0),
        (136, b"\x1e", 30),
        (137, b"\x01\x2b\x8d\xc6\x35", 5_025_678_901),
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


@pytest.mark.parametrize(
    ("low", "high", "raw", "expected"),
    [
        (0, 100, b"\xe8\0", Mark.INFINITE),
        (0, 100, b"\xc8\0", Mark.INFINITE),
        (0, 100, b"\xd0\0", Mark.NOT_A_NUMBER),
        (0, 100, b"\xe0\0", Mark.RESERVED),
        (0, 100, b"\x64\0", 100.0),
        (0, 100, b"\x64\x80", Mark.BEYOND),
        (0, 128, b"\x80\0", 128.0),
        (-0.1, 0.9, b"\x0c\xcd", 0.0),
    ],
)
def test_numbers_of_any_length_are_mapped_and_their_marks_told(
    low: float, high: float, raw: bytes, expected: object
) -> None:
    found = mapped(low, high, raw)
    assert found == (pytest.approx(expected, abs=1e-9) if isinstance(expected, float) else expected)


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
        ("klv.security", lambda made: made.__setitem__(7, (48, made[7][1].replace(b"//KR", b"/KRR")))),
        (
            "klv.security",
            lambda made: made.__setitem__(7, (48, made[7][1].replace(b"\x04\0K\0R", b"\x03\0K\0"))),
        ),
        (
            "klv.security",
            lambda made: made.__setitem__(7, (48, made[7][1].replace(b"\x02\0\x0a", b"\x01\x0a"))),
        ),
        ("klv.code", lambda made: made.insert(7, (34, b"\x03"))),
        ("klv.code", lambda made: made.insert(8, (77, b"\x06"))),
        ("klv.nested", lambda made: made.insert(8, (74, b"\x01\x05a"))),
        ("klv.range", lambda made: made.insert(8, (120, b"\x64\0\x80"))),
        ("klv.length", lambda made: made.insert(8, (104, bytes(9)))),
    ],
)
def test_one_fault_is_found(rule: str, change: Callable[[Items], object]) -> None:
    report = changed(change)
    assert list(report.found) == [rule]
    assert report.verdict is Verdict.DOES_NOT_CONFORM


def test_warnings_do_not_spoil_the_verdict() -> None:
    extra = [(13, b"\x80\0\0\0"), (112, b"\xe8\0"), (120, b"\x48\0\0\0"), (144, b"x")]
    report = check(packet([*items(0)[:1], *extra, *items(0)[-1:]]))
    assert report.found == {"klv.out-of-range": 2, "klv.long": 1, "klv.unknown-tag": 1, "klv.no-security": 1}
    assert report.verdict is Verdict.CONFORMS


def test_an_item_without_bytes_is_unknown_since_edition_14_but_for_three() -> None:
    without = [(5, b"") if tag == 5 else (tag, raw) for tag, raw in items(0)]
    assert check(packet(without)).found == {"klv.length": 1}
    since = [*without[:-1], (65, b"\x0e")]
    assert check(packet(since)).found == {}
    assert check(packet([(2, b""), *since[1:]])).found == {"klv.length": 1}


@pytest.mark.parametrize("edition", [0, 20, 255])
def test_an_edition_that_the_lab_does_not_know_cannot_be_judged(edition: int) -> None:
    report = check(packet([*items(0)[:-1], (65, bytes([edition]))]))
    assert (report.verdict, report.found, report.seen) == (Verdict.CANNOT_TELL, {"klv.edition": 1}, ())


def test_a_set_of_another_standard_cannot_be_judged() -> None:
    other = bytes.fromhex("060e2b34020b01010e01030306000000") + b"\x03\x04\x01\x05"
    report = check(stream() + other)
    assert (report.verdict, report.found) == (Verdict.CANNOT_TELL, {"klv.other-set": 1})
    assert report.findings[0].sentence == (
        "A set of 3 bytes with the label 060e2b34020b01010e01030306000000 was not looked into."
    )


def test_a_sensor_that_jumps_is_found() -> None:
    def at(second: int, latitude: float) -> bytes:
        raw = round(latitude / 90 * (2**31 - 1)).to_bytes(4, "big", signed=True)
        return packet([(tag, raw if tag == 13 else kept) for tag, kept in items(second)])

    assert check(at(0, 37.5) + at(1, 37.509)).found == {}
    report = check(at(0, 37.5) + at(1, 37.6))
    assert report.found == {"klv.speed": 1}
    assert report.findings[0].sentence == "The sensor moved 11.1 km in 1.000 s."


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
        (b"\x80\x02\x00", "the tag at offset 0 begins with 80, which adds nothing to it"),
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
        report = check(bytes(spoilt))
        assert report.verdict is Verdict.DOES_NOT_CONFORM or report.found == {"klv.other-set": 1}


@pytest.mark.shared_data
def test_the_public_packets_one_right_one_with_a_wrong_checksum(shared_data: Path) -> None:
    folder = shared_data / "conformance" / "klv"
    right = check((folder / "DynamicOnlyMISMMSPacketData.bin").read_bytes())
    assert (right.verdict, right.found) == (Verdict.CONFORMS, {"klv.no-security": 1})
    wrong = check((folder / "DynamicConstantMISMMSPacketData.bin").read_bytes())
    assert (wrong.verdict, wrong.found) == (Verdict.DOES_NOT_CONFORM, {"klv.checksum": 1})
    assert wrong.findings[0].sentence == "The packet carries the checksum 0xaa43; its sum is 0x3e1e."
