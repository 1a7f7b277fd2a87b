"""Buildings and other obstacles from GeoJSON, as OpenStreetMap and city models publish them.

A feature is a Polygon or MultiPolygon (WGS 84) with the property ``height`` or ``building:height``: from the ground to
the top, metres as a number, or a text with a unit as in the OpenStreetMap wiki, key "height" ("12", "12 m", "40 ft",
``12'6"``). ``base_elevation``, metres above sea level, makes the roof level. What begins above the ground
(``min_height``) counts as solid from the ground up. A feature that states no height is left out and counted: no height
is invented, not even from ``building:levels``, since the height of a storey is nobody's statement.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from skypact.engines.coverage.obstacles import Obstacle, with_obstacles
from skypact.engines.coverage.terrain import SurfaceKind, Terrain
from skypact.exchange.geojson import features_in, geometry_of
from skypact.exchange.raster import GROUND_M
from skypact.schema import InputError, Problem

_HEIGHTS = ("height", "building:height")
_FOOT, _INCH = 0.3048, 0.0254
_METRES = re.compile(r"([0-9]+(?:\.[0-9]+)?)\s*(m|metres?|meters?|ft|feet|foot)?", re.IGNORECASE)
_FEET_INCHES = re.compile(r"([0-9]+)\s*'(?:\s*([0-9]+(?:\.[0-9]+)?)\s*\")?")
_TALLEST_M = 1000.0
_TOLD_AT_MOST = 20


@dataclass(frozen=True)
class ObstacleFile:
    """What a file holds: the obstacles with a height, and how many state none."""

    name: str
    obstacles: tuple[Obstacle, ...]
    without_height: int


def read_obstacles(path: Path) -> ObstacleFile:
    """The obstacles in a GeoJSON file.

    Raises :class:`InputError` naming file, feature, value and what is accepted, for all features that cannot be used
    (the first twenty): another kind of geometry, an outline without an area or that crosses itself, a height or base
    that is no length, not above 0 m or above 1,000 m; and as :func:`skypact.exchange.geojson.features_in`.
    """
    found: list[Obstacle] = []
    problems: list[Problem] = []
    without = 0
    for number, feature in enumerate(features_in(path)):
        try:
            obstacle = _obstacle(feature, file=path.name, place=f"features.{number}")
        except InputError as error:
            problems += error.problems
            if len(problems) >= _TOLD_AT_MOST:
                break
            continue
        if obstacle is None:
            without += 1
        else:
            found.append(obstacle)
    if problems:
        raise InputError(tuple(problems))
    return ObstacleFile(path.name, tuple(found), without)


def put_obstacles(terrain: Terrain, paths: Sequence[Path]) -> Terrain:
    """The terrain with the obstacles of the files on it; its source names them.

    Raises :class:`InputError` for a surface model, which holds the roofs already, and as :func:`read_obstacles`.
    """
    if not paths:
        return terrain
    files = [read_obstacles(path) for path in paths]
    names = ", ".join(file.name for file in files)
    if terrain.surface is SurfaceKind.SURFACE:
        raise InputError.single(
            file=names,
            place="obstacles",
            accepted=f"no obstacles on {terrain.name}, a surface model: it holds roofs already, they would count twice",
        )
    raised = with_obstacles(terrain, [obstacle for file in files for obstacle in file.obstacles])
    without = sum(file.without_height for file in files)
    more = f"; left out without a stated height: {without}" if without else ""
    return replace(raised, source=f"{raised.source} (from {names}{more})")


def _obstacle(feature: Any, *, file: str, place: str) -> Obstacle | None:
    shape = geometry_of(feature, kinds=("Polygon", "MultiPolygon"), file=file, place=place)
    properties = feature.get("properties") or {}
    if not isinstance(properties, dict):
        raise InputError.single(file=file, place=f"{place}.properties", value=properties, accepted="an object")
    key = next((name for name in _HEIGHTS if properties.get(name) not in (None, "")), None)
    if key is None:
        return None
    height = _length(properties[key])
    if height is None or not 0 < height <= _TALLEST_M:
        raise InputError.single(
            file=file, place=f"{place}.properties.{key}", value=properties[key],
            accepted=f"a height above 0 and at most {_TALLEST_M:g} m, such as 12, '12 m' or '40 ft'",
        )  # fmt: skip
    base = properties.get("base_elevation")
    number = isinstance(base, int | float) and not isinstance(base, bool)
    if base is not None and not (number and GROUND_M[0] <= base <= GROUND_M[1]):
        raise InputError.single(
            file=file, place=f"{place}.properties.base_elevation", value=base,
            accepted=f"metres above sea level, from {GROUND_M[0]:g} to {GROUND_M[1]:g}",
        )  # fmt: skip
    try:
        return Obstacle(shape, float(height), base)
    except ValueError as error:
        raise InputError.single(file=file, place=place, accepted=str(error)) from None


def _length(value: Any) -> float | None:
    """Metres; ``None`` where it is no length."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return value
    if not isinstance(value, str):
        return None
    if match := _METRES.fullmatch(value.strip()):
        feet = (match[2] or "m").casefold().startswith("f")
        return float(match[1]) * (_FOOT if feet else 1.0)
    if match := _FEET_INCHES.fullmatch(value.strip()):
        return float(match[1]) * _FOOT + float(match[2] or 0) * _INCH
    return None
