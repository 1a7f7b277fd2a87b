"""The cheapest additions that make a set work together, proven; with nothing offered: whether it works as it is.

One program (:mod:`.choosing`): what is bought is whole; the ways of each sensor are flows through at most two gateways,
which follow from it; units and outlets that feed them are whole. Gateways and hubs are
joined by interface, so that a catalogue of thousands has few columns; of products that are the same to the question
only the cheapest is looked at.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from skypact.engines.interop.links import GATEWAYS_MAX, interface
from skypact.engines.interop.mating import canonical, faces
from skypact.engines.interop.reach import Wiring, wiring
from skypact.engines.interop.together import feeding
from skypact.engines.interop.together.choosing import Floats, Outcome, Program, Solved, cheapest
from skypact.engines.interop.together.connecting import Connection, connect
from skypact.engines.interop.together.feeding import FeedWay
from skypact.engines.interop.together.packing import fits
from skypact.engines.interop.together.question import GATEWAYS, SOURCES, Aspect, Offered, Part, Question, serves
from skypact.schema import Answer, Category, Listing, Port, PortKind, PortRole, figure

#: At most so many of one product are added.
_ADDED_MAX = 8
#: More than anything costs.
_NO_PRICE = 1e9
#: The sky gives time and position to who can hear it.
SKY = "gnss"


@dataclass(frozen=True)
class Fed:
    """So many units are fed by one source (``None``: mains)."""

    consumer: str
    source: str | None
    units: int
    way: FeedWay


@dataclass(frozen=True)
class Completion:
    """What to add, what it costs, and how everything then connects. Costs are in the currency of the prices."""

    outcome: Outcome
    additions: tuple[tuple[Listing, int], ...] = ()
    cost: float = 0.0
    bound: float = 0.0
    connections: tuple[Connection, ...] = ()
    feeds: tuple[Fed, ...] = ()
    hubs: tuple[str, ...] = ()
    unpriced: tuple[str, ...] = ()
    """additions without a known price, which the cost leaves out; nothing that has a price does without them"""


@dataclass(eq=False)
class _Item:
    """A product of the set (``count``) or one that may be added (``column``)."""

    listing: Listing
    count: int = 0
    column: int | None = None
    price: float = 0.0
    unpriced: bool = False

    @property
    def most(self) -> int:
        return self.count if self.column is None else _ADDED_MAX


@dataclass(eq=False)
class _Model:
    program: Program = field(default_factory=Program)
    bought: list[_Item] = field(default_factory=list)
    doubts: dict[int, float] = field(default_factory=dict)
    """columns that rest on an unknown, with how much"""
    feeds: list[tuple[int, FeedWay]] = field(default_factory=list)
    main_hubs: dict[str, int] = field(default_factory=dict)

    def amount(self, item: _Item) -> tuple[list[int], list[float], float]:
        """The number of an item as columns, weights and a constant."""
        return ([], [], float(item.count)) if item.column is None else ([item.column], [1.0], 0.0)

    def at_most(self, columns: Sequence[int], weights: Sequence[float], item: _Item, times: float) -> None:
        """``Σ weight · column ≤ times · number of item``."""
        mine, one, constant = self.amount(item)
        self.program.row([*columns, *mine], [*weights, *(-times * w for w in one)], high=times * constant)


#: What additions can mend. Coexistence on the air is no matter of additions (:mod:`.air`).
MENDED = frozenset({Aspect.DATA, Aspect.POWER, Aspect.TIME, Aspect.POSITION})


def complete(
    question: Question, *, asked: frozenset[Aspect] = MENDED, weigh: bool = False, limit_s: float = 30.0
) -> Completion:
    """The cheapest additions out of what is offered, with proof unless ``limit_s`` (wall time) ends the search.

    Among additions of equal cost those with the fewest open links. The budget is no limit here, so that an answer
    beyond it says how much is missing; the mass is one. ``weigh``: the lightest additions instead of the cheapest,
    the mass in place of the cost.
    """
    priced = tuple(one for one in question.offered if one.price is not None)
    found = _complete(replace(question, offered=priced), asked, weigh, limit_s)
    if found.outcome is Outcome.IMPOSSIBLE and len(priced) < len(question.offered):
        return _complete(question, asked, weigh, limit_s)
    return found


def _complete(question: Question, asked: frozenset[Aspect], weigh: bool, limit_s: float) -> Completion:
    model = _Model()
    hubs, gateways, sources = _looked_at(question)
    sensors = [_Item(part.listing, part.quantity) for part in question.sensors]
    others = _others(question, (*sensors, *hubs, *gateways, *sources))
    _buy(model, (*hubs, *gateways, *sources))
    if sensors and Aspect.DATA in asked:
        _route(model, question, sensors, gateways, hubs)
    if question.wanted.powered and Aspect.POWER in asked:
        _power(model, question, [*sensors, *hubs, *gateways, *others], sources)
    if Aspect.TIME in asked:
        _clocks(model, question)
    if weigh:
        for item in model.bought:
            if item.column is not None:
                item.price = figure(item.listing.mass, on=question.on) or 0.0
                model.program.cost[item.column] = item.price
    else:
        _mass(model, question)
    solved = _surest(model, question, limit_s)
    if solved.outcome in (Outcome.IMPOSSIBLE, Outcome.OPEN):
        return Completion(solved.outcome, cost=solved.cost, bound=solved.bound)
    found = _written(model, question, solved, sensors if Aspect.DATA in asked else [], gateways, hubs)
    if _borne(question, found):
        return found
    apart = _complete(_one_load_each(question), asked, weigh, limit_s)
    if apart.outcome is not Outcome.PROVEN:
        return replace(apart, bound=found.bound)
    # Each load on an outlet of its own is an answer, though not surely the cheapest: the floor is the program's.
    return replace(apart, outcome=Outcome.FOUND, bound=found.bound)


def _one_load_each(question: Question) -> Question:
    """The question with one place at every outlet."""

    def single(listing: Listing) -> Listing:
        ports = tuple(
            port.model_copy(update={"attributes": port.attributes.model_copy(update={"connections_max": None})})
            if port.kind is PortKind.POWER
            else port
            for port in listing.ports
        )
        return listing.model_copy(update={"ports": ports})

    return replace(
        question,
        parts=tuple(replace(part, listing=single(part.listing)) for part in question.parts),
        offered=tuple(replace(one, listing=single(one.listing)) for one in question.offered),
    )


def _looked_at(question: Question) -> tuple[list[_Item], list[_Item], list[_Item]]:
    """Hubs, gateways and sources: the set's own, and of the offered ones those that can help."""
    present = {part.listing.id for part in question.parts}
    own = [_Item(part.listing, part.quantity) for part in question.parts]
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
        found[role] = [*of[role], *(_offered(one, column=-1) for one in kept)]
    return found["hub"], found["gateway"], found["source"]


def _offered(one: Offered, column: int | None = None) -> _Item:
    """A product that may be added. One without a price weighs more than all that have one."""
    if one.price is None:
        return _Item(one.listing, column=column, price=_NO_PRICE, unpriced=True)
    return _Item(one.listing, column=column, price=one.price)


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


def _others(question: Question, known: Iterable[_Item]) -> list[_Item]:
    """The parts that only need power: radios, networks, cameras and the like."""
    taken = {item.listing.id for item in known}
    asked = ("sensor", "c2", "gateway", "adapter", "radio", "network", "payload", "defeat")
    return [
        _Item(part.listing, part.quantity)
        for part in question.parts
        if part.listing.id not in taken and part.listing.category.family in asked
    ]


def _buy(model: _Model, items: Iterable[_Item]) -> None:
    bought: dict[str, _Item] = {}
    for item in items:
        if item.column is None:
            continue
        if item.listing.id in bought:  # a network switch is a source and may be more
            item.column = bought[item.listing.id].column
            continue
        item.column = model.program.column(cost=item.price, high=_ADDED_MAX, whole=True)
        bought[item.listing.id] = item
    model.bought = list(bought.values())


def room(listing: Listing, question: Question) -> float | None:
    """How many sensors a hub or gateway takes: one where nobody states it and that must be sure, else no limit."""
    stated = serves(listing, question.on)
    if stated is not None:
        return stated
    return 1.0 if question.wanted.accept == 0 else None


def _route(model: _Model, question: Question, sensors: list[_Item], gateways: list[_Item], hubs: list[_Item]) -> None:
    """Each sensor's share of every way; a product used must be there, and takes no more than it can."""
    wanted = question.wanted
    wired = wiring(*([item.listing for item in group] for group in (sensors, hubs, gateways)))
    used: dict[tuple[str, int], dict[int, list[int]]] = {}  # (role, number) → sensor → columns through it
    if wanted.common:
        for hub in hubs:
            model.main_hubs[hub.listing.id] = model.program.column(whole=True)
        model.program.row([*model.main_hubs.values()], [1.0] * len(hubs), low=1, high=1)
    for number, _ in enumerate(sensors):
        _Ways(model, wired, wanted.accept, number, used).lay()
    for (role, number), shares in used.items():
        item = (hubs if role == "hub" else gateways)[number]
        for columns in shares.values():
            model.at_most(columns, [1.0] * len(columns), item, 1.0)
            if role == "hub" and wanted.common:
                main = model.main_hubs[item.listing.id]
                model.program.row([*columns, main], [1.0] * len(columns) + [-1.0], high=0)
        limit = room(item.listing, question)
        if limit is not None:
            columns = [column for group in shares.values() for column in group]
            weights = [float(sensors[sensor].count) for sensor, group in shares.items() for _ in group]
            model.at_most(columns, weights, item, limit)


@dataclass(eq=False)
class _Ways:
    """The ways of one sensor: directly, through one gateway, or through a first and a last one."""

    model: _Model
    wired: Wiring
    accept: int
    sensor: int
    used: dict[tuple[str, int], dict[int, list[int]]]

    def lay(self) -> None:
        """Adds the columns and the rows that keep what flows in equal to what flows out."""
        wired, program = self.wired, self.model.program
        kind, maker = int(wired.sources.kind[self.sensor]), int(wired.sources.maker[self.sensor])
        reach_hub = self._reached(kind, maker, wired.targets.kind.tolist(), wired.targets.maker.tolist())
        reach_gate = self._reached(kind, maker, wired.gateways.kind.tolist(), wired.gateways.maker.tolist())
        straight = [self._column("hub", number, sure) for number, sure in reach_hub.items()]
        first = {number: self._column("gateway", number, sure) for number, sure in reach_gate.items()}
        last = {number: self._column("gateway", number, sure) for number, sure in reach_gate.items()}
        whole = [*straight, *first.values(), *last.values()]
        program.row(whole, [1.0] * len(whole), low=1, high=1)
        into: dict[int, list[int]] = {number: [column] for number, column in last.items()}
        if GATEWAYS_MAX > 1:
            self._chain(first, into)
        self._onward(into)

    def _chain(self, first: dict[int, int], into: dict[int, list[int]]) -> None:
        """From first gateways to last ones: by interface, and one by one between products of one maker."""
        wired, program = self.wired, self.model.program
        kinds, makers = wired.gateways.kind.tolist(), wired.gateways.maker.tolist()
        leaving: dict[int, list[int]] = {number: [] for number in first}
        shared: dict[int, list[int]] = {}
        for number in first:
            shared.setdefault(kinds[number], []).append(number)
        for kind, senders in shared.items():
            out = program.column()  # what leaves all first gateways of this interface by it
            program.row(
                [out, *(self._share(leaving, number) for number in senders)],
                [1.0] + [-1.0] * len(senders),
                low=0,
                high=0,
            )
            arriving = []
            for number, taken in enumerate(kinds):
                sure = int(wired.fits[kind, taken])
                if sure <= self.accept:
                    column = self._column("gateway", number, sure)
                    arriving.append(column)
                    into.setdefault(number, []).append(column)
            program.row([out, *arriving], [1.0] + [-1.0] * len(arriving), low=0, high=0)
        if self.accept >= 1:
            for number in first:
                for other, maker in enumerate(makers):
                    if maker == makers[number] and other != number and wired.fits[kinds[number], kinds[other]] > 1:
                        column = self._column("gateway", other, 1)
                        leaving[number].append(column)
                        into.setdefault(other, []).append(column)
        for number, column in first.items():
            program.row([column, *leaving[number]], [1.0] + [-1.0] * len(leaving[number]), low=0, high=0)

    def _share(self, leaving: dict[int, list[int]], number: int) -> int:
        column = self.model.program.column()
        leaving[number].append(column)
        return column

    def _onward(self, into: dict[int, list[int]]) -> None:
        """From last gateways to hubs."""
        wired, program = self.wired, self.model.program
        kinds, makers = wired.gateways.kind.tolist(), wired.gateways.maker.tolist()
        hub_kinds, hub_makers = wired.targets.kind.tolist(), wired.targets.maker.tolist()
        leaving: dict[int, list[int]] = {number: [] for number in into}
        shared: dict[int, list[int]] = {}
        for number in into:
            shared.setdefault(kinds[number], []).append(number)
        for kind, senders in shared.items():
            out = program.column()
            program.row(
                [out, *(self._share(leaving, number) for number in senders)],
                [1.0] + [-1.0] * len(senders),
                low=0,
                high=0,
            )
            arriving = [
                self._column("hub", hub, int(wired.fits[kind, taken]))
                for hub, taken in enumerate(hub_kinds)
                if wired.fits[kind, taken] <= self.accept
            ]
            program.row([out, *arriving], [1.0] + [-1.0] * len(arriving), low=0, high=0)
        if self.accept >= 1:
            for number in into:
                for hub, maker in enumerate(hub_makers):
                    if maker == makers[number] and wired.fits[kinds[number], hub_kinds[hub]] > 1:
                        leaving[number].append(self._column("hub", hub, 1))
        for number, columns in into.items():
            program.row(
                [*columns, *leaving[number]], [1.0] * len(columns) + [-1.0] * len(leaving[number]), low=0, high=0
            )

    def _column(self, role: str, number: int, sure: int) -> int:
        column = self.model.program.column()
        self.used.setdefault((role, number), {}).setdefault(self.sensor, []).append(column)
        if sure > 0:
            self.model.doubts[column] = float(sure)
        return column

    def _reached(self, kind: int, maker: int, kinds: Sequence[int], makers: Sequence[int]) -> dict[int, int]:
        """The accepted ones of some products, with how surely the sensor talks to each."""
        found = {}
        for number, (other, of) in enumerate(zip(kinds, makers, strict=True)):
            sure = int(self.wired.fits[kind, other])
            sure = min(sure, 1) if of == maker else sure
            if sure <= self.accept:
                found[number] = sure
        return found


def _power(model: _Model, question: Question, consumers: list[_Item], sources: list[_Item]) -> None:
    """Every unit is fed by mains or an outlet; an outlet gives no more than it can, to no more than it has places."""
    wanted, program = question.wanted, model.program
    weakest = 2 if wanted.accept >= 2 else 0
    standing = {item.listing.id: feeding.stands(item.listing, wanted.mains) for item in sources}
    rooted = [item for item in sources if _level(standing[item.listing.id]) <= weakest]
    units: dict[str, list[int]] = {}
    load: dict[tuple[str, int], list[tuple[int, float]]] = {}
    taking = [(item, False) for item in consumers if feeding.needs_feed(item.listing)]
    taking += [(item, True) for item in sources if standing[item.listing.id] is Answer.UNKNOWN
               and item.listing.id not in {one.listing.id for one, _ in taking}]  # fmt: skip
    usable = {item.listing.id: item for item in rooted}
    chained: list[_Item] = []
    for item, converter in taking:
        givers = rooted if converter else [*rooted, *(one for one in sources if one.listing.id not in usable)]
        found = feeding.ways(
            item.listing,
            [one.listing for one in givers],
            on=question.on,
            mains=wanted.mains,
            as_source=converter,
        )
        columns = []
        watts = feeding.draw_w(item.listing, question.on)
        if watts is None and converter:
            watts = max((outlet.watts or 0.0 for outlet in feeding.outlets(item.listing)), default=None)
        for way in found:
            if _level(way.fit.answer) > weakest:
                continue
            column = program.column(high=item.most, whole=True)
            columns.append(column)
            model.feeds.append((column, way))
            if way.fit.answer is Answer.UNKNOWN:
                model.doubts[column] = 2.0
            if way.source is not None:
                load.setdefault((way.source, way.outlet), []).append((column, watts or 0.0))
        if (converter and weakest >= 2) or (
            not converter and weakest >= 2 and not feeding.inlets(item.listing)
        ):  # what feeds it may stay open
            column = program.column(high=item.most, whole=True)
            model.doubts[column] = 2.0
            columns.append(column)
        mine, one, constant = model.amount(item)
        must = 0.0 if converter and item.column is None else constant
        program.row([*columns, *mine], [1.0] * len(columns) + [-w for w in one], low=must, high=constant)
        units[item.listing.id] = columns
        if converter:
            chained.append(item)
    for item in sources:
        self_fed = _level(standing[item.listing.id]) <= weakest or item in chained
        for number, outlet in enumerate(feeding.outlets(item.listing)):
            drawn = load.get((item.listing.id, number), [])
            if not drawn:
                continue
            columns = [column for column, _ in drawn]
            if not self_fed:
                program.row(columns, [1.0] * len(columns), high=0)
                continue
            carrying = units[item.listing.id] if item in chained and item.column is None else None
            if carrying is not None:  # an own converter gives only where it is fed itself
                program.row([*columns, *carrying], [1.0] * len(columns) + [-float(outlet.connections)] * len(carrying),
                            high=0)  # fmt: skip
            model.at_most(columns, [1.0] * len(columns), item, float(outlet.connections))
            watts_max = outlet.watts
            if watts_max is not None and not outlet.watts_are_sure and weakest >= 2:
                watts_max *= outlet.connections
            if watts_max is not None:
                _whole_loads(model, item, drawn, watts_max)


def _whole_loads(model: _Model, item: _Item, drawn: list[tuple[int, float]], watts: float) -> None:
    """No outlet is overloaded: in sum, and in the number of units of one size and up that one outlet bears."""
    columns, loads = [column for column, _ in drawn], [load for _, load in drawn]
    model.at_most(columns, loads, item, watts)
    for size in sorted({load for load in loads if load > 0}):
        together = [column for column, load in drawn if load >= size]
        model.at_most(together, [1.0] * len(together), item, float(int(watts / size + 1e-9)))


def _level(answer: Answer) -> int:
    return {Answer.YES: 0, Answer.UNKNOWN: 2, Answer.NO: 3}[answer]


def clock_needs(question: Question) -> list[tuple[Part, Port]]:
    """The time and position ports that something must serve; the sky serves those that hear it."""
    return [
        (part, port)
        for part in question.parts
        for port in part.listing.ports
        if port.kind in (PortKind.TIME, PortKind.POSITION)
        and port.role is PortRole.CONSUMES
        and canonical(port.standard) != SKY
    ]


def gives_clock(listing: Listing, port: Port) -> bool:
    """Whether a product serves a time or position port: same standard, and edition where both state one."""
    return any(
        faces(own, port)
        and canonical(own.standard) == canonical(port.standard)
        and (own.version is None or port.version is None or own.version.casefold() == port.version.casefold())
        for own in listing.ports
    )


def _clocks(model: _Model, question: Question) -> None:
    for part, port in clock_needs(question):
        if any(gives_clock(other.listing, port) for other in question.parts if other is not part):
            continue
        serving = [item for item in model.bought if gives_clock(item.listing, port)]
        columns = [item.column for item in serving if item.column is not None]
        for one in question.offered:
            known = {item.listing.id for item in model.bought}
            if one.listing.id not in known and gives_clock(one.listing, port):
                item = _offered(one)
                item.column = model.program.column(cost=item.price, high=1, whole=True)
                model.bought.append(item)
                columns.append(item.column)
        model.program.row(columns, [1.0] * len(columns), low=1)


def _mass(model: _Model, question: Question) -> None:
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


def _surest(model: _Model, question: Question, limit_s: float) -> Solved:
    """The least cost; of answers that cost as little the one with the fewest doubts."""
    program = model.program.arrays()
    solved = cheapest(program, limit_s=limit_s)
    if solved.outcome is not Outcome.PROVEN or not model.doubts:
        return solved
    program = model.program.arrays()
    model.program.row(range(len(model.program.cost)), model.program.cost, high=solved.cost + 1e-6)
    doubtful = replace(model.program.arrays(), cost=_weights(len(model.program.cost), model.doubts))
    surest = cheapest(doubtful, limit_s=limit_s, unit=1e-4)
    if surest.outcome is Outcome.PROVEN:
        return replace(solved, values=surest.values)
    return solved


def _weights(count: int, doubts: dict[int, float]) -> Floats:
    weights = np.zeros(count)
    for column, weight in doubts.items():
        weights[column] = weight
    return weights


def _written(
    model: _Model,
    question: Question,
    solved: Solved,
    sensors: list[_Item],
    gateways: list[_Item],
    hubs: list[_Item],
) -> Completion:
    number = {item.listing.id: round(solved.values[item.column]) for item in model.bought if item.column is not None}
    additions = tuple((item.listing, number[item.listing.id]) for item in model.bought if number[item.listing.id])
    main = [hub for hub, column in model.main_hubs.items() if round(solved.values[column])]

    def there(items: Iterable[_Item]) -> list[Part]:
        counted = ((item, item.count if item.column is None else number[item.listing.id]) for item in items)
        return [Part(item.listing, count) for item, count in counted if count]

    present_hubs = [part for part in there(hubs) if not main or part.listing.id in main]
    limits = {item.listing.id: room(item.listing, question) for item in (*hubs, *gateways)}
    connections = connect(
        [Part(item.listing, item.count) for item in sensors],
        there(gateways),
        present_hubs,
        accept=question.wanted.accept,
        room={name: limit for name, limit in limits.items() if limit is not None},
    )
    if connections is None:
        raise ValueError("the chosen products do not connect the sensors: the program and the flow disagree")
    feeds = tuple(
        Fed(way.consumer, way.source, round(solved.values[column]), way)
        for column, way in model.feeds
        if round(solved.values[column])
    )
    used = {connection.path.target for connection in connections}
    cost = sum(item.price * number[item.listing.id] for item in model.bought if not item.unpriced)
    unpriced = tuple(item.listing.id for item in model.bought if item.unpriced and number[item.listing.id])
    bound = cost if solved.outcome is Outcome.PROVEN or unpriced else solved.bound
    return Completion(solved.outcome, additions, cost, bound, connections, feeds, tuple(sorted(used)), unpriced)


def _borne(question: Question, found: Completion) -> bool:
    """Whether the outlets bear their loads one by one; the program's rows hold for most sizes of load, not for all."""
    present = {part.listing.id: part.quantity for part in question.parts}
    present |= {listing.id: count for listing, count in found.additions}
    listings = {part.listing.id: part.listing for part in question.parts}
    listings |= {listing.id: listing for listing, _ in found.additions}
    loads: dict[tuple[str, int], list[float]] = {}
    for feed in found.feeds:
        if feed.source is not None:
            drawn = feeding.draw_w(listings[feed.consumer], question.on) or 0.0
            loads.setdefault((feed.source, feed.way.outlet), []).extend([drawn] * feed.units)
    for (source, number), drawn_w in loads.items():
        outlet = feeding.outlets(listings[source])[number]
        sure = outlet.watts_are_sure or question.wanted.accept < 2
        watts = outlet.watts if sure or outlet.watts is None else outlet.watts * outlet.connections
        if not fits(drawn_w, outlets=present[source], watts=watts, places=outlet.connections):
            return False
    return True
