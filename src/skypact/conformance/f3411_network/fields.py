"""The fields of a network Remote ID message: one rule for each row of the common data dictionary.

Requirement numbers are those of ASTM F3411-22a as its public test suite and interface definition cite them
(NET0260, table 1, row; NET0710 for the interface). The standard's own text is sold.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from datetime import datetime
from typing import Any

from skypact.conformance.remote_id.limits import SERIAL_NUMBER
from skypact.conformance.report import Layer, Place, Severity
from skypact.conformance.standard import Evidence, Rule

_TABLE = "ASTM F3411-22a, NET0260, table 1, row"


def _row(name: str, row: str, what: str, layer: Layer = Layer.SCHEMA) -> Rule:
    return Rule(f"f3411_network.{name}", layer, f"{_TABLE} {row}: {what}")


UAS_ID = _row("uas-id", "1", "UAS ID: at least one of serial number, registration, UTM id, session id")
SERIAL = _row("serial-number", "1a", "serial number of CTA-2063-A")
REGISTRATION = _row("registration-id", "1b", "registration id: nationality mark, dot, id in capitals and digits")
UTM = _row("utm-id", "1c", "UTM-assigned id: a UUID of version 4")
SESSION = _row("session-id", "1d", "specific session id: up to 20 bytes in hexadecimal digits")
UA_TYPE = _row("ua-type", "2", "UA type")
TIMESTAMP = _row("timestamp", "5", "time in UTC, RFC 3339")
TIME_ACCURACY = _row("timestamp-accuracy", "6", "seconds, not negative")
STATUS = _row("operational-status", "7", "operational status")
OPERATOR_ID = _row("operator-id", "9", "operator id in ASCII")
POSITION = _row("position", "10, 11", "latitude ±90°, longitude ±180°", Layer.SEMANTIC)
ALTITUDE = _row("altitude", "12", "geodetic altitude in metres, -1000 for unknown")
HEIGHT = _row("height", "14", "height in metres, -1000 for unknown")
HEIGHT_TYPE = _row("height-type", "15", "height above take-off or ground")
VERTICAL_ACCURACY = _row("vertical-accuracy", "16", "vertical accuracy class")
HORIZONTAL_ACCURACY = _row("horizontal-accuracy", "17", "horizontal accuracy class")
SPEED_ACCURACY = _row("speed-accuracy", "18", "speed accuracy class")
TRACK = _row("track", "19", "0 to below 360 degrees, or 361 for unknown")
SPEED = _row("speed", "20", "0 to 254.25 m/s, or 255 for unknown")
VERTICAL_SPEED = _row("vertical-speed", "21", "±62 m/s, or 63 for unknown")
OPERATOR_POSITION = _row("operator-position", "23, 24", "latitude ±90°, longitude ±180°")
OPERATOR_ALTITUDE = _row("operator-altitude", "25, 26", "altitude over WGS 84 in metres, and its type")
UNKNOWN_FIELD = Rule(
    "f3411_network.unknown-field",
    Layer.SCHEMA,
    "lab rule: the interface definition (NET0710) does not name this field",
    Severity.WARNING,
)
INTERFACE = Rule("f3411_network.interface", Layer.SCHEMA, "ASTM F3411-22a, NET0710: types of the interface definition")
RULES = (
    UAS_ID,
    SERIAL,
    REGISTRATION,
    UTM,
    SESSION,
    UA_TYPE,
    TIMESTAMP,
    TIME_ACCURACY,
    STATUS,
    OPERATOR_ID,
    POSITION,
    ALTITUDE,
    HEIGHT,
    HEIGHT_TYPE,
    VERTICAL_ACCURACY,
    HORIZONTAL_ACCURACY,
    SPEED_ACCURACY,
    TRACK,
    SPEED,
    VERTICAL_SPEED,
    OPERATOR_POSITION,
    OPERATOR_ALTITUDE,
    UNKNOWN_FIELD,
    INTERFACE,
)


def _words(said: str) -> frozenset[str]:
    return frozenset(said.split())


UA_TYPES = _words(
    "NotDeclared Aeroplane Helicopter Gyroplane HybridLift VTOL Ornithopter Glider Kite FreeBalloon CaptiveBalloon"
    " Airship FreeFallOrParachute Rocket TetheredPoweredAircraft GroundObstacle Other"
)
STATUSES = _words("Undeclared Ground Airborne Emergency RemoteIDSystemFailure")
HORIZONTAL = _words("HAUnknown HA10NMPlus HA10NM HA4NM HA2NM HA1NM HA05NM HA03NM HA01NM HA005NM HA30m HA10m HA3m HA1m")
VERTICAL = _words("VAUnknown VA150mPlus VA150m VA45m VA25m VA10m VA3m VA1m")
SPEEDS = _words("SAUnknown SA10mpsPlus SA10mps SA3mps SA1mps SA03mps")
REFERENCES = frozenset({"TakeoffLocation", "GroundLevel"})
_STATE = _words(
    "timestamp timestamp_accuracy operational_status position track speed speed_accuracy vertical_speed height"
    " group_radius group_ceiling group_floor group_count group_time_start group_time_end"
)
_POSITION = _words("lat lng alt accuracy_h accuracy_v extrapolated pressure_altitude height")
_DETAILS = _words(
    "id eu_classification uas_id operator_id operator_location operation_description auth_data serial_number"
    " registration_number registration_id utm_id specific_session_id"
)

TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)")
_REGISTRATION = re.compile(r"[A-Z0-9]{1,4}\.[A-Z0-9]{1,64}")
_HEXADECIMAL = re.compile(r"(?:[0-9A-Fa-f]{2}){1,20}")
_HIGHEST_M = 31_767
#: Every quantity is below this; a whole number of JSON may have thousands of digits.
_ANYTHING = 1e18
_LEAST_ACCURATE_S = 60


class Reader:
    """Says where in a document a field is wrong."""

    def __init__(self, place: Place, evidence: Evidence) -> None:
        self._place = place
        self._evidence = evidence

    def say(self, rule: Rule, field: str, sentence: str) -> None:
        self._evidence.find(rule.id, self._place.model_copy(update={"field": field}), sentence)

    def names(self, held: dict[str, Any], known: frozenset[str], path: str) -> None:
        for name in sorted(set(held) - known):
            self.say(UNKNOWN_FIELD, f"{path}.{name}"[:200], "The interface definition does not name this field.")

    def object(self, held: Any, path: str) -> dict[str, Any] | None:
        if isinstance(held, dict):
            return held
        self.say(INTERFACE, path, f"Expected an object, found {_shown(held)}.")
        return None

    def number(
        self, rule: Rule, held: dict[str, Any], name: str, path: str, accepted: Callable[[float], bool]
    ) -> float | None:
        """A number that the rule accepts; ``None`` after a finding."""
        if name not in held:
            self.say(rule, f"{path}.{name}", "The field is missing.")
            return None
        value = held[name]
        if isinstance(value, bool) or not isinstance(value, (int, float)) or not abs(value) < _ANYTHING:
            self.say(rule, f"{path}.{name}", f"{_shown(value)} is no number.")
        elif not accepted(value):
            self.say(rule, f"{path}.{name}", f"{value:g} is outside what the row allows.")
        else:
            return float(value)
        return None

    def word(self, rule: Rule, held: dict[str, Any], name: str, path: str, accepted: frozenset[str]) -> None:
        if name not in held:
            self.say(rule, f"{path}.{name}", "The field is missing.")
        elif not isinstance(held[name], str) or held[name] not in accepted:
            self.say(rule, f"{path}.{name}", f"{_shown(held[name])} is not among {', '.join(sorted(accepted))}.")

    def time(self, held: dict[str, Any], name: str, path: str) -> float | None:
        """Seconds since 1970 of a text, or of an object with value and format as of F3411-22a."""
        if name not in held:
            self.say(TIMESTAMP, f"{path}.{name}", "The field is missing.")
            return None
        said = held[name]
        if isinstance(said, dict):
            if said.get("format") != "RFC3339" or set(said) != {"value", "format"}:
                self.say(TIMESTAMP, f"{path}.{name}", f"{_shown(said)} is no time: value, and format RFC3339.")
                return None
            said = said.get("value")
        if not isinstance(said, str) or not TIME.fullmatch(said):
            self.say(TIMESTAMP, f"{path}.{name}", f"{_shown(said)} is no time such as 2026-03-02T10:00:00.5Z.")
            return None
        try:
            read = datetime.fromisoformat(said)
        except ValueError:
            self.say(TIMESTAMP, f"{path}.{name}", f"{_shown(said)} is no time of a calendar.")
            return None
        if not 2010 <= read.year < 2100:
            self.say(TIMESTAMP, f"{path}.{name}", f"{said} is outside the years 2010 to 2099.")
            return None
        offset = read.utcoffset()
        if offset is None or offset.total_seconds():
            self.say(TIMESTAMP, f"{path}.{name}", f"{said} is not in UTC.")
        return read.timestamp()


def _height(value: float) -> bool:
    return -1_000 <= value <= _HIGHEST_M


def _shown(value: Any) -> str:
    return repr(value)[:80]


def state(reader: Reader, held: dict[str, Any], path: str) -> tuple[float | None, float | None, float | None]:
    """Judges an aircraft's state; returns time, latitude and longitude as far as they could be read."""
    reader.names(held, _STATE, path)
    time_s = reader.time(held, "timestamp", path)
    reader.number(TIME_ACCURACY, held, "timestamp_accuracy", path, lambda value: 0 <= value <= _LEAST_ACCURATE_S)
    reader.word(STATUS, held, "operational_status", path, STATUSES)
    reader.number(TRACK, held, "track", path, lambda value: 0 <= value < 360 or value == 361)
    reader.number(SPEED, held, "speed", path, lambda value: 0 <= value <= 254.25 or value == 255)
    reader.word(SPEED_ACCURACY, held, "speed_accuracy", path, SPEEDS)
    reader.number(VERTICAL_SPEED, held, "vertical_speed", path, lambda value: -62 <= value <= 63)
    there = reader.object(held.get("position"), f"{path}.position")
    if there is None:
        return time_s, None, None
    latitude, longitude = position(reader, there, f"{path}.position")
    heights = [(there.get("height"), f"{path}.position.height"), (held.get("height"), f"{path}.height")]
    given = [(one, where) for one, where in heights if one is not None]
    if not given:
        reader.say(HEIGHT, f"{path}.position.height", "The field is missing.")
    for one, where in given:
        if (inside := reader.object(one, where)) is not None:
            reader.names(inside, frozenset({"distance", "reference"}), where)
            reader.number(HEIGHT, inside, "distance", where, _height)
            reader.word(HEIGHT_TYPE, inside, "reference", where, REFERENCES)
    return time_s, latitude, longitude


def position(reader: Reader, held: dict[str, Any], path: str) -> tuple[float | None, float | None]:
    reader.names(held, _POSITION, path)
    latitude = reader.number(POSITION, held, "lat", path, lambda value: abs(value) <= 90)
    longitude = reader.number(POSITION, held, "lng", path, lambda value: abs(value) <= 180)
    reader.number(ALTITUDE, held, "alt", path, _height)
    reader.word(HORIZONTAL_ACCURACY, held, "accuracy_h", path, HORIZONTAL)
    reader.word(VERTICAL_ACCURACY, held, "accuracy_v", path, VERTICAL)
    if not isinstance(held.get("extrapolated", False), bool):
        reader.say(INTERFACE, f"{path}.extrapolated", f"{_shown(held['extrapolated'])} is neither true nor false.")
    if "pressure_altitude" in held:
        reader.number(ALTITUDE, held, "pressure_altitude", path, _height)
    return latitude, longitude


def details(reader: Reader, held: dict[str, Any], path: str) -> None:
    """Judges who flies: identity of the aircraft, operator, place of the operator."""
    reader.names(held, _DETAILS, path)
    inside = held.get("uas_id", {})
    if (named := reader.object(inside, f"{path}.uas_id")) is not None:
        reader.names(named, frozenset(_IDENTITIES), f"{path}.uas_id")
        _identity(reader, held | named, path)
    operator = held.get("operator_id", "")
    if not isinstance(operator, str) or not operator.isascii() or not operator.isprintable():
        reader.say(OPERATOR_ID, f"{path}.operator_id", f"{_shown(operator)} is not printable ASCII.")
    if not isinstance(held.get("operation_description", ""), str):
        reader.say(INTERFACE, f"{path}.operation_description", "The description is no text.")
    if "operator_location" in held:
        _operator(reader, held["operator_location"], f"{path}.operator_location")


def _identity(reader: Reader, held: dict[str, Any], path: str) -> None:
    given = {name: held[name] for name in _IDENTITIES if held.get(name) not in (None, "")}
    if not given:
        reader.say(UAS_ID, f"{path}.uas_id", f"None of {', '.join(_IDENTITIES)} is given.")
    for name, value in given.items():
        rule, judge = _IDENTITIES[name]
        if not isinstance(value, str) or not judge(value):
            reader.say(rule, f"{path}.{name}", f"{_shown(value)} is not of the form that the row asks for.")


def _serial(said: str) -> bool:
    found = SERIAL_NUMBER.fullmatch(said)
    return bool(found) and int(found[1], 16) == len(found[2])


def _utm(said: str) -> bool:
    try:
        return str(uuid.UUID(said)) == said.lower() and uuid.UUID(said).version == 4
    except ValueError:
        return False


_IDENTITIES: dict[str, tuple[Rule, Callable[[str], bool]]] = {
    "serial_number": (SERIAL, _serial),
    "registration_id": (REGISTRATION, lambda said: bool(_REGISTRATION.fullmatch(said))),
    "registration_number": (REGISTRATION, lambda said: said.isascii() and said.isprintable()),
    "utm_id": (UTM, _utm),
    "specific_session_id": (SESSION, lambda said: bool(_HEXADECIMAL.fullmatch(said.replace("-", "")))),
}


def _operator(reader: Reader, held: Any, path: str) -> None:
    where = reader.object(held, path)
    if where is None:
        return
    if "position" in where:
        reader.names(where, frozenset({"position", "altitude", "altitude_type"}), path)
        point = reader.object(where["position"], f"{path}.position")
        if "altitude" in where and (altitude := reader.object(where["altitude"], f"{path}.altitude")) is not None:
            reader.number(OPERATOR_ALTITUDE, altitude, "value", f"{path}.altitude", _height)
            reader.word(OPERATOR_ALTITUDE, altitude, "reference", f"{path}.altitude", frozenset({"W84"}))
            reader.word(OPERATOR_ALTITUDE, altitude, "units", f"{path}.altitude", frozenset({"M"}))
        if "altitude_type" in where:
            kinds = frozenset({"Takeoff", "Dynamic", "Fixed"})
            reader.word(OPERATOR_ALTITUDE, where, "altitude_type", path, kinds)
    else:
        point = where
    if point is not None:
        reader.names(point, frozenset({"lat", "lng"}), path)
        reader.number(OPERATOR_POSITION, point, "lat", path, lambda value: abs(value) <= 90)
        reader.number(OPERATOR_POSITION, point, "lng", path, lambda value: abs(value) <= 180)
