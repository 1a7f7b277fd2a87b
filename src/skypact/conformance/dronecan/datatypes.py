"""DroneCAN data types of the package ``dronecan``: the public DSDL definitions, their signatures, and a strict reader.

The package parses the definitions and computes the signatures; bits are read here, because its own reader takes what
does not end where it should.
"""

from __future__ import annotations

import struct
from binascii import crc_hqx
from functools import cache
from typing import Any

Value = int | float | bool | bytes | list | dict | None


class NotOfTypeError(ValueError):
    """The payload is none of this data type; says why."""


@cache
def message_types() -> dict[int, Any]:
    """Broadcast messages by their data type id. The package reads 200 definitions when it is imported."""
    import dronecan

    return {number: one for (number, kind), one in dronecan.DATATYPES.items() if kind == one.KIND_MESSAGE}


@cache
def service_types() -> dict[int, Any]:
    """Services, each a request and a response, by their data type id."""
    import dronecan

    return {number: one for (number, kind), one in dronecan.DATATYPES.items() if kind == one.KIND_SERVICE}


def transfer_crc(signature: int, payload: bytes) -> int:
    """CRC-16-CCITT-FALSE over the signature of the data type, least byte first, and the payload."""
    return crc_hqx(payload, crc_hqx(signature.to_bytes(8, "little"), 0xFFFF))


class _Bits:
    """DSDL's bit order: bytes in order, of each the highest bit first; a value's own bytes stand least first."""

    def __init__(self, payload: bytes) -> None:
        self.whole = int.from_bytes(payload, "big")
        self.size = 8 * len(payload)
        self.at = 0

    @property
    def left(self) -> int:
        return self.size - self.at

    def take(self, bits: int) -> int:
        """An unsigned number. Raises ``NotOfTypeError`` when the payload ends before it."""
        if bits > self.left:
            raise NotOfTypeError(f"a field of {bits} bits at bit {self.at} goes beyond the {self.size} bits sent")
        number, read = 0, 0
        while read < bits:
            part = min(8, bits - read)
            number |= (self.whole >> (self.size - self.at - part) & ((1 << part) - 1)) << read
            read += part
            self.at += part
        return number


def decode(data_type: Any, payload: bytes, part: str = "") -> dict[str, Value]:
    """The fields of a message, or of the ``part`` of a service, ``request`` or ``response``.

    Raises ``NotOfTypeError`` for what does not fill the data type to its last byte.
    """
    bits = _Bits(payload)
    of = f"{part}_" if part else ""
    read = _compound(getattr(data_type, f"{of}fields"), bits, True, bool(getattr(data_type, f"{of}union")))
    if bits.left >= 8 or bits.take(bits.left):
        raise NotOfTypeError(
            f"{len(payload)} bytes were sent; the data type ends at bit {bits.at} or is not zero there"
        )
    return read


def _compound(fields: list[Any], bits: _Bits, last: bool, union: bool) -> dict[str, Value]:
    if union:
        tag = bits.take(max(1, (len(fields) - 1).bit_length()))
        if tag >= len(fields):
            raise NotOfTypeError(f"a union of {len(fields)} fields names field {tag}")
        fields = [fields[tag]]
    read: dict[str, Value] = {}
    for number, one in enumerate(fields, 1):
        value = _value(one.type, bits, last and number == len(fields))
        if value is not None:
            read[one.name] = value
    return read


def _value(kind: Any, bits: _Bits, last: bool) -> Value:
    if kind.category == kind.CATEGORY_VOID:
        if spare := bits.take(kind.bitlen):
            raise NotOfTypeError(f"unused bits before bit {bits.at} are {spare:b}")
        return None
    if kind.category == kind.CATEGORY_PRIMITIVE:
        return _primitive(kind, bits)
    if kind.category == kind.CATEGORY_ARRAY:
        return _array(kind, bits, last)
    return _compound(kind.fields, bits, last, bool(kind.union))


def _primitive(kind: Any, bits: _Bits) -> int | float | bool:
    raw = bits.take(kind.bitlen)
    if kind.kind == kind.KIND_FLOAT:
        code, size = {16: ("<e", 2), 32: ("<f", 4), 64: ("<d", 8)}[kind.bitlen]
        (number,) = struct.unpack(code, raw.to_bytes(size, "little"))
        return float(number)
    if kind.kind == kind.KIND_BOOLEAN:
        return bool(raw)
    negative = kind.kind == kind.KIND_SIGNED_INT and raw >> (kind.bitlen - 1)
    return raw - (1 << kind.bitlen) if negative else raw


def _array(kind: Any, bits: _Bits, last: bool) -> list | bytes:
    one = kind.value_type
    least = one.get_min_bitlen()
    if kind.mode == kind.MODE_STATIC:
        count = kind.max_size
    elif last and least >= 8:
        count = None  # the last array is as long as the transfer
    else:
        count = bits.take(kind.max_size.bit_length())
    if count is not None and count > kind.max_size:
        raise NotOfTypeError(f"an array of at most {kind.max_size} says {count}")
    read: list = []
    while (len(read) < count) if count is not None else (bits.left >= least):
        if len(read) == kind.max_size:
            raise NotOfTypeError(f"an array holds more than {kind.max_size}")
        read.append(_value(one, bits, False))
    is_text = one.category == one.CATEGORY_PRIMITIVE and one.kind == one.KIND_UNSIGNED_INT and one.bitlen == 8
    return bytes(read) if is_text else read
