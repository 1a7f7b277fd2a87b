"""``skypact kit report`` and ``skypact kit compare``, from kits as files."""

from __future__ import annotations

import io
import json
import re
from pathlib import Path

import pytest
from pypdf import PdfReader
from tests.cli.test_kit import DAY, EXAMPLES, home, skypact
from tests.market.kits import samples
from typer.testing import CliRunner

from skypact.cli import handing_on
from skypact.cli.main import app

__all__ = ["home"]


@pytest.fixture(scope="module")
def kit(home: Path) -> Path:
    """The stadium's kit as a file."""
    path = home / "stadium.json"
    done = skypact(home, "kit", "compose", str(EXAMPLES / "stadium.toml"), "--on", DAY, "--output", str(path))
    assert done.returncode == 0
    return path


def changed(kit: Path, name: str, **changes: object) -> Path:
    path = kit.with_name(name)
    path.write_text(json.dumps({**json.loads(kit.read_text()), **changes}), encoding="utf-8")
    return path


def test_a_kits_file_becomes_a_report(home: Path, kit: Path) -> None:
    pdf = home / "report.pdf"
    done = skypact(home, "kit", "report", str(kit), "-o", str(pdf), "--language", "ko")
    assert (done.returncode, done.stderr) == (0, "")
    made = pdf.read_bytes()
    assert done.stdout == f"{pdf}: {len(made):,} bytes\n"
    pages = [re.sub(r"\s+", " ", page.extract_text()) for page in PdfReader(io.BytesIO(made)).pages]
    assert "현장 보고서" in pages[0]
    assert all("REGISTERED · 합성 자료: 연습용이며 구매에 쓸 수 없음" in page for page in pages)


def test_two_kits_are_compared(home: Path, kit: Path) -> None:
    items = json.loads(kit.read_text())["items"]
    blind = [{**item, "ranges": [], "positions": []} for item in items]
    after = changed(kit, "after.json", id="stadium-after", items=blind)
    areas = home / "areas.geojson"
    done = skypact(home, "kit", "compare", str(kit), str(after), "--json", "-o", str(areas))
    assert (done.returncode, done.stderr) == (0, "")
    told = json.loads(done.stdout)
    assert told["after"] == "stadium-after"
    for case in told["cases"]:
        assert case["gained_m2"] == case["both_m2"] == 0.0
        assert case["lost_m2"] + case["neither_m2"] + case["unknown_m2"] == pytest.approx(told["zone_m2"], rel=0.01)
    assert any(case["lost_m2"] > 0.5 * told["zone_m2"] for case in told["cases"])
    assert {one["properties"]["change"] for one in json.loads(areas.read_text())["features"]} == {"lost"}


def test_a_table_for_people(home: Path, kit: Path) -> None:
    done = skypact(home, "kit", "compare", str(kit), str(kit))
    assert (done.returncode, done.stderr) == (0, "")
    assert "Seen by, in the common area" in done.stdout
    assert "cost ± 0" in done.stdout
    assert "complete +0 days" in done.stdout


def test_what_is_no_kit_is_said(home: Path, kit: Path) -> None:
    done = skypact(home, "kit", "compare", str(kit), "no-such-kit")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "no-such-kit: must be the id of a stored kit, or a kit's JSON file\n"


def test_a_file_that_cannot_be_written_is_said(home: Path, kit: Path) -> None:
    done = skypact(home, "kit", "report", str(kit), "-o", str(home))
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == f"{home}: must be a file that can be written (Is a directory)\n"


def test_elevation_files_named_for_stored_kits_lie_anywhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(handing_on, "open_site", lambda: None)
    monkeypatch.setattr(handing_on, "_stored", lambda kit_id: samples.kit(id=kit_id))
    named = ["kit", "compare", "one", "other", "--terrain", str(tmp_path / "a.tif")]
    assert CliRunner().invoke(app, named).stderr == "a.tif: an existing elevation file\n"
