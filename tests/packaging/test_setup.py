"""What `make` asks of the machine before it begins, and what it says when that is missing."""

import socket
import subprocess
import sys
from pathlib import Path

import pytest

REQUIREMENTS = Path(__file__).parents[2] / "requirements"


def run(name: str, *arguments: str, path: str) -> subprocess.CompletedProcess[str]:
    command = [str(REQUIREMENTS / name), *arguments]
    return subprocess.run(command, env={"PATH": path}, capture_output=True, text=True, check=False)


def tools(folder: Path, **programs: Path | str) -> str:
    """A search path with nothing on it but the given programs and `sh`'s own needs."""
    for name, program in {"dirname": "/usr/bin/dirname", **programs}.items():
        (folder / name).symlink_to(program)
    return str(folder)


def test_python_in_use_is_found(tmp_path: Path) -> None:
    path = tools(tmp_path, **{"python3.11": sys.executable})
    assert run("find-python", path=path).stdout == f"{tmp_path}/python3.11\n"


def test_machine_without_python_is_told_what_to_install(tmp_path: Path) -> None:
    found = run("find-python", path=tools(tmp_path))
    assert found.returncode == 1
    assert found.stderr == (
        "skypact needs Python 3.11 to 3.14 and found none. On Debian 12: apt-get install python3 python3-venv; "
        "elsewhere give its path: make PYTHON=/path/to/python3.11 run\n"
    )


def test_free_port_is_accepted_and_taken_port_is_one_line(tmp_path: Path) -> None:
    path = tools(tmp_path, **{"python3.11": sys.executable})
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = str(taken.getsockname()[1])
        taken.listen()
        found = run("check-port", port, path=path)
        assert found.returncode == 1
        assert found.stderr == (
            f"127.0.0.1:{port} cannot be used (Address already in use); choose another: make run PORT=8080\n"
        )
    assert run("check-port", port, path=path).returncode == 0


@pytest.mark.parametrize("port", ["0", "65536", "http", "-1", ""])
def test_what_is_no_port_is_refused(port: str, tmp_path: Path) -> None:
    found = run("check-port", port, path=tools(tmp_path, **{"python3.11": sys.executable}))
    assert found.returncode == 1
    assert found.stderr == f"PORT={port} is not a port number; give one from 1 to 65535, such as PORT=8080\n"


@pytest.mark.parametrize(
    ("what", "status", "said"),
    [
        (
            "reports",
            0,
            "PDF reports need Pango; everything else works without. On Debian: "
            "apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0\n",
        ),
        (
            "tests",
            1,
            "The tests need Chromium at /usr/bin/chromium, a Korean font, Pango and tshark: "
            "apt-get install chromium fonts-noto-cjk tshark libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0\n",
        ),
        ("everything", 2, "install-system takes: reports, tests\n"),
    ],
)
def test_what_the_system_lacks_is_named(what: str, status: int, said: str, tmp_path: Path) -> None:
    """Somebody who may not install, on a machine whose libraries hold no Pango."""
    for name, answer in (("ldconfig", ""), ("id", "1000")):
        (tmp_path / name).write_text(f"#!/bin/sh\necho {answer}\n")
        (tmp_path / name).chmod(0o755)
    path = tools(tmp_path, grep="/usr/bin/grep", find="/usr/bin/find")
    found = run("install-system", what, path=path)
    assert (found.returncode, found.stderr) == (status, said)
