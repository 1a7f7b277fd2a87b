"""What a live picture shows at one moment: small enough to be written and read every second."""

from __future__ import annotations

from skypact.conformance.picture.report import Disagreeing, Latency, Loss, Sent, Together
from skypact.schema.base import Model


class LiveContributor(Model):
    source: str
    party: str | None
    looks: int
    last_s: float
    """Its last look at the track; seconds since 1970, UTC."""


class LiveTrack(Model):
    uid: str
    """The same as long as the track lives, and in what is sent out."""
    number: int
    longitude_deg: float
    latitude_deg: float
    height_m: float | None
    """Above the ellipsoid."""
    east_m_s: float | None
    north_m_s: float | None
    sigma_m: float
    """One standard deviation of the place."""
    time_s: float
    """Of the last look; seconds since 1970, UTC."""
    since_s: float
    """Of the first one."""
    age_s: float
    """How long ago the last look was."""
    contributors: tuple[LiveContributor, ...]
    identities: tuple[str, ...]
    trail: tuple[tuple[float, float], ...]
    """Longitude and latitude of the last places, oldest first."""


class LiveSource(Model):
    name: str
    format: str
    feed: str
    """The label of the feed that it came on."""
    party: str | None
    observations: int
    repeats: int
    unplaced: dict[str, int]
    """Messages that became no look, by reason; late and early ones too."""
    late: int
    """Looks that came after their turn, and were not tracked."""
    last_heard_s: float
    """Arrival of its last look; seconds since 1970, UTC."""
    silent_s: float
    latency: Latency | None
    """Of the last looks: arrival minus stated time."""
    offset_s: float | None
    """By how much its latency differs from that of the other sources: its clock, or its way here. ``None``: alone."""
    loss: Loss | None
    disagreement: str | None
    """What the last check found."""
    agrees_with: tuple[str, ...]


class LiveFeed(Model):
    name: str
    format: str | None
    """``None`` until the first whole message."""
    bytes: int
    messages: int
    broken_bytes: int
    unread: dict[str, int]
    """Messages of no source, by reason."""
    last_heard_s: float | None


class LiveState(Model):
    now_s: float
    """By the clock of arrivals; seconds since 1970, UTC."""
    picture_s: float | None
    """The moment that the sources speak of."""
    tracks: tuple[LiveTrack, ...]
    ended: int
    """Tracks that nobody saw any more."""
    refused: int
    """Looks that no further track was begun for."""
    restarts: int
    """How often the clock or the place of most sources jumped, so that tracking began anew."""
    sources: tuple[LiveSource, ...]
    feeds: tuple[LiveFeed, ...]
    checked_s: float | None
    """When the sources were last compared."""
    together: Together
    reasons: tuple[str, ...]
    disagreements: tuple[Disagreeing, ...]
    sent: tuple[Sent, ...]
