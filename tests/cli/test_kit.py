"""``skypact kit compose``: the examples, from the command line."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from tests.market.kits import samples

from skypact.cli import kit as kit_command
from skypact.cli.kit_report import print_kit
from skypact.engines.kit import PESSIMISTIC, verify
from skypact.exchange.requirement import read_requirement
from skypact.market.kits.terrain import terrain_of
from skypact.schema import Kit
from skypact.seed import catalogue, coexistence_rules

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "examples"
DAY = "2026-11-21"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


def skypact(home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {key: value for key, value in os.environ.items() if key != "DATABASE_URL"}
    return subprocess.run(
        [sys.executable, "-m", "skypact", *arguments],
        capture_output=True,
        text=True,
        check=False,
        env={**environment, "SKYPACT_HOME": str(home)},
    )


@pytest.mark.parametrize("name", ["airport", "stadium", "harbour", "border-strip"])
def test_an_example_becomes_a_proven_kit_that_keeps_its_promises(home: Path, name: str) -> None:
    done = skypact(home, "kit", "compose", str(EXAMPLES / f"{name}.toml"), "--json", "--on", DAY)
    assert (done.returncode, done.stderr) == (0, "")
    kit = Kit.model_validate_json(done.stdout)
    assert kit.status == "optimal"
    assert kit.optimisation.gap == 0
    assert all(figure.met for figure in kit.coverage)
    assert kit.cost is not None
    assert kit.cost.within_budget
    assert kit.unknowns
    requirement = read_requirement(EXAMPLES / f"{name}.toml")
    terrain = terrain_of(requirement, named_in=EXAMPLES)
    listings = {one.id: one for one in catalogue().listings}
    assert verify(kit, listings=listings, terrain=terrain, coexistence=coexistence_rules()) == ()
    assert kit.open_questions == sum(one.accepted is not None for one in kit.unknowns) > 0


def test_the_same_question_gives_the_same_bytes(home: Path) -> None:
    asked = ("kit", "compose", str(EXAMPLES / "stadium.toml"), "--json", "--on", DAY)
    assert skypact(home, *asked).stdout == skypact(home, *asked).stdout


def test_the_table_names_products_cost_and_unknowns(home: Path, tmp_path: Path) -> None:
    file = tmp_path / "kit.json"
    done = skypact(home, "kit", "compose", str(EXAMPLES / "stadium.toml"), "--on", DAY, "--output", str(file))
    kit = Kit.model_validate(json.loads(file.read_text(encoding="utf-8")))
    assert done.returncode == 0
    assert kit.cost is not None
    for said in ("the cheapest kit, proven", f"{kit.cost.total}", "What nobody knows", "Assumed for planning"):
        assert said in done.stdout
    least = min(one.warning_s or 0 for one in kit.approaches[0].bearings)
    assert f"{int(least)} s (" in done.stdout
    assert f"{kit.approaches[0].length_m:,.0f} m" in done.stdout
    assert "Warning ring seen by at least 2 kinds of sensor" in done.stdout
    for item in kit.items:
        assert item.name in done.stdout


def test_the_pessimistic_preset_is_asked_for_and_named(home: Path, tmp_path: Path) -> None:
    file = tmp_path / "kit.json"
    asked = ("kit", "compose", str(EXAMPLES / "stadium.toml"), "--on", DAY, "--pessimistic", "--output", str(file))
    done = skypact(home, *asked)
    kit = Kit.model_validate_json(file.read_bytes())
    assert kit.requirement.trust == PESSIMISTIC
    assert "Ranges that are stated count to 70%: pessimistic preset, a planning assumption" in " ".join(
        done.stdout.split()
    )
    for used in (used for item in kit.items for used in item.ranges if used.grade == "stated"):
        assert used.note.text.endswith("for the weakness of this evidence shortened to 70 %")
    own = tmp_path / "own.toml"
    text = (EXAMPLES / "stadium.toml").read_text(encoding="utf-8")
    own.write_text(text + '\n[[trust]]\ngrade = "stated"\nfactor = 0.5\nbasis = "mine"\n', encoding="utf-8")
    done = skypact(home, "kit", "compose", str(own), "--on", DAY, "--pessimistic")
    assert done.returncode == 2
    assert done.stderr == (
        "own.toml: trust: nothing with --pessimistic: the requirement says itself how far ranges are to be trusted\n"
    )


def test_no_kit_is_an_answer_with_its_own_exit_status(home: Path, tmp_path: Path) -> None:
    poor = tmp_path / "poor.toml"
    text = (EXAMPLES / "stadium.toml").read_text(encoding="utf-8")
    poor.write_text(text.replace('amount = "3000000"', 'amount = "3"'), encoding="utf-8")
    done = skypact(home, "kit", "compose", str(poor), "--on", DAY)
    assert done.returncode == 3
    assert "the budget is 3 EUR" in done.stdout


def test_a_malformed_file_names_its_place_and_changes_nothing(home: Path) -> None:
    done = skypact(home, "kit", "compose", str(ROOT / "tests" / "bad_input" / "requirement" / "share_above_one.toml"))
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr == "share_above_one.toml: detection.share: input should be less than or equal to 1 (found 90)\n"


def test_unknown_threats_airports_and_terrain(home: Path, tmp_path: Path) -> None:
    text = (EXAMPLES / "airport.toml").read_text(encoding="utf-8")
    for old, new, said in (
        (
            'icao = "RKSI"',
            'icao = "QQQQ"',
            "airport: site.icao: must be the ICAO code of a known airport (found 'QQQQ')\n",
        ),
        ('"micro-multirotor", ', '"balloon", ', "airport: detection.threats.0: one of "),
        ("seed = 1", 'seed = 1\nterrain = ["none.tif"]', "none.tif: an existing elevation file"),
    ):
        file = tmp_path / "changed.toml"
        file.write_text(text.replace(old, new, 1), encoding="utf-8")
        done = skypact(home, "kit", "compose", str(file))
        assert done.returncode == 2
        assert said in done.stderr
        assert "Traceback" not in done.stderr


def test_an_output_that_cannot_be_written_costs_no_answer(home: Path, tmp_path: Path) -> None:
    nowhere = tmp_path / "missing" / "kit.json"
    done = skypact(home, "kit", "compose", str(EXAMPLES / "stadium.toml"), "--on", DAY, "--output", str(nowhere))
    assert done.returncode == 2
    assert "What to buy" in done.stdout
    assert done.stderr == f"{nowhere}: must be a file that can be written (No such file or directory)\n"
    assert not nowhere.parent.exists()


def test_a_seed_beyond_the_schema_is_refused(home: Path) -> None:
    done = skypact(home, "kit", "compose", str(EXAMPLES / "stadium.toml"), "--seed", str(2**31))
    assert done.returncode == 2
    assert "Invalid value for '--seed'" in done.stderr
    assert "Traceback" not in done.stderr


def test_files_named_on_the_command_line_count(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kit_command, "_with_progress", lambda requirement, *_: requirement)
    monkeypatch.chdir(tmp_path)
    asked = kit_command.compose_file(
        EXAMPLES / "stadium.toml", terrain=[Path("a.tif")], obstacles=[Path("b.geojson")], on=date(2026, 11, 21)
    )
    assert (asked.terrain, asked.obstacles) == ((str(tmp_path / "a.tif"),), (str(tmp_path / "b.geojson"),))


def test_what_a_proven_kit_leaves_unseen_stands_below_the_headline(capsys: pytest.CaptureFixture[str]) -> None:
    low = samples.kit().coverage[0].model_copy(update={"blind_area_m2": 1.2e6})
    high = low.model_copy(update={"height_m": 120.0, "blind_area_m2": 20.6e6})
    print_kit(samples.kit(coverage=[low.model_dump(mode="json"), high.model_dump(mode="json")]), brief=True)
    said = "20.60 km² inside the warning ring is not seen as asked (mini-multirotor at 120 m, the worst case)"
    assert said in capsys.readouterr().out.splitlines()
    print_kit(samples.kit(), brief=True)
    assert "not seen as asked" not in capsys.readouterr().out
