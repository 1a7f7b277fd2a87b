"""GeoJSON files (RFC 7946): their features, checked as far as every reader of them needs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from skypact.schema import InputError

_SIZE_MAX = 256 * 1024 * 1024
#: Names of WGS 84 longitude, latitude in the member ``crs`` of GeoJSON 2008, which RFC 7946 has done away with.
_CRS84 = ("urn:ogc:def:crs:OGC:1.3:CRS84", "urn:ogc:def:crs:OGC::CRS84", "OGC:CRS84", "CRS84")


def features_in(path: Path) -> list[Any]:
    """The features of a file: of a collection, one alone, or a bare geometry; none of them checked.

    Raises :class:`InputError` naming the file for one that is missing, over 256 MiB, not UTF-8, not JSON or no GeoJSON
    object, or that names another reference system than WGS 84 longitude, latitude.
    """
    document = _document(path)
    if not isinstance(document, dict):
        raise InputError.single(file=path.name, accepted="a GeoJSON object")
    _check_crs(document, path.name)
    features = document.get("features", [document])
    if not isinstance(features, list):
        raise InputError.single(file=path.name, place="features", value=features, accepted="a list of features")
    return features


def geometry_of(feature: Any, *, kinds: tuple[str, ...], file: str, place: str) -> BaseGeometry:
    """The flat geometry of a feature or bare geometry, of one of ``kinds``; WGS 84 degrees.

    Raises :class:`InputError` naming file and place for another kind, an empty one, malformed coordinates, and
    positions beyond ±180 and ±90 degrees.
    """
    geometry = feature.get("geometry", feature) if isinstance(feature, dict) else None
    kind = geometry.get("type") if isinstance(geometry, dict) else None
    if kind not in kinds:
        raise InputError.single(file=file, place=f"{place}.geometry.type", value=kind, accepted=" or ".join(kinds))
    try:
        found = shapely.force_2d(shape(geometry))
    except (shapely.errors.GEOSException, ValueError, TypeError, KeyError, IndexError, AttributeError) as error:
        raise InputError.single(
            file=file, place=f"{place}.geometry.coordinates", accepted=f"positions of a {kind} ({error})"
        ) from None
    if found.is_empty:
        raise InputError.single(
            file=file, place=f"{place}.geometry.coordinates", accepted=f"a {kind} with positions; this one is empty"
        )
    at = shapely.get_coordinates(found)
    if not (np.abs(at) <= (180.0, 90.0)).all():  # NaN is not
        raise InputError.single(
            file=file,
            place=f"{place}.geometry.coordinates",
            accepted="positions, longitude within ±180, latitude within ±90 degrees",
        )
    return found


def _document(path: Path) -> Any:
    try:
        size = path.stat().st_size
        content = path.read_bytes() if size <= _SIZE_MAX else b""
    except OSError as error:
        raise InputError.single(
            file=path.name, accepted=f"a GeoJSON file that can be read ({error.strerror})"
        ) from None
    if size > _SIZE_MAX:
        raise InputError.single(file=path.name, value=f"{size} bytes", accepted="at most 256 MiB")
    try:
        return json.loads(content.decode("utf-8-sig"))
    except ValueError as error:  # also where an integer has more digits than Python reads
        raise InputError.single(file=path.name, accepted=f"GeoJSON in UTF-8 ({error})") from None
    except RecursionError:
        raise InputError.single(file=path.name, accepted="GeoJSON that is not nested so deeply") from None


def _check_crs(document: dict[str, Any], file: str) -> None:
    crs = document.get("crs")
    if crs is None:
        return
    properties = crs.get("properties") if isinstance(crs, dict) else None
    name = properties.get("name") if isinstance(properties, dict) else crs
    if name not in _CRS84:
        raise InputError.single(
            file=file, place="crs", value=name,
            accepted="WGS 84 longitude, latitude (CRS84), the only system of GeoJSON (RFC 7946); reproject the file",
        )  # fmt: skip
