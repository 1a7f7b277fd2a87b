"""Kernel: which bit sets are not covered by another one that is at least as good."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from skypact.engines.compiled import compiled


def packed(seen: NDArray[np.bool_]) -> NDArray[np.uint64]:
    """Bool (k, n, m) as one row of 64-bit words for each of the n."""
    kinds, count = seen.shape[:2]
    bits = np.packbits(seen, axis=2)
    width = -(-bits.shape[2] // 8) * 8
    words = np.zeros((kinds, count, width), dtype=np.uint8)
    words[:, :, : bits.shape[2]] = bits
    return np.ascontiguousarray(words.transpose(1, 0, 2)).reshape(count, kinds * width).view(np.uint64)


@compiled
def _covers(words: NDArray[np.uint64], other: int, row: int) -> bool:
    """Whether the bit set in row ``other`` holds all that is in ``row``."""
    held = True
    for word in range(words.shape[1]):
        if words[row, word] & ~words[other, word]:
            held = False
            break
    return held


@compiled
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
            covered = _covers(words, other, row)
            if covered:
                break
        if not covered:
            kept[count] = row
            count += 1
    return kept[:count]


@compiled
def unneeded(
    words: NDArray[np.uint64],
    seen: NDArray[np.bool_],
    certainty: NDArray[np.uint16],
    sensors: int,
    enough: int,
    order: NDArray[np.int64],
    product: NDArray[np.int64],
    better: NDArray[np.bool_],
    position: NDArray[np.int64],
) -> NDArray[np.int64]:
    """Indices, in ``order``, of the rows that those kept before them cannot stand for where several must see a cell.

    One row that covers another is not enough here, because both may be wanted at once. A row goes only if the rows
    kept that cover it, with no less certainty in any cell, satisfy among themselves every cell it sees: then either
    one of them is not in use and may take its place, or all are and it is not needed.

    Parameters
    ----------
    words, order, product, better, position : as for :func:`uncovered`
    seen : bool (n, c), whether a row sees a cell at all
    certainty : uint16 (n, c), what it adds there; (n, 0) where certainty is not asked for
    sensors, enough : how many rows must see a cell, and how much certainty they must add up to
    """
    kept = np.empty(len(order), dtype=np.int64)
    count = 0
    seers = np.empty(seen.shape[1], dtype=np.int64)
    sure = np.empty(certainty.shape[1], dtype=np.int64)
    for row in order:
        seers[:] = 0
        sure[:] = 0
        needless = False
        for place in range(count):
            other = kept[place]
            if position[other] != position[row] or not better[product[other], product[row]]:
                continue
            covered = _covers(words, other, row)
            if not covered:
                continue
            for cell in range(len(sure)):
                if certainty[row, cell] > certainty[other, cell]:
                    covered = False
                    break
            if not covered:
                continue
            needless = True
            for cell in range(len(seers)):
                if seen[row, cell]:
                    seers[cell] += 1
                    if seers[cell] < sensors:
                        needless = False
                    if len(sure):
                        sure[cell] += certainty[other, cell]
                        if sure[cell] < enough:
                            needless = False
            if needless:
                break
        if not needless:
            kept[count] = row
            count += 1
    return kept[:count]
