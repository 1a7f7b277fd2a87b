"""The bill of materials as CSV."""

import csv
import io

from tests.market.kits import samples

from skypact.market.kits.bill import csv_of


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_one_row_an_item() -> None:
    radar, camera, *_ = rows(csv_of(samples.kit()))
    assert radar == {
        "listing": "acme-radar",
        "name": "Radar",
        "vendor": "Acme",
        "nation": "DK",
        "category": "sensor.radar",
        "quantity": "2",
        "unit_price": "300000",
        "line_total": "600000",
        "currency": "EUR",
        "price_basis": "assumption",
        "price_note": "assumed: planning figure",
        "lead_time_days": "30",
        "lead_basis": "offer",
        "power_draw_w": "",
        "power_basis": "unknown",
        "eligibility": "yes",
        "synthetic": "False",
    }
    assert (camera["unit_price"], camera["line_total"], camera["currency"]) == ("", "", "")


def test_a_name_cannot_be_a_formula() -> None:
    items = [item.model_dump(mode="json") for item in samples.kit().items]
    items[0]["name"] = "=cmd()"
    assert rows(csv_of(samples.kit(items=items)))[0]["name"] == "'=cmd()"
