"""Spares for what is in a kit: page, interface and command line say the same."""

import json
from pathlib import Path

import pytest
from django.test import Client
from tests.market.catalogue.samples import claim, listing, sensor, stock
from tests.market.kits import samples
from tests.market.kits.test_actions import SYSTEM, pictures
from typer.testing import CliRunner

from skypact.cli.main import app
from skypact.market.kits.actions import PublishKit
from skypact.market.kits.rendering import write_pictures

pytestmark = pytest.mark.django_db


@pytest.fixture
def published(home: Path) -> str:
    stock(
        listing("acme-radar", category="sensor.radar", sensors=[sensor()]),
        listing(
            "acme-fan",
            category="spare",
            spare_for=[{"listing": "acme-radar", "quantity_per_year": [claim(1.5, "1")], "consumable": True}],
        ),
        listing("acme-foot", category="spare", spare_for=["acme-radar"]),
    )
    kit, folder, composition = samples.kit(), pictures(home), samples.composition()
    write_pictures(folder, relief=composition.terrain, layers=composition.layers)
    PublishKit(actor=SYSTEM, kit=kit, pictures=folder).execute()
    return kit.id


def test_page_and_interface_give_quantities_for_all_units(published: str, client: Client) -> None:
    (units,) = (item.quantity for item in samples.kit().items if item.listing == "acme-radar")
    found = client.get(f"/api/v1/kits/{published}/spares").json()
    assert [(one["spare"], one["units"], one["per_unit_and_year"], one["per_year"]) for one in found] == [
        ("acme-fan", units, 1.5, 1.5 * units),
        ("acme-foot", units, None, None),
    ]
    assert found[0]["evidence"]["grade"] == "stated"
    page = client.get(f"/kits/{published}/").content.decode()
    assert "Spares for this kit" in page
    assert f"<strong>{1.5 * units:g}</strong>" in page
    assert client.get("/api/v1/kits/nothing/spares").status_code == 404


def test_command_lists_the_spares_of_a_kit_file(published: str, tmp_path: Path) -> None:
    file = tmp_path / "kit.json"
    file.write_text(samples.kit().model_dump_json(), encoding="utf-8")
    told = json.loads(CliRunner().invoke(app, ["kit", "spares", str(file), "--json"]).output)
    assert [one["spare"] for one in told] == ["acme-fan", "acme-foot"]
    table = CliRunner().invoke(app, ["kit", "spares", str(file)], env={"COLUMNS": "200"}).output
    assert "acme-fan" in table
    assert "unknown" in table
    file.write_text("{}", encoding="utf-8")
    assert CliRunner().invoke(app, ["kit", "spares", str(file)]).exit_code == 2
    assert CliRunner().invoke(app, ["kit", "spares", str(tmp_path / "none.json")]).exit_code == 2
