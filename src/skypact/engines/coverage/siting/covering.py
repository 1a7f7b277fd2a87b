"""Set cover: the cheapest options that leave no place out.

Columns that cannot matter go; multipliers come from subgradient steps and then from the linear relaxation; rounds of
three phases (multipliers, Lagrangian greedy, fixing of columns) and of refining find covers, after Caprara, Fischetti &
Toth 1999, Operations Research 47, 730–743; reduced costs leave few columns for the proof (CP-SAT, :mod:`proving`).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from skypact.engines.coverage.siting.columns import Columns
from skypact.engines.coverage.siting.effort import Effort
from skypact.engines.coverage.siting.greedy import apart, greedy, greedy_on_the_way, lean
from skypact.engines.coverage.siting.pricing import tightened
from skypact.engines.coverage.siting.proving import prove_cover
from skypact.engines.coverage.siting.question import Cover, Floats, Ints
from skypact.engines.coverage.siting.subgradient import Multipliers, descended, first_prices, reduced_costs

_GREEDIES = 250
_FIXED_A_TURN = 200
_SHAKEN = 0.1
_FIXED_AT_FIRST = 0.3
_FIXED_MORE = 1.1
_LEAST_SEARCH = 10.0
_ROUNDS = 20
_LOADED_A_SECOND = 1.5e5
_ROUNDING = 1e-9


@dataclass
class Known:
    """The best cover and bound so far, in hundredths of the currency, and whether the user ended the search."""

    options: Ints
    cost: int
    bound: int
    stopped: bool = False


def cover_all(
    cover: Cover,
    gap_wanted: float,
    work_limit: float,
    seed: int,
    progress: Callable[[float], None],
    stop: Callable[[], bool],
) -> Known:
    """The cheapest cover of every place that is seen at all, with a bound on all such covers.

    Ends at the wanted gap, or when ``work_limit`` is used up. Half of it goes into the search for covers.
    """
    return _Search(cover, gap_wanted, work_limit, seed, progress, stop).run()


class _Search:
    """One question: columns in units of the median cost, and what is known of them."""

    def __init__(
        self,
        cover: Cover,
        gap_wanted: float,
        work_limit: float,
        seed: int,
        progress: Callable[[float], None],
        stop: Callable[[], bool],
    ) -> None:
        self.whole, self.numbers = Columns.of(cover).undominated()
        self.cost = cover.cost.astype(np.int64)[self.numbers]
        self.step = int(np.gcd.reduce(self.cost))
        self.median = float(np.median(self.cost))
        self.columns = replace(self.whole, cost=self.whole.cost / self.median)
        self.unit = self.step / self.median
        self.gap_wanted, self.work_limit, self.seed = gap_wanted, work_limit, seed
        self.progress, self.stop = progress, stop
        self.chance = np.random.default_rng(seed)
        self.known = Known(np.empty(0, dtype=np.int64), 0, 0)

    def run(self) -> Known:
        """Multipliers first, then rounds of search with one short proof after the first, the long proof last."""
        search = Effort(max(_LEAST_SEARCH, self.work_limit / 2), self.stop)
        first_round_only = search.seconds - self.work_limit / 2
        proof = Effort(self.work_limit / 2, self.stop)
        start = Multipliers.at(self.columns, first_prices(self.columns))
        self._take(_greedy(self.columns, start.price))
        soft = descended(self.columns, start, self.known.cost / self.median, self.unit, search)
        self._bounded(soft)
        tight = tightened(self.columns, soft, search) if self._open else soft
        self._bounded(tight)
        between = Multipliers.at(self.columns, (soft.price + tight.price) / 2)
        if self._open:
            self._take(self._three_phases(self.columns, between, self.known.options, search))
        for turn in range(_ROUNDS if self.work_limit > 0 else 1):
            if turn < 2 and self._open and not proof.over:
                self._prove(tight, self.work_limit / 16 * (1 + turn), proof)
            if not self._open or search.over or (turn > 0 and search.seconds <= first_round_only):
                break
            self._round(tight if turn % 2 else between, search)
        if self._open and not proof.over and not search.stopped:
            self._prove(tight, proof.seconds, proof)
        self.known.options = np.sort(self.numbers[self.known.options])
        self.known.stopped = search.stopped or proof.stopped
        return self.known

    @property
    def _open(self) -> bool:
        """Whether the gap is wider than wanted; tells the progress."""
        missing = (self.known.cost - self.known.bound) / self.known.cost
        self.progress(1.0 - missing)
        return missing > self.gap_wanted

    def _take(self, options: Ints) -> None:
        cost = int(self.cost[options].sum())
        if self.known.cost == 0 or cost < self.known.cost:
            self.known.options, self.known.cost = options, cost

    def _bounded(self, found: Multipliers) -> None:
        """Costs are whole multiples of their greatest common divisor, and so is the bound."""
        bound = found.bound * self.median / self.step
        self.known.bound = max(self.known.bound, math.ceil(bound * (1 - _ROUNDING) - _ROUNDING) * self.step)

    def _round(self, start: Multipliers, effort: Effort) -> None:
        """Three phases, then refining: the columns that do best by the multipliers stay, the rest is solved again.

        The share of rows that stay grows until something better is found, and then begins anew.
        """
        columns, least = self.columns, self.known.bound / self.median
        best = self._three_phases(columns, start, _greedy(columns, start.price), effort)
        share = _FIXED_AT_FIRST
        while True:
            self._take(best)
            spent = float(columns.cost[best].sum())
            if spent < least + 0.5 * self.unit or effort.over or not self._open:
                return
            kept = _steady(columns, start, best, share)
            left, numbers, _ = columns.after(kept)
            if not left.rows:
                return
            goal = spent - float(columns.cost[kept].sum())
            again = descended(left, Multipliers.at(left, first_prices(left)), goal, self.unit, effort)
            rest = self._three_phases(left, again, np.flatnonzero(np.isin(numbers, best)), effort)
            tried = np.concatenate([kept, numbers[rest]])
            if columns.cost[tried].sum() < spent - 0.5 * self.unit:
                best, share = tried, _FIXED_AT_FIRST
            elif share < 1.0:
                share = min(1.0, share * _FIXED_MORE)
            else:
                return

    def _three_phases(self, columns: Columns, start: Multipliers, best: Ints, effort: Effort) -> Ints:
        """The best cover met while columns are fixed bit by bit; ``best`` where none is cheaper."""
        below, spent = float(columns.cost[best].sum()), 0.0
        fixed, numbers, left, found = np.empty(0, dtype=np.int64), np.arange(len(columns)), columns, start
        while spent + found.bound < below - 0.5 * self.unit and not effort.over:
            core = left.part(found.core)
            chosen, cost = greedy_on_the_way(
                core.starts, core.places, core.cost, found.price, below - spent, self.unit, found.step, _GREEDIES
            )
            effort.spend(4 * core.entries * _GREEDIES)
            if len(chosen):
                best, below = np.concatenate([fixed, numbers[found.core[chosen]]]), spent + cost
            _, reduced = reduced_costs(left.starts, left.places, left.cost, found.price)
            sure = apart(left.starts, left.places, reduced, left.rows)
            most = len(sure) + max(1, self.columns.rows // _FIXED_A_TURN)
            more, _ = greedy(left.starts, left.places, left.cost, found.price, sure, most)
            fixed, spent = np.concatenate([fixed, numbers[more]]), spent + float(left.cost[more].sum())
            left, columns_left, rows_left = left.after(more)
            numbers = numbers[columns_left]
            if not left.rows:
                return fixed if spent < below - 0.5 * self.unit else best
            price = found.price[rows_left] * self.chance.uniform(1 - _SHAKEN, 1 + _SHAKEN, left.rows)
            found = descended(left, Multipliers.at(left, price), below - spent, self.unit, effort)
        return best

    def _prove(self, tight: Multipliers, seconds: float, effort: Effort) -> None:
        """Looks for a cheaper cover among the columns that one can hold; none is the proof."""
        below = self.known.cost - self.step
        bound, reduced = reduced_costs(self.columns.starts, self.columns.places, self.columns.cost, tight.price)
        room = below / self.median * (1 + _ROUNDING) + _ROUNDING - bound
        possible = np.flatnonzero(reduced <= room)
        left = self.whole.part(possible)
        if len(np.unique(left.places)) < left.rows:
            self.known.bound = self.known.cost
            return
        left, kept = left.undominated()
        effort.seconds -= left.entries / _LOADED_A_SECOND
        if left.entries > seconds * _LOADED_A_SECOND:
            return
        numbers = possible[kept]
        proof = prove_cover(
            left,
            self.cost[numbers] // self.step,
            (self.known.bound // self.step, below // self.step),
            hint=np.isin(numbers, self.known.options),
            work_limit=seconds,
            seed=self.seed,
            stop=self.stop,
        )
        effort.seconds -= proof.work
        effort.stopped = effort.stopped or proof.stopped
        if proof.options is not None:
            self._take(numbers[proof.options])
        if proof.bound is not None:
            self.known.bound = max(self.known.bound, proof.bound * self.step)


def _greedy(columns: Columns, price: Floats) -> Ints:
    """One Lagrangian greedy cover over all columns."""
    nothing = np.empty(0, dtype=np.int64)
    chosen, count = greedy(columns.starts, columns.places, columns.cost, price, nothing, columns.rows)
    return lean(columns.starts, columns.places, columns.cost, chosen, count)


def _steady(columns: Columns, found: Multipliers, best: Ints, share: float) -> Ints:
    """The columns of a cover that add least to its distance from the bound, up to a share of the rows covered."""
    mine = columns.part(best)
    length = np.diff(mine.starts)
    owner = np.repeat(np.arange(len(best)), length)
    count = np.bincount(mine.places, minlength=columns.rows)
    shared = found.price * (count - 1) / np.maximum(count, 1)
    reduced = mine.cost - np.bincount(owner, found.price[mine.places], minlength=len(best))
    gap = np.bincount(owner, shared[mine.places], minlength=len(best)) + np.maximum(reduced, 0.0)
    order = np.argsort(gap, kind="stable")
    rank = np.empty(len(best), dtype=np.int64)
    rank[order] = np.arange(len(best))
    first = np.full(columns.rows, len(best))
    np.minimum.at(first, mine.places, rank[owner])
    covered = np.cumsum(np.bincount(first, minlength=len(best) + 1)[: len(best)])
    return best[order[covered <= share * columns.rows]]
