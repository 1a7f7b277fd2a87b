"""Fleet files: who flies how many of what, and which packs are held. JSON holds everything, CSV the plain list.

CSV has the columns ``kind`` (``aircraft`` or ``stock``), ``nation`` (empty: everybody), ``id`` (of a listing) and
``quantity``; assumptions keep their usual values there.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from pathlib import Path

from skypact.schema import Fleet, FleetAircraft, FleetStock, InputError, Listing, Model, Problem, parse

_SIZE_MAX = 4 * 1024 * 1024
_COLUMNS = ("kind", "nation", "id", "quantity")
_KINDS = ("aircraft", "stock")


def read_fleet(path: str | Path) -> Fleet:
    """The fleet in a ``.csv`` or ``.json`` file.

    Raises :class:`InputError` naming file, place, value and what is accepted, for a file that is missing, over 4 MiB,
    not UTF-8, of another kind, or not a fleet.
    """
    file = Path(path)
    if file.suffix.lower() not in (".csv", ".json"):
        raise InputError.single(file=file.name, value=file.suffix, accepted="a fleet file ends in .csv or .json")
    return parse_fleet(_text(file), file=file.name, json_form=file.suffix.lower() == ".json")


def parse_fleet(text: str, *, file: str, json_form: bool) -> Fleet:
    """The fleet in ``text``; ``file`` names it in errors. Raises :class:`InputError`."""
    return parse(Fleet, _document(text, file) if json_form else _table(text, file), file=file)


def check_ids(fleet: Fleet, listings: Sequence[Listing], *, file: str) -> None:
    """Raises :class:`InputError` for every aircraft and pack of ``fleet`` that is not listed, or is something else."""
    known = {listing.id: listing for listing in (*listings, *fleet.listings)}
    named = [(f"aircraft.{number}.aircraft", row.aircraft, "aircraft") for number, row in enumerate(fleet.aircraft)]
    named += [(f"stock.{number}.pack", held.pack, "battery") for number, held in enumerate(fleet.stock)]
    problems = []
    for place, identifier, family in named:
        found = known.get(identifier)
        if found is None:
            accepted = f"the id of a listed {family}; skypact catalogue search finds ids"
        elif found.category.family != family or (found.battery if family == "battery" else found.airframe) is None:
            accepted = f"must be of category {family}, not {found.category.value}"
        else:
            continue
        problems.append(Problem(file=file, place=place, value=repr(identifier), accepted=accepted))
    if problems:
        raise InputError(tuple(problems))


def _document(text: str, file: str) -> object:
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise InputError.single(
            file=file, place=f"line {error.lineno}, column {error.colno}", accepted=f"must be valid JSON: {error.msg}"
        ) from None
    except RecursionError:
        raise InputError.single(file=file, accepted="must not be nested so deeply") from None


def _table(text: str, file: str) -> dict[str, object]:
    reader = csv.reader(io.StringIO(text, newline=""))
    document: dict[str, list[Model]] = {kind: [] for kind in _KINDS}
    try:
        header = tuple(cell.strip().lower() for cell in next(reader, []))
        if sorted(header) != sorted(_COLUMNS):
            accepted = f"the first row names the columns {', '.join(_COLUMNS)}"
            raise InputError.single(file=file, place="row 1", value=", ".join(header), accepted=accepted)
        for cells in reader:
            if any(cell.strip() for cell in cells):
                kind, row = _row(header, cells, file, f"row {reader.line_num}")
                document[kind].append(row)
    except csv.Error as error:
        raise InputError.single(file=file, place=f"row {reader.line_num}", accepted=f"must be CSV: {error}") from None
    return {"title": file, **document}


def _row(header: tuple[str, ...], cells: list[str], file: str, place: str) -> tuple[str, Model]:
    if len(cells) != len(header):
        raise InputError.single(
            file=file, place=place, value=f"{len(cells)} cells", accepted=f"{len(header)} cells, one a column"
        )
    said = {name: cell.strip() for name, cell in zip(header, cells, strict=True)}
    kind = said["kind"]
    if kind not in _KINDS:
        raise InputError.single(
            file=file, place=f"{place}: kind", value=kind, accepted=f"must be one of {', '.join(_KINDS)}"
        )
    row = {"nation": said["nation"] or None, "quantity": said["quantity"]}
    if kind == "aircraft":
        return kind, parse(FleetAircraft, {**row, "aircraft": said["id"]}, file=file, place=place)
    return kind, parse(FleetStock, {**row, "pack": said["id"]}, file=file, place=place)


def _text(file: Path) -> str:
    try:
        content = file.read_bytes()
    except OSError as error:
        raise InputError.single(file=str(file), accepted=f"must be a readable fleet file ({error.strerror})") from None
    if len(content) > _SIZE_MAX:
        raise InputError.single(file=file.name, value=f"{len(content)} bytes", accepted="at most 4 MiB")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError.single(file=file.name, place=f"byte {error.start}", accepted="must be UTF-8 text") from None
