"""Sensors where they stand, as plain numbers: what they see of places, at one height and at every height.

A kit keeps these figures, so that what its sensors see can be asked again, with a sensor moved as well, whatever the
catalogue says meanwhile.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from skypact.engines.coverage.detection import Limits, within_volume
from skypact.engines.coverage.sightlines import EARTH_RADIUS_M, STANDARD_CURVATURE, sight_heights, within_sector
from skypact.engines.coverage.terrain import Flags, Floats, Terrain
from skypact.schema import SensorKind


@dataclass(frozen=True)
class Watching:
    """How far one sensing principle notices one threat class, and what bounds the volume it watches."""

    kind: SensorKind
    threat: str
    range_m: float
    """up to which slant range it sees, metres: as stated, or as far as one look detects with the chance asked for"""
    width_deg: float
    """total azimuth watched, up to 360"""
    limits: Limits
    stated_m: float
    """the range that probabilities are calibrated to, metres"""
    frequency_hz: float | None = None
    """radar: for which losses in rain and air are reckoned"""


@dataclass(frozen=True)
class Watcher:
    """One sensor unit: where it stands (x, y in the terrain's reference system, mast, metres) and where it looks."""

    id: str
    x: float
    y: float
    mast_m: float
    azimuth_deg: float | None
    """centre of the sector from grid north; ``None``: all round"""
    watching: tuple[Watching, ...]

    @property
    def farthest_m(self) -> float:
        """The longest of its ranges, metres; 0 if it watches nothing."""
        return max((each.range_m for each in self.watching), default=0.0)

    @property
    def observer(self) -> tuple[float, float, float]:
        """x, y, mast: what the engine of sight lines takes."""
        return self.x, self.y, self.mast_m

    def sector(self, each: Watching) -> tuple[float, float] | None:
        """Centre and width of what ``each`` watches; ``None``: all round."""
        return None if self.azimuth_deg is None or each.width_deg >= 360.0 else (self.azimuth_deg, each.width_deg)


@dataclass(frozen=True, eq=False)
class Seen:
    """What watchers see of places at one height. ``kinds`` and ``sensors`` count different kinds and sensor units.

    ``unknown`` marks places that somebody would watch but for unknown ground; what others see there counts as well.
    """

    kinds: NDArray[np.int64]
    sensors: NDArray[np.int64]
    unknown: Flags


@dataclass(frozen=True, eq=False)
class Places:
    """Places (x, y) with the ground there; arrays of one shape, metres. NaN: unknown ground."""

    x: Floats
    y: Floats
    ground: Floats

    @classmethod
    def on(cls, terrain: Terrain, x: Floats, y: Floats) -> Places:
        """Places anywhere on ``terrain``."""
        return cls(x, y, terrain.height_at(x, y))


def lowest_at(terrain: Terrain, watcher: Watcher, places: Places) -> Floats:
    """Lowest visible altitude above ground at every place (flat arrays), exact, whatever the watcher's range."""
    targets = np.column_stack([places.x, places.y])
    return np.asarray(sight_heights(terrain, [watcher.observer], targets, threads=1)[0])


@dataclass(frozen=True, eq=False)
class Look:
    """What one sensing principle of one watcher sees of places: one of them, whose ``number`` is its watcher's."""

    number: int
    each: Watching
    seen: Flags
    unknown: Flags
    """in its volume, but behind unknown ground"""
    slant_m: Floats


def looks(
    terrain: Terrain,
    watchers: Sequence[Watcher],
    lowest: Sequence[Floats],
    places: Places,
    *,
    threat: str,
    height_m: float | Floats,
) -> Iterator[Look]:
    """What each principle of ``watchers`` sees of drones of class ``threat`` flying ``height_m`` above the places.

    ``lowest`` holds for each watcher the lowest visible altitude above ground at the places, NaN where unknown and inf
    where nobody asked. ``height_m`` is one for all places or one for each.
    """
    for number, (watcher, low) in enumerate(zip(watchers, lowest, strict=True)):
        horizontal, bearing, ground = _geometry(watcher, places)
        above = ground + height_m - _eye(terrain, watcher)
        fallen = horizontal * horizontal / (2.0 * STANDARD_CURVATURE * EARTH_RADIUS_M)
        slant = np.hypot(horizontal, above - fallen)
        clear, dark = low <= height_m, np.isnan(low)
        for each in watcher.watching:
            if each.threat == threat:
                volume = within_volume(
                    each.limits,
                    range_m=each.range_m,
                    horizontal_m=horizontal,
                    above_m=above,
                    bearing_deg=bearing,
                    sector=watcher.sector(each),
                )
                yield Look(number, each, volume & clear, volume & dark, slant)


def seen_at(
    terrain: Terrain,
    watchers: Sequence[Watcher],
    lowest: Sequence[Floats],
    places: Places,
    *,
    threat: str,
    height_m: float | Floats,
) -> Seen:
    """How many kinds and sensors see the places; arguments as for :func:`looks`."""
    shape = places.x.shape
    by_kind: dict[SensorKind, Flags] = {}
    by_sensor: dict[int, Flags] = {}
    unknown = np.isnan(places.ground)
    for look in looks(terrain, watchers, lowest, places, threat=threat, height_m=height_m):
        kind, number = look.each.kind, look.number
        by_kind[kind] = by_kind.get(kind, look.seen) | look.seen
        by_sensor[number] = by_sensor.get(number, look.seen) | look.seen
        unknown |= look.unknown
    return Seen(_count(by_kind.values(), shape), _count(by_sensor.values(), shape), np.asarray(unknown, dtype=np.bool_))


def _count(flags: Iterable[Flags], shape: tuple[int, ...]) -> NDArray[np.int64]:
    total = np.zeros(shape, dtype=np.int64)
    for each in flags:
        total += each
    return total


def lowest_seen(
    terrain: Terrain,
    watchers: Sequence[Watcher],
    lowest: Sequence[Floats],
    places: Places,
    *,
    threat: str,
) -> Floats:
    """The lowest height above ground at which any watcher sees a drone of class ``threat`` over the places, metres.

    inf: none at any height within its range; NaN: unknown, because ground is unknown in the way of somebody who would
    see it lower. Follows from line of sight, slant range, blind range, elevation limits and sector in closed form.
    """
    best, doubt = np.full(places.x.shape, math.inf), np.isnan(places.ground)
    for watcher, low in zip(watchers, lowest, strict=True):
        for each in watcher.watching:
            if each.threat == threat:
                found, dark = _lowest_of(terrain, watcher, each, low, places)
                best = np.fmin(best, found)
                doubt = doubt | dark
    return np.where(doubt & np.isinf(best), math.nan, best)


def _lowest_of(terrain: Terrain, watcher: Watcher, each: Watching, low: Floats, places: Places) -> tuple[Floats, Flags]:
    """Lowest height seen by one sensing principle (inf: none), and where unknown ground hides the answer."""
    horizontal, bearing, ground = _geometry(watcher, places)
    fallen = horizontal * horizontal / (2.0 * STANDARD_CURVATURE * EARTH_RADIUS_M)
    # heights above ground at which a drone is level with the sensor, the fall of the Earth included
    level = _eye(terrain, watcher) + fallen - ground
    inside = horizontal <= each.range_m
    reach = np.sqrt(np.where(inside, each.range_m**2 - horizontal**2, 0.0))
    limits = each.limits
    highest = level + reach
    if limits.elevation_max_deg is not None and limits.elevation_max_deg < 90.0:
        highest = np.minimum(highest, level + horizontal * math.tan(math.radians(limits.elevation_max_deg)))
    start = np.maximum(0.0, level - reach)
    if limits.elevation_min_deg is not None and limits.elevation_min_deg > -90.0:
        start = np.maximum(start, level + horizontal * math.tan(math.radians(limits.elevation_min_deg)))
    sector = watcher.sector(each)
    if sector is not None:
        inside = inside & within_sector(bearing, sector)
    asked = inside & (start <= highest)
    from_here = np.fmax(start, low)
    if limits.blind_m is not None:
        near = np.sqrt(np.maximum(0.0, limits.blind_m**2 - horizontal**2))
        from_here = np.where(np.abs(from_here - level) < near, level + near, from_here)
    seen = asked & (from_here <= highest) & ~np.isnan(low)
    return np.where(seen, from_here, math.inf), np.asarray(asked & np.isnan(low), dtype=np.bool_)


def _geometry(watcher: Watcher, places: Places) -> tuple[Floats, Floats, Floats]:
    east, north = places.x - watcher.x, places.y - watcher.y
    return np.hypot(east, north), np.degrees(np.arctan2(east, north)) % 360.0, places.ground


def _eye(terrain: Terrain, watcher: Watcher) -> float:
    return float(terrain.height_at(watcher.x, watcher.y)) + watcher.mast_m
