"""The ZIP file around a workbook: what it may hold and how large it may become, checked before anything is unpacked."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import PurePosixPath
from typing import IO, BinaryIO

from skypact.exchange.catalogue.rows import UnreadableFileError, unreadable

MOST_PARTS = 2_000
MOST_UNPACKED = 512 * 2**20
#: Sheets of repeated words shrink to a hundredth; beyond this only what is made to burst.
MOST_SHRUNK = 400
_SMALL = 8 * 2**20

#: Everything that reading a broken ZIP file may raise.
ZIP_ERRORS = (
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    zlib.error,
    EOFError,
    NotImplementedError,  # a compression method that Python does not know
    RuntimeError,  # an encrypted part
    ValueError,  # an offset before the beginning of the file, a date that is none
    OSError,
)

_OLE = bytes.fromhex("D0CF11E0A1B11AE1")
_DAMAGED = "the workbook is damaged: open it in a spreadsheet program and save it again as .xlsx"
_NO_WORKBOOK = "this is no .xlsx workbook; save the file as Excel workbook (.xlsx) or as CSV in UTF-8"

#: What a workbook may hold that does not come in: the part's name ends or begins so, and what to do.
_MACROS = "the workbook holds macros: save it as .xlsx without them"
_LINKS = "the workbook takes values from other files: replace them by their values and save it again"
_BINARY = "this is a binary workbook (.xlsb): save it as .xlsx"
_OPEN_DOCUMENT = "this is an OpenDocument sheet (.ods): save it as .xlsx"


def damaged() -> UnreadableFileError:
    """A workbook whose parts do not fit together."""
    return unreadable(_DAMAGED)


@contextmanager
def opened(stream: BinaryIO) -> Iterator[zipfile.ZipFile]:
    """The parts of the workbook in ``stream``, safe to unpack. Raises :class:`~..rows.UnreadableFileError`."""
    start = stream.read(8)
    if not start:
        raise unreadable("the file is empty")
    if start == _OLE:
        raise unreadable(_in_ole(start + stream.read(2**20)))
    stream.seek(0)
    try:
        archive = zipfile.ZipFile(stream)
    except ZIP_ERRORS:
        raise unreadable(_DAMAGED if start.startswith(b"PK") else _NO_WORKBOOK) from None
    with archive:
        _check_sizes(archive)
        _check_parts(archive)
        yield archive


def part(archive: zipfile.ZipFile, name: str) -> IO[bytes]:
    """The part called ``name``, to read piece by piece with :func:`piece`. Without it the workbook is damaged."""
    try:
        return archive.open(name)
    except (KeyError, *ZIP_ERRORS):
        raise damaged() from None


def piece(stream: IO[bytes], size: int) -> bytes:
    """The next ``size`` bytes of a part; what cannot be unpacked is a damaged workbook."""
    try:
        return stream.read(size)
    except ZIP_ERRORS:
        raise damaged() from None


def _in_ole(start: bytes) -> str:
    if "EncryptedPackage".encode("utf-16-le") in start:
        return "the workbook is protected by a password: save it without one"
    return "this is a workbook of the old kind (.xls): save it as .xlsx"


def _check_sizes(archive: zipfile.ZipFile) -> None:
    parts = archive.infolist()
    if len(parts) > MOST_PARTS:
        raise unreadable(f"the workbook has {len(parts)} parts; at most {MOST_PARTS} are read")
    unpacked = sum(item.file_size for item in parts)
    if unpacked > MOST_UNPACKED:
        raise unreadable(f"the workbook unpacks to {unpacked} bytes; at most {MOST_UNPACKED} are read")
    packed = sum(item.compress_size for item in parts)
    if unpacked > _SMALL and unpacked > MOST_SHRUNK * packed:
        raise unreadable(f"the workbook unpacks to {unpacked // max(packed, 1)} times its size; it is not unpacked")
    if len({item.filename for item in parts}) < len(parts):
        raise damaged()


def _check_parts(archive: zipfile.ZipFile) -> None:
    names = archive.namelist()
    for name in names:
        lower = name.lower()
        if PurePosixPath(lower).name == "vbaproject.bin":
            raise unreadable(_MACROS)
        if lower.startswith("xl/externallinks/") or lower == "xl/connections.xml":
            raise unreadable(_LINKS)
    if "xl/workbook.bin" in names:
        raise unreadable(_BINARY)
    if "content.xml" in names and "mimetype" in names:
        raise unreadable(_OPEN_DOCUMENT)
    if "xl/workbook.xml" not in names:
        raise unreadable(_NO_WORKBOOK)
    with part(archive, "[Content_Types].xml") as types:
        if b"macroEnabled" in piece(types, 2**20):
            raise unreadable(_MACROS)
