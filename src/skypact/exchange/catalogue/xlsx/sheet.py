"""The cells of a sheet, row by row, as the texts that the CSV dialect would hold."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import NamedTuple

from skypact.exchange.catalogue.rows import unreadable
from skypact.exchange.catalogue.xlsx.markup import parse
from skypact.exchange.catalogue.xlsx.package import damaged, part
from skypact.exchange.catalogue.xlsx.workbook import LONGEST_CELL, TextHandler, Workbook

MOST_ROWS = 1_048_576
MOST_COLUMNS = 16_384

_PLACE = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")
_NUMBER = re.compile(r"[+-]?(?:[0-9]{1,400}(?:\.[0-9]{0,400})?|\.[0-9]{1,400})(?:[eE][+-]?[0-9]{1,4})?")
_YEAR_9999 = 2_958_465


class Unread(NamedTuple):
    """A cell that cannot be read: its column (from 0), what it holds, and what to do."""

    column: int
    value: str
    remedy: str


@dataclass
class SheetRow:
    """A row that holds something: its number, texts by column (from 0), and what cannot be read."""

    number: int
    hidden: bool
    cells: dict[int, str] = field(default_factory=dict)
    unread: list[Unread] = field(default_factory=list)


class Sheet(TextHandler):
    """A sheet being read; :meth:`rows` yields what it holds."""

    def __init__(self, book: Workbook) -> None:
        super().__init__()
        self.book = book
        self.hidden_columns: list[range] = []
        self._ready: list[SheetRow] = []
        self._row: SheetRow | None = None
        self._number = 0
        self._column = -1
        self._kind = ""
        self._style = ""
        self._formula: str | None = None
        self._value: str | None = None

    def rows(self, archive: zipfile.ZipFile) -> Iterator[SheetRow]:
        """The rows that are not empty. Raises :class:`~..rows.UnreadableFileError`."""
        with part(archive, self.book.sheet) as stream:
            for _ in parse(stream, self):
                yield from self._ready
                self._ready.clear()

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "c":
            self._begin_cell(attributes)
        elif name in ("v", "f"):
            self.wants_text = self._row is not None
            if name == "f":
                self._formula = ""
        elif name == "row":
            self._begin_row(attributes)
        elif name == "mergeCell":
            remedy = "these cells are merged: split them, and write the value into each row"
            raise unreadable(remedy, field=attributes.get("ref", ""))
        elif name == "col" and _is_true(attributes.get("hidden", "0")):
            first, last = (_whole(attributes.get(key, ""), MOST_COLUMNS) for key in ("min", "max"))
            self.hidden_columns.append(range(first - 1, last))
        else:
            super().start(name, attributes)

    def end(self, name: str) -> None:
        if name == "v":
            self._value = self.words()
        elif name == "f":
            self._formula = self.words()
        elif name == "c":
            self._end_cell()
        elif name == "row":
            if self._row is not None and (self._row.cells or self._row.unread):
                self._ready.append(self._row)
            self._row = None
        else:
            super().end(name)

    def _begin_row(self, attributes: dict[str, str]) -> None:
        number = _whole(attributes["r"], MOST_ROWS) if "r" in attributes else self._number + 1
        if number <= self._number:
            raise damaged()
        self._number, self._column = number, -1
        self._row = SheetRow(number, _is_true(attributes.get("hidden", "0")))

    def _begin_cell(self, attributes: dict[str, str]) -> None:
        if self._row is None:
            raise damaged()
        column = self._column + 1
        if "r" in attributes:
            found = _PLACE.fullmatch(attributes["r"])
            if found is None or int(found[2]) != self._number:
                raise damaged()
            column = _column_number(found[1])
        if not self._column < column < MOST_COLUMNS:
            raise damaged()
        self._column = column
        self._kind, self._style = attributes.get("t", "n"), attributes.get("s", "0")
        self._formula = self._value = None
        self.runs.clear()

    def _end_cell(self) -> None:
        row = self._row
        if row is None:
            raise damaged()
        if self._formula is not None:
            row.cells[self._column] = f"={self._formula}"
            return
        text = self.whole() if self._kind == "inlineStr" else self._said(row, self._value)
        if len(text) > LONGEST_CELL:
            self._refuse(row, f"a cell may have at most {LONGEST_CELL} characters", "")
        elif text:
            row.cells[self._column] = text

    def _said(self, row: SheetRow, value: str | None) -> str:
        """The text of a cell that holds ``value``."""
        if not value:
            return ""
        if self._kind == "s":
            place = _whole(value, len(self.book.texts), least=0)
            if place >= len(self.book.texts):
                raise damaged()
            return self.book.texts[place]
        if self._kind == "b":
            return "yes" if _is_true(value) else "no"
        if self._kind == "e":
            self._refuse(row, "an error of the spreadsheet: write the value, or leave the cell empty", value)
            return ""
        if self._kind == "d":
            return value.removesuffix("Z").removesuffix("T00:00:00")
        return value if self._kind == "str" else self._number_said(row, value)

    def _number_said(self, row: SheetRow, value: str) -> str:
        number = float(value) if _NUMBER.fullmatch(value) else float("inf")
        if number in (float("inf"), float("-inf")):
            self._refuse(row, "this is no number that can be held", value)
            return ""
        if self._style.isdecimal() and int(self._style[:6]) in self.book.date_styles:
            return self._day_said(row, number, value)
        return repr(number).removesuffix(".0") if abs(number) < 1e16 else f"{number:.17g}"

    def _day_said(self, row: SheetRow, number: float, value: str) -> str:
        """The day that is ``number`` days after the workbook's first one; a time of day is refused."""
        first = date(1904, 1, 1) if self.book.days_from_1904 else date(1899, 12, 30)
        # Excel counts 29 February 1900, a day that never was; 60 stands for it and means nothing.
        early = not self.book.days_from_1904 and number < 61
        if not number.is_integer() or not 1 <= number <= _YEAR_9999 - 1_462 or (early and number == 60):
            self._refuse(row, "a day is written 2026-01-05", value)
            return ""
        return (first + timedelta(days=int(number) + early)).isoformat()

    def _refuse(self, row: SheetRow, remedy: str, value: str) -> None:
        row.unread.append(Unread(self._column, value, remedy))


def _is_true(value: str) -> bool:
    return value in ("1", "true")


def _whole(text: str, most: int, *, least: int = 1) -> int:
    if not (text.isascii() and text.isdecimal()) or len(text) > 7 or not least <= int(text) <= most:
        raise damaged()
    return int(text)


def _column_number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


def column_letters(column: int) -> str:
    """How a spreadsheet calls the column with this number (from 0): A, B, …, AA."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
