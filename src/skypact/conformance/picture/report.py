"""What a combined picture shows: who contributed to which track, who disagrees, and whether it was one picture."""

from __future__ import annotations

import hashlib
import json
from enum import StrEnum
from typing import Any

from pydantic import Field

from skypact.conformance.picture.matching import Cause
from skypact.conformance.report import Decoder, RecordedFile
from skypact.schema.base import Model

#: How the serial numbers of the made-up scene begin, as no maker's do (ANSI/CTA-2063-A assigns their codes).
MADE_UP = "SYN1F"


class Together(StrEnum):
    """Whether the sources were seen working together."""

    YES = "yes"
    NO = "no"
    CANNOT_TELL = "cannot tell"


class Position(Model):
    longitude_deg: float
    latitude_deg: float
    height_m: float = 0.0
    """Of a sensor: above the ellipsoid or the sea."""


class Latency(Model):
    """A delay; of a source, arrival minus the time that a message states."""

    median_s: float
    largest_s: float


class Loss(Model):
    """Gaps in the transmitters' counters."""

    received: int
    missing: int


class PictureSource(Model):
    name: str
    format: str
    observations: int
    """Read and in a place."""
    repeats: int
    """Messages that say the same place at the same time again."""
    unplaced: dict[str, int]
    """Messages that are in no place, by reason."""
    party: str | None
    """Whose it is, as whoever made the picture said: a nation or a maker."""
    accuracy_assumed: bool
    """Whether some observations say no accuracy, so that the assumption stood in."""
    tracks: int
    """What the source makes by itself."""
    agrees_with: tuple[str, ...]
    latency: Latency | None
    """``None``: the recording has no times of arrival."""
    loss: Loss | None
    """``None``: the format has no counter, or the recording keeps none."""


class Contribution(Model):
    source: str
    looks: int
    east_m: float
    """Mean of the source's places minus the track."""
    north_m: float
    rms_m: float
    start_s: float
    """The source's first look at the track, and the last; seconds since 1970, UTC."""
    end_s: float
    identities: tuple[str, ...]
    numbers: tuple[str, ...]
    """What the source calls the object."""


class TrackState(Model):
    """Where a fused track is just after a look at it."""

    time_s: float
    """Seconds since 1970, UTC."""
    longitude_deg: float
    latitude_deg: float
    height_m: float | None
    """Above the ellipsoid: mean of the heights said within the last seconds."""
    east_m_s: float | None
    """``None`` while looks are too few to tell a velocity."""
    north_m_s: float | None
    east_sigma_m: float
    north_sigma_m: float
    height_sigma_m: float | None
    """``None`` below three heights."""


class FusedTrack(Model):
    number: int
    start_s: float
    """Seconds since 1970, UTC."""
    end_s: float
    contributions: tuple[Contribution, ...]
    states: tuple[TrackState, ...]
    """At most one a second."""

    @property
    def path(self) -> tuple[tuple[float, float, float], ...]:
        """Seconds since 1970, longitude, latitude."""
        return tuple((one.time_s, one.longitude_deg, one.latitude_deg) for one in self.states)


class Common(Model):
    """Parties whose products were on one track at the same time."""

    track: int
    parties: tuple[str, ...]
    sources: tuple[str, ...]
    seconds: float
    """How long all of them were on it."""
    sentence: str


class Disagreeing(Model):
    source: str
    causes: tuple[Cause, ...]
    """Likeliest first; more than one where the recording cannot tell them apart."""
    sentence: str
    alone: bool
    """``False``: it is this source or another one named."""


class Scored(Model):
    """The fused tracks beside the truth, once a second. GOSPA: Rahmathullah and others, 2017, p = 2, α = 2; the
    others as in SIAP (Votruba and others, 2001), a track belonging to each object within the cutoff."""

    objects: int
    tracks: int
    cutoff_m: float
    gospa_m: float
    rms_m: float | None
    completeness: float
    """Share of objects that have a track."""
    ambiguity: float | None
    """Tracks on each object that has one."""
    spuriousness: float | None
    """Share of tracks on no object."""


class Sent(Model):
    """Fused tracks sent on, and how long that took."""

    address: str
    format: str
    messages: int
    failed: int
    """Messages that the address did not take."""
    latency: Latency | None
    """From the look that a message rests on, by its stated time, to its sending."""
    through: Latency | None
    """From the arrival of that look to the sending: what the picture itself adds."""


class PictureReport(Model):
    files: tuple[RecordedFile, ...]
    decoders: tuple[Decoder, ...]
    assumed: dict[str, float]
    """What stood in for accuracies that no message says; metres, degrees."""
    reference: Position | None
    sources: tuple[PictureSource, ...]
    unread: dict[str, int]
    """Messages that belong to no source, by reason."""
    tracks: tuple[FusedTrack, ...]
    common: tuple[Common, ...]
    """Tracks with products of more than one party."""
    disagreements: tuple[Disagreeing, ...]
    sent: tuple[Sent, ...]
    """What went out while the picture was live."""
    truth: Scored | None
    together: Together
    reasons: tuple[str, ...] = Field(min_length=1)

    @property
    def made_up(self) -> bool:
        """Whether an object says that it is one of the made-up scene: that proves nothing about a product."""
        named = (name for one in self.tracks for part in one.contributions for name in part.identities)
        return any(name.startswith(MADE_UP) for name in named)

    def content_hash(self) -> str:
        """SHA-256 over the canonical JSON (sorted keys, no spaces): what a signature signs."""
        said = json.dumps(self.model_dump(mode="json"), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        return hashlib.sha256(said.encode()).hexdigest()

    def geojson(self) -> dict[str, Any]:
        """The tracks as lines, for a map (RFC 7946)."""
        return {
            "type": "FeatureCollection",
            "features": [
                {
                    "type": "Feature",
                    "geometry": {"type": "LineString", "coordinates": [list(place) for _, *place in one.path]},
                    "properties": {
                        "track": one.number,
                        "start_s": one.start_s,
                        "end_s": one.end_s,
                        "times_s": [time_s for time_s, *_ in one.path],
                        "sources": {part.source: part.looks for part in one.contributions},
                        "identities": sorted({name for part in one.contributions for name in part.identities}),
                    },
                }
                for one in self.tracks
                if len(one.path) > 1
            ],
        }
