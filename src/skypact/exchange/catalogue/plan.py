"""How the cells of a row become the document of a listing, worked out once from the columns of a file.

Every column knows beforehand into which table of the document its cell goes and how it is read; a row then costs one
step for each filled cell, however many columns the file has.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import compress
from operator import itemgetter
from typing import Any, NamedTuple

from pydantic import BaseModel

from skypact.exchange.catalogue.columns import TEST, Column, FieldShape, Holds, Path, several, shape
from skypact.exchange.catalogue.rows import RowProblem
from skypact.exchange.quantities import PLAIN_NUMBER, accepted, in_pint, in_unit
from skypact.schema import Listing, Source, TestRecord, Unit, Vendor
from skypact.schema.problems import shown

UNKNOWN = "unknown"

#: What a claim takes over from the row's first evidence when its own columns are empty.
INHERITED = ("grade", "source", "observed", "provenance")

#: Spreadsheets run a cell that begins with one of these as a formula (OWASP, CSV injection).
RISKY = ("=", "+", "-", "@", "'", "\t", "\r")

Table = dict[str, Any]

_BLANK = " \t\r\n"


def unescaped(cell: str) -> str:
    """``cell`` without the apostrophe that keeps a spreadsheet from running it, or the word unknown from meaning it."""
    said = cell[1:]
    return said if cell[0] == "'" and (said.startswith(RISKY) or said.lower() == UNKNOWN) else cell


class _Node(NamedTuple):
    """A table inside the document: where it stands and what it holds before any cell is read."""

    number: int
    parent: int
    key: str
    many: bool
    start: Table
    is_evidence: bool
    grounds: list[int]
    """tables of evidence that are there as soon as this one is"""


class _Slot(NamedTuple):
    """Where a column's cells go and how they are read."""

    position: int
    where: Column
    node: int
    key: str
    in_list: bool
    is_grade: bool
    is_number: bool
    """a bare number needs no conversion"""


class Filled(NamedTuple):
    """The documents that a row says: the listing's, and the vendor's where it describes one; or what is wrong."""

    listing: Table
    vendor: Table | None
    problems: tuple[RowProblem, ...]


_LISTING, _VENDOR = 0, 1


class Plan:
    """The way from a row's cells to a listing's document, for one set of columns."""

    def __init__(self, columns: Sequence[Column]) -> None:
        self._nodes: list[_Node] = [
            _Node(_LISTING, _LISTING, "", False, {}, False, []),
            _Node(_VENDOR, _VENDOR, "", False, {}, False, []),
        ]
        self._models: dict[int, type[BaseModel]] = {_LISTING: Listing, _VENDOR: Vendor}
        self._places: dict[tuple[Path, bool], int] = {((), False): _LISTING, ((), True): _VENDOR}
        self._ground(_VENDOR, Vendor, (), True)
        in_order = sorted(enumerate(columns), key=lambda item: _order(item[1].path))
        self._slots = [self._slot(position, where) for position, where in in_order]
        self._ordered = itemgetter(*(slot.position for slot in self._slots))

    def _slot(self, position: int, where: Column) -> _Slot:
        of_vendor = where.path[0] == "vendor" and len(where.path) > 1
        path = where.path[1:] if of_vendor else where.path
        if where.is_table:
            return _Slot(position, where, self._node(path, of_vendor), "", False, False, False)
        in_list = isinstance(path[-1], int)
        key = path[-2] if in_list else path[-1]
        assert isinstance(key, str)  # noqa: S101 (a list stands under a name)
        node = self._node(path[: -2 if in_list else -1], of_vendor)
        is_grade = key == "grade" and self._nodes[node].is_evidence
        is_number = where.unit is not None and where.written_in in (None, in_pint(where.unit))
        return _Slot(position, where, node, key, in_list, is_grade, is_number)

    def _node(self, path: Path, of_vendor: bool) -> int:
        """The number of the table at ``path``."""
        if (path, of_vendor) in self._places:
            return self._places[path, of_vendor]
        many = isinstance(path[-1], int)
        above, key = (path[:-2], path[-2]) if many else (path[:-1], path[-1])
        parent = self._node(above, of_vendor)
        found = _field(self._models[parent], str(key))
        start = {} if found.unit is None else {"unit": found.unit.value}
        number = len(self._nodes)
        is_evidence = found.holds not in (Holds.MODEL, Holds.PLAIN)
        self._nodes.append(_Node(number, parent, str(key), many, start, is_evidence, []))
        assert found.model is not None  # noqa: S101 (only models hold tables)
        self._models[number] = found.model
        self._places[path, of_vendor] = number
        if found.holds is Holds.MODEL:
            self._ground(number, found.model, path, of_vendor)
        return number

    def _ground(self, number: int, model: type[BaseModel], path: Path, of_vendor: bool) -> None:
        for field in shape(model).values():
            if field.holds is Holds.EVIDENCE and model.model_fields[field.name].is_required():
                place: Path = (*path, field.name, 0) if field.many else (*path, field.name)
                self._nodes[number].grounds.append(self._node(place, of_vendor))

    def document(self, cells: Sequence[str], *, row: int) -> Filled | None:
        """What ``cells`` say; ``None`` where all of them are blank."""
        return _Filling(self._nodes, self._models).fill(self._filled(cells), row)

    def _filled(self, cells: Sequence[str]) -> Iterable[tuple[_Slot, str]]:
        ordered = self._ordered(cells) if len(self._slots) > 1 else (cells[self._slots[0].position],)
        return zip(compress(self._slots, ordered), filter(None, ordered), strict=True)


def _order(path: Path) -> tuple[bool, tuple[str, ...]]:
    """The row's own evidence first, as the others take over from it; entries of a list by number; grade before test."""
    return path[0] != "evidence", tuple(f"{part:02}" if isinstance(part, int) else part for part in path)


def _field(model: type[BaseModel], name: str) -> FieldShape:
    if name == "source":
        return FieldShape(name, Holds.PLAIN, many=False, model=Source)
    if name == TEST:
        return FieldShape(name, Holds.PLAIN, many=False, model=TestRecord)
    return shape(model)[name]


class _Filling:
    """One row on its way into a document."""

    def __init__(self, nodes: Sequence[_Node], models: Mapping[int, type[BaseModel]]) -> None:
        self._nodes = nodes
        self._models = models
        self._made: list[Table | None] = [None] * len(nodes)
        self._first: Table | None = None
        self._taken_over: Table | None = None

    def fill(self, filled: Iterable[tuple[_Slot, str]], row: int) -> Filled | None:
        self._made[_LISTING] = document = Table()
        made = self._made
        problems: list[tuple[int, RowProblem]] = []
        for (position, where, number, key, in_list, is_grade, is_number), cell in filled:
            text = cell.strip(_BLANK)
            if not text:
                continue
            value: Any = text
            if is_number and PLAIN_NUMBER(text):
                value = float(text)
            elif text[0] == "=":
                problems.append((position - _FORMULA, _formula(where.name, text, row)))
                continue
            elif where.is_table and text.lower() != UNKNOWN:
                problems.append((position, self._not_one_value(where.name, number, text, row)))
                continue
            elif where.may_be_unknown and text.lower() == UNKNOWN:
                value = None
            elif where.unit is not None:
                try:
                    value = in_unit(text, where.unit, written_in=where.written_in)
                except ValueError:
                    problems.append((position, _no_number(where.name, where.unit, text, row)))
            elif text[0] == "'":
                value = unescaped(text)
            table = made[number]
            if table is None:
                table = self._make(number)
            if where.is_table:
                continue
            if in_list:
                table.setdefault(key, []).append(value)
                continue
            table[key] = value
            if is_grade:
                table.pop(TEST, None)
        if not document and not problems:
            return None
        if not problems and self._first is None:
            remedy = "every listing needs a source: fill evidence.source_title, evidence.source_date and evidence.grade"
            problems.append((0, RowProblem(row=row, field="evidence.source_title", remedy=remedy)))
        if self._first is not None:
            self._inherited()
        document.setdefault("vendor", None)
        vendor = made[_VENDOR]
        if vendor is not None:
            vendor["id"] = document["vendor"]
        return Filled(document, vendor, _told(problems))

    def _not_one_value(self, name: str, number: int, cell: str, row: int) -> RowProblem:
        return RowProblem(row=row, field=name, value=shown(cell), remedy=several(name, self._models[number]))

    def _make(self, number: int) -> Table:
        node = self._nodes[number]
        if number == _VENDOR:
            table = Table()
        else:
            parent = self._made[node.parent]
            if parent is None:
                parent = self._make(node.parent)
                made = self._made[number]
                if made is not None:
                    return made
            table = self._grounded(node) if node.is_evidence else dict(node.start)
            if node.many:
                parent.setdefault(node.key, []).append(table)
            else:
                parent[node.key] = table
        self._made[number] = table
        for ground in node.grounds:
            if self._made[ground] is None:
                self._make(ground)
        return table

    def _grounded(self, node: _Node) -> Table:
        """A claim or evidence, with what it takes over from the first evidence of the row."""
        if self._first is None and node.parent == _LISTING and node.key == "evidence":
            self._first = table = dict(node.start)
            return table
        return {**self._inherited(), **node.start}

    def _inherited(self) -> Table:
        if self._first is None:
            return {}
        if self._taken_over is None:
            first = self._first
            first.setdefault("observed", first.get("source", {}).get("date"))
            self._taken_over = {key: first[key] for key in (*INHERITED, TEST) if key in first}
        return self._taken_over


#: Formulas are told alone, before any other problem of the row.
_FORMULA = 1_000_000


def _told(problems: list[tuple[int, RowProblem]]) -> tuple[RowProblem, ...]:
    problems.sort(key=itemgetter(0))
    formulas = [problem for position, problem in problems if position < 0]
    return tuple(formulas[:1] or (problem for _, problem in problems))


def _formula(name: str, cell: str, row: int) -> RowProblem:
    return RowProblem(row=row, field=name, value=shown(cell), remedy="a formula is not accepted: write its value")


def _no_number(name: str, unit: Unit, cell: str, row: int) -> RowProblem:
    return RowProblem(row=row, field=name, value=shown(cell), remedy=accepted(unit))
