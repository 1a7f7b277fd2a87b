"""The relief of a requirement: its own elevation files, else this installation's, else what stands in for them.

The result always says which: in its name, its source, what its heights describe and how they were resampled.
"""

from __future__ import annotations

import math
import threading
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from django.conf import settings
from pyproj import Transformer
from shapely.geometry.base import BaseGeometry

from skypact.engines.coverage import SurfaceKind, Terrain, synthetic_terrain
from skypact.engines.coverage.terrain import local_projection
from skypact.engines.kit.shore import Shore
from skypact.exchange.coastline import read_land
from skypact.exchange.elevation import default_covers, default_elevation, read_elevation
from skypact.exchange.obstacles import put_obstacles
from skypact.exchange.terrain_folder import TerrainFolder, indexed
from skypact.market.kits.places import airport, terrain_folder
from skypact.schema import Area, Circle, InputError, Problem, Requirement

#: Nothing a requirement names lies farther from the middle of its site: relief of a continent fits no memory.
_FARTHEST_M = 250_000.0
#: How much relief is kept beyond everything the requirement names, metres.
_MARGIN_M = 1000.0
#: Posts of generated relief from the middle to the edge.
_GENERATED_STEPS = 250
_GENERATED_SPACING_M = (30.0, 500.0)
#: Posts of relief from files: 120 × 120 km at 30 m. A finer model of a large place is thinned, and the result says so.
POSTS_AT_MOST = 16_000_000
#: How much relief a process keeps for the next question about the same place, bytes.
_KEPT_BYTES = 128 * 1024 * 1024

#: The coastline in use is that of a map of 1:10 million; nearer to it than this nobody can tell land from sea.
COAST_TRUE_TO_M = 2000.0
_SEA_M = 200_000.0
_ONE_PLANE_DEG = 10.0  # places farther apart are measured one by one

#: What generated relief is called where the map knows no land.
_OPEN_SEA = "open sea, flat at 0 m"

Key = tuple[object, ...]


class _Kept:
    """Terrain of the latest questions, oldest out first."""

    def __init__(self, limit_bytes: int) -> None:
        self._limit = limit_bytes
        self._held: OrderedDict[Key, Terrain] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Key) -> Terrain | None:
        with self._lock:
            if key in self._held:
                self._held.move_to_end(key)
            return self._held.get(key)

    def put(self, key: Key, terrain: Terrain) -> None:
        with self._lock:
            self._held[key] = terrain
            while sum(held.heights.nbytes for held in self._held.values()) > self._limit:
                self._held.popitem(last=False)


_kept = _Kept(_KEPT_BYTES)


def terrain_of(requirement: Requirement, *, named_in: Path | None = None) -> Terrain:
    """The relief around everything ``requirement`` names, with its obstacles on it.

    ``named_in`` is the folder in which its elevation and obstacle files lie; ``None``: this installation's folder of
    elevation files. A requirement without elevation files is served by that folder too, where files of it reach the
    site, else by the model in matplotlib's wheel, else relief is generated.

    Asked again for the same files (name, size, time of change) and the same place, a process answers from memory: the
    same object, which must not be changed. Raises :class:`InputError`.
    """
    place, _ = located(requirement)
    centre, radius_m = _extent(requirement, place)
    folder = named_in or terrain_folder()
    if named_in is None:
        _check_plain(requirement)
    return terrain_around(
        centre,
        radius_m,
        files=[folder / name for name in requirement.terrain],
        obstacles=[folder / name for name in requirement.obstacles],
        seed=requirement.seed,
    )


def _check_plain(requirement: Requirement) -> None:
    """A requirement of the site names files of this installation's folder, never of another."""
    for field in ("terrain", "obstacles"):
        for number, name in enumerate(getattr(requirement, field)):
            if Path(name).name != name:
                raise InputError.single(
                    file=requirement.id, place=f"{field}.{number}", value=name, accepted="the name of a file, no path"
                )


def terrain_around(
    centre: tuple[float, float],
    radius_m: float,
    *,
    files: Sequence[Path] = (),
    obstacles: Sequence[Path] = (),
    surface: SurfaceKind | None = None,
    spacing_m: float | None = None,
    posts_at_most: int | None = POSTS_AT_MOST,
    seed: int = 1,
) -> Terrain:
    """The relief within ``radius_m`` of a place (WGS 84 longitude, latitude), see :func:`terrain_of`.

    ``surface``: what the heights of ``files`` describe, where the user knows. ``spacing_m``: of the posts; ``None``:
    as the model has them, wider where there would be more than ``posts_at_most``. ``seed``: of generated relief.
    """
    held = installed() if not files else None
    chosen = tuple(files) if held is None else held.near(centre, radius_m)
    problems = () if held is None else tuple(tile.name for tile in held.unusable)
    question = (centre, radius_m, spacing_m, posts_at_most, surface, None if chosen else seed)
    key = (question, _stamped(chosen), _stamped(obstacles), problems)
    found = _kept.get(key)
    if found is None:
        found = _made(centre, radius_m, chosen, surface, spacing_m, posts_at_most, seed)
        if problems:
            found = replace(found, source=f"{found.source}; {_left_aside(problems)}")
        found = put_obstacles(found, obstacles)
        _kept.put(key, found)
    return found


def installed() -> TerrainFolder:
    """The elevation files of this installation. Raises :class:`InputError` where SKYPACT_TERRAIN names no folder."""
    folder = terrain_folder()
    if settings.TERRAIN is not None and not folder.is_dir():
        raise InputError.single(file="SKYPACT_TERRAIN", value=settings.TERRAIN, accepted="an existing folder")
    return indexed(folder, index=Path(settings.HOME) / "terrain-index.json")


def _stamped(files: Sequence[Path]) -> tuple[tuple[str, int, int] | str, ...]:
    """Files with what changes when they do; one that is missing is refused later, by whoever reads it."""
    stamps = []
    for file in files:
        stat = file.stat() if file.is_file() else None
        stamps.append(str(file) if stat is None else (str(file), stat.st_size, stat.st_mtime_ns))
    return tuple(stamps)


def _left_aside(names: Sequence[str]) -> str:
    more = f" and {len(names) - 3} more" if len(names) > 3 else ""
    return f"not usable in the terrain folder: {', '.join(names[:3])}{more}"


def _made(
    centre: tuple[float, float],
    radius_m: float,
    files: Sequence[Path],
    surface: SurfaceKind | None,
    spacing_m: float | None,
    posts_at_most: int | None,
    seed: int,
) -> Terrain:
    how: dict[str, Any] = {"centre": centre, "radius_m": radius_m, "spacing_m": spacing_m, "widen_to": posts_at_most}
    if files:
        return read_elevation(files, surface=surface, **how)
    if default_covers(centre):
        return default_elevation(**how)
    low, high = _GENERATED_SPACING_M
    spacing = spacing_m or float(np.clip(radius_m / _GENERATED_STEPS, low, high))
    land = _land_near(centre, radius_m)
    made = synthetic_terrain(centre=centre, radius_m=radius_m, spacing_m=spacing, seed=seed, land=land)
    if made.heights.any():
        return made
    return replace(made, name=_OPEN_SEA, source="generated by skypact: no land here by Natural Earth at 1:10 million")


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


def _extent(requirement: Requirement, place: Area | Circle) -> tuple[tuple[float, float], float]:
    """Centre (longitude, latitude) and half width in metres of what the relief must hold."""
    outline = _lonlat(place)
    middle = middle_of(outline)
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


def middle_of(lonlat: Any) -> tuple[float, float]:
    """The middle of the box around places (n, 2) in degrees, on whichever side of the antimeridian they lie."""
    lon, lat = np.asarray(lonlat, dtype=np.float64)[:, :2].T
    beside = np.where(lon - lon[0] > 180.0, lon - 360.0, np.where(lon - lon[0] < -180.0, lon + 360.0, lon))
    east = float(beside.min() + beside.max()) / 2
    turn = 360.0 * math.copysign(1.0, east) if abs(east) > 180.0 else 0.0
    return east - turn, float(lat.min() + lat.max()) / 2


def _farthest(lonlat: Any, system: str, *, file: str, place: str) -> float:
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


def offshore_m(places: Sequence[tuple[float, float]]) -> list[float]:
    """How far from land each place (WGS 84 longitude, latitude) lies in the sea, metres; 0 on land.

    By the coastline of Natural Earth at 1:10 million, which is true to about :data:`COAST_TRUE_TO_M`; ``inf`` where
    there is no land within about 200 km.
    """
    at = np.asarray(places, dtype=np.float64).reshape(-1, 2)
    low, high = at.min(axis=0), at.max(axis=0)
    if (high - low).max() > _ONE_PLANE_DEG:
        return [offshore_m([place])[0] for place in places]
    middle = ((low[0] + high[0]) / 2, (low[1] + high[1]) / 2)
    land = _land_near(middle, _SEA_M + float((high - low).max()) * 111_000)
    if land.is_empty:
        return [math.inf] * len(at)
    to_plane = Transformer.from_crs("EPSG:4326", local_projection(*middle), always_xy=True)
    plane = shapely.transform(land, lambda ends: np.column_stack(to_plane.transform(ends[:, 0], ends[:, 1])))
    shapely.prepare(plane)
    points = shapely.points(*to_plane.transform(at[:, 0], at[:, 1]))
    away = np.zeros(len(at))
    wet = ~shapely.intersects(plane, points)
    away[wet] = shapely.distance(plane, points[wet])
    return [float(metres) for metres in away]


def site_offshore_m(requirement: Requirement) -> float:
    """How far in the sea the middle of the site lies, metres (:func:`offshore_m`); 0 where the map cannot tell."""
    outline = _lonlat(located(requirement)[0])
    (away,) = offshore_m([(float(outline[:, 0].mean()), float(outline[:, 1].mean()))])
    return away if away > COAST_TRUE_TO_M else 0.0


def shore_of(requirement: Requirement, terrain: Terrain) -> Shore | None:
    """Where equipment for ``requirement`` has land under it, by the coastline of the map.

    ``None`` where the site itself lies in the sea, such as a platform, and where the map knows no land.
    """
    if site_offshore_m(requirement) > 0:
        return None
    land = _land_around(terrain)
    return None if land is None else Shore(land, COAST_TRUE_TO_M)


def land_on(terrain: Terrain) -> BaseGeometry | None:
    """Land around ``terrain``, in its reference system, as generous as the coastline is uncertain.

    ``None`` where the map knows no land there: relief of an islet that is too small for it.
    """
    land = _land_around(terrain)
    return None if land is None else shapely.buffer(land, COAST_TRUE_TO_M)


def _land_around(terrain: Terrain) -> BaseGeometry | None:
    """Land as the map draws it around ``terrain``, in its reference system; ``None`` where there is none."""
    west, south, east, north = terrain.bounds
    (lon,), (lat,) = terrain.to_lonlat([(west + east) / 2], [(south + north) / 2])
    land = _land_near((float(lon), float(lat)), math.hypot(east - west, north - south) / 2 + COAST_TRUE_TO_M)
    if land.is_empty:
        return None
    return shapely.transform(land, lambda ends: np.column_stack(terrain.to_grid(ends[:, 0], ends[:, 1])))


def check_points(requirement: Requirement, terrain: Terrain) -> None:
    """That the points a requirement names for equipment lie on known ground and not in the sea.

    A site that lies in the sea itself, such as a platform, may have points there. Raises :class:`InputError` naming
    every point that does not.
    """
    points = requirement.placement.points
    if not points:
        return
    at = np.array(points)
    unknown = np.isnan(terrain.height_at(*terrain.to_grid(at[:, 0], at[:, 1])))
    ashore = site_offshore_m(requirement) == 0
    problems = []
    for number, (point, off) in enumerate(zip(points, offshore_m(points), strict=True)):
        accepted = None
        if unknown[number]:
            accepted = f"a place on known ground; {terrain.name} holds no height there"
        elif ashore and off > COAST_TRUE_TO_M:
            accepted = f"a place on land; this one lies in the sea, {_away(off)} from the coast"
        if accepted is not None:
            problems.append(
                Problem(file=requirement.id, place=f"placement.points.{number}", value=str(point), accepted=accepted)
            )
    if problems:
        raise InputError(tuple(problems))


def _away(metres: float) -> str:
    return f"{metres / 1000:.0f} km" if metres < math.inf else "over 200 km"


@cache
def _land() -> BaseGeometry:
    """The coastline that the map of this installation is drawn with."""
    asset = resources.files("skypact.market.core") / "static" / "skypact" / "atlas" / "land-10m.json"
    with resources.as_file(asset) as path:
        return read_land(path)


def _land_near(centre: tuple[float, float], radius_m: float) -> BaseGeometry:
    """Land areas around a place, on both sides of the antimeridian where they reach it."""
    reach = radius_m / 100_000.0 * 2.0
    lon, lat = centre
    west, east = lon - 2 * reach, lon + 2 * reach
    if east - west >= 360.0:
        windows = [(-180.0, 180.0)]
    elif west < -180.0 or east > 180.0:
        windows = [((west + 180.0) % 360.0 - 180.0, 180.0), (-180.0, (east + 180.0) % 360.0 - 180.0)]
    else:
        windows = [(west, east)]
    parts = [shapely.clip_by_rect(_land(), left, lat - reach, right, lat + reach) for left, right in windows]
    return shapely.GeometryCollection(parts) if len(parts) > 1 else parts[0]
