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
    chosen: list[int] = []
    while not _met(question, chosen):
        gain = _gain(question, chosen)
        worth = np.where(usable, gain / np.maximum(question.cost[question.product], 1), 0.0)
        worth[chosen] = 0.0
        best = int(worth.argmax())
        if worth[best] <= 0:
            return None
        chosen.append(best)
    return np.array(chosen, dtype=np.int64)


def _gain(question: Choice, chosen: list[int]) -> NDArray[np.float64]:
    """How much nearer each option brings the rows that still count to what is asked: kinds, sensors, certainty."""
    weight = question.weight * _open_rows(question, chosen)
    kinds: NDArray[np.bool_] = np.asarray(question.seen[:, chosen].any(axis=1))
    short = weight * (kinds.sum(axis=0) < question.kinds_needed)
    gain = ((question.seen & ~kinds[:, None, :]) * short).sum(axis=(0, 2)) / question.kinds_needed
    if question.sensors_needed > 1:
        seen: NDArray[np.bool_] = np.asarray(question.seen.any(axis=0))
        short = weight * (seen[chosen].sum(axis=0) < question.sensors_needed)
        gain = gain + (seen * short).sum(axis=1) / question.sensors_needed
    if question.certainty_needed:
        lacking = question.certainty_needed - question.certainty[chosen].sum(axis=0, dtype=np.int64)
        parts = np.minimum(question.certainty, np.maximum(lacking, 0))
        gain = gain + (parts * weight).sum(axis=1) / question.certainty_needed
    return np.asarray(gain, dtype=np.float64)


def _without_needless(question: Choice, options: Ints | None) -> Ints | None:
    """Dearest first, every option is dropped that the others can do without."""
    if options is None:
        return None
    kept = [int(option) for option in options]
    for option in sorted(kept, key=lambda number: (-question.cost[question.product[number]], number)):
        rest = [other for other in kept if other != option]
        if _met(question, rest):
            kept = rest
    return np.array(sorted(kept), dtype=np.int64)


def _met(question: Choice, options: list[int]) -> bool:
    return bool((_covered(question, question.enough(options)) >= question.need).all())


def _covered(question: Choice, enough: NDArray[np.bool_]) -> Ints:
    return np.bincount(question.group, weights=question.weight * enough, minlength=len(question.need)).astype(np.int64)


def _open_rows(question: Choice, options: list[int]) -> NDArray[np.bool_]:
    """Rows that still count: not covered, in a group that is not covered enough."""
    enough = question.enough(options)
    uncovered: NDArray[np.bool_] = _covered(question, enough) < question.need
    return np.logical_and(~enough, uncovered[question.group])


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
