"""The cheapest kit: what no kit needs is left out, then what a first kit makes too dear; the rest is searched."""

from __future__ import annotations

import time

import numpy as np

from skypact.engines.interop.together.assembling.dominance import needed
from skypact.engines.interop.together.assembling.products import Assembled, Flags, Products, Requirement
from skypact.engines.interop.together.assembling.program import program
from skypact.engines.interop.together.assembling.relaxation import Relaxed
from skypact.engines.interop.together.assembling.search import Search
from skypact.engines.interop.together.choosing import Outcome

#: So many products of each kind are looked at first: the cheapest, and those cheapest for what they score.
_OF_EACH_KIND = 40
#: How many products that need a mount are tried as more than a better kit can hold.
_MOUNTED = (16, 24, 40)
#: So many hubs are looked at before the search, and kits made near so many of them.
_HUBS, _DIVES = 12, 4


def assemble(products: Products, wanted: Requirement, *, limit_s: float = 60.0) -> Assembled:
    """The cheapest kit, proven unless ``limit_s`` (wall time) ends the search.

    Raises ValueError if a price is not a whole number of at least zero.
    """
    if (products.price < 0).any() or (products.price != np.round(products.price)).any():
        raise ValueError("prices must be whole numbers of at least 0: round them to the unit that matters")
    end = time.monotonic() + limit_s
    at = np.flatnonzero(needed(products, wanted))
    first = products.some(at)
    search = Search(program(first, wanted), first, end=end)
    root = _relaxed(search, _cheap(first))
    if np.isposinf(root.floor):
        return Assembled(Outcome.IMPOSSIBLE, np.empty(0, dtype=np.int64), np.inf, np.inf)
    _dive(search, root)
    kept = _affordable(search, wanted, root)
    kept[search.chosen] = True
    rest = first.some(kept)
    looked_at = search.narrowing.best(root, search.program.arrays.high)[kept]
    final = Search(program(rest, wanted), rest, end=end)
    final.cost, final.chosen = search.cost, np.searchsorted(np.flatnonzero(kept), search.chosen)
    final.run(_relaxed(final, looked_at))
    chosen, floor = at[kept][final.chosen], final.floor
    if np.isfinite(final.cost):
        outcome = Outcome.PROVEN if floor >= final.cost else Outcome.FOUND
    else:
        outcome = Outcome.IMPOSSIBLE if np.isposinf(floor) else Outcome.OPEN
    return Assembled(outcome, chosen, final.cost, floor)


def _relaxed(search: Search, looked_at: Flags) -> Relaxed:
    arrays = search.program.arrays
    return search.relaxation.view(arrays.low, arrays.high, looked_at).solve()


def _cheap(products: Products) -> Flags:
    """bool (n,): the cheapest of each kind, and those cheapest for what they score."""
    chosen = np.zeros(len(products), dtype=np.bool_)
    worth = products.price / np.where(products.score > 0, products.score, np.nan)
    for kind in np.unique(products.kind):
        members = np.flatnonzero(products.kind == kind)
        for by in (products.price, worth):
            chosen[members[np.argsort(by[members], kind="stable")[:_OF_EACH_KIND]]] = True
    return chosen


def _dive(search: Search, root: Relaxed) -> None:
    """First kits: near the hubs that the relaxation leans to, the one of the least floor first."""
    arrays, hubs = search.program.arrays, np.flatnonzero(search.products.is_hub)
    start, nearest = search.narrowing.best(root, arrays.high), []
    for hub in hubs[np.argsort(root.prices[hubs] - root.values[hubs], kind="stable")][:_HUBS].tolist():
        low, high = arrays.low.copy(), arrays.high.copy()
        high[hubs] = 0.0
        low[hub] = high[hub] = 1.0
        search.narrowing.propagate(low, high)
        near = start | search.narrowing.near(hub, root, high)
        nearest.append((search.relaxation.view(low, high, near).solve(), low, high))
    for relaxed, low, high in sorted(nearest, key=lambda one: one[0].floor)[:_DIVES]:
        if relaxed.floor <= search.most:
            search.dive(low, high, relaxed)
    if not nearest:
        search.dive(arrays.low, arrays.high, root)


def _affordable(search: Search, wanted: Requirement, root: Relaxed) -> Flags:
    """bool (n,): what a kit cheaper than the best known may hold."""
    arrays, count = search.program.arrays, search.count
    if not np.isfinite(search.cost):
        return np.ones(count, dtype=np.bool_)
    low, high = arrays.low.copy(), arrays.high.copy()
    search.narrowing.fix(low, high, root, search.most)
    kept = high[:count] > 0
    mounted, start = search.program.mounted, search.narrowing.best(root, arrays.high)
    for number in _MOUNTED:
        if number > arrays.high[mounted]:
            break
        low[mounted] = number
        if search.relaxation.view(low, arrays.high, start).solve().floor > search.most:
            return kept & needed(search.products, wanted, borne=number - 1.0)
    return kept
