"""NATO stock numbers that the US Defense Logistics Agency's releases on property given to police name (``nsn-leso``).

One row a stock number: the item's name in the register, its supply class, its demilitarization code. The register
names no maker, so the record that stands for the vendor is the register itself and its nation is unknown. Weapons,
ammunition, fire control, what carries or serves them, and electronic countermeasures are left out and counted. The unit
values are what the US forces booked for a unit, not what anybody asks: they are told in the note, never as a price.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import BinaryIO

from skypact.exchange.catalogue.foreign.entry import DataSet, Entry, table, vendor
from skypact.exchange.catalogue.rows import Row
from skypact.schema import Category, Grade, Provenance

COLUMNS = frozenset(
    {"nsn", "fsc", "niin", "item_name", "ui", "demil_code", "acq_value_usd_latest", "first_release", "last_release"}
)

SOURCE = DataSet(
    title="US Defense Logistics Agency, Law Enforcement Support Office: property transferred to agencies",
    url="https://github.com/dannguyen/dod-leso-1033-data/tree/01145a6",
    licence="US Government work, public domain (17 USC 105)",
    grade=Grade.DOCUMENTED,
    published=date(2020, 3, 31),
)
REGISTER = vendor("us-dla-leso", "US Defense Logistics Agency (register; maker not stated)", SOURCE.evidence())

#: What this catalogue does not carry, by the beginning of the federal supply class (FSC).
_CLASSES = {
    "supply groups 10 to 14: weapons, ammunition and fire control": ("10", "11", "12", "13", "14"),
    "supply classes that maintain, pack or train with weapons and ammunition": (
        *("4921", "4923", "4925", "4927", "4931", "4933", "4935"),
        *("6920", "8140"),
    ),
    "supply classes 2350 and 2355: combat vehicles": ("2350", "2355"),
    "supply class 5865: electronic countermeasures": ("5865",),
}
_NAMED = "items named for a weapon, ammunition or aiming"
_NAMES = re.compile(
    r"\b(AMMUNITION|(?<!NON-LETHAL )MUNITIONS?|WEAPONS?|RIFLES?|PISTOL|SHOTGUN|REVOLVER|CARBINE|MACHINE ?GUN|SPEARGUN"
    r"|SMALL ARMS|GRENADES?|MISSILES?|BOMBS?|ROCKET|MORTAR(?! MIXING)|MILLIMETER MORTAR|BAYONET|SNIPERS?|SNIPER"
    r"|BORESIGHT\w*|GUNNERS?|GUNNERY|GUNSIGHT|FIRE CONTROL|NIGHT VISION SIGHT|SIGHT,NIGHT|SIGHT,REFLEX|SIGHT,THERMAL)\b"
)


def _left_out(supply_class: str, name: str) -> str:
    for what, beginnings in _CLASSES.items():
        if supply_class.startswith(beginnings):
            return what
    return _NAMED if _NAMES.search(name.upper()) else ""


def read(stream: BinaryIO, *, name: str) -> Iterator[Row]:
    """The rows of the file. Raises :class:`~skypact.exchange.catalogue.rows.UnreadableFileError`."""
    told = False
    for entry in table(stream, separator=",", columns=COLUMNS):
        if isinstance(entry, Row):
            yield entry
            continue
        row = _row(entry, name, first=not told)
        told = told or bool(row.records)
        yield row


def _row(entry: Entry, file: str, *, first: bool) -> Row:
    number, item, supply_class = entry.needed("nsn"), entry.needed("item_name"), entry.needed("fsc")
    reason = _left_out(supply_class, item)
    if reason and not entry.problems:
        return Row(entry.number, left_out=reason)
    if number[:4] != supply_class:
        entry.refuse("fsc", f"the supply class is the first four digits of the stock number {number}")
    day = entry.day("last_release")
    evidence = SOURCE.evidence(on=day, provenance=Provenance.DERIVED, note=_note(entry))
    listing = {
        "id": f"nsn-{number}",
        "name": item,
        "vendor": REGISTER["id"],
        "category": Category.SUPPLY,
        "nsn": number,
        "summary": f"Item of supply of federal supply class {supply_class}; the register does not state a maker.",
        "summary_ko": f"미국 연방보급분류 {supply_class}의 보급품. 등록부에 제조사가 명시되어 있지 않음.",
        "evidence": [evidence],
        "declarations": [
            {"regime": regime, "code": code, "evidence": SOURCE.evidence(on=day)}
            for regime, code in (
                ("US federal supply class", supply_class),
                ("US demilitarization code", entry.text("demil_code")),
            )
            if code
        ],
    }
    return entry.row(REGISTER if first else None, listing, name=file)


def _note(entry: Entry) -> str:
    said = f"One row for each valid stock number since {entry.text('first_release')}; the name used most often."
    value, unit = entry.text("acq_value_usd_latest"), entry.text("ui")
    if not value:
        return said
    per = f" per {unit}" if unit and unit != "UNKNOWN" else ""
    return f"{said} Unit acquisition value on US books: {value} USD{per}. It is not an offer."
