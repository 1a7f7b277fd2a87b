"""What the readers of all formats share: parts of a recording with their arrival, and what earlier messages told."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from skypact.conformance import captures
from skypact.conformance.picture.observation import Gathered, Site

T = TypeVar("T")

#: Things learned of each kind; whoever sends more names than that has none of them remembered.
MOST_LEARNED = 10_000


@dataclass
class Learned:
    """What messages tell about later ones. A recording is read once for it, a live source as it goes."""

    sites: dict[str, Site] = field(default_factory=dict)
    """Places of sensors, by SAC/SIC or node id."""
    serials: dict[str, str] = field(default_factory=dict)
    """Transmitter -> serial number."""
    transmitter: dict[str, str] = field(default_factory=dict)
    """Receiver -> the serial number that its last bare message gave."""
    times: dict[str, float] = field(default_factory=dict)
    """What a clock told last: of an aircraft, when it started, seconds since 1970; of a radar, its time of day."""
    accuracies: dict[str, float] = field(default_factory=dict)
    """Aircraft -> the standard deviation of its position, m."""

    def learn(self, known: dict[str, T], name: str, value: T) -> None:
        """Remembers or corrects; what does not fit any more is not remembered."""
        if name in known or len(known) < MOST_LEARNED:
            known[name] = value


@dataclass(frozen=True)
class Reading:
    """What the formats need beside the bytes."""

    sites: Mapping[str, Site]
    """Given places of sensors, by source or by the last word of its name (``25/201``)."""
    about_s: float | None
    """A moment of the recordings, where the bytes do not tell the day or hour."""
    slant_sigma_m: float
    bearing_sigma_deg: float
    undulation_m: float | None
    """The geoid above the ellipsoid here; without it heights above the sea are compared with none."""
    learned: Learned = field(default_factory=Learned)
    arrival_s: float | None = None
    """Of a live message."""

    def site(self, name: str) -> Site | None:
        return self.sites.get(name) or self.learned.sites.get(name)

    def above_ellipsoid(self, sea_m: float | None) -> float | None:
        return sea_m + self.undulation_m if sea_m is not None and self.undulation_m is not None else None


def velocity(speed_m_s: float, course_deg: float) -> tuple[float, float]:
    """East and north; the course from true north, clockwise."""
    course = math.radians(course_deg)
    return speed_m_s * math.sin(course), speed_m_s * math.cos(course)


def parts(data: bytes, source: str, into: Gathered) -> Iterator[tuple[bytes, float | None]]:
    """The datagrams of a capture with their arrival, or the data itself."""
    if not captures.is_capture(data):
        yield data, None
        return
    try:
        for packet in captures.packets(data):
            if payload := captures.udp_payload(packet):
                yield payload, packet.time_s
    except captures.BrokenCaptureError:
        into.leave_out(source, "a capture that breaks off")
