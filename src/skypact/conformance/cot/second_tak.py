"""TAK protocol 1 by Google's protobuf: a descriptor built from the field numbers of the public definitions.

Numbers as in the TAK Product Center's server (takserver-protobuf, April 2026) and, for ``contactUid``, in ATAK-CIV.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from functools import cache
from typing import Any

from google.protobuf.descriptor_pb2 import DescriptorProto, FieldDescriptorProto, FileDescriptorProto
from google.protobuf.descriptor_pool import DescriptorPool
from google.protobuf.message import DecodeError
from google.protobuf.message_factory import GetMessageClass

from skypact.conformance.cot.event_schema import Values
from skypact.conformance.cot.second_xml import BrokenXMLError, Element, document

#: Message: number, name, type of each field.
_DEFINITIONS = {
    "TakMessage": "1 takControl TakControl, 2 cotEvent CotEvent, 3 submissionTime uint64, 4 creationTime uint64",
    "TakControl": "1 minProtoVersion uint32, 2 maxProtoVersion uint32, 3 contactUid string",
    "CotEvent": "1 type string, 2 access string, 3 qos string, 4 opex string, 5 uid string, 6 sendTime uint64,"
    " 7 startTime uint64, 8 staleTime uint64, 9 how string, 10 lat double, 11 lon double, 12 hae double, 13 ce double,"
    " 14 le double, 15 detail Detail, 16 caveat string, 17 releaseableTo string",
    "Detail": "1 xmlDetail string, 2 contact Contact, 3 group Group, 4 precisionLocation PrecisionLocation,"
    " 5 status Status, 6 takv Takv, 7 track Track",
    "Contact": "1 endpoint string, 2 callsign string",
    "Group": "1 name string, 2 role string",
    "PrecisionLocation": "1 geopointsrc string, 2 altsrc string",
    "Status": "1 battery uint32",
    "Takv": "1 device string, 2 platform string, 3 os string, 4 version string",
    "Track": "1 speed double, 2 course double",
}
_TYPES = {
    "string": FieldDescriptorProto.TYPE_STRING,
    "uint32": FieldDescriptorProto.TYPE_UINT32,
    "uint64": FieldDescriptorProto.TYPE_UINT64,
    "double": FieldDescriptorProto.TYPE_DOUBLE,
}
_TAGS = {"precisionLocation": "precisionlocation", "group": "__group"}
_MAGIC, _VERSION, _LONGEST = 0xBF, 1, 1 << 20
_LAST_MS = 253_402_300_799_999
_UNKNOWN = {999_999.0: 9_999_999.0}


@cache
def _message_class() -> Any:
    file = FileDescriptorProto(name="tak.proto", package="tak", syntax="proto3")
    for name, fields in _DEFINITIONS.items():
        message = DescriptorProto(name=name)
        for said in fields.split(","):
            number, field, kind = said.split()
            made = message.field.add(name=field, number=int(number), label=FieldDescriptorProto.LABEL_OPTIONAL)
            if kind in _TYPES:
                made.type = _TYPES[kind]
            else:
                made.type, made.type_name = FieldDescriptorProto.TYPE_MESSAGE, f".tak.{kind}"
        file.message_type.append(message)
    pool = DescriptorPool()
    pool.Add(file)
    return GetMessageClass(pool.FindMessageTypeByName("tak.TakMessage"))


def stream(data: bytes) -> Iterator[Values | None]:
    """The values of each message of a stream, or of the one of a mesh datagram; ``None`` for what is none."""
    at = 0
    while at < len(data):
        size, used = _length(data[at + 1 : at + 11])
        start = at + 1 + used
        if data[at] != _MAGIC or not used:
            yield None
            return
        if data[start : start + 1] == bytes([_MAGIC]):
            yield _values(data[start + 1 :]) if size == _VERSION else None
            return
        at = start + size
        if not 0 < size <= _LONGEST or at > len(data):
            yield None
            return
        yield _values(data[start:at])


def _length(data: bytes) -> tuple[int, int]:
    """A number in groups of seven bits, and how many octets it takes; 0 octets for none."""
    number = 0
    for used, octet in enumerate(data):
        number |= (octet & 0x7F) << 7 * used
        if not octet & 0x80:
            return number, used + 1
    return 0, 0


def _values(body: bytes) -> Values | None:
    try:
        message = _message_class().FromString(body)
    except DecodeError:
        return None
    control = message.takControl
    values: Values = {"control least": control.minProtoVersion, "control greatest": control.maxProtoVersion}
    for name in ("submissionTime", "creationTime"):
        if getattr(message, name):
            values[name] = getattr(message, name)
    if control.contactUid:
        values["contactUid"] = control.contactUid
    if not message.HasField("cotEvent"):
        return values
    try:
        values |= _event(message.cotEvent)
    except (BrokenXMLError, OverflowError):
        return None
    return values


def _event(event: Any) -> Values:
    """Raises ``BrokenXMLError`` for a detail that is no XML, ``OverflowError`` for a time of no calendar."""
    values: Values = {"version": "2.0"}
    for field, _ in event.ListFields():
        if field.type == FieldDescriptorProto.TYPE_STRING:
            values[field.name] = getattr(event, field.name)
    for name, field in (("time", "sendTime"), ("start", "startTime"), ("stale", "staleTime")):
        if milliseconds := getattr(event, field):
            if milliseconds > _LAST_MS:
                raise OverflowError
            values[name] = milliseconds * 1000
    for name in ("lat", "lon", "hae", "ce", "le"):
        number = float(getattr(event, name))
        if math.isfinite(number):  # the first has it as XML, which writes no other
            values[name] = _UNKNOWN.get(number, number) if name not in ("lat", "lon") else number
    if event.HasField("detail"):
        values |= dict(_numbered([Element(0, "detail", {}), *_loose(event.detail.xmlDetail), *_typed(event.detail)]))
    return values


def _loose(said: str) -> list[Element]:
    """The elements of the XML part, one deeper than the detail."""
    whole = f"<detail>{said}</detail>"
    elements, end = document(whole, 0)
    if end != len(whole) or "".join(elements[0].text).strip():
        raise BrokenXMLError
    return elements[1:]


def _typed(detail: Any) -> list[Element]:
    made = []
    for field, part in detail.ListFields():
        if field.message_type:
            attributes = {one.name: str(getattr(part, one.name)) for one in part.DESCRIPTOR.fields}
            empty = [
                one.name
                for one in part.DESCRIPTOR.fields
                if not getattr(part, one.name) and one.type == one.TYPE_STRING
            ]
            for name in empty:
                del attributes[name]
            made.append(Element(1, _TAGS.get(field.name, field.name), attributes))
    return made


def _numbered(elements: list[Element]) -> Iterator[tuple[str, float | int | str]]:
    for number, one in enumerate(elements):
        name = f"{number} {one.tag}"
        yield f"{name} depth", one.depth
        for attribute, said in one.attributes.items():
            is_number = one.tag == "track" and attribute in ("speed", "course") and math.isfinite(float(said))
            yield f"{name} @{attribute}", float(said) if is_number else said
        if (text := "".join(one.text)).strip():
            yield f"{name} text", text
