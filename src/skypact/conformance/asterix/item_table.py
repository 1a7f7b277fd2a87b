"""A second reading of category 129, by a table of its items alone.

Nobody else's program is known that reads the category. This one was written from the table in ``docs/conformance.md``
without a look at the first decoder, and reads bits where that one reads bytes. Both are of one house and one table: an
error of the table is in both.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import skypact
from skypact.conformance.asterix.readings import data_blocks
from skypact.conformance.second import Reading, SecondDecoder, Value
from skypact.conformance.standard import Recording

_CATEGORY, _KIND = 129, "CAT129 1.2"
_MOST_OCTETS = 3


@dataclass(frozen=True)
class _Part:
    """``form`` is u (unsigned), s (two's complement), t (text), x (octets in hexadecimal) or - (says nothing)."""

    path: str
    bits: int
    form: str = "u"
    lsb: float = 1


def _pair(item: str, first: str, second: str, part: str) -> tuple[_Part, ...]:
    bits, form, lsb = part.split()
    return tuple(_Part(f"{item}/{name}", int(bits), form, float(lsb)) for name in (first, second))


_SYSTEM = "8 u 1"
_TABLE: tuple[tuple[_Part, ...], ...] = (
    _pair("010", "SAC", "SIC", _SYSTEM),
    _pair("015", "SAC", "SIC", _SYSTEM),
    (_Part("020", 24, "t"),),
    (_Part("030", 24, "t"),),
    (_Part("040", 96, "x"),),
    (_Part("050", 16, "t"),),
    (_Part("070", 24, "u", 1 / 128),),
    (_Part("080/LAT", 32, "s", 180 / 2**30), _Part("080/LON", 32, "s", 180 / 2**30)),
    (_Part("090", 24, "s", 0.1),),
    (_Part("100", 24, "s", 0.1),),
    (_Part("110", 16),),
    (_Part("120/CERT", 2), _Part("120/AIR", 2), _Part("120/ENC", 4), _Part("", 16, "-")),
    (),  # special purpose: its length stands first
    (_Part("185/EAST", 20, "s", 0.01), _Part("185/NORTH", 20, "s", 0.01)),
    (_Part("", 4, "-"), _Part("220", 20, "s", 0.01)),
)
_SPECIAL_PURPOSE, _RISK = 12, 11


def read(recordings: Sequence[Recording]) -> Iterator[Reading]:
    """A reading for each data block whose record ends with it; item 120 may have one octet or three."""
    for block in data_blocks(recordings):
        if block.category != _CATEGORY:
            continue
        for risk in (_TABLE[_RISK], _TABLE[_RISK][:-1]):
            values = _record("".join(f"{octet:08b}" for octet in block.body), risk)
            if values is not None:
                yield Reading(block.file, block.message, _KIND, values)
                break


def _record(bits: str, risk: tuple[_Part, ...]) -> dict[str, Value] | None:
    """The values of a record, ``None`` where it does not end where the bits do."""
    flags = ""
    while True:
        octet, bits = bits[:8], bits[8:]
        flags += octet[:7]
        if len(octet) < 8 or len(flags) > 7 * _MOST_OCTETS:
            return None
        if octet[7] == "0":
            break
    values: dict[str, Value] = {}
    for field in (at for at, flag in enumerate(flags) if flag == "1"):
        if field >= len(_TABLE):
            return None
        parts = risk if field == _RISK else _TABLE[field]
        if field == _SPECIAL_PURPOSE:
            size = int(bits[:8] or "0", 2)
            if size < 1:
                return None
            parts = (_Part("", 8 * size, "-"),)
        for part in parts:
            if len(bits) < part.bits:
                return None
            raw, bits = bits[: part.bits], bits[part.bits :]
            if part.form != "-":
                values[part.path] = _value(part, raw)
    return None if bits else values


def _value(part: _Part, raw: str) -> Value:
    number = int(raw, 2)
    octets = number.to_bytes(len(raw) // 8 or 1, "big") if part.form in "tx" else b""
    if part.form == "t":
        return octets.decode("latin-1")
    if part.form == "x":
        return octets.hex()
    if part.form == "s" and raw[0] == "1":
        number -= 1 << len(raw)
    return number if part.lsb == 1 else number * part.lsb


DECODER = SecondDecoder(
    name="skypact item table",
    version=lambda: skypact.__version__,
    whose="Our own, written from the table of items alone: no program of others is known that reads category 129.",
    read=read,
    knows=lambda kind, field: kind == _KIND,
)
