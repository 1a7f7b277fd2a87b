"""A workbook with one sheet of listings, the same bytes for the same records."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from io import TextIOWrapper
from typing import Any, BinaryIO

from skypact.exchange.catalogue.cells import text_of
from skypact.exchange.catalogue.columns import template
from skypact.exchange.catalogue.rows import Record
from skypact.exchange.catalogue.table import gathered
from skypact.exchange.catalogue.xlsx.markup import escaped
from skypact.exchange.catalogue.xlsx.sheet import column_letters
from skypact.exchange.catalogue.xlsx.workbook import SHEET_NAMES

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'

_PARTS = {
    "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/>'
    f'<Override PartName="/xl/styles.xml" ContentType="{_TYPE}.styles+xml"/>'
    f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_TYPE}.worksheet+xml"/></Types>',
    "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_RELATIONS}">'
    '<sheets><sheet name="{sheet}" sheetId="1" r:id="rId1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_RELATIONS}/worksheet" Target="worksheets/sheet1.xml"/>'
    f'<Relationship Id="rId2" Type="{_RELATIONS}/styles" Target="styles.xml"/></Relationships>',
    # Style 0: as it is; 1: a day; 2: bold, for the column names.
    "xl/styles.xml": f'<styleSheet xmlns="{_MAIN}"><numFmts count="1">'
    '<numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd"/></numFmts>'
    '<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>'
    '<font><b/><sz val="11"/><name val="Calibri"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>'
    '</fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs>'
    '<cellXfs count="3"><xf/><xf numFmtId="164" applyNumberFormat="1"/><xf fontId="1" applyFont="1"/></cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>'
    "</styleSheet>",
}
_SHEET = (
    f'<worksheet xmlns="{_MAIN}"><sheetViews><sheetView workbookViewId="0">'
    '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><sheetData>\n'
)
_FIRST_DAY = date(1899, 12, 30)
#: Before this day spreadsheets disagree on the calendar.
_FIRST_SURE_DAY = date(1900, 3, 1)


def write(records: Iterable[Record], out: BinaryIO) -> None:
    """Write the listings among ``records`` as a workbook; vendors without a listing have no row, as in CSV."""
    with gathered(records, _typed) as (header, rows):
        _write(header, rows, out)


def write_template(out: BinaryIO) -> None:
    """Write an empty workbook with every column."""
    _write(list(template()), iter(()), out)


def write_sheet(header: Sequence[str], rows: Iterable[Sequence[Any]], out: BinaryIO, *, sheet: str) -> None:
    """Write a workbook with one sheet of that name: the header, and rows of as many values as they are typed.

    ``None`` leaves a cell empty.
    """
    typed = (["" if value is None else _typed(value) for value in row] for row in rows)
    _write(header, typed, out, sheet=sheet)


def _write(header: Sequence[str], rows: Iterator[Sequence[str]], out: BinaryIO, *, sheet: str = SHEET_NAMES[0]) -> None:
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in _PARTS.items():
            archive.writestr(_part(name), _HEAD + content.replace("{sheet}", escaped(sheet)))
        letters = [column_letters(column) for column in range(len(header))]
        with (
            archive.open(_part("xl/worksheets/sheet1.xml"), "w", force_zip64=True) as stream,
            TextIOWrapper(stream, encoding="utf-8", newline="") as text,
        ):
            text.write(_HEAD + _SHEET)
            text.write(_row(1, letters, [f"h{name}" for name in header]))
            for number, cells in enumerate(rows, start=2):
                text.write(_row(number, letters, cells))
            text.write("</sheetData></worksheet>\n")


def _part(name: str) -> zipfile.ZipInfo:
    """A part without the time of day, so that the same records give the same file."""
    found = zipfile.ZipInfo(name)
    found.compress_type = zipfile.ZIP_DEFLATED
    return found


def _row(number: int, letters: Sequence[str], cells: Sequence[str]) -> str:
    filled = (
        _cell(f"{letter}{number}", cell[0], cell[1:]) for letter, cell in zip(letters, cells, strict=True) if cell
    )
    return f'<row r="{number}">{"".join(filled)}</row>\n'


def _cell(place: str, kind: str, text: str) -> str:
    if kind == "n":
        return f'<c r="{place}"><v>{text}</v></c>'
    if kind == "d":
        return f'<c r="{place}" s="1"><v>{text}</v></c>'
    if kind == "b":
        return f'<c r="{place}" t="b"><v>{text}</v></c>'
    style = ' s="2"' if kind == "h" else ""
    return f'<c r="{place}"{style} t="inlineStr"><is><t xml:space="preserve">{escaped(text)}</t></is></c>'


def _typed(value: Any) -> str:
    """``value`` as a letter for its type and a text: number, day, truth or text."""
    if isinstance(value, bool):
        return f"b{int(value)}"
    if isinstance(value, float) or (isinstance(value, int) and abs(value) < 2**53):
        return f"n{text_of(value)}"
    if isinstance(value, date) and value >= _FIRST_SURE_DAY:
        return f"d{(value - _FIRST_DAY).days}"
    return f"t{text_of(value)}"
