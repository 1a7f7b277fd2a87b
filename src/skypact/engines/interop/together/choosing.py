"""The least cost of a program with whole numbers, with proof, also where it has tens of thousands of columns.

The relaxation first (GLOP); then HiGHS on the columns that look best at its prices, for a first answer; then every
column whose reduced cost exceeds what the first answer is above the relaxation is fixed, which loses no better answer
(reduced-cost fixing: Dantzig, Fulkerson and Johnson 1954, Operations Research 2(4); Nemhauser and Wolsey 1988, ch.
II.2); and HiGHS proves what is left (Huangfu and Hall 2018, Math. Prog. Comp. 10).
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray
from ortools.linear_solver.python.model_builder_helper import ModelBuilderHelper, ModelSolverHelper, SolveStatus
from scipy.sparse import csr_matrix

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

#: With fewer whole columns HiGHS is asked at once.
_SMALL = 1500
#: How many columns the first answer is looked for among: those with the least reduced cost.
_PROMISING = 250
_HIGHS = (
    "output_flag=false,threads=1,mip_rel_gap={rel:g},mip_abs_gap={gap:g},mip_heuristic_effort={effort:g},"
    "mip_max_nodes={nodes:d}"
)
#: A first answer need not be the best of its columns: so near is near enough.
_FIRST_GAP = 0.005
_WHOLE = 1e-6


class Outcome(StrEnum):
    """What is known at the end."""

    PROVEN = "proven"
    """nothing costs less"""
    FOUND = "found"
    """an answer, but time ran out before the proof"""
    IMPOSSIBLE = "impossible"
    """proven: there is no answer"""
    OPEN = "open"
    """time ran out before an answer was found"""


@dataclass(eq=False)
class Program:
    """Columns with costs and bounds, and rows ``low ≤ Σ weight · column ≤ high``, added piece by piece."""

    cost: list[float] = field(default_factory=list)
    low: list[float] = field(default_factory=list)
    high: list[float] = field(default_factory=list)
    whole: list[bool] = field(default_factory=list)
    _entries: list[tuple[int, int, float]] = field(default_factory=list)
    _row_low: list[float] = field(default_factory=list)
    _row_high: list[float] = field(default_factory=list)

    def column(self, *, cost: float = 0.0, low: float = 0.0, high: float = 1.0, whole: bool = False) -> int:
        """A new column; its number."""
        self.cost.append(cost)
        self.low.append(low)
        self.high.append(high)
        self.whole.append(whole)
        return len(self.cost) - 1

    def row(
        self, columns: Sequence[int], weights: Sequence[float], *, low: float = -np.inf, high: float = np.inf
    ) -> int:
        """A new row; its number."""
        number = len(self._row_low)
        self._entries += [(number, column, weight) for column, weight in zip(columns, weights, strict=True)]
        self._row_low.append(low)
        self._row_high.append(high)
        return number

    @property
    def matrix(self) -> csr_matrix:
        """The rows, sparse (rows, columns)."""
        rows, columns, weights = zip(*self._entries, strict=True) if self._entries else ((), (), ())
        shape = (len(self._row_low), len(self.cost))
        return csr_matrix((np.array(weights, dtype=float), (rows, columns)), shape=shape)

    def arrays(self) -> Arrays:
        """The program as arrays."""
        return Arrays(
            np.array(self.cost, dtype=float),
            np.array(self.low, dtype=float),
            np.array(self.high, dtype=float),
            np.array(self.whole, dtype=np.bool_),
            self.matrix,
            np.array(self._row_low, dtype=float),
            np.array(self._row_high, dtype=float),
        )


@dataclass(frozen=True, eq=False)
class Arrays:
    """A program of n columns and m rows: ``cost``, ``low``, ``high``, ``whole`` are (n,), the rest (m, n) and (m,)."""

    cost: Floats
    low: Floats
    high: Floats
    whole: Flags
    matrix: csr_matrix
    row_low: Floats
    row_high: Floats


@dataclass(frozen=True, eq=False)
class Solved:
    """The best answer found, what it costs, and below what no answer can cost."""

    outcome: Outcome
    values: Floats
    cost: float
    bound: float


def cheapest(program: Arrays, *, limit_s: float = 60.0, unit: float = 0.01) -> Solved:
    """The least cost of ``program``, proven to within ``unit``: sums of costs that differ, differ by at least that.

    ``limit_s`` is wall time; what is not proven by then is returned as found, with its bound.
    """
    end = time.monotonic() + limit_s
    if int(program.whole.sum()) <= _SMALL:
        return with_highs(program, limit_s, unit)
    relaxed, prices = _relaxed(program, limit_s)
    if relaxed.outcome is not Outcome.PROVEN:
        return relaxed
    looked_at = _promising(program, relaxed.values, prices)
    first = with_highs(_fixed(program, ~looked_at), (end - time.monotonic()) / 2, unit, near=_FIRST_GAP)
    if first.outcome in (Outcome.IMPOSSIBLE, Outcome.OPEN):
        return with_highs(program, end - time.monotonic(), unit)
    rest = _below(program, first.cost, relaxed, prices, end - time.monotonic(), unit)
    if rest.outcome is Outcome.IMPOSSIBLE:
        return Solved(Outcome.PROVEN, first.values, first.cost, first.cost)
    if rest.outcome is Outcome.OPEN:
        return Solved(Outcome.FOUND, first.values, first.cost, max(relaxed.cost, rest.bound))
    return Solved(rest.outcome, rest.values, rest.cost, max(relaxed.cost, rest.bound))


def cheaper(program: Arrays, *, than: float, limit_s: float = 60.0, unit: float = 0.01) -> Solved:
    """The least cost of ``program`` if it is less ``than`` a known one; impossible: proven that nothing is."""
    end = time.monotonic() + limit_s
    relaxed, prices = _relaxed(program, limit_s)
    if relaxed.outcome is not Outcome.PROVEN:
        return relaxed
    return _below(program, than, relaxed, prices, end - time.monotonic(), unit)


def _below(program: Arrays, known: float, relaxed: Solved, prices: Floats, limit_s: float, unit: float) -> Solved:
    """The least cost below a known one, without the columns whose reduced cost leads beyond it."""
    if known - relaxed.cost < unit:
        return Solved(Outcome.IMPOSSIBLE, np.empty(0), np.inf, np.inf)
    out = program.whole & (np.abs(prices) > known - relaxed.cost - unit / 2) & _at_bound(program, relaxed.values)
    return with_highs(below(_held(program, out, relaxed.values), known - unit), limit_s, unit, effort=0.0)


def relaxation(program: Arrays, *, limit_s: float = 60.0) -> Solved:
    """The program without its whole numbers: a floor that needs no search."""
    return _relaxed(program, limit_s)[0]


def _relaxed(program: Arrays, limit_s: float) -> tuple[Solved, Floats]:
    solver = ModelSolverHelper("GLOP")
    solver.set_time_limit_in_seconds(max(limit_s, 0.01))
    solver.solve(model(program))
    nothing = np.empty(0)
    if solver.status() == SolveStatus.OPTIMAL:
        cost = solver.objective_value()
        return Solved(Outcome.PROVEN, np.array(solver.variable_values()), cost, cost), np.array(solver.reduced_costs())
    impossible = solver.status() == SolveStatus.INFEASIBLE
    outcome = Outcome.IMPOSSIBLE if impossible else Outcome.OPEN
    return Solved(outcome, nothing, np.inf, np.inf if impossible else -np.inf), nothing


def _promising(program: Arrays, values: Floats, prices: Floats) -> Flags:
    """The whole columns in use in the relaxation and the next best ones at its prices; all that are not whole."""
    kept = ~program.whole | (values > program.low + _WHOLE)
    order = np.argsort(np.where(kept, np.inf, prices), kind="stable")
    kept[order[: max(0, _PROMISING - int((kept & program.whole).sum()))]] = True
    return np.asarray(kept)


def _at_bound(program: Arrays, values: Floats) -> Flags:
    return np.asarray((values <= program.low + _WHOLE) | (values >= program.high - _WHOLE))


def _fixed(program: Arrays, out: Flags) -> Arrays:
    """The program with the columns ``out`` at their lower bounds."""
    return _held(program, out, program.low)


def _held(program: Arrays, out: Flags, values: Floats) -> Arrays:
    held = np.round(values)
    low, high = np.where(out, held, program.low), np.where(out, held, program.high)
    return Arrays(program.cost, low, high, program.whole, program.matrix, program.row_low, program.row_high)


def below(program: Arrays, most: float) -> Arrays:
    """The program with a row more: it must cost at most ``most``."""
    return _with_row(program, program.cost, high=most)


def _with_row(program: Arrays, weights: Floats, *, low: float = -np.inf, high: float = np.inf) -> Arrays:
    return Arrays(
        program.cost,
        program.low,
        program.high,
        program.whole,
        _stacked(program.matrix, csr_matrix(weights.reshape(1, -1))),
        np.append(program.row_low, low),
        np.append(program.row_high, high),
    )


def at_least(program: Arrays, columns: Sequence[int], least: float) -> Arrays:
    """The program with a row more: ``columns`` come to at least ``least`` together."""
    counted = np.zeros(len(program.cost))
    counted[list(columns)] = 1.0
    return _with_row(program, counted, low=least)


def _stacked(above: csr_matrix, below: csr_matrix) -> csr_matrix:
    indptr = np.concatenate([above.indptr, above.indptr[-1] + below.indptr[1:]])
    indices = np.concatenate([above.indices, below.indices])
    data = np.concatenate([above.data, below.data])
    return csr_matrix((data, indices, indptr), shape=(above.shape[0] + 1, above.shape[1]))


def with_highs(
    program: Arrays, limit_s: float, unit: float, *, near: float = 0.0, effort: float = 0.05, nodes: int = 2**31 - 1
) -> Solved:
    """The program without its fixed columns, proven by HiGHS to within ``unit``, or to a share ``near`` of the cost.

    ``effort`` is HiGHS's own for finding answers; none is left for it where only the proof is wanted. After ``nodes``
    of its search it ends as if time were out.
    """
    nothing = np.empty(0)
    if limit_s <= 0:
        return Solved(Outcome.OPEN, nothing, np.inf, -np.inf)
    free = program.high > program.low
    fixed_cost = float(program.cost[~free] @ program.low[~free])
    moved = program.matrix[:, ~free] @ program.low[~free]
    smaller = Arrays(
        program.cost[free],
        program.low[free],
        program.high[free],
        program.whole[free],
        program.matrix[:, free],
        program.row_low - moved,
        program.row_high - moved,
    )
    if not free.any():
        fits = bool((smaller.row_low <= _WHOLE).all() and (smaller.row_high >= -_WHOLE).all())
        outcome = Outcome.PROVEN if fits else Outcome.IMPOSSIBLE
        return Solved(outcome, program.low.copy(), fixed_cost if fits else np.inf, fixed_cost if fits else np.inf)
    solver = ModelSolverHelper("HIGHS")
    solver.set_time_limit_in_seconds(limit_s)
    solver.set_solver_specific_parameters(_HIGHS.format(rel=near, gap=unit / 2, effort=effort, nodes=nodes))
    solver.solve(model(smaller))
    status = solver.status()
    if status == SolveStatus.INFEASIBLE:
        return Solved(Outcome.IMPOSSIBLE, nothing, np.inf, np.inf)
    if status not in (SolveStatus.OPTIMAL, SolveStatus.FEASIBLE):
        return Solved(Outcome.OPEN, nothing, np.inf, -np.inf)
    values = program.low.copy()
    found = np.array(solver.variable_values())
    values[free] = np.where(smaller.whole, np.round(found), found)
    cost = float(program.cost @ values)
    bound = solver.best_objective_bound() + fixed_cost
    proven = status == SolveStatus.OPTIMAL
    return Solved(Outcome.PROVEN if proven else Outcome.FOUND, values, cost, cost if proven else min(bound, cost))


def model(program: Arrays, *, relaxed: bool = False) -> ModelBuilderHelper:
    """The program as OR-Tools takes it, without its whole numbers if ``relaxed``."""
    made = ModelBuilderHelper()
    fill: Any = made.fill_model_from_sparse_data  # its stub knows no shapes
    fill(program.low, program.high, program.cost, program.row_low, program.row_high, program.matrix)
    for column in [] if relaxed else np.flatnonzero(program.whole).tolist():
        made.set_var_integrality(column, True)
    return made
