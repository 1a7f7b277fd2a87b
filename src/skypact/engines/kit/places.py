"""Where things are: the site's outline, the warning ring around it, and where equipment may stand."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from skypact.engines.coverage import Terrain
from skypact.engines.kit.shore import Shore
from skypact.schema import Area, Circle, InputError, LineString, MultiPolygon, Polygon, Region, Requirement

Floats = NDArray[np.float64]

#: More candidate positions than this would make choosing slow without making the answer better.
POSITIONS_MAX = 1500
#: The same holds for places along the warning ring.
RING_MAX = 3000
#: Positions times ring places times threat classes times heights: every direction of a sensor takes a byte of each, and
#: two more where certainty adds up; then a third of it.
CASES_MAX = 40_000_000
#: Segments in a quarter circle where a disc or a rounded corner becomes a polygon.
_QUARTER = 16


@dataclass(frozen=True, eq=False)
class Places:
    """The geometry of one requirement on one terrain.

    ``ring`` (n, 2), ``tested`` (t, 2) and ``positions`` (m, 2) are x, y in the terrain's reference system, metres;
    ``line_of`` (n,) says on which closed line of the ring a place lies. ``tested`` are the places of the region that
    the requirement asks about: the ring itself, or a grid over the area inside it. ``site`` and ``inside`` are the
    shapes of the site and of everything inside the ring, in the same system.
    """

    outline: Polygon | MultiPolygon
    ring: Floats
    line_of: NDArray[np.intp]
    tested: Floats
    positions: Floats
    site: BaseGeometry
    inside: BaseGeometry


def lay_out(requirement: Requirement, place: Area | Circle, terrain: Terrain, shore: Shore | None = None) -> Places:
    """The ring and the candidate positions for ``requirement`` around ``place``.

    The ring runs ``warning_distance_m`` outside the site and is cut into equal steps of at most ``spacing_m``; the
    area inside it is tested on a grid of that spacing, anchored at its middle.
    Positions are a grid of ``spacing_m`` over the placement area (the site itself unless one is named) less the
    excluded areas, and less what lies in the sea by ``shore`` (``None``: nobody tells), then the user's own points.

    Raises ``InputError`` when the ring leaves the terrain entirely, when nothing remains to stand on, or when the grid
    is finer than :data:`POSITIONS_MAX` positions allow, or when there are more than :data:`CASES_MAX` cases.
    """
    site = metric(place, terrain)
    detection = requirement.detection
    edge = site.buffer(detection.warning_distance_m, quad_segs=_QUARTER)
    length = sum(ring.length for ring in _shells(edge))
    if length / detection.spacing_m > RING_MAX:
        raise InputError.single(
            file=requirement.id,
            place="detection.spacing_m",
            value=detection.spacing_m,
            accepted=f"at least {length / RING_MAX:.0f} for a warning ring of {length / 1000:.0f} km",
        )
    ring, line_of = _along(edge, detection.spacing_m)
    if not terrain.covers(ring[:, 0], ring[:, 1]).any():
        raise InputError.single(
            file=requirement.id, place="site", accepted=f"the site must lie on the terrain {terrain.name}"
        )
    tested = ring if detection.region is Region.RING else _over_area(requirement, edge)
    positions = _positions(requirement, site, terrain, shore)
    cases = len(positions) * len(tested) * len(detection.threats) * len(detection.heights_m)
    most = CASES_MAX if detection.fused_probability is None else CASES_MAX // 3
    if cases > most:
        raise InputError.single(
            file=requirement.id,
            place="detection",
            value=cases,
            accepted=f"at most {most:,} cases of position, ring place, threat class and height: "
            "use a larger spacing_m or fewer heights_m",
        )
    return Places(
        outline=_outline(site, terrain),
        ring=ring,
        line_of=line_of,
        tested=tested,
        positions=positions,
        site=site,
        inside=edge,
    )


def over_area(area: BaseGeometry, spacing_m: float) -> Floats:
    """Places (n, 2) of a grid over an area, anchored at the middle of its bounds."""
    west, south, east, north = area.bounds
    middle = np.array([(west + east) / 2, (south + north) / 2])
    steps = [np.floor((most - least) / 2 / spacing_m) for least, most in ((west, east), (south, north))]
    axes = np.meshgrid(*(np.arange(-most, most + 1) for most in steps))
    at = middle + spacing_m * np.column_stack([axis.ravel() for axis in axes])
    return np.asarray(at[shapely.intersects_xy(area, at[:, 0], at[:, 1])], dtype=np.float64)


def _over_area(requirement: Requirement, area: BaseGeometry) -> Floats:
    spacing = requirement.detection.spacing_m
    west, south, east, north = area.bounds
    if (east - west) * (north - south) / spacing**2 <= 50 * RING_MAX:
        tested = over_area(area, spacing)
        if 0 < len(tested) <= RING_MAX:
            return tested
        finer = len(tested) == 0
    else:
        finer = False
    bound = "less, so that the area holds a place" if finer else f"at least {np.sqrt(area.area / RING_MAX):.0f}"
    raise InputError.single(
        file=requirement.id,
        place="detection.spacing_m",
        value=spacing,
        accepted=f"{bound} for an area of {area.area / 1e6:,.1f} km²",
    )


def ring_lines(places: Places, terrain: Terrain) -> tuple[LineString, ...]:
    """The ring as closed GeoJSON lines."""
    lines = []
    for line in range(int(places.line_of.max()) + 1):
        points = places.ring[places.line_of == line]
        lines.append(_line(np.vstack([points, points[:1]]), terrain))
    return tuple(lines)


def stretches(places: Places, marked: NDArray[np.bool_], terrain: Terrain) -> tuple[LineString, ...]:
    """The parts of the ring around the ``marked`` places, each reaching half-way to its unmarked neighbours."""
    return stretches_along(places.ring, places.line_of, marked, terrain)


def stretches_along(
    ring: Floats, line_of: NDArray[np.intp], marked: NDArray[np.bool_], terrain: Terrain
) -> tuple[LineString, ...]:
    """:func:`stretches` of the places ``ring`` on the closed lines ``line_of``."""
    found = []
    for line in range(int(line_of.max()) + 1):
        points = ring[line_of == line]
        for run in _runs(marked[line_of == line]):
            found.append(_line(_half_way(points, run), terrain))
    return tuple(found)


def _runs(marked: NDArray[np.bool_]) -> list[NDArray[np.intp]]:
    """Index runs of consecutive marks on a closed line."""
    count = len(marked)
    if marked.all():
        return [np.arange(count + 1) % count]
    starts = np.flatnonzero(marked & ~np.roll(marked, 1))
    runs = []
    for start in starts:
        length = 1
        while marked[(start + length) % count]:
            length += 1
        runs.append((start + np.arange(length)) % count)
    return runs


def _half_way(points: Floats, run: NDArray[np.intp]) -> Floats:
    if len(run) > len(points):
        return points[run]
    before, after = points[run[0] - 1], points[(run[-1] + 1) % len(points)]
    return np.vstack([(points[run[0]] + before) / 2, points[run], (points[run[-1]] + after) / 2])


def _positions(requirement: Requirement, site: BaseGeometry, terrain: Terrain, shore: Shore | None) -> Floats:
    placement = requirement.placement
    allowed = site if placement.area is None else metric(placement.area, terrain)
    for excluded in placement.exclude:
        allowed = allowed.difference(metric(excluded, terrain))
    grid = _grid(allowed, placement.spacing_m, requirement.id)
    if shore is not None and len(grid):
        grid = grid[~shore.at_sea(grid)]
    if placement.points:
        lon, lat = np.array(placement.points).T
        grid = np.vstack([grid, np.column_stack(terrain.to_grid(lon, lat))])
    if len(grid) > POSITIONS_MAX:
        raise _too_many(requirement.id, "placement.points", len(placement.points))
    known = ~np.isnan(terrain.height_at(grid[:, 0], grid[:, 1])) if len(grid) else np.zeros(0, dtype=np.bool_)
    if not known.any():
        raise InputError.single(
            file=requirement.id,
            place="placement",
            value=placement.spacing_m,
            accepted="the area where equipment may stand must hold at least one grid position on known terrain and not "
            "in the sea; use a smaller spacing_m or name points",
        )
    return np.asarray(grid[known], dtype=np.float64)


def _grid(allowed: BaseGeometry, spacing_m: float, requirement: str) -> Floats:
    if allowed.is_empty:
        return np.empty((0, 2))
    west, south, east, north = allowed.bounds
    if (east - west) * (north - south) / spacing_m**2 > 50 * POSITIONS_MAX:
        raise _too_fine(requirement, spacing_m)
    middle_x, middle_y = (west + east) / 2, (south + north) / 2
    x = middle_x + spacing_m * np.arange(-np.floor((middle_x - west) / spacing_m), (east - middle_x) // spacing_m + 1)
    y = middle_y + spacing_m * np.arange(-np.floor((middle_y - south) / spacing_m), (north - middle_y) // spacing_m + 1)
    at = np.column_stack([axis.ravel() for axis in np.meshgrid(x, y)])
    inside = at[shapely.intersects_xy(allowed, at[:, 0], at[:, 1])]
    if len(inside) > POSITIONS_MAX:
        raise _too_fine(requirement, spacing_m)
    return np.asarray(inside, dtype=np.float64)


def _too_fine(requirement: str, spacing_m: float) -> InputError:
    return _too_many(requirement, "placement.spacing_m", spacing_m)


def _too_many(requirement: str, place: str, value: float) -> InputError:
    return InputError.single(
        file=requirement,
        place=place,
        value=value,
        accepted=f"at most {POSITIONS_MAX} candidate positions: use a larger spacing_m or a smaller area",
    )


def _along(edge: BaseGeometry, spacing_m: float) -> tuple[Floats, NDArray[np.intp]]:
    points, lines = [], []
    for number, ring in enumerate(_shells(edge)):
        steps = max(8, int(np.ceil(ring.length / spacing_m)))
        at = shapely.line_interpolate_point(ring, np.arange(steps) * ring.length / steps)
        points.append(shapely.get_coordinates(at))
        lines.append(np.full(steps, number, dtype=np.intp))
    return np.vstack(points), np.concatenate(lines)


def _shells(geometry: BaseGeometry) -> Iterable[shapely.LinearRing]:
    for part in shapely.get_parts(geometry):
        yield part.exterior


def metric(place: Area | Circle, terrain: Terrain) -> BaseGeometry:
    """A place as a shape in the terrain's reference system, metres."""
    if isinstance(place, Circle):
        x, y = terrain.to_grid(*place.centre)
        return shapely.Point(float(x), float(y)).buffer(place.radius_m, quad_segs=_QUARTER)
    return shapely.make_valid(_moved(shapely.from_geojson(place.model_dump_json()), terrain.to_grid))


def _outline(site: BaseGeometry, terrain: Terrain) -> Polygon | MultiPolygon:
    moved = shapely.geometry.mapping(_moved(site, terrain.to_lonlat))
    model = Polygon if moved["type"] == "Polygon" else MultiPolygon
    return model.model_validate(moved)


def _moved(geometry: BaseGeometry, move: Callable[[Floats, Floats], tuple[Floats, Floats]]) -> BaseGeometry:
    return shapely.transform(geometry, lambda at: np.column_stack(move(at[:, 0], at[:, 1])))


def _line(points: Floats, terrain: Terrain) -> LineString:
    lon, lat = terrain.to_lonlat(points[:, 0], points[:, 1])
    pairs = zip(lon.round(7).tolist(), lat.round(7).tolist(), strict=True)
    return LineString(coordinates=tuple(pairs))
