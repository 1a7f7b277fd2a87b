"""What a finished kit sees, counted again from its own words: positions, directions, ranges, weather."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from skypact.engines.coverage import (
    DetectionRange,
    RangeBasis,
    Terrain,
    azimuth_width,
    probability_of_detection,
    sees,
    sight_heights,
)
from skypact.engines.coverage.sightlines import EARTH_RADIUS_M, STANDARD_CURVATURE
from skypact.engines.kit.assembling import grid_azimuth
from skypact.engines.kit.sensing import paired
from skypact.schema import Kit, Listing, Position3D, RangeUsed, Sensor, SensorKind

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Recount:
    """Of n places: by how many kinds and units each is seen, and the probability that all who see it miss."""

    kinds: NDArray[np.int64]
    sensors: NDArray[np.int64]
    missed: Floats

    def enough(self, kit: Kit, slack: float = 0.0) -> Flags:
        """Whether a place is covered as the requirement asks; ``slack`` is what a fused probability may fall short."""
        asked = kit.requirement.detection
        enough = (self.kinds >= asked.kinds) & (self.sensors >= asked.sensors)
        if asked.fused_probability is not None:
            enough &= 1.0 - self.missed >= asked.fused_probability - slack
        return np.asarray(enough, dtype=np.bool_)


def recount(
    kit: Kit, listings: Mapping[str, Listing], terrain: Terrain, places: Floats, *, threat: str, height_m: float
) -> Recount:
    """What the kit sees of drones of class ``threat`` at ``height_m`` above places (n, 2) in the terrain's system.

    A range of which nobody tells which of the listing's sensors it is of counts for nothing.
    """
    by_kind: dict[SensorKind, Flags] = {}
    sensors, missed = np.zeros(len(places), dtype=np.int64), np.ones(len(places))
    for item in kit.items:
        looking = [pair for pair in paired(item.ranges, listings[item.listing]) if pair[0].threat == threat]
        for position in item.positions:
            geometry = _Geometry.of(position, places, height_m, terrain)
            by_unit = np.zeros(len(places), dtype=np.bool_)
            for used, sensor in looking:
                if sensor is None:
                    continue
                seen = geometry.seen(kit, sensor, used, position)
                by_unit |= seen
                by_kind[sensor.kind] = by_kind.get(sensor.kind, np.zeros(len(places), dtype=np.bool_)) | seen
                missed = np.where(seen, missed * (1.0 - geometry.probability(kit, sensor, used)), missed)
            sensors += by_unit
    kinds = np.zeros(len(places), dtype=np.int64)
    for seen in by_kind.values():
        kinds += seen
    return Recount(kinds, sensors, missed)


def nearest_posts(terrain: Terrain, places: Floats) -> Floats:
    """The posts (n, 2) next to places: what rasters tell, they tell of posts."""
    column = np.clip(np.rint((places[:, 0] - terrain.x0) / terrain.dx), 0, terrain.columns - 1)
    row = np.clip(np.rint((terrain.y0 - places[:, 1]) / terrain.dy), 0, terrain.rows - 1)
    return np.column_stack([terrain.x0 + terrain.dx * column, terrain.y0 - terrain.dy * row])


@dataclass(frozen=True, eq=False)
class _Geometry:
    """From one position to n places: metres and degrees, and whether the line of sight is clear.

    ``bearing``, and ``azimuth``, where the position looks, are from grid north; a kit tells the latter from true north.
    """

    horizontal: Floats
    above: Floats
    bearing: Floats
    azimuth: float | None
    clear: Flags

    @classmethod
    def of(cls, position: Position3D, places: Floats, height_m: float, terrain: Terrain) -> _Geometry:
        x, y = (float(axis) for axis in terrain.to_grid(*position.at))
        east, north = places[:, 0] - x, places[:, 1] - y
        eye = float(terrain.height_at(x, y)) + position.mast_m
        return cls(
            horizontal=np.hypot(east, north),
            above=terrain.height_at(places[:, 0], places[:, 1]) + height_m - eye,
            bearing=np.degrees(np.arctan2(east, north)) % 360.0,
            azimuth=None if position.azimuth_deg is None else grid_azimuth(position.azimuth_deg, x, y, terrain),
            clear=sight_heights(terrain, [(x, y, position.mast_m)], places)[0] <= height_m,
        )

    def seen(self, kit: Kit, sensor: Sensor, used: RangeUsed, position: Position3D) -> Flags:
        width = used.azimuth_width_deg or azimuth_width(sensor, on=kit.composed_on) or position.azimuth_width_deg
        sector = None
        if self.azimuth is not None and width is not None and width < 360.0:
            sector = (self.azimuth, width)
        volume = sees(
            sensor,
            range_m=used.range_m if used.probable_m is None else used.probable_m,
            horizontal_m=self.horizontal,
            above_m=self.above,
            bearing_deg=self.bearing,
            on=kit.composed_on,
            sector=sector,
        )
        return np.asarray(volume & self.clear, dtype=np.bool_)

    def probability(self, kit: Kit, sensor: Sensor, used: RangeUsed) -> Floats:
        fallen = self.horizontal**2 / (2.0 * STANDARD_CURVATURE * EARTH_RADIUS_M)
        return chance(kit, sensor.kind, used, np.hypot(self.horizontal, self.above - fallen))


def chance(kit: Kit, kind: SensorKind, used: RangeUsed, slant_m: Floats) -> Floats:
    """With which one look at the slant range detects, by the range and the frequency the kit names."""
    found = DetectionRange(used.range_m, RangeBasis.STATED, used.note)
    return probability_of_detection(
        found, kind, slant_m, weather=kit.requirement.weather, frequency_hz=used.frequency_hz
    )
