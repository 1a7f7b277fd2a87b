"""Good answers fast: lazy greedy, swaps of one for one, and dropping what is needless.

Lazy greedy: Minoux 1978, "Accelerated greedy algorithms for maximizing submodular set functions"; with costs: Wolsey
1982; swaps: Teitz & Bart 1968. An option's places are ``places[starts[option]:starts[option + 1]]``.
"""

from __future__ import annotations

import heapq

import numpy as np
from scipy import sparse

from skypact.engines.compiled import compiled
from skypact.engines.coverage.siting.question import Cover, Floats, Ints, Limits

_UNLIMITED = np.iinfo(np.int64).max // 4
#: Moves of the tabu search: so many visits of one place by one option, and the bounds of that number.
_WANDERING = 300_000_000
_MOVES = (50, 500)
_DROPS_EVERY = 5


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
                self.starts, self.places, self.row_starts, self.viewers, self.weight, self.cost, start, sensors, budget,
                0, 0,
            )  # fmt: skip
            if not len(best) or self.cover.covered(found) > self.cover.covered(best):
                best = found
        return np.sort(best)

    def wandered(self, limits: Limits, seed: int, first: Ints | None = None, share: float = 1.0) -> Ints:
        """As :meth:`within`, then on from there by exchanges that may cover less for a while (tabu search).

        ``share`` of the usual number of moves.
        """
        first = self.within(limits, first)
        if not len(first):
            return first
        sensors = _UNLIMITED if limits.sensors is None else limits.sensors
        budget = _UNLIMITED if limits.budget is None else limits.budget
        moves = int(share * np.clip(_WANDERING / max(1, len(self.viewers)), *_MOVES))
        return np.sort(
            _swapped(
                self.starts, self.places, self.row_starts, self.viewers, self.weight, self.cost, first, sensors, budget,
                moves, seed,
            )
        )  # fmt: skip

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
    moves: int,
    seed: int,
) -> Ints:
    """The best exchange of one option for another, or the best addition, as long as one covers more.

    From there on ``moves`` more, the best of which may be worse; for some moves what came in stays and what went out
    stays out (tabu search, Glover 1989, ORSA J. Computing 1, 190–206). Under a budget every few moves the option that
    earns least for its cost goes, so that two may come for one. Returns the best options met.

    One pass over all places tells every gain: ``spare[j]`` is what option j adds, ``only[k, j]`` what both the k-th
    chosen one and j see and no other chosen one does (after Resende & Werneck 2007, EJOR 174, 54–68).
    """
    count = np.zeros(len(weight), dtype=np.int64)
    owner = np.zeros(len(weight), dtype=np.int64)
    chosen = chosen.copy()
    best_chosen, most, climbing, move = chosen.copy(), -1, True, 0
    barred = np.zeros(len(cost), dtype=np.int64)
    chance = np.uint64(seed) + np.uint64(0x9E3779B97F4A7C15)
    while True:
        count[:] = 0
        for rank in range(len(chosen)):
            for at in range(starts[chosen[rank]], starts[chosen[rank] + 1]):
                count[places[at]] += 1
                owner[places[at]] = rank
        spare = np.zeros(len(cost), dtype=np.int64)
        only = np.zeros((len(chosen), len(cost)), dtype=np.int64)
        loss = np.zeros(len(chosen), dtype=np.int64)
        covered = 0
        for place in range(len(weight)):
            if count[place] == 0:
                for at in range(row_starts[place], row_starts[place + 1]):
                    spare[viewers[at]] += weight[place]
                continue
            covered += weight[place]
            if count[place] == 1:
                loss[owner[place]] += weight[place]
                for at in range(row_starts[place], row_starts[place + 1]):
                    only[owner[place], viewers[at]] += weight[place]
        if covered > most:
            most, best_chosen = covered, chosen.copy()
        left = budget - cost[chosen].sum()
        best, leaving, coming = 0 if climbing else -_UNLIMITED, -1, -1
        held = np.zeros(len(cost), dtype=np.bool_)
        held[chosen] = True
        for option in range(len(cost)):
            if held[option] or barred[option] > move:
                continue
            if len(chosen) < sensors and cost[option] <= left and spare[option] > best:
                best, leaving, coming = spare[option], -1, option
            for rank in range(len(chosen)):
                gain = spare[option] + only[rank, option] - loss[rank]
                if gain > best and barred[chosen[rank]] <= move and cost[option] <= left + cost[chosen[rank]]:
                    best, leaving, coming = gain, rank, option
        if not climbing and budget < _UNLIMITED and move % _DROPS_EVERY == 0 and len(chosen) > 1:
            idle = np.where(barred[chosen] > move, np.inf, loss / cost[chosen])
            leaving, coming = int(np.argmin(idle)), -1
        if climbing and coming < 0:
            climbing = False
        if not climbing:
            if move >= moves:
                return best_chosen
            move += 1
        if coming >= 0 and leaving >= 0:
            if not climbing:
                chance = chance * np.uint64(6364136223846793005) + np.uint64(1442695040888963407)
                barred[chosen[leaving]] = move + 3 + np.int64((chance >> np.uint64(33)) % np.uint64(9))
                barred[coming] = move + 1 + np.int64((chance >> np.uint64(43)) % np.uint64(len(chosen) // 3 + 1))
            chosen[leaving] = coming
        elif coming >= 0:
            chosen = np.append(chosen, coming)
        elif leaving >= 0:
            barred[chosen[leaving]] = move + 4
            chosen = np.delete(chosen, leaving)


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
