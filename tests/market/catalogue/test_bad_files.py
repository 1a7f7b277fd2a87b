"""Every file under ``tests/bad_input/catalogue`` is refused with exactly the report beside it; nothing is stored.

``RECORD=1`` writes the reports anew: read the difference before you commit it.
"""

import os
from pathlib import Path

import pytest

from skypact.market.catalogue.actions import import_file
from skypact.market.catalogue.models import Listing, Revision, Vendor
from skypact.market.core.access import Actor
from skypact.market.core.models import Event

pytestmark = pytest.mark.django_db

FOLDER = Path(__file__).parents[2] / "bad_input" / "catalogue"
FILES = sorted(path for path in FOLDER.iterdir() if path.suffix != ".expected")


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_file_is_refused_with_its_report(path: Path) -> None:
    with path.open("rb") as stream:
        report = import_file(actor=Actor.system("test"), stream=stream, name=path.name)
    assert not report.taken
    told = "".join(f"{problem}\n" for problem in report.problems)
    if os.environ.get("RECORD"):
        path.with_name(f"{path.name}.expected").write_text(told, encoding="utf-8")
    assert told == expected(path)
    assert report.problem_count == len(report.problems)
    for model in (Listing, Vendor, Revision, Event):
        assert not model.objects.exists()


def test_every_expectation_belongs_to_a_file() -> None:
    assert {path.name for path in FOLDER.glob("*.expected")} == {f"{path.name}.expected" for path in FILES}


def expected(path: Path) -> str:
    return path.with_name(f"{path.name}.expected").read_text(encoding="utf-8")
