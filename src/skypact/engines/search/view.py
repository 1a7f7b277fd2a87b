"""How a question is answered, over what one reader may see."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from typing import cast

import numpy as np
from numpy.typing import NDArray

from skypact.engines.search import kernels
from skypact.engines.search.columns import NumberColumn
from skypact.engines.search.correcting import nearest
from skypact.engines.search.entries import Attribute, Kind
from skypact.engines.search.kernels import Docs
from skypact.engines.search.ordering import Found, Order, Scores, page
from skypact.engines.search.quantities import Units
from skypact.engines.search.question import Answer, Bin, Correction, Count, Quantity, Question
from skypact.engines.search.sheet import Sheet, Tally
from skypact.engines.search.words import Term, terms

MOST_FILTERS = 250


@dataclass(frozen=True)
class Values:
    """The values of a word attribute over all segments, ascending, and each segment's codes among them."""

    words: list[str]
    codes: list[NDArray[np.int32]]

    @cached_property
    def places(self) -> dict[str, int]:
        """The code of each value over all segments."""
        return {word: code for code, word in enumerate(self.words)}

    @cached_property
    def _own(self) -> list[NDArray[np.int64]]:
        """For each segment its own code of every value; -1: it has none such."""
        own = [np.full(len(self.words), -1, dtype=np.int64) for _ in self.codes]
        for mine, codes in zip(own, self.codes, strict=True):
            mine[codes] = np.arange(len(codes))
        return own

    def of(self, number: int, chosen: Collection[str]) -> NDArray[np.int64]:
        """The codes, in segment ``number``, of the chosen values that it has."""
        found = self._own[number][[self.places[value] for value in chosen if value in self.places]]
        return found[found >= 0]


@dataclass(frozen=True)
class _Sorted:
    """A sheet's candidates by how many filters they fail: ``hits`` none, ``only[attribute]`` that attribute's alone."""

    hits: Docs
    only: dict[int, Docs]
    rest: Docs | None
    """all visible documents but the hits, where those are fewer"""


class View:
    """What one reader may see on one day. Thread-safe."""

    def __init__(
        self,
        sheets: Sequence[Sheet],
        attributes: Sequence[Attribute],
        values: Sequence[Values],
        units: Units,
    ) -> None:
        self._sheets, self._attributes, self._values, self._units = sheets, attributes, values, units
        self._places = {attribute.name: place for place, attribute in enumerate(attributes)}
        self._count = sum(len(sheet.docs) for sheet in sheets)
        self._length = sum(sheet.length for sheet in sheets)

    def __len__(self) -> int:
        return self._count

    def search(self, question: Question) -> Answer:
        """The answer. Raises ValueError when the question names an attribute or an order that there is not."""
        filters = self._filters(question)
        quantities, rest = self._quantities(question.text)
        asked = terms(rest)
        order = Order.of(question.order or ("relevance" if asked else "name"), self._attributes)
        matched, rarities, corrections = self._matched(asked)
        found, parted = [], []
        for number, sheet in enumerate(self._sheets):
            docs = self._candidates(sheet, matched[number], quantities, question.restrict)
            one = self._part(number, sheet, docs, filters, question)
            parted.append(one)
            scores = partial(self._scores, sheet, one.hits, matched[number], rarities)
            found.append(Found(sheet, one.hits, scores))
        total = sum(len(one.hits) for one in found)
        keys = page(found, order, question.start, question.size)
        facets: dict[str, tuple[Count, ...]] = {}
        bins: dict[str, tuple[Bin, ...]] = {}
        known: dict[str, int] = {}
        for place, attribute in enumerate(self._attributes) if question.facets else ():
            counts, known[attribute.name] = self._tally(place, parted)
            if attribute.kind is Kind.NUMBER:
                bins[attribute.name] = _bins(attribute, counts)
            else:
                chosen = question.chosen.get(attribute.name, ())
                facets[attribute.name] = self._facet(place, counts, chosen, question.facet_size)
        return Answer(total, keys, facets, bins, known, corrections, quantities)

    def _filters(self, question: Question) -> list[int]:
        """The attributes that the question makes a choice in."""
        names = [name for name, values in question.chosen.items() if values]
        names += [name for name, bounds in question.between.items() if bounds != (None, None)]
        for name in (*question.chosen, *question.between):
            if name not in self._places:
                raise ValueError(f"there is no attribute {name}; there are: {', '.join(self._places)}")
            if (self._attributes[self._places[name]].kind is Kind.NUMBER) != (name in question.between):
                raise ValueError(f"{name}: values are chosen of words, and ranges of numbers")
        if len(names) > MOST_FILTERS:
            raise ValueError(f"at most {MOST_FILTERS} attributes can be chosen in at once, not {len(names)}")
        return sorted(self._places[name] for name in names)

    def _quantities(self, text: str) -> tuple[tuple[Quantity, ...], str]:
        found, rest = self._units.find(text)
        return tuple(Quantity(one.text, one.value, self._units.measures[one.measure].ways) for one in found), rest

    def _matched(
        self, asked: Sequence[Term]
    ) -> tuple[list[list[tuple[Docs, Docs]]], list[float], tuple[Correction, ...]]:
        """For each sheet and term the matching documents with twice their weight; each term's rarity; corrections."""
        matched: list[list[tuple[Docs, Docs]]] = [[] for _ in self._sheets]
        rarities, corrections = [], []
        for term in asked:
            found = [sheet.matching(term) for sheet in self._sheets]
            count = sum(len(docs) for docs, _ in found)
            if not count and (instead := nearest(self._sheets, term)):
                corrections.append(Correction(term.whole, instead))
                found = [sheet.matching_words(instead) for sheet in self._sheets]
                count = sum(len(docs) for docs, _ in found)
            rarities.append(math.log(1 + (self._count - count + 0.5) / (count + 0.5)))
            for lists, one in zip(matched, found, strict=True):
                lists.append(one)
        return matched, rarities, tuple(corrections)

    def _candidates(
        self,
        sheet: Sheet,
        matched: Sequence[tuple[Docs, Docs]],
        quantities: Sequence[Quantity],
        restrict: Collection[int] | None,
    ) -> Docs:
        """The documents that fulfil everything but the choices made in attributes."""
        docs = sheet.docs
        for number, (others, _) in enumerate(sorted(matched, key=lambda one: len(one[0]))):
            docs = kernels.common(docs, others) if number else others
        if restrict is not None:
            docs = kernels.common(docs, _with_keys(sheet, restrict))
        for quantity in quantities:
            good = kernels.members(docs, sheet.with_quantity(quantity.text))
            for way in quantity.ways:
                state = np.zeros(len(docs), dtype=np.uint8)
                for condition in way:
                    column = cast(NumberColumn, sheet.columns[self._places[condition.attribute]])
                    column.fail(docs, condition.bounds(quantity.value), 1, state)
                good |= state == 0
            docs = docs[good]
        return docs

    def _part(self, number: int, sheet: Sheet, docs: Docs, filters: Sequence[int], question: Question) -> _Sorted:
        """One pass over the candidates for each filter: who fails none, and who fails one alone?"""
        if not filters:
            return _Sorted(docs, {}, sheet.without(docs) if question.facets else None)
        state = np.zeros(len(docs), dtype=np.uint8)
        for mark, place in enumerate(filters, start=1):
            column, name = sheet.columns[place], self._attributes[place].name
            if isinstance(column, NumberColumn):
                column.fail(docs, question.between[name], mark, state)
            else:
                column.fail(docs, self._values[place].of(number, question.chosen[name]), mark, state)
        hits = kernels.in_state(docs, state, 0)
        if not question.facets:
            return _Sorted(hits, {}, None)
        only = {place: kernels.in_state(docs, state, mark) for mark, place in enumerate(filters, start=1)}
        return _Sorted(hits, only, sheet.without(hits))

    def _scores(
        self, sheet: Sheet, hits: Docs, matched: Sequence[tuple[Docs, Docs]], rarities: Sequence[float]
    ) -> Scores:
        scores = np.zeros(len(hits))
        lengths = sheet.segment.arrays["lengths"]
        average = self._length / max(self._count, 1)
        for (docs, twice), rarity in zip(matched, rarities, strict=True):
            kernels.add_scores(hits, docs, twice, lengths, rarity, average, scores)
        return scores

    def _tally(self, place: int, parted: Sequence[_Sorted]) -> Tally:
        """The counts of an attribute over all sheets, by value or by bin, and how many entries have any."""
        values, numeric = self._values[place], self._attributes[place].kind is Kind.NUMBER
        size = len(self._attributes[place].edges) + 1 if numeric else len(values.words)
        counts, known = np.zeros(size, dtype=np.int64), 0
        for number, (sheet, one) in enumerate(zip(self._sheets, parted, strict=True)):
            tallies = [sheet.tally(place, one.hits, one.rest)]
            if place in one.only:
                tallies.append(sheet.columns[place].count(one.only[place]))
            for some, having in tallies:
                known += having
                if numeric:
                    counts += some
                else:
                    counts[values.codes[number]] += some
        return counts, known

    def _facet(self, place: int, counts: NDArray[np.int64], chosen: Collection[str], most: int) -> tuple[Count, ...]:
        values = self._values[place]
        occurring = np.flatnonzero(counts)
        ranked = occurring[np.argsort(-counts[occurring], kind="stable")]
        shown = ranked[:most].tolist()
        if chosen and len(ranked) > most:
            wanted = {values.places[value] for value in chosen if value in values.places}
            shown += [code for code in ranked[most:].tolist() if code in wanted]
        found = [Count(values.words[code], count) for code, count in zip(shown, counts[shown].tolist(), strict=True)]
        missing = [value for value in set(chosen) if value not in values.places or not counts[values.places[value]]]
        return (*found, *(Count(value, 0) for value in sorted(missing)))


def _with_keys(sheet: Sheet, restrict: Collection[int]) -> Docs:
    """The documents with these keys."""
    keys, docs = sheet.segment.by_key
    wanted = np.unique(np.fromiter(restrict, dtype=np.int64, count=len(restrict)))
    places = np.searchsorted(keys, wanted)
    held = places < len(keys)
    held[held] = keys[places[held]] == wanted[held]
    return np.sort(docs[places[held]]).astype(np.int32)


def _bins(attribute: Attribute, counts: NDArray[np.int64]) -> tuple[Bin, ...]:
    if not attribute.edges:
        return ()
    bounds = (None, *attribute.edges, None)
    return tuple(Bin(bounds[i], bounds[i + 1], count) for i, count in enumerate(counts.tolist()))
