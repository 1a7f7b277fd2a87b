"""Catalogues as spreadsheets (``.xlsx``): the columns of the CSV dialect, one row a listing, values as they are typed.

Read with the XML parser of the standard library, straight from the file: whatever a stranger sends ends in a report
that names the sheet's own row. The usual libraries say nothing of hidden rows and merged cells when they stream, and
fail in too many ways to report (docs/decisions/0012). Format: ECMA-376, *Office Open XML File Formats*, parts 1 and 2.
"""

from skypact.exchange.catalogue.xlsx.reading import read
from skypact.exchange.catalogue.xlsx.writing import write, write_sheet, write_template

__all__ = ["read", "write", "write_sheet", "write_template"]
