"""The local set of MISB ST 0601: items 1 to 143, their lengths, and how their bytes map to physical values.

Lengths, ranges and special values are those of ST 0601.14a and later editions as public implementations give them;
the standard's printed examples are in the tests. Item 66 is withdrawn. Values of sets and packs are not looked into,
but for the security set.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import Enum

#: Bytes of a number of free length, at most: as many as a float of 64 bits has.
_LONGEST_NUMBER = 8


class Kind(Enum):
    """How an item's bytes are meant."""

    NUMBER = "an integer, mapped to a range or not"
    TEXT = "UTF-8"
    RANGE = "a number of any length, mapped as MISB ST 1201 says (IMAPB)"
    COUNT = "an integer of any length"
    SET = "a local set of another standard: tags, lengths and values"
    PACK = "bytes of another standard or a list"


class Special(Enum):
    """What the most negative integer of a signed item says instead of a value."""

    OUT_OF_RANGE = "out of range"
    NOT_ON_EARTH = "not on the Earth"
    RESERVED = "reserved"


class Mark(Enum):
    """What a value of ST 1201 says that is no number, and numbers that the mapping does not reach."""

    INFINITE = "infinite"
    NOT_A_NUMBER = "not a number"
    RESERVED = "reserved"
    BEYOND = "beyond the range"


@dataclass(frozen=True)
class Tag:
    """``low`` and ``high``: the physical range that the integer's whole range maps to; equal for no mapping."""

    name: str
    length: int | None
    """Bytes; ``None`` for any number of them."""
    low: float = 0.0
    high: float = 0.0
    signed: bool = False
    kind: Kind = Kind.NUMBER
    special: Special | None = None
    codes: int | None = None
    """How many codes are defined, from 0 on."""
    longest: int | None = None
    """Bytes that the standard recommends at most."""

    @property
    def text(self) -> bool:
        return self.kind is Kind.TEXT

    def takes(self, size: int) -> bool:
        """Whether a value may have so many bytes; a number of free length has at most 8."""
        if self.kind in (Kind.RANGE, Kind.COUNT):
            return size <= _LONGEST_NUMBER
        return self.length in (None, size)


def _text(name: str) -> Tag:
    return Tag(name, None, kind=Kind.TEXT, longest=127)


def _angle(name: str, length: int, limit: float, special: Special = Special.OUT_OF_RANGE) -> Tag:
    return Tag(name, length, -limit, limit, signed=True, special=special)


def _place(name: str, limit: float, special: Special = Special.NOT_ON_EARTH) -> Tag:
    return _angle(name, 4, limit, special)


def _height(name: str) -> Tag:
    return Tag(name, 2, -900, 19000)


def _range(name: str, low: float, high: float, longest: int) -> Tag:
    return Tag(name, None, low, high, kind=Kind.RANGE, longest=longest)


def _count(name: str, *, signed: bool = False) -> Tag:
    return Tag(name, None, signed=signed, kind=Kind.COUNT, longest=8)


def _set(name: str) -> Tag:
    return Tag(name, None, kind=Kind.SET)


def _pack(name: str) -> Tag:
    return Tag(name, None, kind=Kind.PACK)


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
    13: _place("sensor latitude", 90, Special.RESERVED),
    14: _place("sensor longitude", 180, Special.RESERVED),
    15: _height("sensor true altitude"),
    16: Tag("sensor horizontal field of view", 2, 0, 180),
    17: Tag("sensor vertical field of view", 2, 0, 180),
    18: Tag("sensor relative azimuth", 4, 0, 360),
    19: _angle("sensor relative elevation", 4, 180, Special.RESERVED),
    20: Tag("sensor relative roll", 4, 0, 360),
    21: Tag("slant range", 4, 0, 5_000_000),
    22: Tag("target width", 2, 0, 10_000),
    23: _place("frame centre latitude", 90),
    24: _place("frame centre longitude", 180),
    25: _height("frame centre elevation"),
    **{tag: _angle(f"corner offset {tag}", 2, 0.075, Special.NOT_ON_EARTH) for tag in range(26, 34)},
    34: Tag("icing detected", 1, codes=3),
    35: Tag("wind direction", 2, 0, 360),
    36: Tag("wind speed", 1, 0, 100),
    37: Tag("static pressure", 2, 0, 5000),
    38: _height("density altitude"),
    39: Tag("outside air temperature", 1, signed=True),
    40: _place("target location latitude", 90),
    41: _place("target location longitude", 180),
    42: _height("target location elevation"),
    43: Tag("target track gate width", 1, 0, 510),
    44: Tag("target track gate height", 1, 0, 510),
    45: Tag("target error estimate CE90", 2, 0, 4095),
    46: Tag("target error estimate LE90", 2, 0, 4095),
    47: Tag("generic flag data", 1),
    SECURITY: _set("security local metadata set"),
    49: Tag("differential pressure", 2, 0, 5000),
    50: _angle("platform angle of attack", 2, 20),
    51: _angle("platform vertical speed", 2, 180),
    52: _angle("platform sideslip angle", 2, 20),
    53: Tag("airfield barometric pressure", 2, 0, 5000),
    54: _height("airfield elevation"),
    55: Tag("relative humidity", 1, 0, 100),
    56: Tag("platform ground speed", 1),
    57: Tag("ground range", 4, 0, 5_000_000),
    58: Tag("platform fuel remaining", 2, 0, 10_000),
    59: _text("platform call sign"),
    60: Tag("weapon load", 2),
    61: Tag("weapon fired", 1),
    62: Tag("laser PRF code", 2),
    63: Tag("sensor field of view name", 1),
    64: Tag("platform magnetic heading", 2, 0, 360),
    VERSION: Tag("UAS datalink local set version", 1),
    67: _place("alternate platform latitude", 90, Special.RESERVED),
    68: _place("alternate platform longitude", 180, Special.RESERVED),
    69: _height("alternate platform altitude"),
    70: _text("alternate platform name"),
    71: Tag("alternate platform heading", 2, 0, 360),
    72: Tag("event start time", 8),
    73: _set("remote video terminal local set"),
    74: _set("video moving target indicator local set"),
    75: _height("sensor ellipsoid height"),
    76: _height("alternate platform ellipsoid height"),
    77: Tag("operational mode", 1, codes=6),
    78: _height("frame centre height above ellipsoid"),
    79: _angle("sensor north velocity", 2, 327),
    80: _angle("sensor east velocity", 2, 327),
    81: _pack("image horizon pixel pack"),
    **{tag: _place(f"corner {tag}", 90 if tag % 2 == 0 else 180) for tag in range(82, 90)},
    90: _angle("platform pitch, full", 4, 90),
    91: _angle("platform roll, full", 4, 90),
    92: _angle("platform angle of attack, full", 4, 90),
    93: _angle("platform sideslip angle, full", 4, 180),
    94: _pack("motion imagery core identifier"),
    95: _set("synthetic aperture radar local set"),
    96: _range("target width, extended", 0, 1_500_000, 8),
    97: _set("range image local set"),
    98: _set("geo-registration local set"),
    99: _set("composite imaging local set"),
    100: _set("segment local set"),
    101: _set("amend local set"),
    102: _pack("standard deviations and correlations"),
    103: _range("density altitude, extended", -900, 40_000, 8),
    104: _range("sensor ellipsoid height, extended", -900, 40_000, 8),
    105: _range("alternate platform ellipsoid height, extended", -900, 40_000, 8),
    106: _text("stream designator"),
    107: _text("operational base"),
    108: _text("broadcast source"),
    109: _range("range to recovery location", 0, 21_000, 4),
    110: _count("time airborne"),
    111: _count("propulsion unit speed"),
    112: _range("platform course angle", 0, 360, 8),
    113: _range("altitude above ground", -900, 40_000, 4),
    114: _range("radar altimeter", -900, 40_000, 4),
    115: _pack("control command"),
    116: _pack("control command verification list"),
    117: _range("sensor azimuth rate", -1000, 1000, 4),
    118: _range("sensor elevation rate", -1000, 1000, 4),
    119: _range("sensor roll rate", -1000, 1000, 4),
    120: _range("on-board storage, percent full", 0, 100, 3),
    121: _pack("active wavelength list"),
    122: _pack("country codes"),
    123: Tag("navigation satellites in view", 1),
    124: Tag("positioning method source", 1),
    125: Tag("platform status", 1),
    126: Tag("sensor control mode", 1),
    127: _pack("sensor frame rate pack"),
    128: _pack("wavelengths list"),
    129: _text("target id"),
    130: _pack("airbase locations"),
    131: _count("take-off time"),
    132: _range("transmission frequency", 1, 99_999, 4),
    133: _count("on-board storage capacity"),
    134: _range("zoom percentage", 0, 100, 4),
    135: _text("communications method"),
    136: _count("leap seconds", signed=True),
    137: _count("correction offset", signed=True),
    **{
        tag: _pack(name)
        for tag, name in enumerate(
            (
                "payload list",
                "active payloads",
                "weapon stores",
                "waypoint list",
                "view domain",
                "metadata substream id",
            ),
            138,
        )
    },
}


def value(tag: Tag, raw: bytes) -> float | int | str | bytes | Special | Mark:
    """The physical value in the standard's unit; a ``Special`` or a ``Mark`` where the bytes say that there is none.

    ``raw`` is of the item's length and not empty.
    """
    if tag.kind is Kind.TEXT:
        return raw.decode("utf-8", errors="replace")
    if tag.kind in (Kind.SET, Kind.PACK):
        return raw
    if tag.kind is Kind.RANGE:
        return mapped(tag.low, tag.high, raw)
    number = int.from_bytes(raw, "big", signed=tag.signed)
    if tag.low == tag.high:
        return number
    if tag.signed:
        top = 2 ** (8 * len(raw) - 1) - 1
        return tag.special or Special.OUT_OF_RANGE if number < -top else number * tag.high / top
    return tag.low + number * (tag.high - tag.low) / (2 ** (8 * len(raw)) - 1)


def mapped(low: float, high: float, raw: bytes) -> float | Mark:
    """A number mapped by MISB ST 1201, IMAPB(low, high, bytes): section 7.2.2, marks by its tables 1 and 2."""
    bits, number = 8 * len(raw), int.from_bytes(raw, "big")
    if number >> (bits - 2) == 0b11:
        kind = number >> max(bits - 5, 0) & 0b011
        return (Mark.RESERVED, Mark.INFINITE, Mark.NOT_A_NUMBER, Mark.NOT_A_NUMBER)[kind]
    power = bits - 1 - math.ceil(math.log2(high - low))
    scale = 2.0**power
    offset = scale * low - math.floor(scale * low) if low < 0 < high else 0.0
    found = (number - offset) / scale + low
    return found if found <= high + 1 / scale else Mark.BEYOND
