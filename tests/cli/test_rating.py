"""Acceptances and ratings from the command line."""

import json

import pytest
from tests.market.ratings.samples import rated, soldier, stocked
from typer.testing import CliRunner

from skypact.cli.main import app

pytestmark = pytest.mark.django_db

ACCEPT = (
    *("accept", "acme-mast", "--organisation", "3rd Test Squadron", "--nation", "KR"),
    *("--delivery", "D-1", "--accepted-on", "2026-10-01", "--quantity", "4"),
)


def run(*arguments: str) -> tuple[int, str]:
    found = CliRunner().invoke(app, ["rating", *arguments])
    return found.exit_code, found.output or str(found.exception)


def test_an_acceptance_is_recorded_once() -> None:
    from skypact.market.ratings.models import Acceptance

    stocked()
    status, said = run(*ACCEPT)
    found = Acceptance.objects.get()
    assert (status, said) == (0, f"acceptance {found.pk}: 3rd Test Squadron (KR) may rate acme-mast\n")
    assert (found.recorded_by, found.quantity) == ("system:command line", 4)
    assert run(*ACCEPT) == (1, "this unit's acceptance of this delivery is recorded already\n")


def test_an_unknown_listing_is_refused() -> None:
    status, said = run(*ACCEPT)
    assert status == 1
    assert "listing: the id of a listing of the catalogue (found 'acme-mast')" in said


def test_ratings_are_listed() -> None:
    stocked()
    assert run("list", "acme-mast") == (0, "acme-mast: unrated\n")
    rated(soldier())
    status, said = run("list", "acme-mast")
    assert status == 0
    assert said.startswith("acme-mast: 4.0 of 5 from 1\n")
    assert "  bad: Sways in wind.\n" in said
    assert json.loads(run("list", "acme-mast", "--json")[1])["mean"] == 4.0
    assert run("list", "nothing") == (1, "There is no listing nothing.\n")
