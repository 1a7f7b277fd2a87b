"""SAPIENT read a second time, by the table of the definitions: without Google's protobuf and without its JSON mapping.

The wire format and the JSON mapping are those of Google's public description of protobuf, version 3: of a field given
twice the last counts, of messages given twice both; a field of another wire type is an unknown one.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from typing import Any

import skypact
from skypact.conformance.sapient import second_json
from skypact.conformance.sapient.definitions import ROOT, TIMESTAMP, Field, messages
from skypact.conformance.second import Reading, SecondDecoder
from skypact.conformance.standard import Recording

Values = dict[str, float | int | str]
_Tree = dict[str, Any]
"""A value, a tree, or a list of either, by the name of the field; under the empty name, that a message is there."""

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
        tree: _Tree = {}
        try:
            _message(ROOT, memoryview(data)[start:at], tree, 0)
        except UnreadableError:
            yield None
        else:
            yield dict(_flat(tree, ""))


def _message(kind: str, data: memoryview, tree: _Tree, depth: int) -> None:
    """Adds the fields of a message to what one before it said at the same place."""
    if depth > _DEEPEST:
        raise UnreadableError
    fields = {field.number: field for field in (_TIMESTAMP if kind == TIMESTAMP else messages()[kind])}
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
                tree[f"field {number}"] = "unknown"
            continue
        body = data[start:end]
        if wire == _BYTES:
            body = body[_number(body, 0)[1] :]
        _field(kind, field, wire, body, tree, depth)


def _flat(tree: _Tree, path: str) -> Iterator[tuple[str, float | int | str]]:
    for key, held in tree.items():
        name = f"{path}.{key}" if path and key else path or key
        parts = {f"{name}[{index}]": one for index, one in enumerate(held)} if isinstance(held, list) else {name: held}
        for place, one in parts.items():
            if isinstance(one, dict):
                yield from _flat(one, place)
            else:
                yield place, one


def _wire(field: Field) -> int:
    is_message = field.type in messages() or field.type == TIMESTAMP
    return _BYTES if is_message else _WIRE.get(field.type, _VARINT)


def _fits(field: Field, wire: int) -> bool:
    """Numbers of a repeated field may be packed into octets."""
    return wire == _wire(field) or (field.repeated and wire == _BYTES)


def _field(kind: str, field: Field, wire: int, body: memoryview, tree: _Tree, depth: int) -> None:
    if field.choice:
        for other in messages()[kind]:
            if other.choice == field.choice and other is not field:
                tree.pop(other.name, None)
    if field.repeated:
        held = tree.setdefault(field.name, [])
        held.extend(_one(field, one, None, depth) for one in (_packed(field, body) if wire != _wire(field) else [body]))
    else:
        tree[field.name] = _one(field, body, tree.get(field.name), depth)
        if field.presence == "implicit" and tree[field.name] in (0, ""):
            del tree[field.name]


def _packed(field: Field, body: memoryview) -> Iterator[memoryview]:
    at = 0
    while at < len(body):
        end = _after(body, at, _wire(field), field.number, 0)
        yield body[at:end]
        at = end


def _one(field: Field, body: memoryview, before: Any, depth: int) -> Any:
    """A value; of a message, the tree of what it says, which is ``before`` where one before it was there."""
    if field.type not in messages() and field.type != TIMESTAMP:
        return _scalar(field.type, body)
    tree: _Tree = before or ({"seconds": 0, "nanos": 0} if field.type == TIMESTAMP else {"": "there"})
    _message(field.type, body, tree, depth + 1)
    return tree


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
