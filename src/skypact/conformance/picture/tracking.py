"""Tracks from observations of many sensors: Stone Soup's filter and global nearest neighbour over a constant velocity.

Stone Soup (Dstl, MIT) takes most of a second to import, so it waits until tracks are asked for. Its tracker predicts
every track for every look; here only tracks within reach of a look are asked, which gives the same assignments and
keeps long recordings and live sockets affordable.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cached_property
from itertools import groupby
from typing import Any

import numpy as np
from numpy.typing import NDArray

from skypact.conformance.picture.grid import Placed

#: Spectral density of the acceleration, m²/s³: a small drone that turns with 1 to 2 m/s² for seconds.
_AGILITY = 4.0
#: Standard deviation of a velocity before the second look, m/s.
_FIRST_SPEED_M_S = 20.0
#: Distance in standard deviations from which a plot belongs to no track.
_GATE = 4.0
#: Looks that make a track.
_LEAST_LOOKS = 4
#: A track without a look for so long ends, s.
SILENCE_S = 20.0
#: Only looks this near in time carry a reference from one look to the next, s.
_BRIDGED_S = 8.0
_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
_COORDINATES = (0, 2)


@dataclass(frozen=True)
class Track:
    """Estimates after each look: (n,), (n, 2), (n, 2), (n, 2), (n,); and the row of each look."""

    time_s: NDArray[np.float64]
    place_m: NDArray[np.float64]
    velocity_m_s: NDArray[np.float64]
    spread_m: NDArray[np.float64]
    """Standard deviations of the place, east and north."""
    speed_sigma_m_s: NDArray[np.float64]
    looks: NDArray[np.int64]

    @cached_property
    def sigma_m(self) -> NDArray[np.float64]:
        """One standard deviation for both directions, (n,)."""
        return np.sqrt((self.spread_m**2).mean(axis=1))

    def at(self, time_s: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Places (n, 2) and standard deviations (n,) at the times; NaN where the track does not reach."""
        place = np.column_stack([np.interp(time_s, self.time_s, self.place_m[:, axis]) for axis in (0, 1)])
        sigma = np.interp(time_s, self.time_s, self.sigma_m)
        after = np.clip(np.searchsorted(self.time_s, time_s), 1, len(self.time_s) - 1)
        gap = self.time_s[after] - self.time_s[after - 1]
        outside = (time_s < self.time_s[0] - 1e-6) | (time_s > self.time_s[-1] + 1e-6) | (gap > _BRIDGED_S)
        place[outside] = np.nan
        return place, np.where(outside, np.nan, sigma)


@dataclass(frozen=True)
class Look:
    """One observation on the grid: place (2,) and covariance (2, 2), metres."""

    row: int
    place_m: NDArray[np.float64]
    covariance_m2: NDArray[np.float64]


@dataclass(frozen=True)
class Estimate:
    """What a track is thought to be just after one look at it."""

    time_s: float
    place_m: tuple[float, float]
    velocity_m_s: tuple[float, float]
    spread_m: tuple[float, float]
    speed_sigma_m_s: float
    row: int


@dataclass(eq=False)
class Followed:
    """An object that is being followed; ``number`` counts from 1 as tracks are confirmed, 0 before that."""

    state: Any
    """Stone Soup's estimate after the last look."""
    estimates: deque[Estimate]
    first_s: float
    rows: list[int] = field(default_factory=list)
    """Of the looks that confirmed it."""
    looks: int = 1
    number: int = 0
    time_s: float = 0.0
    mean: tuple[float, ...] = ()
    variances: tuple[tuple[float, float, float], ...] = ()
    """East and north: of the place, of both together, of the velocity."""

    def may_reach(self, time_s: float, look: Look) -> bool:
        """Whether the look can lie within the gate: the squared distance in standard deviations is at least the squared
        distance in metres over the trace of the covariance."""
        later = time_s - self.time_s
        apart = spread = 0.0
        for axis, (place, both, speed) in enumerate(self.variances):
            there = self.mean[2 * axis] + later * self.mean[2 * axis + 1]
            apart += (float(look.place_m[axis]) - there) ** 2
            spread += place + 2 * later * both + later**2 * speed + _AGILITY * later**3 / 3
            spread += float(look.covariance_m2[axis, axis])
        return apart <= _GATE**2 * spread * (1 + 1e-9)


@dataclass
class Tracker:
    """Looks in, in order of time; tracks on. ``kept``: estimates that a track remembers, all of them by default;
    ``most``: objects followed at once, further ones are counted in ``refused``."""

    kept: int | None = None
    most: int | None = None
    current: list[Followed] = field(default_factory=list)
    """Confirmed and not yet ended."""
    ended: Callable[[Followed], None] = lambda one: None
    refused: int = 0
    numbers: int = 0
    """Objects confirmed so far."""
    _tentative: list[Followed] = field(default_factory=list)
    _start_s: float | None = None
    _parts: _Parts = field(default_factory=lambda: _Parts())

    def take(self, time_s: float, looks: Sequence[Look]) -> list[Followed]:
        """All that one source saw at one moment, so that no two looks are of one object: the tracks it went to."""
        self._start_s = time_s if self._start_s is None else self._start_s
        self._end(time_s)
        seen, left = self._parts.assign(self.current, time_s, looks, self._moment)
        again, new = self._parts.assign(self._tentative, time_s, left, self._moment)
        for one, look, state in (*seen, *again):
            one.looks += 1
            self._update(one, look, state, time_s)
        for one in [one for one, _, _ in again if one.looks >= _LEAST_LOOKS]:
            self._tentative.remove(one)
            self.numbers += 1
            one.number = self.numbers
            self.current.append(one)
        for look in new:
            if self.most is not None and len(self._tentative) + len(self.current) >= self.most:
                self.refused += 1
                continue
            begun = Followed(None, deque(maxlen=self.kept), time_s)
            self._update(begun, look, self._parts.begin(time_s, look, self._moment), time_s)
            self._tentative.append(begun)
        return [one for one, _, _ in (*seen, *again) if one.number]

    def _moment(self, time_s: float) -> datetime:
        return _EPOCH + timedelta(milliseconds=round((time_s - (self._start_s or 0.0)) * 1000))

    def _end(self, time_s: float) -> None:
        for one in [one for one in self.current if time_s - one.time_s > SILENCE_S]:
            self.current.remove(one)
            self.ended(one)
        self._tentative = [one for one in self._tentative if time_s - one.time_s <= SILENCE_S]

    def _update(self, one: Followed, look: Look, state: Any, time_s: float) -> None:
        mean = np.asarray(state.state_vector, dtype=float).ravel()
        covariance = np.asarray(state.covar, dtype=float)
        one.state, one.time_s = state, time_s
        if not one.number:
            one.rows.append(look.row)
        one.mean = tuple(mean.tolist())
        one.variances = tuple(
            (float(covariance[at, at]), float(covariance[at, at + 1]), float(covariance[at + 1, at + 1]))
            for at in _COORDINATES
        )
        one.estimates.append(
            Estimate(
                time_s,
                (one.mean[0], one.mean[2]),
                (one.mean[1], one.mean[3]),
                (one.variances[0][0] ** 0.5, one.variances[1][0] ** 0.5),
                ((one.variances[0][2] + one.variances[1][2]) / 2) ** 0.5,
                look.row,
            )
        )


class _Parts:
    """The parts of Stone Soup, put together once."""

    def __init__(self) -> None:
        from stonesoup.dataassociator.neighbour import GNNWith2DAssignment
        from stonesoup.hypothesiser.distance import DistanceHypothesiser
        from stonesoup.initiator.simple import SimpleMeasurementInitiator
        from stonesoup.measures import Mahalanobis
        from stonesoup.models.transition.linear import CombinedLinearGaussianTransitionModel, ConstantVelocity
        from stonesoup.predictor.kalman import KalmanPredictor
        from stonesoup.types.state import GaussianState
        from stonesoup.updater.kalman import KalmanUpdater

        within: dict[int, set[Any]] = {}

        class Near(DistanceHypothesiser):  # type: ignore[misc]
            """Asks only about detections within reach of the estimate: ``within``, by the estimate's identity."""

            def hypothesise(self, track: Any, detections: Any, timestamp: datetime, **more: Any) -> Any:
                return super().hypothesise(track, within[id(track)], timestamp, **more)

        self._within = within
        predictor = KalmanPredictor(CombinedLinearGaussianTransitionModel([ConstantVelocity(_AGILITY)] * 2))
        self._updater = KalmanUpdater(None)
        self._associator = GNNWith2DAssignment(Near(predictor, self._updater, Mahalanobis(), missed_distance=_GATE))
        unknown = GaussianState([[0.0]] * 4, np.diag([0.0, _FIRST_SPEED_M_S**2] * 2))
        self._initiator = SimpleMeasurementInitiator(unknown)

    def assign(
        self,
        followed: Sequence[Followed],
        time_s: float,
        looks: Sequence[Look],
        moment: Callable[[float], datetime],
    ) -> tuple[list[tuple[Followed, Look, Any]], list[Look]]:
        """Which look belongs to whom, with the estimate after it; and the looks of nobody."""
        time = moment(time_s)
        detections = [_detection(look, time) for look in looks]
        near = []
        self._within.clear()
        for one in followed:
            reached = {detections[at] for at, look in enumerate(looks) if one.may_reach(time_s, look)}
            if reached:
                near.append(one)
                self._within[id(one.state)] = reached
        if not near:
            return [], list(looks)
        states = {id(one.state): one for one in near}
        found = self._associator.associate([one.state for one in near], set(detections), time)
        taken, assigned = set(), []
        for state, hypothesis in found.items():
            if hypothesis:
                at = next(at for at, one in enumerate(detections) if one is hypothesis.measurement)
                taken.add(at)
                assigned.append((states[id(state)], looks[at], self._updater.update(hypothesis)))
        assigned.sort(key=lambda one: one[1].row)
        return assigned, [look for at, look in enumerate(looks) if at not in taken]

    def begin(self, time_s: float, look: Look, moment: Callable[[float], datetime]) -> Any:
        time = moment(time_s)
        (track,) = self._initiator.initiate({_detection(look, time)}, time)
        return track.state


def _detection(look: Look, time: datetime) -> Any:
    from stonesoup.models.measurement.linear import LinearGaussian
    from stonesoup.types.detection import Detection

    model = LinearGaussian(4, _COORDINATES, look.covariance_m2)
    return Detection(look.place_m.reshape(2, 1), timestamp=time, measurement_model=model)


def track(
    placed: Placed, sources: Sequence[str], tell: Callable[[int, int], None] = lambda done, of: None
) -> tuple[Track, ...]:
    """Tracks of the observations, in order of their beginning. ``sources``: who made each row; one source sees an
    object once at a moment, two sources may both see it. ``tell`` hears how many rows of how many are done."""
    known = np.flatnonzero(np.isfinite(placed.place_m).all(axis=1))
    order = sorted(known.tolist(), key=lambda row: (placed.time_s[row], sources[row]))
    if not order:
        return ()
    found: list[Followed] = []
    tracker = Tracker(ended=found.append)
    done = 0
    for time_s, looks in _looks(placed, sources, order):
        tracker.take(time_s, looks)
        done += len(looks)
        tell(done, len(order))
    made = [one for one in map(_track, [*found, *tracker.current]) if one is not None]
    return tuple(sorted(made, key=lambda one: (one.time_s[0], one.looks[0])))


def _looks(placed: Placed, sources: Sequence[str], order: Sequence[int]) -> Iterator[tuple[float, list[Look]]]:
    for (time_s, _), rows in groupby(order, key=lambda row: (placed.time_s[row], sources[row])):
        yield float(time_s), [Look(row, placed.place_m[row], placed.covariance_m2[row]) for row in rows]


def _track(found: Followed) -> Track | None:
    """The estimates as arrays; ``None`` where fewer than two moments were seen."""
    times = np.array([one.time_s for one in found.estimates])
    if len(times) < 2 or times[0] == times[-1]:
        return None
    return Track(
        times,
        np.array([one.place_m for one in found.estimates]),
        np.array([one.velocity_m_s for one in found.estimates]),
        np.array([one.spread_m for one in found.estimates]),
        np.array([one.speed_sigma_m_s for one in found.estimates]),
        np.array([one.row for one in found.estimates]),
    )
