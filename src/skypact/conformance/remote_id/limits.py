"""Rules for one Remote ID message: the limits of its fields.

Clauses name the message in ASTM F3411-22a broadcast message formats, whose tables fix the codes and ranges.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable

from skypact.conformance.remote_id.messages import EDITIONS, Message
from skypact.conformance.report import Layer, Place
from skypact.conformance.standard import Evidence, Rule

_TABLES = "ASTM F3411-22a broadcast message formats"

EDITION = Rule("remote_id.edition", Layer.SCHEMA, f"{_TABLES}, message header, protocol version")
CODE = Rule("remote_id.code", Layer.SCHEMA, f"{_TABLES}, enumerated fields")
RESERVED = Rule("remote_id.reserved", Layer.SCHEMA, f"{_TABLES}, reserved bits are zero")
TEXT = Rule("remote_id.text", Layer.SCHEMA, f"{_TABLES}, text fields: ASCII, padded with NUL")
SERIAL = Rule("remote_id.serial", Layer.SCHEMA, f"{_TABLES}, Basic ID type 1: ANSI/CTA-2063-A serial number")
IDENTITY = Rule("remote_id.identity", Layer.SCHEMA, f"{_TABLES}, Basic ID types 2 to 4")
PAGES = Rule("remote_id.pages", Layer.SCHEMA, f"{_TABLES}, Authentication: pages 0 to 15")
POSITION = Rule("remote_id.position", Layer.SEMANTIC, f"{_TABLES}, Location: latitude ±90°, longitude ±180°")
MOTION = Rule("remote_id.motion", Layer.SEMANTIC, f"{_TABLES}, Location: direction, speed to 254.25 m/s, climb ±62 m/s")
TIME = Rule("remote_id.time", Layer.SEMANTIC, f"{_TABLES}, Location: tenths of seconds after the full hour")
AREA = Rule("remote_id.area", Layer.SEMANTIC, f"{_TABLES}, System: area ceiling above floor")
RULES = (EDITION, CODE, RESERVED, TEXT, SERIAL, IDENTITY, PAGES, POSITION, MOTION, TIME, AREA)

_Say = Callable[[Rule, str, str], None]

#: Four letters of the maker, the length as one digit 1-9 or A-F, then so many characters; no O and no I.
SERIAL_NUMBER = re.compile(r"[0-9A-HJ-NP-Z]{4}([1-9A-F])([0-9A-HJ-NP-Z]{1,15})")


def examine(message: Message, place: Place, evidence: Evidence) -> None:
    def say(rule: Rule, field: str, sentence: str) -> None:
        evidence.find(rule.id, place.model_copy(update={"field": f"{message.kind}.{field}"}), sentence)

    if message.version not in EDITIONS:
        accepted = ", ".join(f"{number} ({edition})" for number, edition in EDITIONS.items())
        say(EDITION, "version", f"Protocol version {message.version} is no edition; accepted: {accepted}.")
    if any(message.fields.get("reserved", b"")):
        say(RESERVED, "reserved", f"Reserved bits are set: {message.fields['reserved'].hex()}.")
    _JUDGES[message.kind](message, say)


def _code(message: Message, name: str, accepted: range, say: _Say) -> None:
    value = message.fields[name]
    if value not in accepted:
        say(CODE, name, f"{value} is not among {accepted.start} to {accepted.stop - 1}.")


def _text(message: Message, name: str, say: _Say) -> str | None:
    raw = message.fields[name]
    said, _, padding = raw.partition(b"\0")
    if padding.strip(b"\0") or not all(0x20 <= byte < 0x7F for byte in said):
        say(TEXT, name, f"{raw.hex()} is not ASCII padded with NUL.")
        return None
    return said.decode("ascii")


def _basic_id(message: Message, say: _Say) -> None:
    _code(message, "id_type", range(5), say)
    id_type, raw = message.fields["id_type"], message.fields["uas_id"]
    if id_type == 0 and any(raw):
        say(IDENTITY, "uas_id", "An id of type none carries an id.")
    elif id_type == 1 and (said := _text(message, "uas_id", say)) is not None:
        found = SERIAL_NUMBER.fullmatch(said)
        if not found or int(found[1], 16) != len(found[2]):
            say(SERIAL, "uas_id", f'"{said}" is no serial number: 4 characters, a length 1 to F, so many characters.')
    elif id_type == 2 and _text(message, "uas_id", say) == "":
        say(IDENTITY, "uas_id", "A registration id is empty.")
    elif id_type == 3 and (any(raw[16:]) or uuid.UUID(bytes=raw[:16]).variant != uuid.RFC_4122):
        say(IDENTITY, "uas_id", f"{raw.hex()} is not a UUID of 16 bytes and four zeros.")
    elif id_type == 4 and not raw[0]:
        say(IDENTITY, "uas_id", "A session id begins with its type, which is not zero.")


def _location(message: Message, say: _Say) -> None:
    # Status 4, remote ID failure, came after the first edition.
    _code(message, "status", range(5 if message.version else 4), say)
    for name, accepted in _ACCURACIES.items():
        _code(message, name, accepted, say)
    _where(message, say)
    fields = message.fields
    if fields["direction_byte"] > 179 and fields["direction_byte"] != 181:
        say(MOTION, "direction", f"{fields['direction_byte']} is neither 0 to 179 nor 181 for unknown.")
    if fields["climb_m_s"] is not None and abs(fields["climb_m_s"]) > 62:
        say(MOTION, "climb", f"{fields['climb_m_s']:g} m/s is outside ±62.")
    if fields["after_hour_s"] is not None and fields["after_hour_s"] > 3600:
        say(TIME, "after_hour", f"{fields['after_hour_s']:g} s after the hour is outside 0 to 3,600.")


_ACCURACIES = {
    "vertical_accuracy": range(7),
    "horizontal_accuracy": range(13),
    "pressure_accuracy": range(7),
    "speed_accuracy": range(5),
}


def _where(message: Message, say: _Say) -> None:
    latitude, longitude = message.fields["latitude_deg"], message.fields["longitude_deg"]
    if latitude is not None and (abs(latitude) > 90 or abs(longitude) > 180):
        say(POSITION, "latitude", f"{latitude:.7f}, {longitude:.7f} is not on the globe.")


def _authentication(message: Message, say: _Say) -> None:
    kind = message.fields["authentication_type"]
    if not (kind <= 5 or kind >= 0xA):
        say(CODE, "authentication_type", f"{kind} is not among 0 to 5 and 10 to 15.")
    last = message.fields.get("last_page")
    if last is not None:
        room = 17 + 23 * last
        if last > 15 or message.fields["length"] > room:
            say(PAGES, "last_page", f"{message.fields['length']} bytes do not fit pages 0 to {last}.")


def _self_id(message: Message, say: _Say) -> None:
    kind = message.fields["description_type"]
    if not (kind <= 2 or kind >= 201):
        say(CODE, "description_type", f"{kind} is not among 0 to 2 and 201 to 255.")
    _text(message, "description", say)


def _system(message: Message, say: _Say) -> None:
    _code(message, "location_type", range(3), say)
    _code(message, "classification", range(2), say)
    _where(message, say)
    fields = message.fields
    if message.version and fields["classification"] == 1:
        _code(message, "category", range(4), say)
        _code(message, "class", range(8), say)
    elif message.version and (fields["category"] or fields["class"]):
        say(RESERVED, "category", "A category or class is given although the classification is undeclared.")
    ceiling, floor = fields["area_ceiling_m"], fields["area_floor_m"]
    if ceiling is not None and floor is not None and ceiling < floor:
        say(AREA, "area_ceiling", f"The ceiling, {ceiling:g} m, is below the floor, {floor:g} m.")


def _operator_id(message: Message, say: _Say) -> None:
    kind = message.fields["operator_id_type"]
    if not (kind == 0 or kind >= 201):
        say(CODE, "operator_id_type", f"{kind} is neither 0 nor among 201 to 255.")
    _text(message, "operator_id", say)


_JUDGES: dict[str, Callable[[Message, _Say], None]] = {
    "basic_id": _basic_id,
    "location": _location,
    "authentication": _authentication,
    "self_id": _self_id,
    "system": _system,
    "operator_id": _operator_id,
}
