"""Kernels: one ray at a time, tested at every grid line it crosses (R3). Arrays in, arrays out.

All positions are fractional indices (row, column) of the height grid. The Earth's curvature lowers every post by
``bend * d²`` for its distance d from the observer, with ``bend = 1 / (2 k R)``; grid lines stay straight between the
lowered posts. Lines of sight are straight in this lowered grid.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from skypact.engines.compiled import compiled

Floats = NDArray[np.float64]

# the same as terrain.ON_LINE, which a cached kernel cannot follow if it changes
_ON_LINE = 1e-9


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
    grid line is crossed, NaN if the ray meets an unknown post. ``steps`` holds dy, dx, bend. Both ends lie inside.
    """
    dy, dx, bend = steps[0], steps[1], steps[2]
    over_rows = _steepest_over(heights, row, to_row, column, to_column, eye, dy, dx, bend)
    if math.isnan(over_rows):
        return over_rows
    over_columns = _steepest_over(heights.T, column, to_column, row, to_row, eye, dx, dy, bend)
    return over_rows if over_columns <= over_rows else over_columns


@compiled
def _steepest_over(
    heights: Floats,
    start: float,
    end: float,
    aside: float,
    end_aside: float,
    eye: float,
    d: float,
    da: float,
    bend: float,
) -> float:
    """:func:`steepest` over the grid lines of one axis, the first of ``heights``; ``d``, ``da`` are the spacings."""
    best = -math.inf
    if start == end:
        return best
    way, slant = end - start, (end_aside - aside) / (end - start)
    for line in range(math.floor(min(start, end)) + 1, math.ceil(max(start, end))):
        gone = line - start
        crossing = aside + gone * slant
        before = math.floor(crossing)
        part = crossing - before
        if part > 1.0 - _ON_LINE:
            before, part = before + 1, 0.0
        ahead2 = (gone * d) ** 2
        height = heights[line, before] - bend * (ahead2 + ((before - aside) * da) ** 2)
        if part > _ON_LINE:
            after = before + 1
            height += (heights[line, after] - bend * (ahead2 + ((after - aside) * da) ** 2) - height) * part
        rise = float((height - eye) * way / gone)
        if not rise <= best:
            best = rise
            if math.isnan(best):
                return best
    return best


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
    drop = steps[2] * (((target_row - row) * steps[0]) ** 2 + ((target_column - column) * steps[1]) ** 2)
    altitude = float(eye + rise - (target_ground - drop))
    if math.isnan(altitude):
        return math.nan
    return max(0.0, altitude)


@compiled
def pairs(heights: Floats, observers: Floats, targets: Floats, steps: Floats, out: Floats) -> None:
    """Fill ``out`` (observers, targets) with :func:`lowest_seen`. Targets hold row, column."""
    for i in range(observers.shape[0]):
        for j in range(targets.shape[0]):
            out[i, j] = lowest_seen(heights, observers[i], targets[j, 0], targets[j, 1], steps)
