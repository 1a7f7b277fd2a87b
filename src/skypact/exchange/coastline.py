"""Land areas from TopoJSON, the form in which npm ``world-atlas`` publishes Natural Earth.

Format: TopoJSON 1.0 specification, Bostock and Metcalf 2013: arcs are delta-encoded integers under a common scale and
translation; a negative arc index means the arc backwards.
"""

from __future__ import annotations

import json
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

    Polygons are as published; they may touch or cross where the published map's do.
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
            shapely.Polygon(_ring(rings[0], arcs), [_ring(hole, arcs) for hole in rings[1:]])
            for rings in _polygons(document["objects"]["land"])
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
