"""Which few kinds of packs would serve most of a fleet at the least cost: the curve over their number, with proof."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np

from skypact.engines.interop.batteries.body import endurance
from skypact.engines.interop.batteries.check import overall
from skypact.engines.interop.batteries.choosing import Choice, Chosen, choose, cost_of, needed_of
from skypact.engines.interop.batteries.fitting import own_packs, works
from skypact.engines.interop.batteries.pack import Adapter, Pack
from skypact.engines.interop.batteries.pricing import Change, CostKind, pieces, price, rounded, sending, serving
from skypact.engines.interop.batteries.socket import Socket
from skypact.engines.interop.batteries.supply import same_voltage
from skypact.schema import Answer, BatteryAssumptions, Category, Fleet, FleetAircraft, Listing


@dataclass(frozen=True)
class Arc:
    """One row of the fleet on one pack: how sure that is, what changes, and what it costs."""

    answer: Answer
    change: Change
    adapter: str | None
    """id of the adapter; empty text for one to be made"""
    costs: Mapping[CostKind, int]

    @property
    def cost(self) -> int:
        """All of it."""
        return sum(self.costs.values())


@dataclass(frozen=True)
class Serving:
    """A row of the fleet with its pack."""

    row: FleetAircraft
    pack: str
    arc: Arc


@dataclass(frozen=True)
class Held:
    """What a nation's stock of one pack becomes. ``used``: needed for the chosen packs; the rest has no use in them."""

    nation: str | None
    pack: str
    quantity: int
    used: int

    @property
    def left_over(self) -> int:
        """Packs without use."""
        return self.quantity - self.used


@dataclass(frozen=True)
class Bought:
    """Packs that a nation must still buy, the spares pool included."""

    nation: str | None
    pack: str
    quantity: int


@dataclass(frozen=True)
class HandedOver:
    """Packs that one nation has no use for while another buys the same: they could be handed over."""

    giver: str | None
    taker: str | None
    pack: str
    quantity: int


@dataclass(frozen=True)
class NationShare:
    """What a choice means for one nation; ``None`` is everybody's pool."""

    nation: str | None
    aircraft: int
    served: int
    held: int
    used: int
    to_buy: int

    @property
    def left_over(self) -> int:
        """Packs of its stock that the choice has no use for."""
        return self.held - self.used


@dataclass(frozen=True)
class Point:
    """The best choice of at most k kinds of packs."""

    k: int
    packs: tuple[str, ...]
    served: int
    total: int
    servings: tuple[Serving, ...]
    left_out: tuple[FleetAircraft, ...]
    costs: Mapping[CostKind, int]
    bound: int
    proven: bool
    stock: tuple[Held, ...]
    to_buy: tuple[Bought, ...]

    @property
    def cost(self) -> int:
        """The total, in whole units of the assumptions' currency."""
        return sum(self.costs.values())

    @property
    def share(self) -> float:
        """The part of the aircraft that is served."""
        return self.served / self.total

    @property
    def sure(self) -> int:
        """Aircraft whose pack certainly fits; the others rest on something that nobody has stated."""
        return sum(one.row.quantity for one in self.servings if one.arc.answer is Answer.YES)

    @property
    def nations(self) -> tuple[NationShare, ...]:
        """What the choice means for each nation that flies or holds something, by its code."""
        rows = [*(one.row for one in self.servings), *self.left_out]
        return tuple(
            NationShare(
                nation=nation,
                aircraft=sum(row.quantity for row in rows if row.nation == nation),
                served=sum(one.row.quantity for one in self.servings if one.row.nation == nation),
                held=sum(one.quantity for one in self.stock if one.nation == nation),
                used=sum(one.used for one in self.stock if one.nation == nation),
                to_buy=sum(one.quantity for one in self.to_buy if one.nation == nation),
            )
            for nation in sorted({row.nation for row in rows} | {one.nation for one in self.stock}, key=str)
        )


def handed_over(point: Point) -> tuple[HandedOver, ...]:
    """What could be handed over instead of bought, each pack once, the greatest surplus and need first.

    The costs do not count on it: whether one nation gives another its packs is theirs to settle.
    """
    found = []
    needs = {(one.nation, one.pack): one.quantity for one in point.to_buy}
    for held in sorted(point.stock, key=lambda one: -one.left_over):
        rest = held.left_over
        for (nation, pack), wanted in sorted(needs.items(), key=lambda need: (-need[1], str(need[0]))):
            if pack == held.pack and nation != held.nation and (given := min(rest, wanted)) > 0:
                found.append(HandedOver(held.nation, nation, pack, given))
                rest -= given
                needs[nation, pack] -= given
    return tuple(found)


@dataclass(frozen=True)
class Curve:
    """The answer for every k, with what it was chosen from."""

    points: tuple[Point, ...]
    assumptions: BatteryAssumptions
    aircraft: int
    candidates: int
    """packs of known energy"""
    arcs: int
    """pairs that count as fitting"""
    open_arcs: int
    """pairs of one voltage and enough energy that would fit if nothing that is missing spoke against it"""


def standardise(
    fleet: Fleet,
    listings: Sequence[Listing],
    *,
    on: date,
    max_k: int = 12,
    count_unknown: bool = False,
) -> Curve:
    """The best choice of at most 1, 2, … ``max_k`` kinds of packs for ``fleet``.

    First as many aircraft as possible are served, then the cost by the fleet's assumptions is the least; both proven
    for each k. A pack serves an aircraft that it certainly fits, and whose endurance it certainly keeps to the assumed
    share. With ``count_unknown`` a pack also serves where the nominal voltage agrees, its energy reaches the assumed
    share of what the aircraft flies on today, and no fact speaks against it; such aircraft are not ``sure``.

    ``listings`` hold aircraft, packs and adapters; the fleet's own listings are added. Raises ``KeyError`` naming an
    aircraft or a pack of the stock that is not among them, and ``ValueError`` for a listing of another kind.
    """
    question = _Question(fleet, listings, on=on, count_unknown=count_unknown)
    points = tuple(question.point(chosen) for chosen in choose(question.choice, k_max=max_k))
    return Curve(
        points=points,
        assumptions=fleet.assumptions,
        aircraft=sum(row.quantity for row in fleet.aircraft),
        candidates=len(question.packs),
        arcs=len(question.arcs),
        open_arcs=question.open_arcs,
    )


def question_of(fleet: Fleet, listings: Sequence[Listing], *, on: date, count_unknown: bool = False) -> Choice:
    """The same question in numbers, for whoever measures or checks the choice alone."""
    return _Question(fleet, listings, on=on, count_unknown=count_unknown).choice


class _Question:
    """A fleet and a catalogue, made into rows, packs and what they cost together."""

    def __init__(self, fleet: Fleet, listings: Sequence[Listing], *, on: date, count_unknown: bool) -> None:
        known = {listing.id: listing for listing in (*listings, *fleet.listings)}
        missing = [row.aircraft for row in fleet.aircraft if row.aircraft not in known]
        missing += [held.pack for held in fleet.stock if held.pack not in known]
        if missing:
            raise KeyError(missing[0])
        batteries = [one for one in known.values() if one.category is Category.BATTERY and one.battery is not None]
        self.fleet = fleet
        self.rows = fleet.aircraft
        self.packs = [pack for pack in (Pack.of(one, on=on) for one in batteries) if pack.energy_wh]
        self.adapters = [Adapter.of(one) for one in known.values() if one.category is Category.ADAPTER]
        self.nations = sorted({row.nation for row in self.rows} | {held.nation for held in fleet.stock}, key=str)
        own = own_packs([known[row.aircraft] for row in self.rows], batteries, on=on)
        self.sockets = {
            row.aircraft: Socket.of_aircraft(
                known[row.aircraft],
                Pack.of(own[row.aircraft], on=on) if row.aircraft in own else None,
                on=on,
            )
            for row in self.rows
        }
        self.open_arcs = 0
        self.arcs: dict[tuple[int, int], Arc] = {}
        for number, row in enumerate(self.rows):
            for place, pack in enumerate(self.packs):
                arc = self._arc(row, pack)
                if arc is None:
                    continue
                self.open_arcs += arc.answer is Answer.UNKNOWN
                if count_unknown or arc.answer is Answer.YES:
                    self.arcs[number, place] = arc

    def _arc(self, row: FleetAircraft, pack: Pack) -> Arc | None:
        socket, assumed = self.sockets[row.aircraft], self.fleet.assumptions
        energy = pack.energy_wh or 0.0
        ratio, answers, adapter = endurance(pack, socket).ratio, list[Answer](), None
        if ratio is None:
            answers.append(Answer.UNKNOWN)
            ratio = energy / socket.energy_wh if socket.energy_wh else 0.0
        # What certainly comes to nothing is left before the checks, each of which writes its reason: most pairs are.
        if ratio < assumed.endurance_least:
            return None
        agrees = same_voltage(pack, socket)
        if answers and not agrees:
            return None
        for check in works(pack, socket, adapters=self.adapters, may_make=assumed.adapter_price is not None):
            if check.answer is Answer.NO or (check.answer is Answer.UNKNOWN and not agrees):
                return None
            answers.append(check.answer)
            adapter = check.adapter if check.adapter is not None else adapter
        if adapter is not None and assumed.adapter_price is None:
            return None
        answer = overall(answers)
        own = socket.own is not None and socket.own.id == pack.id
        change = Change(own=own, adapter=adapter is not None, endurance_ratio=ratio)
        return Arc(answer, change, adapter, serving(row.quantity, socket.packs, energy, change, assumed))

    @cached_property
    def choice(self) -> Choice:
        """The question in numbers."""
        rows, packs, assumed = self.rows, self.packs, self.fleet.assumptions
        admissible = np.zeros((len(rows), len(packs)), dtype=np.bool_)
        cost = np.zeros((len(rows), len(packs)), dtype=np.int64)
        for (row, pack), arc in self.arcs.items():
            admissible[row, pack], cost[row, pack] = True, arc.cost
        stock = np.zeros((len(self.nations), len(packs)), dtype=np.int64)
        place = {pack.id: number for number, pack in enumerate(packs)}
        for held in self.fleet.stock:
            if held.pack in place:
                stock[self.nations.index(held.nation), place[held.pack]] = held.quantity
        worth = np.array([self._worth(pack) for pack in packs], dtype=np.int64)
        return Choice(
            weight=np.array([row.quantity for row in rows], dtype=np.int64),
            pool=np.array([self.nations.index(row.nation) for row in rows], dtype=np.int64),
            need=np.array(
                [pieces(row.quantity, self.sockets[row.aircraft].packs, assumed) for row in rows], dtype=np.int64
            ),
            admissible=admissible,
            cost=cost,
            opening=np.full(len(packs), rounded(assumed.introduction), dtype=np.int64),
            keeping=worth * assumed.pool_packs,
            worth=worth,
            stock=stock,
        )

    def _worth(self, pack: Pack) -> int:
        energy, assumed = pack.energy_wh or 0.0, self.fleet.assumptions
        return price(energy, assumed) + sending(energy, assumed)

    def point(self, chosen: Chosen) -> Point:
        """A choice in the words of the fleet; its costs are added up anew."""
        choice, pairs = self.choice, list(enumerate(int(pack) for pack in chosen.pack))
        servings = tuple(
            Serving(self.rows[row], self.packs[pack].id, self.arcs[row, pack]) for row, pack in pairs if pack >= 0
        )
        needed = needed_of(choice, chosen.pack)
        used = np.minimum(needed, choice.stock)
        pools = needed > 0
        costs = {kind: sum(one.arc.costs.get(kind, 0) for one in servings) for kind in CostKind}
        costs[CostKind.SPARES_POOL] = int((choice.keeping * pools).sum())
        costs[CostKind.INTRODUCTION] = int(choice.opening[pools.any(axis=0)].sum())
        costs[CostKind.STOCK] = -int((choice.worth * used).sum())
        assert sum(costs.values()) == cost_of(choice, chosen.pack)  # noqa: S101 (two ways to add up one sum)
        buy = needed - used + pools * self.fleet.assumptions.pool_packs
        return Point(
            k=chosen.k,
            packs=tuple(sorted({one.pack for one in servings})),
            served=chosen.served,
            total=int(choice.weight.sum()),
            servings=servings,
            left_out=tuple(self.rows[row] for row, pack in pairs if pack < 0),
            costs=costs,
            bound=chosen.bound,
            proven=chosen.proven,
            stock=self._held(used),
            to_buy=tuple(
                Bought(self.nations[pool], self.packs[pack].id, int(buy[pool, pack]))
                for pool, pack in np.argwhere(buy > 0)
            ),
        )

    def _held(self, used: np.ndarray[tuple[int, ...], np.dtype[np.int64]]) -> tuple[Held, ...]:
        place = {pack.id: number for number, pack in enumerate(self.packs)}
        return tuple(
            Held(
                held.nation,
                held.pack,
                held.quantity,
                int(used[self.nations.index(held.nation), place[held.pack]]) if held.pack in place else 0,
            )
            for held in self.fleet.stock
        )
