"""The question as a program of whole numbers: a column a product, a few columns and rows a protocol, bus and mount."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_matrix

from skypact.engines.interop.together.assembling.products import NONE, Floats, Ints, Products, Requirement
from skypact.engines.interop.together.choosing import Arrays


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


@dataclass(frozen=True, eq=False)
class KitProgram:
    """The program of n products; where the columns stand that say how a kit is built.

    Parameters
    ----------
    direct, once, twice : columns (protocols,): a hub takes the protocol; it reaches one over one adapter; over two
    sent, heard : columns (bands,): somebody transmits on the band; somebody is disturbed on it
    fed, borne : columns (buses,), (classes of mount,): the bus, the class is in use
    counts : columns (groups,): how many of each kind, sources and converters of each bus, mounts of each class
        are chosen
    hubs, mounted : the columns of how many hubs, and how many products that need a mount, are chosen
    pairs, near, far : (pairs, 2) which protocol adapters make into which; columns of its being carried so to a
        protocol that a hub takes, and to one that reaches a hub over one more
    carriers, backing : columns of all that adapters and converters carry, pairs last; of each the row that lets it do
        so only as far as products are chosen that carry it
    """

    arrays: Arrays
    count: int
    direct: Ints
    once: Ints
    twice: Ints
    sent: Ints
    heard: Ints
    fed: Ints
    borne: Ints
    counts: Ints
    hubs: int
    mounted: int
    pairs: Ints
    near: Ints
    far: Ints
    carriers: Ints
    backing: Ints


def program(products: Products, wanted: Requirement) -> KitProgram:
    """The question as a program: a column a product, then the columns of :class:`KitProgram`.

    A product may be chosen only where its protocol is reached. Each is reached in one way at the most, in as few steps
    as can be: directly where a chosen hub takes it, over one adapter to a protocol that is reached directly,
    or over one to a protocol that is reached over one. An adapter therefore carries a protocol on one level alone;
    without that, the relaxation counts half an adapter twice. Nobody is fed in a circle: converters feed from sources
    alone.
    """
    n, protocols = len(products), products.takes.shape[1]
    bands = 1 + int(max(products.band.max(initial=NONE), products.hears.max(initial=NONE)))
    buses = 1 + int(max(products.bus.max(initial=NONE), products.gives_bus.max(initial=NONE)))
    mounts = 1 + int(products.needs_mount.max(initial=NONE))
    converters = np.flatnonzero((products.gives_bus >= 0) & (products.bus >= 0))
    pairs, link, adapter = _pairs(products)
    groups = _groups(products, buses, mounts)
    sizes = (protocols, protocols, protocols, bands, bands, buses, mounts, len(groups), len(converters), len(pairs),
             len(pairs))  # fmt: skip
    starts = n + np.concatenate([[0], np.cumsum(sizes)])
    blocks = [np.arange(start, start + size) for start, size in zip(starts, sizes, strict=False)]
    direct, once, twice, sent, heard, fed, borne, counts, through, near, far = blocks
    binary, total = int(starts[8]), int(starts[-1])
    rows = _Rows()
    for kind, least in wanted.least.items():
        which = np.flatnonzero(products.kind == kind)
        rows.one(which, np.ones(len(which)), low=least)
    scoring = np.flatnonzero(products.score > 0)
    rows.one(scoring, products.score[scoring], low=wanted.score)
    rows.one(np.arange(n), products.mass, high=wanted.mass_max)
    rows.one(np.arange(n), products.draw * (products.gives_bus < 0), high=wanted.watts_max)
    linking = _data(rows, products, (direct, once, twice), pairs, (link, adapter), (near, far))
    converting = _power(rows, products, converters, through, fed)
    _mounts(rows, products, borne)
    _bands(rows, products, sent, heard)
    for group, column in zip(groups, counts.tolist(), strict=True):
        rows.one(np.append(group, column), np.append(np.ones(len(group)), -1.0), low=0, high=0)
    whole = np.zeros(total, dtype=np.bool_)
    whole[:binary] = (
        True  # that a protocol is reached or a bus in use follows from whole products; to search on it helps
    )
    high = np.ones(total)
    high[through] = products.gives[converters]
    high[counts] = [len(group) for group in groups]
    matrix = csr_matrix(
        (np.concatenate(rows.weights), (np.concatenate(rows.rows), np.concatenate(rows.columns))),
        shape=(rows.count, total),
    )
    cost = np.concatenate([products.price, np.zeros(total - n)])
    arrays = Arrays(cost, np.zeros(total), high, whole, matrix, np.concatenate(rows.low), np.concatenate(rows.high))
    return KitProgram(
        arrays=arrays,
        count=n,
        direct=direct,
        once=once,
        twice=twice,
        sent=sent,
        heard=heard,
        fed=fed,
        borne=borne,
        counts=counts,
        hubs=int(counts[-2]),
        mounted=int(counts[-1]),
        pairs=pairs,
        near=near,
        far=far,
        carriers=np.concatenate([through, near, far]),
        backing=np.concatenate([converting, linking, linking]),
    )


def _groups(products: Products, buses: int, mounts: int) -> list[Ints]:
    """Products whose number is worth a search of its own; the last two, hubs and all that need a mount."""
    kinds = [products.kind == kind for kind in np.unique(products.kind)]
    gives = products.gives_bus
    sources = [(gives == bus) & (products.bus < 0) for bus in range(buses)]
    converters = [(gives == bus) & (products.bus >= 0) for bus in range(buses)]
    bearing = [products.mount == mount for mount in range(mounts)]
    groups = [np.flatnonzero(one) for one in (*kinds, *sources, *converters, *bearing) if one.any()]
    return [*groups, np.flatnonzero(products.is_hub), np.flatnonzero(products.needs_mount >= 0)]


def _pairs(products: Products) -> tuple[Ints, Ints, Ints]:
    """Which protocol is made into which: the pairs (k, 2), and of every link the pair and the adapter that makes it."""
    adapter, taken = np.nonzero(products.takes & products.is_adapter[:, None])
    given = products.sends[adapter]
    useful = (given != taken) & (given >= 0)
    links = np.stack([taken[useful], given[useful]], axis=1)
    pairs, link = np.unique(links, axis=0, return_inverse=True)
    return pairs.reshape(-1, 2), link.reshape(-1), adapter[useful]


def _data(
    rows: _Rows,
    products: Products,
    steps: tuple[Ints, Ints, Ints],
    pairs: Ints,
    links: tuple[Ints, Ints],
    carried: tuple[Ints, Ints],
) -> Ints:
    """Rows of data; the row of each pair that lets its adapters carry it."""
    direct, once, twice = steps
    protocols, near, far = len(direct), *carried
    each = np.arange(protocols)
    hub, taken = np.nonzero(products.takes & products.is_hub[:, None])
    rows.many(*_joined((taken, hub, 1.0), (each, direct, -1.0)), protocols, low=0)
    for here, flows in ((once, near), (twice, far)):
        rows.many(*_joined((pairs[:, 0], flows, 1.0), (each, here, -1.0)), protocols, low=0)
    rows.many(*_joined((each, direct, 1.0), (each, once, 1.0), (each, twice, 1.0)), protocols, high=1)
    number = np.arange(len(pairs))
    backing = rows.count + number
    rows.many(*_joined((*links, 1.0), (number, near, -1.0), (number, far, -1.0)), len(pairs), low=0)
    rows.many(*_joined((number, direct[pairs[:, 1]], 1.0), (number, near, -1.0)), len(pairs), low=0)
    rows.many(*_joined((number, once[pairs[:, 1]], 1.0), (number, far, -1.0)), len(pairs), low=0)
    speaking = np.flatnonzero((products.sends >= 0) & ~products.is_adapter & ~products.is_hub)
    row, said = np.arange(len(speaking)), products.sends[speaking]
    ways = ((row, direct[said], 1.0), (row, once[said], 1.0), (row, twice[said], 1.0))
    rows.many(*_joined(*ways, (row, speaking, -1.0)), len(speaking), low=0)
    return backing


def _joined(*parts: tuple[Ints, Ints, float]) -> tuple[Ints, Ints, Floats]:
    """Entries (row, column, weight) of several parts, each of one weight."""
    rows, columns = (np.concatenate([part[side] for part in parts]) for side in (0, 1))
    return rows, columns, np.concatenate([np.full(len(part[0]), part[2]) for part in parts])


def _power(rows: _Rows, products: Products, converters: Ints, through: Ints, fed: Ints) -> Ints:
    """Rows of power; the row of each converter that lets watts through only where it is chosen."""
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
    backing = rows.count + row
    rows.many(
        np.concatenate([row, row]),
        np.concatenate([converters, through]),
        np.concatenate([products.gives[converters], -np.ones(len(converters))]),
        len(converters),
        low=0,
    )
    return backing


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
