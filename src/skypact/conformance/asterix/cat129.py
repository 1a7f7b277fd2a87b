"""ASTERIX category 129, UAS identification and target reports: our own specification, decoder and encoder.

No machine-readable specification of the category is open, so this is written from what is publicly known of
EUROCONTROL-SPEC-0149-29, edition 1.2 of 12 June 2019. Of the document itself only the front matter of edition 1.1
(15 August 2018) could be read here. Item order, lengths and units were taken from two public implementations of
edition 1.2; a third public one says, section by section, what the document states. NOT_CONFIRMED says what stays open.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import Any

from skypact.schema.nations import NATIONS

CATEGORY = 129
EDITION = (1, 2)

#: What a public reading of the document (WayneRoessling/gungnir, read on 9 and 26 September 2026) says of its text.
READ_BY_OTHERS = (
    "4.4: a data block holds one record.",
    "5.2.1: source 0, 0 is recommended from air to ground.",
    "I129/010, 050, 070 and 080 are mandatory, and one of 090 and 100.",
    "5.2.8, I129/080: two's complement, 180/2^30 degrees, which is 1.6764e-7; no height.",
    "5.2.9, I129/090: above mean sea level; no geoid model and no source are named.",
    "I129/110: radius of half of the positions; 0 for unknown or more than 255 m.",
    "5.2.12, I129/120: certification unknown, open, specific, certified; air risk codes 0 to 3 for classes 1 to 4.",
    "5.2.13, I129/185: x to the geographic east, y to the north, 20 bits each, 0.01 m/s; I129/220 upwards.",
)
NOT_CONFIRMED = (
    "The document was read through public implementations of edition 1.2, not itself.",
    "I129/120, operational risk: its table of items (5.3.1) says one octet, its description (5.2.12) three, of which it"
    " draws one. Implementations differ. Both lengths are read and named; three are written.",
    "I129/120: the airspace encounter categories have a heading in annex A and no list; the annex defines the air risk"
    " classes 1 to 3, the item labels a fourth.",
    "I129/040, serial number: 12 octets, no encoding is stated; ASCII filled with zeros is written.",
    "I129/220, vertical speed: 20 of 24 bits; the four before them are taken as spare.",
    "I129/070, and one of 090 and 100, are mandatory by one reading only: without them the lab cannot tell.",
)

#: Degrees of one count: 180 / 2^30.
POSITION_LSB_DEG = 180 / 2**30
_TIME_LSB_S, _ALTITUDE_LSB_M, _SPEED_LSB_M_S = 1 / 128, 0.1, 0.01
_DAY = 86_400 * 128
#: Items in the order of the field specification, with their octets; ``None`` for the special purpose field.
ITEMS: tuple[tuple[str, int | None], ...] = (
    ("010", 2),
    ("015", 2),
    ("020", 3),
    ("030", 3),
    ("040", 12),
    ("050", 2),
    ("070", 3),
    ("080", 8),
    ("090", 3),
    ("100", 3),
    ("110", 2),
    ("120", 3),
    ("SP", None),
    ("185", 5),
    ("220", 3),
)
MANDATORY = ("010", "050", "080")
#: Of each group one; by one public reading of the document.
REPORTED_MANDATORY = (("070",), ("090", "100"))


@dataclass(frozen=True)
class Report:
    """One UAS as a record says it, in SI units and degrees; ``None`` for an item that is not there."""

    source: tuple[int, int] | None = None
    """System area and identification code; 0, 0 from an aircraft."""
    destination: tuple[int, int] | None = None
    manufacturer: str | None = None
    """Three characters."""
    model: str | None = None
    """Three characters."""
    serial_number: bytes | None = None
    """Twelve octets."""
    country: str | None = None
    """Of registration, ISO 3166-1."""
    time_of_day_s: float | None = None
    latitude_deg: float | None = None
    longitude_deg: float | None = None
    altitude_amsl_m: float | None = None
    """Above mean sea level."""
    altitude_agl_m: float | None = None
    """Above ground."""
    position_accuracy_m: int | None = None
    """Radius that holds half of the positions; 0 for unknown or more than 255 m."""
    risk: tuple[int, int, int] | None = None
    """Codes: certification category 0 to 3 (unknown, open, specific, certified), air risk 0 to 3, encounter 0 to 15."""
    east_m_s: float | None = None
    north_m_s: float | None = None
    climb_m_s: float | None = None


class NotOfCategoryError(ValueError):
    """These bytes are no record of category 129; says why."""


@dataclass(frozen=True)
class Record:
    report: Report
    items: tuple[str, ...]
    spare: tuple[tuple[str, int], ...] = ()
    """Bits that should be zero, by item."""
    risk_octets: int = 3
    trailing: bool = False
    """Whether the field specification ends with an empty octet."""


def decode(body: bytes) -> Record:
    """The one record of a data block: edition 1.2 allows no second. Raises ``NotOfCategoryError``."""
    specification, at = _specification(body)
    present = [name for name, _ in _flagged(specification)]
    if not present:
        raise NotOfCategoryError("the record holds no item")
    risk_octets = 3
    try:
        raw, end = _items(body, at, specification, risk_octets)
        if end != len(body):
            raise NotOfCategoryError(f"{len(body) - end} octets follow the record; a block holds one")
    except NotOfCategoryError:
        if "120" not in present:
            raise
        risk_octets = 1
        raw, end = _items(body, at, specification, risk_octets)
        if end != len(body):
            raise NotOfCategoryError(f"{len(body) - end} octets follow the record; a block holds one") from None
    return Record(_report(raw), tuple(raw), tuple(_spare(raw)), risk_octets, at > 1 and not specification[-1])


def _specification(body: bytes) -> tuple[list[int], int]:
    read: list[int] = []
    for at, octet in enumerate(body[:3], 1):
        read.append(octet & 0xFE)
        if not octet & 1:
            return read, at
    raise NotOfCategoryError("the field specification does not end within 3 octets")


def _flagged(specification: list[int]) -> Iterator[tuple[str, int | None]]:
    for number in range(7 * len(specification)):
        if specification[number // 7] >> (7 - number % 7) & 1:
            if number >= len(ITEMS):
                raise NotOfCategoryError(f"field {number + 1} is reserved; the edition defines {len(ITEMS)}")
            yield ITEMS[number]


def _items(body: bytes, at: int, specification: list[int], risk_octets: int) -> tuple[dict[str, bytes], int]:
    raw: dict[str, bytes] = {}
    for name, octets in _flagged(specification):
        if octets is None:
            octets = body[at] if at < len(body) else 0
            if octets < 2:
                raise NotOfCategoryError(f"item {name} says a length of {octets}; its length counts itself")
        if name == "120":
            octets = risk_octets
        if at + octets > len(body):
            raise NotOfCategoryError(f"item {name} needs {octets} octets; {len(body) - at} are there")
        raw[name] = body[at : at + octets]
        at += octets
    return raw, at


def _signed(raw: bytes) -> int:
    return int.from_bytes(raw, "big", signed=True)


def _twenty(number: int) -> int:
    number &= 0xFFFFF
    return number - (1 << 20) if number >> 19 else number


def _report(raw: dict[str, bytes]) -> Report:
    said: dict[str, Any] = {}
    for item, name in (("010", "source"), ("015", "destination")):
        if item in raw:
            said[name] = (raw[item][0], raw[item][1])
    for item, name in (("020", "manufacturer"), ("030", "model"), ("050", "country")):
        if item in raw:
            said[name] = raw[item].decode("latin-1")
    if "040" in raw:
        said["serial_number"] = raw["040"]
    if "070" in raw:
        said["time_of_day_s"] = int.from_bytes(raw["070"], "big") * _TIME_LSB_S
    if "080" in raw:
        said["latitude_deg"] = _signed(raw["080"][:4]) * POSITION_LSB_DEG
        said["longitude_deg"] = _signed(raw["080"][4:]) * POSITION_LSB_DEG
    for item, name in (("090", "altitude_amsl_m"), ("100", "altitude_agl_m")):
        if item in raw:
            said[name] = _signed(raw[item]) * _ALTITUDE_LSB_M
    if "110" in raw:
        said["position_accuracy_m"] = int.from_bytes(raw["110"], "big")
    if "120" in raw:
        first = raw["120"][0]
        said["risk"] = (first >> 6, first >> 4 & 3, first & 0xF)
    if "185" in raw:
        both = int.from_bytes(raw["185"], "big")
        said["east_m_s"], said["north_m_s"] = _twenty(both >> 20) * _SPEED_LSB_M_S, _twenty(both) * _SPEED_LSB_M_S
    if "220" in raw:
        said["climb_m_s"] = _twenty(int.from_bytes(raw["220"], "big")) * _SPEED_LSB_M_S
    return Report(**said)


def _spare(raw: dict[str, bytes]) -> Iterator[tuple[str, int]]:
    if "220" in raw and (bits := raw["220"][0] >> 4):
        yield "220", bits
    if len(raw.get("120", b"")) == 3 and (bits := int.from_bytes(raw["120"][1:], "big")):
        yield "120", bits


def encode(report: Report) -> bytes:
    """A data block of one record. Raises ``ValueError`` for a value that its item cannot hold."""
    raw = dict(_encoded(report))
    numbers = [number for number, (name, _) in enumerate(ITEMS) if name in raw]
    octets = max(numbers, default=0) // 7 + 1
    specification = [0] * octets
    for number in numbers:
        specification[number // 7] |= 1 << (7 - number % 7)
    head = bytes(octet | (at < octets - 1) for at, octet in enumerate(specification))
    body = head + b"".join(raw[name] for name, _ in ITEMS if name in raw)
    return bytes([CATEGORY]) + (3 + len(body)).to_bytes(2, "big") + body


def _encoded(report: Report) -> Iterator[tuple[str, bytes]]:
    given = {one.name for one in fields(report) if getattr(report, one.name) is not None}
    for item, name in (("010", "source"), ("015", "destination")):
        if name in given:
            yield item, bytes(getattr(report, name))
    for item, name, size in (("020", "manufacturer", 3), ("030", "model", 3), ("050", "country", 2)):
        if name in given:
            yield item, _text(name, getattr(report, name), size)
    if report.serial_number is not None:
        if len(report.serial_number) > 12:
            raise ValueError(f"serial number {report.serial_number!r}: accepted: at most 12 octets")
        yield "040", report.serial_number.ljust(12, b"\0")
    if report.time_of_day_s is not None:
        yield "070", _counts("time_of_day_s", report.time_of_day_s, _TIME_LSB_S, 0, _DAY - 1).to_bytes(3, "big")
    if report.latitude_deg is not None and report.longitude_deg is not None:
        latitude = _counts("latitude_deg", report.latitude_deg, POSITION_LSB_DEG, -(2**29), 2**29)
        longitude = _counts("longitude_deg", report.longitude_deg, POSITION_LSB_DEG, -(2**30), 2**30)
        yield "080", latitude.to_bytes(4, "big", signed=True) + longitude.to_bytes(4, "big", signed=True)
    for item, name in (("090", "altitude_amsl_m"), ("100", "altitude_agl_m")):
        if name in given:
            counts = _counts(name, getattr(report, name), _ALTITUDE_LSB_M, -(2**23), 2**23 - 1)
            yield item, counts.to_bytes(3, "big", signed=True)
    if report.position_accuracy_m is not None:
        yield "110", _counts("position_accuracy_m", report.position_accuracy_m, 1, 0, 255).to_bytes(2, "big")
    if report.risk is not None:
        certification, air, encounter = report.risk
        if not (0 <= certification <= 3 and 0 <= air <= 3 and 0 <= encounter <= 15):
            raise ValueError(f"risk {report.risk}: accepted: 0 to 3, 0 to 3, 0 to 15")
        yield "120", bytes([certification << 6 | air << 4 | encounter, 0, 0])
    if report.east_m_s is not None and report.north_m_s is not None:
        east, north = (_speed(name, getattr(report, name)) for name in ("east_m_s", "north_m_s"))
        yield "185", (east << 20 | north).to_bytes(5, "big")
    if report.climb_m_s is not None:
        yield "220", _speed("climb_m_s", report.climb_m_s).to_bytes(3, "big")


def _counts(name: str, value: float, lsb: float, low: int, high: int) -> int:
    counts = round(value / lsb) if math.isfinite(value) else high + 1
    if not low <= counts <= high:
        raise ValueError(f"{name} {value:g}: accepted: {low * lsb:g} to {high * lsb:g}")
    return counts


def _speed(name: str, value: float) -> int:
    return _counts(name, value, _SPEED_LSB_M_S, -(2**19), 2**19 - 1) & 0xFFFFF


def _text(name: str, said: str, size: int) -> bytes:
    if len(said) != size or not said.isascii() or not said.isprintable():
        raise ValueError(f"{name} {said!r}: accepted: {size} characters of ASCII")
    return said.encode("ascii")


def faults(record: Record) -> Iterator[tuple[str, str, str]]:
    """(rule's last word, item, sentence) of what a record should not say."""
    report = record.report
    for item in MANDATORY:
        if item not in record.items:
            yield "mandatory", item, f"Item {item} is mandatory in category 129 and is not there."
    for group in REPORTED_MANDATORY:
        if not set(group) & set(record.items):
            named = f"Item {' or '.join(group)}"
            yield "reported-mandatory", group[0], f"{named} is not there; by a public reading it is mandatory."
    if record.trailing:
        yield "field-specification", "", "The field specification ends with an empty octet."
    for item, bits in record.spare:
        yield "spare", item, f"Spare bits are {bits:b}."
    for item, said in (("020", report.manufacturer), ("030", report.model)):
        if said is not None and not (said.isascii() and said.isprintable()):
            yield "value", item, f"{said!r} is not three characters of ASCII."
    if report.country is not None and report.country not in NATIONS:
        yield "value", "050", f"{report.country!r} is no country code of ISO 3166-1."
    if report.position_accuracy_m is not None and report.position_accuracy_m > 255:
        yield "value", "110", f"{report.position_accuracy_m} m; more than 255 m is sent as 0."
    yield from _impossible(report)


def _impossible(report: Report) -> Iterator[tuple[str, str, str]]:
    if report.time_of_day_s is not None and report.time_of_day_s >= 86_400:
        yield "time-of-day", "070", f"{report.time_of_day_s:.1f} s is past the end of the day."
    limits = (
        ("080", "latitude_deg", 90.0),
        ("080", "longitude_deg", 180.0),
        ("090", "altitude_amsl_m", 40_000.0),
        ("100", "altitude_agl_m", 40_000.0),
        ("185", "east_m_s", 300.0),
        ("185", "north_m_s", 300.0),
        ("220", "climb_m_s", 150.0),
    )
    for item, name, limit in limits:
        value = getattr(report, name)
        low = -1_000.0 if name.startswith("altitude") else -limit
        if value is not None and not low <= value <= limit:
            yield "limit", item, f"{name} {value:g} is outside {low:g} to {limit:g}."
