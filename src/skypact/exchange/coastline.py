"""Land areas from TopoJSON, the form in which npm ``world-atlas`` publishes Natural Earth.

Format: TopoJSON 1.0 specification, Bostock and Metcalf 2013: arcs are delta-encoded integers under a common scale and
translation; a negative arc index means the arc backwards.
"""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from skypact.schema import InputError

Ring = NDArray[np.float64]


def read_land(path: str | Path) -> BaseGeometry:
    """All polygons of the object ``land`` of a TopoJSON file, as one geometry in WGS 84 longitude, latitude.

    Polygons are as published; they may touch or cross where the published map's do. One that passes the antimeridian,
    as Eurasia's does, is cut there into parts from -180 to 180 degrees; one that goes around a pole is closed over it.
    Raises :class:`InputError` for a missing file, anything that is not such a TopoJSON document, and no polygons.
    """
    file = str(path)
    try:
        document = json.loads(Path(path).read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise InputError.single(file=file, accepted="an existing TopoJSON file") from None
    except (json.JSONDecodeError, UnicodeDecodeError):
        raise InputError.single(file=file, accepted="must be valid JSON") from None
    try:
        arcs = _arcs(document)
        polygons = [
            part
            for rings in _polygons(document["objects"]["land"])
            for part in _within_the_map([_unwrapped(_ring(ring, arcs)) for ring in rings])
        ]
    except (KeyError, TypeError, IndexError, ValueError):
        raise InputError.single(
            file=file, accepted="a TopoJSON topology with an object named land, as in world-atlas land-50m.json"
        ) from None
    if not polygons:
        raise InputError.single(file=file, place="objects.land", accepted="at least one polygon")
    return shapely.MultiPolygon(polygons)


def _arcs(document: dict[str, Any]) -> list[Ring]:
    arcs = [np.asarray(arc, dtype=np.float64) for arc in document["arcs"]]
    if "transform" not in document:
        return arcs
    scale = np.asarray(document["transform"]["scale"], dtype=np.float64)
    start = np.asarray(document["transform"]["translate"], dtype=np.float64)
    return [np.cumsum(arc, axis=0) * scale + start for arc in arcs]


def _polygons(geometry: dict[str, Any]) -> list[list[list[int]]]:
    """Rings of arc indices, polygon by polygon, of an object and all its parts."""
    kind = geometry["type"]
    if kind == "GeometryCollection":
        return [rings for part in geometry["geometries"] for rings in _polygons(part)]
    if kind == "Polygon":
        return [geometry["arcs"]]
    if kind == "MultiPolygon":
        return list(geometry["arcs"])
    return []


def _ring(indices: list[int], arcs: list[Ring]) -> Ring:
    """Arcs laid end to end; each begins where the one before it ended."""
    parts = [arcs[index] if index >= 0 else arcs[~index][::-1] for index in indices]
    return np.concatenate([parts[0], *(part[1:] for part in parts[1:])])


def _unwrapped(ring: Ring) -> Ring:
    """The ring without a jump from one edge of the map to the other: longitudes go on beyond ±180 degrees.

    One that went once around the world is closed over the pole that is nearer to it.
    """
    turns = np.cumsum(np.round(np.diff(ring[:, 0], prepend=ring[0, 0]) / 360.0))
    whole = np.column_stack([ring[:, 0] - 360.0 * turns, ring[:, 1]])
    if turns[-1] == 0:
        return whole
    pole = math.copysign(90.0, float(ring[:, 1].mean()))
    return np.vstack([whole, [[whole[-1, 0], pole], [whole[0, 0], pole]], whole[:1]])


def _within_the_map(rings: list[Ring]) -> list[shapely.Polygon]:
    """A polygon of unwrapped rings as parts of the map from -180 to 180 degrees."""
    outer, *holes = rings
    west, east = outer[:, 0].min(), outer[:, 0].max()
    whole = shapely.Polygon(outer, [_beside(hole, outer) for hole in holes])
    if west >= -180.0 and east <= 180.0:
        return [whole]
    found = []
    for turn in range(math.floor((west + 180.0) / 360.0), math.ceil((east + 180.0) / 360.0)):
        cut = shapely.clip_by_rect(whole, 360.0 * turn - 180.0, -90.0, 360.0 * turn + 180.0, 90.0)
        back = shapely.transform(cut, lambda at, turn=turn: at - [360.0 * turn, 0.0])
        found += [part for part in shapely.get_parts(back) if isinstance(part, shapely.Polygon)]
    return found


def _beside(hole: Ring, outer: Ring) -> Ring:
    """The hole on the side of the antimeridian on which its polygon goes on."""
    middle = (outer[:, 0].min() + outer[:, 0].max()) / 2
    turn = np.round((middle - (hole[:, 0].min() + hole[:, 0].max()) / 2) / 360.0)
    return np.column_stack([hole[:, 0] + 360.0 * turn, hole[:, 1]])
