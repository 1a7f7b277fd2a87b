"""The processes that compose kits: how one is started, how it shows that it lives, and how many work at once.

A process holds a lock on its job's file for as long as it lives. The operating system lets go of it whichever way the
process ends, so a lock that can be taken means that nobody works on the job: no process number is ever mistaken.
"""

import fcntl
import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID

from django.conf import settings

#: Composing uses every core of its own; one process at a time per two cores keeps the pages quick.
AT_ONCE = max(1, (os.cpu_count() or 1) // 2)
#: Seconds a job may wait before a missing process means that none ever came.
STARTING_TIME_S = 30.0
_LOOK_EVERY_S = 0.25


def folder() -> Path:
    """Where locks and logs of composing processes lie."""
    path = Path(settings.HOME) / "jobs"
    path.mkdir(mode=0o700, exist_ok=True)
    return path


def start(job_id: UUID) -> None:
    """Starts a process of its own session for the job; what it prints goes to ``jobs/<id>.log``."""
    with (folder() / f"{job_id}.log").open("ab") as log:
        subprocess.Popen(  # noqa: S603 (our own interpreter and a UUID)
            [sys.executable, "-m", "skypact", "kit", "compose", "--job", str(job_id)],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
            env={**os.environ, "SKYPACT_HOME": str(settings.HOME)},
        )


def bound_this_process() -> None:
    """Sets the limits within which this process composes: memory, and the time after which it is ended by force.

    Well before that the search is asked to end with the best kit so far (:mod:`.runner`).
    """
    memory = settings.COMPOSE_MEMORY_MB * 1024 * 1024
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    signal.alarm(2 * settings.COMPOSE_SECONDS)


@contextmanager
def working_on(job_id: UUID) -> Iterator[None]:
    """Shows, while it lasts, that this process works on the job."""
    path = folder() / f"{job_id}.lock"
    with path.open("ab") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
        path.unlink()


def alive(job_id: UUID) -> bool:
    """Whether some process works on the job."""
    path = folder() / f"{job_id}.lock"
    return path.exists() and not _free(path)


def _free(path: Path) -> bool:
    with path.open("ab") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True


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
