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

ANSWERS_WITHIN_S = 60


@dataclass(frozen=True)
class Site:
    """A running site."""

    address: str
    server: subprocess.Popen[bytes]


@contextmanager
def serving(command: list[str], environment: dict[str, str], *, log: Path) -> Iterator[Site]:
    """The site that ``command`` (the path of skypact) serves while the block runs."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with log.open("wb") as output:
        server = subprocess.Popen(
            [*command, "serve", "--port", str(port), "--workers", "1"], env=environment, stdout=output, stderr=output
        )
    try:
        address = f"http://127.0.0.1:{port}"
        _wait(f"{address}/healthz", server, log)
        yield Site(address, server)
    finally:
        server.terminate()
        server.wait(timeout=20)


def _wait(address: str, server: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + ANSWERS_WITHIN_S
    while time.monotonic() < deadline and server.poll() is None:
        try:
            with urllib.request.urlopen(address, timeout=1):
                return
        except (urllib.error.URLError, TimeoutError):
            time.sleep(0.1)
    pytest.fail(f"no answer at {address}; the server said:\n{log.read_text()}")
