"""ASTM F3411 over the network: what a service provider tells a display provider about flights, as JSON."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from skypact.conformance import json_documents
from skypact.conformance.f3411_network import fields, interface
from skypact.conformance.f3411_network.fields import INTERFACE, UA_TYPE, UA_TYPES, Reader
from skypact.conformance.f3411_network.samples import samples
from skypact.conformance.report import Layer, Place
from skypact.conformance.second import Reading, Value
from skypact.conformance.span import Least
from skypact.conformance.standard import Evidence, Recording, Rule, Standard

UNREADABLE = Rule("f3411_network.unreadable", Layer.DECODE, "JSON (RFC 8259), one object a message; no key twice")
SHAPE = Rule(
    "f3411_network.shape",
    Layer.DECODE,
    "ASTM F3411-22a, NET0710: response to GET flights, response to GET flight details, or a flight record",
)
CLAIM = Rule("f3411_network.claim", Layer.SCHEMA, "interface definition: times are objects since F3411-22a")
FLIGHT_ID = Rule(
    "f3411_network.flight-id", Layer.SCHEMA, "interface definition: flight id without control and path characters"
)
STALE = Rule(
    "f3411_network.stale",
    Layer.EXCHANGE,
    "ASTM F3411-22a, NET0270 and NetMaxNearRealTimeDataPeriod: a state is at most 60 s old and not in the future",
)
BACKWARDS = Rule("f3411_network.backwards", Layer.EXCHANGE, "lab rule: the states of a flight do not run backwards")
JUMP = Rule("f3411_network.jump", Layer.EXCHANGE, "lab rule: no aircraft moves faster than 300 m/s between its states")
NO_FLIGHT = Rule("f3411_network.no-flight", Layer.EXCHANGE, "NET0340: details belong to a flight of the responses")

VERSIONS = ("F3411-19", "F3411-22a")
_FLIGHT = frozenset(
    {"id", "aircraft_type", "current_state", "operating_area", "volumes", "simulated", "recent_positions"}
)
_NOT_IN_ID = set("\0\t\r\n#%/:?@[\\]")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_OLDEST_S = 60
_AHEAD_S = 1
_FASTEST_M_S = 300
_METRES_A_DEGREE = 111_320
#: Two states less apart say nothing about a speed.
_SHORTEST_S = 0.5


@dataclass
class _Session:
    evidence: Evidence
    claim: str | None
    last: dict[str, tuple[float, float, float]] = field(default_factory=dict)
    """Time, latitude and longitude of a flight's last state."""
    described: list[tuple[str, Place]] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)


def examine(recordings: Sequence[Recording], claim: str | None, evidence: Evidence) -> None:
    session = _Session(evidence, claim)
    for recording in recordings:
        number = 0
        try:
            for number, document in enumerate(json_documents.read(recording.data), 1):
                evidence.judged.add(Layer.DECODE)
                _document(document, Place(file=recording.name, message=number), session)
        except ValueError as error:
            evidence.find(UNREADABLE.id, Place(file=recording.name, message=number + 1), str(error))
        if not number and not recording.data.strip():
            evidence.find(UNREADABLE.id, Place(file=recording.name), "The recording is empty; expected JSON objects.")
    if session.seen:
        for flight, place in session.described:
            if flight not in session.seen:
                evidence.find(NO_FLIGHT.id, place, f"No response holds a flight {flight!r:.60}.")


def _document(document: Any, place: Place, session: _Session) -> None:
    reader = Reader(place, session.evidence)
    if not isinstance(document, dict) or not ({"flights", "details"} & set(document)):
        session.evidence.find(SHAPE.id, place, "The object has neither flights nor details.")
        return
    session.evidence.judged |= {Layer.SCHEMA, Layer.SEMANTIC}
    if "details" in document:
        session.evidence.counts["details"] += 1
        if (held := reader.object(document["details"], "details")) is not None:
            fields.details(reader, held, "details")
            _flight_id(reader, held.get("id"), "details.id", session, place)
        return
    session.evidence.counts["flights"] += 1
    flights = document["flights"]
    if not isinstance(flights, list) or not flights:
        reader.say(INTERFACE, "flights", "Expected a list with at least one flight.")
        return
    answered = "timestamp" in document
    known = {"timestamp", "flights", "no_isas_present"} if answered else {"flights"}
    reader.names(document, frozenset(known), "")
    now_s = reader.time(document, "timestamp", "") if answered else None
    for at, flight in enumerate(flights):
        path = f"flights[{at}]"
        if (held := reader.object(flight, path)) is not None:
            reader.word(UA_TYPE, held, "aircraft_type", path, UA_TYPES)
            if "states" in held or not answered:
                _record(reader, held, path, session, place)
            else:
                _flight(reader, held, path, session, place, now_s)


def _record(reader: Reader, held: dict[str, Any], path: str, session: _Session, place: Place) -> None:
    """A flight as the public test suite writes it down: every state, and the details."""
    reader.names(held, frozenset({"aircraft_type", "states", "flight_details", "reference_time"}), path)
    if "reference_time" in held:
        reader.time(held, "reference_time", path)
    states = held.get("states")
    if not isinstance(states, list) or not states:
        reader.say(INTERFACE, f"{path}.states", "Expected a list with at least one state.")
        states = []
    inside = reader.object(held.get("flight_details"), f"{path}.flight_details")
    if inside is not None:
        fields.details(reader, inside, f"{path}.flight_details")
    for at, state in enumerate(states):
        where = f"{path}.states[{at}]"
        if (one := reader.object(state, where)) is not None:
            _state(reader, one, where, path, session, place)


def _flight(
    reader: Reader, held: dict[str, Any], path: str, session: _Session, place: Place, now_s: float | None
) -> None:
    reader.names(held, _FLIGHT, path)
    flight = _flight_id(reader, held.get("id"), f"{path}.id", session, None)
    if "current_state" not in held:
        if not (held.get("operating_area") or held.get("volumes")):
            reader.say(INTERFACE, f"{path}.current_state", "Neither a state nor an area of operation is given.")
        return
    if (one := reader.object(held["current_state"], f"{path}.current_state")) is not None:
        version = VERSIONS[isinstance(one.get("timestamp"), dict)]
        session.evidence.seen.add(version)
        if session.claim and version != session.claim:
            session.evidence.find(CLAIM.id, place, f"Claimed {session.claim}; the state is of {version}.")
        time_s = _state(reader, one, f"{path}.current_state", flight or path, session, place)
        if time_s is not None and now_s is not None and not -_AHEAD_S <= now_s - time_s <= _OLDEST_S:
            sentence = f"The state is {now_s - time_s:.1f} s old; accepted: {-_AHEAD_S} to {_OLDEST_S}."
            session.evidence.find(STALE.id, place.model_copy(update={"field": path}), sentence)


def _state(
    reader: Reader, held: dict[str, Any], where: str, flight: str, session: _Session, place: Place
) -> float | None:
    session.evidence.counts["states"] += 1
    time_s, latitude, longitude = fields.state(reader, held, where)
    session.evidence.hear("", "state", time_s)
    if time_s is None or latitude is None or longitude is None:
        return time_s
    session.evidence.judged.add(Layer.EXCHANGE)
    at = place.model_copy(update={"field": where})
    if (before := session.last.get(flight)) is not None:
        apart_s = time_s - before[0]
        if apart_s < 0:
            session.evidence.find(BACKWARDS.id, at, f"{-apart_s:.1f} s older than the state before.")
        elif apart_s >= _SHORTEST_S and (0.0, 0.0) not in ((latitude, longitude), before[1:]):
            east = (longitude - before[2] + 180) % 360 - 180
            metres = math.hypot(latitude - before[1], east * math.cos(math.radians(latitude))) * _METRES_A_DEGREE
            if metres > _FASTEST_M_S * apart_s:
                session.evidence.find(JUMP.id, at, f"{metres:.0f} m in {apart_s:.1f} s.")
    session.last[flight] = (time_s, latitude, longitude)
    return time_s


def _flight_id(reader: Reader, said: Any, path: str, session: _Session, details_at: Place | None) -> str | None:
    if not isinstance(said, str) or not said or set(said) & _NOT_IN_ID or not said.isprintable():
        reader.say(FLIGHT_ID, path, f"{said!r:.80} is no flight id.")
        return None
    if details_at is None:
        session.seen.add(said)
    else:
        session.described.append((said, details_at))
    return said


def readings(recordings: Sequence[Recording]) -> Iterator[Reading]:
    """The values of each document by their paths; times in whole microseconds since 1970: a second of so many would be
    no difference between two floats."""
    for recording in recordings:
        try:
            for number, document in enumerate(json_documents.read(recording.data), 1):
                if isinstance(document, dict) and (document.get("flights") or document.get("details")):
                    yield Reading(recording.name, number, "document", dict(_leaves(document, "")))
        except ValueError:
            continue


def _leaves(held: object, path: str) -> Iterator[tuple[str, Value]]:
    if isinstance(held, dict) and set(held) == {"value", "format"}:
        held = held["value"]
    if isinstance(held, dict):
        for name, one in held.items():
            yield from _leaves(one, f"{path}.{name}" if path else str(name))
    elif isinstance(held, list):
        for number, one in enumerate(held):
            yield from _leaves(one, f"{path}[{number}]")
    elif isinstance(held, str) and fields.TIME.fullmatch(held):
        try:
            yield path, (datetime.fromisoformat(held) - _EPOCH) // timedelta(microseconds=1)
        except ValueError:
            yield path, held
    elif isinstance(held, float | int | str):
        yield path, int(held) if isinstance(held, bool) else held


STANDARD = Standard(
    name="f3411_network",
    title="ASTM F3411 Remote ID over the network",
    versions=VERSIONS,
    profile="service provider",
    inputs="JSON objects one after another: responses to GET flights and GET details, or flight records",
    rules=(UNREADABLE, SHAPE, CLAIM, FLIGHT_ID, STALE, BACKWARDS, JUMP, NO_FLIGHT, *fields.RULES),
    packages=(),
    layers=(Layer.DECODE, Layer.SCHEMA, Layer.SEMANTIC, Layer.EXCHANGE),
    examine=examine,
    least=Least(
        "ASTM F3411, NetMinUasLocRefreshFrequency: states are renewed at 1 Hz; two renewals",
        seconds=2.0,
        messages=3,
    ),
    samples=samples,
    ceiling="JSON has no checksum: measured numbers, digits of times and ids may change into other possible ones",
    readings=readings,
    second=(interface.DECODER,),
)
