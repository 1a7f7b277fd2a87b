"""Euro reference rates in the files that the European Central Bank publishes.

Read are ``eurofxref-daily.xml``, ``eurofxref-hist.xml`` and ``eurofxref-hist-90d.xml`` (an envelope of the GESMES
vocabulary with one ``Cube`` a day), ``eurofxref.csv`` and ``eurofxref-hist.csv`` (one row a day, one column a currency,
``N/A`` where there was no rate, a comma after the last column), and the zip archives that hold one of these CSV files.
Source: European Central Bank, "Euro foreign exchange reference rates", the files' own vocabulary of 2002-08-01.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple
from xml.etree.ElementTree import Element

import defusedxml.ElementTree
from defusedxml import DefusedXmlException

from skypact.schema import InputError
from skypact.schema.problems import Problem, shown

#: The whole history since 1999 has 9 MB as XML and 3 MB as CSV; anything beyond this is another file or an attack.
LARGEST = 64 * 1024 * 1024
#: How many problems of one file are told.
TOLD = 20
FIRST_DAY = date(1999, 1, 4)

_ENVELOPE = "{http://www.gesmes.org/xml/2002-08-01}"
_RATES = "{http://www.ecb.int/vocabulary/2002-08-01/eurofxref}"
_PUBLISHER = "European Central Bank"
_ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_CURRENCY = re.compile(r"[A-Z]{3}")
_RATE = re.compile(r"\d{1,9}(\.\d{1,8})?")
_NO_RATE = "N/A"


class ReferenceRate(NamedTuple):
    """One euro bought so much of ``currency`` on ``day``."""

    day: date
    currency: str
    rate: str
    """as published"""


def read_rates(data: bytes, *, name: str) -> tuple[ReferenceRate, ...]:
    """The rates of one published file, by day and currency.

    ``name`` names the file in errors. What kind of file it is, its content says. Raises :class:`InputError` with every
    place that does not fit (the first 20); nothing of such a file is used.
    """
    if data[:4] == b"PK\x03\x04":
        data, name = _unpacked(data, name)
    if len(data) > LARGEST:
        raise _wrong(name, f"{len(data)} bytes", f"at most {LARGEST} bytes")
    text = _decoded(data, name)
    rows = _Rows(name)
    if text.lstrip()[:1] == "<":
        _read_xml(data, rows)
    else:
        _read_csv(text, rows)
    return rows.finished()


class _Rows:
    """Collects rates and what is wrong with them."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.rates: dict[tuple[date, str], str] = {}
        self.problems: list[Problem] = []

    def wrong(self, place: str, value: object, accepted: str) -> None:
        """Note a problem; beyond those that are told, the file is given up."""
        self.problems.append(Problem(file=self.name, place=place, value=shown(value), accepted=accepted))
        if len(self.problems) == TOLD:
            raise InputError(tuple(self.problems))

    def day(self, place: str, text: str) -> date | None:
        """The day that ``text`` names: 2024-06-28, or 28 June 2024 as the daily CSV file has it."""
        try:
            found = date.fromisoformat(text) if _ISO_DAY.fullmatch(text) else datetime.strptime(text, "%d %B %Y").date()
        except ValueError:
            found = date.min
        if found >= FIRST_DAY:
            return found
        self.wrong(place, text, f"a day such as 2024-06-28, from {FIRST_DAY} on")
        return None

    def currency(self, place: str, text: str) -> bool:
        """Whether ``text`` is a currency that the euro is quoted in."""
        fits = bool(_CURRENCY.fullmatch(text)) and text != "EUR"
        if not fits:
            self.wrong(place, text, "an ISO 4217 currency code other than EUR")
        return fits

    def rate(self, place: str, day: date, currency: str, text: str) -> None:
        """Take one rate."""
        if not _RATE.fullmatch(text) or not Decimal(text):
            self.wrong(place, text, "a rate above 0 with at most 8 decimals, such as 1.0705")
        elif (day, currency) in self.rates:
            self.wrong(place, text, f"one rate of {currency} for {day}; the file has {self.rates[day, currency]} too")
        else:
            self.rates[day, currency] = text

    def finished(self) -> tuple[ReferenceRate, ...]:
        """All rates in order. Raises InputError."""
        if self.problems:
            raise InputError(tuple(self.problems))
        if not self.rates:
            raise _wrong(self.name, "", "at least one day with rates")
        return tuple(ReferenceRate(*key, rate) for key, rate in sorted(self.rates.items()))


def _wrong(name: str, value: object, accepted: str) -> InputError:
    return InputError.single(file=name, value=value, accepted=accepted)


def _unpacked(data: bytes, name: str) -> tuple[bytes, str]:
    """The one CSV file of the archive, never more of it than :data:`LARGEST`."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
            if len(members) != 1 or not members[0].filename.endswith(".csv"):
                names = ", ".join(member.filename for member in members[:5])
                raise _wrong(name, names, "an archive with one file in it, eurofxref-hist.csv or eurofxref.csv")
            if members[0].flag_bits & 1:
                raise _wrong(name, members[0].filename, "an archive without a password")
            with archive.open(members[0]) as file:
                content = file.read(LARGEST + 1)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError) as error:
        raise _wrong(name, "", f"a whole zip archive: {error}") from None
    return content, f"{name}: {members[0].filename}"


def _decoded(data: bytes, name: str) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _wrong(name, f"byte {error.start}", "text in UTF-8") from None


def _read_xml(data: bytes, rows: _Rows) -> None:
    try:
        root = defusedxml.ElementTree.fromstring(data, forbid_dtd=True)
    except DefusedXmlException as error:
        raise _wrong(rows.name, type(error).__name__, "XML without a document type, entities or references") from None
    except defusedxml.ElementTree.ParseError as error:
        raise _wrong(rows.name, "", f"well-formed XML: {error}") from None
    if root.tag != f"{_ENVELOPE}Envelope":
        raise _wrong(rows.name, root.tag, f"an Envelope of {_ENVELOPE[1:-1]}")
    parts = {part.tag: part for part in root}
    expected = {f"{_ENVELOPE}subject", f"{_ENVELOPE}Sender", f"{_RATES}Cube"}
    if set(parts) != expected or len(root) != len(expected):
        raise _wrong(rows.name, ", ".join(part.tag for part in root), f"once each: {', '.join(sorted(expected))}")
    sender = parts[f"{_ENVELOPE}Sender"].findtext(f"{_ENVELOPE}name", "")
    if sender != _PUBLISHER:
        raise InputError.single(file=rows.name, place="Sender", value=sender, accepted=_PUBLISHER)
    for number, cube in enumerate(parts[f"{_RATES}Cube"], 1):
        place = f"day {number}"
        if not _has(cube, ("time",), place, rows):
            continue
        day = rows.day(place, cube.attrib["time"])
        if day is not None:
            _read_day(cube, day, rows)


def _read_day(cube: Element, day: date, rows: _Rows) -> None:
    for number, entry in enumerate(cube, 1):
        place = f"{day}, rate {number}"
        if not _has(entry, ("currency", "rate"), place, rows):
            continue
        currency = entry.attrib["currency"]
        if len(entry):
            rows.wrong(place, entry[0].tag, "nothing inside a rate")
        elif rows.currency(place, currency):
            rows.rate(f"{day}, {currency}", day, currency, entry.attrib["rate"])


def _has(element: Element, attributes: Sequence[str], place: str, rows: _Rows) -> bool:
    """Whether ``element`` is a Cube with exactly these attributes."""
    fits = element.tag == f"{_RATES}Cube" and sorted(element.attrib) == sorted(attributes)
    if not fits:
        found = " ".join((element.tag, *element.attrib))
        rows.wrong(place, found, f"a Cube of {_RATES[1:-1]} with {' and '.join(attributes)}")
    return fits


def _read_csv(text: str, rows: _Rows) -> None:
    lines = _lines(text, rows.name)
    header = next(lines, [])
    if header[:1] != ["Date"]:
        raise InputError.single(file=rows.name, place="row 1", value=",".join(header), accepted="a row Date,USD,JPY,…")
    currencies = header[1:]
    good = [rows.currency(f"row 1, column {place}", currency) for place, currency in enumerate(currencies, 2)]
    for number, cells in enumerate(lines, 2):
        if not cells:
            continue
        if len(cells) != len(header):
            rows.wrong(f"row {number}", f"{len(cells)} columns", f"{len(header)} columns as in row 1")
            continue
        day = rows.day(f"row {number}, Date", cells[0])
        if day is None:
            continue
        for currency, fits, cell in zip(currencies, good, cells[1:], strict=True):
            if fits and cell != _NO_RATE:
                rows.rate(f"row {number}, {currency}", day, currency, cell)


def _lines(text: str, name: str) -> Iterator[list[str]]:
    """The cells of every row without the blanks around them and without the empty one after the last comma."""
    try:
        for row in csv.reader(io.StringIO(text, newline=""), strict=True):
            cells = [cell.strip() for cell in row]
            yield cells[:-1] if cells and not cells[-1] else cells
    except csv.Error as error:
        raise _wrong(name, "", f"comma-separated text: {error}") from None
