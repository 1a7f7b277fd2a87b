"""A second decoder of network Remote ID: JSON has no bits to read twice, so what differs is the path to the values.

Another parser (pydantic's, in Rust; the first is Python's own) and the types of the public interface definition
(``canonical.yaml`` of uastech/standards for F3411-19 and -22a, Apache-2.0: facts, no code) as closed models, where the
first one has a rule for each row of the standard's table. A document that is not of these types is not read.
"""

from __future__ import annotations

import re
from calendar import monthrange, timegm
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Annotated, Any, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError
from pydantic_core import from_json

import skypact
from skypact.conformance.json_pieces import pieces
from skypact.conformance.second import Reading, SecondDecoder, Value
from skypact.conformance.standard import Recording

_TIME = re.compile(r"(\d{4})-(\d\d)-(\d\d)[Tt](\d\d):(\d\d):(\d\d)(\.\d+)?([Zz]|[+-]\d\d:\d\d)", re.ASCII)


class _NoCalendarError(Exception):
    """A time of no calendar."""


class _Typed(BaseModel):
    model_config = ConfigDict(strict=True, extra="ignore", allow_inf_nan=False)


class _Moment(_Typed):
    value: Annotated[str, StringConstraints(pattern=_TIME.pattern)]
    format: Literal["RFC3339"]


_Time = _Moment | Annotated[str, StringConstraints(pattern=_TIME.pattern)]
_Latitude = Annotated[float, Field(ge=-90, le=90)]
_Longitude = Annotated[float, Field(ge=-180, le=180)]
_Horizontal = Literal[
    "HAUnknown", "HA10NMPlus", "HA10NM", "HA4NM", "HA2NM", "HA1NM", "HA05NM", "HA03NM", "HA01NM", "HA005NM",
    "HA30m", "HA10m", "HA3m", "HA1m",
]  # fmt: skip
_Vertical = Literal["VAUnknown", "VA150mPlus", "VA150m", "VA45m", "VA25m", "VA10m", "VA3m", "VA1m"]
_Kind = Literal[
    "NotDeclared", "Aeroplane", "Helicopter", "Gyroplane", "VTOL", "HybridLift", "Ornithopter", "Glider", "Kite",
    "FreeBalloon", "CaptiveBalloon", "Airship", "FreeFallOrParachute", "Rocket", "TetheredPoweredAircraft",
    "GroundObstacle", "Other",
]  # fmt: skip


class _Height(_Typed):
    distance: float | None = None
    reference: Literal["TakeoffLocation", "GroundLevel"]


class _Position(_Typed):
    lat: _Latitude
    lng: _Longitude
    alt: float | None = None
    accuracy_h: _Horizontal | None = None
    accuracy_v: _Vertical | None = None
    extrapolated: bool | None = None
    pressure_altitude: float | None = None
    height: _Height | None = None


class _State(_Typed):
    timestamp: _Time
    timestamp_accuracy: Annotated[float, Field(ge=0)]
    operational_status: Literal["Undeclared", "Ground", "Airborne", "Emergency", "RemoteIDSystemFailure"] | None = None
    position: _Position
    track: Annotated[float, Field(ge=0, le=361)] | None = None
    speed: Annotated[float, Field(ge=0)] | None = None
    speed_accuracy: Literal["SAUnknown", "SA10mpsPlus", "SA10mps", "SA3mps", "SA1mps", "SA03mps"]
    vertical_speed: float | None = None
    height: _Height | None = None
    accuracy_h: _Horizontal | None = None
    accuracy_v: _Vertical | None = None


class _Place(_Typed):
    lat: _Latitude
    lng: _Longitude


class _Altitude(_Typed):
    value: Annotated[float, Field(ge=-8000, le=100_000)]
    reference: Literal["W84"]
    units: Literal["M"]


class _Operator(_Typed):
    position: _Place | None = None
    altitude: _Altitude | None = None
    altitude_type: Literal["Takeoff", "Dynamic", "Fixed"] | None = None
    lat: _Latitude | None = None
    lng: _Longitude | None = None


class _Aircraft(_Typed):
    serial_number: str | None = None
    registration_id: str | None = None
    utm_id: str | None = None
    specific_session_id: str | None = None


class _Details(_Typed):
    id: str | None = None
    uas_id: _Aircraft | None = None
    serial_number: str | None = None
    registration_number: str | None = None
    operator_id: str | None = None
    operator_location: _Operator | None = None
    operation_description: str | None = None


class _Flight(_Typed):
    id: str | None = None
    aircraft_type: _Kind
    current_state: _State | None = None
    states: list[_State] | None = None
    flight_details: _Details | None = None
    reference_time: _Time | None = None
    simulated: bool | None = None


class _Answer(_Typed):
    timestamp: _Time | None = None
    flights: list[_Flight] | None = None
    no_isas_present: bool | None = None
    details: _Details | None = None


def read(recordings: Sequence[Recording]) -> Iterator[Reading]:
    """A reading for each document of the interface's types; what is no JSON ends the reading of a file."""
    for recording in recordings:
        number = 0
        for piece in pieces(recording.data):
            try:
                found = from_json(piece, allow_inf_nan=False)
            except ValueError:
                break
            for one in found if isinstance(found, list) else [found]:
                number += 1
                try:
                    answer = _Answer.model_validate(one)
                    values = dict(_leaves(answer, ""))
                except (ValidationError, _NoCalendarError):
                    continue
                if answer.flights or answer.details:
                    yield Reading(recording.name, number, "document", values)


def _leaves(held: object, path: str) -> Iterator[tuple[str, Value]]:
    if isinstance(held, _Moment):
        yield from _leaves(held.value, path)
    elif isinstance(held, _Typed):
        for name in type(held).model_fields:
            yield from _leaves(getattr(held, name), f"{path}.{name}" if path else name)
    elif isinstance(held, list):
        for number, one in enumerate(held):
            yield from _leaves(one, f"{path}[{number}]")
    elif isinstance(held, str) and (moment := _TIME.fullmatch(held)):
        yield path, _microseconds(moment)
    elif isinstance(held, bool):
        yield path, int(held)
    elif isinstance(held, float | int | str):
        yield path, held


def _microseconds(moment: re.Match[str]) -> int:
    """Since 1970, by the calendar of the C library; further digits are cut off."""
    year, month, day, hour, minute, second = (int(part) for part in moment.groups()[:6])
    if not (
        year >= 1 and 1 <= month <= 12 and 1 <= day <= monthrange(year, month)[1] and hour < 24 and minute < 60 > second
    ):
        raise _NoCalendarError
    whole = timegm((year, month, day, hour, minute, second, 0, 0, 0))
    zone = moment[8]
    offset = 0 if zone in "Zz" else int(f"{zone[0]}1") * (int(zone[1:3]) * 3600 + int(zone[4:]) * 60)
    return (whole - offset) * 1_000_000 + int((moment[7] or ".")[1:7].ljust(6, "0"))


@cache
def _paths(model: type[_Typed] = _Answer) -> frozenset[str]:
    """Every path of the interface, without the numbers of lists."""
    found: set[str] = set()
    for name, one in model.model_fields.items():
        found.add(name)
        for part in _models(one.annotation):
            found |= {f"{name}.{path}" for path in _paths(part)} if part is not _Moment else set()
    return frozenset(found)


def _models(annotation: Any) -> Iterator[type[_Typed]]:
    if isinstance(annotation, type) and issubclass(annotation, _Typed):
        yield annotation
    for part in get_args(annotation):
        yield from _models(part)


def knows(kind: str, field: str) -> bool:
    """Whether the interface definition names the field."""
    return not field or re.sub(r"\[\d+\]", "", field) in _paths()


DECODER = SecondDecoder(
    name="skypact interface types",
    version=lambda: skypact.__version__,
    whose="Another JSON parser, in Rust, and closed models by the public interface definition instead of our rules.",
    read=read,
    knows=knows,
)
