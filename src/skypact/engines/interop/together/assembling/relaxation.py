"""The program without its whole numbers, solved over few columns at a time; and a floor that rounding cannot raise.

Nearly every row says that one product may be chosen only where its protocol, bus, mount or band is in use. A row of a
product that is not looked at holds of itself, so that the solver (GLOP) sees a few hundred rows of tens of thousands.
Its prices of the rest are then zero, all others are known, and one product of a matrix and a vector says which products
left out would lower the cost; these come in, until there are none (sifting: Bixby, Gregory, Lustig, Marsten and Shanno
1992, Operations Research 40(5)).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from ortools.linear_solver.python.model_builder_helper import ModelBuilderHelper, ModelSolverHelper, SolveStatus
from scipy.sparse import csr_matrix, hstack

from skypact.engines.interop.together.assembling.products import Flags, Floats, Ints
from skypact.engines.interop.together.assembling.program import KitProgram
from skypact.engines.interop.together.assembling.warm import Warm
from skypact.engines.interop.together.choosing import Arrays, model

_NEARLY = 1e-7
#: So many products come in at a time.
_COMING = 200


@dataclass(frozen=True, eq=False)
class Relaxed:
    """No kit within the bounds costs less than ``floor``; a column at its lower bound raises that by its ``prices``.

    ``values`` are the relaxation's own; ``floor`` is infinite, and the rest empty, where nothing fits the bounds. Where
    the solver fails for want of digits, ``floor`` is minus infinity: nothing is known.
    """

    floor: float
    values: Floats
    prices: Floats


class Relaxation:
    """The relaxation of one program within bounds that change."""

    def __init__(self, program: KitProgram) -> None:
        arrays = program.arrays
        self.program = program
        self.columns = arrays.matrix.tocsc()
        self.turned = arrays.matrix.T.tocsr()
        self._up, self._down = arrays.matrix.maximum(0).tocsr(), arrays.matrix.minimum(0).tocsr()
        self.carrying = np.zeros(len(arrays.cost), dtype=np.bool_)
        self.carrying[program.carriers] = True
        backed = arrays.matrix[program.backing][:, : program.count]
        self._backed = backed.astype(np.bool_).astype(np.float64).tocsr()

    def view(self, low: Floats, high: Floats, active: Flags) -> View:
        """The relaxation within ``low`` and ``high`` and, to begin with, over the products ``active``."""
        return View(self, low, high, active)

    def looked_at(self, active: Flags, high: Floats) -> Flags:
        """bool (columns,): the products ``active`` and all that is no product, but nothing that no such can carry."""
        shown = ~self.carrying
        shown[: self.program.count] = active
        shown[self.program.carriers] = self.backed(active)
        return np.asarray(shown & (high > 0))

    def backed(self, active: Flags) -> Flags:
        """bool (carriers,): those that a product of ``active`` can carry."""
        return np.asarray(self._backed @ active.astype(np.float64) > 0)

    def carried(self, each: Floats) -> Floats:
        """(pairs,): the least of ``each`` (n,) among the adapters that make one protocol into the other."""
        backed = self._backed[-len(self.program.pairs) :]
        if not len(self.program.pairs):
            return np.empty(0)
        return np.asarray(np.minimum.reduceat(each[backed.indices], backed.indptr[:-1]))

    def rows(self, low: Floats, high: Floats, shown: Flags) -> Ints:
        """The rows that do not hold of themselves."""
        arrays = self.program.arrays
        least, most = np.where(shown, low, 0.0), np.where(shown, high, 0.0)
        lowest = self._up @ least + self._down @ most
        highest = self._up @ most + self._down @ least
        idle = (lowest >= arrays.row_low - _NEARLY / 100) & (highest <= arrays.row_high + _NEARLY / 100)
        return np.flatnonzero(~idle)

    def part(self, low: Floats, high: Floats, shown: Flags) -> Arrays:
        """The program over the columns ``shown``, the others zero, without the rows that then hold of themselves."""
        arrays, rows = self.program.arrays, self.rows(low, high, shown)
        return Arrays(
            arrays.cost[shown],
            low[shown],
            high[shown],
            arrays.whole[shown],
            self.columns[:, np.flatnonzero(shown)].tocsr()[rows],
            arrays.row_low[rows],
            arrays.row_high[rows],
        )


class View:
    """The relaxation within given bounds; asked again within narrower ones, it keeps the products that came in."""

    def __init__(self, whole: Relaxation, low: Floats, high: Floats, active: Flags) -> None:
        self.whole, self.low, self.high = whole, low, high
        self.active = active & (high[: whole.program.count] > 0)
        self._cut()

    def _cut(self) -> None:
        self.shown = self.whole.looked_at(self.active, self.high)
        self.at = np.flatnonzero(self.shown)
        self.rows = self.whole.rows(self.low, self.high, self.shown)
        self.part = self.whole.part(self.low, self.high, self.shown)
        self._asked = 0
        self._warm: Warm | None = None

    def _solved(self, low: Floats, high: Floats) -> tuple[Floats, Floats] | None:
        """Prices and values of the part; what is asked again is kept in the solver."""
        self._asked += 1
        if self._asked == 1:
            return _solved(replace(self.part, low=low, high=high))
        if self._warm is None:
            self._warm = Warm(self.part)
        return self._warm.solve(low, high)

    def solve(self, low: Floats | None = None, high: Floats | None = None) -> Relaxed:
        """The relaxation within ``low`` and ``high``, which lie within the view's own bounds."""
        low, high = self.low if low is None else low, self.high if high is None else high
        cost, tried = self.whole.program.arrays.cost, 0
        while True:
            solved = self._solved(low[self.at], high[self.at])
            if solved is None:
                fits, tried = self._feasible(low, high), tried + 1
                if fits is False:
                    return Relaxed(np.inf, np.empty(0), np.empty(0))
                if fits is None or tried > 1:
                    return Relaxed(-np.inf, np.zeros(len(cost)), np.zeros(len(cost)))
                continue
            floor, prices = self._floor(solved[0], cost, low, high)
            if self._come(prices, high):
                continue
            values = np.zeros(len(cost))
            values[self.at] = solved[1]
            return Relaxed(floor, values, prices)

    def _floor(self, duals: Floats, cost: Floats, low: Floats, high: Floats) -> tuple[float, Floats]:
        """What no point within the bounds costs less than, at any ``duals`` (weak duality), and the reduced costs.

        A row that was left out has the price zero, save the rows that back what carries: of a pair or converter none of
        whose products is looked at, that price takes what its carriers would bring, so that its products are priced.
        """
        arrays, program = self.whole.program.arrays, self.whole.program
        prices = np.zeros(len(arrays.row_low))
        prices[self.rows] = duals
        np.minimum(prices, 0.0, out=prices, where=np.isneginf(arrays.row_low))
        np.maximum(prices, 0.0, out=prices, where=np.isposinf(arrays.row_high))
        reduced = cost - self.whole.turned @ prices
        out = ~self.shown[program.carriers] & (high[program.carriers] > 0)
        np.maximum.at(prices, program.backing[out], np.maximum(0.0, -reduced[program.carriers[out]]))
        reduced = cost - self.whole.turned @ prices
        gained = prices > 0
        rows = prices[gained] @ arrays.row_low[gained] + prices[prices < 0] @ arrays.row_high[prices < 0]
        return float(rows + np.minimum(reduced * low, reduced * high).sum()), reduced

    def _come(self, prices: Floats, high: Floats) -> bool:
        """Whether products come in that would lower the cost: those that do so most."""
        count = self.whole.program.count
        better = np.flatnonzero(~self.active & (prices[:count] < -_NEARLY) & (high[:count] > 0))
        if not len(better):
            return False
        self.active[better[np.argsort(prices[better], kind="stable")[:_COMING]]] = True
        self._cut()
        return True

    def _feasible(self, low: Floats, high: Floats) -> bool | None:
        """Whether something fits the bounds, None if the solver cannot tell; the products that it takes come in."""
        nothing = np.zeros(len(self.whole.program.arrays.cost))
        while True:
            part = self.part
            below, above = (np.flatnonzero(np.isfinite(side)) for side in (part.row_low, part.row_high))
            lacking = [
                csr_matrix(
                    (np.full(len(rows), sign), (rows, np.arange(len(rows)))), shape=(len(part.row_low), len(rows))
                )
                for rows, sign in ((below, 1.0), (above, -1.0))
            ]
            more = len(below) + len(above)
            solved = _solved(
                Arrays(
                    np.concatenate([np.zeros(len(self.at)), np.ones(more)]),
                    np.concatenate([low[self.at], np.zeros(more)]),
                    np.concatenate([high[self.at], np.full(more, np.inf)]),
                    np.zeros(len(self.at) + more, dtype=np.bool_),
                    hstack([part.matrix, *lacking]).tocsr(),
                    part.row_low,
                    part.row_high,
                )
            )
            if solved is None:
                return None
            if solved[1][-more:].sum() < _NEARLY:
                return True
            # at these prices nothing within the bounds fits if the floor of what is lacking is above zero
            floor, prices = self._floor(np.clip(solved[0], -1.0, 1.0), nothing, low, high)
            if floor > _NEARLY:
                return False
            if not self._come(prices, high):
                return None


def _solved(arrays: Arrays) -> tuple[Floats, Floats] | None:
    """Prices of the rows and values of the columns; None where the solver found no best point."""
    solver = ModelSolverHelper("GLOP")
    asked: ModelBuilderHelper = model(arrays, relaxed=True)
    solver.solve(asked)
    if solver.status() != SolveStatus.OPTIMAL:
        return None
    return np.array(solver.dual_values()), np.array(solver.variable_values())
