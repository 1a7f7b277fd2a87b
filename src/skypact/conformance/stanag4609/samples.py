"""Transport streams of our own making: one program with video that says nothing and a sensor's KLV, for 0.8 s.

The video is access unit delimiters and filling of H.264: enough for the rules, nothing to see.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from skypact.conformance.klv.packets import packet as klv_packet
from skypact.conformance.klv.samples import items
from skypact.conformance.klv.tags import TIME
from skypact.conformance.stanag4609.declared import ASYNCHRONOUS, SYNCHRONOUS
from skypact.conformance.stanag4609.packets import CLOCK_HZ, PACKET
from skypact.conformance.stanag4609.tables import crc32
from skypact.conformance.standard import Sample, Variant

MAP_PID, VIDEO_PID, KLV_PID = 0x0100, 0x0101, 0x0102
_FRAMES, _FRAME_S = 20, 0.04
_START_S = 10.0
_DELAY_S = 0.2
_REGISTRATION = b"\x05\x04KLVA"
_METADATA = b"\x26\x09\x01\x00\xffKLVA\x00\x0f"
_METADATA_STD = b"\x27\x09\xc0\x03\xe8\xc0\x00\x10\xc0\x00\x00"


@dataclass(frozen=True)
class Set:
    """One set of KLV on its way."""

    time_s: float
    """after the beginning"""
    klv: bytes
    pts_s: float | None
    sequence: int


@dataclass(frozen=True)
class Plan:
    """A stream to be written; every part may be changed alone."""

    synchronous: bool = True
    klv_type: int = 0x15
    klv_descriptors: bytes = _METADATA + _METADATA_STD
    program_descriptors: bytes = b""
    video_type: int = 0x1B
    clock_pid: int = VIDEO_PID
    map_program: int = 1
    stream_id: int = 0xFC
    cell: Callable[[Set], bytes] = lambda one: cell(one.klv, one.sequence)
    table_frames: int = 5
    clock: Callable[[int], int] = lambda frame: round((_START_S + frame * _FRAME_S) * CLOCK_HZ) * 300
    sets: Callable[[Sequence[Set]], Sequence[Set]] = lambda sets: sets
    pes_flags: int = 0x84
    """data_alignment_indicator set"""


ASYNCHRONOUS_PLAN = Plan(
    synchronous=False, klv_type=0x06, klv_descriptors=_REGISTRATION, stream_id=0xBD, cell=lambda one: one.klv
)


def klv_at(second: float, number: int = 0) -> bytes:
    """The circling sensor's packet, with a mission id that makes it longer than one transport packet."""
    made = items(0)
    time_us = int.from_bytes(made[0][1], "big") + round(second * 1e6)
    return klv_packet([(TIME, time_us.to_bytes(8, "big")), (3, f"SYNTHETIC {number:02d} ".encode() * 7), *made[1:]])


def cell(klv: bytes, sequence: int, *, service: int = 0, flags: int = 0xDF) -> bytes:
    """A cell of a metadata access unit; complete and a place to begin reading, unless ``flags`` say otherwise."""
    return bytes([service, sequence & 0xFF, flags]) + len(klv).to_bytes(2, "big") + klv


def stamp(pts_s: float, prefix: int = 2) -> bytes:
    """A presentation time in its five bytes."""
    counts = round(pts_s * CLOCK_HZ) % 2**33
    first = prefix << 4 | counts >> 29 & 0x0E | 1
    return bytes([first, counts >> 22 & 0xFF, counts >> 14 & 0xFE | 1, counts >> 7 & 0xFF, counts << 1 & 0xFE | 1])


def pes(stream_id: int, payload: bytes, pts_s: float | None, *, flags: int = 0x84) -> bytes:
    times = b"" if pts_s is None else stamp(pts_s)
    head = bytes([flags, 0x80 if times else 0, len(times)]) + times
    return b"\0\0\1" + bytes([stream_id]) + (len(head) + len(payload)).to_bytes(2, "big") + head + payload


def section(table: int, number: int, body: bytes) -> bytes:
    """A section with its CRC, version 0."""
    length = 5 + len(body) + 4
    made = bytes([table, 0xB0 | length >> 8, length & 0xFF]) + number.to_bytes(2, "big") + b"\xc1\0\0" + body
    return made + crc32(made).to_bytes(4, "big")


class Mux:
    """Writes packets and counts for each PID."""

    def __init__(self) -> None:
        self.data = bytearray()
        self._counters: dict[int, int] = {}

    def put(self, pid: int, payload: bytes, pcr: int | None = None) -> None:
        """The payload in as many packets as it needs; the last one is filled."""
        first = True
        while first or payload:
            field = b"" if pcr is None or not first else b"\x10" + _reference(pcr)
            room = PACKET - 4 - (1 + len(field) if field else 0)
            part, payload = payload[:room], payload[room:]
            filling = room - len(part)
            if filling and not field:
                field = b"" if filling == 1 else b"\0" + b"\xff" * (filling - 2)
                adaptation = bytes([len(field)]) + field
            elif field:
                field += b"\xff" * filling
                adaptation = bytes([len(field)]) + field
            else:
                adaptation = b""
            self._write(pid, first, adaptation, part)
            first = False

    def table(self, pid: int, made: bytes) -> None:
        self._write(pid, True, b"", (b"\0" + made).ljust(PACKET - 4, b"\xff"))

    def _write(self, pid: int, starts: bool, adaptation: bytes, part: bytes) -> None:
        counter = self._counters.get(pid, -1) + 1 & 0x0F
        self._counters[pid] = counter
        control = (0x20 if adaptation else 0) | (0x10 if part else 0) | counter
        head = bytes([0x47, (0x40 if starts else 0) | pid >> 8, pid & 0xFF, control])
        self.data += head + adaptation + part


def _reference(pcr: int) -> bytes:
    base, extension = divmod(pcr, 300)
    return (base << 15 | 0x3F << 9 | extension).to_bytes(6, "big")


def program_map(plan: Plan) -> bytes:
    def stream(kind: int, pid: int, described: bytes) -> bytes:
        return (
            bytes([kind]) + (0xE000 | pid).to_bytes(2, "big") + (0xF000 | len(described)).to_bytes(2, "big") + described
        )

    own = plan.program_descriptors
    body = (0xE000 | plan.clock_pid).to_bytes(2, "big") + (0xF000 | len(own)).to_bytes(2, "big") + own
    body += stream(plan.video_type, VIDEO_PID, b"") + stream(plan.klv_type, KLV_PID, plan.klv_descriptors)
    return section(0x02, plan.map_program, body)


def stream(plan: Plan, frames: int = _FRAMES) -> bytes:
    """The whole stream: tables every 0.2 s, a frame every 0.04 s with the clock, a set of KLV every 0.2 s."""
    mux = Mux()
    for frame in range(frames):
        if frame % plan.table_frames == 0:
            mux.table(0, section(0x00, 1, (1).to_bytes(2, "big") + (0xE000 | MAP_PID).to_bytes(2, "big")))
            mux.table(MAP_PID, program_map(plan))
        second = frame * _FRAME_S
        mux.put(VIDEO_PID, pes(0xE0, VIDEO, _START_S + second + _DELAY_S), plan.clock(frame))
        if frame % 5 == 0:
            number = frame // 5
            pts_s = _START_S + second + _DELAY_S if plan.synchronous else None
            for one in plan.sets([Set(second, klv_at(second, number), pts_s, number)]):
                mux.put(KLV_PID, pes(plan.stream_id, plan.cell(one), one.pts_s, flags=plan.pes_flags))
    return bytes(mux.data)


#: An access unit delimiter, then filler data, as long as one transport packet has room for.
VIDEO = b"\0\0\0\1\x09\xf0" + b"\0\0\0\1\x0c" + b"\xff" * 150 + b"\x80"


def samples() -> Sequence[Sample]:
    return [
        Sample(
            stream(plan),
            text=(VIDEO,),
            open=tuple(_open(stream(plan))),
            claim=SYNCHRONOUS if plan.synchronous else ASYNCHRONOUS,
            variants=_variants if plan.synchronous else _asynchronous_variants,
        )
        for plan in (Plan(), ASYNCHRONOUS_PLAN)
    ]


def _open(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Clock references, presentation times, and the flags that bind nobody, each after the bytes before it."""
    for at in range(0, len(data), PACKET):
        if data[at + 3] & 0x20 and data[at + 4]:
            yield data[at : at + 5], data[at + 5 : at + 6]
            if data[at + 5] & 0x10:
                yield data[at : at + 6], data[at + 6 : at + 12]
    for at in range(len(data)):
        if data.startswith((b"\0\0\1\xe0", b"\0\0\1\xfc", b"\0\0\1\xbd"), at):
            yield data[at : at + 6], data[at + 6 : at + 7]
            if data[at + 7] & 0x80:
                yield data[at : at + 9], data[at + 9 : at + 14]


def _variants() -> Iterator[Variant]:
    good = Plan()

    def spoilt(name: str, allowed: bool = False, **changes: object) -> Variant:
        return Variant(name, stream(replace(good, **changes)), allowed)  # type: ignore[arg-type]

    def sets(change: Callable[[Set], Sequence[Set]]) -> Callable[[Sequence[Set]], Sequence[Set]]:
        return lambda given: [changed for one in given for changed in change(one)]

    def cells(**changes: int) -> Callable[[Set], bytes]:
        return lambda one: cell(one.klv, one.sequence, **changes)

    yield spoilt("stream type 06", klv_type=0x06)
    yield spoilt("stream id BD", stream_id=0xBD)
    yield spoilt("no descriptors", klv_descriptors=b"")
    yield spoilt("no metadata_descriptor", klv_descriptors=_METADATA_STD)
    yield spoilt("metadata_descriptor of the program", klv_descriptors=_METADATA_STD, program_descriptors=_METADATA)
    yield spoilt("metadata_descriptor of ID3", klv_descriptors=_METADATA.replace(b"KLVA", b"ID3 ") + _METADATA_STD)
    yield spoilt("metadata_descriptor cut", klv_descriptors=b"\x26\x07" + _METADATA[2:9] + _METADATA_STD)
    yield spoilt("metadata_descriptor twice", klv_descriptors=_METADATA * 2 + _METADATA_STD)
    yield spoilt("no metadata_STD_descriptor", klv_descriptors=_METADATA)
    yield spoilt("metadata_STD_descriptor twice", klv_descriptors=_METADATA + _METADATA_STD * 2)
    yield spoilt("metadata_STD_descriptor of zeros", klv_descriptors=_METADATA + b"\x27\x09" + bytes(9))
    yield spoilt("registered as KLVA too", True, klv_descriptors=_REGISTRATION + _METADATA + _METADATA_STD)
    yield spoilt("registered as HDMV", klv_descriptors=b"\x05\x04HDMV" + _METADATA + _METADATA_STD)
    yield spoilt("another service described", klv_descriptors=_METADATA.replace(b"A\0", b"A\1") + _METADATA_STD)
    yield spoilt("no video", video_type=0x0F)
    yield spoilt("MPEG-2 video", True, video_type=0x02)
    yield spoilt("clock on the PID of KLV", clock_pid=KLV_PID)
    yield spoilt("map of program 2", map_program=2)
    yield spoilt("tables every 0.4 s", table_frames=10)
    yield spoilt("clock that stands", clock=lambda frame: good.clock(0))
    yield spoilt("clock that jumps", clock=lambda frame: good.clock(frame + 100 * (frame > 9)))
    yield spoilt("clock two seconds early", clock=lambda frame: good.clock(frame - 50))
    yield spoilt("clock late", clock=lambda frame: good.clock(frame + 10))
    yield spoilt("cell of service 1", cell=cells(service=1))
    yield spoilt("cell in the middle", cell=cells(flags=0x1F))
    yield spoilt("cell first", cell=cells(flags=0x9F))
    yield spoilt("cell with zero bits", cell=cells(flags=0xD0))
    yield spoilt("cell with decoder configuration", cell=cells(flags=0xFF))
    yield spoilt("cell without entry", True, cell=cells(flags=0xCF))
    yield spoilt("cells all number 0", cell=lambda one: cell(one.klv, 0))
    yield spoilt("cell too long", cell=lambda one: cell(one.klv, one.sequence)[:-1])
    yield spoilt("no cells", cell=lambda one: one.klv)
    yield spoilt("two cells", True, cell=_in_two)
    yield spoilt("two cells of one number", cell=lambda one: _in_two(replace(one, sequence=0), step=0))
    yield spoilt("two sets in a cell", cell=lambda one: cell(one.klv + klv_at(one.time_s + 0.1), one.sequence))
    yield spoilt("no PTS", sets=sets(lambda one: [replace(one, pts_s=None)]))
    yield spoilt("PTS of the start", sets=sets(lambda one: [replace(one, pts_s=_START_S)]))
    yield spoilt("PTS backwards", sets=sets(lambda one: [replace(one, pts_s=_START_S + _DELAY_S - one.time_s)]))
    yield spoilt("PTS two seconds ahead", sets=sets(lambda one: [replace(one, pts_s=_START_S + one.time_s + 2)]))
    yield spoilt("PTS in the past", sets=sets(lambda one: [replace(one, pts_s=_START_S + one.time_s - 1)]))
    yield spoilt("time stamps four times as fast", sets=sets(lambda one: [replace(one, klv=klv_at(one.time_s * 4))]))
    yield spoilt("time stamps backwards", sets=sets(lambda one: [replace(one, klv=klv_at(-one.time_s))]))
    yield spoilt("no KLV", sets=lambda given: [])
    yield spoilt("scrambled PES", pes_flags=0x94)
    yield spoilt("PES flags 00", pes_flags=0x04)
    yield from _packet_variants(stream(good))


def _in_two(one: Set, step: int = 1) -> bytes:
    number = 2 * one.sequence
    return cell(one.klv[:50], number, flags=0x9F) + cell(one.klv[50:], number + step, flags=0x4F)


def _asynchronous_variants() -> Iterator[Variant]:
    def spoilt(name: str, allowed: bool = False, **changes: object) -> Variant:
        return Variant(name, stream(replace(ASYNCHRONOUS_PLAN, **changes)), allowed)  # type: ignore[arg-type]

    yield spoilt("stream type 15", klv_type=0x15)
    yield spoilt("stream type 05", klv_type=0x05)
    yield spoilt("stream id FC", stream_id=0xFC)
    yield spoilt("not registered", klv_descriptors=b"")
    yield spoilt("registered as klva", klv_descriptors=b"\x05\x04klva")
    yield spoilt("registered twice", klv_descriptors=_REGISTRATION * 2)
    yield spoilt("registered with more", klv_descriptors=b"\x05\x05KLVA\0")
    yield spoilt("with a metadata_descriptor", klv_descriptors=_REGISTRATION + _METADATA)
    yield spoilt("with a PTS", True, sets=lambda given: [replace(one, pts_s=_START_S + one.time_s) for one in given])
    yield spoilt("in a cell", cell=lambda one: cell(one.klv, one.sequence))
    yield spoilt("two sets", cell=lambda one: one.klv + klv_at(one.time_s + 0.1))
    yield spoilt("half a set", cell=lambda one: one.klv[:60])
    yield spoilt(
        "time stamps four times as fast", sets=lambda given: [replace(one, klv=klv_at(one.time_s * 4)) for one in given]
    )


def _packet_variants(good: bytes) -> Iterator[Variant]:
    packets = [good[at : at + PACKET] for at in range(0, len(good), PACKET)]

    def with_packet(name: str, at: int, *instead: bytes, allowed: bool = False) -> Variant:
        return Variant(name, b"".join([*packets[:at], *instead, *packets[at + 1 :]]), allowed)

    starts = bytes([0x40 | KLV_PID >> 8, KLV_PID & 0xFF])
    klv = [at for at, one in enumerate(packets) if one[1:3] == starts][2]
    head = packets[klv]
    yield with_packet("a packet of KLV lost", klv)
    yield with_packet("a packet of KLV twice", klv, head, head, allowed=True)
    yield with_packet("transport error", klv, head[:1] + bytes([head[1] | 0x80]) + head[2:])
    yield with_packet("scrambled", klv, head[:3] + bytes([head[3] | 0x80]) + head[4:])
    yield with_packet("on an unnamed PID", klv, head[:2] + b"\x77" + head[3:])
    yield with_packet("null packet between", klv, b"\x47\x1f\xff\x10" + bytes(184), head, allowed=True)
    yield with_packet("reserved control", klv, head[:3] + bytes([head[3] & 0x0F]) + head[4:])
    yield with_packet("without the first table", 0, allowed=True)
    yield with_packet("a table lost", [at for at, one in enumerate(packets) if one[1:3] == b"\x40\0"][1])
    yield Variant("begins inside a packet", good[100:])
    yield Variant("packets of 204 bytes", b"".join(one + bytes(16) for one in packets), True)
    yield Variant("packets of 192 bytes", b"".join(bytes(4) + one for one in packets), True)
