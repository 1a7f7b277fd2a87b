"""One page of what was found, in the order that was asked for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from skypact.engines.search import kernels
from skypact.engines.search.columns import NumberColumn
from skypact.engines.search.entries import Attribute, Kind
from skypact.engines.search.kernels import Docs
from skypact.engines.search.sheet import Sheet

SHORT = 1_000
"""pages up to here are picked out, later ones sorted out"""
Scores = NDArray[np.float64]


@dataclass(frozen=True)
class Found:
    """The documents of a sheet that were found; ``scores`` says how well they match."""

    sheet: Sheet
    hits: Docs
    scores: Callable[[], Scores]


@dataclass(frozen=True)
class Order:
    """What to order by: ``name``, and for a number the place of its attribute."""

    by: str
    descending: bool
    number: int = -1

    @classmethod
    def of(cls, text: str, attributes: Sequence[Attribute]) -> Order:
        """The order that a question names. Raises ValueError when there is none such."""
        by, descending = text.removeprefix("-"), text.startswith("-")
        if by in ("relevance", "name", "vendor", "category"):
            return cls(by, descending != (by == "relevance"))
        for place, attribute in enumerate(attributes):
            if attribute.name == by and attribute.kind is Kind.NUMBER:
                return cls(by, descending, place)
        raise ValueError(f"cannot order by {by}: relevance, name, vendor, category or a number")


def page(found: Sequence[Found], order: Order, start: int, size: int) -> tuple[int, ...]:
    """The keys of the found entries at places ``start`` … ``start + size``."""
    if not size:
        return ()
    if len(found) == 1:
        docs, _ = _leading(found[0], order, start + size)
        return tuple(found[0].sheet.segment.arrays["keys"][docs[start:]].tolist())
    rows = [row for one in found for row in _rows(one, order, start + size)]
    rows.sort(key=lambda row: row[:2], reverse=order.by == "name" and order.descending)
    if order.by != "name":
        known = [row for row in rows if row[2] is not None]
        known.sort(key=lambda row: row[2], reverse=order.descending)
        rows = known + [row for row in rows if row[2] is None]
    return tuple(row[1] for row in rows[start : start + size])


def _leading(found: Found, order: Order, count: int) -> tuple[Docs, Scores]:
    """The first ``count`` documents of one sheet, and the numbers they are ordered by."""
    hits = found.hits
    if order.by == "name":
        hits = (hits[::-1] if order.descending else hits)[:count]
        return hits, np.zeros(len(hits))
    scores = _goodness(found, order)
    count = min(count, len(hits))
    places = kernels.best(scores, count) if count <= SHORT else np.argsort(-scores, kind="stable")[:count]
    return hits[places], scores[places]


def _goodness(found: Found, order: Order) -> Scores:
    """A number for each hit, the greater the earlier. Documents stand by name, so equals need nothing more."""
    arrays = found.sheet.segment.arrays
    if order.by == "relevance":
        values = found.scores()
    elif order.by in ("vendor", "category"):
        values = arrays["vendor" if order.by == "vendor" else "shelf"][found.hits].astype(np.float64)
    else:
        codes = _number(found, order).codes[found.hits]
        values = codes.astype(np.float64)
        return np.where(codes == 0, -np.inf, values if order.descending else -values)
    return values if order.descending else -values


def _rows(found: Found, order: Order, count: int) -> list[tuple[bytes, int, Any]]:
    """The first documents of one sheet: name, key, and what is ordered by (None: unknown), to compare with others'."""
    docs, scores = _leading(found, order, count)
    segment = found.sheet.segment
    values: list[Any]
    if order.by == "name":
        values = [None] * len(docs)
    elif order.by == "relevance":
        values = (scores if order.descending else -scores).tolist()
    elif order.by == "vendor":
        values = [segment.vendors.raw(code) for code in segment.arrays["vendor"][docs].tolist()]
    elif order.by == "category":
        values = segment.arrays["shelf"][docs].tolist()
    else:
        column = _number(found, order)
        values = [float(column.values[code - 1]) if code else None for code in column.codes[docs].tolist()]
    names = [segment.names.raw(doc) for doc in docs.tolist()]
    return list(zip(names, segment.arrays["keys"][docs].tolist(), values, strict=True))


def _number(found: Found, order: Order) -> NumberColumn:
    return cast(NumberColumn, found.sheet.columns[order.number])
