"""Spreadsheets: what other programs write is read, what we write other programs read."""

import io
from datetime import date, datetime
from typing import Any

import openpyxl
import pytest
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from tests.exchange.catalogue.samples import LISTING, VENDOR, file_of, records_of, rows_of
from tests.exchange.catalogue.test_table import HEADER, ROW

from skypact.exchange.catalogue import Format, UnreadableFileError, line_of
from skypact.exchange.catalogue.xlsx.markup import escaped, unescaped
from skypact.schema import Listing

NAMES = HEADER.split(",")
CELLS: list[Any] = ROW.split(",")
DAY = NAMES.index("evidence.source_date")


def book(*rows: list[Any], **sheets: list[list[Any]]) -> openpyxl.Workbook:
    """A workbook of openpyxl's with these rows on its first sheet."""
    made = openpyxl.Workbook()
    for cells in rows:
        made.active.append(cells)
    for title, others in sheets.items():
        sheet = made.create_sheet(title)
        for cells in others:
            sheet.append(cells)
    return made


def saved(made: openpyxl.Workbook) -> bytes:
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def listings_in(made: openpyxl.Workbook) -> list[Listing]:
    return [record for record in records_of(saved(made), Format.XLSX) if isinstance(record, Listing)]


def test_values_come_in_as_they_are_typed() -> None:
    cells = [*CELLS[:DAY], date(2026, 1, 5), 0.1, "900 g", True, 5840371234567, 7]
    names = [*NAMES, "mass_kg", "mass_kg.2", "decodes_content", "nsn", "offers.stock"]
    made = book([*names, "offers.seller"], [*cells, "acme"])
    (found,) = listings_in(made)
    assert found.evidence[0].source.date == date(2026, 1, 5)
    assert [claim.value for claim in found.mass] == [0.1, 0.9]
    assert found.decodes_content[0].value is True
    assert (found.nsn, found.offers[0].stock) == ("5840-37-123-4567", 7)


@pytest.mark.parametrize("format_", ["yyyy-mm-dd", "dd.mm.yy", 'd" of "mmmm', "[$-412]yyyy년 m월 d일"])
def test_a_day_is_a_day_however_it_is_shown(format_: str) -> None:
    made = book(NAMES, [*CELLS[:DAY], datetime(2026, 1, 5)])
    made.active.cell(2, DAY + 1).number_format = format_
    assert listings_in(made)[0].evidence[0].source.date == date(2026, 1, 5)


def test_days_counted_from_1904() -> None:
    made = book()
    made.epoch = CALENDAR_MAC_1904
    made.active.append(NAMES)
    made.active.append([*CELLS[:DAY], date(2026, 1, 5)])
    assert listings_in(made)[0].evidence[0].source.date == date(2026, 1, 5)


def test_sheet_of_the_right_name_goes_before_the_first() -> None:
    made = book(["notes"], ["of the vendor"], Listings=[NAMES, CELLS])
    assert [found.id for found in listings_in(made)] == ["acme-mast"]


def test_hidden_sheets_are_passed_over() -> None:
    made = book(["draft"], Shown=[NAMES, CELLS])
    made.worksheets[0].sheet_state = "hidden"
    made.active = 1
    assert [found.id for found in listings_in(made)] == ["acme-mast"]


def test_rows_are_those_of_the_sheet_and_empty_ones_are_passed_over() -> None:
    bad = [*CELLS[:-3], "proven", *CELLS[-2:]]
    rows = rows_of(saved(book([], [], NAMES, [], CELLS, [None, "  "], bad)), Format.XLSX)
    assert [row.number for row in rows] == [5, 7]
    assert [(problem.row, problem.field) for problem in rows[1].problems] == [(7, "evidence.grade")]


def test_another_program_reads_what_we_write() -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(file_of([VENDOR, LISTING], Format.XLSX)))["listings"]
    cells = {name.value: cell for name, cell in zip(sheet[1], sheet[2], strict=True)}
    assert sheet.max_row == 2
    assert cells["id"].value == "acme-radar"
    assert cells["name"].value == "'=Acme Radar"
    assert cells["mass_kg"].value == 12.5
    assert cells["mass_kg.3"].value == "unknown"
    assert cells["decodes_content"].value is False
    assert cells["evidence.source_date"].value == datetime(2026, 1, 5)
    assert cells["offers.price.amount"].value == "12500.50"
    assert cells["evidence.2.note"].value == 'with "quotes", commas\nand a line end'


def test_same_records_give_the_same_bytes() -> None:
    assert file_of([VENDOR, LISTING], Format.XLSX) == file_of([VENDOR, LISTING], Format.XLSX)


def test_a_file_saved_by_another_program_holds_the_same_records() -> None:
    made = openpyxl.load_workbook(io.BytesIO(file_of([VENDOR, LISTING], Format.XLSX)))
    again = records_of(saved(made), Format.XLSX)
    written = [line_of(record).replace('"value":-0.0', '"value":0.0') for record in (VENDOR, LISTING)]
    assert [line_of(record).replace('"value":-0.0', '"value":0.0') for record in again] == written


@pytest.mark.parametrize("text", ["a\rb", "_x000D_", "\x01", "_x_", "<&>", "_x005F_x000D_", "\ufffe", "애크미"])
def test_characters_that_xml_cannot_hold(text: str) -> None:
    in_xml = escaped(text)
    assert unescaped(in_xml.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")) == text


def test_a_row_is_read_before_the_file_is_found_broken_and_nothing_is_kept() -> None:
    made = book(NAMES, CELLS)
    made.active.merge_cells("B4:C4")
    with pytest.raises(UnreadableFileError, match="^B4:C4: these cells are merged"):
        rows_of(saved(made), Format.XLSX)
