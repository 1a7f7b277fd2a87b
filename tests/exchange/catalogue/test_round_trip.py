"""What is written and read again is the same, in every format."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.exchange.catalogue.samples import LISTING, VENDOR, file_of, records_of

from skypact import seed
from skypact.exchange.catalogue import Format, line_of
from skypact.schema import Listing
from skypact.seed import synthetic

FORMATS = pytest.mark.parametrize("format_", list(Format))


@FORMATS
def test_every_kind_of_field_survives(format_: Format) -> None:
    text = file_of([VENDOR, LISTING], format_)
    assert [line_of(record) for record in records_of(text, format_)] == [line_of(VENDOR), line_of(LISTING)]


@FORMATS
def test_built_in_catalogue_survives(format_: Format) -> None:
    built_in = seed.catalogue()
    used = {item.vendor for item in built_in.listings}
    vendors = [vendor for vendor in built_in.vendors if vendor.id in used]
    again = records_of(file_of([*vendors, *built_in.listings], format_), format_)
    assert {record.id: record for record in again} == {record.id: record for record in [*vendors, *built_in.listings]}


@FORMATS
def test_second_export_is_the_same_text(format_: Format) -> None:
    text = file_of(synthetic.records(items=120, seed=7), format_)
    assert file_of(records_of(text, format_), format_) == text


def test_empty_catalogue() -> None:
    assert file_of([], Format.JSONL) == b""
    assert file_of([], Format.JSON) == b'{"vendors":[],\n"listings":[]}\n'
    assert file_of([], Format.CSV) == b"id,name,vendor,category,summary\r\n"
    for format_ in (Format.CSV, Format.XLSX):
        assert records_of(file_of([], format_), format_) == []


words = st.text(
    st.characters(codec="utf-8", exclude_characters="\0", exclude_categories=["Cs"]), min_size=1, max_size=40
)


@settings(max_examples=150, deadline=None)
@given(
    name=words, note=words, mass=st.floats(0, 1e12), cold=st.floats(-273, 100), format_=st.sampled_from(list(Format))
)
def test_any_text_and_number_survives(name: str, note: str, mass: float, cold: float, format_: Format) -> None:
    if not name.strip() or not note.strip():
        return
    evidence = LISTING.evidence[0].model_dump(mode="json")
    data = {
        "id": "acme-thing",
        "name": name,
        "vendor": "acme",
        "category": "mount",
        "summary": note,
        "evidence": [evidence],
        "mass": [{**evidence, "value": mass, "unit": "kg", "note": note}],
        "temperature_min": [{**evidence, "value": cold, "unit": "degC"}],
    }
    listing = Listing.model_validate(data)
    assert records_of(file_of([VENDOR, listing], format_), format_) == [VENDOR, listing]


@FORMATS
def test_what_a_test_refutes_survives_even_where_it_says_what_the_row_says(format_: Format) -> None:
    told = LISTING.evidence[0]
    port = LISTING.ports[0].model_copy(update={"refuted": (told, told.model_copy(update={"note": "twice"}))})
    listing = LISTING.model_copy(update={"ports": (port, *LISTING.ports[1:])})
    text = file_of([VENDOR, listing], format_)
    assert [line_of(record) for record in records_of(text, format_)] == [line_of(VENDOR), line_of(listing)]
