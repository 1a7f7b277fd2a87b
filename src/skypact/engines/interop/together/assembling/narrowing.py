"""What no better kit of a node has: closed in its bounds before anything is searched."""

from __future__ import annotations

import numpy as np

from skypact.engines.interop.together.assembling.products import NONE, Flags, Floats, Ints, Products
from skypact.engines.interop.together.assembling.program import KitProgram
from skypact.engines.interop.together.assembling.relaxation import Relaxation, Relaxed, View

_WHOLE = 1e-6
#: So many products of the least reduced costs are looked at first, and so many of each kind of supply.
_LOOKED_AT, _OF_EACH = 150, 4
#: So many of each kind that speak to a hub are looked at with it.
_NEAR_A_HUB = 20
#: While it closes at least this share of what is open, narrowing goes on.
_WORTH = 0.15
#: Choices are tried one by one where the floor is so near to the best kit known: else they close little.
_NEAR = 0.015


class Narrowing:
    """Bounds of one program (``low``, ``high``: (columns,), changed in place) and what can be closed in them."""

    def __init__(self, program: KitProgram, products: Products, relaxation: Relaxation) -> None:
        self.program, self.products, self.relaxation = program, products, relaxation
        self.count = program.count
        self.ways = np.concatenate([program.direct, program.once, program.twice, program.fed, program.borne])
        self.choices = np.concatenate([self.ways, program.sent, program.heard, program.counts])
        self._speaks = (products.sends >= 0) & ~products.is_hub & ~products.is_adapter
        codes = np.stack([products.kind, products.gives_bus, products.mount, products.blanks])
        self._supply = np.unique(codes, axis=1, return_inverse=True)[1].reshape(-1)

    def best(self, relaxed: Relaxed, high: Floats, among: int = _LOOKED_AT) -> Flags:
        """bool (n,): open products in use in a relaxation, the next best at its prices, and some of every supply."""
        count, worth = self.count, self._worth(relaxed, high)
        chosen = np.zeros(count, dtype=np.bool_)
        chosen[np.argsort(worth, kind="stable")[:among]] = True
        chosen |= self._first_of(self._supply, worth, _OF_EACH)
        return np.asarray(chosen & (high[:count] > 0))

    def near(self, hub: int, relaxed: Relaxed, high: Floats) -> Flags:
        """bool (n,): the hub, and the best of each kind that speak what it takes."""
        products = self.products
        speak = (products.sends >= 0) & products.takes[hub][products.sends] & ~products.is_hub
        worth = np.where(speak, self._worth(relaxed, high), np.inf)
        chosen = self._first_of(products.kind, worth, _NEAR_A_HUB) & speak
        chosen[hub] = True
        return np.asarray(chosen & (high[: self.count] > 0))

    def _worth(self, relaxed: Relaxed, high: Floats) -> Floats:
        count = self.count
        worth = np.where(relaxed.values[:count] > _WHOLE, -np.inf, relaxed.prices[:count])
        return np.where(high[:count] > 0, worth, np.inf)

    def _first_of(self, group: Ints, worth: Floats, number: int) -> Flags:
        """bool (n,): the ``number`` of least ``worth`` in each group."""
        order = np.lexsort((worth, group))
        place = np.arange(self.count)
        begins = np.maximum.accumulate(np.where(np.diff(group[order], prepend=group.min() - 1) != 0, place, 0))
        first = np.zeros(self.count, dtype=np.bool_)
        first[order[place - begins < number]] = True
        return first

    def fix(self, low: Floats, high: Floats, relaxed: Relaxed, most: float) -> None:
        """Closes the products with which the relaxation costs more than ``most``."""
        count = self.count
        high[:count][(relaxed.floor + relaxed.prices[:count] > most) & (low[:count] <= 0)] = 0.0

    def bridge(self, low: Floats, high: Floats, relaxed: Relaxed, most: float) -> None:
        """Closes ways over adapters, and products that speak only over them, whose adapters alone cost too much."""
        program, products, count = self.program, self.products, self.count
        more = np.where(low[:count] > 0, 0.0, np.maximum(relaxed.prices[:count], 0.0))
        each = np.where(high[:count] > 0, more, np.inf)
        cost, made = self.relaxation.carried(each), program.pairs[:, 0]
        least = np.where(high[program.direct] > 0, 0.0, np.inf)
        for flows, ways in ((program.near, program.once), (program.far, program.twice)):
            over = np.full(len(ways), np.inf)
            np.minimum.at(over, made, np.where(high[flows] > 0, cost, np.inf))
            high[ways[(relaxed.floor + over > most) & (low[ways] <= 0)]] = 0.0
            np.minimum(least, np.where(high[ways] > 0, over, np.inf), out=least)
        raised = relaxed.floor + relaxed.prices[:count] + least[products.sends]
        high[:count][self._speaks & (raised > most) & (low[:count] <= 0)] = 0.0

    def propagate(self, low: Floats, high: Floats) -> None:
        """Closes what nothing open can bring about: protocols, the ways to reach them, and who speaks them."""
        program, products, count = self.program, self.products, self.count
        taken = products.takes[products.is_hub & (high[:count] > 0)].any(axis=0)
        high[program.direct[~taken]] = 0.0
        made, given = program.pairs.T
        backed = self.relaxation.backed(high[:count] > 0)[-2 * len(made) :][: len(made)]
        steps = ((program.near, program.direct, program.once), (program.far, program.once, program.twice))
        for flows, before, here in steps:
            high[flows[~backed | (high[before[given]] <= 0)]] = 0.0
            reached = np.zeros(len(here), dtype=np.bool_)
            reached[made[high[flows] > 0]] = True
            high[here[~reached]] = 0.0
        heard = (high[program.direct] > 0) | (high[program.once] > 0) | (high[program.twice] > 0)
        high[:count][self._speaks & ~heard[products.sends] & (low[:count] <= 0)] = 0.0

    def narrowed(self, low: Floats, high: Floats, relaxed: Relaxed, most: float) -> Relaxed:
        """Closes in ``high`` what no kit of at most ``most`` has, until little more is closed; the relaxation then."""
        while True:
            before = int((high > 0).sum())
            self.fix(low, high, relaxed, most)
            self.bridge(low, high, relaxed, most)
            self.propagate(low, high)
            view = self.relaxation.view(low, high, self.best(relaxed, high))
            if most - relaxed.floor <= _NEAR * relaxed.floor:
                self._probe(low, high, view, relaxed, most)
            self.propagate(low, high)
            relaxed = self.relaxation.view(low, high, view.active).solve()
            if relaxed.floor > most:
                return relaxed
            if (high > 0).sum() > (1.0 - _WORTH) * before:
                self.fix(low, high, relaxed, most)
                return relaxed

    def _probe(self, low: Floats, high: Floats, view: View, relaxed: Relaxed, most: float) -> None:
        program, products = self.program, self.products
        bus = np.where(products.gives_bus < 0, products.bus, NONE)
        needs = ((program.fed, bus), (program.borne, products.needs_mount), (program.sent, products.band),
                 (program.heard, products.hears))  # fmt: skip
        for columns, codes in needs:
            for code, column in enumerate(columns.tolist()):
                self._need(low, high, view, most, (column,), codes == code)
        for protocol, ways in enumerate(zip(program.direct, program.once, program.twice, strict=True)):
            if not relaxed.values[list(ways)].any():
                continue  # their adapters are not looked at; what these cost at the least is known without a relaxation
            self._need(low, high, view, most, tuple(map(int, ways)), self._speaks & (products.sends == protocol))

    def _need(self, low: Floats, high: Floats, view: View, most: float, ways: tuple[int, ...], needing: Flags) -> None:
        """Each of ``needing`` needs one of ``ways``: closes the ways and products that cost more than ``most``."""
        if any(low[way] > 0 for way in ways):
            return
        least = np.full(self.count, np.inf)
        for way in ways:
            if high[way] <= 0:
                continue
            chosen = low.copy()
            chosen[way] = 1.0
            found = view.solve(chosen, high)
            if found.floor > most:
                high[way] = 0.0
            else:
                np.minimum(least, found.floor + found.prices[: self.count], out=least)
        high[: self.count][needing & (least > most) & (low[: self.count] <= 0)] = 0.0
