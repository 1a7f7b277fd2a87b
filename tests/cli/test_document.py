"""Files of listings from the command line."""

import os
import time
from pathlib import Path

import pytest
from tests.market.catalogue.samples import listing, stock
from typer.testing import CliRunner

from skypact.cli.main import app
from skypact.market.documents import store

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def own_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "root", lambda: tmp_path / "documents")
    stock(listing())


def run(*arguments: str, status: int = 0) -> str:
    found = CliRunner().invoke(app, ["document", *arguments], env={"COLUMNS": "200"})
    assert found.exit_code == status, found.output
    return found.output


def test_attach_check_and_sweep(tmp_path: Path) -> None:
    file = tmp_path / "trial.txt"
    file.write_text("It rained.\n")
    sha256, *rest = run("attach", "acme-mast", str(file), "--kind", "test_report").split()
    assert rest == ["text/plain", "11", "bytes"]
    assert run("check") == "1 files, 0 missing or damaged\n"
    assert run("sweep") == "0 files removed, 0 bytes\n"
    store.place(sha256).write_text("It shined.\n")
    assert run("check", status=1) == f"{sha256} damaged\n1 files, 1 missing or damaged\n"
    other = store.root() / "aa" / ("a" * 64)
    other.parent.mkdir(exist_ok=True)
    other.write_text("x")
    past = time.time() - 3601
    for path in (other, store.place(sha256)):
        os.utime(path, (past, past))
    assert run("sweep") == "1 files removed, 1 bytes\n"
    assert store.place(sha256).exists()


def test_what_does_not_fit_is_said(tmp_path: Path) -> None:
    file = tmp_path / "page.pdf"
    file.write_text("<html>")
    assert "none of those that are taken" in run("attach", "acme-mast", str(file), "--kind", "manual", status=1)
    assert "There is no listing nothing" in run("attach", "nothing", str(file), "--kind", "manual", status=1)
