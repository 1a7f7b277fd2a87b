"""The Drones Open Catalog: consumer drones with their batteries, from makers' pages (``drones-open-catalog``).

A JSON list, written in Portuguese. It names no units; masses are read as grams, capacities as mAh, flight times as
minutes and ranges as kilometres, which is what they are for every entry that can be checked, and each such value is
marked as derived. Sizes, speeds and winds mix units (a folded size here, an open one there, km/h and m/s) and are not
taken in. Where a cell gives several values, the value is unknown and the cell's text stands in the note.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from datetime import date
from typing import Any, BinaryIO

from skypact.exchange.catalogue.foreign.entry import (
    DataSet,
    Entry,
    Told,
    claims,
    document,
    entries,
    slug_of,
    vendor,
)
from skypact.exchange.catalogue.rows import Row
from skypact.exchange.quantities import in_unit
from skypact.schema import Category, Grade, Provenance, Unit

#: Keys by which the first entries of a file are recognised.
NEEDED = ("battery_supply", "flight_time")

SOURCE = DataSet(
    title="Drones Open Catalog",
    url="https://github.com/dhiogoboza/drones-open-catalog/blob/0654853/data/drones.json",
    licence="MIT",
    grade=Grade.STATED,
    published=date(2022, 7, 18),
)

#: Makers that the catalogue knows under a shorter id.
_IDS = {"autel-robotics": "autel"}

_NOTHING = {"", "-", "-1"}
_ONE_VALUE = re.compile(r"(?P<number>\d+(?:[.,]\d+)?)\s*(?P<unit>V|metros|[Kk]m)?\s*(?P<remark>[(/]?\D*)")
_THOUSANDS = re.compile(r"\d\.\d{3}")
_UNITS = {"metros": "m", "Km": "km", "km": "km"}


def read(stream: BinaryIO, *, name: str) -> Iterator[Row]:
    """The rows of the file. Raises :class:`~skypact.exchange.catalogue.rows.UnreadableFileError`."""
    ids = Told()
    for entry in entries(document(stream), place=""):
        yield entry if isinstance(entry, Row) else _row(entry, name, ids)


def _row(entry: Entry, file: str, ids: Told) -> Row:
    maker, model = entry.needed("manufacturer"), entry.needed("name")
    evidence = SOURCE.evidence()
    mass = _claims(entry, "weight", Unit.KILOGRAM, "g")
    without_battery = "sem bateria" in entry.text("weight")
    identifier = _IDS.get(slug_of(maker), slug_of(maker))
    listing: dict[str, Any] = {
        "id": ids.identifier("drones-open-catalog", entry.needed("id")),
        "name": model,
        "vendor": identifier,
        "category": Category.AIRCRAFT,
        "summary": f"Unmanned aircraft {model} by {maker}.",
        "summary_ko": f"{maker}의 무인항공기 {model}.",
        "evidence": [evidence],
        "mass": [] if without_battery else mass,
        "airframe": {
            "mass_without_battery": mass if without_battery else [],
            "endurance": _claims(entry, "flight_time", Unit.SECOND, "min"),
            "link_range": _claims(entry, "range", Unit.METRE, "km"),
            "battery": claims(_battery(entry), evidence),
            "battery_voltage": _claims(entry, "battery_voltage", Unit.VOLT, "V"),
            "battery_capacity": _claims(entry, "battery_supply", Unit.AMPERE_HOUR, "mA*h"),
        },
    }
    return entry.row(vendor(identifier, maker, evidence), listing, name=file)


def _battery(entry: Entry) -> str | None:
    said = entry.text("battery_type")
    return None if said in _NOTHING else said


def _claims(entry: Entry, key: str, unit: Unit, written_in: str) -> list[Any]:
    """The claim that a cell makes: its one value, or unknown with the cell's text where it is not one value."""
    said = " ".join(html.unescape(entry.text(key)).split())
    if said in _NOTHING:
        return []
    found = _ONE_VALUE.fullmatch(said)
    if found is None:
        return _unknown(said, unit)
    number = found["number"].replace(",", ".")
    if unit is Unit.AMPERE_HOUR and _THOUSANDS.fullmatch(number):  # 2.453 mAh: a point between thousands
        number = number.replace(".", "")
    try:
        value = in_unit(number, unit, written_in=_UNITS.get(found["unit"] or "", written_in))
    except ValueError:
        return _unknown(said, unit)
    note = "" if found["unit"] else f"The file names no unit; read as {written_in.replace('*', '')}."
    remark = f"Written: {said}." if found["remark"] or number != said else ""
    told = " ".join(filter(None, (note, remark)))
    return claims(value, SOURCE.evidence(provenance=Provenance.DERIVED, note=told or None), unit)


def _unknown(said: str, unit: Unit) -> list[Any]:
    """A claim without value that keeps what the file says."""
    evidence = SOURCE.evidence(note=f"No single value is given: {said[:500]}")
    return [{**evidence, "value": None, "unit": unit}]
