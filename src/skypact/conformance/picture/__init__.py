"""The combined picture: recordings of several sensors on one clock and grid, tracked together, and what that proves."""

from __future__ import annotations

import hashlib
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from importlib.metadata import version

import skypact
from skypact.conformance.picture.disagreement import Standing, compare
from skypact.conformance.picture.fusing import fused, in_common
from skypact.conformance.picture.grid import Grid, why_not
from skypact.conformance.picture.matching import Cause
from skypact.conformance.picture.observation import Gathered, Observation, Site
from skypact.conformance.picture.recordings import Assumptions, gather
from skypact.conformance.picture.report import (
    Disagreeing,
    FusedTrack,
    Latency,
    Loss,
    PictureReport,
    Position,
    Source,
    Together,
)
from skypact.conformance.picture.tracking import track
from skypact.conformance.picture.truth import Truth, score
from skypact.conformance.report import Decoder, RecordedFile
from skypact.conformance.standard import Recording

__all__ = ["Assumptions", "Cause", "PictureReport", "Site", "Together", "Truth", "combine"]

_PACKAGES = ("stonesoup", "libasterix", "sapient-msg", "defusedxml", "pyproj")
#: Looks of a source that count as a contribution to a track.
_LEAST_LOOKS = 3
#: A counter that jumps farther was reset, or its transmitter was out of reach.
_LONGEST_GAP = 64


def combine(
    recordings: Sequence[Recording],
    *,
    sites: Mapping[str, Site] | None = None,
    truth: Truth | None = None,
    assumed: Assumptions | None = None,
    parties: Mapping[str, str] | None = None,
) -> PictureReport:
    """Fuses the recordings and judges whether their sources make one picture.

    ``sites``: places of sensors that their recordings do not tell, by node id or SAC/SIC such as ``25/201``.
    ``parties``: whose each source is (a nation, a maker), by the source's name in the report.

    Raises ``ValueError`` for no recording, for one of no known format, and for a party of no source.
    """
    if not recordings:
        raise ValueError("no recording to combine")
    assumed = assumed or Assumptions()
    gathered = gather(recordings, sites, assumed)
    groups = {source: list(gathered.of(source)) for source in gathered.sources()}
    groups = {source: group for source, group in groups.items() if group}
    grid = Grid.around(list(groups.values()))
    standing = compare(groups, grid, assumed.sigma_m) if grid else Standing({}, (), {})
    names = [one.source for one in gathered.observations]
    placed = grid.place(gathered.observations, assumed.sigma_m) if grid else None
    found = track(placed, names) if placed else ()
    tracks = [
        fused(number, one, gathered.observations, placed, grid)
        for number, one in enumerate(found, 1)
        if grid and placed
    ]
    parties = parties or {}
    if strangers := sorted(set(parties) - set(gathered.sources())):
        raise ValueError(f'no source is called "{strangers[0]}"; there are: {", ".join(gathered.sources()) or "none"}')
    sources = [_source(one, groups.get(one, []), gathered, standing, parties) for one in gathered.sources()]
    together, reasons = _verdict(sources, tracks, standing)
    return PictureReport(
        files=tuple(
            RecordedFile(name=one.name, bytes=len(one.data), sha256=hashlib.sha256(one.data).hexdigest())
            for one in recordings
        ),
        decoders=(
            Decoder(name="skypact", version=skypact.__version__),
            *(Decoder(name=name, version=version(name)) for name in _PACKAGES),
        ),
        assumed={name: value for name, value in asdict(assumed).items() if value is not None},
        reference=Position(longitude_deg=grid.longitude_deg, latitude_deg=grid.latitude_deg) if grid else None,
        sources=tuple(sources),
        unread=dict(
            sorted((why, count) for (who, why), count in gathered.unplaced.items() if who not in gathered.formats)
        ),
        tracks=tuple(tracks),
        common=tuple(in_common(tracks, parties)),
        sent=(),
        disagreements=tuple(
            Disagreeing(source=one.source, causes=one.causes, sentence=one.sentence, alone=one.alone)
            for one in standing.disagreements
        ),
        truth=score(truth, found, grid) if truth and grid else None,
        together=together,
        reasons=tuple(reasons),
    )


def _source(
    name: str, group: Sequence[Observation], gathered: Gathered, standing: Standing, parties: Mapping[str, str]
) -> Source:
    unplaced = {why: count for (who, why), count in sorted(gathered.unplaced.items()) if who == name}
    again = [one for one in gathered.repeats if one.source == name]
    placed = 0
    for one in group:
        why = why_not(one)
        if why is None:
            placed += 1
        else:
            unplaced[why] = unplaced.get(why, 0) + 1
    late = [one.arrival_s - one.time_s for one in group if one.arrival_s is not None]
    return Source(
        name=name,
        format=gathered.formats[name],
        party=parties.get(name),
        observations=placed,
        repeats=len(again),
        unplaced=unplaced,
        accuracy_assumed=any(one.polar.assumed if one.polar else one.sigma_m is None for one in group),
        tracks=len(standing.tracks.get(name, ())),
        agrees_with=standing.agrees.get(name, ()),
        latency=Latency(median_s=round(statistics.median(late), 3), largest_s=round(max(late), 3)) if late else None,
        loss=_loss([*group, *again]),
    )


def _loss(group: Sequence[Observation]) -> Loss | None:
    """By the counters of each transmitter, which run from 0 to 255 and start again."""
    last: dict[str | None, int] = {}
    received = missing = 0
    for one in sorted(group, key=lambda one: (one.arrival_s or one.time_s, one.sequence or 0)):
        if one.sequence is None:
            continue
        received += 1
        if one.number in last:
            step = (one.sequence - last[one.number]) % 256
            missing += step - 1 if 1 < step <= _LONGEST_GAP else 0
        last[one.number] = one.sequence
    return Loss(received=received, missing=missing) if received else None


def _verdict(sources: Sequence[Source], tracks: Sequence[FusedTrack], standing: Standing) -> tuple[Together, list[str]]:
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


def _alone(one: Source) -> str:
    if not one.observations:
        reasons = "; ".join(f"{count} times {why}" for why, count in one.unplaced.items())
        return f"{one.name} gave no position ({reasons or 'no messages'})."
    return f"{one.name} saw nothing that another source saw too."
