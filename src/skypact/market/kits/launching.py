"""The processes that compose kits: how one is started, how it shows that it lives, and how many work at once.

A process holds a lock on its job's log for as long as it lives. It inherits the lock from whoever starts it, so that
there is no moment in which nobody holds it. The operating system lets go of it whichever way the process ends, so a
lock that can be taken means that nobody works on the job: no process number is ever mistaken.
"""

import fcntl
import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db import connection

#: Composing uses every core of its own; one process at a time per two cores keeps the pages quick.
AT_ONCE = max(1, (os.cpu_count() or 1) // 2)
#: Seconds a job may wait, once it is written down, before a missing process means that none was started.
STARTING_TIME_S = 30.0
_LOOK_EVERY_S = 0.25


def folder() -> Path:
    """Where locks and logs of composing processes lie."""
    path = Path(settings.HOME) / "jobs"
    path.mkdir(mode=0o700, exist_ok=True)
    return path


def start(job_id: UUID) -> None:
    """Starts a process that composes the kit of the job."""
    start_process(job_id, ["kit", "compose", "--job", str(job_id)])


def start_process(job_id: UUID, words: Sequence[str]) -> None:
    """Starts ``skypact`` with ``words``, in a session of its own; what it prints goes to ``jobs/<id>.log``."""
    with _log(job_id).open("ab") as log:
        fcntl.flock(log, fcntl.LOCK_SH)
        subprocess.Popen(  # noqa: S603 (our own interpreter and words of ours)
            [sys.executable, "-m", "skypact", *words],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
            env={**os.environ, "SKYPACT_HOME": str(settings.HOME)},
        )


def bound_this_process() -> None:
    """Sets the limits within which this process composes: memory, and the time after which it is ended by force.

    Well before that the search is asked to end with the best kit so far (:mod:`.runner`). Nobody waits before a page
    for what it writes, so that waits for SQLite as long as it must: no kit is lost behind a large import.
    """
    memory = settings.COMPOSE_MEMORY_MB * 1024 * 1024
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    signal.alarm(2 * settings.COMPOSE_SECONDS)
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute(f"PRAGMA busy_timeout = {settings.COMPOSE_SECONDS * 1000}")


@contextmanager
def working_on(job_id: UUID) -> Iterator[None]:
    """Shows, while it lasts, that this process works on the job."""
    with _log(job_id).open("ab") as file:
        fcntl.flock(file, fcntl.LOCK_SH)
        yield


def alive(job_id: UUID) -> bool:
    """Whether some process works on the job."""
    return held(_log(job_id))


def held(path: Path) -> bool:
    """Whether some process holds the lock of a file; of one that is not there nobody does."""
    try:
        with path.open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except FileNotFoundError:
        return False
    return False


def _log(job_id: UUID) -> Path:
    return folder() / f"{job_id}.log"


@contextmanager
def turn(give_up: Callable[[], bool]) -> Iterator[bool]:
    """Waits until fewer than :data:`AT_ONCE` processes compose; yields False if ``give_up()`` came true before."""
    places = [(folder() / f"turn-{number}.lock").open("ab") for number in range(AT_ONCE)]
    try:
        taken = any(_take(place) for place in places)
        while not taken and not give_up():
            time.sleep(_LOOK_EVERY_S)
            taken = any(_take(place) for place in places)
        yield taken
    finally:
        for place in places:
            place.close()


def _take(place: object) -> bool:
    try:
        fcntl.flock(place, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
