"""``skypact battery``: fit, substitutes and the curve, from the command line on the built-in catalogue."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("home")
    assert skypact(made, "catalogue", "load-seed").returncode == 0
    return made


def skypact(home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {key: value for key, value in os.environ.items() if key != "DATABASE_URL"}
    return subprocess.run(
        [sys.executable, "-m", "skypact", *arguments],
        capture_output=True,
        text=True,
        check=False,
        env={**environment, "SKYPACT_HOME": str(home), "COLUMNS": "200"},
    )


def test_fit_says_the_answer_with_the_exit_status(home: Path) -> None:
    own = skypact(home, "battery", "fit", "parrot-anafi-battery", "parrot-anafi")
    assert own.returncode == 0, own.stderr
    assert own.stdout.splitlines()[0] == "parrot-anafi-battery in parrot-anafi: yes"
    charged = skypact(home, "battery", "fit", "freefly-sl8-air", "freefly-astro", "--charger", "skyrc-e660", "--json")
    assert charged.returncode == 3
    document = json.loads(charged.stdout)
    assert (document["answer"], document["charger"]) == ("unknown", "skyrc-e660")
    assert [check["aspect"] for check in document["checks"] if check["answer"] == "unknown"] == ["charging"]
    assert document["shipping"]["class"] == "100 to 160 Wh"


def test_ids_that_do_not_serve(home: Path) -> None:
    missing = skypact(home, "battery", "fit", "none", "parrot-anafi")
    assert (missing.returncode, missing.stderr.strip()) == (
        1,
        "there is no listing none; skypact catalogue search finds ids",
    )


def test_substitutes(home: Path) -> None:
    found = skypact(home, "battery", "substitutes", "thunder-power-tp5000-4spx25", "--limit", "2", "--json")
    assert found.returncode == 0, found.stderr
    first, second = json.loads(found.stdout)
    assert {first["pack"], second["pack"]} == {"thunder-power-tp5000-4sr70", "thunder-power-tp8000-4spx25"}
    assert {first["answer"], second["answer"]} == {"unknown"}


def test_the_curve_of_the_catalogue(home: Path) -> None:
    found = skypact(home, "battery", "standardise", "--max-k", "2")
    assert found.returncode == 0, found.stderr
    lines = [[cell.strip() for cell in line.split("│")[1:-1]] for line in found.stdout.splitlines() if line[:1] == "│"]
    assert lines == [
        ["1", "2 (3 %)", "2", "23,996 EUR", "proven", "freefly-sl8-air"],
        ["2", "3 (4 %)", "3", "45,060 EUR", "proven", "freefly-sl8-air, parrot-anafi-battery"],
    ]
    assert "Assumed by the planner, no vendor's figures: currency EUR, packs per place 3.0" in found.stdout


def test_the_curve_of_a_fleet_with_stock(home: Path, tmp_path: Path) -> None:
    file = tmp_path / "fleet.csv"
    file.write_text(
        "kind,nation,id,quantity\naircraft,FR,parrot-anafi,30\naircraft,KR,freefly-astro,4\n"
        "stock,FR,parrot-anafi-battery,40\nstock,KR,dji-tb47,9\n",
        encoding="utf-8",
    )
    found = skypact(home, "battery", "standardise", "--fleet", str(file), "--max-k", "1", "--json")
    assert found.returncode == 0, found.stderr
    (point,) = json.loads(found.stdout)["points"]
    assert (point["packs"], point["served"], point["share"]) == (["parrot-anafi-battery"], 30, 30 / 34)
    assert point["stock"] == [
        {"nation": "FR", "pack": "parrot-anafi-battery", "held": 40, "used": 40},
        {"nation": "KR", "pack": "dji-tb47", "held": 9, "used": 0},
    ]
    assert point["to_buy"] == [{"nation": "FR", "pack": "parrot-anafi-battery", "quantity": 99 - 40 + 10}]


def test_a_bad_fleet_file(home: Path, tmp_path: Path) -> None:
    file = tmp_path / "fleet.csv"
    file.write_text("kind,nation,id,quantity\naircraft,KR,no-such-thing,3\n", encoding="utf-8")
    refused = skypact(home, "battery", "standardise", "--fleet", str(file))
    assert (refused.returncode, refused.stdout) == (2, "")
    assert refused.stderr.strip() == (
        "fleet.csv: aircraft.0.aircraft: the id of a listed aircraft; skypact catalogue search finds ids "
        "(found 'no-such-thing')"
    )
