"""What is asked, and what is answered."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from skypact.engines.search.quantities import Condition


@dataclass(frozen=True)
class Question:
    """One question of a reader.

    ``chosen``: attribute → values of which an entry has at least one. ``between``: number → least and greatest value,
    both included, either open (None). Words of ``text`` must all be found. ``order`` is relevance, name, vendor,
    category (the entry's shelf) or a number's name, with "-" in front to turn it round; without one it is relevance
    when there are words, else name. Unknown numbers stand last in either direction; ties stand by name, then key.
    ``start`` and ``size`` choose the page. ``restrict``: only entries with these keys. ``facet_size``: how many values
    of a facet are named at most, the most frequent; the chosen ones always.
    """

    text: str = ""
    chosen: Mapping[str, Collection[str]] = field(default_factory=dict)
    between: Mapping[str, tuple[float | None, float | None]] = field(default_factory=dict)
    order: str = ""
    start: int = 0
    size: int = 25
    facets: bool = True
    restrict: Collection[int] | None = None
    facet_size: int = 100

    def __post_init__(self) -> None:
        if self.start < 0 or self.size < 0 or self.facet_size < 0:
            raise ValueError(
                f"start, size and facet_size count from 0, not {self.start}, {self.size}, {self.facet_size}"
            )
        for name, bounds in self.between.items():
            if any(bound is not None and math.isnan(bound) for bound in bounds):
                raise ValueError(f"{name}: a bound must be a number, not NaN")


@dataclass(frozen=True, slots=True)
class Count:
    """How many found entries have a value."""

    value: str
    count: int


@dataclass(frozen=True, slots=True)
class Bin:
    """How many found entries have a number with ``low`` ≤ number < ``high``; None is open."""

    low: float | None
    high: float | None
    count: int


class Correction(NamedTuple):
    """A word that nothing visible contains, and the words that were looked for instead."""

    word: str
    instead: tuple[str, ...]


class Quantity(NamedTuple):
    """A quantity in the text, and what was asked because of it: any of the ways, all conditions of that way.

    ``value`` is in the unit of the attributes. Entries whose words contain the quantity are found too.
    """

    text: str
    value: float
    ways: tuple[tuple[Condition, ...], ...]


@dataclass(frozen=True)
class Answer:
    """What was found.

    ``facets`` (words), ``bins`` (numbers) and ``known`` (how many entries have any value) are counted for each
    attribute over the entries that fulfil all of the question but the choice made in that attribute. Facet values stand
    by falling count, then by value; chosen values that no such entry has stand last, with 0.
    """

    total: int
    keys: tuple[int, ...]
    facets: dict[str, tuple[Count, ...]]
    bins: dict[str, tuple[Bin, ...]]
    known: dict[str, int]
    corrections: tuple[Correction, ...]
    quantities: tuple[Quantity, ...]
