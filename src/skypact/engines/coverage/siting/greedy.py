"""Kernels: Lagrangian greedy for set cover, and what makes its covers lean.

Caprara, Fischetti & Toth 1999, Operations Research 47, 730–743, section 3. Arrays as in :mod:`columns`; ``price[i]`` is
the multiplier of row i. Every kernel is deterministic.
"""

from __future__ import annotations

import numpy as np

from skypact.engines.compiled import compiled
from skypact.engines.coverage.siting.columns import Small
from skypact.engines.coverage.siting.question import Floats, Ints

_TRIED_TOGETHER = 10
_CLEARLY = -1e-3


@compiled
def greedy(starts: Ints, places: Small, cost: Floats, price: Floats, first: Ints, most: int) -> tuple[Ints, Small]:
    """Columns chosen until all rows are covered or there are ``most``, beginning with ``first``; every row's count.

    A column's score is its reduced cost over the open rows, divided by their number (times it, where negative). Scores
    only ever rise, so that a heap of old ones is enough.
    """
    rows = len(price)
    count = np.zeros(rows, dtype=np.int32)
    chosen = np.empty(rows + len(first), dtype=np.int64)
    held = np.zeros(len(cost), dtype=np.bool_)
    size, still_open = 0, rows
    for column in first:
        chosen[size] = column
        size += 1
        held[column] = True
        for at in range(starts[column], starts[column + 1]):
            still_open -= count[places[at]] == 0
            count[places[at]] += 1
    heap = np.empty(len(cost), dtype=np.int64)
    score = np.empty(len(cost))
    length = 0
    for column in range(len(cost)):
        score[column] = _score(starts, places, cost, price, count, column)
        if score[column] < np.inf and not held[column]:
            heap[length] = column
            length += 1
    for at in range(length // 2 - 1, -1, -1):
        _sink(heap, score, at, length)
    while still_open > 0 and size < most and length > 0:
        top = heap[0]
        now = _score(starts, places, cost, price, count, top)
        if now == score[top]:
            chosen[size] = top
            size += 1
            for at in range(starts[top], starts[top + 1]):
                still_open -= count[places[at]] == 0
                count[places[at]] += 1
            now = np.inf
        score[top] = now
        if now == np.inf:
            length -= 1
            heap[0] = heap[length]
        _sink(heap, score, 0, length)
    return chosen[:size].copy(), count


@compiled
def _score(starts: Ints, places: Small, cost: Floats, price: Floats, count: Small, column: int) -> float:
    left, fresh = float(cost[column]), 0
    for at in range(starts[column], starts[column + 1]):
        if count[places[at]] == 0:
            left -= price[places[at]]
            fresh += 1
    if fresh == 0:
        return np.inf
    return left / fresh if left > 0.0 else left * fresh


@compiled
def _sink(heap: Ints, score: Floats, at: int, length: int) -> None:
    """Restores the heap below one place; of equal scores the smaller column stands first."""
    while True:
        child = 2 * at + 1
        if child >= length:
            return
        if child + 1 < length and _before(heap, score, child + 1, child):
            child += 1
        if not _before(heap, score, child, at):
            return
        heap[at], heap[child] = heap[child], heap[at]
        at = child


@compiled
def _before(heap: Ints, score: Floats, one: int, other: int) -> bool:
    first, second = score[heap[one]], score[heap[other]]
    return bool(first < second or (first == second and heap[one] < heap[other]))


@compiled
def lean(starts: Ints, places: Small, cost: Floats, chosen: Ints, count: Small) -> Ints:
    """A cover without what the rest makes needless: dearest first, the last ten by trying all subsets."""
    count = count.copy()
    kept = np.ones(len(chosen), dtype=np.bool_)
    order = np.argsort(-cost[chosen], kind="mergesort")
    spare = np.empty(len(chosen), dtype=np.int64)
    while True:
        found = 0
        for rank in order:
            if kept[rank]:
                needless = True
                for at in range(starts[chosen[rank]], starts[chosen[rank] + 1]):
                    needless &= count[places[at]] > 1
                if needless:
                    spare[found] = rank
                    found += 1
        if found == 0:
            return chosen[kept]
        if found <= _TRIED_TOGETHER:
            break
        kept[spare[0]] = False
        for at in range(starts[chosen[spare[0]]], starts[chosen[spare[0]] + 1]):
            count[places[at]] -= 1
    masks = np.zeros(len(count), dtype=np.int64)
    for number in range(found):
        column = chosen[spare[number]]
        for at in range(starts[column], starts[column + 1]):
            masks[places[at]] |= 1 << number
            count[places[at]] -= 1
    asked = np.unique(masks[(count == 0) & (masks > 0)])
    best, least = (1 << found) - 1, np.inf
    for subset in range(1 << found):
        spent = 0.0
        for number in range(found):
            if subset >> number & 1:
                spent += cost[chosen[spare[number]]]
        if spent < least and np.all(asked & subset != 0):
            best, least = subset, spent
    for number in range(found):
        kept[spare[number]] = (best >> number & 1) == 1
    return chosen[kept]


@compiled
def greedy_on_the_way(
    starts: Ints, places: Small, cost: Floats, price: Floats, below: float, unit: float, step: float, turns: int
) -> tuple[Ints, float]:
    """The cheapest of the covers that greedy finds while ``price`` takes ``turns`` subgradient steps.

    No columns where none costs less than ``below``. Ends early where the bound leaves room for less than a ``unit``.
    """
    best, nothing = np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64)
    price = price.copy()
    count = np.empty(len(price), dtype=np.int64)
    for _ in range(turns):
        chosen, shown = greedy(starts, places, cost, price, nothing, len(price))
        chosen = lean(starts, places, cost, chosen, shown)
        spent = cost[chosen].sum()
        if spent < below - 0.5 * unit:
            best, below = chosen, spent
        bound = price.sum()
        count[:] = 0
        for column in range(len(cost)):
            left = cost[column]
            for at in range(starts[column], starts[column + 1]):
                left -= price[places[at]]
            if left < 0.0:
                bound += left
                for at in range(starts[column], starts[column + 1]):
                    count[places[at]] += 1
        norm = np.sum((1 - count) ** 2)
        if norm == 0 or bound > below - 0.5 * unit:
            break
        length = step * (below - bound) / norm
        for row in range(len(price)):
            price[row] = max(0.0, price[row] + length * (1 - count[row]))
    return best, below


@compiled
def apart(starts: Ints, places: Small, reduced: Floats, rows: int) -> Ints:
    """Columns of clearly negative reduced cost that share no row with another such column."""
    count = np.zeros(rows, dtype=np.int64)
    for column in range(len(reduced)):
        if reduced[column] < _CLEARLY:
            for at in range(starts[column], starts[column + 1]):
                count[places[at]] += 1
    alone = np.zeros(len(reduced), dtype=np.bool_)
    for column in range(len(reduced)):
        alone[column] = reduced[column] < _CLEARLY
        for at in range(starts[column], starts[column + 1]):
            alone[column] &= count[places[at]] == 1
    return np.flatnonzero(alone)
