"""What is searched: entries with their words and facts, and the attributes that facts speak of."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Literal, NamedTuple


class Kind(StrEnum):
    """How many values of an attribute an entry may have, and of which sort."""

    WORD = "word"
    WORDS = "words"
    NUMBER = "number"


@dataclass(frozen=True)
class Attribute:
    """Something that entries are counted by and filtered on.

    ``combine`` and ``edges`` are for numbers: which one of several stands for the entry, and where one bin of the
    histogram ends and the next begins, ascending. n edges make n + 1 bins, low ≤ value < high, open at both ends.
    """

    name: str
    kind: Kind
    unit: str = ""
    combine: Literal["max", "min"] = "max"
    edges: tuple[float, ...] = ()

    def __post_init__(self) -> None:
        if not all(math.isfinite(edge) for edge in self.edges) or list(self.edges) != sorted(set(self.edges)):
            raise ValueError(f"attribute {self.name}: edges must be finite and ascending, not {self.edges}")
        if self.edges and self.kind is not Kind.NUMBER:
            raise ValueError(f"attribute {self.name}: only a number has edges")


class Fact(NamedTuple):
    """One statement about an entry: who may know it (``release``) and until when it holds (the day before ``expires``).

    Only facts whose label the reader holds and that are valid on the day count. Of a word or a number, the strongest of
    each ``group`` counts (the first of equals); of several groups the lowest (word) or what the attribute's ``combine``
    says (number). Of words, every one counts.
    """

    attribute: str
    value: str | float
    release: str = "PUBLIC"
    expires: date | None = None
    strength: int = 0
    group: int = 0

    def valid(self, on: date) -> bool:
        """Whether it holds on that day."""
        return self.expires is None or on < self.expires


@dataclass(frozen=True)
class Entry:
    """One thing to find. ``name``, ``vendor`` and ``shelf`` are sorted by.

    ``names`` holds what it is called (identifiers, names, part and stock numbers), which weighs more than ``text``.
    Whoever may read ``release`` may find it by all of that; only facts carry labels of their own. An entry that is
    ``withdrawn`` is not found, and hides an earlier one of the same ``key``.
    """

    key: int
    name: str
    vendor: str
    shelf: int
    release: str
    names: str
    text: str
    facts: tuple[Fact, ...]
    withdrawn: bool = False


def collation(name: str) -> str:
    """What names are ordered by: regardless of case and width first, then by every letter."""
    return f"{unicodedata.normalize('NFKC', name).casefold()}\0{name}"


def attributes_by_name(attributes: Iterable[Attribute]) -> dict[str, Attribute]:
    """The attributes by their names. Raises ValueError when two have the same."""
    found: dict[str, Attribute] = {}
    for attribute in attributes:
        if attribute.name in found:
            raise ValueError(f"two attributes are named {attribute.name}")
        found[attribute.name] = attribute
    return found


def check_fact(fact: Fact, attributes: dict[str, Attribute]) -> None:
    """Raises ValueError when ``fact`` is none of these attributes'."""
    attribute = attributes.get(fact.attribute)
    if attribute is None:
        raise ValueError(f"a fact names the attribute {fact.attribute!r}; there are: {', '.join(attributes)}")
    if attribute.kind is Kind.NUMBER:
        if isinstance(fact.value, str) or not math.isfinite(fact.value):
            raise ValueError(f"{fact.attribute} takes finite numbers, not {fact.value!r}")
    elif not isinstance(fact.value, str) or not fact.value:
        raise ValueError(f"{fact.attribute} takes words, not {fact.value!r}")


def value_of(attribute: Attribute, facts: Sequence[Fact]) -> tuple[str | float, ...]:
    """What ``facts`` (of this attribute, visible and valid, in their order) amount to; nothing for unknown."""
    if attribute.kind is Kind.WORDS:
        return tuple(sorted({fact.value for fact in facts}, key=str))
    strongest: dict[int, Fact] = {}
    for fact in facts:
        held = strongest.setdefault(fact.group, fact)
        if fact.strength > held.strength:
            strongest[fact.group] = fact
    if not strongest:
        return ()
    if attribute.kind is Kind.WORD:
        return (strongest[min(strongest)].value,)
    numbers = [float(fact.value) for fact in strongest.values()]
    return (max(numbers) if attribute.combine == "max" else min(numbers),)
