"""Rules for one event: MITRE's public event schema 2.0 and values that can be true."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from xml.etree.ElementTree import Element

from skypact.conformance.report import Layer, Place, Severity
from skypact.conformance.standard import Evidence, Rule

_SCHEMA = "MITRE Event-PUBLIC.xsd 2.0"
_TYPES = "MITRE types.txt 1.5"

ATTRIBUTE = Rule("cot.attribute", Layer.SCHEMA, f"{_SCHEMA}, attributes of event and point")
ELEMENT = Rule("cot.element", Layer.SCHEMA, f"{_SCHEMA}, one point, at most one detail of elements, nothing else")
VERSION = Rule("cot.version", Layer.SCHEMA, f"{_SCHEMA}, event/@version at least 2")
TYPE = Rule("cot.type", Layer.SCHEMA, f"{_SCHEMA}, event/@type; {_TYPES}")
HOW = Rule("cot.how", Layer.SCHEMA, f"{_SCHEMA}, event/@how")
HOW_CODE = Rule("cot.how-code", Layer.SCHEMA, f"{_TYPES}, the how hierarchy", Severity.WARNING)
TIME = Rule("cot.time", Layer.SCHEMA, f"{_SCHEMA}, time, start, stale: ISO 8601 in UTC with Z")
NUMBER = Rule("cot.number", Layer.SCHEMA, f"{_SCHEMA}, xs:decimal of point")
OPTIONAL = Rule("cot.optional", Layer.SCHEMA, f"{_SCHEMA}, event/@qos and @opex")
UID = Rule("cot.uid", Layer.SCHEMA, f"{_SCHEMA}, event/@uid: a globally unique name")
STALE = Rule("cot.stale", Layer.SEMANTIC, f"{_SCHEMA}, start and stale bound the validity")
POSITION = Rule("cot.position", Layer.SEMANTIC, f"{_SCHEMA}, point/@lat ±90, @lon ±180, @hae")
ERRORS = Rule("cot.errors", Layer.SEMANTIC, f"{_SCHEMA}, point/@ce and @le in metres; 9999999 for unknown")
NOWHERE = Rule("cot.nowhere", Layer.SEMANTIC, "lab rule: 0, 0 is the mark of a missing position", Severity.WARNING)
TRACK = Rule("cot.track", Layer.SEMANTIC, "MITRE Track sub-schema: course and slope in degrees, speed in m/s")
RULES = (
    ATTRIBUTE,
    ELEMENT,
    VERSION,
    TYPE,
    HOW,
    HOW_CODE,
    TIME,
    NUMBER,
    OPTIONAL,
    UID,
    STALE,
    POSITION,
    ERRORS,
    NOWHERE,
    TRACK,
)

_REQUIRED = ("version", "type", "uid", "time", "start", "stale", "how")
_ALLOWED = {*_REQUIRED, "access", "qos", "opex"}
_POINT = ("lat", "lon", "hae", "ce", "le")
UNKNOWN = 9_999_999.0

DECIMAL = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)")
_DATE_TIME = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(\.\d+)?Z")
#: Atoms carry affiliation and battle dimension; bits, capabilities, reservations, tasks and replies are lower case;
#: u is TAK's own branch for what a user draws.
_ATOM = re.compile(r"a-[puafnshjkox](-[PAGSUFX](-[A-Z0-9])*(-[a-z0-9]+)*)?")
_OTHER = re.compile(r"[bcrtuy](-\w+)+")
_HOW = re.compile(r"[hm](-\w+)*")
_HOW_CODES = re.compile(r"h(-([ectp]|g-i-g-o))?|m(-([imnscrpfal]|g(-[nd])?|R(-([epdv]|t(-[abj])?))?|v(-(u|o|ou))?))?")
_QOS = re.compile(r"\d-[rfi]-[gdc]")
_OPEX = re.compile(r"[oes](-.*)?")
_FASTEST_M_S = 3000
#: Least, greatest, and whether a track must say it.
_TRACK_LIMITS = {"course": (0, 360, True), "speed": (0, _FASTEST_M_S, True), "slope": (-90, 90, False)}
_LONGEST_TYPE = 100  # types.txt needs less than 20 characters; a bound keeps the match quick

_Say = Callable[[Rule, str, str], None]


def examine(event: Element, place: Place, evidence: Evidence) -> dict[str, float]:
    """Writes down what is wrong; returns the numbers that could be read, times in seconds since 1970."""

    def say(rule: Rule, field: str, sentence: str) -> None:
        evidence.find(rule.id, place.model_copy(update={"field": field}), sentence)

    for name in [name for name in _REQUIRED if name not in event.attrib]:
        say(ATTRIBUTE, f"event/@{name}", f"The attribute {name} is missing.")
    for name in sorted(set(event.attrib) - _ALLOWED):
        say(ATTRIBUTE, f"event/@{name}", f"The attribute {name} is unknown; accepted: {', '.join(sorted(_ALLOWED))}.")
    read = _times(event, say)
    _words(event, say)
    points, details = event.findall("point"), event.findall("detail")
    if len(points) != 1 or len(details) > 1 or len(points) + len(details) != len(event):
        tags = ", ".join(child.tag for child in event) or "nothing"
        say(ELEMENT, "event", f"An event holds one point and at most one detail; this one holds {tags}.")
    texts = [event.text, *(child.tail for child in event)]
    for detail in details:
        texts += [detail.text, *(child.tail for child in detail)]
    loose = [text.strip() for text in texts if text and text.strip()]
    if loose:
        say(ELEMENT, "event", f'Text "{loose[0][:40]}" stands between the elements.')
    if points:
        read |= _point(points[0], say)
    for track in event.iterfind("detail/track"):
        _track(track, say)
    return read


def _words(event: Element, say: _Say) -> None:
    given = event.attrib
    if "version" in given and not (DECIMAL.fullmatch(given["version"]) and float(given["version"]) >= 2):
        say(VERSION, "event/@version", f'"{given["version"]}" is not a decimal of at least 2.')
    if "type" in given:
        kind = given["type"].partition(";")[0]
        if len(kind) > _LONGEST_TYPE or not (_ATOM.fullmatch(kind) or _OTHER.fullmatch(kind)):
            say(
                TYPE,
                "event/@type",
                f'"{kind[:_LONGEST_TYPE]}" is not in the type tree, such as a-u-A-M-F-Q or b-m-p-s-m.',
            )
    if "how" in given and not _HOW.fullmatch(given["how"]):
        say(HOW, "event/@how", f'"{given["how"]}" begins with neither h (human) nor m (machine).')
    elif "how" in given and not _HOW_CODES.fullmatch(given["how"]):
        say(HOW_CODE, "event/@how", f'"{given["how"]}" is not in the hierarchy, such as m-g (by GPS) or m-f (fused).')
    if "uid" in given and not given["uid"].strip():
        say(UID, "event/@uid", "The uid is empty.")
    for name, form in (("qos", _QOS), ("opex", _OPEX)):
        if name in given and not form.fullmatch(given[name]):
            say(OPTIONAL, f"event/@{name}", f'"{given[name]}" is not of the form {form.pattern}.')


def _times(event: Element, say: _Say) -> dict[str, float]:
    read = {}
    for name in ("time", "start", "stale"):
        if (said := event.get(name)) is None:
            continue
        found = _DATE_TIME.fullmatch(said)
        try:
            read[name] = (
                datetime.fromisoformat(f"{found[1]}+00:00").timestamp() + float(found[2] or 0) if found else None
            )
        except ValueError:
            read[name] = None
        if read[name] is None:
            say(TIME, f"event/@{name}", f'"{said}" is not a time such as 2026-03-02T10:00:00.5Z.')
    read = {name: value for name, value in read.items() if value is not None}
    for name in ("time", "start"):
        if name in read and "stale" in read and read["stale"] <= read[name]:
            say(STALE, "event/@stale", f"stale {event.get('stale')} is not after {name} {event.get(name)}.")
    return read


def _point(point: Element, say: _Say) -> dict[str, float]:
    for name in sorted(set(point.attrib) - set(_POINT)):
        say(ATTRIBUTE, f"point/@{name}", f"The attribute {name} is unknown; accepted: {', '.join(_POINT)}.")
    if len(point) or (point.text or "").strip():
        say(ELEMENT, "point", "A point is empty but for its attributes.")
    read = {}
    for name in _POINT:
        said = point.get(name)
        if said is None:
            say(ATTRIBUTE, f"point/@{name}", f"The attribute {name} is missing.")
        elif not DECIMAL.fullmatch(said):
            say(NUMBER, f"point/@{name}", f'"{said[:40]}" is not a decimal number.')
        else:
            read[name] = float(said)
    _plausible(read, say)
    return read


def _plausible(read: dict[str, float], say: _Say) -> None:
    for name, limit in (("lat", 90), ("lon", 180)):
        if abs(read.get(name, 0)) > limit:
            say(POSITION, f"point/@{name}", f"{read[name]:g} is outside ±{limit}.")
    if not -1000 <= read.get("hae", 0) <= 100_000 and read["hae"] != UNKNOWN:
        say(POSITION, "point/@hae", f"{read['hae']:g} m is neither a height of this world nor 9999999 for unknown.")
    for name in ("ce", "le"):
        if name in read and (read[name] < 0 or read[name] > 1_000_000) and read[name] != UNKNOWN:
            say(ERRORS, f"point/@{name}", f"{read[name]:g} is neither 0 to 1,000,000 m nor 9999999 for unknown.")
    if read.get("lat") == 0 and read.get("lon") == 0:
        say(NOWHERE, "point", "The point is at 0, 0.")


def _track(track: Element, say: _Say) -> None:
    for name, (low, high, required) in _TRACK_LIMITS.items():
        said = track.get(name)
        if said is None:
            if required:
                say(TRACK, f"detail/track/@{name}", f"The attribute {name} is missing.")
        elif (
            not DECIMAL.fullmatch(said) or not low <= float(said) <= high or (name == "course" and float(said) == high)
        ):
            below = " (and below it)" if name == "course" else ""
            say(TRACK, f"detail/track/@{name}", f'"{said[:40]}" is outside {low} to {high}{below}.')
