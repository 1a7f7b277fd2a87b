"""What a workbook says of its sheets: which one holds the listings, its texts, and which numbers are dates."""

from __future__ import annotations

import re
import zipfile
from dataclasses import dataclass, field

from skypact.exchange.catalogue.rows import unreadable
from skypact.exchange.catalogue.xlsx.markup import Handler, parse, unescaped
from skypact.exchange.catalogue.xlsx.package import damaged, part

#: Sheets of these names go before the first one.
SHEET_NAMES = ("listings", "catalogue")

MOST_TEXTS = 2_000_000
LONGEST_CELL = 32_767
"""characters, as in Excel"""

#: Numbers of built-in formats that show days (ECMA-376 part 1, 18.8.30, with those of East Asian versions).
_DATE_FORMATS = frozenset({*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)})
_QUOTED = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|_.|\*.')


@dataclass
class Workbook:
    """One sheet of a workbook and what its cells refer to."""

    sheet: str
    """the part that holds the sheet"""
    days_from_1904: bool
    texts: list[str] = field(default_factory=list)
    date_styles: frozenset[int] = frozenset()


def workbook_of(archive: zipfile.ZipFile) -> Workbook:
    """The sheet with the listings. Raises :class:`~..rows.UnreadableFileError`."""
    book = _Book()
    _run(archive, "xl/workbook.xml", book)
    targets = _Relations()
    _run(archive, "xl/_rels/workbook.xml.rels", targets)
    sheets = [(name, targets.found.get(relation, "")) for name, relation, shown in book.sheets if shown]
    sheets = [(name, _place(target)) for name, target in sheets if "worksheets/" in target]
    if not sheets:
        raise unreadable("the workbook has no visible sheet with cells")
    named = {name.casefold(): place for name, place in reversed(sheets)}
    chosen = next((named[name] for name in SHEET_NAMES if name in named), sheets[0][1])
    found = Workbook(chosen, book.days_from_1904)
    if "xl/sharedStrings.xml" in archive.namelist():
        texts = _Texts()
        _run(archive, "xl/sharedStrings.xml", texts)
        found.texts = texts.found
    if "xl/styles.xml" in archive.namelist():
        styles = _Styles()
        _run(archive, "xl/styles.xml", styles)
        found.date_styles = styles.dates()
    return found


def _run(archive: zipfile.ZipFile, name: str, handler: Handler) -> None:
    with part(archive, name) as stream:
        for _ in parse(stream, handler):
            pass


def _place(target: str) -> str:
    return target.removeprefix("/") if target.startswith("/") else f"xl/{target}"


class _Book(Handler):
    def __init__(self) -> None:
        super().__init__()
        self.sheets: list[tuple[str, str, bool]] = []
        self.days_from_1904 = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "sheet":
            relation = next((value for key, value in attributes.items() if key.endswith(":id")), "")
            self.sheets.append((attributes.get("name", ""), relation, attributes.get("state", "visible") == "visible"))
        elif name == "workbookPr":
            self.days_from_1904 = attributes.get("date1904", "0") in ("1", "true")


class _Relations(Handler):
    def __init__(self) -> None:
        super().__init__()
        self.found: dict[str, str] = {}

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "Relationship":
            self.found[attributes.get("Id", "")] = attributes.get("Target", "")


class TextHandler(Handler):
    """Gathers the text of a cell or shared string: its runs, without the reading aids of East Asian scripts."""

    def __init__(self) -> None:
        super().__init__()
        self.runs: list[str] = []
        self._aside = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "rPh":
            self._aside = True
        elif name == "t" and not self._aside:
            self.wants_text = True

    def end(self, name: str) -> None:
        if name == "rPh":
            self._aside = False
        elif name == "t" and self.wants_text:
            self.runs.append(self.words())

    def whole(self) -> str:
        """The text gathered so far, which is forgotten."""
        found = unescaped("".join(self.runs))
        self.runs.clear()
        return found


class _Texts(TextHandler):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def end(self, name: str) -> None:
        super().end(name)
        if name == "si":
            if len(self.found) >= MOST_TEXTS:
                raise unreadable(f"the workbook holds more than {MOST_TEXTS} texts: split it, or use JSON Lines")
            # One character more than a cell may have, so that the cell is refused where it stands.
            self.found.append(self.whole()[: LONGEST_CELL + 1])


class _Styles(Handler):
    def __init__(self) -> None:
        super().__init__()
        self._formats: dict[int, str] = {}
        self._cells: list[int] = []
        self._in_cells = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "numFmt":
            self._formats[_number(attributes.get("numFmtId", ""))] = attributes.get("formatCode", "")
        elif name == "cellXfs":
            self._in_cells = True
        elif name == "xf" and self._in_cells:
            self._cells.append(_number(attributes.get("numFmtId", "0")))

    def end(self, name: str) -> None:
        if name == "cellXfs":
            self._in_cells = False

    def dates(self) -> frozenset[int]:
        """The styles that show a number as a day."""
        return frozenset(place for place, code in enumerate(self._cells) if self._is_date(code))

    def _is_date(self, code: int) -> bool:
        if code not in self._formats:
            return code in _DATE_FORMATS
        return any(letter in "dmyh" for letter in _QUOTED.sub("", self._formats[code]).lower())


def _number(text: str) -> int:
    if not text.isdecimal() or len(text) > 6:
        raise damaged()
    return int(text)
