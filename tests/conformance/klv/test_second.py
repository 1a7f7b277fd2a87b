"""KLV read twice by us, and both checked against what others' code read."""

import random
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import pytest

from skypact.conformance import STANDARDS, Recording, Verdict
from skypact.conformance.klv import item_table, readings
from skypact.conformance.klv.packets import KEY, checksum
from skypact.conformance.klv.samples import stream
from skypact.conformance.second import Reading, compare

KLV = STANDARDS["klv"]
#: What klvdata 0.0.3 (MIT) read out of items of random bytes: tag, bytes, value.
VECTORS = [line.split() for line in Path(__file__).with_name("klvdata.txt").read_text().splitlines()]
#: Where klvdata reads otherwise: the temperature without its sign, 512 pixels for 510, half of the sideslip angle.
#: jmisb and both of ours read as the standard says.
KLVDATA_DIFFERS = {"39", "43", "44", "93"}
Read = Callable[[Sequence[Recording]], Iterable[Reading]]


def packet(tag: int, raw: bytes) -> bytes:
    """A packet of one item with its sum."""
    name = bytes([tag]) if tag < 128 else bytes([0x80 | tag >> 7, tag & 0x7F])
    body = name + bytes([len(raw)]) + raw + b"\x01\x02"
    whole = KEY + bytes([len(body) + 2]) + body + b"\0\0"
    return whole[:-2] + checksum(whole).to_bytes(2, "big")


@pytest.mark.parametrize("read", [readings, item_table.read], ids=["first", "second"])
def test_both_read_what_klvdata_reads(read: Read) -> None:
    differing = set()
    for tag, raw, value in VECTORS:
        (found,) = read([Recording("a", packet(int(tag), bytes.fromhex(raw)))])
        if found.values[tag] != pytest.approx(float(value), rel=1e-4):
            differing.add(tag)
    assert (len(VECTORS), differing) == (231, KLVDATA_DIFFERS)


@pytest.mark.parametrize(
    ("tag", "raw", "value"), [("39", "d1", -47), ("43", "0e", 28), ("93", "cef50174", -68.9666436561228)]
)
def test_both_read_as_the_standard_says_where_klvdata_does_not(tag: str, raw: str, value: float) -> None:
    for read in (readings, item_table.read):
        (found,) = read([Recording("a", packet(int(tag), bytes.fromhex(raw)))])
        assert found.values[tag] == pytest.approx(value)


def test_every_item_of_any_length_is_read_alike() -> None:
    """It found that the first decoder took the pixels of items 43 and 44 for half of what they are."""
    draw = random.Random(1)  # noqa: S311 (no secret)
    recordings = [
        Recording(f"{tag} {size}", packet(tag, draw.choice((draw.randbytes(size), b"\x80" + bytes(size - 1)))))
        for tag in range(2, 150)
        for size in range(1, 9)
    ]
    found = compare(item_table.DECODER, readings(recordings), recordings)
    assert (found.messages_both, found.only_first, found.only_second, found.disagreements) == (1184, 0, 0, ())
    assert found.values_compared > 1500


@pytest.mark.parametrize("tag", [96, 110, 117, 136])
def test_a_number_of_two_hundred_bytes_is_none(tag: int) -> None:
    """Its scale is beyond every float."""
    raw = b"\x10" * 100
    for read in (readings, item_table.read):
        (found,) = read([Recording("a", packet(tag, raw))])
        assert set(found.values) == {"1"}
    report = STANDARDS["klv"].check([Recording("a", packet(tag, raw))])
    assert (report.found["klv.length"], report.agreements[0].disagreed) == (1, 0)


def test_our_own_stream_earns_the_badge() -> None:
    report = KLV.check([Recording("a", stream())], "ST 0601.12")
    assert [(one.messages_both, one.verdict) for one in report.agreements] == [(3, Verdict.CONFORMS)]
    assert report.earns_badge


@pytest.mark.parametrize(
    "data",
    [
        KEY,
        KEY + b"\x85\0\0\0\0\0",
        KEY + b"\x80",
        KEY + b"\x7f\x01",
        KEY + b"\x04\x01\x02\x00\x00",
        KEY + b"\x04\xff\xff\xff\xff",
        KEY + b"\x00",
        b"",
    ],
)
def test_what_is_no_packet_is_read_by_neither(data: bytes) -> None:
    assert list(item_table.read([Recording("a", data)])) == list(readings([Recording("a", data)])) == []


@pytest.mark.shared_data
@pytest.mark.parametrize(
    ("name", "packets", "values"),
    [("DynamicOnlyMISMMSPacketData.bin", 1, 19), ("DynamicConstantMISMMSPacketData.bin", 0, 0)],
)
def test_public_packets(shared_data: Path, name: str, packets: int, values: int) -> None:
    """The second one carries a wrong sum: neither reads it."""
    recordings = [Recording(name, (shared_data / "conformance" / "klv" / name).read_bytes())]
    found = compare(item_table.DECODER, readings(recordings), recordings)
    assert (found.messages_both, found.values_compared, found.disagreed) == (packets, values, 0)
