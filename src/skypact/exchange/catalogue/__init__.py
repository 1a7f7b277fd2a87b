"""Catalogues in and out of files: CSV, spreadsheets, JSON Lines, JSON.

:func:`read` yields rows that hold schema records or problems, in one pass and without a database;
:func:`write` puts records into a file so that reading it again gives the same records.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import PurePath
from typing import BinaryIO

from skypact.exchange.catalogue import foreign, json_records, table, xlsx
from skypact.exchange.catalogue.columns import template
from skypact.exchange.catalogue.cutting import Batch, batches
from skypact.exchange.catalogue.foreign import Foreign
from skypact.exchange.catalogue.json_records import line_of
from skypact.exchange.catalogue.rows import (
    Format,
    Record,
    Repeats,
    Row,
    RowProblem,
    UnreadableFileError,
    unreadable,
    without_repeats,
)

__all__ = [
    "Batch",
    "Foreign",
    "Format",
    "Record",
    "Repeats",
    "Row",
    "RowProblem",
    "UnreadableFileError",
    "batches",
    "format_of",
    "format_of_file",
    "line_of",
    "read",
    "template",
    "unreadable",
    "write",
    "write_template",
]

_READERS = {
    Format.CSV: table.read,
    Format.XLSX: xlsx.read,
    Format.JSONL: json_records.read_lines,
    Format.JSON: json_records.read_document,
}
_WRITERS = {
    Format.CSV: table.write,
    Format.XLSX: xlsx.write,
    Format.JSONL: json_records.write_lines,
    Format.JSON: json_records.write_document,
}


def format_of(name: str) -> Format:
    """The format that a file name's ending says. Raises :class:`UnreadableFileError` for any other ending."""
    ending = PurePath(name).suffix.lower().removeprefix(".")
    try:
        return Format({"ndjson": "jsonl"}.get(ending, ending))
    except ValueError:
        raise unreadable("the file name must end in .csv, .xlsx, .jsonl or .json", value=name) from None


def format_of_file(stream: BinaryIO, *, name: str) -> Format | Foreign:
    """The format of a file: a public data set's own where ``stream`` has its shape, else what the name's ending says.

    Raises :class:`UnreadableFileError` for any other ending.
    """
    ending = format_of(name)
    return (foreign.recognised(stream) or ending) if ending in (Format.CSV, Format.JSON) else ending


def read(
    stream: BinaryIO,
    *,
    name: str,
    format: Format | Foreign | None = None,  # noqa: A002 (the field's word)
) -> Iterator[Row]:
    """The rows of the catalogue file ``stream`` (seekable), called ``name`` in messages.

    Ids that repeat within the file are problems. Raises :class:`UnreadableFileError` where the file as a whole is
    broken; rows already yielded must then be thrown away.
    """
    chosen = format or format_of_file(stream, name=name)
    if isinstance(chosen, Foreign):
        return without_repeats(foreign.read(stream, name=name, format=chosen))
    return without_repeats(_READERS[chosen](stream, name=name))


def write(records: Iterable[Record], out: BinaryIO, format: Format) -> None:  # noqa: A002
    """Write ``records``, every vendor before its listings, to ``out``."""
    _WRITERS[format](records, out)


def write_template(out: BinaryIO, format: Format) -> None:  # noqa: A002
    """Write an empty file with every column, as CSV or as a spreadsheet. Raises ``KeyError`` for other formats."""
    {Format.CSV: table.write_template, Format.XLSX: xlsx.write_template}[format](out)
