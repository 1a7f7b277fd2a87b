"""Options: one sensor, at one position, in one direction, and which places of the warning ring it would see."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from skypact.engines.coverage import (
    DetectionRange,
    Terrain,
    azimuth_width,
    detection_range,
    sees,
    sight_heights,
)
from skypact.engines.kit.candidates import Candidate
from skypact.engines.kit.dominance import packed, uncovered
from skypact.engines.kit.places import Places
from skypact.engines.supply import assumption_for
from skypact.schema import Assumption, AssumptionKind, Requirement, Sensor, SensorKind, Sentence, ThreatClass

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Ints = NDArray[np.int64]

#: Neighbouring directions of a sector sensor overlap by half its width, but never stand closer than this.
_TURN_MIN_DEG = 15.0


@dataclass(frozen=True)
class Reach:
    """How far one sensing principle of a listing notices one threat class, and how wide it looks."""

    sensor: Sensor
    threat: str
    threat_name: Sentence
    found: DetectionRange
    width_deg: float | None
    """total azimuth watched; ``None``: nobody states it and nothing is assumed"""
    assumptions: tuple[Assumption, ...]

    @property
    def usable(self) -> bool:
        """Whether there is a range above zero and a width to compute with."""
        return self.width_deg is not None and self.found.range_m is not None and self.found.range_m > 0


@dataclass(frozen=True, eq=False)
class Options:
    """n options over t × h groups (threat classes × heights) of p places.

    ``seen`` is bool (kinds, n, t·h·p); ``kinds`` names its first axis; ``azimuth`` is NaN for sensors that look all
    round, else the centre of the sector in degrees from grid north.
    """

    kinds: tuple[SensorKind, ...]
    seen: Flags
    product: Ints
    position: Ints
    azimuth: Floats

    def __len__(self) -> int:
        return len(self.product)

    def kept(self, which: Flags | Ints) -> Options:
        """Only the options ``which`` selects."""
        return Options(self.kinds, self.seen[:, which], self.product[which], self.position[which], self.azimuth[which])


def reaches(
    candidate: Candidate, requirement: Requirement, threats: Sequence[ThreatClass], *, on: date,
    library: Sequence[ThreatClass],
) -> tuple[Reach, ...]:  # fmt: skip
    """What each sensing principle of a listing reaches for each threat class."""
    found = []
    for sensor in candidate.listing.sensors:
        width = azimuth_width(sensor, on=on)
        assumed_width = None
        if width is None:
            assumed_width = assumption_for(candidate.listing, AssumptionKind.AZIMUTH_COVERAGE_DEG, requirement)
            width = None if assumed_width is None else float(assumed_width.value)
        for threat in threats:
            assumed = assumption_for(candidate.listing, AssumptionKind.DETECTION_RANGE_M, requirement, threat=threat.id)
            best = detection_range(
                sensor, threat, on=on, assumed_m=None if assumed is None else float(assumed.value), library=library
            )
            used = [assumed_width, assumed if best.basis.value == "assumed" else None]
            found.append(
                Reach(sensor, threat.id, named(threat), best, width, tuple(one for one in used if one is not None))
            )
    return tuple(found)


def named(threat: ThreatClass) -> Sentence:
    """A threat class by its name in both languages."""
    return Sentence(text=threat.name, text_ko=threat.name_ko)


def lay_options(
    candidates: Sequence[Candidate],
    reached: Sequence[tuple[Reach, ...]],
    places: Places,
    terrain: Terrain,
    *,
    requirement: Requirement,
    on: date,
    progress: Callable[[float], None],
) -> Options:
    """Every option of every candidate that sees at least one place, dominated ones left out.

    A place is seen when it lies in the sensor's volume and the lowest visible altitude above it is not above the
    height asked for; places on unknown ground are never seen.
    """
    mast = requirement.placement.mast_height_m
    observers = np.column_stack([places.positions, np.full(len(places.positions), mast)])
    lowest = sight_heights(terrain, observers, places.ring)
    progress(0.5)
    geometry = _Geometry.between(observers, places.ring, lowest, terrain, requirement)
    kinds = tuple(sorted({reach.sensor.kind for group in reached for reach in group if reach.usable}))
    parts = []
    for number, group in enumerate(reached):
        part = _of_product(number, group, kinds, geometry, on)
        parts.append(part.kept(_undominated(part, requirement.placement.positions_max is not None)))
        progress(0.5 + 0.5 * (number + 1) / len(reached))
    return Options(
        kinds,
        np.concatenate([part.seen for part in parts], axis=1),
        np.concatenate([part.product for part in parts]),
        np.concatenate([part.position for part in parts]),
        np.concatenate([part.azimuth for part in parts]),
    )


@dataclass(frozen=True, eq=False)
class _Geometry:
    """Between m positions and p places at h heights.

    ``horizontal`` metres and ``bearing`` degrees are (m, p); ``above`` metres and ``clear`` bool are (h, m, p).
    """

    horizontal: Floats
    bearing: Floats
    above: Floats
    clear: Flags
    threats: tuple[str, ...]

    @classmethod
    def between(
        cls, observers: Floats, ring: Floats, lowest: Floats, terrain: Terrain, requirement: Requirement
    ) -> _Geometry:
        heights = np.array(requirement.detection.heights_m)[:, None, None]
        east = ring[None, :, 0] - observers[:, None, 0]
        north = ring[None, :, 1] - observers[:, None, 1]
        eye = terrain.height_at(observers[:, 0], observers[:, 1]) + observers[:, 2]
        ground = terrain.height_at(ring[:, 0], ring[:, 1])
        return cls(
            horizontal=np.hypot(east, north),
            bearing=np.degrees(np.arctan2(east, north)) % 360.0,
            above=ground[None, None, :] + heights - eye[None, :, None],
            clear=lowest[None] <= heights,
            threats=requirement.detection.threats,
        )


def directions(width_deg: float) -> Floats:
    """Centres of the sectors tried, degrees; a single NaN for a sensor that looks all round."""
    if width_deg >= 360.0:
        return np.array([math.nan])
    step = 360.0 / math.ceil(360.0 / max(_TURN_MIN_DEG, width_deg / 2))
    return np.arange(0.0, 359.999, step)


def _of_product(
    number: int, group: Sequence[Reach], kinds: Sequence[SensorKind], geometry: _Geometry, on: date
) -> Options:
    usable = [reach for reach in group if reach.usable]
    positions, places = geometry.horizontal.shape
    heights = len(geometry.above)
    narrowest = min((reach.width_deg or 360.0 for reach in usable), default=360.0)
    turned = directions(narrowest)
    seen = np.zeros((len(kinds), len(turned), positions, len(geometry.threats), heights, places), dtype=np.bool_)
    for reach in usable:
        kind, threat = kinds.index(reach.sensor.kind), geometry.threats.index(reach.threat)
        width = reach.width_deg or 360.0
        for turn, azimuth in enumerate(turned):
            sector = None if width >= 360.0 or math.isnan(azimuth) else (float(azimuth), width)
            volume = sees(
                reach.sensor,
                range_m=reach.found.range_m or 0.0,
                horizontal_m=geometry.horizontal,
                above_m=geometry.above,
                bearing_deg=geometry.bearing,
                on=on,
                sector=sector,
            )
            seen[kind, turn, :, threat] |= (volume & geometry.clear).transpose(1, 0, 2)
    flat = seen.reshape(len(kinds), len(turned) * positions, -1)
    return Options(
        kinds=tuple(kinds),
        seen=flat,
        product=np.full(len(turned) * positions, number, dtype=np.int64),
        position=np.tile(np.arange(positions, dtype=np.int64), len(turned)),
        azimuth=np.repeat(turned, positions),
    )


def _undominated(options: Options, same_position_only: bool) -> Ints:
    """Indices of the options of one product that no other option of it covers wholly; of equals the first stays.

    Where the number of positions is limited, only options at the same position are compared.
    """
    words = packed(options.seen)
    sizes = np.bitwise_count(words).sum(axis=1).astype(np.int64)
    order = np.argsort(-sizes, kind="stable")
    one = np.zeros(len(options), dtype=np.int64)
    position = options.position if same_position_only else one
    return np.sort(uncovered(words, order[sizes[order] > 0], one, np.ones((1, 1), dtype=np.bool_), position))
