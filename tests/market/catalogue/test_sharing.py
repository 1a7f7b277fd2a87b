"""A file checked by several processes: the same report and the same content as with one, or nothing."""

import io
import multiprocessing
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from tests.market.catalogue.samples import STAFF, claim, evidence, file_of, listing, vendor

from skypact.exchange.catalogue import Format, cutting, write
from skypact.market.catalogue import checking, sharing
from skypact.market.catalogue.actions import import_file
from skypact.market.catalogue.checking import CheckedFile, check
from skypact.market.catalogue.models import Listing, Revision, Vendor
from skypact.market.catalogue.report import Report
from skypact.market.core.models import Event
from skypact.market.federation.models import Change
from skypact.market.prices.models import Arrival, Observation
from skypact.market.relations.models import Relation

OFFER = {"seller": "acme", "price": {"amount": "12.50", "currency": "EUR"}, "evidence": evidence()}
RECORDS = (
    vendor(),
    listing("acme-0", variant_of="acme-8"),
    *(listing(f"acme-{number}", mass=[claim(float(number), "kg")], offers=[OFFER]) for number in range(1, 8)),
    listing("acme-8", substitutes=["acme-1"], name_ko="기둥"),
)
GOOD = file_of(*RECORDS).getvalue()
BAD = file_of(
    *RECORDS,
    "",
    '{"listing": {"id": "acme-9"}}',
    listing("acme-1", summary="Again."),
    vendor(),
    vendor(name="Another"),
    "{",
    listing("acme-10", release="PUBLIC", evidence=[evidence(release="REL KR")]),
    listing("acme-11", variant_of="acme-9"),
    listing("acme-10"),
).getvalue()
FILES = {
    "good.jsonl": GOOD,
    "bad.jsonl": BAD,
    "broken.jsonl": BAD + b"\xff\n",
    "broken in the third line.jsonl": GOOD.split(b"\n")[0] + b"\n\n\0",
    "blank.jsonl": b"\n" * 20,
    "empty.jsonl": b"",
}


def csv_of() -> bytes:
    out = io.BytesIO()
    write(RECORDS, out, Format.CSV)
    return out.getvalue()


FILES["good.csv"] = csv_of()
FILES["repeated.csv"] = csv_of() + csv_of().split(b"\n", 1)[1]
FILES["broken.csv"] = csv_of() + b'"never closed'
FILES["header.csv"] = csv_of().replace(b"summary", b"sumary", 1)


@pytest.fixture
def processes(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """Sets how many processes look at batches of two rows, however small the file."""
    monkeypatch.setattr(cutting, "ROWS", 2)
    monkeypatch.setattr(sharing, "WORTH_SHARING", 1)
    return lambda count: monkeypatch.setattr(sharing, "processes", lambda: count)


def said_of(file: CheckedFile) -> dict[str, Any]:
    plain = {name: value for name, value in vars(file).items() if name != "_spools"}
    return {**plain, "kept": [list(file.kept(kind)) for kind in ("vendor", "listing")]}


@pytest.mark.parametrize("name", FILES)
def test_several_processes_find_what_one_finds(name: str, processes: Callable[[int], None]) -> None:
    found = []
    for count in (1, 2):
        processes(count)
        file = check(io.BytesIO(FILES[name]), name=name, format=Format(name.rpartition(".")[2]))
        found.append(said_of(file))
    assert found[1] == found[0]
    assert found[0]["unreadable"] == ("broken" in name or name in ("empty.jsonl", "header.csv"))


def test_problems_across_batches_are_found_in_order(processes: Callable[[int], None]) -> None:
    processes(2)
    file = check(io.BytesIO(BAD), name="bad.jsonl", format=Format.JSONL)
    places = [(problem.row, problem.field) for problem in file.problems]
    assert [place for place in places if place[0] in (13, 15, 17)] == [
        (13, "id"),
        (15, "vendor"),
        (17, "evidence.release"),
    ]
    assert [row for row, _ in places] == sorted(row for row, _ in places if row is not None)
    assert (file.rows, file.refused) == (18, 6)
    assert file.problems[-1].remedy == "this id stands already in row 17: keep one"


def test_files_of_few_rows_start_no_process(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("a process was started")

    monkeypatch.setattr(sharing, "_elsewhere", refuse)
    monkeypatch.setattr(sharing, "processes", lambda: 2)
    lines = file_of(vendor(), *(listing(f"acme-{number}") for number in range(1_749))).getvalue()
    assert check(io.BytesIO(lines), name="x.jsonl", format=Format.JSONL).rows == 1_750
    with pytest.raises(AssertionError, match="a process was started"):
        check(io.BytesIO(lines + b"\n" * 250), name="x.jsonl", format=Format.JSONL)


def import_(content: bytes, *, keep_good: bool, progress: checking.Progress = checking.unheard) -> Report:
    stream = io.BytesIO(content)
    return import_file(actor=STAFF, stream=stream, name="x.jsonl", keep_good=keep_good, progress=progress)


def written() -> list[list[tuple[Any, ...]]]:
    offered = ("listing", "seller", "number", "price", "currency", "source")
    return [
        list(rows)
        for rows in (
            Vendor.objects.order_by("slug").values_list("slug", "document", "digest"),
            Listing.objects.order_by("slug").values_list("slug", "document", "digest", "card", "labels"),
            Relation.objects.order_by("source", "kind").values_list("source", "kind", "target"),
            Arrival.objects.order_by("listing").values_list("listing", "actor"),
            Observation.objects.order_by("listing").values_list(*offered),
            Change.objects.order_by("sequence").values_list("slug", "subject", "digest_before", "digest_after"),
            [(event.action, event.data) for event in Event.objects.order_by("sequence")],
        )
    ]


@pytest.mark.django_db
@pytest.mark.parametrize(("content", "keep_good"), [(GOOD, False), (BAD, True), (BAD, False)])
def test_several_processes_write_what_one_writes(
    content: bytes, keep_good: bool, processes: Callable[[int], None]
) -> None:
    found = []
    for count in (1, 2):
        processes(count)
        with transaction.atomic():
            report = import_(content, keep_good=keep_good)
            found.append((report.model_dump(exclude={"revision"}), written()))
            transaction.set_rollback(True)
    assert found[1] == found[0]
    assert bool(found[0][1][1]) == (content == GOOD or keep_good)


@pytest.mark.django_db
def test_killed_process_is_said_and_leaves_nothing(
    processes: Callable[[int], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    def kill(doing: str, count: int) -> None:
        for process in multiprocessing.active_children():
            assert process.pid is not None
            os.kill(process.pid, signal.SIGKILL)

    processes(2)
    monkeypatch.setattr(checking, "STEP", 1)
    report = import_(GOOD * 10, keep_good=True, progress=kill)
    assert not report.taken
    assert [problem.remedy for problem in report.problems if problem.row is None] == [
        "a process that checked the file was ended from outside, perhaps for want of memory: import it again"
    ]
    for model in (Listing, Vendor, Revision, Event):
        assert not model.objects.exists()
    assert multiprocessing.active_children() == []


@pytest.mark.django_db
def test_interrupt_ends_the_processes(processes: Callable[[int], None], monkeypatch: pytest.MonkeyPatch) -> None:
    started = []

    def interrupt(doing: str, count: int) -> None:
        started.extend(multiprocessing.active_children())
        raise KeyboardInterrupt

    processes(2)
    monkeypatch.setattr(checking, "STEP", 1)
    with pytest.raises(KeyboardInterrupt):
        import_(GOOD * 10, keep_good=True, progress=interrupt)
    assert started
    assert not any(process.is_alive() for process in started)
    assert not Revision.objects.exists()


KILLED = """
import io, multiprocessing, os, signal, sys
from skypact.exchange.catalogue import Format
from skypact.market.catalogue import checking, sharing

def killed(doing, count):
    print(*(process.pid for process in multiprocessing.active_children()), flush=True)
    os.kill(os.getpid(), signal.SIGKILL)

if __name__ == "__main__":
    sharing.processes = lambda: 2
    checking.check(io.BytesIO(b"{}\\n" * 9_000), name="x.jsonl", format=Format.JSONL, progress=killed)
"""


def test_processes_end_with_a_killed_parent(tmp_path: Path) -> None:
    script = tmp_path / "killed.py"
    script.write_text(KILLED)
    ended = subprocess.run([sys.executable, script], stdout=subprocess.PIPE, text=True, timeout=600)
    assert ended.returncode == -signal.SIGKILL
    left = [int(pid) for pid in ended.stdout.split()]
    assert len(left) in (1, 2)
    deadline = time.monotonic() + 600
    while any(map(_runs, left)):
        assert time.monotonic() < deadline
        time.sleep(0.05)


def _runs(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False
