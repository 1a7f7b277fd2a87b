"""Rows of a workbook, through the plan of the CSV dialect."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from skypact.exchange.catalogue.rows import Row, RowProblem, unreadable
from skypact.exchange.catalogue.table import Rows, columns_of
from skypact.exchange.catalogue.xlsx.package import opened
from skypact.exchange.catalogue.xlsx.sheet import Sheet, SheetRow, Unread, column_letters
from skypact.exchange.catalogue.xlsx.workbook import workbook_of
from skypact.schema.problems import shown


def read(stream: BinaryIO, *, name: str) -> Iterator[Row]:
    """The rows of a workbook's sheet "listings", "catalogue", or its first one.

    Raises :class:`~..rows.UnreadableFileError` when the file as a whole cannot be read.
    """
    with opened(stream) as archive:
        sheet = Sheet(workbook_of(archive))
        table: _Table | None = None
        for row in sheet.rows(archive):
            if table is not None:
                yield from table.row(row)
                continue
            table = _Table(row, sheet.hidden_columns, name)
        if table is None:
            raise unreadable("the file is empty; the first row must name the columns")


class _Table:
    """The rows under the header of a sheet: the first row that holds something."""

    def __init__(self, header: SheetRow, hidden: list[range], name: str) -> None:
        for column, value, remedy in header.unread:
            raise unreadable(remedy, row=header.number, field=f"{column_letters(column)}{header.number}", value=value)
        self._names = {column: header.cells[column].strip() for column in sorted(header.cells)}
        self._rows = Rows(columns_of(list(self._names.values()), row=header.number), name)
        for column, called in self._names.items():
            if any(column in span for span in hidden):
                raise unreadable("this column is hidden: show it, or delete it", row=header.number, field=called)

    def row(self, row: SheetRow) -> Iterator[Row]:
        """The row as one of the dialect; nothing where all of it is blank."""
        if row.hidden:
            remedy = "this row is hidden, perhaps by a filter: show it, or delete it"
            yield Row(row.number, problems=(RowProblem(row=row.number, remedy=remedy),))
            return
        problems = tuple(self._problem(row, *unread) for unread in sorted([*row.unread, *self._stray(row)]))
        if problems:
            yield Row(row.number, problems=problems)
            return
        read = self._rows.row(row.number, [row.cells.get(column, "") for column in self._names])
        if read is not None:
            yield read

    def _problem(self, row: SheetRow, column: int, value: str, remedy: str) -> RowProblem:
        place = self._names.get(column) or f"{column_letters(column)}{row.number}"
        return RowProblem(row=row.number, field=place, value=shown(value), remedy=remedy)

    def _stray(self, row: SheetRow) -> Iterator[Unread]:
        for column in row.cells.keys() - self._names.keys():
            if row.cells[column].strip():
                remedy = "nothing names this column: name it in the first row, or empty the cell"
                yield Unread(column, row.cells[column], remedy)
