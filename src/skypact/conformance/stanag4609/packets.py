"""Packets of an MPEG-2 transport stream: ISO/IEC 13818-1 (ITU-T H.222.0), 2.4.3.2 to 2.4.3.5."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

SYNC = 0x47
PACKET = 188
NULL_PID = 0x1FFF
#: Counts of the system clock in a second, and of its 90 kHz part.
SYSTEM_CLOCK_HZ, CLOCK_HZ = 27_000_000, 90_000
#: Where the 33-bit counts of 90 kHz begin anew.
TURN = 1 << 33
#: Sizes that recordings use: the standard's; with error correction behind (DVB); with the time of arrival before.
_SIZES = {188: 0, 204: 0, 192: 4}
_JUDGED = 5


@dataclass(frozen=True, slots=True)
class Packet:
    number: int
    """Counted from 1."""
    pid: int
    starts: bool
    """A section or a PES packet begins in it."""
    counter: int
    discontinuity: bool
    """The sender announces that counter or clock jump."""
    pcr: int | None
    """Program clock reference in counts of 27 MHz."""
    payload: bytes
    has_payload: bool
    raw: bytes
    faults: tuple[tuple[str, str], ...]
    """(last word of the rule, sentence)"""


@dataclass(frozen=True, slots=True)
class Gap:
    """Bytes that are no packet."""

    sentence: str


def size_of(data: bytes) -> tuple[int, int]:
    """(bytes from one packet to the next, bytes before the first) by the sync bytes; 188, 0 where they say nothing."""
    for size, before in _SIZES.items():
        places = range(before, len(data), size)[:_JUDGED]
        if len(places) > 1 and all(data[at] == SYNC for at in places):
            return size, before
    return PACKET, 0


def read(data: bytes, *, first: int = 1) -> Iterator[Packet | Gap]:
    """The packets in order, numbered from ``first``, and what lies between them."""
    size, at = size_of(data)
    number = first
    while at + PACKET <= len(data):
        if data[at] == SYNC:
            yield packet(number, data[at : at + PACKET])
            number += 1
            at += size
            continue
        found = _next_sync(data, at + 1, size)
        yield Gap(f"{found - at} bytes at offset {at} are no packets; each has {PACKET} bytes and begins with 47.")
        at = found
    left = len(data) - at
    if left > 0:
        yield Gap(f"{left} bytes at offset {at} are no packet; each has {PACKET} bytes and begins with 47.")


def _next_sync(data: bytes, at: int, size: int) -> int:
    """Where a sync byte stands that another one follows a packet later, or the end."""
    while (at := data.find(SYNC, at)) >= 0:
        if at + size >= len(data) or data[at + size] == SYNC:
            return at
        at += 1
    return len(data)


def packet(number: int, raw: bytes) -> Packet:
    """One packet of 188 bytes that begins with the sync byte; what is wrong with it stands in ``faults``."""
    faults: list[tuple[str, str]] = []
    pid = (raw[1] & 0x1F) << 8 | raw[2]
    if raw[1] & 0x80:
        faults.append(("transport-error", "The packet is marked as damaged on its way (transport_error_indicator)."))
    if raw[3] & 0xC0:
        faults.append(("scrambled", f"The payload is scrambled ({raw[3] >> 6:02b}); nobody can read it here."))
    control, at, pcr, discontinuity = raw[3] >> 4 & 3, 4, None, False
    if control == 0:
        faults.append(("adaptation-field", "adaptation_field_control is 00, which is reserved."))
    if control & 2:
        length = raw[4]
        if length > (183 if control == 2 else 182) or (control == 2 and length != 183):
            faults.append(("adaptation-field", f"The adaptation field says {length} bytes; 183 are there."))
            length = 183
        elif length:
            discontinuity = bool(raw[5] & 0x80)
            pcr, wrong = _adaptation(raw[5 : 5 + length])
            faults += [("adaptation-field", sentence) for sentence in wrong]
        at = 5 + length
    return Packet(
        number=number,
        pid=pid,
        starts=bool(raw[1] & 0x40),
        counter=raw[3] & 0x0F,
        discontinuity=discontinuity,
        pcr=pcr,
        payload=raw[at:] if control & 1 else b"",
        has_payload=bool(control & 1),
        raw=raw,
        faults=tuple(faults),
    )


def _adaptation(field: bytes) -> tuple[int | None, list[str]]:
    """(clock reference, faults) of an adaptation field from its flags on: 2.4.3.4."""
    flags, at, pcr = field[0], 1, None
    wrong: list[str] = []
    if flags & 0x10:
        pcr, fault = _clock(field[at : at + 6])
        wrong += [fault] if fault else []
        at += 6
    at += 6 if flags & 0x08 else 0
    at += 1 if flags & 0x04 else 0
    for flag in (0x02, 0x01):  # private data, extension: a length and as many bytes
        if flags & flag:
            at += 1 + (field[at] if at < len(field) else 0)
    if at > len(field):
        wrong.append(f"The adaptation field has {len(field)} bytes; its flags {flags:08b} need {at}.")
    elif field[at:].strip(b"\xff"):
        wrong.append("The adaptation field is filled with other bytes than FF.")
    return pcr, wrong


def _clock(raw: bytes) -> tuple[int | None, str]:
    if len(raw) < 6:
        return None, ""  # the flags need more bytes than there are: said as such
    number = int.from_bytes(raw, "big")
    base, reserved, extension = number >> 15, number >> 9 & 0x3F, number & 0x1FF
    if extension >= 300:
        return None, f"The extension of the clock reference is {extension}; it counts to 299."
    if reserved != 0x3F:
        return base * 300 + extension, "Reserved bits in the clock reference are not 1."
    return base * 300 + extension, ""


def apart(later: int, earlier: int, turn: int = TURN) -> int:
    """Counts from ``earlier`` to ``later`` on a clock that begins anew after ``turn``: the shorter way round."""
    counts = (later - earlier) % turn
    return counts - turn if counts > turn // 2 else counts
