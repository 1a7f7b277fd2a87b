"""A catalogue file cut into batches of rows that are read apart from one another, in any process."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, Literal

from skypact.exchange.catalogue import json_records, table
from skypact.exchange.catalogue.rows import Format, Row, UnreadableFileError

#: Formats of which a row can be read without those before it, and that are cut quicker than they are read.
Cut = Literal[Format.JSONL, Format.CSV]

#: Rows in a batch; with a listing of seven thousand characters under 2 MB.
ROWS = 250


@dataclass(frozen=True)
class Batch:
    """Rows as they stand in the file, unread: lines of JSON Lines, or cells under a ``header``."""

    name: str
    first: int
    header: list[str]
    unread: list[str | list[str]]

    def rows(self) -> Iterator[Row]:
        """The rows; ids that repeat are not looked for."""
        if self.header:
            cells = [item for item in self.unread if isinstance(item, list)]
            return table.rows_in(cells, table.columns_of(self.header), name=self.name, first=self.first)
        texts = [item for item in self.unread if isinstance(item, str)]
        return json_records.rows_in(texts, name=self.name, first=self.first)


def batches(stream: BinaryIO, *, name: str, format: Cut) -> Iterator[Batch]:  # noqa: A002 (the field's word)
    """The file ``stream`` in batches of at most :data:`ROWS` rows.

    Raises :class:`~.rows.UnreadableFileError` where the file is broken, after all that stands before that place.
    """
    unread: Iterator[str | list[str]]
    header: list[str] = []
    if format is Format.CSV:
        unread = cells = table.raw_rows(stream)
        header = next(cells)
        table.columns_of(header)
    else:
        unread = json_records.raw_lines(stream)
    first, gathered = (2 if header else 1), list[str | list[str]]()
    try:
        for item in unread:
            gathered.append(item)
            if len(gathered) == ROWS:
                yield Batch(name, first, header, gathered)
                first, gathered = first + ROWS, []
    except UnreadableFileError:
        yield Batch(name, first, header, gathered)
        raise
    if gathered:
        yield Batch(name, first, header, gathered)
