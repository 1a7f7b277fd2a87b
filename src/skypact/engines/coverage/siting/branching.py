"""Maximal covering by branch and bound: the linear relaxation at every node, best bound first.

A node has options that are in, out and open. Its relaxation (:mod:`relaxation`) is solved over the few options that
look worth it at the parent's prices and the places that were short of viewers there; what was left out is priced
afterwards and comes in where it matters. Any prices give a bound (Galvão & ReVelle 1996, EJOR 88, 114–123), so what is
left out can only loosen it. Reduced costs then close options; the node is split at its largest share below one. That
covering splits well into few options and many places: Cordeau, Furini & Ljubić 2019, EJOR 275, 882–896.
"""

from __future__ import annotations

import heapq
import itertools
import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from skypact.engines.coverage.siting import relaxation
from skypact.engines.coverage.siting.question import Cover, Floats, Ints, Limits
from skypact.engines.coverage.siting.relaxation import Small, Statuses
from skypact.engines.coverage.siting.searching import Search

_FIRST_STEPS = 300
_PATIENCE = 20
_COLUMNS = 140
_MORE_COLUMNS = 60
_ROUNDS = 8
_WHOLE = 0.97
_NEAR_SHORT = 1.2
_TOLERANCE = 0.05
_SEARCH_EVERY = 4
_SEARCH_SHARE = 0.1
_OPEN, _IN, _OUT = 0, 1, -1


@dataclass(frozen=True, eq=False)
class Bounded:
    """The best answer, the bound on all answers, and whether the user ended the search."""

    options: Ints
    bound: int
    stopped: bool


@dataclass(frozen=True, eq=False)
class _Node:
    bound: float
    status: Statuses
    rows: Small
    prices: Floats
    multipliers: Floats
    shares: Floats


def most(
    cover: Cover,
    limits: Limits,
    gap_wanted: float,
    work_limit: float,
    seed: int,
    progress: Callable[[float], None],
    stop: Callable[[], bool],
) -> Bounded:
    """Search until the proven gap is not larger than wanted, all is proven, or the work is spent (0: one node)."""
    return _Tree(cover, limits, gap_wanted, seed).grown(work_limit, progress, stop)


class _Tree:
    """``enough``: the gap is as wanted if no answer covers more; ``spared`` bounds what was not looked at."""

    def __init__(self, cover: Cover, limits: Limits, gap_wanted: float, seed: int) -> None:
        self.cover, self.limits, self.gap_wanted = cover, limits, gap_wanted
        self.search = Search(cover)
        self.places, self.viewers = self.search.places.astype(np.int32), self.search.viewers.astype(np.int32)
        self.weight = cover.weight.astype(np.float64)
        self.total = int(cover.weight.sum())
        self.rounding = 1e-6 + 1e-12 * self.total
        self.best = self.search.wandered(limits, seed)
        self.value = cover.covered(self.best)
        self.spared = 0
        self.drops, self.tries = np.zeros((2, len(cover.cost))), np.zeros((2, len(cover.cost)))
        self.work = 0.0
        self.nodes = 0

    @property
    def enough(self) -> int:
        return self.total if self.gap_wanted >= 1 else math.floor(self.value / (1 - self.gap_wanted) + 1e-9)

    @property
    def cut(self) -> float:
        """Nodes whose bound lies below hold no answer that is needed."""
        return self.enough + 1 - self.rounding

    def grown(self, work_limit: float, progress: Callable[[float], None], stop: Callable[[], bool]) -> Bounded:
        open_nodes: list[tuple[float, int, _Node]] = []
        numbers = itertools.count()
        node, stopped = self._first(stop), False
        open_nodes.append((-node.bound, next(numbers), node))
        while open_nodes and -open_nodes[0][0] >= self.cut:
            progress(self.value / -open_nodes[0][0])
            stopped = stop()
            if stopped or self.work >= work_limit:
                break
            for child in self._split(heapq.heappop(open_nodes)[2]):
                if child.bound < self.cut:
                    self._spare(child.bound)
                else:
                    heapq.heappush(open_nodes, (-child.bound, next(numbers), child))
        if open_nodes:
            self._spare(-open_nodes[0][0])
        return Bounded(self.best, min(self.total, max(self.value, self.spared)), stopped)

    def _spare(self, bound: float) -> None:
        """Answers that are not looked at cover no more than this."""
        self.spared = max(self.spared, math.floor(bound))

    def _first(self, stop: Callable[[], bool]) -> _Node:
        """The root: rough prices say which places and options matter."""
        status = np.zeros(len(self.cover.cost), dtype=np.int8)
        sizes = self._sizes(status, np.arange(len(status)))
        if sizes is None or self.total == 0:
            return _Node(float(self.value), status, *self._nothing())
        prices, bound = relaxation.descended(
            self.search.row_starts, self.viewers, self.search.starts, self.places, self.weight, sizes,
            float(self.value), _FIRST_STEPS, _PATIENCE,
        )  # fmt: skip
        rows = np.flatnonzero(prices > 1e-3 * self.weight).astype(np.int32)
        node = _Node(bound + self.rounding, status, rows, prices[rows], np.zeros(len(sizes)), prices[:0])
        if bound < self.cut or stop():
            return node
        return self._relaxed(status, node)

    def _split(self, node: _Node) -> list[_Node]:
        """Two nodes: an option with a broken share is in, or out. Chosen where both promise to lower the bound.

        The promise is what the same step lowered elsewhere, for each unit of share (pseudo-costs, Benichou et al.
        1971, Math. Programming 1, 76–94); an option not yet tried counts as the mean.
        """
        free = np.flatnonzero(node.status == _OPEN)
        share = node.shares[free]
        moved = np.stack([1.0 - share, share])
        mean = self.drops.sum(axis=1) / np.maximum(self.tries.sum(axis=1), 1)
        each = (self.drops[:, free] + mean[:, None]) / (self.tries[:, free] + 1)
        promise = np.maximum(each * moved, 1e-6).prod(axis=0)
        promise[(share > _WHOLE) | (share < 1.0 - _WHOLE)] = 0.0
        at = int(np.argmax(promise if promise.any() else share))
        children = []
        for number, side in enumerate((_IN, _OUT)):
            status = node.status.copy()
            status[free[at]] = side
            child = self._relaxed(status, node)
            if child.bound > 0 and promise[at] > 0:
                self.drops[number, free[at]] += (node.bound - child.bound) / moved[number, at]
                self.tries[number, free[at]] += 1
            children.append(child)
        return children

    def _relaxed(self, status: Statuses, parent: _Node) -> _Node:
        """Bound, prices and shares of a node, and the options that its bound decides."""
        self.nodes += 1
        free = self._fitting(status)
        held = status == _IN
        if free is None:
            return _Node(0.0, status, *self._nothing())
        fixed = relaxation.seen_by(self.search.starts, self.places, held.astype(np.float64), len(self.weight)) > 0
        if not len(free):
            self._offer(np.flatnonzero(held))
            return _Node(float(self.weight[fixed].sum()), status, *self._nothing())
        sizes = self._sizes(status, free)
        assert sizes is not None  # noqa: S101 (what is free fits)
        gains = relaxation.priced(self.search.row_starts, self.viewers, parent.rows, parent.prices, len(status))
        worth = gains[free] - parent.multipliers @ sizes if len(parent.shares) else (gains[free] / sizes).min(axis=0)
        columns = np.sort(free[np.argsort(-worth, kind="stable")[:_COLUMNS]])
        tolerance = max(0.1, _TOLERANCE * (parent.bound - self.cut))
        rows, prices = parent.rows, parent.prices
        for _ in range(_ROUNDS):
            kept, of, others, lost, starts, members, weights = relaxation.restricted(
                self.search.row_starts, self.viewers, self.weight, fixed, status, rows, columns.astype(np.int32)
            )
            dense = np.zeros(len(self.weight))
            dense[rows] = prices
            inside = self._sizes(status, columns)
            assert inside is not None  # noqa: S101
            constant = self.total - float(self.weight[kept].sum() + self.weight[others].sum() + self.weight[lost].sum())
            elsewhere = float((self.weight[others] - dense[others]).sum())
            if not len(kept):
                multipliers, shares = np.zeros(len(inside)), np.zeros(len(columns))
            else:
                found, multipliers, shares, steps = relaxation.relaxed(
                    starts, members, weights, inside, constant, self.cut - elsewhere, tolerance
                )
                dense[kept] = (found / weights)[of] * self.weight[kept]
                size = np.diff(starts)
                self.work += (
                    1e-9 * steps * (0.1 * len(columns) ** 3 / 3 + 0.6 * float(size @ size) + 100 * len(weights))
                )
            self.work += 6e-9 * len(self.viewers)
            priced = np.concatenate([kept, others])
            gains = relaxation.priced(self.search.row_starts, self.viewers, priced, dense[priced], len(status))
            reduced = gains[free] - multipliers @ sizes
            bound = constant + float((self.weight[priced] - dense[priced]).sum() + multipliers.sum())
            bound += float(np.maximum(reduced, 0.0).sum())
            share = held.astype(np.float64)
            share[columns] = shares
            seen = relaxation.seen_by(self.search.starts, self.places, share, len(self.weight))
            if bound + self.rounding < self.cut:
                break
            known = np.zeros(len(seen), dtype=np.bool_)
            known[rows] = True
            missed = ~known & (seen < 1.0)
            short = float((self.weight[missed] * (1.0 - seen[missed])).sum())
            outside = np.ones(len(free), dtype=np.bool_)
            outside[np.searchsorted(free, columns)] = False
            tempting = np.flatnonzero(outside & (reduced > 0.0))
            excess = float(reduced[tempting].sum())
            if excess <= tolerance and short <= 2 * tolerance:
                break
            rows = np.sort(np.concatenate([rows, np.flatnonzero(missed).astype(np.int32)]))
            prices = dense[rows]
            tempting = tempting[np.argsort(-reduced[tempting], kind="stable")[:_MORE_COLUMNS]]
            columns = np.sort(np.concatenate([columns, free[tempting]]))
        bound = min(bound + self.rounding, parent.bound)
        if bound < self.cut:
            return _Node(bound, status, *self._nothing())
        out, within = (reduced < 0) & (bound + reduced < self.cut), (reduced > 0) & (bound - reduced < self.cut)
        if out.any() or within.any():
            self._spare(bound - float(np.abs(reduced[out | within]).min()))
            status[free[out]], status[free[within]] = _OUT, _IN
            if not (status == _OPEN).any():
                return self._relaxed(status, parent)
        if self.nodes & (self.nodes - 1) == 0 or self.nodes % _SEARCH_EVERY == 0:
            order = np.argsort(-share, kind="stable")
            self._offer(self.search.wandered(self.limits, self.nodes, order[share[order] > 0.01], share=_SEARCH_SHARE))
            self.work += 15e-9 * len(self.viewers)
        rows = np.flatnonzero((seen < _NEAR_SHORT) | (dense > 0.0)).astype(np.int32)
        rows = rows[~fixed[rows]]
        return _Node(bound, status, rows, dense[rows], multipliers, share * (status == _OPEN))

    def _offer(self, options: Ints) -> None:
        value = self.cover.covered(options)
        if value > self.value:
            self.best, self.value = np.sort(options), value

    def _nothing(self) -> tuple[Small, Floats, Floats, Floats]:
        return np.empty(0, dtype=np.int32), np.empty(0), np.empty(0), np.empty(0)

    def _left(self, status: Statuses) -> list[tuple[Ints, int]]:
        """For each limit what options use of it, and what those that are in leave."""
        uses = [
            (size, limit)
            for size, limit in (
                (np.ones_like(self.cover.cost), self.limits.sensors),
                (self.cover.cost, self.limits.budget),
            )
            if limit is not None
        ]
        return [(size, limit - int(size[status == _IN].sum())) for size, limit in uses]

    def _fitting(self, status: Statuses) -> Ints | None:
        """The open options that still fit; the others go out. ``None``: those that are in do not fit themselves."""
        for size, left in self._left(status):
            if left < 0:
                return None
            status[(status == _OPEN) & (size > left)] = _OUT
        free: Ints = np.flatnonzero(status == _OPEN)
        return free

    def _sizes(self, status: Statuses, options: Ints) -> Floats | None:
        """Which share of what is left each option uses of each limit, (limits, options); ``None``: nothing is left."""
        left = self._left(status)
        if not len(options) or min(rest for _, rest in left) <= 0:
            return None
        return np.array([size[options] / rest for size, rest in left])
