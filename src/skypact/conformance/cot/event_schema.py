"""MITRE's public event schema 2.0 as a table, for the second decoder alone: what the elements of an event must be.

Written from Event-PUBLIC.xsd (Copyright 2005 The MITRE Corporation, approved for public release): facts, not its text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import pairwise

from skypact.conformance.cot.second_xml import Element

Values = dict[str, float | int | str]

#: Attributes of an event that are texts: their form, and whether they are required.
_TEXTS = {
    "version": (r"[+-]?(\d+(\.\d*)?|\.\d+)", True),
    "type": (r"\w+(-\w+)*(;[^;]*)?", True),
    "uid": (r".*", True),
    "how": (r"\w(-\w+)*", True),
    "access": (r".*", False),
    "qos": (r"\d-\w-\w", False),
    "opex": (r".*", False),
}
_TIMES = ("time", "start", "stale")
_TIME = re.compile(r"(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d+))?Z", re.ASCII)
_DECIMAL = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)", re.ASCII)
#: Attributes of a point, and how far from zero they may be.
_POINT = {"lat": 90, "lon": 180, "hae": None, "ce": None, "le": None}
_TRACK = ("course", "speed", "slope")
_MONTHS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


class NotAnEventError(ValueError):
    """The document is no event by the schema."""


def event(elements: Sequence[Element]) -> Values:
    """The values of an event. Raises ``NotAnEventError``."""
    root = elements[0]
    inside = [one for one in elements if one.depth == 1]
    tags = sorted(one.tag for one in inside)
    if root.tag != "event" or tags not in (["point"], ["detail", "point"]) or "".join(root.text).strip(" \t\r\n"):
        raise NotAnEventError
    values: Values = dict(_attributes(root))
    for child in inside:
        if child.tag == "point":
            values |= _point(child, elements)
    starts = [at for at, one in enumerate(elements) if one.depth <= 1] + [len(elements)]
    for start, end in pairwise(starts):
        if elements[start].tag == "detail":
            values |= dict(_detail(elements[start:end]))
    return values


def _attributes(root: Element) -> Iterator[tuple[str, float | int | str]]:
    if set(root.attributes) - set(_TEXTS) - set(_TIMES):
        raise NotAnEventError
    for name, (form, required) in _TEXTS.items():
        said = root.attributes.get(name)
        if said is None:
            if required:
                raise NotAnEventError
        elif not re.fullmatch(form, said, re.DOTALL):
            raise NotAnEventError
        else:
            yield name, said
    if Decimal(root.attributes["version"]) < 2:
        raise NotAnEventError
    for name in _TIMES:
        yield name, _microseconds(root.attributes.get(name, ""))


def _microseconds(said: str) -> int:
    """A time of the calendar in microseconds since 1970, by counting days."""
    found = _TIME.fullmatch(said)
    if found is None:
        raise NotAnEventError
    year, month, day, hour, minute, second = (int(part) for part in found.groups()[:6])
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    if not 1 <= month <= 12 or not year:
        raise NotAnEventError
    if not 1 <= day <= _MONTHS[month - 1] + (leap and month == 2) or hour > 23 or minute > 59 or second > 59:
        raise NotAnEventError
    before = year - 1
    days = 365 * before + before // 4 - before // 100 + before // 400
    days += sum(_MONTHS[: month - 1]) + (leap and month > 2) + day - 1 - 719_162
    whole = ((days * 24 + hour) * 60 + minute) * 60 + second
    return round((whole + float(Decimal(f"0.{found[7] or 0}"))) * 1e6)  # as exact as seconds since 1970 in a double


def _point(point: Element, elements: Sequence[Element]) -> Values:
    at = next(number for number, one in enumerate(elements) if one is point)
    has_children = at + 1 < len(elements) and elements[at + 1].depth > 1
    if set(point.attributes) != set(_POINT) or has_children or "".join(point.text).strip(" \t\r\n"):
        raise NotAnEventError
    values: Values = {}
    for name, limit in _POINT.items():
        said = point.attributes[name]
        if not _DECIMAL.fullmatch(said) or (limit is not None and abs(Decimal(said)) > limit):
            raise NotAnEventError
        values[name] = float(Decimal(said))
    return values


def _detail(elements: Sequence[Element]) -> Iterator[tuple[str, float | int | str]]:
    if "".join(elements[0].text).strip(" \t\r\n"):
        raise NotAnEventError
    for number, one in enumerate(elements):
        name = f"{number} {one.tag}"
        yield f"{name} depth", one.depth - 1
        for attribute, said in one.attributes.items():
            is_number = one.tag == "track" and attribute in _TRACK and _DECIMAL.fullmatch(said)
            yield f"{name} @{attribute}", float(Decimal(said)) if is_number else said
        if (text := "".join(one.text)).strip():
            yield f"{name} text", text
