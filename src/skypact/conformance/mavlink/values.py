"""Rules for the values of one message: codes, bounds, texts, and what a battery or a drone can be."""

from __future__ import annotations

import math
from collections.abc import Callable

from skypact.conformance.mavlink.definitions import Layout, Value
from skypact.conformance.remote_id.messages import LONGEST_PACK, SIZE, NoMessageError, messages
from skypact.conformance.report import Layer, Place, Severity
from skypact.conformance.standard import Evidence, Rule

_DEFINITIONS = "MAVLink message definitions (common.xml, minimal.xml)"

CODE = Rule("mavlink.code", Layer.SCHEMA, f"{_DEFINITIONS}, enumerations of the field")
TEXT = Rule("mavlink.text", Layer.SCHEMA, f"{_DEFINITIONS}, char arrays: ASCII, filled with NUL")
RESERVED = Rule("mavlink.reserved", Layer.SCHEMA, f"{_DEFINITIONS}, bits of the bitmask that have no meaning")
BOUNDS = Rule("mavlink.bounds", Layer.SEMANTIC, f"{_DEFINITIONS}, ranges and the value for unknown")
CELLS = Rule("mavlink.cells", Layer.SEMANTIC, f"{_DEFINITIONS}, BATTERY_STATUS.voltages and .voltages_ext")
PACK = Rule("mavlink.pack-limits", Layer.SEMANTIC, "lab rule: a pack's limits are in order: discharged below charged")
DATE = Rule("mavlink.date", Layer.SCHEMA, f"{_DEFINITIONS}, manufacture_date DD/MM/YYYY or DDMMYYYY")
DRONE_ID = Rule(
    "mavlink.drone-id", Layer.SEMANTIC, f"{_DEFINITIONS}, OPEN_DRONE_ID_MESSAGE_PACK: messages of ASTM F3411"
)
AUTOPILOT = Rule(
    "mavlink.autopilot",
    Layer.SCHEMA,
    "MAVLink developer guide, heartbeat protocol: MAV_AUTOPILOT_INVALID for what is no flight controller",
)
ARM_STATUS = Rule(
    "mavlink.arm-status",
    Layer.SEMANTIC,
    f"{_DEFINITIONS}, OPEN_DRONE_ID_ARM_STATUS.error: empty if the status is good to arm",
    Severity.WARNING,
)
RULES = (CODE, TEXT, RESERVED, BOUNDS, CELLS, PACK, DATE, DRONE_ID, AUTOPILOT, ARM_STATUS)

Say = Callable[[Rule, str, str], None]

_U16 = 0xFFFF
_LAT, _LON = 900_000_000, 1_800_000_000
_ALT_MM = (-1_000_000, 100_000_000)
_CENTIDEGREES = (0, 35_999, (_U16,))
#: Types of components that fly nothing: station, gimbal, transponder, camera, Remote ID, battery and so on.
_NO_AUTOPILOT, _NOT_FLYING = 8, {6, 18, 26, 27, *range(30, 35), *range(36, 43), 44, 48, 49}
_MILLIVOLTS_A_CELL = (500, 5_500)
_VOLTS_A_CELL = (0.5, 5.5)

#: Enumerated fields: the codes that the definitions give a meaning.
CODES: dict[str, dict[str, range]] = {
    "HEARTBEAT": {"type": range(50), "autopilot": range(21), "system_status": range(9), "mavlink_version": range(3, 4)},
    "GPS_RAW_INT": {"fix_type": range(9)},
    "BATTERY_STATUS": {"battery_function": range(5), "type": range(5), "charge_state": range(8), "mode": range(3)},
    "SMART_BATTERY_INFO": {"battery_function": range(5), "type": range(5)},
    "BATTERY_INFO": {"battery_function": range(5), "type": range(5)},
    "OPEN_DRONE_ID_BASIC_ID": {"id_type": range(5), "ua_type": range(16)},
    "OPEN_DRONE_ID_LOCATION": {
        "status": range(5),
        "height_reference": range(2),
        "horizontal_accuracy": range(13),
        "vertical_accuracy": range(7),
        "barometer_accuracy": range(7),
        "speed_accuracy": range(5),
        "timestamp_accuracy": range(16),
    },
    "OPEN_DRONE_ID_AUTHENTICATION": {
        "authentication_type": range(6),
        "data_page": range(16),
        "last_page_index": range(16),
    },
    "OPEN_DRONE_ID_SELF_ID": {"description_type": range(3)},
    "OPEN_DRONE_ID_SYSTEM": {
        "operator_location_type": range(3),
        "classification_type": range(2),
        "category_eu": range(4),
        "class_eu": range(8),
    },
    "OPEN_DRONE_ID_OPERATOR_ID": {"operator_id_type": range(1)},
    "OPEN_DRONE_ID_MESSAGE_PACK": {
        "single_message_size": range(SIZE, SIZE + 1),
        "msg_pack_size": range(1, LONGEST_PACK + 1),
    },
    "OPEN_DRONE_ID_ARM_STATUS": {"status": range(2)},
}

#: Numbers: lowest and highest that can be, and the values that stand for "unknown".
LIMITS: dict[str, dict[str, tuple[float, float, tuple[float, ...]]]] = {
    "SYS_STATUS": {"load": (0, 1_000, ()), "battery_remaining": (0, 100, (-1,)), "drop_rate_comm": (0, 10_000, ())},
    "GPS_RAW_INT": {
        "lat": (-_LAT, _LAT, ()),
        "lon": (-_LON, _LON, ()),
        "alt": (*_ALT_MM, ()),
        "alt_ellipsoid": (*_ALT_MM, ()),
        "cog": _CENTIDEGREES,
        "yaw": (0, 36_000, (_U16,)),
    },
    "GLOBAL_POSITION_INT": {
        "lat": (-_LAT, _LAT, ()),
        "lon": (-_LON, _LON, ()),
        "alt": (*_ALT_MM, ()),
        "relative_alt": (*_ALT_MM, ()),
        "hdg": _CENTIDEGREES,
    },
    "BATTERY_STATUS": {
        "temperature": (-6_000, 15_000, (0x7FFF,)),
        "current_consumed": (0, 10_000_000, (-1,)),
        "energy_consumed": (0, 1_000_000_000, (-1,)),
        "battery_remaining": (0, 100, (-1,)),
        "time_remaining": (0, 10_000_000, ()),
        "fault_bitmask": (0, 0x1FF, ()),
    },
    "SMART_BATTERY_INFO": {
        "capacity_full_specification": (1, 10_000_000, (-1,)),
        "capacity_full": (0, 10_000_000, (-1,)),
        "discharge_minimum_voltage": (*_MILLIVOLTS_A_CELL, (_U16,)),
        "charging_minimum_voltage": (*_MILLIVOLTS_A_CELL, (_U16,)),
        "resting_minimum_voltage": (*_MILLIVOLTS_A_CELL, (_U16,)),
        "charging_maximum_voltage": (*_MILLIVOLTS_A_CELL, (0,)),
    },
    "BATTERY_INFO": {
        "state_of_health": (0, 100, (255,)),
        "discharge_minimum_voltage": (*_VOLTS_A_CELL, (0,)),
        "charging_minimum_voltage": (*_VOLTS_A_CELL, (0,)),
        "resting_minimum_voltage": (*_VOLTS_A_CELL, (0,)),
        "charging_maximum_voltage": (*_VOLTS_A_CELL, (0,)),
        "charging_maximum_current": (0, 10_000, ()),
        "nominal_voltage": (0, 1_500, ()),
        "discharge_maximum_current": (0, 10_000, ()),
        "discharge_maximum_burst_current": (0, 10_000, ()),
        "design_capacity": (0, 10_000, ()),
        "full_charge_capacity": (0, 10_000, (math.nan,)),
    },
    "OPEN_DRONE_ID_LOCATION": {
        "direction": (0, 35_999, (36_100,)),
        "speed_horizontal": (0, 25_425, (25_500,)),
        "speed_vertical": (-6_200, 6_200, (6_300,)),
        "latitude": (-_LAT, _LAT, ()),
        "longitude": (-_LON, _LON, ()),
        "altitude_barometric": (-1_000, 31_767, ()),
        "altitude_geodetic": (-1_000, 31_767, ()),
        "height": (-1_000, 31_767, ()),
        "timestamp": (0, 3_600, (_U16,)),
    },
    "OPEN_DRONE_ID_SYSTEM": {
        "operator_latitude": (-_LAT, _LAT, ()),
        "operator_longitude": (-_LON, _LON, ()),
        "area_ceiling": (-1_000, 31_767, ()),
        "area_floor": (-1_000, 31_767, ()),
        "operator_altitude_geo": (-1_000, 31_767, ()),
    },
    "OPEN_DRONE_ID_SYSTEM_UPDATE": {
        "operator_latitude": (-_LAT, _LAT, ()),
        "operator_longitude": (-_LON, _LON, ()),
        "operator_altitude_geo": (-1_000, 31_767, ()),
    },
}


def examine(layout: Layout, values: dict[str, Value], place: Place, evidence: Evidence) -> None:
    """Writes down what cannot be meant or cannot be true in one message."""

    def say(rule: Rule, field: str, sentence: str) -> None:
        evidence.find(rule.id, place.model_copy(update={"field": f"{layout.name}.{field}"}), sentence)

    for name, accepted in CODES.get(layout.name, {}).items():
        value = values[name]
        if value not in accepted and not _operator_defined(layout.name, name, value):
            say(CODE, name, f"{value} is not among {accepted.start} to {accepted.stop - 1}.")
    for name, (low, high, unknown) in LIMITS.get(layout.name, {}).items():
        _bounded(name, values[name], low, high, unknown, say)
    for one in layout.sent:
        if one.type == "char":
            _text(one.name, values[one.name], say)
    if judge := _JUDGES.get(layout.name):
        judge(values, say)


def number(value: Value) -> float:
    """A single number of a layout. Raises ``TypeError`` for an array or a text."""
    if not isinstance(value, (int, float)):
        raise TypeError(f"{value!r} is no number")
    return value


def _operator_defined(message: str, field: str, value: Value) -> bool:
    """F3411 leaves description and operator id types from 201 on, and authentication types 10 to 15, to users."""
    private = {"description_type": range(201, 256), "operator_id_type": range(201, 256)}
    private["authentication_type"] = range(10, 16)
    return message.startswith("OPEN_DRONE_ID") and value in private.get(field, ())


def _bounded(name: str, value: Value, low: float, high: float, unknown: tuple[float, ...], say: Say) -> None:
    if not isinstance(value, (int, float)) or value in unknown:
        return
    if math.isnan(value) and any(math.isnan(one) for one in unknown):
        return
    if not low <= value <= high:
        marks = "".join(f", or {one:g} for unknown" for one in unknown)
        say(BOUNDS, name, f"{value:g} is outside {low:g} to {high:g}{marks}.")


def _text(name: str, value: Value, say: Say) -> None:
    raw = bytes(value) if isinstance(value, (bytes, tuple)) else b""
    said, _, padding = raw.partition(b"\0")
    if padding.strip(b"\0") or not all(0x20 <= byte < 0x7F for byte in said):
        say(TEXT, name, f"{raw.hex()} is not ASCII filled with NUL.")


def cell_voltages(values: dict[str, Value]) -> list[int]:
    """The cell voltages in millivolts that a BATTERY_STATUS carries; one value is the whole pack's."""
    first, more = values["voltages"], values["voltages_ext"]
    if not isinstance(first, tuple) or not isinstance(more, tuple):
        raise TypeError("voltages are arrays")
    return [one for one in first if one != _U16] + [one for one in more if one]


def _battery_status(values: dict[str, Value], say: Say) -> None:
    first, more = values["voltages"], values["voltages_ext"]
    if not isinstance(first, tuple) or not isinstance(more, tuple):
        return
    used = [one != _U16 for one in first] + [bool(one) for one in more]
    if used != sorted(used, reverse=True):
        say(CELLS, "voltages", f"Cells without a value stand before cells with one: {list(first)}, {list(more)}.")
    given = cell_voltages(values)
    # A single value is the whole pack; one near the 16-bit limit is continued in the next cell.
    if len(given) > 1 and given[0] < _U16 - 1:
        low, high = _MILLIVOLTS_A_CELL
        for number, millivolts in enumerate(given, 1):
            if not low <= millivolts <= high:
                say(CELLS, "voltages", f"Cell {number} has {millivolts} mV; a cell has {low} to {high}.")


def _limits_in_order(values: dict[str, Value], unknown: tuple[float, ...], say: Say) -> None:
    high = number(values["charging_maximum_voltage"])
    for name in ("discharge_minimum_voltage", "charging_minimum_voltage", "resting_minimum_voltage"):
        low = number(values[name])
        if low not in unknown and high and low >= high:
            say(PACK, name, f"{low:g} is not below the voltage of a charged cell, {high:g}.")


def _smart_battery_info(values: dict[str, Value], say: Say) -> None:
    _limits_in_order(values, (_U16,), say)
    _date(values["manufacture_date"], (2, 5), say)


def _battery_info(values: dict[str, Value], say: Say) -> None:
    _limits_in_order(values, (0,), say)
    _date(values["manufacture_date"], (), say)


def _date(value: Value, slashes: tuple[int, ...], say: Say) -> None:
    said = (value if isinstance(value, bytes) else b"").rstrip(b"\0").decode("ascii", "replace")
    digits = "".join(one for at, one in enumerate(said) if at not in slashes)
    marks = all(said[at : at + 1] == "/" for at in slashes)
    if said and not (
        marks
        and len(digits) == 8
        and digits.isascii()
        and digits.isdigit()
        and 1 <= int(digits[:2]) <= 31
        and 1 <= int(digits[2:4]) <= 12
        and 1990 <= int(digits[4:]) <= 2099
    ):
        say(DATE, "manufacture_date", f'"{said}" is no date of the form {"DD/MM/YYYY" if slashes else "DDMMYYYY"}.')


def _message_pack(values: dict[str, Value], say: Say) -> None:
    held, count = values["messages"], values["msg_pack_size"]
    if not isinstance(held, tuple) or not isinstance(count, int) or not 1 <= count <= LONGEST_PACK:
        return
    raw = bytes(held)
    if any(raw[SIZE * count :]):
        say(DRONE_ID, "messages", f"Bytes after the {count} messages are not zero.")
    try:
        list(messages(bytes([0xF0 | raw[0] & 0x0F, SIZE, count]) + raw[: SIZE * count]))
    except NoMessageError as error:
        say(DRONE_ID, "messages", str(error))


def _basic_id(values: dict[str, Value], say: Say) -> None:
    if values["id_type"] in (1, 2):
        _text("uas_id", values["uas_id"], say)


def _heartbeat(values: dict[str, Value], say: Say) -> None:
    kind, autopilot = values["type"], values["autopilot"]
    if kind in _NOT_FLYING and autopilot != _NO_AUTOPILOT:
        say(AUTOPILOT, "autopilot", f"A component of type {kind} says autopilot {autopilot}; it has none, which is 8.")


def _arm_status(values: dict[str, Value], say: Say) -> None:
    said = values["error"]
    if values["status"] == 0 and isinstance(said, bytes) and said.rstrip(b"\0"):
        say(ARM_STATUS, "error", "The transmitter is good to arm, and tells an error.")


_JUDGES: dict[str, Callable[[dict[str, Value], Say], None]] = {
    "HEARTBEAT": _heartbeat,
    "OPEN_DRONE_ID_ARM_STATUS": _arm_status,
    "BATTERY_STATUS": _battery_status,
    "SMART_BATTERY_INFO": _smart_battery_info,
    "BATTERY_INFO": _battery_info,
    "OPEN_DRONE_ID_BASIC_ID": _basic_id,
    "OPEN_DRONE_ID_MESSAGE_PACK": _message_pack,
}
