"""A session of our own making: one radar node registers, reports its status, detects and says goodbye."""

from __future__ import annotations

from collections.abc import Sequence

from google.protobuf import json_format
from sapient_msg.bsi_flex_335_v2_0.sapient_message_pb2 import SapientMessage

from skypact.conformance.sapient.wire import framed
from skypact.conformance.standard import Sample

NODE = "3f0c9a52-6d1e-4b7a-9c35-8e21d47f60b1"
COMMAND = "b7c4d9e0-1a2b-4c3d-8e4f-5a6b7c8d9e0f"

_DURATION = {"units": "TIME_UNITS_SECONDS", "value": 5}
_POSITION = {"locationUnits": "LOCATION_COORDINATE_SYSTEM_LAT_LNG_DEG_M", "locationDatum": "LOCATION_DATUM_WGS84_E"}
_REGISTRATION = {
    "nodeDefinition": [{"nodeType": "NODE_TYPE_RADAR"}],
    "icdVersion": "BSI Flex 335 v2.0",
    "capabilities": [{"category": "Radar", "type": "Sectors"}],
    "statusDefinition": {"statusInterval": _DURATION},
    "modeDefinition": [
        {
            "modeName": "Default",
            "modeType": "MODE_TYPE_DEFAULT",
            "settleTime": _DURATION,
            "detectionDefinition": [
                {
                    "locationType": _POSITION,
                    "velocityType": {
                        "enuVelocityUnits": {"eastNorthRateUnits": "SPEED_UNITS_MS"},
                        "locationDatum": "LOCATION_DATUM_WGS84_E",
                    },
                    "detectionClassDefinition": [{"classDefinition": [{"type": "Air Vehicle"}]}],
                }
            ],
            "task": {
                "concurrentTasks": 1,
                "regionDefinition": {"regionType": ["REGION_TYPE_AREA_OF_INTEREST"], "regionArea": [_POSITION]},
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
        (NODE, COMMAND, {"registration": _REGISTRATION}),
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


def samples() -> Sequence[Sample]:
    return [Sample(stream())]
