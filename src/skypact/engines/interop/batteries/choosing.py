"""The best k kinds of packs for a fleet, with proof: first the most aircraft served, then the least cost.

Facility location with a set-up cost, a second set-up cost in each pool and at most k facilities (p-median with fixed
charges: Daskin 2013, "Network and Discrete Location", 2nd ed., ch. 6 and 7). The strong formulation, one row an arc,
has an almost integral relaxation; HiGHS (Huangfu & Hall 2018, Math. Prog. Comp. 10) closes what remains.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from ortools.math_opt.python import mathopt

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

_EXACT = mathopt.SolveParameters(relative_gap_tolerance=0.0, absolute_gap_tolerance=0.0)
#: HiGHS calculates in floating point; costs are whole numbers, so that a bound this close below one proves it.
_ROUNDING = 0.5


@dataclass(frozen=True, eq=False)
class Choice:
    """The question. n rows (aircraft of one kind in one pool), m packs, g pools. All costs are whole numbers.

    Parameters
    ----------
    weight : (n,) aircraft in the row
    pool : (n,) index of the row's pool
    need : (n,) packs that the row must have
    admissible : bool (n, m)
    cost : (n, m) serving the row with that pack, all packs bought
    opening : (m,) once for each pack chosen
    keeping : (m,) for each pool in which the pack is used
    worth : (m,) saved for each pack that is held already and needed
    stock : (g, m) packs held
    """

    weight: Ints
    pool: Ints
    need: Ints
    admissible: Flags
    cost: Ints
    opening: Ints
    keeping: Ints
    worth: Ints
    stock: Ints


@dataclass(frozen=True, eq=False)
class Chosen:
    """The answer for at most ``k`` packs."""

    k: int
    pack: Ints
    """(n,) the row's pack, -1 where it is left out"""
    served: int
    cost: int
    bound: int
    """no choice that serves as many costs less"""
    proven: bool
    """whether nothing serves more, and nothing that serves as many costs less"""


def choose(question: Choice, *, k_max: int) -> Iterator[Chosen]:
    """The best choice of at most k packs for k = 1, 2, … ``k_max``. Raises ``ValueError`` for ``k_max`` below 1."""
    if k_max < 1:
        raise ValueError(f"k_max must be at least 1, not {k_max}")
    kept = undominated(question)
    smaller = _columns(question, kept)
    cover, model = _Cover(smaller), _Model(smaller)
    for k in range(1, k_max + 1):
        left_out, most = cover.least_left_out(k)
        small, bound, cheapest = model.cheapest(k, left_out)
        pack = np.where(small >= 0, kept[small] if len(kept) else small, -1)
        cost = cost_of(question, pack)
        served = int(question.weight[pack >= 0].sum())
        assert served == int(question.weight.sum()) - left_out  # noqa: S101 (the model holds it)
        proven = most and cheapest and cost - bound < _ROUNDING
        yield Chosen(k, pack, served, cost, cost if proven else int(np.floor(bound + _ROUNDING)), proven)


def cost_of(question: Choice, pack: Ints) -> int:
    """What a choice costs, exactly and without the model: the independent check of every answer.

    ``pack`` is (n,), -1 for rows left out. Raises ``ValueError`` for a pack that does not serve its row.
    """
    rows = np.flatnonzero(pack >= 0)
    if not question.admissible[rows, pack[rows]].all():
        raise ValueError("a row is given a pack that does not serve it")
    total = int(question.cost[rows, pack[rows]].sum()) + int(question.opening[np.unique(pack[rows])].sum())
    needed = needed_of(question, pack)
    total += int((question.keeping * (needed > 0)).sum())
    return total - int((question.worth * np.minimum(needed, question.stock)).sum())


def needed_of(question: Choice, pack: Ints) -> Ints:
    """The packs that each pool needs of each kind, (g, m)."""
    needed = np.zeros_like(question.stock)
    rows = np.flatnonzero(pack >= 0)
    np.add.at(needed, (question.pool[rows], pack[rows]), question.need[rows])
    return needed


def undominated(question: Choice) -> Ints:
    """The packs that may be needed: without those for which another one serves as much and costs no more anywhere."""
    keep = np.asarray(question.admissible.any(axis=0))
    held = np.asarray(question.stock.any(axis=0))
    for pack in np.flatnonzero(keep & ~held):
        rows = question.admissible[:, pack]
        better = keep & (question.opening <= question.opening[pack]) & (question.keeping <= question.keeping[pack])
        better &= question.admissible[rows].all(axis=0)
        better &= (question.cost[rows] <= question.cost[rows, pack][:, None]).all(axis=0)
        better[pack] = False
        keep[pack] = not bool(better.any())
    return np.flatnonzero(keep).astype(np.int64)


def _columns(question: Choice, packs: Ints) -> Choice:
    return replace(
        question,
        admissible=question.admissible[:, packs],
        cost=question.cost[:, packs],
        opening=question.opening[packs],
        keeping=question.keeping[packs],
        worth=question.worth[packs],
        stock=question.stock[:, packs],
    )


class _Cover:
    """How many aircraft must at least be left out with k packs: maximal covering (Church & ReVelle 1974)."""

    def __init__(self, question: Choice) -> None:
        self._model = mathopt.Model()
        use = [self._model.add_binary_variable() for _ in question.opening]
        left = [self._model.add_variable(lb=0.0, ub=1.0) for _ in question.weight]
        for row, out in enumerate(left):
            serving = [use[pack] for pack in np.flatnonzero(question.admissible[row])]
            self._model.add_linear_constraint(mathopt.fast_sum([out, *serving]) >= 1.0)
        self._at_most = self._model.add_linear_constraint(mathopt.fast_sum(use) <= 0.0)
        self._model.minimize(_weighed(question.weight, left))

    def least_left_out(self, k: int) -> tuple[int, bool]:
        """The number, and whether it is proven."""
        self._at_most.upper_bound = k
        result = mathopt.solve(self._model, mathopt.SolverType.HIGHS, params=_EXACT)
        least = round(result.objective_value())
        return least, _optimal(result) and least - result.best_objective_bound() < _ROUNDING


class _Model:
    """The cost model, with the two bounds that change from k to k."""

    def __init__(self, question: Choice) -> None:
        self.question = question
        self.model = mathopt.Model()
        new = self.model.add_binary_variable
        self.use = [new() for _ in question.opening]
        self.left = [new() for _ in question.weight]
        self.arcs = {(int(row), int(pack)): self._arc(row, pack) for row, pack in np.argwhere(question.admissible)}
        self.kept = {(int(question.pool[row]), pack): new() for row, pack in self.arcs}
        self._serve()
        self._at_most = self.model.add_linear_constraint(mathopt.fast_sum(self.use) <= 0.0)
        self._left_out = self.model.add_linear_constraint(_weighed(question.weight, self.left) <= 0.0)
        self.model.minimize(mathopt.fast_sum([*self._costs(), *self._savings()]))

    def cheapest(self, k: int, left_out: int) -> tuple[Ints, float, bool]:
        """Each row's pack in the cheapest choice of k packs that leaves out so many; a bound; whether it is proven."""
        self._at_most.upper_bound = k
        self._left_out.upper_bound = left_out
        result = mathopt.solve(self.model, mathopt.SolverType.HIGHS, params=_EXACT)
        values = result.variable_values()
        pack = np.full(len(self.question.weight), -1, dtype=np.int64)
        most = np.array([values[out] for out in self.left])
        for (row, number), arc in self.arcs.items():
            if values[arc] > most[row]:
                pack[row], most[row] = number, values[arc]
        return pack, float(result.best_objective_bound()), _optimal(result)

    def _arc(self, row: int, pack: int) -> Any:
        """Whether the row flies on the pack.

        Whole by itself where no stock is shared: with the packs settled, each row goes to its cheapest one.
        """
        shared = self.question.stock[self.question.pool[row], pack] > 0
        return self.model.add_variable(lb=0.0, ub=1.0, is_integer=bool(shared))

    def _serve(self) -> None:
        serving: list[list[Any]] = [[out] for out in self.left]
        for (row, pack), arc in self.arcs.items():
            serving[row].append(arc)
            self.model.add_linear_constraint(arc - self.kept[int(self.question.pool[row]), pack] <= 0.0)
        for ways in serving:
            self.model.add_linear_constraint(mathopt.fast_sum(ways) == 1.0)
        for (_, pack), kept in self.kept.items():
            self.model.add_linear_constraint(kept - self.use[pack] <= 0.0)

    def _costs(self) -> Iterator[Any]:
        question = self.question
        yield from (int(question.cost[row, pack]) * arc for (row, pack), arc in self.arcs.items())
        yield from (int(question.keeping[pack]) * kept for (_, pack), kept in self.kept.items())
        yield from (int(cost) * use for cost, use in zip(question.opening, self.use, strict=True))

    def _savings(self) -> Iterator[Any]:
        """Packs held are packs not bought, as far as the pool needs them."""
        question = self.question
        needed: dict[tuple[int, int], list[Any]] = {}
        for (row, pack), arc in self.arcs.items():
            needed.setdefault((int(question.pool[row]), pack), []).append(int(question.need[row]) * arc)
        for (pool, pack), pieces in needed.items():
            held = int(question.stock[pool, pack])
            if not held:
                continue
            taken = self.model.add_variable(lb=0.0, ub=held)
            self.model.add_linear_constraint(taken <= mathopt.fast_sum(pieces))
            self.model.add_linear_constraint(taken - held * self.kept[pool, pack] <= 0.0)
            yield -int(question.worth[pack]) * taken


def _weighed(weights: Ints, variables: list[Any]) -> Any:
    return mathopt.fast_sum(int(weight) * variable for weight, variable in zip(weights, variables, strict=True))


def _optimal(result: Any) -> bool:
    return bool(result.termination.reason is mathopt.TerminationReason.OPTIMAL)
