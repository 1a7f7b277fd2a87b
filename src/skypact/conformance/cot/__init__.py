"""Cursor on Target, event schema 2.0 of MITRE (2005, public release): what TAK servers and clients exchange.

As XML, and as protobuf of TAK protocol version 1; the rules for an event are the same.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from xml.etree.ElementTree import Element

from skypact.conformance.cot import event_rules
from skypact.conformance.cot.events import read
from skypact.conformance.cot.readings import readings
from skypact.conformance.cot.samples import samples
from skypact.conformance.cot.second import DECODER
from skypact.conformance.cot.tak import VERSION, Broken, Message
from skypact.conformance.report import Layer, Place
from skypact.conformance.span import Least
from skypact.conformance.standard import Evidence, Recording, Rule, Standard

UNREADABLE = Rule("cot.unreadable", Layer.DECODE, "XML 1.0, well-formed; lab rule: no document type, no entities")
TAK_UNREADABLE = Rule(
    "cot.tak-unreadable",
    Layer.DECODE,
    "TAK protocol 1: magic bytes, version or length, protobuf of TakMessage; lab rule: no unknown field, none twice",
)
TAK_CONTROL = Rule("cot.tak-control", Layer.SCHEMA, "TAK protocol 1, TakControl: versions that the sender takes")
TAK_DETAIL = Rule("cot.tak-detail", Layer.SCHEMA, "TAK protocol 1, Detail: an element is typed or XML, not both")
CLAIM = Rule("cot.claim", Layer.SCHEMA, "MITRE Event-PUBLIC.xsd 2.0, event/@version; TAK protocol 1")
BACKWARDS = Rule("cot.backwards", Layer.EXCHANGE, "MITRE Event-PUBLIC.xsd 2.0, event/@uid: the latest by time counts")
JUMP = Rule(
    "cot.jump",
    Layer.EXCHANGE,
    "lab rule: what a machine tracks moves at most 3,000 m/s, with 1 km for errors of position",
)

TAK = "TAK protocol 1"
_FASTEST_M_S, _ERROR_M = 3000.0, 1000.0
_EARTH_M = 6_371_000.0


def examine(recordings: Sequence[Recording], claim: str | None, evidence: Evidence) -> None:
    last: dict[str, dict[str, float]] = {}
    for recording in recordings:
        for number, found in enumerate(read(recording.data), 1):
            place = Place(file=recording.name, message=number)
            if isinstance(found, str):
                evidence.find(UNREADABLE.id, place, found)
                continue
            if isinstance(found, Broken):
                evidence.find(TAK_UNREADABLE.id, place, found.sentence)
                continue
            evidence.judged |= {Layer.DECODE, Layer.SCHEMA}
            event = found.event if isinstance(found, Message) else found
            if isinstance(found, Message):
                _message(found, place, evidence)
            if event is None:
                continue
            evidence.judged |= set(Layer)
            _event(event, place, evidence, last)
            version = TAK if isinstance(found, Message) else event.get("version")
            if version:
                evidence.seen.add(version)
            if claim and version != claim:
                evidence.find(CLAIM.id, place, f"Claimed {claim}; the event is of {version}.")


def _message(message: Message, place: Place, evidence: Evidence) -> None:
    evidence.counts["protobuf"] += 1
    evidence.seen.add(TAK)
    least, greatest = message.versions
    if (least or VERSION) > VERSION or (greatest or VERSION) < VERSION:
        sentence = f"The sender takes versions {least} to {greatest}, and sends version {VERSION}."
        evidence.find(TAK_CONTROL.id, place, sentence)
    for tag in message.doubled:
        evidence.find(TAK_DETAIL.id, place.model_copy(update={"field": f"detail/{tag}"}), f"{tag} stands twice.")


def _event(event: Element, place: Place, evidence: Evidence, last: dict[str, dict[str, float]]) -> None:
    evidence.counts[(event.get("type") or "without type").partition("-")[0]] += 1
    said = event_rules.examine(event, place, evidence)
    uid = event.get("uid", "")
    evidence.hear("", "event", said.get("time"))
    if "time" not in said:
        return
    before = last.get(uid, said)
    if said["time"] < before["time"]:
        evidence.find(BACKWARDS.id, place, f"The event of {uid} is older than the one before.")
    elif event.get("type", "").startswith("a-") and event.get("how", "").startswith("m"):
        moved_m, lasted_s = _distance_m(before, said), said["time"] - before["time"]
        if moved_m > _FASTEST_M_S * lasted_s + _ERROR_M:
            evidence.find(JUMP.id, place, f"{uid} moved {moved_m:,.0f} m in {lasted_s:.3f} s.")
    last[uid] = said


def _distance_m(one: dict[str, float], other: dict[str, float]) -> float:
    """Over a sphere, between two points; 0 where either is unknown, off the globe, or at 0, 0, the mark of a missing
    position."""
    for position in (one, other):
        lat, lon = position.get("lat", 0.0), position.get("lon", 0.0)
        if not (lat or lon) or abs(lat) > 90 or abs(lon) > 180:
            return 0.0
    lat, lon, other_lat, other_lon = (
        math.radians(position.get(name, 0.0)) for position in (one, other) for name in ("lat", "lon")
    )
    half = math.sin((other_lat - lat) / 2) ** 2
    half += math.cos(lat) * math.cos(other_lat) * math.sin((other_lon - lon) / 2) ** 2
    return 2 * _EARTH_M * math.asin(min(1.0, math.sqrt(max(0.0, half))))


STANDARD = Standard(
    name="cot",
    title="Cursor on Target, XML events and TAK protocol 1",
    versions=("2.0", TAK),
    profile="producer of events",
    inputs="XML event documents or TAK protocol messages one after another; pcap, pcapng of UDP",
    rules=(UNREADABLE, TAK_UNREADABLE, TAK_CONTROL, TAK_DETAIL, CLAIM, BACKWARDS, JUMP, *event_rules.RULES),
    packages=("defusedxml",),
    layers=(Layer.DECODE, Layer.SCHEMA, Layer.SEMANTIC, Layer.EXCHANGE),
    examine=examine,
    least=Least(
        "lab rule: an event has a life from start to stale and is followed by the next; the schema names no period",
        seconds=2.0,
        messages=3,
    ),
    samples=samples,
    captures=True,
    readings=readings,
    second=(DECODER,),
    ceiling="digits of measured numbers, times and uids may change into other possible ones; neither form has a"
    " checksum",
)
