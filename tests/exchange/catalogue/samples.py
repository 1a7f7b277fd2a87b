"""Records for the tests of catalogue files."""

import io
from collections.abc import Iterable

from skypact.exchange.catalogue import Format, Record, Row, read, write
from skypact.schema import Listing, Vendor

EVIDENCE = {
    "grade": "stated",
    "source": {"title": "Acme brochure", "url": "https://acme.example/b", "date": "2026-01-05"},
    "observed": "2026-01-05",
}
SHEET = {
    "grade": "documented",
    "source": {"title": "Acme data sheet", "date": "2026-03-01", "licence": "CC-BY-4.0"},
    "observed": "2026-03-02",
    "expires": "2028-01-01",
    "release": "REL KR,US",
    "note": 'with "quotes", commas\nand a line end',
}
TESTED = {
    **EVIDENCE,
    "grade": "tested",
    "test": {
        "method": "CWA 18150",
        "conducted_by": "a laboratory",
        "date_from": "2025-05-01",
        "date_to": "2025-05-03",
        "scenario": {
            "name": "airport",
            "drones": 2,
            "height_max_m": 120,
            "metrics": [
                {"function": "detection", "name": "detection probability", "value": 0.9},
                {"function": "tracking", "name": "track continuity", "value": 87.5, "unit": "%"},
            ],
        },
    },
}
VENDOR = Vendor.model_validate(
    {"id": "acme", "name": "Acme", "name_ko": "애크미", "nation": "KR", "ncage": "1234A", "evidence": [EVIDENCE]}
)
LISTING = Listing.model_validate(
    {
        "id": "acme-radar",
        "name": "=Acme Radar",
        "name_ko": "애크미 레이더",
        "vendor": "acme",
        "category": "sensor.multi",
        "part_number": "-AR 1",
        "nsn": "5840-12-345-6789",
        "summary": "'A radar, with a camera.",
        "evidence": [EVIDENCE, {**SHEET, "provenance": "derived"}],
        "mass": [
            {**EVIDENCE, "value": 12.5, "unit": "kg"},
            {**SHEET, "value": 13.25, "unit": "kg"},
            {**SHEET, "value": None, "unit": "kg"},
            {**TESTED, "value": 12.75, "unit": "kg"},
        ],
        "temperature_min": [{**EVIDENCE, "value": -0.0, "unit": "degC"}],
        "decodes_content": [{**EVIDENCE, "value": False}],
        "sensors": [
            {
                "kind": "radar",
                "frequency_min": [{**EVIDENCE, "value": 9.41e9, "unit": "Hz"}],
                "ranges": [
                    {"target": "any drone", "range": [{**SHEET, "value": 1e-7, "unit": "m"}]},
                    {"target": "small", "task": "track", "range": [{**EVIDENCE, "value": 3e20, "unit": "m"}]},
                ],
            },
            {"kind": "camera"},
        ],
        "ports": [
            {
                "id": "out",
                "kind": "data",
                "standard": "SAPIENT",
                "role": "provides",
                "attributes": {"transport": "TCP", "connections_max": 4},
                "evidence": SHEET,
            }
        ],
        "components": [{"part": "chip", "country": "KR", "share": 0.125, "evidence": EVIDENCE}],
        "declarations": [{"regime": "Blue UAS", "code": "listed", "evidence": EVIDENCE}],
        "offers": [
            {
                "seller": "acme",
                "price": {"amount": "12500.50", "currency": "EUR"},
                "quantity_breaks": [{"quantity": 10, "price": {"amount": "12000", "currency": "EUR"}}],
                "stock": 0,
                "lead_time_days": 30,
                "valid_until": "2027-01-01",
                "evidence": EVIDENCE,
            }
        ],
        "spare_for": [
            "acme-mast",
            {
                "listing": "acme-car",
                "consumable": True,
                "quantity_per_year": [{**EVIDENCE, "value": 4, "unit": "1"}, {**SHEET, "value": None, "unit": "1"}],
            },
        ],
        "scores": [
            {
                "use_case": {"extent": "area", "mobility": "mobile", "threat_class": "micro-multirotor"},
                "score": 7,
                "evidence": TESTED,
            },
            {
                "use_case": {"extent": "point", "mobility": "static", "threat_class": "micro-multirotor"},
                "evidence": EVIDENCE,
            },
        ],
        "documents": [
            {
                "sha256": "ab" * 32,
                "title": "Test report",
                "kind": "test_report",
                "media_type": "application/pdf",
                "size_bytes": 12345,
                "language": "ko",
                "evidence": SHEET,
            }
        ],
        "variant_of": "acme-old",
    }
)


def file_of(records: Iterable[Record], format: Format) -> bytes:  # noqa: A002
    """``records`` as a file."""
    out = io.BytesIO()
    write(records, out, format)
    return out.getvalue()


def text_of(records: Iterable[Record], format: Format) -> str:  # noqa: A002
    """``records`` as the text of a file."""
    return file_of(records, format).decode()


def rows_of(text: str | bytes, format: Format) -> list[Row]:  # noqa: A002
    """The rows of a file with this text."""
    content = text.encode() if isinstance(text, str) else text
    return list(read(io.BytesIO(content), name=f"test.{format.value}"))


def records_of(text: str | bytes, format: Format) -> list[Record]:  # noqa: A002
    """The records of a file without problems."""
    rows = rows_of(text, format)
    assert [problem for row in rows for problem in row.problems] == []
    return [record for row in rows for record in row.records]
