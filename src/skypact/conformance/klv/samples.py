"""Packets of our own making: a sensor that circles, three packets a second apart."""

from __future__ import annotations

from collections.abc import Sequence

from skypact.conformance.klv.packets import packet
from skypact.conformance.standard import Sample

_START_US = 1_772_445_600_000_000


def items(second: int) -> list[tuple[int, bytes]]:
    """Sensor near 37.54 N, 127.02 E at 1,200 m, looking 20° down."""

    def signed(value: float, limit: float) -> bytes:
        return round(value / limit * (2**31 - 1)).to_bytes(4, "big", signed=True)

    return [
        (2, (_START_US + second * 1_000_000).to_bytes(8, "big")),
        (5, round((90 + second) / 360 * 65535).to_bytes(2, "big")),
        (11, b"EO"),
        (13, signed(37.5431, 90)),
        (14, signed(127.0212, 180)),
        (15, round((1200 + 900) / 19900 * 65535).to_bytes(2, "big")),
        (19, signed(-20, 180)),
        (48, b"\x01\x01\x01\x02\x01\x01\x03\x04//KR\x0c\x01\x01\x0d\x04\x00K\x00R\x16\x02\x00\x0a"),
        (65, b"\x0c"),
    ]


def stream() -> bytes:
    return b"".join(packet(items(second)) for second in range(3))


def samples() -> Sequence[Sample]:
    return [Sample(stream())]
