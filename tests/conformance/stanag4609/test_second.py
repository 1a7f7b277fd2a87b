"""Transport streams read by Wireshark too: packets, tables, PES packets with their times and bytes."""

from collections.abc import Iterator

import pytest

from skypact.conformance import STANDARDS, Recording, tshark
from skypact.conformance.listening import PCAP_HEADER, pcap_record
from skypact.conformance.second import Reading, UnfinishedError, compare
from skypact.conformance.stanag4609 import wireshark
from skypact.conformance.stanag4609.packets import PACKET
from skypact.conformance.stanag4609.readings import readings
from skypact.conformance.stanag4609.samples import ASYNCHRONOUS_PLAN, Plan, stream

LAB = STANDARDS["stanag4609"]
GOOD = stream(Plan())
needs_tshark = pytest.mark.skipif(tshark.version() != "4.0.17", reason="tshark 4.0.17 is not on this machine")


def read(data: bytes) -> list[Reading]:
    return list(readings([Recording("flight.ts", data)]))


def test_a_capture_of_many_streams_does_not_start_a_program_for_each(monkeypatch: pytest.MonkeyPatch) -> None:
    runs: list[int] = []
    monkeypatch.setattr(tshark, "dissect", lambda *said, **more: runs.append(1) or iter(()))
    monkeypatch.setattr(tshark, "version", lambda: "4.0.17")
    packets = [pcap_record(GOOD[:PACKET], ("127.0.0.1", 1), ("127.0.0.1", port), 0.0) for port in range(1, 101)]
    recordings = [Recording("many.pcap", PCAP_HEADER + b"".join(packets))]
    with pytest.raises(UnfinishedError, match="more than 32 streams"):
        list(wireshark.read(recordings))
    assert len(runs) == 32


def test_what_is_compared() -> None:
    found = read(GOOD)
    assert [(one.message, one.kind) for one in found[:6]] == [
        (1, "packet"),
        (1, "program association"),
        (2, "packet"),
        (2, "program map"),
        (3, "packet"),
        (4, "packet"),
    ]
    assert found[1].values == {"program 1": 0x100}
    assert found[3].values == {
        "program": 1,
        "version": 0,
        "clock": 0x101,
        "stream 1 pid": 0x101,
        "stream 1 type": 0x1B,
        "stream 2 pid": 0x102,
        "stream 2 type": 0x15,
        "stream 2 descriptor 1": "26 0100ff4b4c5641000f",
        "stream 2 descriptor 2": "27 c003e8c00010c00000",
    }
    assert found[4].values == {"pid": 0x101, "starts": 1, "counter": 0, "pcr": 270_000_000}
    pes = next(one for one in found if one.kind == "PES packet")
    assert (pes.message, pes.values["stream"], pes.values["pts"], pes.values["bytes"]) == (5, 0xFC, 918_000, 191)


def test_packets_are_counted_through_all_streams_of_a_recording() -> None:
    assert [one.message for one in read(GOOD) if one.kind == "packet"] == list(range(1, 37))


@needs_tshark
@pytest.mark.parametrize(("plan", "values"), [(Plan(), 184), (ASYNCHRONOUS_PLAN, 176)])
def test_both_carriages_are_read_alike_and_earn_the_badge(plan: Plan, values: int) -> None:
    report = LAB.check([Recording("flight.ts", stream(plan))], "ST 0601.12")
    (one,) = report.agreements
    assert (one.decoder.name, one.messages_both, one.values_compared, one.disagreed) == ("tshark", 48, values, 0)
    assert not report.earns_badge  # 0.6 s are too short
    longer = LAB.check([Recording("flight.ts", stream(plan, 41))], "ST 0601.12")
    assert (longer.heard.seconds, longer.heard.short, longer.earns_badge) == (pytest.approx(1.6), (), True)


@needs_tshark
def test_bytes_that_differ_are_a_disagreement() -> None:
    """The second decoder gets a stream in which one byte of a set of KLV and one clock are other ones."""
    changed = bytearray(GOOD)
    changed[12 * PACKET + 100] ^= 1
    changed[14 * PACKET + 11] ^= 1
    found = compare(wireshark.DECODER, read(GOOD), [Recording("flight.ts", bytes(changed))])
    assert [one.place.field for one in found.disagreements] == ["PES packet sha256", "packet pcr"]


@needs_tshark
def test_what_wireshark_calls_malformed_is_no_reading() -> None:
    changed = bytearray(GOOD)
    changed[PACKET + 7] = 0xFF  # the length of the program map
    kinds: Iterator[tuple[int, str]] = (
        (one.message, one.kind) for one in wireshark.read([Recording("flight.ts", bytes(changed))])
    )
    assert (2, "program map") not in kinds
