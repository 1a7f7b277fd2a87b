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


def without_repeats(rows: Iterable[Row]) -> Iterator[Row]:
    """``rows``, where an id that appears a second time is a problem of the later row.

    A vendor may be told again, word for word, as CSV does in every row of its listings.
    """
    listings: dict[str, int | None] = {}
    vendors: dict[str, tuple[Vendor, int | None]] = {}
    for row in rows:
        problems = list(row.problems)
        for record in row.records:
            if isinstance(record, Listing):
                problems += _repeated_listing(record, listings, row.number)
            else:
                problems += _retold_vendor(record, vendors, row.number)
        if problems:
            yield Row(row.number, problems=tuple(problems))
            continue
        for record in row.records:
            if isinstance(record, Listing):
                listings[record.id] = row.number
            else:
                vendors.setdefault(record.id, (record, row.number))
        yield row


def _repeated_listing(listing: Listing, seen: dict[str, int | None], number: int | None) -> list[RowProblem]:
    if listing.id not in seen:
        return []
    return [RowProblem(row=number, field="id", value=shown(listing.id), remedy=_first_at("this id", seen[listing.id]))]


def _retold_vendor(vendor: Vendor, seen: dict[str, tuple[Vendor, int | None]], number: int | None) -> list[RowProblem]:
    if vendor.id not in seen or seen[vendor.id][0] == vendor:
        return []
    remedy = _first_at("another description of this vendor", seen[vendor.id][1]) + ", or describe it alike"
    return [RowProblem(row=number, field="vendor", value=shown(vendor.id), remedy=remedy)]


def _first_at(what: str, row: int | None) -> str:
    return f"{what} stands already in row {row}: keep one" if row is not None else f"{what} stands twice: keep one"
