"""Which word was meant? The nearest ones of those that the reader may see."""

from __future__ import annotations

from collections.abc import Sequence

from skypact.engines.search import kernels
from skypact.engines.search.sheet import Sheet
from skypact.engines.search.words import Term, correctable, letters

MOST_CORRECTIONS = 5


def nearest(sheets: Sequence[Sheet], term: Term) -> tuple[str, ...]:
    """The visible words fewest typing errors away, within reason: the most frequent five, then by their letters.

    Errors are counted as optimal string alignment does (a letter too many, missing, wrong, or two neighbours
    exchanged), one from four letters, two from eight; Hangul by jamo.
    """
    most = correctable(term)
    if not most:
        return ()
    found: dict[str, int] = {}
    often: dict[str, int] = {}
    asked = letters(term.whole)
    for sheet in sheets:
        arrays = sheet.segment.arrays
        near = kernels.near(asked, most, arrays["letters"], arrays["letters_start"], arrays["signatures"])
        for place, distance in zip(near[0].tolist(), near[1].tolist(), strict=True):
            if frequency := sheet.frequency(place):
                word = sheet.segment.words[place]
                found[word] = distance
                often[word] = often.get(word, 0) + frequency
    least = min(found.values(), default=0)
    words = [word for word, distance in found.items() if distance == least]
    return tuple(sorted(words, key=lambda word: (-often[word], word))[:MOST_CORRECTIONS])
