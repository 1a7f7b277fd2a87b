"""TAK protocol, version 1: Cursor on Target as protobuf, in datagrams of a mesh or on a stream.

Framing and field numbers are facts of the public protocol description; readers and writers are our own.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from xml.etree.ElementTree import Element, ParseError, SubElement, tostring  # building only; defusedxml parses

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from skypact.conformance.cot.protobuf import Kind, Value, WireError, decode, encode, varint

MAGIC = 0xBF
VERSION = 1
#: A stream's message that says more than this is broken: no event is this long.
LONGEST = 1 << 20


def _strings(name: str, *fields: str) -> Kind:
    return Kind(name, {number: (field, "string") for number, field in enumerate(fields, 1)})


_CONTACT = _strings("Contact", "endpoint", "callsign")
_GROUP = _strings("Group", "name", "role")
_PRECISION = _strings("PrecisionLocation", "geopointsrc", "altsrc")
_STATUS = Kind("Status", {1: ("battery", "uint32")})
_TAKV = _strings("Takv", "device", "platform", "os", "version")
_TRACK = Kind("Track", {1: ("speed", "double"), 2: ("course", "double")})
_DETAIL = Kind(
    "Detail",
    {
        1: ("xmlDetail", "string"),
        2: ("contact", _CONTACT),
        3: ("group", _GROUP),
        4: ("precisionLocation", _PRECISION),
        5: ("status", _STATUS),
        6: ("takv", _TAKV),
        7: ("track", _TRACK),
    },
)
_EVENT = Kind(
    "CotEvent",
    {
        1: ("type", "string"),
        2: ("access", "string"),
        3: ("qos", "string"),
        4: ("opex", "string"),
        5: ("uid", "string"),
        6: ("sendTime", "uint64"),
        7: ("startTime", "uint64"),
        8: ("staleTime", "uint64"),
        9: ("how", "string"),
        10: ("lat", "double"),
        11: ("lon", "double"),
        12: ("hae", "double"),
        13: ("ce", "double"),
        14: ("le", "double"),
        15: ("detail", _DETAIL),
        16: ("caveat", "string"),
        17: ("releaseableTo", "string"),
    },
)
_CONTROL = Kind(
    "TakControl", {1: ("minProtoVersion", "uint32"), 2: ("maxProtoVersion", "uint32"), 3: ("contactUid", "string")}
)
_MESSAGE = Kind(
    "TakMessage",
    {
        1: ("takControl", _CONTROL),
        2: ("cotEvent", _EVENT),
        3: ("submissionTime", "uint64"),
        4: ("creationTime", "uint64"),
    },
)

#: Typed parts of the detail, and the elements of XML that they stand for.
_TYPED = {
    "contact": ("contact", _CONTACT),
    "__group": ("group", _GROUP),
    "precisionlocation": ("precisionLocation", _PRECISION),
    "status": ("status", _STATUS),
    "takv": ("takv", _TAKV),
    "track": ("track", _TRACK),
}
_ATTRIBUTES = ("type", "access", "qos", "opex", "uid", "how")
_TIMES = {"time": "sendTime", "start": "startTime", "stale": "staleTime"}
#: What a TAK server adds, for which MITRE's event has no place: markings, and when it took the message.
_BESIDE = ("caveat", "releaseableTo", "submissionTime", "creationTime", "contactUid")
_POINT = ("lat", "lon", "hae", "ce", "le")
_UNKNOWN, _UNKNOWN_XML = 999_999.0, "9999999.0"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LAST_MS = 253_402_300_799_999  # the end of the year 9999


@dataclass(frozen=True)
class Broken:
    """What cannot be read as the protocol, in a sentence."""

    sentence: str


@dataclass(frozen=True)
class Message:
    """A message as an event of XML, and what only protobuf carries."""

    event: Element | None
    """``None`` for a message of control alone."""
    versions: tuple[int, int]
    """The least and greatest protocol version that the sender takes; 0 for unsaid."""
    doubled: tuple[str, ...]
    """Typed elements that stand in the XML part too."""
    beside: tuple[tuple[str, str | int | float], ...] = ()
    """What only protobuf carries beside the event: markings, and times of a server in milliseconds since 1970."""


def read_stream(data: bytes) -> Iterator[Message | Broken]:
    """Messages of a stream, each after the magic byte and its length; or the one message of a mesh datagram."""
    at = 0
    while at < len(data):
        if data[at] != MAGIC:
            yield Broken(f"Byte {data[at]:02x} at offset {at}; a message begins with bf.")
            return
        try:
            number, start = varint(data, at + 1)
        except WireError as error:
            yield Broken(f"The header at offset {at} cannot be read: {error}.")
            return
        if data[start : start + 1] == bytes([MAGIC]):
            yield _mesh(number, data[start + 1 :])
            return
        body = data[start : start + number]
        if not number or number > LONGEST or len(body) < number:
            yield Broken(f"The message at offset {at} says {number} bytes; {len(body)} are there, {LONGEST} at most.")
            return
        yield _message(body)
        at = start + number


def _mesh(version: int, body: bytes) -> Message | Broken:
    if version != VERSION:
        return Broken(f"The datagram is of protocol version {version}; {VERSION} is decoded.")
    return _message(body)


def _message(body: bytes) -> Message | Broken:
    try:
        read = decode(_MESSAGE, body)
        control, event = read.get("takControl", {}), read.get("cotEvent")
        if not isinstance(control, dict) or not isinstance(event, dict | None):
            raise WireError("the message holds no event")
        versions = (int(_number(control, "minProtoVersion")), int(_number(control, "maxProtoVersion")))
        said = {**read, **control, **(event or {})}
        beside = tuple((name, said[name]) for name in _BESIDE if said.get(name) and not isinstance(said[name], dict))
        if event is None:
            return Message(None, versions, (), beside)
        element, doubled = _element(event)
    except WireError as error:
        return Broken(f"Not a message of TAK protocol version 1: {error}.")
    return Message(element, versions, doubled, beside)


def _element(event: dict[str, Value]) -> tuple[Element, tuple[str, ...]]:
    """The event as XML, and the typed elements that its XML part repeats. Raises ``WireError``."""
    made = Element("event", {"version": "2.0"})
    for name in _ATTRIBUTES:
        if event.get(name):  # an empty text says as little as one that is left out
            made.set(name, str(event[name]))
    for name, field in _TIMES.items():
        if event.get(field):
            made.set(name, _iso(int(_number(event, field))))
    point = SubElement(made, "point")
    for name in _POINT:
        value = _number(event, name)
        point.set(name, _UNKNOWN_XML if name not in ("lat", "lon") and value == _UNKNOWN else _decimal(value))
    doubled: tuple[str, ...] = ()
    if isinstance(detail := event.get("detail"), dict):
        doubled = _detail(SubElement(made, "detail"), detail)
    return made, doubled


def _number(values: dict[str, Value], name: str) -> float:
    """A number that protobuf leaves out when it is zero; the reader has seen to its type."""
    value = values.get(name, 0)
    return value if isinstance(value, (int, float)) else 0


def _detail(made: Element, detail: dict[str, Value]) -> tuple[str, ...]:
    loose = _parts(str(detail.get("xmlDetail", "")))
    made.extend(loose)
    for tag, (field, kind) in _TYPED.items():
        if isinstance(values := detail.get(field), dict):
            part = SubElement(made, tag)
            for name, holds in kind.fields.values():
                value = values.get(name, "" if holds == "string" else 0)
                if value != "":
                    part.set(name, _decimal(value) if isinstance(value, float) else str(value))
    typed = [tag for tag, (field, _) in _TYPED.items() if field in detail]
    return tuple(sorted({one.tag for one in loose} & set(typed)))


def _parts(said: str) -> list[Element]:
    """The elements of the XML part. Raises ``WireError``."""
    if not said:
        return []
    try:
        root = fromstring(f"<detail>{said}</detail>", forbid_dtd=True)
    except (DefusedXmlException, ParseError, ValueError, LookupError) as error:
        raise WireError(f"CotEvent.detail.xmlDetail is no XML: {error}") from None
    if (root.text or "").strip():
        raise WireError("CotEvent.detail.xmlDetail holds text outside its elements")
    return list(root)


def _iso(milliseconds: int) -> str:
    if milliseconds > _LAST_MS:
        raise WireError(f"the time {milliseconds} ms after 1970 is in no calendar")
    said = (_EPOCH + timedelta(milliseconds=milliseconds)).isoformat(timespec="milliseconds")
    return said.removesuffix("+00:00") + "Z"


def _decimal(value: float) -> str:
    """A number as XML's decimals want it, without an exponent; NaN and infinity stay what they are."""
    said = Decimal(repr(float(value)))
    return format(said, "f") if said.is_finite() else str(value)


def to_message(event: Element) -> bytes:
    """An event of XML as a message. Raises ``ValueError`` for a time, number or attribute that has no place in it."""
    values: dict[str, Value] = {name: event.attrib[name] for name in _ATTRIBUTES if name in event.attrib}
    for name, field in _TIMES.items():
        said = datetime.fromisoformat(event.attrib[name].replace("Z", "+00:00"))
        values[field] = (said - _EPOCH) // timedelta(milliseconds=1)
    point = event.find("point")
    if point is None:
        raise ValueError("the event has no point")
    for name in _POINT:
        value = float(point.attrib[name])
        values[name] = _UNKNOWN if value == float(_UNKNOWN_XML) and name not in ("lat", "lon") else value
    if (detail := event.find("detail")) is not None:
        values["detail"] = _typed_detail(detail)
    return encode(_MESSAGE, {"cotEvent": values})


def _typed_detail(detail: Element) -> dict[str, Value]:
    """An element goes into its typed field only if nothing of it would be lost; the others stay XML."""
    made: dict[str, Value] = {}
    loose = ""
    for part in detail:
        field, kind = _TYPED.get(part.tag, ("", None))
        names = {name for name, _ in kind.fields.values()} if kind else set()
        if kind is None or field in made or set(part.attrib) != names or len(part) or (part.text or "").strip():
            loose += tostring(part, encoding="unicode").strip()
            continue
        types = dict(kind.fields.values())
        try:
            made[field] = {name: _typed(str(types[name]), said) for name, said in part.attrib.items()}
        except ValueError:
            loose += tostring(part, encoding="unicode").strip()
    return made | ({"xmlDetail": loose} if loose else {})


def _typed(kind: str, said: str) -> Value:
    if kind == "double":
        return float(said)
    if kind == "string":
        return said
    if not 0 <= (number := int(said)) < 1 << 32:
        raise ValueError(f"{said} has more than 32 bits")
    return number


def framed(message: bytes) -> bytes:
    """A message on a stream."""
    length = bytearray()
    left = len(message)
    while left > 0x7F:
        length.append(left & 0x7F | 0x80)
        left >>= 7
    return bytes([MAGIC, *length, left]) + message


def datagram(message: bytes) -> bytes:
    """A message on a mesh."""
    return bytes([MAGIC, VERSION, MAGIC]) + message
