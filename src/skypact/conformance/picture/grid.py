"""One local grid: metres east and north of a reference on the ellipsoid of WGS 84."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from pyproj import Geod, Transformer

from skypact.conformance.picture.observation import Observation

_EARTH = Geod(ellps="WGS84")


@dataclass(frozen=True)
class Placed:
    """Observations on the grid, one row each; NaN for what is unknown or in no place."""

    time_s: NDArray[np.float64]
    place_m: NDArray[np.float64]
    """(n, 2): east, north."""
    covariance_m2: NDArray[np.float64]
    """(n, 2, 2)."""
    height_m: NDArray[np.float64]
    speed_m_s: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.time_s)

    def some(self, most: int) -> Placed:
        """At most so many of them, evenly taken."""
        if len(self) <= most:
            return self
        rows = np.linspace(0, len(self) - 1, most).round().astype(int)
        return Placed(*(column[rows] for column in vars(self).values()))


@dataclass(frozen=True)
class Grid:
    longitude_deg: float
    latitude_deg: float

    @classmethod
    def around(cls, groups: Sequence[Sequence[Observation]]) -> Grid | None:
        """A grid around the group (one source each) whose middle lies nearest to the other groups' middles: a source
        that says places on another continent does not move the reference. ``None`` where no place is known."""
        middles = []
        for group in groups:
            places = np.array([one for one in map(_degrees, group) if one is not None])
            if len(places):
                middles.append(np.median(places, axis=0))
        if not middles:
            return None
        apart = [[_EARTH.inv(*one, *other)[2] for other in middles] for one in middles]
        longitude, latitude = middles[int(np.argmin(np.median(apart, axis=1)))]
        return cls(round(float(longitude), 3), round(float(latitude), 3))

    def apart_m(self, other: Grid) -> float:
        """Between the two references."""
        return float(_EARTH.inv(self.longitude_deg, self.latitude_deg, other.longitude_deg, other.latitude_deg)[2])

    @cached_property
    def _onto(self) -> Transformer:
        return Transformer.from_pipeline(
            f"+proj=pipeline +step +proj=unitconvert +xy_in=deg +xy_out=rad +step +proj=aeqd"
            f" +lat_0={self.latitude_deg} +lon_0={self.longitude_deg} +ellps=WGS84"
        )

    def place(self, observations: Sequence[Observation], sigma_m: float) -> Placed:
        """``sigma_m``: one standard deviation where an observation says none."""
        degrees = np.full((len(observations), 2), np.nan)
        covariance = np.empty((len(observations), 2, 2))
        for row, one in enumerate(observations):
            degrees[row] = _degrees(one) or np.nan
            covariance[row] = _covariance(one, sigma_m)
        known = np.isfinite(degrees).all(axis=1)
        place = np.full_like(degrees, np.nan)
        if known.any():
            place[known] = np.column_stack(self._onto.transform(degrees[known, 0], degrees[known, 1]))
        place[~np.isfinite(place).all(axis=1)] = np.nan
        speed = [
            np.nan if one.east_m_s is None or one.north_m_s is None else np.hypot(one.east_m_s, one.north_m_s)
            for one in observations
        ]
        return Placed(
            np.array([one.time_s for one in observations], dtype=float),
            place,
            covariance,
            np.array([np.nan if one.height_m is None else one.height_m for one in observations], dtype=float),
            np.array(speed, dtype=float),
        )

    def degrees(self, east_m: float, north_m: float) -> tuple[float, float]:
        longitude, latitude = self._onto.transform(east_m, north_m, direction="INVERSE")
        return float(longitude), float(latitude)


def why_not(one: Observation) -> str | None:
    """Why an observation is in no place; ``None`` for one that is."""
    if _degrees(one) is not None:
        return None
    if one.polar is not None:
        return "a range below the height difference, or not positive"
    return "a latitude or longitude beyond ±90°, ±180°"


def _degrees(one: Observation) -> tuple[float, float] | None:
    if one.polar is not None and one.site is not None:
        ground = _ground_m(one)
        if ground is None:
            return None
        longitude, latitude, _ = _EARTH.fwd(
            one.site.longitude_deg, one.site.latitude_deg, one.polar.bearing_deg, ground
        )
        return longitude, latitude
    if one.longitude_deg is None or one.latitude_deg is None:
        return None
    if abs(one.longitude_deg) > 180 or abs(one.latitude_deg) > 90:
        return None
    return one.longitude_deg, one.latitude_deg


def _ground_m(one: Observation) -> float | None:
    """The range along the ground: by the elevation, else by the height, else the slant range as it is."""
    polar, site = one.polar, one.site
    if polar is None or site is None or not polar.slant_m > 0:
        return None
    if polar.elevation_deg is not None:
        return float(polar.slant_m * np.cos(np.radians(polar.elevation_deg)))
    height = one.pressure_height_m if one.height_m is None else one.height_m
    up = 0.0 if height is None else height - site.height_m
    return float(np.sqrt(polar.slant_m**2 - up**2)) if abs(up) < polar.slant_m else None


def _covariance(one: Observation, sigma_m: float) -> NDArray[np.float64]:
    if one.polar is None:
        return np.eye(2) * (one.sigma_m or sigma_m) ** 2
    along, across = one.polar.slant_sigma_m, one.polar.slant_m * np.radians(one.polar.bearing_sigma_deg)
    bearing = np.radians(one.polar.bearing_deg)
    axes = np.array([[np.sin(bearing), np.cos(bearing)], [np.cos(bearing), -np.sin(bearing)]])
    return axes @ np.diag([along**2, across**2]) @ axes.T
