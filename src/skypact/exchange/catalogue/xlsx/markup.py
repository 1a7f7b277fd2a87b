"""XML of a workbook as a stream of tags, without entities, document types and other files.

Names come without their namespace: strict and transitional workbooks differ in nothing else that matters here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import IO
from xml.parsers import expat

from skypact.exchange.catalogue.rows import unreadable
from skypact.exchange.catalogue.xlsx.package import damaged, piece

_CHUNK = 2**16
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")


class Handler:
    """What is done with each tag; reading a text is for the handler to ask (:attr:`wants_text`)."""

    def __init__(self) -> None:
        self.wants_text = False
        self.text: list[str] = []

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """A tag opens."""

    def end(self, name: str) -> None:
        """A tag closes."""

    def words(self) -> str:
        """The text since :attr:`wants_text` was set, which is unset."""
        found = "".join(self.text)
        self.text.clear()
        self.wants_text = False
        return found


def parse(stream: IO[bytes], handler: Handler) -> Iterator[None]:
    """Run ``handler`` over ``stream``, with a halt after every piece so that what it gathered can be taken."""
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refuse
    parser.StartElementHandler = lambda name, attributes: handler.start(name.rpartition(":")[2], attributes)
    parser.EndElementHandler = lambda name: handler.end(name.rpartition(":")[2])

    def text(data: str) -> None:
        if handler.wants_text:
            handler.text.append(data)

    parser.CharacterDataHandler = text
    try:
        while read := piece(stream, _CHUNK):
            parser.Parse(read, False)
            yield
        parser.Parse(b"", True)
    except expat.ExpatError:
        raise damaged() from None
    yield


def _refuse(*_: object) -> None:
    raise unreadable("the workbook declares a document type, which no spreadsheet program does: it is not read")


def unescaped(text: str) -> str:
    """``text`` with ``_x000D_`` and its like as the characters they stand for; halves of characters stay."""
    if "_x" not in text:
        return text
    return _ESCAPED.sub(_character, text)


def _character(found: re.Match[str]) -> str:
    code = int(found[1], 16)
    return found[0] if 0xD800 <= code <= 0xDFFF else chr(code)


_TO_ESCAPE = re.compile("[\x01-\x08\x0b\x0c\x0d\x0e-\x1f\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")


def escaped(text: str) -> str:
    """``text`` so that it may stand in XML and :func:`unescaped` gives it back."""
    in_xml = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return _TO_ESCAPE.sub(lambda found: f"_x{ord(found[0]):04X}_", in_xml)
