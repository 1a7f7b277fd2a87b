"""Broken and hostile files are refused with exactly the report beside them; nothing is stored.

Files lie in ``tests/bad_input/catalogue``; large ones and workbooks are made by :mod:`.hostile`, with their reports in
``tests/bad_input/catalogue_made``. ``RECORD=1`` writes the reports anew: read the difference before you commit it.
"""

import io
import os
import tracemalloc
from pathlib import Path

import pytest
from tests.market.catalogue.hostile import FILES as MADE

from skypact.market.catalogue.actions import import_file
from skypact.market.catalogue.models import Listing, Revision, Vendor
from skypact.market.catalogue.report import Report
from skypact.market.core.access import Actor
from skypact.market.core.models import Event

pytestmark = pytest.mark.django_db

FOLDER = Path(__file__).parents[2] / "bad_input" / "catalogue"
REPORTS = FOLDER.with_name("catalogue_made")
FILES = sorted(path for path in FOLDER.iterdir() if path.suffix != ".expected")
#: Bytes that reading may take beyond the file itself, whatever the file pretends to be.
MOST_MEMORY = 64 * 2**20
LARGE = [
    name for name in MADE if any(word in name for word in ("bomb", "million", "gigabytes", "deep", "20000", "many"))
]


def content_of(name: str) -> bytes:
    """The bytes of a file, from the folder or made."""
    path = FOLDER / name
    return path.read_bytes() if path in FILES else MADE[name]()


def report_on(name: str, content: bytes, *, keep_good: bool = False) -> Report:
    return import_file(actor=Actor.system("test"), stream=io.BytesIO(content), name=name, keep_good=keep_good)


def check(name: str, content: bytes, expected: Path) -> None:
    report = report_on(name, content)
    assert not report.taken
    told = "".join(f"{problem}\n" for problem in report.problems)
    if os.environ.get("RECORD"):
        expected.write_text(told, encoding="utf-8")
    assert told == expected.read_text(encoding="utf-8")
    assert report.problem_count == len(report.problems)
    for model in (Listing, Vendor, Revision, Event):
        assert not model.objects.exists()


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_file_is_refused_with_its_report(path: Path) -> None:
    check(path.name, path.read_bytes(), path.with_name(f"{path.name}.expected"))


@pytest.mark.parametrize("name", MADE)
def test_made_file_is_refused_with_its_report(name: str) -> None:
    check(name, MADE[name](), REPORTS / f"{name}.expected")


def test_there_are_more_than_a_hundred_and_each_has_its_report() -> None:
    assert {path.name for path in FOLDER.glob("*.expected")} == {f"{path.name}.expected" for path in FILES}
    assert {path.name for path in REPORTS.iterdir()} == {f"{name}.expected" for name in MADE}
    assert len(FILES) + len(MADE) > 100


@pytest.mark.parametrize("name", LARGE)
def test_memory_stays_bounded(name: str) -> None:
    content = MADE[name]()
    report_on(name, content)
    tracemalloc.start()
    try:
        report_on(name, content)
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most < MOST_MEMORY + len(content)
