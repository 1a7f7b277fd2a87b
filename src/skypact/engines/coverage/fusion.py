"""What several sensors see together."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from skypact.engines.coverage.terrain import Floats
from skypact.schema import SensorKind


def kinds_seen(detections: ArrayLike, kinds: Sequence[SensorKind]) -> NDArray[np.int64]:
    """By how many *different* kinds of sensor each point is seen.

    Parameters
    ----------
    detections : bool (sensors, points)
    kinds : the kind of each sensor; two of one kind count once, because they fail for the same reason

    Returns int64 (points,). Raises ``ValueError`` if the shapes do not agree.
    """
    seen = np.asarray(detections, dtype=np.bool_)
    if seen.ndim != 2 or seen.shape[0] != len(kinds):
        raise ValueError(f"detections of shape {seen.shape} do not fit {len(kinds)} sensor kinds")
    count = np.zeros(seen.shape[1], dtype=np.int64)
    for kind in sorted(set(kinds)):
        count += seen[[other is kind for other in kinds]].any(axis=0)
    return count


def share_seen(kinds_at_points: ArrayLike, *, at_least: int = 1) -> float:
    """Share of points seen by ``at_least`` different kinds, 0 to 1. Raises ``ValueError`` if there is no point."""
    count = np.asarray(kinds_at_points)
    if count.size == 0:
        raise ValueError("no points: a share of nothing is not defined")
    return float(np.count_nonzero(count >= at_least) / count.size)


def any_detects(probabilities: ArrayLike) -> Floats:
    """Probability that at least one of several independent sensors detects: ``1 - Π(1 - p)`` over the first axis.

    Raises ``ValueError`` for anything that is not a probability. Independence flatters sensors of one kind, which fail
    for the same reason; :func:`kinds_detect` asks for different kinds.
    """
    return np.asarray(1.0 - np.prod(1.0 - _checked(probabilities), axis=0))


def at_least_detect(probabilities: ArrayLike, *, at_least: int) -> Floats:
    """Probability that at least ``at_least`` of several independent sensors detect, over the first axis.

    The Poisson binomial distribution by convolution, sensor by sensor (Wang 1993, Statistica Sinica 3, 295-312).
    Raises ``ValueError`` for a number below 0 or anything that is not a probability.
    """
    if at_least < 0:
        raise ValueError(f"at_least must not be negative, is {at_least}")
    single = _checked(probabilities)
    fewer = np.zeros((at_least, *single.shape[1:]))  # fewer[n]: exactly n detect so far
    if at_least == 0:
        return np.ones(single.shape[1:])
    fewer[0] = 1.0
    for probability in single:
        fewer[1:] = fewer[1:] * (1.0 - probability) + fewer[:-1] * probability
        fewer[0] *= 1.0 - probability
    return np.asarray(1.0 - fewer.sum(axis=0))


def kinds_detect(probabilities: ArrayLike, kinds: Sequence[SensorKind], *, at_least: int) -> Floats:
    """Probability that sensors of at least ``at_least`` different kinds detect each point.

    ``probabilities`` is (sensors, points); within a kind any sensor will do. Raises ``ValueError`` as above.
    """
    single = _checked(probabilities)
    if single.shape[0] != len(kinds):
        raise ValueError(f"probabilities of shape {single.shape} do not fit {len(kinds)} sensor kinds")
    each = [any_detects(single[[other is kind for other in kinds]]) for kind in sorted(set(kinds))]
    return at_least_detect(np.array(each).reshape(len(each), *single.shape[1:]), at_least=at_least)


def _checked(probabilities: ArrayLike) -> Floats:
    values = np.asarray(probabilities, dtype=np.float64)
    if not ((values >= 0) & (values <= 1)).all():
        raise ValueError("probabilities must lie between 0 and 1")
    return values
