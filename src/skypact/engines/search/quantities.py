"""Quantities in a question's text: "5 km", "24 GHz", "6S".

Which attributes a unit speaks of is data, handed over by whoever knows the attributes:

>>> reach = Measure(units={"km": 1000.0, "m": 1.0}, ways=((Condition("range", "at_least"),),))
>>> Units([reach]).find("radar 5 km")
([Found(text='5 km', value=5000.0, measure=0)], 'radar  ')
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

_NUMBER = r"(?<![\w.,\-/+])(\d{1,12}(?:,\d{3})*(?:\.\d{1,9})?|\d{1,12},\d{1,9})"
_ROUNDING = 1e-9
_ENDING = r"(?:급|용|대역|대|짜리|이상)?(?![\w/])"


@dataclass(frozen=True)
class Condition:
    """What a number attribute must fulfil, measured against the quantity q that was asked.

    ``at_least``: value ≥ q · (1 - tolerance); ``at_most``: value ≤ q · (1 + tolerance); ``about``: both. 700 g is
    0.7 kg in spite of how 700 · 0.001 is rounded.
    """

    attribute: str
    relation: Literal["at_least", "at_most", "about"]
    tolerance: float = 0.0

    def bounds(self, value: float) -> tuple[float | None, float | None]:
        """The least and the greatest number that fulfil it."""
        allowed = self.tolerance + _ROUNDING
        low, high = value * (1 - allowed), value * (1 + allowed)
        return (None if self.relation == "at_most" else low), (None if self.relation == "at_least" else high)


@dataclass(frozen=True)
class Measure:
    """What a number with one of these units says of an entry.

    ``units``: as written → how many of the attribute's own unit it is. ``ways``: any of them, each with all of its
    conditions.
    """

    units: Mapping[str, float]
    ways: tuple[tuple[Condition, ...], ...]


class Found(NamedTuple):
    """A quantity as it stands in a text; ``measure`` is its place in the table."""

    text: str
    value: float
    measure: int


class Units:
    """A table of measures, ready to read texts with. Raises ValueError when two measures claim one unit.

    A unit counts as it is written; in other capitals only when that leaves no doubt. A comma before exactly three
    digits separates thousands, any other a decimal.
    """

    def __init__(self, measures: Sequence[Measure]) -> None:
        self.measures = tuple(measures)
        self._exact: dict[str, tuple[int, float]] = {}
        for place, measure in enumerate(measures):
            for unit, factor in measure.units.items():
                if unit in self._exact:
                    raise ValueError(f"two measures claim the unit {unit}")
                self._exact[unit] = (place, factor)
        spellings = Counter(unit.casefold() for unit in self._exact)
        self._folded = {
            unit.casefold(): meaning for unit, meaning in self._exact.items() if spellings[unit.casefold()] == 1
        }
        units = "|".join(re.escape(unit) for unit in sorted(self._exact, key=lambda unit: (-len(unit), unit)))
        self._pattern = re.compile(rf"{_NUMBER}[ \u00a0]?({units}){_ENDING}", re.IGNORECASE)

    def find(self, text: str) -> tuple[list[Found], str]:
        """The quantities in ``text``, and what is left of it."""
        found: list[Found] = []

        def take(match: re.Match[str]) -> str:
            unit = self._exact.get(match[2]) or self._folded.get(match[2].casefold())
            if unit is None:
                return match[0]
            measure, factor = unit
            text = match.string[match.start() : match.end(2)]
            found.append(Found(text, _number(match[1]) * factor, measure))
            return " "

        return found, self._pattern.sub(take, text) if self._exact else text


def _number(written: str) -> float:
    if re.fullmatch(r"\d+(?:,\d{3})+(?:\.\d+)?", written):
        return float(written.replace(",", ""))
    return float(written.replace(",", "."))
