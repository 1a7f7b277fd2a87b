"""What kind of file some bytes are, told from the bytes alone.

Taken are files that people read or watch and that no browser runs: PDF (ISO 32000), PNG, JPEG, plain text and CSV in
UTF-8, and MP4 (ISO/IEC 14496-14), in which training films come. Web pages, SVG, office files and archives are refused:
they carry scripts or macros, or hide what is in them.
"""

from __future__ import annotations

import codecs
import csv
from collections.abc import Callable

from django.utils.translation import gettext as _

from skypact.schema import MediaType

MEBI = 2**20

#: The most bytes of a file, by what it is.
LIMITS = {
    MediaType.PDF: 64 * MEBI,
    MediaType.PNG: 16 * MEBI,
    MediaType.JPEG: 16 * MEBI,
    MediaType.TEXT: 16 * MEBI,
    MediaType.CSV: 16 * MEBI,
    MediaType.MP4: 512 * MEBI,
}
#: How many bytes one vendor's people may give altogether.
VENDOR_QUOTA = 4096 * MEBI
ENDINGS = {
    MediaType.PDF: "pdf",
    MediaType.PNG: "png",
    MediaType.JPEG: "jpg",
    MediaType.TEXT: "txt",
    MediaType.CSV: "csv",
    MediaType.MP4: "mp4",
}
#: So many bytes tell a binary file from text.
_SIGNATURE = 16
#: So many bytes show whether text has columns.
HEAD = 4096

#: Brands of the ISO base media family that are MP4; QuickTime, HEIF and JPEG 2000 are not.
_MP4_BRANDS = {
    b"isom",
    b"iso2",
    b"iso4",
    b"iso5",
    b"iso6",
    b"mp41",
    b"mp42",
    b"avc1",
    b"M4V ",
    b"M4VP",
    b"dash",
    b"MSNV",
}
_CONTROLS = frozenset(range(32)) - {9, 10, 12, 13} | {127}


class RefusedFileError(ValueError):
    """A file that is not taken; the message says why and what would be, in the reader's language."""


class TooLargeError(RefusedFileError):
    """A file, or all files together, beyond what is taken."""


def _signature(head: bytes) -> MediaType | None:
    known: tuple[tuple[MediaType, Callable[[bytes], bool]], ...] = (
        (MediaType.PDF, lambda data: data.startswith((b"%PDF-1.", b"%PDF-2."))),
        (MediaType.PNG, lambda data: data.startswith(b"\x89PNG\r\n\x1a\n")),
        (MediaType.JPEG, lambda data: data.startswith(b"\xff\xd8\xff")),
        (MediaType.MP4, lambda data: data[4:8] == b"ftyp" and data[8:12] in _MP4_BRANDS),
    )
    return next((kind for kind, fits in known if fits(head)), None)


class Inspector:
    """Looks at a file as it comes, part by part, and refuses it as early as can be told. Raises RefusedFileError."""

    def __init__(self) -> None:
        self.size = 0
        self._head = b""
        self._kind: MediaType | None = None
        """text stands for CSV, too, until the end"""
        self._decoder = codecs.getincrementaldecoder("utf-8-sig")()

    def see(self, part: bytes) -> None:
        """Take the next part into account."""
        self.size += len(part)
        fits = max(0, HEAD - len(self._head))
        self._head += part[:fits]
        if self._kind is not None:
            self._read(part)
        elif self.size >= _SIGNATURE:
            self._decide(self._head + part[fits:])

    def finish(self) -> MediaType:
        """What the whole file is."""
        if self.size == 0:
            raise RefusedFileError(_("the file is empty"))
        if self._kind is None:
            self._decide(self._head)
        assert self._kind is not None  # noqa: S101 (decided just now)
        self._read(b"", final=True)
        if self._kind is not MediaType.TEXT:
            return self._kind
        text = codecs.decode(self._head, "utf-8-sig", errors="ignore")
        if text.lstrip().startswith("<"):
            raise RefusedFileError(_accepted())
        return MediaType.CSV if _has_columns(text, whole=self.size <= HEAD) else MediaType.TEXT

    def _decide(self, seen: bytes) -> None:
        self._kind = _signature(seen) or MediaType.TEXT
        self._read(seen)

    def _read(self, part: bytes, *, final: bool = False) -> None:
        assert self._kind is not None  # noqa: S101 (decided before)
        if self._kind is MediaType.TEXT:
            try:
                text = self._decoder.decode(part, final)
            except UnicodeDecodeError:
                raise RefusedFileError(_accepted()) from None
            if any(ord(character) in _CONTROLS for character in text):
                raise RefusedFileError(_accepted())
        if self.size > LIMITS[self._kind]:
            raise TooLargeError(too_large(self._kind))


def _has_columns(text: str, *, whole: bool) -> bool:
    """Whether at least two lines have the same two or more cells."""
    lines = text.splitlines() if whole else text.splitlines()[:-1]
    for separator in ",;\t":
        try:
            counts = {len(row) for row in csv.reader(lines, delimiter=separator, strict=True) if row}
        except csv.Error:
            continue
        if len(lines) > 1 and len(counts) == 1 and counts.pop() > 1:
            return True
    return False


def _accepted() -> str:
    return _("the content of the file is none of those that are taken: PDF, PNG, JPEG, MP4, and text or CSV in UTF-8")


def over_quota() -> str:
    """What a vendor's people are told who have no room left."""
    return _("the files of one vendor may have at most %(size)s MiB together") % {"size": VENDOR_QUOTA // MEBI}


def too_large(kind: MediaType) -> str:
    """That a file of this kind is too large, and how large it may be."""
    return _("a file of the type %(kind)s may have at most %(size)s MiB") % {
        "kind": kind.value,
        "size": LIMITS[kind] // MEBI,
    }
