"""Multipliers for set cover by subgradient steps on a small core of columns, priced over all of them.

Caprara, Fischetti & Toth 1999, "A heuristic method for the set covering problem", Operations Research 47, 730–743,
section 2. Arrays as in :mod:`columns`; ``price[i]`` is the multiplier of row i. Costs are expected near 1.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from skypact.engines.compiled import compiled
from skypact.engines.coverage.siting.columns import Columns, Small
from skypact.engines.coverage.siting.effort import Effort
from skypact.engines.coverage.siting.question import Floats, Ints

_WINDOW = 20
_CORE_A_ROW = 5
_NEAR = 0.05
_FIRST_STEP = 0.1
_STEPS_A_ROW = 10
_STEPS_AT_LEAST = 300
_LEAST_GAIN = 1e-3


@dataclass(frozen=True, eq=False)
class Multipliers:
    """A price for each row, the bound it gives over all columns, the core it points to, and how long steps were."""

    price: Floats
    bound: float
    core: Ints
    step: float = _FIRST_STEP

    @classmethod
    def at(cls, columns: Columns, price: Floats, step: float = _FIRST_STEP) -> Multipliers:
        """Priced over all columns."""
        bound, reduced = reduced_costs(columns.starts, columns.places, columns.cost, price)
        return cls(price, bound, _core(columns.starts, columns.places, reduced, columns.rows), step)


def first_prices(columns: Columns) -> Floats:
    """Each row at the least that a column asks for one of its rows."""
    length = np.diff(columns.starts)
    price = np.full(columns.rows, np.inf)
    np.minimum.at(price, columns.places, np.repeat(columns.cost / np.maximum(length, 1), length))
    return price


def descended(columns: Columns, start: Multipliers, goal: float, unit: float, effort: Effort) -> Multipliers:
    """Better multipliers than ``start``: steps towards ``goal``, until they gain little or nothing below it is left.

    The core is chosen anew after a number of steps that grows as long as nothing outside it would have helped.
    """
    best, price, core, step = start, start.price.copy(), start.core, start.step
    windows, most, before = 1, max(1, min(50, columns.rows // 60)), -np.inf
    done = since = 0
    while done < max(_STEPS_A_ROW * columns.rows, _STEPS_AT_LEAST) and not effort.over:
        small = columns.part(core)
        inside, tried, step, optimal = _descend(small.starts, small.places, small.cost, price, goal, step, windows)
        effort.spend(small.entries * _WINDOW * windows + 3 * columns.entries)
        done += _WINDOW * windows
        since += _WINDOW * windows
        priced = Multipliers.at(columns, tried, step)
        core = priced.core
        if priced.bound > best.bound:
            best = priced
        missed = (inside - priced.bound) / goal
        if best.bound > goal - 0.5 * unit or (optimal and missed <= 1e-9):
            break
        windows = min(most, windows * (10 if missed <= 1e-6 else 5 if missed <= 0.02 else 2)) if missed <= 0.2 else 1
        if since >= _STEPS_AT_LEAST:
            if best.bound - before < _LEAST_GAIN * abs(best.bound):
                break
            since, before = 0, best.bound
    return best


@compiled
def reduced_costs(starts: Ints, places: Small, cost: Floats, price: Floats) -> tuple[float, Floats]:
    """The Lagrangian bound over all columns at these prices, and every column's reduced cost."""
    reduced = np.empty(len(cost))
    bound = price.sum()
    for column in range(len(cost)):
        left = cost[column]
        for at in range(starts[column], starts[column + 1]):
            left -= price[places[at]]
        reduced[column] = left
        bound += min(left, 0.0)
    return bound, reduced


@compiled
def _core(starts: Ints, places: Small, reduced: Floats, rows: int) -> Ints:
    """Columns to work with: the five of lowest reduced cost in each row, and those near 0 or below, five a row."""
    best = np.full((rows, _CORE_A_ROW), -1, dtype=np.int64)
    near = 0
    for column in range(len(reduced)):
        near += reduced[column] < _NEAR
        for at in range(starts[column], starts[column + 1]):
            row = places[at]
            rank = _CORE_A_ROW
            while rank > 0 and (best[row, rank - 1] < 0 or reduced[best[row, rank - 1]] > reduced[column]):
                rank -= 1
            if rank < _CORE_A_ROW:
                for later in range(_CORE_A_ROW - 1, rank, -1):
                    best[row, later] = best[row, later - 1]
                best[row, rank] = column
    limit = _NEAR
    if near > _CORE_A_ROW * rows:
        limit = np.partition(reduced, _CORE_A_ROW * rows)[_CORE_A_ROW * rows]
    taken = reduced < limit
    for row in range(rows):
        for rank in range(_CORE_A_ROW):
            if best[row, rank] >= 0:
                taken[best[row, rank]] = True
    return np.flatnonzero(taken)


@compiled
def _descend(
    starts: Ints, places: Small, cost: Floats, price: Floats, goal: float, step: float, windows: int
) -> tuple[float, Floats, float, bool]:
    """Subgradient steps; changes ``price``. The best bound on the core, where, the new step, and whether it is optimal.

    The direction counts only columns that cover something new, lowest reduced cost first.
    """
    highest, best = -np.inf, price.copy()
    count = np.empty(len(price), dtype=np.int64)
    reduced = np.empty(len(cost))
    negative = np.empty(len(cost), dtype=np.int64)
    for _ in range(windows):
        low, high = np.inf, -np.inf
        for _ in range(_WINDOW):
            bound = price.sum()
            size = 0
            for column in range(len(cost)):
                left = cost[column]
                for at in range(starts[column], starts[column + 1]):
                    left -= price[places[at]]
                reduced[column] = left
                if left < 0.0:
                    bound += left
                    negative[size] = column
                    size += 1
            low, high = min(low, bound), max(high, bound)
            if bound > highest:
                highest = bound
                best[:] = price
            count[:] = 0
            some = negative[:size]
            for column in some[np.argsort(reduced[some], kind="mergesort")]:
                fresh = False
                for at in range(starts[column], starts[column + 1]):
                    fresh |= count[places[at]] == 0
                if fresh:
                    for at in range(starts[column], starts[column + 1]):
                        count[places[at]] += 1
            norm = np.sum((1 - count) ** 2)
            if norm == 0:
                return bound, price.copy(), step, True
            length = step * max(goal - bound, 1e-3 * goal) / norm
            for row in range(len(price)):
                price[row] = max(0.0, price[row] + length * (1 - count[row]))
        spread = (high - low) / max(abs(high), 1e-12)
        if spread > 0.01:
            step /= 2.0
        elif spread <= 0.001:
            step *= 1.5
        step = min(max(step, 1e-6), 10.0)
    return highest, best, step, False
