"""A check of recordings from strangers, in a process of its own that may use only so much time and memory."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from django.utils.translation import gettext as _

from skypact.conformance import STANDARDS
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


#: Beginnings of files that are no recordings, and what they are.
_DOCUMENTS = {
    b"%PDF": "PDF",
    b"PK\x03\x04": "ZIP, DOCX, XLSX",
    b"\x1f\x8b": "gzip",
    b"7z\xbc\xaf": "7z",
    b"Rar!": "RAR",
    b"\x89PNG": "PNG",
    b"\xff\xd8\xff": "JPEG",
    b"\xd0\xcf\x11\xe0": "DOC, XLS",
}
_CAPTURES = (b"\xd4\xc3\xb2\xa1", b"\xa1\xb2\xc3\xd4", b"\x4d\x3c\xb2\xa1", b"\xa1\xb2\x3c\x4d", b"\x0a\x0d\x0d\x0a")


class WrongFileError(Exception):
    """A file that is plainly no recording of the standard; nothing was tested."""


def refuse_other_files(standard: str, recordings: Sequence[Recording]) -> None:
    """Raises WrongFileError for what is plainly no recording that the lab reads: its verdict would help nobody."""
    known = STANDARDS[standard]
    for one in recordings:
        kind = next((name for start, name in _DOCUMENTS.items() if one.data.startswith(start)), None)
        facts = {"name": one.name, "kind": kind, "inputs": known.inputs}
        if kind is not None:
            raise WrongFileError(
                _("%(name)s is a file of the kind %(kind)s. The lab reads what the product sends: %(inputs)s.") % facts
            )
        if one.data.startswith(_CAPTURES) and "pcap" not in known.inputs:
            raise WrongFileError(
                _("%(name)s is a packet capture, which this standard is not read from. The lab reads: %(inputs)s.")
                % facts
            )


class TooMuchError(Exception):
    """The check used up what it may use; nothing is said about the recordings."""


def check(standard: str, recordings: Sequence[Recording], claim: str | None) -> Report:
    """What ``standard`` says of ``recordings``. ``standard`` and ``claim`` are names that the lab knows.

    Raises WrongFileError for files that are no recordings, TooMuchError where a recording asks for more time or
    memory than a stranger gets.
    """
    refuse_other_files(standard, recordings)
    with tempfile.TemporaryDirectory(prefix="skypact-lab-") as name:
        folder = Path(name)
        (folder / "names").write_text("\n".join(one.name.replace("\n", " ") for one in recordings), encoding="utf-8")
        for number, one in enumerate(recordings):
            (folder / str(number)).write_bytes(one.data)
        command = [sys.executable, "-I", "-c", _PROGRAM, name, standard, claim or ""]
        within = {**os.environ, "TMPDIR": name}  # what a check that is killed leaves behind goes with the folder
        try:
            done = subprocess.run(  # noqa: S603 (ours)
                command, capture_output=True, timeout=20 * MOST_SECONDS, check=True, env=within
            )
        except (subprocess.TimeoutExpired, subprocess.CalledProcessError):
            raise TooMuchError(
                _("the check took more than %(seconds)s seconds or too much memory; send a shorter recording")
                % {"seconds": MOST_SECONDS}
            ) from None
    return Report.model_validate(json.loads(done.stdout))
