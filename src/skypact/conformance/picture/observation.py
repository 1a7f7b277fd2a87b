"""What every standard's message comes down to: who saw what, where, when, how well, and what it was called.

SI units, degrees for positions on the ellipsoid of WGS 84, seconds since 1970 UTC. ``None`` is unknown.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Site:
    """Where a sensor stands."""

    longitude_deg: float
    latitude_deg: float
    height_m: float
    """Above the ellipsoid, or above the sea: near a sensor the difference does not move a plot by a metre."""


@dataclass(frozen=True)
class Polar:
    """A plot as seen from its sensor."""

    slant_m: float
    bearing_deg: float
    """From true north, clockwise."""
    elevation_deg: float | None
    slant_sigma_m: float
    bearing_sigma_deg: float
    assumed: bool
    """Whether the standard deviations are not the sensor's own."""


@dataclass(frozen=True)
class Observation:
    source: str
    time_s: float
    longitude_deg: float | None = None
    """As said: a latitude of 127° stays, so that one can see what went wrong."""
    latitude_deg: float | None = None
    polar: Polar | None = None
    site: Site | None = None
    """The sensor's place, for a polar plot."""
    sigma_m: float | None = None
    """One standard deviation of the position, east as north; ``None`` for one that is not said."""
    height_m: float | None = None
    """Above the ellipsoid."""
    pressure_height_m: float | None = None
    """By the standard atmosphere: brings a slant range to the ground, and is compared with nothing."""
    east_m_s: float | None = None
    north_m_s: float | None = None
    identity: str | None = None
    """What the object calls itself, as the message passes it on."""
    number: str | None = None
    """What the source calls it."""
    arrival_s: float | None = None

    def said(self) -> tuple[object, ...]:
        """What makes two messages one look."""
        return self.source, self.number, self.time_s, self.longitude_deg, self.latitude_deg, self.polar


#: A counter that jumps farther was reset, or its transmitter was out of reach.
_LONGEST_GAP = 64
_MOST_TRANSMITTERS = 1_000


@dataclass
class Counting:
    """Loss by the counters of each transmitter, which run from 0 to 255 and start again."""

    received: int = 0
    missing: int = 0
    _last: dict[str, int] = field(default_factory=dict)

    def count(self, transmitter: str, sequence: int) -> None:
        self.received += 1
        last = self._last.get(transmitter)
        if last is not None:
            step = (sequence - last) % 256
            self.missing += step - 1 if 1 < step <= _LONGEST_GAP else 0
        if last is not None or len(self._last) < _MOST_TRANSMITTERS:
            self._last[transmitter] = sequence


@dataclass
class Gathered:
    """Observations of all recordings, and how many messages could not become one, by source and reason."""

    observations: list[Observation] = field(default_factory=list)
    repeats: list[Observation] = field(default_factory=list)
    """The same place at the same time of the same object again, as beacons send it; no new look."""
    formats: dict[str, str] = field(default_factory=dict)
    """Source -> what it speaks."""
    unplaced: Counter[tuple[str, str]] = field(default_factory=Counter)
    counting: dict[str, Counting] = field(default_factory=lambda: defaultdict(Counting))
    """Source -> what its transmitters' counters tell."""

    def leave_out(self, source: str, reason: str) -> None:
        self.unplaced[source, reason] += 1

    def sources(self) -> tuple[str, ...]:
        return tuple(sorted(self.formats))

    def of(self, source: str) -> Iterator[Observation]:
        return (one for one in self.observations if one.source == source)


def finite(*numbers: float | None) -> bool:
    return all(number is None or math.isfinite(number) for number in numbers)
