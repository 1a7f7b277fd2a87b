"""The exact end of siting: CP-SAT over the options that bounds could not decide, one worker, limited by work."""

from __future__ import annotations

import math
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass

import numpy as np
from ortools.sat.python import cp_model

from skypact.engines.coverage.siting.bounding import Bounded
from skypact.engines.coverage.siting.question import Cover, Ints, Limits

_POLL_S = 0.05


@dataclass(frozen=True, eq=False)
class Proof:
    """A better answer (``None``: none found), the bound on all better ones, and whether the user ended the search.

    ``bound`` is ``None`` where nothing is proven; where no better answer exists, it is the value known before.
    """

    options: Ints | None
    bound: int | None
    stopped: bool


def prove(
    cover: Cover, goal: Limits | int, known: Bounded, *, work_limit: float, seed: int, stop: Callable[[], bool]
) -> Proof:
    """Searches for an answer better than the known one: within limits, or cheaper and covering at least an int.

    Only better answers are searched for, since what bounds say about single options holds for those alone.
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
    value, spent = cover.covered(known.options), int(cover.cost[known.options].sum())
    costs = sum(int(cost) * variable for cost, variable in zip(cover.cost, use, strict=True))
    if isinstance(goal, int) and goal == int(cover.weight.sum()):
        for place in range(len(cover.weight)):
            model.add_bool_or([use[option] for option in np.flatnonzero(cover.seen[:, place])])
        model.minimize(costs)
    else:
        covered = [model.new_bool_var(f"place {number}") for number in range(len(cover.weight))]
        for place, counted in enumerate(covered):
            model.add(sum(use[option] for option in np.flatnonzero(cover.seen[:, place])) >= counted)
        weights = sum(int(weight) * counted for weight, counted in zip(cover.weight, covered, strict=True))
        if isinstance(goal, int):
            model.add(weights >= goal)
            model.minimize(costs)
        else:
            model.add(weights <= math.floor(known.bound + 1e-6))
            model.add(weights > value)
            if goal.sensors is not None:
                model.add(sum(use) <= goal.sensors)
            if goal.budget is not None:
                model.add(costs <= goal.budget)
            model.maximize(weights)
    if isinstance(goal, int):
        model.add(costs >= math.ceil(known.bound - 1e-6))
        model.add(costs < spent)
    return _searched(model, use, spent if isinstance(goal, int) else value, work_limit, seed, stop)


def _searched(
    model: cp_model.CpModel,
    use: list[cp_model.IntVar],
    value: int,
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
        return Proof(None, value, stopped=False)
    if status == cp_model.UNKNOWN:
        return Proof(None, None, stopped)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        raise RuntimeError(f"CP-SAT answers {solver.status_name(status)} to a siting model")
    options = np.array([number for number, one in enumerate(use) if solver.value(one)], dtype=np.int64)
    return Proof(options, round(solver.best_objective_bound), stopped and status != cp_model.OPTIMAL)
