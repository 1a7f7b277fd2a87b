"""Choosing the cheapest kit exactly: partial multi-cover by kinds of sensor, with one hub and gateways between.

Each *option* is one sensor at one position in one direction, and is used once at most; each *row* is a group of places
that exactly the same options see as surely, for one threat class at one height. Model: partial set multi-cover with
facility-type fixed costs (Daskin 2013, "Network and Discrete Location", 2nd ed., ch. 4; García & Marín 2015 for
covering location), solved by CP-SAT with one worker and a deterministic time limit, so that the same question has the
same answer on every machine.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray
from ortools.sat.python import cp_model

from skypact.engines.kit.greedy import first_kit, gateways_needed, kit_cost
from skypact.engines.kit.jointly import ALONE, Jointly, Load, Member, Role, impose

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

#: One unknown answer weighs as much as this part of the smallest step between costs: it only breaks ties of cost.
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
    """A hub or a gateway: what one costs (hundredths), its unknown answers, how many sensors one serves at most.

    There is one hub; of a gateway as many are bought as its sensors need.
    """

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
    cost, unknowns : int (p,): of one unit, whole numbers of one unit of money; unknown answers of one unit
    paths : one tuple of ways a product
    kinds_needed : different kinds that must see a place for it to count
    sensors_needed : options that must see it, whatever their kinds
    certainty : uint16 (n, r): what each option adds to the certainty of a row, only where it sees it; (n, 0) where
        certainty is not asked for
    certainty_needed : what it must add up to for a place to count
    extras : products that are bought only because others need them
    jointly : what binds products together
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
    sensors_needed: int = 1
    certainty: NDArray[np.uint16] = field(default_factory=lambda: np.empty((0, 0), dtype=np.uint16))
    certainty_needed: int = 0
    extras: Sequence[Node] = ()
    jointly: Jointly = ALONE

    @property
    def members(self) -> list[Member]:
        """Every product that a kit may hold."""
        counts = (len(self.paths), len(self.hubs), len(self.gateways), len(self.extras))
        return [Member(role, number) for role, count in zip(Role, counts, strict=True) for number in range(count)]

    def enough(self, options: Ints | list[int]) -> Flags:
        """bool (r,): the rows that these options cover together as asked."""
        seen = self.seen[:, options]
        enough = seen.any(axis=1).sum(axis=0) >= self.kinds_needed
        if self.sensors_needed > 1:
            enough &= seen.any(axis=0).sum(axis=0) >= self.sensors_needed
        if self.certainty_needed:
            enough &= self.certainty[options].sum(axis=0, dtype=np.int64) >= self.certainty_needed
        return np.asarray(enough, dtype=np.bool_)


@dataclass(frozen=True, eq=False)
class Chosen:
    """The answer: chosen options, the hub, the way of each used product, and the proven bound on the cost."""

    options: Ints
    hub: int
    paths: dict[int, Path]
    gateways: dict[int, int]
    """how many of each gateway"""
    cost: int
    bound: int
    proven: bool
    stopped: bool
    extras: dict[int, int] = field(default_factory=dict)
    """how many of each extra"""


@dataclass(frozen=True)
class Nothing:
    """No kit: proven that there is none, or none found before the user or the work limit ended the search."""

    impossible: bool
    stopped: bool


def choose(
    question: Choice,
    *,
    work_limit: float,
    progress: Callable[[float], None],
    stop: Callable[[], bool],
) -> Chosen | Nothing:
    """The cheapest answer, or why there is none.

    ``work_limit`` is CP-SAT's deterministic time, about seconds of one quiet core. ``progress`` receives the share of
    the gap that is closed, 0 to 1. Raises ValueError for amounts beyond the solver's 64-bit sums.
    """
    start = first_kit(question)
    built = _Model(question)
    if start is not None:
        built.begin_with(*start)
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.linearization_level = 2
    solver.parameters.random_seed = question.seed
    solver.parameters.max_deterministic_time = work_limit
    solver.parameters.catch_sigint_signal = False
    status, stopped = _solved(solver, built.model, _Watch(progress), stop)
    if status == cp_model.MODEL_INVALID:
        raise ValueError(f"the costs are too large to add up exactly: {built.model.validate()}")
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        alone = question.jointly == ALONE  # the first kit knows nothing of what binds products together
        if start is None or status == cp_model.INFEASIBLE or not alone:
            return Nothing(impossible=status == cp_model.INFEASIBLE, stopped=stopped)
        return _unproven(question, start, stopped)
    proven = status == cp_model.OPTIMAL
    cost = built.step * (round(solver.objective_value) // _TIE)
    return Chosen(
        options=np.array([number for number, use in enumerate(built.use) if solver.value(use)], dtype=np.int64),
        hub=next(number for number, hub in enumerate(built.hub) if solver.value(hub)),
        paths={product: path for (product, path), way in built.ways.items() if solver.value(way)},
        gateways={
            number: int(solver.value(count)) for number, count in enumerate(built.gateway) if solver.value(count)
        },
        cost=cost,
        bound=cost if proven else built.step * max(0, math.ceil(solver.best_objective_bound / _TIE - 1e-9)),
        proven=proven,
        stopped=stopped and not proven,
        extras={number: int(solver.value(count)) for number, count in enumerate(built.extra) if solver.value(count)},
    )


def _unproven(question: Choice, start: tuple[int, Ints, dict[int, Path]], stopped: bool) -> Chosen:
    """The greedy kit, with nothing proven of it."""
    hub, options, paths = start
    gateways = gateways_needed(question, options, paths)
    cost = kit_cost(question, hub, options, gateways)
    return Chosen(options, hub, paths, gateways, cost, bound=0, proven=False, stopped=stopped)


def _solved(
    solver: cp_model.CpSolver, model: cp_model.CpModel, watch: _Watch, stop: Callable[[], bool]
) -> tuple[Any, bool]:
    """The status, and whether ``stop`` ended the search.

    The search runs in a thread of its own: this one stays free to hear Ctrl-C and to ask ``stop``.
    """
    stopped = False
    with ThreadPoolExecutor(1) as pool:
        search = pool.submit(solver.solve, model, watch)
        try:
            while not wait([search], timeout=_POLL_S).done:
                if not stopped and stop():
                    stopped = True
                    solver.stop_search()
        except BaseException:
            solver.stop_search()
            raise
    return search.result(), stopped


class _Model:
    """The CP-SAT model of a question, its variables by what they stand for."""

    def __init__(self, question: Choice) -> None:
        self.question = question
        self.model = cp_model.CpModel()
        nodes = (*question.hubs, *question.gateways, *question.extras)
        self.step = math.gcd(*question.cost.tolist(), *(node.cost for node in nodes)) or 1
        """what every cost is a multiple of: prices in won or yen stay within 64 bits"""
        new = self.model.new_bool_var
        self.use = [new(f"option {number}") for number in range(len(question.product))]
        self.hub = [new(f"hub {number}") for number in range(len(question.hubs))]
        self.gateway = [
            self.model.new_int_var(0, self._most(number), f"gateway {number}")
            for number in range(len(question.gateways))
        ]
        self._units_most = len(self.use) + len(question.gateways) + 1
        self.extra = [
            self.model.new_int_var(0, self._units_most, f"extra {number}") for number in range(len(question.extras))
        ]
        self.units = [
            [self.use[option] for option in np.flatnonzero(question.product == product)]
            for product in range(len(question.paths))
        ]
        self.ways: dict[tuple[int, Path], Any] = {
            (product, path): new(f"way {product} {number}")
            for product, paths in enumerate(question.paths)
            for number, path in enumerate(paths)
        }
        self._cover()
        self._connect()
        self._serve()
        self._stand()
        impose(self.model, question.jointly, question.members, self._counted)
        self._minimise()

    def _most(self, gateway: int) -> int:
        """How many of a gateway there can be: one serves all where nothing of it is limited."""
        limited = self.question.gateways[gateway].sensors_max is not None or self.question.jointly.limits(gateway)
        return len(self.use) if limited else 1

    def _counted(self, member: Member) -> tuple[Any, int]:
        number = member.number
        match member.role:
            case Role.SENSOR:
                return sum(self.units[number]), len(self.units[number])
            case Role.HUB:
                return self.hub[number], 1
            case Role.GATEWAY:
                return self.gateway[number], self._most(number)
            case Role.EXTRA:
                return self.extra[number], self._units_most

    def begin_with(self, hub: int, options: Ints, paths: dict[int, Path]) -> None:
        """Hints a kit that is known already."""
        used = {int(option) for option in options}
        gateways = gateways_needed(self.question, options, paths)
        for number, use in enumerate(self.use):
            self.model.add_hint(use, number in used)
        for number, variable in enumerate(self.hub):
            self.model.add_hint(variable, number == hub)
        for number, variable in enumerate(self.gateway):
            self.model.add_hint(variable, gateways.get(number, 0))
        for (product, path), way in self.ways.items():
            self.model.add_hint(way, paths.get(product) == path)

    def _cover(self) -> None:
        question, model = self.question, self.model
        covered = [model.new_bool_var(f"row {row}") for row in range(len(question.weight))]
        for row, counted in enumerate(covered):
            self._by_several(row, counted)
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

    def _by_several(self, row: int, counted: Any) -> None:
        """k of n, and the certainty that adds up, for one row."""
        question, model = self.question, self.model
        if question.sensors_needed > 1:
            seeing = np.flatnonzero(question.seen[:, :, row].any(axis=0))
            model.add(sum(self.use[option] for option in seeing) >= question.sensors_needed * counted)
        if question.certainty_needed:
            parts = question.certainty[:, row]
            added = sum(int(parts[option]) * self.use[option] for option in np.flatnonzero(parts))
            model.add(added >= question.certainty_needed * counted)

    def _connect(self) -> None:
        model, question = self.model, self.question
        model.add_exactly_one(self.hub)
        by_product: dict[int, list[Any]] = {product: [] for product in range(len(question.paths))}
        for (product, path), way in self.ways.items():
            by_product[product].append(way)
            model.add_implication(way, self.hub[path.hub])
            for gateway in path.gateways:
                model.add(self.gateway[gateway] >= way)
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
        """Hubs and gateways serve and carry no more than they can; of a gateway there may be several."""
        question = self.question
        sensors = Load(
            weight=(1,) * len(question.paths),
            hubs=tuple(node.sensors_max for node in question.hubs),
            gateways=tuple(node.sensors_max for node in question.gateways),
        )
        for number, load in enumerate((sensors, *question.jointly.loads)):
            self._carry(load, number)

    def _carry(self, load: Load, kind: int) -> None:
        model = self.model
        put = [weight * sum(units) for weight, units in zip(load.weight, self.units, strict=True)]
        for hub, limit in zip(self.hub, load.hubs, strict=True):
            if limit is not None:
                model.add(sum(put) <= limit).only_enforce_if(hub)
        for number, limit in enumerate(load.gateways):
            if limit is None:
                continue
            carried = []
            for (product, path), way in self.ways.items():
                if number in path.gateways:
                    most = load.weight[product] * len(self.units[product])
                    part = model.new_int_var(0, most, f"load {kind} {number} {product} {path.hub}")
                    model.add(put[product] <= part).only_enforce_if(way)
                    carried.append(part)
            model.add(sum(carried) <= limit * self.gateway[number])

    def _stand(self) -> None:
        question, model = self.question, self.model
        draw = question.jointly.draw
        for position in np.unique(question.position) if draw else ():
            here = np.flatnonzero(question.position == position)
            drawn = sum(draw[question.product[option]] * self.use[option] for option in here)
            model.add(drawn <= question.jointly.circuit)
        if question.positions_max is None:
            return
        taken = {int(position): model.new_bool_var("") for position in np.unique(question.position)}
        for option, use in enumerate(self.use):
            model.add_implication(use, taken[int(question.position[option])])
        model.add(sum(taken.values()) <= question.positions_max)

    def _minimise(self) -> None:
        question, step = self.question, self.step
        terms = [
            (int(question.cost[product]) // step * _TIE + int(question.unknowns[product])) * use
            for product, use in zip(question.product, self.use, strict=True)
        ]
        nodes = (*question.hubs, *question.gateways, *question.extras)
        for node, variable in zip(nodes, (*self.hub, *self.gateway, *self.extra), strict=True):
            terms.append((node.cost // step * _TIE + node.unknowns) * variable)
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
