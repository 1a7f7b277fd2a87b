"""What every catalogue format yields: rows that hold a record or say what is wrong with them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from skypact.schema import Listing, Model, Problem, Vendor
from skypact.schema.problems import shown

Record = Vendor | Listing


class Format(StrEnum):
    """A file format in which a catalogue travels."""

    JSONL = "jsonl"
    JSON = "json"
    CSV = "csv"
    XLSX = "xlsx"

    @property
    def media_type(self) -> str:
        """The media type, for HTTP."""
        return {
            "jsonl": "application/jsonl",
            "json": "application/json",
            "csv": "text/csv",
            "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        }[self.value]


class RowProblem(Model):
    """One thing that is wrong with a catalogue file: where, which value, and what to do about it."""

    row: int | None = None
    """CSV and sheets: row as a spreadsheet counts; JSON Lines: line; JSON: none, ``field`` tells the place"""
    field: str = ""
    """column or field path; empty for the row or file as a whole"""
    value: str = ""
    remedy: str

    def __str__(self) -> str:
        where = ": ".join(part for part in (f"row {self.row}" if self.row is not None else "", self.field) if part)
        found = f" (found {self.value})" if self.value else ""
        return f"{where}: {self.remedy}{found}" if where else f"{self.remedy}{found}"


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a catalogue file: its records, or its problems, or why the catalogue does not carry it."""

    number: int | None
    records: tuple[Record, ...] = ()
    problems: tuple[RowProblem, ...] = ()
    left_out: str = ""
    """what this is that the catalogue does not carry; empty for every row that it does"""


class UnreadableFileError(ValueError):
    """A file of which no row can be trusted: wrong encoding, no header, broken beyond this point."""

    def __init__(self, problem: RowProblem) -> None:
        self.problem = problem
        super().__init__(str(problem))


def unreadable(remedy: str, *, row: int | None = None, field: str = "", value: object = "") -> UnreadableFileError:
    """An :class:`UnreadableFileError` about one place."""
    return UnreadableFileError(RowProblem(row=row, field=field, value=shown(value), remedy=remedy))


def plain_value(problem: Problem) -> str:
    """The value of ``problem``; empty for tables and lists, of which a cut-off beginning would tell nothing."""
    return "" if problem.value.startswith(("{", "[", "(")) else problem.value


class Repeats:
    """What a file has told already. A vendor may be told again, word for word, as CSV does in every row.

    What is ``told`` is the record's id and, of vendors, a description that equals that of the same vendor only.
    """

    def __init__(self) -> None:
        self._listings: dict[str, int | None] = {}
        self._vendors: dict[str, tuple[object, int | None]] = {}

    def problems(self, told: Iterable[tuple[str, object | None]], number: int | None) -> tuple[RowProblem, ...]:
        """What of a row's records stands already in an earlier row; a good row is remembered."""
        found: list[RowProblem] = []
        for record, description in told:
            found += self._listing(record, number) if description is None else self._vendor(record, description, number)
        if not found:
            for record, description in told:
                if description is None:
                    self._listings[record] = number
                else:
                    self._vendors.setdefault(record, (description, number))
        return tuple(found)

    def _listing(self, record: str, number: int | None) -> list[RowProblem]:
        if record not in self._listings:
            return []
        remedy = _first_at("this id", self._listings[record])
        return [RowProblem(row=number, field="id", value=shown(record), remedy=remedy)]

    def _vendor(self, record: str, description: object, number: int | None) -> list[RowProblem]:
        if record not in self._vendors or self._vendors[record][0] == description:
            return []
        first = self._vendors[record][1]
        remedy = _first_at("another description of this vendor", first) + ", or describe it alike"
        return [RowProblem(row=number, field="vendor", value=shown(record), remedy=remedy)]


def without_repeats(rows: Iterable[Row]) -> Iterator[Row]:
    """``rows``, where an id that appears a second time is a problem of the later row."""
    repeats = Repeats()
    for row in rows:
        told = [(record.id, record if isinstance(record, Vendor) else None) for record in row.records]
        problems = row.problems or repeats.problems(told, row.number)
        yield Row(row.number, problems=problems) if problems else row


def _first_at(what: str, row: int | None) -> str:
    return f"{what} stands already in row {row}: keep one" if row is not None else f"{what} stands twice: keep one"
