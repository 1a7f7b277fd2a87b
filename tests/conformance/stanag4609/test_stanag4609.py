"""STANAG 4609: streams of our own that pass, one fault at a time that fails, carried in files, UDP, RTP and live."""

import socket
import struct
import threading
from collections.abc import Callable
from dataclasses import replace

import pytest

from skypact.conformance import STANDARDS, Recording, Report, Verdict
from skypact.conformance.captures import ETHERNET
from skypact.conformance.listening import Address, Heard, Listener
from skypact.conformance.stanag4609.packets import PACKET, Gap, apart, read, size_of
from skypact.conformance.stanag4609.samples import (
    ASYNCHRONOUS_PLAN,
    KLV_PID,
    MAP_PID,
    VIDEO,
    VIDEO_PID,
    Mux,
    Plan,
    klv_at,
    pes,
    program_map,
    samples,
    section,
    stream,
)
from skypact.conformance.stanag4609.samples import cell as one_cell
from skypact.conformance.stanag4609.tables import crc32

LAB = STANDARDS["stanag4609"]
GOOD = stream(Plan())


def check(data: bytes, claim: str | None = None) -> Report:
    return LAB.check([Recording("flight.ts", data)], claim, compare=False)


def test_both_carriages_conform_and_are_seen() -> None:
    synchronous, asynchronous = (check(one.data, one.claim) for one in samples())
    assert (synchronous.verdict, synchronous.findings) == (Verdict.CONFORMS, ())
    assert synchronous.counts == {"packet": 4, "transport packet": 36}
    assert synchronous.seen == ("ST 0601.12", "ST 1402 synchronous")
    assert (asynchronous.verdict, asynchronous.findings) == (Verdict.CONFORMS, ())
    assert asynchronous.seen == ("ST 0601.12", "ST 1402 asynchronous")


def test_a_claim_is_about_the_carriage_or_the_edition() -> None:
    assert check(GOOD, "ST 1402 asynchronous").found == {"stanag4609.claim": 1}
    assert check(GOOD, "ST 0601.12").verdict is Verdict.CONFORMS
    assert check(GOOD, "ST 0601.13").found == {"klv.claim": 4}


def test_the_crc_is_that_of_the_standard() -> None:
    # The association table of ISO/IEC 13818-1 with one program, as every multiplexer writes it.
    assert crc32(b"123456789") == 0x0376E6E7
    assert crc32(bytes.fromhex("00b00d0001c100000001e100")).to_bytes(4, "big").hex() == "e8f95e7d"
    made = section(0, 1, bytes.fromhex("0001e100"))
    assert (made.hex(), crc32(made)) == ("00b00d0001c100000001e100e8f95e7d", 0)


def fault(**changes: object) -> Report:
    return check(stream(replace(Plan(), **changes)))


@pytest.mark.parametrize(
    ("changes", "rule", "sentence"),
    [
        ({"klv_type": 0x06}, "stanag4609.no-klv", "No program map names a stream of KLV."),
        (
            {"stream_id": 0xBD},
            "stanag4609.carriage",
            "stream_id is 0xbd; ST 1402 synchronous has 0xfc.",
        ),
        (
            {"klv_descriptors": b"\x26\x09\x01\x00\xffKLVA\x00\x0f"},
            "stanag4609.metadata-std",
            "PID 0x0102: the stream has 0 metadata_STD_descriptors; one is required.",
        ),
        (
            {"klv_descriptors": b"\x27\x09\xc0\x03\xe8\xc0\x00\x10\xc0\x00\x00"},
            "stanag4609.metadata-descriptor",
            "PID 0x0102: the stream has no metadata_descriptor.",
        ),
        ({"video_type": 0x0F}, "stanag4609.motion-imagery", "Program 1 has metadata and no motion imagery."),
        ({"table_frames": 10}, "stanag4609.tables", "The table of PID 0x0000 did not come for 0.36 s."),
        (
            {"map_program": 2},
            "stanag4609.program",
            "The map is of program 2; the association names 1 here.",
        ),
        (
            {"cell": lambda one: one_cell(one.klv, one.sequence, flags=0x1F)},
            "stanag4609.cell",
            "The cell is marked as the middle of an access unit that has not begun.",
        ),
        (
            {"cell": lambda one: one_cell(one.klv, 0)},
            "stanag4609.cell",
            "The number of the cell is 0; expected is 1.",
        ),
        (
            {"cell": lambda one: one_cell(one.klv, one.sequence, service=3)},
            "stanag4609.metadata-descriptor",
            "The cell is of service 3; the map describes [0].",
        ),
        (
            {"cell": lambda one: one_cell(one.klv + klv_at(one.time_s + 0.1), one.sequence)},
            "stanag4609.one-set",
            "2 sets of ST 0601 stand in one access unit.",
        ),
        (
            {"sets": lambda given: [replace(one, pts_s=None) for one in given]},
            "stanag4609.no-pts",
            "Synchronous metadata without a presentation time.",
        ),
        (
            {"sets": lambda given: [replace(one, pts_s=12 + one.time_s) for one in given]},
            "stanag4609.delay",
            "It arrives 2.000 s before its presentation.",
        ),
        (
            {"sets": lambda given: [replace(one, pts_s=10.7 - one.time_s) for one in given]},
            "stanag4609.pts-order",
            "The presentation time is 0.200 s before the last.",
        ),
        (
            {"sets": lambda given: [replace(one, klv=klv_at(one.time_s * 4)) for one in given]},
            "stanag4609.drift",
            "The time stamp moved by +0.600 s against the clock of the stream.",
        ),
        (
            {"clock": lambda frame: (900_000 + 3_600 * frame * 3) * 300},
            "stanag4609.pcr",
            "120 ms after the clock reference before.",
        ),
        (
            {"clock": lambda frame: (900_000 + 3_600 * frame + 900_000 * (frame > 9)) * 300},
            "stanag4609.pcr",
            "The clock jumps by 10.040 s and no jump is announced.",
        ),
        ({"clock_pid": 0x1FFF}, "stanag4609.pcr", "No clock reference came on PID 0x1fff."),
        ({"pes_flags": 0x94}, "stanag4609.pes", "A PES packet cannot be read: its payload is scrambled."),
    ],
)
def test_one_fault_is_found_and_said(changes: dict[str, object], rule: str, sentence: str) -> None:
    report = fault(**changes)
    assert report.verdict is not Verdict.CONFORMS
    assert (rule, sentence) in [(one.rule, one.sentence) for one in report.findings]


@pytest.mark.parametrize(
    ("descriptors", "found"),
    [
        (b"", {"stanag4609.no-klv": 1}),
        (b"\x05\x05KLVA\0", {"stanag4609.registration": 1}),
        (b"\x05\x04KLVA\x26\x02\0\0", {"stanag4609.metadata-descriptor": 1}),
    ],
)
def test_asynchronous_metadata_are_registered_as_klva(descriptors: bytes, found: dict[str, int]) -> None:
    assert check(stream(replace(ASYNCHRONOUS_PLAN, klv_descriptors=descriptors))).found == found


def test_a_presentation_time_of_asynchronous_metadata_is_a_warning() -> None:
    timed = replace(ASYNCHRONOUS_PLAN, sets=lambda given: [replace(one, pts_s=10.2 + one.time_s) for one in given])
    report = check(stream(timed))
    assert (report.verdict, report.found) == (Verdict.CONFORMS, {"stanag4609.pts": 4})


def spoil(number: int, change: Callable[[bytes], bytes]) -> bytes:
    at = number * PACKET
    return GOOD[:at] + change(GOOD[at : at + PACKET]) + GOOD[at + PACKET :]


@pytest.mark.parametrize(
    ("number", "change", "rule"),
    [
        (5, lambda one: b"", "stanag4609.continuity"),
        (5, lambda one: b"\x46" + one[1:], "stanag4609.packet"),
        (5, lambda one: one[:1] + bytes([one[1] | 0x80]) + one[2:], "stanag4609.transport-error"),
        (5, lambda one: one[:3] + bytes([one[3] | 0x40]) + one[4:], "stanag4609.scrambled"),
        (5, lambda one: one[:4] + b"\xb8" + one[5:], "stanag4609.adaptation-field"),
        (1, lambda one: one[:20] + bytes([one[20] ^ 1]) + one[21:], "stanag4609.section"),
        (1, lambda one: one[:4] + b"\xc0" + one[5:], "stanag4609.section"),
        (1, lambda one: one[:-1] + b"\0", "stanag4609.section"),
        (12, lambda one: one[:1] + b"\x02\x00" + one[3:], "stanag4609.unnamed"),
        (13, lambda one: one[:1] + bytes([one[1] | 0x40]) + one[2:], "stanag4609.pes"),
    ],
)
def test_one_spoilt_packet_is_found(number: int, change: Callable[[bytes], bytes], rule: str) -> None:
    report = check(spoil(number, change))
    assert report.verdict is not Verdict.CONFORMS
    assert rule in report.found


def test_the_place_names_packet_and_pid() -> None:
    report = check(spoil(5, lambda one: b""))
    assert [str(one.place) for one in report.findings] == ["flight.ts, packet 6, PID 0x0101"]
    assert report.findings[0].sentence == "The counter goes from 0 to 2; expected is 1."


def test_null_packets_repeated_packets_and_tables_of_others_are_no_fault() -> None:
    null, service = b"\x47\x1f\xff\x10" + bytes(184), b"\x47\x40\x11\x10" + b"\xff" * 184
    assert check(spoil(12, lambda one: null + one + one + service)).found == {}


def test_a_recording_that_begins_between_two_tables_is_read_from_its_start() -> None:
    report = check(GOOD[3 * PACKET :])
    assert (report.verdict, report.counts["packet"]) == (Verdict.CONFORMS, 4)


@pytest.mark.parametrize(("size", "before", "after"), [(204, b"", bytes(16)), (192, bytes(4), b"")])
def test_other_sizes_of_recorders_are_read_and_named(size: int, before: bytes, after: bytes) -> None:
    made = b"".join(before + GOOD[at : at + PACKET] + after for at in range(0, len(GOOD), PACKET))
    assert size_of(made) == (size, len(before))
    report = check(made)
    assert (report.verdict, report.found, report.counts["packet"]) == (Verdict.CONFORMS, {"stanag4609.size": 1}, 4)


def test_bytes_between_packets_are_counted() -> None:
    found = list(read(GOOD[:PACKET] + b"junk" + GOOD[PACKET : 3 * PACKET] + b"\x47"))
    assert [one.sentence for one in found if isinstance(one, Gap)] == [
        "4 bytes at offset 188 are no packets; each has 188 bytes and begins with 47.",
        "1 bytes at offset 568 are no packet; each has 188 bytes and begins with 47.",
    ]
    assert [one.number for one in found if not isinstance(one, Gap)] == [1, 2, 3]


def test_a_set_in_two_cells_of_two_pes_packets() -> None:
    def written(second: int) -> bytes:
        """The first set of KLV in two PES packets; ``second`` is the number of the second cell."""
        mux = Mux()
        mux.table(0, section(0, 1, bytes.fromhex("0001e100")))
        mux.table(MAP_PID, program_map(Plan()))
        mux.put(VIDEO_PID, pes(0xE0, VIDEO, 10.2), 900_000 * 300)
        klv = klv_at(0)
        mux.put(KLV_PID, pes(0xFC, one_cell(klv[:100], 255, flags=0x9F), 10.2))
        mux.put(KLV_PID, pes(0xFC, one_cell(klv[100:], second, flags=0x4F), 10.24))
        return bytes(mux.data)

    assert check(written(256)).found == {}
    assert check(written(257)).found == {"stanag4609.cell": 1}


def test_clocks_begin_anew_after_26_hours() -> None:
    start = 2**33 - 18_000
    plan = replace(
        Plan(),
        clock=lambda frame: (start + frame * 3_600) % 2**33 * 300,
        sets=lambda given: [replace(one, pts_s=(start + 18_000) / 90_000 + one.time_s) for one in given],
    )
    assert {"stanag4609.pcr", "stanag4609.delay", "stanag4609.drift"}.isdisjoint(check(stream(plan)).found)
    assert (apart(5, 2**33 - 5), apart(2**33 - 5, 5)) == (10, -10)


def datagrams(data: bytes, head: Callable[[int], bytes] = lambda number: b"") -> list[bytes]:
    cut = 7 * PACKET
    return [head(number) + data[at : at + cut] for number, at in enumerate(range(0, len(data), cut))]


def capture(*flows: list[bytes]) -> bytes:
    """A pcap of Ethernet; each flow to a port of its own."""
    made = struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 2**18, ETHERNET)
    for port, sent in enumerate(flows, 5004):
        for payload in sent:
            udp = struct.pack(">HHHH", 40000, port, 8 + len(payload), 0) + payload
            ip = struct.pack(">BBHHHBBH4s4s", 0x45, 0, 20 + len(udp), 0, 0, 64, 17, 0, bytes(4), bytes(4))
            frame = bytes(12) + b"\x08\x00" + ip + udp
            made += struct.pack("<4I", 0, 0, len(frame), len(frame)) + frame
    return made


def rtp(number: int) -> bytes:
    return struct.pack(">BBHII", 0x80, 33, number, 0, 1)


def test_udp_and_rtp_are_read_beside_other_traffic() -> None:
    asynchronous = stream(ASYNCHRONOUS_PLAN)
    report = check(capture(datagrams(GOOD), [b"hello"], datagrams(asynchronous, rtp)))
    assert (report.verdict, report.found, report.counts["packet"]) == (Verdict.CONFORMS, {}, 8)


def test_rtp_with_sources_extension_and_padding() -> None:
    def head(number: int) -> bytes:
        return struct.pack(">BBHII", 0xB1, 33, number, 0, 1) + bytes(4) + b"\xbe\xde\0\1" + bytes(4)

    padded = [one + b"\0\0\0\4" for one in datagrams(GOOD, head)]
    assert check(capture(padded)).found == {}


def test_a_lost_datagram_is_told_by_rtp_and_by_the_counters() -> None:
    sent = datagrams(GOOD, rtp)
    report = check(capture([*sent[:2], *sent[3:]]))
    assert report.verdict is Verdict.DOES_NOT_CONFORM
    assert report.found["stanag4609.rtp"] == 1
    assert report.found["stanag4609.continuity"] >= 1
    assert "By the numbers of RTP 1 datagrams are missing before number 3." in [one.sentence for one in report.findings]


def test_datagrams_hold_whole_packets() -> None:
    cut = [GOOD[at : at + 1000] for at in range(0, len(GOOD), 1000)]
    report = check(capture(cut))
    assert report.found == {"stanag4609.datagram": 7}
    assert report.findings[0].sentence == "1000 bytes are not packets of 188 bytes each."


def test_a_capture_without_a_stream_or_cut_short_says_so() -> None:
    assert check(capture([b"hello"])).found == {"stanag4609.no-stream": 1}
    report = check(capture(datagrams(GOOD))[:-1])
    assert report.found["stanag4609.broken-capture"] == 1


def test_nothing_and_bare_klv_are_no_transport_stream() -> None:
    assert check(b"").found == {"stanag4609.no-stream": 1}
    report = check(klv_at(0))
    assert (report.verdict, report.found) == (
        Verdict.DOES_NOT_CONFORM,
        {"stanag4609.no-stream": 1, "stanag4609.packet": 1},
    )


def test_a_transport_stream_given_as_bare_packets_says_where_it_belongs() -> None:
    report = STANDARDS["klv"].check([Recording("flight.ts", GOOD)], compare=False)
    assert report.verdict is Verdict.DOES_NOT_CONFORM
    assert report.findings[0].sentence.endswith("It looks like a transport stream: check it as stanag4609.")


def test_a_live_stream_is_recorded_and_judged() -> None:
    with Listener(Address.of_text("udp://127.0.0.1:0")) as listener:
        sent = datagrams(GOOD)

        def send() -> None:
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as own:
                for one in sent:
                    own.sendto(one, ("127.0.0.1", listener.port))

        def stop(heard: Heard) -> None:
            if heard.parts == len(sent):
                raise KeyboardInterrupt

        threading.Timer(0.05, send).start()
        heard = listener.listen(seconds=10, tell=stop)
    assert heard.parts == len(sent)
    report = LAB.check(heard.recordings, "ST 1402 synchronous", compare=False)
    assert (report.verdict, report.counts) == (Verdict.CONFORMS, {"packet": 4, "transport packet": 36})
