"""Cursor on Target, event schema 2.0 of MITRE (2005, public release): what TAK servers and clients exchange as XML."""

from __future__ import annotations

from collections.abc import Sequence

from skypact.conformance.cot import event_rules
from skypact.conformance.cot.events import read
from skypact.conformance.cot.samples import samples
from skypact.conformance.report import Layer, Place
from skypact.conformance.standard import Evidence, Recording, Rule, Standard

UNREADABLE = Rule("cot.unreadable", Layer.DECODE, "XML 1.0, well-formed; lab rule: no document type, no entities")
CLAIM = Rule("cot.claim", Layer.SCHEMA, "MITRE Event-PUBLIC.xsd 2.0, event/@version")
BACKWARDS = Rule("cot.backwards", Layer.EXCHANGE, "MITRE Event-PUBLIC.xsd 2.0, event/@uid: the latest by time counts")


def examine(recordings: Sequence[Recording], claim: str | None, evidence: Evidence) -> None:
    last: dict[str, float] = {}
    for recording in recordings:
        for number, event in enumerate(read(recording.data), 1):
            place = Place(file=recording.name, message=number)
            if isinstance(event, str):
                evidence.find(UNREADABLE.id, place, event)
                continue
            evidence.judged |= set(Layer)
            evidence.counts[(event.get("type") or "without type").partition("-")[0]] += 1
            said = event_rules.examine(event, place, evidence)
            uid = event.get("uid", "")
            if "time" in said:
                if said["time"] < last.get(uid, said["time"]):
                    evidence.find(BACKWARDS.id, place, f"The event of {uid} is older than the one before.")
                last[uid] = said["time"]
            if claim and event.get("version") != claim:
                evidence.find(CLAIM.id, place, f"Claimed {claim}; the event says {event.get('version')}.")


STANDARD = Standard(
    name="cot",
    title="Cursor on Target, XML events",
    versions=("2.0",),
    profile="producer of events",
    inputs="XML event documents one after another",
    rules=(UNREADABLE, CLAIM, BACKWARDS, *event_rules.RULES),
    packages=("defusedxml",),
    layers=(Layer.DECODE, Layer.SCHEMA, Layer.SEMANTIC, Layer.EXCHANGE),
    examine=examine,
    samples=samples,
    ceiling="digits of measured numbers, times and uids may change into other possible ones; XML has no checksum",
)
