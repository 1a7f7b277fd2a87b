"""Tracks from observations of many sensors: Stone Soup's global nearest neighbour over a constant-velocity model.

Stone Soup (Dstl, MIT) takes most of a second to import, so it waits until tracks are asked for.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
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
_SILENCE_S = 20.0
#: Only looks this near in time carry a reference from one look to the next, s.
_BRIDGED_S = 8.0


@dataclass(frozen=True)
class Track:
    """Estimates after each look: (n,), (n, 2), (n, 2), (n,); and the row of each look among the observations."""

    time_s: NDArray[np.float64]
    place_m: NDArray[np.float64]
    velocity_m_s: NDArray[np.float64]
    sigma_m: NDArray[np.float64]
    looks: NDArray[np.int64]

    def at(self, time_s: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Places (n, 2) and standard deviations (n,) at the times; NaN where the track does not reach."""
        place = np.column_stack([np.interp(time_s, self.time_s, self.place_m[:, axis]) for axis in (0, 1)])
        sigma = np.interp(time_s, self.time_s, self.sigma_m)
        after = np.clip(np.searchsorted(self.time_s, time_s), 1, len(self.time_s) - 1)
        gap = self.time_s[after] - self.time_s[after - 1]
        outside = (time_s < self.time_s[0] - 1e-6) | (time_s > self.time_s[-1] + 1e-6) | (gap > _BRIDGED_S)
        place[outside] = np.nan
        return place, np.where(outside, np.nan, sigma)


def track(placed: Placed, sources: Sequence[str]) -> tuple[Track, ...]:
    """Tracks of the observations, in order of their beginning. ``sources``: who made each row; one source sees an
    object once at a moment, two sources may both see it."""
    from stonesoup.dataassociator.neighbour import GNNWith2DAssignment
    from stonesoup.deleter.time import UpdateTimeDeleter
    from stonesoup.hypothesiser.distance import DistanceHypothesiser
    from stonesoup.initiator.simple import MultiMeasurementInitiator
    from stonesoup.measures import Mahalanobis
    from stonesoup.models.transition.linear import CombinedLinearGaussianTransitionModel, ConstantVelocity
    from stonesoup.predictor.kalman import KalmanPredictor
    from stonesoup.tracker.simple import MultiTargetTracker
    from stonesoup.types.state import GaussianState
    from stonesoup.updater.kalman import KalmanUpdater

    known = np.flatnonzero(np.isfinite(placed.place_m).all(axis=1))
    order = sorted(known.tolist(), key=lambda row: (placed.time_s[row], sources[row]))
    if not order:
        return ()
    start_s = float(placed.time_s[order[0]])
    predictor = KalmanPredictor(CombinedLinearGaussianTransitionModel([ConstantVelocity(_AGILITY)] * 2))
    updater = KalmanUpdater(None)
    associator = GNNWith2DAssignment(DistanceHypothesiser(predictor, updater, Mahalanobis(), missed_distance=_GATE))
    deleter = UpdateTimeDeleter(timedelta(seconds=_SILENCE_S))
    unknown = GaussianState([[0.0]] * 4, np.diag([0.0, _FIRST_SPEED_M_S**2] * 2))
    initiator = MultiMeasurementInitiator(
        prior_state=unknown,
        deleter=deleter,
        data_associator=associator,
        updater=updater,
        min_points=_LEAST_LOOKS,
    )
    tracker = MultiTargetTracker(initiator, deleter, _looks(placed, sources, order, start_s), associator, updater)
    found: set[Any] = set()
    for _, current in tracker:
        found |= current
    made = [one for one in (_track(one, start_s) for one in found) if one is not None]
    return tuple(sorted(made, key=lambda one: (one.time_s[0], one.looks[0])))


_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)


def _looks(
    placed: Placed, sources: Sequence[str], order: Sequence[int], start_s: float
) -> Iterator[tuple[datetime, set[Any]]]:
    from stonesoup.models.measurement.linear import LinearGaussian
    from stonesoup.types.detection import Detection

    def moment(row: int) -> datetime:
        return _EPOCH + timedelta(milliseconds=round((placed.time_s[row] - start_s) * 1000))

    for (time, _), rows in groupby(order, key=lambda row: (moment(row), sources[row])):
        yield (
            time,
            {
                Detection(
                    placed.place_m[row].reshape(2, 1),
                    timestamp=time,
                    measurement_model=LinearGaussian(4, (0, 2), placed.covariance_m2[row]),
                    metadata={"row": row},
                )
                for row in rows
            },
        )


def _track(found: Any, start_s: float) -> Track | None:
    """The looks of a Stone Soup track; ``None`` where fewer than two moments were seen."""
    states = [one for one in found.states if hasattr(one, "hypothesis")]
    times = np.array([(one.timestamp - _EPOCH).total_seconds() for one in states])
    if len(states) < 2 or times[0] == times[-1]:
        return None
    vectors = np.array([np.asarray(one.state_vector, dtype=float).ravel() for one in states])
    spread = np.array([np.diag(np.asarray(one.covar, dtype=float)) for one in states])
    return Track(
        times + start_s,
        vectors[:, [0, 2]],
        vectors[:, [1, 3]],
        np.sqrt(spread[:, [0, 2]].mean(axis=1)),
        np.array([one.hypothesis.measurement.metadata["row"] for one in states]),
    )
