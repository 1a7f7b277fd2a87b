"""Packet captures: pcap and pcapng (IETF drafts of the opsawg group), written either way round."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass

LOOPBACK = 0
ETHERNET = 1
BARE_IP = 101
WIFI = 105
WIFI_RADIOTAP = 127
LINUX_ANY = 113
BLUETOOTH_LE = 251
BLUETOOTH_LE_PHDR = 256
NORDIC_BLE = 272
LINUX_ANY_2 = 276

_IP = (b"\x08\x00", b"\x86\xdd")
_UDP = 17

_PCAP = {b"\xd4\xc3\xb2\xa1": ("<", 1e-6), b"\xa1\xb2\xc3\xd4": (">", 1e-6)} | {
    b"\x4d\x3c\xb2\xa1": ("<", 1e-9),
    b"\xa1\xb2\x3c\x4d": (">", 1e-9),
}
_SECTION = b"\x0a\x0d\x0d\x0a"
_ORDER = {b"\x4d\x3c\x2b\x1a": "<", b"\x1a\x2b\x3c\x4d": ">"}
_INTERFACE, _SIMPLE, _ENHANCED = 1, 3, 6
_TIME_RESOLUTION = 9


@dataclass(frozen=True)
class Packet:
    link_type: int
    time_s: float | None
    """Seconds since 1970; ``None`` where the capture holds no time."""
    data: bytes


class BrokenCaptureError(ValueError):
    """The file is no capture, or breaks off; says where."""


def is_capture(data: bytes) -> bool:
    return data[:4] in _PCAP or data[:4] == _SECTION


def packets(data: bytes) -> Iterator[Packet]:
    """The packets in order.

    Raises ``BrokenCaptureError`` at the place where the file breaks; the packets before it were handed out.
    """
    if data[:4] in _PCAP:
        yield from _pcap(data)
    elif data[:4] == _SECTION:
        yield from _pcapng(data)
    else:
        raise BrokenCaptureError(f"The file begins with {data[:4].hex() or 'nothing'}; expected pcap or pcapng.")


def _pcap(data: bytes) -> Iterator[Packet]:
    order, fraction_s = _PCAP[data[:4]]
    if len(data) < 24:
        raise BrokenCaptureError("The file header has fewer than 24 bytes.")
    (link_type,) = struct.unpack_from(f"{order}I", data, 20)
    at = 24
    while at < len(data):
        if at + 16 > len(data):
            raise BrokenCaptureError(f"The packet header at offset {at} is cut.")
        seconds, fraction, length, _ = struct.unpack_from(f"{order}4I", data, at)
        at += 16
        if at + length > len(data):
            raise BrokenCaptureError(
                f"The packet at offset {at} says {length} bytes; the file has {len(data) - at} more."
            )
        yield Packet(link_type & 0xFFFF, seconds + fraction * fraction_s, data[at : at + length])
        at += length


def _pcapng(data: bytes) -> Iterator[Packet]:
    at, order = 0, "<"
    interfaces: list[tuple[int, float]] = []
    while at < len(data):
        if data[at : at + 4] == _SECTION:
            magic = data[at + 8 : at + 12]
            if magic not in _ORDER:
                raise BrokenCaptureError(f"The section at offset {at} has the byte-order mark {magic.hex()}.")
            order, interfaces = _ORDER[magic], []
        if at + 12 > len(data):
            raise BrokenCaptureError(f"The block at offset {at} is cut.")
        kind, length = struct.unpack_from(f"{order}2I", data, at)
        if length < 12 or length % 4 or at + length > len(data):
            raise BrokenCaptureError(
                f"The block at offset {at} says {length} bytes; the file has {len(data) - at} more."
            )
        body = data[at + 8 : at + length - 4]
        if kind == _INTERFACE and len(body) >= 8:
            (link_type,) = struct.unpack_from(f"{order}H", body)
            interfaces.append((link_type, _seconds_a_tick(body[8:], order)))
        elif kind in (_ENHANCED, _SIMPLE):
            yield _packet(kind, body, order, interfaces, at)
        at += length


def _packet(kind: int, body: bytes, order: str, interfaces: list[tuple[int, float]], at: int) -> Packet:
    header = 20 if kind == _ENHANCED else 4
    if len(body) < header:
        raise BrokenCaptureError(f"The packet block at offset {at} is cut.")
    interface, high, low, length = struct.unpack_from(f"{order}4I", body) if header == 20 else (0, 0, 0, len(body) - 4)
    if interface >= len(interfaces):
        raise BrokenCaptureError(f"The packet at offset {at} names interface {interface} of {len(interfaces)}.")
    if header + length > len(body):
        raise BrokenCaptureError(f"The packet at offset {at} says {length} bytes; its block has {len(body) - header}.")
    link_type, tick_s = interfaces[interface]
    time_s = (high << 32 | low) * tick_s if kind == _ENHANCED else None
    return Packet(link_type, time_s, body[header : header + length])


def _seconds_a_tick(options: bytes, order: str) -> float:
    at = 0
    while at + 4 <= len(options):
        code, length = struct.unpack_from(f"{order}2H", options, at)
        if code == _TIME_RESOLUTION and length == 1 and at + 4 < len(options):
            power = options[at + 4]
            return 2.0 ** -(power & 0x7F) if power & 0x80 else 10.0**-power
        at += 4 + (length + 3) // 4 * 4
    return 1e-6


def payloads(data: bytes) -> Iterator[bytes]:
    """Of a capture, what its UDP datagrams carry, up to where it breaks off; else ``data`` itself."""
    if not is_capture(data):
        yield data
        return
    try:
        for packet in packets(data):
            if (payload := udp_payload(packet)) is not None:
                yield payload
    except BrokenCaptureError:
        return


def udp_payload(packet: Packet) -> bytes | None:
    """The payload of a UDP datagram; ``None`` where ``udp`` finds none."""
    found = udp(packet)
    return None if found is None else found[1]


def udp(packet: Packet) -> tuple[bytes, bytes] | None:
    """Addresses with ports, and payload, of a UDP datagram over IPv4 or IPv6 in one piece; ``None`` for anything else.

    Links: Ethernet (VLAN tags skipped), Linux "any" captures of both kinds, BSD loopback, bare IP.
    """
    ip = _network(packet)
    if len(ip) < 28:
        return None
    if ip[0] >> 4 == 4:
        header, protocol = (ip[0] & 0x0F) * 4, ip[9]
        in_pieces = bool(int.from_bytes(ip[6:8], "big") & 0x3FFF)
    else:
        header, protocol, in_pieces = 40, ip[6], False
    if ip[0] >> 4 not in (4, 6) or protocol != _UDP or in_pieces or len(ip) < header + 8:
        return None
    (length,) = struct.unpack_from(">H", ip, header + 4)
    addresses = ip[12:20] if ip[0] >> 4 == 4 else ip[8:40]
    return addresses + ip[header : header + 4], ip[header + 8 : header + length]


def _network(packet: Packet) -> bytes:
    """What follows the link's header, if that says IP; else nothing."""
    data = packet.data
    if packet.link_type == ETHERNET:
        at = 12
        while data[at : at + 2] in (b"\x81\x00", b"\x88\xa8"):
            at += 4
        return data[at + 2 :] if data[at : at + 2] in _IP else b""
    if packet.link_type == LINUX_ANY:
        return data[16:] if data[14:16] in _IP else b""
    if packet.link_type == LINUX_ANY_2:
        return data[20:] if data[:2] in _IP else b""
    if packet.link_type == LOOPBACK:
        return data[4:]
    return data if packet.link_type == BARE_IP else b""
