"""What of a finished kit is needed to ask again what it sees: its sensors as plain numbers, and the places tested."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from skypact.engines.coverage.detection import limits_of
from skypact.engines.coverage.watching import Watcher, Watching
from skypact.engines.kit.assembling import Line
from skypact.engines.kit.options import Options, Reach
from skypact.engines.kit.places import Places


@dataclass(frozen=True, eq=False)
class Watch:
    """The sensors of a kit where they stand, by the ids of its positions, and the places (n, 2) that are counted.

    ``line_of`` (n,) says on which closed line of the warning ring a place lies. All in the terrain's reference system
    and unrounded, so that counting again gives the kit's own figures.
    """

    watchers: tuple[Watcher, ...]
    places: NDArray[np.float64]
    line_of: NDArray[np.intp]


def watch_of(lines: Iterable[Line], options: Options, places: Places, *, mast_m: float, on: date) -> Watch:
    """The watch of a kit made of ``lines``."""
    watchers = [watcher for line in lines for watcher in _watchers(line, options, places, mast_m, on)]
    return Watch(tuple(watchers), places.ring, places.line_of)


def _watchers(line: Line, options: Options, places: Places, mast_m: float, on: date) -> Iterator[Watcher]:
    watching = tuple(_watching(line.reached, on))
    for number, option in enumerate(line.options, start=1):
        x, y = (float(axis) for axis in places.positions[options.position[option]])
        azimuth = float(options.azimuth[option])
        name = f"{line.candidate.listing.id.lower()}-{number}"
        yield Watcher(name, x, y, mast_m, None if np.isnan(azimuth) else azimuth, watching)


def _watching(reached: Sequence[Reach], on: date) -> Iterator[Watching]:
    for reach in reached:
        if reach.usable and reach.width_deg is not None:
            limits = limits_of(reach.sensor, on=on)
            yield Watching(reach.sensor.kind, reach.threat, reach.reach_m, reach.width_deg, limits)
