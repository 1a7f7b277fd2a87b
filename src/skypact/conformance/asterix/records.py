"""Data blocks and records: strict decoding by ``libasterix``, which refuses what does not parse to the last bit."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from skypact.conformance.asterix.editions import EDITIONS


@dataclass(frozen=True)
class Block:
    """One data block: category, the editions that accept it, its records by the newest of them."""

    category: int
    editions: tuple[tuple[int, int], ...]
    records: tuple[Any, ...]
    refusal: str = ""
    """Why the newest edition refused the block, when every edition did."""


class FramingError(ValueError):
    """The bytes do not divide into data blocks."""


@cache
def specifications(category: int) -> tuple[Any, ...]:
    """The category's editions, newest first. ``libasterix`` takes a second to import, so it waits until needed."""
    from asterix import generated

    return tuple(reversed(generated.manifest["CATS"][category]))


def blocks(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Category and body of each data block. Raises ``FramingError`` after those that could be read."""
    at = 0
    while at < len(data):
        if at + 3 > len(data):
            raise FramingError(f"{len(data) - at} bytes left at offset {at}; a data block begins with 3.")
        category, length = data[at], int.from_bytes(data[at + 1 : at + 3], "big")
        if length < 4 or at + length > len(data):
            raise FramingError(
                f"The data block of category {category} at offset {at} says {length} bytes; {len(data) - at} are there."
            )
        yield category, data[at + 3 : at + length]
        at += length


@lru_cache(maxsize=256)
def decode(category: int, body: bytes) -> Block:
    """The block under every edition of a category of ``EDITIONS``. Status blocks repeat, so the last ones are kept."""
    from asterix.base import Bits

    accepted: list[tuple[int, int]] = []
    records: tuple[Any, ...] = ()
    refusal = ""
    for specification in specifications(category):
        read = _parse(specification.cv_uap, Bits.from_bytes(body))
        if isinstance(read, ValueError):
            refusal = refusal or str(read)
            continue
        if not accepted:
            records = tuple(read)
        accepted.append(specification.cv_edition)
    return Block(category, tuple(sorted(accepted)), records, "" if accepted else refusal)


def parse(category: int, edition: tuple[int, int], body: bytes) -> tuple[Any, ...]:
    """The records under one edition; none where it refuses the block."""
    from asterix.base import Bits

    (specification,) = (one for one in specifications(category) if one.cv_edition == edition)
    read = _parse(specification.cv_uap, Bits.from_bytes(body))
    return () if isinstance(read, ValueError) else tuple(read)


def _parse(profile: Any, bits: Any) -> Any:
    """The records under one edition, or a ``ValueError`` in their place. A category of several profiles, such as 001
    with plots and tracks, says in an item of each record which one it is."""
    from asterix import base

    if not issubclass(profile, base.UapMultiple):
        return profile.parse(bits)
    (item, element), names = profile.cv_selector
    records: list[Any] = []
    while len(bits):
        refusal: ValueError | None = None
        for code, name in names.items():
            record_type = profile.cv_uaps[name]
            read = _beyond(record_type, bits) or record_type._parse(base.ParsingMode.StrictParsing, bits)
            if isinstance(read, ValueError):
                refusal = read
                continue
            record, rest = read
            chosen = record.items_regular.get(item)
            if chosen is not None and dict(leaves(item, chosen))[f"{item}/{element}"].as_uint() == code:
                records.append(record)
                bits = rest
                break
        else:
            return refusal or ValueError(f"item {item} does not say which profile a record has")
    return records


def _beyond(record_type: Any, bits: Any) -> ValueError | None:
    """Whether a record flags a field behind the profile's last one: ``libasterix`` 0.36 fails on those of category 001,
    whose tracks have 22 fields in four octets."""
    known = len(record_type.cv_items_list)
    octets = bits.take(min(len(bits), 8 * record_type.cv_fspec_max_bytes)).to_bytes()
    for at, octet in enumerate(octets):
        for field in range(7):
            if octet >> (7 - field) & 1 and 7 * at + field >= known:
                return ValueError(f"field {7 * at + field + 1} is flagged; the profile has {known}")
        if not octet & 1:
            break
    return None


def unwrapped(data: bytes) -> Iterator[bytes]:
    """Data blocks of datagrams that wrap each one in six octets, the first two its whole length; or the data itself."""
    found, at = [], 0
    while at + 9 <= len(data):
        length, inside = int.from_bytes(data[at : at + 2], "big"), int.from_bytes(data[at + 7 : at + 9], "big")
        if length != inside + 6 or at + length > len(data):
            break
        found.append(data[at + 6 : at + length])
        at += length
    yield from found if found and at == len(data) else [data]


def is_known(category: int) -> bool:
    return category in EDITIONS


def leaves(path: str, part: Any) -> Iterator[tuple[str, Any]]:
    """Every element and spare of an item, with its path such as ``040/RHO``."""
    from asterix import base

    variation = getattr(part.arg, "arg", None) if isinstance(part, base.NonSpare) else part
    if isinstance(variation, (base.Element, base.Spare)):
        yield path, variation
    elif isinstance(variation, base.Compound):
        for name, one in variation.arg.items():
            yield from leaves(f"{path}/{name}", one)
    elif isinstance(variation, base.Repetitive):
        for one in variation.arg:
            yield from leaves(path, one)
    elif isinstance(variation, (base.Group, base.Extended)):
        nested = isinstance(variation, base.Extended)
        for one in [one for row in variation.arg for one in row] if nested else variation.arg:
            if isinstance(one, base.Item):
                yield from leaves(f"{path}/{one.arg.cv_name}", one.arg)
            elif isinstance(one, base.Spare):
                yield f"{path}/spare", one
