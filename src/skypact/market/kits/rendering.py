"""Pictures for a kit's map: relief and coverage, in Web Mercator so that they lie straight on the page's map."""

from __future__ import annotations

import json
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
import rasterio
from numpy.typing import NDArray
from rasterio.crs import CRS
from rasterio.errors import NotGeoreferencedWarning
from rasterio.io import MemoryFile
from rasterio.transform import Affine
from rasterio.warp import Resampling, calculate_default_transform, reproject, transform

from skypact.engines.coverage import Terrain

Image = NDArray[np.uint8]
"""(rows, columns, 4): red, green, blue, opacity"""
Corners = list[list[float]]
"""[longitude, latitude] from the top left, clockwise: what a MapLibre image source takes"""

WEB_MERCATOR = CRS.from_epsg(3857)
WGS84 = CRS.from_epsg(4326)

#: Seen by no, one, two, three or more different kinds of sensor. Lightness falls, so that it also reads in grey.
COVERAGE_COLOURS = np.array(
    [(0, 0, 0, 0), (159, 205, 232, 150), (66, 139, 202, 165), (16, 62, 122, 180)], dtype=np.uint8
)

_LOW, _HIGH = np.array([226.0, 233.0, 219.0]), np.array([247.0, 241.0, 229.0])
_SUN_AZIMUTH, _SUN_ELEVATION = np.radians(315.0), np.radians(45.0)
_EXAGGERATION = 2.5
_LONGEST_SIDE = 1400


class Layer(Protocol):
    """How many different kinds of sensor see a drone of one class at one height above each post of ``terrain``."""

    threat: str
    height_m: float
    kinds: NDArray[np.uint8]
    terrain: Terrain


@dataclass(frozen=True)
class Picture:
    """A PNG image and where its corners lie."""

    png: bytes
    corners: Corners


def write_pictures(folder: Path, *, relief: Terrain, layers: Sequence[Layer]) -> None:
    """Writes ``hillshade.png``, a ``layer-…png`` for each layer, and ``bounds.json`` that says where they lie."""
    shade = hillshade(relief)
    (folder / "hillshade.png").write_bytes(shade.png)
    entries = []
    for layer in layers:
        picture = coverage_picture(layer)
        name = layer_name(layer.threat, layer.height_m)
        (folder / name).write_bytes(picture.png)
        entries.append({"threat": layer.threat, "height_m": layer.height_m, "file": name, "corners": picture.corners})
    bounds = {"hillshade": {"file": "hillshade.png", "corners": shade.corners}, "layers": entries}
    (folder / "bounds.json").write_text(json.dumps(bounds, indent=1), encoding="utf-8")


def layer_name(threat: str, height_m: float) -> str:
    """The file name of one coverage layer."""
    return f"layer-{threat}-{height_m:g}.png"


def coverage_picture(layer: Layer) -> Picture:
    """The layer in colours: transparent where nothing sees, darker the more kinds of sensor do."""
    kinds, place = _to_web_mercator(
        np.minimum(layer.kinds, len(COVERAGE_COLOURS) - 1).astype(np.uint8),
        layer.terrain,
        Resampling.nearest,
        nodata=255,
    )
    kinds = np.where(kinds == 255, 0, kinds)
    return Picture(png=png(COVERAGE_COLOURS[kinds]), corners=_corners(place, kinds.shape))


def classes_picture(classes: NDArray[np.uint8], grid: Terrain, paint: Callable[[NDArray[np.uint8]], Image]) -> Picture:
    """Posts of a few classes in the colours that ``paint`` gives to a raster of them; beyond the grid class 255."""
    found, place = _to_web_mercator(classes, grid, Resampling.nearest, nodata=255)
    return Picture(png=png(paint(found.astype(np.uint8))), corners=_corners(place, found.shape))


def hillshade(relief: Terrain) -> Picture:
    """The relief lit from the north-west, tinted by height; transparent where no height is known.

    Shading after Horn 1981, "Hill shading and the reflectance map", Proceedings of the IEEE 69(1), 14–47.
    """
    heights, place = _to_web_mercator(
        relief.heights.astype(np.float32), relief, Resampling.bilinear, nodata=np.float32("nan")
    )
    known = np.isfinite(heights)
    filled = np.where(known, heights, np.nanmin(heights) if known.any() else 0.0).astype(np.float64)
    stretch = _ground_metres(place, heights.shape)
    south, east = np.gradient(filled, abs(place.e) * stretch, place.a * stretch)
    relief_span = float(np.ptp(filled)) or 1.0
    light = _lit(east * _EXAGGERATION, south * _EXAGGERATION)
    tint = _LOW + (_HIGH - _LOW) * ((filled - filled.min()) / relief_span)[..., None]
    colour = np.clip(tint * (0.62 + 0.42 * light[..., None]), 0, 255)
    image = np.dstack([colour, np.where(known, 255, 0)]).astype(np.uint8)
    return Picture(png=png(image), corners=_corners(place, heights.shape))


def _lit(east: NDArray[np.float64], south: NDArray[np.float64]) -> NDArray[np.float64]:
    """Share of the sun's light on a slope, 0 to 1; level ground gets sin 45°."""
    towards_east = np.sin(_SUN_AZIMUTH) * np.cos(_SUN_ELEVATION)
    towards_south = -np.cos(_SUN_AZIMUTH) * np.cos(_SUN_ELEVATION)
    light = (np.sin(_SUN_ELEVATION) - east * towards_east - south * towards_south) / np.sqrt(1 + east**2 + south**2)
    return np.asarray(np.clip(light, 0.0, 1.0))


def _ground_metres(place: Affine, shape: tuple[int, ...]) -> float:
    """Metres on the ground for one Web Mercator metre, in the middle of the picture."""
    middle = place.f + place.e * shape[0] / 2
    return float(1 / np.cosh(middle / 6_378_137.0))


def _to_web_mercator(
    values: NDArray[np.generic], grid: Terrain, resampling: Resampling, *, nodata: float
) -> tuple[NDArray[np.generic], Affine]:
    """``values`` resampled to a north-up Web Mercator raster of at most ``_LONGEST_SIDE`` pixels a side."""
    rows, columns = values.shape
    source = Affine(grid.dx, 0, grid.x0 - grid.dx / 2, 0, -grid.dy, grid.y0 + grid.dy / 2)
    left, top = source @ (0, 0)
    right, bottom = source @ (columns, rows)
    place, width, height = calculate_default_transform(
        grid.crs, WEB_MERCATOR, columns, rows, left=left, bottom=bottom, right=right, top=top
    )
    shrink = max(width, height) / _LONGEST_SIDE
    if shrink > 1:
        place, width, height = place @ Affine.scale(shrink), round(width / shrink), round(height / shrink)
    target = np.full((height, width), nodata, dtype=values.dtype)
    reproject(
        values,
        target,
        src_transform=source,
        src_crs=grid.crs,
        dst_transform=place,
        dst_crs=WEB_MERCATOR,
        src_nodata=nodata,
        dst_nodata=nodata,
        resampling=resampling,
    )
    return target, place


def _corners(place: Affine, shape: tuple[int, ...]) -> Corners:
    rows, columns = shape[:2]
    outline = [place @ corner for corner in ((0, 0), (columns, 0), (columns, rows), (0, rows))]
    longitudes, latitudes = transform(WEB_MERCATOR, WGS84, [x for x, _ in outline], [y for _, y in outline])[:2]
    return [[round(lon, 7), round(lat, 7)] for lon, lat in zip(longitudes, latitudes, strict=True)]


def png(image: NDArray[np.uint8]) -> bytes:
    """A PNG file of ``image`` (rows, columns, bands)."""
    rows, columns, bands = image.shape
    with rasterio.Env(GDAL_PAM_ENABLED="NO"), MemoryFile() as file, warnings.catch_warnings():
        warnings.simplefilter("ignore", NotGeoreferencedWarning)  # a picture; its corners are kept in bounds.json
        with file.open(driver="PNG", width=columns, height=rows, count=bands, dtype="uint8") as picture:
            picture.write(np.moveaxis(image, -1, 0))
        return bytes(file.read())
