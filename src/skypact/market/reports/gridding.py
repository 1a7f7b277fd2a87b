"""Positions as people on the ground write them: degrees, UTM, MGRS."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from mgrs import MGRS
from pyproj import CRS, Transformer

#: UTM is defined between these latitudes (NGA.STND.0037, "The universal grids").
_SOUTH, _NORTH = -80.0, 84.0
#: Digits a half of an MGRS reference: 5 is one metre.
_PRECISION = 5


@dataclass(frozen=True)
class Gridded:
    """One WGS 84 position in three notations; ``utm`` is empty beyond its latitudes."""

    degrees: str
    utm: str
    mgrs: str


def gridded(lon: float, lat: float) -> Gridded:
    """The position in degrees (five places, about a metre), UTM and MGRS (both to the metre, WGS 84)."""
    degrees = f"{abs(lat):.5f}° {'N' if lat >= 0 else 'S'}, {abs(lon):.5f}° {'E' if lon >= 0 else 'W'}"
    return Gridded(degrees, _utm(lon, lat), _mgrs(lon, lat))


def utm_zone(lon: float, lat: float) -> int:
    """The UTM zone of a position, with the exceptions of Norway and Svalbard (NGA.STND.0037, section 7)."""
    if 56 <= lat < 64 and 3 <= lon < 12:
        return 32
    if lat >= 72 and 0 <= lon < 42:
        return next(zone for east, zone in ((9, 31), (21, 33), (33, 35), (42, 37)) if lon < east)
    return int((lon + 180) // 6) % 60 + 1


def _utm(lon: float, lat: float) -> str:
    if not _SOUTH <= lat <= _NORTH:
        return ""
    zone, north = utm_zone(lon, lat), lat >= 0
    east, northing = _to_utm(zone, north).transform(lon, lat)
    # a reference names the square metre, so that the figures are cut off and not rounded, as in MGRS
    return f"{zone}{'N' if north else 'S'} {int(east)} {int(northing)}"


@lru_cache(maxsize=8)
def _to_utm(zone: int, north: bool) -> Transformer:
    return Transformer.from_crs(CRS.from_epsg(4326), CRS.from_epsg((32600 if north else 32700) + zone), always_xy=True)


def _mgrs(lon: float, lat: float) -> str:
    """``52S BG 73580 48981``: zone and band, square, easting, northing; polar references have no zone number."""
    found = MGRS().toMGRS(lat, lon, MGRSPrecision=_PRECISION)
    grid, digits = found[: -2 * _PRECISION], found[-2 * _PRECISION :]
    return f"{grid[:-2]} {grid[-2:]} {digits[:_PRECISION]} {digits[_PRECISION:]}"
