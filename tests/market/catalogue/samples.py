"""Records, readers and files for the catalogue's tests."""

import io
from datetime import date
from typing import Any

from skypact.exchange.catalogue import line_of
from skypact.market.catalogue.actions import import_file, import_records
from skypact.market.catalogue.report import Report
from skypact.market.core.access import Actor
from skypact.schema import Listing, Vendor

DAY = date(2026, 11, 1)

ANONYMOUS = Actor.anonymous()
STAFF = Actor(label="user:1 staff", user_id=1, is_staff=True)
MEMBER = Actor(label="user:2 member", user_id=2)
KOREAN = Actor(label="user:3 kim", user_id=3, nation="KR")
AMERICAN = Actor(label="user:4 lee", user_id=4, nation="US")


def evidence(**changes: Any) -> dict[str, Any]:
    source = {"title": "Acme brochure", "url": "https://acme.example/b", "date": "2026-01-05"}
    test = {"test": {"method": "range trial", "conducted_by": "Acme"}} if changes.get("grade") == "tested" else {}
    return {"grade": "stated", "source": source, "observed": "2026-01-05", **test, **changes}


def claim(value: Any, unit: str | None = None, **changes: Any) -> dict[str, Any]:
    return {**evidence(**changes), "value": value, **({"unit": unit} if unit else {})}


def vendor(slug: str = "acme", **changes: Any) -> Vendor:
    data = {"id": slug, "name": slug.capitalize(), "nation": "KR", "evidence": [evidence()], **changes}
    return Vendor.model_validate(data)


def listing(slug: str = "acme-mast", **changes: Any) -> Listing:
    data = {
        "id": slug,
        "name": slug.replace("-", " ").title(),
        "vendor": "acme",
        "category": "mount",
        "summary": "A thing.",
        "evidence": [evidence()],
        **changes,
    }
    return Listing.model_validate(data)


def sensor(kind: str = "radar", **changes: Any) -> dict[str, Any]:
    return {"kind": kind, **changes}


def stock(*records: Vendor | Listing) -> Report:
    """Put ``records`` into the catalogue; the vendor acme comes with them."""
    given = records if any(isinstance(record, Vendor) for record in records) else (vendor(), *records)
    report = import_records(actor=STAFF, records=given, name="test stock")
    assert report.taken, report.problems
    return report


def file_of(*records: Vendor | Listing | str) -> io.BytesIO:
    """A JSON Lines file of ``records``; a text is a line as it stands."""
    lines = (record if isinstance(record, str) else line_of(record) for record in records)
    return io.BytesIO("".join(f"{line}\n" for line in lines).encode())


def take(*records: Vendor | Listing | str, actor: Actor = STAFF, keep_good: bool = False) -> Report:
    """Import a JSON Lines file of ``records``."""
    return import_file(actor=actor, stream=file_of(*records), name="test.jsonl", keep_good=keep_good)
