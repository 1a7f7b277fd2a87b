"""``skypact interop``: check, complete and with, from the command line on the built-in catalogue."""

from __future__ import annotations

import ctypes
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from skypact.cli import interop
from skypact.cli.main import app
from skypact.market.catalogue.actions import import_built_in

pytestmark = pytest.mark.django_db

Run = Callable[..., Result]
SET = ("robin-radar-iris", "tak-server")


@pytest.fixture
def skypact(monkeypatch: pytest.MonkeyPatch) -> Run:
    """The command in this process, on the test's database."""
    import_built_in()
    monkeypatch.setattr(interop, "open_site", lambda: None)
    return lambda *arguments: CliRunner().invoke(app, ["interop", *arguments])


def test_check_says_the_answer_with_the_exit_status(skypact: Run) -> None:
    bare = skypact("check", *SET, "--no-power", "--json")
    assert bare.exit_code == 0, bare.stderr
    assert json.loads(bare.stdout)["aspects"] == {"data": "yes", "air": "yes", "support": "unknown"}
    fed = skypact("check", f"{SET[0]}:2", "--own", SET[1])
    assert fed.exit_code == 3
    assert fed.stdout.splitlines()[0] == "as it is: unknown"
    two = ("check", f"{SET[0]}:2", "--no-power", "--json")
    assert json.loads(skypact(*two).stdout)["aspects"]["air"] == "unknown"
    assert json.loads(skypact(*two, "--apart", "27000").stdout)["aspects"]["air"] == "yes"
    assert json.loads(skypact(*two, "--apart", "27000", "--mast", "20").stdout)["aspects"]["air"] == "unknown"
    assert json.loads(skypact(*two, "--nation", "KR").stdout)["aspects"]["licence"] == "unknown"
    assert skypact(*two, "--nation", "Korea").exit_code == 2
    refused = skypact("check", "kraken", SET[1])
    assert (refused.exit_code, refused.stderr.strip()) == (2, "There is no listing kraken.")
    assert skypact("check").exit_code == 2
    assert skypact("check", SET[0], "--mains", "many").exit_code == 2


def test_complete_says_what_to_add_or_why_not(skypact: Run) -> None:
    added = skypact("complete", "squarehead-discovair-g2-plus", SET[1], "--no-power", "--accept", "0", "--json")
    document = json.loads(added.stdout)
    assert (added.exit_code, document["completion"]) == (1, None)
    assert document["reasons"][0]["stipulations"][-1]["kind"] in ("hub", "connected")
    done = skypact("complete", *SET, "--no-power")
    assert (done.exit_code, done.stdout.splitlines()[:2]) == (0, ["as it is: yes", "nothing to add"])
    bought = skypact("complete", "squarehead-discovair-g2-plus", SET[1], "--no-power").stdout
    assert "add (nothing of it has a public price):" in bought
    assert "0.00" not in bought
    assert "budget" not in bought
    limited = skypact("complete", "squarehead-discovair-g2-plus", SET[1], "--no-power", "--budget", "1").stdout
    assert "Nobody states a price of EFDI pod: whether the budget of 1.00 is kept could not be checked." in limited
    assert "not every way is sure; --accept 0 asks for additions that surely work" in bought


def test_with_lists_partners(skypact: Run) -> None:
    found = skypact("with", SET[0], "--json")
    assert SET[1] in [one["listing"] for one in json.loads(found.stdout)["partners"]]
    assert "both speak CoT" in skypact("with", SET[0]).stdout
    assert skypact("with", "none").exit_code == 1


def test_a_kit_is_owned_already(skypact: Run, tmp_path: Path) -> None:
    broken = tmp_path / "kit.json"
    broken.write_text("{}", encoding="utf-8")
    assert skypact("check", SET[0], "--have", str(broken)).exit_code == 2
    assert "a readable file" in skypact("check", SET[0], "--have", str(tmp_path / "none.json")).stderr


def test_what_a_library_prints_is_not_in_the_answer(capfd: pytest.CaptureFixture[str]) -> None:
    with interop._said_apart():
        ctypes.CDLL(None).puts(b"noise of a solver")
    print("ours")
    said = capfd.readouterr()
    assert (said.out, said.err) == ("ours\n", "noise of a solver\n")
