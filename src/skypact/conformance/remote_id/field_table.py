"""A second decoder of F3411 messages, driven by a table of bit positions.

Written without a look at the first one, from the public layout of Open Drone ID (``opendroneid.h`` of
opendroneid-core-c, Apache-2.0: facts, no code). The standard's text is sold: what both sources have wrong together,
both decoders have wrong.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import skypact
from skypact.conformance.remote_id.carriers import heard
from skypact.conformance.second import Reading, SecondDecoder, Value
from skypact.conformance.standard import Recording

_SIZE, _MOST = 25, 9
_PACK = 15


@dataclass(frozen=True)
class _Field:
    """``place``: the first octet and how many octets, or one octet, its lowest bit and how many bits. ``form``: u, i
    (two's complement, little-endian), t (text up to the first NUL), x (octets)."""

    name: str
    place: tuple[int, int] | tuple[int, int, int]
    form: str = "u"
    scale: float = 1
    plus: float = 0
    unknown: int | None = None
    """The code that says nothing."""


def _altitude(name: str, at: int) -> _Field:
    return _Field(name, (at, 2), "u", 0.5, -1000, 0)


def _nibbles(at: int, low: str, high: str) -> tuple[_Field, _Field]:
    return _Field(low, (at, 0, 4)), _Field(high, (at, 4, 4))


_TABLE: dict[int, tuple[str, tuple[_Field, ...]]] = {
    0: ("basic_id", (*_nibbles(1, "ua_type", "id_type"), _Field("uas_id", (2, 20), "x"))),
    1: (
        "location",
        (
            _Field("speed_multiplier", (1, 0, 1)),
            _Field("east_west", (1, 1, 1)),
            _Field("height_type", (1, 2, 1)),
            _Field("status", (1, 4, 4)),
            _Field("direction", (2, 1)),
            _Field("speed", (3, 1)),
            _Field("climb_m_s", (4, 1), "i", 0.5, 0, 126),
            _Field("latitude_deg", (5, 4), "i", 1e-7),
            _Field("longitude_deg", (9, 4), "i", 1e-7),
            _altitude("pressure_altitude_m", 13),
            _altitude("geodetic_altitude_m", 15),
            _altitude("height_m", 17),
            *_nibbles(19, "horizontal_accuracy", "vertical_accuracy"),
            *_nibbles(20, "speed_accuracy", "pressure_accuracy"),
            _Field("after_hour_s", (21, 2), "u", 0.1, 0, 0xFFFF),
        ),
    ),
    2: (
        "authentication",
        (*_nibbles(1, "page", "authentication_type"), _Field("last_page", (2, 1)), _Field("length", (3, 1))),
    ),
    3: ("self_id", (_Field("description_type", (1, 1)), _Field("description", (2, 23), "x"))),
    4: (
        "system",
        (
            _Field("location_type", (1, 0, 2)),
            _Field("classification", (1, 2, 3)),
            _Field("latitude_deg", (2, 4), "i", 1e-7),
            _Field("longitude_deg", (6, 4), "i", 1e-7),
            _Field("area_count", (10, 2)),
            _Field("area_radius_m", (12, 1), "u", 10),
            _altitude("area_ceiling_m", 13),
            _altitude("area_floor_m", 15),
            *_nibbles(17, "class", "category"),
            _altitude("operator_altitude_m", 18),
            _Field("seconds_since_2019", (20, 4)),
        ),
    ),
    5: ("operator_id", (_Field("operator_id_type", (1, 1)), _Field("operator_id", (2, 20), "x"))),
}


def read(recordings: Sequence[Recording]) -> Iterator[Reading]:
    """A reading for each message; none of a payload that is not messages from its first octet to its last."""
    for file, number, payload in heard(recordings):
        for message in _messages(payload):
            kind, fields = _TABLE[message[0] >> 4]
            values: dict[str, Value] = {"version": message[0] & 15}
            for field in fields:
                if (value := _value(field, message)) is not None:
                    values[field.name] = value
            yield Reading(file, number, kind, _joined(kind, values))


def _messages(payload: bytes) -> list[bytes]:
    if payload[:1] and payload[0] >> 4 == _PACK:
        if len(payload) < 3 or payload[1] != _SIZE or not 1 <= payload[2] <= _MOST:
            return []
        version, messages, rest = (
            payload[0] & 15,
            payload[3 : 3 + payload[2] * _SIZE],
            payload[3 + payload[2] * _SIZE :],
        )
        if len(messages) != payload[2] * _SIZE or rest.strip(b"\0"):  # empty places of the pack are zero
            return []
    elif len(payload) == _SIZE:
        version, messages = payload[0] & 15, payload
    else:
        return []
    found = [messages[at : at + _SIZE] for at in range(0, len(messages), _SIZE)]
    return found if all(one[0] >> 4 in _TABLE and one[0] & 15 == version for one in found) else []


def _value(field: _Field, message: bytes) -> Value | None:
    if len(field.place) == 3:
        at, low, bits = field.place
        return message[at] >> low & ((1 << bits) - 1)
    at, size = field.place
    raw = message[at : at + size]
    if field.form == "x":
        return raw.hex()
    code = int.from_bytes(raw, "little", signed=field.form == "i")
    if code == field.unknown:
        return None
    return code if field.scale == 1 and not field.plus else code * field.scale + field.plus


def _joined(kind: str, values: dict[str, Value]) -> dict[str, Value]:
    """What several fields say together: direction, speed, pages; a position of 0, 0 says nothing."""
    if kind == "location":
        east_west, multiplied = values.pop("east_west"), values.pop("speed_multiplier")
        direction, code = int(values.pop("direction")), int(values.pop("speed"))
        if direction < 180:  # more is no direction; 181 with the flag says that it is unknown
            values["direction_deg"] = direction + (180 if east_west else 0)
        if not (multiplied and code == 255):
            values["speed_m_s"] = 63.75 + code * 0.75 if multiplied else code * 0.25
    if kind == "authentication" and values["page"]:  # only the first page begins with the length of all
        del values["last_page"], values["length"]
    if values.get("latitude_deg") == values.get("longitude_deg") == 0:
        del values["latitude_deg"], values["longitude_deg"]
    return values


DECODER = SecondDecoder(
    name="skypact field table",
    version=lambda: skypact.__version__,
    whose="Our own, written apart from the first and from the public layout of Open Drone ID; the carriers are shared.",
    read=read,
)
