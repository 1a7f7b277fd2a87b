"""Programs of others as second decoders, each a process of its own on the user's machine.

They read bytes of strangers, often in a great deal of C code. So a program gets a new folder as its home (no settings
and no plug-ins of the user), no more of the environment, and limits of processor time, memory and size of its files.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, Any

from skypact.conformance.second import UnfinishedError

MOST_CPU_S = 60
MOST_WALL_S = 300
MOST_MEMORY = 2 * 2**30
_ANSWER_S = 120

_LIMITED = f"""
import os, resource, sys
def limit(what, most):
    hard = resource.getrlimit(what)[1]  # of a check that may use less itself
    most = most if hard == resource.RLIM_INFINITY else min(most, hard)
    resource.setrlimit(what, (most, most))
limit(resource.RLIMIT_CPU, {MOST_CPU_S})
limit(resource.RLIMIT_AS, {MOST_MEMORY})
limit(resource.RLIMIT_FSIZE, 2**20)
limit(resource.RLIMIT_CORE, 0)
os.execv(sys.argv[1], sys.argv[1:])
"""


@contextmanager
def output(command: Sequence[str | Path], folder: Path) -> Iterator[IO[bytes]]:
    """What the program prints, as it comes. Raises ``UnfinishedError`` for a program that ended otherwise than well."""
    with (folder / "said").open("w+b") as said:
        process = subprocess.Popen(  # noqa: S603 (a fixed command; what strangers sent stands in a file)
            _limited(command), stdout=subprocess.PIPE, stderr=said, stdin=subprocess.DEVNULL, **_apart(folder)
        )
        watch = threading.Timer(MOST_WALL_S, process.kill)
        watch.start()
        try:
            yield process.stdout
            if left := bool(process.stdout.read(1)):
                process.kill()
        except BaseException:
            process.kill()
            raise
        finally:
            process.stdout.close()
            watch.cancel()
            status = process.wait()
        if status and not left:
            said.seek(0)
            lines = said.read(10_000).decode("utf-8", errors="replace").strip().split("\n")
            why = f": {lines[-1]}" if lines[-1] else ""
            raise UnfinishedError(f"{Path(command[0]).name} ended with status {status}{why}")


def answer(*command: str | Path) -> str:
    """What a program answers to a short question; empty where it gives no answer."""
    with TemporaryDirectory(prefix="skypact-program-") as name:
        try:
            done = subprocess.run(  # noqa: S603 (fixed words)
                _limited(command), capture_output=True, timeout=_ANSWER_S, check=True, **_apart(Path(name))
            )
        except (OSError, subprocess.SubprocessError):
            return ""
    return done.stdout.decode("utf-8", errors="replace")


def _limited(command: Sequence[str | Path]) -> list[str]:
    return [sys.executable, "-I", "-S", "-c", _LIMITED, *map(str, command)]


def _apart(folder: Path) -> dict[str, Any]:
    home = {"HOME": str(folder), "XDG_CONFIG_HOME": str(folder), "PATH": os.defpath, "LC_ALL": "C.UTF-8"}
    return {"cwd": folder, "env": home}
