"""Positions as ``skypact coverage see`` is told of them: where they stand and which way they look."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import typer

if TYPE_CHECKING:
    from skypact.engines.coverage import Terrain

#: Of a position of which no mast is told, metres.
MAST_M = 5.0
_POSITION = re.compile(r"\s*([-+]?[\d.]+)\s*,\s*([-+]?[\d.]+)\s*(?:,\s*([\d.]+)\s*)?")


def position(text: str) -> tuple[float, float, float]:
    """Longitude, latitude (degrees) and mast (metres) of a text."""
    match = _POSITION.fullmatch(text)
    if match is None:
        raise typer.BadParameter(f"{text!r}: write longitude,latitude or longitude,latitude,mast", param_hint="--at")
    lon, lat, mast = float(match[1]), float(match[2]), float(match[3] or MAST_M)
    if abs(lon) > 180 or abs(lat) > 85:
        raise typer.BadParameter(f"{text!r}: longitude within ±180, latitude within ±85 degrees", param_hint="--at")
    return lon, lat, mast


def looks(azimuths: list[float], widths: list[float], positions: int) -> list[tuple[float, float] | None]:
    """Azimuth and width of what each position looks at; ``None``: all round."""
    if not azimuths and not widths:
        return [None] * positions
    several = f"{positions} position" + "s" * (positions > 1)
    for hint, given in (("--azimuth", azimuths), ("--width", widths)):
        if len(given) not in (1, positions):
            told = f"{hint}: {len(given)} given for {several}: write --azimuth and --width once for all, or once each"
            raise typer.BadParameter(told)
    for azimuth in azimuths:
        if not 0 <= azimuth <= 360:  # NaN is not
            raise typer.BadParameter(f"--azimuth: {azimuth:g}: 0 to 360 degrees from true north")
    for width in widths:
        if not 0 < width <= 360:
            raise typer.BadParameter(f"--width: {width:g}: above 0, at most 360 degrees")
    each = azimuths * (positions // len(azimuths)), widths * (positions // len(widths))
    return list(zip(*each, strict=True))


def from_grid_north(azimuth_deg: float, place: tuple[float, float], relief: Terrain) -> float:
    """The direction from grid north of one from true north at a place (longitude, latitude), degrees."""
    import math

    from pyproj import Geod

    lon, lat, _ = Geod(ellps="WGS84").fwd(*place, azimuth_deg, 100.0)
    x, y = relief.to_grid([place[0], lon], [place[1], lat])
    return math.degrees(math.atan2(x[1] - x[0], y[1] - y[0])) % 360.0


def check_ashore(at: list[str], places: list[tuple[float, float, float]]) -> None:
    """Raises ``InputError`` naming the first position that lies in the sea."""
    from skypact.market.kits.terrain import COAST_TRUE_TO_M, offshore_m
    from skypact.schema import InputError

    for text, away_m in zip(at, offshore_m([(lon, lat) for lon, lat, _ in places]), strict=True):
        if away_m > COAST_TRUE_TO_M:
            raise InputError.single(
                file="--at", value=text, accepted="a position on land, or --at-sea; this one lies in the sea"
            )


def check_known(at: list[str], ground: Any, relief: Terrain) -> None:
    """Raises ``InputError`` naming the first position without a known height of the ground."""
    from skypact.schema import InputError

    for text, metres in zip(at, ground, strict=True):
        if metres != metres:
            raise InputError.single(
                file="--at", value=text, accepted=f"a position on known ground; {relief.name} holds no height there"
            )
