"""The search engine said plainly: every question goes through every entry. The oracle of the fast one."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

import numpy as np

from skypact.engines.search import words
from skypact.engines.search.entries import Attribute, Entry, Kind, attributes_by_name, collation, value_of
from skypact.engines.search.quantities import Measure, Units
from skypact.engines.search.question import Answer, Bin, Correction, Count, Quantity, Question

NAME_WEIGHT, MOST_WEIGHT, MOST_CORRECTIONS, K1, B = 8, 255, 5, 1.2, 0.75


def weights(entry: Entry) -> dict[str, int]:
    """How much each token says about an entry."""
    found: Counter[str] = Counter(words.tokens(entry.text))
    for token in words.tokens(entry.names):
        found[token] += NAME_WEIGHT
    return {token: min(weight, MOST_WEIGHT) for token, weight in found.items()}


def distance(first: str, second: str) -> int:
    """Optimal string alignment distance in letters: insert, delete, replace, exchange two neighbours."""
    a, b = list(words.letters(first)), list(words.letters(second))
    table = [[0] * (len(b) + 1) for _ in range(len(a) + 1)]
    for i in range(len(a) + 1):
        for j in range(len(b) + 1):
            if not i or not j:
                table[i][j] = i + j
                continue
            best = min(table[i - 1][j] + 1, table[i][j - 1] + 1, table[i - 1][j - 1] + (a[i - 1] != b[j - 1]))
            if i > 1 and j > 1 and a[i - 1] == b[j - 2] and a[i - 2] == b[j - 1]:
                best = min(best, table[i - 2][j - 2] + 1)
            table[i][j] = best
    return table[-1][-1]


def doubled(term: words.Term, held: dict[str, int]) -> int:
    """Twice the weight with which an entry with these tokens matches a term: half for a part of a word."""
    total = 0
    for token, weight in held.items():
        if token == term.whole:
            total += 2 * weight
        elif token.startswith(term.whole) or (
            words.is_hangul(term.whole) and len(term.whole) > 1 and term.whole in token
        ):
            total += weight
    if term.parts and all(part in held for part in term.parts):
        total += sum(2 * held[part] for part in set(term.parts))
    return total


class PlainView:
    """What one reader may see on one day."""

    def __init__(
        self,
        segments: Sequence[Sequence[Entry]],
        attributes: Sequence[Attribute],
        labels: Collection[str],
        on: date,
        measures: Sequence[Measure] = (),
    ) -> None:
        newest = {entry.key: entry for segment in segments for entry in segment}
        seen = (entry for entry in newest.values() if not entry.withdrawn and entry.release in labels)
        self.entries = sorted(seen, key=lambda entry: (collation(entry.name), entry.key))
        self.attributes = attributes_by_name(attributes)
        self.measures = measures
        self.held = [weights(entry) for entry in self.entries]
        self.values = [
            {
                name: value_of(
                    attribute,
                    [f for f in entry.facts if f.attribute == name and f.release in labels and f.valid(on)],
                )
                for name, attribute in self.attributes.items()
            }
            for entry in self.entries
        ]

    def search(self, question: Question) -> Answer:
        found, rest = Units(self.measures).find(question.text)
        quantities = tuple(Quantity(q.text, q.value, self.measures[q.measure].ways) for q in found)
        scores, corrections = self._matching(words.terms(rest))
        wanted = None if question.restrict is None else set(question.restrict)
        base = [
            place
            for place in scores
            if (wanted is None or self.entries[place].key in wanted)
            and all(self._has(place, quantity) for quantity in quantities)
        ]
        filters = {name for name, values in question.chosen.items() if values}
        filters |= {name for name, bounds in question.between.items() if bounds != (None, None)}
        if unknown := sorted(filters - set(self.attributes)):
            raise ValueError(f"there is no attribute {unknown[0]}")
        failed = {place: {name for name in filters if not self._fulfils(place, name, question)} for place in base}
        hits = [place for place in base if not failed[place]]
        ranked = self._ordered(hits, question.order or ("relevance" if rest and words.terms(rest) else "name"), scores)
        facets, bins, known = {}, {}, {}
        for name, attribute in self.attributes.items() if question.facets else ():
            counted = [self.values[place][name] for place in base if failed[place] <= {name}]
            known[name] = sum(bool(values) for values in counted)
            if attribute.kind is Kind.NUMBER:
                bins[name] = self._bins(attribute, [float(values[0]) for values in counted if values])
            else:
                facets[name] = self._counts(counted, set(question.chosen.get(name, ())), question.facet_size)
        page = ranked[question.start : question.start + question.size]
        keys = tuple(self.entries[place].key for place in page)
        return Answer(len(hits), keys, facets, bins, known, corrections, quantities)

    def _matching(self, terms: list[words.Term]) -> tuple[dict[int, float], tuple[Correction, ...]]:
        scores = dict.fromkeys(range(len(self.entries)), 0.0)
        corrections = []
        count = len(self.entries)
        length = sum(sum(held.values()) for held in self.held)
        for term in terms:
            matched = {place: twice for place, held in enumerate(self.held) if (twice := doubled(term, held))}
            if not matched and (instead := self._nearest(term)):
                corrections.append(Correction(term.whole, instead))
                matched = {
                    place: sum(2 * held.get(word, 0) for word in instead)
                    for place, held in enumerate(self.held)
                    if any(word in held for word in instead)
                }
            rarity = math.log(1 + (count - len(matched) + 0.5) / (len(matched) + 0.5))
            for place in list(scores):
                if place not in matched:
                    del scores[place]
                    continue
                frequency = matched[place] / 2
                norm = K1 * (1 - B + B * (sum(self.held[place].values()) / (length / count)))
                scores[place] += rarity * (frequency * (K1 + 1) / (frequency + norm))
        return scores, tuple(corrections)

    def _nearest(self, term: words.Term) -> tuple[str, ...]:
        most = words.correctable(term)
        near: dict[str, int] = {}
        if most:
            for token in {token for held in self.held for token in held}:
                if (apart := distance(term.whole, token)) <= most:
                    near[token] = apart
        nearest = [token for token, apart in near.items() if apart == min(near.values())]
        often = {token: sum(token in held for held in self.held) for token in nearest}
        return tuple(sorted(nearest, key=lambda token: (-often[token], token))[:MOST_CORRECTIONS])

    def _has(self, place: int, quantity: Quantity) -> bool:
        def holds(attribute: str, low: float | None, high: float | None) -> bool:
            values = self.values[place].get(attribute, ())
            return bool(values) and _within(float(values[0]), low, high)

        if any(all(holds(c.attribute, *c.bounds(quantity.value)) for c in way) for way in quantity.ways):
            return True
        return all(word in self.held[place] for word in words.whole_words(quantity.text))

    def _fulfils(self, place: int, name: str, question: Question) -> bool:
        values = self.values[place][name]
        if (chosen := question.chosen.get(name)) and not set(values) & set(chosen):
            return False
        low, high = question.between.get(name, (None, None))
        if (low, high) == (None, None):
            return True
        return bool(values) and _within(float(values[0]), low, high)

    def _ordered(self, hits: list[int], order: str, scores: dict[int, float]) -> list[int]:
        descending, by = order.startswith("-"), order.removeprefix("-")
        keys: dict[int, Any]
        if by == "name":
            return hits[::-1] if descending else hits
        if by == "relevance":
            keys, descending = {place: scores[place] for place in hits}, not descending
        elif by == "vendor":
            keys = {place: collation(self.entries[place].vendor) for place in hits}
        elif by == "category":
            keys = {place: self.entries[place].shelf for place in hits}
        elif by in self.attributes and self.attributes[by].kind is Kind.NUMBER:
            keys = {place: self.values[place][by][0] for place in hits if self.values[place][by]}
        else:
            raise ValueError(f"cannot order by {by}: relevance, name, vendor, category or a number")
        return sorted(keys, key=keys.__getitem__, reverse=descending) + [place for place in hits if place not in keys]

    def _counts(self, counted: list[tuple[str | float, ...]], chosen: set[str], most: int) -> tuple[Count, ...]:
        counts = Counter(str(value) for values in counted for value in values)
        ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
        ranked = [item for rank, item in enumerate(ranked) if rank < most or item[0] in chosen]
        return tuple(Count(*item) for item in ranked) + tuple(Count(value, 0) for value in sorted(chosen - set(counts)))

    def _bins(self, attribute: Attribute, numbers: list[float]) -> tuple[Bin, ...]:
        if not attribute.edges:
            return ()
        counts = np.bincount(
            np.searchsorted(attribute.edges, numbers, side="right"), minlength=len(attribute.edges) + 1
        )
        bounds = (None, *attribute.edges, None)
        return tuple(Bin(bounds[i], bounds[i + 1], int(count)) for i, count in enumerate(counts))


def _within(value: float, low: float | None, high: float | None) -> bool:
    return (low is None or value >= low) and (high is None or value <= high)
