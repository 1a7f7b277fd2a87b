"""MAVLink read by ``pymavlink``, where the user has installed it: the program library of the field, in Python.

It is LGPL-3.0 and 93 MB with its dependencies, so skypact neither needs nor carries it (docs/decisions/0014).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from skypact.conformance import captures
from skypact.conformance.mavlink.definitions import LAYOUTS
from skypact.conformance.second import Reading, SecondDecoder
from skypact.conformance.standard import Recording

_HEADER = {"", *(f"frame {one}" for one in ("version", "sequence", "system", "component", "flags"))}
_MARKS = (0xFE, 0xFD)
_JUDGED = {layout.name for layout in LAYOUTS.values()}


def _version() -> str | None:
    try:
        return version("pymavlink")
    except PackageNotFoundError:
        return None


@cache
def _dialect() -> Any:
    return import_module("pymavlink.dialects.v20.all")


@cache
def _fields() -> dict[str, tuple[str, ...]]:
    """The fields of each message that this edition of pymavlink knows."""
    return {one.msgname: tuple(one.fieldnames) for one in _dialect().mavlink_map.values()}


def _knows(kind: str, field: str) -> bool:
    """It may lack what came later; of messages that the lab does not judge the header counts."""
    if kind not in _fields():
        return False
    return field in _HEADER or (kind in _JUDGED and field.partition("[")[0] in _fields()[kind])


def read(recordings: Sequence[Recording]) -> Iterator[Reading]:
    for recording in recordings:
        number = 0
        for payload in captures.payloads(recording.data):
            for message in _messages(payload):
                number += 1
                if message.get_type() in _fields():
                    yield Reading(recording.name, number, message.get_type(), dict(_values(message)))


def _messages(data: bytes) -> Iterator[Any]:
    """What it finds, bad data included; in a log it is fed frame by frame, past the times between them."""
    parser = _dialect().MAVLink(None)
    parser.robust_parsing = True
    is_log = len(data) > 8 and data[0] not in _MARKS and data[8] in _MARKS
    at = 8 if is_log else 0
    while at < len(data):
        step = parser.bytes_needed()
        message = parser.parse_char(data[at : at + step])
        at += step
        if message is not None:
            yield message
            at += 8 if is_log and len(message.get_msgbuf()) > 1 else 0  # one byte is what it skips in search of a frame


def _values(message: Any) -> Iterator[tuple[str, float | int | str]]:
    yield "frame version", 1 if message.get_msgbuf()[0] == _MARKS[0] else 2
    yield "frame sequence", message.get_seq()
    yield "frame system", message.get_srcSystem()
    yield "frame component", message.get_srcComponent()
    yield "frame flags", message.get_header().incompat_flags
    for name in message.fieldnames:
        value = getattr(message, name)
        if isinstance(value, (list, tuple)):
            yield from ((f"{name}[{index}]", one) for index, one in enumerate(value))
        else:
            yield name, value


DECODER = SecondDecoder(
    name="pymavlink",
    version=_version,
    whose="The field's own library, by its own generated code; read only where its user has installed it.",
    read=read,
    knows=_knows,
)
