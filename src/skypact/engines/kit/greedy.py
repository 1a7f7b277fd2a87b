"""A first kit in no time: what a search starts from, and what is left when it is stopped before it found a better one.

Greedy submodular cover by gain per cost (Wolsey 1982, "An analysis of the greedy algorithm for the submodular set
covering problem", Combinatorica 2, 385–393), then every unit that turns out to be needless is taken back.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from skypact.engines.kit.choosing import Choice, Path

Ints = NDArray[np.int64]
_HUBS_TRIED = 4


def first_kit(question: Choice) -> tuple[int, Ints, dict[int, Path]] | None:
    """A kit that meets the question: hub, options, the way of each used product; the cheapest over a few hubs.

    ``None`` where greedy choice finds none, which does not prove that there is none.
    """
    found: list[tuple[int, int, Ints, dict[int, Path]]] = []
    for hub in _inviting(question):
        ways = {
            product: min(own, key=lambda path: _added_cost(question, path))
            for product, paths in enumerate(question.paths)
            if (own := [path for path in paths if path.hub == hub])
        }
        options = _without_needless(question, _covering(question, ways))
        if options is None or _breaks_a_limit(question, hub, options, ways):
            continue
        used = {int(product): ways[int(product)] for product in np.unique(question.product[options])}
        cost = kit_cost(question, hub, options, gateways_needed(question, options, used))
        found.append((cost, hub, options, used))
    if not found:
        return None
    _, hub, options, used = min(found, key=lambda kit: kit[:2])
    return hub, options, used


def _inviting(question: Choice) -> list[int]:
    """The hubs that the most products reach, the cheaper of equals; a few of them are enough for a start."""
    hubs = range(len(question.hubs))
    reached = [sum(any(path.hub == hub for path in paths) for paths in question.paths) for hub in hubs]
    return sorted(hubs, key=lambda hub: (-reached[hub], question.hubs[hub].cost, hub))[:_HUBS_TRIED]


def _covering(question: Choice, ways: dict[int, Path]) -> Ints | None:
    usable = np.isin(question.product, list(ways))
    counted = np.zeros(question.seen.shape[::2], dtype=np.bool_)
    chosen: list[int] = []
    while not _met(question, counted):
        open_rows = _open_rows(question, counted)
        gain = ((question.seen & ~counted[:, None, :]) * (question.weight * open_rows)).sum(axis=(0, 2))
        worth = np.where(usable, gain / np.maximum(question.cost[question.product], 1), 0.0)
        best = int(worth.argmax())
        if worth[best] <= 0:
            return None
        chosen.append(best)
        counted |= question.seen[:, best]
    return np.array(chosen, dtype=np.int64)


def _without_needless(question: Choice, options: Ints | None) -> Ints | None:
    """Dearest first, every option is dropped that the others can do without."""
    if options is None:
        return None
    kept = [int(option) for option in options]
    for option in sorted(kept, key=lambda number: (-question.cost[question.product[number]], number)):
        rest = [other for other in kept if other != option]
        counted: NDArray[np.bool_] = np.asarray(question.seen[:, rest].any(axis=1))
        if _met(question, counted):
            kept = rest
    return np.array(sorted(kept), dtype=np.int64)


def _met(question: Choice, counted: NDArray[np.bool_]) -> bool:
    return bool((_covered(question, counted) >= question.need).all())


def _covered(question: Choice, counted: NDArray[np.bool_]) -> Ints:
    enough = counted.sum(axis=0) >= question.kinds_needed
    return np.bincount(question.group, weights=question.weight * enough, minlength=len(question.need)).astype(np.int64)


def _open_rows(question: Choice, counted: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Rows that still count: short of kinds, in a group that is not covered enough."""
    short: NDArray[np.bool_] = counted.sum(axis=0) < question.kinds_needed
    uncovered: NDArray[np.bool_] = _covered(question, counted) < question.need
    return np.logical_and(short, uncovered[question.group])


def _breaks_a_limit(question: Choice, hub: int, options: Ints, ways: dict[int, Path]) -> bool:
    if question.positions_max is not None and len(np.unique(question.position[options])) > question.positions_max:
        return True
    limit = question.hubs[hub].sensors_max
    if limit is not None and len(options) > limit:
        return True
    useless = {number for number, node in enumerate(question.gateways) if node.sensors_max == 0}
    used = np.unique(question.product[options])
    return any(useless.intersection(ways[int(product)].gateways) for product in used)


def _added_cost(question: Choice, path: Path) -> tuple[int, int]:
    return sum(question.gateways[gateway].cost for gateway in path.gateways), path.unknowns


def gateways_needed(question: Choice, options: Ints, paths: dict[int, Path]) -> dict[int, int]:
    """How many of each gateway the options need on their ways."""
    served: dict[int, int] = {}
    for option in options:
        for gateway in paths[int(question.product[option])].gateways:
            served[gateway] = served.get(gateway, 0) + 1
    limits = {gateway: question.gateways[gateway].sensors_max for gateway in served}
    return {
        gateway: 1 if (limit := limits[gateway]) is None else -(-count // limit) for gateway, count in served.items()
    }


def kit_cost(question: Choice, hub: int, options: Ints, gateways: dict[int, int]) -> int:
    """What a kit costs, in hundredths."""
    network = question.hubs[hub].cost + sum(
        question.gateways[gateway].cost * count for gateway, count in gateways.items()
    )
    return sum(int(cost) for cost in question.cost[question.product[options]]) + network
