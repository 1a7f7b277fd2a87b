"""The messages of ASTM F3411: 25 bytes each, and the pack that carries up to nine of them.

Layouts after ASTM F3411-22a. The 2019 edition leaves category, class, operator altitude and time of the system message
reserved. The standard's text is sold; the layouts were checked against recordings and the public OpenDroneID headers.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

SIZE = 25
PACK = 0xF
LONGEST_PACK = 9

#: Protocol version in the header of every message -> edition of the standard.
EDITIONS = {0: "F3411-19", 1: "F3411-20", 2: "F3411-22a"}
NAMES = {0: "basic_id", 1: "location", 2: "authentication", 3: "self_id", 4: "system", 5: "operator_id"}


@dataclass(frozen=True)
class Message:
    kind: str
    version: int
    raw: bytes
    fields: dict[str, float | int | str | bytes | None] = field(default_factory=dict)
    """SI units, degrees for positions; ``None`` where the message says "unknown"."""


class NoMessageError(ValueError):
    """These bytes are no message or pack; says why."""


def messages(data: bytes) -> Iterator[Message]:
    """The messages of one payload: one bare message, or a pack. Raises ``NoMessageError``."""
    if len(data) < 3:
        raise NoMessageError(f"{len(data)} bytes are too few for a message of {SIZE}.")
    if data[0] >> 4 != PACK:
        if len(data) != SIZE:
            raise NoMessageError(f"A single message has {SIZE} bytes, not {len(data)}.")
        yield _message(data)
        return
    size, count = data[1], data[2]
    if size != SIZE:
        raise NoMessageError(f"The pack says {size} bytes a message; the standard says {SIZE}.")
    if not 1 <= count <= LONGEST_PACK:
        raise NoMessageError(f"The pack says {count} messages; accepted: 1 to {LONGEST_PACK}.")
    end = 3 + SIZE * count
    if len(data) < end:
        raise NoMessageError(f"The pack says {count} messages, {end} bytes; {len(data)} are there.")
    if any(data[end:]):
        raise NoMessageError(f"{len(data) - end} bytes follow the {count} messages of the pack and are not zero.")
    for at in range(3, end, SIZE):
        one = _message(data[at : at + SIZE])
        if one.version != data[0] & 0x0F:
            raise NoMessageError(f"A pack of version {data[0] & 0x0F} holds a message of version {one.version}.")
        yield one


def _message(raw: bytes) -> Message:
    kind, version = raw[0] >> 4, raw[0] & 0x0F
    if kind not in NAMES:
        raise NoMessageError(f"Message type {kind} does not exist; accepted: 0 to 5, and {PACK} for a pack.")
    return Message(NAMES[kind], version, raw, _FIELDS[kind](raw))


def _basic_id(raw: bytes) -> dict:
    id_type, ua_type = raw[1] >> 4, raw[1] & 0x0F
    return {"id_type": id_type, "ua_type": ua_type, "uas_id": raw[2:22], "reserved": raw[22:]}


def _location(raw: bytes) -> dict:
    flags, direction, speed, climb = struct.unpack_from("<3Bb", raw, 1)
    latitude, longitude, pressure, geodetic, height = struct.unpack_from("<2i3H", raw, 5)
    (tenths,) = struct.unpack_from("<H", raw, 21)
    fast = flags & 1
    return {
        "status": flags >> 4,
        "height_type": flags >> 2 & 1,
        "direction_byte": direction,
        "direction_deg": direction + 180 * (flags >> 1 & 1) if direction <= 179 else None,
        "speed_m_s": None if fast and speed == 255 else 0.75 * speed + 63.75 if fast else 0.25 * speed,
        "climb_m_s": None if climb == 126 else 0.5 * climb,
        **_position(latitude, longitude),
        "pressure_altitude_m": _altitude(pressure),
        "geodetic_altitude_m": _altitude(geodetic),
        "height_m": _altitude(height),
        "vertical_accuracy": raw[19] >> 4,
        "horizontal_accuracy": raw[19] & 0x0F,
        "pressure_accuracy": raw[20] >> 4,
        "speed_accuracy": raw[20] & 0x0F,
        "after_hour_s": None if tenths == 0xFFFF else tenths / 10,
        "reserved": bytes([flags & 0x08, raw[23] & 0xF0, raw[24]]),
    }


def _position(latitude: int, longitude: int) -> dict[str, float | None]:
    if latitude == 0 and longitude == 0:
        return {"latitude_deg": None, "longitude_deg": None}
    return {"latitude_deg": latitude * 1e-7, "longitude_deg": longitude * 1e-7}


def _altitude(code: int) -> float | None:
    return None if code == 0 else code * 0.5 - 1000


def _authentication(raw: bytes) -> dict:
    page = raw[1] & 0x0F
    first = {"last_page": raw[2], "length": raw[3]} if page == 0 else {}
    return {"authentication_type": raw[1] >> 4, "page": page, **first}


def _self_id(raw: bytes) -> dict:
    return {"description_type": raw[1], "description": raw[2:]}


def _system(raw: bytes) -> dict:
    latitude, longitude, count, radius, ceiling, floor = struct.unpack_from("<2iHB2H", raw, 2)
    altitude, seconds = struct.unpack_from("<HI", raw, 18)
    return {
        "location_type": raw[1] & 0x03,
        "classification": raw[1] >> 2 & 0x07,
        **_position(latitude, longitude),
        "area_count": count,
        "area_radius_m": 10 * radius,
        "area_ceiling_m": _altitude(ceiling),
        "area_floor_m": _altitude(floor),
        "category": raw[17] >> 4,
        "class": raw[17] & 0x0F,
        "operator_altitude_m": _altitude(altitude),
        "seconds_since_2019": seconds,
        "reserved": bytes([raw[1] & 0xE0, raw[24]]),
    }


def _operator_id(raw: bytes) -> dict:
    return {"operator_id_type": raw[1], "operator_id": raw[2:22], "reserved": raw[22:]}


_FIELDS = {0: _basic_id, 1: _location, 2: _authentication, 3: _self_id, 4: _system, 5: _operator_id}
