"""Network Remote ID of ASTM F3411: what a service provider says of flights, with whole times and its accuracy class."""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from skypact.conformance import json_documents
from skypact.conformance.picture.observation import Gathered, Observation
from skypact.conformance.picture.reading import Reading, parts, velocity
from skypact.conformance.picture.remote_id import FROM_SIGMA_TO_95

FORMAT = "ASTM F3411 network"
_MILE_M = 1_852.0
#: Radius of 95 %, m; the classes above and "unknown" say none.
_ACCURACY_M = {"HA1m": 1.0, "HA3m": 3.0, "HA10m": 10.0, "HA30m": 30.0} | {
    f"HA{said}NM": number * _MILE_M
    for said, number in (("005", 0.05), ("01", 0.1), ("03", 0.3), ("05", 0.5), ("1", 1), ("2", 2), ("4", 4), ("10", 10))
}
_UNKNOWN_M, _UNKNOWN_COURSE, _UNKNOWN_SPEED = -1_000.0, 361.0, 255.0


def read(data: bytes, label: str, reading: Reading, into: Gathered) -> None:
    """One recording is one provider."""
    source = f"network Remote ID {label}"
    into.formats[source] = FORMAT
    serials = reading.learned.serials
    heard = []
    for document, arrival_s in _documents(data, source, into):
        details = document.get("details")
        if isinstance(details, dict):
            serial = _of(details, "uas_id").get("serial_number") or details.get("serial_number")
            if isinstance(serial, str) and serial:
                reading.learned.learn(serials, f"{source} {details.get('id')}", serial)
        flights = document.get("flights")
        for flight in flights if isinstance(flights, list) else []:
            if isinstance(flight, dict):
                heard += [(str(flight.get("id")), state, arrival_s) for state in _states(flight)]
            else:
                into.leave_out(source, "a flight that is no object")
    for flight, state, arrival_s in heard:
        _state(source, flight, state, arrival_s, serials.get(f"{source} {flight}"), into)


def _documents(data: bytes, source: str, into: Gathered) -> Iterator[tuple[dict[str, Any], float | None]]:
    for part, arrival_s in parts(data, source, into):
        try:
            for one in json_documents.read(part):
                if isinstance(one, dict):
                    yield one, arrival_s
                else:
                    into.leave_out(source, "an answer that is no object")
        except ValueError:
            into.leave_out(source, "bytes that are no JSON")


def _states(flight: dict[str, Any]) -> list[Any]:
    states = flight.get("states")
    if isinstance(states, list):
        return states
    return [flight["current_state"]] if "current_state" in flight else []


def _of(held: Any, name: str) -> dict[str, Any]:
    found = held.get(name) if isinstance(held, dict) else None
    return found if isinstance(found, dict) else {}


def _state(source: str, flight: str, state: Any, arrival_s: float | None, serial: str | None, into: Gathered) -> None:
    position = _of(state, "position")
    latitude, longitude = _number(position, "lat"), _number(position, "lng")
    if not isinstance(state, dict) or latitude is None or longitude is None or (latitude == longitude == 0):
        into.leave_out(source, "no position")
        return
    time_s = _time(state.get("timestamp"))
    if time_s is None:
        into.leave_out(source, "a time that is none")
        return
    height, speed, course = _number(position, "alt"), _number(state, "speed"), _number(state, "track")
    moving = speed is not None and course is not None and speed < _UNKNOWN_SPEED and course < _UNKNOWN_COURSE
    east, north = velocity(speed or 0.0, course or 0.0) if moving else (None, None)
    accuracy = _ACCURACY_M.get(str(position.get("accuracy_h") or state.get("accuracy_h")))
    into.observations.append(
        Observation(
            source=source,
            time_s=time_s,
            longitude_deg=longitude,
            latitude_deg=latitude,
            sigma_m=None if accuracy is None else accuracy / FROM_SIGMA_TO_95,
            height_m=height if height is not None and height > _UNKNOWN_M else None,
            east_m_s=east,
            north_m_s=north,
            identity=serial,
            number=flight,
            arrival_s=arrival_s,
        )
    )


def _number(held: dict[str, Any], name: str) -> float | None:
    found = held.get(name)
    if isinstance(found, bool) or not isinstance(found, int | float):
        return None
    try:
        return float(found) if math.isfinite(found) else None
    except OverflowError:
        return None


def _time(said: Any) -> float | None:
    """RFC 3339, in an object since F3411-22a."""
    text = said.get("value") if isinstance(said, dict) else said
    try:
        moment = datetime.fromisoformat(str(text).replace("Z", "+00:00"))
        return moment.timestamp() if moment.tzinfo is not None else None
    except (ValueError, OverflowError):
        return None
