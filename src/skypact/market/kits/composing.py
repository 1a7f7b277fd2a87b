"""Brings together what a composition needs: the place, its relief, the catalogue, the rules; then asks the engine."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from skypact.engines.coverage import Terrain, synthetic_terrain
from skypact.engines.coverage.terrain import local_projection
from skypact.engines.kit import Composition, compose
from skypact.exchange.coastline import read_land
from skypact.exchange.elevation import default_covers, default_elevation, read_elevation
from skypact.market.catalogue import selectors
from skypact.market.core.access import Actor
from skypact.market.kits.places import airport
from skypact.schema import Area, Circle, InputError, Requirement
from skypact.seed import rules, threats

#: Nothing a requirement names lies farther from the middle of its site: relief of a continent fits no memory.
_FARTHEST_M = 250_000.0
#: How much relief is kept beyond everything the requirement names, metres.
_MARGIN_M = 1000.0
#: Posts of generated relief from the middle to the edge.
_GENERATED_STEPS = 250
_GENERATED_SPACING_M = (30.0, 500.0)


def compose_requirement(
    requirement: Requirement,
    *,
    terrain_folder: Path,
    on: date,
    actor: Actor,
    progress: Callable[[str, float], None] = lambda stage, done: None,
    stop: Callable[[], bool] = lambda: False,
) -> Composition:
    """The kit for ``requirement`` from what ``actor`` may see of this installation's catalogue, ordered on ``on``.

    Generated (SYN-) listings take part only where the requirement asks for them.
    ``terrain_folder`` is where the requirement's elevation files lie. Without any, the relief is the model in
    matplotlib's wheel where it covers the site, else generated and said to be so. Raises :class:`InputError`.
    """
    place, nation = located(requirement)
    progress("terrain", 0.0)
    terrain = relief(requirement, place, terrain_folder)
    progress("terrain", 1.0)
    offered = selectors.catalogue(actor, on=on)
    return compose(
        requirement,
        place=place,
        nation=nation,
        listings=[listing for listing in offered.listings if requirement.synthetic or not listing.synthetic],
        vendors=offered.vendors,
        threats=threats(),
        rules=rules(),
        terrain=terrain,
        on=on,
        revision=selectors.content_digest(offered)[:16],
        progress=progress,
        stop=stop,
    )


def located(requirement: Requirement) -> tuple[Area | Circle, str | None]:
    """The area of the site, and on whose soil it lies if that is known. Raises :class:`InputError`."""
    site = requirement.site
    if site.icao is None:
        place = site.circle or site.area
        if place is None:
            raise ValueError(f"site {site.name} has no place")
        return place, site.nation
    found = airport(site.icao)
    if found is None:
        raise InputError.single(
            file=requirement.id, place="site.icao", value=site.icao, accepted="must be the ICAO code of a known airport"
        )
    circle = Circle.model_validate({"centre": (found["lon"], found["lat"]), "radius_m": site.radius_m})
    return circle, site.nation or str(found["country"])


def relief(requirement: Requirement, place: Area | Circle, folder: Path) -> Terrain:
    """The relief around everything the requirement names. Raises :class:`InputError`."""
    centre, radius = _extent(requirement, place)
    if requirement.terrain:
        return read_elevation([folder / name for name in requirement.terrain], centre=centre, radius_m=radius)
    if default_covers(centre):
        return default_elevation(centre=centre, radius_m=radius)
    low, high = _GENERATED_SPACING_M
    spacing = float(np.clip(radius / _GENERATED_STEPS, low, high))
    return synthetic_terrain(
        centre=centre, radius_m=radius, spacing_m=spacing, seed=requirement.seed, land=_land_near(centre, radius)
    )


def _extent(requirement: Requirement, place: Area | Circle) -> tuple[tuple[float, float], float]:
    """Centre (longitude, latitude) and half width in metres of what the relief must hold."""
    outline = _lonlat(place)
    middle = ((outline[:, 0].min() + outline[:, 0].max()) / 2, (outline[:, 1].min() + outline[:, 1].max()) / 2)
    system = local_projection(*middle)
    placement = requirement.placement
    named = [("site", outline)]
    if placement.area is not None:
        named.append(("placement", _lonlat(placement.area)))
    if placement.points:
        named.append(("placement", np.array(placement.points)))
    farthest = max(_farthest(lonlat, system, file=requirement.id, place=name) for name, lonlat in named)
    if isinstance(place, Circle):
        farthest = max(farthest, place.radius_m)
    return middle, farthest + requirement.detection.warning_distance_m + _MARGIN_M


def _farthest(lonlat: Any, system: str, *, file: str, place: str) -> float:
    from pyproj import Transformer

    x, y = Transformer.from_crs("EPSG:4326", system, always_xy=True).transform(lonlat[:, 0], lonlat[:, 1])
    farthest = float(max(np.abs(x).max(), np.abs(y).max()))
    if not farthest <= _FARTHEST_M:  # where the projection ends it is infinite
        accepted = f"everything named within {_FARTHEST_M / 1000:.0f} km of the site's middle"
        raise InputError.single(file=file, place=place, accepted=accepted)
    return farthest


def _lonlat(place: Area | Circle) -> Any:
    if isinstance(place, Circle):
        return np.array([place.centre])
    return shapely.get_coordinates(shapely.from_geojson(place.model_dump_json()))


def _land_near(centre: tuple[float, float], radius_m: float) -> BaseGeometry:
    """Land areas around a place, from the coastline that the map of this installation is drawn with."""
    asset = resources.files("skypact.market.core") / "static" / "skypact" / "atlas" / "land-10m.json"
    with resources.as_file(asset) as path:
        land = read_land(path)
    reach = radius_m / 100_000.0 * 2.0
    lon, lat = centre
    return shapely.clip_by_rect(land, lon - 2 * reach, lat - reach, lon + 2 * reach, lat + reach)
