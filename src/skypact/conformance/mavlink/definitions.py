"""What the public message definitions say: the checksum seed and length of every message, the fields of those judged.

``messages.csv`` holds facts computed from the message definitions of MAVLink (common, standard, minimal, ardupilotmega
and the other dialects of ``all.xml``; repository mavlink/mavlink, commit de1e078 of 22 July 2026).
"""

from __future__ import annotations

import csv
import struct
from binascii import crc_hqx
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files

AS_OF = "22 July 2026"

_TYPES = {
    "char": ("s", 1),
    "int8_t": ("b", 1),
    "uint8_t": ("B", 1),
    "int16_t": ("h", 2),
    "uint16_t": ("H", 2),
    "int32_t": ("i", 4),
    "uint32_t": ("I", 4),
    "uint64_t": ("Q", 8),
    "float": ("f", 4),
}
_REVERSED = bytes(int(f"{byte:08b}"[::-1], 2) for byte in range(256))

Value = int | float | bytes | tuple[int, ...]


@dataclass(frozen=True)
class Known:
    """One message of the definitions."""

    name: str
    crc_extra: int
    length: int
    """Bytes of the payload without extension fields."""
    longest: int
    """Bytes with them."""


@cache
def messages() -> dict[int, Known]:
    """Every message of the definitions by its id."""
    text = files(__package__).joinpath("messages.csv").read_text(encoding="utf-8")
    return {
        int(row["id"]): Known(
            row["name"], int(row["crc_extra"]), int(row["length"]), int(row["length_with_extensions"])
        )
        for row in csv.DictReader(text.splitlines())
    }


def checksum(data: bytes) -> int:
    """CRC-16/MCRF4XX: the reflected sister of the CCITT sum that the standard library has in C."""
    return int(f"{crc_hqx(data.translate(_REVERSED), 0xFFFF):016b}"[::-1], 2)


@dataclass(frozen=True)
class Field:
    name: str
    type: str
    count: int
    """Length of an array; 0 for a single value."""

    @property
    def size(self) -> int:
        return _TYPES[self.type][1] * (self.count or 1)


@dataclass(frozen=True)
class Layout:
    """A message's fields: the sent order puts the larger types first; extension fields follow as they stand."""

    name: str
    fields: tuple[Field, ...]
    extensions: tuple[Field, ...] = ()

    @cached_property
    def sent(self) -> tuple[Field, ...]:
        return (*sorted(self.fields, key=lambda one: -_TYPES[one.type][1]), *self.extensions)

    @property
    def crc_extra(self) -> int:
        """The seed that makes two ends with different definitions reject each other's messages."""
        said = f"{self.name} ".encode()
        for one in sorted(self.fields, key=lambda one: -_TYPES[one.type][1]):
            said += f"{one.type} {one.name} ".encode() + (bytes([one.count]) if one.count else b"")
        seed = checksum(said)
        return (seed & 0xFF) ^ (seed >> 8)

    @property
    def size(self) -> int:
        return self._wire.size

    @cached_property
    def _wire(self) -> struct.Struct:
        return struct.Struct("<" + "".join(f"{one.count or ''}{_TYPES[one.type][0]}" for one in self.sent))

    @cached_property
    def _parts(self) -> tuple[tuple[str, int | None], ...]:
        """Names in the order of the wire, each with the length of its array; ``None`` for a single value or a text."""
        return tuple((one.name, one.count if one.count and one.type != "char" else None) for one in self.sent)

    def decode(self, payload: bytes) -> dict[str, Value]:
        """The values of a payload whose cut zeros are put back; never raises on a payload of the message's length."""
        flat = self._wire.unpack_from(payload.ljust(self._wire.size, b"\0"))
        values: dict[str, Value] = {}
        at = 0
        for name, count in self._parts:
            if count is None:
                values[name] = flat[at]
                at += 1
            else:
                values[name] = flat[at : at + count]
                at += count
        return values

    def encode(self, values: dict[str, Value]) -> bytes:
        """The payload in full length; fields that are not given are zero."""
        made = b""
        for one in self.sent:
            code = _TYPES[one.type][0]
            given = values.get(one.name, b"" if code == "s" else (0,) * one.count if one.count else 0)
            parts = given if isinstance(given, tuple) else (given,)
            made += struct.pack(f"<{one.count or ''}{code}", *parts)
        return made


def _fields(said: str) -> tuple[Field, ...]:
    read = []
    for part in said.split(","):
        kind, name = part.split()
        base, _, count = kind.partition("[")
        read.append(Field(name, base, int(count.rstrip("]") or 0) if count else 0))
    return tuple(read)


def _layout(name: str, fields: str, extensions: str = "") -> Layout:
    return Layout(name, _fields(fields), _fields(extensions) if extensions else ())


_TARGET = "uint8_t target_system, uint8_t target_component"
_ADDRESSED = f"{_TARGET}, uint8_t[20] id_or_mac"

#: Layouts of the messages whose values the lab judges. Their seeds are computed and compared with ``messages.csv``.
LAYOUTS: dict[int, Layout] = {
    0: _layout(
        "HEARTBEAT",
        "uint8_t type, uint8_t autopilot, uint8_t base_mode, uint32_t custom_mode, uint8_t system_status,"
        "uint8_t mavlink_version",
    ),
    1: _layout(
        "SYS_STATUS",
        "uint32_t onboard_control_sensors_present, uint32_t onboard_control_sensors_enabled,"
        "uint32_t onboard_control_sensors_health, uint16_t load, uint16_t voltage_battery, int16_t current_battery,"
        "int8_t battery_remaining, uint16_t drop_rate_comm, uint16_t errors_comm, uint16_t errors_count1,"
        "uint16_t errors_count2, uint16_t errors_count3, uint16_t errors_count4",
        "uint32_t onboard_control_sensors_present_extended, uint32_t onboard_control_sensors_enabled_extended,"
        "uint32_t onboard_control_sensors_health_extended",
    ),
    24: _layout(
        "GPS_RAW_INT",
        "uint64_t time_usec, uint8_t fix_type, int32_t lat, int32_t lon, int32_t alt, uint16_t eph, uint16_t epv,"
        "uint16_t vel, uint16_t cog, uint8_t satellites_visible",
        "int32_t alt_ellipsoid, uint32_t h_acc, uint32_t v_acc, uint32_t vel_acc, uint32_t hdg_acc, uint16_t yaw",
    ),
    33: _layout(
        "GLOBAL_POSITION_INT",
        "uint32_t time_boot_ms, int32_t lat, int32_t lon, int32_t alt, int32_t relative_alt, int16_t vx, int16_t vy,"
        "int16_t vz, uint16_t hdg",
    ),
    147: _layout(
        "BATTERY_STATUS",
        "uint8_t id, uint8_t battery_function, uint8_t type, int16_t temperature, uint16_t[10] voltages,"
        "int16_t current_battery, int32_t current_consumed, int32_t energy_consumed, int8_t battery_remaining",
        "int32_t time_remaining, uint8_t charge_state, uint16_t[4] voltages_ext, uint8_t mode, uint32_t fault_bitmask",
    ),
    370: _layout(
        "SMART_BATTERY_INFO",
        "uint8_t id, uint8_t battery_function, uint8_t type, int32_t capacity_full_specification,"
        "int32_t capacity_full, uint16_t cycle_count, char[16] serial_number, char[50] device_name, uint16_t weight,"
        "uint16_t discharge_minimum_voltage, uint16_t charging_minimum_voltage, uint16_t resting_minimum_voltage",
        "uint16_t charging_maximum_voltage, uint8_t cells_in_series, uint32_t discharge_maximum_current,"
        "uint32_t discharge_maximum_burst_current, char[11] manufacture_date",
    ),
    372: _layout(
        "BATTERY_INFO",
        "uint8_t id, uint8_t battery_function, uint8_t type, uint8_t state_of_health, uint8_t cells_in_series,"
        "uint16_t cycle_count, uint16_t weight, float discharge_minimum_voltage, float charging_minimum_voltage,"
        "float resting_minimum_voltage, float charging_maximum_voltage, float charging_maximum_current,"
        "float nominal_voltage, float discharge_maximum_current, float discharge_maximum_burst_current,"
        "float design_capacity, float full_charge_capacity, char[9] manufacture_date, char[32] serial_number,"
        "char[50] name",
    ),
    12900: _layout("OPEN_DRONE_ID_BASIC_ID", f"{_ADDRESSED}, uint8_t id_type, uint8_t ua_type, uint8_t[20] uas_id"),
    12901: _layout(
        "OPEN_DRONE_ID_LOCATION",
        f"{_ADDRESSED}, uint8_t status, uint16_t direction, uint16_t speed_horizontal, int16_t speed_vertical,"
        "int32_t latitude, int32_t longitude, float altitude_barometric, float altitude_geodetic,"
        "uint8_t height_reference, float height, uint8_t horizontal_accuracy, uint8_t vertical_accuracy,"
        "uint8_t barometer_accuracy, uint8_t speed_accuracy, float timestamp, uint8_t timestamp_accuracy",
    ),
    12902: _layout(
        "OPEN_DRONE_ID_AUTHENTICATION",
        f"{_ADDRESSED}, uint8_t authentication_type, uint8_t data_page, uint8_t last_page_index, uint8_t length,"
        "uint32_t timestamp, uint8_t[23] authentication_data",
    ),
    12903: _layout("OPEN_DRONE_ID_SELF_ID", f"{_ADDRESSED}, uint8_t description_type, char[23] description"),
    12904: _layout(
        "OPEN_DRONE_ID_SYSTEM",
        f"{_ADDRESSED}, uint8_t operator_location_type, uint8_t classification_type, int32_t operator_latitude,"
        "int32_t operator_longitude, uint16_t area_count, uint16_t area_radius, float area_ceiling, float area_floor,"
        "uint8_t category_eu, uint8_t class_eu, float operator_altitude_geo, uint32_t timestamp",
    ),
    12905: _layout("OPEN_DRONE_ID_OPERATOR_ID", f"{_ADDRESSED}, uint8_t operator_id_type, char[20] operator_id"),
    12915: _layout(
        "OPEN_DRONE_ID_MESSAGE_PACK",
        f"{_ADDRESSED}, uint8_t single_message_size, uint8_t msg_pack_size, uint8_t[225] messages",
    ),
    12918: _layout("OPEN_DRONE_ID_ARM_STATUS", "uint8_t status, char[50] error"),
    12919: _layout(
        "OPEN_DRONE_ID_SYSTEM_UPDATE",
        f"{_TARGET}, int32_t operator_latitude, int32_t operator_longitude, float operator_altitude_geo,"
        "uint32_t timestamp",
    ),
}
BY_NAME = {layout.name: number for number, layout in LAYOUTS.items()}
