"""How far one sensor notices one threat class, and on what that figure rests."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike

from skypact.engines.coverage.sightlines import EARTH_RADIUS_M, STANDARD_CURVATURE, within_sector
from skypact.engines.coverage.terrain import Flags
from skypact.schema import (
    Grade,
    NumberClaim,
    SensingTask,
    Sensor,
    SensorKind,
    Sentence,
    Source,
    StatedRange,
    ThreatClass,
    figure,
    sentence,
    strongest,
)

_GRADES = {
    Grade.STATED: "by the maker or seller",
    Grade.DOCUMENTED: "documented",
    Grade.TESTED: "tested",
    Grade.FIELDED: "reported from use",
}
_TASKS = {
    SensingTask.DETECT: "detect",
    SensingTask.TRACK: "track",
    SensingTask.CLASSIFY: "classify",
    SensingTask.IDENTIFY: "identify",
}


class RangeBasis(StrEnum):
    """What a detection range rests on, strongest first."""

    STATED = "stated"
    """somebody states it for this threat class"""
    DERIVED = "derived"
    """follows by physics from a statement for another target, or from what the class does not emit"""
    ASSUMED = "assumed"
    """a planning assumption of the requirement"""
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class DetectionRange:
    """A detection range with its evidence.

    ``range_m`` is ``None`` exactly if ``basis`` is unknown; ``note`` then says what is missing. ``grade`` is the
    weakest grade among the claims used, ``age_days`` the age of the range claim on the day asked for, ``observed``
    its day and ``expires`` the day from which it no longer counts.
    """

    range_m: float | None
    basis: RangeBasis
    note: Sentence
    grade: Grade | None = None
    age_days: int | None = None
    source: Source | None = None
    observed: date | None = None
    expires: date | None = None


def detection_range(
    sensor: Sensor,
    threat: ThreatClass,
    *,
    on: date,
    assumed_m: float | None = None,
    library: Iterable[ThreatClass] = (),
    trust: Mapping[Grade, float] | None = None,
) -> DetectionRange:
    """The slant range (metres) at which ``sensor`` notices aircraft of class ``threat`` on the day ``on``.

    In this order: a passive radio sensor notices nothing of a class that does not emit (0 m, derived); a range stated
    for the class, best grade first, then the latest, then the shortest; for radar, a range stated for a known other
    radar cross-section, scaled by its fourth root (radar range equation, Skolnik 2008, "Radar handbook", 3rd ed.,
    eq. 1.2) and never beyond the stated range, because the instrumented range is not known; for a receiver, the
    shortest range stated for transmitting aircraft of no named class; ``assumed_m``; unknown.

    ``library`` holds the threat classes whose cross-section may stand in for a statement that names only its class.
    A range for tracking, classification or identification counts as one for detection where no other is stated.
    ``trust`` is the pessimistic mode: by which factor, over 0 and at most 1, ranges of each grade of evidence are
    shortened, and 1 for a grade it does not name; the factors are the planner's, and the note tells them.
    Raises ``ValueError`` for an assumed range that is negative or not finite, and for a factor out of bounds.
    """
    if assumed_m is not None and not 0 <= assumed_m < math.inf:
        raise ValueError(f"assumed_m must be a finite range >= 0, is {assumed_m}")
    if trust is not None and not all(0 < factor <= 1 for factor in trust.values()):
        raise ValueError(f"factors of trust must lie over 0 and at most at 1, are {dict(trust)}")
    silent = _nothing_to_hear(sensor, threat, on)
    if silent is not None:
        return DetectionRange(0.0, RangeBasis.DERIVED, silent)
    stated = _stated(sensor, threat, on)
    if stated is not None:
        return _trusted(stated, trust)
    carried = _carried_over(sensor, threat, on, library)
    if carried is not None:
        return _trusted(carried, trust)
    if assumed_m is not None:
        note = sentence(
            "assumed {range} m against {threat}; no range for this class is public",
            range=f"{assumed_m:g}",
            threat=_named(threat),
        )
        return DetectionRange(assumed_m, RangeBasis.ASSUMED, note)
    return DetectionRange(None, RangeBasis.UNKNOWN, _missing(sensor, threat, on))


def sees(
    sensor: Sensor,
    *,
    range_m: float,
    horizontal_m: ArrayLike,
    above_m: ArrayLike,
    bearing_deg: ArrayLike,
    on: date,
    sector: tuple[float, float] | None = None,
    curvature_factor: float = STANDARD_CURVATURE,
) -> Flags:
    """Whether targets lie in the volume a sensor watches, terrain left aside.

    Parameters
    ----------
    range_m : detection range along the line of sight (slant), metres
    horizontal_m, above_m : distance over the ground, and altitude of the target less that of the sensor, metres
    bearing_deg : direction from sensor to target, degrees clockwise from grid north
    sector : centre and total width of the azimuth watched, degrees; ``None`` all round. The caller decides, because
        it knows how the sensor is set up; :func:`azimuth_width` tells what is stated
    curvature_factor : times the Earth's radius

    Returns
    -------
    bool, the broadcast shape of the three arrays. A blind range or elevation limit that nobody states is not applied;
    :func:`unstated_limits` names it, so that the answer can be told with its gap.
    """
    return within_volume(
        limits_of(sensor, on=on),
        range_m=range_m,
        horizontal_m=horizontal_m,
        above_m=above_m,
        bearing_deg=bearing_deg,
        sector=sector,
        curvature_factor=curvature_factor,
    )


@dataclass(frozen=True)
class Limits:
    """What bounds the volume a sensor watches besides range and sector; ``None``: nobody states it, not applied."""

    blind_m: float | None = None
    """slant range within which nothing is noticed, metres"""
    elevation_min_deg: float | None = None
    elevation_max_deg: float | None = None


def limits_of(sensor: Sensor, *, on: date) -> Limits:
    """The limits stated for ``sensor`` and valid on the day ``on``."""
    return Limits(
        blind_m=figure(sensor.range_min, on=on),
        elevation_min_deg=figure(sensor.elevation_min, on=on),
        elevation_max_deg=figure(sensor.elevation_max, on=on),
    )


def within_volume(
    limits: Limits,
    *,
    range_m: float,
    horizontal_m: ArrayLike,
    above_m: ArrayLike,
    bearing_deg: ArrayLike,
    sector: tuple[float, float] | None = None,
    curvature_factor: float = STANDARD_CURVATURE,
) -> Flags:
    """:func:`sees` for limits that are known as numbers."""
    horizontal = np.asarray(horizontal_m, dtype=np.float64)
    fallen = horizontal * horizontal / (2.0 * curvature_factor * EARTH_RADIUS_M)
    up = np.asarray(above_m, dtype=np.float64) - fallen
    slant = np.hypot(horizontal, up)
    seen = slant <= range_m
    if limits.blind_m is not None:
        seen = seen & (slant >= limits.blind_m)
    elevation = np.degrees(np.arctan2(up, horizontal))
    if limits.elevation_min_deg is not None:
        seen = seen & (elevation >= limits.elevation_min_deg)
    if limits.elevation_max_deg is not None:
        seen = seen & (elevation <= limits.elevation_max_deg)
    if sector is not None:
        seen = seen & within_sector(bearing_deg, sector)
    return np.asarray(seen & np.isfinite(np.asarray(bearing_deg, dtype=np.float64)), dtype=np.bool_)


def azimuth_width(sensor: Sensor, *, on: date) -> float | None:
    """The total azimuth a sensor watches at once, degrees up to 360; ``None`` where nobody states it."""
    stated = figure(sensor.azimuth_coverage, on=on)
    return None if stated is None or stated <= 0 else min(stated, 360.0)


def unstated_limits(sensor: Sensor, *, on: date) -> tuple[str, ...]:
    """Names of the limits of the watched volume that nobody states, as fields of :class:`skypact.schema.Sensor`."""
    limits = {
        "range_min": sensor.range_min,
        "azimuth_coverage": sensor.azimuth_coverage,
        "elevation_min": sensor.elevation_min,
        "elevation_max": sensor.elevation_max,
    }
    return tuple(name for name, claims in limits.items() if strongest(claims, on=on) is None)


def _named(threat: ThreatClass) -> Sentence:
    return Sentence(text=threat.name, text_ko=threat.name_ko)


def _trusted(found: DetectionRange, trust: Mapping[Grade, float] | None) -> DetectionRange:
    """The range shortened as far as its evidence is weak."""
    if trust is None or found.grade is None or found.range_m is None or trust.get(found.grade, 1.0) == 1.0:
        return found
    factor = trust[found.grade]
    note = sentence(
        "{range}; for the weakness of this evidence shortened to {percent} %",
        range=found.note,
        percent=f"{factor:.0%}"[:-1],
    )
    return replace(found, range_m=found.range_m * factor, note=note)


def _nothing_to_hear(sensor: Sensor, threat: ThreatClass, on: date) -> Sentence | None:
    """Why a radio receiver hears nothing of the class; ``None`` if it may hear something."""
    if sensor.kind is SensorKind.REMOTE_ID and not threat.broadcasts_remote_id:
        return sentence("{threat} broadcasts no Remote ID, so there is nothing to receive", threat=_named(threat))
    if sensor.kind is not SensorKind.PASSIVE_RF:
        return None
    if not threat.emits:
        return sentence("{threat} emits nothing, so there is nothing to hear", threat=_named(threat))
    low, high = figure(sensor.frequency_min, on=on), figure(sensor.frequency_max, on=on)
    for emission in threat.emissions:
        bottom, top = figure(emission.frequency_min, on=on), figure(emission.frequency_max, on=on)
        if low is None or high is None or bottom is None or top is None or (bottom <= high and top >= low):
            return None
    return sentence(
        "the sensor listens from {low} to {high} MHz, and {threat} emits outside of that",
        low=_mhz(low),
        high=_mhz(high),
        threat=_named(threat),
    )


def _mhz(hertz: float | None) -> str:
    return "?" if hertz is None else f"{hertz / 1e6:g}"


def _stated(sensor: Sensor, threat: ThreatClass, on: date) -> DetectionRange | None:
    own = [entry for entry in sensor.ranges if entry.threat_class == threat.id]
    to_detect = [entry for entry in own if entry.task is SensingTask.DETECT]
    for entries in (to_detect, [entry for entry in own if entry.task is not SensingTask.DETECT]):
        best = _best((entry, claim, 1.0, claim.grade) for entry in entries for claim in _valid(entry.range, on))
        if best is not None:
            entry, claim, _, _ = best
            if entry.task is SensingTask.DETECT:
                note = sentence(
                    "stated for {target}, {grade}", target=entry.target, grade=sentence(_GRADES[claim.grade])
                )
            else:
                note = sentence(
                    "stated for {target} (for the task {task}; detection reaches further), {grade}",
                    target=entry.target,
                    task=sentence(_TASKS[entry.task]),
                    grade=sentence(_GRADES[claim.grade]),
                )
            return _of_claim(claim, _metres(claim), RangeBasis.STATED, note, claim.grade, on)
    return None


def _carried_over(
    sensor: Sensor, threat: ThreatClass, on: date, library: Iterable[ThreatClass]
) -> DetectionRange | None:
    """What follows from statements for other targets, by the sensor's principle."""
    if sensor.kind is SensorKind.RADAR:
        return _scaled(sensor, threat, on, library)
    if sensor.kind in (SensorKind.PASSIVE_RF, SensorKind.REMOTE_ID):
        return _heard_like_any(sensor, threat, on)
    return None


def _heard_like_any(sensor: Sensor, threat: ThreatClass, on: date) -> DetectionRange | None:
    """Receivers only: the shortest range stated for transmitting drones in general, whose class nobody names."""
    entries = [
        (entry, claim) for entry in sensor.ranges if entry.threat_class is None for claim in _valid(entry.range, on)
    ]
    if not entries:
        return None
    entry, claim = min(entries, key=lambda pair: _metres(pair[1]))
    note = sentence(
        "stated for {target} without a class; {threat} transmits, so it is taken to hold",
        target=entry.target,
        threat=_named(threat),
    )
    return _of_claim(claim, _metres(claim), RangeBasis.DERIVED, note, claim.grade, on)


def _scaled(sensor: Sensor, threat: ThreatClass, on: date, library: Iterable[ThreatClass]) -> DetectionRange | None:
    """Radar only: a range stated for another cross-section, carried over by the fourth root."""
    own = strongest(threat.rcs, on=on)
    if own is None or not own.value:
        return None
    classes = {entry.id: entry for entry in library}
    candidates = []
    for entry in sensor.ranges:
        other = strongest(entry.target_rcs, on=on)
        if other is None and entry.threat_class in classes:
            other = strongest(classes[entry.threat_class].rcs, on=on)
        if other is None or not other.value:
            continue
        factor = min(1.0, (own.value / other.value) ** 0.25)
        for claim in _valid(entry.range, on):
            grade = min((claim.grade, own.grade, other.grade), key=lambda each: each.rank)
            candidates.append((entry, claim, factor, grade, other.value))
    best = _best((entry, claim, factor, grade) for entry, claim, factor, grade, _ in candidates)
    if best is None:
        return None
    entry, claim, factor, grade = best
    note = sentence(
        "derived from {range} m stated for {target}: radar cross-section {rcs} m², range × {factor} "
        "(fourth root of the ratio, at most 1)",
        range=f"{_metres(claim):g}",
        target=entry.target,
        rcs=f"{own.value:g}",
        factor=f"{factor:.3f}",
    )
    return _of_claim(claim, _metres(claim) * factor, RangeBasis.DERIVED, note, grade, on)


def _best(
    candidates: Iterable[tuple[StatedRange, NumberClaim, float, Grade]],
) -> tuple[StatedRange, NumberClaim, float, Grade] | None:
    """Best grade, then latest, then the shortest range, because two equal statements for one class differ in target."""

    def worth(candidate: tuple[StatedRange, NumberClaim, float, Grade]) -> tuple[int, date, float]:
        _, claim, factor, _ = candidate
        return claim.grade.rank, claim.observed, -_metres(claim) * factor

    return max(candidates, key=worth, default=None)


def _valid(claims: Iterable[NumberClaim], on: date) -> list[NumberClaim]:
    return [claim for claim in claims if claim.value is not None and claim.valid_on(on)]


def _metres(claim: NumberClaim) -> float:
    if claim.value is None:
        raise ValueError("a claim without a value has no range")
    return claim.value


def _of_claim(
    claim: NumberClaim, range_m: float, basis: RangeBasis, note: Sentence, grade: Grade, on: date
) -> DetectionRange:
    age = (on - claim.observed).days
    return DetectionRange(range_m, basis, note, grade, age, claim.source, claim.observed, claim.expires)


def _missing(sensor: Sensor, threat: ThreatClass, on: date) -> Sentence:
    """What somebody would have to tell for a range to be known."""
    named = _named(threat)
    expired = [entry for entry in sensor.ranges if entry.threat_class == threat.id]
    if any(claim.value is not None for entry in expired for claim in entry.range):
        return sentence(
            "the range stated for {threat} has expired by {day}; a fresh one is needed",
            threat=named,
            day=on.isoformat(),
        )
    if sensor.kind is SensorKind.RADAR:
        needed = sentence(
            "missing: a detection range against {threat}, or a range with the radar cross-section it holds for",
            threat=named,
        )
    else:
        needed = sentence("missing: a detection range against {threat}", threat=named)
    for entry in sensor.ranges:
        if _valid(entry.range, on):
            return sentence(
                "stated only for {target}, which does not tell for {threat}; {missing}",
                target=entry.target,
                threat=named,
                missing=needed,
            )
    return needed
