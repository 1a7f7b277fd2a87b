"""Lagrangian bound on partial covering: the link "a covered place is seen by a chosen option" is priced by place.

Subgradient steps after Held, Wolfe & Crowder 1974; for set cover Beasley 1987. Bounds are valid for any prices, so
rounding can only loosen them. Maximal covering has its own in :mod:`relaxation`.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from skypact.engines.coverage.siting.question import Cover, Flags, Floats, Ints
from skypact.engines.coverage.siting.searching import Search

_STEPS = 2000
_PATIENCE = 25
_MEMORY = 0.6
_SMALLEST = 1e-5
_HEURISTIC_EVERY = 10
#: What sums of floating-point numbers may be off by: so much, and so much of the sum.
_ROUNDING, _RELATIVE = 1e-6, 1e-12


def whole(bound: float) -> int:
    """The least whole number that a sum of whole costs can be whose computed lower bound is ``bound``."""
    return math.ceil(bound - _ROUNDING - _RELATIVE * abs(bound))


@dataclass
class Bounded:
    """The best answer and bound so far, and what the bound says about single options.

    ``never`` and ``always``: every answer that does otherwise is no better than the known one.
    """

    options: Ints
    bound: float
    never: Flags
    always: Flags
    stopped: bool = False


def least(
    cover: Cover,
    need: int,
    search: Search,
    gap_wanted: float,
    progress: Callable[[float], None],
    stop: Callable[[], bool],
) -> Bounded:
    """Bound from below on the cost of covering at least ``need``."""
    seen = sparse.csr_matrix(cover.seen, dtype=np.float64)
    viewers = seen.T.tocsr()
    way = np.zeros(len(cover.weight))
    cost, weight = cover.cost.astype(np.float64), cover.weight.astype(np.float64)
    best = Bounded(search.reaching(need), 0.0, *_open(cover))
    value = int(cover.cost[best.options].sum())
    worth = np.where(cover.seen, (cost / np.maximum(cover.seen.sum(axis=1), 1))[:, None], np.inf)
    prices = worth.min(axis=0, initial=np.inf)
    step, waited = 1.0, 0
    for turn in range(_STEPS):
        reduced = cost - seen @ prices
        chosen = (reduced < 0).astype(np.float64)
        demanded = _cheapest_places(prices, weight, need)
        bound = float(prices @ demanded + reduced @ chosen)
        if bound > best.bound + 1e-9:
            waited = 0 if bound > best.bound * (1 + 1e-5) else waited + 1
            best.bound = bound
        else:
            waited += 1
        if waited >= _PATIENCE:
            step, waited = step / 2, 0
        if turn % _HEURISTIC_EVERY == 0:
            found = search.reaching(need, np.maximum(reduced, 0.0) + 1e-3 * cost)
            if int(cover.cost[found].sum()) < value:
                best.options, value = found, int(cover.cost[found].sum())
            progress(best.bound / value if value else 1.0)
        hopeless = bound + np.abs(reduced) > value - 1 + _ROUNDING + _RELATIVE * value
        best.never |= hopeless & (reduced > 0)
        best.always |= hopeless & (reduced < 0)
        if value - whole(best.bound) <= gap_wanted * value or step < _SMALLEST:
            break
        if stop():
            best.stopped = True
            break
        slope = demanded - viewers @ chosen
        slope[(prices <= 0) & (slope < 0)] = 0.0
        way = slope + _MEMORY * way
        if not way.any():
            break
        prices = np.maximum(0.0, prices + step * (1.02 * value - bound) / float(way @ way) * way)
    return best


def _open(cover: Cover) -> tuple[Flags, Flags]:
    return np.zeros(len(cover.cost), dtype=np.bool_), np.zeros(len(cover.cost), dtype=np.bool_)


def _cheapest_places(prices: Floats, weight: Floats, need: int) -> Floats:
    """Shares of places that together weigh ``need`` at the lowest price."""
    order = np.argsort(prices / weight, kind="stable")
    before = np.cumsum(weight[order]) - weight[order]
    shares = np.empty(len(weight))
    shares[order] = np.clip((need - before) / weight[order], 0.0, 1.0)
    return shares
