"""From a page to a PDF with WeasyPrint, without network: the page may use named files only (docs/decisions/0013).

As a program (``python -m skypact.market.reports.typesetting``) it reads a :class:`Sheet` as JSON and writes the PDF:
so a process that serves pages loads neither the library nor a font, and a page that takes too long or too much memory
ends alone.
"""

from __future__ import annotations

import io
import json
import resource
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

#: What a Debian system needs beside the package.
MISSING = (
    "PDF reports need the system library Pango, which is missing here: on Debian, apt-get install libpango-1.0-0 "
    "libpangoft2-1.0-0 libharfbuzz-subset0. The page itself prints from any browser."
)
#: Exit status of the program where they are missing.
WITHOUT_LIBRARY = 3
#: Exit status of the program where a report does not go into the memory it may use.
OUT_OF_MEMORY = 4
#: Seconds of processor time and bytes within which the program makes one PDF; a kit of 100 sensors needs about a
#: tenth of each.
_SECONDS, _MEMORY = 120, 3 * 1024**3
#: No page has an address: links of a report that lead nowhere on paper are resolved against this.
_NOWHERE = "skypact:"


class TooLargeError(RuntimeError):
    """The report takes more time or memory than one may; the message says so."""


class NoTypesetterError(RuntimeError):
    """The library that makes PDF files cannot work on this machine; the message says what to install."""


@dataclass(frozen=True)
class Sheet:
    """A page and all that it may use."""

    html: str
    identifier: str
    """goes into the file as its identity; the same sheet gives the same bytes"""
    files: dict[str, str]
    """address as it stands in the page or its style sheets → file"""
    texts: dict[str, str]
    """address → style sheet"""


def pdf_of(sheet: Sheet) -> bytes:
    """The PDF of a page: the same bytes for the same sheet, fonts embedded and reduced to the letters in use.

    Raises :class:`NoTypesetterError` without the system's libraries, and ValueError where the page asks for anything
    that the sheet does not name.
    """
    try:
        import weasyprint
        from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse
    except OSError as error:  # its shared libraries are opened on import
        raise NoTypesetterError(f"{MISSING} ({error})") from error

    class OnlyNamed(URLFetcher):
        def fetch(self, url: str, headers: dict[str, str] | None = None) -> URLFetcherResponse:
            address = url.removeprefix(_NOWHERE)
            if address in sheet.texts:
                return URLFetcherResponse(url, sheet.texts[address], {"Content-Type": "text/css"})
            if address not in sheet.files:
                raise FatalURLFetchingError(f"the report asks for {url}, which is not part of it")
            return URLFetcherResponse(url, *_read(Path(sheet.files[address])))

    page = weasyprint.HTML(string=sheet.html, base_url=f"{_NOWHERE}/", url_fetcher=OnlyNamed())
    try:
        return page.write_pdf(pdf_identifier=sheet.identifier.encode(), pdf_tags=True)
    except FatalURLFetchingError as error:
        raise ValueError(str(error)) from error


def _read(path: Path) -> tuple[bytes, dict[str, str]]:
    if path.suffix == ".woff":
        return _opened(path), {"Content-Type": "font/sfnt"}
    kind = {".css": "text/css", ".png": "image/png"}[path.suffix]
    return path.read_bytes(), {"Content-Type": kind}


def _opened(path: Path) -> bytes:
    """The font without its compression. Left to WeasyPrint it would bear the time of day, and no two files be alike."""
    from fontTools.ttLib import TTFont

    font = TTFont(path, recalcTimestamp=False, lazy=True)
    font.flavor = None
    opened = io.BytesIO()
    font.save(opened)
    return opened.getvalue()


def to_json(sheet: Sheet) -> str:
    """What :func:`main` reads."""
    return json.dumps(asdict(sheet))


def main() -> int:
    """Reads a sheet from standard input and writes its PDF to standard output."""
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (_SECONDS, _SECONDS + 1))
    given: dict[str, Any] = json.load(sys.stdin)
    try:
        sys.stdout.buffer.write(pdf_of(Sheet(**given)))
    except NoTypesetterError as error:
        print(error, file=sys.stderr)
        return WITHOUT_LIBRARY
    except MemoryError:
        return OUT_OF_MEMORY
    return 0


if __name__ == "__main__":
    sys.exit(main())
