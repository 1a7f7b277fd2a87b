"""A scene of our own making: two drones, four sensors of four standards, and the ways in which one of them can lie.

The radar (CAT048, its place in CAT034) and the SAPIENT node see both drones, the TAK gateway passes both on, and the
first drone broadcasts Remote ID. Four more come on demand: the first drone's autopilot (MAVLink) and its flight at a
network provider, a receiver of ADS-B of both (CAT021), and the second drone's camera (ST 0601). All of it goes through
the wire formats, as recordings.
"""

from __future__ import annotations

import json
import math
import random
import struct
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import count
from xml.etree.ElementTree import Element, SubElement  # building only

from pyproj import Geod
from sapient_msg.bsi_flex_335_v2_0.sapient_message_pb2 import SapientMessage

from skypact.conformance.adapters import f3411, sapient
from skypact.conformance.adapters.state import UasState
from skypact.conformance.asterix.samples import block
from skypact.conformance.cot import tak
from skypact.conformance.klv.packets import packet
from skypact.conformance.mavlink.definitions import LAYOUTS, Value
from skypact.conformance.mavlink.frames import frame_bytes
from skypact.conformance.picture.matching import Cause
from skypact.conformance.picture.report import MADE_UP
from skypact.conformance.standard import Recording

START_S = 1_772_445_600.0
CENTRE = (127.02, 37.54)
RADAR_HEIGHT_M = 80.0
SERIALS = (f"{MADE_UP}0000000000ALPHA", f"{MADE_UP}0000000000BRAVO")
NODE = "3f0c9a52-6d1e-4b7a-9c35-8e21d47f60b1"
SOURCES = ("CAT048 25/201", f"SAPIENT {NODE}", "CoT gateway", "Remote ID receiver")
_EARTH = Geod(ellps="WGS84")
_NAUTICAL_MILE_M, _FOOT_M = 1_852.0, 0.3048
_TURN_S = 2.5
#: Of the scene with more formats, after those above.
MORE_SOURCES = (*SOURCES, "MAVLink autopilot", "network Remote ID provider", "CAT021 25/204", "KLV camera")
#: Standard deviations of the positions, m.
_CHANNELS = {"sapient": 4.0, "cot": 12.0, "remote_id": 3.0, "mavlink": 2.0, "network": 4.0, "adsb": 5.0, "klv": 10.0}
#: The geoid is taken to be the ellipsoid here: a height above the sea needs ``undulation_m`` = 0 to be compared.
_STARTED_S = 500.0


@dataclass(frozen=True)
class Path:
    """A circle flown at constant speed, climbing: metres east and north of ``CENTRE``, radians, seconds."""

    east_m: float
    north_m: float
    radius_m: float
    speed_m_s: float
    phase: float
    sense: int
    height_m: float
    climb_m_s: float

    def at(self, second: float) -> tuple[float, float, float, float, float]:
        """East, north, height; velocity east, north."""
        angle = self.phase + self.sense * self.speed_m_s * second / self.radius_m
        return (
            self.east_m + self.radius_m * math.cos(angle),
            self.north_m + self.radius_m * math.sin(angle),
            self.height_m + self.climb_m_s * second,
            -self.sense * self.speed_m_s * math.sin(angle),
            self.sense * self.speed_m_s * math.cos(angle),
        )


@dataclass(frozen=True)
class Scene:
    recordings: tuple[Recording, ...]
    paths: tuple[Path, ...]
    seconds: float
    start_s: float = START_S
    fault: Cause | None = None
    faulty: str | None = None
    """The source that lies."""

    def truth(self) -> dict[str, list[dict[str, object]]]:
        """Where the drones are, once a second, as a truth file says it."""
        objects: list[dict[str, object]] = []
        for serial, path in zip(SERIALS, self.paths, strict=True):
            seconds = range(int(self.seconds) + 1)
            positions = [(self.start_s + second, *_globe(*path.at(second)[:2])) for second in seconds]
            objects.append({"id": serial, "positions": positions})
        return {"objects": objects}


def make(
    seed: int,
    *,
    fault: Cause | None = None,
    size: float | None = None,
    seconds: float = 60.0,
    start_s: float = START_S,
    more: bool = False,
) -> Scene:
    """The same scene for the same seed. A fault goes to a source that can have it, drawn by the seed: with ``more``
    sources to one of those. ``size``: of a shift in metres or seconds, drawn too where it is not given.
    """
    draw = random.Random(seed)  # noqa: S311 (no secret)
    paths = tuple(_path(draw, side) for side in (-1, 1))
    lie = replace(_lie(draw, fault, size, _MORE if more else _FOUR), start_s=start_s)
    radar = _radar(draw, paths, seconds, lie)
    recordings: tuple[Recording, ...] = (
        Recording("radar.ast", radar),
        Recording("node.sapient", b"".join(_sapient(draw, paths, seconds, lie))),
        Recording("gateway.tak", b"".join(_cot(draw, paths, seconds, lie))),
        Recording("receiver.odid", b"".join(_remote_id(draw, paths, seconds, lie))),
    )
    if more:
        recordings += (
            Recording("autopilot.mavlink", b"".join(_mavlink(draw, paths, seconds, lie))),
            Recording("provider.json", b"\n".join(_network(draw, paths, seconds, lie))),
            Recording("adsb.ast", b"".join(_adsb(draw, paths, seconds, lie))),
            Recording("camera.klv", b"".join(_klv(draw, paths, seconds, lie))),
        )
    named = dict(zip((*_CARRIERS, *_MORE_CARRIERS), MORE_SOURCES, strict=True))
    return Scene(recordings, paths, seconds, start_s, fault, named.get(lie.where))


def crowd(drones: int, seconds: float, *, gateways: int = 4) -> tuple[Recording, ...]:
    """Many drones, each on its own circle, seen once a second by every gateway: for measuring time."""
    draw = random.Random(1)  # noqa: S311 (no secret)
    paths = [
        replace(_path(draw, 1), east_m=1_200.0 * (number % 4), north_m=1_200.0 * (number // 4))
        for number in range(drones)
    ]
    made = [
        b"".join(
            tak.framed(
                tak.to_message(event(*_seen(draw, path, second, 5.0, "cot", _Lie()), f"SYN-{number}", f"N{number}"))
            )
            for second in _moments(seconds, 0.2 * gateway, 1.0)
            for number, path in enumerate(paths)
        )
        for gateway in range(gateways)
    ]
    return tuple(Recording(f"gateway-{number}.tak", data) for number, data in enumerate(made, 1))


_CARRIERS = ("radar", "sapient", "cot", "remote_id")
_MORE_CARRIERS = ("mavlink", "network", "adsb", "klv")
_FOUR = {
    Cause.AXES: _CARRIERS[:3],
    Cause.PLACE: _CARRIERS,
    Cause.HEIGHT: _CARRIERS[1:],
    Cause.CLOCK: _CARRIERS,
    Cause.UNIT: _CARRIERS,
    Cause.IDENTITY: _CARRIERS[1:],
}
#: What each of the further sources can get wrong: only what its standard leaves to whoever fills it in.
_MORE = {
    Cause.AXES: ("mavlink", "network"),
    Cause.PLACE: _MORE_CARRIERS,
    Cause.HEIGHT: _MORE_CARRIERS,
    Cause.CLOCK: _MORE_CARRIERS,
    Cause.UNIT: ("mavlink", "network", "klv"),
    Cause.IDENTITY: ("network", "klv"),
}


@dataclass(frozen=True)
class _Lie:
    """When the scene begins, and what is wrong in it."""

    start_s: float = START_S
    where: str = ""
    kind: Cause | None = None
    east_m: float = 0.0
    north_m: float = 0.0
    up_m: float = 0.0
    later_s: float = 0.0

    def of(self, carrier: str, kind: Cause) -> bool:
        return self.where == carrier and self.kind is kind


def _path(draw: random.Random, side: int) -> Path:
    return Path(
        east_m=side * draw.uniform(500, 900),
        north_m=draw.uniform(-400, 400),
        radius_m=draw.uniform(250, 400),
        speed_m_s=draw.uniform(10, 20),
        phase=draw.uniform(0, 2 * math.pi),
        sense=draw.choice((-1, 1)),
        height_m=160 + 60 * (side > 0) + draw.uniform(0, 20),
        climb_m_s=draw.uniform(-0.3, 0.3),
    )


def _lie(draw: random.Random, fault: Cause | None, size: float | None, able: Mapping[Cause, Sequence[str]]) -> _Lie:
    """Sizes as they are met: a datum of the last century (100 to 450 m), an ellipsoid taken for the sea (20 to 60 m),
    leap seconds and hours."""
    course, far = draw.uniform(0, 2 * math.pi), draw.uniform(100, 450)
    up = draw.choice((-1, 1)) * draw.uniform(20, 60)
    later = draw.choice((-1, 1)) * draw.uniform(10, 40)
    where = draw.random()
    if fault is None:
        return _Lie()
    if size is not None:
        far, up, later = size, math.copysign(size, up), math.copysign(size, later)
    carrier = able[fault][int(where * len(able[fault]))]
    return _Lie(START_S, carrier, fault, far * math.cos(course), far * math.sin(course), up, later)


def _seen(
    draw: random.Random, path: Path, second: float, sigma_m: float, carrier: str, lie: _Lie
) -> tuple[UasState, float]:
    """A drone as a sensor knows it, and the time that the sensor says."""
    east, north, height, east_rate, north_rate = path.at(second)
    east, north = east + draw.gauss(0, sigma_m), north + draw.gauss(0, sigma_m)
    height += draw.gauss(0, 3.0)
    if lie.of(carrier, Cause.PLACE):
        east, north = east + lie.east_m, north + lie.north_m
    if lie.of(carrier, Cause.HEIGHT):
        height += lie.up_m
    if lie.of(carrier, Cause.UNIT):
        height /= _FOOT_M
    longitude, latitude = _globe(east, north)
    if lie.of(carrier, Cause.AXES):
        longitude, latitude = latitude, longitude
    time_s = lie.start_s + second + (lie.later_s if lie.of(carrier, Cause.CLOCK) else 0.0)
    state = UasState(
        time_s=time_s,
        latitude_deg=latitude,
        longitude_deg=longitude,
        altitude_hae_m=height,
        east_m_s=east_rate,
        north_m_s=north_rate,
        climb_m_s=path.climb_m_s,
    )
    return state, time_s


def _globe(east_m: float, north_m: float) -> tuple[float, float]:
    bearing, far = math.degrees(math.atan2(east_m, north_m)), math.hypot(east_m, north_m)
    longitude, latitude, _ = _EARTH.fwd(*CENTRE, bearing, far)
    return longitude, latitude


def _serial(number: int, carrier: str, lie: _Lie) -> str:
    return SERIALS[1 - number if lie.of(carrier, Cause.IDENTITY) else number]


def _moments(seconds: float, first: float, every: float) -> Iterator[float]:
    count = int((seconds - first) / every) + 1
    return (first + every * number for number in range(count))


def _radar(draw: random.Random, paths: tuple[Path, ...], seconds: float, lie: _Lie) -> bytes:
    """Three kilometres south of the centre, a turn in 2.5 s; 15 m in range, 0.2° in bearing."""
    site = _EARTH.fwd(*CENTRE, 180.0, 3_000.0)[:2]
    name = (("SAC", 25), ("SIC", 201))
    made = b""
    for turn in _moments(seconds, 0.0, _TURN_S):
        place = (("HGT", (RADAR_HEIGHT_M, "m")), ("LAT", (site[1], "°")), ("LON", (site[0], "°")))
        later = lie.later_s if lie.of("radar", Cause.CLOCK) else 0.0
        day_s = (lie.start_s + turn + later) % 86_400
        made += block(34, {"000": 1, "010": name, "030": (day_s, "s"), "120": place})
        for number, path in enumerate(paths):
            second = turn + 0.4 + 0.9 * number
            east, north, height, _, _ = path.at(second)
            if lie.of("radar", Cause.PLACE):
                east, north = east + lie.east_m, north + lie.north_m
            bearing, _, ground = _EARTH.inv(*site, *_globe(east, north))
            slant = math.hypot(ground, height - RADAR_HEIGHT_M) + draw.gauss(0, 15.0)
            bearing = (bearing + draw.gauss(0, 0.2)) % 360
            if lie.of("radar", Cause.AXES):
                bearing = (90 - bearing) % 360
            if lie.of("radar", Cause.UNIT):
                slant *= _NAUTICAL_MILE_M / 1_000  # kilometres in a field of nautical miles
            plot = {
                "010": name,
                "020": ((1, 0, 0, 0, 0, None),),
                "040": (("RHO", (slant / _NAUTICAL_MILE_M, "NM")), ("THETA", (bearing, "°"))),
                "090": (0, 0, ("FL", (height / _FOOT_M / 100, "FL"))),
                "140": ((day_s + second - turn) % 86_400, "s"),
                "161": (0, number + 1),
            }
            made += block(48, plot)
    return made


def _sapient(draw: random.Random, paths: tuple[Path, ...], seconds: float, lie: _Lie) -> Iterator[bytes]:
    for second in _moments(seconds, 0.2, 1.5):
        for number, path in enumerate(paths):
            state, _ = _seen(draw, path, second + 0.1 * number, _CHANNELS["sapient"], "sapient", lie)
            written = sapient.write(replace(state, serial_number=_serial(number, "sapient", lie)), NODE)
            message = SapientMessage.FromString(written)
            where = message.detection_report.location
            where.x_error = where.y_error = _CHANNELS["sapient"]
            body = message.SerializeToString()
            yield len(body).to_bytes(4, "little") + body


def _cot(draw: random.Random, paths: tuple[Path, ...], seconds: float, lie: _Lie) -> Iterator[bytes]:
    for second in _moments(seconds, 0.7, 4.0):
        for number, path in enumerate(paths):
            state, time_s = _seen(draw, path, second, _CHANNELS["cot"], "cot", lie)
            yield tak.framed(tak.to_message(event(state, time_s, f"SYN-{number}", _serial(number, "cot", lie))))


def event(state: UasState, time_s: float, uid: str, callsign: str, ce_m: float = _CHANNELS["cot"]) -> Element:
    """A drone as an event of Cursor on Target."""
    now, stale = _stamp(time_s), _stamp(time_s + 10)
    made = Element(
        "event",
        {"version": "2.0", "uid": uid, "type": "a-u-A-M-F-Q", "how": "m-f", "time": now, "start": now, "stale": stale},
    )
    place = {
        "lat": f"{state.latitude_deg:.7f}",
        "lon": f"{state.longitude_deg:.7f}",
        "hae": f"{state.altitude_hae_m:.1f}",
    }
    SubElement(made, "point", place | {"ce": f"{ce_m:.1f}", "le": "9999999.0"})
    detail = SubElement(made, "detail")
    SubElement(detail, "contact", {"callsign": callsign, "endpoint": ""})
    east, north = state.east_m_s or 0.0, state.north_m_s or 0.0
    course = math.degrees(math.atan2(east, north)) % 360
    SubElement(detail, "track", {"course": f"{course:.1f}", "speed": f"{math.hypot(east, north):.2f}"})
    return made


def _remote_id(draw: random.Random, paths: tuple[Path, ...], seconds: float, lie: _Lie) -> Iterator[bytes]:
    for second in _moments(seconds, 0.3, 1.0):
        state, _ = _seen(draw, paths[0], second, _CHANNELS["remote_id"], "remote_id", lie)
        serial = _serial(0, "remote_id", lie)
        yield f3411.write(
            replace(
                state, serial_number=serial, ua_type=2, status=2, horizontal_accuracy_m=10.0, vertical_accuracy_m=10.0
            )
        )


def _mavlink(draw: random.Random, paths: tuple[Path, ...], seconds: float, lie: _Lie) -> Iterator[bytes]:
    """Frames of one autopilot: the time once, its identity, and its position five times in two seconds."""
    numbers = count()

    def frame(name: int, payload: bytes) -> bytes:
        return frame_bytes(name, payload, sequence=next(numbers) % 256)

    started_s = lie.start_s - _STARTED_S + (lie.later_s if lie.of("mavlink", Cause.CLOCK) else 0.0)
    yield frame(0, LAYOUTS[0].encode({"type": 2, "autopilot": 3, "system_status": 4, "mavlink_version": 3}))
    yield frame(2, struct.pack("<QI", round((started_s + _STARTED_S) * 1e6), round(_STARTED_S * 1e3)))
    identity: dict[str, Value] = {
        "id_type": 1,
        "ua_type": 2,
        "uas_id": tuple(_serial(0, "mavlink", lie).encode().ljust(20, b"\0")),
    }
    yield frame(12900, LAYOUTS[12900].encode(identity))
    for second in _moments(seconds, 0.15, 0.4):
        state, _ = _seen(draw, paths[0], second, _CHANNELS["mavlink"], "mavlink", lie)
        yield frame(
            24, struct.pack("<QiiiHHHHBBiI", 0, 0, 0, 0, 0, 0, 0, 0, 3, 14, 0, round(_CHANNELS["mavlink"] * 1e3))
        )
        yield frame(
            33,
            struct.pack(
                "<I4i3hH",
                round((_STARTED_S + second) * 1e3),
                round((state.latitude_deg or 0) * 1e7),
                round((state.longitude_deg or 0) * 1e7),
                round((state.altitude_hae_m or 0) * 1e3),
                0,
                round((state.north_m_s or 0) * 100),
                round((state.east_m_s or 0) * 100),
                0,
                0xFFFF,
            ),
        )


def _network(draw: random.Random, paths: tuple[Path, ...], seconds: float, lie: _Lie) -> Iterator[bytes]:
    """Answers of a provider, one a second, and the flight's details."""
    flight = "SYN-FLIGHT-1"
    serial = _serial(0, "network", lie)
    yield json.dumps({"details": {"id": flight, "uas_id": {"serial_number": serial}}}).encode()
    for second in _moments(seconds, 0.5, 1.0):
        state, time_s = _seen(draw, paths[0], second, _CHANNELS["network"], "network", lie)
        east, north = state.east_m_s or 0.0, state.north_m_s or 0.0
        said = {
            "timestamp": {"value": _stamp(time_s), "format": "RFC3339"},
            "timestamp_accuracy": 0.1,
            "operational_status": "Airborne",
            "position": {
                "lat": round(state.latitude_deg or 0.0, 7),
                "lng": round(state.longitude_deg or 0.0, 7),
                "alt": round(state.altitude_hae_m or 0.0, 1),
                "accuracy_h": "HA10m",
                "accuracy_v": "VA10m",
            },
            "track": round(math.degrees(math.atan2(east, north)) % 360, 1) % 360,
            "speed": round(math.hypot(east, north) * 4) / 4,
            "speed_accuracy": "SA1mps",
            "vertical_speed": 0.0,
        }
        flights = [{"id": flight, "aircraft_type": "Helicopter", "current_state": said}]
        answered = {"value": _stamp(time_s + 0.4), "format": "RFC3339"}
        yield json.dumps({"timestamp": answered, "flights": flights}).encode()


def _adsb(draw: random.Random, paths: tuple[Path, ...], seconds: float, lie: _Lie) -> Iterator[bytes]:
    """Reports of both drones by a ground station, every second."""
    for second in _moments(seconds, 0.6, 1.0):
        for number, path in enumerate(paths):
            state, time_s = _seen(draw, path, second + 0.05 * number, _CHANNELS["adsb"], "adsb", lie)
            east, north = state.east_m_s or 0.0, state.north_m_s or 0.0
            name = _serial(number, "adsb", lie)[-5:]
            letters = sum(_letter(letter) << 6 * (7 - at) for at, letter in enumerate(name.ljust(8)))
            report = {
                "010": (("SAC", 25), ("SIC", 204)),
                "040": ((0, 0, 0, 0, None),),
                "071": (time_s % 86_400, "s"),
                "131": (("LAT", (state.latitude_deg, "°")), ("LON", (state.longitude_deg, "°"))),
                "080": 0x71C001 + number,
                "090": ((0, 8, 0), (0, 3, 10, None)),
                "140": ((state.altitude_hae_m or 0.0) / _FOOT_M, "ft"),
                "160": (
                    0,
                    ("GS", (math.hypot(east, north) / _NAUTICAL_MILE_M, "NM/s")),
                    ("TA", (math.degrees(math.atan2(east, north)) % 360, "°")),
                ),
                "170": letters,
            }
            yield block(21, report)


def _letter(letter: str) -> int:
    return ord(letter) & 0x3F


def _klv(draw: random.Random, paths: tuple[Path, ...], seconds: float, lie: _Lie) -> Iterator[bytes]:
    """Packets of the second drone's camera, which say where it is and where it looks."""
    for second in _moments(seconds, 0.25, 1.0):
        state, time_s = _seen(draw, paths[1], second, _CHANNELS["klv"], "klv", lie)
        height = round(((state.altitude_hae_m or 0.0) + 900) / 19_900 * 65_535)
        yield packet(
            [
                (2, round(time_s * 1e6).to_bytes(8, "big")),
                (4, _serial(1, "klv", lie).encode()),
                (11, b"EO"),
                (13, _angle(state.latitude_deg or 0.0, 90)),
                (14, _angle(state.longitude_deg or 0.0, 180)),
                (23, _angle(CENTRE[1], 90)),
                (24, _angle(CENTRE[0], 180)),
                (65, b"\x13"),
                (75, height.to_bytes(2, "big")),
            ]
        )


def _angle(degrees: float, limit: float) -> bytes:
    return round(degrees / limit * (2**31 - 1)).to_bytes(4, "big", signed=True)


def _stamp(time_s: float) -> str:
    return datetime.fromtimestamp(time_s, UTC).isoformat(timespec="milliseconds").removesuffix("+00:00") + "Z"
