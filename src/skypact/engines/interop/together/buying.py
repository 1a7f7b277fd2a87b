"""What may be bought, as items of one program: a set's own products and the offered ones that can help it.

Of products that are the same to the question only the cheapest is looked at, so that a catalogue of thousands has few
columns.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from skypact.engines.interop.links import interface
from skypact.engines.interop.together import feeding
from skypact.engines.interop.together.choosing import Program
from skypact.engines.interop.together.question import GATEWAYS, SOURCES, Offered, Question, serves
from skypact.schema import Category, Listing, PortKind, figure

#: At most so many of one product are added.
_ADDED_MAX = 8
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

    @property
    def most(self) -> int:
        """The largest number there can be of it."""
        return self.count if self.column is None else _ADDED_MAX


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

    def amount(self, item: Item) -> tuple[list[int], list[float], float]:
        """The number of an item as columns, weights and a constant."""
        return ([], [], float(item.count)) if item.column is None else ([item.column], [1.0], 0.0)

    def at_most(self, columns: Sequence[int], weights: Sequence[float], item: Item, times: float) -> None:
        """``Σ weight · column ≤ times · number of item``."""
        mine, one, constant = self.amount(item)
        self.program.row([*columns, *mine], [*weights, *(-times * w for w in one)], high=times * constant)


def looked_at(question: Question) -> tuple[list[Item], list[Item], list[Item]]:
    """Hubs, gateways and sources: the set's own, and of the offered ones those that can help."""
    present = {part.listing.id for part in question.parts}
    own = [Item(part.listing, part.quantity) for part in question.parts]
    of = {
        "hub": [item for item in own if item.listing.category is Category.C2],
        "gateway": [item for item in own if item.listing.category in GATEWAYS],
        "source": [item for item in own if feeding.outlets(item.listing)],
    }
    offered = [one for one in question.offered if one.listing.id not in present]
    may_add_hub = question.wanted.other_c2 or not of["hub"]
    added = {
        "hub": [one for one in offered if one.listing.category is Category.C2 and may_add_hub],
        "gateway": [one for one in offered if one.listing.category in GATEWAYS],
        "source": [one for one in offered if one.listing.category in SOURCES and feeding.outlets(one.listing)],
    }
    if not question.wanted.powered:
        added["source"] = []
    found = {}
    for role, group in added.items():
        kept = _cheapest_of_each(group, question)
        found[role] = [*of[role], *(offer(one, column=-1) for one in kept)]
    return found["hub"], found["gateway"], found["source"]


def offer(one: Offered, column: int | None = None) -> Item:
    """A product that may be added. One without a price weighs more than all that have one."""
    if one.price is None:
        return Item(one.listing, column=column, price=_NO_PRICE, unpriced=True)
    return Item(one.listing, column=column, price=one.price)


def _cheapest_of_each(offered: Iterable[Offered], question: Question) -> list[Offered]:
    """Of products that are the same to the question, the cheapest."""
    best: dict[object, Offered] = {}
    for one in offered:
        item = one.listing
        power = tuple((port.standard, port.role, port.attributes) for port in item.ports if port.kind is PortKind.POWER)
        key = (
            interface(item),
            item.vendor if question.wanted.accept >= 1 else None,
            serves(item, question.on),
            (power, feeding.draw_w(item, question.on)) if question.wanted.powered else None,
            figure(item.mass, on=question.on) if question.wanted.mass_max_kg is not None else None,
            item.category is Category.C2 and question.wanted.common,
        )
        kept = best.get(key)
        if kept is None or _rank(one) < _rank(kept):
            best[key] = one
    return list(best.values())


def _rank(one: Offered) -> tuple[bool, float, str]:
    return one.price is None, one.price or 0.0, one.listing.id


def only_powered(question: Question, known: Iterable[Item]) -> list[Item]:
    """The parts that only need power: radios, networks, cameras and the like."""
    taken = {item.listing.id for item in known}
    asked = ("sensor", "c2", "gateway", "adapter", "radio", "network", "payload", "defeat")
    return [
        Item(part.listing, part.quantity)
        for part in question.parts
        if part.listing.id not in taken and part.listing.category.family in asked
    ]


def buy(model: Model, items: Iterable[Item]) -> None:
    """Gives every item that may be added its column: how many of it are bought."""
    bought: dict[str, Item] = {}
    for item in items:
        if item.column is None:
            continue
        if item.listing.id in bought:  # a network switch is a source and may be more
            item.column = bought[item.listing.id].column
            continue
        item.column = model.program.column(cost=item.price, high=_ADDED_MAX, whole=True)
        bought[item.listing.id] = item
    model.bought = list(bought.values())


def limit_mass(model: Model, question: Question) -> None:
    """Set and additions weigh no more than is wanted, kg; a product of unknown mass counts as nothing."""
    limit = question.wanted.mass_max_kg
    if limit is None:
        return
    own = sum((figure(part.listing.mass, on=question.on) or 0.0) * part.quantity for part in question.parts)
    columns, weights = [], []
    for item in model.bought:
        mass = figure(item.listing.mass, on=question.on)
        if mass is not None and item.column is not None:
            columns.append(item.column)
            weights.append(mass)
    model.program.row(columns, weights, high=limit - own)
