"""Between the cells of a row and the document of a listing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Any, cast

from pydantic import BaseModel

from skypact.exchange.catalogue.columns import EVIDENCE_PARTS, TEST, Column, FieldShape, Holds, Path, shape
from skypact.exchange.catalogue.rows import RowProblem
from skypact.exchange.quantities import accepted, in_unit
from skypact.schema import Claim, Evidence, Listing, Vendor
from skypact.schema.problems import shown

UNKNOWN = "unknown"

#: What a claim takes over from the row's first evidence when its own columns are empty.
_INHERITED = ("grade", "source", "observed", "provenance")

#: Spreadsheets run a cell that begins with one of these as a formula (OWASP, CSV injection).
_RISKY = ("=", "+", "-", "@", "'", "\t", "\r")

Key = tuple[int, ...]


def unescaped(cell: str) -> str:
    """``cell`` without the apostrophe that keeps a spreadsheet from running it."""
    return cell[1:] if len(cell) > 1 and cell[0] == "'" and cell[1] in _RISKY else cell


def _escaped(text: str) -> str:
    return f"'{text}" if text.startswith(_RISKY) else text


def document_of(cells: Iterable[tuple[Column, str]], *, row: int) -> tuple[dict[str, Any], tuple[RowProblem, ...]]:
    """The listing document that the filled ``cells`` of a row say, the vendor's data under ``vendor``."""
    tree: dict[Any, Any] = {"vendor": {}}
    problems: list[RowProblem] = []
    for where, cell in cells:
        path = ("vendor", "id") if where.path == ("vendor",) else where.path
        try:
            _put(tree, path, _value(where, cell))
        except ValueError:
            assert where.unit is not None  # noqa: S101 (only claims with a unit are converted)
            remedy = accepted(where.unit)
            problems.append(RowProblem(row=row, field=where.name, value=shown(cell), remedy=remedy))
    document = cast(dict[str, Any], _lists(tree))
    if "evidence" not in document and not problems:
        remedy = "every listing needs a source: fill evidence.source_title, evidence.source_date and evidence.grade"
        problems.append(RowProblem(row=row, field="evidence.source_title", remedy=remedy))
    elif not problems:
        first = document["evidence"][0]
        first.setdefault("observed", first.get("source", {}).get("date"))
        _complete(document, Listing, first)
        _complete(document["vendor"], Vendor, first, described=len(document["vendor"]) > 1)
    return document, tuple(problems)


def _value(where: Column, cell: str) -> Any:
    if where.may_be_unknown and cell.lower() == UNKNOWN:
        return None
    if where.unit is not None:
        return in_unit(cell, where.unit, written_in=where.written_in)
    return unescaped(cell)


def _put(tree: dict[Any, Any], path: Path, value: Any) -> None:
    for part in path[:-1]:
        tree = tree.setdefault(part, {})
    tree[path[-1]] = value


def _lists(node: Any) -> Any:
    """``node`` with every table of numbered entries as a list; gaps close."""
    if not isinstance(node, dict):
        return node
    if node and all(isinstance(key, int) for key in node):
        return [_lists(node[key]) for key in sorted(node)]
    return {key: _lists(value) for key, value in node.items()}


def _complete(document: dict[str, Any], model: type[BaseModel], first: dict[str, Any], described: bool = True) -> None:
    """Give claims their unit, and claims and evidences what they take over from the row's ``first`` evidence."""
    for field in shape(model).values():
        if field.holds is Holds.EVIDENCE and described and field.name not in document:
            document[field.name] = [{}] if field.many else {}
        value = document.get(field.name)
        if field.holds is Holds.PLAIN or value is None:
            continue
        for entry in value if field.many else [value]:
            if field.holds is Holds.MODEL:
                assert field.model is not None  # noqa: S101 (a MODEL field has a model)
                _complete(entry, field.model, first)
            elif entry is not first:
                if TEST in first and "grade" not in entry:
                    entry.setdefault(TEST, first[TEST])
                entry.update({key: first[key] for key in _INHERITED if key in first and key not in entry})
            if field.unit is not None:
                entry["unit"] = field.unit.value


def flattened(listing: Listing, vendor: Vendor | None) -> Iterator[tuple[Key, str, str]]:
    """The cells of a listing's row: where the column sorts, its name, and the text."""
    first = listing.evidence[0]
    yield from _cells(listing, first, "", ())
    if vendor is not None:
        place = (list(shape(Listing)).index("vendor"), 0)
        yield from (cell for cell in _cells(vendor, first, "vendor.", place) if cell[1] != "vendor.id")


def _cells(model: BaseModel, first: Evidence, prefix: str, key: Key) -> Iterator[tuple[Key, str, str]]:
    for order, field in enumerate(shape(type(model)).values()):
        value = getattr(model, field.name)
        if value is None and field.may_be_unknown:
            yield (*key, order, 0), f"{prefix}{field.name}", UNKNOWN
        if value is None:
            continue
        for number, entry in enumerate(value if field.many else [value]):
            name = f"{prefix}{field.name}{field.suffix}" + (f".{number + 1}" if number else "")
            yield from _field_cells(field, entry, first, name, (*key, order, number))


def _field_cells(field: FieldShape, entry: Any, first: Evidence, name: str, key: Key) -> Iterator[tuple[Key, str, str]]:
    if field.holds is Holds.MODEL:
        yield from _cells(entry, first, f"{name}.", key)
        return
    if field.holds is Holds.PLAIN:
        yield key, name, _text(entry)
        return
    if isinstance(entry, Claim):
        yield (*key, 0), name, UNKNOWN if entry.value is None else _text(entry.value)
    inherited = _inherited(entry, first)
    for order, (part, path) in enumerate(EVIDENCE_PARTS.items(), start=1):
        if path[0] in inherited:
            continue
        value = getattr(entry, path[0]) if len(path) == 1 else getattr(entry.source, path[1])
        default = type(entry).model_fields[path[0]].default if len(path) == 1 and path[0] != "provenance" else None
        if value is not None and value != default:
            yield (*key, order), f"{name}.{part}", _text(value)
    if entry.test is not None and TEST not in inherited:
        yield from _cells(entry.test, first, f"{name}.{TEST}.", (*key, len(EVIDENCE_PARTS) + 1))


def _inherited(entry: Evidence, first: Evidence) -> set[str]:
    """What ``entry`` takes over from the row's ``first`` evidence when its own columns are empty."""
    if entry is first:
        return set()
    same = {part for part in _INHERITED if getattr(entry, part) == getattr(first, part)}
    if "grade" in same and entry.test == first.test:
        return {*same, TEST}
    return same - {"grade"} if entry.test is None else same


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return repr(value).removesuffix(".0")
    if isinstance(value, Enum):
        return str(value.value)
    if isinstance(value, (int, Decimal, date)):
        return str(value)
    return _escaped(str(value))
