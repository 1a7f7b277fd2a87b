"""Choosing the cheapest kit exactly: partial multi-cover by kinds of sensor, with one hub and gateways between.

Each *option* is one sensor at one position in one direction; each *row* is a group of ring places that exactly the
same options see, for one threat class at one height. Model: partial set multi-cover with facility-type fixed costs
(Daskin 2013, "Network and Discrete Location", 2nd ed., ch. 4; García & Marín 2015 for covering location), solved by
CP-SAT with one worker and a deterministic time limit, so that the same question has the same answer on every machine.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from ortools.sat.python import cp_model

if TYPE_CHECKING:
    from collections.abc import Iterator

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

#: One unknown answer weighs as much as this part of a hundredth of the currency: it only breaks ties of cost.
_TIE = 10_000
_POLL_S = 0.1


@dataclass(frozen=True)
class Path:
    """A way for one sensor product's data to one hub: indices of the hub and of the gateways it needs."""

    hub: int
    gateways: tuple[int, ...]
    unknowns: int


@dataclass(frozen=True)
class Node:
    """A hub or a gateway: what it costs (hundredths), its unknown answers, how many sensors it serves at most."""

    cost: int
    unknowns: int
    sensors_max: int | None


@dataclass(frozen=True, eq=False)
class Choice:
    """The question. n options, r rows, k kinds, g groups (one threat class at one height), p products.

    Parameters
    ----------
    seen : bool (k, n, r): option sees row by that kind
    weight : int (r,): ring places in the row
    group : int (r,)
    need : int (g,): ring places that must be covered in each group
    product, position : int (n,): which sensor product, at which position
    cost, unknowns : int (p,): of one unit, hundredths of the currency; unknown answers of one unit
    paths : one tuple of ways a product
    kinds_needed : different kinds that must see a place for it to count
    """

    seen: Flags
    weight: Ints
    group: Ints
    need: Ints
    product: Ints
    position: Ints
    cost: Ints
    unknowns: Ints
    paths: Sequence[tuple[Path, ...]]
    hubs: Sequence[Node]
    gateways: Sequence[Node]
    kinds_needed: int
    positions_max: int | None
    seed: int


@dataclass(frozen=True, eq=False)
class Chosen:
    """The answer: chosen options, the hub, the way of each used product, and the proven bound on the cost."""

    options: Ints
    hub: int
    paths: dict[int, Path]
    cost: int
    bound: int
    proven: bool
    stopped: bool


def choose(
    question: Choice,
    *,
    work_limit: float,
    progress: Callable[[float], None],
    stop: Callable[[], bool],
) -> Chosen | None:
    """The cheapest answer; ``None`` if there is none, or none was found before ``stop`` or the limit.

    ``work_limit`` is CP-SAT's deterministic time, about seconds of one quiet core. ``progress`` receives the share of
    the gap that is closed, 0 to 1.
    """
    built = _Model(question)
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.linearization_level = 2
    solver.parameters.random_seed = question.seed
    solver.parameters.max_deterministic_time = work_limit
    stopped = False
    with _stopping(solver, stop) as asked:
        status = solver.solve(built.model, _Watch(progress))
        stopped = asked.is_set()
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return None
    proven = status == cp_model.OPTIMAL
    options = np.array([number for number, use in enumerate(built.use) if solver.value(use)], dtype=np.int64)
    paths = {product: path for (product, path), way in built.ways.items() if solver.value(way)}
    cost = round(solver.objective_value) // _TIE
    return Chosen(
        options=options,
        hub=next(number for number, hub in enumerate(built.hub) if solver.value(hub)),
        paths=paths,
        cost=cost,
        bound=cost if proven else max(0, int(np.ceil(solver.best_objective_bound / _TIE - 1e-9))),
        proven=proven,
        stopped=stopped and not proven,
    )


class _Model:
    """The CP-SAT model of a question, its variables by what they stand for."""

    def __init__(self, question: Choice) -> None:
        self.question = question
        self.model = cp_model.CpModel()
        new = self.model.new_bool_var
        self.use = [new(f"option {number}") for number in range(len(question.product))]
        self.hub = [new(f"hub {number}") for number in range(len(question.hubs))]
        self.gateway = [new(f"gateway {number}") for number in range(len(question.gateways))]
        self.ways: dict[tuple[int, Path], Any] = {
            (product, path): new(f"way {product} {number}")
            for product, paths in enumerate(question.paths)
            for number, path in enumerate(paths)
        }
        self._cover()
        self._connect()
        self._serve()
        self._stand()
        self._minimise()

    def _cover(self) -> None:
        question, model = self.question, self.model
        covered = [model.new_bool_var(f"row {row}") for row in range(len(question.weight))]
        for row, counted in enumerate(covered):
            by_kind = [[self.use[option] for option in np.flatnonzero(seen)] for seen in question.seen[:, :, row]]
            if question.kinds_needed == 1:
                model.add(sum(use for uses in by_kind for use in uses) >= counted)
                continue
            kinds = []
            for uses in filter(None, by_kind):
                kind = model.new_bool_var("")
                model.add(sum(uses) >= kind)
                kinds.append(kind)
            model.add(sum(kinds) >= question.kinds_needed * counted)
        for group, need in enumerate(question.need):
            rows = np.flatnonzero(question.group == group)
            model.add(sum(int(question.weight[row]) * covered[row] for row in rows) >= int(need))

    def _connect(self) -> None:
        model, question = self.model, self.question
        model.add_exactly_one(self.hub)
        by_product: dict[int, list[Any]] = {product: [] for product in range(len(question.paths))}
        for (product, path), way in self.ways.items():
            by_product[product].append(way)
            model.add_implication(way, self.hub[path.hub])
            for gateway in path.gateways:
                model.add_implication(way, self.gateway[gateway])
        for product, ways in by_product.items():
            options = [self.use[option] for option in np.flatnonzero(question.product == product)]
            if not options:
                for way in ways:
                    model.add(way == 0)
                continue
            model.add(sum(ways) <= 1)
            for option in options:
                model.add(sum(ways) >= option)

    def _serve(self) -> None:
        """Hubs and gateways serve no more sensors than they can."""
        question, model = self.question, self.model
        units = sum(self.use)
        for hub, node in zip(self.hub, question.hubs, strict=True):
            if node.sensors_max is not None:
                model.add(units <= node.sensors_max).only_enforce_if(hub)
        for number, node in enumerate(question.gateways):
            if node.sensors_max is None:
                continue
            for (product, path), way in self.ways.items():
                if number in path.gateways:
                    served = [self.use[option] for option in np.flatnonzero(question.product == product)]
                    model.add(sum(served) <= node.sensors_max).only_enforce_if(way)

    def _stand(self) -> None:
        question, model = self.question, self.model
        if question.positions_max is None:
            return
        taken = {int(position): model.new_bool_var("") for position in np.unique(question.position)}
        for option, use in enumerate(self.use):
            model.add_implication(use, taken[int(question.position[option])])
        model.add(sum(taken.values()) <= question.positions_max)

    def _minimise(self) -> None:
        question = self.question
        terms = [
            (int(question.cost[product]) * _TIE + int(question.unknowns[product])) * use
            for product, use in zip(question.product, self.use, strict=True)
        ]
        for node, variable in zip((*question.hubs, *question.gateways), (*self.hub, *self.gateway), strict=True):
            terms.append((node.cost * _TIE + node.unknowns) * variable)
        terms.extend(path.unknowns * way for (_, path), way in self.ways.items())
        self.model.minimize(sum(terms))


class _Watch(cp_model.CpSolverSolutionCallback):
    """Tells how much of the gap each better kit has closed."""

    def __init__(self, progress: Callable[[float], None]) -> None:
        super().__init__()
        self._progress = progress

    def on_solution_callback(self) -> None:
        if self.objective_value > 0:
            self._progress(max(0.0, min(1.0, self.best_objective_bound / self.objective_value)))


@contextmanager
def _stopping(solver: cp_model.CpSolver, stop: Callable[[], bool]) -> Iterator[threading.Event]:
    """Ends the solver's search as soon as ``stop()`` says so; the event tells whether it did."""
    finished, asked = threading.Event(), threading.Event()

    def poll() -> None:
        while not finished.wait(_POLL_S):
            if stop():
                asked.set()
                solver.stop_search()
                return

    watcher = threading.Thread(target=poll, name="stop", daemon=True)
    watcher.start()
    try:
        yield asked
    finally:
        finished.set()
        watcher.join()
