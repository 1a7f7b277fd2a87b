"""What lies in the packets of one PID: PES packets, and cells of metadata access units in them.

ISO/IEC 13818-1, 2.4.3.6 and 2.4.3.7 (PES), 2.12.4 (metadata access units).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

PRIVATE_STREAM_1, METADATA_STREAM = 0xBD, 0xFC
VIDEO_STREAMS = frozenset({*range(0xE0, 0xF0), 0xFD})
#: Kept of a PES packet of which only the header is read.
_HEADER = 64
_COMPLETE, _FIRST, _LAST, _MIDDLE = 0b11, 0b10, 0b01, 0b00
_FRAGMENTS = {_COMPLETE: "the whole", _FIRST: "the beginning", _MIDDLE: "the middle", _LAST: "the end"}


class PesError(ValueError):
    """These bytes are no PES packet; says why."""


@dataclass(frozen=True, slots=True)
class Pes:
    stream_id: int
    pts: int | None
    """Presentation time in counts of 90 kHz."""
    payload: bytes


@dataclass(frozen=True, slots=True)
class Cell:
    service: int
    sequence: int
    fragment: int
    decoder_config: bool
    data: bytes

    @property
    def place(self) -> str:
        return _FRAGMENTS[self.fragment]

    @property
    def begins(self) -> bool:
        return self.fragment in (_COMPLETE, _FIRST)

    @property
    def ends(self) -> bool:
        return self.fragment in (_COMPLETE, _LAST)


class Assembly:
    """Puts the PES packets of one PID together; keeps the whole of them, or only their headers."""

    def __init__(self, *, whole: bool) -> None:
        self._whole = whole
        self._joined = False
        self._begun: bytearray | None = None
        self._length = 0
        self._expected = 0

    @property
    def unfinished(self) -> bool:
        return self._begun is not None and self._expected > 0

    def lost(self) -> None:
        """A packet is missing: what comes until the next beginning belongs to what is lost."""
        self._begun, self._joined = None, False

    def feed(self, payload: bytes, starts: bool) -> Iterator[bytes | str]:
        """Whole PES packets (or their first bytes), and a sentence for those that are not whole."""
        if starts:
            if self.unfinished:
                yield f"A PES packet of {self._expected} bytes breaks off after {self._length}."
            elif self._begun is not None:
                yield bytes(self._begun)
            self._begun, self._length, self._expected, self._joined = bytearray(), 0, 0, True
        elif self._begun is None:
            if self._joined:  # else the recording begins inside of a packet
                yield f"{len(payload)} bytes belong to no PES packet: the one before them has ended."
            return
        if starts and not payload.startswith(b"\0\0\1"):
            yield f"A PES packet begins with {payload[:3].hex() or 'nothing'}, not with 000001."
            self.lost()
            return
        self._length += len(payload)
        room = len(payload) if self._whole else max(_HEADER - len(self._begun), 0)
        self._begun += payload[:room]
        if not self._expected and len(self._begun) >= 6 and (says := int.from_bytes(self._begun[4:6], "big")):
            self._expected = 6 + says
        if self._expected and self._length >= self._expected:
            if self._length > self._expected:
                yield f"{self._length - self._expected} bytes follow a PES packet of {self._expected} bytes."
            yield bytes(self._begun[: self._expected])
            self._begun = None

    def end(self) -> Iterator[bytes]:
        """A packet without a length ends with the recording."""
        if self._begun and not self._expected:
            yield bytes(self._begun)
        self._begun = None


def pes(raw: bytes) -> Pes:
    """The packet, or as much of its payload as is there. Raises ``PesError``."""
    if len(raw) < 9:
        raise PesError(f"it has {len(raw)} bytes; its header needs 9")
    if raw[6] & 0xC0 != 0x80:
        raise PesError(f"its flags begin with {raw[6] >> 6:02b}, not with 10")
    if raw[6] & 0x30:
        raise PesError("its payload is scrambled")
    end = 9 + raw[8]
    if end > len(raw):
        raise PesError(f"its header says {raw[8]} bytes, {len(raw) - 9} are there")
    pts, used = _times(raw[7] >> 6, raw[9:end])
    flags = raw[7]
    for flag, size in ((0x20, 6), (0x10, 3), (0x08, 1), (0x04, 1), (0x02, 2), (0x01, 1)):
        used += size if flags & flag else 0
    if used > raw[8]:
        raise PesError(f"its header has {raw[8]} bytes; its flags {flags:08b} need {used}")
    if not flags & 0x01 and raw[9 + used : end].strip(b"\xff"):
        raise PesError("its header is filled with other bytes than FF")
    return Pes(raw[3], pts, raw[end:])


def _times(kind: int, fields: bytes) -> tuple[int | None, int]:
    """(presentation time, bytes used)"""
    if kind == 0b01:
        raise PesError("PTS_DTS_flags are 01, which is forbidden")
    if kind == 0:
        return None, 0
    used = 5 if kind == 0b10 else 10
    if len(fields) < used:
        raise PesError(f"its header has {len(fields)} bytes; its times need {used}")
    for at, prefix in ((0, kind), (5, 0b01))[: used // 5]:
        field = fields[at : at + 5]
        if field[0] >> 4 != prefix or not (field[0] & field[2] & field[4] & 1):
            raise PesError(f"the marker bits of its times {field.hex()} are not as they must be")
    return _count(fields[:5]), used


def _count(field: bytes) -> int:
    return (field[0] >> 1 & 7) << 30 | field[1] << 22 | (field[2] >> 1) << 15 | field[3] << 7 | field[4] >> 1


def cells(payload: bytes) -> Iterator[Cell]:
    """The cells of a metadata access unit wrapper (2.12.4.2). Raises ``PesError``."""
    at = 0
    while at < len(payload):
        if at + 5 > len(payload):
            raise PesError(f"{len(payload) - at} bytes at offset {at} are too few for the header of a cell")
        service, sequence, flags = payload[at : at + 3]
        length = int.from_bytes(payload[at + 3 : at + 5], "big")
        if flags & 0x0F != 0x0F:
            raise PesError(f"reserved bits of the cell at offset {at} are not 1")
        if at + 5 + length > len(payload):
            raise PesError(f"the cell at offset {at} says {length} bytes, {len(payload) - at - 5} are there")
        yield Cell(service, sequence, flags >> 6, bool(flags & 0x20), payload[at + 5 : at + 5 + length])
        at += 5 + length
