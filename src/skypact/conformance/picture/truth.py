"""Fused tracks beside the truth: GOSPA of Stone Soup, and the completeness, ambiguity and spuriousness of SIAP."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

import numpy as np
from pydantic import Field

from skypact.conformance.picture.grid import Grid
from skypact.conformance.picture.observation import Observation
from skypact.conformance.picture.report import Scored
from skypact.conformance.picture.tracking import Track
from skypact.schema.base import Model

CUTOFF_M = 100.0
_WHEN = datetime(2000, 1, 1, tzinfo=UTC)


class TruePath(Model):
    id: str
    positions: tuple[tuple[float, float, float], ...] = Field(min_length=2)
    """Seconds since 1970 UTC, longitude, latitude; in order of time."""


class Truth(Model):
    """Where the objects really were: from their own recorders, or from whoever made the scene."""

    objects: tuple[TruePath, ...] = Field(min_length=1)


def score(truth: Truth, tracks: Sequence[Track], grid: Grid) -> Scored:
    from stonesoup.metricgenerator.ospametric import GOSPAMetric
    from stonesoup.types.state import State

    metric = GOSPAMetric(p=2, c=CUTOFF_M)
    first = min(one.positions[0][0] for one in truth.objects)
    last = max(one.positions[-1][0] for one in truth.objects)
    times = np.arange(first, last + 1e-6, 1.0)
    objects = [_path(one, times, grid) for one in truth.objects]
    estimates = [one.at(times)[0] for one in tracks]
    gospa, squares = [], []
    there = tracked = on_objects = on_none = 0
    for row in range(len(times)):
        real = [one[row] for one in objects if np.isfinite(one[row]).all()]
        seen = [one[row] for one in estimates if np.isfinite(one[row]).all()]
        if not real and not seen:
            continue
        found, _ = metric.compute_gospa_metric(
            *([State(one, timestamp=_WHEN) for one in side] for side in (seen, real))
        )
        gospa.append(float(found.value["distance"]))
        apart = np.array([[np.hypot(*(one - other)) for other in seen] for one in real]).reshape(len(real), len(seen))
        near = apart < CUTOFF_M
        there += len(real)
        tracked += int(near.any(axis=1).sum())
        on_objects += int(near.any(axis=0).sum())
        on_none += int((~near.any(axis=0)).sum())
        squares += [float(row.min()) ** 2 for row in apart if len(row) and row.min() < CUTOFF_M]
    return Scored(
        objects=len(truth.objects),
        tracks=len(tracks),
        cutoff_m=CUTOFF_M,
        gospa_m=round(float(np.mean(gospa)), 2),
        rms_m=round(float(np.sqrt(np.mean(squares))), 2) if squares else None,
        completeness=round(tracked / there, 4),
        ambiguity=round(on_objects / tracked, 4) if tracked else None,
        spuriousness=round(on_none / (on_objects + on_none), 4) if on_objects + on_none else None,
    )


def _path(one: TruePath, times: np.ndarray, grid: Grid) -> np.ndarray:
    said = [
        Observation(source=one.id, time_s=time_s, longitude_deg=longitude, latitude_deg=latitude)
        for time_s, longitude, latitude in one.positions
    ]
    placed = grid.place(said, 1.0)
    place = np.column_stack([np.interp(times, placed.time_s, placed.place_m[:, axis]) for axis in (0, 1)])
    place[(times < placed.time_s[0]) | (times > placed.time_s[-1])] = np.nan
    return place
