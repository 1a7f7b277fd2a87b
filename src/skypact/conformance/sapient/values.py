"""Semantic rules inside one message: can these values be true?

The definitions give units and coordinate systems; the physical limits are the lab's own and deliberately wide.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable

from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.message import Message
from sapient_msg.bsi_flex_335_v2_0 import location_pb2, range_bearing_pb2
from sapient_msg.bsi_flex_335_v2_0.sapient_message_pb2 import SapientMessage

from skypact.conformance.report import Layer, Place
from skypact.conformance.sapient.presence import walk
from skypact.conformance.standard import Evidence, Rule

_DEFINITIONS = "BSI Flex 335 v2.0 message definitions"

GEOGRAPHIC_IN_UTM = Rule("sapient.geographic-in-utm", Layer.SEMANTIC, f"{_DEFINITIONS}, LocationCoordinateSystem")
POSITION = Rule("sapient.position", Layer.SEMANTIC, f"{_DEFINITIONS}, Location.x and .y, LocationCoordinateSystem")
ZONE = Rule("sapient.utm-zone", Layer.SEMANTIC, f"{_DEFINITIONS}, Location.utm_zone")
BEARING = Rule("sapient.bearing", Layer.SEMANTIC, f"{_DEFINITIONS}, RangeBearing and RangeBearingCoordinateSystem")
FRACTION = Rule("sapient.fraction", Layer.SEMANTIC, f'{_DEFINITIONS}, fields described as "0-1"')
NOT_FINITE = Rule("sapient.not-finite", Layer.SEMANTIC, "lab rule: a measurement is a finite number")
NEGATIVE = Rule("sapient.negative", Layer.SEMANTIC, "lab rule: errors, extents, ranges and durations are not negative")
FREQUENCY = Rule("sapient.frequency", Layer.SEMANTIC, f"{_DEFINITIONS}, DetectionReport.Signal")
SPEED = Rule("sapient.speed", Layer.SEMANTIC, "lab rule: 3,000 m/s is above every aircraft")
TIME = Rule("sapient.time", Layer.SEMANTIC, f"{_DEFINITIONS}, timestamps in UTC; lab rule: years 2010 to 2099")
POWER = Rule("sapient.power", Layer.SEMANTIC, f"{_DEFINITIONS}, StatusReport.Power.level 0-100")
RANGE = Rule(
    "sapient.range",
    Layer.SEMANTIC,
    f"{_DEFINITIONS}, RangeBearingCoordinateSystem in m or km; lab rule: no sensor of drones sees 1,000 km",
)
LEVEL = Rule("sapient.sub-class-level", Layer.SEMANTIC, f"{_DEFINITIONS}, SubClass.level: the first is 1, then 2")
RULES = (
    RANGE,
    LEVEL,
    GEOGRAPHIC_IN_UTM,
    POSITION,
    ZONE,
    BEARING,
    FRACTION,
    NOT_FINITE,
    NEGATIVE,
    FREQUENCY,
    SPEED,
    TIME,
    POWER,
)

_Say = Callable[[Rule, str, str], None]
_ZONE = re.compile(r"([1-9]|0[1-9]|[1-5]\d|60)[C-HJ-NP-X]")
_FRACTIONS = {"confidence", "detection_confidence", "ranking"}
_NOT_NEGATIVE = re.compile(r"(.*_)?(error|extent|range|duration|frequency)")
_FIRST, _LAST = 1_262_304_000, 4_102_444_800  # 2010-01-01 and 2100-01-01
_FASTEST_M_S = 3000
_FARTHEST_KM = 1000


def examine(message: SapientMessage, place: Place, evidence: Evidence) -> None:
    """Writes down what cannot be true in this message."""
    for path, part in walk(message):

        def say(rule: Rule, field: str, sentence: str, path: str = path) -> None:
            at = place.model_copy(update={"field": f"{path}.{field}" if path else field})
            evidence.find(rule.id, at, sentence)

        _numbers(part, say)
        if judge := _JUDGES.get(part.DESCRIPTOR.name):
            judge(part, say)


def _numbers(part: Message, say: _Say) -> None:
    for field, value in part.ListFields():
        if field.message_type and field.message_type.full_name == "google.protobuf.Timestamp":
            if not field.is_repeated and not (_FIRST <= value.seconds < _LAST and 0 <= value.nanos < 10**9):
                say(TIME, field.name, f"{value.seconds} s after 1970 is outside 2010 to 2099.")
        elif field.type in (FieldDescriptor.TYPE_DOUBLE, FieldDescriptor.TYPE_FLOAT) and not field.is_repeated:
            if not math.isfinite(value):
                say(NOT_FINITE, field.name, f"{value} is not a finite number.")
            elif field.name in _FRACTIONS and not 0 <= value <= 1:
                say(FRACTION, field.name, f"{value:g} is outside 0 to 1.")
            elif _NOT_NEGATIVE.fullmatch(field.name) and value < 0:
                say(NEGATIVE, field.name, f"{value:g} is negative.")


def _location(part: location_pb2.Location, say: _Say) -> None:
    if not (part.HasField("x") and part.HasField("y")):
        return
    x, y = part.x, part.y
    if part.utm_zone and not _ZONE.fullmatch(part.utm_zone):
        say(ZONE, "utm_zone", f'"{part.utm_zone}" is not a UTM zone: 1 to 60 and a latitude band, or N or S.')
    if part.coordinate_system == location_pb2.LOCATION_COORDINATE_SYSTEM_UTM_M:
        if abs(x) <= 180 and abs(y) <= 180:
            say(
                GEOGRAPHIC_IN_UTM,
                "x",
                f"x {x:.6g} and y {y:.6g} are degrees, yet the coordinate system says UTM metres.",
            )
        elif not (100_000 <= x <= 900_000 and 0 <= y <= 10_000_000):
            say(POSITION, "x", f"easting {x:.9g} m, northing {y:.9g} m: no UTM zone reaches there.")
        return
    turn = math.pi if part.coordinate_system == location_pb2.LOCATION_COORDINATE_SYSTEM_LAT_LNG_RAD_M else 180
    if abs(x) > turn or abs(y) > turn / 2:
        say(POSITION, "x", f"longitude {x:.9g}, latitude {y:.9g}: outside ±{turn:.6g} and ±{turn / 2:.6g}.")


def _bearing(part: range_bearing_pb2.RangeBearing | range_bearing_pb2.RangeBearingCone, say: _Say) -> None:
    radians = part.coordinate_system in (
        range_bearing_pb2.RANGE_BEARING_COORDINATE_SYSTEM_RADIANS_M,
        range_bearing_pb2.RANGE_BEARING_COORDINATE_SYSTEM_RADIANS_KM,
    )
    turn = 2 * math.pi if radians else 360
    if not -turn / 2 <= part.azimuth <= turn:
        say(BEARING, "azimuth", f"{part.azimuth:g} is outside {-turn / 2:.6g} to {turn:.6g}.")
    if abs(part.elevation) > turn / 4:
        say(BEARING, "elevation", f"{part.elevation:g} is outside ±{turn / 4:.6g}.")
    in_km = part.coordinate_system in (
        range_bearing_pb2.RANGE_BEARING_COORDINATE_SYSTEM_DEGREES_KM,
        range_bearing_pb2.RANGE_BEARING_COORDINATE_SYSTEM_RADIANS_KM,
    )
    if part.range * (1 if in_km else 1e-3) > _FARTHEST_KM:
        say(RANGE, "range", f"{part.range:g} {'km' if in_km else 'm'} is farther than {_FARTHEST_KM:,} km.")


def _signal(part: Message, say: _Say) -> None:
    named = ("start_frequency", "centre_frequency", "stop_frequency")
    there = [getattr(part, name) for name in named if part.HasField(name)]
    if there != sorted(there):
        say(FREQUENCY, "centre_frequency", f"start, centre, stop are not in rising order: {there}.")


def _velocity(part: Message, say: _Say) -> None:
    for name in ("east_rate", "north_rate", "up_rate"):
        if abs(getattr(part, name)) > _FASTEST_M_S:
            say(SPEED, name, f"{getattr(part, name):g} is faster than {_FASTEST_M_S} m/s.")


def _task(part: Message, say: _Say) -> None:
    if part.HasField("task_start_time") and part.HasField("task_end_time"):
        start, end = part.task_start_time, part.task_end_time
        if (end.seconds, end.nanos) < (start.seconds, start.nanos):
            say(TIME, "task_end_time", "The task ends before it starts.")


def _levels(part: Message, say: _Say) -> None:
    """Of a classification: the level of each sub-class is its depth."""
    waiting = [(one, 1, f"sub_class[{index}]") for index, one in enumerate(part.sub_class)]
    while waiting:
        one, depth, path = waiting.pop(0)
        if one.level != depth:
            say(LEVEL, f"{path}.level", f"The level is {one.level}; at this depth it is {depth}.")
        waiting += [(inner, depth + 1, f"{path}.sub_class[{index}]") for index, inner in enumerate(one.sub_class)]


def _power(part: Message, say: _Say) -> None:
    if not 0 <= part.level <= 100:
        say(POWER, "level", f"{part.level} is outside 0 to 100.")


_JUDGES: dict[str, Callable[[Message, _Say], None]] = {
    "Location": _location,
    "RangeBearing": _bearing,
    "RangeBearingCone": _bearing,
    "Signal": _signal,
    "ENUVelocity": _velocity,
    "Task": _task,
    "Power": _power,
    "DetectionReportClassification": _levels,
}
