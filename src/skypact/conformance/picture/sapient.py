"""SAPIENT: detection reports of BSI Flex 335 v2, as a place or as range and azimuth from the node."""

from __future__ import annotations

import math
from collections.abc import Iterator

from pyproj import Transformer
from sapient_msg.bsi_flex_335_v2_0 import location_pb2, range_bearing_pb2
from sapient_msg.bsi_flex_335_v2_0.sapient_message_pb2 import SapientMessage

from skypact.conformance.picture.observation import Gathered, Observation, Polar, Site, finite
from skypact.conformance.picture.reading import Reading, parts
from skypact.conformance.sapient import wire

_RADIANS = (
    range_bearing_pb2.RANGE_BEARING_COORDINATE_SYSTEM_RADIANS_M,
    range_bearing_pb2.RANGE_BEARING_COORDINATE_SYSTEM_RADIANS_KM,
)
_KILOMETRES = (
    range_bearing_pb2.RANGE_BEARING_COORDINATE_SYSTEM_DEGREES_KM,
    range_bearing_pb2.RANGE_BEARING_COORDINATE_SYSTEM_RADIANS_KM,
)


def read(data: bytes, reading: Reading, into: Gathered) -> None:
    messages = list(_messages(data, into))
    for message, _ in messages:
        status = message.status_report
        if status.HasField("node_location"):
            place = _degrees(status.node_location)
            if place is not None:
                site = Site(*place, status.node_location.z)
                reading.learned.learn(reading.learned.sites, message.node_id, site)
    for message, arrival_s in messages:
        if message.WhichOneof("content") == "detection_report":
            source = f"SAPIENT {message.node_id}"
            into.formats[source] = "SAPIENT BSI Flex 335 v2.0"
            _detection(source, message, arrival_s, reading, into)


def _messages(data: bytes, into: Gathered) -> Iterator[tuple[SapientMessage, float | None]]:
    for part, arrival_s in parts(data, "SAPIENT", into):
        for message in wire.read(part):
            if isinstance(message, str):
                into.leave_out("SAPIENT", "a message that cannot be read")
            else:
                yield message, arrival_s


def _detection(source: str, message: SapientMessage, arrival_s: float | None, reading: Reading, into: Gathered) -> None:
    detection = message.detection_report
    if not message.HasField("timestamp"):
        into.leave_out(source, "no time")
        return
    moving, velocity = detection.HasField("enu_velocity"), detection.enu_velocity
    east, north = (velocity.east_rate, velocity.north_rate) if moving else (None, None)
    said: dict[str, object] = {}
    if detection.HasField("location"):
        place = _degrees(detection.location)
        if place is None:
            into.leave_out(source, "a position that is no finite number, or in a zone that is none")
            return
        where = detection.location
        errors = [error for error in (where.x_error, where.y_error) if error > 0]
        # In degrees the errors' unit is not said by the standard; a sensor means metres.
        said = {"longitude_deg": place[0], "latitude_deg": place[1], "sigma_m": max(errors, default=None)}
        if where.HasField("z") and finite(where.z):
            said["height_m"] = _above_ellipsoid(where, reading)
    elif detection.HasField("range_bearing"):
        polar = _polar(detection.range_bearing, reading)
        if polar is None:
            into.leave_out(source, "an azimuth without range, or not from true north")
            return
        site = reading.site(message.node_id)
        if site is None:
            into.leave_out(source, "range and azimuth, and the node's place is unknown")
            return
        said = {"polar": polar, "site": site}
    else:
        into.leave_out(source, "a detection without a place")
        return
    into.observations.append(
        Observation(
            source=source,
            time_s=message.timestamp.seconds + message.timestamp.nanos / 1e9,
            east_m_s=east if finite(east, north) else None,
            north_m_s=north if finite(east, north) else None,
            identity=detection.id or None,
            number=detection.object_id or None,
            arrival_s=arrival_s,
            **said,
        )
    )


def _degrees(where: location_pb2.Location) -> tuple[float, float] | None:
    """Longitude and latitude; ``None`` for what is no place."""
    if not finite(where.x, where.y):
        return None
    if where.coordinate_system == location_pb2.LOCATION_COORDINATE_SYSTEM_LAT_LNG_RAD_M:
        return math.degrees(where.x), math.degrees(where.y)
    if where.coordinate_system == location_pb2.LOCATION_COORDINATE_SYSTEM_UTM_M:
        zone, band = where.utm_zone[:-1], where.utm_zone[-1:]
        if not zone.isdecimal() or not 1 <= int(zone) <= 60 or not "C" <= band <= "X":
            return None
        code = (32_600 if band >= "N" else 32_700) + int(zone)
        found = Transformer.from_crs(code, 4326, always_xy=True).transform(where.x, where.y)
        return found if finite(*found) else None
    return where.x, where.y


def _above_ellipsoid(where: location_pb2.Location, reading: Reading) -> float | None:
    if where.datum == location_pb2.LOCATION_DATUM_WGS84_E:
        return where.z
    return reading.above_ellipsoid(where.z) if where.datum == location_pb2.LOCATION_DATUM_WGS84_G else None


def _polar(said: range_bearing_pb2.RangeBearing, reading: Reading) -> Polar | None:
    if not (said.HasField("range") and said.HasField("azimuth")) or not finite(said.range, said.azimuth):
        return None
    if said.datum != range_bearing_pb2.RANGE_BEARING_DATUM_TRUE:
        return None
    angle = math.degrees(1.0) if said.coordinate_system in _RADIANS else 1.0
    length = 1_000.0 if said.coordinate_system in _KILOMETRES else 1.0
    return Polar(
        said.range * length,
        said.azimuth * angle,
        said.elevation * angle if said.HasField("elevation") and finite(said.elevation) else None,
        said.range_error * length if said.range_error > 0 else reading.slant_sigma_m,
        said.azimuth_error * angle if said.azimuth_error > 0 else reading.bearing_sigma_deg,
        not (said.range_error > 0 and said.azimuth_error > 0),
    )
