"""The exact end of siting: CP-SAT over the options that bounds could not decide, one worker, limited by work."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass

import numpy as np
from ortools.sat.python import cp_model

from skypact.engines.coverage.siting.bounding import Bounded
from skypact.engines.coverage.siting.columns import Columns
from skypact.engines.coverage.siting.question import Cover, Flags, Ints

_POLL_S = 0.05


@dataclass(frozen=True, eq=False)
class Proof:
    """A better answer (``None``: none found), the bound on all better ones, and whether the user ended the search.

    ``bound`` is ``None`` where nothing is proven; where no better answer exists, it is the value known before. ``work``
    is CP-SAT's deterministic time, about seconds of one quiet core.
    """

    options: Ints | None
    bound: int | None
    stopped: bool
    work: float


def prove_partial(
    cover: Cover, need: int, known: Bounded, *, work_limit: float, seed: int, stop: Callable[[], bool]
) -> Proof:
    """Searches for options that cover at least ``need`` and cost less than the known ones.

    Only cheaper ones are searched for, since what bounds say about single options holds for those alone.
    """
    model = cp_model.CpModel()
    use = [model.new_bool_var(f"option {number}") for number in range(len(cover.cost))]
    for number in np.flatnonzero(known.never).tolist():
        model.add(use[number] == 0)
    for number in np.flatnonzero(known.always).tolist():
        model.add(use[number] == 1)
    held = set(known.options.tolist())
    for number, variable in enumerate(use):
        model.add_hint(variable, number in held)
    covered = [model.new_bool_var(f"place {number}") for number in range(len(cover.weight))]
    for place, counted in enumerate(covered):
        model.add(sum(use[option] for option in np.flatnonzero(cover.seen[:, place])) >= counted)
    model.add(cp_model.LinearExpr.weighted_sum(covered, cover.weight.tolist()) >= need)
    costs = cp_model.LinearExpr.weighted_sum(use, cover.cost.tolist())
    spent = int(cover.cost[known.options].sum())
    model.add_linear_constraint(costs, math.ceil(known.bound - 1e-6), spent - 1)
    model.minimize(costs)
    return _searched(model, use, spent, work_limit, seed, stop)


def prove_cover(
    columns: Columns,
    cost: Ints,
    between: tuple[int, int],
    *,
    hint: Flags,
    work_limit: float,
    seed: int,
    stop: Callable[[], bool],
) -> Proof:
    """Searches for a cover of all rows at a cost from the first to the second of ``between``, cheapest first.

    ``cost`` (n,) are whole numbers; ``hint`` (n,) marks columns of the known cover.
    """
    model = cp_model.CpModel()
    use = [model.new_bool_var(f"column {number}") for number in range(len(columns))]
    across, viewers = columns.across()
    for first, last in itertools.pairwise(across.tolist()):
        model.add_bool_or([use[column] for column in viewers[first:last].tolist()])
    for variable, held in zip(use, hint.tolist(), strict=True):
        model.add_hint(variable, held)
    spent = cp_model.LinearExpr.weighted_sum(use, cost.tolist())
    model.add_linear_constraint(spent, *between)
    model.minimize(spent)
    return _searched(model, use, between[1] + 1, work_limit, seed, stop)


def _searched(
    model: cp_model.CpModel,
    use: list[cp_model.IntVar],
    known: int,
    work_limit: float,
    seed: int,
    stop: Callable[[], bool],
) -> Proof:
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.linearization_level = 2
    solver.parameters.random_seed = seed
    solver.parameters.max_deterministic_time = work_limit
    solver.parameters.catch_sigint_signal = False
    stopped = False
    with ThreadPoolExecutor(1) as pool:
        search = pool.submit(solver.solve, model)
        try:
            while not wait([search], timeout=_POLL_S).done:
                if not stopped and stop():
                    stopped = True
                    solver.stop_search()
        except BaseException:
            solver.stop_search()
            raise
    status = search.result()
    if status == cp_model.INFEASIBLE:
        return Proof(None, known, stopped=False, work=solver.response_proto.deterministic_time)
    if status == cp_model.UNKNOWN:
        return Proof(None, None, stopped, solver.response_proto.deterministic_time)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        raise RuntimeError(f"CP-SAT answers {solver.status_name(status)} to a siting model")
    options = np.array([number for number, one in enumerate(use) if solver.value(one)], dtype=np.int64)
    unfinished = stopped and status != cp_model.OPTIMAL
    return Proof(options, round(solver.best_objective_bound), unfinished, solver.response_proto.deterministic_time)
