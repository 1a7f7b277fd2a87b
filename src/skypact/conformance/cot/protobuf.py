"""The protobuf wire format read strictly: no unknown field, no wrong wire type, nothing twice, texts in UTF-8.

Google's description of the encoding is public; the parsers of the field skip what they do not know, which is right for
a program and wrong for a lab.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

VARINT, DOUBLE, BYTES = 0, 1, 2
_LONGEST_VARINT = 10

Value = int | float | str | dict


class WireError(ValueError):
    """These bytes are no message of this kind; says where and why."""


@dataclass(frozen=True)
class Kind:
    """A message: its fields by number, each with its name and what it holds."""

    name: str
    fields: dict[int, tuple[str, str | Kind]]
    """``uint32``, ``uint64``, ``double``, ``string``, or another message."""


def varint(data: bytes, at: int) -> tuple[int, int]:
    """(number, offset after it). Raises ``WireError``."""
    number = 0
    for used, byte in enumerate(data[at : at + _LONGEST_VARINT]):
        number |= (byte & 0x7F) << 7 * used
        if byte < 0x80:
            if number >> 64 or (used and not byte):
                raise WireError(f"the number at offset {at} is too large or longer than it must be")
            return number, at + used + 1
    raise WireError(f"the number at offset {at} does not end")


def decode(kind: Kind, data: bytes) -> dict[str, Value]:
    """The fields by name. Raises ``WireError``."""
    read: dict[str, Value] = {}
    at = 0
    while at < len(data):
        tag, after = varint(data, at)
        number, wire = tag >> 3, tag & 7
        if number not in kind.fields:
            raise WireError(f"{kind.name} has no field number {number}")
        name, holds = kind.fields[number]
        if name in read:
            raise WireError(f"{kind.name}.{name} stands twice")
        read[name], at = _value(f"{kind.name}.{name}", holds, wire, data, after)
    return read


def _value(path: str, holds: str | Kind, wire: int, data: bytes, at: int) -> tuple[Value, int]:
    wanted = {"uint32": VARINT, "uint64": VARINT, "double": DOUBLE}.get(str(holds), BYTES)
    if wire != wanted:
        raise WireError(f"{path} has wire type {wire}; its type is written as {wanted}")
    if wanted == VARINT:
        number, after = varint(data, at)
        if holds == "uint32" and number >> 32:
            raise WireError(f"{path} is {number}, which has more than 32 bits")
        return number, after
    if wanted == DOUBLE:
        if at + 8 > len(data):
            raise WireError(f"{path} is cut")
        return struct.unpack_from("<d", data, at)[0], at + 8
    length, start = varint(data, at)
    if start + length > len(data):
        raise WireError(f"{path} says {length} bytes; {len(data) - start} are there")
    body = data[start : start + length]
    if isinstance(holds, Kind):
        return decode(holds, body), start + length
    try:
        return body.decode("utf-8"), start + length
    except UnicodeDecodeError as error:
        raise WireError(f"{path} is not UTF-8 at byte {error.start}") from None


def encode(kind: Kind, values: dict[str, Value]) -> bytes:
    """A message with its fields in the order of their numbers; zero and empty values are left out."""
    made = b""
    for number, (name, holds) in sorted(kind.fields.items()):
        value = values.get(name)
        if value in (None, "", 0) or (isinstance(holds, Kind) and not isinstance(value, dict)):
            continue
        if isinstance(value, dict) and isinstance(holds, Kind):
            made += _delimited(number, encode(holds, value))
        elif isinstance(value, str):
            made += _delimited(number, value.encode())
        elif holds == "double" and isinstance(value, (int, float)):
            made += _varint_bytes(number << 3 | DOUBLE) + struct.pack("<d", value)
        elif isinstance(value, int):
            made += _varint_bytes(number << 3 | VARINT) + _varint_bytes(value)
    return made


def _delimited(number: int, body: bytes) -> bytes:
    return _varint_bytes(number << 3 | BYTES) + _varint_bytes(len(body)) + body


def _varint_bytes(number: int) -> bytes:
    made = bytearray()
    while number > 0x7F:
        made.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes([*made, number])
