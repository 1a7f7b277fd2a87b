"""A listing as the cells of a row."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Any

from pydantic import BaseModel

from skypact.exchange.catalogue.columns import EVIDENCE_PARTS, TEST, FieldShape, Holds, shape
from skypact.exchange.catalogue.plan import INHERITED, RISKY, UNKNOWN
from skypact.schema import Claim, Evidence, Listing, Vendor

Key = tuple[int, ...]


def _escaped(text: str) -> str:
    return f"'{text}" if text.startswith(RISKY) or text.lower() == UNKNOWN else text


def flattened(listing: Listing, vendor: Vendor | None) -> Iterator[tuple[Key, str, Any]]:
    """The cells of a listing's row: where the column sorts, its name, and the value; ``None`` is unknown."""
    first = listing.evidence[0]
    yield from _cells(listing, first, "", ())
    if vendor is not None:
        place = (list(shape(Listing)).index("vendor"), 0)
        yield from (cell for cell in _cells(vendor, first, "vendor.", place) if cell[1] != "vendor.id")


def _cells(model: BaseModel, first: Evidence, prefix: str, key: Key) -> Iterator[tuple[Key, str, Any]]:
    for order, field in enumerate(shape(type(model)).values()):
        value = getattr(model, field.name)
        if value is None and field.may_be_unknown:
            yield (*key, order, 0), f"{prefix}{field.name}", None
        if value is None:
            continue
        for number, entry in enumerate(value if field.many else [value]):
            name = f"{prefix}{field.name}{field.suffix}" + (f".{number + 1}" if number else "")
            told = False
            for cell in _field_cells(field, entry, first, name, (*key, order, number)):
                told = True
                yield cell
            known = type(model).model_fields[field.name]
            if not told and field.holds is Holds.MODEL and entry != known.default:
                # A part that is there, though nothing of it is known: an aircraft's airframe, say.
                yield (*key, order, number), name, None
            if not told and field.holds is Holds.EVIDENCE and not known.is_required():
                # Evidence that need not be, and takes over all it says: one cell tells that it is there.
                yield (*key, order, number), f"{name}.observed", entry.observed


def _field_cells(field: FieldShape, entry: Any, first: Evidence, name: str, key: Key) -> Iterator[tuple[Key, str, Any]]:
    if field.holds is Holds.MODEL:
        yield from _cells(entry, first, f"{name}.", key)
        return
    if field.holds is Holds.PLAIN:
        yield key, name, entry
        return
    if isinstance(entry, Claim):
        yield (*key, 0), name, entry.value
    inherited = _inherited(entry, first)
    for order, (part, path) in enumerate(EVIDENCE_PARTS.items(), start=1):
        if path[0] in inherited:
            continue
        value = getattr(entry, path[0]) if len(path) == 1 else getattr(entry.source, path[1])
        default = type(entry).model_fields[path[0]].default if len(path) == 1 and path[0] != "provenance" else None
        if value is not None and value != default:
            yield (*key, order), f"{name}.{part}", value
    if entry.test is not None and TEST not in inherited:
        yield from _cells(entry.test, first, f"{name}.{TEST}.", (*key, len(EVIDENCE_PARTS) + 1))


def _inherited(entry: Evidence, first: Evidence) -> set[str]:
    """What ``entry`` takes over from the row's ``first`` evidence when its own columns are empty."""
    if entry is first:
        return set()
    same = {part for part in INHERITED if getattr(entry, part) == getattr(first, part)}
    if "grade" in same and entry.test == first.test:
        return {*same, TEST}
    return same - {"grade"} if entry.test is None else same


def text_of(value: Any) -> str:
    """``value`` as the text of a cell; ``None`` is unknown."""
    if value is None:
        return UNKNOWN
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return repr(value).removesuffix(".0")
    if isinstance(value, Enum):
        return str(value.value)
    if isinstance(value, (int, Decimal, date)):
        return str(value)
    return _escaped(str(value))
