"""MAVLink: an aircraft's own estimate of where it is, and the Remote ID that its transmitter says, as two sources.

``GLOBAL_POSITION_INT`` counts milliseconds since the autopilot started; ``SYSTEM_TIME`` tells when that was. Without
one the arrival is its time, and no latency is told. ``OPEN_DRONE_ID_LOCATION`` counts seconds of the hour, and so do
the location messages in an ``OPEN_DRONE_ID_MESSAGE_PACK``.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping
from dataclasses import replace

from skypact.conformance.adapters import f3411
from skypact.conformance.adapters.f3411 import HORIZONTAL_M
from skypact.conformance.adapters.state import nearest
from skypact.conformance.mavlink.definitions import LAYOUTS, Value
from skypact.conformance.mavlink.frames import Frame
from skypact.conformance.mavlink.frames import read as frames
from skypact.conformance.picture.observation import Gathered, Observation
from skypact.conformance.picture.reading import Reading, velocity
from skypact.conformance.picture.remote_id import FROM_SIGMA_TO_95, NO_HOUR, look
from skypact.conformance.remote_id.messages import PACK, SIZE, NoMessageError, messages

FORMAT = "MAVLink"
FORMAT_ID = "Open Drone ID over MAVLink"
_SYSTEM_TIME, _GPS_RAW_INT, _GLOBAL_POSITION_INT = 2, 24, 33
_BASIC_ID, _LOCATION, _MESSAGE_PACK = 12900, 12901, 12915
_ID = "Open Drone ID "
_HOUR_S = 3_600.0
_UNKNOWN_M = -1_000.0
_UNKNOWN_COURSE, _UNKNOWN_SPEED = 36_100, 25_500
_SERIAL = 1


def read(data: bytes, label: str, reading: Reading, into: Gathered) -> None:
    """One link is one source; its systems are told apart by their numbers."""
    source = f"MAVLink {label}"
    into.formats[source] = FORMAT
    for frame in frames(data):
        if isinstance(frame, str):
            into.leave_out(source, "bytes that are no whole frame")
            continue
        into.counting[source].count(f"{frame.system}/{frame.component}", frame.sequence)
        name = f"{source} {frame.system}"
        if frame.message == _SYSTEM_TIME:
            whole_us, boot_ms = struct.unpack_from("<QI", frame.payload.ljust(12, b"\0"))
            if whole_us:  # zero until the aircraft knows the time
                reading.learned.learn(reading.learned.times, name, whole_us / 1e6 - boot_ms / 1e3)
                reading.learned.learn(reading.learned.times, f"{name} now", whole_us / 1e6)
        elif frame.message == _GPS_RAW_INT:
            (accuracy_mm,) = struct.unpack_from("<I", frame.payload.ljust(52, b"\0"), 34)
            if accuracy_mm:
                reading.learned.learn(reading.learned.accuracies, name, accuracy_mm / 1e3)
        elif frame.message == _GLOBAL_POSITION_INT:
            _position(source, name, frame, reading, into)
        elif frame.message in (_BASIC_ID, _LOCATION):
            _remote_id(f"{_ID}{label}", frame, reading, into)
        elif frame.message == _MESSAGE_PACK:
            _pack(f"{_ID}{label}", frame, reading, into)


def _position(source: str, name: str, frame: Frame, reading: Reading, into: Gathered) -> None:
    boot_ms, latitude, longitude, sea_mm, _, north, east, _, _ = struct.unpack_from(
        "<I4i3hH", frame.payload.ljust(28, b"\0")
    )
    started_s = reading.learned.times.get(name)
    time_s = frame.time_s if started_s is None else started_s + boot_ms / 1e3
    if time_s is None:
        time_s = reading.arrival_s
    if time_s is None:
        into.leave_out(source, "a time since the start, and nothing that tells the start")
        return
    if not latitude and not longitude:
        into.leave_out(source, "the position is unknown to the aircraft")
        return
    into.observations.append(
        Observation(
            source=source,
            time_s=time_s,
            longitude_deg=longitude / 1e7,
            latitude_deg=latitude / 1e7,
            sigma_m=reading.learned.accuracies.get(name),
            height_m=reading.above_ellipsoid(sea_mm / 1e3),
            east_m_s=east / 100,
            north_m_s=north / 100,
            identity=reading.learned.serials.get(f"{_ID}{source.removeprefix('MAVLink ')} {frame.system}"),
            number=str(frame.system),
            arrival_s=None if started_s is None else frame.time_s,
        )
    )


def _remote_id(source: str, frame: Frame, reading: Reading, into: Gathered) -> None:
    """What the aircraft itself says has no address; what a receiver passes on has the transmitter's."""
    said = LAYOUTS[frame.message].decode(frame.payload)
    transmitter = _transmitter(said, frame)
    if frame.message == _BASIC_ID:
        text = bytes(_whole(said["uas_id"])).rstrip(b"\0").decode("ascii", "replace")
        if said["id_type"] == _SERIAL and text:
            reading.learned.learn(reading.learned.serials, f"{source} {transmitter}", text)
        return
    into.formats[source] = FORMAT_ID
    about_s = _about_s(source, frame, reading)
    after_hour = float(_number(said["timestamp"]))
    latitude, longitude = _number(said["latitude"]), _number(said["longitude"])
    if about_s is None:
        into.leave_out(source, NO_HOUR)
    elif not 0 <= after_hour <= _HOUR_S:
        into.leave_out(source, "no time")
    elif not latitude and not longitude:
        into.leave_out(source, "the position is unknown to the aircraft")
    else:
        accuracy = HORIZONTAL_M.get(int(_number(said["horizontal_accuracy"])))
        height, speed, course = (_number(said[name]) for name in ("altitude_geodetic", "speed_horizontal", "direction"))
        moving = speed != _UNKNOWN_SPEED and course < _UNKNOWN_COURSE
        east, north = velocity(speed / 100, course / 100) if moving else (None, None)
        into.observations.append(
            Observation(
                source=source,
                time_s=nearest(about_s, after_hour, _HOUR_S),
                longitude_deg=longitude / 1e7,
                latitude_deg=latitude / 1e7,
                sigma_m=None if accuracy is None else accuracy / FROM_SIGMA_TO_95,
                height_m=height if height > _UNKNOWN_M else None,
                east_m_s=east,
                north_m_s=north,
                identity=reading.learned.serials.get(f"{source} {transmitter}"),
                number=transmitter,
                arrival_s=frame.time_s,
            )
        )


def _pack(source: str, frame: Frame, reading: Reading, into: Gathered) -> None:
    """A pack holds messages of ASTM F3411 as they are broadcast."""
    said = LAYOUTS[frame.message].decode(frame.payload)
    count, held = int(_number(said["msg_pack_size"])), bytes(_whole(said["messages"]))
    packed = bytes([PACK << 4 | held[0] & 0x0F, int(_number(said["single_message_size"])), count])
    packed += held[: SIZE * count]
    into.formats[source] = FORMAT_ID
    about_s = _about_s(source, frame, reading)
    try:
        located = any(one.kind == "location" for one in messages(packed))
        state = f3411.read(packed, about_s or 0.0)
    except NoMessageError:
        into.leave_out(source, "a pack that holds no messages of ASTM F3411")
        return
    transmitter = _transmitter(said, frame)
    if state.serial_number:
        reading.learned.learn(reading.learned.serials, f"{source} {transmitter}", state.serial_number)
    if not located:
        return
    seen = look(state, source, transmitter, frame.time_s) if about_s is not None else NO_HOUR
    if isinstance(seen, str):
        into.leave_out(source, seen)
    else:
        into.observations.append(replace(seen, identity=reading.learned.serials.get(f"{source} {transmitter}")))


def _transmitter(said: Mapping[str, Value], frame: Frame) -> str:
    return bytes(_whole(said["id_or_mac"])).rstrip(b"\0").hex() or str(frame.system)


def _about_s(source: str, frame: Frame, reading: Reading) -> float | None:
    """A moment by which the hour is known: the arrival, what the aircraft's clock told, or the other recordings."""
    if frame.time_s is not None:
        return frame.time_s
    return reading.learned.times.get(f"MAVLink {source.removeprefix(_ID)} {frame.system} now", reading.about_s)


def _number(value: Value) -> float:
    return float(value) if isinstance(value, int | float) else 0.0


def _whole(value: Value) -> tuple[int, ...]:
    return value if isinstance(value, tuple) else ()
