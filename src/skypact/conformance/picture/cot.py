"""Cursor on Target: events of XML and of TAK protocol 1. ``ce`` is one standard deviation (MITRE Event-PUBLIC.xsd)."""

from __future__ import annotations

import math
from datetime import datetime
from xml.etree.ElementTree import Element  # the type only; defusedxml does the parsing

from skypact.conformance.cot import events
from skypact.conformance.cot.tak import Message
from skypact.conformance.picture.observation import Gathered, Observation, finite
from skypact.conformance.picture.reading import parts

_UNKNOWN = 999_999.0
FORMAT = "Cursor on Target"


def read(data: bytes, sender: str, into: Gathered) -> None:
    source = f"CoT {sender}"
    into.formats[source] = FORMAT
    for part, arrival_s in parts(data, source, into):
        for found in events.read(part):
            event = found.event if isinstance(found, Message) else found
            if isinstance(event, Element):
                _event(source, event, arrival_s, into)
            elif not isinstance(found, Message):
                into.leave_out(source, "an event that cannot be read")


def _event(source: str, event: Element, arrival_s: float | None, into: Gathered) -> None:
    if not event.get("type", "").startswith("a-"):
        into.leave_out(source, "an event about no object (its type does not begin with a-)")
        return
    point, track = event.find("point"), event.find("detail/track")
    try:
        moment = datetime.fromisoformat(event.get("time", "").replace("Z", "+00:00"))
        place = {} if point is None else {name: float(point.get(name, "nan")) for name in ("lat", "lon", "hae", "ce")}
        course, speed = (
            (None, None) if track is None else (float(track.get(name, "nan")) for name in ("course", "speed"))
        )
    except ValueError:
        into.leave_out(source, "a time or a number that is none")
        return
    if moment.tzinfo is None:
        into.leave_out(source, "a time without its zone")
        return
    if not place or not finite(place["lat"], place["lon"]):
        into.leave_out(source, "no position")
        return
    east = north = None
    if course is not None and speed is not None and finite(course, speed):
        east, north = speed * math.sin(math.radians(course)), speed * math.cos(math.radians(course))
    contact = event.find("detail/contact")
    into.observations.append(
        Observation(
            source=source,
            time_s=moment.timestamp(),
            longitude_deg=place["lon"],
            latitude_deg=place["lat"],
            sigma_m=place["ce"] if 0 < place["ce"] < _UNKNOWN else None,
            height_m=place["hae"] if abs(place["hae"]) < _UNKNOWN else None,
            east_m_s=east,
            north_m_s=north,
            identity=None if contact is None else contact.get("callsign"),
            number=event.get("uid"),
            arrival_s=arrival_s,
        )
    )
