"""One elevation file, opened and checked: where its posts stand, in which unit, and what it says of itself.

GeoTIFF, SRTM ``.hgt`` and DTED are read, by content; GDAL's other formats are not, since some of them only point to
other files or addresses. Posts stand at the centres of a raster's cells. Heights come out in metres, NaN where the file
does not know them.
"""

from __future__ import annotations

import math
import re
import warnings
from collections.abc import Sequence
from contextlib import ExitStack
from functools import cached_property
from pathlib import Path

import numpy as np
import pyproj
import rasterio
from affine import Affine
from rasterio.errors import NotGeoreferencedWarning, RasterioIOError
from rasterio.io import DatasetReader
from rasterio.windows import Window

from skypact.engines.coverage.terrain import Floats, SurfaceKind
from skypact.schema import InputError

#: No ground lies lower or higher: the shore of the Dead Sea is at about -430 m, Mount Everest at 8,849 m.
GROUND_M = (-500.0, 9000.0)

_TIFF = (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")  # TIFF 6.0 and BigTIFF, of either byte order
_METRE, _FOOT, _US_FOOT = 1.0, 0.3048, 1200 / 3937
_UNITS = {
    **dict.fromkeys(("m", "metre", "metres", "meter", "meters"), _METRE),
    **dict.fromkeys(("ft", "foot", "feet", "international foot", "international feet"), _FOOT),
    **dict.fromkeys(("us-ft", "us_ft", "ftus", "us survey foot", "us survey feet", "foot_us"), _US_FOOT),
    **dict.fromkeys(("dm", "decimetre", "decimeter"), 0.1),
    **dict.fromkeys(("cm", "centimetre", "centimeter"), 0.01),
}
_WORDS = {_FOOT: "feet", _US_FOOT: "US survey feet", 0.1: "decimetres", 0.01: "centimetres"}
_BLOCK_MAX = 512 * 1024 * 1024  # bytes; GDAL unpacks a block as a whole, however small the window
_POSTS_AT_ONCE = 4_000_000
_SAME_UNIT = 1e-9

#: Products say in a file's name what they measured: DSM (surface) and DTM (ground) as in Copernicus_DSM_…, AW3D30 and
#: national laser surveys; FABDEM is Copernicus without trees and buildings (Hawker et al. 2022).
_NAMED = (
    (re.compile(r"(^|[_\-. ])DSM([_\-. ]|$)", re.IGNORECASE), SurfaceKind.SURFACE),
    (re.compile(r"(^|[_\-. ])(DTM|FABDEM)([_\-. ]|$)", re.IGNORECASE), SurfaceKind.BARE_EARTH),
)


class Raster:
    """An open elevation file.

    ``name`` is the file's name, ``crs`` its horizontal reference system, ``place @ (column, row)`` the position of a
    post in it, ``metres`` the length of its unit of height. ``remarks`` say what a reader of the result must know and
    grow while heights are read.
    """

    def __init__(self, dataset: DatasetReader, path: Path) -> None:
        self.name = path.name
        self.remarks: list[str] = []
        self._dataset = dataset
        self._check_bands()
        self.crs, vertical = _systems(dataset, self.name)
        self._check_place()
        self.metres = self._unit(vertical)
        self.place: Affine = dataset.transform @ Affine.translation(0.5, 0.5)

    @property
    def rows(self) -> int:
        """Posts from the first row to the last."""
        return int(self._dataset.height)

    @property
    def columns(self) -> int:
        """Posts in a row."""
        return int(self._dataset.width)

    @cached_property
    def surface(self) -> SurfaceKind:
        """What the heights describe: SRTM's radar measured tree tops and roofs; else what the file's name says."""
        if self._dataset.driver == "SRTMHGT":
            return SurfaceKind.SURFACE
        found = [kind for pattern, kind in _NAMED if pattern.search(Path(self.name).stem)]
        return found[0] if len(found) == 1 else SurfaceKind.UNSTATED

    @cached_property
    def corners(self) -> list[tuple[float, float]]:
        """The four corners of the cells, in ``crs``."""
        place, columns, rows = self._dataset.transform, self.columns, self.rows
        return [place @ corner for corner in ((0, 0), (columns, 0), (columns, rows), (0, rows))]

    @cached_property
    def bounds(self) -> tuple[float, float, float, float]:
        """West, south, east, north of the cells in WGS 84, degrees; west is beyond east across 180°."""
        x, y = [corner[0] for corner in self.corners], [corner[1] for corner in self.corners]
        to_wgs84 = pyproj.Transformer.from_crs(self.crs, "EPSG:4326", always_xy=True)
        west, south, east, north = to_wgs84.transform_bounds(min(x), min(y), max(x), max(y), densify_pts=21)
        if not all(math.isfinite(edge) for edge in (west, south, east, north)):
            raise InputError.single(
                file=self.name, place="transform", value=tuple(self._dataset.transform[:6]),
                accepted=f"cells that lie where {self.crs.name} is defined",
            )  # fmt: skip
        return west, south, east, north

    @cached_property
    def spacing_m(self) -> float:
        """The smaller of the distances to the next post along a row and along a column, in the middle, metres."""
        to_wgs84 = pyproj.Transformer.from_crs(self.crs, "EPSG:4326", always_xy=True)
        middle = (self.columns // 2, self.rows // 2)
        beside, below = (middle[0] - 1, middle[1]), (middle[0], middle[1] - 1)
        at, *others = (to_wgs84.transform(*(self.place @ post)) for post in (middle, beside, below))
        return round(min(pyproj.Geod(ellps="WGS84").inv(*at, *other)[2] for other in others), 3)

    def read(self, row: int, column: int, rows: int, columns: int) -> Floats:
        """Heights of a window of posts inside the raster, metres; NaN where unknown. Raises InputError if damaged."""
        heights = np.empty((rows, columns))
        at_once = max(1, _POSTS_AT_ONCE // columns)
        for first in range(0, rows, at_once):
            part = heights[first : first + at_once]
            self._read_into(part, Window(column, row + first, columns, len(part)))
        return heights

    def _read_into(self, part: Floats, window: Window) -> None:
        try:
            band = self._dataset.read(1, window=window, masked=True)
        except RasterioIOError:
            raise InputError.single(
                file=self.name, accepted="a complete raster; this one breaks off or is damaged"
            ) from None
        part[:] = band.astype(np.float64).filled(math.nan)
        part *= self._dataset.scales[0] * self.metres
        part += self._dataset.offsets[0] * self.metres
        impossible = (part < GROUND_M[0]) | (part > GROUND_M[1])  # NaN is neither
        if impossible.any():
            self._remark(f"heights below {GROUND_M[0]:g} m or above {GROUND_M[1]:g} m taken as unknown")
            part[impossible] = math.nan

    def _remark(self, text: str) -> None:
        if text not in self.remarks:
            self.remarks.append(text)

    def _check_bands(self) -> None:
        data = self._dataset
        if data.count != 1:
            raise InputError.single(
                file=self.name, place="bands", value=data.count, accepted="exactly one band, of heights"
            )
        if np.dtype(data.dtypes[0]).kind not in "iuf":
            raise InputError.single(
                file=self.name, place="bands", value=data.dtypes[0], accepted="heights as plain numbers"
            )
        scale, offset = data.scales[0], data.offsets[0]
        if not (math.isfinite(scale) and scale != 0 and math.isfinite(offset)):
            raise InputError.single(
                file=self.name, place="scale and offset", value=(scale, offset),
                accepted="finite numbers, and a scale other than 0",
            )  # fmt: skip
        if min(data.width, data.height) < 2:
            raise InputError.single(
                file=self.name, place="size", value=f"{data.width} x {data.height}", accepted="at least 2 x 2 cells"
            )
        height, width = data.block_shapes[0]
        if height * width * np.dtype(data.dtypes[0]).itemsize > _BLOCK_MAX:
            raise InputError.single(
                file=self.name, place="blocks", value=f"{width} x {height}",
                accepted="blocks of at most 512 MiB: rewrite it in tiles, as with gdal_translate -co TILED=YES",
            )  # fmt: skip

    def _check_place(self) -> None:
        place = self._dataset.transform
        if not all(math.isfinite(part) for part in place[:6]) or abs(place.determinant) < 1e-30:
            raise InputError.single(
                file=self.name, place="transform", value=tuple(place[:6]),
                accepted="a finite position and cells of some size",
            )  # fmt: skip
        if place == Affine.identity():
            raise InputError.single(file=self.name, place="transform", accepted="a file that says where its cells lie")

    def _unit(self, vertical: pyproj.CRS | None) -> float:
        """The unit of height in metres, from the band, else from the vertical reference system."""
        said = (self._dataset.units[0] or "").strip()
        band = _UNITS.get(said.casefold())
        if said and band is None:
            raise InputError.single(
                file=self.name, place="unit", value=said,
                accepted="heights in metres, decimetres, centimetres, feet or US survey feet",
            )  # fmt: skip
        axis = None if vertical is None else vertical.axis_info[-1]
        if axis is not None and axis.direction != "up":
            raise InputError.single(
                file=self.name, place="reference system", value=vertical.name, accepted="heights, counted upward"
            )
        if axis is not None and axis.name == "Ellipsoidal height":
            self._remark("heights above the ellipsoid, not above sea level")
        system = None if axis is None else axis.unit_conversion_factor
        if band is not None and system is not None and abs(band - system) > _SAME_UNIT:
            raise InputError.single(
                file=self.name, place="unit", value=f"{said}, but {vertical.name} is in {axis.unit_name}",
                accepted="one unit of height",
            )  # fmt: skip
        unit = band if band is not None else system
        if unit is None:
            return self._unstated()
        word = next((word for metres, word in _WORDS.items() if abs(metres - unit) <= _SAME_UNIT), None)
        if word is not None:
            self._remark(f"heights converted from {word}")
        return unit

    def _unstated(self) -> float:
        across = self.crs.axis_info[0]
        if self.crs.is_projected and across.unit_conversion_factor != 1.0:
            raise InputError.single(
                file=self.name, place="unit",
                accepted=f"a stated unit of height: {self.crs.name} is in {across.unit_name}, its heights may be too",
            )  # fmt: skip
        if self._dataset.driver == "GTiff":  # the definitions of SRTM and DTED say metres
            self._remark("no unit of height stated, read as metres")
        return _METRE


def opened(path: Path, stack: ExitStack) -> Raster:
    """The elevation file at ``path``, open for as long as ``stack``.

    Raises :class:`InputError` naming the file for: no file, a file of another kind or that cannot be read, several
    bands or complex numbers, a scale of 0, under 2 × 2 cells, blocks over 512 MiB, no reference system or one without a
    place on Earth, a position that is missing or not finite, an unknown unit of height, two units that contradict each
    other, no stated unit beside coordinates in feet, or depths.
    """
    if not path.is_file():
        raise InputError.single(file=path.name, accepted="an existing elevation file")
    driver = _driver(path)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", NotGeoreferencedWarning)  # refused below, in our own words
            return Raster(stack.enter_context(rasterio.open(path, driver=driver)), path)
    except UnicodeDecodeError:
        raise InputError.single(file=path.name, accepted="names and units written in UTF-8") from None
    except RasterioIOError:
        accepted = (
            "an SRTM file named like N37E126.hgt with 1201² or 3601² heights"
            if driver == "SRTMHGT"
            else f"a {'DTED' if driver == 'DTED' else 'GeoTIFF'} file; this one breaks off or is damaged"
        )
        raise InputError.single(file=path.name, accepted=accepted) from None


def _driver(path: Path) -> str:
    """Which of GDAL's drivers reads the file: TIFF by its first bytes, the others by their ending."""
    ending = path.suffix.casefold()
    if ending == ".hgt":
        return "SRTMHGT"
    if ending in (".dt0", ".dt1", ".dt2"):
        return "DTED"
    try:
        with path.open("rb") as file:
            start = file.read(4)
    except OSError as error:
        raise InputError.single(file=path.name, accepted=f"a file that can be read ({error.strerror})") from None
    if start not in _TIFF:
        raise InputError.single(file=path.name, accepted="a GeoTIFF, SRTM .hgt or DTED file")
    return "GTiff"


def _systems(dataset: DatasetReader, name: str) -> tuple[pyproj.CRS, pyproj.CRS | None]:
    """The horizontal and, where there is one, the vertical reference system."""
    if dataset.crs is None:
        raise InputError.single(file=name, place="reference system", accepted="a file that names its reference system")
    whole = pyproj.CRS.from_wkt(dataset.crs.to_wkt())
    parts: Sequence[pyproj.CRS] = whole.sub_crs_list
    across, vertical = (parts[0], parts[1]) if whole.is_compound else (whole, None)
    if vertical is None and len(across.axis_info) == 3:
        across, vertical = across.to_2d(), across
    if not (across.is_geographic or across.is_projected):
        raise InputError.single(
            file=name, place="reference system", value=across.name,
            accepted="a geographic or projected one, which has a place on Earth",
        )  # fmt: skip
    return across, vertical
