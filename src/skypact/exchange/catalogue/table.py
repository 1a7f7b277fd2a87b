"""Catalogues as CSV: one row a listing, each cell where its column name says (:mod:`.columns`).

What a claim's own columns leave empty of grade, source, observed and provenance comes from the row's first
``evidence`` columns. ``unknown`` in a claim's column says that somebody looked and found nothing public; an empty
cell says that nobody has looked.
"""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Iterable, Iterator
from typing import Any, BinaryIO, TextIO

from pydantic import ValidationError

from skypact.exchange.catalogue.cells import document_of, flattened, unescaped
from skypact.exchange.catalogue.columns import EVIDENCE_PARTS, Column, Path, UnknownColumnError, column
from skypact.exchange.catalogue.rows import Record, Row, RowProblem, plain_value, unreadable
from skypact.exchange.catalogue.text import lines
from skypact.schema import Listing, Problem, Vendor
from skypact.schema.problems import problems_of, shown

_REQUIRED = ("id", "name", "vendor", "category", "summary")
_MOST_COLUMNS = 2_000
_BLANK = " \t\r\n"


def read(stream: BinaryIO, *, name: str) -> Iterator[Row]:
    """The rows of a CSV file. Raises :class:`~.rows.UnreadableFileError` when the file as a whole cannot be read."""
    reader = csv.reader(lines(stream), strict=True)
    number = 0
    try:
        header = next(reader, None)
        number = 1
        if header is None:
            raise unreadable("the file is empty; the first row must name the columns")
        columns = _columns([cell.strip() for cell in header])
        for number, cells in enumerate(reader, start=2):
            if any(cell.strip() for cell in cells):
                yield _row(number, cells, columns, name)
    except csv.Error as error:
        raise unreadable(_csv_remedy(str(error)), row=number + 1) from None


def _csv_remedy(message: str) -> str:
    if message.startswith("field larger than"):
        return f"a cell may have at most {csv.field_size_limit()} characters"
    if message.startswith("unexpected end"):
        return "a quotation mark opens here and never closes"
    return f"this is no CSV: {message}; put quotation marks around cells and double those inside"


def _columns(header: list[str]) -> list[Column]:
    for separator, called in ((";", "semicolons"), ("\t", "tabs"), ("|", "vertical bars")):
        if len(header) == 1 and separator in header[0]:
            raise unreadable(f"columns are separated by {called}; save the file with commas", row=1)
    if len(header) > _MOST_COLUMNS:
        raise unreadable(f"{len(header)} columns; at most {_MOST_COLUMNS} are read", row=1)
    columns: list[Column] = []
    seen: dict[Any, str] = {}
    for number, name in enumerate(header, start=1):
        if not name:
            raise unreadable(f"column {number} has no name", row=1)
        try:
            found = column(name)
        except UnknownColumnError as error:
            raise unreadable(str(error), row=1, field=name) from None
        if found.path in seen:
            raise unreadable(f"this column means the same as {seen[found.path]}: keep one", row=1, field=name)
        seen[found.path] = name
        columns.append(found)
    missing = [name for name in _REQUIRED if name not in header]
    if missing:
        raise unreadable(f"columns are missing: {', '.join(missing)}", row=1)
    return columns


def _row(number: int, cells: list[str], columns: list[Column], name: str) -> Row:
    if len(cells) != len(columns):
        remedy = f"the row has {len(cells)} cells and the header {len(columns)}: quote cells that hold commas"
        return Row(number, problems=(RowProblem(row=number, remedy=remedy),))
    stripped = (cell.strip(_BLANK) for cell in cells)
    filled = [(where, cell) for where, cell in zip(columns, stripped, strict=True) if cell]
    for where, cell in filled:
        if cell.startswith("=") and unescaped(cell) == cell:
            remedy = "a formula is not accepted: write its value"
            return Row(number, problems=(RowProblem(row=number, field=where.name, value=shown(cell), remedy=remedy),))
    document, problems = document_of(filled, row=number)
    if problems:
        return Row(number, problems=problems)
    vendor_data = document.pop("vendor")
    document["vendor"] = vendor_data.pop("id", None)
    records: list[Record] = []
    for model, data, prefix in (
        (Vendor, {"id": document["vendor"], **vendor_data} if vendor_data else None, ("vendor",)),
        (Listing, document, ()),
    ):
        if data is not None:
            try:
                records.append(model.model_validate(data))
            except ValidationError as error:
                found = problems_of(error, model=model, file=name)
                problems += tuple(_in_columns(problem, number, columns, prefix) for problem in found)
    return Row(number, () if problems else tuple(records), _told_once(problems, columns))


def _in_columns(problem: Problem, row: int, columns: list[Column], prefix: Path) -> RowProblem:
    """``problem`` under the name of the column that holds its place, or the name that such a column would have."""
    path = (*prefix, *(int(part) if part.isdecimal() else part for part in problem.place.split(".") if part))
    names = {where.path[: len(path)]: where.name for where in reversed(columns)}
    parts = [str(part + 1) if isinstance(part, int) else part for part in path if part != 0]
    name = names.get(path) or ".".join(parts).replace("source.", "source_")
    return RowProblem(row=row, field=name if path else "", value=plain_value(problem), remedy=problem.accepted)


def _told_once(problems: tuple[RowProblem, ...], columns: list[Column]) -> tuple[RowProblem, ...]:
    """``problems`` without those of values that claims took over from the row's evidence, which is told itself."""
    names = {where.name for where in columns}
    told = tuple(
        item for item in problems if item.field in names or item.field.rpartition(".")[2] not in EVIDENCE_PARTS
    )
    return told or problems


def write(records: Iterable[Vendor | Listing], out: TextIO) -> None:
    """Write the listings among ``records`` as CSV, every vendor before its listings.

    Rows are kept in a temporary file until all columns are known. Vendors without a listing have no row, so a
    catalogue with such vendors travels whole as JSON Lines only.
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
            for key, name, cell in flattened(record, vendors.get(record.vendor)):
                keys.setdefault(key, name)
                row += [str(places.setdefault(name, len(places))), cell]
            spooled.writerow(row)
        spool.seek(0)
        ordered = [keys[key] for key in sorted(keys)] or list(_REQUIRED)
        writer = csv.writer(out)
        writer.writerow(ordered)
        position = {places[name]: index for index, name in enumerate(ordered) if name in places}
        for row in csv.reader(spool):
            cells = [""] * len(ordered)
            for place, cell in zip(row[::2], row[1::2], strict=True):
                cells[position[int(place)]] = cell
            writer.writerow(cells)
