"""The processes that combine recordings: how one is started, how it shows that it lives, and what it left.

As with kits, a process holds a lock for as long as it lives; it inherits the lock from its parent, so that there is no
moment in which nobody holds it.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from uuid import UUID

from django.conf import settings
from pydantic import ValidationError

from skypact.conformance.standard import Recording
from skypact.market.pictures.working import MOST_SECONDS, Question, Result


def folder_of(picture: UUID) -> Path:
    """Where the recordings of a picture that is being made lie."""
    return Path(settings.HOME) / "pictures" / str(picture)


def start(picture: UUID, question: Question, recordings: Sequence[Recording]) -> None:
    """Lays the recordings down and starts a process of its own for them."""
    folder = folder_of(picture)
    folder.parent.mkdir(mode=0o700, exist_ok=True)
    folder.mkdir(mode=0o700)
    lay_down(folder, question, recordings)
    with (folder / "lock").open("ab") as lock, (folder / "log").open("ab") as log:
        fcntl.flock(lock, fcntl.LOCK_EX)
        subprocess.Popen(  # noqa: S603 (our own interpreter and a folder of ours)
            _command(folder),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
            pass_fds=(lock.fileno(),),
            env=_environment(),
        )


def wait_for(question: Question, recordings: Sequence[Recording]) -> Result | None:
    """The picture of recordings of our own, waited for; ``None`` where the process made nothing."""
    with tempfile.TemporaryDirectory(prefix="skypact-picture-") as name:
        folder = Path(name)
        lay_down(folder, question, recordings)
        with suppress(subprocess.TimeoutExpired):
            subprocess.run(  # noqa: S603 (our own interpreter and a folder of ours)
                _command(folder), env=_environment(), capture_output=True, timeout=2 * MOST_SECONDS, check=False
            )
        return _read(folder)


def lay_down(folder: Path, question: Question, recordings: Sequence[Recording]) -> None:
    """Writes what the process reads into ``folder``."""
    for number, one in enumerate(recordings):
        (folder / str(number)).write_bytes(one.data)
    (folder / "question.json").write_text(question.model_dump_json(), encoding="utf-8")


def _command(folder: Path) -> list[str]:
    return [sys.executable, "-I", "-m", "skypact.market.pictures.working", str(folder)]


def _environment() -> dict[str, str]:
    """One thread: each more takes memory of the limit before it does anything."""
    return {**os.environ, "OPENBLAS_NUM_THREADS": "1"}


def alive(picture: UUID) -> bool:
    """Whether some process works on the picture."""
    path = folder_of(picture) / "lock"
    if not path.exists():
        return False
    with path.open("ab") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


def result(picture: UUID) -> Result | None:
    """What the process made; ``None`` where it made nothing that can be read."""
    return _read(folder_of(picture))


def _read(folder: Path) -> Result | None:
    try:
        return Result.model_validate_json((folder / "result.json").read_bytes())
    except (FileNotFoundError, ValidationError):
        return None


def progress(picture: UUID) -> tuple[str, float] | None:
    """What is being done, in the engine's words, and the share of it that is done; ``None`` before anything is."""
    try:
        what, done, of = (folder_of(picture) / "progress").read_text(encoding="utf-8").split("\n")
    except FileNotFoundError:
        return None
    return what, int(done) / max(int(of), 1)


def failure(picture: UUID) -> str:
    """Why the process refused; empty where it did not say."""
    try:
        return (folder_of(picture) / "failed.txt").read_text(encoding="utf-8")
    except FileNotFoundError:
        return ""


def forget(picture: UUID) -> None:
    """Removes what lies in the folder, the recordings too."""
    shutil.rmtree(folder_of(picture), ignore_errors=True)
