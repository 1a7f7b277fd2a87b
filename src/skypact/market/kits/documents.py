"""Documents people paste or upload: a requirement as TOML or JSON, or an area as GeoJSON."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

from skypact.exchange.requirement import parse_requirement
from skypact.schema import Area, Circle, Grade, InputError, Position, Requirement, Trust, parse
from skypact.schema.geometry import MultiPolygon, Polygon

_GEOJSON_TYPES = ("Polygon", "MultiPolygon", "Point", "Feature", "FeatureCollection", "GeometryCollection")


def read(text: str, *, file: str) -> Requirement | Area:
    """The requirement or the area in ``text``. Raises InputError saying what would be accepted."""
    if not text.strip():
        raise InputError.single(file=file, accepted="must hold a requirement (TOML or JSON) or an area (GeoJSON)")
    if text.lstrip()[:1] != "{":
        return parse_requirement(text, file=file)
    document = _json(text, file)
    if document.get("type") in _GEOJSON_TYPES:
        return area(document, file=file)
    return parse(Requirement, document, file=file)


def area_of(text: str, *, file: str) -> Area:
    """The area in the GeoJSON document ``text``. Raises InputError."""
    return area(_json(text, file), file=file)


def area(document: Any, *, file: str) -> Area:
    """The polygons of a GeoJSON geometry, feature or collection as one area. Raises InputError."""
    polygons: list[Any] = []
    for geometry in _geometries(document, file):
        if geometry.get("type") == "Polygon":
            polygons.append(geometry.get("coordinates"))
        elif geometry.get("type") == "MultiPolygon":
            parts = geometry.get("coordinates")
            polygons.extend(parts if isinstance(parts, list) else [parts])
        else:
            raise InputError.single(
                file=file, place="type", value=geometry.get("type"), accepted="must be a Polygon or MultiPolygon"
            )
    if not polygons:
        raise InputError.single(file=file, accepted="must hold at least one Polygon or MultiPolygon")
    flat = [[[position[:2] for position in ring] for ring in polygon] for polygon in polygons if _is_rings(polygon)]
    if len(flat) != len(polygons):
        raise InputError.single(file=file, place="coordinates", accepted="must be rings of [longitude, latitude]")
    if len(flat) == 1:
        return parse(Polygon, {"type": "Polygon", "coordinates": flat[0]}, file=file)
    return parse(MultiPolygon, {"type": "MultiPolygon", "coordinates": flat}, file=file)


def exclusions_of(text: str, *, file: str) -> tuple[Area | Circle, ...]:
    """Areas to keep clear, from GeoJSON; a Point with the property ``radius_m`` is a circle. Raises InputError."""
    document = _json(text, file)
    features = document.get("features") if document.get("type") == "FeatureCollection" else [document]
    if not isinstance(features, list):
        raise InputError.single(file=file, place="features", value=features, accepted="must be a list of features")
    return tuple(_exclusion(feature, file) for feature in features)


def _exclusion(feature: Any, file: str) -> Area | Circle:
    if isinstance(feature, dict) and isinstance(feature.get("geometry"), dict):
        geometry, facts = feature["geometry"], feature.get("properties") or {}
        if not isinstance(facts, dict):
            raise InputError.single(file=file, place="properties", value=facts, accepted="must be an object")
        if geometry.get("type") == "Point":
            circle = {"centre": geometry.get("coordinates"), "radius_m": facts.get("radius_m")}
            return parse(Circle, circle, file=file)
    return area(feature, file=file)


def exclusions_text(exclusions: Sequence[Area | Circle]) -> str:
    """The GeoJSON that :func:`exclusions_of` reads; empty without exclusions."""
    if not exclusions:
        return ""
    return json.dumps({"type": "FeatureCollection", "features": [_feature(one) for one in exclusions]})


def _feature(exclusion: Area | Circle) -> dict[str, Any]:
    if isinstance(exclusion, Circle):
        geometry = {"type": "Point", "coordinates": list(exclusion.centre)}
        return {"type": "Feature", "geometry": geometry, "properties": {"radius_m": exclusion.radius_m}}
    return {"type": "Feature", "geometry": exclusion.model_dump(mode="json"), "properties": {}}


def positions_of(text: str, *, file: str) -> tuple[Position, ...]:
    """Positions written one a line: longitude, latitude in degrees. Raises InputError naming the line."""
    found = []
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        try:
            longitude, latitude = (float(part) for part in line.replace(",", " ").split())
        except ValueError:
            raise InputError.single(
                file=file, place=f"line {number}", value=line.strip(), accepted="must be: longitude, latitude"
            ) from None
        found.append((longitude, latitude))
    return tuple(found)


def trust_of(text: str, *, file: str) -> list[dict[str, Any]]:
    """Figures of trust written one a line: grade, per cent, why. Raises InputError naming the line."""
    found = []
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        grade, percent, why = [*line.replace("%", " ").split(None, 2), "", "", ""][:3]
        try:
            factor = float(percent) / 100
        except ValueError:
            factor = 0.0
        if grade not in list(Grade) or not 0 < factor <= 1 or not why.strip():
            raise InputError.single(
                file=file,
                place=f"line {number}",
                value=line.strip(),
                accepted=f"must be: one of {', '.join(Grade)}, per cent over 0 and at most 100, and why",
            )
        found.append({"grade": grade, "factor": factor, "basis": why.strip()})
    return found


def trust_text(trust: Sequence[Trust]) -> str:
    """The lines that :func:`trust_of` reads."""
    return "\n".join(f"{one.grade.value} {one.factor * 100:g} {' '.join(one.basis.split())}" for one in trust)


def _geometries(document: Any, file: str) -> Iterator[dict[str, Any]]:
    if not isinstance(document, dict):
        raise InputError.single(file=file, value=document, accepted="must be a GeoJSON object")
    inner = {"Feature": "geometry", "FeatureCollection": "features", "GeometryCollection": "geometries"}.get(
        str(document.get("type"))
    )
    if inner is None:
        yield document
        return
    parts = document.get(inner)
    for part in parts if isinstance(parts, list) else [parts]:
        yield from _geometries(part, file)


def _is_rings(polygon: Any) -> bool:
    return isinstance(polygon, list) and all(
        isinstance(ring, list) and all(isinstance(position, list) for position in ring) for ring in polygon
    )


def _json(text: str, file: str) -> dict[str, Any]:
    try:
        document = json.loads(text)
    except json.JSONDecodeError as error:
        raise InputError.single(
            file=file, place=f"line {error.lineno}, column {error.colno}", accepted=f"must be valid JSON: {error.msg}"
        ) from None
    except RecursionError:
        raise InputError.single(file=file, accepted="must not be nested so deeply") from None
    except ValueError:  # Python reads no longer integers
        raise InputError.single(file=file, accepted="must hold numbers of at most 4300 digits") from None
    if not isinstance(document, dict):
        raise InputError.single(file=file, value=document, accepted="must be an object")
    return document
