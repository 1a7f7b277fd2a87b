"""How many SQL statements a page takes: fixed whatever it shows, and recorded in ``statements.json``.

A rise needs a reason; a fall is written down: ``RECORD=1 pytest tests/market/catalogue/test_statements.py``.
"""

import json
import os
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.market.catalogue.samples import claim, listing, sensor, stock, vendor

pytestmark = pytest.mark.django_db

FILE = Path(__file__).with_name("statements.json")
PAGES = [
    "/catalogue/",
    "/catalogue/?q=radar&family=sensor&grade=stated&id=acme-0&id=acme-1",
    "/catalogue/items/acme-0/",
    "/catalogue/vendors/acme/",
    "/catalogue/compare/?id=acme-0&id=acme-1",
    "/catalogue/export/csv",
    "/api/v1/catalogue/listings?q=radar",
    "/api/v1/catalogue/listings/acme-0",
    "/api/v1/catalogue/compare?id=acme-0&id=acme-1",
    "/api/v1/catalogue/export",
]


def statements(path: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        response = Client().get(path)
        assert response.status_code == 200
        if response.streaming:
            list(response.streaming_content)
    return len(captured)


def fill(count: int) -> None:
    mass = [claim(1, "kg"), claim(2, "kg", release="REL KR")]
    stock(
        vendor(),
        *(
            listing(f"acme-{number}", name=f"Radar {number}", category="sensor.radar", sensors=[sensor()], mass=mass)
            for number in range(count)
        ),
    )


@pytest.mark.parametrize("path", PAGES)
def test_statements_do_not_grow_with_the_catalogue(path: str) -> None:
    fill(3)
    few = statements(path)
    fill(40)
    assert statements(path) == few
    recorded = json.loads(FILE.read_text()) if FILE.exists() else {}
    if os.environ.get("RECORD") == "1":
        FILE.write_text(json.dumps({**recorded, path: few}, indent=2) + "\n")
    else:
        assert few == recorded[path]
