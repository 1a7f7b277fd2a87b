"""Kernels: one ray at a time, tested at every grid line it crosses (R3). Arrays in, arrays out.

All positions are fractional indices (row, column) of the height grid. The Earth's curvature lowers every post by
``bend * d²`` for its distance d from the observer, with ``bend = 1 / (2 k R)``; grid lines stay straight between the
lowered posts. Lines of sight are straight in this lowered grid.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from skypact.engines.coverage.compiled import compiled

Floats = NDArray[np.float64]

# the same as terrain.ON_LINE, which a cached kernel cannot follow if it changes
_ON_LINE = 1e-9


@compiled
def _drop(row: float, column: float, dy: float, dx: float, bend: float) -> float:
    """How far the Earth curves away below the observer's horizontal at an offset in cells, metres."""
    north, east = row * dy, column * dx
    return bend * (north * north + east * east)


@compiled
def _lowered(heights: Floats, r: int, c: int, row: float, column: float, dy: float, dx: float, bend: float) -> float:
    """Height of post (r, c) in the frame of an observer at (row, column)."""
    return float(heights[r, c]) - _drop(r - row, c - column, dy, dx, bend)


@compiled
def ground(heights: Floats, row: float, column: float) -> float:
    """Bilinear height, NaN outside or where a post with weight is unknown; see :func:`terrain.bilinear`."""
    rows, columns = heights.shape
    if not (0.0 <= row <= rows - 1 and 0.0 <= column <= columns - 1):
        return math.nan
    top, left = int(row), int(column)
    down, right = row - top, column - left
    upper = float(heights[top, left])
    if right > 0.0:
        upper = upper * (1.0 - right) + float(heights[top, left + 1]) * right
    if down == 0.0:
        return upper
    lower = float(heights[top + 1, left])
    if right > 0.0:
        lower = lower * (1.0 - right) + float(heights[top + 1, left + 1]) * right
    return upper * (1.0 - down) + lower * down


@compiled
def steepest(
    heights: Floats, row: float, column: float, eye: float, to_row: float, to_column: float, steps: Floats
) -> float:
    """The steepest rise from the observer to a grid line crossed strictly before the target.

    In metres per whole way to the target: the sight line meets the target's place at ``eye + result``. ``-inf`` if no
    grid line is crossed, NaN if the ray leaves the posts or meets an unknown one. ``steps`` holds dy, dx, bend.
    """
    dy, dx, bend = steps[0], steps[1], steps[2]
    along_rows, along_columns = to_row - row, to_column - column
    best = -math.inf
    if along_rows != 0.0:
        first, last = _between(row, to_row)
        for line in range(first, last + 1):
            t = (line - row) / along_rows
            crossing = column + t * along_columns
            left = math.floor(crossing)
            part = crossing - left
            if part > 1.0 - _ON_LINE:
                left, part = left + 1, 0.0
            height = _lowered(heights, line, left, row, column, dy, dx, bend)
            if part > _ON_LINE:
                beside = _lowered(heights, line, left + 1, row, column, dy, dx, bend)
                height += (beside - height) * part
            rise = (height - eye) / t
            if not rise <= best:
                best = rise
                if math.isnan(best):
                    return best
    if along_columns != 0.0:
        first, last = _between(column, to_column)
        for line in range(first, last + 1):
            t = (line - column) / along_columns
            crossing = row + t * along_rows
            top = math.floor(crossing)
            part = crossing - top
            if part > 1.0 - _ON_LINE:
                top, part = top + 1, 0.0
            height = _lowered(heights, top, line, row, column, dy, dx, bend)
            if part > _ON_LINE:
                below = _lowered(heights, top + 1, line, row, column, dy, dx, bend)
                height += (below - height) * part
            rise = (height - eye) / t
            if not rise <= best:
                best = rise
                if math.isnan(best):
                    return best
    return best


@compiled
def _between(start: float, end: float) -> tuple[int, int]:
    """First and last integer strictly between two numbers, as a range from low to high."""
    low, high = min(start, end), max(start, end)
    return math.floor(low) + 1, math.ceil(high) - 1


@compiled
def lowest_seen(heights: Floats, observer: Floats, target_row: float, target_column: float, steps: Floats) -> float:
    """Lowest visible altitude above the ground at the target, metres; NaN where unknown.

    ``observer`` holds row, column and mast height above ground.
    """
    row, column = float(observer[0]), float(observer[1])
    below = ground(heights, row, column)
    target_ground = ground(heights, target_row, target_column)
    if math.isnan(below) or math.isnan(target_ground):
        return math.nan
    eye = below + float(observer[2])
    rise = steepest(heights, row, column, eye, target_row, target_column, steps)
    drop = _drop(target_row - row, target_column - column, steps[0], steps[1], steps[2])
    altitude = eye + rise - (target_ground - drop)
    if math.isnan(altitude):
        return math.nan
    return max(0.0, altitude)


@compiled
def pairs(heights: Floats, observers: Floats, targets: Floats, steps: Floats, out: Floats) -> None:
    """Fill ``out`` (observers, targets) with :func:`lowest_seen`. Targets hold row, column."""
    for i in range(observers.shape[0]):
        for j in range(targets.shape[0]):
            out[i, j] = lowest_seen(heights, observers[i], targets[j, 0], targets[j, 1], steps)
