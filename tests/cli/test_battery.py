"""``skypact battery``: fit, substitutes and the curve, from the command line on the built-in catalogue."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from skypact.cli import battery
from skypact.cli.main import app
from skypact.exchange.fleet import read_fleet
from skypact.market.batteries.selectors import Equipment
from skypact.seed import catalogue

Run = Callable[..., Result]


@pytest.fixture
def skypact(monkeypatch: pytest.MonkeyPatch) -> Run:
    """The command in this process, on the built-in catalogue instead of a site's."""
    held = Equipment({one.id: one for one in catalogue().listings}, date.today())
    monkeypatch.setattr(battery, "_equipment", lambda: held)
    monkeypatch.setenv("COLUMNS", "200")
    return lambda *arguments: CliRunner().invoke(app, ["battery", *arguments])


def test_it_reads_the_catalogue_of_the_site(tmp_path: Path) -> None:
    environment = {key: value for key, value in os.environ.items() if key != "DATABASE_URL"}
    command = [sys.executable, "-m", "skypact", "battery", "standardise"]
    empty = subprocess.run(
        command, capture_output=True, text=True, check=False, env={**environment, "SKYPACT_HOME": str(tmp_path)}
    )
    assert (empty.returncode, empty.stderr.strip()) == (
        2,
        "catalogue: at least one aircraft; skypact catalogue load-seed loads some",
    )


def test_fit_says_the_answer_with_the_exit_status(skypact: Run) -> None:
    own = skypact("fit", "parrot-anafi-battery", "parrot-anafi")
    assert own.exit_code == 0, own.stderr
    assert own.stdout.splitlines()[0] == "parrot-anafi-battery in parrot-anafi: yes"
    charged = skypact("fit", "freefly-sl8-air", "freefly-astro", "--charger", "skyrc-e660", "--json")
    assert charged.exit_code == 3
    document = json.loads(charged.stdout)
    assert (document["answer"], document["charger"]) == ("unknown", "skyrc-e660")
    assert [check["aspect"] for check in document["checks"] if check["answer"] == "unknown"] == ["charging"]
    assert document["shipping"]["class"] == "100 to 160 Wh"


def test_ids_that_do_not_serve(skypact: Run) -> None:
    missing = skypact("fit", "none", "parrot-anafi")
    assert (missing.exit_code, missing.output.strip()) == (
        1,
        "there is no battery none; skypact catalogue list --family battery shows them",
    )


def test_substitutes(skypact: Run) -> None:
    found = skypact("substitutes", "thunder-power-tp5000-4spx25", "--limit", "2", "--json")
    assert found.exit_code == 0, found.stderr
    first, second = json.loads(found.stdout)
    assert {first["pack"], second["pack"]} == {"thunder-power-tp5000-4sr70", "thunder-power-tp8000-4spx25"}
    assert {first["answer"], second["answer"]} == {"unknown"}


def test_the_curve_of_the_catalogue(skypact: Run) -> None:
    found = skypact("standardise", "--max-k", "2")
    assert found.exit_code == 0, found.stderr
    lines = [[cell.strip() for cell in line.split("│")[1:-1]] for line in found.stdout.splitlines() if line[:1] == "│"]
    assert lines == [
        ["1", "2 (3 %)", "2", "23,996 EUR", "proven", "freefly-sl8-air"],
        ["2", "3 (4 %)", "3", "45,060 EUR", "proven", "freefly-sl8-air, parrot-anafi-battery"],
    ]
    assert "Assumed by the planner, no vendor's figures: currency EUR, packs per place 3.0" in found.stdout


def test_the_curve_of_a_fleet_with_stock(skypact: Run, tmp_path: Path) -> None:
    file = tmp_path / "fleet.csv"
    file.write_text(
        "kind,nation,id,quantity\naircraft,FR,parrot-anafi,30\naircraft,KR,freefly-astro,4\n"
        "stock,FR,parrot-anafi-battery,40\nstock,KR,dji-tb47,9\n",
        encoding="utf-8",
    )
    found = skypact("standardise", "--fleet", str(file), "--max-k", "1", "--json")
    assert found.exit_code == 0, found.stderr
    (point,) = json.loads(found.stdout)["points"]
    assert (point["packs"], point["served"], point["share"]) == (["parrot-anafi-battery"], 30, 30 / 34)
    assert point["stock"] == [
        {"nation": "FR", "pack": "parrot-anafi-battery", "held": 40, "used": 40},
        {"nation": "KR", "pack": "dji-tb47", "held": 9, "used": 0},
    ]
    assert point["to_buy"] == [{"nation": "FR", "pack": "parrot-anafi-battery", "quantity": 99 - 40 + 10}]


def test_a_bad_fleet_file(skypact: Run, tmp_path: Path) -> None:
    file = tmp_path / "fleet.csv"
    file.write_text("kind,nation,id,quantity\naircraft,KR,no-such-thing,3\n", encoding="utf-8")
    refused = skypact("standardise", "--fleet", str(file))
    assert (refused.exit_code, refused.stdout) == (2, "")
    assert refused.stderr.strip() == (
        "fleet.csv: row 2: id: the id of a listed aircraft; skypact catalogue search finds ids (found 'no-such-thing')"
    )


RECORDINGS = Path(__file__).parent.parent / "conformance" / "recordings" / "pass"


def test_a_recorded_pack_is_compared_with_its_listing(skypact: Run) -> None:
    recording = str(RECORDINGS / "dronecan.battery.log")
    alone = skypact("recorded", "dronecan", recording)
    assert (alone.exit_code, alone.stdout) == (0, "node 42: SYN_Pack-6S, serial number SYN-0007\n")
    beside = skypact("recorded", "dronecan", recording, "--pack", "parrot-anafi-battery")
    assert beside.exit_code == 1
    assert "  no: capacity_ah: the pack says 5.5 Ah, the listing 2.7 Ah (within 5%)." in beside.stdout.splitlines()
    said = json.loads(skypact("recorded", "mavlink", str(RECORDINGS / "mavlink.flight.tlog"), "--json").stdout)
    assert [(one["cells_series"], one["capacity_ah"], one["mass_kg"]) for one in said] == [(6, 5.5, 0.82)]


def test_a_recording_without_a_pack_tells_nothing(skypact: Run, tmp_path: Path) -> None:
    empty = tmp_path / "empty.log"
    empty.write_bytes(b"(1.0) can0 123#00\n")
    result = skypact("recorded", "dronecan", str(empty))
    assert (result.exit_code, result.stdout) == (3, "No pack speaks in this recording.\n")
    refused = skypact("recorded", "klv", str(empty))
    assert (refused.exit_code, '"klv" carries no packs; accepted: mavlink, dronecan' in refused.output) == (2, True)


@pytest.mark.parametrize("language", ["en", "ko"])
@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_a_template_to_fill_in(skypact: Run, tmp_path: Path, form: str, language: str) -> None:
    file = tmp_path / f"fleet.{form}"
    assert skypact("template", "-o", str(file), "--language", language).exit_code == 0
    refused = skypact("standardise", "--fleet", str(file))
    assert (refused.exit_code, refused.stderr.strip()) == (
        2,
        f"fleet.{form}: only example rows; at least one row of kind aircraft is needed",
    )


def test_a_fleet_file_in_another_form(skypact: Run, tmp_path: Path) -> None:
    every, other = tmp_path / "every.csv", tmp_path / "every.json"
    assert skypact("template", "-o", str(every), "--every-aircraft").exit_code == 0
    assert skypact("template", "-o", str(other), "--fleet", str(every)).exit_code == 0
    assert read_fleet(every).fleet == read_fleet(other).fleet
    wrong = skypact("template", "-o", str(tmp_path / "fleet.ods"))
    assert (wrong.exit_code, wrong.stderr.strip()) == (2, "template: format: csv or xlsx (found 'ods')")
    assert not (tmp_path / "fleet.ods").exists()
    assert skypact("template", "-o", str(every), "--language", "fr").exit_code == 2
    assert skypact("template", "-o", str(every), "--fleet", str(other), "--every-aircraft").exit_code == 2


def test_packs_of_several_listings_are_told(monkeypatch: pytest.MonkeyPatch, skypact: Run) -> None:
    assert skypact("same").stdout == "0 packs stand under several listings, 0 pairs are doubtful\n"
    first = catalogue().listing("thunder-power-tp5000-4spx25")
    assert first.battery
    peak = first.battery.current_peak[0].model_copy(update={"value": 999.0})
    second = first.model_copy(
        update={"id": "tp-again", "battery": first.battery.model_copy(update={"current_peak": (peak,)})}
    )
    third = first.model_copy(update={"id": "tp-perhaps", "battery": first.battery.model_copy(update={"capacity": ()})})
    held = Equipment({one.id: one for one in (first, second, third)}, date.today())
    monkeypatch.setattr(battery, "_equipment", lambda: held)
    value = first.battery.current_peak[0].value
    assert skypact("same").stdout.splitlines() == [
        "thunder-power-tp5000-4spx25 = tp-again",
        f"  current_peak: {value} (thunder-power-tp5000-4spx25); 999.0 (tp-again); calculated with {value}",
        "perhaps thunder-power-tp5000-4spx25 = tp-perhaps: capacity 5000 and unknown",
        "perhaps tp-again = tp-perhaps: capacity 5000 and unknown",
        "1 packs stand under several listings, 2 pairs are doubtful",
    ]
    assert json.loads(skypact("same", "--json").stdout)["doubtful"][0]["values"] == [5000.0, None]
