"""What one reader sees of one segment, as columns: one code a document, in the smallest type, 0 for unknown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from skypact.engines.search import kernels
from skypact.engines.search.entries import Attribute, Kind
from skypact.engines.search.kernels import Bools, Docs
from skypact.engines.search.segment import Segment

MOST_BITS = 64


@dataclass(frozen=True)
class WordColumn:
    """``codes``: 1 + the value's code, shape (documents,)."""

    codes: NDArray[Any]
    size: int

    def fail(self, docs: Docs, chosen: NDArray[np.int64], number: int, state: NDArray[np.uint8]) -> None:
        """Marks the documents that have none of the chosen codes."""
        allowed = np.zeros(self.size + 1, dtype=np.bool_)
        allowed[chosen + 1] = True
        kernels.fail_codes(docs, self.codes, allowed, number, state)

    def count(self, docs: Docs) -> tuple[NDArray[np.int64], int]:
        """How many documents have each value, shape (size,), and how many have any."""
        counts = np.zeros(self.size + 1, dtype=np.int64)
        kernels.count_codes(docs, self.codes, counts)
        return counts[1:], len(docs) - int(counts[0])


@dataclass(frozen=True)
class MaskColumn:
    """``masks``: bit c is set when the document has the value with code c, shape (documents,)."""

    masks: NDArray[np.uint64]
    size: int

    def fail(self, docs: Docs, chosen: NDArray[np.int64], number: int, state: NDArray[np.uint8]) -> None:
        """Marks the documents that have none of the chosen codes."""
        allowed = np.bitwise_or.reduce(np.uint64(1) << chosen.astype(np.uint64), initial=np.uint64(0))
        kernels.fail_masks(docs, self.masks, np.uint64(allowed), number, state)

    def count(self, docs: Docs) -> tuple[NDArray[np.int64], int]:
        """How many documents have each value, shape (size,), and how many have any."""
        counts = np.zeros(self.size, dtype=np.int64)
        none = kernels.count_masks(docs, self.masks, counts)
        return counts, len(docs) - none


@dataclass(frozen=True)
class ListColumn:
    """``codes`` of document d stand in begins[d] … begins[d + 1]."""

    begins: NDArray[np.int64]
    codes: Docs
    size: int

    def fail(self, docs: Docs, chosen: NDArray[np.int64], number: int, state: NDArray[np.uint8]) -> None:
        """Marks the documents that have none of the chosen codes."""
        allowed = np.zeros(self.size, dtype=np.bool_)
        allowed[chosen] = True
        kernels.fail_lists(docs, self.begins, self.codes, allowed, number, state)

    def count(self, docs: Docs) -> tuple[NDArray[np.int64], int]:
        """How many documents have each value, shape (size,), and how many have any."""
        counts = np.zeros(self.size, dtype=np.int64)
        none = kernels.count_lists(docs, self.begins, self.codes, counts)
        return counts, len(docs) - none


@dataclass(frozen=True)
class NumberColumn:
    """``codes``: 1 + the place among ``values`` (ascending); ``bins``: 1 + the place among the bins; by document."""

    codes: NDArray[Any]
    values: NDArray[np.float64]
    bins: NDArray[Any]
    size: int

    def places(self, low: float | None, high: float | None) -> tuple[int, int]:
        """The codes of the values low ≤ value ≤ high: the first, and the one after the last."""
        begin = 0 if low is None else int(np.searchsorted(self.values, low, side="left"))
        end = len(self.values) if high is None else int(np.searchsorted(self.values, high, side="right"))
        return begin + 1, end + 1

    def fail(
        self, docs: Docs, bounds: tuple[float | None, float | None], number: int, state: NDArray[np.uint8]
    ) -> None:
        """Marks the documents whose number is unknown or outside the bounds."""
        kernels.fail_range(docs, self.codes, *self.places(*bounds), number, state)

    def count(self, docs: Docs) -> tuple[NDArray[np.int64], int]:
        """How many documents lie in each bin, shape (size,), and how many have a number."""
        counts = np.zeros(self.size + 1, dtype=np.int64)
        kernels.count_codes(docs, self.bins, counts)
        return counts[1:], len(docs) - int(counts[0])


Column = WordColumn | MaskColumn | ListColumn | NumberColumn


def column_of(segment: Segment, place: int, allowed: Bools, visible: Bools) -> Column:
    """The column of attribute number ``place``, from facts whose condition is ``allowed`` on visible documents."""
    attribute, held, arrays = segment.attributes[place], segment.facts(place), segment.arrays
    docs, codes, conditions = (arrays[name][held] for name in ("fact_doc", "fact_code", "fact_condition"))
    begin, end = segment.header.value_start[place]
    size = end - begin
    if attribute.kind is Kind.WORDS and size <= MOST_BITS:
        masks = np.zeros(len(segment), dtype=np.uint64)
        kernels.masks_of(docs, codes, conditions, allowed, visible, masks)
        return MaskColumn(masks, size)
    if attribute.kind is Kind.WORDS:
        return ListColumn(*kernels.lists_of(docs, codes, conditions, allowed, visible, len(segment)), size)
    column = np.zeros(len(segment), dtype=np.int32)
    if attribute.kind is Kind.WORD:
        kernels.first_values(docs, codes, conditions, allowed, visible, column)
        return WordColumn(_small(column, size), size)
    greatest = attribute.combine == "max"
    kernels.extreme_values(docs, codes, conditions, arrays["fact_begins"][held], allowed, visible, greatest, column)
    return _number_column(attribute, segment.numbers(place), column)


def _number_column(attribute: Attribute, values: NDArray[np.float64], column: Docs) -> NumberColumn:
    bins = len(attribute.edges) + 1
    bin_of = np.zeros(len(values) + 1, dtype=np.uint8 if bins < 256 else np.int32)
    bin_of[1:] = 1 + np.searchsorted(attribute.edges, values, side="right")
    return NumberColumn(_small(column, len(values)), values, bin_of[column], bins)


def _small(column: Docs, size: int) -> NDArray[Any]:
    """The codes 0 … size in the smallest type that holds them."""
    return column.astype(np.uint8 if size < 1 << 8 else np.uint16 if size < 1 << 16 else np.int32)
