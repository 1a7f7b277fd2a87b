"""Cursor on Target read a second time: an XML reader of our own, the event schema as a table, and Google's protobuf.

What is not an event by the schema is not read: then only the first decoder has a reading, which is a disagreement.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from importlib.metadata import version

import skypact
from skypact.conformance import captures
from skypact.conformance.cot import second_tak
from skypact.conformance.cot.event_schema import NotAnEventError, event
from skypact.conformance.cot.second_xml import BrokenXMLError, after_blanks, document
from skypact.conformance.second import Reading, SecondDecoder
from skypact.conformance.standard import Recording

Values = dict[str, float | int | str]

_END = "</event>"
_MAGIC = 0xBF
#: Of a recording with as many broken documents nobody needs a second opinion.
_MOST_BROKEN = 100


def read(recordings: Sequence[Recording]) -> Iterator[Reading]:
    for recording in recordings:
        number = 0
        for payload in captures.payloads(recording.data):
            for found in _messages(payload):
                number += 1
                if found is not None:
                    yield Reading(recording.name, number, *found)


def _messages(data: bytes) -> Iterator[tuple[str, Values] | None]:
    """(kind, values) of each message; ``None`` for what is none."""
    if data[:1] == bytes([_MAGIC]):
        for values in second_tak.stream(data):
            yield None if values is None else ("protobuf", values)
    else:
        for found in _documents(data):
            yield None if found is None else ("XML", found)


def _documents(data: bytes) -> Iterator[Values | None]:
    """Documents one after another. After a broken one the next begins behind the next end of an event."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        yield None
        return
    at = broken = 0
    while (at := after_blanks(text, at)) < len(text) and broken < _MOST_BROKEN:
        try:
            elements, end = document(text, at)
            yield event(elements)
        except BrokenXMLError:
            end = text.find(_END, at) + len(_END)
            broken += 1
            yield None
        except NotAnEventError:
            yield None
        if end <= at:
            return
        at = end


DECODER = SecondDecoder(
    name="skypact event schema; protobuf",
    version=lambda: f"{skypact.__version__}; {version('protobuf')}",
    whose="An XML reader of our own with MITRE's event schema as a table, and Google's protobuf with a descriptor built"
    " from the public field numbers; the first is expat with rules and our own protobuf reader. Frames around datagrams"
    " are read by the same code.",
    read=read,
)
