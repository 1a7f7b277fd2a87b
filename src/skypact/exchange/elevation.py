"""Elevation files: GeoTIFF in any reference system, SRTM ``.hgt``, DTED, and the model that ships with matplotlib.

Tiles on one common grid are laid side by side without change; an axis-parallel metric grid is then used as it is.
Everything else is resampled to a local metric grid: bilinear between the four posts around, no averaging, so a spacing
wider than the source's may step over a ridge. A post is unknown where any post it would be made of is unknown, and
wherever no file reaches. Where tiles overlap, the one named first counts; of tiles that do not share a grid, a later
one fills what is unknown in the earlier. Only what lies in the square asked for is read, block by block.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from importlib import resources
from pathlib import Path

import numpy as np
import pyproj
from affine import Affine

from skypact.engines.coverage.terrain import Floats, SurfaceKind, Terrain, bilinear, local_projection
from skypact.exchange.mosaic import HeightSource, HeldPosts, LaidRaster, Window, grouped, places_of
from skypact.exchange.raster import Raster, opened
from skypact.schema import InputError

#: More posts than this are refused: they would need over a gigabyte.
POSTS_MAX = 100_000_000

_DEFAULT = "jacksboro_fault_dem.npz"
_TRANSFORMED_EVERY = 16  # posts; straight between, off by under 1 cm on the ground at 100 m posts
_BLOCK = 2_000_000  # posts worked on at once while resampling
_BREAK_M = 1e7  # between neighbouring places of one area there is the edge of the projection
_FARTHEST_TOLD = 3  # files whose extent an error names

#: West, south, east, north, degrees.
_Bounds = tuple[float, float, float, float]


@dataclass(frozen=True)
class _Area:
    """The square to be covered: WGS 84 centre and half width."""

    centre: tuple[float, float]
    radius_m: float

    @property
    def crs(self) -> str:
        return local_projection(*self.centre)

    def window_in(self, source: HeightSource | LaidRaster) -> Window | None:
        """The posts of a source within the square, two more on every side; ``None`` where it cannot be told."""
        r = self.radius_m
        to_other = pyproj.Transformer.from_crs(self.crs, source.crs, always_xy=True)
        west, south, east, north = to_other.transform_bounds(-r, -r, r, r, densify_pts=21)
        if not all(math.isfinite(edge) for edge in (west, south, east, north)):
            return None
        if west > east:  # the antimeridian lies between
            west, east = (west, east + 360.0) if self.centre[0] >= 0 else (west - 360.0, east)
        corners = [~source.place @ corner for corner in ((west, south), (west, north), (east, south), (east, north))]
        columns, rows = [column for column, _ in corners], [row for _, row in corners]
        return (
            math.floor(min(rows)) - 2,
            math.floor(min(columns)) - 2,
            math.ceil(max(rows)) + 3,
            math.ceil(max(columns)) + 3,
        )


@dataclass
class _Told:
    """What the reader of a result is told about where its heights come from."""

    name: str
    source: str
    surface: SurfaceKind
    remarks: list[str] = field(default_factory=list)


def read_elevation(
    paths: Sequence[str | Path],
    *,
    centre: tuple[float, float],
    radius_m: float,
    spacing_m: float | None = None,
    widen_to: int | None = None,
    surface: SurfaceKind | None = None,
) -> Terrain:
    """The terrain within ``radius_m`` of a place, from one or several elevation files.

    Parameters
    ----------
    paths : GeoTIFF with one band and a reference system; DTED; SRTM ``N37E126.hgt`` (1 or 3 arc seconds, name as SRTM
        gives it). Files that do not reach the square are left aside
    centre : WGS 84 longitude, latitude, degrees
    radius_m : half width of the square that is read, metres. What lies in it beyond the files is unknown
    spacing_m : spacing of the posts, metres. ``None``: a metric grid as it is, otherwise the finer of the source's
        two spacings
    widen_to : without ``spacing_m``, widen the spacing so far that this many posts are enough, and say so.
        ``None``: more than :data:`POSTS_MAX` posts are refused
    surface : what the heights describe, where the user knows better than the files, see :attr:`Raster.surface`

    Raises :class:`InputError` naming the file for: no file, what :func:`skypact.exchange.raster.opened` refuses, files
    that lie elsewhere (with how far), damaged ones, no height near the place, too many posts.
    """
    area = _checked_area(centre, radius_m, spacing_m)
    if not paths:
        raise InputError.single(file="terrain", accepted="at least one elevation file")
    with ExitStack() as stack:
        laid = _reaching([opened(Path(path), stack) for path in paths], area)
        rasters = list(dict.fromkeys(one.raster for one in laid))
        names = _named([raster.name for raster in rasters])
        told = _Told(names, f"elevation file {names}", surface or _common_surface(rasters))
        if surface is not None:
            told.remarks.append(f"heights described as {surface.value.replace('_', ' ')} by the user")
        terrain = _terrain(grouped(laid), area, spacing_m, widen_to, told)
        return _with_remarks(terrain, [*told.remarks, *(text for raster in rasters for text in raster.remarks)])


def covered(paths: Sequence[str | Path], places: Sequence[tuple[float, float]]) -> list[bool]:
    """Which places (WGS 84 longitude, latitude) lie in the cells of any of the files.

    Raises :class:`InputError` as :func:`read_elevation` does for files that cannot be read.
    """
    found = np.zeros(len(places), dtype=np.bool_)
    at = np.asarray(places, dtype=np.float64).reshape(-1, 2)
    with ExitStack() as stack:
        for raster in [opened(Path(path), stack) for path in paths]:
            to_raster = pyproj.Transformer.from_crs("EPSG:4326", raster.crs, always_xy=True)
            x, y = to_raster.transform(at[:, 0], at[:, 1])
            for place in places_of(raster):
                column, row = ~place @ (x, y)
                within = (column >= -0.5) & (column <= raster.columns - 0.5)
                found |= within & (row >= -0.5) & (row <= raster.rows - 0.5)
    return [bool(flag) for flag in found]


def whereabouts(bounds: Sequence[_Bounds], places: Sequence[tuple[float, float]]) -> str:
    """Where files lie (west, south, east, north, degrees), and how far from the nearest place; the nearest first."""
    extents = sorted((min(_away_km(box, place) for place in places), _extent(box)) for box in bounds)
    told = [f"{extent}, {away:.0f} km away" for away, extent in extents[:_FARTHEST_TOLD]]
    more = [f"{len(extents) - _FARTHEST_TOLD} more files are farther"] if len(extents) > _FARTHEST_TOLD else []
    return "; ".join(told + more)


def extents_of(paths: Sequence[Path]) -> list[_Bounds]:
    """West, south, east, north (degrees) of each file. Raises :class:`InputError` as :func:`read_elevation` does."""
    with ExitStack() as stack:
        return [opened(path, stack).bounds for path in paths]


def default_elevation(
    *, centre: tuple[float, float], radius_m: float, spacing_m: float | None = None, widen_to: int | None = None
) -> Terrain:
    """The terrain around a place from the 3-arc-second model in matplotlib's wheel (36.45–36.73° N, 84.41–84.08° W).

    Arguments and resampling as for :func:`read_elevation`. Raises :class:`InputError` if the place lies outside.
    """
    area = _checked_area(centre, radius_m, spacing_m)
    if not default_covers(centre):
        raise InputError.single(
            file=_DEFAULT,
            place="centre",
            value=centre,
            accepted="the built-in model covers 36.45–36.73° N, 84.41–84.08° W",
        )
    told = _Told(
        "Jacksboro fault, Tennessee, 3 arc seconds",
        f"sample data of matplotlib ({_DEFAULT})",
        SurfaceKind.UNSTATED,
    )
    return _with_remarks(_terrain([_default_posts()], area, spacing_m, widen_to, told), told.remarks)


def default_covers(centre: tuple[float, float]) -> bool:
    """Whether a place (WGS 84 longitude, latitude) lies between the posts of the built-in model."""
    posts = _default_posts()
    column, row = ~posts.place @ centre
    rows, columns = posts.heights.shape
    return bool(0 <= column <= columns - 1 and 0 <= row <= rows - 1)


def _default_posts() -> HeldPosts:
    file = resources.files("matplotlib") / "mpl-data" / "sample_data" / _DEFAULT
    with file.open("rb") as stream, np.load(stream) as model:
        dx, dy = float(model["dx"]), float(model["dy"])
        # the model's ymin is its northern edge; edges lie half a cell outside the posts
        west, north = float(model["xmin"]), max(float(model["ymin"]), float(model["ymax"]))
        heights = model["elevation"].astype(np.float64)
    place = Affine(dx, 0, west + dx / 2, 0, -dy, north - dy / 2)
    return HeldPosts(heights, place, pyproj.CRS.from_epsg(4326))


def _checked_area(centre: tuple[float, float], radius_m: float, spacing_m: float | None) -> _Area:
    lon, lat = centre
    if not (-180 <= lon <= 180 and -85 <= lat <= 85):
        raise InputError.single(
            file="terrain", place="centre", value=centre, accepted="longitude and latitude within ±180 and ±85 degrees"
        )
    if not 0 < radius_m < math.inf:
        raise InputError.single(
            file="terrain", place="radius_m", value=radius_m, accepted="a positive length in metres"
        )
    if spacing_m is not None and not 0 < spacing_m <= radius_m:
        raise InputError.single(
            file="terrain", place="spacing_m", value=spacing_m, accepted="a positive length in metres, at most radius_m"
        )
    return _Area((float(lon), float(lat)), float(radius_m))


def _named(files: Sequence[str]) -> str:
    """Up to three file names, long ones shortened, and how many more."""
    more = f" and {len(files) - 3} more" if len(files) > 3 else ""
    return ", ".join(file if len(file) <= 80 else f"{file[:79]}…" for file in files[:3]) + more


def _reaching(rasters: Sequence[Raster], area: _Area) -> list[LaidRaster]:
    """The rasters with posts in the area, one that goes around the Earth perhaps twice.

    Raises InputError where there are none, with where they lie instead.
    """
    near = []
    for laid in (LaidRaster(raster, place) for raster in rasters for place in places_of(raster)):
        window = area.window_in(laid)
        if window is not None:
            top, left, bottom, right = window
            if top < laid.rows and left < laid.columns and bottom > 0 and right > 0:
                near.append(laid)
    if near:
        return near
    lon, lat = area.centre
    raise InputError.single(
        file=_named([raster.name for raster in rasters]),
        place="centre",
        value=f"{_degrees(lat, 'NS')}, {_degrees(lon, 'EW')}",
        accepted=f"a place inside {whereabouts([raster.bounds for raster in rasters], [area.centre])}",
    )


def _degrees(value: float, sides: str) -> str:
    return f"{abs(value):.4f}° {sides[value < 0]}"


def _extent(bounds: _Bounds) -> str:
    west, south, east, north = bounds
    return f"{_degrees(south, 'NS')} to {_degrees(north, 'NS')}, {_degrees(west, 'EW')} to {_degrees(east, 'EW')}"


def _away_km(bounds: _Bounds, centre: tuple[float, float]) -> float:
    """From a place to the nearest point of an extent, km on the ellipsoid, to the accuracy of a box in degrees."""
    west, south, east, north = bounds
    lon, lat = centre
    inside = west <= lon <= east if west <= east else lon >= west or lon <= east
    edges = [lon] if inside else [west, east]
    nearest_lat = min(max(lat, south), north)
    return min(pyproj.Geod(ellps="WGS84").inv(lon, lat, edge, nearest_lat)[2] for edge in edges) / 1000


def _common_surface(rasters: Iterable[Raster]) -> SurfaceKind:
    kinds = {raster.surface for raster in rasters}
    return kinds.pop() if len(kinds) == 1 else SurfaceKind.UNSTATED


def _check_size(posts: float, name: str) -> None:
    if posts > POSTS_MAX:
        raise InputError.single(
            file=name,
            place="size",
            value=f"{posts:.3g} posts",
            accepted=f"at most {POSTS_MAX:.0e} posts: ask for a smaller radius or a wider spacing",
        )


def _terrain(
    sources: Sequence[HeightSource], area: _Area, spacing_m: float | None, widen_to: int | None, told: _Told
) -> Terrain:
    """Posts as terrain: as they are where they stand on one metric grid, otherwise resampled."""
    first = sources[0]
    native = _native_spacing(first, area)
    spacing = spacing_m or native
    if spacing_m is None and widen_to is not None:
        spacing = max(native, math.ceil(20 * area.radius_m / (math.sqrt(widen_to) - 2)) / 10)
        if spacing > native:
            told.remarks.append(f"a post every {spacing:g} m where the source has one every {native:g} m")
    window = area.window_in(first)
    if len(sources) == 1 and spacing_m is None and spacing == native and _is_metric(first) and window is not None:
        return _as_it_is(first, window, area, told)
    steps = math.ceil(area.radius_m / spacing)
    _check_size((2 * steps + 1) ** 2, told.name)
    axis = spacing * np.arange(-steps, steps + 1, dtype=np.float64)
    heights = np.full((len(axis), len(axis)), math.nan)
    for source in sources:
        _fill(heights, source, area, axis, told.name)
    _check_known(heights, area, told.name)
    systems = " and ".join(dict.fromkeys(source.crs.name for source in sources))
    return Terrain(
        heights=heights,
        x0=float(axis[0]),
        y0=-float(axis[0]),
        dx=spacing,
        dy=spacing,
        crs=area.crs,
        surface=told.surface,
        name=told.name,
        source=f"{told.source}, resampled bilinearly from {systems} to {spacing:g} m posts",
        resampling=f"bilinear from {systems} to {spacing:g} m posts",
    )


def _as_it_is(source: HeightSource, window: Window, area: _Area, told: _Told) -> Terrain:
    top, left, bottom, right = window
    _check_size((bottom - top) * (right - left), told.name)
    heights = source.read(window)
    _check_known(heights, area, told.name)
    corner = source.place @ Affine.translation(left, top)
    return Terrain(
        heights=heights,
        x0=corner.c,
        y0=corner.f,
        dx=corner.a,
        dy=-corner.e,
        crs=_reference(source.crs),
        surface=told.surface,
        name=told.name,
        source=f"{told.source}, posts as in the file",
    )


def _check_known(heights: Floats, area: _Area, name: str) -> None:
    if np.isnan(heights).all():
        raise InputError.single(
            file=name,
            place="heights",
            accepted=f"a known height within {area.radius_m:g} m of the place; all are unknown",
        )


def _with_remarks(terrain: Terrain, remarks: Iterable[str]) -> Terrain:
    """The terrain whose source tells the remarks, each once, and how much of the square is unknown."""
    said = list(dict.fromkeys(remarks))
    if terrain.unknown_share > 0:
        said.append(f"{max(terrain.unknown_share, 0.001):.1%} of the posts unknown")
    return replace(terrain, source="; ".join([terrain.source, *said]))


def _is_metric(source: HeightSource) -> bool:
    place = source.place
    straight = place.a > 0 and place.e < 0 and abs(place.b) < 1e-12 and abs(place.d) < 1e-12
    in_metres = all(axis.unit_conversion_factor == 1.0 for axis in source.crs.axis_info[:2])
    return bool(straight and source.crs.is_projected and in_metres)


def _reference(crs: pyproj.CRS) -> str:
    """The EPSG code where there is one, else the whole definition."""
    code = crs.to_epsg()
    return f"EPSG:{code}" if code is not None else str(crs.to_wkt())


def _native_spacing(source: HeightSource, area: _Area) -> float:
    """The finer of the source's two post spacings at the place, metres, to the decimetre."""
    to_local = pyproj.Transformer.from_crs(source.crs, area.crs, always_xy=True)
    x, y = to_local.transform(0.0, 0.0, direction="INVERSE")
    column, row = ~source.place @ (x, y)
    ends = [source.place @ end for end in ((column + 1, row), (column, row + 1))]
    lengths = [math.hypot(*to_local.transform(*end)) for end in ends]
    return max(0.1, round(min(lengths), 1))


def _fill(heights: Floats, source: HeightSource, area: _Area, axis: Floats, name: str) -> None:
    """Put a source's heights into the unknown posts of the square ``axis`` (x eastward, y = -axis southward)."""
    coarse = np.append(axis[:-1:_TRANSFORMED_EVERY], axis[-1])
    east, south = np.meshgrid(coarse, coarse)
    to_source = pyproj.Transformer.from_crs(area.crs, source.crs, always_xy=True)
    x, y = (np.asarray(way) for way in to_source.transform(east, -south))
    if source.crs.is_geographic:
        x = _beside(x, area.centre[0])
    elif any((np.abs(np.diff(x, axis=way)) > _BREAK_M).any() for way in (0, 1)):
        raise InputError.single(
            file=name,
            place="crs",
            value=source.crs.name,
            accepted="a file in degrees: this projection breaks at 180° within what is asked for",
        )
    indices = ~source.place @ (x, y)
    columns, rows = (np.where(np.isfinite(index), index, math.nan) for index in indices)
    knots = np.interp(axis, coarse, np.arange(len(coarse)))

    def fill(top: int, left: int, bottom: int, right: int) -> None:
        """One block, in halves for as long as it needs more of the source than fits."""
        part = heights[top:bottom, left:right]
        if not np.isnan(part).any():
            return
        at = (knots[top:bottom, None], knots[None, left:right])
        row, column = bilinear(rows, *at), bilinear(columns, *at)
        if np.isnan(row).all():
            return
        window = (
            math.floor(np.nanmin(row)),
            math.floor(np.nanmin(column)),
            math.floor(np.nanmax(row)) + 2,
            math.floor(np.nanmax(column)) + 2,
        )
        needed = max(part.size, (window[2] - window[0]) * (window[3] - window[1]))
        if needed > _BLOCK and part.size > 1:
            halves = _halves(top, left, bottom, right)
            fill(*halves[0])
            fill(*halves[1])
            return
        found = bilinear(source.read(window), row - window[0], column - window[1])
        np.copyto(part, found, where=np.isnan(part))

    fill(0, 0, *heights.shape)


def _beside(lon: Floats, middle: float) -> Floats:
    """Longitudes within half a turn of ``middle``, whichever way the antimeridian lies."""
    return np.where(lon - middle > 180.0, lon - 360.0, np.where(lon - middle < -180.0, lon + 360.0, lon))


def _halves(top: int, left: int, bottom: int, right: int) -> tuple[Window, Window]:
    """A block cut across its longer side."""
    if bottom - top >= right - left:
        middle = (top + bottom) // 2
        return (top, left, middle, right), (middle, left, bottom, right)
    middle = (left + right) // 2
    return (top, left, bottom, middle), (top, middle, bottom, right)
