"""Catalogues as CSV: one row a listing, each cell where its column name says (:mod:`.columns`).

What a claim's own columns leave empty of grade, source, observed and provenance comes from the row's first
``evidence`` columns. ``unknown`` in a claim's column says that somebody looked and found nothing public; an empty
cell says that nobody has looked.
"""

from __future__ import annotations

import csv
import io
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any, BinaryIO

from pydantic import ValidationError
from pydantic_core import to_json

from skypact.exchange.catalogue.cells import flattened, text_of
from skypact.exchange.catalogue.columns import EVIDENCE_PARTS, Column, Path, UnknownColumnError, column, template
from skypact.exchange.catalogue.plan import Plan
from skypact.exchange.catalogue.rows import Record, Row, RowProblem, plain_value, unreadable
from skypact.exchange.catalogue.text import lines
from skypact.schema import Listing, Problem, Vendor
from skypact.schema.problems import problems_of

_REQUIRED = ("id", "name", "vendor", "category", "summary")
_MOST_COLUMNS = 2_000
#: Descriptions of vendors kept, so that each is read once.
_VENDORS_KEPT = 10_000


def read(stream: BinaryIO, *, name: str) -> Iterator[Row]:
    """The rows of a CSV file. Raises :class:`~.rows.UnreadableFileError` when the file as a whole cannot be read."""
    cells = raw_rows(stream)
    yield from rows_in(cells, columns_of(next(cells)), name=name)


def raw_rows(stream: BinaryIO) -> Iterator[list[str]]:
    """The names of the columns, then the cells of each row, unread. Raises :class:`~.rows.UnreadableFileError`."""
    number = 0
    try:
        for number, cells in enumerate(csv.reader(lines(stream), strict=True), start=1):
            yield [cell.strip() for cell in cells] if number == 1 else cells
    except csv.Error as error:
        raise unreadable(_csv_remedy(str(error)), row=number + 1) from None
    if number == 0:
        raise unreadable("the file is empty; the first row must name the columns")


def rows_in(cells: Iterable[list[str]], columns: list[Column], *, name: str, first: int = 2) -> Iterator[Row]:
    """The rows under these columns, the first of them with the number ``first``; a blank one is none."""
    rows = Rows(columns, name)
    for number, filled in enumerate(cells, start=first):
        row = rows.row(number, filled)
        if row is not None:
            yield row


def _csv_remedy(message: str) -> str:
    if message.startswith("field larger than"):
        return f"a cell may have at most {csv.field_size_limit()} characters"
    if message.startswith("unexpected end"):
        return "a quotation mark opens here and never closes"
    return f"this is no CSV: {message}; put quotation marks around cells and double those inside"


def columns_of(header: list[str], *, row: int = 1) -> list[Column]:
    """The columns that the ``header`` in that ``row`` names. Raises :class:`~.rows.UnreadableFileError`."""
    for separator, called in ((";", "semicolons"), ("\t", "tabs"), ("|", "vertical bars")):
        if len(header) == 1 and separator in header[0]:
            raise unreadable(f"columns are separated by {called}; save the file with commas", row=row)
    if len(header) > _MOST_COLUMNS:
        raise unreadable(f"{len(header)} columns; at most {_MOST_COLUMNS} are read", row=row)
    columns: list[Column] = []
    seen: dict[Any, str] = {}
    for number, name in enumerate(header, start=1):
        if not name:
            raise unreadable(f"column {number} has no name", row=row)
        try:
            found = column(name)
        except UnknownColumnError as error:
            raise unreadable(str(error), row=row, field=name) from None
        if found.path in seen:
            raise unreadable(f"this column means the same as {seen[found.path]}: keep one", row=row, field=name)
        seen[found.path] = name
        columns.append(found)
    missing = [name for name in _REQUIRED if name not in header]
    if missing:
        raise unreadable(f"columns are missing: {', '.join(missing)}", row=row)
    return columns


class Rows:
    """The rows under one header."""

    def __init__(self, columns: list[Column], name: str) -> None:
        self._columns = columns
        self._plan = Plan(columns)
        self._name = name
        self._vendors: dict[bytes, tuple[Vendor | None, tuple[RowProblem, ...]]] = {}

    def row(self, number: int, cells: list[str]) -> Row | None:
        """The row that stands in ``cells``; ``None`` where all of them are blank."""
        if len(cells) != len(self._columns):
            if not "".join(cells).strip():
                return None
            remedy = f"the row has {len(cells)} cells and the header {len(self._columns)}: quote cells that hold commas"
            return Row(number, problems=(RowProblem(row=number, remedy=remedy),))
        filled = self._plan.document(cells, row=number)
        if filled is None:
            return None
        listing, vendor, problems = filled
        if problems:
            return Row(number, problems=problems)
        records: list[Record] = []
        if vendor is not None:
            told, problems = self._vendor(vendor, number)
            records += [] if told is None else [told]
        try:
            # Through JSON, as pydantic reads that faster than Python's own tables.
            records.append(Listing.model_validate_json(to_json(listing)))
        except ValidationError as error:
            problems += self._problems(error, Listing, number)
        return Row(number, () if problems else tuple(records), _told_once(problems, self._columns))

    def _vendor(self, document: dict[str, Any], row: int) -> tuple[Vendor | None, tuple[RowProblem, ...]]:
        """The vendor of a row; as rows repeat it, each description is read once."""
        description = to_json(document)
        if description not in self._vendors:
            if len(self._vendors) >= _VENDORS_KEPT:
                self._vendors.clear()
            try:
                self._vendors[description] = Vendor.model_validate_json(description), ()
            except ValidationError as error:
                return None, self._problems(error, Vendor, row, ("vendor",))
        return self._vendors[description]

    def _problems(
        self, error: ValidationError, model: type[Vendor] | type[Listing], row: int, prefix: Path = ()
    ) -> tuple[RowProblem, ...]:
        found = problems_of(error, model=model, file=self._name)
        return tuple(_in_columns(problem, row, self._columns, prefix) for problem in found)


def _in_columns(problem: Problem, row: int, columns: list[Column], prefix: Path) -> RowProblem:
    """``problem`` under the name of the column that holds its place, or the name that such a column would have."""
    path = (*prefix, *(int(part) if part.isdecimal() else part for part in problem.place.split(".") if part))
    names = {where.path[: len(path)]: where.name for where in reversed(columns)}
    parts = [str(part + 1) if isinstance(part, int) else part for part in path if part != 0]
    name = names.get(path) or ".".join(parts).replace("source.", "source_")
    return RowProblem(row=row, field=name if path else "", value=plain_value(problem), remedy=problem.accepted)


def _told_once(problems: tuple[RowProblem, ...], columns: list[Column]) -> tuple[RowProblem, ...]:
    """``problems`` without those of values that claims took over from the row's evidence, which is told itself."""
    if not problems:
        return ()
    names = {where.name for where in columns}
    told = tuple(
        item for item in problems if item.field in names or item.field.rpartition(".")[2] not in EVIDENCE_PARTS
    )
    return told or problems


def write(records: Iterable[Record], out: BinaryIO) -> None:
    """Write the listings among ``records`` as CSV, every vendor before its listings.

    Vendors without a listing have no row, so a catalogue with such vendors travels whole as JSON Lines only.
    """
    text = io.TextIOWrapper(out, encoding="utf-8", newline="")
    with gathered(records, text_of) as (header, rows):
        writer = csv.writer(text)
        writer.writerow(header)
        writer.writerows(rows)
    text.detach()


def write_template(out: BinaryIO) -> None:
    """Write the header row with every column."""
    text = io.TextIOWrapper(out, encoding="utf-8", newline="")
    csv.writer(text).writerow(template())
    text.detach()


@contextmanager
def gathered(
    records: Iterable[Record], spelled: Callable[[Any], str]
) -> Iterator[tuple[list[str], Iterator[list[str]]]]:
    """The column names that the listings among ``records`` need, and their rows, each value as ``spelled``.

    Rows are kept in a temporary file until all columns are known.
    """
    vendors: dict[str, Vendor] = {}
    keys: dict[Any, str] = {}
    with tempfile.TemporaryFile("w+", encoding="utf-8", newline="") as spool:
        spooled = csv.writer(spool)
        places: dict[str, int] = {}
        for record in records:
            if isinstance(record, Vendor):
                vendors[record.id] = record
                continue
            row: list[str] = []
            for key, name, value in flattened(record, vendors.get(record.vendor)):
                keys.setdefault(key, name)
                row += [str(places.setdefault(name, len(places))), spelled(value)]
            spooled.writerow(row)
        spool.seek(0)
        ordered = [keys[key] for key in sorted(keys)] or list(_REQUIRED)
        position = {places[name]: index for index, name in enumerate(ordered) if name in places}
        yield ordered, (_spread(row, position, len(ordered)) for row in csv.reader(spool))


def _spread(row: list[str], position: dict[int, int], width: int) -> list[str]:
    cells = [""] * width
    for place, cell in zip(row[::2], row[1::2], strict=True):
        cells[position[int(place)]] = cell
    return cells
