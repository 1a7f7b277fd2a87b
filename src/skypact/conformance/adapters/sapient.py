"""SAPIENT, BSI Flex 335 v2: a detection report in latitude, longitude and metres.

Only fields that the standard itself defines are used. Lists of names and values (``object_info``) could carry more
between two parties that agree on the names.
"""

from __future__ import annotations

import hashlib
import math

from google.protobuf.message import DecodeError
from sapient_msg.bsi_flex_335_v2_0 import location_pb2
from sapient_msg.bsi_flex_335_v2_0.sapient_message_pb2 import SapientMessage
from sapient_msg.bsi_flex_335_v2_0.velocity_pb2 import ENUVelocity

from skypact.conformance.adapters.state import UasState

#: Who reports, where the caller has no node of his own: the zero UUID of version 4.
NODE = "00000000-0000-4000-8000-000000000000"
_DEGREES = location_pb2.LOCATION_COORDINATE_SYSTEM_LAT_LNG_DEG_M
_BASE_32 = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def read(data: bytes, heard_s: float) -> UasState:
    """A detection report as protobuf; its time is whole, so ``heard_s`` is not needed.

    Raises ``ValueError`` for bytes that are none, and for a place that is not in finite degrees.
    """
    try:
        message = SapientMessage.FromString(data)
    except DecodeError as error:
        raise ValueError(f"not a SAPIENT message: {error}") from None
    detection = message.detection_report
    where, velocity = detection.location, detection.enu_velocity
    if not detection.HasField("location") or where.coordinate_system != _DEGREES:
        raise ValueError("accepted: a detection report with a location in degrees and metres")
    if not all(math.isfinite(one) for one in (where.x, where.y, where.z, *_rates(velocity))):
        raise ValueError("a coordinate or a rate is no finite number")
    altitude = where.z if where.HasField("z") else None
    on_ellipsoid = where.datum == location_pb2.LOCATION_DATUM_WGS84_E
    moving = detection.HasField("enu_velocity")
    return UasState(
        time_s=message.timestamp.seconds + message.timestamp.nanos / 1e9 if message.HasField("timestamp") else None,
        serial_number=detection.id or None,
        latitude_deg=where.y,
        longitude_deg=where.x,
        altitude_hae_m=altitude if on_ellipsoid else None,
        altitude_amsl_m=None if on_ellipsoid else altitude,
        east_m_s=velocity.east_rate if moving else None,
        north_m_s=velocity.north_rate if moving else None,
        climb_m_s=velocity.up_rate if moving and velocity.HasField("up_rate") else None,
    )


def _rates(velocity: ENUVelocity) -> tuple[float, float, float]:
    return velocity.east_rate, velocity.north_rate, velocity.up_rate


def write(state: UasState, node: str = NODE) -> bytes:
    """A detection report as protobuf. Raises ``ValueError`` for a state without position or time."""
    if state.latitude_deg is None or state.longitude_deg is None or state.time_s is None:
        raise ValueError("a detection report needs a position and a time")
    message = SapientMessage(node_id=node)
    seconds = math.floor(state.time_s)
    message.timestamp.seconds, message.timestamp.nanos = seconds, round((state.time_s - seconds) * 1e9) % 10**9
    detection = message.detection_report
    who = state.serial_number or f"{state.latitude_deg} {state.longitude_deg}"
    detection.object_id = ulid(0.0, who)
    detection.report_id = ulid(state.time_s, who)
    detection.location.x, detection.location.y = state.longitude_deg, state.latitude_deg
    detection.location.coordinate_system = _DEGREES
    detection.location.datum = location_pb2.LOCATION_DATUM_WGS84_E
    if state.altitude_hae_m is not None:
        detection.location.z = state.altitude_hae_m
    elif state.altitude_amsl_m is not None:
        detection.location.z = state.altitude_amsl_m
        detection.location.datum = location_pb2.LOCATION_DATUM_WGS84_G
    if state.serial_number is not None:
        detection.id = state.serial_number
    if state.east_m_s is not None and state.north_m_s is not None:
        detection.enu_velocity.east_rate, detection.enu_velocity.north_rate = state.east_m_s, state.north_m_s
        if state.climb_m_s is not None:
            detection.enu_velocity.up_rate = state.climb_m_s
    detection.classification.add(type="Air Vehicle")
    return message.SerializeToString()


def ulid(time_s: float, who: str) -> str:
    """48 bits of time in milliseconds and 80 bits of a hash of who is meant: the same object keeps its id."""
    number = (round(time_s * 1_000) & (1 << 48) - 1) << 80
    number |= int.from_bytes(hashlib.sha256(who.encode()).digest()[:10], "big")
    return "".join(_BASE_32[number >> shift & 31] for shift in range(125, -1, -5))
