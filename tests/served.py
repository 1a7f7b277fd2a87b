"""Starts `skypact serve` for the tests that need a real server."""

from __future__ import annotations

import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

#: What a machine under any load keeps; nothing waits so long where all is well.
ANSWERS_WITHIN_S, ENDS_WITHIN_S = 600, 300


@dataclass(frozen=True)
class Site:
    """A running site."""

    address: str
    server: subprocess.Popen[bytes]


@contextmanager
def serving(command: list[str], environment: dict[str, str], *, log: Path) -> Iterator[Site]:
    """The site that ``command`` (the path of skypact) serves while the block runs."""
    with reserved_port() as port, log.open("wb") as output:
        server = subprocess.Popen(
            [*command, "serve", "--port", str(port), "--workers", "1"], env=environment, stdout=output, stderr=output
        )
        try:
            address = f"http://127.0.0.1:{port}"
            _wait(f"{address}/healthz", server, log)
            yield Site(address, server)
        finally:
            server.terminate()
            server.wait(timeout=ENDS_WITHIN_S)


@contextmanager
def reserved_port() -> Iterator[int]:
    """A port that the system gives to nobody else while the block runs: its socket never listens, and lets only
    those beside it who ask to share, as a server does."""
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        for sharing in (socket.SO_REUSEADDR, socket.SO_REUSEPORT):
            holder.setsockopt(socket.SOL_SOCKET, sharing, 1)
        yield holder.getsockname()[1]


def _wait(address: str, server: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + ANSWERS_WITHIN_S
    while time.monotonic() < deadline and server.poll() is None:
        try:
            with urllib.request.urlopen(address, timeout=10):
                return
        except (urllib.error.URLError, TimeoutError):
            time.sleep(0.1)
    pytest.fail(f"no answer at {address}; the server said:\n{log.read_text()}")
