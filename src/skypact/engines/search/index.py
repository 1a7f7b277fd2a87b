"""An index: segments one after the other, and what each reader sees of them."""

from __future__ import annotations

from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Collection, Sequence
from datetime import date
from threading import Lock

import numpy as np

from skypact.engines.search.entries import Kind
from skypact.engines.search.merging import current, united
from skypact.engines.search.quantities import Measure, Units
from skypact.engines.search.segment import Segment
from skypact.engines.search.sheet import Sheet
from skypact.engines.search.strings import Strings
from skypact.engines.search.view import Values, View


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
        self._units = Units(measures)
        numbers = {attribute.name for attribute in self.attributes if attribute.kind is Kind.NUMBER}
        named = {condition.attribute for measure in measures for way in measure.ways for condition in way}
        if unknown := sorted(named - numbers):
            raise ValueError(f"a measure speaks of {unknown[0]}, which is no number attribute")
        self._current = current(self.segments)
        self._values = [self._united(place) for place in range(len(self.attributes))]
        headers = [segment.header for segment in segments]
        self._labels = frozenset(label for header in headers for label in header.labels)
        self._labels |= {label for header in headers for label, _ in header.conditions}
        self._expiries = sorted({end for header in headers for _, end in header.conditions if end is not None})
        self._limit = views
        self._views: OrderedDict[tuple[frozenset[str], int], View] = OrderedDict()
        self._looking, self._making = Lock(), Lock()

    def view(self, labels: Collection[str], on: date) -> View:
        """What somebody who may read ``labels`` sees on that day.

        Labels that nothing carries, and days between which nothing expires, make no difference: they share a view.
        """
        key = (self._labels & frozenset(labels), bisect_right(self._expiries, on.toordinal()))
        if (view := self._kept(key)) is not None:
            return view
        with self._making:
            if (view := self._kept(key)) is not None:
                return view
            pairs = zip(self.segments, self._current, strict=True)
            sheets = [Sheet(segment, now, key[0], on) for segment, now in pairs]
            view = View(sheets, self.attributes, self._values, self._units)
            with self._looking:
                self._views[key] = view
                while len(self._views) > self._limit:
                    self._views.popitem(last=False)
            return view

    def words(self, attribute: str) -> Sequence[str]:
        """Every value that any entry has or had of a word attribute, whoever may know it. Raises ValueError."""
        for place, one in enumerate(self.attributes):
            if one.name == attribute and one.kind is not Kind.NUMBER:
                return self._values[place].words
        raise ValueError(f"there is no attribute of words {attribute}")

    def _kept(self, key: tuple[frozenset[str], int]) -> View | None:
        with self._looking:
            if key in self._views:
                self._views.move_to_end(key)
            return self._views.get(key)

    def _united(self, place: int) -> Values:
        if self.attributes[place].kind is Kind.NUMBER:
            return Values([], [])
        tables = [Strings.of(segment.raw_values(place)) for segment in self.segments]
        raw, codes = united([np.arange(len(table)) for table in tables], tables)
        return Values(Strings.of(raw)[:], codes)
