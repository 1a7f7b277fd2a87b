"""MAVLink read a second time: another table of the public definitions, another sum, another way to find frames.

``fields.csv`` holds every field of every message in the order of the definitions (repository mavlink/mavlink, commit
de1e078 of 22 July 2026). The seed and the order on the wire are worked out from it here; the first decoder has the
seeds of ``messages.csv``, and the fields of the messages that it judges as written down by hand.
"""

from __future__ import annotations

import csv
import re
import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files

import skypact
from skypact.conformance import captures
from skypact.conformance.mavlink.definitions import LAYOUTS
from skypact.conformance.second import Reading, SecondDecoder
from skypact.conformance.standard import Recording

_SIZES = {"char": 1, "int8_t": 1, "uint8_t": 1, "int16_t": 2, "uint16_t": 2, "int32_t": 4, "uint32_t": 4, "float": 4}
_SIZES |= {"double": 8, "int64_t": 8, "uint64_t": 8}
_CODES = {"int8_t": "b", "uint8_t": "B", "int16_t": "h", "uint16_t": "H", "int32_t": "i", "uint32_t": "I", "float": "f"}
_CODES |= {"double": "d", "int64_t": "q", "uint64_t": "Q"}
_V1, _V2, _SIGNED = 0xFE, 0xFD, 1
_LAST_US = 4_102_444_800_000_000
_MARK = re.compile(b"[\xfd\xfe]")
#: Where a frame of a log may begin: the two highest bytes of its eight of time are small.
_MARKED_ENTRY = re.compile(b"(?=\0[\0-\x0e].{6}[\xfd\xfe])", re.DOTALL)
_JUDGED = {layout.name for layout in LAYOUTS.values()}


@dataclass(frozen=True)
class Message:
    name: str
    seed: int
    fields: tuple[tuple[str, str, int], ...]
    """Type, name and length of the array (0 for none) in the order of the wire."""
    least: int
    """Bytes without extensions."""

    @cached_property
    def wire(self) -> struct.Struct:
        """All fields, a text as one value."""
        sent = (
            f"{max(1, count)}s" if kind == "char" else f"{count or ''}{_CODES[kind]}" for kind, _, count in self.fields
        )
        return struct.Struct("<" + "".join(sent))

    @cached_property
    def names(self) -> tuple[str, ...]:
        """What its values are called; each member of an array has its place behind the name."""
        return tuple(
            f"{name}[{index}]" if index is not None else name
            for kind, name, count in self.fields
            for index in (range(count) if count and kind != "char" else (None,))
        )

    @cached_property
    def texts(self) -> tuple[str, ...]:
        return tuple(name for kind, name, _ in self.fields if kind == "char")


@dataclass(frozen=True)
class Frame:
    start: int
    end: int
    values: dict[str, float | int | str]
    kind: str


@cache
def messages() -> dict[int, Message]:
    text = files(__package__).joinpath("fields.csv").read_text(encoding="utf-8")
    return {
        int(row["id"]): _message(row["name"], row["fields"], row["extensions"])
        for row in csv.DictReader(text.splitlines())
    }


def _message(name: str, fields: str, extensions: str) -> Message:
    """Larger types stand first, equal ones as defined; extensions stand last and are no part of the seed."""
    base = _listed(fields)
    base.sort(key=lambda one: _SIZES[one[0]], reverse=True)
    said = b"".join(f"{kind} {field} ".encode() + bytes([count] if count else []) for kind, field, count in base)
    total = _sum(f"{name} ".encode() + said)
    least = sum(_SIZES[kind] * max(1, count) for kind, _, count in base)
    return Message(name, total >> 8 ^ total & 0xFF, (*base, *_listed(extensions)), least)


def _listed(said: str) -> list[tuple[str, str, int]]:
    words = said.split()
    found = []
    for kind, name in zip(words[::2], words[1::2], strict=True):
        base, bracket, count = kind.partition("[")
        found.append((base, name, int(count[:-1]) if bracket else 0))
    return found


def _step(byte: int) -> int:
    """What one byte adds to the sum of ITU X.25, as the developer guide has it."""
    byte = (byte ^ byte << 4) & 0xFF
    return byte << 8 ^ byte << 3 ^ byte >> 4


_STEPS = [_step(byte) for byte in range(256)]


def _sum(data: bytes, total: int = 0xFFFF) -> int:
    for byte in data:
        total = total >> 8 ^ _STEPS[(total ^ byte) & 0xFF]
    return total


def read(recordings: Sequence[Recording]) -> Iterator[Reading]:
    for recording in recordings:
        number = 0
        for payload, time_us in _payloads(recording.data):
            for found in _frames(payload):
                number += 1
                if found is not None:
                    timed = found.values if time_us is None else {**found.values, "frame time": time_us}
                    yield Reading(recording.name, number, found.kind, timed)


def _payloads(data: bytes) -> Iterator[tuple[bytes, int | None]]:
    """Datagrams of a capture, whose frames are read as the first decoder reads them; else the recording itself."""
    if not captures.is_capture(data):
        yield data, None
        return
    try:
        for packet in captures.packets(data):
            if (payload := captures.udp_payload(packet)) is not None:
                yield payload, None if packet.time_s is None else round(packet.time_s * 1e6)
    except captures.BrokenCaptureError:
        return


def _frames(data: bytes) -> Iterator[Frame | None]:
    """Each frame; ``None`` for each run of bytes between frames."""
    before = 8 if len(data) > 8 and data[0] not in (_V1, _V2) and data[8] in (_V1, _V2) else 0
    marked = _MARKED_ENTRY if before else _MARK
    at, lost = 0, False
    while at < len(data):
        found = _frame(data, at + before, before)
        if found is None:
            begins = marked.search(data, at + 1)
            at, lost = begins.start() if begins else len(data), True
            continue
        if lost:
            yield None
        yield found
        at, lost = found.end, False
    if lost:
        yield None


def _frame(data: bytes, at: int, before: int) -> Frame | None:
    """The frame at an offset, ``before`` bytes of time standing before each."""
    if at + 8 > len(data) or data[at] not in (_V1, _V2):
        return None
    head = 6 if data[at] == _V1 else 10
    flags = 0 if head == 6 else data[at + 2]
    sum_at = at + head + data[at + 1]
    end = sum_at + 2 + (13 if flags & _SIGNED else 0)
    if end > len(data):
        return None
    time_us = int.from_bytes(data[at - before : at], "big")
    if time_us >= _LAST_US:
        return None
    number = data[at + 5] if head == 6 else int.from_bytes(data[at + 7 : at + 10], "little")
    known = messages().get(number)
    if known is None:
        follows = end == len(data) or (end + before < len(data) and data[end + before] in (_V1, _V2))
        if not follows:
            return None
    elif _sum(data[at + 1 : sum_at] + bytes([known.seed])) != int.from_bytes(data[sum_at : sum_at + 2], "little"):
        return None
    sent_by = at + head - (4 if head == 6 else 6)
    sequence, system, component = data[sent_by : sent_by + 3]
    payload = data[at + head : sum_at]
    values: dict[str, float | int | str] = {
        "frame version": 1 if head == 6 else 2,
        "frame sequence": sequence,
        "frame system": system,
        "frame component": component,
        "frame flags": flags,
        "frame signature": data[sum_at + 2 : end].hex(),
        "frame payload": payload.rstrip(b"\0").hex(),
    }
    if before:
        values["frame time"] = time_us
    if known is None:
        return Frame(at - before, end, values, f"message {number}")
    return Frame(at - before, end, values | _fields(known, payload, whole=head == 6), known.name)


def _fields(known: Message, payload: bytes, *, whole: bool) -> dict[str, float | int | str]:
    """The fields of a payload of the message's length; nothing of another one."""
    if len(payload) != known.least if whole else not 1 <= len(payload) <= known.wire.size:
        return {}
    values = known.wire.unpack(payload + bytes(known.wire.size - len(payload)))
    found: dict[str, float | int | str] = dict(zip(known.names, values, strict=True))
    for name in known.texts:
        found[name] = str(found[name], "latin-1").rstrip("\0")
    return found


DECODER = SecondDecoder(
    name="skypact field table",
    version=lambda: skypact.__version__,
    whose="Our own reader by the fields of all public definitions, with seeds worked out from them; table, sum, search"
    " for frames and fields are written apart from the first. Frames around datagrams are read by the same code.",
    read=read,
    knows=lambda kind, field: not field or field.startswith("frame ") or kind in _JUDGED,
)
