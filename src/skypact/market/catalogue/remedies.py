"""What import reports advise, in the reader's language.

Reports come from below the market (``exchange``, ``schema``, pydantic) in English. Here stand their sentences with
holes for what differs; one that fits is said in the reader's language, any other stays as it is. A test holds every
sentence of ``tests/bad_input/catalogue`` against this list.
"""

from __future__ import annotations

import re
from functools import cache

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

TEMPLATES = (
    _("there is no such vendor in this file or the catalogue: add it, or correct the id"),
    _("there is no such listing in this file or the catalogue: add it, or correct the id"),
    _("this id stands already in row %(row)s: keep one"),
    _("this id stands twice: keep one"),
    _("another description of this vendor stands already in row %(row)s: keep one, or describe it alike"),
    _("another description of this vendor stands twice: keep one, or describe it alike"),
    _("a line is %(form)s"),
    _("the row has %(cells)s cells and the header %(columns)s: quote cells that hold commas"),
    _("the file name must end in .csv, .xlsx, .jsonl or .json"),
    _("the file is empty; the first row must name the columns"),
    _("the file is empty"),
    _("the file is %(encoding)s; save it as UTF-8"),
    _("this is a workbook or another packed file, whatever its name says: a workbook's name ends in .xlsx"),
    _("the file is compressed: unpack it"),
    _("a day is written 2026-01-05"),
    _("a text may not hold the NUL character"),
    _("the file holds a NUL character; save it again as plain text in UTF-8"),
    _("the file ends inside a character; save it again as UTF-8"),
    _("byte %(byte)s at position %(place)s of the line is not UTF-8; save the file as UTF-8"),
    _(
        "byte %(byte)s at position %(place)s of the line is not UTF-8 (it reads as CP949, Korean Windows);"
        " save the file as UTF-8"
    ),
    _("a line may have at most %(count)s characters"),
    _("a cell may have at most %(count)s characters"),
    _("a JSON document may have at most %(count)s characters: use JSON Lines"),
    _("%(count)s columns; at most %(most)s are read"),
    _("a quotation mark opens here and never closes"),
    _("this is no CSV: %(reason)s; put quotation marks around cells and double those inside"),
    _("columns are separated by semicolons; save the file with commas"),
    _("columns are separated by tabs; save the file with commas"),
    _("columns are separated by vertical bars; save the file with commas"),
    _("columns are missing: %(names)s"),
    _("column %(number)s has no name"),
    _("this column means the same as %(name)s: keep one"),
    _("unknown column; known here: %(names)s"),
    _("unknown column; known after %(name)s: %(names)s"),
    _("unknown column; the value of %(name)s has no parts"),
    _("this holds several values, each in a column of its own: %(names)s"),
    _("numbers in a column name count from 1 to 99"),
    _("a number, with a unit where it is not the column's: %(examples)s; or unknown"),
    _("a formula is not accepted: write its value"),
    _("the workbook is damaged: open it in a spreadsheet program and save it again as .xlsx"),
    _("this is no .xlsx workbook; save the file as Excel workbook (.xlsx) or as CSV in UTF-8"),
    _("the workbook is protected by a password: save it without one"),
    _("this is a workbook of the old kind (.xls): save it as .xlsx"),
    _("this is a binary workbook (.xlsb): save it as .xlsx"),
    _("this is an OpenDocument sheet (.ods): save it as .xlsx"),
    _("the workbook holds macros: save it as .xlsx without them"),
    _("the workbook takes values from other files: replace them by their values and save it again"),
    _("the workbook declares a document type, which no spreadsheet program does: it is not read"),
    _("the workbook has %(count)s parts; at most %(most)s are read"),
    _("the workbook has no visible sheet with cells"),
    _("the workbook holds more than %(count)s texts: split it, or use JSON Lines"),
    _("the workbook unpacks to %(count)s bytes; at most %(most)s are read"),
    _("the workbook unpacks to %(count)s times its size; it is not unpacked"),
    _("these cells are merged: split them, and write the value into each row"),
    _("this row is hidden, perhaps by a filter: show it, or delete it"),
    _("this column is hidden: show it, or delete it"),
    _("nothing names this column: name it in the first row, or empty the cell"),
    _("an error of the spreadsheet: write the value, or leave the cell empty"),
    _("this is no number that can be held"),
    _("every listing needs a source: fill evidence.source_title, evidence.source_date and evidence.grade"),
    _("every evidence of a SYN- listing must have provenance synthetic"),
    _("synthetic evidence on a listing whose id does not begin with SYN-"),
    _("defeat equipment is listed without performance figures: remove its ranges"),
    _("a listing of category %(category)s needs %(field)s"),
    _("whoever may read it (%(audience)s) must be able to read one of its sources: widen the release of one evidence"),
    _("claim %(number)s: unit must be %(unit)s, not %(given)s"),
    _("claim %(number)s: %(value)s is below %(limit)s"),
    _("claim %(number)s: %(value)s is above %(limit)s"),
    _("expires (%(expires)s) must be after observed (%(observed)s)"),
    _("grade tested needs test: at least its method and conducted_by"),
    _("grade %(grade)s carries no test: remove test, or grade the value tested"),
    _("date_to (%(last)s) must not be before date_from (%(first)s)"),
    _("least %(name)s (%(low)s) must not be above greatest %(same)s (%(high)s)"),
    _("%(field)s names the same one twice"),
    _("must be a SHA-256 hash in 64 lower-case hexadecimal digits"),
    _("must be an ISO 639-1 language code such as ko"),
    _("must be valid JSON: %(reason)s"),
    _("must be PUBLIC, REGISTERED, or REL with nations, as in REL KR,US"),
    _("must be lower-case latin letters, digits and single hyphens; synthetic ids begin with SYN-"),
    _("must be a table of named fields"),
    _("must be %(form)s"),
    _("a NATO stock number is 13 digits written 1234-56-789-0123"),
    _("unknown field; known here: %(names)s"),
    _("this field is required"),
    _("input should be a finite number"),
    _("input should be a valid string"),
    _("input should be a valid number%(reason)s"),
    _("input should be a valid date or datetime, %(reason)s"),
    _("input should be a valid array"),
    _("input should be a valid integer%(reason)s"),
    _("input should be less than or equal to %(limit)s"),
    _("unable to parse input string as an integer, exceeded maximum size"),
    _("an NCAGE is five capital letters or digits, without the letter O, and with I only in front"),
    _("a US CAGE code begins and ends with a digit and has neither I nor O"),
    _("input should be %(choices)s"),
    _("string should have at least %(count)s characters"),
    _("string should have at most %(count)s characters"),
    _("input should be a valid date such as 2026-01-05"),
    _("input should be true or false"),
    _("must be a list of tables of named fields"),
    _("the supply class is the first four digits of the stock number %(number)s"),
    _("millimetres by pixels, such as 6.3175/4000"),
    # what a vendor may not say of itself (suppliers.policy)
    _("only %(vendor)s may be described here: take other vendors out"),
    _("only listings of %(vendor)s may stand here: take this row out"),
    _("a new id of %(vendor)s begins with %(prefix)s-; correct it"),
    _("use a release that you may read yourself: PUBLIC, REGISTERED or REL with your nation"),
    _("a real product takes no synthetic values: take this one out"),
    _("needs its test: method and who conducted it; or grade it stated or documented"),
    _("needs a test report among the listing's documents; or grade it stated or documented"),
    _("an offer of another seller stays as it is: take yours under your own name"),
    _("assurance scores are given by assessors, not by the vendor: take it out"),
    # what is left out of a file, told after its number of rows
    _("supply groups 10 to 14: weapons, ammunition and fire control"),
    _("supply classes that maintain, pack or train with weapons and ammunition"),
    _("supply classes 2350 and 2355: combat vehicles"),
    _("supply class 5865: electronic countermeasures"),
    _("items named for a weapon, ammunition or aiming"),
)


def in_language(remedy: str) -> str:
    """``remedy`` in the reader's language, where its sentence is known."""
    for pattern, template in _patterns():
        found = pattern.fullmatch(remedy)
        if found is not None:
            return gettext(template) % found.groupdict()
    return remedy


@cache
def _patterns() -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple(
        (re.compile(re.sub(r"%\\\((\w+)\\\)s|%\((\w+)\)s", _hole, re.escape(text)), re.DOTALL), text)
        for text in TEMPLATES
    )


def _hole(found: re.Match[str]) -> str:
    return f"(?P<{found[1] or found[2]}>.*)"
