"""Submitting and deciding from the command line."""

from pathlib import Path

import pytest
from django.utils.translation import override
from tests.market.catalogue.samples import listing, stock, vendor
from typer.testing import CliRunner

from skypact.cli.main import app
from skypact.exchange.catalogue import line_of

pytestmark = pytest.mark.django_db


def run(*arguments: str) -> tuple[int, str]:
    with override("en"):  # a page's test before this one may have left another language behind
        found = CliRunner().invoke(app, ["submission", *arguments])
    return found.exit_code, found.output


@pytest.fixture
def file(tmp_path: Path) -> Path:
    stock(vendor(), listing("acme-mast"))
    path = tmp_path / "ours.jsonl"
    path.write_text(
        "".join(f"{line_of(record)}\n" for record in (listing("acme-mast", summary="New."), listing("acme-rod")))
    )
    return path


def test_submitted_shown_approved_in_part_and_in_whole(file: Path) -> None:
    from skypact.market.suppliers.models import Submission

    code, output = run("submit", str(file), "--vendor", "acme", "--message", "Please.")
    found = Submission.objects.get()
    assert (code, output) == (0, f"submission {found.pk} of acme: submitted\n")
    code, output = run("list", "--state", "submitted")
    assert (code, "acme" in output, "1 to 1 of 1" in output) == (0, True, True)
    code, output = run("show", str(found.pk))
    assert "Summary: A thing. -> New." in output
    assert "command line (vendor) submit Please." in output
    assert run("approve", str(found.pk), "--listing", "acme-rod", "--message", "The mast: why?") == (
        0,
        f"submission {found.pk} of acme: returned\n",
    )


def test_refusals_say_why_and_exit_with_1(file: Path, tmp_path: Path) -> None:
    bad = tmp_path / "bad.jsonl"
    bad.write_text(line_of(listing("radio")) + "\n")
    code, output = run("submit", str(bad), "--vendor", "acme")
    assert (code, "a new id of acme begins with acme-" in output) == (1, True)
    same = tmp_path / "same.jsonl"
    same.write_text(line_of(listing("acme-mast")) + "\n")
    assert run("submit", str(same), "--vendor", "acme") == (1, "same.jsonl: everything in it is live already\n")
    assert run("show", "7") == (1, "There is no submission 7.\n")
    assert run("approve", "7") == (1, "There is no submission 7.\n")
    assert run("return", "7", "--message", "No.") == (1, "There is no submission 7.\n")
