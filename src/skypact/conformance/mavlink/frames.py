"""From bytes to MAVLink frames: a raw stream, a telemetry log, datagrams of a capture; versions 1 and 2."""

from __future__ import annotations

import re
import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from skypact.conformance import captures
from skypact.conformance.mavlink.definitions import checksum, messages

V1, V2 = 0xFE, 0xFD
_HEADER = {V1: 6, V2: 10}
_MAGIC = re.compile(b"[\xfd\xfe]")
_SIGNATURE = 13
SIGNED = 0x01
#: Microseconds of a telemetry log, since 1970 or since the recorder started.
_LAST_US = 4_102_444_800 * 10**6


@dataclass(frozen=True)
class Frame:
    version: int
    """1 or 2."""
    sequence: int
    system: int
    component: int
    message: int
    payload: bytes
    time_s: float | None
    incompatible: int = 0
    signature: bytes = b""
    """Link, time in 48 bits, and 48 bits of SHA-256; empty for an unsigned frame."""

    @property
    def sender(self) -> tuple[int, int]:
        return self.system, self.component


def read(data: bytes) -> Iterator[Frame | str]:
    """Each frame in order; a sentence for what is no frame."""
    if not data:
        yield "The recording is empty; expected MAVLink frames, which begin with fe or fd."
    elif captures.is_capture(data):
        try:
            for packet in captures.packets(data):
                if (payload := captures.udp_payload(packet)) is not None:
                    yield from _stream(payload, packet.time_s)
        except captures.BrokenCaptureError as error:
            yield str(error)
    elif _is_log(data):
        yield from _log(data)
    else:
        yield from _stream(data, None)


def _is_log(data: bytes) -> bool:
    """Eight bytes of time stand before every frame of a telemetry log."""
    return data[0] not in _HEADER and _time(data, 0) is not None and data[8] in _HEADER


def _time(data: bytes, at: int) -> float | None:
    if at + 8 >= len(data):
        return None
    microseconds = int.from_bytes(data[at : at + 8], "big")
    return microseconds / 1e6 if microseconds < _LAST_US else None


def _log(data: bytes) -> Iterator[Frame | str]:
    at = 0
    while at < len(data):
        time_s = _time(data, at)
        if time_s is None or data[at + 8] not in _HEADER:
            found = _next_entry(data, at + 1)
            yield f"{found - at} bytes at offset {at} are no entry of a log: 8 bytes of time, then a frame."
            at = found
            continue
        frame, end = _frame(data, at + 8, time_s, lambda end: end == len(data) or _time(data, end) is not None)
        yield frame
        at = _next_entry(data, at + 1) if end is None else end


def _next_entry(data: bytes, at: int) -> int:
    while at < len(data) and not (_time(data, at) is not None and data[at + 8] in _HEADER):
        at += 1
    return at


def _stream(data: bytes, time_s: float | None) -> Iterator[Frame | str]:
    at = 0
    while at < len(data):
        if data[at] not in _HEADER:
            found = _next_magic(data, at)
            yield f"{found - at} bytes at offset {at} are no frame; a frame begins with fe or fd."
            at = found
            continue
        frame, end = _frame(data, at, time_s, lambda end: end == len(data) or data[end] in _HEADER)
        yield frame
        at = _next_magic(data, at + 1) if end is None else end


def _next_magic(data: bytes, at: int) -> int:
    found = _MAGIC.search(data, at)
    return found.start() if found else len(data)


def _frame(
    data: bytes, at: int, time_s: float | None, goes_on: Callable[[int], bool]
) -> tuple[Frame | str, int | None]:
    """The frame at an offset and the offset after it; a sentence, and nowhere when nothing speaks for its length.

    ``goes_on`` says whether another frame, or the end, follows at an offset: all there is to tell the length by when
    the sum is wrong or, for an unknown message, cannot be computed.
    """
    header = _HEADER[data[at]]
    if at + header > len(data):
        return f"The frame at offset {at} ends inside its header of {header} bytes.", None
    if data[at] == V1:
        length, sequence, system, component, number = struct.unpack_from("5B", data, at + 1)
        incompatible = 0
    else:
        length, incompatible, _, sequence, system, component, low, middle, high = struct.unpack_from("9B", data, at + 1)
        number = low | middle << 8 | high << 16
    end = at + header + length + 2
    whole = end + (_SIGNATURE if incompatible & SIGNED else 0)
    if whole > len(data):
        return f"The frame at offset {at} says {whole - at} bytes; {len(data) - at} are there.", None
    payload = data[at + header : end - 2]
    frame = Frame(
        version=1 if data[at] == V1 else 2,
        sequence=sequence,
        system=system,
        component=component,
        message=number,
        payload=payload,
        time_s=time_s,
        incompatible=incompatible,
        signature=data[end:whole],
    )
    if (known := messages().get(number)) is not None:
        said = int.from_bytes(data[end - 2 : end], "little")
        computed = checksum(data[at + 1 : end - 2] + bytes([known.crc_extra]))
        if said != computed:
            sentence = f"The {known.name} at offset {at} carries the sum 0x{said:04x}; it is 0x{computed:04x}."
            return sentence, whole if goes_on(whole) else None
    elif not goes_on(whole):
        return f"The bytes at offset {at} give no known message, and no frame follows.", None
    return frame, whole


def frame_bytes(
    number: int,
    payload: bytes,
    *,
    sequence: int,
    system: int = 1,
    component: int = 1,
    version: int = 2,
    signature: bytes = b"",
    incompatible: int = 0,
) -> bytes:
    """A frame as it is sent: version 2 cuts zeros at the payload's end and may be signed."""
    if version == 1:
        inside = struct.pack("5B", len(payload), sequence, system, component, number) + payload
        magic = V1
    else:
        payload = payload[:1] + payload[1:].rstrip(b"\0")
        flags = incompatible | (SIGNED if signature else 0)
        inside = struct.pack("6B", len(payload), flags, 0, sequence, system, component)
        inside += number.to_bytes(3, "little") + payload
        magic = V2
    known = messages().get(number)
    seed = bytes([known.crc_extra]) if known else b""
    return bytes([magic]) + inside + checksum(inside + seed).to_bytes(2, "little") + signature
