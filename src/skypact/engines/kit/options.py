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
    certainty_needed,
    certainty_table,
    detection_range,
    probability_of_detection,
    probable_range,
    radar_frequency,
    sees,
    sight_heights,
    unsettled_by_weather,
)
from skypact.engines.coverage.probability import CLEAR
from skypact.engines.coverage.sightlines import EARTH_RADIUS_M, STANDARD_CURVATURE
from skypact.engines.kit.candidates import Candidate
from skypact.engines.kit.dominance import packed, uncovered, unneeded
from skypact.engines.kit.places import Places
from skypact.engines.supply import assumption_for
from skypact.schema import (
    Assumption,
    AssumptionKind,
    Requirement,
    Sensor,
    SensorKind,
    Sentence,
    ThreatClass,
    Weather,
)

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Ints = NDArray[np.int64]

#: Neighbouring directions of a sector sensor overlap by half its width, but never stand closer than this.
_TURN_MIN_DEG = 15.0
#: Where only a fused probability is asked for, a sensor sees a place if one look has this chance at least.
_ANY_CHANCE = 1e-3
#: What the sensors that see a place must add up to for the fused probability asked for: whole numbers, because the
#: solver adds no others. Each sensor's part is rounded down, so that no kit passes that fails by more than the rounding
#: of floating point (1e-9); a multiple of all numbers to 12, so that as many equal sensors pass that exactly suffice.
CERTAINTY_UNITS = 27_720
#: Steps of slant range in which a sensor's certainty is told, each by its far end.
_CERTAINTY_STEPS = 4096


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
    weather: Weather = CLEAR
    frequency_hz: float | None = None
    probable_m: float | None = None
    """up to where one look detects with the probability asked for; ``None``: probabilities are not asked for"""
    unsettled: Sentence | None = None
    """why nothing is known of it in the weather asked for"""

    @property
    def reach_m(self) -> float:
        """Up to which slant range it sees a place; 0 where that is unknown."""
        return (self.found.range_m or 0.0) if self.probable_m is None else self.probable_m

    @property
    def usable(self) -> bool:
        """Whether there is a range above zero and a width to compute with."""
        return bool(self.width_deg is not None and self.reach_m > 0)

    def probability(self, slant_m: Floats) -> Floats:
        """With which one look detects at slant ranges in metres (any shape)."""
        return probability_of_detection(
            self.found, self.sensor.kind, slant_m, weather=self.weather, frequency_hz=self.frequency_hz
        )

    def certainty(self, fused_probability: float) -> NDArray[np.uint16]:
        """In parts of :data:`CERTAINTY_UNITS`, by steps of slant range up to ``found.range_m``; rounded down."""
        return certainty_of(
            self.found,
            self.sensor.kind,
            fused_probability,
            weather=self.weather,
            frequency_hz=self.frequency_hz,
        )


def certainty_of(
    found: DetectionRange, kind: SensorKind, fused_probability: float, *, weather: Weather, frequency_hz: float | None
) -> NDArray[np.uint16]:
    """What a sensor adds to the fused probability, by steps of slant range: see :meth:`Reach.certainty`."""
    table = certainty_table(found, kind, weather=weather, frequency_hz=frequency_hz, steps=_CERTAINTY_STEPS)
    parts = np.floor(table / certainty_needed(fused_probability) * CERTAINTY_UNITS + 1e-6)
    return np.clip(parts, 0, CERTAINTY_UNITS).astype(np.uint16)


@dataclass(frozen=True, eq=False)
class Options:
    """n options over t × h groups (threat classes × heights) of p places.

    ``seen`` is bool (kinds, n, t·h·p); ``kinds`` names its first axis; ``azimuth`` is NaN for sensors that look all
    round, else the centre of the sector in degrees from grid north. ``certainty`` is uint16 (n, t·h·p), in parts of
    :data:`CERTAINTY_UNITS`, or (n, 0) where no fused probability is asked for.
    """

    kinds: tuple[SensorKind, ...]
    seen: Flags
    product: Ints
    position: Ints
    azimuth: Floats
    certainty: NDArray[np.uint16]

    def __len__(self) -> int:
        return len(self.product)

    @property
    def fused(self) -> bool:
        """Whether a fused probability is asked for."""
        return bool(self.certainty.shape[1] > 0)

    def kept(self, which: Flags | Ints) -> Options:
        """Only the options ``which`` selects."""
        return Options(
            self.kinds,
            self.seen[:, which],
            self.product[which],
            self.position[which],
            self.azimuth[which],
            self.certainty[which],
        )

    def covered(self, which: Flags | Ints, *, kinds: int, sensors: int) -> Flags:
        """bool (t·h·p,): the places that the options ``which`` cover together as asked."""
        seen = self.seen[:, which]
        enough = seen.any(axis=1).sum(axis=0) >= kinds
        if sensors > 1:
            enough &= seen.any(axis=0).sum(axis=0) >= sensors
        if self.fused:
            enough &= self.certainty[which].sum(axis=0, dtype=np.int64) >= CERTAINTY_UNITS
        return np.asarray(enough, dtype=np.bool_)


def reaches(
    candidate: Candidate, requirement: Requirement, threats: Sequence[ThreatClass], *, on: date,
    library: Sequence[ThreatClass],
) -> tuple[Reach, ...]:  # fmt: skip
    """What each sensing principle of a listing reaches for each threat class, in the weather where that counts."""
    detection, weather = requirement.detection, requirement.weather
    trust = {entry.grade: entry.factor for entry in requirement.trust}
    found = []
    for sensor in candidate.listing.sensors:
        width = azimuth_width(sensor, on=on)
        assumed_width = None
        if width is None:
            assumed_width = assumption_for(candidate.listing, AssumptionKind.AZIMUTH_COVERAGE_DEG, requirement)
            width = None if assumed_width is None else float(assumed_width.value)
        frequency, assumed_frequency = _frequency(candidate, sensor, requirement, on)
        unsettled = unsettled_by_weather(sensor.kind, weather, frequency) if detection.physics else None
        for threat in threats:
            assumed = assumption_for(candidate.listing, AssumptionKind.DETECTION_RANGE_M, requirement, threat=threat.id)
            best = detection_range(
                sensor,
                threat,
                on=on,
                assumed_m=None if assumed is None else float(assumed.value),
                library=library,
                trust=trust,
            )
            probable = None
            if detection.physics:
                wanted = _ANY_CHANCE if detection.probability is None else detection.probability
                probable = probable_range(best, sensor.kind, wanted, weather=weather, frequency_hz=frequency)
            used = [assumed_width, assumed_frequency, assumed if best.basis.value == "assumed" else None]
            found.append(
                Reach(
                    sensor=sensor,
                    threat=threat.id,
                    threat_name=named(threat),
                    found=best,
                    width_deg=width,
                    assumptions=tuple(one for one in used if one is not None),
                    weather=weather,
                    frequency_hz=frequency,
                    probable_m=probable,
                    unsettled=unsettled if best.range_m else None,
                )
            )
    return tuple(found)


def _frequency(
    candidate: Candidate, sensor: Sensor, requirement: Requirement, on: date
) -> tuple[float | None, Assumption | None]:
    """For which frequency a radar's losses are reckoned, and the assumption it rests on, if any."""
    if sensor.kind is not SensorKind.RADAR or not requirement.detection.physics:
        return None, None
    rain = requirement.weather.rain_mm_h
    stated = radar_frequency(sensor, on=on, rain_mm_h=rain)
    if stated is not None:
        return stated, None
    assumed = assumption_for(candidate.listing, AssumptionKind.FREQUENCY_HZ, requirement)
    if assumed is None:
        return None, None
    taken = radar_frequency(sensor, on=on, rain_mm_h=rain, assumed_hz=float(assumed.value))
    return taken, None if taken is None else assumed


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
    every_position: bool = False,
) -> Options:
    """Every option of every candidate that sees at least one place, dominated ones left out.

    Where the number of positions is limited, or ``every_position``, only options at the same position are compared.
    A place is seen when it lies in the sensor's volume and the lowest visible altitude above it is not above the
    height asked for; places on unknown ground are never seen.
    """
    mast = requirement.placement.mast_height_m
    observers = np.column_stack([places.positions, np.full(len(places.positions), mast)])
    lowest = sight_heights(terrain, observers, places.tested)
    progress(0.5)
    geometry = _Geometry.between(observers, places.tested, lowest, terrain, requirement)
    kinds = tuple(sorted({reach.sensor.kind for group in reached for reach in group if reach.usable}))
    parts = []
    for number, group in enumerate(reached):
        part = _of_product(number, group, kinds, geometry, requirement.detection.fused_probability, on)
        by_position = every_position or requirement.placement.positions_max is not None
        parts.append(part.kept(_undominated(part, requirement, by_position=by_position)))
        progress(0.5 + 0.5 * (number + 1) / len(reached))
    return Options(
        kinds,
        np.concatenate([part.seen for part in parts], axis=1),
        np.concatenate([part.product for part in parts]),
        np.concatenate([part.position for part in parts]),
        np.concatenate([part.azimuth for part in parts]),
        np.concatenate([part.certainty for part in parts]),
    )


def unbeaten_among(
    options: Options,
    *,
    sensors: int,
    order: Ints,
    product: Ints,
    better: Flags,
    position: Ints,
) -> Ints:
    """Indices of the options that those before them in ``order`` cannot stand for; see :mod:`dominance`."""
    words = packed(options.seen)
    if sensors == 1 and not options.fused:
        kept = uncovered(words, order, product, better, position)
    else:
        enough = CERTAINTY_UNITS if options.fused else 0
        seen = np.asarray(options.seen.any(axis=0), dtype=np.bool_)
        kept = unneeded(words, seen, options.certainty, sensors, enough, order, product, better, position)
    return np.asarray(np.sort(kept), dtype=np.int64)


@dataclass(frozen=True, eq=False)
class _Geometry:
    """Between m positions and p places at h heights.

    ``horizontal`` metres and ``bearing`` degrees are (m, p); ``above`` metres, ``slant`` metres and ``clear`` bool are
    (h, m, p).
    """

    horizontal: Floats
    bearing: Floats
    above: Floats
    slant: Floats
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
        horizontal, above = np.hypot(east, north), ground[None, None, :] + heights - eye[None, :, None]
        return cls(
            horizontal=horizontal,
            bearing=np.degrees(np.arctan2(east, north)) % 360.0,
            above=above,
            slant=slant_range(horizontal, above),
            clear=lowest[None] <= heights,
            threats=requirement.detection.threats,
        )


def slant_range(horizontal_m: Floats, above_m: Floats) -> Floats:
    """Metres along the line of sight, the Earth's curvature taken off the altitude as in :func:`sees`."""
    fallen = horizontal_m * horizontal_m / (2.0 * STANDARD_CURVATURE * EARTH_RADIUS_M)
    return np.asarray(np.hypot(horizontal_m, above_m - fallen))


def directions(width_deg: float) -> Floats:
    """Centres of the sectors tried, degrees; a single NaN for a sensor that looks all round."""
    if width_deg >= 360.0:
        return np.array([math.nan])
    step = 360.0 / math.ceil(360.0 / max(_TURN_MIN_DEG, width_deg / 2))
    return np.arange(0.0, 359.999, step)


def _of_product(
    number: int,
    group: Sequence[Reach],
    kinds: Sequence[SensorKind],
    geometry: _Geometry,
    fused_probability: float | None,
    on: date,
) -> Options:
    usable = [reach for reach in group if reach.usable]
    positions, places = geometry.horizontal.shape
    heights = len(geometry.above)
    narrowest = min((reach.width_deg or 360.0 for reach in usable), default=360.0)
    turned = directions(narrowest)
    seen = np.zeros((len(kinds), len(turned), positions, len(geometry.threats), heights, places), dtype=np.bool_)
    certainty = np.zeros(seen.shape[1:] if fused_probability is not None else (*seen.shape[1:3], 0), dtype=np.uint16)
    for reach in usable:
        kind, threat = kinds.index(reach.sensor.kind), geometry.threats.index(reach.threat)
        width = reach.width_deg or 360.0
        parts = None
        if fused_probability is not None:
            parts = certainty_at(geometry.slant, reach.certainty(fused_probability), reach.found.range_m or 0.0)
        for turn, azimuth in enumerate(turned):
            sector = None if width >= 360.0 or math.isnan(azimuth) else (float(azimuth), width)
            volume = sees(
                reach.sensor,
                range_m=reach.reach_m,
                horizontal_m=geometry.horizontal,
                above_m=geometry.above,
                bearing_deg=geometry.bearing,
                on=on,
                sector=sector,
            )
            here = (volume & geometry.clear).transpose(1, 0, 2)
            seen[kind, turn, :, threat] |= here
            if parts is not None:
                added = certainty[turn, :, threat] + np.where(here, parts.transpose(1, 0, 2), 0)
                certainty[turn, :, threat] = np.minimum(added, CERTAINTY_UNITS)
    flat = seen.reshape(len(kinds), len(turned) * positions, -1)
    return Options(
        kinds=tuple(kinds),
        seen=flat,
        product=np.full(len(turned) * positions, number, dtype=np.int64),
        position=np.tile(np.arange(positions, dtype=np.int64), len(turned)),
        azimuth=np.repeat(turned, positions),
        certainty=certainty.reshape(len(flat[0]), -1),
    )


def certainty_at(slant_m: Floats, table: NDArray[np.uint16], range_m: float) -> NDArray[np.uint16]:
    """uint16, the shape of ``slant_m``: the certainty of each by :func:`certainty_of`, 0 beyond the range."""
    entry = np.ceil(slant_m / (range_m / _CERTAINTY_STEPS))
    return np.where(entry <= _CERTAINTY_STEPS, table[np.minimum(entry, _CERTAINTY_STEPS).astype(np.int64)], 0).astype(
        np.uint16
    )


def _undominated(options: Options, requirement: Requirement, *, by_position: bool) -> Ints:
    """Indices of the options of one product that no other options of it can stand for; of equals the first stays."""
    sizes = options.seen.sum(axis=(0, 2))
    order = np.argsort(-sizes, kind="stable")
    one = np.zeros(len(options), dtype=np.int64)
    return unbeaten_among(
        options,
        sensors=requirement.detection.sensors,
        order=order[sizes[order] > 0],
        product=one,
        better=np.ones((1, 1), dtype=np.bool_),
        position=options.position if by_position else one,
    )
