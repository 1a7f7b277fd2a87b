"""Where a transport stream lies: a file of packets, or UDP datagrams in a capture, bare or in RTP (RFC 2250)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from skypact.conformance import captures
from skypact.conformance.stanag4609.packets import PACKET, SYNC
from skypact.conformance.standard import Recording

_RTP_HEADER = 12


@dataclass
class Carried:
    """One transport stream of a recording."""

    data: bytearray = field(default_factory=bytearray)
    datagrams: int = 0
    """0 for a file"""
    faults: list[tuple[int, str]] = field(default_factory=list)
    """(number of the datagram, sentence)"""
    gaps: list[tuple[int, str]] = field(default_factory=list)
    """what RTP says was lost or came twice"""
    _sequence: int | None = None

    def take(self, payload: bytes) -> None:
        """One datagram of its flow."""
        self.datagrams += 1
        inside = rtp_payload(payload)
        if inside is not None:
            self._follow(int.from_bytes(payload[2:4], "big"))
            payload = inside
        if len(payload) % PACKET or not payload:
            self.faults.append((self.datagrams, f"{len(payload)} bytes are not packets of {PACKET} bytes each."))
        self.data += payload

    def _follow(self, sequence: int) -> None:
        if self._sequence is not None and (missing := (sequence - self._sequence - 1) % 2**16):
            told = f"{missing} datagrams are missing" if missing < 2**15 else "a datagram came late or twice"
            self.gaps.append((self.datagrams, f"By the numbers of RTP {told} before number {sequence}."))
        self._sequence = sequence


def rtp_payload(payload: bytes) -> bytes | None:
    """What an RTP packet of version 2 carries, where that begins like a transport stream; else nothing."""
    if len(payload) < _RTP_HEADER + PACKET or payload[0] >> 6 != 2:
        return None
    at = _RTP_HEADER + 4 * (payload[0] & 0x0F)
    if payload[0] & 0x10:
        at += 4 + 4 * int.from_bytes(payload[at + 2 : at + 4], "big")
    end = len(payload) - (payload[-1] if payload[0] & 0x20 else 0)
    return payload[at:end] if at + PACKET <= end and payload[at] == SYNC else None


def streams(recording: Recording) -> Iterator[Carried]:
    """The transport streams of a recording; of a capture, every flow of UDP that begins like one.

    Raises ``captures.BrokenCaptureError`` after those before the break.
    """
    if not captures.is_capture(recording.data):
        yield Carried(bytearray(recording.data))
        return
    flows: dict[bytes, Carried | None] = {}
    broken: captures.BrokenCaptureError | None = None
    try:
        for packet in captures.packets(recording.data):
            found = captures.udp(packet)
            if found is None:
                continue
            flow, payload = found
            if flow not in flows:
                begins = payload[:1] == bytes([SYNC]) and len(payload) >= PACKET
                flows[flow] = Carried() if begins or rtp_payload(payload) is not None else None
            if (carried := flows[flow]) is not None:
                carried.take(payload)
    except captures.BrokenCaptureError as error:
        broken = error
    yield from (one for one in flows.values() if one is not None)
    if broken is not None:
        raise broken
