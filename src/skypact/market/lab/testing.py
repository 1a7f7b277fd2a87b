"""A check of recordings from strangers, in a process of its own that may use only so much time and memory."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from django.utils.translation import gettext as _

from skypact.conformance.report import Report
from skypact.conformance.standard import Recording

#: So long may a check take, in seconds of processor time; a minute of radar data takes under one.
MOST_SECONDS = 30
MOST_MEMORY = 3 * 2**30
#: All recordings of one check together, in bytes.
MOST_BYTES = 16 * 2**20

_PROGRAM = f"""
import resource, sys
from pathlib import Path
resource.setrlimit(resource.RLIMIT_CPU, ({MOST_SECONDS}, {MOST_SECONDS + 1}))
resource.setrlimit(resource.RLIMIT_AS, ({MOST_MEMORY}, {MOST_MEMORY}))
from skypact.conformance import STANDARDS, Recording
folder = Path(sys.argv[1])
names = (folder / "names").read_text(encoding="utf-8").split("\\n")
recordings = [Recording(name, (folder / str(number)).read_bytes()) for number, name in enumerate(names)]
sys.stdout.write(STANDARDS[sys.argv[2]].check(recordings, sys.argv[3] or None).model_dump_json())
"""


class TooMuchError(Exception):
    """The check used up what it may use; nothing is said about the recordings."""


def check(standard: str, recordings: Sequence[Recording], claim: str | None) -> Report:
    """What ``standard`` says of ``recordings``. ``standard`` and ``claim`` are names that the lab knows.

    Raises TooMuchError where a recording asks for more time or memory than a stranger gets.
    """
    with tempfile.TemporaryDirectory(prefix="skypact-lab-") as name:
        folder = Path(name)
        (folder / "names").write_text("\n".join(one.name.replace("\n", " ") for one in recordings), encoding="utf-8")
        for number, one in enumerate(recordings):
            (folder / str(number)).write_bytes(one.data)
        command = [sys.executable, "-I", "-c", _PROGRAM, name, standard, claim or ""]
        try:
            done = subprocess.run(command, capture_output=True, timeout=4 * MOST_SECONDS, check=True)  # noqa: S603 (ours)
        except (subprocess.TimeoutExpired, subprocess.CalledProcessError):
            raise TooMuchError(
                _("the check took more than %(seconds)s seconds or too much memory; send a shorter recording")
                % {"seconds": MOST_SECONDS}
            ) from None
    return Report.model_validate(json.loads(done.stdout))
