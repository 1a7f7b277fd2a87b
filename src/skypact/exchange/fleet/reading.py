"""Fleet files into fleets; everything malformed is named with file, row, column, value and what is accepted."""

from __future__ import annotations

import csv
import difflib
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePath
from typing import BinaryIO

from skypact.exchange.catalogue.rows import UnreadableFileError, unreadable
from skypact.exchange.catalogue.text import lines
from skypact.exchange.catalogue.xlsx.package import opened
from skypact.exchange.catalogue.xlsx.sheet import Sheet, column_letters
from skypact.exchange.catalogue.xlsx.workbook import workbook_of
from skypact.exchange.fleet.columns import (
    EXAMPLES,
    NEEDED,
    NONE,
    UNITS,
    column_of,
    headings,
    is_example,
    kind_of,
)
from skypact.schema import (
    BatteryAssumptions,
    Fleet,
    FleetAircraft,
    FleetStock,
    InputError,
    Listing,
    Model,
    Problem,
    parse,
)
from skypact.schema.problems import shown

SIZE_MAX = 4 * 1024 * 1024
ENDINGS = (".csv", ".xlsx", ".json")
_ACCEPTED = "a fleet file ends in .csv, .xlsx or .json"
_SEPARATORS = {";": "semicolons", "\t": "tabs", "|": "vertical bars"}
_MODELS: dict[str, tuple[type[Model], str]] = {"aircraft": (FleetAircraft, "aircraft"), "stock": (FleetStock, "pack")}


@dataclass(frozen=True)
class FleetFile:
    """A fleet, and where in its file each of its entries stands."""

    fleet: Fleet
    name: str
    rows: Mapping[str, str] = field(default_factory=dict)
    """``aircraft.0`` → the row that says it; empty for JSON, whose paths tell the place"""

    def place(self, entry: str, name: str) -> str:
        """Where one field of an entry stands."""
        return f"{self.rows[entry]}: {self.rows['id']}" if entry in self.rows else f"{entry}.{name}"


def read_fleet(path: str | Path) -> FleetFile:
    """The fleet in a ``.csv``, ``.xlsx`` or ``.json`` file.

    Raises :class:`InputError` naming file, place, value and what is accepted, for a file that is missing, over 4 MiB,
    of another kind, or not a fleet.
    """
    file = Path(path)
    _require_ending(file.name)
    try:
        with file.open("rb") as stream:
            content = stream.read(SIZE_MAX + 1)
    except OSError as error:
        raise InputError.single(file=str(file), accepted=f"must be a readable fleet file ({error.strerror})") from None
    return fleet_in(content, name=file.name)


def fleet_in(content: bytes, *, name: str) -> FleetFile:
    """The fleet in the file ``name`` that holds ``content``. Raises :class:`InputError` as :func:`read_fleet` does."""
    ending = _require_ending(name)
    if len(content) > SIZE_MAX:
        raise InputError.single(file=name, value=f"{len(content)} bytes", accepted="at most 4 MiB")
    try:
        if ending == ".json":
            text = "".join(lines(io.BytesIO(content)))
            return FleetFile(parse(Fleet, _document(text, name), file=name), name)
        rows = _sheet_rows(io.BytesIO(content)) if ending == ".xlsx" else _csv_rows(io.BytesIO(content))
        return _Table(name).read(rows)
    except UnreadableFileError as error:
        raise InputError((_problem(name, error),)) from None


def check_ids(file: FleetFile, listings: Sequence[Listing]) -> None:
    """Raises :class:`InputError` for every aircraft and pack of the fleet that is not listed, or is something else."""
    fleet = file.fleet
    known = {listing.id: listing for listing in (*listings, *fleet.listings)}
    named = [(f"aircraft.{number}", "aircraft", row.aircraft) for number, row in enumerate(fleet.aircraft)]
    named += [(f"stock.{number}", "pack", held.pack) for number, held in enumerate(fleet.stock)]
    problems = []
    for entry, name, identifier in named:
        family = "battery" if name == "pack" else name
        found = known.get(identifier)
        if found is None:
            accepted = f"the id of a listed {family}{_nearest(identifier, family, known)}"
        elif found.category.family != family or (found.battery if name == "pack" else found.airframe) is None:
            accepted = f"must be of category {family}, not {found.category.value}"
        else:
            continue
        place = file.place(entry, name)
        problems.append(Problem(file=file.name, place=place, value=repr(identifier), accepted=accepted))
    if problems:
        raise InputError(tuple(problems))


def _nearest(wanted: str, family: str, known: Mapping[str, Listing]) -> str:
    """The listed ids that resemble what was written, be it an id or a name; else how to find one."""
    spelled: dict[str, str] = {}
    for listing in known.values():
        if listing.category.family == family:
            for name in (listing.name_ko, listing.name, listing.id):
                if name:
                    spelled[name.casefold()] = listing.id
    near = dict.fromkeys(spelled[name] for name in difflib.get_close_matches(wanted.casefold(), spelled, n=4))
    if near:
        return f", such as {' or '.join(list(near)[:2])}"
    return "; skypact catalogue search finds ids"


def _require_ending(name: str) -> str:
    ending = PurePath(name).suffix.lower()
    if ending not in ENDINGS:
        raise InputError.single(file=name, value=ending, accepted=_ACCEPTED)
    return ending


def _document(text: str, file: str) -> object:
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise InputError.single(
            file=file, place=f"line {error.lineno}, column {error.colno}", accepted=f"must be valid JSON: {error.msg}"
        ) from None
    except RecursionError:
        raise InputError.single(file=file, accepted="must not be nested so deeply") from None


def _problem(file: str, error: UnreadableFileError) -> Problem:
    told = error.problem
    place = ": ".join(part for part in (f"row {told.row}" if told.row is not None else "", told.field) if part)
    return Problem(file=file, place=place, value=told.value, accepted=told.remedy)


@dataclass(frozen=True)
class _Cells:
    """One row of a table: its number, its cells by column from 0, and those that cannot be read."""

    number: int
    cells: Mapping[int, str]
    unread: tuple[tuple[int, str, str], ...] = ()
    """column, what it holds, what to do"""


def _csv_rows(stream: BinaryIO) -> Iterator[_Cells]:
    reader = csv.reader(lines(stream))
    while True:
        start = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise unreadable(f"must be CSV: {error}", row=start) from None
        if start == 1 and len(cells) == 1:
            for separator, called in _SEPARATORS.items():
                if separator in cells[0]:
                    raise unreadable(f"columns are separated by {called}; save the file with commas", row=1)
        if any(cell.strip() for cell in cells):
            yield _Cells(start, {place: cell.strip() for place, cell in enumerate(cells)})


def _sheet_rows(stream: BinaryIO) -> Iterator[_Cells]:
    with opened(stream) as archive:
        for row in Sheet(workbook_of(archive)).rows(archive):
            hidden = "this row is hidden, perhaps by a filter: show it, or delete it"
            unread = [(cell.column, cell.value, cell.remedy) for cell in row.unread]
            cells = {column: cell.strip() for column, cell in row.cells.items()}
            if any(cells.values()) or unread:
                yield _Cells(row.number, cells, tuple(unread) if not row.hidden else ((-1, "", hidden),))


class _Table:
    """The rows under one header, gathered into a fleet, with everything that is wrong with them."""

    def __init__(self, file: str) -> None:
        self._file = file
        self._problems: list[Problem] = []
        self._columns: dict[int, str] = {}
        self._headings: dict[str, str] = {}
        self._entries: dict[str, list[Model]] = {kind: [] for kind in _MODELS}
        self._assumed: dict[str, object] = {}
        self._title = file
        self._rows: dict[str, str] = {}
        self._seen: dict[tuple[str, ...], int] = {}
        self._examples = 0

    def read(self, rows: Iterator[_Cells]) -> FleetFile:
        """The fleet in ``rows``. Raises :class:`InputError` with every problem."""
        self._header(next(rows, _Cells(1, {})))
        for row in rows:
            self._row(row)
        if not self._problems and not self._entries["aircraft"]:
            told = "only example rows; " if self._examples else ""
            accepted = f"{told}at least one row of kind aircraft is needed"
            raise InputError.single(file=self._file, accepted=accepted)
        assumed = self._assumptions()
        if self._problems:
            raise InputError(tuple(self._problems))
        fleet = parse(Fleet, {"title": self._title, "assumptions": assumed, **self._entries}, file=self._file)
        return FleetFile(fleet, self._file, {"id": self._headings["id"], **self._rows})

    def _header(self, row: _Cells) -> None:
        accepted = f"the first row names the columns {', '.join(NEEDED)}, such as {', '.join(headings('en'))}"
        for place, heading in row.cells.items():
            if not heading:
                continue
            column, unit = column_of(heading)
            if column is None or column in self._headings:
                remedy = f"no column of a fleet file; {accepted}" if column is None else "this column stands twice"
                raise self._refused(row, heading if column else f"column {column_letters(place)}", heading, remedy)
            if unit is not None:
                known = f"{column} ({UNITS[column][0]})" if UNITS[column] else column
                raise self._refused(row, heading, unit, f"another unit; write {known}")
            self._columns[place], self._headings[column] = column, heading
        if any(column not in self._headings for column in NEEDED):
            raise self._refused(row, "", ", ".join(row.cells.values()), accepted)

    def _refused(self, row: _Cells, place: str, value: str, accepted: str) -> InputError:
        where = f"row {row.number}: {place}" if place else f"row {row.number}"
        return InputError.single(file=self._file, place=where, value=value, accepted=accepted)

    def _wrong(self, row: _Cells, column: str, value: object, accepted: str) -> None:
        place = f"row {row.number}: {self._headings.get(column, column)}" if column else f"row {row.number}"
        self._problems.append(Problem(file=self._file, place=place, value=shown(value), accepted=accepted))

    def _row(self, row: _Cells) -> None:
        if row.unread:
            for place, value, remedy in row.unread:
                self._wrong(row, "" if place < 0 else self._columns.get(place, column_letters(place)), value, remedy)
            return
        stray = [place for place, cell in row.cells.items() if cell and place not in self._columns]
        if stray:
            accepted = f"{len(self._columns)} cells, one a column; quote cells that hold commas"
            self._wrong(row, f"column {column_letters(stray[0])}", row.cells[stray[0]], accepted)
            return
        said = {column: row.cells.get(place, "") for place, column in self._columns.items()}
        if is_example(said["kind"]):
            self._example(row, said)
            return
        formula = next((column for column in NEEDED if said[column].startswith("=")), None)
        kind = kind_of(said["kind"])
        if formula is not None:
            self._wrong(row, formula, said[formula], "a formula: write its value")
        elif kind is None:
            self._wrong(row, "kind", said["kind"], "must be one of aircraft, stock, assumption, title")
        elif kind == "title":
            # On the way out a text that a spreadsheet would run carries an apostrophe in front.
            self._title = said["id"].removeprefix("'") or self._title
        elif kind == "assumption":
            self._assume(row, said)
        else:
            self._entry(row, kind, said)

    def _example(self, row: _Cells, said: Mapping[str, str]) -> None:
        cells = tuple(said[column] for column in NEEDED)
        if any(cells == example[: len(NEEDED)] for known in EXAMPLES.values() for example in known):
            self._examples += 1
            return
        accepted = "an example row that was changed: write aircraft or stock here, or delete the row"
        self._wrong(row, "kind", said["kind"], accepted)

    def _entry(self, row: _Cells, kind: str, said: Mapping[str, str]) -> None:
        model, name = _MODELS[kind]
        nation = said["nation"].upper() or None
        try:
            entry = parse(model, {"nation": nation, name: said["id"], "quantity": said["quantity"]}, file=self._file)
        except InputError as error:
            for problem in error.problems:
                column = "id" if problem.place == name else problem.place
                accepted = "the id of a listing, as in its address; not its name" if column == "id" else None
                self._wrong(row, column, said[column], accepted or problem.accepted)
            return
        key = kind, said["id"], nation or ""
        if key in self._seen:
            of = f" of {nation}" if nation else ""
            accepted = f"{kind}{of} that stands in row {self._seen[key]} already; add the quantities up in one row"
            self._wrong(row, "id", said["id"], accepted)
            return
        self._seen[key] = row.number
        self._rows[f"{kind}.{len(self._entries[kind])}"] = f"row {row.number}"
        self._entries[kind].append(entry)

    def _assume(self, row: _Cells, said: Mapping[str, str]) -> None:
        name = said["id"].casefold().replace(" ", "_")
        if name not in BatteryAssumptions.model_fields:
            self._wrong(row, "id", said["id"], f"must be one of {', '.join(BatteryAssumptions.model_fields)}")
        elif name in self._assumed:
            self._wrong(row, "id", said["id"], f"stands in {self._rows[name]} already; keep one")
        else:
            value = said["quantity"]
            self._assumed[name] = None if value.casefold() == NONE else value
            self._rows[name] = f"row {row.number}"

    def _assumptions(self) -> BatteryAssumptions | None:
        try:
            return parse(BatteryAssumptions, self._assumed, file=self._file)
        except InputError as error:
            column = self._headings["quantity"]
            self._problems += [
                problem.model_copy(update={"place": f"{self._rows.get(problem.place, problem.place)}: {column}"})
                for problem in error.problems
            ]
            return None
