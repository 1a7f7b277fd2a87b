"""What one reader sees of one segment."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from skypact.engines.search import kernels
from skypact.engines.search.columns import column_of
from skypact.engines.search.kernels import Bools, Docs
from skypact.engines.search.segment import Segment
from skypact.engines.search.strings import encoded
from skypact.engines.search.words import Term, is_hangul, whole_words

NOTHING: Docs = np.empty(0, dtype=np.int32)
Tally = tuple[NDArray[np.int64], int]
"""how many documents have each value or lie in each bin, and how many have any"""


class Sheet:
    """The visible documents of a segment, and their columns; ``current``: those that no later segment replaces."""

    def __init__(self, segment: Segment, current: Bools, labels: Collection[str], on: date) -> None:
        header, arrays = segment.header, segment.arrays
        readable = np.array([label in labels for label in header.labels], dtype=np.bool_)
        valid = [end is None or on.toordinal() < end for _, end in header.conditions]
        readers = [label in labels for label, _ in header.conditions]
        allowed = np.array(valid, dtype=np.bool_) & np.array(readers, dtype=np.bool_)
        self.segment = segment
        self.visible: Bools = current & ~arrays["withdrawn"]
        if len(segment):
            self.visible &= readable[arrays["release"]]
        self.docs: Docs = np.flatnonzero(self.visible).astype(np.int32)
        self.length = int(arrays["lengths"][self.docs].sum(dtype=np.int64))
        self.columns = [column_of(segment, place, allowed, self.visible) for place in range(len(header.attributes))]

    @cached_property
    def counts(self) -> list[Tally]:
        """The counts of every column over all visible documents."""
        return [column.count(self.docs) for column in self.columns]

    def without(self, docs: Docs) -> Docs | None:
        """All visible documents but these, where they are fewer."""
        if docs is self.docs:
            return NOTHING
        if 2 * len(docs) <= len(self.docs):
            return None
        others = self.visible.copy()
        others[docs] = False
        return np.flatnonzero(others).astype(np.int32)

    def tally(self, place: int, docs: Docs, others: Docs | None) -> Tally:
        """The counts of one column over ``docs``; from all counts less those of the ``others``, where given."""
        if others is None:
            return self.columns[place].count(docs)
        (counts, having), (less, having_less) = self.counts[place], self.columns[place].count(others)
        return counts - less, having - having_less

    def matching(self, term: Term) -> tuple[Docs, Docs]:
        """The visible documents that a term matches, and twice the weight: a part of a word weighs half."""
        words, whole = self.segment.words, encoded(term.whole)
        begin, end = words.beginning_with(whole)
        ranges = [(begin, end, 1)]
        if begin < end and words.raw(begin) == whole:
            ranges.append((begin, begin + 1, 1))
        if is_hangul(term.whole) and len(term.whole) > 1:
            ranges += [(word, word + 1, 1) for word in self._inside(whole) if not begin <= word < end]
        parts = [self._place(part) for part in dict.fromkeys(term.parts)]
        within = self.with_all(term.parts) if parts else NOTHING
        most = min(len(within) + self._postings(ranges), len(self.segment))
        if not most:
            return NOTHING, NOTHING
        total = np.zeros(len(self.segment), dtype=np.int32)
        self._gather(ranges, self.visible, total)
        if len(within):
            among = np.zeros(len(self.segment), dtype=np.bool_)
            among[within] = True
            self._gather([(place, place + 1, 2) for place in parts if place is not None], among, total)
        return kernels.collected(total, most)

    def matching_words(self, words: Collection[str]) -> tuple[Docs, Docs]:
        """The visible documents that hold one of these whole words, and twice the weight."""
        places = [place for place in map(self._place, words) if place is not None]
        ranges = [(place, place + 1, 2) for place in places]
        total = np.zeros(len(self.segment), dtype=np.int32)
        self._gather(ranges, self.visible, total)
        return kernels.collected(total, min(self._postings(ranges), len(self.segment)))

    def with_all(self, words: Collection[str]) -> Docs:
        """The visible documents that hold every one of these whole words."""
        places = [self._place(word) for word in words]
        if not places or any(place is None for place in places):
            return NOTHING
        lists = sorted((self._documents(place) for place in places if place is not None), key=len)
        both = lists[0][self.visible[lists[0]]]
        for other in lists[1:]:
            both = kernels.common(both, other)
        return both

    def with_quantity(self, text: str) -> Docs:
        """The visible documents in whose words a quantity stands."""
        return self.with_all(whole_words(text))

    def frequency(self, word: int) -> int:
        """How many visible documents hold a word."""
        begin, end = self._span(word, word + 1)
        return kernels.seen(self.segment.arrays["posting_doc"], begin, end, self.visible)

    def _inside(self, piece: bytes) -> list[int]:
        """The Hangul words that hold ``piece`` elsewhere than at the beginning."""
        words, inner, byte = self.segment.words, *(self.segment.arrays[name] for name in ("inner_word", "inner_byte"))

        def first(wanted: bytes) -> int:
            low, high = 0, len(inner)
            while low < high:
                middle = (low + high) // 2
                if words.raw(inner[middle])[byte[middle] :] < wanted:
                    low = middle + 1
                else:
                    high = middle
            return low

        found = inner[first(piece) : first(piece + b"\xff")]
        return [int(word) for word in np.unique(found)]

    def _place(self, word: str) -> int | None:
        return self.segment.words.place_of(encoded(word))

    def _span(self, begin: int, end: int) -> tuple[int, int]:
        start = self.segment.arrays["posting_start"]
        return int(start[begin]), int(start[end])

    def _documents(self, word: int) -> Docs:
        begin, end = self._span(word, word + 1)
        return self.segment.arrays["posting_doc"][begin:end]

    def _postings(self, ranges: list[tuple[int, int, int]]) -> int:
        spans = [self._span(begin, end) for begin, end, _ in ranges]
        return sum(end - begin for begin, end in spans)

    def _gather(self, ranges: list[tuple[int, int, int]], among: Bools, total: Docs) -> None:
        arrays = self.segment.arrays
        for first, last, times in ranges:
            begin, end = self._span(first, last)
            kernels.gather(arrays["posting_doc"], arrays["posting_weight"], begin, end, times, among, total)
