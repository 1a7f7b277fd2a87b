"""SAPIENT read a second time, by the table of the definitions: without Google's protobuf and without its JSON mapping.

The wire format and the JSON mapping are those of Google's public description of protobuf, version 3: of a field given
twice the last counts, of messages given twice both; a field of another wire type is an unknown one.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence

import skypact
from skypact.conformance.sapient import second_json
from skypact.conformance.sapient.definitions import ROOT, TIMESTAMP, Field, messages
from skypact.conformance.second import Reading, SecondDecoder
from skypact.conformance.standard import Recording

Values = dict[str, float | int | str]

_VARINT, _EIGHT, _BYTES, _GROUP, _END_GROUP, _FOUR = range(6)
_WIRE = {"double": _EIGHT, "float": _FOUR, "string": _BYTES, "bytes": _BYTES}
_DEEPEST = 100
_TIMESTAMP = (Field(1, "seconds", "int64", "implicit"), Field(2, "nanos", "int32", "implicit"))


class UnreadableError(ValueError):
    """These bytes are no message."""


def read(recordings: Sequence[Recording]) -> Iterator[Reading]:
    for recording in recordings:
        data = recording.data
        found = second_json.read(data) if data.lstrip()[:1] in (b"{", b"[") else _stream(data)
        for number, values in enumerate(found, 1):
            if values is not None:
                yield Reading(recording.name, number, _kind(values), values)


def _kind(values: Values) -> str:
    contents = (field.name for field in messages()[ROOT] if field.choice)
    return next((name for name in contents if name in values), "without content")


def _stream(data: bytes) -> Iterator[Values | None]:
    """The values of each message; ``None`` for one that cannot be read, or for the rest of a stream that is cut."""
    at = 0
    while at < len(data):
        start = at + 4
        at = start + int.from_bytes(data[at:start], "little")
        if max(start, at) > len(data):
            yield None
            return
        body = data[start:at]
        values: Values = {}
        try:
            _message(ROOT, memoryview(body), "", values, 0)
        except UnreadableError:
            yield None
        else:
            yield values


def _message(kind: str, data: memoryview, path: str, values: Values, depth: int) -> None:
    """Writes the values of a message, on top of what one before it said at the same path."""
    if depth > _DEEPEST:
        raise UnreadableError
    fields = {field.number: field for field in (_TIMESTAMP if kind == TIMESTAMP else messages()[kind])}
    if kind == TIMESTAMP:
        values.setdefault(f"{path}seconds", 0)
        values.setdefault(f"{path}nanos", 0)
    at = 0
    while at < len(data):
        tag, at = _number(data, at, bits=32)
        number, wire = tag >> 3, tag & 7
        if not number:
            raise UnreadableError
        start, end = at, _after(data, at, wire, number, depth)
        at = end
        field = fields.get(number)
        if field is None or not _fits(field, wire):
            if kind != TIMESTAMP:
                values[f"{path}field {number}"] = "unknown"
            continue
        body = data[start:end]
        if wire == _BYTES:
            body = body[_number(body, 0)[1] :]
        _field(kind, field, wire, body, path, values, depth)


def _wire(field: Field) -> int:
    is_message = field.type in messages() or field.type == TIMESTAMP
    return _BYTES if is_message else _WIRE.get(field.type, _VARINT)


def _fits(field: Field, wire: int) -> bool:
    """Numbers of a repeated field may be packed into octets."""
    return wire == _wire(field) or (field.repeated and wire == _BYTES)


def _field(kind: str, field: Field, wire: int, body: memoryview, path: str, values: Values, depth: int) -> None:
    name = path + field.name
    if field.choice:
        for other in messages()[kind]:
            if other.choice == field.choice and other is not field:
                _forget(path + other.name, values)
    if field.repeated:
        for one in _packed(field, body) if wire != _wire(field) else [body]:
            index = 0
            while f"{name}[{index}]" in values or f"{name}[{index}].seconds" in values:
                index += 1
            _one(field, one, f"{name}[{index}]", values, depth)
    else:
        _one(field, body, name, values, depth)
        if field.presence == "implicit" and values.get(name) in (0, ""):
            del values[name]


def _forget(name: str, values: Values) -> None:
    for known in [known for known in values if known == name or known.startswith(f"{name}.")]:
        del values[known]


def _packed(field: Field, body: memoryview) -> Iterator[memoryview]:
    at = 0
    while at < len(body):
        end = _after(body, at, _wire(field), field.number, 0)
        yield body[at:end]
        at = end


def _one(field: Field, body: memoryview, name: str, values: Values, depth: int) -> None:
    if field.type == TIMESTAMP:
        _message(TIMESTAMP, body, f"{name}.", values, depth + 1)
    elif field.type in messages():
        values[name] = "there"
        _message(field.type, body, f"{name}.", values, depth + 1)
    else:
        values[name] = _scalar(field.type, body)


def _scalar(kind: str, body: memoryview) -> float | int | str:
    if kind == "double":
        return float(struct.unpack("<d", body)[0])
    if kind == "float":
        return float(struct.unpack("<f", body)[0])
    if kind == "bytes":
        return body.hex()
    if kind == "string":
        try:
            return str(body, "utf-8")
        except UnicodeDecodeError:
            raise UnreadableError from None
    number = _number(body, 0)[0]
    if kind == "bool":
        return int(number != 0)
    bits = 64 if kind in ("int64", "uint64") else 32
    number &= (1 << bits) - 1
    signed = not kind.startswith("uint")
    return number - (1 << bits) if signed and number >> (bits - 1) else number


def _number(data: memoryview, at: int, bits: int = 64) -> tuple[int, int]:
    """A number in groups of seven bits, the least first, and the offset after it."""
    number = 0
    for shift in range(0, 70, 7):
        if at >= len(data):
            raise UnreadableError
        byte = data[at]
        at += 1
        number |= (byte & 0x7F) << shift
        if not byte & 0x80:
            if bits < 64 and number >> bits:
                raise UnreadableError
            return number & (1 << 64) - 1, at
    raise UnreadableError


def _after(data: memoryview, at: int, wire: int, number: int, depth: int) -> int:
    """The offset after a value of a wire type."""
    if wire == _VARINT:
        return _number(data, at)[1]
    if wire in (_EIGHT, _FOUR):
        end = at + (8 if wire == _EIGHT else 4)
    elif wire == _BYTES:
        size, at = _number(data, at)
        end = at + size
    elif wire == _GROUP and depth < _DEEPEST:
        return _after_group(data, at, number, depth + 1)
    else:
        raise UnreadableError
    if end > len(data):
        raise UnreadableError
    return end


def _after_group(data: memoryview, at: int, number: int, depth: int) -> int:
    while True:
        tag, at = _number(data, at, bits=32)
        if tag & 7 == _END_GROUP:
            if tag >> 3 != number:
                raise UnreadableError
            return at
        if not tag >> 3:
            raise UnreadableError
        at = _after(data, at, tag & 7, tag >> 3, depth)


DECODER = SecondDecoder(
    name="skypact table reader",
    version=lambda: skypact.__version__,
    whose="Our own reader of the wire and of JSON, by a table of field numbers taken from Dstl's definitions; the first"
    " is Google's protobuf with the types of sapient-msg, and they share no code.",
    read=read,
)
