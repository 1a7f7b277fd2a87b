"""A cut through relief and coverage along a line: ground, lowest visible altitude, and one line of sight."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from django.utils.translation import gettext_lazy as _
from numpy.typing import NDArray

from skypact.engines.coverage.sightlines import EARTH_RADIUS_M, STANDARD_CURVATURE, within_sector
from skypact.engines.coverage.watching import Places, Watcher, lowest_at, lowest_seen
from skypact.market.coverage.scenes import Scene
from skypact.schema import InputError, Position

#: Places along a profile, corners of its line, and how long it may be.
SAMPLES = 241
CORNERS_MAX = 50
LENGTH_MAX_M = 300_000.0
#: A line that is drawn from the sensor itself begins at its foot, which is told to a centimetre.
_AT_FOOT_M = 1.0

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Sample:
    """One place of a profile. ``None`` is unknown: no height is known there, or in the way of whoever might see it."""

    distance_m: float
    at: Position
    ground_m: float | None
    """above sea level"""
    lowest_m: float | None
    """lowest height above ground at which a drone is seen; inf: at none"""
    sight_m: float | None
    """altitude above sea level of the line of sight from the sensor to the end of the profile"""


class Reason(StrEnum):
    """Why a sensor has no line of sight to the end of a profile, or does not watch what lies there."""

    CORNERS = "corners"
    """the line is no straight one from the sensor to its end"""
    GROUND = "ground"
    """no height is known at the sensor, at the end, or in the way"""
    SECTOR = "sector"
    """the end lies outside the sector in which the sensor watches for this threat class"""
    RANGE = "range"
    """the end lies beyond the sensor's ranges against this threat class, or it has none"""


REASON_WORDS = {
    Reason.CORNERS: _("The line of sight is told for a straight line only: give the end as the line's only corner."),
    Reason.GROUND: _("No height is known at the sensor, at the end, or in the way."),
    Reason.SECTOR: _("The end lies outside the sector that this sensor watches."),
    Reason.RANGE: _("The end lies beyond the range of this sensor against this threat class."),
}


@dataclass(frozen=True)
class Profile:
    """A line through relief and coverage."""

    threat: str
    height_m: float
    """at which a drone flies above ground at the end of the line of sight"""
    length_m: float
    samples: tuple[Sample, ...]
    sensor: str | None
    """position from whose mast the line of sight starts; ``None``: there is none"""
    needed_m: float | None
    """lowest height above ground at the end that the sensor sees over the relief, range and sector left aside"""
    reasons: tuple[Reason, ...] = ()
    """why there is no line of sight of the sensor, or why it sees nothing along a clear one"""

    @property
    def outside(self) -> int:
        """How many of its places lie where no height is known."""
        return sum(sample.ground_m is None for sample in self.samples)

    @property
    def why(self) -> list[str]:
        """The reasons in words."""
        return [str(REASON_WORDS[reason]) for reason in self.reasons]

    @property
    def clear(self) -> bool | None:
        """Whether the sensor has a clear line of sight to a drone at the end; ``None``: unknown, or no sensor."""
        return None if self.needed_m is None else self.needed_m <= self.height_m


def line_of(texts: Sequence[str], *, file: str, place: str) -> tuple[Position, ...]:
    """Corners written as ``longitude,latitude``, several in one text parted by ``;``. Raises InputError."""
    found = []
    for number, text in enumerate(corner for given in texts for corner in given.split(";")):
        try:
            lon, lat = (float(part) for part in text.split(","))
        except ValueError:
            lon = lat = math.nan
        if not (abs(lon) <= 180 and abs(lat) <= 90):
            accepted = "must be longitude,latitude in degrees; corners are parted by ; or each has its own line="
            raise InputError.single(file=file, place=f"{place}.{number}", value=text[:80], accepted=accepted)
        found.append((lon, lat))
    return tuple(found)


def profile(
    scene: Scene,
    watchers: Sequence[Watcher],
    line: Sequence[Position],
    *,
    threat: str,
    height_m: float,
    sensor: str | None,
    file: str,
) -> Profile:
    """The profile along ``line``, straight between its corners on the relief's grid.

    With a ``sensor`` (a position of the kit) the line starts at its foot, and its line of sight to a drone ``height_m``
    above the last corner is part of the answer. Raises InputError for a line without length or beyond
    :data:`LENGTH_MAX_M`, too many corners, and a threat class or position that the kit does not have.
    """
    start = _start(scene, watchers, sensor, threat, file)
    x, y = (axis for axis in scene.terrain.to_grid(*np.array(line, dtype=np.float64).reshape(-1, 2).T))
    if start is not None:
        if len(x) > 1 and np.hypot(x[0] - start.x, y[0] - start.y) < _AT_FOOT_M:
            x, y = x[1:], y[1:]
        x, y = np.concatenate([[start.x], x]), np.concatenate([[start.y], y])
    length = _length(x, y, file)
    along, places, corners = _sampled(scene, x, y)
    lowest = [lowest_at(scene.terrain, watcher, places) for watcher in watchers]
    seen = lowest_seen(scene.terrain, watchers, lowest, places, threat=threat)
    sight = needed = None
    reasons: tuple[Reason, ...] = ()
    if start is not None:
        if corners == 2:
            sight, needed = _sight(scene, start, places, along, height_m)
        reasons = _reasons(start, places, threat, straight=corners == 2, known=needed is not None)
    lon, lat = scene.terrain.to_lonlat(places.x, places.y)
    samples = tuple(
        Sample(
            distance_m=round(float(along[number]), 1),
            at=(round(float(lon[number]), 6), round(float(lat[number]), 6)),
            ground_m=_known(places.ground[number]),
            lowest_m=_known(seen[number]),
            sight_m=None if sight is None else _known(sight[number]),
        )
        for number in range(len(along))
    )
    return Profile(threat, height_m, round(length, 1), samples, sensor, needed, reasons)


def _start(scene: Scene, watchers: Sequence[Watcher], sensor: str | None, threat: str, file: str) -> Watcher | None:
    threats = scene.kit.requirement.detection.threats
    if threat not in threats:
        raise InputError.single(file=file, place="threat", value=threat[:80], accepted=f"one of {', '.join(threats)}")
    if sensor is None:
        return None
    found = next((watcher for watcher in watchers if watcher.id == sensor), None)
    if found is None:
        accepted = f"one of {', '.join(scene.positions)}"
        raise InputError.single(file=file, place="sensor", value=sensor[:80], accepted=accepted)
    return found


def _length(x: Floats, y: Floats, file: str) -> float:
    if not 2 <= len(x) <= CORNERS_MAX:
        raise InputError.single(file=file, place="line", value=len(x), accepted=f"2 to {CORNERS_MAX} corners")
    if not (np.isfinite(x) & np.isfinite(y)).all():
        raise InputError.single(file=file, place="line", accepted="corners near the site")
    length = float(np.hypot(np.diff(x), np.diff(y)).sum())
    if not 1.0 <= length <= LENGTH_MAX_M:
        accepted = f"a line of 1 m to {LENGTH_MAX_M / 1000:.0f} km"
        raise InputError.single(file=file, place="line", value=round(length, 1), accepted=accepted)
    return length


def _sampled(scene: Scene, x: Floats, y: Floats) -> tuple[Floats, Places, int]:
    """Equal steps along the line, its corners among them."""
    at_corner = np.concatenate([[0.0], np.cumsum(np.hypot(np.diff(x), np.diff(y)))])
    along = np.union1d(np.linspace(0.0, at_corner[-1], SAMPLES), at_corner)
    places = Places.on(scene.terrain, np.interp(along, at_corner, x), np.interp(along, at_corner, y))
    return along, places, len(x)


def _sight(scene: Scene, start: Watcher, places: Places, along: Floats, height_m: float) -> tuple[Floats, float | None]:
    """Altitudes of the straight ray over a curved Earth, and the height above ground at the end that is in sight."""
    eye = float(scene.terrain.height_at(start.x, start.y)) + start.mast_m
    target = float(places.ground[-1]) + height_m
    whole = along[-1]
    bent = along * (whole - along) / (2.0 * STANDARD_CURVATURE * EARTH_RADIUS_M)
    end = Places(places.x[-1:], places.y[-1:], places.ground[-1:])
    return eye + (target - eye) * along / whole - bent, _known(lowest_at(scene.terrain, start, end)[0])


def _reasons(start: Watcher, places: Places, threat: str, *, straight: bool, known: bool) -> tuple[Reason, ...]:
    east, north = float(places.x[-1] - start.x), float(places.y[-1] - start.y)
    bearing = math.degrees(math.atan2(east, north)) % 360.0
    watching = [each for each in start.watching if each.threat == threat]
    near = [each for each in watching if math.hypot(east, north) <= each.range_m]
    towards = [sector for sector in map(start.sector, watching) if sector is None or within_sector(bearing, sector)]
    found = []
    if not straight:
        found.append(Reason.CORNERS)
    elif not known:
        found.append(Reason.GROUND)
    if watching and not towards:
        found.append(Reason.SECTOR)
    if not near:
        found.append(Reason.RANGE)
    return tuple(found)


def _known(value: float) -> float | None:
    return None if math.isnan(value) else float(round(value, 2))


def csv_of(found: Profile) -> str:
    """The profile as a table; empty is unknown, inf is seen at no height."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(["distance_m", "longitude", "latitude", "ground_m", "lowest_visible_above_ground_m", "sight_m"])
    for sample in found.samples:
        figures = (sample.ground_m, sample.lowest_m, sample.sight_m)
        writer.writerow([sample.distance_m, *sample.at, *("" if figure is None else figure for figure in figures)])
    return text.getvalue()
