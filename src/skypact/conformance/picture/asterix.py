"""ASTERIX: plots of categories 001 and 048 with the radar's place of 034, reports of 021, tracks of 062, unmanned
aircraft of 129.

Times of day are counted from midnight UTC; the day is the one that brings them nearest to when they were heard.
Category 001 tells only the remainder after whole 512 s: it belongs to the time of day that 002 of the radar told last.
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
from skypact.conformance.picture.reading import Reading, parts, velocity
from skypact.conformance.picture.remote_id import FROM_SIGMA_TO_95

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
        if category in _SERVICE:
            if category == 2 and said.get("time") is not None:
                learned = reading.learned
                learned.learn(learned.times, f"CAT001 {_name(said)}", said["time"])
            continue
        source = f"CAT{category:03d} {_name(said)}"
        into.formats[source] = f"ASTERIX CAT{category:03d}"
        about_s = arrival_s if arrival_s is not None else reading.about_s
        if said.get("time") is None:
            into.leave_out(source, "no time of day")
        elif about_s is None:
            into.leave_out(source, "a time of day, and nothing that tells the day")
        elif category in (1, 48):
            time_s = _moment(category, said["time"], about_s, reading.learned.times.get(source))
            _plot(source, time_s, arrival_s, said, reading.site(_name(said)), reading, into)
        else:
            _position(source, nearest(about_s, said["time"], _DAY_S), arrival_s, said, reading, into)


def _moment(category: int, said_s: float, about_s: float, told_s: float | None) -> float:
    """``told_s``: the time of day that the radar told last."""
    if category != 1:
        return nearest(about_s, said_s, _DAY_S)
    if told_s is not None:
        about_s = nearest(about_s, told_s, _DAY_S)
    # The count starts anew at midnight, when the last one is not full.
    midnight = about_s - about_s % _DAY_S
    starts = (midnight + day + _TRUNCATED_S * turn for day in (-_DAY_S, 0.0, _DAY_S) for turn in range(169))
    return min((start + said_s for start in starts), key=lambda one: abs(one - about_s))


def _name(said: Mapping[str, Any]) -> str:
    return f"{said.get('010/SAC', 0)}/{said.get('010/SIC', 0)}"


def _records(data: bytes, into: Gathered) -> Iterator[tuple[int, dict[str, Any], float | None]]:
    for payload, arrival_s in parts(data, "ASTERIX", into):
        try:
            for category, body in chain.from_iterable(map(blocks, unwrapped(payload))):
                if category == cat129.CATEGORY:
                    yield from _uas(body, arrival_s, into)
                elif category in _UNITS and is_known(category):
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
    1: {"040/RHO": "NM", "040/THETA": "°", "090/HGT": "FL", "141": "s"},
    2: {"030": "s"},
    21: {
        **dict.fromkeys(("071", "073", "077", "030"), "s"),
        **dict.fromkeys(("130/LAT", "130/LON", "131/LAT", "131/LON", "160/TA"), "°"),
        "140": "ft",
        "145": "FL",
        "160/GS": "NM/s",
    },
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
_ADDRESS = ("010/SAC", "010/SIC")
_WHOLE = {
    1: (*_ADDRESS, "161"),
    2: _ADDRESS,
    21: (*_ADDRESS, "080", "170", "090/NACP"),
    34: _ADDRESS,
    48: (*_ADDRESS, "161/TRN"),
    62: (*_ADDRESS, "040"),
}
#: Where the time stands, the likeliest first: for a report, the one at which its position held.
_TIMES = {1: ("141",), 2: ("030",), 21: ("071", "073", "077", "030"), 34: ("030",), 48: ("140",), 62: ("070",)}
_SERVICE = (2, 34)
_TRUNCATED_S = 512.0
#: Radius of 95 % by the navigation accuracy category of ADS-B, m.
_NACP_M = {1: 18_520.0, 2: 7_408.0, 3: 3_704.0, 4: 1_852.0, 5: 926.0, 6: 555.6, 7: 185.2, 8: 92.6, 9: 30.0} | {
    10: 10.0,
    11: 3.0,
}
#: Six bits a letter; 0 stands for none.
_LETTERS = "?ABCDEFGHIJKLMNOPQRSTUVWXYZ????? ???????????????0123456789??????"


def _said(category: int, record: Any) -> dict[str, Any]:
    said: dict[str, Any] = {}
    units, whole = _UNITS[category], _WHOLE[category]
    for item, content in record.items_regular.items():
        for path, leaf in leaves(item, content):
            if path in units:
                said[path] = type(leaf).cv_rule.cv_content(leaf.bs).as_quantity(units[path])
            elif path in whole:
                said[path] = leaf.as_uint()
    said["time"] = next((said[path] for path in _TIMES[category] if path in said), None)
    if category == 21:
        return said | _report(said)
    return said


def _report(said: Mapping[str, Any]) -> dict[str, Any]:
    """An ADS-B report in the words of a track: the finer position, geometric height, velocity, call sign, address."""
    made: dict[str, Any] = {}
    for axis in ("LAT", "LON"):
        if (degrees := said.get(f"131/{axis}", said.get(f"130/{axis}"))) is not None:
            made[f"105/{axis}"] = degrees
    if "140" in said:
        made["ellipsoid_m"] = said["140"] * _FOOT_M
    if "145" in said:
        made["136"] = said["145"]
    if "160/GS" in said and "160/TA" in said:
        made["185/VX"], made["185/VY"] = velocity(said["160/GS"] * _NAUTICAL_MILE_M, said["160/TA"])
    if accuracy := _NACP_M.get(said.get("090/NACP", 0)):
        made["sigma_m"] = accuracy / FROM_SIGMA_TO_95
    if (name := said.get("170")) is not None:
        letters = "".join(_LETTERS[name >> shift & 63] for shift in range(42, -1, -6))
        made["identity"] = letters.strip("? ") or None
    if "080" in said:
        made["040"] = f"{said['080']:06X}"
    return made


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
            pressure_height_m=_level(said.get("090/FL", said.get("090/HGT"))),
            east_m_s=east,
            north_m_s=north,
            number=_text(said.get("161/TRN", said.get("161"))),
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
    height_m = said.get("ellipsoid_m", reading.above_ellipsoid(sea_m))
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


def _text(number: int | str | None) -> str | None:
    return None if number is None else str(number)
