"""What of a finished kit is needed to ask again what it sees: its sensors as plain numbers, and the places tested."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from skypact.engines.coverage import DetectionRange, RangeBasis, Terrain, probability_of_detection
from skypact.engines.coverage.detection import limits_of
from skypact.engines.coverage.watching import Places as Spots
from skypact.engines.coverage.watching import Watcher, Watching, looks, seen_at
from skypact.engines.kit.assembling import Line
from skypact.engines.kit.options import CERTAINTY_UNITS, Options, Reach, certainty_at, certainty_of
from skypact.engines.kit.places import Places
from skypact.schema import Requirement, Sentence


@dataclass(frozen=True, eq=False)
class Watch:
    """The sensors of a kit where they stand, by the ids of its positions, and the places (n, 2) that are counted.

    ``line_of`` (n,) says on which closed line of the warning ring a place lies, and is empty where an area is counted.
    All in the terrain's reference system and unrounded, so that counting again gives the kit's own figures.
    """

    watchers: tuple[Watcher, ...]
    places: NDArray[np.float64]
    line_of: NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class Counted:
    """What sensors together see of places: by how many kinds and sensors, and whether that is what is asked for."""

    kinds: NDArray[np.int64]
    sensors: NDArray[np.int64]
    met: NDArray[np.bool_]
    unknown: NDArray[np.bool_]
    """somebody would watch the place but for unknown ground"""


def watch_of(lines: Iterable[Line], options: Options, places: Places, *, mast_m: float, on: date) -> Watch:
    """The watch of a kit made of ``lines``."""
    watchers = [watcher for line in lines for watcher in _watchers(line, options, places, mast_m, on)]
    on_ring = places.tested is places.ring
    return Watch(tuple(watchers), places.tested, places.line_of if on_ring else places.line_of[:0])


def counted(
    terrain: Terrain,
    watchers: Sequence[Watcher],
    lowest: Sequence[NDArray[np.float64]],
    places: Spots,
    requirement: Requirement,
    *,
    threat: str,
    height_m: float,
) -> Counted:
    """Whether places are seen as ``requirement`` asks, by the composer's own rules.

    ``lowest`` as for :func:`skypact.engines.coverage.watching.looks`.
    """
    detection = requirement.detection
    seen = seen_at(terrain, watchers, lowest, places, threat=threat, height_m=height_m)
    met = (seen.kinds >= detection.kinds) & (seen.sensors >= detection.sensors)
    if detection.fused_probability is not None:
        together = np.zeros((len(watchers), *places.x.shape), dtype=np.int64)
        for look in looks(terrain, watchers, lowest, places, threat=threat, height_m=height_m):
            each, fused = look.each, detection.fused_probability
            table = certainty_of(
                _range(each), each.kind, fused, weather=requirement.weather, frequency_hz=each.frequency_hz
            )
            known = np.nan_to_num(look.slant_m, nan=np.inf)
            together[look.number] += np.where(look.seen, certainty_at(known, table, each.stated_m), 0)
        met &= np.minimum(together, CERTAINTY_UNITS).sum(axis=0) >= CERTAINTY_UNITS
    return Counted(seen.kinds, seen.sensors, met, seen.unknown)


def chance(
    terrain: Terrain,
    watchers: Sequence[Watcher],
    lowest: Sequence[NDArray[np.float64]],
    places: Spots,
    requirement: Requirement,
    *,
    threat: str,
    height_m: float,
) -> NDArray[np.float64]:
    """Probability that at least one of the sensors that see a place detects, one look each; 0 where none sees it."""
    missed = np.ones(places.x.shape)
    for look in looks(terrain, watchers, lowest, places, threat=threat, height_m=height_m):
        each = look.each
        single = probability_of_detection(
            _range(each), each.kind, look.slant_m, weather=requirement.weather, frequency_hz=each.frequency_hz
        )
        missed *= np.where(look.seen, 1.0 - single, 1.0)
    return np.asarray(1.0 - missed)


def _range(each: Watching) -> DetectionRange:
    return DetectionRange(each.stated_m, RangeBasis.STATED, Sentence(text=f"{each.stated_m:g} m"))


def _watchers(line: Line, options: Options, places: Places, mast_m: float, on: date) -> Iterator[Watcher]:
    watching = tuple(_watching(line.reached, on))
    for number, option in enumerate(line.options, start=1):
        x, y = (float(axis) for axis in places.positions[options.position[option]])
        azimuth = float(options.azimuth[option])
        name = f"{line.candidate.listing.id.lower()}-{number}"
        yield Watcher(name, x, y, mast_m, None if np.isnan(azimuth) else azimuth, watching)


def _watching(reached: Sequence[Reach], on: date) -> Iterator[Watching]:
    for reach in reached:
        if reach.usable and reach.width_deg is not None:
            limits = limits_of(reach.sensor, on=on)
            yield Watching(
                reach.sensor.kind,
                reach.threat,
                reach.reach_m,
                reach.width_deg,
                limits,
                stated_m=reach.found.range_m or 0.0,
                frequency_hz=reach.frequency_hz,
            )
