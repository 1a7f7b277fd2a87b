"""The cheapest kit out of a whole catalogue that works together, from what matters of each product as numbers.

Where :mod:`.completing` mends a given set product by product, this asks for a set out of tens of thousands: at least so
many of every kind and so much performance; data of every product reaches a chosen hub through at most two chosen
adapters; every product is fed by a chosen source or converter of its voltage bus, within what these give; mass, mounts
and shared bands are kept; the price is the least. Products are joined by protocol and bus, so that the program has one
column a product and a few rows a protocol.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import maximum_flow

from skypact.engines.interop.together.choosing import Arrays, Outcome, Solved, cheapest

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

NONE = -1
#: Watts are counted in tenths where a flow must be of whole numbers.
_TENTHS = 10


@dataclass(frozen=True, eq=False)
class Products:
    """n products; codes are -1 where a product has none. Watts are positive.

    Parameters
    ----------
    price : (n,)
    kind : (n,) what it counts as; hubs, adapters, sources, converters, mounts and blankers have kinds of their own
    score : (n,) its share of the performance asked for
    sends : (n,) protocol of what it sends
    takes : bool (n, protocols): hubs, what they take; adapters, what they take in
    is_hub, is_adapter : bool (n,); an adapter gives what ``sends`` says
    bus : (n,) voltage bus that it is fed from
    draw : (n,) W
    gives_bus : (n,) bus that it feeds, sources and converters
    gives : (n,) W
    mass : (n,) kg
    needs_mount, gives_mounts : (n,) class of mount needed; how many of ``mount`` it gives
    mount : (n,) class of mount given
    band : (n,) frequency band on which it transmits
    hears : (n,) band on which a neighbour's transmission disturbs it
    blanks : (n,) band whose transmitters and receivers it keeps apart
    """

    price: Floats
    kind: Ints
    score: Floats
    sends: Ints
    takes: Flags
    is_hub: Flags
    is_adapter: Flags
    bus: Ints
    draw: Floats
    gives_bus: Ints
    gives: Floats
    mass: Floats
    needs_mount: Ints
    mount: Ints
    gives_mounts: Ints
    band: Ints
    hears: Ints
    blanks: Ints

    def __len__(self) -> int:
        return len(self.price)


@dataclass(frozen=True)
class Requirement:
    """What the kit must have: least count of each kind, least performance, greatest mass (kg) and power (W)."""

    least: dict[int, int]
    score: float
    mass_max: float
    watts_max: float


@dataclass(frozen=True, eq=False)
class Assembled:
    """The products chosen (numbers), what they cost, and below what no kit can cost."""

    outcome: Outcome
    chosen: Ints
    cost: float
    bound: float


def assemble(products: Products, wanted: Requirement, *, limit_s: float = 60.0) -> Assembled:
    """The cheapest kit, proven unless ``limit_s`` (wall time) ends the search. Prices are whole numbers."""
    solved = cheapest(program(products, wanted), limit_s=limit_s, unit=1.0)
    return _of(solved, len(products))


def _of(solved: Solved, count: int) -> Assembled:
    chosen = np.flatnonzero(solved.values[:count] > 0.5) if len(solved.values) else np.empty(0, dtype=np.int64)
    return Assembled(solved.outcome, chosen, solved.cost, solved.bound)


class _Rows:
    """Rows of a sparse program, added as arrays."""

    def __init__(self) -> None:
        self.rows: list[Ints] = []
        self.columns: list[Ints] = []
        self.weights: list[Floats] = []
        self.low: list[Floats] = []
        self.high: list[Floats] = []
        self.count = 0

    def one(self, columns: Ints, weights: Floats, *, low: float = -np.inf, high: float = np.inf) -> None:
        """One row over ``columns``."""
        self.many(np.zeros(len(columns), dtype=np.int64), columns, weights, 1, low=low, high=high)

    def many(
        self, row: Ints, columns: Ints, weights: Floats, count: int, *, low: float = -np.inf, high: float = np.inf
    ) -> None:
        """``count`` rows; ``row`` says in which of them each entry stands."""
        self.rows.append(row + self.count)
        self.columns.append(columns)
        self.weights.append(weights)
        self.low.append(np.full(count, low))
        self.high.append(np.full(count, high))
        self.count += count


def program(products: Products, wanted: Requirement) -> Arrays:
    """The question as a program: a column a product, then two a protocol (reached in 0 or 1, and in up to 2 steps),
    then two a band (whether anybody transmits and receives on it), one a bus and one a class of mount (whether it is in
    use), one a converter (W through it), and two for each protocol that an adapter takes.

    A product may be chosen only where its protocol is reached; a protocol is reached through a hub that takes it, or
    an adapter whose output is reached in a step less. Nobody is fed in a circle: converters feed from sources alone.
    """
    n, protocols = len(products), products.takes.shape[1]
    direct, once, twice = (n + step * protocols + np.arange(protocols) for step in range(3))
    bands = 1 + int(max(products.band.max(initial=NONE), products.hears.max(initial=NONE)))
    sent, heard = (n + 3 * protocols + side * bands + np.arange(bands) for side in range(2))
    buses = 1 + int(max(products.bus.max(initial=NONE), products.gives_bus.max(initial=NONE)))
    mounts = 1 + int(products.needs_mount.max(initial=NONE))
    fed = n + 3 * protocols + 2 * bands + np.arange(buses)
    borne = n + 3 * protocols + 2 * bands + buses + np.arange(mounts)
    binary = n + 3 * protocols + 2 * bands + buses + mounts
    converters = np.flatnonzero((products.gives_bus >= 0) & (products.bus >= 0))
    through = binary + np.arange(len(converters))
    adapters = np.flatnonzero(products.is_adapter)
    takers = [adapters[products.takes[adapters, protocol]] for protocol in range(protocols)]
    by = [(protocol, adapter) for protocol in range(protocols) for adapter in takers[protocol].tolist()]
    flows = binary + len(converters) + np.arange(2 * len(by))
    total = binary + len(converters) + 2 * len(by)
    rows = _Rows()
    for kind, least in wanted.least.items():
        which = np.flatnonzero(products.kind == kind)
        rows.one(which, np.ones(len(which)), low=least)
    scoring = np.flatnonzero(products.score > 0)
    rows.one(scoring, products.score[scoring], low=wanted.score)
    heavy = np.arange(n)
    rows.one(heavy, products.mass, high=wanted.mass_max)
    rows.one(heavy, products.draw * (products.gives_bus < 0), high=wanted.watts_max)
    _data(rows, products, by, flows, (direct, once, twice))
    _power(rows, products, converters, through, fed)
    _mounts(rows, products, borne)
    _bands(rows, products, sent, heard)
    whole = np.zeros(total, dtype=np.bool_)
    whole[:binary] = (
        True  # that a protocol is reached or a bus in use follows from whole products; to search on it helps
    )
    high = np.ones(total)
    high[through] = products.gives[converters]
    matrix = csr_matrix(
        (np.concatenate(rows.weights), (np.concatenate(rows.rows), np.concatenate(rows.columns))),
        shape=(rows.count, total),
    )
    cost = np.concatenate([products.price, np.zeros(total - n)])
    return Arrays(cost, np.zeros(total), high, whole, matrix, np.concatenate(rows.low), np.concatenate(rows.high))


def _data(
    rows: _Rows, products: Products, by: list[tuple[int, int]], flows: Ints, steps: tuple[Ints, Ints, Ints]
) -> None:
    direct, once, twice = steps
    for protocol in range(products.takes.shape[1]):
        hubs = np.flatnonzero(products.is_hub & products.takes[:, protocol])
        rows.one(np.append(hubs, direct[protocol]), np.append(np.ones(len(hubs)), -1.0), low=0)
        for step, (here, before) in enumerate(((once, direct), (twice, once))):
            ways = [number for number, (of, _) in enumerate(by) if of == protocol]
            mine = flows[step * len(by) + np.array(ways, dtype=np.int64)]
            rows.one(
                np.concatenate([mine, [before[protocol], here[protocol]]]),
                np.concatenate([np.ones(len(mine)), [1.0, -1.0]]),
                low=0,
            )
    ways_of: dict[int, list[int]] = {}
    for number, (_, adapter) in enumerate(by):
        for step, before in enumerate((direct, once)):
            flow = flows[step * len(by) + number]
            rows.one(np.array([adapter, flow]), np.array([1.0, -1.0]), low=0)
            onward = before[products.sends[adapter]]
            rows.one(np.array([onward, flow]), np.array([1.0, -1.0]), low=0)
            ways_of.setdefault(adapter, []).append(int(flow))
    speaking = np.flatnonzero((products.sends >= 0) & ~products.is_adapter & ~products.is_hub)
    row = np.arange(len(speaking))
    rows.many(
        np.concatenate([row, row]),
        np.concatenate([twice[products.sends[speaking]], speaking]),
        np.concatenate([np.ones(len(speaking)), -np.ones(len(speaking))]),
        len(speaking),
        low=0,
    )


def _power(rows: _Rows, products: Products, converters: Ints, through: Ints, fed: Ints) -> None:
    plain = (products.gives_bus >= 0) & (products.bus < 0)
    for bus, used in enumerate(fed.tolist()):
        sources = np.flatnonzero(plain & (products.gives_bus == bus))
        consumers = np.flatnonzero((products.bus == bus) & (products.gives_bus < 0))
        into = np.flatnonzero(products.gives_bus[converters] == bus)
        out = np.flatnonzero(products.bus[converters] == bus)
        rows.one(  # all that is fed from the bus
            np.concatenate([sources, through[into], consumers]),
            np.concatenate([products.gives[sources], np.ones(len(into)), -products.draw[consumers]]),
            low=0,
        )
        giving = np.concatenate([sources, converters[into]])  # implied by whole products, not by parts of them
        rows.one(np.append(giving, used), np.append(np.ones(len(giving)), -1.0), low=0)
        _at_most(rows, consumers, used)
        for converter in converters[out].tolist():
            rows.one(np.append(sources, converter), np.append(np.ones(len(sources)), -1.0), low=0)
        rows.one(  # converters feed from sources alone
            np.concatenate([sources, through[out]]),
            np.concatenate([products.gives[sources], -np.ones(len(out))]),
            low=0,
        )
        rows.one(
            np.concatenate([sources, through[into], consumers, through[out]]),
            np.concatenate(
                [products.gives[sources], np.ones(len(into)), -products.draw[consumers], -np.ones(len(out))]
            ),
            low=0,
        )
    row = np.arange(len(converters))
    rows.many(
        np.concatenate([row, row]),
        np.concatenate([converters, through]),
        np.concatenate([products.gives[converters], -np.ones(len(converters))]),
        len(converters),
        low=0,
    )


def _mounts(rows: _Rows, products: Products, borne: Ints) -> None:
    for mount, used in enumerate(borne.tolist()):
        needing = np.flatnonzero(products.needs_mount == mount)
        giving = np.flatnonzero(products.mount == mount)
        rows.one(
            np.concatenate([giving, needing]),
            np.concatenate([products.gives_mounts[giving].astype(float), -np.ones(len(needing))]),
            low=0,
        )
        rows.one(np.append(giving, used), np.append(np.ones(len(giving)), -1.0), low=0)
        _at_most(rows, needing, used)


def _at_most(rows: _Rows, columns: Ints, used: int) -> None:
    """None of ``columns`` without ``used``."""
    row = np.arange(len(columns))
    rows.many(
        np.concatenate([row, row]),
        np.concatenate([columns, np.full(len(columns), used)]),
        np.concatenate([-np.ones(len(columns)), np.ones(len(columns))]),
        len(columns),
        low=0,
    )


def _bands(rows: _Rows, products: Products, sent: Ints, heard: Ints) -> None:
    """A band with a transmitter and a receiver needs a blanker; ``sent`` and ``heard`` are the columns of the bands."""
    for codes, columns in ((products.band, sent), (products.hears, heard)):
        using = np.flatnonzero(codes >= 0)
        row = np.arange(len(using))
        rows.many(
            np.concatenate([row, row]),
            np.concatenate([columns[codes[using]], using]),
            np.concatenate([np.ones(len(using)), -np.ones(len(using))]),
            len(using),
            low=0,
        )
    for band, (one, other) in enumerate(zip(sent.tolist(), heard.tolist(), strict=True)):
        blanking = np.flatnonzero(products.blanks == band)
        rows.one(np.append(blanking, [one, other]), np.append(-np.ones(len(blanking)), [1.0, 1.0]), high=1)


def verify_assembly(products: Products, wanted: Requirement, found: Assembled) -> tuple[str, ...]:
    """What is wrong with a kit, counted product by product without the program; nothing if it keeps its promises."""
    kit = found.chosen.tolist()
    wrong = []
    if abs(float(products.price[kit].sum()) - found.cost) > 0.5:
        wrong.append(f"the kit costs {products.price[kit].sum():g}, the answer says {found.cost:g}")
    for kind, least in wanted.least.items():
        if sum(products.kind[one] == kind for one in kit) < least:
            wrong.append(f"fewer than {least} of kind {kind}")
    if float(products.score[kit].sum()) < wanted.score - 1e-6:
        wrong.append("the performance is too low")
    if float(products.mass[kit].sum()) > wanted.mass_max + 1e-6:
        wrong.append("it is too heavy")
    if sum(products.draw[one] for one in kit if products.gives_bus[one] < 0) > wanted.watts_max + 1e-6:
        wrong.append("it draws too much")
    wrong += [f"product {one} reaches no hub" for one in kit if not _reaches(products, kit, one)]
    wrong += _unfed(products, kit)
    for mount in set(products.needs_mount[kit].tolist()) - {NONE}:
        given = sum(products.gives_mounts[one] for one in kit if products.mount[one] == mount)
        if sum(products.needs_mount[one] == mount for one in kit) > given:
            wrong.append(f"too few mounts of class {mount}")
    for band in set(products.band[kit].tolist()) - {NONE}:
        hearing = any(products.hears[one] == band for one in kit)
        if hearing and not any(products.blanks[one] == band for one in kit):
            wrong.append(f"a transmitter beside a receiver on band {band}")
    return tuple(wrong)


def _reaches(products: Products, kit: list[int], one: int) -> bool:
    if products.sends[one] < 0 or products.is_adapter[one] or products.is_hub[one]:
        return True
    spoken = {int(products.sends[one])}
    for _ in range(3):
        if any(products.is_hub[other] and products.takes[other, protocol] for other in kit for protocol in spoken):
            return True
        spoken |= {
            int(products.sends[other])
            for other in kit
            if products.is_adapter[other] and any(products.takes[other, protocol] for protocol in spoken)
        }
    return False


def _unfed(products: Products, kit: list[int]) -> list[str]:
    """Whether sources and converters can feed everybody: watts are moved from bus to bus, as much as is needed."""
    given: dict[int, float] = {}
    need: dict[int, float] = {}
    for one in kit:
        if products.gives_bus[one] >= 0 and products.bus[one] < 0:
            given[int(products.gives_bus[one])] = given.get(int(products.gives_bus[one]), 0.0) + products.gives[one]
        elif products.bus[one] >= 0 and products.gives_bus[one] < 0:
            need[int(products.bus[one])] = need.get(int(products.bus[one]), 0.0) + products.draw[one]
    short = {bus: watts - given.get(bus, 0.0) for bus, watts in need.items() if watts > given.get(bus, 0.0)}
    left = {bus: watts - min(watts, need.get(bus, 0.0)) for bus, watts in given.items()}
    pipes = [one for one in kit if products.gives_bus[one] >= 0 and products.bus[one] >= 0]
    start, end, of_bus = len(pipes), len(pipes) + 1, len(pipes) + 2
    entries: list[tuple[int, int, float]] = []
    for number, one in enumerate(pipes):
        fed, feeds = int(products.bus[one]), int(products.gives_bus[one])
        entries.append((of_bus + 2 * fed, number, min(float(products.gives[one]), left.get(fed, 0.0))))
        entries.append((number, of_bus + 2 * feeds + 1, float(products.gives[one])))
    entries += [(start, of_bus + 2 * bus, watts) for bus, watts in left.items()]
    entries += [(of_bus + 2 * bus + 1, end, watts) for bus, watts in short.items()]
    if not short:
        return []
    size = 1 + max(max(one, other) for one, other, _ in entries)
    tails, heads, watts_ = zip(*entries, strict=True)
    room = csr_matrix((np.round(np.array(watts_) * _TENTHS).astype(np.int32), (tails, heads)), shape=(size, size))
    moved = maximum_flow(room, start, end).flow_value
    lacking = round(sum(short.values()) * _TENTHS) - moved
    return [f"the buses lack {lacking / _TENTHS:g} W"] if lacking > 0 else []
