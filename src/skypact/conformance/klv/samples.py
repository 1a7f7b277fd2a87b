"""Packets of our own making: a sensor that circles, three packets a second apart."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from skypact.conformance.klv.packets import KEY, packet
from skypact.conformance.klv.tags import SECURITY, TAGS, TIME, VERSION
from skypact.conformance.standard import Sample, Variant

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
    return [Sample(stream(), claim="ST 0601.12", variants=_variants)]


def _variants() -> Iterator[Variant]:
    """Packets with their sum written anew, so that only the rules can see the change."""
    first, rest = items(0), packet(items(1)) + packet(items(2))
    for at, (tag, raw) in enumerate(first):
        sized = TAGS[tag].length is not None
        left, right = first[:at], first[at + 1 :]
        # Texts and sets are as long as they are; the security set has mandatory items of its own.
        changes = [
            ("left out", [], tag not in (TIME, VERSION)),
            ("twice", [(tag, raw)] * 2, False),
            ("empty", [(tag, b"")], False),
            ("a byte shorter", [(tag, raw[:-1])], not sized and tag != SECURITY),
            ("a byte longer", [(tag, raw + b"0")], not sized and tag != SECURITY),
        ]
        for what, instead, allowed in changes:
            yield Variant(f"item {tag} {what}", packet([*left, *instead, *right]) + rest, allowed)
        if at:
            yield Variant(f"item {tag} before the time", packet([first[at], *left, *right]) + rest)
    replaced: list[tuple[int, bytes]] = [
        *((TIME, moment.to_bytes(8, "big")) for moment in (0, 10**15 // 2, _START_US * 1_000, _START_US + 5_000_000)),
        *((11, text) for text in (b"E\x00", b"\xff\xfe", b"\x1b[0m")),
        *((SECURITY, first[7][1].replace(b"\x01\x01\x01", bytes([1, 1, level]), 1)) for level in (0, 6, 255)),
        *(
            (SECURITY, first[7][1].replace(part, b"", 1))
            for part in (b"\x02\x01\x01", b"\x03\x04//KR", b"\x0c\x01\x01")
        ),
    ]
    for tag, raw in replaced:
        changed = [(tag, raw) if one[0] == tag else one for one in first]
        yield Variant(f"item {tag} {raw.hex()}", packet(changed) + rest)
    good = packet(first)
    yield Variant("another key", bytes([*KEY[:-1], 1]) + good[len(KEY) :] + rest)
    yield Variant("another version", packet([*first[:-1], (VERSION, b"\x0b")]) + rest)
    yield Variant("without a sum", good[:-4] + rest)
    yield Variant("out of order", rest + good)
    yield Variant("a tag outside the table", packet([*first[:-1], (120, b"x"), first[-1]]) + rest, True)
