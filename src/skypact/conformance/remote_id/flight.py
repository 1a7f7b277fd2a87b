"""Rules for what one transmitter sends over time: the required set, the rates, and a flight that can be flown."""

from __future__ import annotations

import itertools
import math
import statistics
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from skypact.conformance.remote_id.messages import EDITIONS, Message
from skypact.conformance.report import Layer, Place, Severity
from skypact.conformance.standard import Evidence, Rule

CLAIM = Rule(
    "remote_id.claim", Layer.SCHEMA, "ASTM F3411-22a broadcast message formats, message header, protocol version"
)
MIXED = Rule("remote_id.mixed-editions", Layer.EXCHANGE, "lab rule: one transmitter speaks one edition")
NOT_SENT = Rule("remote_id.not-sent", Layer.EXCHANGE, "ASTM F3411 broadcast: messages a transmitter must send")
TOO_SHORT = Rule(
    "remote_id.too-short",
    Layer.EXCHANGE,
    "ASTM F3411 broadcast transmission rates: static messages every 3 s; a shorter recording shows no missing one",
    Severity.UNKNOWN,
)
RATE = Rule(
    "remote_id.rate", Layer.EXCHANGE, "ASTM F3411 broadcast transmission rates: locations at least once a second"
)
NO_TIME = Rule("remote_id.no-time", Layer.EXCHANGE, "lab rule: rates need a capture with times", Severity.UNKNOWN)
IDENTITY = Rule("remote_id.other-identity", Layer.EXCHANGE, "lab rule: one transmitter has one id of each type")
JUMP = Rule("remote_id.jump", Layer.EXCHANGE, "lab rule: 340 m/s is above every small drone")
RULES = (CLAIM, MIXED, NOT_SENT, TOO_SHORT, RATE, NO_TIME, IDENTITY, JUMP)

#: Mandatory messages by edition; the System message became one with the 2022 edition.
REQUIRED = {
    "F3411-19": ("basic_id", "location"),
    "F3411-20": ("basic_id", "location"),
    "F3411-22a": ("basic_id", "location", "system"),
}
_STATIC_PERIOD_S = 3.0
_SLOWEST_LOCATION_S = 1.0
_FASTEST_M_S = 340.0
_NOISE_M = 50.0  # two fixes of one place may lie so far apart


@dataclass(frozen=True)
class Heard:
    place: Place
    time_s: float | None
    message: Message


def examine(heard: dict[str, list[Heard]], claim: str | None, evidence: Evidence) -> None:
    """Judges every transmitter of the recording."""
    for transmitter, flight in heard.items():
        evidence.judged.add(Layer.EXCHANGE)
        for one in flight:
            evidence.hear(transmitter, one.message.kind, one.time_s)
        editions = {EDITIONS[one.message.version] for one in flight if one.message.version in EDITIONS}
        evidence.seen |= editions
        first = flight[0].place
        for edition in sorted(editions - {claim}) if claim else ():
            evidence.find(CLAIM.id, first, f"Claimed {claim}; {transmitter} sends the protocol version of {edition}.")
        if len(editions) > 1:
            evidence.find(MIXED.id, first, f"{transmitter} sends {' and '.join(sorted(editions))}.")
        _identity(transmitter, flight, evidence)
        if any(one.time_s is None for one in flight):
            evidence.find(NO_TIME.id, first, f"The messages of {transmitter} carry no time of reception.")
            continue
        _complete(transmitter, flight, editions, evidence)
        _rate(transmitter, flight, evidence)
        _jumps(flight, evidence)


def _identity(transmitter: str, flight: Sequence[Heard], evidence: Evidence) -> None:
    ids: dict[int | str, bytes] = {}
    for one in flight:
        if one.message.kind not in ("basic_id", "operator_id"):
            continue
        id_name = "uas_id" if one.message.kind == "basic_id" else "operator_id"
        fields = one.message.fields
        id_type = fields.get("id_type", id_name)
        if ids.setdefault(id_type, fields[id_name]) != fields[id_name]:
            evidence.find(IDENTITY.id, one.place, f"{transmitter} sends a second {id_name} of type {id_type}.")


def _complete(transmitter: str, flight: Sequence[Heard], editions: set[str], evidence: Evidence) -> None:
    sent = {one.message.kind for one in flight}
    missing = sorted({kind for edition in editions for kind in REQUIRED[edition]} - sent)
    pages = {one.message.fields["page"] for one in flight if one.message.kind == "authentication"}
    if pages and 0 not in pages:
        missing.append("first page of its authentication")
    if not missing:
        return
    lasted = flight[-1].time_s - flight[0].time_s
    sentence = f"{transmitter} sent no {' and no '.join(missing)} in {lasted:.1f} s."
    evidence.find((NOT_SENT if lasted >= _STATIC_PERIOD_S else TOO_SHORT).id, flight[0].place, sentence)


def _rate(transmitter: str, flight: Sequence[Heard], evidence: Evidence) -> None:
    times = [one.time_s for one in flight if one.message.kind == "location"]
    gaps = [later - earlier for earlier, later in itertools.pairwise(times)]
    # The median, because a receiver misses frames and the transmitter is not to blame for those.
    if gaps and statistics.median(gaps) > _SLOWEST_LOCATION_S + 0.1:
        sentence = (
            f"{transmitter} sends a location every {statistics.median(gaps):.2f} s; at least once a second is asked."
        )
        evidence.find(RATE.id, flight[0].place, sentence)


def _jumps(flight: Sequence[Heard], evidence: Evidence) -> None:
    last: tuple[float, float, float] | None = None
    for one in flight:
        fields = one.message.fields
        if one.message.kind != "location" or fields["latitude_deg"] is None:
            continue
        here = (fields["latitude_deg"], fields["longitude_deg"], one.time_s)
        if last is not None:
            apart_m, seconds = _distance_m(last[:2], here[:2]), max(here[2] - last[2], 0.0)
            if apart_m > _NOISE_M + _FASTEST_M_S * seconds:
                evidence.find(JUMP.id, one.place, f"{apart_m:.0f} m from the last position, {seconds:.1f} s before.")
        last = here


def _distance_m(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Great-circle distance on a sphere of 6,371 km (haversine)."""
    (lat1, lon1), (lat2, lon2) = ((math.radians(a), math.radians(b)) for a, b in (one, other))
    h = math.sin((lat2 - lat1) / 2) ** 2 + math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2
    return 2 * 6_371_000 * math.asin(min(1.0, math.sqrt(h)))


def by_transmitter() -> dict[str, list[Heard]]:
    return defaultdict(list)
