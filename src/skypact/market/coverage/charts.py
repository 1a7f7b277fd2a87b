"""A profile as a drawing: ground, the lowest altitude that is seen, one line of sight, with axes in metres."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from skypact.market.coverage.profiles import Profile, Sample

WIDTH, HEIGHT = 960, 340
LEFT, RIGHT, TOP, BOTTOM = 64, 12, 14, 40
#: Rows of the table beside the drawing; the file has all.
TABLE_ROWS = 25
#: Altitudes so far above the relief are left out of the drawing: the ground would be a flat line.
_ABOVE_M = 600.0


@dataclass(frozen=True)
class Tick:
    """One mark of an axis: where, and what it reads."""

    at: float
    text: str


class Chart:
    """The drawing of one profile, in units of its ``viewBox``; ``query`` is what asks for it again."""

    width, height = WIDTH, HEIGHT
    left, right, top, bottom = LEFT, WIDTH - RIGHT, TOP, HEIGHT - BOTTOM

    def __init__(self, profile: Profile, query: str) -> None:
        self.profile = profile
        self.query = query
        known = [sample.ground_m for sample in profile.samples if sample.ground_m is not None]
        ceiling = max(known, default=0.0) + max(_ABOVE_M, profile.height_m)
        tops = [*known, *(top for top in map(_top, profile.samples) if top is not None and top <= ceiling)]
        tops += [sample.sight_m for sample in profile.samples if sample.sight_m is not None]
        low, high = min(known, default=0.0), max(tops, default=100.0)
        room = max(high - low, 20.0) * 0.06
        self._low, self._high = low - room, high + room

    def x(self, distance_m: float) -> float:
        """Where a distance lies."""
        return round(self.left + (self.right - self.left) * distance_m / self.profile.length_m, 1)

    def y(self, altitude_m: float) -> float:
        """Where an altitude lies; above the drawing's edge it lies on it."""
        share = (min(altitude_m, self._high) - self._low) / (self._high - self._low)
        return round(self.bottom - (self.bottom - self.top) * share, 1)

    @property
    def ground(self) -> str:
        """The relief, filled down to the axis; broken where no height is known."""
        runs = self._runs(lambda sample: sample.ground_m)
        return " ".join(f"{_line(run)}L{run[-1][0]} {self.bottom}L{run[0][0]} {self.bottom}Z" for run in runs)

    @property
    def unseen(self) -> str:
        """Between ground and the lowest altitude that is seen; up to the edge where none is."""
        found = []
        for run in self._sample_runs(lambda sample: sample.ground_m is not None and sample.lowest_m is not None):
            upper = [(self.x(s.distance_m), self.y(s.ground_m + s.lowest_m)) for s in run]
            lower = [(self.x(s.distance_m), self.y(s.ground_m)) for s in reversed(run)]
            found.append(f"{_line([*upper, *lower])}Z")
        return " ".join(found)

    @property
    def lowest(self) -> str:
        """The lowest altitude that is seen, where there is one."""
        return " ".join(_line(run) for run in self._runs(_top) if len(run) > 1)

    @property
    def sight(self) -> str:
        """The line of sight."""
        return " ".join(_line(run) for run in self._runs(lambda sample: sample.sight_m) if len(run) > 1)

    @property
    def altitudes(self) -> list[Tick]:
        """Marks of the upright axis, metres above sea level."""
        return [Tick(self.y(value), f"{value:,.0f}") for value in _round_values(self._low, self._high)]

    @property
    def distances(self) -> list[Tick]:
        """Marks of the lower axis: kilometres, of short lines metres."""
        length = self.profile.length_m
        text: Callable[[float], str] = (lambda m: f"{m / 1000:g}") if self.in_km else (lambda m: f"{m:g}")
        return [Tick(self.x(value), text(value)) for value in _round_values(0.0, length)]

    @property
    def in_km(self) -> bool:
        """Whether the lower axis reads kilometres."""
        return self.profile.length_m >= 2000

    @property
    def rows(self) -> list[Sample]:
        """Some of the places, for the table."""
        samples = self.profile.samples
        step = max(1, math.ceil((len(samples) - 1) / (TABLE_ROWS - 1)))
        return [*samples[:-1:step], samples[-1]]

    def _runs(self, altitude: Callable[[Sample], float | None]) -> list[list[tuple[float, float]]]:
        return [
            [(self.x(sample.distance_m), self.y(altitude(sample) or 0.0)) for sample in run]
            for run in self._sample_runs(lambda sample: altitude(sample) is not None)
        ]

    def _sample_runs(self, fits: Callable[[Sample], bool]) -> list[list[Sample]]:
        """Samples one after the other for which ``fits`` holds."""
        runs: list[list[Sample]] = [[]]
        for sample in self.profile.samples:
            if fits(sample):
                runs[-1].append(sample)
            elif runs[-1]:
                runs.append([])
        return [run for run in runs if run]


def _top(sample: Sample) -> float | None:
    """The lowest altitude above sea level that is seen; None: unknown, or none is."""
    if sample.ground_m is None or sample.lowest_m is None or math.isinf(sample.lowest_m):
        return None
    return sample.ground_m + sample.lowest_m


def _line(points: Iterable[tuple[float, float]]) -> str:
    return "M" + "L".join(f"{x} {y}" for x, y in points)


def _round_values(low: float, high: float) -> list[float]:
    """Four to eight round values between two."""
    span = max(high - low, 1e-6)
    step = 10 ** math.floor(math.log10(span / 4))
    step *= next(factor for factor in (1, 2, 5, 10) if span / (step * factor) <= 8)
    first = math.ceil(low / step - 1e-9)
    return [round(number * step, 6) for number in range(first, math.floor(high / step + 1e-9) + 1)]
