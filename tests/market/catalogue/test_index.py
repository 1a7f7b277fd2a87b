"""The index on disk: never stale, never half, and back from the documents when it is lost."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
from django.db import transaction
from tests.market.catalogue.samples import ANONYMOUS, DAY, claim, listing, stock, vendor

from skypact.market.catalogue import index, selectors, storing
from skypact.market.catalogue.models import Listing, Revision
from skypact.market.catalogue.selectors import Filters


def found(text: str = "") -> list[str]:
    return [item.record.id for item in selectors.search(ANONYMOUS, Filters(q=text, sort="name"), on=DAY).page.items]


def another_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """Forget what this process holds open, as one that begins would."""
    monkeypatch.setattr(index, "_opened", None)


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "index"
    monkeypatch.setattr(index, "folder", lambda: folder)
    return folder


pytestmark = pytest.mark.django_db


def test_what_an_act_changes_is_found_at_once_and_gone_when_it_is_rolled_back() -> None:
    stock(listing())
    with transaction.atomic():
        stock(listing("acme-pole"))
        assert found() == ["acme-mast", "acme-pole"]
        transaction.set_rollback(True)
    assert found() == ["acme-mast"]
    stock(listing("acme-boom"))
    assert found() == ["acme-boom", "acme-mast"]


def test_failure_while_writing_leaves_the_old_index(monkeypatch: pytest.MonkeyPatch, own_folder: Path) -> None:
    stock(listing())
    before = sorted(own_folder.iterdir())

    def fail(*_: object) -> None:
        raise OSError("disk full")

    with monkeypatch.context() as broken:
        broken.setattr(storing, "entry_of", fail)
        with pytest.raises(OSError, match="disk full"):
            stock(listing("acme-pole"))
    assert found() == ["acme-mast"]
    assert sorted(own_folder.iterdir()) == before


def test_lost_index_is_written_again_from_the_documents(
    monkeypatch: pytest.MonkeyPatch, own_folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    stock(listing(mass=[claim(2, "kg")]), listing("acme-pole", name="돛대 둘"))
    stock(listing("acme-boom"))
    shutil.rmtree(own_folder)
    another_process(monkeypatch)
    assert found() == ["acme-boom", "acme-mast", "acme-pole"]
    assert found("돛대") == ["acme-pole"]
    assert "3 of 3 listings read again" in caplog.text or "1 of 1 listings read again" in caplog.text
    caplog.clear()
    another_process(monkeypatch)
    assert found("mast") == ["acme-mast"]
    assert caplog.text == ""


@pytest.mark.parametrize("damage", [b"", b"not an array"])
def test_damaged_index_is_written_again(monkeypatch: pytest.MonkeyPatch, own_folder: Path, damage: bytes) -> None:
    stock(listing())
    (segment,) = (path for path in own_folder.iterdir() if path.is_dir())
    (segment / "keys.npy").write_bytes(damage)
    another_process(monkeypatch)
    assert found() == ["acme-mast"]


def test_many_changes_are_merged_into_few_segments(monkeypatch: pytest.MonkeyPatch) -> None:
    stock(vendor(), *(listing(f"acme-{number:03}") for number in range(60)))
    for number in range(30):
        stock(listing(f"acme-{number:03}", name=f"Changed {number}"))
        assert Revision.objects.exclude(segment="").count() <= index.MOST_SEGMENTS
    assert selectors.search(ANONYMOUS, Filters(q="changed"), on=DAY).page.total == 30
    another_process(monkeypatch)
    assert selectors.search(ANONYMOUS, Filters(), on=DAY).page.total == 60


def test_segment_lost_between_others_takes_up_only_what_changed_with_it(monkeypatch: pytest.MonkeyPatch) -> None:
    stock(vendor(), *(listing(f"acme-{number}") for number in range(9)))
    stock(listing("acme-0", name="First change"))
    stock(listing("acme-0", name="Second change"))
    names = list(Revision.objects.exclude(segment="").order_by("pk").values_list("segment", flat=True))
    assert len(names) == 3
    shutil.rmtree(index.folder() / names[1])
    another_process(monkeypatch)
    assert found("second") == ["acme-0"]
    assert found("first") == []
    assert selectors.search(ANONYMOUS, Filters(), on=DAY).page.total == 9


def test_rebuild_puts_one_segment_in_the_place_of_all(monkeypatch: pytest.MonkeyPatch) -> None:
    stock(vendor(), *(listing(f"acme-{number}") for number in range(9)))
    stock(listing("acme-0", name="Changed"))
    told: list[tuple[int, int]] = []
    assert index.rebuild(lambda done, total: told.append((done, total))) == 9
    assert told[-1] == (9, 9)
    assert Revision.objects.exclude(segment="").count() == 1
    assert found("changed") == ["acme-0"]
    another_process(monkeypatch)
    assert found("changed") == ["acme-0"]


def test_rebuild_of_an_empty_catalogue_is_nothing() -> None:
    assert index.rebuild(lambda done, total: None) == 0
    assert found() == []


@pytest.mark.django_db(transaction=True)
def test_folders_that_nobody_names_are_swept_when_they_are_old(own_folder: Path) -> None:
    stock(listing())
    old, young = own_folder / "old", own_folder / "young"
    for orphan in (old, young):
        orphan.mkdir()
    two_days_ago = time.time() - 2 * 86_400
    os.utime(old, (two_days_ago, two_days_ago))
    stock(listing("acme-pole"))
    assert (old.exists(), young.exists()) == (False, True)
    assert found() == ["acme-mast", "acme-pole"]


def test_a_folder_that_goes_while_one_sweeps_is_no_error(own_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another act moves its finished segment into place, or sweeps too."""
    stock(listing())
    old = own_folder / "old"
    old.mkdir()
    two_days_ago = time.time() - 2 * 86_400
    os.utime(old, (two_days_ago, two_days_ago))

    class Moving(type(own_folder)):
        def iterdir(self) -> Iterator[Path]:
            gone = own_folder / "gone"
            gone.mkdir()
            yield GoesNow(gone)
            yield old

    class GoesNow(type(own_folder)):
        def is_dir(self) -> bool:
            self.rmdir()
            return True

        def stat(self, **options: bool) -> os.stat_result:
            with suppress(FileNotFoundError):
                self.rmdir()
            return super().stat(**options)

    monkeypatch.setattr(index, "folder", lambda: Moving(own_folder))
    index.sweep()
    assert not old.exists()


def test_vendor_s_new_name_is_found_for_listings_that_did_not_change() -> None:
    stock(vendor(), listing(), listing("acme-pole"))
    stock(vendor(name="Apex", nation="NO"), listing("acme-pole", name="Other"))
    assert found("apex") == ["acme-mast", "acme-pole"]
    assert Listing.objects.filter(nation="NO").count() == 2


# --- several processes -----------------------------------------------------------------------------------------------

PREAMBLE = """
import os, signal, sys
from skypact.market.site import open_site
open_site()
from datetime import date
from skypact.market.catalogue import index, selectors, storing
from skypact.market.catalogue.actions import import_records
from skypact.market.core.access import Actor
from skypact.seed.synthetic import records

def total():
    return selectors.search(Actor.anonymous(), selectors.Filters(), on=date(2026, 11, 1)).page.total

def take(items):
    import_records(actor=Actor.system("test"), records=records(items=items, seed=1), name="test")

def kill_half_way(count):
    entry_of, calls = storing.entry_of, []
    def killing(*arguments):
        calls.append(None)
        if len(calls) == count:
            os.kill(os.getpid(), signal.SIGKILL)
        return entry_of(*arguments)
    storing.entry_of = killing
"""


@pytest.fixture
def python(database: str, tmp_path: Path, request: pytest.FixtureRequest) -> Callable[..., subprocess.Popen[str]]:
    """Starts a process of an installation of its own on the kind of database under test."""
    environment = {**os.environ, "SKYPACT_HOME": str(tmp_path / "home")}
    if database == "postgresql":
        url = request.getfixturevalue("postgresql_url")
        name = f"index_{tmp_path.name.replace('-', '_')}".lower()
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(f'DROP DATABASE IF EXISTS "{name}"')
            connection.execute(f'CREATE DATABASE "{name}"')
        environment["DATABASE_URL"] = urlunsplit(urlsplit(url)._replace(path=f"/{name}"))

    def start(code: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-c", PREAMBLE + code],
            env=environment,
            text=True,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )

    return start


def said(process: subprocess.Popen[str], status: int = 0) -> str:
    output, errors = process.communicate(timeout=600)
    assert process.returncode == status, errors
    return output.strip()


def test_killed_import_and_killed_rebuild_leave_the_old_index_serving(
    python: Callable[..., subprocess.Popen[str]],
) -> None:
    assert said(python("take(20); print(total())")) == "20"
    said(python("kill_half_way(700); take(900)"), status=-9)
    said(python("kill_half_way(10); index.rebuild(lambda done, total: None)"), status=-9)
    assert said(python("print(total()); take(900); print(total())")).split() == ["20", "900"]


def test_process_that_reads_sees_what_another_writes_at_once(python: Callable[..., subprocess.Popen[str]]) -> None:
    reader = python("for line in sys.stdin: print(total(), flush=True)")
    assert reader.stdin is not None
    assert reader.stdout is not None

    def read() -> str:
        reader.stdin.write("\n")
        reader.stdin.flush()
        return reader.stdout.readline().strip()

    assert read() == "0"
    said(python("take(20)"))
    assert read() == "20"
    said(python("take(30)"))
    assert read() == "30"
    reader.stdin.close()
    assert reader.wait(timeout=600) == 0
    reader.stdout.close()
    assert reader.stderr is not None
    reader.stderr.close()
