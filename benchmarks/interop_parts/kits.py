"""The cheapest kit out of a whole made-up catalogue: CPU seconds of one thread, beside CP-SAT on the same program.

Both versions of the catalogue (``products``), from the seeds 1, 2, 3 and so on, fixed before anything was run. Every
answer passes the independent check. CP-SAT (one worker, ``linearization_level`` 2) has the first seed and is stopped
once it has used ``SKYPACT_PEER_LIMIT_S`` CPU seconds (120 if not set), as is clingo, where ``SKYPACT_CLINGO`` names a
Python that has it; their wall time does not matter. Where a peer proves a kit, that costs what ours does.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import numpy as np
from ortools.sat.python import cp_model

from benchmarks.interop_parts import clingo
from benchmarks.interop_parts.products import FEW_STANDARDS, MANY_STANDARDS, WANTED, Market, products
from benchmarks.row import Row
from skypact.engines.interop.together import Outcome
from skypact.engines.interop.together.assembling import Assembled, Products, assemble, program, verify_assembly
from skypact.engines.interop.together.choosing import Arrays

PEER_LIMIT_S = float(os.environ.get("SKYPACT_PEER_LIMIT_S", "120"))
OUR_LIMIT_S = 600.0
_LOOK_EVERY_S = 0.1
#: How many products, from how many seeds, and the bar (CPU s).
SIZES = ((1_600, 5, 10.0), (20_000, 3, 25.0))


def rows() -> Iterator[Row]:
    """The slowest proof of several seeds for each size and version."""
    for market in (FEW_STANDARDS, MANY_STANDARDS):
        for count, seeds, limit in SIZES:
            timed = [_kit(count, market, seed) for seed in range(1, seeds + 1)]
            proven = sum(found.outcome is Outcome.PROVEN for _, found in timed)
            worst = max(taken for taken, _ in timed)
            measure = f"cheapest kit of {count:,} items, {market.name}: slowest of {seeds}, {proven} proven"
            first = products(count, market, seed=1)
            peer, cost = _kit_with_cp_sat(program(first, WANTED).arrays)
            if cost is not None and timed[0][1].outcome is Outcome.PROVEN:
                assert cost == timed[0][1].cost
            row = Row.at_most(measure, worst, "s", limit=limit)
            holds = row.holds and proven == seeds
            yield replace(
                row,
                holds=holds,
                peer=peer,
                peer_name=_named("CP-SAT", cost is not None, peer),
                ratio=peer / timed[0][0],
            )
            if (python := clingo.interpreter()) is not None:
                yield _beside_clingo(f"cheapest kit of {count:,} items, {market.name}: seed 1", python, first, timed[0])


def _named(peer: str, proven: bool, taken: float) -> str:
    return f"{peer}, proven" if proven else f"{peer}, no proof in {taken:.0f} s of CPU time"


def _beside_clingo(measure: str, python: Path, first: Products, ours: tuple[float, Assembled]) -> Row:
    """What clingo finds on the same question; the kit that it found passes the same check."""
    tried, (taken, found) = clingo.cheapest(python, first, WANTED, limit_s=PEER_LIMIT_S), ours
    name = _named("clingo", tried.proven, tried.taken_s)
    if tried.chosen is not None:
        cost = float(first.price[tried.chosen].sum())
        assert verify_assembly(first, WANTED, Assembled(Outcome.FOUND, tried.chosen, cost, 0.0)) == ()
        assert cost == found.cost or not tried.proven
        name = name if tried.proven else f"{name}: its best kit costs {cost / found.cost:.2f} times ours"
    return replace(Row.told(measure, taken, "s"), peer=tried.taken_s, peer_name=name, ratio=tried.taken_s / taken)


def _kit(count: int, market: Market, seed: int) -> tuple[float, Assembled]:
    catalogue = products(count, market, seed=seed)
    start = time.process_time()
    found = assemble(catalogue, WANTED, limit_s=OUR_LIMIT_S)
    taken = time.process_time() - start
    assert verify_assembly(catalogue, WANTED, found) == ()
    return taken, found


def _kit_with_cp_sat(arrays: Arrays) -> tuple[float, int | None]:
    """CPU seconds that CP-SAT takes for the same program (weights in tenths); its cost where it is proven."""
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
    start_s = time.process_time()
    with _stopped(solver, after_s=PEER_LIMIT_S):
        status = solver.solve(model)
    taken = time.process_time() - start_s
    return taken, round(solver.objective_value) if status == cp_model.OPTIMAL else None


@contextmanager
def _stopped(solver: cp_model.CpSolver, *, after_s: float) -> Iterator[None]:
    """Ends the search once this process has used ``after_s`` CPU seconds more: it does nothing else meanwhile."""
    ended, end_s = threading.Event(), time.process_time() + after_s

    def watch() -> None:
        while not ended.wait(_LOOK_EVERY_S):
            if time.process_time() > end_s:
                solver.stop_search()

    watching = threading.Thread(target=watch)
    watching.start()
    try:
        yield
    finally:
        ended.set()
        watching.join()
