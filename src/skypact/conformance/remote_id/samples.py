"""A flight of our own making: four seconds of Wi-Fi beacons of edition F3411-22a, as a pcap."""

from __future__ import annotations

import struct
from collections.abc import Sequence

from skypact.conformance.captures import WIFI
from skypact.conformance.standard import Sample

_HEADER = struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, WIFI)
_SENDER = bytes.fromhex("02005e00c0de")
_START = 1_772_445_600
_VERSION = 2


def _head(kind: int) -> int:
    return kind << 4 | _VERSION


def basic_id(serial: str = "SYN1F123456789ABCDEF") -> bytes:
    return struct.pack("<2B20s3x", _head(0), 0x12, serial.encode())


def location(second: int) -> bytes:
    flags, direction = 0x20, 90
    tenths = 10 * second
    latitude, longitude = 375_431_000, 1_270_212_000 + 1_000 * second
    altitude = 2 * (164 + 1000)
    return struct.pack(
        "<4Bb2i3H2BH2B",
        _head(1),
        flags,
        direction,
        36,
        0,
        latitude,
        longitude,
        altitude,
        altitude,
        2 * (120 + 1000),
        0x5B,
        0x54,
        tenths,
        1,
        0,
    )


def system() -> bytes:
    return struct.pack(
        "<2B2iHB2HBHIx", _head(4), 0x01, 375_430_000, 1_270_210_000, 1, 0, 0, 0, 0, 2 * 1044, 225_936_000
    )


def operator_id(said: str = "SYN-OP-0001") -> bytes:
    return struct.pack("<2B20s3x", _head(5), 0, said.encode())


def self_id(said: str = "Survey flight") -> bytes:
    return struct.pack("<2B23s", _head(3), 0, said.encode())


def pack(*packed: bytes) -> bytes:
    return bytes([_head(0xF), 25, len(packed)]) + b"".join(packed)


def beacon(payload: bytes, counter: int) -> bytes:
    """An 802.11 beacon frame with the payload in its vendor element."""
    content = b"\xfa\x0b\xbc\x0d" + bytes([counter]) + payload
    broadcast = b"\xff" * 6
    return b"\x80\0\0\0" + broadcast + _SENDER * 2 + b"\0\0" + bytes(12) + bytes([0xDD, len(content)]) + content


def capture(payloads: Sequence[bytes]) -> bytes:
    """One payload a second, each in a beacon."""
    written = _HEADER
    for second, payload in enumerate(payloads):
        frame = beacon(payload, second)
        written += struct.pack("<4I", _START + second, 0, len(frame), len(frame)) + frame
    return written


def flight() -> list[bytes]:
    return [pack(basic_id(), location(second), self_id(), system(), operator_id()) for second in range(5)]


def samples() -> Sequence[Sample]:
    sent = flight()
    opened: list[bytes | tuple[bytes, bytes]] = [location(second)[1:24] for second in range(len(sent))]
    opened += [(self_id()[:1], self_id()[1:2] + b"S"), (operator_id()[:1], operator_id()[1:2] + b"S")]
    opened += [system()[1:17], system()[18:24], basic_id()[1:6], basic_id()[7:22]]
    return [
        Sample(
            capture(sent),
            text=(self_id()[2:], operator_id()[2:22]),
            open=tuple(opened),
            carried=tuple(sent),
            claim="F3411-22a",
        )
    ]
