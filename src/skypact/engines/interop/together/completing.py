"""The cheapest additions that make a set work together, proven; with nothing offered: whether it works as it is.

One program (:mod:`.choosing`): what is bought is whole (:mod:`.buying`), ways of data are flows (:mod:`.routing`),
units and outlets that feed them are whole (:mod:`.powering`), clocks are bought where none is there (:mod:`.timing`).
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from skypact.engines.interop.together import feeding
from skypact.engines.interop.together.buying import (
    Feeding,
    Item,
    Model,
    buy,
    keep,
    limit_mass,
    looked_at,
    only_powered,
    serve_clocks,
)
from skypact.engines.interop.together.choosing import (
    Arrays,
    Floats,
    Outcome,
    Solved,
    at_least,
    below,
    cheaper,
    cheapest,
    relaxation,
    with_highs,
)
from skypact.engines.interop.together.connecting import Connection, connect
from skypact.engines.interop.together.feeding import FeedWay
from skypact.engines.interop.together.hub_by_hub import Cost, likely_hubs
from skypact.engines.interop.together.packing import fits
from skypact.engines.interop.together.powering import power
from skypact.engines.interop.together.question import Aspect, Part, Question
from skypact.engines.interop.together.routing import room, route
from skypact.engines.interop.together.timing import clock_needs, gives_clock
from skypact.schema import Listing, PortKind, figure


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


#: Less than any two costs differ by.
_CENT = 1e-6
#: Sums of prices that differ, differ by at least that.
_CENT_OF_MONEY = 0.01
#: Where time runs out while hubs are tried, so long is left to tell the best answer known, s.
_LAST_S = 5.0
#: What additions can mend. Coexistence on the air is no matter of additions (:mod:`.air`).
MENDED = frozenset({Aspect.DATA, Aspect.POWER, Aspect.TIME, Aspect.POSITION})


def complete(
    question: Question,
    *,
    asked: frozenset[Aspect] = MENDED,
    weigh: bool = False,
    limit_s: float = 30.0,
    most: float | None = None,
) -> Completion:
    """The cheapest additions out of what is offered, with proof unless ``limit_s`` (wall time) ends the search.

    Among additions of equal cost those with the fewest open links. The budget is no limit here, so that an answer
    beyond it says how much is missing; the mass is one. ``weigh``: the lightest additions instead of the cheapest,
    the mass in place of the cost. ``most``: dearer additions, and such without a price, are no answer.
    """
    priced = replace(question, offered=tuple(one for one in question.offered if one.price is not None))
    end, likely = time.monotonic() + limit_s, None
    if not weigh and Aspect.DATA in asked:
        likely = likely_hubs(priced, partial(_cost_of, asked), limit_s=limit_s)
    if likely is not None:
        found = _complete(likely.question, asked, weigh, max(end - time.monotonic(), _LAST_S), most)
        if likely.floor is None:
            return found
        told = Outcome.FOUND if found.outcome in (Outcome.PROVEN, Outcome.FOUND) else Outcome.OPEN
        return replace(found, outcome=told, bound=min(likely.floor, found.bound))
    found = _complete(priced, asked, weigh, limit_s, most)
    if found.outcome is Outcome.IMPOSSIBLE and most is None and len(priced.offered) < len(question.offered):
        return _complete(question, asked, weigh, limit_s)
    return found


def _cost_of(asked: frozenset[Aspect], question: Question, most: float, limit_s: float) -> Cost:
    """The least cost of additions, if it is at most ``most``."""
    program_ = _modelled(question, asked, weigh=False).model.program.arrays()
    if np.isfinite(most):
        solved = with_highs(below(program_, most + _CENT), limit_s, _CENT_OF_MONEY, effort=0.0)
    else:
        solved = cheapest(program_, limit_s=limit_s)
    known = solved.outcome in (Outcome.PROVEN, Outcome.FOUND)
    return Cost(solved.outcome, solved.cost if known else None)


def narrowed(question: Question) -> Question:
    """The question with only those of the offered products that its cheapest additions may need: the same answer.

    Also of fewer sensors, and of any budget; not of another degree of certainty, mass or choice of hubs.
    """
    looked = {item.listing.id for group in looked_at(question) for item in group}
    clocks = [port for _, port in clock_needs(question)]
    return replace(
        question,
        offered=tuple(
            one
            for one in question.offered
            if one.listing.id in looked or any(gives_clock(one.listing, port) for port in clocks)
        ),
    )


def program(question: Question) -> Arrays:
    """The program that :func:`complete` solves for a question whose additions all have prices."""
    return _modelled(question, MENDED, weigh=False).model.program.arrays()


@dataclass(frozen=True)
class _Modelled:
    model: Model
    sensors: list[Item]
    gateways: list[Item]
    hubs: list[Item]


def _modelled(question: Question, asked: frozenset[Aspect], *, weigh: bool, elastic: bool = False) -> _Modelled:
    """The program; ``elastic``: sensors may be left out."""
    model = Model()
    hubs, gateways, sources = looked_at(question, weigh=weigh)
    own = [Item(part.listing, part.quantity) for part in question.sensors]
    sensors = keep(model, question) if elastic else own
    others = only_powered(question, (*sensors, *hubs, *gateways, *sources))
    buy(model, (*hubs, *gateways, *sources))
    if sensors and Aspect.DATA in asked:
        route(model, question, sensors, gateways, hubs)
    if question.wanted.powered and Aspect.POWER in asked:
        power(model, question, [*sensors, *hubs, *gateways, *others], sources)
    if Aspect.TIME in asked:
        serve_clocks(model, question)
    if weigh:
        for item in model.bought:
            if item.column is not None:
                item.price, item.unpriced = figure(item.listing.mass, on=question.on) or 0.0, False
                model.program.cost[item.column] = item.price
    else:
        limit_mass(model, question)
    return _Modelled(model, sensors if Aspect.DATA in asked else [], gateways, hubs)


def _complete(
    question: Question, asked: frozenset[Aspect], weigh: bool, limit_s: float, most: float | None = None
) -> Completion:
    made = _modelled(question, asked, weigh=weigh)
    solved = _surest(made.model, limit_s, most)
    if solved.outcome in (Outcome.IMPOSSIBLE, Outcome.OPEN):
        return Completion(solved.outcome, cost=solved.cost, bound=solved.bound)
    found = _written(made, question, solved)
    if _borne(question, found):
        return found
    apart = _complete(_one_load_each(question), asked, weigh, limit_s, most)
    if apart.outcome is not Outcome.PROVEN:
        return replace(apart, bound=found.bound)
    # Each load on an outlet of its own is an answer, though not surely the cheapest: the floor is the program's.
    return replace(apart, outcome=Outcome.FOUND, bound=found.bound)


@dataclass(frozen=True)
class Fewer:
    """So many units of which sensors to leave out, and the least to add to the rest."""

    left_out: dict[str, int]
    completion: Completion


def fewest_left_out(question: Question, *, limit_s: float) -> Fewer | None:
    """As few units of sensors as can be, without which the rest can be completed within budget and mass.

    Of those the ones that leave the cheapest additions; ``None`` where it is not found. What has no price is within
    no budget surely. First how many may stay; then the least for those that the first answer leaves; then whether
    leaving out others costs less than that.
    """
    end, budget = time.monotonic() + limit_s, question.wanted.budget
    offered = tuple(one for one in question.offered if budget is None or one.price is not None)
    within = replace(question, offered=offered)
    made = _modelled(within, MENDED, weigh=False, elastic=True)
    stay = [column for column, _ in made.model.kept.values()]
    program_ = made.model.program.arrays()
    counted = np.zeros(len(program_.cost))
    counted[stay] = -1.0
    bounded = program_ if budget is None else below(program_, budget + _CENT)
    most = cheapest(replace(bounded, cost=counted), limit_s=limit_s, unit=0.5)
    if most.outcome is not Outcome.PROVEN:
        return None
    first = _without(within, made.model, most, end)
    if first.completion.outcome not in (Outcome.PROVEN, Outcome.FOUND):
        return None
    as_many = at_least(program_, stay, float(round(-most.cost)))
    other = cheaper(as_many, than=first.completion.cost, limit_s=end - time.monotonic())
    if other.outcome is Outcome.IMPOSSIBLE:
        return first
    if other.outcome is Outcome.PROVEN:
        found = _without(within, made.model, other, end)
        if found.completion.outcome is Outcome.PROVEN:
            return found
    return replace(first, completion=replace(first.completion, outcome=Outcome.FOUND))


def _without(question: Question, model: Model, solved: Solved, end: float) -> Fewer:
    """The sensors that ``solved`` leaves out, and the least to add to the rest."""
    kept = {name: round(solved.values[column]) for name, (column, _) in model.kept.items()}
    left_out = {name: count - kept[name] for name, (_, count) in model.kept.items() if count > kept[name]}
    fewer = tuple(replace(part, quantity=kept.get(part.listing.id, part.quantity)) for part in question.parts)
    smaller = replace(question, parts=tuple(part for part in fewer if part.quantity))
    return Fewer(left_out, _complete(smaller, MENDED, False, end - time.monotonic()))


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


def _surest(model: Model, limit_s: float, most: float | None = None) -> Solved:
    """The least cost, no more than ``most``; of answers that cost as little the one with the fewest doubts."""
    program = model.program.arrays()
    if most is not None:
        floor = relaxation(program, limit_s=limit_s)
        if floor.cost > most + _CENT:
            return Solved(Outcome.IMPOSSIBLE, np.empty(0), np.inf, floor.bound)
    solved = cheapest(program, limit_s=limit_s)
    if solved.outcome is not Outcome.PROVEN or not model.doubts:
        return solved
    model.program.row(range(len(model.program.cost)), model.program.cost, high=solved.cost + _CENT)
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


def _written(made: _Modelled, question: Question, solved: Solved) -> Completion:
    model, sensors, gateways, hubs = made.model, made.sensors, made.gateways, made.hubs
    number = {item.listing.id: round(solved.values[item.column]) for item in model.bought if item.column is not None}
    additions = tuple((item.listing, number[item.listing.id]) for item in model.bought if number[item.listing.id])
    main = [hub for hub, column in model.main_hubs.items() if round(solved.values[column])]

    def there(items: Iterable[Item]) -> list[Part]:
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
        _fed(one, round(solved.values[one.column]), question) for one in model.feeds if round(solved.values[one.column])
    )
    used = {connection.path.target for connection in connections}
    cost = sum(item.price * number[item.listing.id] for item in model.bought if not item.unpriced)
    unpriced = tuple(item.listing.id for item in model.bought if item.unpriced and number[item.listing.id])
    bound = cost if solved.outcome is Outcome.PROVEN or unpriced else solved.bound
    return Completion(solved.outcome, additions, cost, bound, connections, feeds, tuple(sorted(used)), unpriced)


def _fed(one: Feeding, units: int, question: Question) -> Fed:
    way = feeding.way(
        one.consumer, one.source, one.outlet, on=question.on, mains=question.wanted.mains, as_source=one.as_source
    )
    return Fed(way.consumer, way.source, units, way)


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
