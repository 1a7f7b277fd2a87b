"""How two finished kits of one place differ in what they see, counted anew on one grid from the kits' own words."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from skypact.engines.coverage import Sightlines, Terrain, azimuth_width, lowest_visible
from skypact.engines.coverage.approach import largest_blind
from skypact.engines.coverage.detection import Limits, limits_of
from skypact.engines.coverage.watching import Places, Watcher, Watching
from skypact.engines.kit.assembling import grid_azimuth
from skypact.engines.kit.sensing import paired
from skypact.engines.kit.watch import counted
from skypact.schema import Kit, KitItem, Listing, Position3D, RangeUsed, Requirement, Sensor

Flags = NDArray[np.bool_]

#: Posts whose answer is kept at once for every sensor; more only costs memory.
_POSTS_AT_ONCE = 65_536
#: Areas told of each kind of change.
_AREAS_TOLD = 10


class Change(IntEnum):
    """What became of one post."""

    NEITHER = 0
    LOST = 1
    """seen before only"""
    GAINED = 2
    """seen after only"""
    BOTH = 3
    UNKNOWN = 4
    """ground is unknown in the way of a sensor, so that one of the two answers is not known"""


@dataclass(frozen=True, eq=False)
class Counts:
    """Posts (rows, columns): by how many kinds of sensor they are seen, whether as asked, whether that is unknown."""

    kinds: NDArray[np.uint8]
    met: Flags
    unknown: Flags

    @classmethod
    def none(cls, shape: tuple[int, int]) -> Counts:
        """Posts that nobody sees."""
        return cls(np.zeros(shape, np.uint8), np.zeros(shape, np.bool_), np.zeros(shape, np.bool_))


@dataclass(frozen=True, eq=False)
class ChangedArea:
    """A connected area that changed: square metres of its cells, and their outline in the terrain's system."""

    area_m2: float
    outline: shapely.Polygon


@dataclass(frozen=True, eq=False)
class Difference:
    """What became of every post of the terrain for one threat class at one height above ground.

    ``change`` uint8 (rows, columns), a :class:`Change` each; the areas count the zone alone.
    """

    threat: str
    height_m: float
    change: NDArray[np.uint8]
    kinds_before: NDArray[np.uint8]
    """by how many kinds of sensor each post is seen"""
    kinds_after: NDArray[np.uint8]
    areas_m2: Mapping[Change, float]
    lost: tuple[ChangedArea, ...]
    gained: tuple[ChangedArea, ...]


def watchers_of(kit: Kit, *, listings: Mapping[str, Listing], terrain: Terrain) -> tuple[Watcher, ...]:
    """The sensors of a kit where it says they stand and look, with the ranges it says it used.

    What else bounds the volume that a sensor watches (blind range, elevation) is as ``listings`` state it on the day
    of the kit; a limit that nobody states, and those of a listing that is missing, are not applied.
    """
    return tuple(
        _watcher(item, position, listings.get(item.listing), kit, terrain)
        for item in kit.items
        if item.ranges
        for position in item.positions
    )


def _watcher(item: KitItem, position: Position3D, listing: Listing | None, kit: Kit, terrain: Terrain) -> Watcher:
    x, y = (float(axis) for axis in terrain.to_grid(*position.at))
    azimuth = position.azimuth_deg
    if azimuth is not None:  # a kit tells directions from true north
        azimuth = grid_azimuth(azimuth, x, y, terrain)
    pairs = [(used, None) for used in item.ranges] if listing is None else paired(item.ranges, listing)
    watching = tuple(
        Watching(
            used.kind,
            used.threat,
            used.range_m if used.probable_m is None else used.probable_m,
            _width_deg(used, sensor, position, kit),
            Limits() if listing is None else _limits(used, sensor, listing, kit),
            stated_m=used.range_m,
            frequency_hz=used.frequency_hz,
        )
        for used, sensor in pairs
    )
    return Watcher(position.id, x, y, position.mast_m, azimuth, watching)


def _width_deg(used: RangeUsed, sensor: Sensor | None, position: Position3D, kit: Kit) -> float:
    """What the kit says of the sensor; in kits that do not, what the listing states, then what the position says."""
    stated = None if sensor is None else azimuth_width(sensor, on=kit.composed_on)
    return used.azimuth_width_deg or stated or position.azimuth_width_deg or 360.0


def _limits(used: RangeUsed, sensor: Sensor | None, listing: Listing, kit: Kit) -> Limits:
    """Those of the sensor; where nobody tells which of several it is, the strictest that any of them has."""
    of = [one for one in listing.sensors if one.kind is used.kind] if sensor is None else [sensor]
    found = [limits_of(one, on=kit.composed_on) for one in of]
    return Limits(
        blind_m=max((one.blind_m for one in found if one.blind_m is not None), default=None),
        elevation_min_deg=max(
            (one.elevation_min_deg for one in found if one.elevation_min_deg is not None), default=None
        ),
        elevation_max_deg=min(
            (one.elevation_max_deg for one in found if one.elevation_max_deg is not None), default=None
        ),
    )


def seen_by(
    watchers: Sequence[Watcher],
    requirement: Requirement,
    *,
    cases: Sequence[tuple[str, float]],
    terrain: Terrain,
    progress: Callable[[float], None] = lambda done: None,
) -> tuple[Counts, ...]:
    """What ``watchers`` see of every post of ``terrain`` in each case (threat class, height above ground, metres)."""
    sights = []
    for number, watcher in enumerate(watchers):
        sights.append(lowest_visible(terrain, watcher.observer, range_m=max(watcher.farthest_m, 1.0)))
        progress(0.7 * (number + 1) / len(watchers))
    shape = (terrain.rows, terrain.columns)
    found = tuple(Counts.none(shape) for _ in cases)
    east, north = terrain.posts()
    step = max(1, _POSTS_AT_ONCE // terrain.columns)
    for top in range(0, terrain.rows, step):
        rows = slice(top, min(top + step, terrain.rows))
        x, y = np.meshgrid(east, north[rows])
        places = Places(x, y, terrain.heights[rows])
        lowest = [_band(sight, terrain, rows) for sight in sights]
        for whole, (threat, height) in zip(found, cases, strict=True):
            here = counted(terrain, watchers, lowest, places, requirement, threat=threat, height_m=height)
            whole.kinds[rows], whole.met[rows] = here.kinds, here.met
            whole.unknown[rows] = here.unknown & ~here.met
        progress(0.7 + 0.3 * rows.stop / terrain.rows)
    return found


def _band(sight: Sightlines, terrain: Terrain, rows: slice) -> NDArray[np.float64]:
    """The lowest visible heights of so many rows of ``terrain``; inf where nobody asked."""
    band = np.full((rows.stop - rows.start, terrain.columns), np.inf)
    first = round((terrain.y0 - sight.terrain.y0) / terrain.dy)
    left = round((sight.terrain.x0 - terrain.x0) / terrain.dx)
    low, high = max(rows.start, first), min(rows.stop, first + sight.terrain.rows)
    if low < high:
        columns = slice(left, left + sight.terrain.columns)
        band[low - rows.start : high - rows.start, columns] = sight.lowest[low - first : high - first]
    return band


def differences(
    before: Kit,
    after: Kit,
    *,
    listings: Mapping[str, Listing],
    terrain: Terrain,
    zone: BaseGeometry,
    cases: Sequence[tuple[str, float]],
    progress: Callable[[float], None] = lambda done: None,
) -> tuple[Difference, ...]:
    """What becomes of every post when ``after`` takes the place of ``before``, for each case.

    Both are counted by one rule, that of ``after``'s requirement: kinds and number of sensors, probability, weather.

    Parameters
    ----------
    terrain : relief that holds the zone and every sensor of both kits
    zone : WGS 84 area (longitude, latitude) whose posts count in the areas; the change is told for every post
    cases : (threat class, height above ground) for which both kits state their ranges
    """
    rule = after.requirement
    one, other = (
        seen_by(
            watchers_of(kit, listings=listings, terrain=terrain),
            rule,
            cases=cases,
            terrain=terrain,
            progress=lambda done, begun=begun: progress(begun + 0.5 * done),  # type: ignore[misc]
        )
        for kit, begun in ((before, 0.0), (after, 0.5))
    )
    inside = _inside(zone, terrain)
    return tuple(
        _difference(case, first, second, inside, terrain) for case, first, second in zip(cases, one, other, strict=True)
    )


def _inside(zone: BaseGeometry, terrain: Terrain) -> Flags:
    metric = shapely.transform(zone, lambda at: np.column_stack(terrain.to_grid(at[:, 0], at[:, 1])))
    shapely.prepare(metric)
    x, y = np.meshgrid(*terrain.posts())
    return np.asarray(shapely.intersects_xy(metric, x, y), dtype=np.bool_)


def _difference(
    case: tuple[str, float],
    before: Counts,
    after: Counts,
    inside: Flags,
    terrain: Terrain,
) -> Difference:
    change = (Change.LOST * before.met + Change.GAINED * after.met).astype(np.uint8)
    change[before.unknown | after.unknown | ~terrain.known] = Change.UNKNOWN
    counts = np.bincount(change[inside], minlength=len(Change))
    return Difference(
        threat=case[0],
        height_m=case[1],
        change=change,
        kinds_before=before.kinds,
        kinds_after=after.kinds,
        areas_m2={kind: float(counts[kind]) * terrain.dx * terrain.dy for kind in Change},
        lost=_areas(change == Change.LOST, inside, terrain),
        gained=_areas(change == Change.GAINED, inside, terrain),
    )


def _areas(changed: Flags, inside: Flags, terrain: Terrain) -> tuple[ChangedArea, ...]:
    found = largest_blind(terrain, ~changed, within=inside, most=_AREAS_TOLD)
    return tuple(ChangedArea(area, outline) for area, outline in found)
