"""Elevation files: GeoTIFF in any reference system, SRTM ``.hgt``, and the model that ships with matplotlib.

Posts stand at the centres of a raster's cells. Tiles on one common grid are laid side by side without change; an
axis-parallel metric grid is then used as it is. Everything else is resampled to a local metric grid: bilinear between
the four posts around, no averaging, so a spacing wider than the source's may step over a ridge. A post is unknown where
any post it would be made of is unknown. Where tiles overlap, the one named first counts; of tiles that do not share a
grid, a later one fills what is unknown in the earlier.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

import numpy as np
import pyproj
import rasterio
from affine import Affine
from rasterio.errors import RasterioIOError
from rasterio.io import DatasetReader
from rasterio.windows import Window

from skypact.engines.coverage.terrain import Floats, SurfaceKind, Terrain, bilinear, local_projection
from skypact.schema import InputError

#: More posts than this are refused: they would need over a gigabyte.
POSTS_MAX = 100_000_000

_DEFAULT = "jacksboro_fault_dem.npz"
_SAME_GRID = 1e-4  # of a cell
_METRES = ("", "m", "metre", "metres", "meter", "meters")
_TRANSFORMED_EVERY = 16  # posts; straight between, off by under 1 cm on the ground at 100 m posts


@dataclass(frozen=True)
class _Posts:
    """Heights on any affine grid: ``place @ (column, row)`` is a post's position in ``crs``."""

    heights: Floats
    place: Affine
    crs: pyproj.CRS


@dataclass(frozen=True)
class _Area:
    """The square to be covered: WGS 84 centre and half width."""

    centre: tuple[float, float]
    radius_m: float

    @property
    def crs(self) -> str:
        return local_projection(*self.centre)

    def bounds_in(self, crs: pyproj.CRS) -> tuple[float, float, float, float]:
        """West, south, east, north of the square in another system."""
        r = self.radius_m
        to_other = pyproj.Transformer.from_crs(self.crs, crs, always_xy=True)
        return to_other.transform_bounds(-r, -r, r, r, densify_pts=21)


def read_elevation(
    paths: Sequence[str | Path],
    *,
    centre: tuple[float, float],
    radius_m: float,
    spacing_m: float | None = None,
    surface: SurfaceKind | None = None,
) -> Terrain:
    """The terrain within ``radius_m`` of a place, from one or several elevation files.

    Parameters
    ----------
    paths : GeoTIFF or anything GDAL reads as one band with a reference system; SRTM ``N37E126.hgt`` (1 or 3 arc
        seconds, name as SRTM gives it)
    centre : WGS 84 longitude, latitude, degrees
    radius_m : half width of the square that is read, metres
    spacing_m : spacing of the posts, metres. ``None``: a metric grid as it is, otherwise the finer of the source's
        two spacings
    surface : what the heights describe, where the user knows; SRTM is a surface model, a GeoTIFF does not tell

    Raises :class:`InputError` naming the file for: no file, a file that cannot be read as a raster, several bands,
    heights in another unit than metres, no reference system, a position that is not finite or under 2 × 2 cells,
    no height near the place, a place outside the model, more than :data:`POSTS_MAX` posts.
    """
    area = _checked_area(centre, radius_m, spacing_m)
    if not paths:
        raise InputError.single(file="terrain", accepted="at least one elevation file")
    with ExitStack() as stack:
        tiles = [_opened(Path(path), stack) for path in paths]
        names = _named([Path(tile.name).name for tile in tiles])
        _check_inside(tiles, area, names)
        groups = [_mosaic(group, area, spacing_m) for group in _grouped(tiles)]
        srtm = all(tile.driver == "SRTMHGT" for tile in tiles)
    if surface is None:
        surface = SurfaceKind.SURFACE if srtm else SurfaceKind.UNSTATED
    return _terrain(groups, area, spacing_m, surface=surface, name=names, source=f"elevation file {names}")


def covered(paths: Sequence[str | Path], places: Sequence[tuple[float, float]]) -> list[bool]:
    """Which places (WGS 84 longitude, latitude) lie in the cells of any of the files.

    Raises :class:`InputError` as :func:`read_elevation` does for files that cannot be read.
    """
    found = np.zeros(len(places), dtype=np.bool_)
    at = np.asarray(places, dtype=np.float64).reshape(-1, 2)
    with ExitStack() as stack:
        for tile in [_opened(Path(path), stack) for path in paths]:
            to_tile = pyproj.Transformer.from_crs("EPSG:4326", _crs(tile), always_xy=True)
            x, y = to_tile.transform(at[:, 0], at[:, 1])
            column, row = ~tile.transform @ (x, y)
            found |= (column >= 0) & (column <= tile.width) & (row >= 0) & (row <= tile.height)
    return [bool(flag) for flag in found]


def default_elevation(*, centre: tuple[float, float], radius_m: float, spacing_m: float | None = None) -> Terrain:
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
    posts = _default_posts()
    return _terrain(
        [posts],
        area,
        spacing_m,
        surface=SurfaceKind.UNSTATED,
        name="Jacksboro fault, Tennessee, 3 arc seconds",
        source=f"sample data of matplotlib ({_DEFAULT})",
    )


def default_covers(centre: tuple[float, float]) -> bool:
    """Whether a place (WGS 84 longitude, latitude) lies between the posts of the built-in model."""
    posts = _default_posts()
    column, row = ~posts.place @ centre
    rows, columns = posts.heights.shape
    return bool(0 <= column <= columns - 1 and 0 <= row <= rows - 1)


def _default_posts() -> _Posts:
    file = resources.files("matplotlib") / "mpl-data" / "sample_data" / _DEFAULT
    with file.open("rb") as stream, np.load(stream) as model:
        dx, dy = float(model["dx"]), float(model["dy"])
        # the model's ymin is its northern edge; edges lie half a cell outside the posts
        west, north = float(model["xmin"]), max(float(model["ymin"]), float(model["ymax"]))
        heights = model["elevation"].astype(np.float64)
    place = Affine(dx, 0, west + dx / 2, 0, -dy, north - dy / 2)
    return _Posts(heights, place, pyproj.CRS.from_epsg(4326))


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
    """Up to three file names, and how many more."""
    more = f" and {len(files) - 3} more" if len(files) > 3 else ""
    return ", ".join(files[:3]) + more


def _opened(path: Path, stack: ExitStack) -> DatasetReader:
    file = str(path)
    if not path.is_file():
        raise InputError.single(file=file, accepted="an existing elevation file")
    try:
        tile = stack.enter_context(rasterio.open(path))
    except RasterioIOError:
        hint = (
            "an SRTM file named like N37E126.hgt with 1201² or 3601² heights" if path.suffix == ".hgt" else "a raster"
        )
        raise InputError.single(file=file, accepted=f"{hint} that GDAL can read, such as a GeoTIFF") from None
    if tile.count != 1:
        raise InputError.single(file=file, place="bands", value=tile.count, accepted="exactly one band, of heights")
    if np.dtype(tile.dtypes[0]).kind not in "iuf":
        raise InputError.single(file=file, place="bands", value=tile.dtypes[0], accepted="heights as plain numbers")
    unit = (tile.units[0] or "").lower()
    if unit not in _METRES:
        raise InputError.single(file=file, place="unit", value=unit, accepted="heights in metres")
    if tile.crs is None:
        raise InputError.single(file=file, place="reference system", accepted="a file that names its reference system")
    place = tile.transform
    if not all(math.isfinite(part) for part in place[:6]) or abs(place.determinant) < 1e-30:
        raise InputError.single(
            file=file, place="transform", value=tuple(place[:6]), accepted="a finite position and cells of some size"
        )
    if min(tile.width, tile.height) < 2:
        raise InputError.single(
            file=file, place="size", value=f"{tile.width} x {tile.height}", accepted="at least 2 x 2 cells"
        )
    return tile


def _crs(tile: DatasetReader) -> pyproj.CRS:
    return pyproj.CRS.from_wkt(tile.crs.to_wkt())


def _post_place(tile: DatasetReader) -> Affine:
    """Position of posts: centres of the cells."""
    place: Affine = tile.transform @ Affine.translation(0.5, 0.5)
    return place


def _check_inside(tiles: Iterable[DatasetReader], area: _Area, names: str) -> None:
    """The centre must lie in the cells of some tile."""
    extents = []
    for tile in tiles:
        x, y = pyproj.Transformer.from_crs("EPSG:4326", _crs(tile), always_xy=True).transform(*area.centre)
        if math.isfinite(x) and math.isfinite(y):
            column, row = ~tile.transform @ (x, y)
            if 0 <= column <= tile.width and 0 <= row <= tile.height:
                return
        to_wgs84 = pyproj.Transformer.from_crs(_crs(tile), "EPSG:4326", always_xy=True)
        box = tile.bounds
        west, south, east, north = to_wgs84.transform_bounds(box.left, box.bottom, box.right, box.top, densify_pts=21)
        extents.append(f"{south:.4f} to {north:.4f}° N, {west:.4f} to {east:.4f}° E")
    lon, lat = area.centre
    raise InputError.single(
        file=names, place="centre", value=f"{lat:.4f}° N, {lon:.4f}° E", accepted=f"a place inside {'; '.join(extents)}"
    )


def _grouped(tiles: Iterable[DatasetReader]) -> list[list[DatasetReader]]:
    """Tiles by common grid: same system, same cells, whole cells apart."""
    groups: list[list[DatasetReader]] = []
    for tile in tiles:
        for group in groups:
            if tile.crs == group[0].crs and _offset(group[0], tile) is not None:
                group.append(tile)
                break
        else:
            groups.append([tile])
    return groups


def _offset(first: DatasetReader, tile: DatasetReader) -> tuple[int, int] | None:
    """Columns and rows from the first tile's corner to another's; ``None`` if they do not share a grid."""
    cells = ~first.transform @ tile.transform
    column, row = cells.c, cells.f
    far_column, far_row = cells @ (tile.width, tile.height)
    off = (column, row, far_column - tile.width - column, far_row - tile.height - row)
    whole = (round(column), round(row))
    if max(abs(off[0] - whole[0]), abs(off[1] - whole[1]), abs(off[2]), abs(off[3])) > _SAME_GRID:
        return None
    return whole


def _mosaic(group: Sequence[DatasetReader], area: _Area, spacing_m: float | None) -> _Posts:
    """The posts of tiles on one grid around the area, two cells more on every side; unknown where no tile is."""
    first = group[0]
    crs, place = _crs(first), _post_place(first)
    west, south, east, north = area.bounds_in(crs)
    corners = [~place @ corner for corner in ((west, south), (west, north), (east, south), (east, north))]
    left, right = min(c for c, _ in corners), max(c for c, _ in corners)
    top, bottom = min(r for _, r in corners), max(r for _, r in corners)
    offsets = [_offset(first, tile) or (0, 0) for tile in group]
    c0 = max(math.floor(left) - 2, min(column for column, _ in offsets))
    r0 = max(math.floor(top) - 2, min(row for _, row in offsets))
    c1 = min(math.ceil(right) + 3, max(column + tile.width for (column, _), tile in zip(offsets, group, strict=True)))
    r1 = min(math.ceil(bottom) + 3, max(row + tile.height for (_, row), tile in zip(offsets, group, strict=True)))
    _check_size(max(0, r1 - r0) * max(0, c1 - c0), Path(first.name).name)
    heights = np.full((max(0, r1 - r0), max(0, c1 - c0)), math.nan)
    for (column, row), tile in zip(offsets, group, strict=True):
        _lay(tile, heights, row - r0, column - c0)
    return _Posts(heights, place @ Affine.translation(c0, r0), crs)


def _lay(tile: DatasetReader, heights: Floats, row: int, column: int) -> None:
    """Read a tile, whose first post is (row, column) of ``heights``, into the gaps there."""
    top, left = max(0, row), max(0, column)
    bottom, right = min(heights.shape[0], row + tile.height), min(heights.shape[1], column + tile.width)
    if top >= bottom or left >= right:
        return
    window = Window(left - column, top - row, right - left, bottom - top)
    try:
        band = tile.read(1, window=window, masked=True)
    except RasterioIOError:
        raise InputError.single(
            file=tile.name, accepted="a complete raster; this one breaks off or is damaged"
        ) from None
    values = band.astype(np.float64).filled(math.nan) * tile.scales[0] + tile.offsets[0]
    values[~np.isfinite(values)] = math.nan
    target = heights[top:bottom, left:right]
    np.copyto(target, values, where=np.isnan(target))


def _check_size(posts: float, name: str) -> None:
    if posts > POSTS_MAX:
        raise InputError.single(
            file=name,
            place="size",
            value=f"{posts:.3g} posts",
            accepted=f"at most {POSTS_MAX:.0e} posts: ask for a smaller radius or a wider spacing",
        )


def _terrain(
    groups: Sequence[_Posts],
    area: _Area,
    spacing_m: float | None,
    *,
    surface: SurfaceKind,
    name: str,
    source: str,
) -> Terrain:
    """Posts as terrain: as they are where they stand on one metric grid, otherwise resampled."""
    first = groups[0]
    if not any(np.isfinite(group.heights).any() for group in groups):
        raise InputError.single(
            file=name,
            place="heights",
            accepted=f"a known height within {area.radius_m:g} m of the place; all are unknown",
        )
    if len(groups) == 1 and spacing_m is None and _is_metric(first):
        return Terrain(
            heights=first.heights,
            x0=first.place.c,
            y0=first.place.f,
            dx=first.place.a,
            dy=-first.place.e,
            crs=_reference(first.crs),
            surface=surface,
            name=name,
            source=f"{source}, posts as in the file",
        )
    spacing = spacing_m if spacing_m is not None else _native_spacing(first, area)
    steps = math.ceil(area.radius_m / spacing)
    _check_size((2 * steps + 1) ** 2, name)
    axis = spacing * np.arange(-steps, steps + 1, dtype=np.float64)
    heights = np.full((len(axis), len(axis)), math.nan)
    for group in groups:
        np.copyto(heights, _resampled(group, area.crs, axis), where=np.isnan(heights))
    return Terrain(
        heights=heights,
        x0=float(axis[0]),
        y0=-float(axis[0]),
        dx=spacing,
        dy=spacing,
        crs=area.crs,
        surface=surface,
        name=name,
        source=f"{source}, resampled bilinearly from {first.crs.name} to {spacing:g} m posts",
    )


def _is_metric(posts: _Posts) -> bool:
    place = posts.place
    straight = place.a > 0 and place.e < 0 and abs(place.b) < 1e-12 and abs(place.d) < 1e-12
    in_metres = all(axis.unit_conversion_factor == 1.0 for axis in posts.crs.axis_info[:2])
    return bool(straight and posts.crs.is_projected and in_metres and min(posts.heights.shape) >= 2)


def _reference(crs: pyproj.CRS) -> str:
    """The EPSG code where there is one, else the whole definition."""
    code = crs.to_epsg()
    return f"EPSG:{code}" if code is not None else str(crs.to_wkt())


def _native_spacing(posts: _Posts, area: _Area) -> float:
    """The finer of the source's two post spacings at the place, metres, to the decimetre."""
    to_local = pyproj.Transformer.from_crs(posts.crs, area.crs, always_xy=True)
    x, y = to_local.transform(0.0, 0.0, direction="INVERSE")
    column, row = ~posts.place @ (x, y)
    ends = [posts.place @ end for end in ((column + 1, row), (column, row + 1))]
    lengths = [math.hypot(*to_local.transform(*end)) for end in ends]
    return max(0.1, round(min(lengths), 1))


def _resampled(posts: _Posts, crs: str, axis: Floats) -> Floats:
    """Heights at the square of posts ``axis`` (x eastward, y = -axis southward) in ``crs``."""
    coarse = np.append(axis[:-1:_TRANSFORMED_EVERY], axis[-1])
    east, south = np.meshgrid(coarse, coarse)
    to_source = pyproj.Transformer.from_crs(crs, posts.crs, always_xy=True)
    x, y = to_source.transform(east, -south)
    column, row = ~posts.place @ (np.asarray(x), np.asarray(y))
    knots = np.interp(axis, coarse, np.arange(len(coarse)))
    at = (knots[:, None], knots[None, :])
    return bilinear(posts.heights, bilinear(np.asarray(row), *at), bilinear(np.asarray(column), *at))
