"""Remote ID of ASTM F3411-22a: a message pack of basic id, location, self id, system and operator id."""

from __future__ import annotations

import math
import struct

from skypact.conformance.adapters.state import UasState, nearest
from skypact.conformance.remote_id.messages import SIZE, messages

_VERSION = 2
_2019_S = 1_546_300_800
_HOUR_S = 3_600.0
#: Upper bounds of the accuracy classes, by code; code 0 is unknown.
HORIZONTAL_M = {1: 18_520.0, 2: 7_408.0, 3: 3_704.0, 4: 1_852.0, 5: 926.0, 6: 555.6, 7: 185.2, 8: 92.6} | {
    9: 30.0,
    10: 10.0,
    11: 3.0,
    12: 1.0,
}
_VERTICAL_M = {1: 150.0, 2: 45.0, 3: 25.0, 4: 10.0, 5: 3.0, 6: 1.0}
_SPEED_M_S = {1: 10.0, 2: 3.0, 3: 1.0, 4: 0.3}


def read(data: bytes, heard_s: float) -> UasState:
    """A pack, heard at a time that tells its hour. Raises ``NoMessageError``."""
    said: dict = {}
    for one in messages(data):
        said |= {f"{one.kind}.{name}": value for name, value in one.fields.items()}
    east = north = None
    speed, direction = said.get("location.speed_m_s"), said.get("location.direction_deg")
    if speed is not None and direction is not None:
        east, north = speed * math.sin(math.radians(direction)), speed * math.cos(math.radians(direction))
    height, over_ground = said.get("location.height_m"), said.get("location.height_type")
    after_hour = said.get("location.after_hour_s")
    return UasState(
        time_s=None if after_hour is None else nearest(heard_s, after_hour, _HOUR_S),
        serial_number=_text(said.get("basic_id.uas_id")) if said.get("basic_id.id_type") == 1 else None,
        ua_type=said.get("basic_id.ua_type"),
        status=said.get("location.status"),
        latitude_deg=said.get("location.latitude_deg"),
        longitude_deg=said.get("location.longitude_deg"),
        altitude_hae_m=said.get("location.geodetic_altitude_m"),
        pressure_altitude_m=said.get("location.pressure_altitude_m"),
        height_agl_m=height if over_ground else None,
        height_takeoff_m=None if over_ground else height,
        east_m_s=east,
        north_m_s=north,
        climb_m_s=said.get("location.climb_m_s"),
        horizontal_accuracy_m=HORIZONTAL_M.get(said.get("location.horizontal_accuracy", 0)),
        vertical_accuracy_m=_VERTICAL_M.get(said.get("location.vertical_accuracy", 0)),
        speed_accuracy_m_s=_SPEED_M_S.get(said.get("location.speed_accuracy", 0)),
        operator_id=_text(said.get("operator_id.operator_id")),
        operator_latitude_deg=said.get("system.latitude_deg"),
        operator_longitude_deg=said.get("system.longitude_deg"),
        operator_altitude_m=said.get("system.operator_altitude_m"),
        description=_text(said.get("self_id.description")),
    )


def _text(raw: bytes | None) -> str | None:
    return (raw or b"").rstrip(b"\0").decode("ascii", "replace") or None


def write(state: UasState) -> bytes:
    """A pack; what the state does not say is written as unknown.

    Raises ``ValueError`` for a text that is too long and for a place that is not on the globe.
    """
    for name, limit in (("latitude_deg", 90), ("longitude_deg", 180)):
        for one in (name, f"operator_{name}"):
            if not abs(getattr(state, one) or 0.0) <= limit:
                raise ValueError(f"{one} {getattr(state, one):g}: accepted: -{limit} to {limit}")
    packed = [_basic_id(state), _location(state)]
    if state.description is not None:
        packed.append(struct.pack("<2B23s", _head(3), 0, _ascii("description", state.description, 23)))
    if state.operator_latitude_deg is not None or state.time_s is not None:
        packed.append(_system(state))
    if state.operator_id is not None:
        packed.append(struct.pack("<2B20s3x", _head(5), 0, _ascii("operator_id", state.operator_id, 20)))
    return bytes([_head(0xF), SIZE, len(packed)]) + b"".join(packed)


def _head(kind: int) -> int:
    return kind << 4 | _VERSION


def _ascii(name: str, said: str, size: int) -> bytes:
    if len(said) > size or not said.isascii():
        raise ValueError(f"{name} {said!r}: accepted: at most {size} characters of ASCII")
    return said.encode("ascii")


def _basic_id(state: UasState) -> bytes:
    serial = state.serial_number
    return struct.pack(
        "<2B20s3x",
        _head(0),
        (1 if serial else 0) << 4 | (state.ua_type or 0),
        _ascii("serial_number", serial or "", 20),
    )


def _location(state: UasState) -> bytes:
    flags, direction, speed = 0, 181, 255
    if state.east_m_s is not None and state.north_m_s is not None:
        ground_speed = math.hypot(state.east_m_s, state.north_m_s)
        course = round(math.degrees(math.atan2(state.east_m_s, state.north_m_s))) % 360
        flags |= (course >= 180) << 1
        direction = course % 180
        fast = ground_speed > 63.5
        flags |= fast
        speed = min(254, round((ground_speed - 63.75) / 0.75)) if fast else round(ground_speed / 0.25)
    else:
        flags |= 1  # the code for an unknown speed
    height = state.height_takeoff_m
    if state.height_agl_m is not None:
        flags |= 1 << 2
        height = state.height_agl_m
    flags |= (state.status or 0) << 4
    after_hour = 0xFFFF if state.time_s is None else round(state.time_s % _HOUR_S * 10) % 36_000
    return struct.pack(
        "<4Bb2i3H2BH2B",
        _head(1),
        flags,
        direction,
        speed,
        126 if state.climb_m_s is None else max(-124, min(124, round(state.climb_m_s / 0.5))),
        round((state.latitude_deg or 0) * 1e7),
        round((state.longitude_deg or 0) * 1e7),
        _altitude(state.pressure_altitude_m),
        _altitude(state.altitude_hae_m),
        _altitude(height),
        _class(state.vertical_accuracy_m, _VERTICAL_M) << 4 | _class(state.horizontal_accuracy_m, HORIZONTAL_M),
        _class(state.speed_accuracy_m_s, _SPEED_M_S),
        after_hour,
        0,
        0,
    )


def _altitude(metres: float | None) -> int:
    return 0 if metres is None else max(1, min(0xFFFF, round((metres + 1_000) * 2)))


def _class(value: float | None, bounds: dict[int, float]) -> int:
    """The narrowest class that still holds the value; 0, unknown, when none does."""
    if value is None:
        return 0
    return max((code for code, bound in bounds.items() if value <= bound * (1 + 1e-9)), default=0)


def _system(state: UasState) -> bytes:
    seconds = 0 if state.time_s is None else max(0, math.floor(state.time_s) - _2019_S)
    return struct.pack(
        "<2B2iHB2HBHIx",
        _head(4),
        0,
        round((state.operator_latitude_deg or 0) * 1e7),
        round((state.operator_longitude_deg or 0) * 1e7),
        1,
        0,
        0,
        0,
        0,
        _altitude(state.operator_altitude_m),
        seconds,
    )
