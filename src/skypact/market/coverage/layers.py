"""The layers of the map: their names in addresses, what they are worth at a place, and how they are drawn.

No layer tells by colour alone: more kinds of sensor bear more lines, heights are parted by contour lines, what nobody
sees is hatched, and what is unknown is dotted.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from skypact.engines.coverage.watching import Places, Watcher, lowest_seen
from skypact.engines.kit.watch import chance, counted
from skypact.market.coverage.scenes import Scene
from skypact.schema import InputError

Floats = NDArray[np.float64]
Image = NDArray[np.uint8]

HEIGHT_MAX_M = 5000.0
#: Posts looked at together: of a hundred sensors about 100 MB.
_AT_ONCE = 131_072
#: Between which values a layer changes colour: metres above ground, and probabilities.
STOPS_M = (0.0, 15.0, 30.0, 60.0, 120.0, 300.0)
STOPS_CHANCE = (0.01, 0.25, 0.5, 0.75, 0.9, 0.99)

#: One, two, three or more kinds; then a colour for each stop. Lightness falls or rises all the way.
KIND_COLOURS = np.array([(159, 205, 232, 150), (66, 139, 202, 165), (16, 62, 122, 180)], dtype=np.uint8)
RAMP = np.array(
    [(13, 61, 86), (18, 98, 110), (56, 138, 116), (122, 176, 112), (191, 208, 122), (250, 236, 166)], dtype=np.float64
)
_RAMP_ALPHA = 170
_INK, _BLIND, _DOTS = (11, 37, 69, 215), (181, 9, 9, 175), (60, 60, 60, 190)


class Measure(StrEnum):
    """What a layer tells of a place."""

    KINDS = "kinds"
    """by how many kinds of sensor a drone at a height is seen"""
    BLIND = "blind"
    """where it is not seen as the requirement asks"""
    LOWEST = "lowest"
    """from which height up it is seen at all"""
    CHANCE = "chance"
    """with which probability one look of all sensors together detects it"""


@dataclass(frozen=True)
class Layer:
    """One layer; the lowest height has no height of its own."""

    measure: Measure
    threat: str
    height_m: float | None = None

    def __str__(self) -> str:
        height = "" if self.height_m is None else f"-{self.height_m:g}"
        return f"{self.measure.value}-{self.threat}{height}"

    @classmethod
    def named(cls, name: str, scene: Scene) -> Layer:
        """The layer ``name`` of a kit. Raises InputError with the layers there are."""
        threats = scene.kit.requirement.detection.threats
        physics = scene.kit.requirement.detection.physics
        for measure in Measure:
            if measure is Measure.CHANCE and not physics:
                continue
            for threat in threats:
                start = f"{measure.value}-{threat}"
                if name == start and measure is Measure.LOWEST:
                    return cls(measure, threat)
                if name.startswith(f"{start}-") and measure is not Measure.LOWEST:
                    height = name.removeprefix(f"{start}-")
                    if re.fullmatch(r"\d{1,4}(\.\d)?", height) and float(height) <= HEIGHT_MAX_M:
                        return cls(measure, threat, float(height))
        accepted = ", ".join(f"lowest-{threat}, kinds-{threat}-60, blind-{threat}-60" for threat in threats)
        raise InputError.single(file="address", place="layer", value=name[:80], accepted=f"such as {accepted}")


def values(
    scene: Scene, watchers: Sequence[Watcher], layer: Layer, rows: NDArray[np.intp], columns: NDArray[np.intp]
) -> Floats:
    """What the layer tells of posts of the relief, exact at each: kinds, 0 or 1 for blind, metres, or a probability.

    NaN is unknown; inf (lowest height) is seen at no height. Posts (n,) outside the relief must not be asked for. Of
    many posts some are looked at after the others, so that memory does not grow with posts times sensors.
    """
    parts = [slice(first, first + _AT_ONCE) for first in range(0, max(1, len(rows)), _AT_ONCE)]
    return np.concatenate([_values(scene, watchers, layer, rows[part], columns[part]) for part in parts])


def _values(
    scene: Scene, watchers: Sequence[Watcher], layer: Layer, rows: NDArray[np.intp], columns: NDArray[np.intp]
) -> Floats:
    terrain = scene.terrain
    places = Places(terrain.x0 + terrain.dx * columns, terrain.y0 - terrain.dy * rows, terrain.heights[rows, columns])
    near = [watcher for watcher in watchers if watcher.farthest_m > 0 and _reaches(watcher, places)]
    lowest = [scene.sight(watcher).at(rows, columns) for watcher in near]
    if layer.height_m is None:
        return lowest_seen(terrain, near, lowest, places, threat=layer.threat)
    asked = scene.kit.requirement
    here = (terrain, near, lowest, places, asked)
    found = counted(*here, threat=layer.threat, height_m=layer.height_m)
    dark = found.unknown & (found.sensors == 0)
    if layer.measure is Measure.KINDS:
        return np.where(dark, np.nan, found.kinds.astype(np.float64))
    if layer.measure is Measure.CHANCE:
        return np.where(dark, np.nan, chance(*here, threat=layer.threat, height_m=layer.height_m))
    return np.where(found.met, 0.0, np.where(found.unknown, np.nan, 1.0))


def _reaches(watcher: Watcher, places: Places) -> bool:
    """Whether any of the places may lie in the range of ``watcher``."""
    if places.x.size == 0:
        return False
    east = max(places.x.min() - watcher.x, watcher.x - places.x.max(), 0.0)
    north = max(places.y.min() - watcher.y, watcher.y - places.y.max(), 0.0)
    return bool(np.hypot(east, north) <= watcher.farthest_m)


def drawn(layer: Layer, found: Floats, inside: NDArray[np.bool_], *, left: int, top: int) -> Image:
    """The values of pixels as an image (rows, columns, 4). ``left`` and ``top`` are the first pixel's place in the
    whole map, so that hatching runs on from tile to tile. One row and column more than drawn are given: see
    :data:`MARGIN`."""
    rows, columns = (size - MARGIN for size in found.shape)
    across = (left + np.arange(columns))[None, :]
    down = (top + np.arange(rows))[:, None]
    image = np.zeros((rows, columns, 4), dtype=np.uint8)
    here, known = found[:rows, :columns], inside[:rows, :columns]
    if layer.measure is Measure.KINDS:
        _draw_kinds(image, here, across, down)
    elif layer.measure is Measure.BLIND:
        image[(here == 1.0) & ((across + down) % 8 < 3)] = _BLIND
    elif layer.measure is Measure.CHANCE:
        _draw_ramp(image, found, inside, stops=STOPS_CHANCE, beginning=True)
    else:
        _draw_ramp(image, found, inside, stops=STOPS_M, beginning=False)
    unknown = known & np.isnan(here)
    image[unknown & (across % 6 < 2) & (down % 6 < 2)] = _DOTS
    image[~known] = 0
    return image


#: Contour lines lie between a pixel and the next to the right and below.
MARGIN = 1


def _draw_kinds(image: Image, kinds: Floats, across: NDArray[np.int64], down: NDArray[np.int64]) -> None:
    many = len(KIND_COLOURS)
    for count in range(1, many + 1):
        image[(kinds == count) if count < many else (kinds >= many)] = KIND_COLOURS[count - 1]
    image[(kinds >= 2) & (down % 12 == 0)] = _INK
    image[(kinds >= 3) & (across % 12 == 0)] = _INK


def _draw_ramp(
    image: Image, found: Floats, inside: NDArray[np.bool_], *, stops: Sequence[float], beginning: bool
) -> None:
    """Colours between ``stops``, with a line where values pass one; ``beginning``: nothing below the first stop."""
    rows, columns = image.shape[:2]
    here = found[:rows, :columns]
    drawn = np.isfinite(here) & ((here >= stops[0]) if beginning else True)
    for band in range(3):
        tone = np.interp(here[drawn], stops, RAMP[:, band])
        image[..., band][drawn] = np.round(tone).astype(np.uint8)
    image[..., 3][drawn] = _RAMP_ALPHA
    classes = np.where(np.isfinite(found) & inside, np.searchsorted(stops[1:], found, side="right"), 99)
    edge = (classes[:-1, :-1] != classes[1:, :-1]) | (classes[:-1, :-1] != classes[:-1, 1:])
    image[edge & drawn] = _INK
