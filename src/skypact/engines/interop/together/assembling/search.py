"""The cheapest kit of a program, with proof: branch and bound over how a kit is built, not over its products.

Which hub a kit has, over which adapters it reaches protocols, which buses and mounts it uses and how many of a kind it
holds are a few dozen numbers; with them given, the products are a knapsack of a few rows. A node bounds these numbers.
In it every choice is made once in the relaxation; one that costs more than the best kit known is not made, and a
product is closed when with every choice that it needs it costs too much (reduced-cost fixing: Dantzig, Fulkerson and
Johnson 1954, Operations Research 2(4); probing: Savelsbergh 1994, ORSA Journal on Computing 6(4)). What is then small
is proven by HiGHS (Huangfu and Hall 2018, Math. Prog. Comp. 10). What is not is split: by hub first, then where
it raises the floors of both sides most (strong branching: Applegate, Bixby, Chvátal and Cook 1995). The cheaper side is
next, until it ends; then the node of the least floor. The least floor left is below every kit.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from skypact.engines.interop.together.assembling.diving import Few, made, neighbours
from skypact.engines.interop.together.assembling.narrowing import Narrowing
from skypact.engines.interop.together.assembling.products import Flags, Floats, Ints, Products
from skypact.engines.interop.together.assembling.program import KitProgram
from skypact.engines.interop.together.assembling.relaxation import Relaxation, Relaxed
from skypact.engines.interop.together.choosing import Outcome, Solved, below, with_highs

_WHOLE = 1e-6
#: A node with so few products open is proven by HiGHS.
_SMALL = 350
#: So many splits are tried in the relaxation before one is made.
_TRIED = 8
#: How many nodes HiGHS may search for a kit that need not be the best, and how near to the best it must be.
_NODES, _NEAR = 50, 0.002
#: So many products make such a kit; its choices are made over so many.
_FEW, _MANY = 150, 600
#: Every so many nodes such a kit is looked for.
_DIVE_EVERY = 3
#: And near the first so many hubs.
_DIVES = 3


@dataclass(order=True)
class _Node:
    floor: float
    number: int
    low: Floats = field(compare=False)
    high: Floats = field(compare=False)
    relaxed: Relaxed = field(compare=False)


class Search:
    """The search of one program; ``cost`` and ``chosen`` are the best kit known, until ``end`` (monotonic time, s)."""

    def __init__(self, program: KitProgram, products: Products, *, end: float) -> None:
        self.program, self.products, self.end = program, products, end
        self.count = program.count
        self.relaxation = Relaxation(program)
        self.narrowing = Narrowing(program, products, self.relaxation)
        self.cost, self.chosen = np.inf, np.empty(0, dtype=np.int64)
        self._open: list[_Node] = []
        self._lead: _Node | None = None
        self._made = self._closed = 0

    @property
    def most(self) -> float:
        """What the relaxation of a better kit costs at the most: prices are whole, and 0.01 is left for rounding."""
        return float(min(self.cost - 0.99, np.finfo(np.float64).max))

    @property
    def floor(self) -> float:
        """Below this no kit costs: the best known, or the least of what is still open."""
        return min([self.cost, *(node.floor for node in self._open)])

    def run(self, root: Relaxed) -> None:
        """Searches until the best kit is proven, or time is out."""
        arrays = self.program.arrays
        self._add(arrays.low, arrays.high, root)
        while self._open:
            self._open = [node for node in self._open if node.floor <= self.most]
            if self._late() or (self._open and not self._close(self._next())):
                return

    def _next(self) -> _Node:
        """The child of the last node while there is one, so that kits are found early; then the least floor."""
        return self._lead if self._lead in self._open else min(self._open)

    def _late(self) -> bool:
        return time.monotonic() > self.end

    def _add(self, low: Floats, high: Floats, relaxed: Relaxed) -> _Node:
        self._made += 1
        self._open.append(_Node(relaxed.floor, self._made, low, high, relaxed))
        return self._open[-1]

    def _close(self, node: _Node) -> bool:
        """Proves the first node or splits it; False if time was out, and it stays."""
        low, high = node.low, node.high.copy()
        hubs = np.flatnonzero(self.products.is_hub & (high[: self.count] > 0))
        if len(hubs) > 1 and not (low[hubs] > 0).any() and low[self.program.hubs] <= 1:
            children = self._by_hub(low, high, node.relaxed, hubs)
            if self._late():
                return False
        else:
            relaxed = self.narrowing.narrowed(low, high, node.relaxed, self.most)
            children = [] if relaxed.floor > self.most else self._split(low, high, relaxed)
            proven = bool(children) or relaxed.floor > self.most or self._prove(low, high, high[: self.count] > 0)
            if not proven:
                return False
        self._open.remove(node)
        self._lead = min((self._add(*child) for child in children), default=None)
        return True

    def _by_hub(self, low: Floats, high: Floats, relaxed: Relaxed, hubs: Ints) -> list[tuple[Floats, Floats, Relaxed]]:
        """A node for every hub alone, one without any, and one with two or more; nothing of use if time is out."""
        number = self.program.hubs
        start, dived = self.narrowing.best(relaxed, high), 0
        several, without = low.copy(), high.copy()
        several[number], without[number] = 2.0, 0.0
        without[hubs] = 0.0
        children = [(several, high, self.relaxation.view(several, high, start).solve())]
        for hub in hubs[np.argsort(relaxed.prices[hubs] - relaxed.values[hubs], kind="stable")].tolist():
            if relaxed.floor + relaxed.prices[hub] > self.most or self._late():
                continue
            child_low, child_high = low.copy(), without.copy()
            child_low[hub] = child_high[hub] = child_high[number] = 1.0
            self.narrowing.fix(child_low, child_high, relaxed, self.most)
            self.narrowing.propagate(child_low, child_high)
            near = start | self.narrowing.near(hub, relaxed, child_high)
            found = self.relaxation.view(child_low, child_high, near).solve()
            if found.floor <= self.most:
                children.append((child_low, child_high, found))
                if dived < _DIVES or found.floor <= min(child[2].floor for child in children[1:]):
                    self.dive(child_low, child_high, found)
                    dived += 1
        self.narrowing.propagate(low, without)
        return [*children, (low, without, self.relaxation.view(low, without, start).solve())]

    def _split(self, low: Floats, high: Floats, relaxed: Relaxed) -> list[tuple[Floats, Floats, Relaxed]]:
        """The sides of the split that raises both floors most; none of a small node, or where nothing is undecided."""
        if (high[: self.count] > 0).sum() <= _SMALL:
            return []
        every = self.narrowing.choices
        parts = np.abs(relaxed.values[every] - np.round(relaxed.values[every]))
        order = np.argsort(-parts, kind="stable")[:_TRIED]
        decided = not (parts > _WHOLE).any()
        if decided or self._closed % _DIVE_EVERY == 0:
            self.dive(low, high, relaxed)
        self._closed += 1
        if decided:
            self.narrowing.fix(low, high, relaxed, self.most)
            return []
        best: tuple[float, list[tuple[Floats, Floats, Relaxed]]] = (-np.inf, [])
        view = self.relaxation.view(low, high, self.narrowing.best(relaxed, high))
        for choice in every[order[parts[order] > _WHOLE]].tolist():
            less, more = high.copy(), low.copy()
            less[choice] = np.floor(relaxed.values[choice])
            more[choice] = less[choice] + 1.0
            sides = [(low, less, view.solve(low, less)), (more, high, view.solve(more, high))]
            gains = [max(min(side[2].floor, self.most + 1.0) - relaxed.floor, 1e-3) for side in sides]
            if gains[0] * gains[1] > best[0]:
                best = (gains[0] * gains[1], sides)
            if max(gains) + relaxed.floor > self.most:
                break
        return best[1]

    def dive(self, low: Floats, high: Floats, relaxed: Relaxed) -> None:
        """A kit near a relaxation, then its neighbours while they are cheaper than the best kit known."""
        many = self.narrowing.best(relaxed, high, _MANY)
        guess, made_low, made_high = Few(self.relaxation, low, high, many), low.copy(), high.copy()
        if not made(guess, self.narrowing, made_low, made_high, self.most):
            return
        used = self._near(made_low, made_high, many)
        while used is not None:
            nearby = neighbours(guess, self.narrowing, low, high, used, self.most)
            kits = (self._near(*bounds, many) for bounds in nearby)
            used = next((kit for kit in kits if kit is not None), None)

    def _near(self, low: Floats, high: Floats, looked_at: Flags) -> Flags | None:
        """The choices of a kit better than the one known, of the products that are best within the bounds."""
        relaxed = self.relaxation.view(low, high, looked_at).solve()
        if relaxed.floor > self.most:
            return None
        before = self.cost
        found = self._best(low, high, self.narrowing.best(relaxed, high, _FEW), near=_NEAR, nodes=_NODES)
        return np.asarray(found.values[self.narrowing.ways] > 0.5) if self.cost < before else None

    def _prove(self, low: Floats, high: Floats, few: Flags) -> bool:
        """Takes the best kit of ``few`` products if it is better than the one known; False if time was out."""
        found = self._best(low, high, few, effort=0.0 if np.isfinite(self.cost) else 0.05)
        return found.outcome in (Outcome.PROVEN, Outcome.IMPOSSIBLE)

    def _best(self, low: Floats, high: Floats, few: Flags, **how: Any) -> Solved:
        """The best kit of ``few`` products, with all its columns; it is kept if it is better than the one known."""
        shown = self.relaxation.looked_at(few, high)
        if (low[~shown] > 0).any():
            return Solved(Outcome.IMPOSSIBLE, np.empty(0), np.inf, np.inf)
        part = self.relaxation.part(low, high, shown)
        if np.isfinite(self.cost):
            part = below(part, self.cost - 1.0 + _WHOLE)
        found = with_highs(part, self.end - time.monotonic(), 1.0, **how)
        if not len(found.values):
            return found
        values = np.zeros(len(low))
        values[shown] = found.values
        chosen = np.flatnonzero(values[: self.count] > 0.5)
        cost = float(self.products.price[chosen].sum())
        if cost < self.cost:
            self.cost, self.chosen = cost, chosen
        return replace(found, values=values)
