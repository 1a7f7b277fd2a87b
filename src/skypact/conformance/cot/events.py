"""From bytes to Cursor on Target events: XML documents one after another, without entities or outside references;
TAK protocol messages; and datagrams of either."""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree.ElementTree import Element, ParseError  # the types only; defusedxml does the parsing

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from skypact.conformance import captures
from skypact.conformance.cot.tak import MAGIC, Broken, Message, read_stream

_END = b"</event>"


def read(data: bytes) -> Iterator[Element | Message | Broken | str]:
    """Each event in order; a sentence in place of what cannot be read."""
    if not data.strip():
        yield "The recording is empty; expected XML documents with the root element event, or TAK protocol messages."
    elif captures.is_capture(data):
        try:
            for packet in captures.packets(data):
                if payload := captures.udp_payload(packet):
                    yield from _events(payload)
        except captures.BrokenCaptureError as error:
            yield str(error)
    else:
        yield from _events(data)


def _events(data: bytes) -> Iterator[Element | Message | Broken | str]:
    if data[0] == MAGIC:
        yield from read_stream(data)
        return
    at = 0
    while at < len(data):
        found = data.find(_END, at)
        end = found + len(_END) if found >= 0 else len(data)
        if document := data[at:end].strip():
            yield _parse(document)
        at = end


def _parse(document: bytes) -> Element | str:
    try:
        root = fromstring(document, forbid_dtd=True)
    except DefusedXmlException as error:
        return f"XML with declarations that a recording has no use for: {error!r}."
    except (ParseError, ValueError, LookupError) as error:
        return f"Not well-formed XML: {error}."
    if root.tag != "event":
        return f'The root element is "{root.tag}"; expected "event".'
    return root
