"""A second decoder of ST 0601 packets, by a table of its items.

The table was written without a look at the first decoder's, from the ranges that the public ST 0601 states and that
jmisb (MIT) has too: facts, no code.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from functools import cache
from math import ceil, floor, log2

import skypact
from skypact.conformance.second import Reading, SecondDecoder, Value
from skypact.conformance.standard import Recording

_KEY = bytes.fromhex("060e2b34020b01010e01030101000000")
_LABEL = _KEY[:4]
_SUM = b"\x01\x02"
_LONGEST_NUMBER = 8

#: Tags, how the number is sent (a form of ``struct``; ``map`` as ST 1201 says; ``count`` of any length, ``change`` a
#: signed one; ``text``; ``rest``: octets), and the ends of its range where it is mapped to one.
_ITEMS = """
1 H; 2 Q; 3-4 text; 5 H 0 360; 6 h -20 20; 7 h -50 50; 8-9 B; 10-12 text
13 i -90 90; 14 i -180 180; 15 H -900 19000; 16-17 H 0 180; 18 I 0 360; 19 i -180 180; 20 I 0 360
21 I 0 5000000; 22 H 0 10000; 23 i -90 90; 24 i -180 180; 25 H -900 19000; 26-33 h -0.075 0.075
34 B; 35 H 0 360; 36 B 0 100; 37 H 0 5000; 38 H -900 19000; 39 b
40 i -90 90; 41 i -180 180; 42 H -900 19000; 43-44 B 0 510; 45-46 H 0 4095; 47 B; 48 rest
49 H 0 5000; 50 h -20 20; 51 h -180 180; 52 h -20 20; 53 H 0 5000; 54 H -900 19000; 55 B 0 100; 56 B
57 I 0 5000000; 58 H 0 10000; 59 text; 60 H; 61 B; 62 H; 63 B; 64 H 0 360; 65 B
67 i -90 90; 68 i -180 180; 69 H -900 19000; 70 text; 71 H 0 360; 72 Q; 73-74 rest; 75-76 H -900 19000
77 B; 78 H -900 19000; 79-80 h -327 327; 81 rest
82 i -90 90; 83 i -180 180; 84 i -90 90; 85 i -180 180; 86 i -90 90; 87 i -180 180; 88 i -90 90; 89 i -180 180
90-92 i -90 90; 93 i -180 180; 94-95 rest; 96 map 0 1500000; 97-102 rest; 103-105 map -900 40000
106-108 text; 109 map 0 21000; 110-111 count; 112 map 0 360; 113-114 map -900 40000; 115-116 rest
117-119 map -1000 1000; 120 map 0 100; 121-122 rest; 123-126 B; 127-128 rest; 129 text; 130 rest; 131 count
132 map 1 99999; 133 count; 134 map 0 100; 135 text; 136-137 change; 138-142 rest
"""


@cache
def _items() -> dict[int, tuple[str, float, float]]:
    found: dict[int, tuple[str, float, float]] = {}
    for row in _ITEMS.replace("\n", ";").split(";"):
        if words := row.split():
            first, _, last = words[0].partition("-")
            ends = (float(words[2]), float(words[3])) if len(words) > 2 else (0.0, 0.0)
            found |= dict.fromkeys(range(int(first), int(last or first) + 1), (words[1], *ends))
    return found


def read(recordings: Sequence[Recording]) -> Iterator[Reading]:
    """A reading for each packet with the right sum; the fields are the tags. Packets are counted alone."""
    for recording in recordings:
        for number, packet in enumerate(_packets(recording.data), 1):
            if (items := _split(packet)) is None or packet[-4:-2] != _SUM or _sum(packet) != items[-1][1]:
                continue
            values: dict[str, Value] = {}
            for tag, raw in items:
                if str(tag) not in values and (value := _value(tag, raw)) is not None:
                    values[str(tag)] = value
            yield Reading(recording.name, number, "packet", values)


def _packets(data: bytes) -> Iterator[bytes]:
    """Packets from their key to their end; other sets are passed over by their length."""
    at = 0
    while at < len(data):
        if not data.startswith(_LABEL, at) or (body := _length(data, at + len(_KEY))) is None or sum(body) > len(data):
            at = data.find(_KEY, at + 1)
            if at < 0:
                return
            continue
        start, size = body
        if data.startswith(_KEY, at):
            yield data[at : start + size]
        at = start + size


def _length(data: bytes, at: int) -> tuple[int, int] | None:
    """(where the value begins, its length): BER, short or with one to four octets."""
    octets = data[at] if at < len(data) else 0x80
    if octets < 0x80:
        return at + 1, octets
    size = data[at + 1 : at + 1 + (octets & 0x7F)]
    if not 1 <= octets & 0x7F <= 4 or len(size) != octets & 0x7F:
        return None
    return at + 1 + len(size), int.from_bytes(size, "big")


def _split(packet: bytes) -> list[tuple[int, bytes]] | None:
    """Tags and values to the last octet; ``None`` where they do not end with the packet."""
    start = _length(packet, len(_KEY))
    at = start[0] if start else len(packet)
    items: list[tuple[int, bytes]] = []
    while at < len(packet):
        tag = 0
        for _ in range(4):
            octet = packet[at] if at < len(packet) else 0x80
            tag, at = tag * 128 + octet % 128, at + 1
            if octet < 0x80:
                break
        else:
            return None
        body = _length(packet, at)
        if body is None or sum(body) > len(packet):
            return None
        items.append((tag, packet[body[0] : sum(body)]))
        at = sum(body)
    return items or None


def _sum(packet: bytes) -> bytes:
    """The sum of item 1, octet by octet as the standard's own example runs it."""
    total = 0
    for at, octet in enumerate(packet[:-2]):
        total = (total + (octet << 8 * ((at + 1) % 2))) % 65536
    return total.to_bytes(2, "big")


def _value(tag: int, raw: bytes) -> Value | None:
    """``None`` for an empty item, another length, and the codes that say there is no value."""
    form, low, high = _items().get(tag, ("rest", 0.0, 0.0))
    if not raw:
        return None
    if form == "text":
        return raw.decode("utf-8", errors="replace")
    if form == "rest":
        return raw.hex()
    if form in ("map", "count", "change"):
        if len(raw) > _LONGEST_NUMBER:
            return None
        return _mapped(low, high, raw) if form == "map" else int.from_bytes(raw, "big", signed=form == "change")
    if struct.calcsize(form) != len(raw):
        return None
    (number,) = struct.unpack(f">{form}", raw)
    if low == high:
        return int(number)
    if form in "hi":  # from -(2^(n-1) - 1); the one below says that there is none
        steps = 2 ** (8 * len(raw)) - 2
        return None if number == -(steps // 2) - 1 else (high - low) / steps * number
    return (high - low) / (2 ** (8 * len(raw)) - 1) * number + low


def _mapped(low: float, high: float, raw: bytes) -> float | None:
    """ST 1201, IMAPB: the first bit says that it is a code, save for the largest number itself."""
    number, spread = int.from_bytes(raw, "big"), ceil(log2(high - low))
    step = 2.0 ** (spread - 8 * len(raw) + 1)
    shift = low / step - floor(low / step) if low < 0 < high else 0.0
    found = step * (number - shift) + low
    return None if raw[0] >= 0xC0 or found > high + step else found


DECODER = SecondDecoder(
    name="skypact item table",
    version=lambda: skypact.__version__,
    whose="Our own, by a table of ranges written apart from the first decoder's.",
    read=read,
)
