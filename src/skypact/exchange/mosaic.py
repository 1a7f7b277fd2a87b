"""Rasters of heights as one source: laid side by side where they share a grid, each where it lies seen from a place."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import pyproj
from affine import Affine

from skypact.engines.coverage.terrain import Floats
from skypact.exchange.raster import Raster

_SAME_GRID = 1e-4  # of a cell

Window = tuple[int, int, int, int]
"""first row, first column, row and column after the last"""


class HeightSource(Protocol):
    """Heights on any affine grid: ``place @ (column, row)`` is a post's position in ``crs``."""

    crs: pyproj.CRS
    place: Affine

    def read(self, window: Window) -> Floats:
        """Heights of any window, metres; unknown beyond the source's own posts."""
        ...  # pragma: no cover


@dataclass(frozen=True)
class LaidRaster:
    """A raster where it lies seen from the place: longitudes go on beyond ±180 degrees on the other side of it."""

    raster: Raster
    place: Affine

    @property
    def crs(self) -> pyproj.CRS:
        return self.raster.crs

    @property
    def rows(self) -> int:
        return self.raster.rows

    @property
    def columns(self) -> int:
        return self.raster.columns


@dataclass(frozen=True)
class Mosaic:
    """Rasters on the grid of the first, each with the row and column of its first post there."""

    rasters: list[LaidRaster]
    offsets: list[tuple[int, int]]

    @property
    def crs(self) -> pyproj.CRS:
        return self.rasters[0].crs

    @property
    def place(self) -> Affine:
        return self.rasters[0].place

    def read(self, window: Window) -> Floats:
        top, left, bottom, right = window
        heights = np.full((bottom - top, right - left), math.nan)
        for raster, (row, column) in zip(self.rasters, self.offsets, strict=True):
            first_row, last_row = max(top, row), min(bottom, row + raster.rows)
            first_column, last_column = max(left, column), min(right, column + raster.columns)
            if first_row >= last_row or first_column >= last_column:
                continue
            part = heights[first_row - top : last_row - top, first_column - left : last_column - left]
            if np.isnan(part).any():
                found = raster.raster.read(first_row - row, first_column - column, *part.shape)
                np.copyto(part, found, where=np.isnan(part))
        return heights


@dataclass(frozen=True)
class HeldPosts:
    """Posts in memory."""

    heights: Floats
    place: Affine
    crs: pyproj.CRS

    def read(self, window: Window) -> Floats:
        top, left, bottom, right = window
        rows, columns = self.heights.shape
        heights = np.full((bottom - top, right - left), math.nan)
        if top < rows and left < columns and bottom > 0 and right > 0:
            kept = self.heights[max(0, top) : bottom, max(0, left) : right]
            row, column = max(0, -top), max(0, -left)
            heights[row : row + kept.shape[0], column : column + kept.shape[1]] = kept
        return heights


def places_of(raster: Raster) -> list[Affine]:
    """Where a raster lies; of one in degrees, also one turn of the Earth to the east and to the west."""
    turns = (0.0, 360.0, -360.0) if raster.crs.is_geographic else (0.0,)
    return [raster.place if turn == 0.0 else Affine.translation(turn, 0.0) @ raster.place for turn in turns]


def grouped(rasters: Iterable[LaidRaster]) -> list[Mosaic]:
    """Rasters by common grid: same system, same cells, whole cells apart."""
    groups: list[Mosaic] = []
    for raster in rasters:
        for group in groups:
            offset = _offset(group.rasters[0], raster) if raster.crs == group.crs else None
            if offset is not None:
                group.rasters.append(raster)
                group.offsets.append(offset)
                break
        else:
            groups.append(Mosaic([raster], [(0, 0)]))
    return groups


def _offset(first: LaidRaster, raster: LaidRaster) -> tuple[int, int] | None:
    """Rows and columns from the first raster's first post to another's; ``None`` if they do not share a grid."""
    cells = ~first.place @ raster.place
    column, row = cells.c, cells.f
    far_column, far_row = cells @ (raster.columns, raster.rows)
    off = (column, row, far_column - raster.columns - column, far_row - raster.rows - row)
    whole = (round(row), round(column))
    if max(abs(off[0] - whole[1]), abs(off[1] - whole[0]), abs(off[2]), abs(off[3])) > _SAME_GRID:
        return None
    return whole
