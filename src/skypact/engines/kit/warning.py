"""How early a kit warns, how something could come least observed, and over which ground nothing is noticed."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.ops import nearest_points, substring

from skypact.engines.coverage import Terrain, largest_blind, least_observed_approach
from skypact.engines.kit.assembling import true_azimuth
from skypact.engines.kit.layers import CoverageLayer
from skypact.engines.kit.places import Places
from skypact.schema import (
    ApproachFigure,
    BearingWarning,
    BlindArea,
    LineString,
    MultiPolygon,
    Source,
    ThreatClass,
    strongest,
)

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

#: Straight approaches, evenly around the site.
BEARINGS = 72
#: The least observed approach is looked for on at most so many posts a side.
_POSTS_MAX = 128
#: Blind areas told of one threat class at one height, and of all.
BLIND_EACH, BLIND_MAX = 5, 40
#: Corners of a blind area's outline, and of spots that are seen within; of more it is simplified.
_CORNERS_MAX, _SPOTS_MAX = 300, 20


@dataclass(frozen=True, eq=False)
class Ground:
    """The posts of the relief that lie in the site and inside the warning ring, and straight ways to its edge.

    ``site`` and ``inside`` are bool (rows, columns). ``rows`` and ``columns`` (bearings, n) are the posts next to
    places every ``step_m`` outside the site's edge; ``known`` says which of these lie on the relief.
    """

    site: Flags
    inside: Flags
    rows: NDArray[np.intp]
    columns: NDArray[np.intp]
    known: Flags
    step_m: float

    @classmethod
    def of(cls, places: Places, terrain: Terrain) -> Ground:
        """Of one site on one relief. Of a site in parts or with bays, the edge is that of its convex hull."""
        x, y = np.meshgrid(*terrain.posts())
        site, inside = (shapely.contains_xy(shape, x, y) for shape in (places.site, places.inside))
        if not site.any():
            middle = places.site.representative_point()
            site[_posts(terrain, np.array([middle.x]), np.array([middle.y]))] = True
        hull = places.site.convex_hull
        middle, step = hull.centroid, min(terrain.dx, terrain.dy) / 2
        west, south, east, north = terrain.bounds
        farthest = math.hypot(max(middle.x - west, east - middle.x), max(middle.y - south, north - middle.y))
        turn = true_azimuth(0.0, middle.x, middle.y, terrain)
        angle = np.radians(np.arange(BEARINGS) * 360.0 / BEARINGS - turn)
        toward = np.column_stack([np.sin(angle), np.cos(angle)])
        start = np.broadcast_to([middle.x, middle.y], toward.shape)
        rays = shapely.linestrings(np.stack([start, start + farthest * toward], axis=1))
        edge = np.asarray(shapely.length(shapely.intersection(rays, hull)))
        out = edge[:, None] + step * np.arange(int(farthest / step) + 1)
        at_x, at_y = (middle.x + out * toward[:, :1], middle.y + out * toward[:, 1:])
        known = (at_x >= west) & (at_x <= east) & (at_y >= south) & (at_y <= north)
        rows, columns = _posts(terrain, at_x, at_y)
        return cls(site, inside, rows, columns, known, step)


def approach_figures(
    layers: Sequence[CoverageLayer], ground: Ground, places: Places, threats: Iterable[ThreatClass], *, on: date
) -> tuple[ApproachFigure, ...]:
    """For each layer: straight approaches on :data:`BEARINGS` bearings, and the least observed one."""
    speeds = {threat.id: _speed(threat, on) for threat in threats}
    return tuple(_figure(layer, ground, places, *speeds[layer.threat]) for layer in layers)


def blind_ground(layers: Sequence[CoverageLayer], ground: Ground) -> tuple[tuple[BlindArea, ...], tuple[float, ...]]:
    """The largest blind areas inside the warning ring, and for each layer all that is blind there, square metres."""
    areas: list[BlindArea] = []
    total = []
    for layer in layers:
        terrain = layer.terrain
        total.append(float((ground.inside & ~layer.noticed).sum()) * terrain.dx * terrain.dy)
        for area, outline in largest_blind(terrain, layer.noticed, within=ground.inside, most=BLIND_EACH):
            areas.append(_blind(layer, area, outline))
    areas.sort(key=lambda one: (-one.area_m2, one.threat, one.height_m))
    return tuple(areas[:BLIND_MAX]), tuple(total)


def _speed(threat: ThreatClass, on: date) -> tuple[float | None, Source | None]:
    known = strongest(threat.speed_max, on=on)
    return (None, None) if known is None or not known.value else (known.value, known.source)


def _figure(
    layer: CoverageLayer, ground: Ground, places: Places, speed: float | None, source: Source | None
) -> ApproachFigure:
    bearings = tuple(_straight(layer.noticed, ground, speed))
    figure = ApproachFigure(
        threat=layer.threat,
        height_m=layer.height_m,
        speed_m_s=speed,
        speed_source=source,
        bearings=bearings,
        least_warning_s=None if speed is None else min(one.warning_s or 0.0 for one in bearings),
    )
    found = _least_observed(layer, ground, places)
    if found is None:
        return figure
    path, grid = found
    noticed = _along(layer, path)
    seen = np.flatnonzero(noticed)
    left = None if not len(seen) else path.length * (1.0 - (seen[0] + 0.5) / len(noticed))
    return figure.model_copy(
        update={
            "path": _line(path, layer.terrain),
            "length_m": round(path.length, 1),
            "observed_m": round(path.length * float(noticed.mean()), 1),
            "first_seen_m": None if left is None else round(left, 1),
            "warning_s": _seconds(left, speed),
            "grid_m": grid,
        }
    )


def _straight(noticed: Flags, ground: Ground, speed: float | None) -> Iterable[BearingWarning]:
    seen = noticed[ground.rows, ground.columns] & ground.known
    for number, (one, known) in enumerate(zip(seen, ground.known, strict=True)):
        where = np.flatnonzero(one)
        first = None if not len(where) else float(where[-1]) * ground.step_m
        yield BearingWarning(
            bearing_deg=number * 360.0 / BEARINGS,
            first_seen_m=None if first is None else round(first, 1),
            at_least=bool(len(where) and where[-1] == np.flatnonzero(known)[-1]),
            warning_s=_seconds(first, speed),
        )


def _seconds(distance_m: float | None, speed: float | None) -> float | None:
    """Rounded down; 0 for what is never noticed."""
    return None if speed is None else math.floor((distance_m or 0.0) / speed * 10.0) / 10.0


def _least_observed(layer: CoverageLayer, ground: Ground, places: Places) -> tuple[shapely.LineString, float] | None:
    """The path from the outer edge to the site's edge along which the least is noticed, and the grid it was sought on.

    Sought between blocks of posts, each as exposed as the share of its posts where the drone is noticed.
    """
    terrain = layer.terrain
    side = -(-max(terrain.rows, terrain.columns) // _POSTS_MAX)
    exposure, goal = _blocks(layer.noticed, side), _blocks(ground.site, side) > 0
    coarse = replace(
        terrain,
        heights=np.zeros(exposure.shape),
        x0=terrain.x0 + terrain.dx * (side - 1) / 2,
        y0=terrain.y0 - terrain.dy * (side - 1) / 2,
        dx=terrain.dx * side,
        dy=terrain.dy * side,
    )
    start = np.ones(exposure.shape, dtype=np.bool_)
    start[1:-1, 1:-1] = False
    found = least_observed_approach(coarse, exposure, start=start & ~goal, goal=goal)
    end = nearest_points(places.site, shapely.Point(found.x[-1], found.y[-1]))[0]
    west, south, east, north = terrain.bounds
    corners = np.column_stack([np.clip(found.x, west, east), np.clip(found.y, south, north)])
    line = shapely.LineString([*corners, (end.x, end.y)])
    touching = shapely.get_coordinates(line.intersection(places.site))
    entry = min((line.project(shapely.Point(at)) for at in touching), default=line.length)
    path = shapely.simplify(substring(line, 0.0, entry), 0.0)
    return (path, max(coarse.dx, coarse.dy)) if isinstance(path, shapely.LineString) and path.length > 0 else None


def _blocks(flags: Flags, side: int) -> Floats:
    """Share of the flags that are set in blocks of ``side`` by ``side``; the last ones may be smaller."""
    added: Floats = flags.astype(np.float64)
    count: Floats = np.ones_like(added)
    for axis in (0, 1):
        starts = np.arange(0, flags.shape[axis], side)
        added, count = np.add.reduceat(added, starts, axis=axis), np.add.reduceat(count, starts, axis=axis)
    return np.asarray(added / count)


def _along(layer: CoverageLayer, path: shapely.LineString) -> Flags:
    """Whether the drone is noticed in the middle of equal short pieces of the path."""
    terrain = layer.terrain
    pieces = max(1, math.ceil(path.length / (min(terrain.dx, terrain.dy) / 2)))
    at = shapely.get_coordinates(shapely.line_interpolate_point(path, (np.arange(pieces) + 0.5) * path.length / pieces))
    return np.asarray(layer.noticed[_posts(terrain, at[:, 0], at[:, 1])])


def _posts(terrain: Terrain, x: Floats, y: Floats) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Row and column of the nearest post."""
    row = np.clip(np.rint((terrain.y0 - y) / terrain.dy), 0, terrain.rows - 1)
    column = np.clip(np.rint((x - terrain.x0) / terrain.dx), 0, terrain.columns - 1)
    return row.astype(np.intp), column.astype(np.intp)


def _line(path: shapely.LineString, terrain: Terrain) -> LineString:
    at = shapely.get_coordinates(path)
    lon, lat = terrain.to_lonlat(at[:, 0], at[:, 1])
    return LineString(coordinates=tuple(zip(lon.round(7).tolist(), lat.round(7).tolist(), strict=True)))


def _blind(layer: CoverageLayer, area: float, cells: shapely.Polygon) -> BlindArea:
    terrain = layer.terrain
    outline, tolerance = _simplified(cells, terrain.dx)
    inside = cells.representative_point()
    lon, lat = terrain.to_lonlat(np.array([inside.x]), np.array([inside.y]))
    degrees = shapely.transform(
        shapely.MultiPolygon([outline]), lambda at: np.column_stack(terrain.to_lonlat(at[:, 0], at[:, 1])).round(6)
    )
    return BlindArea(
        threat=layer.threat,
        height_m=layer.height_m,
        area_m2=round(area, 1),
        centre=(round(float(lon[0]), 6), round(float(lat[0]), 6)),
        outline=MultiPolygon.model_validate(shapely.geometry.mapping(degrees)),
        tolerance_m=tolerance,
    )


def _simplified(cells: shapely.Polygon, step: float) -> tuple[shapely.Polygon, float]:
    """The outline with few enough corners, and the tolerance that took, metres."""
    if shapely.count_coordinates(cells) <= _CORNERS_MAX:
        return cells, 0.0
    spots = sorted(cells.interiors, key=lambda ring: -shapely.Polygon(ring).area)[:_SPOTS_MAX]
    whole = outline = shapely.Polygon(cells.exterior, spots)
    tolerance = 0.0
    while shapely.count_coordinates(outline) > _CORNERS_MAX:
        tolerance = max(2 * tolerance, step)
        outline = shapely.simplify(whole, tolerance, preserve_topology=True)
    return outline, tolerance
