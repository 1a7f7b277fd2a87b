"""The best multipliers there are for set cover: duals of the linear relaxation, columns generated where they pay.

GLOP solves the relaxation over a core; columns of negative reduced cost join it until there are none. The bound is then
priced over all columns (:class:`Multipliers`), so that neither tolerances nor an early end can make it too high.
"""

from __future__ import annotations

import numpy as np
from ortools.math_opt import model_pb2
from ortools.math_opt.python import mathopt

from skypact.engines.coverage.siting.columns import Columns
from skypact.engines.coverage.siting.effort import Effort
from skypact.engines.coverage.siting.question import Floats, Ints
from skypact.engines.coverage.siting.subgradient import Multipliers, reduced_costs

_ROUNDS = 60
_JOIN_A_ROW = 2
_NEAR = 0.05
_ENOUGH = 1e-9


def tightened(columns: Columns, start: Multipliers, effort: Effort) -> Multipliers:
    """The optimal multipliers, or the best ones found before the effort was over."""
    best = start
    _, reduced = reduced_costs(columns.starts, columns.places, columns.cost, start.price)
    core = np.union1d(start.core, _cheapest(reduced, _NEAR, 2 * _JOIN_A_ROW * columns.rows))
    for _ in range(_ROUNDS):
        solved = _relaxation(columns.part(core), effort)
        if solved is None:
            break
        value, price = solved
        priced = Multipliers.at(columns, price)
        effort.spend(3 * columns.entries)
        if priced.bound > best.bound:
            best = priced
        if best.bound >= value - _ENOUGH * max(1.0, value):
            break
        _, reduced = reduced_costs(columns.starts, columns.places, columns.cost, price)
        core = np.union1d(core, _cheapest(reduced, -_ENOUGH, _JOIN_A_ROW * columns.rows))
    return best


def _cheapest(reduced: Floats, below: float, most: int) -> Ints:
    """At most so many columns of lowest reduced cost below a limit."""
    some = np.flatnonzero(reduced < below)
    return some[np.argsort(reduced[some], kind="stable")[:most]]


def _relaxation(columns: Columns, effort: Effort) -> tuple[float, Floats] | None:
    """The least cost of shares that cover every row, and the rows' duals; ``None`` where the effort was over first."""
    if effort.over:
        return None
    across, viewers = columns.across()
    model = model_pb2.ModelProto()
    shares, rows, matrix = model.variables, model.linear_constraints, model.linear_constraint_matrix
    shares.ids.extend(range(len(columns)))
    shares.lower_bounds.extend(np.zeros(len(columns)))
    shares.upper_bounds.extend(np.full(len(columns), np.inf))
    shares.integers.extend([False] * len(columns))
    model.objective.linear_coefficients.ids.extend(range(len(columns)))
    model.objective.linear_coefficients.values.extend(columns.cost)
    rows.ids.extend(range(columns.rows))
    rows.lower_bounds.extend(np.ones(columns.rows))
    rows.upper_bounds.extend(np.full(columns.rows, np.inf))
    matrix.row_ids.extend(np.repeat(np.arange(columns.rows), np.diff(across)))
    matrix.column_ids.extend(viewers)
    matrix.coefficients.extend(np.ones(columns.entries))
    parameters = mathopt.SolveParameters(threads=1)
    parameters.glop.max_deterministic_time = effort.seconds
    program = mathopt.Model.from_model_proto(model)
    result = mathopt.solve(program, mathopt.SolverType.GLOP, params=parameters)
    if result.termination.reason != mathopt.TerminationReason.OPTIMAL:
        effort.seconds = 0.0
        return None
    effort.spend(result.solve_stats.simplex_iterations * 2 * (columns.entries + columns.rows))
    duals = result.dual_values()
    price = np.array([duals[row] for row in program.linear_constraints()])
    return result.objective_value(), np.maximum(price, 0.0)
