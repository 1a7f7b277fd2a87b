"""Wireshark's dissectors as second decoders, by the program ``tshark``: no capturing, no name resolution."""

from __future__ import annotations

import os
import re
import shutil
import struct
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO
from xml.etree.ElementTree import Element, ParseError  # types only

import defusedxml.ElementTree
from defusedxml.common import DefusedXmlException

from skypact.conformance.programs import MOST_CPU_S, MOST_MEMORY, answer, output
from skypact.conformance.second import UnfinishedError

#: A link type that Wireshark leaves to its users: the frames are handed to one dissector as they are.
_USER_0 = 147
#: What PDML calls a tree that stands beside those of the protocols.
_WRAPPER = "fake-field-wrapper"
#: Longer frames are no capture to tshark.
_LONGEST_FRAME = 262_144
_TRUTHS = {"True": 1, "False": 0}


@dataclass(frozen=True)
class Frame:
    number: int
    """Counted from 1."""
    parts: tuple[Element, ...]
    """The dissector's trees, as of PDML: an element for each field with ``name``, ``show``, ``value``."""
    malformed: bool
    """Whether the dissector marked the frame as malformed."""


@cache
def version() -> str | None:
    """The version of the program, such as 4.0.17; ``None`` where it is not on this machine."""
    program = _program()
    found = re.search(r"\b\d+\.\d+\.\d+\b", answer(program, "--version") if program else "")
    return found[0] if found else None


@cache
def fields(protocol: str) -> dict[str, str]:
    """The fields of a protocol, named without it, and their types; none where the program is not on this machine."""
    program, start = _program(), f"{protocol}."
    rows = (line.split("\t") for line in (answer(program, "-G", "fields") if program else "").split("\n"))
    return {row[2].removeprefix(start): row[3] for row in rows if len(row) > 3 and row[2].startswith(start)}


def dissect(
    protocol: str, frames: Iterable[bytes], preferences: Sequence[str] = (), *, inside: Sequence[str] = ()
) -> Iterator[Frame]:
    """What the dissector ``protocol``, and those that it calls on what lies ``inside``, make of each frame.

    Raises ``UnfinishedError``.
    """
    program = _program()
    if program is None:
        raise UnfinishedError("tshark is not on this machine")
    with TemporaryDirectory(prefix="skypact-tshark-") as name:
        capture = Path(name) / "frames.pcap"
        with capture.open("wb") as file:
            file.writelines(_capture(frames))
        handed = f'uat:user_dlts:"User 0 (DLT={_USER_0})","{protocol}","0","","0",""'
        options = [word for one in (handed, *preferences) for word in ("-o", one)]
        command = [program, "-n", "-r", capture, *options, "-T", "pdml", "-J", " ".join((protocol, *inside))]
        with output(command, Path(name)) as printed:
            try:
                yield from _frames(printed, {protocol, *inside, *([_WRAPPER] if inside else [])})
            except ParseError:
                limits = f"{MOST_CPU_S} s of processor time, {MOST_MEMORY >> 30} GiB"
                raise UnfinishedError(f"tshark broke off (it may use {limits})") from None
            except DefusedXmlException:
                raise UnfinishedError("tshark wrote what it never does: a document type") from None


def number(said: str) -> int:
    """A whole number or a truth as PDML shows it, which newer versions write as a word. Raises ``UnfinishedError``."""
    return _TRUTHS[said] if said in _TRUTHS else int(_converted(lambda text: int(text, 0), said))


def real(said: str) -> float:
    """A number with a point as PDML shows it. Raises ``UnfinishedError``."""
    return float(_converted(float, said))


def _converted(convert: Callable[[str], float], said: str) -> float:
    try:
        return convert(said)
    except ValueError:
        raise UnfinishedError(f"tshark wrote {said[:80]!r} where a number stands") from None


def _frames(printed: IO[bytes], protocols: set[str]) -> Iterator[Frame]:
    number = 0
    # It is a stranger's bytes that are described: no document types, no entities.
    for _, element in defusedxml.ElementTree.iterparse(printed, forbid_dtd=True):
        if element.tag != "packet":
            continue
        number += 1
        marks = {one.get("name") for one in element.iter()}
        parts = tuple(one for one in element if one.get("name") in protocols)
        yield Frame(number, parts, bool(marks & {"_ws.malformed", "_ws.short"}))
        element.clear()


def _capture(frames: Iterable[bytes]) -> Iterator[bytes]:
    yield struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, _LONGEST_FRAME, _USER_0)
    for frame in frames:
        kept = frame[:_LONGEST_FRAME]
        yield struct.pack("<IIII", 0, 0, len(kept), len(frame)) + kept


def _program() -> str | None:
    return shutil.which("tshark") if os.name == "posix" else None
