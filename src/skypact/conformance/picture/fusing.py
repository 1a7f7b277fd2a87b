"""Fused tracks as a report tells them: who contributed what, and where the object was, second by second."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from skypact.conformance.picture.grid import Grid, Placed
from skypact.conformance.picture.observation import Observation
from skypact.conformance.picture.report import Common, Contribution, FusedTrack, TrackState
from skypact.conformance.picture.tracking import Estimate, Track

#: Heights said so long before are no longer the object's, s.
HEIGHT_S = 6.0
#: A velocity less certain than that is none, m/s.
_SURE_M_S = 10.0
#: Heights that make a spread.
_LEAST_HEIGHTS = 3


def fused(number: int, one: Track, observations: Sequence[Observation], placed: Placed, grid: Grid) -> FusedTrack:
    rows: dict[str, list[int]] = defaultdict(list)
    for at, row in enumerate(one.looks):
        rows[observations[row].source].append(at)
    return FusedTrack(
        number=number,
        start_s=round(float(one.time_s[0]), 3),
        end_s=round(float(one.time_s[-1]), 3),
        contributions=tuple(
            _contribution(source, ats, one, observations, placed) for source, ats in sorted(rows.items())
        ),
        states=tuple(_states(one, placed, grid)),
    )


def _contribution(
    source: str, ats: Sequence[int], one: Track, observations: Sequence[Observation], placed: Placed
) -> Contribution:
    looks = one.looks[ats]
    apart = placed.place_m[looks] - one.place_m[ats]
    east, north = apart.mean(axis=0)
    return Contribution(
        source=source,
        looks=len(ats),
        east_m=round(float(east), 1),
        north_m=round(float(north), 1),
        rms_m=round(float(np.sqrt((apart**2).sum(axis=1).mean())), 1),
        start_s=round(float(one.time_s[ats[0]]), 3),
        end_s=round(float(one.time_s[ats[-1]]), 3),
        identities=tuple(sorted({name for row in looks if (name := observations[row].identity)})),
        numbers=tuple(sorted({name for row in looks if (name := observations[row].number)})),
    )


def _states(one: Track, placed: Placed, grid: Grid) -> Iterator[TrackState]:
    last = -np.inf
    heights = placed.height_m[one.looks]
    for at, time_s in enumerate(one.time_s):
        if time_s >= last + 1.0:
            near = slice(np.searchsorted(one.time_s, time_s - HEIGHT_S), at + 1)
            said = heights[near][np.isfinite(heights[near])]
            estimate = Estimate(
                float(time_s),
                tuple(one.place_m[at]),
                tuple(one.velocity_m_s[at]),
                tuple(one.spread_m[at]),
                float(one.speed_sigma_m_s[at]),
                int(one.looks[at]),
            )
            yield state(estimate, said.tolist(), grid)
            last = time_s


def state(one: Estimate, heights: Sequence[float], grid: Grid) -> TrackState:
    """``heights``: above the ellipsoid, those said of the object within the last seconds."""
    longitude, latitude = grid.degrees(*one.place_m)
    moving = one.speed_sigma_m_s <= _SURE_M_S
    return TrackState(
        time_s=round(one.time_s, 3),
        longitude_deg=round(longitude, 7),
        latitude_deg=round(latitude, 7),
        height_m=round(float(np.mean(heights)), 1) if heights else None,
        east_m_s=round(float(one.velocity_m_s[0]), 2) if moving else None,
        north_m_s=round(float(one.velocity_m_s[1]), 2) if moving else None,
        east_sigma_m=round(float(one.spread_m[0]), 2),
        north_sigma_m=round(float(one.spread_m[1]), 2),
        height_sigma_m=round(float(np.std(heights, ddof=1)), 2) if len(heights) >= _LEAST_HEIGHTS else None,
    )


def in_common(tracks: Sequence[FusedTrack], parties: Mapping[str, str]) -> Iterator[Common]:
    """Tracks on which products of more than one party looked, and for how long all of them did."""
    for one in tracks:
        parts = [part for part in one.contributions if part.source in parties]
        named = sorted({parties[part.source] for part in parts})
        if len(named) < 2:
            continue
        spans = [[part for part in parts if parties[part.source] == party] for party in named]
        first = max(min(part.start_s for part in span) for span in spans)
        last = min(max(part.end_s for part in span) for span in spans)
        if last > first:
            said = " and ".join(
                f"{party} ({', '.join(part.source for part in span)})" for party, span in zip(named, spans, strict=True)
            )
            yield Common(
                track=one.number,
                parties=tuple(named),
                sources=tuple(part.source for part in parts),
                seconds=round(last - first, 1),
                sentence=f"{said} on one track for {last - first:.0f} s.",
            )
