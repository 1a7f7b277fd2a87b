"""Whatever comes in ends in rows or a report; what goes out comes in as it was.

Listings with every kind of field are generated from the schema itself, so that a new field is tested on the day it is
added.
"""

import csv
import io
import zipfile
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError
from tests.exchange.catalogue.generated import listings
from tests.exchange.catalogue.samples import LISTING, VENDOR, file_of, records_of

from skypact.exchange.catalogue import Format, UnreadableFileError, line_of, read
from skypact.schema import Listing, Vendor

FORMATS = pytest.mark.parametrize("format_", list(Format))
quick = settings(
    deadline=None, max_examples=40, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


def report_on(content: bytes, format_: Format) -> None:
    """Read a file to its end; nothing else than a report may come of it."""
    try:
        for row in read(io.BytesIO(content), name=f"any.{format_.value}", format=format_):
            assert bool(row.records) != bool(row.problems)
            assert all(str(problem) for problem in row.problems)
    except UnreadableFileError:
        return


@FORMATS
@quick
@given(content=st.binary(max_size=400))
def test_any_bytes_end_in_a_report(format_: Format, content: bytes) -> None:
    report_on(content, format_)


@FORMATS
@quick
@given(place=st.integers(min_value=0), piece=st.binary(max_size=6), kept=st.integers(min_value=0, max_value=9))
def test_any_change_of_a_good_file_ends_in_rows_or_a_report(
    format_: Format, place: int, piece: bytes, kept: int
) -> None:
    good = file_of([VENDOR, LISTING], format_)
    place %= len(good)
    report_on(good[:place] + piece + good[place + kept :], format_)


@quick
@given(data=st.data())
def test_any_change_inside_a_sheet_ends_in_rows_or_a_report(data: st.DataObject) -> None:
    parts = zipfile.ZipFile(io.BytesIO(file_of([VENDOR, LISTING], Format.XLSX)))
    name = data.draw(st.sampled_from(parts.namelist()))
    text = parts.read(name)
    place = data.draw(st.integers(0, len(text) - 1))
    piece = data.draw(
        st.sampled_from([b"", b"<", b"&", b'"', b"9", b"\xff", b"<f>1</f>", b't="s"', b' hidden="1"', b"\0"])
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for other in parts.namelist():
            content = parts.read(other)
            archive.writestr(other, text[:place] + piece + text[place + 1 :] if other == name else content)
    report_on(out.getvalue(), Format.XLSX)


@FORMATS
@quick
@given(found=st.lists(listings, min_size=1, max_size=3, unique_by=lambda item: item["id"]))
def test_export_import_export_is_identical(format_: Format, found: list[dict[str, Any]]) -> None:
    records: list[Vendor | Listing] = [VENDOR, *map(valid, found)]
    first = file_of(records, format_)
    again = records_of(first, format_)
    assert {line_of(record) for record in again} == {line_of(record) for record in records}
    assert file_of(again, format_) == first


def valid(document: dict[str, Any]) -> Listing:
    """The generated listing."""
    return Listing.model_validate(document)


CELLS = list(csv.reader(io.StringIO(file_of([VENDOR, LISTING], Format.CSV).decode(), newline="")))


@settings(deadline=None, max_examples=100)
@given(
    column=st.integers(0, len(CELLS[0]) - 1),
    cell=st.one_of(
        st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=12),
        st.sampled_from(
            ["", "unknown", "=1+1", "-1", "1e999", "NaN", "yes", "2026-02-30", "0", "REL KR", "PUBLIC", "tested"]
        ),
        st.floats().map(str),
    ),
)
def test_one_changed_cell_is_read_or_named(column: int, cell: str) -> None:
    header, good = CELLS
    out = io.StringIO(newline="")
    changed = [*good[:column], cell, *good[column + 1 :]]
    csv.writer(out).writerows([header, changed])
    (row,) = read(io.BytesIO(out.getvalue().encode()), name="test.csv", format=Format.CSV)
    assert {problem.row for problem in row.problems} <= {2}
    if row.problems:
        assert any(related(problem.field, header[column]) for problem in row.problems)


def related(field: str, column: str) -> bool:
    """Whether a problem at ``field`` may come of the cell in ``column``: its place, one around it or beside it."""
    if not field or field.startswith(column) or column.startswith(field):
        return True
    # Two columns hold one value together (a date and the one before it, a category and what it needs).
    above = column.rpartition(".")[0]
    return field.startswith(above.split(".")[0]) or column in WHAT_OTHERS_REST_ON or column.startswith("evidence")


#: Cells of which others depend: a changed kind needs other fields, and evidence is taken over by every claim.
WHAT_OTHERS_REST_ON = ("category", "id")


def test_the_changed_cell_test_would_notice() -> None:
    with pytest.raises(ValidationError):
        Listing.model_validate({**LISTING.model_dump(), "category": "tank"})
    assert not related("mass_kg", "offers.stock")
