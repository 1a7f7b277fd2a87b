"""The local set of MISB ST 0601: tags, their lengths, and how integers map to physical values."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Tag:
    """``low`` and ``high``: the physical range that the integer's whole range maps to; equal for no mapping."""

    name: str
    length: int | None
    """Bytes; ``None`` for a text, a set, or a value of variable length."""
    low: float = 0.0
    high: float = 0.0
    signed: bool = False
    text: bool = False


def _text(name: str) -> Tag:
    return Tag(name, None, text=True)


def _angle(name: str, length: int, limit: float) -> Tag:
    return Tag(name, length, -limit, limit, signed=True)


CHECKSUM, TIME, SECURITY, VERSION = 1, 2, 48, 65

TAGS: dict[int, Tag] = {
    CHECKSUM: Tag("checksum", 2),
    TIME: Tag("precision time stamp", 8),
    3: _text("mission id"),
    4: _text("platform tail number"),
    5: Tag("platform heading", 2, 0, 360),
    6: _angle("platform pitch", 2, 20),
    7: _angle("platform roll", 2, 50),
    8: Tag("platform true airspeed", 1),
    9: Tag("platform indicated airspeed", 1),
    10: _text("platform designation"),
    11: _text("image source sensor"),
    12: _text("image coordinate system"),
    13: _angle("sensor latitude", 4, 90),
    14: _angle("sensor longitude", 4, 180),
    15: Tag("sensor true altitude", 2, -900, 19000),
    16: Tag("sensor horizontal field of view", 2, 0, 180),
    17: Tag("sensor vertical field of view", 2, 0, 180),
    18: Tag("sensor relative azimuth", 4, 0, 360),
    19: _angle("sensor relative elevation", 4, 180),
    20: Tag("sensor relative roll", 4, 0, 360),
    21: Tag("slant range", 4, 0, 5_000_000),
    22: Tag("target width", 2, 0, 10_000),
    23: _angle("frame centre latitude", 4, 90),
    24: _angle("frame centre longitude", 4, 180),
    25: Tag("frame centre elevation", 2, -900, 19000),
    **{tag: _angle(f"corner offset {tag}", 2, 0.075) for tag in range(26, 34)},
    34: Tag("icing detected", 1),
    35: Tag("wind direction", 2, 0, 360),
    36: Tag("wind speed", 1, 0, 100),
    37: Tag("static pressure", 2, 0, 5000),
    38: Tag("density altitude", 2, -900, 19000),
    39: Tag("outside air temperature", 1, signed=True),
    40: _angle("target location latitude", 4, 90),
    41: _angle("target location longitude", 4, 180),
    42: Tag("target location elevation", 2, -900, 19000),
    43: Tag("target track gate width", 1),
    44: Tag("target track gate height", 1),
    45: Tag("target error estimate CE90", 2),
    46: Tag("target error estimate LE90", 2),
    47: Tag("generic flag data", 1),
    SECURITY: Tag("security local metadata set", None),
    49: Tag("differential pressure", 2, 0, 5000),
    50: _angle("platform angle of attack", 2, 20),
    51: _angle("platform vertical speed", 2, 180),
    52: _angle("platform sideslip angle", 2, 20),
    53: Tag("airfield barometric pressure", 2, 0, 5000),
    54: Tag("airfield elevation", 2, -900, 19000),
    55: Tag("relative humidity", 1, 0, 100),
    56: Tag("platform ground speed", 1),
    57: Tag("ground range", 4, 0, 5_000_000),
    58: Tag("platform fuel remaining", 2, 0, 10_000),
    59: _text("platform call sign"),
    64: Tag("platform magnetic heading", 2, 0, 360),
    VERSION: Tag("UAS datalink local set version", 1),
    67: _angle("alternate platform latitude", 4, 90),
    68: _angle("alternate platform longitude", 4, 180),
    69: Tag("alternate platform altitude", 2, -900, 19000),
    70: _text("alternate platform name"),
    72: Tag("event start time", 8),
    **{tag: _angle(f"corner {tag}", 4, 90 if tag % 2 == 0 else 180) for tag in range(82, 90)},
    94: Tag("motion imagery core identifier", None),
}


def value(tag: Tag, raw: bytes) -> float | int | str | bytes | None:
    """The physical value in the standard's unit; ``None`` for the "out of range" mark of a signed integer."""
    if tag.text:
        return raw.decode("utf-8", errors="replace")
    if tag.length is None:
        return raw
    number = int.from_bytes(raw, "big", signed=tag.signed)
    if tag.low == tag.high:
        return number
    if tag.signed:
        top = 2 ** (8 * len(raw) - 1) - 1
        return None if number < -top else number * tag.high / top
    return tag.low + number * (tag.high - tag.low) / (2 ** (8 * len(raw)) - 1)
