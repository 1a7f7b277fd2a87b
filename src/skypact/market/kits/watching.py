"""The watch of a kit in its folder: its sensors as plain numbers, so that what they see can be asked again."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
from pydantic import BaseModel, ConfigDict, ValidationError

from skypact.engines.coverage import Terrain
from skypact.engines.coverage.watching import Watcher
from skypact.engines.kit.watch import Watch

_FILE = "watch.json"


@dataclass(frozen=True, eq=False)
class KeptWatch:
    """What a kit's folder holds of its watch."""

    watch: Watch
    relief: str
    """:func:`digest_of` the relief that its figures rest on"""


class _Stored(BaseModel):
    """The file. Numbers are written so that they read back as they were."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    format: Literal["skypact watch 1"] = "skypact watch 1"
    relief: str
    watchers: tuple[Watcher, ...]
    places: tuple[tuple[float, float], ...]
    line_of: tuple[int, ...]


def write_watch(folder: Path, watch: Watch, terrain: Terrain) -> None:
    """Writes ``watch.json`` into the folder of a kit."""
    stored = _Stored(
        relief=digest_of(terrain),
        watchers=watch.watchers,
        places=[tuple(place) for place in watch.places.tolist()],
        line_of=watch.line_of.tolist(),
    )
    (folder / _FILE).write_text(stored.model_dump_json(), encoding="utf-8")


def read_watch(folder: Path) -> KeptWatch | None:
    """The watch in the folder of a kit; None where it was composed without one, or by a version that wrote another."""
    try:
        text = (folder / _FILE).read_text(encoding="utf-8")
    except FileNotFoundError:
        return None
    try:
        stored = _Stored.model_validate_json(text)
    except ValidationError:
        return None
    places = np.array(stored.places, dtype=np.float64).reshape(-1, 2)
    watch = Watch(stored.watchers, places, np.array(stored.line_of, dtype=np.intp))
    return KeptWatch(watch, stored.relief)


def digest_of(terrain: Terrain) -> str:
    """What tells one relief from another: its grid, and its heights to the millimetre."""
    grid = (terrain.rows, terrain.columns, terrain.x0, terrain.y0, terrain.dx, terrain.dy, terrain.crs)
    digest = hashlib.blake2b(repr(grid).encode(), digest_size=16)
    known = np.nan_to_num(terrain.heights, nan=-1e6)
    digest.update(np.ascontiguousarray(np.round(known * 1000.0).astype(np.int64)).tobytes())
    return digest.hexdigest()
