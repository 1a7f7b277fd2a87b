"""Broken and hostile catalogue files that are made when needed, since they are large, or not text.

Name → bytes. The report that each must bring forth stands in ``tests/bad_input/catalogue_made``.
"""

import gzip
import hashlib
import io
import json
import struct
import zipfile
from collections.abc import Callable

from tests.market.catalogue.samples import listing, vendor

from skypact.exchange.catalogue import line_of

FILES: dict[str, Callable[[], bytes]] = {}

HEADER = [
    *("id", "name", "vendor", "vendor.name", "vendor.nation", "category", "summary"),
    *("evidence.grade", "evidence.source_title", "evidence.source_date"),
    *("mass_kg", "offers.seller", "offers.stock"),
]
ROW = [
    "acme-mast",
    "Acme Mast",
    "acme",
    "Acme",
    "KR",
    "mount",
    "A mast.",
    "stated",
    "Brochure",
    "2026-01-05",
    "",
    "",
    "",
]
DAY, MASS, STOCK = HEADER.index("evidence.source_date"), HEADER.index("mass_kg"), HEADER.index("offers.stock")


def made(name: str, content: bytes | Callable[[], bytes]) -> None:
    """Add a file."""
    FILES[name] = content if callable(content) else lambda: content


def row(**changes: str) -> list[str]:
    """The good row with other cells; ``.`` in a column's name is written ``_``."""
    names = {name.replace(".", "_"): place for place, name in enumerate(HEADER)}
    cells = list(ROW)
    for name, cell in changes.items():
        cells[names[name]] = cell
    return cells


def csv(*rows: list[str], end: str = "\n") -> str:
    """A CSV file of plain cells."""
    return "".join(",".join(cells) + end for cells in (HEADER, *rows))


# ---------------------------------------------------------------- workbooks

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PARTS = {
    "[Content_Types].xml": "<Types/>",
    "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{RELATIONS}"><sheets><sheet name="One" r:id="r1"/>'
    "</sheets></workbook>",
    "xl/_rels/workbook.xml.rels": '<Relationships><Relationship Id="r1" Target="worksheets/sheet1.xml"/>'
    "</Relationships>",
    "xl/styles.xml": '<styleSheet><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>',
}
GOOD = dict(enumerate(ROW))


def noise(length: int) -> str:
    """Letters and digits that no ZIP file shrinks much."""
    return hashlib.shake_128(b"noise").hexdigest(length // 2)


def letters(column: int) -> str:
    text = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(65 + rest) + text
    return text


def cells(number: int, filled: dict[int, str], extra: str = "") -> str:
    """A row of the sheet; a text that begins with ``<`` is the cell's own XML, with {} for its place."""
    text = f'<row r="{number}"{extra}>'
    for column, cell in sorted(filled.items()):
        place = f"{letters(column)}{number}"
        plain = f'<c r="{{}}" t="inlineStr"><is><t>{cell}</t></is></c>'
        text += (cell if cell.startswith("<") else plain).replace("{}", place) if cell else ""
    return f"{text}</row>"


def sheet(*rows: str, before: str = "", after: str = "") -> str:
    head = cells(1, dict(enumerate(HEADER)))
    return f'<worksheet xmlns="{MAIN}">{before}<sheetData>{head}{"".join(rows)}</sheetData>{after}</worksheet>'


def book(sheet_xml: str | bytes, parts: dict[str, str | bytes] | None = None) -> bytes:
    """A workbook with that sheet and those parts beside or instead of the usual ones."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in {**PARTS, "xl/worksheets/sheet1.xml": sheet_xml, **(parts or {})}.items():
            archive.writestr(name, content)
    return out.getvalue()


def cell_book(column: int, xml: str) -> bytes:
    """A workbook whose only row has that cell."""
    return book(sheet(cells(2, {**GOOD, column: xml})))


WHOLE = sheet(cells(2, GOOD))
STRINGS = {"xl/sharedStrings.xml": "<sst><si><t>Brochure</t></si></sst>"}

made("formula.xlsx", cell_book(MASS, '<c r="{}"><f>A2*2</f><v>4</v></c>'))
made("formula_shared.xlsx", cell_book(MASS, '<c r="{}"><f t="shared" si="0"/><v>4</v></c>'))
made("formula_as_text.xlsx", cell_book(1, "=HYPERLINK(&quot;http://evil.example&quot;)"))
made("error_cell.xlsx", cell_book(MASS, '<c r="{}" t="e"><v>#N/A</v></c>'))
made("date_as_serial.xlsx", cell_book(DAY, '<c r="{}"><v>46027</v></c>'))
made("time_of_day.xlsx", cell_book(DAY, '<c r="{}" s="1"><v>46027.5</v></c>'))
made("day_that_never_was.xlsx", cell_book(DAY, '<c r="{}" s="1"><v>60</v></c>'))
made("day_before_all.xlsx", cell_book(DAY, '<c r="{}" s="1"><v>-3</v></c>'))
made("yes_as_mass.xlsx", cell_book(MASS, '<c r="{}" t="b"><v>1</v></c>'))
made("date_as_mass.xlsx", cell_book(MASS, '<c r="{}" s="1"><v>46027</v></c>'))
made("number_1e999.xlsx", cell_book(MASS, '<c r="{}"><v>1e999</v></c>'))
made("nan.xlsx", cell_book(MASS, '<c r="{}"><v>NaN</v></c>'))
made("fraction_of_a_stock.xlsx", cell_book(STOCK, '<c r="{}"><v>1.5</v></c>'))
made("text_of_10_million.xlsx", lambda: cell_book(6, noise(10_000_000)))
made(
    "shared_text_of_10_million.xlsx",
    lambda: book(
        sheet(cells(2, {**GOOD, 6: '<c r="{}" t="s"><v>0</v></c>'})),
        {"xl/sharedStrings.xml": f"<sst><si><t>{noise(10_000_000)}</t></si></sst>"},
    ),
)
made("text_not_there.xlsx", book(sheet(cells(2, {**GOOD, 6: '<c r="{}" t="s"><v>7</v></c>'})), STRINGS))
made("half_a_character.xlsx", cell_book(0, "acme-_xD83D_"))
made("nul_character.xlsx", cell_book(1, "Acme_x0000_"))
made("zero_width_id.xlsx", cell_book(0, "acme\u200bmast"))
made("merged.xlsx", book(sheet(cells(2, GOOD), after='<mergeCells count="1"><mergeCell ref="B2:B3"/></mergeCells>')))
made("hidden_row.xlsx", book(sheet(cells(2, GOOD, ' hidden="1"'))))
made("hidden_column.xlsx", book(sheet(cells(2, GOOD), before='<cols><col min="11" max="11" hidden="1"/></cols>')))
made("stray_value.xlsx", book(sheet(cells(2, {**GOOD, 20: "lost"}))))
made("row_told_twice.xlsx", book(sheet(cells(3, GOOD), cells(2, GOOD))))
made("cell_of_another_row.xlsx", book(sheet('<row r="2"><c r="A3"><v>1</v></c></row>')))
made("column_beyond_the_last.xlsx", book(sheet('<row r="2"><c r="XFE2"><v>1</v></c></row>')))
made("row_beyond_the_last.xlsx", book(sheet('<row r="1048577"><c><v>1</v></c></row>')))
made("duplicate_id.xlsx", book(sheet(cells(2, GOOD), cells(7, GOOD))))
made("two_wrong_rows.xlsx", book(sheet(cells(5, {**GOOD, 5: "tank"}), cells(9, {**GOOD, MASS: "heavy"}))))
made("same_column_twice.xlsx", book(WHOLE.replace(">name<", ">id.1<").replace("id.1", "id")))
made("missing_columns.xlsx", book(WHOLE.replace(">summary<", ">summary_ko<")))
made("unknown_column.xlsx", book(WHOLE.replace(">mass_kg<", ">weight<")))
made("formula_as_column.xlsx", book(WHOLE.replace(">mass_kg<", ">=A1<")))
made(
    "columns_3000.xlsx",
    lambda: book(f"<worksheet><sheetData>{cells(1, {n: f'c{n}' for n in range(3_000)})}</sheetData></worksheet>"),
)
made("no_rows.xlsx", book("<worksheet><sheetData/></worksheet>"))
made("empty.xlsx", b"")
made("csv_inside.xlsx", csv(ROW).encode())
made("cut_off.xlsx", book(WHOLE)[:-40])
made("cut_in_half.xlsx", lambda: book(WHOLE)[: len(book(WHOLE)) // 2])
made("broken_xml.xlsx", book(WHOLE.replace("</row>", "", 1)))
made("markup_without_end.xlsx", book(WHOLE[:-30]))
made("entities.xlsx", book('<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>' + WHOLE))
made("entities_in_texts.xlsx", book(WHOLE, {"xl/sharedStrings.xml": '<!DOCTYPE x [<!ENTITY a "a">]><sst/>'}))
made("file_as_entity.xlsx", book('<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>' + WHOLE))
made("nested_xml.xlsx", lambda: book(f"<worksheet>{'<a>' * 200_000}"))
made(
    "all_sheets_hidden.xlsx",
    book(WHOLE, {"xl/workbook.xml": PARTS["xl/workbook.xml"].replace("<sheet ", '<sheet state="veryHidden" ')}),
)
made("no_workbook.xlsx", lambda: _zip({"word/document.xml": "<a/>"}))
made("no_sheet.xlsx", lambda: _zip(PARTS))
made("macros.xlsx", book(WHOLE, {"xl/vbaProject.bin": b"\0"}))
made(
    "macros_declared.xlsx",
    book(WHOLE, {"[Content_Types].xml": '<Types><Default ContentType="x.macroEnabled.12"/></Types>'}),
)
made("link_to_other_file.xlsx", book(WHOLE, {"xl/externalLinks/externalLink1.xml": "<a/>"}))
made("connection.xlsx", book(WHOLE, {"xl/connections.xml": "<a/>"}))
made("binary.xlsx", book(WHOLE, {"xl/workbook.bin": b"\0"}))
made(
    "open_document.xlsx",
    lambda: _zip({"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": "<a/>"}),
)
made("password.xlsx", bytes.fromhex("D0CF11E0A1B11AE1") + b"\0" * 1_000 + "EncryptedPackage".encode("utf-16-le"))
made("old_kind.xlsx", bytes.fromhex("D0CF11E0A1B11AE1") + b"\0" * 1_000)
made("zip_bomb.xlsx", lambda: book(b"<worksheet>" + b" " * 64 * 2**20))
made("many_parts.xlsx", lambda: _zip({**PARTS, **{f"xl/media/{n}.png": b"" for n in range(2_100)}}))


def _zip(parts: dict[str, str | bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def _patched(offset: int, value: bytes) -> bytes:
    """A workbook with ``value`` at ``offset`` of the sheet's entry in the directory at its end."""
    content = bytearray(book(WHOLE))
    entry = content.rfind(b"PK\x01\x02", 0, content.rfind(b"xl/worksheets/sheet1.xml"))
    content[entry + offset : entry + offset + len(value)] = value
    return bytes(content)


made("declares_2_gigabytes.xlsx", lambda: _patched(24, struct.pack("<I", 2**31)))
made("declares_too_little.xlsx", lambda: _patched(24, struct.pack("<I", 50)))
made("wrong_checksum.xlsx", lambda: _patched(16, b"\1\2\3\4"))
made("unknown_compression.xlsx", lambda: _patched(10, struct.pack("<H", 97)))
made("encrypted_part.xlsx", lambda: _patched(8, struct.pack("<H", 1)))

# ---------------------------------------------------------------- CSV

made("utf16_without_mark.csv", csv(ROW).encode("utf-16-le"))
made("utf16_big_endian.csv", b"\xfe\xff" + csv(ROW).encode("utf-16-be"))
made("utf32.csv", csv(ROW).encode("utf-32"))
made("two_marks.csv", b"\xef\xbb\xbf\xef\xbb\xbf" + csv(ROW).encode())
made(
    "cut_inside_a_character.csv",
    csv(row(name="마스트")).encode()[: csv(row(name="마스트")).encode().index("트".encode()) + 1],
)
made("line_of_10_million.csv", lambda: csv(row(summary="x" * 10_000_000)).encode())
made("cell_of_10_million.csv", lambda: csv(row(summary='"' + "x\n" * 5_000_000 + '"')).encode())
made("columns_20000.csv", lambda: (",".join(f"c{n}" for n in range(20_000)) + "\n").encode())
made("number_1e999.csv", csv(row(mass_kg="1e999")).encode())
made("unit_that_is_none.csv", csv(row(mass_kg="5 degF^2")).encode())
made("unit_that_is_code.csv", csv(row(mass_kg="5 in^nan")).encode())
made("kilometres_beyond_numbers.csv", csv(row(mass_kg="9e307 t")).encode())
made("minus_infinity.csv", csv(row(mass_kg="-Infinity")).encode())
made("stock_of_400_digits.csv", csv(row(offers_seller="acme", offers_stock="9" * 400)).encode())
made("stock_of_5000_digits.csv", csv(row(offers_seller="acme", offers_stock="9" * 5_000)).encode())
made(
    "every_line_end.csv",
    (
        csv()
        + ",".join(ROW)
        + "\r"
        + ",".join(row(id="b-b", category="x"))
        + "\r\n"
        + ",".join(row(id="c-c", mass_kg="y"))
        + "\n"
    ).encode(),
)
made("zero_width_id.csv", csv(row(id="acme\u200bmast")).encode())
made("right_to_left_id.csv", csv(row(id="\u202etsam-emca")).encode())
made("look_alike_id.csv", csv(row(id="acme-m\u0430st")).encode())
made("wide_digits_as_mass.csv", csv(row(mass_kg="１２ kg", id="acme-wide", category="x")).encode())
made("control_character_in_id.csv", csv(row(id="acme\x07mast")).encode())
made("command_in_a_cell.csv", csv(row(name="=cmd|' /C calc'!A0")).encode())
made("date_as_serial.csv", csv(row(evidence_source_date="46027")).encode())
made("date_as_zero.csv", csv(row(evidence_source_date="0")).encode())
made("date_with_time.csv", csv(row(evidence_source_date="2026-01-05T12:00")).encode())
made("day_that_never_was.csv", csv(row(evidence_source_date="2026-02-30")).encode())
made("date_of_another_land.csv", csv(row(evidence_source_date="05.01.2026")).encode())
made("workbook_inside.csv", lambda: book(WHOLE))
made("gzip_inside.csv", lambda: gzip.compress(csv(ROW).encode(), mtime=0))
made("picture_inside.csv", b"\x89PNG\r\n\x1a\n" + bytes(range(256)))
made("only_line_ends.csv", b"\n\n\r\n\n")
made("header_alone_is_wrong.csv", b"\xff\xfe\x00\x00")
made("quote_inside.csv", csv(row(name='Acme "Mast')).encode() + b'"x"y,\n')
made("number_0_in_a_column.csv", csv(ROW).replace("mass_kg", "mass_kg.0").encode())
made("column_path_too_deep.csv", csv(ROW).replace("mass_kg", "sensors" + ".ranges" * 400).encode())

# ---------------------------------------------------------------- JSON Lines and JSON

VENDOR, LISTING = line_of(vendor()), line_of(listing())
BARE = LISTING[len('{"listing":') : -1]


def lines(*texts: str) -> bytes:
    return "".join(f"{text}\n" for text in texts).encode()


def changed(**fields: object) -> str:
    return json.dumps({"listing": {**json.loads(BARE), **fields}})


made("nested_100000_deep.jsonl", lambda: lines(VENDOR, '{"listing":' + "[" * 100_000))
made("closed_100000_deep.jsonl", lambda: lines(VENDOR, '{"listing":' + "[" * 100_000 + "]" * 100_000 + "}"))
made(
    "integer_of_5000_digits.jsonl",
    lambda: lines(VENDOR, LISTING.replace('"summary"', f'"height":{"9" * 5_000},"summary"')),
)
made("number_1e999.jsonl", lines(VENDOR, LISTING.replace('"summary"', '"height":[{"value":1e999}],"summary"')))
made("half_a_character.jsonl", lines(VENDOR, LISTING.replace("Acme Mast", "Acme \\ud83d Mast")))
made("nul_escaped.jsonl", lines(VENDOR, LISTING.replace("Acme Mast", "Acme\\u0000Mast")))
made("yes_as_name.jsonl", lines(VENDOR, changed(name=True)))
made("yes_as_stock.jsonl", lines(VENDOR, changed(mass=[{"value": "many"}])))
made("number_as_list.jsonl", lines(VENDOR, changed(sensors=7)))
made("release_to_100_nations.jsonl", lines(VENDOR, changed(release="REL " + ",".join(["KR"] * 100))))
made(
    "nul_in_an_address.jsonl", lines(VENDOR.replace("https://acme.example/b", "https://acme.example/\\u0000"), LISTING)
)
made("null_as_id.jsonl", lines(VENDOR, changed(id=None)))
made("zero_width_id.jsonl", lines(VENDOR, changed(id="acme\u200bmast")))
made("cut_off.jsonl", lines(VENDOR, LISTING)[:-30])
made("line_of_10_million.jsonl", lambda: lines(VENDOR, changed(summary="x" * 10_000_000)))
made("utf16.jsonl", lines(VENDOR, LISTING).decode().encode("utf-16"))
made("list_as_line.jsonl", lines(VENDOR, "[]"))
made("null_as_line.jsonl", lines(VENDOR, "null"))
made("number_as_line.jsonl", lines(VENDOR, "1"))
made("two_on_a_line.jsonl", lines(VENDOR + LISTING))
made("comment.jsonl", lines(VENDOR, "// the mast", LISTING))
made("single_quotes.jsonl", lines(VENDOR, LISTING.replace('"', "'")))
made("csv_inside.jsonl", csv(ROW).encode())
made("mark_on_the_second_line.jsonl", lines(VENDOR, "\ufeff" + LISTING))
made("empty.json", b"")
made("cut_off.json", f'{{"vendors":[],"listings":[{BARE}'.encode())
made("nan.json", f'{{"listings":[{BARE.replace("{", chr(123) + chr(34) + "height" + chr(34) + ":NaN,", 1)}]}}'.encode())
made("half_a_character.json", f'{{"listings":[{BARE.replace("Acme Mast", chr(92) + "ud83d")}]}}'.encode())
made(
    "nul_escaped.json",
    f'{{"vendors":[{VENDOR[10:-1]}],"listings":[{BARE.replace("Acme Mast", "a" + chr(92) + "u0000")}]}}'.encode(),
)
made("duplicate_id.json", f'{{"vendors":[{VENDOR[10:-1]}],"listings":[{BARE},{BARE}]}}'.encode())
made("larger_than_64_mib.json", lambda: b'{"listings":[' + b"[],\n" * (17 * 2**20) + b"[]]}")
made("list_of_numbers.json", b'{"listings":[1,2]}')
made("utf16.json", '{"listings":[]}'.encode("utf-16"))
