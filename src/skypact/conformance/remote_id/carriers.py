"""Where Remote ID travels: Wi-Fi beacons and NAN action frames (IEEE 802.11), Bluetooth 4 and 5 advertisements.

ASTM F3411-22a: over Wi-Fi and Bluetooth 5 a message pack, over Bluetooth 4 single messages of 25 bytes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from skypact.conformance import captures
from skypact.conformance.remote_id.messages import PACK, SIZE
from skypact.conformance.standard import Recording

_BEACON_OUI = b"\xfa\x0b\xbc\x0d"  # the organisation of ASD-STAN, application Remote ID
_NAN_ACTION = b"\x04\x09\x50\x6f\x9a\x13"
_NAN_SERVICE = b"\x88\x69\x19\x9d\x92\x09"  # hash of "org.opendroneid.remoteid"
_BLE_SERVICE = b"\x16\xfa\xff\x0d"  # service data, UUID 0xFFFA, application Remote ID
_BLE_ADDRESS = b"\xd6\xbe\x89\x8e"


@dataclass(frozen=True)
class Payload:
    """What one frame carries of Remote ID."""

    transmitter: str
    """The sender's address, or "raw"."""
    carrier: str
    counter: int | None
    time_s: float | None
    data: bytes
    broken: str = ""
    """Why the frame cannot hold what it promises; empty when it can."""
    received: bool = True
    """Whether the radio's checksum was right."""


def recorded(data: bytes) -> Iterator[Payload]:
    """The payloads of a recording. Raises ``BrokenCaptureError`` where a capture breaks."""
    if not captures.is_capture(data):
        yield from _raw(data)
        return
    for packet in captures.packets(data):
        yield from payloads(packet)


def _raw(data: bytes) -> Iterator[Payload]:
    """Bare messages and packs, one after another."""
    at = 0
    while at < len(data):
        is_pack = data[at] >> 4 == PACK and at + 2 < len(data)
        size = 3 + SIZE * data[at + 2] if is_pack else SIZE
        yield Payload("raw", "raw", None, None, data[at : at + size])
        at += size


def heard(recordings: Sequence[Recording]) -> Iterator[tuple[str, int, bytes]]:
    """File, number and bytes of each payload that arrived whole, up to the place where a capture breaks."""
    for recording in recordings:
        try:
            for number, payload in enumerate(recorded(recording.data), 1):
                if payload.received and not payload.broken:
                    yield recording.name, number, payload.data
        except captures.BrokenCaptureError:
            continue


def payloads(packet: captures.Packet) -> Iterator[Payload]:
    """The Remote ID payloads of one captured packet; nothing for other traffic."""
    if packet.link_type == captures.WIFI_RADIOTAP:
        header = int.from_bytes(packet.data[2:4], "little")
        yield from _wifi(packet.data[header:], packet.time_s)
    elif packet.link_type == captures.WIFI:
        yield from _wifi(packet.data, packet.time_s)
    elif packet.link_type == captures.NORDIC_BLE:
        yield from _nordic(packet)
    elif packet.link_type == captures.BLUETOOTH_LE_PHDR:
        yield from _advertisement(packet.data[10:], packet.time_s, False)
    elif packet.link_type == captures.BLUETOOTH_LE:
        yield from _advertisement(packet.data, packet.time_s, False)


def _wifi(frame: bytes, time_s: float | None) -> Iterator[Payload]:
    if len(frame) < 24:
        return
    sender, body = frame[10:16].hex(":"), frame[24:]
    if frame[0] == 0x80:
        yield from _beacon(sender, body[12:], time_s)
    elif frame[0] == 0xD0 and body.startswith(_NAN_ACTION):
        yield from _nan(sender, body[len(_NAN_ACTION) :], time_s)


def _beacon(sender: str, elements: bytes, time_s: float | None) -> Iterator[Payload]:
    at = 0
    while at + 2 <= len(elements):
        length = elements[at + 1]
        content = elements[at + 2 : at + 2 + length]
        if elements[at] == 0xDD and content.startswith(_BEACON_OUI):
            broken = "" if len(content) == length else f"the element says {length} bytes, {len(content)} are there"
            counter = content[4] if len(content) > 4 else None
            yield Payload(sender, "wifi-beacon", counter, time_s, content[5:], broken)
        at += 2 + length


def _nan(sender: str, attributes: bytes, time_s: float | None) -> Iterator[Payload]:
    at = 0
    while at + 3 <= len(attributes):
        length = int.from_bytes(attributes[at + 1 : at + 3], "little")
        content = attributes[at + 3 : at + 3 + length]
        if attributes[at] == 0x03 and content.startswith(_NAN_SERVICE) and len(content) > 10:
            info = content[10 : 10 + content[9]]
            broken = "" if len(info) == content[9] else f"service info says {content[9]} bytes, {len(info)} are there"
            yield Payload(sender, "wifi-nan", info[0] if info else None, time_s, info[1:], broken)
        at += 3 + length


def _nordic(packet: captures.Packet) -> Iterator[Payload]:
    """Nordic's sniffer header, version 3: board, length, version, counter, id, then 10 bytes on the radio."""
    if len(packet.data) < 17 or packet.data[6] not in (2, 6):
        return
    flags = packet.data[8]
    coded = flags >> 4 & 7 == 2
    for payload in _advertisement(packet.data[17:], packet.time_s, coded):
        yield replace(payload, received=bool(flags & 1))


def _advertisement(frame: bytes, time_s: float | None, coded: bool) -> Iterator[Payload]:
    if not frame.startswith(_BLE_ADDRESS) or len(frame) < 14:
        return
    body = frame[5 if coded else 4 :]
    kind, length = body[0] & 0x0F, body[1]
    pdu = body[2 : 2 + length]
    if kind == 7:
        header = (pdu[0] & 0x3F) if pdu else 0
        sender = pdu[2:8] if len(pdu) > 7 and pdu[1] & 1 else b""
        carrier, advertised = "bluetooth-5", pdu[1 + header :]
    elif kind in (0, 2, 6):
        carrier, sender, advertised = "bluetooth-4", pdu[:6], pdu[6:]
    else:
        return
    at = 0
    while at < len(advertised):
        size = advertised[at]
        content = advertised[at + 1 : at + 1 + size]
        if content.startswith(_BLE_SERVICE):
            broken = "" if len(content) == size else f"the structure says {size} bytes, {len(content)} are there"
            counter = content[4] if len(content) > 4 else None
            yield Payload(sender[::-1].hex(":") or "hidden", carrier, counter, time_s, content[5:], broken)
        at += 1 + size
