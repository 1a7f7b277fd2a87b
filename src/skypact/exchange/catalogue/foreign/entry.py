"""One entry of a public data set on its way to a vendor and a listing: cells into claims, and what cannot be read."""

from __future__ import annotations

import csv
import math
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, BinaryIO

from pydantic import ValidationError
from pydantic_core import from_json

from skypact.exchange.catalogue.rows import Record, Row, RowProblem, plain_value, unreadable
from skypact.exchange.catalogue.text import lines
from skypact.exchange.quantities import accepted, in_unit
from skypact.schema import Grade, Listing, Provenance, Unit, Vendor
from skypact.schema.problems import problems_of, shown

#: A JSON file of a data set is held in memory whole.
_LARGEST_DOCUMENT = 16 * 2**20
_LONGEST_ID = 100


@dataclass(frozen=True, kw_only=True)
class DataSet:
    """Where a file comes from, as every record taken from it says."""

    title: str
    url: str
    licence: str
    grade: Grade
    published: date

    def evidence(
        self, *, on: date | None = None, provenance: Provenance = Provenance.SOURCE, note: str | None = None
    ) -> dict[str, Any]:
        """The evidence of what the data set says of the day ``on``, by default that of its publication."""
        day = on or self.published
        source = {"title": self.title, "url": self.url, "date": day, "licence": self.licence}
        found: dict[str, Any] = {"grade": self.grade, "source": source, "observed": day, "provenance": provenance}
        return found | ({"note": note} if note else {})


def slug_of(*words: str) -> str:
    """An id of ``words``: lower-case latin letters and digits, single hyphens. A plus sign is spelled out."""
    plain = unicodedata.normalize("NFKD", "-".join(words).replace("+", "-plus-")).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")[:_LONGEST_ID].strip("-")


def vendor(identifier: str, name: str, evidence: Mapping[str, Any]) -> dict[str, Any]:
    """The document of a vendor of whom the data set gives a name and nothing else."""
    return {"id": identifier, "name": name, "nation": None, "evidence": [evidence]}


@dataclass
class Entry:
    """The cells of one entry, read one by one; what cannot be read is noted in :attr:`problems`."""

    number: int | None
    cells: Mapping[str, Any]
    place: str = ""
    """what stands before a field's name in problems: ``cameras[3].`` in a JSON file"""
    problems: list[RowProblem] = field(default_factory=list)

    def text(self, column: str) -> str:
        """What the cell says; empty where it says nothing."""
        value = self.cells.get(column)
        return "" if value is None else " ".join(str(value).split())

    def needed(self, column: str) -> str:
        """What the cell says; an empty one is a problem."""
        found = self.text(column)
        if not found:
            self.refuse(column, "this field is required")
        return found

    def number_in(self, column: str, unit: Unit, *, written_in: str | None = None) -> float | None:
        """The number of the cell in ``unit``; ``None`` for an empty cell and for one that is no number, a problem."""
        said = self.text(column)
        if not said:
            return None
        try:
            found = in_unit(said, unit, written_in=written_in)
        except ValueError:
            found = math.inf
        if math.isfinite(found):
            return found
        self.refuse(column, accepted(unit))
        return None

    def day(self, column: str) -> date | None:
        """The date of the cell; anything else is a problem."""
        try:
            return date.fromisoformat(self.text(column))
        except ValueError:
            self.refuse(column, "input should be a valid date such as 2026-01-05")
            return None

    def refuse(self, column: str, remedy: str) -> None:
        """Note that the cell cannot be taken, and what would be."""
        value = shown(self.text(column)) if self.text(column) else ""
        self.problems.append(RowProblem(row=self.number, field=self.place + column, value=value, remedy=remedy))

    def row(self, vendor: Mapping[str, Any] | None, listing: Mapping[str, Any], *, name: str) -> Row:
        """The row with the records that the documents say, or with everything that is wrong."""
        problems, records = list(self.problems), list[Record]()
        for model, document in ((Vendor, vendor), (Listing, listing)):
            if problems or document is None:
                continue
            try:
                records.append(model.model_validate(document))
            except ValidationError as error:
                problems += [
                    RowProblem(
                        row=self.number,
                        field=f"{self.place}{item.place}",
                        value=plain_value(item),
                        remedy=item.accepted,
                    )
                    for item in problems_of(error, model=model, file=name)
                ]
        return Row(self.number, () if problems else tuple(records), tuple(problems))


def claims(value: float | str | bool | None, evidence: Mapping[str, Any], unit: Unit | None = None) -> list[Any]:
    """The claim of one value; none where the data set says nothing."""
    return [] if value is None else [{**evidence, "value": value, "unit": unit}]


@dataclass
class Told:
    """Numbers ids that come up again within a file: ``x``, ``x-2``, ``x-3``."""

    counts: dict[str, int] = field(default_factory=dict)

    def identifier(self, *words: str) -> str:
        """The id of ``words``, with a number where it has been given out before."""
        found = slug_of(*words)
        self.counts[found] = self.counts.get(found, 0) + 1
        return found if self.counts[found] == 1 else f"{found[: _LONGEST_ID - 4]}-{self.counts[found]}"


def table(stream: BinaryIO, *, separator: str, columns: frozenset[str]) -> Iterator[Entry | Row]:
    """The rows of a separated file with at least ``columns``: an entry each, or a row that says what is wrong.

    Raises :class:`~skypact.exchange.catalogue.rows.UnreadableFileError`.
    """
    reader = csv.reader(lines(stream), delimiter=separator, strict=True)
    number = 0
    try:
        header = [cell.strip() for cell in next(reader, [])]
        if not header:
            raise unreadable("the file is empty; the first row must name the columns")
        missing = sorted(columns - set(header))
        if missing:
            raise unreadable(f"columns are missing: {', '.join(missing)}", row=1)
        for number, cells in enumerate(reader, start=2):
            if any(cell.strip() for cell in cells):
                yield _entry(number, header, cells)
    except csv.Error as error:
        remedy = f"this is no CSV: {error}; put quotation marks around cells and double those inside"
        raise unreadable(remedy, row=number + 1) from None


def _entry(number: int, header: list[str], cells: list[str]) -> Entry | Row:
    if len(cells) != len(header):
        remedy = f"the row has {len(cells)} cells and the header {len(header)}: quote cells that hold commas"
        return Row(number, problems=(RowProblem(row=number, remedy=remedy),))
    for column, cell in zip(header, cells, strict=True):
        if cell.lstrip().startswith("="):
            remedy = "a formula is not accepted: write its value"
            return Row(number, problems=(RowProblem(row=number, field=column, value=shown(cell), remedy=remedy),))
    return Entry(number, dict(zip(header, cells, strict=True)))


def document(stream: BinaryIO) -> Any:
    """The JSON of a data set. Raises :class:`~skypact.exchange.catalogue.rows.UnreadableFileError`."""
    text: list[str] = []
    size = 0
    for part in lines(stream):
        text.append(part)
        size += len(part)
        if size > _LARGEST_DOCUMENT:
            raise unreadable(f"a JSON document may have at most {_LARGEST_DOCUMENT} characters: use JSON Lines")
    try:
        return from_json("".join(text), allow_inf_nan=False)
    except ValueError as error:
        raise unreadable(f"must be valid JSON: {error}") from None


def entries(found: Any, *, place: str) -> Iterator[Entry | Row]:
    """The entries of the list ``found``, which stands at ``place``. Raises UnreadableFileError where it is no list."""
    if not isinstance(found, list):
        raise unreadable("must be a list of tables of named fields", field=place, value=found)
    for index, item in enumerate(found):
        where = f"{place}[{index}]"
        if isinstance(item, dict):
            yield Entry(None, item, place=f"{where}.")
        else:
            problem = RowProblem(field=where, value=shown(item), remedy="must be a table of named fields")
            yield Row(None, problems=(problem,))
