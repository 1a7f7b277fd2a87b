"""ASTERIX: plots of category 048 with the radar's place of 034, tracks of 062, unmanned aircraft of 129.

Times of day are counted from midnight UTC; the day is the one that brings them nearest to when they were heard.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from itertools import chain
from typing import Any

from skypact.conformance.adapters.state import nearest
from skypact.conformance.asterix import cat129
from skypact.conformance.asterix.records import FramingError, blocks, decode, is_known, leaves, unwrapped
from skypact.conformance.picture.observation import Gathered, Observation, Polar, Site, finite
from skypact.conformance.picture.reading import Reading, parts

_DAY_S = 86_400.0
_NAUTICAL_MILE_M = 1_852.0
_FOOT_M = 0.3048
#: Radius that holds half of the positions, over one standard deviation: sqrt(2 ln 2).
_HALF_OVER_SIGMA = 1.1774


def read(data: bytes, reading: Reading, into: Gathered) -> None:
    records = list(_records(data, into))
    for category, said, _ in records:
        if category == 34 and {"120/LAT", "120/LON", "120/HGT"} <= set(said):
            name = _name(said)
            place = Site(said["120/LON"], said["120/LAT"], said["120/HGT"])
            if finite(place.longitude_deg, place.latitude_deg):
                reading.learned.learn(reading.learned.sites, name, place)
    for category, said, arrival_s in records:
        if category == 34:
            continue
        source = f"CAT{category:03d} {_name(said)}"
        into.formats[source] = f"ASTERIX CAT{category:03d}"
        about_s = arrival_s if arrival_s is not None else reading.about_s
        if said.get("time") is None:
            into.leave_out(source, "no time of day")
        elif about_s is None:
            into.leave_out(source, "a time of day, and nothing that tells the day")
        else:
            time_s = nearest(about_s, said["time"], _DAY_S)
            if category == 48:
                _plot(source, time_s, arrival_s, said, reading.site(_name(said)), reading, into)
            else:
                _position(source, time_s, arrival_s, said, reading, into)


def _name(said: Mapping[str, Any]) -> str:
    return f"{said.get('010/SAC', 0)}/{said.get('010/SIC', 0)}"


def _records(data: bytes, into: Gathered) -> Iterator[tuple[int, dict[str, Any], float | None]]:
    for payload, arrival_s in parts(data, "ASTERIX", into):
        try:
            for category, body in chain.from_iterable(map(blocks, unwrapped(payload))):
                if category == cat129.CATEGORY:
                    yield from _uas(body, arrival_s, into)
                elif category in (34, 48, 62) and is_known(category):
                    block = decode(category, body)
                    if not block.editions:
                        into.leave_out("ASTERIX", f"a block of category {category:03d} that no edition accepts")
                    for record in block.records:
                        yield category, _said(category, record), arrival_s
                else:
                    into.leave_out("ASTERIX", f"category {category:03d} is not read into the picture")
        except FramingError:
            into.leave_out("ASTERIX", "bytes that do not divide into data blocks")


#: Category -> path of a number -> its unit. What has no unit is taken as the whole number that it is.
_UNITS: dict[int, dict[str, str]] = {
    34: {"120/HGT": "m", "120/LAT": "°", "120/LON": "°"},
    48: {
        "040/RHO": "NM",
        "040/THETA": "°",
        "140": "s",
        "090/FL": "FL",
        "200/GSP": "NM/s",
        "200/HDG": "°",
    },
    62: {
        "070": "s",
        "105/LAT": "°",
        "105/LON": "°",
        "185/VX": "m/s",
        "185/VY": "m/s",
        "130": "ft",
        "136": "FL",
        "500/APC/X": "m",
        "500/APC/Y": "m",
    },
}
_WHOLE = {34: ("010/SAC", "010/SIC"), 48: ("010/SAC", "010/SIC", "161/TRN"), 62: ("010/SAC", "010/SIC", "040")}
_TIME = {34: "030", 48: "140", 62: "070"}


def _said(category: int, record: Any) -> dict[str, Any]:
    said: dict[str, Any] = {}
    units, whole = _UNITS[category], _WHOLE[category]
    for item, content in record.items_regular.items():
        for path, leaf in leaves(item, content):
            if path in units:
                said[path] = type(leaf).cv_rule.cv_content(leaf.bs).as_quantity(units[path])
            elif path in whole:
                said[path] = leaf.as_uint()
    said["time"] = said.get(_TIME[category])
    return said


def _uas(body: bytes, arrival_s: float | None, into: Gathered) -> Iterator[tuple[int, dict[str, Any], float | None]]:
    try:
        report = cat129.decode(body).report
    except cat129.NotOfCategoryError:
        into.leave_out("ASTERIX", "a block of category 129 that edition 1.2 does not accept")
        return
    sac, sic = report.source or (0, 0)
    serial = report.serial_number
    yield (
        129,
        {
            "010/SAC": sac,
            "010/SIC": sic,
            "time": report.time_of_day_s,
            "105/LAT": report.latitude_deg,
            "105/LON": report.longitude_deg,
            "sea_m": report.altitude_amsl_m,
            "185/VX": report.east_m_s,
            "185/VY": report.north_m_s,
            "sigma_m": report.position_accuracy_m / _HALF_OVER_SIGMA if report.position_accuracy_m else None,
            "identity": serial.rstrip(b"\0 ").decode("ascii", "replace") if serial else None,
        },
        arrival_s,
    )


def _plot(
    source: str,
    time_s: float,
    arrival_s: float | None,
    said: dict[str, Any],
    site: Site | None,
    reading: Reading,
    into: Gathered,
) -> None:
    if "040/RHO" not in said:
        into.leave_out(source, "a plot without range and bearing")
        return
    if site is None:
        into.leave_out(source, "a plot in range and bearing, and the radar's place is unknown")
        return
    east = north = None
    if "200/GSP" in said:
        speed, heading = said["200/GSP"] * _NAUTICAL_MILE_M, math.radians(said["200/HDG"])
        east, north = speed * math.sin(heading), speed * math.cos(heading)
    into.observations.append(
        Observation(
            source=source,
            time_s=time_s,
            polar=Polar(
                said["040/RHO"] * _NAUTICAL_MILE_M,
                said["040/THETA"],
                None,
                reading.slant_sigma_m,
                reading.bearing_sigma_deg,
                True,
            ),
            site=site,
            pressure_height_m=_level(said.get("090/FL")),
            east_m_s=east,
            north_m_s=north,
            number=_text(said.get("161/TRN")),
            arrival_s=arrival_s,
        )
    )


def _position(
    source: str, time_s: float, arrival_s: float | None, said: dict[str, Any], reading: Reading, into: Gathered
) -> None:
    latitude, longitude = said.get("105/LAT"), said.get("105/LON")
    if latitude is None or longitude is None:
        into.leave_out(source, "no position in WGS 84")
        return
    sea_m = said.get("sea_m", said["130"] * _FOOT_M if "130" in said else None)
    height_m = reading.above_ellipsoid(sea_m)
    sigma_m = said.get("sigma_m")
    if "500/APC/X" in said and "500/APC/Y" in said:
        sigma_m = max(said["500/APC/X"], said["500/APC/Y"])
    into.observations.append(
        Observation(
            source=source,
            time_s=time_s,
            longitude_deg=longitude,
            latitude_deg=latitude,
            sigma_m=sigma_m or None,
            height_m=height_m,
            pressure_height_m=_level(said.get("136")),
            east_m_s=said.get("185/VX"),
            north_m_s=said.get("185/VY"),
            identity=said.get("identity"),
            number=_text(said.get("040")),
            arrival_s=arrival_s,
        )
    )


def _level(flight_level: float | None) -> float | None:
    return None if flight_level is None else flight_level * 100 * _FOOT_M


def _text(number: int | None) -> str | None:
    return None if number is None else str(number)
