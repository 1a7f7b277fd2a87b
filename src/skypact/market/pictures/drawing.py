"""What the map draws of a picture: fused tracks, each source's looks, and how far one that disagrees lies off."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated

import numpy as np
from pydantic import Field

from skypact.conformance.picture import Assumptions, PictureReport, Site, Truth
from skypact.conformance.picture.grid import Grid
from skypact.conformance.picture.matching import Cause, fits
from skypact.conformance.picture.observation import Observation
from skypact.conformance.picture.recordings import gather
from skypact.conformance.picture.tracking import track
from skypact.conformance.standard import Recording
from skypact.schema.base import Model

#: Looks of one source that are drawn; of more every n-th.
MOST_LOOKS = 1_500
#: Looks of a source that disagrees for which both places are drawn.
MOST_MOVED = 60
#: Mistakes that put an object in another place than the others say.
_MOVED = {Cause.AXES, Cause.PLACE, Cause.CLOCK, Cause.UNIT}

Look = tuple[float, float, float]
"""Seconds since 1970, longitude, latitude."""


class Moved(Model):
    """One look of a source that disagrees: where it says the object is, and where the others have it at that moment."""

    time_s: float
    said: tuple[float, float] | None
    """``None``: in no place on the globe, or farther than a map of the others reaches"""
    others: tuple[float, float]


class DrawnSource(Model):
    name: str
    format: str
    looks: tuple[Look, ...]
    left_out: Annotated[int, Field(ge=0)] = 0
    """looks that are not drawn because there are so many"""
    stands_at: tuple[float, float] | None = None
    """where the sensor stands, if it tells"""
    moved: tuple[Moved, ...] = ()


class DrawnTrack(Model):
    number: int
    sources: tuple[str, ...]
    path: tuple[Look, ...]


class Drawing(Model):
    start_s: float | None
    end_s: float | None
    sources: tuple[DrawnSource, ...]
    tracks: tuple[DrawnTrack, ...]
    truth: tuple[tuple[Look, ...], ...] = ()


def of_report(report: PictureReport) -> Drawing:
    """What a report alone tells: tracks without single looks."""
    return _drawing(report, [DrawnSource(name=one.name, format=one.format, looks=()) for one in report.sources], ())


def of_recordings(
    recordings: Sequence[Recording],
    report: PictureReport,
    *,
    sites: Mapping[str, Site] | None = None,
    truth: Truth | None = None,
    assumed: Assumptions | None = None,
) -> Drawing:
    """The whole drawing; ``report`` is what :func:`skypact.conformance.picture.combine` made of the same arguments."""
    assumed = assumed or Assumptions()
    gathered = gather(recordings, sites, assumed)
    groups = {one.name: list(gathered.of(one.name)) for one in report.sources}
    grid = Grid.around([group for group in groups.values() if group])
    wrong = {one.source for one in report.disagreements}
    moved: dict[str, tuple[Moved, ...]] = {}
    if grid is not None:
        sound = {name: group for name, group in groups.items() if name not in wrong and group}
        for one in report.disagreements:
            if set(one.causes) & _MOVED and sound:
                moved[one.source] = _moved(groups[one.source], sound, one.causes, grid, assumed.sigma_m)
    formats = {one.name: one.format for one in report.sources}
    drawn = [_source(name, formats[name], groups[name], grid, assumed.sigma_m, moved.get(name, ())) for name in groups]
    paths = () if truth is None else tuple(one.positions for one in truth.objects)
    return _drawing(report, drawn, paths)


def _drawing(report: PictureReport, sources: Sequence[DrawnSource], truth: tuple[tuple[Look, ...], ...]) -> Drawing:
    tracks = tuple(
        DrawnTrack(number=one.number, sources=tuple(part.source for part in one.contributions), path=one.path)
        for one in report.tracks
    )
    times = [time_s for one in (*tracks, *sources) for time_s, *_ in (one.path if hasattr(one, "path") else one.looks)]
    return Drawing(
        start_s=min(times, default=None),
        end_s=max(times, default=None),
        sources=tuple(sources),
        tracks=tracks,
        truth=truth,
    )


def _source(
    name: str,
    format_: str,
    group: Sequence[Observation],
    grid: Grid | None,
    sigma_m: float,
    moved: tuple[Moved, ...],
) -> DrawnSource:
    looks: list[Look] = []
    left_out = 0
    if grid is not None and group:
        placed = grid.place(group, sigma_m)
        rows = [row for row in np.flatnonzero(np.isfinite(placed.place_m).all(axis=1)) if _near(placed.place_m[row])]
        step = -(-len(rows) // MOST_LOOKS) or 1
        kept = rows[::step]
        left_out = len(rows) - len(kept)
        looks = [(round(group[row].time_s, 3), *_degrees(grid, placed.place_m[row])) for row in kept]
    site = next((one.site for one in group if one.site is not None), None)
    return DrawnSource(
        name=name,
        format=format_,
        looks=tuple(looks),
        left_out=left_out,
        stands_at=None if site is None else (round(site.longitude_deg, 6), round(site.latitude_deg, 6)),
        moved=moved,
    )


#: A look farther than this from the picture's middle is on another map, m.
_FARTHEST_M = 100_000.0


def _near(place_m: np.ndarray) -> bool:
    return bool(np.hypot(*place_m) < _FARTHEST_M)


def _degrees(grid: Grid, place_m: np.ndarray) -> tuple[float, float]:
    longitude, latitude = grid.degrees(float(place_m[0]), float(place_m[1]))
    return round(longitude, 6), round(latitude, 6)


def _moved(
    group: Sequence[Observation],
    sound: Mapping[str, Sequence[Observation]],
    causes: Sequence[Cause],
    grid: Grid,
    sigma_m: float,
) -> tuple[Moved, ...]:
    """Looks with both places, under the likeliest mistake: Fit.on says which object of the others each look is of."""
    pool = []
    for other, looks in sound.items():
        pool += track(grid.place(looks, sigma_m), [other] * len(looks))
    _, explained = fits(group, grid, pool, sigma_m)
    fit = next((one for one in explained if one.cause in causes), None)
    if fit is None:
        return ()
    placed = grid.place(group, sigma_m)
    found: list[Moved] = []
    for row in np.flatnonzero(fit.on >= 0):
        there = pool[fit.on[row]].at(placed.time_s[[row]])[0][0]
        if not np.isfinite(there).all():
            continue
        said = placed.place_m[row]
        known = bool(np.isfinite(said).all()) and _near(said)
        found.append(
            Moved(
                time_s=round(group[row].time_s, 3),
                said=_degrees(grid, said) if known else None,
                others=_degrees(grid, there),
            )
        )
    step = -(-len(found) // MOST_MOVED) or 1
    return tuple(found[::step])
