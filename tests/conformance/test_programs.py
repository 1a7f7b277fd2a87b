"""Programs of others get limits, and no more of the user than they need."""

import subprocess
import sys
from pathlib import Path

import pytest

from skypact.conformance.programs import MOST_CPU_S, MOST_MEMORY, answer, output
from skypact.conformance.second import UnfinishedError

_SAYS_LIMITS = "ulimit -t; ulimit -v; ulimit -c; echo $HOME; env | wc -l; pwd"


def test_a_program_has_limits_and_an_empty_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("A_SECRET", "of the user")
    with output(["/bin/sh", "-c", f"{_SAYS_LIMITS}; echo $A_SECRET"], tmp_path) as printed:
        cpu_s, memory_kib, core, home, _, folder, secret = printed.read().decode().split("\n")[:7]
    assert (int(cpu_s), int(memory_kib) * 1024, core) == (MOST_CPU_S, MOST_MEMORY, "0")
    assert (home, folder, secret) == (str(tmp_path), str(tmp_path), "")


def test_a_check_that_may_use_less_starts_its_programs_with_that() -> None:
    """As the site's own check of a stranger's recording does, as a user who may not raise a limit again."""
    said = (
        "import resource; resource.setrlimit(resource.RLIMIT_CPU, (20, 21));"
        " from skypact.conformance.programs import answer; print(answer('/bin/sh', '-c', 'ulimit -t'))"
    )
    done = subprocess.run([sys.executable, "-c", said], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "21"


def test_a_program_that_ends_badly_is_told_by_its_last_word(tmp_path: Path) -> None:
    with (
        pytest.raises(UnfinishedError, match=r"^sh ended with status 3: no luck$"),
        output(["/bin/sh", "-c", "echo part; echo what; echo no luck >&2; exit 3"], tmp_path) as printed,
    ):
        assert printed.read() == b"part\nwhat\n"


def test_a_program_is_ended_when_nobody_reads_on(tmp_path: Path) -> None:
    with output(["/bin/sh", "-c", "while :; do echo more; done"], tmp_path) as printed:
        assert printed.readline() == b"more\n"


def test_no_answer_is_empty() -> None:
    assert answer("/bin/sh", "-c", "exit 1") == ""
    assert answer("/no/such/program") == ""
