"""A session of our own making: one radar node registers, reports its status, detects and says goodbye."""

from __future__ import annotations

import json
import re
import struct
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from google.protobuf import json_format
from google.protobuf.descriptor import Descriptor
from google.protobuf.timestamp_pb2 import Timestamp
from sapient_msg import proto_options_pb2 as options
from sapient_msg.bsi_flex_335_v2_0.sapient_message_pb2 import SapientMessage

from skypact.conformance.sapient.wire import framed
from skypact.conformance.standard import Sample, Variant
from skypact.conformance.variants import of_json

NODE = "3f0c9a52-6d1e-4b7a-9c35-8e21d47f60b1"
COMMAND = "b7c4d9e0-1a2b-4c3d-8e4f-5a6b7c8d9e0f"

DURATION = {"units": "TIME_UNITS_SECONDS", "value": 5}
POSITION = {"locationUnits": "LOCATION_COORDINATE_SYSTEM_LAT_LNG_DEG_M", "locationDatum": "LOCATION_DATUM_WGS84_E"}
REGISTRATION = {
    "nodeDefinition": [{"nodeType": "NODE_TYPE_RADAR"}],
    "icdVersion": "BSI Flex 335 v2.0",
    "capabilities": [{"category": "Radar", "type": "Sectors"}],
    "statusDefinition": {"statusInterval": DURATION},
    "modeDefinition": [
        {
            "modeName": "Default",
            "modeType": "MODE_TYPE_DEFAULT",
            "settleTime": DURATION,
            "detectionDefinition": [
                {
                    "locationType": POSITION,
                    "velocityType": {
                        "enuVelocityUnits": {"eastNorthRateUnits": "SPEED_UNITS_MS"},
                        "locationDatum": "LOCATION_DATUM_WGS84_E",
                    },
                    "detectionClassDefinition": [{"classDefinition": [{"type": "Air Vehicle"}]}],
                }
            ],
            "task": {
                "concurrentTasks": 1,
                "regionDefinition": {"regionType": ["REGION_TYPE_AREA_OF_INTEREST"], "regionArea": [POSITION]},
            },
        }
    ],
    "configData": [{"manufacturer": "SYN Sensors", "model": "SYN-R1"}],
}


def _status(number: int, system: str) -> dict:
    return {
        "reportId": f"01J8ZQ4V7K3M5N6P8R9S0T1V{number:02d}",
        "system": system,
        "info": "INFO_NEW",
        "mode": "Default",
    }


def _detection(number: int) -> dict:
    return {
        "reportId": f"01J8ZQ4V7K3M5N6P8R9S0T1W{number:02d}",
        "objectId": "01J8ZQ4V7K3M5N6P8R9S0T1X00",
        "location": {
            "x": 127.0212 + number * 1e-4,
            "y": 37.5431,
            "z": 164.0,
            "xError": 5.0,
            "yError": 5.0,
            "coordinateSystem": "LOCATION_COORDINATE_SYSTEM_LAT_LNG_DEG_M",
            "datum": "LOCATION_DATUM_WGS84_E",
        },
        "detectionConfidence": 0.9,
        "classification": [{"type": "Air Vehicle", "confidence": 0.8}],
        "enuVelocity": {"eastRate": 8.8, "northRate": 0.0},
    }


def session() -> list[dict]:
    """The messages as JSON objects, one second apart."""
    contents = [
        (NODE, COMMAND, {"registration": REGISTRATION}),
        (COMMAND, NODE, {"registrationAck": {"acceptance": True}}),
        (NODE, COMMAND, {"statusReport": _status(1, "SYSTEM_OK")}),
        (NODE, COMMAND, {"detectionReport": _detection(1)}),
        (NODE, COMMAND, {"detectionReport": _detection(2)}),
        (NODE, COMMAND, {"statusReport": _status(2, "SYSTEM_GOODBYE")}),
    ]
    return [
        {"timestamp": f"2026-03-02T10:00:{second:02d}Z", "nodeId": sender, "destinationId": receiver, **content}
        for second, (sender, receiver, content) in enumerate(contents)
    ]


def stream() -> bytes:
    """The session as it goes over TCP."""
    return b"".join(framed(json_format.ParseDict(message, SapientMessage())) for message in session())


#: Codes of the session on the wire, each after the bytes before it: node type, units of time, mode type, number of
#: tasks, region type, coordinate system, state of the system. Another defined code is as good.
_CODES = (
    (b"\x0a\x02\x08", b"\x02"),
    (b"\x0a\x07\x08", b"\x04"),
    (b"\x22\x07\x08", b"\x04"),
    (b"Default\x10", b"\x03"),
    (b"\x5a\x0d\x08", b"\x01"),
    (b"\x12\x09\x0a\x01", b"\x01"),
    (b"\x1a\x04\x08", b"\x01"),
    (b"T1V01\x10", b"\x01"),
    (b"T1V02\x10", b"\x05"),
)


def samples() -> Sequence[Sample]:
    numbers = [127.0212 + number * 1e-4 for number in (1, 2)] + [37.5431, 164.0, 5.0, 8.8, 0.0]
    opened = [struct.pack("<d", number) for number in numbers] + [struct.pack("<f", one) for one in (0.9, 0.8, 5.0)]
    said = [message["timestamp"] for message in session()]
    seconds = [round(datetime.fromisoformat(one).timestamp()) for one in said]
    opened += [Timestamp(seconds=one).SerializeToString() for one in seconds]
    opened += [*re.findall(rb"01J8[0-9A-Z]{22}", stream()), COMMAND.encode(), NODE.encode()]
    return [
        Sample(
            stream(),
            text=(b"Radar", b"Sectors", b"SYN Sensors", b"SYN-R1"),
            open=(*opened, *_CODES),
            claim="BSI Flex 335 v2.0",
            variants=_variants,
        )
    ]


WRONG: dict[str, list[Any]] = {
    "timestamp": ["1999-03-02T10:00:00Z", "yesterday", ""],
    "nodeId": ["not-a-uuid", "", 7],
    "destinationId": ["not-a-uuid", 7],
    "reportId": ["not-a-ulid", "", "81J8ZQ4V7K3M5N6P8R9S0T1V01"],
    "objectId": ["not-a-ulid", ""],
    "icdVersion": ["BSI Flex 335 v1.0", "2"],
    "x": [181.0, -181.0, "NaN", "Infinity"],
    "y": [91.0, -91.0, "NaN"],
    "xError": [-1.0, "NaN"],
    "coordinateSystem": ["NO_SUCH", 99, "LOCATION_COORDINATE_SYSTEM_UTM_M"],
    "datum": ["NO_SUCH", 99],
    "detectionConfidence": [1.5, -0.1],
    "confidence": [1.5, -0.1],
    "type": ["NO_SUCH_CLASS"],
    "system": ["NO_SUCH", 99],
    "info": ["NO_SUCH", 99],
    "mode": ["NO_SUCH_MODE"],
    "eastRate": [4_000.0, "NaN"],
    "nodeType": ["NO_SUCH", 99],
    "modeType": ["NO_SUCH", 99],
    "units": ["NO_SUCH", 99],
    "locationUnits": ["NO_SUCH", 99],
    "locationDatum": ["NO_SUCH", 99],
}


def lines(documents: Sequence[Any]) -> bytes:
    return b"\n".join(json.dumps(one).encode() for one in documents)


def _variants() -> Iterator[Variant]:
    yield from of_json(session(), lines, allowed, WRONG)
    messages = session()
    yield Variant("detection before the registration", lines([messages[3], *messages]))
    yield Variant("after the goodbye", lines([*messages, {**messages[3], "timestamp": "2026-03-02T10:00:09Z"}]))
    refused = {**messages[1], "registrationAck": {"acceptance": False}}
    yield Variant("refused", lines([messages[0], refused, *messages[2:]]))
    yield Variant("the clock runs back", lines([messages[0], messages[1], messages[3], messages[2], *messages[4:]]))
    yield Variant("one report twice", lines([*messages[:4], messages[3], *messages[4:]]))


def allowed(path: str, what: str) -> bool:
    """What the definitions call optional may be left out; a type is only told where a node must keep to it."""
    parts = path.split(".")
    if what == "left out":
        return not _mandatory(parts)
    # Names of capabilities, and what a class is called where it is announced, are the node's own.
    own = ("registration.capabilities.type", "registration.modeDefinition.modeName")
    return what == "as 'NO_SUCH_CLASS'" and path in own


def _mandatory(parts: list[str]) -> bool:
    """Whether the definitions ask for the field: itself, or as the only one of a choice."""
    descriptor: Descriptor | None = SapientMessage.DESCRIPTOR
    asked = False
    for part in parts:
        if descriptor is None:
            return False
        field = next(one for one in descriptor.fields if one.camelcase_name == part)
        asked = field.GetOptions().Extensions[options.field_options].is_mandatory
        if field.containing_oneof:
            asked |= field.containing_oneof.GetOptions().Extensions[options.oneof_options].is_mandatory
        descriptor = field.message_type
    return asked
