"""From observations to tracks, to who agrees with whom, and to whether all of it is one picture."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from skypact.conformance.picture.copies import copies, without
from skypact.conformance.picture.disagreement import Standing, compare
from skypact.conformance.picture.fusing import fused
from skypact.conformance.picture.grid import Grid, why_not
from skypact.conformance.picture.observation import Gathered, Observation
from skypact.conformance.picture.recordings import Assumptions
from skypact.conformance.picture.report import Disagreeing, FusedTrack, Latency, Loss, PictureSource, Together
from skypact.conformance.picture.tracking import Track, track

#: Looks of a source that count as a contribution to a track.
_LEAST_LOOKS = 3
#: What is being done, how much of it is done, and of how much.
Tell = Callable[[str, int, int], None]


def silent(what: str, done: int, of: int) -> None:
    """Nobody listens."""


@dataclass(frozen=True)
class Judged:
    grid: Grid | None
    """``None``: nothing is in a place."""
    paths: tuple[Track, ...]
    tracks: tuple[FusedTrack, ...]
    """The same, as a report tells them."""
    sources: tuple[PictureSource, ...]
    disagreements: tuple[Disagreeing, ...]
    together: Together
    reasons: tuple[str, ...]


def judge(gathered: Gathered, assumed: Assumptions, parties: Mapping[str, str], tell: Tell = silent) -> Judged:
    groups = _groups(gathered)
    if copied := copies(groups, gathered.formats):
        gathered = without(gathered, copied)
        groups = _groups(gathered)
    grid = Grid.around(list(groups.values()))
    paths: tuple[Track, ...] = ()
    tracks: list[FusedTrack] = []
    standing = Standing({}, (), {})
    if grid is not None:
        placed = grid.place(gathered.observations, assumed.sigma_m)
        names = [one.source for one in gathered.observations]
        paths = track(placed, names, lambda done, of: tell("fusing", done, of))
        tracks = [fused(number, one, gathered.observations, placed, grid) for number, one in enumerate(paths, 1)]
        standing = compare(groups, grid, assumed.sigma_m, tell)
    sources = [_source(one, groups.get(one, []), gathered, standing, parties) for one in gathered.sources()]
    together, reasons = _verdict(sources, tracks, standing)
    return Judged(
        grid,
        paths,
        tuple(tracks),
        tuple(sources),
        tuple(
            Disagreeing(source=one.source, causes=one.causes, sentence=one.sentence, alone=one.alone)
            for one in standing.disagreements
        ),
        together,
        tuple(reasons),
    )


def _groups(gathered: Gathered) -> dict[str, list[Observation]]:
    groups = {source: list(gathered.of(source)) for source in gathered.sources()}
    return {source: group for source, group in groups.items() if group}


def _source(
    name: str, group: Sequence[Observation], gathered: Gathered, standing: Standing, parties: Mapping[str, str]
) -> PictureSource:
    unplaced = {why: count for (who, why), count in sorted(gathered.unplaced.items()) if who == name}
    counted = gathered.counting.get(name)
    placed = 0
    for one in group:
        why = why_not(one)
        if why is None:
            placed += 1
        else:
            unplaced[why] = unplaced.get(why, 0) + 1
    late = [one.arrival_s - one.time_s for one in group if one.arrival_s is not None]
    return PictureSource(
        name=name,
        format=gathered.formats[name],
        party=parties.get(name),
        observations=placed,
        repeats=sum(one.source == name for one in gathered.repeats),
        unplaced=unplaced,
        accuracy_assumed=any(one.polar.assumed if one.polar else one.sigma_m is None for one in group),
        tracks=len(standing.tracks.get(name, ())),
        agrees_with=standing.agrees.get(name, ()),
        latency=Latency(median_s=round(statistics.median(late), 3), largest_s=round(max(late), 3)) if late else None,
        loss=Loss(received=counted.received, missing=counted.missing) if counted else None,
    )


def _verdict(
    sources: Sequence[PictureSource], tracks: Sequence[FusedTrack], standing: Standing
) -> tuple[Together, list[str]]:
    """No for a source that disagrees; yes where each source meets another one on a fused track; else cannot tell."""
    if standing.disagreements:
        said = [
            f"{one.source} {'disagrees' if one.alone else 'or another one disagrees'}"
            f" ({' or '.join(one.causes)}): {one.sentence}."
            for one in standing.disagreements
        ]
        return Together.NO, said
    shared = [{part.source for part in one.contributions if part.looks >= _LEAST_LOOKS} for one in tracks]
    met = {source for one in shared if len(one) > 1 for source in one}
    apart = [one for one in sources if one.name not in met or not one.agrees_with]
    if len(sources) < 2:
        return Together.CANNOT_TELL, ["One source alone: there is nobody to work together with."]
    if apart:
        return Together.CANNOT_TELL, [_alone(one) for one in apart]
    both = max(len(one) for one in shared)
    return Together.YES, [
        f"{len(tracks)} tracks from {len(sources)} sources; up to {both} on one track, none disagrees."
    ]


def _alone(one: PictureSource) -> str:
    if not one.observations:
        reasons = "; ".join(f"{count} times {why}" for why, count in one.unplaced.items())
        return f"{one.name} gave no position ({reasons or 'no messages'})."
    return f"{one.name} saw nothing that another source saw too."
