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
from pathlib import Path
from uuid import UUID

from django.conf import settings
from pydantic import ValidationError

from skypact.conformance.standard import Recording
from skypact.market.kits import launching
from skypact.market.pictures.working import Question, Result


def folder_of(key: UUID | str) -> Path:
    """Where the recordings of a picture that is being made lie."""
    return Path(settings.HOME) / "pictures" / str(key)


def start(key: UUID | str, question: Question, recordings: Sequence[Recording]) -> None:
    """Lays the recordings down and starts a process of its own for them. Raises FileExistsError if it was started."""
    folder = folder_of(key)
    folder.parent.mkdir(mode=0o700, exist_ok=True)
    incoming = Path(tempfile.mkdtemp(prefix=".incoming-", dir=folder.parent))
    with (incoming / "lock").open("ab") as lock, (incoming / "log").open("ab") as log:
        fcntl.flock(lock, fcntl.LOCK_EX)
        lay_down(incoming, question, recordings)
        _put_in_place(incoming, folder)  # whoever finds the folder finds all of it, and its lock held
        subprocess.Popen(  # noqa: S603 (our own interpreter and a folder of ours)
            [sys.executable, "-I", "-m", "skypact.market.pictures.working", str(folder)],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
            pass_fds=(lock.fileno(),),
            env={**os.environ, "OPENBLAS_NUM_THREADS": "1"},  # each thread more takes memory of the limit
        )


def _put_in_place(incoming: Path, folder: Path) -> None:
    try:
        os.rename(incoming, folder)
    except OSError as error:
        shutil.rmtree(incoming)
        raise FileExistsError(f"{folder} is there already") from error


def lay_down(folder: Path, question: Question, recordings: Sequence[Recording]) -> None:
    """Writes what the process reads into ``folder``."""
    for number, one in enumerate(recordings):
        (folder / str(number)).write_bytes(one.data)
    (folder / "question.json").write_text(question.model_dump_json(), encoding="utf-8")


def begun(key: UUID | str) -> bool:
    """Whether a process was started for the picture."""
    return (folder_of(key) / "lock").exists()


def alive(key: UUID | str) -> bool:
    """Whether some process works on the picture."""
    return launching.held(folder_of(key) / "lock")


def result(key: UUID | str) -> Result | None:
    """What the process made; ``None`` where it made nothing that can be read."""
    try:
        return Result.model_validate_json((folder_of(key) / "result.json").read_bytes())
    except (FileNotFoundError, ValidationError):
        return None


def progress(key: UUID | str) -> tuple[str, float] | None:
    """What is being done, in the engine's words, and the share of it that is done; ``None`` before anything is."""
    try:
        what, done, of = (folder_of(key) / "progress").read_text(encoding="utf-8").split("\n")
    except FileNotFoundError:
        return None
    return what, int(done) / max(int(of), 1)


def failure(key: UUID | str) -> str:
    """Why the process refused; empty where it did not say."""
    try:
        return (folder_of(key) / "failed.txt").read_text(encoding="utf-8")
    except FileNotFoundError:
        return ""


def forget(key: UUID | str) -> None:
    """Removes what lies in the folder, the recordings too."""
    shutil.rmtree(folder_of(key), ignore_errors=True)
