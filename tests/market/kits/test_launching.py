"""Composing processes: one that dies is noticed, and only so many work at once."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from skypact.market.kits import launching

START = launching.start  # the fixture ``started`` puts another in its place
HOLDER = """
import sys
from pathlib import Path
from uuid import UUID
from django.conf import settings
settings.configure(HOME=Path(sys.argv[1]))
from skypact.market.kits import launching
with launching.working_on(UUID(sys.argv[2])):
    print("working", flush=True)
    sys.stdin.read()
"""


def test_nobody_works_on_a_job_without_a_process() -> None:
    assert launching.alive(uuid4()) is False


@pytest.mark.parametrize("end", [signal.SIGTERM, signal.SIGKILL])
def test_a_process_is_alive_until_it_ends_however_it_ends(home: Path, end: signal.Signals) -> None:
    job_id = uuid4()
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(home), str(job_id)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with process:
        assert process.stdout is not None
        assert process.stdout.readline() == "working\n"
        assert launching.alive(job_id) is True
        process.send_signal(end)
        process.wait()
    assert launching.alive(job_id) is False


def test_a_place_is_free_again_after_its_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(launching, "AT_ONCE", 1)
    with launching.turn(lambda: True) as first:
        assert first is True
        with launching.turn(lambda: True) as second:
            assert second is False
    with launching.turn(lambda: True) as third:
        assert third is True


def test_the_process_is_ours_and_leaves_a_log(monkeypatch: pytest.MonkeyPatch, home: Path) -> None:
    calls: list[tuple[list[str], dict[str, object]]] = []
    monkeypatch.setattr(launching.subprocess, "Popen", lambda command, **options: calls.append((command, options)))
    job_id = UUID("00000000-0000-4000-8000-000000000001")
    START(job_id)
    ((command, options),) = calls
    assert command == [sys.executable, "-m", "skypact", "kit", "compose", "--job", str(job_id)]
    assert options["start_new_session"] is True
    assert (home / "jobs" / f"{job_id}.log").exists()


def test_a_process_is_alive_from_the_moment_that_it_is_started(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """However long it takes until its first line runs: this one never gets there."""
    popen, started = subprocess.Popen, []
    monkeypatch.setattr(
        launching.subprocess, "Popen", lambda command, **options: started.append(popen(["sleep", "600"], **options))
    )
    job_id = uuid4()
    START(job_id)
    assert launching.alive(job_id) is True
    started[0].kill()
    started[0].wait()
    assert launching.alive(job_id) is False


def test_process_that_composes_has_limits() -> None:
    """In a process of its own, since limits cannot be taken back."""
    code = (
        "from skypact.market.site import open_site; open_site(migrate=False)\n"
        "import resource, signal\n"
        "from skypact.market.kits.launching import bound_this_process\n"
        "bound_this_process()\n"
        "from django.db import connection\n"
        "waits_ms = connection.cursor().execute('PRAGMA busy_timeout').fetchone()[0]\n"
        "print(resource.getrlimit(resource.RLIMIT_AS), signal.alarm(0), waits_ms)"
    )
    environment = {**os.environ, "SKYPACT_COMPOSE_MEMORY_MB": "9000", "SKYPACT_COMPOSE_SECONDS": "50"}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    assert done.stdout == f"({9000 * 2**20}, {9000 * 2**20}) 100 50000\n"
