"""Good answers fast: lazy greedy, swaps of one for one, and dropping what is needless.

Lazy greedy: Minoux 1978, "Accelerated greedy algorithms for maximizing submodular set functions"; with costs: Wolsey
1982; swaps: Teitz & Bart 1968. An option's places are ``places[starts[option]:starts[option + 1]]``.
"""

from __future__ import annotations

import heapq

import numpy as np
from scipy import sparse

from skypact.engines.coverage.compiled import compiled
from skypact.engines.coverage.siting.question import Cover, Floats, Ints, Limits

_UNLIMITED = np.iinfo(np.int64).max // 4


class Search:
    """Heuristics over one cover; deterministic."""

    def __init__(self, cover: Cover) -> None:
        self.cover = cover
        self.starts = np.concatenate([[0], np.cumsum(cover.seen.sum(axis=1))]).astype(np.int64)
        self.places = np.nonzero(cover.seen)[1].astype(np.int64)
        self.row_starts = np.concatenate([[0], np.cumsum(cover.seen.sum(axis=0))]).astype(np.int64)
        self.viewers = np.nonzero(cover.seen.T)[1].astype(np.int64)
        self.weight = cover.weight.astype(np.int64)
        self.alone = sparse.csr_matrix(cover.seen, dtype=np.int64) @ self.weight
        self.cost = cover.cost.astype(np.int64)

    def within(self, limits: Limits, first: Ints | None = None) -> Ints:
        """Options that cover much within the limits, beginning with ``first`` as far as these fit."""
        sensors = _UNLIMITED if limits.sensors is None else limits.sensors
        budget = _UNLIMITED if limits.budget is None else limits.budget
        best = np.empty(0, dtype=np.int64)
        worths = [self.cost.astype(np.float64)] if limits.budget is not None else []
        for price in [*worths, np.ones(len(self.cost))]:
            start = self._greedy(price, _UNLIMITED, sensors, budget, first)
            found = _swapped(
                self.starts, self.places, self.row_starts, self.viewers, self.weight, self.cost, start, sensors, budget
            )
            if not len(best) or self.cover.covered(found) > self.cover.covered(best):
                best = found
        return np.sort(best)

    def reaching(self, need: int, price: Floats | None = None) -> Ints:
        """Options that cover at least ``need``, cheap by ``price`` (their cost unless given)."""
        asked = self.cost.astype(np.float64) if price is None else np.maximum(price, 1e-6)
        kept = self._greedy(asked, need, _UNLIMITED, _UNLIMITED, None)
        return np.sort(_cheapened(self.starts, self.places, self.weight, self.cost, kept, need))

    def _greedy(self, price: Floats, need: int, sensors: int, budget: int, first: Ints | None) -> Ints:
        uncovered = self.weight.copy()
        chosen: list[int] = []
        covered = spent = 0
        queue = [] if first is None else [(-np.inf, rank, int(option)) for rank, option in enumerate(first)]
        gains = self.alone
        queue += [(-gains[option] / price[option], option, option) for option in range(len(self.cost))]
        heapq.heapify(queue)
        while queue and covered < need and len(chosen) < sensors:
            told, rank, option = heapq.heappop(queue)
            if spent + self.cost[option] > budget:
                continue
            own = self.places[self.starts[option] : self.starts[option + 1]]
            gain = int(uncovered[own].sum())
            if gain == 0:
                continue
            worth = -gain / price[option]
            if worth > told and told != -np.inf and queue and (worth, rank) > queue[0][:2]:
                heapq.heappush(queue, (worth, rank, option))
                continue
            chosen.append(option)
            covered += gain
            spent += int(self.cost[option])
            uncovered[own] = 0
        return np.array(chosen, dtype=np.int64)


@compiled
def _swapped(
    starts: Ints,
    places: Ints,
    row_starts: Ints,
    viewers: Ints,
    weight: Ints,
    cost: Ints,
    chosen: Ints,
    sensors: int,
    budget: int,
) -> Ints:
    """The best exchange of one option for another, or the best addition, as long as one covers more.

    One pass over all places tells every gain: ``spare[j]`` is what option j adds, ``only[k, j]`` what both the k-th
    chosen one and j see and no other chosen one does (after Resende & Werneck 2007, EJOR 174, 54–68).
    """
    count = np.zeros(len(weight), dtype=np.int64)
    owner = np.zeros(len(weight), dtype=np.int64)
    chosen = chosen.copy()
    while True:
        count[:] = 0
        for rank in range(len(chosen)):
            for at in range(starts[chosen[rank]], starts[chosen[rank] + 1]):
                count[places[at]] += 1
                owner[places[at]] = rank
        spare = np.zeros(len(cost), dtype=np.int64)
        only = np.zeros((len(chosen), len(cost)), dtype=np.int64)
        loss = np.zeros(len(chosen), dtype=np.int64)
        for place in range(len(weight)):
            if count[place] == 0:
                for at in range(row_starts[place], row_starts[place + 1]):
                    spare[viewers[at]] += weight[place]
            elif count[place] == 1:
                loss[owner[place]] += weight[place]
                for at in range(row_starts[place], row_starts[place + 1]):
                    only[owner[place], viewers[at]] += weight[place]
        left = budget - cost[chosen].sum()
        best, leaving, coming = 0, -1, -1
        for option in range(len(cost)):
            if len(chosen) < sensors and cost[option] <= left and spare[option] > best:
                best, leaving, coming = spare[option], -1, option
            for rank in range(len(chosen)):
                gain = spare[option] + only[rank, option] - loss[rank]
                if gain > best and cost[option] <= left + cost[chosen[rank]]:
                    best, leaving, coming = gain, rank, option
        if best == 0:
            return chosen
        if leaving >= 0:
            chosen[leaving] = coming
        else:
            chosen = np.append(chosen, coming)


@compiled
def _cheapened(starts: Ints, places: Ints, weight: Ints, cost: Ints, chosen: Ints, need: int) -> Ints:
    """Dearest first, options go that the rest can do without, or are exchanged for a cheaper one."""
    count = np.zeros(len(weight), dtype=np.int64)
    used = np.zeros(len(cost), dtype=np.bool_)
    for option in chosen:
        used[option] = True
        for at in range(starts[option], starts[option + 1]):
            count[places[at]] += 1
    covered = weight[count > 0].sum()
    changed = True
    while changed:
        changed = False
        members = np.flatnonzero(used)
        for out in members[np.argsort(-cost[members], kind="mergesort")]:
            left = covered
            for at in range(starts[out], starts[out + 1]):
                count[places[at]] -= 1
                if count[places[at]] == 0:
                    left -= weight[places[at]]
            used[out] = False
            if left >= need:
                covered, changed = left, True
                continue
            best, gained = out, 0
            for option in range(len(cost)):
                if used[option] or cost[option] >= cost[best]:
                    continue
                gain = 0
                for at in range(starts[option], starts[option + 1]):
                    if count[places[at]] == 0:
                        gain += weight[places[at]]
                if left + gain >= need:
                    best, gained = option, gain
            changed = changed or best != out
            used[best] = True
            covered = left + gained if best != out else covered
            for at in range(starts[best], starts[best + 1]):
                count[places[at]] += 1
    return np.flatnonzero(used)
