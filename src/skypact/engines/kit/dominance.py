"""Kernel: which bit sets are not covered by another one that is at least as good."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numba
import numpy as np
from numpy.typing import NDArray

_compiled: Callable[[Callable[..., Any]], Callable[..., Any]] = numba.njit(cache=True, nogil=True)


def packed(seen: NDArray[np.bool_]) -> NDArray[np.uint64]:
    """Bool (k, n, m) as one row of 64-bit words for each of the n."""
    kinds, count = seen.shape[:2]
    bits = np.packbits(seen, axis=2)
    width = -(-bits.shape[2] // 8) * 8
    words = np.zeros((kinds, count, width), dtype=np.uint8)
    words[:, :, : bits.shape[2]] = bits
    return np.ascontiguousarray(words.transpose(1, 0, 2)).reshape(count, kinds * width).view(np.uint64)


@_compiled
def uncovered(
    words: NDArray[np.uint64],
    order: NDArray[np.int64],
    product: NDArray[np.int64],
    better: NDArray[np.bool_],
    position: NDArray[np.int64],
) -> NDArray[np.int64]:
    """Indices, in ``order``, of the rows that no row kept before them covers.

    Parameters
    ----------
    words : uint64 (n, w), bit sets
    order : int64 (m,), rows to look at, the best first
    product : int64 (n,), and better : bool (p, p): whether a product may stand for another
    position : int64 (n,): only rows at equal positions are compared; all equal compares all
    """
    kept = np.empty(len(order), dtype=np.int64)
    count = 0
    for row in order:
        covered = False
        for place in range(count):
            other = kept[place]
            if position[other] != position[row] or not better[product[other], product[row]]:
                continue
            covered = True
            for word in range(words.shape[1]):
                if words[row, word] & ~words[other, word]:
                    covered = False
                    break
            if covered:
                break
        if not covered:
            kept[count] = row
            count += 1
    return kept[:count]
