"""The combined picture: recordings of several sensors on one clock and grid, tracked together, and what that proves."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from importlib.metadata import version

import skypact
from skypact.conformance.picture.fusing import in_common
from skypact.conformance.picture.judging import Tell, judge, silent
from skypact.conformance.picture.matching import Cause
from skypact.conformance.picture.observation import Site
from skypact.conformance.picture.recordings import Assumptions, gather
from skypact.conformance.picture.report import PictureReport, Position, Together
from skypact.conformance.picture.truth import Truth, score
from skypact.conformance.report import Decoder, RecordedFile
from skypact.conformance.standard import Recording

__all__ = ["Assumptions", "Cause", "PictureReport", "Site", "Together", "Truth", "combine"]

_PACKAGES = ("stonesoup", "libasterix", "sapient-msg", "defusedxml", "pyproj")


def _require_different(recordings: Sequence[Recording]) -> None:
    """Sources that a recording does not name are called by its file: the same one twice would agree with itself."""
    known: dict[bytes, str] = {}
    for one in recordings:
        if (other := known.setdefault(one.data, one.name)) != one.name:
            raise ValueError(f'"{other}" and "{one.name}" are the same recording; each is combined once')


def combine(
    recordings: Sequence[Recording],
    *,
    sites: Mapping[str, Site] | None = None,
    truth: Truth | None = None,
    assumed: Assumptions | None = None,
    parties: Mapping[str, str] | None = None,
    tell: Tell = silent,
) -> PictureReport:
    """Fuses the recordings and judges whether their sources make one picture.

    ``sites``: places of sensors that their recordings do not tell, by node id or SAC/SIC such as ``25/201``.
    ``parties``: whose each source is (a nation, a maker), by the source's name in the report.
    ``tell`` hears how far it is: what is being done, how much of it is done, and of how much.

    Raises ``ValueError`` for no recording, for one of no known format, for one that is there twice, and for a party of
    no source.
    """
    if not recordings:
        raise ValueError("no recording to combine")
    _require_different(recordings)
    assumed = assumed or Assumptions()
    gathered = gather(recordings, sites, assumed)
    if strangers := sorted(set(parties or {}) - set(gathered.sources())):
        raise ValueError(f'no source is called "{strangers[0]}"; there are: {", ".join(gathered.sources()) or "none"}')
    found = judge(gathered, assumed, parties or {}, tell)
    grid = found.grid
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
        sources=found.sources,
        unread=dict(
            sorted((why, count) for (who, why), count in gathered.unplaced.items() if who not in gathered.formats)
        ),
        tracks=found.tracks,
        common=tuple(in_common(found.tracks, parties or {})),
        sent=(),
        disagreements=found.disagreements,
        truth=score(truth, found.paths, grid) if truth and grid else None,
        together=found.together,
        reasons=found.reasons,
    )
