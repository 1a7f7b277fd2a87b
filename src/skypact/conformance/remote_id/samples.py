"""A flight of our own making: four seconds of Wi-Fi beacons of edition F3411-22a, as a pcap."""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence

from skypact.conformance.captures import WIFI
from skypact.conformance.standard import Sample, Variant

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
            variants=_variants,
        )
    ]


#: Byte of a message, values that it cannot have, and the mask of the bits that they stand in.
_WRONG: dict[int, list[tuple[str, int, int, tuple[int, ...]]]] = {
    0: [("id type", 1, 0xF0, (0x50, 0x90, 0xF0))],
    1: [
        ("status", 1, 0xF0, (0x50, 0xF0)),
        ("reserved flag", 1, 0x08, (0x08,)),
        ("direction", 2, 0xFF, (180, 182, 255)),
        ("climb", 4, 0xFF, (125, 127, 130)),
        ("latitude", 8, 0xFF, (0x7F, 0x80, 0x40)),
        ("longitude", 12, 0xFF, (0x7F, 0x80)),
        ("vertical accuracy", 19, 0xF0, (0x70, 0xF0)),
        ("horizontal accuracy", 19, 0x0F, (0x0D, 0x0F)),
        ("pressure accuracy", 20, 0xF0, (0x70,)),
        ("speed accuracy", 20, 0x0F, (0x05, 0x0F)),
        ("time", 22, 0xFF, (0x8D, 0xF0)),
        ("reserved byte", 24, 0xFF, (1, 0x80)),
    ],
    3: [("description type", 1, 0xFF, (3, 200)), ("description", 2, 0xFF, (0x07, 0xE9))],
    4: [
        ("place of the operator", 1, 0x03, (3,)),
        ("classification", 1, 0x1C, (0x08, 0x1C)),
        ("reserved bits", 1, 0xE0, (0x20, 0x80)),
        ("latitude", 5, 0xFF, (0x7F, 0x80)),
        ("category without classification", 17, 0xFF, (0x10, 0x01)),
        ("reserved byte", 24, 0xFF, (1,)),
    ],
    5: [
        ("type of the operator's id", 1, 0xFF, (1, 200)),
        ("operator id", 2, 0xFF, (0x07,)),
        ("reserved", 23, 0xFF, (1,)),
    ],
}


def _variants() -> Iterator[Variant]:
    sent = flight()
    makers = {0: basic_id(), 1: location(0), 3: self_id(), 4: system(), 5: operator_id()}
    order = list(makers)
    for kind, message in makers.items():
        for name, at, mask, values in _WRONG[kind]:
            for value in values:
                changed = message[:at] + bytes([message[at] & ~mask | value]) + message[at + 1 :]
                first = pack(*(changed if one == kind else makers[one] for one in order))
                yield Variant(f"{name} 0x{value:02x}", capture([first, *sent[1:]]))
        without = [pack(*(_message(one, second) for one in order if one != kind)) for second in range(len(sent))]
        yield Variant(f"no message of type {kind}", capture(without), kind in (3, 5))
        for version in (0, 1, 3, 15):
            other = bytes([kind << 4 | version]) + message[1:]
            yield Variant(f"type {kind} of version {version}", capture([pack(other), *sent[1:]]))
    whole = sent[0]
    for name, spoilt in (
        ("size of messages", bytes([whole[0], 24]) + whole[2:]),
        ("count too large", whole[:2] + bytes([6]) + whole[3:]),
        ("count too small", whole[:2] + bytes([4]) + whole[3:]),
        ("count zero", whole[:2] + b"\0" + whole[3:]),
        ("cut", whole[:-1]),
        ("another type", bytes([0x62]) + whole[1:26]),
    ):
        yield Variant(name, capture([spoilt, *sent[1:]]))
    yield Variant("another serial number", capture([*sent[:4], pack(basic_id("SYN1F00000000000000A"), location(4))]))
    yield Variant("a jump", capture([*sent[:4], pack(basic_id(), location(900), system())]))
    yield Variant(
        "a location every three seconds",
        capture([one if at % 3 == 0 else pack(system()) for at, one in enumerate(sent * 2)]),
    )


def _message(kind: int, second: int) -> bytes:
    if kind == 1:
        return location(second)
    return {0: basic_id, 3: self_id, 4: system, 5: operator_id}[kind]()
