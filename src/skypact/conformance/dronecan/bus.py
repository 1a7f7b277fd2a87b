"""From bytes to CAN frames: candump logs, pcap of SocketCAN, and the serial line protocol (slcan)."""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass

from skypact.conformance import captures

SOCKETCAN = 227

_EXTENDED, _REMOTE, _ERROR = 0x8000_0000, 0x4000_0000, 0x2000_0000
_CANDUMP = re.compile(
    rb"\((\d{1,12}\.\d{1,9})\) (\S{1,16}) ([0-9A-Fa-f]{8}|[0-9A-Fa-f]{3})#(R\d?|[0-9A-Fa-f]{0,16})( [TR])?"
)
_FLEXIBLE_RATE = re.compile(rb"\(\d{1,12}\.\d{1,9}\) \S{1,16} [0-9A-Fa-f]{3,8}##[0-9A-Fa-f]+( [TR])?")
_SERIAL = re.compile(rb"([tT])([0-9A-Fa-f]+)")
_COMMAND = re.compile(rb"[OCLSsFVvNnXZzmM][0-9A-Fa-f]*")
_LONGEST = 8


@dataclass(frozen=True)
class Frame:
    bus: str
    """The interface it was heard on; redundant buses carry the same transfers."""
    time_s: float | None
    identifier: int
    extended: bool
    data: bytes


def read(data: bytes) -> Iterator[Frame | str]:
    """Each data frame in order; a sentence for what is none. Error and remote frames are named as such."""
    if not data.strip():
        yield "The recording is empty; expected a candump log, a pcap of SocketCAN, or slcan lines."
    elif captures.is_capture(data):
        yield from _capture(data)
    elif data.lstrip()[:1] == b"(":
        yield from _candump(data)
    else:
        yield from _slcan(data)


def _capture(data: bytes) -> Iterator[Frame | str]:
    try:
        for number, packet in enumerate(captures.packets(data), 1):
            if packet.link_type == SOCKETCAN:
                yield _socketcan(packet, number)
    except captures.BrokenCaptureError as error:
        yield str(error)


def _socketcan(packet: captures.Packet, number: int) -> Frame | str:
    if len(packet.data) < 8:
        return f"Packet {number} has {len(packet.data)} bytes; a SocketCAN frame has at least 8."
    identifier, length = struct.unpack_from(">IB", packet.data)
    if identifier & (_REMOTE | _ERROR):
        return f"Packet {number} is {'an error' if identifier & _ERROR else 'a remote'} frame."
    body = packet.data[8:]
    if length > _LONGEST or any(packet.data[5:8]) or len(body) < length or any(body[length:]):
        return f"Packet {number} is no classic CAN frame of {length} bytes: {packet.data[4:].hex()}."
    extended = bool(identifier & _EXTENDED)
    if not extended and identifier >> 11:
        return f"Packet {number} has the standard identifier 0x{identifier:x}, which has 11 bits."
    return Frame("can", packet.time_s, identifier & 0x1FFF_FFFF, extended, body[:length])


def _candump(data: bytes) -> Iterator[Frame | str]:
    for number, line in enumerate(data.splitlines(), 1):
        if not line.strip():
            continue
        found = _CANDUMP.fullmatch(line.strip())
        if not found or (len(found[4]) % 2 and not found[4].startswith(b"R")):
            kind = "a CAN FD frame" if _FLEXIBLE_RATE.fullmatch(line.strip()) else "no line of a candump log"
            yield f"Line {number} is {kind}: {line[:60]!r}."
            continue
        identifier, extended = int(found[3], 16), len(found[3]) == 8
        if found[4].startswith(b"R") or (extended and identifier & _ERROR):
            yield f"Line {number} is {'an error' if identifier & _ERROR else 'a remote'} frame."
        elif identifier >> (29 if extended else 11):
            yield f"Line {number} has the identifier 0x{identifier:x}, which is too large."
        else:
            time_s = float(found[1])
            yield Frame(
                found[2].decode("ascii", "replace"), time_s, identifier, extended, bytes.fromhex(found[4].decode())
            )


def _slcan(data: bytes) -> Iterator[Frame | str]:
    """Lawicel's lines end with a carriage return: T, 8 digits of identifier, length, data, perhaps milliseconds."""
    lines = re.split(rb"[\r\n\a]+", data)
    for number, line in enumerate(lines, 1):
        if not line or _COMMAND.fullmatch(line):
            continue
        yield _serial_line(line, number)


def _serial_line(line: bytes, number: int) -> Frame | str:
    found = _SERIAL.fullmatch(line)
    digits = 8 if line[:1] == b"T" else 3
    if not found or len(found[2]) <= digits:
        return f"Line {number} is no slcan frame: {line[:60]!r}."
    said = found[2].decode()
    length = int(said[digits], 16)
    rest = said[digits + 1 :]
    if length > _LONGEST or len(rest) not in (2 * length, 2 * length + 4):
        return f"Line {number} says {length} bytes and carries {len(rest)} hexadecimal digits: {line[:60]!r}."
    identifier = int(said[:digits], 16)
    if identifier >> (29 if digits == 8 else 11):
        return f"Line {number} has the identifier 0x{identifier:x}, which is too large."
    return Frame("slcan", None, identifier, digits == 8, bytes.fromhex(rest[: 2 * length]))
