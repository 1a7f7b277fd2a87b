"""What several sensors see together."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

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
