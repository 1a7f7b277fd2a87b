"""Bytes into lines of text: UTF-8 only, and an error that says which encoding the file seems to have."""

from __future__ import annotations

import codecs
import io
from collections.abc import Iterator
from typing import BinaryIO

from skypact.exchange.catalogue.rows import UnreadableFileError, unreadable

#: A line longer than this is refused unread: no honest record comes near it.
LONGEST_LINE = 1_000_000

_MARKS = {
    codecs.BOM_UTF32_LE: "the file is UTF-32; save it as UTF-8",  # begins as UTF-16 does, so it comes first
    codecs.BOM_UTF32_BE: "the file is UTF-32; save it as UTF-8",
    codecs.BOM_UTF16_LE: "the file is UTF-16; save it as UTF-8",
    codecs.BOM_UTF16_BE: "the file is UTF-16; save it as UTF-8",
    b"PK\x03\x04": "this is a workbook or another packed file, whatever its name says: a workbook's name ends in .xlsx",
    b"\x1f\x8b": "the file is compressed: unpack it",
}


def lines(stream: BinaryIO) -> Iterator[str]:
    """The lines of ``stream``, ends kept, without a byte order mark.

    Raises :class:`UnreadableFileError` at the first byte that is not UTF-8, the first NUL, or a line beyond
    :data:`LONGEST_LINE` characters.
    """
    start = stream.read(4)
    stream.seek(0)
    for mark, remedy in _MARKS.items():
        if start.startswith(mark):
            raise unreadable(remedy)
    text = io.TextIOWrapper(stream, encoding="utf-8-sig", newline="")
    number = 0
    try:
        while line := text.readline(LONGEST_LINE + 1):
            number += 1
            if len(line) > LONGEST_LINE:
                raise unreadable(f"a line may have at most {LONGEST_LINE} characters", row=number)
            if "\0" in line:
                raise unreadable("the file holds a NUL character; save it again as plain text in UTF-8", row=number)
            yield line
    except UnicodeDecodeError:
        raise _not_utf8(stream) from None
    finally:
        if not stream.closed:
            text.detach()


def _not_utf8(stream: BinaryIO) -> UnreadableFileError:
    stream.seek(0)
    for number, line in enumerate(stream, start=1):
        try:
            line.decode("utf-8")
        except UnicodeDecodeError as error:
            found = f"byte 0x{line[error.start]:02x} at position {error.start + 1} of the line"
            return unreadable(f"{found} is not UTF-8{_guess(line)}; save the file as UTF-8", row=number)
    return unreadable("the file ends inside a character; save it again as UTF-8")


def _guess(line: bytes) -> str:
    try:
        korean = line.decode("cp949")
    except UnicodeDecodeError:
        return ""
    return " (it reads as CP949, Korean Windows)" if any("가" <= letter <= "힣" for letter in korean) else ""
