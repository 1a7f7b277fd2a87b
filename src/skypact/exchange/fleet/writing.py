"""Fleets into files that read back as the same fleet, and the template that one begins with."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from typing import Any, BinaryIO

from skypact.exchange.catalogue.cells import text_of
from skypact.exchange.catalogue.xlsx import write_sheet
from skypact.exchange.fleet.columns import EXAMPLES, KINDS, Language, assumption_rows, headings
from skypact.schema import BatteryAssumptions, Fleet, InputError, Listing

FORMATS = ("csv", "xlsx", "json")
TEMPLATE_FORMATS = ("csv", "xlsx")
MEDIA_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "json": "application/json",
}
_SHEET = {"en": "fleet", "ko": "보유 기체"}
Cells = Sequence[Any]


def write_template(out: BinaryIO, form: str, *, language: Language = "en") -> None:
    """Write a table to fill in: headings with units, example rows that are passed over, the usual assumptions.

    Raises :class:`InputError` for a form other than ``csv`` and ``xlsx``.
    """
    if form not in TEMPLATE_FORMATS:
        raise InputError.single(file="template", place="format", value=form, accepted=" or ".join(TEMPLATE_FORMATS))
    examples = [(*cells[:3], int(cells[3]), cells[4]) for cells in EXAMPLES[language]]
    _write(out, form, language, [*examples, *assumption_rows(BatteryAssumptions(), language)])


def write_fleet(
    fleet: Fleet,
    out: BinaryIO,
    form: str,
    *,
    language: Language = "en",
    named: Mapping[str, Listing] | None = None,
) -> None:
    """Write ``fleet`` so that it reads back as the same; ``named`` are listings whose names go into the notes.

    Raises :class:`InputError` for a form that is not in :data:`FORMATS`, and for a table of a fleet that brings
    listings of its own, which only JSON holds.
    """
    if form not in FORMATS:
        raise InputError.single(file="fleet", place="format", value=form, accepted=" or ".join(FORMATS))
    if form == "json":
        out.write(fleet.model_dump_json(indent=2, exclude_defaults=True).encode() + b"\n")
        return
    if fleet.listings:
        accepted = "a fleet with listings of its own is written as json; a table has no place for them"
        raise InputError.single(file="fleet", place="format", value=form, accepted=accepted)
    place = int(language == "ko")
    title, flown, held = (KINDS[kind][place] for kind in ("title", "aircraft", "stock"))
    known = named or {}
    rows: list[Cells] = [(title, None, fleet.title, None, None)]
    rows += [
        (flown, row.nation, row.aircraft, row.quantity, _name(known, row.aircraft, place)) for row in fleet.aircraft
    ]
    rows += [(held, row.nation, row.pack, row.quantity, _name(known, row.pack, place)) for row in fleet.stock]
    _write(out, form, language, [*rows, *assumption_rows(fleet.assumptions, language)])


def _name(known: Mapping[str, Listing], identifier: str, place: int) -> str | None:
    listing = known.get(identifier)
    return None if listing is None else (place and listing.name_ko) or listing.name


def _write(out: BinaryIO, form: str, language: Language, rows: Sequence[Cells]) -> None:
    if form == "xlsx":
        write_sheet(headings(language), rows, out, sheet=_SHEET[language])
        return
    # Excel reads a CSV file as UTF-8 only where it begins with this mark.
    text = io.TextIOWrapper(out, encoding="utf-8-sig", newline="")
    writer = csv.writer(text)
    writer.writerow(headings(language))
    writer.writerows(["" if cell is None else text_of(cell) for cell in row] for row in rows)
    text.detach()
