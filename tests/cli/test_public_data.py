"""Public data sets and the bundle from the command line."""

from pathlib import Path
from zipfile import ZipFile

import pytest
from tests.exchange.catalogue.foreign import samples
from typer.testing import CliRunner

from skypact.cli.main import app

pytestmark = pytest.mark.django_db


def run(*arguments: str) -> tuple[int, str]:
    found = CliRunner().invoke(app, ["catalogue", *arguments], env={"COLUMNS": "200"})
    return found.exit_code, found.output or str(found.exception)


def test_a_public_file_is_recognised_and_what_is_left_out_is_said(tmp_path: Path) -> None:
    file = tmp_path / "numbers.csv"
    weapon = samples.NSN.splitlines()[1].replace("5985", "1005")
    file.write_text(f"{samples.NSN}{weapon}\n", encoding="utf-8")
    assert run("import", str(file)) == (
        0,
        "numbers.csv: left out: 1 rows of supply groups 10 to 14: weapons, ammunition and fire control;"
        " not part of this catalogue\n"
        "numbers.csv: listings 1 new, 0 changed, 0 unchanged; vendors 1 new, 0 changed, 0 unchanged; 0 rows refused\n",
    )


def test_the_format_may_be_named(tmp_path: Path) -> None:
    file = tmp_path / "drones.csv"
    file.write_text(samples.OPENDRONELIST, encoding="utf-8")
    assert run("import", "--format", "opendronelist", str(file))[0] == 0
    status, said = run("import", "--format", "nsn-leso", str(file))
    assert status == 1
    assert "columns are missing: acq_value_usd_latest" in said


def test_a_bundle_goes_out_and_in(tmp_path: Path) -> None:
    file, first, second = tmp_path / "drones.csv", tmp_path / "first.zip", tmp_path / "second.zip"
    file.write_text(samples.OPENDRONELIST, encoding="utf-8")
    run("import", str(file))
    assert run("export", "--bundle", "--output", str(first))[0] == 0
    with ZipFile(first) as archive:
        archive.extract("catalogue.jsonl", tmp_path)
    assert run("import", str(tmp_path / "catalogue.jsonl"))[1].endswith("1 unchanged; 0 rows refused\n")
    assert run("export", "--bundle", "--output", str(second))[0] == 0
    assert second.read_bytes() == first.read_bytes()
    assert sorted(path.name for path in tmp_path.glob("*.zip")) == ["first.zip", "second.zip"]


def test_a_bundle_needs_a_file_to_go_to() -> None:
    status, said = run("export", "--bundle")
    assert status == 1
    assert "name it with --output" in said
