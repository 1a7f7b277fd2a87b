"""Making a cover small without changing its answer: equal places are one, beaten options go.

Isomorphic aggregation and dominance: Beasley 1987, "An algorithm for set covering problem", EJOR 31, 85–93; for
maximal covering Lv et al. 2025.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from skypact.engines.compiled import compiled
from skypact.engines.coverage.siting.question import Cover, Flags, Ints


def merged_places(cover: Cover) -> Cover:
    """Places that exactly the same options see become one with the sum of their weights; unseen ones are left out."""
    bits = np.ascontiguousarray(np.packbits(cover.seen, axis=0).T)
    if not bits.size:
        return Cover(cover.seen[:, :0], cover.weight[:0], cover.cost)
    _, first, inverse = np.unique(
        bits.view(np.dtype((np.void, bits.shape[1]))).ravel(), return_index=True, return_inverse=True
    )
    weight = np.zeros(len(first), dtype=np.int64)
    np.add.at(weight, inverse.ravel(), cover.weight)
    order = np.argsort(first, kind="stable")
    order = order[cover.seen[:, first[order]].any(axis=0)]
    return Cover(np.ascontiguousarray(cover.seen[:, first[order]]), weight[order], cover.cost)


def unbeaten(cover: Cover) -> Ints:
    """Options that no other one beats: one that sees as much and more, or the same, and costs no more.

    Of equals the first stays.
    """
    words = _words(cover.seen)
    sizes = cover.seen.sum(axis=1)
    order = np.lexsort((np.arange(len(sizes)), cover.cost, -sizes))
    return np.sort(_unbeaten(words, order.astype(np.int64), cover.cost.astype(np.int64)))


def _words(seen: Flags) -> NDArray[np.uint64]:
    bits = np.packbits(seen, axis=1)
    words = np.zeros((len(bits), -(-bits.shape[1] // 8) * 8), dtype=np.uint8)
    words[:, : bits.shape[1]] = bits
    return words.view(np.uint64)


@compiled
def _unbeaten(words: NDArray[np.uint64], order: Ints, cost: Ints) -> Ints:
    kept = np.empty(len(order), dtype=np.int64)
    count = 0
    for option in order:
        beaten = False
        for place in range(count):
            other = kept[place]
            if cost[other] > cost[option]:
                continue
            beaten = True
            for word in range(words.shape[1]):
                if words[option, word] & ~words[other, word]:
                    beaten = False
                    break
            if beaten:
                break
        if not beaten:
            kept[count] = option
            count += 1
    return kept[:count]
