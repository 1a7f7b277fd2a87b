"""The arrays of a segment's vocabulary and values, made from sorted tables."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate
from typing import Any

import numpy as np
from numpy.typing import NDArray

from skypact.engines.search import kernels
from skypact.engines.search.strings import Strings
from skypact.engines.search.words import is_hangul, letters

_SYLLABLE = 3
"""bytes of a Hangul syllable in UTF-8"""


def condition_order(condition: tuple[str, int | None]) -> tuple[str, float]:
    """Conditions stand by label, then by expiry; without one last."""
    label, expires = condition
    return label, float("inf") if expires is None else expires


def vocabulary(table: Sequence[bytes]) -> dict[str, NDArray[Any]]:
    """The arrays about words, of ``table``, which is sorted.

    ``inner_word`` and ``inner_byte`` say, sorted by letters, what begins inside Hangul words: two syllables or more.
    """
    strings = Strings.of(table)
    words = [word.decode() for word in table]
    spelled = [letters(word) for word in words]
    start = np.fromiter(accumulate(map(len, spelled), initial=0), dtype=np.int64, count=len(table) + 1)
    joined = np.concatenate([np.empty(0, dtype=np.uint16), *spelled])
    inner = sorted(
        (table[place][_SYLLABLE * begin :], place, _SYLLABLE * begin)
        for place, word in enumerate(words)
        if is_hangul(word)
        for begin in range(1, len(word) - 1)
    )
    return {
        "words_text": strings.text,
        "words_start": strings.start,
        "letters": joined,
        "letters_start": start,
        "signatures": kernels.signatures(joined, start),
        "inner_word": np.array([word for _, word, _ in inner], dtype=np.int32),
        "inner_byte": np.array([byte for _, _, byte in inner], dtype=np.int32),
    }


def value_arrays(
    tables: Sequence[Sequence[bytes] | NDArray[np.float64]],
) -> tuple[tuple[tuple[int, int], ...], dict[str, NDArray[Any]]]:
    """Where each attribute's values begin and end, and the arrays they lie in: words encoded, numbers as they are."""
    words: list[bytes] = []
    numbers: list[NDArray[np.float64]] = [np.empty(0)]
    places: list[tuple[int, int]] = []
    count = 0
    for table in tables:
        if isinstance(table, np.ndarray):
            places.append((count, count + len(table)))
            numbers.append(table)
            count += len(table)
        else:
            places.append((len(words), len(words) + len(table)))
            words += table
    strings = Strings.of(words)
    arrays: dict[str, NDArray[Any]] = {"values_text": strings.text, "values_start": strings.start}
    arrays["numbers"] = np.concatenate(numbers)
    return tuple(places), arrays
