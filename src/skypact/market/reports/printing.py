"""A site report as a page and as a PDF file."""

from __future__ import annotations

import fcntl
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from io import BufferedWriter
from pathlib import Path

from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils import translation

from skypact.market.kits import launching
from skypact.market.reports.content import SiteReport
from skypact.market.reports.typesetting import (
    OUT_OF_MEMORY,
    WITHOUT_LIBRARY,
    NoTypesetterError,
    Sheet,
    TooLargeError,
    pdf_of,
    to_json,
)

#: Static files that a report may use.
_FILES = (
    "reports/report.css",
    "skypact/fonts/Pretendard-Regular.woff",
    "skypact/fonts/Pretendard-Bold.woff",
)
#: Elements whose text is not set in lines, and tags.
_NOT_RUNNING_TEXT = re.compile(
    r"(<svg\b.*?</svg>|<style\b.*?</style>|<title\b.*?</title>|<!--.*?-->|<[^>]*>)", re.DOTALL
)
#: Between a Korean syllable and what is written on to it.
_WITHIN_A_WORD = re.compile(r"(?<=[가-힣])(?=[\w(%°])|(?<=[\w)%°])(?=[가-힣])")
#: How long one waits for the report of somebody else, who waits for its turn.
_WAIT_S, _LOOK_EVERY_S = 5.0, 0.2


class BusyError(RuntimeError):
    """As many reports are being made as this machine makes at once."""


def page_sheet(report: SiteReport) -> str:
    """The style sheet that writes label, badge and hash on every page and numbers the pages (CSS Paged Media)."""
    head, foot = _quoted(report.running_head), _quoted(report.running_foot)
    small = 'font: 7.5pt Pretendard, "Noto Sans CJK KR", sans-serif; color: #3d4551'
    return (
        "@page {\n"
        f"  @top-left {{ content: {head}; {small}; font-weight: 700; color: #1b1b1b }}\n"
        f"  @top-right {{ content: {_quoted(report.title)}; {small}; max-width: 60% }}\n"
        f"  @bottom-left {{ content: {foot}; {small} }}\n"
        f'  @bottom-right {{ content: counter(page) " / " counter(pages); {small} }}\n'
        "}\n"
    )


def _quoted(words: str) -> str:
    """A CSS string: all but letters, digits and plain punctuation is written as its code point."""
    return '"' + re.sub(r"[^\w .,:·-]", lambda found: f"\\{ord(found[0]):06x}", words) + '"'


def html_of(report: SiteReport, *, for_paper: bool) -> str:
    """The page of a report, in the language of the moment."""
    address = reverse("reports:page-sheet", args=[report.kit.id])
    context = {
        "report": report,
        "for_paper": for_paper,
        "page_sheet": f"{address}?language={translation.get_language()}",
    }
    return render_to_string("reports/report.html", context)


def sheet_of(report: SiteReport, folder: Path) -> Sheet:
    """The report with all it may use, for :mod:`.typesetting`; ``folder`` holds the pictures of the kit."""
    html = html_of(report, for_paper=True)
    if translation.get_language() == "ko":
        html = words_whole(html)
    named = {reverse("kits:picture", args=[report.kit.id, path.name]): str(path) for path in folder.glob("*.png")}
    files = {static(name): str(_found(name)) for name in _FILES}
    address = reverse("reports:page-sheet", args=[report.kit.id])
    return Sheet(
        html=html,
        identifier=f"{report.hash} {report.label} {translation.get_language()}",
        files=files | named,
        texts={f"{address}?language={translation.get_language()}": page_sheet(report)},
    )


def words_whole(html: str) -> str:
    """The page with Korean words that end no line before they end themselves, as with ``word-break: keep-all``.

    The typesetter does not know that rule and takes every syllable for a place to break. A word joiner (U+2060) between
    two letters forbids it and leaves no trace in the file: it is not drawn, found or copied. A word longer than its
    line is still broken. Drawings, titles and attributes stay as they are.
    """
    parts = _NOT_RUNNING_TEXT.split(html)
    parts[::2] = [_WITHIN_A_WORD.sub("\u2060", text) for text in parts[::2]]
    return "".join(parts)


def _found(name: str) -> str:
    path = finders.find(name)
    if path is None:
        raise NoTypesetterError(f"{name} is missing: `make assets` builds it")
    return path


def pdf_here(report: SiteReport, folder: Path) -> bytes:
    """The PDF made in this process. Raises :class:`NoTypesetterError`."""
    return pdf_of(sheet_of(report, folder))


def pdf_apart(report: SiteReport, folder: Path) -> bytes:
    """The PDF made in a process of its own, one at a time.

    Raises :class:`BusyError`, :class:`NoTypesetterError`, :class:`TooLargeError`.
    """
    sheet = to_json(sheet_of(report, folder))
    with _alone():
        done = subprocess.run(
            [sys.executable, "-m", "skypact.market.reports.typesetting"],
            input=sheet.encode(),
            capture_output=True,
            check=False,
        )
    if done.returncode == WITHOUT_LIBRARY:
        raise NoTypesetterError(done.stderr.decode(errors="replace").strip())
    if done.returncode in (-signal.SIGXCPU, OUT_OF_MEMORY):
        raise TooLargeError("this report takes more time or memory than one may; its page prints from any browser")
    done.check_returncode()
    return done.stdout


@contextmanager
def _alone() -> Iterator[None]:
    """Lets one report of this installation be made at a time. Raises :class:`BusyError` after waiting."""
    with (launching.folder() / "report.lock").open("ab") as file:
        ends = time.monotonic() + _WAIT_S
        while not _taken(file):
            if time.monotonic() >= ends:
                raise BusyError("other reports are being made; ask again in a moment")
            time.sleep(_LOOK_EVERY_S)
        yield


def _taken(file: BufferedWriter) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
