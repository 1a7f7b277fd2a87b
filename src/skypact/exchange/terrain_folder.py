"""A folder of elevation files, and which of them reach a place.

An index in one small file remembers where each elevation file lies, so that thousands of tiles need not be opened to
find the few that matter; a file is opened again when its size or time of change differs. Files that cannot be used are
told with their problem and do not keep others from being found. Subfolders are not searched: products put masks and
quality layers there, which are not heights.
"""

from __future__ import annotations

import json
import math
import os
import tempfile
from collections.abc import Iterable, Sequence
from contextlib import ExitStack, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from skypact.schema import InputError

ENDINGS = (".tif", ".tiff", ".hgt", ".dt0", ".dt1", ".dt2")

_VERSION = 1  # of the index; another one is made anew
_METRES_A_DEGREE = 111_320.0


@dataclass(frozen=True)
class Tile:
    """One file: WGS 84 bounds in degrees (west, south, east, north), spacing in metres, and what it says it describes.

    ``problem`` is why it cannot be used; then nothing else is known of it.
    """

    name: str
    bounds: tuple[float, float, float, float] | None
    spacing_m: float | None
    surface: str | None
    problem: str | None

    def reaches(self, centre: tuple[float, float], radius_m: float) -> bool:
        """Whether the file's box comes within ``radius_m`` of the place along the axes; may be true a little early."""
        if self.bounds is None:
            return False
        west, south, east, north = self.bounds
        lon, lat = centre
        high = radius_m / _METRES_A_DEGREE
        wide = high / max(0.01, math.cos(math.radians(min(85.0, abs(lat) + high))))
        if not (south - high <= lat <= north + high):
            return False
        width = (east - west) % 360 or 360.0
        return (lon - west + wide) % 360 <= width + 2 * wide


@dataclass(frozen=True)
class TerrainFolder:
    """What lies in a folder."""

    folder: Path
    tiles: tuple[Tile, ...]

    def near(self, centre: tuple[float, float], radius_m: float) -> tuple[Path, ...]:
        """The files that reach a square of half width ``radius_m`` around a place, finest first, then by name.

        None where no file covers the place itself: what only touches the edge of a site's surroundings says nothing of
        the site.
        """
        if not any(tile.reaches(centre, 0.0) for tile in self.tiles):
            return ()
        return self._sorted(tile for tile in self.tiles if tile.reaches(centre, radius_m))

    def covering(self, places: Sequence[tuple[float, float]]) -> tuple[Path, ...]:
        """The files in whose boxes any of the places lies, finest first, then by name."""
        return self._sorted(tile for tile in self.tiles if any(tile.reaches(place, 0.0) for place in places))

    def _sorted(self, tiles: Iterable[Tile]) -> tuple[Path, ...]:
        return tuple(self.folder / tile.name for tile in sorted(tiles, key=lambda tile: (tile.spacing_m, tile.name)))

    @property
    def unusable(self) -> tuple[Tile, ...]:
        """The files that cannot be used."""
        return tuple(tile for tile in self.tiles if tile.problem is not None)


def elevation_files(folder: Path) -> tuple[Path, ...]:
    """The files of a folder whose names end as elevation files' do, by name; none where there is no such folder."""
    if not folder.is_dir():
        return ()
    return tuple(sorted(file for file in folder.iterdir() if file.suffix.casefold() in ENDINGS and file.is_file()))


def indexed(folder: Path, *, index: Path) -> TerrainFolder:
    """The elevation files of ``folder``, looked up in the file ``index``, which is brought up to date.

    An index that is missing, damaged or of another version is made anew. Raises :class:`InputError` where the index
    cannot be written.
    """
    files = elevation_files(folder)
    known = _read(index, folder)
    entries = {}
    for file in files:
        stat = file.stat()
        stamp = [stat.st_size, stat.st_mtime_ns]
        held = known.get(file.name)
        entries[file.name] = held if held and held["stamp"] == stamp else {"stamp": stamp, **asdict(_looked_at(file))}
    if entries != known:
        _write(index, folder, entries)
    return TerrainFolder(folder, tuple(_tile(entry) for entry in entries.values()))


def _looked_at(file: Path) -> Tile:
    from skypact.exchange.raster import opened  # GDAL has no place in a process that only asks for names

    try:
        with ExitStack() as stack:
            raster = opened(file, stack)
            return Tile(file.name, raster.bounds, raster.spacing_m, raster.surface.value, None)
    except InputError as error:
        return Tile(file.name, None, None, None, str(error))


def _tile(entry: dict[str, Any]) -> Tile:
    bounds = entry["bounds"]
    return Tile(
        name=entry["name"],
        bounds=None if bounds is None else tuple(bounds),
        spacing_m=entry["spacing_m"],
        surface=entry["surface"],
        problem=entry["problem"],
    )


def _read(index: Path, folder: Path) -> dict[str, dict[str, Any]]:
    with suppress(FileNotFoundError, json.JSONDecodeError, UnicodeDecodeError, KeyError, TypeError):
        document = json.loads(index.read_text(encoding="utf-8"))
        if document["version"] == _VERSION and document["folder"] == str(folder.resolve()):
            return {str(entry["name"]): entry for entry in document["tiles"]}
    return {}


def _write(index: Path, folder: Path, entries: dict[str, dict[str, Any]]) -> None:
    document = {"version": _VERSION, "folder": str(folder.resolve()), "tiles": list(entries.values())}
    try:
        with tempfile.NamedTemporaryFile(
            "w", encoding="utf-8", dir=index.parent, prefix=f".{index.name}-", delete=False
        ) as file:
            json.dump(document, file, ensure_ascii=False)
        os.replace(file.name, index)
    except OSError as error:
        raise InputError.single(
            file=index.name, accepted=f"a place where the index of elevation files can be written ({error.strerror})"
        ) from None
