"""Which hub all sensors are to reach, out of thousands: what each costs at least, then the likely ones exactly.

Every group of sensors that mate alike and do not reach a hub directly needs a gateway that hears it. If each gateway's
price is shared by the groups that it hears, the least shares are a solution of the dual program: no set with that hub
costs less than the hub and these shares, and none with that hub and a further gateway less than that and what of the
gateway's price they leave (reduced cost). So hubs are asked for exactly in the order of their floors, some at a time,
with the gateways that may belong to a better answer than the best known one, until the next floor lies above it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from skypact.engines.interop.reach import ONE_MAKER, Interfaces, Wiring, on_a_way, some, wiring
from skypact.engines.interop.together import feeding
from skypact.engines.interop.together.choosing import Outcome
from skypact.engines.interop.together.question import GATEWAYS, Offered, Question
from skypact.engines.interop.together.timing import clock_needs, gives_clock
from skypact.schema import Category

Flags = NDArray[np.bool_]
Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

#: With fewer hubs offered all are looked at together.
MANY = 64
#: The first answer is looked for with so many hubs; then one is asked for, then twice as many, and so on up to so many.
_LIKELY, _AT_ONCE = 12, 24
#: For the first answer: so many of the cheapest gateways that hear each group, and that send to each hub.
_HEARING, _SENDING = 12, 24
_CENT = 1e-6


@dataclass(frozen=True)
class Cost:
    """What the least additions to a question cost; ``None``: there are none, or none was found."""

    outcome: Outcome
    cost: float | None


@dataclass(frozen=True)
class Likely:
    """A question with few of the hubs and gateways offered that has the least cost of the whole one."""

    question: Question
    floor: float | None
    """time ran out: the least additions cost at least so much, maybe less than this question's"""


def likely_hubs(
    question: Question, cost_of: Callable[[Question, float, float], Cost], *, limit_s: float
) -> Likely | None:
    """The question with only those hubs and gateways offered that its cheapest additions may need.

    ``cost_of`` gives the least cost of a question with fewer products offered that costs at most so much, within so
    much wall time. ``None``: few hubs are offered, or the likely ones do not do it.
    """
    if not question.wanted.common or not question.sensors:
        return None
    if question.of(Category.C2) and not question.wanted.other_c2:
        return None
    seen = _Seen(question)
    if len(seen.hubs) < MANY:
        return None
    end = time.monotonic() + limit_s
    order = np.argsort(seen.floors, kind="stable")
    likely = seen.offering(order[:_LIKELY], seen.cheap_gateways(order[:_LIKELY]))
    first = cost_of(likely, np.inf, limit_s)
    if first.cost is None:
        return None
    best, doing = first.cost, order[:0]
    known = likely
    for batch in _batches(order, beside=seen.free_hubs):
        hubs = batch[seen.floors[batch] <= best + _CENT]
        if len(batch) and not len(hubs):
            break
        asked = seen.offering(hubs, seen.gateways_below(hubs, best))
        found = cost_of(asked, best, end - time.monotonic())
        if found.outcome is Outcome.IMPOSSIBLE:
            continue
        if found.outcome is not Outcome.PROVEN or found.cost is None:
            return Likely(known, min(float(seen.all_floors.min()), best))
        doing = hubs if found.cost < best - _CENT else np.concatenate([doing, hubs])
        best = min(best, found.cost)
        known = seen.offering(doing, seen.gateways_below(doing, best))
    return Likely(known, None)


def _batches(order: Ints, *, beside: bool) -> Iterator[Ints]:
    """Hubs in their order; none first, where there are others ``beside`` them."""
    if beside:
        yield order[:0]
    start, size = 0, 1
    while start < len(order):
        yield order[start : start + size]
        start, size = start + size, min(2 * size, _AT_ONCE)


class _Seen:
    """What is offered, with its floors."""

    def __init__(self, question: Question) -> None:
        self.question, self.accept = question, question.wanted.accept
        present = {part.listing.id for part in question.parts}
        clocks = [port for _, port in clock_needs(question)]
        hubs: list[Offered] = []
        gateways: list[Offered] = []
        self.others: list[Offered] = []
        """what is offered whatever the hub: supplies, and what gives power or time besides"""
        for one in question.offered:
            category = one.listing.category
            if one.listing.id in present:
                continue
            if feeding.outlets(one.listing) or any(gives_clock(one.listing, port) for port in clocks):
                self.others.append(one)
            elif category is Category.C2:
                hubs.append(one)
            elif category in GATEWAYS:
                gateways.append(one)
            else:
                self.others.append(one)
        self.hubs, self.gateways = hubs, gateways
        always = [part.listing for part in question.parts] + [one.listing for one in self.others]
        free_hubs = [one for one in always if one.category is Category.C2]
        self.free_hubs = bool(free_hubs)
        free_gateways = [one for one in always if one.category in GATEWAYS]
        self.wired = wiring(
            [part.listing for part in question.sensors],
            [*(one.listing for one in hubs), *free_hubs],
            [*(one.listing for one in gateways), *free_gateways],
        )
        self.prices = _prices(gateways, len(free_gateways))
        groups = self._groups()
        self.hears = self._mates(groups, self.wired.gateways)  # (groups, gateways)
        self.direct = self._mates(groups, self.wired.targets)  # (groups, hubs)
        self.shares = self._shares()
        self.all_floors = _prices(hubs, len(free_hubs)) + self.shares.sum(axis=0)
        self.floors = self.all_floors[: len(hubs)]

    def _groups(self) -> Interfaces:
        """The sensors that mate otherwise than each other."""
        kind, maker = self.wired.sources.kind, self.wired.sources.maker
        keys = np.column_stack([kind, maker if self.accept >= ONE_MAKER else np.zeros_like(maker)])
        first = np.unique(keys, axis=0, return_index=True)[1]
        return Interfaces(kind[first], maker[first])

    def _mates(self, senders: Interfaces, takers: Interfaces) -> Flags:
        """Which of ``senders`` reaches which of ``takers`` directly."""
        found = self.wired.fits[np.ix_(senders.kind, takers.kind)] <= self.accept
        if self.accept >= ONE_MAKER:
            found |= senders.maker[:, None] == takers.maker[None, :]
        return np.asarray(found)

    def _shares(self) -> Floats:
        """What each group pays at least for the gateway that hears it, (groups, hubs); nothing where it needs none."""
        shares = np.zeros(self.direct.shape)
        patterns, number = np.unique(self.direct, axis=1, return_inverse=True)
        for place, direct in enumerate(patterns.T):
            heard = self.hears[~direct]
            each = self.prices / np.maximum(heard.sum(axis=0), 1)
            paid = np.where(heard, each, np.inf).min(axis=1, initial=np.inf)
            alike = np.flatnonzero(number.reshape(-1) == place)
            shares[np.ix_(~direct, alike)] = paid[:, None]
        return shares

    def gateways_below(self, hubs: Ints, most: float) -> Flags:
        """The gateways that may be part of an answer with one of ``hubs`` that costs at most ``most``."""
        looked_at = np.concatenate([hubs, np.arange(len(self.hubs), len(self.all_floors))])
        kept = np.zeros(len(self.prices), dtype=np.bool_)
        for hub in looked_at.tolist():
            paid = np.where(self.direct[:, hub], 0.0, self.shares[:, hub])
            left = self.prices - self.hears.T @ np.where(np.isfinite(paid), paid, 0.0)
            kept |= self.all_floors[hub] + left <= most + _CENT
        return kept & self._on_a_way(looked_at)

    def cheap_gateways(self, hubs: Ints) -> Flags:
        """Few gateways that a cheap answer with one of ``hubs`` is likely to have."""
        kept = np.zeros(len(self.prices), dtype=np.bool_)
        sends = self._mates(self.wired.gateways, _at(self.wired.targets, hubs)).T
        for row, count in (*((one, _HEARING) for one in self.hears), *((one, _SENDING) for one in sends)):
            numbers = np.flatnonzero(row)
            kept[numbers[np.argsort(self.prices[numbers], kind="stable")[:count]]] = True
        return kept & self._on_a_way(hubs)

    def _on_a_way(self, hubs: Ints) -> Flags:
        wired = Wiring(self.wired.sources, self.wired.gateways, _at(self.wired.targets, hubs), self.wired.fits)
        return on_a_way(wired, self.accept).gateways

    def offering(self, hubs: Ints, gateways: Flags) -> Question:
        """The question with these hubs and gateways offered, and all that is offered whatever the hub."""
        chosen = [self.hubs[number] for number in hubs.tolist()]
        through = [one for one, kept in zip(self.gateways, gateways.tolist(), strict=False) if kept]
        return replace(self.question, offered=(*chosen, *through, *self.others))


def _at(those: Interfaces, numbers: Ints) -> Interfaces:
    flags = np.zeros(len(those), dtype=np.bool_)
    flags[numbers] = True
    return some(those, flags)


def _prices(offered: Sequence[Offered], free: int) -> Floats:
    return np.array([*(np.inf if one.price is None else one.price for one in offered), *([0.0] * free)])
