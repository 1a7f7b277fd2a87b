"""What the first decoder read out of each event: attributes, times, numbers, and every element of the detail.

Times are microseconds since 1970. An element of the detail is named by its place in the document and its tag, so that
its name stays short however deep it stands.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from xml.etree.ElementTree import Element

from skypact.conformance.cot import event_rules
from skypact.conformance.cot.events import read
from skypact.conformance.cot.tak import Message
from skypact.conformance.report import Place
from skypact.conformance.second import Reading
from skypact.conformance.standard import Evidence, Recording

_TIMES = ("time", "start", "stale")
_RULES = {rule.id: rule for rule in event_rules.RULES}


def readings(recordings: Sequence[Recording]) -> Iterator[Reading]:
    for recording in recordings:
        for number, found in enumerate(read(recording.data), 1):
            if isinstance(found, Message):
                said = {
                    f"control {name}": value for name, value in zip(("least", "greatest"), found.versions, strict=True)
                }
                values = said | dict(found.beside) | ({} if found.event is None else dict(_values(found.event)))
                yield Reading(recording.name, number, "protobuf", values)
            elif isinstance(found, Element):
                yield Reading(recording.name, number, "XML", dict(_values(found)))


def _values(event: Element) -> Iterator[tuple[str, float | int | str]]:
    read_numbers = event_rules.examine(event, Place(file=""), Evidence(_RULES))
    for name, said in event.attrib.items():
        if name not in _TIMES:
            yield name, said
    for name, value in read_numbers.items():
        yield name, round(value * 1e6) if name in _TIMES else value
    for detail in event.iterfind("detail"):
        yield from _elements(detail)


def _elements(detail: Element) -> Iterator[tuple[str, float | int | str]]:
    waiting = [(detail, 0)]
    number = 0
    while waiting:
        element, depth = waiting.pop()
        name = f"{number} {element.tag}"
        yield f"{name} depth", depth
        for attribute, said in element.attrib.items():
            yield f"{name} @{attribute}", as_number(element.tag, attribute, said)
        text = (element.text or "") + "".join(child.tail or "" for child in element)
        if text.strip():
            yield f"{name} text", text
        waiting += [(child, depth + 1) for child in reversed(element)]
        number += 1


def as_number(tag: str, attribute: str, said: str) -> float | str:
    """The numbers of a track, in degrees and m/s; what is none stays the text that it is."""
    is_number = tag == "track" and attribute in ("course", "speed", "slope") and event_rules.DECIMAL.fullmatch(said)
    return float(said) if is_number else said
