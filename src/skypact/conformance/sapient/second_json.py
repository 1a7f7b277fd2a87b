"""The JSON mapping of protobuf by the table of the definitions; JSON itself is read by pydantic's parser in Rust."""

from __future__ import annotations

import base64
import binascii
import calendar
import math
import re
import struct
from collections.abc import Iterator

from pydantic_core import from_json

from skypact.conformance.json_pieces import pieces
from skypact.conformance.sapient.definitions import ROOT, TIMESTAMP, Field, codes, messages

Values = dict[str, float | int | str]

_TIME = re.compile(r"(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?(?:Z|([+-])(\d\d):(\d\d))", re.ASCII)
_NUMBER = re.compile(r"-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?", re.ASCII)
_NAMED = {"NaN": math.nan, "Infinity": math.inf, "-Infinity": -math.inf}
_FIRST_S, _LAST_S = -62_135_596_800, 253_402_300_799  # the years 1 to 9999
_DEEPEST = 100


class UnreadableError(ValueError):
    """This JSON is no message."""


def read(data: bytes) -> Iterator[Values | None]:
    """The values of each message; ``None`` for one that cannot be read. What is no JSON ends the reading."""
    for document in pieces(data):
        try:
            found = from_json(document, allow_inf_nan=False, cache_strings="none")
        except ValueError:
            yield None
            return
        for one in found if isinstance(found, list) else [found]:
            values: Values = {}
            try:
                _object(ROOT, one, "", values, 0)
            except UnreadableError:
                yield None
            else:
                yield values


def _object(kind: str, found: object, path: str, values: Values, depth: int) -> None:
    if not isinstance(found, dict) or depth > _DEEPEST:
        raise UnreadableError
    named = {name: field for field in messages()[kind] for name in (field.name, _camel(field.name))}
    there: set[str] = set()
    for key, value in found.items():
        field = named.get(key)
        if field is None or field.name in there or (field.choice and field.choice in there and value is not None):
            raise UnreadableError
        there.add(field.name)
        if value is None:
            continue
        there.add(field.choice or "")
        if field.repeated:
            if not isinstance(value, list):
                raise UnreadableError
            for index, one in enumerate(value):
                _value(field, one, f"{path}{field.name}[{index}]", values, depth)
        else:
            _value(field, value, path + field.name, values, depth)
            if field.presence == "implicit" and values.get(path + field.name) in (0, ""):
                del values[path + field.name]


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(part[:1].upper() + part[1:] for part in rest)


def _value(field: Field, value: object, name: str, values: Values, depth: int) -> None:
    if field.type == TIMESTAMP:
        values[f"{name}.seconds"], values[f"{name}.nanos"] = _time(value)
    elif field.type in messages():
        values[name] = "there"
        _object(field.type, value, f"{name}.", values, depth + 1)
    elif field.type in codes():
        values[name] = _code(field.type, value)
    else:
        values[name] = _scalar(field.type, value)


def _time(value: object) -> tuple[int, int]:
    """Seconds since 1970 and nanoseconds."""
    said = _TIME.fullmatch(value) if isinstance(value, str) else None
    if said is None:
        raise UnreadableError
    year, month, day, hour, minute, second = (int(part) for part in said.groups()[:6])
    longest = calendar.monthrange(year, month)[1] if 1 <= month <= 12 and year else 0
    if not (1 <= day <= longest and hour < 24 and minute < 60 and second < 60):
        raise UnreadableError
    ahead = (int(said[9]) * 60 + int(said[10])) * (-60 if said[8] == "-" else 60) if said[8] else 0
    seconds = calendar.timegm((year, month, day, hour, minute, second)) - ahead
    if not _FIRST_S <= seconds <= _LAST_S:
        raise UnreadableError
    return seconds, int((said[7] or "").ljust(9, "0"))


def _code(kind: str, value: object) -> int:
    if isinstance(value, str):
        if value in codes()[kind]:
            return codes()[kind][value]
        value = _code_in_digits(value)
    if type(value) is not int or not -(2**31) <= value < 2**31:
        raise UnreadableError
    return value


def _code_in_digits(said: str) -> int:
    if not re.fullmatch(r"-?[0-9]{1,10}", said):
        raise UnreadableError
    return int(said)


def _scalar(kind: str, value: object) -> float | int | str:
    if kind == "bool":
        if not isinstance(value, bool):
            raise UnreadableError
        return int(value)
    if kind == "string":
        if not isinstance(value, str):
            raise UnreadableError
        return value
    if kind == "bytes":
        return _octets(value)
    if kind in ("double", "float"):
        return _real(kind, value)
    number = _real("double", value)
    if not number.is_integer() or not -(2**31) <= number < 2**31:
        raise UnreadableError
    return int(number)


def _octets(value: object) -> str:
    if not isinstance(value, str):
        raise UnreadableError
    said = value.replace("-", "+").replace("_", "/").rstrip("=")
    try:
        return base64.b64decode(said + "=" * (-len(said) % 4), validate=True).hex()
    except (binascii.Error, ValueError):
        raise UnreadableError from None


def _real(kind: str, value: object) -> float:
    if isinstance(value, str):
        if value not in _NAMED and not _NUMBER.fullmatch(value):
            raise UnreadableError
        number = _NAMED.get(value) if value in _NAMED else float(value)
    elif type(value) in (int, float):
        try:
            number = float(value)
        except OverflowError:
            raise UnreadableError from None
    else:
        raise UnreadableError
    if math.isinf(number) and value not in ("Infinity", "-Infinity"):
        raise UnreadableError
    if kind == "double" or not math.isfinite(number):
        return number
    try:
        return float(struct.unpack("<f", struct.pack("<f", number))[0])
    except OverflowError:
        raise UnreadableError from None
