"""What a kit sees over the whole area: one raster for each threat class at each height above ground."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from skypact.engines.coverage import Sightlines, Terrain, lowest_visible, sees
from skypact.engines.kit.options import Reach
from skypact.schema import SensorKind, ThreatClass


@dataclass(frozen=True, eq=False)
class CoverageLayer:
    """``kinds`` uint8 (rows, columns) of ``terrain``: by how many different kinds of sensor a drone of that class at
    that height above the post is seen; 0 where nothing is known.
    """

    threat: str
    height_m: float
    kinds: NDArray[np.uint8]
    terrain: Terrain


@dataclass(frozen=True, eq=False)
class Standing:
    """One sensor unit of a kit: where it stands (x, y, mast, metres) and where it looks (``None``: all round)."""

    observer: tuple[float, float, float]
    azimuth_deg: float | None
    reaches: tuple[Reach, ...]


def coverage_layers(
    standing: Sequence[Standing],
    *,
    threats: Sequence[ThreatClass],
    heights_m: Sequence[float],
    terrain: Terrain,
    on: date,
    progress: Callable[[float], None],
) -> tuple[CoverageLayer, ...]:
    """The layers of a kit over ``terrain``, threat classes first, then heights."""
    kinds = sorted({reach.sensor.kind for unit in standing for reach in unit.reaches if reach.usable})
    shape = (len(threats), len(heights_m), len(kinds), terrain.rows, terrain.columns)
    seen = np.zeros(shape, dtype=np.bool_)
    for done, unit in enumerate(standing):
        _mark(seen, unit, [threat.id for threat in threats], heights_m, kinds, terrain, on)
        progress((done + 1) / len(standing))
    counted = seen.sum(axis=2, dtype=np.uint8)
    return tuple(
        CoverageLayer(threat.id, height, counted[which, level], terrain)
        for which, threat in enumerate(threats)
        for level, height in enumerate(heights_m)
    )


def _mark(
    seen: NDArray[np.bool_],
    unit: Standing,
    threats: Sequence[str],
    heights_m: Sequence[float],
    kinds: Sequence[SensorKind],
    terrain: Terrain,
    on: date,
) -> None:
    usable = [reach for reach in unit.reaches if reach.usable]
    farthest = max((reach.found.range_m or 0.0 for reach in usable), default=0.0)
    if farthest <= 0:
        return
    sight = lowest_visible(terrain, unit.observer, range_m=farthest)
    rows, columns = _place_in(terrain, sight)
    x, y, mast = unit.observer
    east, north = (axis[None, :] if number == 0 else axis[:, None] for number, axis in enumerate(sight.terrain.posts()))
    horizontal, bearing = np.hypot(east - x, north - y), np.degrees(np.arctan2(east - x, north - y))
    eye = float(terrain.height_at(x, y)) + mast
    for level, height in enumerate(heights_m):
        clear = sight.visible(height)
        above = sight.terrain.heights + height - eye
        for reach in usable:
            width = reach.width_deg or 360.0
            sector = None if unit.azimuth_deg is None or width >= 360.0 else (unit.azimuth_deg, width)
            volume = sees(
                reach.sensor,
                range_m=reach.found.range_m or 0.0,
                horizontal_m=horizontal,
                above_m=above,
                bearing_deg=bearing,
                on=on,
                sector=sector,
            )
            seen[threats.index(reach.threat), level, kinds.index(reach.sensor.kind), rows, columns] |= clear & volume


def _place_in(terrain: Terrain, sight: Sightlines) -> tuple[slice, slice]:
    top = round((terrain.y0 - sight.terrain.y0) / terrain.dy)
    left = round((sight.terrain.x0 - terrain.x0) / terrain.dx)
    return slice(top, top + sight.terrain.rows), slice(left, left + sight.terrain.columns)
