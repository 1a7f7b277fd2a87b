"""Serving: a taken port is said at once, Ctrl-C ends cleanly."""

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

from tests.served import ENDS_WITHIN_S, serving

SKYPACT = str(Path(sys.executable).with_name("skypact"))


def environment(home: Path) -> dict[str, str]:
    return {**os.environ, "SKYPACT_HOME": str(home)}


def test_taken_port_is_one_line(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        found = subprocess.run(
            [SKYPACT, "serve", "--port", str(port)],
            env=environment(tmp_path),
            capture_output=True,
            text=True,
            check=False,
        )
    assert found.returncode == 1
    assert found.stderr == (f"127.0.0.1:{port} cannot be used (Address already in use); choose another with --port\n")
    assert list(tmp_path.iterdir()) == []


def test_interrupt_ends_without_a_traceback(tmp_path: Path) -> None:
    log = tmp_path / "serve.log"
    with serving([SKYPACT], environment(tmp_path / "home"), log=log) as site:
        site.server.send_signal(signal.SIGINT)
        assert site.server.wait(timeout=ENDS_WITHIN_S) == 0
    assert "Traceback" not in log.read_text(encoding="utf-8")
