"""Bytes by their hash: ``SKYPACT_HOME/documents/ab/abcdef…``, written once, checked whenever they are handed out.

A file is written beside its place, synchronised to the disk, and then renamed: what lies under a hash is whole. The
same content given twice is kept once.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from enum import StrEnum
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, NamedTuple

from django.conf import settings

from skypact.market.documents.content import Inspector, TooLargeError, over_quota
from skypact.schema import MediaType

_PART = 2**18


class State(StrEnum):
    """What is to be found under a hash."""

    PRESENT = "present"
    MISSING = "missing"
    DAMAGED = "damaged"


class Taken(NamedTuple):
    """A file that lies in the store."""

    sha256: str
    size_bytes: int
    media_type: MediaType


class BrokenFileError(Exception):
    """The bytes of a listed file are missing or not what was written; ``state`` says which."""

    def __init__(self, state: State) -> None:
        self.state = state
        super().__init__(state.value)


def root() -> Path:
    """The folder of the store."""
    return Path(settings.HOME) / "documents"


def place(sha256: str) -> Path:
    """Where the file with that hash lies."""
    return root() / sha256[:2] / sha256


class Incoming:
    """A file on its way in. Left without :meth:`keep`, nothing of it stays::

    with Incoming() as file:
        for part in parts:
            file.write(part)
        taken = file.keep()
    """

    def __init__(self, *, room: int | None = None) -> None:
        """``room`` is how many bytes its giver may still give; ``None``: as many as a file may have."""
        folder = root() / "incoming"
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._path = folder / secrets.token_hex(16)
        self._file = os.fdopen(os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")
        self._hash = hashlib.sha256()
        self._inspector = Inspector()
        self._room = room

    def __enter__(self) -> Incoming:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def write(self, part: bytes) -> None:
        """Append ``part``. Raises RefusedFileError as soon as the file cannot be taken."""
        self._inspector.see(part)
        if self._room is not None and self._inspector.size > self._room:
            raise TooLargeError(over_quota())
        self._file.write(part)
        self._hash.update(part)

    def keep(self) -> Taken:
        """Move the whole file to where its hash says. Raises RefusedFileError."""
        media_type = self._inspector.finish()
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()
        taken = Taken(self._hash.hexdigest(), self._inspector.size, media_type)
        target = place(taken.sha256)
        target.parent.mkdir(mode=0o700, exist_ok=True)
        with _one_at_a_time():
            os.utime(self._path)  # its time to be named by a listing begins now, however long it took to come
            self._path.replace(target)
        for folder in (target.parent, root()):
            _synchronise(folder)
        return taken

    def close(self) -> None:
        """Leave nothing, unless the file was kept."""
        self._file.close()
        self._path.unlink(missing_ok=True)


def take(stream: BinaryIO, *, room: int | None = None) -> Taken:
    """Read ``stream`` to its end into the store. Raises RefusedFileError, and then nothing stays."""
    with Incoming(room=room) as file:
        while part := stream.read(_PART):
            file.write(part)
        return file.keep()


def _synchronise(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def glance(sha256: str, size_bytes: int) -> State:
    """What lies there, judged by presence and size; :func:`open_checked` reads it all."""
    try:
        found = place(sha256).stat().st_size
    except FileNotFoundError:
        return State.MISSING
    return State.PRESENT if found == size_bytes else State.DAMAGED


def open_checked(sha256: str) -> BinaryIO:
    """The file, read once to its end and found to be what its name says. Raises BrokenFileError."""
    try:
        file = place(sha256).open("rb")
    except FileNotFoundError:
        raise BrokenFileError(State.MISSING) from None
    if hashlib.file_digest(file, "sha256").hexdigest() != sha256:
        file.close()
        raise BrokenFileError(State.DAMAGED)
    file.seek(0)
    return file


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    """Who puts a file in its place and who removes one take turns."""
    with root().with_suffix(".lock").open("ab") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def remove(path: Path, *, older_than_s: float) -> int | None:
    """Remove a file that nobody has written to for so long; its size in bytes, ``None`` where it stays or is gone."""
    with _one_at_a_time():
        try:
            found = path.stat()
        except FileNotFoundError:
            return None
        if found.st_mtime >= time.time() - older_than_s:  # the same bytes were given again meanwhile
            return None
        path.unlink()
        return found.st_size


def older_than(seconds: float) -> Iterator[Path]:
    """Every file of the store that nobody has written to for so long, half-written ones included."""
    limit = time.time() - seconds
    for path in sorted(root().glob("*/*")):
        with suppress(FileNotFoundError):
            if path.is_file() and path.stat().st_mtime < limit:
                yield path
