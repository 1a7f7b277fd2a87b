"""A bundle explains itself, imports again, and is the same for the same records."""

import hashlib
import io
import json
from datetime import date
from zipfile import ZipFile

import jsonschema
from tests.exchange.catalogue.samples import LISTING, VENDOR

from skypact.exchange.catalogue import Format, read
from skypact.exchange.catalogue.bundle import write_bundle
from skypact.schema import Listing, Vendor

RECORDS = (Vendor.model_validate(VENDOR), Listing.model_validate(LISTING))
DAY = date(2026, 11, 21)


def bundle(records: tuple[Vendor | Listing, ...] = RECORDS) -> bytes:
    out = io.BytesIO()
    write_bundle(records, out, on=DAY)
    return out.getvalue()


def test_it_holds_catalogue_schema_and_readme() -> None:
    with ZipFile(io.BytesIO(bundle())) as archive:
        assert archive.namelist() == ["catalogue.jsonl", "catalogue.schema.json", "README.md"]
        assert archive.testzip() is None


def test_its_catalogue_imports_as_it_is() -> None:
    with ZipFile(io.BytesIO(bundle())) as archive:
        text = archive.read("catalogue.jsonl")
    rows = list(read(io.BytesIO(text), name="catalogue.jsonl", format=Format.JSONL))
    assert tuple(record for row in rows for record in row.records) == RECORDS
    assert bundle(tuple(record for row in rows for record in row.records)) == bundle()


def test_every_line_fits_the_schema_and_another_one_does_not() -> None:
    with ZipFile(io.BytesIO(bundle())) as archive:
        lines = [json.loads(line) for line in archive.read("catalogue.jsonl").splitlines()]
        schema = json.loads(archive.read("catalogue.schema.json"))
    validator = jsonschema.Draft202012Validator(schema)
    assert [list(validator.iter_errors(line)) for line in lines] == [[], []]
    assert not validator.is_valid({})
    assert not validator.is_valid({"vendor": lines[0]["vendor"], "listing": lines[1]["listing"]})


def test_the_readme_tells_date_digest_counts_labels_and_licences() -> None:
    with ZipFile(io.BytesIO(bundle())) as archive:
        text = archive.read("README.md").decode()
        digest = hashlib.sha256(archive.read("catalogue.jsonl")).hexdigest()
    for line in (
        "| exported on · 내보낸 날 | 2026-11-21 |",
        "| vendors · 업체 | 1 |",
        "| listings · 제품 | 1 |",
        f"| SHA-256 of catalogue.jsonl | `{digest}` |",
        "| CC-BY-4.0 | 1 |",
        "| licence not stated | 2 |",
    ):
        assert line in text.splitlines()


def test_an_empty_catalogue_makes_an_empty_file() -> None:
    with ZipFile(io.BytesIO(bundle(()))) as archive:
        assert archive.read("catalogue.jsonl") == b""
