"""The cheapest kit out of a whole made-up catalogue: CPU seconds of one thread, beside CP-SAT on the same program."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
from ortools.sat.python import cp_model

from benchmarks.interop_parts.products import FEW_STANDARDS, WANTED, products
from benchmarks.row import Row
from skypact.engines.interop.together import Outcome
from skypact.engines.interop.together.assembling import assemble, program, verify_assembly
from skypact.engines.interop.together.choosing import Arrays

PEER_KIT_LIMIT_S = 120.0


def rows() -> Iterator[Row]:
    """The cheapest kit, proven; CPU seconds."""
    for count, seeds, limit in ((1_600, (1, 2, 3), 10.0), (20_000, (1,), 25.0)):
        taken, proven = [], 0
        for seed in seeds:
            catalogue = products(count, FEW_STANDARDS, seed=seed)
            start = time.process_time()
            found = assemble(catalogue, WANTED, limit_s=600)
            taken.append(time.process_time() - start)
            assert verify_assembly(catalogue, WANTED, found) == ()
            proven += found.outcome is Outcome.PROVEN
        worst = max(taken)
        measure = f"cheapest kit of {count:,} items: slowest of {len(seeds)}, {proven} proven"
        peer, cost = _kit_with_cp_sat(program(products(count, FEW_STANDARDS, seed=seeds[0]), WANTED).arrays)
        name = "CP-SAT, proven" if cost is not None else f"CP-SAT, no proof in {PEER_KIT_LIMIT_S:g} s"
        row = Row.at_most(measure, worst, "s", limit=limit)
        yield replace(row, holds=row.holds and proven == len(seeds), peer=peer, peer_name=name, ratio=peer / taken[0])


def _kit_with_cp_sat(arrays: Arrays) -> tuple[float, int | None]:
    """How long CP-SAT takes for the same program (weights in tenths); its cost where it is proven."""
    model = cp_model.CpModel()
    high = np.round(arrays.high).astype(np.int64)
    columns = [model.new_int_var(0, int(most), "") for most in high]
    matrix = arrays.matrix
    for row in range(matrix.shape[0]):
        start, end = matrix.indptr[row], matrix.indptr[row + 1]
        total = sum(
            round(10 * weight) * columns[column]
            for column, weight in zip(matrix.indices[start:end].tolist(), matrix.data[start:end].tolist(), strict=True)
        )
        if np.isfinite(arrays.row_low[row]):
            model.add(total >= round(10 * arrays.row_low[row]))
        if np.isfinite(arrays.row_high[row]):
            model.add(total <= round(10 * arrays.row_high[row]))
    model.minimize(sum(int(cost) * column for cost, column in zip(arrays.cost, columns, strict=True) if cost))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.linearization_level = 2
    solver.parameters.max_time_in_seconds = PEER_KIT_LIMIT_S
    start_s = time.process_time()
    status = solver.solve(model)
    taken = time.process_time() - start_s
    return taken, round(solver.objective_value) if status == cp_model.OPTIMAL else None
