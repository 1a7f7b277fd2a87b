"""Lagrangian bounds on covering: the link "a covered place is seen by a chosen option" is priced, place by place.

Subgradient steps after Held, Wolfe & Crowder 1974; for set cover Beasley 1987; for maximal covering Galvão &
ReVelle 1996, EJOR 88, 114–123. Bounds are valid for any prices, so rounding can only loosen them.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from skypact.engines.coverage.siting.question import Cover, Flags, Floats, Ints, Limits
from skypact.engines.coverage.siting.searching import Search

_STEPS = 2000
_PATIENCE = 25
_MEMORY = 0.6
_DROPPED = 0.3
_SMALLEST = 1e-5
_HEURISTIC_EVERY = 10
_ROUNDING = 1e-6


@dataclass
class Bounded:
    """The best answer and bound so far, and what the bound says about single options.

    ``never`` and ``always``: every answer that does otherwise is no better than the known one; in maximal covering it
    covers no more than ``spared``, which keeps the wanted gap, and ``bound`` holds for the other answers.
    """

    options: Ints
    bound: float
    never: Flags
    always: Flags
    stopped: bool = False
    spared: int = 0


def most(
    cover: Cover,
    limits: Limits,
    search: Search,
    gap_wanted: float,
    seed: int,
    progress: Callable[[float], None],
    stop: Callable[[], bool],
) -> Bounded:
    """Bound from above on the weight covered within the limits."""
    seen = sparse.csr_matrix(cover.seen, dtype=np.float64)
    viewers = seen.T.tocsr()
    way = np.zeros(len(cover.weight))
    weight = cover.weight.astype(np.float64)
    best = Bounded(search.within(limits), float(weight.sum()), *_open(cover))
    value = cover.covered(best.options)
    shown = cover.seen[best.options].sum(axis=0)
    prices = np.where(shown > 1, 0.3, 0.7) * weight
    chance = np.random.default_rng(seed)
    step, waited, tried = 1.0, 0, {best.options.tobytes()}
    for turn in range(_STEPS):
        gains = seen @ prices
        bound, reduced, share = _knapsack(gains, cover.cost, limits, best)
        bound += float((weight - prices).sum())
        if bound < best.bound - 1e-9:
            waited = 0 if bound < best.bound * (1 - 1e-5) else waited + 1
            best.bound = bound
        else:
            waited += 1
        if waited >= _PATIENCE:
            step, waited = step / 2, 0
        if turn % _HEURISTIC_EVERY == 0:
            priced = np.flatnonzero(share > 0)
            priced = priced[np.argsort(-reduced[priced], kind="stable")]
            kept = best.options[chance.random(len(best.options)) > _DROPPED]
            for first in (priced, kept):
                if first.tobytes() not in tried:
                    tried.add(first.tobytes())
                    found = search.within(limits, first)
                    if cover.covered(found) > value:
                        best.options, value = found, cover.covered(found)
            progress(value / best.bound if best.bound else 1.0)
        enough = math.floor(value / (1 - gap_wanted)) if gap_wanted < 1 else int(weight.sum())
        hopeless = (bound - np.abs(reduced) < enough + 1 - _ROUNDING) & ~best.never & ~best.always
        best.never |= hopeless & (reduced < 0)
        best.always |= hopeless & (reduced > 0)
        if hopeless.any():
            best.spared = enough
        limit = max(math.floor(best.bound + _ROUNDING), best.spared)
        if limit - value <= gap_wanted * limit or step < _SMALLEST:
            break
        if stop():
            best.stopped = True
            break
        slope = viewers @ share - 1.0
        slope[((prices <= 0) & (slope > 0)) | ((prices >= weight) & (slope < 0))] = 0.0
        way = slope + _MEMORY * way
        if not way.any():
            break
        prices = np.clip(prices - step * (bound - value) / float(way @ way) * way, 0.0, weight)
    return best


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
        hopeless = bound + np.abs(reduced) > value - 1 + _ROUNDING
        best.never |= hopeless & (reduced > 0)
        best.always |= hopeless & (reduced < 0)
        if value - math.ceil(best.bound - _ROUNDING) <= gap_wanted * value or step < _SMALLEST:
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


def _knapsack(gains: Floats, cost: Ints, limits: Limits, known: Bounded) -> tuple[float, Floats, Floats]:
    """The most that gains add up to under the tighter of the two limits, every option's reduced gain, and shares.

    Options that are decided keep their decision. A limit they exceed counts as used up, which only loosens the bound.
    """
    found = []
    free = np.flatnonzero(~known.never & ~known.always)
    for limit, size in ((limits.sensors, np.ones(len(cost))), (limits.budget, cost.astype(np.float64))):
        if limit is None:
            continue
        left = max(0.0, limit - float(size[known.always].sum()))
        order = free[np.argsort(-gains[free] / size[free], kind="stable")]
        before = np.cumsum(size[order]) - size[order]
        share = known.always.astype(np.float64)
        share[order] = np.clip((left - before) / size[order], 0.0, 1.0)
        last = order[share[order] < 1.0]
        ratio = float(gains[last[0]] / size[last[0]]) if len(last) else 0.0
        reduced = gains - ratio * size
        most = float(gains[known.always].sum()) + ratio * left + float(np.maximum(reduced[free], 0.0).sum())
        found.append((most, reduced, share))
    return min(found, key=lambda one: one[0])


def _cheapest_places(prices: Floats, weight: Floats, need: int) -> Floats:
    """Shares of places that together weigh ``need`` at the lowest price."""
    order = np.argsort(prices / weight, kind="stable")
    before = np.cumsum(weight[order]) - weight[order]
    shares = np.empty(len(weight))
    shares[order] = np.clip((need - before) / weight[order], 0.0, 1.0)
    return shares
