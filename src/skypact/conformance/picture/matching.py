"""How well one source's observations lie on the tracks of others, and under which single mistake they would.

The cost of a placing is the sum over the observations of min(d², c²), d the distance to the nearest track in standard
deviations (Torr and Zisserman, MLESAC, 2000): what lies on no track counts the same however far away it is, so objects
that only one source sees decide nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from skypact.conformance.picture.grid import Grid, Placed
from skypact.conformance.picture.observation import Observation
from skypact.conformance.picture.tracking import Track


class Cause(StrEnum):
    """The single mistakes that are looked for."""

    AXES = "axes swapped"
    PLACE = "place shifted"
    HEIGHT = "height shifted"
    CLOCK = "clock shifted"
    UNIT = "wrong unit"
    IDENTITY = "wrong identity"


@dataclass(frozen=True)
class Fit:
    cause: Cause | None
    """``None``: as said."""
    sentence: str
    cost: float
    on: NDArray[np.int64]
    """For each observation the track it lies on; -1 for none."""

    @property
    def matched(self) -> int:
        return int((self.on >= 0).sum())


#: c²: 99 of 100 true observations lie nearer (chi-square, two degrees of freedom).
_FARTHEST = 9.21
#: Where a track lags in a turn and clocks are set to a tenth of a second, m.
_SLACK_M = 8.0
#: What each parameter of a mistake must gain, and what a mistake must gain to be believed at all.
_PRICE, _LEAST_GAIN = 4.0, 25.0
_LEAST_SHIFT_M, _LARGEST_SHIFT_M = 25.0, 2_000.0
_LEAST_LATE_S = 2.0
_CELL_M = 60.0
#: So many observations, evenly taken, are enough to find a shift by; all are then laid on the tracks under it.
_SEARCHED = 100
#: Another cause that gains nearly as much is named beside the best.
_AS_GOOD = 0.95
_NEAR_S = np.arange(-60.0, 60.25, 0.5)
_HOURS_S = np.array([sign * 1_800.0 * half for half in range(1, 29) for sign in (-1, 1)] + [-86_400.0, 86_400.0])
_SCALES = {
    "kilometres in a field of nautical miles": 1.852,
    "nautical miles in a field of kilometres": 1 / 1.852,
    "feet in a field of metres": 1 / 0.3048,
    "metres in a field of feet": 0.3048,
}


def fits(
    observations: Sequence[Observation], grid: Grid, tracks: Sequence[Track], sigma_m: float
) -> tuple[Fit, tuple[Fit, ...]]:
    """The fit as said, and the mistakes that explain clearly more: the best one, and others nearly as good."""
    placed = grid.place(observations, sigma_m)
    as_said = _fit(None, "", placed, tracks)
    if not tracks:
        return as_said, ()
    least = max(8, len(observations) // 4)
    found: list[tuple[float, Fit]] = []
    for parameters, fit in _mistakes(observations, placed, grid, tracks, sigma_m):
        gain = as_said.cost - fit.cost - _PRICE * parameters
        if gain >= _LEAST_GAIN and fit.matched >= least:
            found.append((gain, fit))
    if not found:
        return as_said, ()
    best = max(gain for gain, _ in found)
    return as_said, tuple(fit for gain, fit in sorted(found, key=lambda one: -one[0]) if gain >= _AS_GOOD * best)


def _mistakes(
    observations: Sequence[Observation], placed: Placed, grid: Grid, tracks: Sequence[Track], sigma_m: float
) -> Iterator[tuple[int, Fit]]:
    swapped = grid.place([_swapped(one) for one in observations], sigma_m)
    what = "bearings counted from east" if observations[0].polar else "longitude and latitude exchanged"
    yield 0, _fit(Cause.AXES, what, swapped, tracks)
    if all(one.polar for one in observations):
        for words, factor in _SCALES.items():
            scaled = grid.place([_scaled(one, 1 / factor) for one in observations], sigma_m)
            yield 0, _fit(Cause.UNIT, f"ranges: {words}", scaled, tracks)
    yield from _later(placed, tracks)
    yield from _shifted(placed, tracks)


def _swapped(one: Observation) -> Observation:
    if one.polar is not None:
        return replace(one, polar=replace(one.polar, bearing_deg=(90 - one.polar.bearing_deg) % 360))
    return replace(one, longitude_deg=one.latitude_deg, latitude_deg=one.longitude_deg)


def _scaled(one: Observation, factor: float) -> Observation:
    return one if one.polar is None else replace(one, polar=replace(one.polar, slant_m=one.polar.slant_m * factor))


def _later(placed: Placed, tracks: Sequence[Track]) -> Iterator[tuple[int, Fit]]:
    some = placed.some(_SEARCHED)

    def cost(shift_s: float) -> float:
        return _cost(replace(some, time_s=some.time_s - shift_s), tracks)[0]

    coarse = [float(one) for one in (*_NEAR_S, *_HOURS_S)]
    best = min(coarse, key=cost)
    best = min((best + float(fine) for fine in np.arange(-0.5, 0.55, 0.1)), key=cost)
    if abs(best) >= _LEAST_LATE_S:
        direction = "ahead" if best > 0 else "behind"
        words = f"its clock is {abs(best):.1f} s {direction}"
        yield 1, _fit(Cause.CLOCK, words, replace(placed, time_s=placed.time_s - best), tracks)


def _shifted(placed: Placed, tracks: Sequence[Track]) -> Iterator[tuple[int, Fit]]:
    """The shifts that most pairs of observation and track vote for, each drawn to the middle of what it matches."""
    apart = np.concatenate([placed.place_m - track.at(placed.time_s)[0] for track in tracks])
    apart = apart[(np.abs(apart) < _LARGEST_SHIFT_M).all(axis=1)]
    if not len(apart):
        return
    cells, votes = np.unique(np.round(apart / _CELL_M), axis=0, return_counts=True)
    for cell in cells[np.argsort(-votes, kind="stable")[:6]]:
        shift = cell * _CELL_M
        for _ in range(4):
            moved = replace(placed, place_m=placed.place_m - shift)
            _, on = _cost(moved, tracks)
            left = np.array([moved.place_m[row] - tracks[at].at(moved.time_s[[row]])[0][0] for row, at in _pairs(on)])
            if not len(left):
                break
            shift = shift + left.mean(axis=0)
        if np.hypot(*shift) >= _LEAST_SHIFT_M:
            words = f"its places lie {shift[0]:+.0f} m east, {shift[1]:+.0f} m north of the others'"
            yield 2, _fit(Cause.PLACE, words, replace(placed, place_m=placed.place_m - shift), tracks)


def _pairs(on: NDArray[np.int64]) -> Iterator[tuple[int, int]]:
    return ((row, int(at)) for row, at in enumerate(on) if at >= 0)


def _fit(cause: Cause | None, sentence: str, placed: Placed, tracks: Sequence[Track]) -> Fit:
    cost, on = _cost(placed, tracks)
    return Fit(cause, sentence, cost, on)


def _cost(placed: Placed, tracks: Sequence[Track]) -> tuple[float, NDArray[np.int64]]:
    if not tracks:
        return _FARTHEST * len(placed), np.full(len(placed), -1)
    distances = np.full((len(tracks), len(placed)), np.inf)
    first, last = placed.time_s.min(), placed.time_s.max()
    for number, track in enumerate(tracks):
        if track.time_s[0] > last or track.time_s[-1] < first:
            continue
        place, sigma = track.at(placed.time_s)
        apart = placed.place_m - place
        spread = placed.covariance_m2 + (np.nan_to_num(sigma) ** 2 + _SLACK_M**2)[:, None, None] * np.eye(2)
        east, north, both = spread[:, 0, 0], spread[:, 1, 1], spread[:, 0, 1]
        square = north * apart[:, 0] ** 2 - 2 * both * apart[:, 0] * apart[:, 1] + east * apart[:, 1] ** 2
        distances[number] = square / (east * north - both**2)
    distances[np.isnan(distances)] = np.inf
    nearest = distances.argmin(axis=0)
    best = distances[nearest, np.arange(len(placed))]
    return float(np.minimum(best, _FARTHEST).sum()), np.where(best < _FARTHEST, nearest, -1)
