"""A relaxation that is solved again and again within other bounds: each time from where it ended the time before.

After a change of bounds the last basis still prices everything right, so that the dual simplex needs a few steps where
a start from nothing needs hundreds (Lemke 1954, Naval Research Logistics Quarterly 1(1)).
"""

from __future__ import annotations

import numpy as np
from ortools.linear_solver import pywraplp  # type: ignore[attr-defined]  # made by SWIG, without types
from ortools.linear_solver.linear_solver_pb2 import MPSolutionResponse

from skypact.engines.interop.together.assembling.products import Floats
from skypact.engines.interop.together.choosing import Arrays

#: Presolving and scaling would change the program from one time to the next, and the basis with it.
_GLOP = "use_dual_simplex:true,use_preprocessing:false"


class Warm:
    """One program without its whole numbers, kept in the solver (GLOP)."""

    def __init__(self, arrays: Arrays) -> None:
        self._solver = pywraplp.Solver.CreateSolver("GLOP")
        if not self._solver.SetSolverSpecificParametersAsString(_GLOP):
            raise RuntimeError(f"GLOP takes no parameters {_GLOP}")
        self._low, self._high = arrays.low.copy(), arrays.high.copy()
        self._columns = [
            self._solver.NumVar(low, high, "")
            for low, high in zip(arrays.low.tolist(), arrays.high.tolist(), strict=True)
        ]
        objective = self._solver.Objective()
        for column in np.flatnonzero(arrays.cost).tolist():
            objective.SetCoefficient(self._columns[column], float(arrays.cost[column]))
        starts, columns, weights = (
            part.tolist() for part in (arrays.matrix.indptr, arrays.matrix.indices, arrays.matrix.data)
        )
        for row, (low, high) in enumerate(zip(arrays.row_low.tolist(), arrays.row_high.tolist(), strict=True)):
            constraint = self._solver.Constraint(low, high)
            for entry in range(starts[row], starts[row + 1]):
                constraint.SetCoefficient(self._columns[columns[entry]], weights[entry])
        self._answer = MPSolutionResponse()

    def solve(self, low: Floats, high: Floats) -> tuple[Floats, Floats] | None:
        """Prices of the rows and values of the columns within the bounds; None where the solver found no best point."""
        for column in np.flatnonzero((low != self._low) | (high != self._high)).tolist():
            self._columns[column].SetBounds(float(low[column]), float(high[column]))
        self._low, self._high = low.copy(), high.copy()
        if self._solver.Solve() != pywraplp.Solver.OPTIMAL:
            return None
        self._solver.FillSolutionResponseProto(self._answer)
        return np.array(self._answer.dual_value), np.array(self._answer.variable_value)
