"""An index: segments one after the other, and what each reader sees of them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from functools import lru_cache

from skypact.engines.search.entries import Kind
from skypact.engines.search.plain import PlainView
from skypact.engines.search.quantities import Measure, find
from skypact.engines.search.question import Answer, Question
from skypact.engines.search.segment import Segment


class View:
    """What one reader may see on one day. Thread-safe."""

    def __init__(self, plain: PlainView) -> None:
        self._plain = plain

    def __len__(self) -> int:
        return len(self._plain.entries)

    def search(self, question: Question) -> Answer:
        """The answer. Raises ValueError when the question names an attribute or an order that there is not."""
        return self._plain.search(question)


class Index:
    """Segments, earlier ones first: an entry replaces an earlier one of the same key; withdrawn ones vanish.

    ``measures`` says what quantities in the text mean (:mod:`skypact.engines.search.quantities`). Thread-safe. Keeps
    the ``views`` last used. Raises ValueError when the segments differ in their attributes.
    """

    def __init__(self, segments: Sequence[Segment], measures: Sequence[Measure] = (), *, views: int = 8) -> None:
        if not segments or any(segment.attributes != segments[0].attributes for segment in segments):
            raise ValueError("the segments of an index must have the same attributes, and there must be one")
        self.segments = tuple(segments)
        self.attributes = segments[0].attributes
        self.measures = tuple(measures)
        find(self.measures, "")
        numbers = {attribute.name for attribute in self.attributes if attribute.kind is Kind.NUMBER}
        named = {condition.attribute for measure in measures for way in measure.ways for condition in way}
        if unknown := sorted(named - numbers):
            raise ValueError(f"a measure speaks of {unknown[0]}, which is no number attribute")
        self._view = lru_cache(maxsize=views)(self._make)

    def view(self, labels: Collection[str], on: date) -> View:
        """What somebody who may read ``labels`` sees on that day."""
        return self._view(frozenset(labels), on)

    def _make(self, labels: frozenset[str], on: date) -> View:
        entries = [segment.entries for segment in self.segments]
        return View(PlainView(entries, self.attributes, labels, on, self.measures))
