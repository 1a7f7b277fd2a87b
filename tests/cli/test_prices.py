"""Exchange rates and the audit of prices from the command line."""

import csv
import io
import json
from pathlib import Path

import pytest
from tests.market.catalogue.samples import listing, stock, vendor
from tests.market.prices.samples import offer
from typer.testing import CliRunner

from skypact.cli.main import app
from skypact.market.prices.models import Rate

pytestmark = pytest.mark.django_db

HISTORY = "Date,USD,KRW,\n2024-06-28,1.0705,1474.86,\n2024-06-27,1.0696,N/A,\n"


def run(*arguments: str, status: int = 0) -> str:
    found = CliRunner().invoke(app, list(arguments), env={"COLUMNS": "250"})
    assert found.exit_code == status, found.output
    return found.output


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "eurofxref-hist.csv"
    path.write_text(HISTORY, encoding="utf-8")
    return path


def risen() -> None:
    stock(vendor(), listing(offers=[offer("100")]))
    stock(vendor(), listing(offers=[offer("125.50")]))


def test_rates_are_taken_in_once(file: Path) -> None:
    assert run("rates", "show") == "no exchange rates are here; skypact rates import FILE takes them in\n"
    said = run("rates", "import", str(file))
    assert said == "eurofxref-hist.csv: 3 new rates, 0 known already, 2024-06-27 to 2024-06-28\n"
    again = json.loads(run("rates", "import", str(file), "--json"))
    assert (again["new"], again["unchanged"]) == (0, 3)


def test_rates_of_a_day(file: Path) -> None:
    run("rates", "import", str(file))
    assert "1 EUR on 2024-06-28" in run("rates", "show")
    told = json.loads(run("rates", "show", "--on", "2024-06-27", "--json"))
    assert [(rate["date"], rate["currency"], rate["rate"]) for rate in told] == [("2024-06-27", "USD", "1.0696")]


def test_a_wrong_file_is_refused_with_its_places(file: Path) -> None:
    run("rates", "import", str(file))
    file.write_text(HISTORY.replace("1.0705", "1.0706"), encoding="utf-8")
    said = run("rates", "import", str(file), status=1)
    assert "2024-06-28, USD: 1.0705, as eurofxref-hist.csv has it" in said
    file.write_text("<html>", encoding="utf-8")
    assert "eurofxref-hist.csv: well-formed XML" in run("rates", "import", str(file), status=1)
    assert Rate.objects.count() == 3


def test_the_audit_as_text() -> None:
    said = run("catalogue", "audit")
    assert said.startswith("event log: whole, 0 events\nnothing found (rises of more than 10 % within 90 days, ")
    risen()
    said = run("catalogue", "audit")
    assert "event log: whole, 2 events" in said
    assert "to 125.50 EUR: +25.5 %" in said
    assert "1 findings: rises of more than 10 % within 90 days" in said
    assert "nothing found" in run("catalogue", "audit", "--since", "2999-01-01")


def test_the_audit_for_machines() -> None:
    risen()
    told = json.loads(run("catalogue", "audit", "--format", "json"))
    assert [(item["kind"], item["share"], item["event"]) for item in told["findings"]] == [("rise", "0.2550", 2)]
    rows = list(csv.DictReader(io.StringIO(run("catalogue", "audit", "--format", "csv"))))
    assert [(row["kind"], row["before"], row["after"], row["change_percent"]) for row in rows] == [
        ("rise", "100", "125.50", "25.5")
    ]
