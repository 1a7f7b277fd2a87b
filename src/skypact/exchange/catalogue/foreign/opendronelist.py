"""The open drone list that Dronetag keeps: makers, names, masses and endurance of small drones (``opendronelist``).

Masses in grams, endurance in minutes, class marks of Regulation (EU) 2019/945. The list states neither the kind of
aircraft nor the nation of a maker: both stay unknown.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any, BinaryIO

from skypact.exchange.catalogue.foreign.entry import DataSet, Entry, Told, claims, slug_of, table, vendor
from skypact.exchange.catalogue.rows import Row
from skypact.schema import Category, Grade, Unit

COLUMNS = frozenset({"manufacturer", "name", "class", "weight", "max_takeoff", "endurance"})

SOURCE = DataSet(
    title="Open Drone List (Dronetag)",
    url="https://github.com/dronetag/opendronelist/blob/5b53e39/list.csv",
    licence="MIT",
    grade=Grade.STATED,
    published=date(2025, 2, 24),
)


def read(stream: BinaryIO, *, name: str) -> Iterator[Row]:
    """The rows of the file. Raises :class:`~skypact.exchange.catalogue.rows.UnreadableFileError`."""
    ids = Told()
    for entry in table(stream, separator=",", columns=COLUMNS):
        yield entry if isinstance(entry, Row) else _row(entry, name, ids)


def _row(entry: Entry, file: str, ids: Told) -> Row:
    maker, model = entry.needed("manufacturer"), entry.needed("name")
    evidence = SOURCE.evidence()
    mass = entry.number_in("weight", Unit.KILOGRAM, written_in="g")
    takeoff = entry.number_in("max_takeoff", Unit.KILOGRAM, written_in="g")
    endurance = entry.number_in("endurance", Unit.SECOND, written_in="min")
    mark = entry.text("class")
    listing: dict[str, Any] = {
        "id": ids.identifier("opendronelist", maker, model),
        "name": model,
        "vendor": slug_of(maker),
        "category": Category.AIRCRAFT,
        "summary": f"Unmanned aircraft {model} by {maker}.",
        "summary_ko": f"{maker}의 무인항공기 {model}.",
        "evidence": [evidence],
        "mass": claims(mass, evidence, Unit.KILOGRAM),
        "airframe": {
            "takeoff_mass_max": claims(takeoff, evidence, Unit.KILOGRAM),
            "endurance": claims(endurance, evidence, Unit.SECOND),
        },
    }
    if mark and mark != "none":
        regime = "EU UAS class (Regulation (EU) 2019/945)"
        listing["declarations"] = [{"regime": regime, "code": mark, "evidence": evidence}]
    return entry.row(vendor(slug_of(maker), maker, evidence), listing, name=file)
