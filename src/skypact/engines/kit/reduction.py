"""Making the choice small without changing its answer: options another one beats, places that always go together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import numpy as np
from numpy.typing import NDArray

from skypact.engines.kit.choosing import Path
from skypact.engines.kit.network import Network, serves
from skypact.engines.kit.options import Options, unbeaten_among

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]


def unbeaten(
    options: Options,
    network: Network,
    *,
    sensors: int,
    same_position_only: bool,
    on: date,
    stands_for: Flags | None = None,
) -> Ints:
    """Indices of the options that no option of another product beats.

    An option beats another when it sees all that the other sees by the same kinds and with no less certainty, costs no
    more, is no less known, and its product connects to every hub that the other's connects to, at no extra cost that
    the lower price would not pay for even once. Where several ``sensors`` must see a place, or their certainty adds
    up, it takes as many as satisfy all that the other sees (:mod:`skypact.engines.kit.dominance`). Of equals the first
    by cost and id stays. Where the number of positions is limited, only options at the same position are compared.
    ``stands_for``, bool (p, p): which products may stand for which where rules bind products together; gateways may be
    bound too then, so that only a product with the same ways stands for another one.
    """
    products = network.sensors
    cost = np.array([candidate.cost for candidate in products], dtype=np.int64)
    unknowns = np.array([candidate.unknowns for candidate in products], dtype=np.int64)
    connects = _connects_as_well(network, cost, on, bound=stands_for is not None)
    better = connects & (unknowns[:, None] <= unknowns) & (cost[:, None] <= cost)
    if stands_for is not None:
        better &= stands_for
    rank = np.empty(len(products), dtype=np.int64)
    by_cost = sorted(range(len(products)), key=lambda number: (products[number].cost, products[number].listing.id))
    rank[by_cost] = np.arange(len(products))
    return unbeaten_among(
        options,
        sensors=sensors,
        order=np.lexsort((-options.seen.sum(axis=(0, 2)), rank[options.product])),
        product=options.product,
        better=better,
        position=options.position if same_position_only else np.zeros(len(options), dtype=np.int64),
    )


def promising(options: Options, network: Network, at_most: int) -> Ints:
    """Indices of at most so many options: for every place and kind the ones that see most for their cost.

    A heuristic: the best kit may need an option that is left out, so whoever uses it proves nothing.
    """
    cost = np.array([candidate.cost for candidate in network.sensors], dtype=np.float64)[options.product]
    worth = options.seen.sum(axis=(0, 2)) / np.maximum(cost, 1.0)
    by_worth = np.argsort(-worth, kind="stable")
    kept = np.zeros(len(options), dtype=np.bool_)
    still_open = options.seen.any(axis=1)
    while still_open.any() and kept.sum() < at_most:
        taken = still_open.copy()
        for option in by_worth:
            new = options.seen[:, option] & taken
            if not kept[option] and new.any():
                kept[option] = True
                taken &= ~options.seen[:, option]
                if not taken.any() or kept.sum() >= at_most:
                    break
        still_open &= (options.seen[:, ~kept]).any(axis=1)
    return np.flatnonzero(kept).astype(np.int64)


def _connects_as_well(network: Network, cost: Ints, on: date, *, bound: bool) -> Flags:
    """bool (p, p): whether a product in the place of another makes no kit dearer or less known by its ways.

    Having the same ways is enough unless two of them pass limited gateways: all units of a product take one way, so
    two products may share their load out over two such gateways, which one product in their place cannot.
    """
    classes = {paths: number for number, paths in enumerate(dict.fromkeys(network.paths))}
    ways = [set(paths) for paths in classes]
    same = np.array([[mine >= theirs for theirs in ways] for mine in ways], dtype=np.bool_)
    added = np.array([_added(network, paths, on) for paths in classes])
    reaches = np.array([[any(way.hub == hub for way in mine) for hub in range(len(network.hubs))] for mine in ways])
    extra = np.array([np.where(theirs, added, 0.0).max(axis=1, initial=0.0) for theirs in reaches]).T
    narrow = np.array([_limited_ways(network, paths, on, bound=bound) for paths in classes])
    same &= ~((narrow[None, :] >= 1) & (narrow[:, None] >= 2)).any(axis=2)
    of = np.array([classes[paths] for paths in network.paths], dtype=np.int64)
    spared = (cost - cost[:, None]).astype(np.float64)
    one = np.eye(len(of), dtype=np.bool_)  # a product in its own place goes on as before
    paid = np.zeros_like(one) if bound else extra[np.ix_(of, of)] < spared
    return np.asarray(one | same[np.ix_(of, of)] | paid, dtype=np.bool_)


def _limited_ways(network: Network, paths: Sequence[Path], on: date, *, bound: bool) -> Ints:
    """int64 (hubs,): over how many ways with a gateway that serves only so many sensors each hub is reached.

    ``bound``: gateways may be limited by more than a number of sensors.
    """
    limited = np.zeros(len(network.hubs), dtype=np.int64)
    for path in paths:
        limited[path.hub] += any(
            bound or np.isfinite(serves(network.gateways[gateway], on)) for gateway in path.gateways
        )
    return limited


def _added(network: Network, paths: Sequence[Path], on: date) -> NDArray[np.float64]:
    """float64 (hubs,): what the cheapest way to each hub costs in gateways that serve without limit."""
    added = np.full(len(network.hubs), np.inf)
    for path in paths:
        if all(np.isinf(serves(network.gateways[gateway], on)) for gateway in path.gateways):
            cost = sum(network.gateways[gateway].cost for gateway in path.gateways)
            added[path.hub] = min(added[path.hub], cost)
    return added


def merged_rows(options: Options, groups: int) -> tuple[Options, Ints, Ints]:
    """Places of one group that exactly the same options see as surely become one row; places nobody sees are left out.

    Returns the options over the rows, how many places each row stands for, and the group of each row.
    """
    kinds, count, cells = options.seen.shape
    places = cells // groups
    columns = np.packbits(options.seen.reshape(kinds * count, cells), axis=0).T
    number = np.repeat(np.arange(groups, dtype=np.int64), places)
    sureness = options.certainty.T.copy() if options.fused else np.empty((cells, 0), dtype=np.uint16)
    keyed = np.column_stack([number.view(np.uint8).reshape(cells, 8), columns, sureness.view(np.uint8)])
    keyed = np.ascontiguousarray(keyed)
    _, first, inverse = np.unique(
        keyed.view(np.dtype((np.void, keyed.shape[1]))).ravel(), return_index=True, return_inverse=True
    )
    weight = np.bincount(inverse.ravel(), minlength=len(first))
    seen_by_any = options.seen[:, :, first].any(axis=(0, 1))
    order = np.flatnonzero(seen_by_any)
    order = order[np.argsort(first[order], kind="stable")]
    rows = replace(
        options,
        seen=options.seen[:, :, first[order]],
        certainty=options.certainty[:, first[order]] if options.fused else options.certainty,
    )
    return rows, weight[order].astype(np.int64), (first[order] // places).astype(np.int64)
