"""What a kit sees over the whole area: one raster for each threat class at each height above ground."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from skypact.engines.coverage import Sightlines, Terrain, certainty_needed, lowest_visible, sees, sight_heights
from skypact.engines.kit.options import Reach, slant_range
from skypact.schema import Detection, SensorKind, ThreatClass

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

#: No sum of floating point numbers decides by its last digits that a place is covered.
_ROUNDING = 1e-9


@dataclass(frozen=True, eq=False)
class CoverageLayer:
    """``kinds`` uint8 (rows, columns) of ``terrain``: by how many different kinds of sensor a drone of that class at
    that height above the post is seen; 0 where nothing is known. ``noticed`` bool: whether as the requirement asks, by
    so many kinds and sensors and with that fused probability.
    """

    threat: str
    height_m: float
    kinds: NDArray[np.uint8]
    terrain: Terrain
    noticed: Flags


@dataclass(frozen=True, eq=False)
class Standing:
    """One sensor unit of a kit: where it stands (x, y, mast, metres) and where it looks (``None``: all round)."""

    observer: tuple[float, float, float]
    azimuth_deg: float | None
    reaches: tuple[Reach, ...]

    @property
    def farthest_m(self) -> float:
        """The longest slant range at which it sees anything, metres."""
        return max((reach.reach_m for reach in self.reaches if reach.usable), default=0.0)


@dataclass(frozen=True, eq=False)
class Tally:
    """What sensors see of the same places, for t threat classes at h heights; places have any shape s.

    ``by_kind`` bool (t, h, k, s), ``sensors`` uint8 (t, h, s), ``certainty`` float64 (t, h, s): the sum of
    ``-ln(1 - p)`` over the sensors that see a place, or nothing where nobody asks.
    """

    threats: tuple[str, ...]
    heights_m: tuple[float, ...]
    kinds: tuple[SensorKind, ...]
    by_kind: Flags
    sensors: NDArray[np.uint8]
    certainty: Floats | None

    @classmethod
    def empty(
        cls, standing: Sequence[Standing], detection: Detection, shape: tuple[int, ...], *, certain: bool
    ) -> Tally:
        """Nothing seen yet."""
        kinds = sorted({reach.sensor.kind for unit in standing for reach in unit.reaches if reach.usable})
        groups = (len(detection.threats), len(detection.heights_m))
        return cls(
            detection.threats,
            detection.heights_m,
            tuple(kinds),
            np.zeros((*groups, len(kinds), *shape), dtype=np.bool_),
            np.zeros((*groups, *shape), dtype=np.uint8),
            np.zeros((*groups, *shape)) if certain else None,
        )

    def add(
        self, unit: Standing, part: Any, *, x: Floats, y: Floats, ground: Floats, lowest: Floats, eye: float, on: date
    ) -> None:
        """Counts one unit at the places ``part`` (an index into s): where they are, their ground, and from which height
        above it the unit has a line of sight to them (NaN: unknown, so not seen).
        """
        east, north = x - unit.observer[0], y - unit.observer[1]
        horizontal, bearing = np.hypot(east, north), np.degrees(np.arctan2(east, north))
        usable = [reach for reach in unit.reaches if reach.usable]
        for level, height in enumerate(self.heights_m):
            clear, above = lowest <= height, ground + height - eye
            for which, threat in enumerate(self.threats):
                by_unit = np.zeros(clear.shape, dtype=np.bool_)
                for reach in usable:
                    if reach.threat != threat:
                        continue
                    width = reach.width_deg or 360.0
                    sector = None if unit.azimuth_deg is None or width >= 360.0 else (unit.azimuth_deg, width)
                    seen = clear & sees(
                        reach.sensor,
                        range_m=reach.reach_m,
                        horizontal_m=horizontal,
                        above_m=above,
                        bearing_deg=bearing,
                        on=on,
                        sector=sector,
                    )
                    by_unit |= seen
                    self.by_kind[which, level, self.kinds.index(reach.sensor.kind)][part] |= seen
                    if self.certainty is not None:
                        one = reach.probability(slant_range(horizontal, above)[seen])
                        self.certainty[which, level][part][seen] += -np.log1p(-np.minimum(one, 1.0 - 1e-12))
                self.sensors[which, level][part] += by_unit

    def noticed(self, detection: Detection) -> Flags:
        """bool (t, h, s): whether a place is covered as asked."""
        enough = (self.by_kind.sum(axis=2) >= detection.kinds) & (self.sensors >= detection.sensors)
        if detection.fused_probability is not None and self.certainty is not None:
            enough &= self.certainty >= certainty_needed(detection.fused_probability) * (1.0 - _ROUNDING)
        return np.asarray(enough, dtype=np.bool_)


def coverage_layers(
    standing: Sequence[Standing],
    *,
    threats: Sequence[ThreatClass],
    detection: Detection,
    terrain: Terrain,
    on: date,
    progress: Callable[[float], None],
) -> tuple[CoverageLayer, ...]:
    """The layers of a kit over ``terrain``, threat classes first, then heights."""
    fused = detection.fused_probability is not None
    tally = Tally.empty(standing, detection, (terrain.rows, terrain.columns), certain=fused)
    for done, unit in enumerate(standing):
        if unit.farthest_m > 0:
            sight = lowest_visible(terrain, unit.observer, range_m=unit.farthest_m)
            x, y = sight.terrain.posts()
            eye = float(terrain.height_at(*unit.observer[:2])) + unit.observer[2]
            tally.add(
                unit,
                _place_in(terrain, sight),
                x=x[None, :],
                y=y[:, None],
                ground=sight.terrain.heights,
                lowest=sight.lowest,
                eye=eye,
                on=on,
            )
        progress((done + 1) / len(standing))
    kinds, noticed = tally.by_kind.sum(axis=2, dtype=np.uint8), tally.noticed(detection)
    return tuple(
        CoverageLayer(threat.id, height, kinds[which, level], terrain, noticed[which, level])
        for which, threat in enumerate(threats)
        for level, height in enumerate(detection.heights_m)
    )


def tally_at(
    standing: Sequence[Standing], places: Floats, *, detection: Detection, terrain: Terrain, on: date
) -> Tally:
    """What ``standing`` sees of ``places`` (n, 2), with certainty."""
    tally = Tally.empty(standing, detection, (len(places),), certain=True)
    if not standing:
        return tally
    ground = terrain.height_at(places[:, 0], places[:, 1])
    lowest = sight_heights(terrain, [unit.observer for unit in standing], places)
    for unit, low in zip(standing, lowest, strict=True):
        eye = float(terrain.height_at(*unit.observer[:2])) + unit.observer[2]
        tally.add(unit, np.s_[:], x=places[:, 0], y=places[:, 1], ground=ground, lowest=low, eye=eye, on=on)
    return tally


def _place_in(terrain: Terrain, sight: Sightlines) -> tuple[slice, slice]:
    top = round((terrain.y0 - sight.terrain.y0) / terrain.dy)
    left = round((sight.terrain.x0 - terrain.x0) / terrain.dx)
    return slice(top, top + sight.terrain.rows), slice(left, left + sight.terrain.columns)
