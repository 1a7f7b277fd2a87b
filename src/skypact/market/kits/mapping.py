"""A kit as GeoJSON (RFC 7946): what the map draws and what people download."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pyproj import Geod

from skypact.schema import Kit, KitItem, Position3D, RangeUsed, TerrainUsed

Feature = dict[str, Any]

_EARTH = Geod(ellps="WGS84")
_STEP_DEG = 3.0


def features_of(kit: Kit) -> dict[str, Any]:
    """Site, ring, blind stretches and areas, sectors, least-observed approaches, positions as one FeatureCollection."""
    site = kit.site_outline.model_dump(mode="json")
    features = [_feature("site", site, name=kit.requirement.site.name, relief=_relief(kit.terrain))]
    features += [_feature("ring", line.model_dump(mode="json")) for line in kit.ring]
    for figure in kit.coverage:
        features += [
            _feature("blind", line.model_dump(mode="json"), threat=figure.threat, height_m=figure.height_m)
            for line in figure.blind
        ]
    features += [
        _feature(
            "blind-area",
            blind.outline.model_dump(mode="json"),
            number=number,
            threat=blind.threat,
            height_m=blind.height_m,
            area_m2=blind.area_m2,
        )
        for number, blind in enumerate(kit.blind_areas, start=1)
    ]
    for item in kit.items:
        for position in item.positions:
            features.extend(_sectors(item, position))
    features += [
        _feature(
            "approach",
            figure.path.model_dump(mode="json"),
            threat=figure.threat,
            height_m=figure.height_m,
            observed_m=figure.observed_m,
            warning_s=figure.warning_s,
        )
        for figure in kit.approaches
        if figure.path is not None
    ]
    for item in kit.items:
        features += [_position(item, position) for position in item.positions]
    return {"type": "FeatureCollection", "features": features}


def _relief(terrain: TerrainUsed) -> dict[str, Any]:
    """On which relief everything else was computed."""
    return {
        "name": terrain.name,
        "surface": terrain.surface,
        "synthetic": terrain.synthetic,
        "spacing_m": terrain.spacing_m,
        "resampling": terrain.resampling or "none",
        "obstacles": terrain.obstacles,
    }


def _feature(role: str, geometry: dict[str, Any], **facts: object) -> Feature:
    return {"type": "Feature", "geometry": geometry, "properties": {"role": role, **facts}}


def _position(item: KitItem, position: Position3D) -> Feature:
    return _feature(
        "position",
        {"type": "Point", "coordinates": list(position.at)},
        id=position.id,
        listing=item.listing,
        name=item.name,
        name_ko=item.name_ko or item.name,
        category=item.category.value,
        family=item.category.family,
        ground_m=position.ground_m,
        mast_m=position.mast_m,
        azimuth_deg=position.azimuth_deg,
        azimuth_width_deg=position.azimuth_width_deg,
        synthetic=item.synthetic,
    )


def _sectors(item: KitItem, position: Position3D) -> Iterator[Feature]:
    for used in item.ranges:
        yield _feature(
            "sector",
            {"type": "Polygon", "coordinates": [sector(position, used)]},
            position=position.id,
            listing=item.listing,
            kind=used.kind.value,
            threat=used.threat,
            range_m=used.range_m,
            basis=used.basis.value,
        )


def sector(position: Position3D, used: RangeUsed) -> list[list[float]]:
    """The ring around what lies in range and sector on the ellipsoid, terrain left aside."""
    lon, lat = position.at
    width = used.azimuth_width_deg or position.azimuth_width_deg
    all_round = position.azimuth_deg is None or width is None or width >= 360
    start = 0.0 if all_round else position.azimuth_deg - width / 2
    span = 360.0 if all_round else width
    steps = max(2, round(span / _STEP_DEG))
    azimuths = [start + span * step / steps for step in range(steps if all_round else steps + 1)]
    lons, lats, _ = _EARTH.fwd([lon] * len(azimuths), [lat] * len(azimuths), azimuths, [used.range_m] * len(azimuths))
    arc = [[round(x, 6), round(y, 6)] for x, y in zip(lons, lats, strict=True)]
    outline = arc if all_round else [[lon, lat], *arc]
    ring = list(reversed(outline))  # azimuths turn clockwise; outer rings go counterclockwise
    return [*ring, ring[0]]
