"""The catalogue from the command line."""

import json
from pathlib import Path

import openpyxl
import pytest
from typer.testing import CliRunner

from skypact import seed
from skypact.cli.main import app
from skypact.exchange.catalogue import line_of, read, template
from skypact.market.catalogue import actions

HEADER = (
    "id,name,vendor,vendor.name,vendor.nation,category,summary,"
    "evidence.grade,evidence.source_title,evidence.source_date"
)
ROWS = (
    "acme-radio,Acme Radio,acme,Acme,KR,radio,A radio.,stated,Acme brochure,2026-01-05",
    "acme-mast,Acme Mast,acme,Acme,KR,mount,A mast.,stated,Acme brochure,2026-01-05",
)


def run(*arguments: str, status: int = 0) -> str:
    found = CliRunner().invoke(app, ["catalogue", *arguments], env={"COLUMNS": "200"})
    assert found.exit_code == status, found.output
    return found.output


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "acme.csv"
    path.write_text("\n".join((HEADER, *ROWS)) + "\n", encoding="utf-8")
    return path


def test_built_in_catalogue_is_exported_without_a_database() -> None:
    lines = run("export", "--seed-only", "--format", "jsonl").splitlines()
    built_in = seed.catalogue()
    assert lines == [line_of(record) for record in (*built_in.vendors, *built_in.listings)]


def test_synthetic_catalogue_goes_to_a_file_in_every_format(tmp_path: Path) -> None:
    for ending, start in (
        ("jsonl", '{"vendor":{"id":"SYN-VENDOR-00001"'),
        ("csv", "id,name,name_ko,vendor"),
        ("json", '{"vendors":['),
    ):
        path = tmp_path / f"synthetic.{ending}"
        assert run("synth", "--items", "20", "--seed", "4", "--format", ending, "-o", str(path)) == ""
        assert path.read_text(encoding="utf-8").startswith(start)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["synthetic.csv", "synthetic.json", "synthetic.jsonl"]


def test_synthetic_catalogue_has_a_largest_size() -> None:
    assert "1000000" in run("synth", "--items", "1000001", status=2)


def test_template_is_one_row_of_columns() -> None:
    (row,) = run("template").splitlines()
    assert row.startswith("id,name,name_ko,vendor,vendor.name,")


def test_template_is_a_workbook_too(tmp_path: Path) -> None:
    path = tmp_path / "template.xlsx"
    run("template", "--format", "xlsx", "-o", str(path))
    with path.open("rb") as stream:
        assert list(read(stream, name=path.name)) == []
    assert [cell.value for cell in next(openpyxl.load_workbook(path).active.iter_rows())] == list(template())


@pytest.mark.django_db
def test_interrupted_import_says_that_nothing_came_in(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(actions, "put", interrupted)
    assert "interrupted; nothing was imported" in run("import", str(file), status=130)


@pytest.mark.django_db
def test_import_list_search_show_compare_export(file: Path, tmp_path: Path) -> None:
    assert run("import", str(file)) == (
        "acme.csv: listings 2 new, 0 changed, 0 unchanged; vendors 1 new, 0 changed, 0 unchanged; 0 rows refused\n"
    )
    assert "2 unchanged" in run("import", str(file))
    assert "1 to 2 of 2" in run("list")
    assert "1 to 1 of 1" in run("list", "--category", "mount")
    assert "acme-radio" in run("search", "radio")
    assert json.loads(run("search", "radio", "--json"))["items"][0]["id"] == "acme-radio"
    assert "Acme Radio  (acme-radio, radio, acme)" in run("show", "acme-radio")
    assert json.loads(run("show", "acme-radio", "--json"))["id"] == "acme-radio"
    assert "Acme Mast" in run("compare", "acme-radio", "acme-mast")
    first, second = tmp_path / "first.jsonl", tmp_path / "second.jsonl"
    run("export", "-o", str(first))
    run("import", str(first))
    run("export", "-o", str(second))
    assert first.read_bytes() == second.read_bytes()
    assert len(first.read_text(encoding="utf-8").splitlines()) == 3


@pytest.mark.django_db
def test_index_is_written_anew_and_search_explains_itself(file: Path) -> None:
    assert run("reindex").endswith("The search index holds 0 listings.\n")
    run("import", str(file))
    assert run("reindex").endswith("The search index holds 2 listings.\n")
    found = run("search", "raido 5 km")
    assert "Nothing contains “raido”; searched for radio instead." in found
    assert "5 km: Detection range at least 5 km or Radio link range at least 5 km" in found


@pytest.mark.django_db
def test_refused_file_is_reported_and_nothing_is_taken(file: Path) -> None:
    file.write_text(file.read_text(encoding="utf-8").replace("mount", "boat"), encoding="utf-8")
    report = run("import", str(file), status=1)
    assert "'boat'" in report
    assert report.endswith("acme.csv: nothing was imported (1 of 2 rows refused)\n")
    assert "0 to 0 of 0" in run("list")
    assert json.loads(run("import", str(file), "--json", status=1))["problems"][0]["row"] == 3
    assert "listings 1 new" in run("import", str(file), "--keep-good", status=1)


@pytest.mark.django_db
def test_seed_loads_once() -> None:
    count = len(seed.catalogue().listings)
    assert f"listings {count} new" in run("load-seed")
    assert f"listings 0 new, 0 changed, {count} unchanged" in run("load-seed")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("show", "nothing"), "there is no listing nothing; skypact catalogue search finds ids"),
        (("compare", "one"), "compare takes 2 to 6 different ids, not 1"),
        (("compare", "one", "one"), "compare takes 2 to 6 different ids, not 1"),
    ],
)
def test_errors_say_what_to_do(arguments: tuple[str, ...], message: str) -> None:
    found = CliRunner().invoke(app, ["catalogue", *arguments])
    assert found.exit_code == 1
    assert found.output == f"{message}\n" or str(found.exception) == message


def test_failed_export_leaves_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def break_off(**_: object) -> object:
        yield "{}"
        raise RuntimeError("power cut")

    monkeypatch.setattr("skypact.seed.synthetic.lines", break_off)
    found = CliRunner().invoke(app, ["catalogue", "synth", "--items", "2", "-o", str(tmp_path / "x.jsonl")])
    assert str(found.exception) == "power cut"
    assert list(tmp_path.iterdir()) == []
