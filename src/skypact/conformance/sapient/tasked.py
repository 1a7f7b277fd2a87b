"""A second session of our own making: a turning camera is tasked, answers, raises an alert and sees by bearing."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

from google.protobuf import json_format
from google.protobuf.descriptor import Descriptor, FieldDescriptor
from sapient_msg import proto_options_pb2 as options
from sapient_msg.bsi_flex_335_v2_0.sapient_message_pb2 import SapientMessage

from skypact.conformance.sapient.samples import COMMAND, DURATION, NODE, POSITION, REGISTRATION, WRONG, allowed, lines
from skypact.conformance.sapient.wire import framed
from skypact.conformance.standard import Sample, Variant
from skypact.conformance.variants import of_json

_TASK, _ALERT, _REGION = (f"01J8ZQ4V7K3M5N6P8R9S0T1{one}" for one in ("Y01", "Z01", "Z02"))
_BEARING = {
    "elevation": 4.5,
    "azimuth": 123.25,
    "range": 1850.0,
    "coordinateSystem": "RANGE_BEARING_COORDINATE_SYSTEM_DEGREES_M",
    "datum": "RANGE_BEARING_DATUM_TRUE",
}
_STATUS = {"system": "SYSTEM_OK", "info": "INFO_NEW", "mode": "Default"}


def _registration() -> dict[str, Any]:
    made: dict[str, Any] = copy.deepcopy(REGISTRATION)
    made["nodeDefinition"] = [{"nodeType": "NODE_TYPE_CAMERA"}]
    made["capabilities"] = [{"category": "Camera", "type": "Pan and tilt"}]
    mode = made["modeDefinition"][0]
    mode["task"]["command"] = [{"units": "degrees", "completionTime": DURATION, "type": "COMMAND_TYPE_LOOK_AT"}]
    mode["detectionDefinition"] = [
        {
            "locationType": {
                "rangeBearingUnits": _BEARING["coordinateSystem"],
                "rangeBearingDatum": _BEARING["datum"],
            },
            "detectionClassDefinition": [{"classDefinition": [{"type": "Air Vehicle"}]}],
        }
    ]
    return made


def session() -> list[dict[str, Any]]:
    """The messages as JSON objects, one second apart."""
    look = {"taskId": _TASK, "control": "CONTROL_START", "command": {"lookAt": {"rangeBearing": _BEARING}}}
    area = {"locationList": {"locations": [{"x": 127.02, "y": 37.54, **_position()}]}}
    region = {
        "type": "REGION_TYPE_AREA_OF_INTEREST",
        "regionId": _REGION,
        "regionName": "SYN field",
        "regionArea": area,
    }
    classes = [
        {
            "type": "Air Vehicle",
            "confidence": 0.75,
            "subClass": [{"type": "UAV Rotary Wing", "level": 1, "subClass": [{"type": "Quadcopter", "level": 2}]}],
        }
    ]
    seen = {"reportId": _ulid("W01"), "objectId": _ulid("X01"), "taskId": _TASK, "rangeBearing": _BEARING}
    alert = {"alertId": _ALERT, "alertType": "ALERT_TYPE_WARNING", "status": "ALERT_STATUS_ACTIVE"}
    contents = [
        (NODE, COMMAND, {"registration": _registration()}),
        (COMMAND, NODE, {"registrationAck": {"acceptance": True}}),
        (NODE, COMMAND, {"statusReport": {"reportId": _ulid("V01"), **_STATUS}}),
        (COMMAND, NODE, {"task": {**look, "region": [region]}}),
        (NODE, COMMAND, {"taskAck": {"taskId": _TASK, "taskStatus": "TASK_STATUS_ACCEPTED"}}),
        (NODE, COMMAND, {"detectionReport": {**seen, "classification": classes}}),
        (NODE, COMMAND, {"alert": {**alert, "description": "Seen", "rangeBearing": _BEARING}}),
        (COMMAND, NODE, {"alertAck": {"alertId": _ALERT, "alertAckStatus": "ALERT_ACK_STATUS_ACCEPTED"}}),
        (COMMAND, NODE, {"task": {"taskId": _TASK, "control": "CONTROL_STOP"}}),
        (NODE, COMMAND, {"taskAck": {"taskId": _TASK, "taskStatus": "TASK_STATUS_COMPLETED"}}),
        (NODE, COMMAND, {"statusReport": {"reportId": _ulid("V02"), **_STATUS, "system": "SYSTEM_GOODBYE"}}),
    ]
    return [
        {"timestamp": f"2026-03-02T11:00:{second:02d}Z", "nodeId": sender, "destinationId": receiver, **content}
        for second, (sender, receiver, content) in enumerate(contents)
    ]


def _ulid(end: str) -> str:
    return f"01J8ZQ4V7K3M5N6P8R9S0T1{end}"


def _position() -> dict[str, str]:
    return {"coordinateSystem": POSITION["locationUnits"], "datum": POSITION["locationDatum"]}


def stream() -> bytes:
    return b"".join(framed(json_format.ParseDict(message, SapientMessage())) for message in session())


def sample() -> Sample:
    texts = (b"Camera", b"Pan and tilt", b"SYN Sensors", b"SYN-R1", b"SYN field", b"Seen", b"degrees")
    texts += (b"UAV Rotary Wing", b"Quadcopter")
    return Sample(stream(), text=texts, open=tuple(_open_values()), claim="BSI Flex 335 v2.0", variants=_variants)


def _open_values() -> Iterator[tuple[bytes, bytes]]:
    """Numbers, codes, times and ids of the session on the wire, each after the 8 bytes before it."""
    data = stream()
    at = 0
    while at < len(data):
        length = int.from_bytes(data[at : at + 4], "little")
        for start, end in _places(data, at + 4, at + 4 + length, SapientMessage.DESCRIPTOR):
            yield data[max(0, start - 8) : start], data[start:end]
        at += 4 + length


def _places(data: bytes, at: int, end: int, descriptor: Descriptor) -> Iterator[tuple[int, int]]:
    while at < end:
        tag, at = _varint(data, at)
        field = descriptor.fields_by_number[tag >> 3]
        if tag & 7 == 2:
            size, start = _varint(data, at)
            at = start + size
            wanted = field.GetOptions().Extensions[options.field_options]
            if field.message_type:
                yield from _places(data, start, at, field.message_type)
            elif wanted.is_ulid or wanted.is_uuid or field.type == FieldDescriptor.TYPE_ENUM:
                yield start, at
        else:
            start, at = at, _varint(data, at)[1] if tag & 7 == 0 else at + (8 if tag & 7 == 1 else 4)
            if field.name not in ("acceptance", "level"):
                yield start, at


def _varint(data: bytes, at: int) -> tuple[int, int]:
    number = shift = 0
    while True:
        number |= (data[at] & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if data[at - 1] < 0x80:
            return number, at


_WRONG = WRONG | {
    "taskId": ["not-a-ulid", ""],
    "alertId": ["not-a-ulid", "", _ulid("Z09")],
    "regionId": ["not-a-ulid", ""],
    "control": ["NO_SUCH", 99],
    "taskStatus": ["NO_SUCH", 99],
    "alertAckStatus": ["NO_SUCH", 99],
    "alertType": ["NO_SUCH", 99],
    "azimuth": [361.0, -181.0, "NaN"],
    "elevation": [91.0, -91.0],
    "range": [-1.0, 1_100_000.0],
    "level": [0, 3],
}


def _variants() -> Iterator[Variant]:
    for variant in of_json(session(), lines, _allowed, _WRONG):
        if not variant.name.startswith("0: "):  # the first session changes a registration in every way
            yield variant
    messages = session()
    orders = [number for number, one in enumerate(messages) if "task" in one]
    start, stop = orders
    other = copy.deepcopy(messages)
    other[start]["task"]["command"] = {"modeChange": "Default"}
    yield Variant("a command that is not registered", lines(other))
    other = copy.deepcopy(messages)
    other[start]["task"]["region"][0]["type"] = "REGION_TYPE_BOUNDARY"
    yield Variant("a region that is not registered", lines(other))
    yield Variant("a stop of what never started", lines([*messages[:start], *messages[start + 2 : stop + 1]]))
    for status in ("ACCEPTED", "REJECTED", "COMPLETED", "FAILED"):
        answer = {"taskId": _TASK, "taskStatus": f"TASK_STATUS_{status}", "reason": ["SYN"]}
        late = {**messages[stop + 1], "taskAck": answer}
        yield Variant(f"{status} after the end", lines([*messages[: stop + 2], late, *messages[stop + 2 :]]))
        early = {**messages[start + 1], "taskAck": answer}
        is_open = status in ("ACCEPTED", "COMPLETED")
        again = [*messages[: start + 2], early, *messages[start + 2 :]]
        yield Variant(f"{status} after it was accepted", lines(again), is_open or status == "FAILED")
    yield Variant("an alert is taken note of before it is raised", lines([*messages[:6], messages[7], *messages[6:]]))


def _allowed(path: str, what: str) -> bool:
    """What sub-classes are called is the node's own."""
    inner = "detectionReport.classification.subClass"
    names = (f"{inner}.type", f"{inner}.subClass.type")
    return (what == "as 'NO_SUCH_CLASS'" and path in names) or allowed(path, what)
