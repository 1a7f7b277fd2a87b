"""Fused tracks on their way out: events of Cursor on Target, and a SAPIENT fusion node with its detection reports.

Nothing is claimed that the sources did not say: an affiliation is never known here, so the type is ``a-u-A``.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from uuid import UUID, uuid5
from xml.etree.ElementTree import Element, SubElement, tostring  # building only

from google.protobuf import json_format
from sapient_msg.bsi_flex_335_v2_0.sapient_message_pb2 import SapientMessage

import skypact
from skypact.conformance.adapters.sapient import ulid
from skypact.conformance.cot import tak
from skypact.conformance.picture.report import FusedTrack, PictureReport, TrackState
from skypact.conformance.sapient.presence import ULID
from skypact.conformance.sapient.presence import UUID as _UUID
from skypact.conformance.sapient.wire import framed

#: How long after its time an event counts, s.
STALE_S = 10.0
#: Between two status reports of the fusion node, s.
STATUS_S = 5.0
#: A longer pause is no pause of one session, s.
_LONGEST_S = 86_400.0
_UNKNOWN = "9999999.0"
_NAMESPACE = UUID("0c5f2f0e-9d3b-5a52-8a7e-6f0f7f1d2c31")
_SAPIENT = "SAPIENT "
_POSITION = {"locationUnits": "LOCATION_COORDINATE_SYSTEM_LAT_LNG_DEG_M", "locationDatum": "LOCATION_DATUM_WGS84_E"}
_DURATION = {"units": "TIME_UNITS_SECONDS", "value": STATUS_S}


class Form(StrEnum):
    """How an event of Cursor on Target is written."""

    XML = "xml"
    STREAM = "tak"
    """TAK protocol 1, each message after its length: for files and TCP."""
    MESH = "tak-mesh"
    """TAK protocol 1, one message a datagram: for UDP."""


@dataclass(frozen=True)
class Outgoing:
    """A fused track at one moment."""

    picture: UUID
    """Of the fusion node: the same for all tracks of one picture."""
    number: int
    state: TrackState
    sources: tuple[str, ...]
    identities: tuple[str, ...]
    objects: tuple[tuple[str, str], ...] = ()
    """Node and object id of the contributing SAPIENT detections."""

    @property
    def uid(self) -> str:
        """The same for all messages of a track, and of no other."""
        return str(uuid5(self.picture, str(self.number)))


def node_of(report: PictureReport) -> UUID:
    """The fusion node of a report: the same for the same recordings."""
    return uuid5(_NAMESPACE, " ".join(one.sha256 for one in report.files))


def outgoing(report: PictureReport, node: UUID | None = None) -> list[Outgoing]:
    """The states of all tracks in order of time."""
    picture = node or node_of(report)
    made = [_outgoing(picture, one, state) for one in report.tracks for state in one.states]
    return sorted(made, key=lambda one: (one.state.time_s, one.number))


def _outgoing(picture: UUID, one: FusedTrack, state: TrackState) -> Outgoing:
    so_far = [part for part in one.contributions if part.start_s <= state.time_s]
    return Outgoing(
        picture,
        one.number,
        state,
        tuple(part.source for part in so_far),
        tuple(sorted({name for part in so_far for name in part.identities})),
        objects_of((part.source, part.numbers) for part in so_far),
    )


def objects_of(said: Iterator[tuple[str, Sequence[str]]]) -> tuple[tuple[str, str], ...]:
    """Node and object id of the sources that are SAPIENT nodes, from each source's name and numbers."""
    return tuple(
        (source.removeprefix(_SAPIENT), number)
        for source, numbers in said
        if source.startswith(_SAPIENT) and _UUID.fullmatch(source.removeprefix(_SAPIENT))
        for number in numbers
        if ULID.fullmatch(number)
    )


def as_cot(report: PictureReport, form: Form = Form.STREAM) -> Iterator[tuple[float, bytes]]:
    """Time and message of each state of each track, in order of time."""
    for one in outgoing(report):
        yield one.state.time_s, cot_message(one, form)


def cot_message(one: Outgoing, form: Form) -> bytes:
    event = _event(one)
    if form is Form.XML:
        return b"<?xml version='1.0' encoding='UTF-8'?>" + tostring(event, encoding="utf-8", xml_declaration=False)
    message = tak.to_message(event)
    return tak.framed(message) if form is Form.STREAM else tak.datagram(message)


def _event(one: Outgoing) -> Element:
    state = one.state
    event = Element(
        "event",
        {
            "version": "2.0",
            "uid": one.uid,
            "type": "a-u-A",
            "how": "m-f",
            "time": _iso(state.time_s),
            "start": _iso(state.time_s),
            "stale": _iso(state.time_s + STALE_S),
        },
    )
    SubElement(
        event,
        "point",
        {
            "lat": f"{state.latitude_deg:.7f}",
            "lon": f"{state.longitude_deg:.7f}",
            "hae": _UNKNOWN if state.height_m is None else f"{state.height_m:.1f}",
            "ce": f"{math.sqrt((state.east_sigma_m**2 + state.north_sigma_m**2) / 2):.1f}",
            "le": _UNKNOWN if state.height_sigma_m is None else f"{state.height_sigma_m:.1f}",
        },
    )
    detail = SubElement(event, "detail")
    SubElement(detail, "contact", {"callsign": _plain(_name(one)), "endpoint": ""})
    if state.east_m_s is not None and state.north_m_s is not None:
        course = math.degrees(math.atan2(state.east_m_s, state.north_m_s)) % 360
        speed = math.hypot(state.east_m_s, state.north_m_s)
        SubElement(detail, "track", {"course": f"{round(course, 1) % 360:.1f}", "speed": f"{speed:.2f}"})
    remarks = SubElement(detail, "remarks", {"source": f"skypact.{one.picture}", "time": _iso(state.time_s)})
    named = f"; named {', '.join(one.identities)}" if one.identities else ""
    remarks.text = _plain(f"Fused from {', '.join(one.sources)}{named}.")
    return event


def _name(one: Outgoing) -> str:
    return one.identities[0] if len(one.identities) == 1 else f"track {one.number}"


def _plain(said: str) -> str:
    """Without control characters, which XML cannot hold."""
    return "".join(letter if letter.isprintable() else " " for letter in said)


def _iso(time_s: float) -> str:
    said = datetime.fromtimestamp(round(time_s, 3), UTC).isoformat(timespec="milliseconds")
    return said.removesuffix("+00:00") + "Z"


def as_sapient(report: PictureReport, *, node: UUID) -> Iterator[tuple[float, bytes]]:
    """Time and message, each after its length in 4 bytes: registration, a status every 5 s, detections, goodbye."""
    session = FusionNode(node, [one.name for one in report.sources])
    last_s: float | None = None
    for one in outgoing(report, node):
        last_s = one.state.time_s
        yield from session.take(one)
    if last_s is not None:
        yield last_s, session.goodbye(last_s)


class FusionNode:
    """A SAPIENT node of the kind "fusion node": says who it is before its first detection, and how it is."""

    def __init__(self, node: UUID, sources: Sequence[str]) -> None:
        self._node = str(node)
        self._sources = tuple(sources)
        self.last_s: float | None = None
        """Of the last message: none is older than the one before."""
        self._status_s: float | None = None
        self._registered = False

    def take(self, one: Outgoing) -> Iterator[tuple[float, bytes]]:
        """A detection report, after whatever is due before it."""
        yield from self.due(one.state.time_s)
        yield one.state.time_s, self._message(one.state.time_s, {"detectionReport": self._detection(one)})

    def due(self, time_s: float) -> Iterator[tuple[float, bytes]]:
        """Registration and status reports up to a time."""
        if not self._registered:
            self._registered = True
            yield time_s, self._message(time_s, {"registration": self._registration()})
        if self._status_s is None or time_s - self._status_s > _LONGEST_S:
            self._status_s = time_s - STATUS_S
        while time_s - self._status_s >= STATUS_S:
            self._status_s += STATUS_S
            yield self._status_s, self._status(self._status_s, "SYSTEM_OK", new=False)

    def goodbye(self, time_s: float) -> bytes:
        return self._status(time_s, "SYSTEM_GOODBYE", new=True)

    def _status(self, time_s: float, system: str, *, new: bool) -> bytes:
        said = {
            "reportId": ulid(time_s, f"{self._node} {system} {time_s}"),
            "system": system,
            "info": "INFO_NEW" if new else "INFO_UNCHANGED",
            "mode": "Default",
        }
        return self._message(time_s, {"statusReport": said})

    def _message(self, time_s: float, content: dict[str, object]) -> bytes:
        self.last_s = time_s
        said = {"timestamp": _iso(time_s), "nodeId": self._node, **content}
        return framed(json_format.ParseDict(said, SapientMessage()))

    def _registration(self) -> dict[str, object]:
        nodes = [one.removeprefix(_SAPIENT) for one in self._sources if one.startswith(_SAPIENT)]
        return {
            "nodeDefinition": [{"nodeType": "NODE_TYPE_FUSION_NODE"}],
            "icdVersion": "BSI Flex 335 v2.0",
            "name": "skypact combined picture",
            "capabilities": [{"category": "Fusion", "type": "Tracks"}],
            "statusDefinition": {"statusInterval": _DURATION},
            "modeDefinition": [
                {
                    "modeName": "Default",
                    "modeType": "MODE_TYPE_DEFAULT",
                    "settleTime": _DURATION,
                    "trackingType": "TRACKING_TYPE_TRACK",
                    "detectionDefinition": [
                        {
                            "locationType": _POSITION,
                            "detectionReport": [
                                {"category": "DETECTION_REPORT_CATEGORY_TRACK", "type": "contributor", "units": "name"}
                            ],
                            "detectionClassDefinition": [{"classDefinition": [{"type": "Air Vehicle"}]}],
                            "velocityType": {
                                "enuVelocityUnits": {"eastNorthRateUnits": "SPEED_UNITS_MS"},
                                "locationDatum": "LOCATION_DATUM_WGS84_E",
                            },
                        }
                    ],
                    # The definitions ask for a task; none is taken, and none is announced that would be.
                    "task": {
                        "concurrentTasks": 1,
                        "regionDefinition": {"regionType": ["REGION_TYPE_AREA_OF_INTEREST"], "regionArea": [_POSITION]},
                    },
                }
            ],
            "dependentNodes": [one for one in nodes if _UUID.fullmatch(one)],
            "configData": [
                {"manufacturer": "skypact", "model": "combined picture", "softwareVersion": skypact.__version__}
            ],
        }

    def _detection(self, one: Outgoing) -> dict[str, object]:
        state = one.state
        where: dict[str, object] = {
            "x": state.longitude_deg,
            "y": state.latitude_deg,
            "xError": state.east_sigma_m,
            "yError": state.north_sigma_m,
            "coordinateSystem": _POSITION["locationUnits"],
            "datum": _POSITION["locationDatum"],
        }
        if state.height_m is not None:
            where["z"] = state.height_m
        if state.height_sigma_m is not None:
            where["zError"] = state.height_sigma_m
        said: dict[str, object] = {
            "reportId": ulid(state.time_s, f"{one.uid} {state.time_s}"),
            "objectId": ulid(0.0, one.uid),
            "location": where,
            "trackInfo": [{"type": "contributor", "value": source} for source in one.sources],
            "classification": [{"type": "Air Vehicle"}],
            "associatedDetection": [{"nodeId": node, "objectId": number} for node, number in one.objects],
        }
        if state.east_m_s is not None:
            said["enuVelocity"] = {"eastRate": state.east_m_s, "northRate": state.north_m_s}
        if len(one.identities) == 1:
            said["id"] = one.identities[0]
        return said
