"""What may be bought, as items of one program: a set's own products and the offered ones that can help it.

Of a catalogue of thousands few columns are left (:mod:`.narrowing`).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from skypact.engines.interop.links import GATEWAYS_MAX
from skypact.engines.interop.together import feeding
from skypact.engines.interop.together.choosing import Program
from skypact.engines.interop.together.narrowing import few
from skypact.engines.interop.together.question import GATEWAYS, SOURCES, UNKNOWN, Offered, Question
from skypact.engines.interop.together.timing import clock_needs, clock_places, gives_clock
from skypact.schema import Category, Listing, Port, figure

#: More than anything costs.
_NO_PRICE = 1e9


@dataclass(eq=False)
class Item:
    """A product of the set (``count``) or one that may be added (``column``)."""

    listing: Listing
    count: int = 0
    column: int | None = None
    price: float = 0.0
    unpriced: bool = False
    useful: int = 1
    """more of it than that would stand idle"""

    @property
    def most(self) -> int:
        """The largest number there can be of it."""
        return self.count if self.column is None else self.useful


@dataclass(frozen=True)
class Feeding:
    """A column of the program: how many of ``consumer`` one outlet of ``source`` (``None``: mains) feeds."""

    column: int
    consumer: Listing
    source: Listing | None
    outlet: int
    as_source: bool


@dataclass(eq=False)
class Model:
    """The program under construction, and what its columns stand for."""

    program: Program = field(default_factory=Program)
    bought: list[Item] = field(default_factory=list)
    doubts: dict[int, float] = field(default_factory=dict)
    """columns that rest on an unknown, with how much"""
    feeds: list[Feeding] = field(default_factory=list)
    main_hubs: dict[str, int] = field(default_factory=dict)
    kept: dict[str, tuple[int, int]] = field(default_factory=dict)
    """sensors that may be left out: the column of how many stay, and of how many"""

    def amount(self, item: Item) -> tuple[list[int], list[float], float]:
        """The number of an item as columns, weights and a constant."""
        return ([], [], float(item.count)) if item.column is None else ([item.column], [1.0], 0.0)

    def at_most(self, columns: Sequence[int], weights: Sequence[float], item: Item, times: float) -> None:
        """``Σ weight · column ≤ times · number of item``."""
        mine, one, constant = self.amount(item)
        self.program.row([*columns, *mine], [*weights, *(-times * w for w in one)], high=times * constant)


def looked_at(question: Question, *, weigh: bool = False) -> tuple[list[Item], list[Item], list[Item]]:
    """Hubs, gateways and sources: the set's own, and of the offered ones those that the best additions may need."""
    present = {part.listing.id for part in question.parts}
    own = [Item(part.listing, part.quantity) for part in question.parts]
    hubs = [item for item in own if item.listing.category is Category.C2]
    gateways = [item for item in own if item.listing.category in GATEWAYS]
    sources = [item for item in own if feeding.outlets(item.listing)]
    offered = [one for one in question.offered if one.listing.id not in present]
    if weigh or question.wanted.mass_max_kg is not None:  # an unknown mass is within no limit surely
        offered = [one for one in offered if question.wanted.accept >= UNKNOWN or _weighed(one.listing, question)]
    may_add_hub = question.wanted.other_c2 or not hubs
    left = few(
        question,
        ([item.listing for item in hubs], [item.listing for item in gateways]),
        (
            [one for one in offered if one.listing.category is Category.C2 and may_add_hub],
            [one for one in offered if one.listing.category in GATEWAYS],
            [one for one in offered if one.listing.category in SOURCES and feeding.outlets(one.listing)],
        ),
        weigh=weigh,
    )
    # Each unit of a sensor takes at most two gateways and a hub of its own, each of these a converter and a source.
    units = sum(part.quantity for part in question.sensors)
    fed = sum(part.quantity for part in question.parts) + 3 * units
    return (
        [*hubs, *(offer(one, useful=max(1, units)) for one in left.hubs)],
        [*gateways, *(offer(one, useful=max(1, GATEWAYS_MAX * units)) for one in left.gateways)],
        [*sources, *(offer(one, useful=2 * fed) for one in left.sources)],
    )


def _weighed(listing: Listing, question: Question) -> bool:
    return figure(listing.mass, on=question.on) is not None


def offer(one: Offered, *, useful: int = 1) -> Item:
    """A product that may be added. One without a price weighs more than all that have one."""
    if one.price is None:
        return Item(one.listing, column=-1, price=_NO_PRICE, unpriced=True, useful=useful)
    return Item(one.listing, column=-1, price=one.price, useful=useful)


def only_powered(question: Question, known: Iterable[Item]) -> list[Item]:
    """The parts that only need power: radios, networks, cameras and the like."""
    taken = {item.listing.id for item in known}
    asked = ("sensor", "c2", "gateway", "adapter", "radio", "network", "payload", "defeat")
    return [
        Item(part.listing, part.quantity)
        for part in question.parts
        if part.listing.id not in taken and part.listing.category.family in asked
    ]


def keep(model: Model, question: Question) -> list[Item]:
    """The sensors as items of which any number may be left out, though not all."""
    items = []
    for part in question.sensors:
        column = model.program.column(high=part.quantity, whole=True)
        items.append(Item(part.listing, part.quantity, column=column, useful=part.quantity))
        model.kept[part.listing.id] = column, part.quantity
    columns = [column for column, _ in model.kept.values()]
    model.program.row(columns, [1.0] * len(columns), low=1)
    if question.wanted.kinds:
        _keep_kinds(model, question)
    return items


def _keep_kinds(model: Model, question: Question) -> None:
    """So many kinds of sensor stay as are asked for."""
    seen = []
    kinds = {one.kind for part in question.sensors for one in part.listing.sensors}
    for kind in sorted(kinds):
        column = model.program.column(whole=True)
        of = [model.kept[part.listing.id][0] for part in question.sensors
              if any(one.kind is kind for one in part.listing.sensors)]  # fmt: skip
        model.program.row([*of, column], [1.0] * len(of) + [-1.0], low=0)
        seen.append(column)
    model.program.row(seen, [1.0] * len(seen), low=question.wanted.kinds)


def buy(model: Model, items: Iterable[Item]) -> None:
    """Gives every item that may be added its column: how many of it are bought."""
    bought: dict[str, Item] = {}
    for item in items:
        if item.column is None:
            continue
        if item.listing.id in bought:  # a network switch is a source and may be more
            item.column = bought[item.listing.id].column
            continue
        item.column = model.program.column(cost=item.price, high=item.most, whole=True)
        bought[item.listing.id] = item
    model.bought = list(bought.values())


def serve_clocks(model: Model, question: Question) -> None:
    """Where no part of the set serves a port that needs time or position, something that does is bought."""
    accept = question.wanted.accept
    for part, port in clock_needs(question):
        own = sum(
            _served(other.listing, port, part.quantity) * other.quantity
            for other in question.parts
            if other is not part and gives_clock(other.listing, port, accept=accept)
        )
        if own >= part.quantity:
            continue
        serving = [item for item in model.bought if gives_clock(item.listing, port, accept=accept)]
        known = {item.listing.id for item in model.bought}
        for one in question.offered:
            if one.listing.id not in known and gives_clock(one.listing, port, accept=accept):
                item = offer(one)
                most = math.ceil(part.quantity / _served(one.listing, port, part.quantity))
                item.column = model.program.column(cost=item.price, high=most, whole=True)
                model.bought.append(item)
                serving.append(item)
        columns = [item.column for item in serving if item.column is not None]
        places = [float(_served(item.listing, port, part.quantity)) for item in serving if item.column is not None]
        if part.listing.id in model.kept:
            model.program.row([*columns, model.kept[part.listing.id][0]], [*places, -1.0], low=-own)
        else:
            model.program.row(columns, places, low=part.quantity - own)


def _served(giver: Listing, port: Port, wanted: int) -> int:
    """How many of ``wanted`` one unit of a product serves with time or position."""
    places = clock_places(giver, port)
    return wanted if places is None else min(places, wanted)


def limit_mass(model: Model, question: Question) -> None:
    """Set and additions weigh no more than is wanted, kg; one of the set of unknown mass counts as nothing."""
    limit = question.wanted.mass_max_kg
    if limit is None:
        return
    own, columns, weights = 0.0, [], []
    for part in question.parts:
        mass = figure(part.listing.mass, on=question.on) or 0.0
        if part.listing.id in model.kept:
            columns.append(model.kept[part.listing.id][0])
            weights.append(mass)
        else:
            own += mass * part.quantity
    for item in model.bought:
        weighed = figure(item.listing.mass, on=question.on)
        if weighed is not None and item.column is not None:
            columns.append(item.column)
            weights.append(weighed)
    model.program.row(columns, weights, high=limit - own)
