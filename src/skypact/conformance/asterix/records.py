"""Data blocks and records: strict decoding by ``libasterix``, which refuses what does not parse to the last bit."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from skypact.conformance.asterix.editions import EDITIONS


@dataclass(frozen=True)
class Block:
    """One data block: category, the editions that accept it, its records by the newest of them."""

    category: int
    editions: tuple[tuple[int, int], ...]
    records: Iterable[Any]
    """Parsed anew each time that they are gone through, where they are many: as objects they would fill the memory."""
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


def decode(category: int, body: bytes) -> Block:
    """A block under every edition of a category of ``EDITIONS``. Status blocks repeat: the last small ones are kept."""
    return _kept(category, body) if len(body) <= _SMALL else _decode(category, body)


@lru_cache(maxsize=256)
def _kept(category: int, body: bytes) -> Block:
    return _decode(category, body)


def _decode(category: int, body: bytes) -> Block:
    """Nearly all items are laid out alike in all editions, so a block is parsed once for those that agree on what it
    flags."""
    accepted: list[tuple[int, int]] = []
    parsed: list[_Parsed] = []
    for specification in specifications(category):
        profile = specification.cv_uap
        read = next((one for one in parsed if _alike(one.profile, profile, one.flagged)), None)
        if read is None:
            parsed.append(read := _parse(profile, body))
        if not read.refusal:
            accepted.append(specification.cv_edition)
    newest = next((one for one in parsed if not one.refusal), None)
    if newest is None:
        return Block(category, (), (), parsed[0].refusal)
    kept = tuple(newest) if len(body) <= _SMALL else newest
    return Block(category, tuple(sorted(accepted)), kept)


def parse(category: int, edition: tuple[int, int], body: bytes) -> Iterable[Any]:
    """The records under one edition; none where it refuses the block."""
    (specification,) = (one for one in specifications(category) if one.cv_edition == edition)
    read = _parse(specification.cv_uap, body)
    return () if read.refusal else read


@dataclass(frozen=True)
class _Parsed:
    """A block under one edition: where its records stand, or why it is refused; and every field that a record of it
    flags, up to and with the one that cannot be parsed."""

    profile: Any
    body: bytes
    starts: tuple[int, ...]
    flagged: frozenset[int]
    refusal: str = ""

    def __iter__(self) -> Iterator[Any]:
        return (_record(self.profile, self.body, at) for at in self.starts)


def _parse(profile: Any, body: bytes) -> _Parsed:
    """The block under one edition. A category of several profiles, such as 001 with plots and tracks, says in an item
    of each record which one it is."""
    at, starts, refusal = 0, [], ""
    flagged: set[int] = set()
    while at < len(body) and not refusal:
        flagged.update(_flagged(body[at : at + _LONGEST_SPECIFICATION]))
        record = _record(profile, body, at)
        if isinstance(record, ValueError):
            refusal = str(record) or "it cannot be parsed"
        else:
            starts.append(at)
            at += len(record.bs) // 8
    return _Parsed(profile, body, tuple(starts), frozenset(flagged), refusal)


def _record(profile: Any, body: bytes, at: int) -> Any:
    """The record at an offset, or a ``ValueError`` in its place."""
    profiles = _profiles(profile)
    if len(profiles) == 1:
        return _record_of(profiles[""], body, at)
    (item, element), names = profile.cv_selector
    refusal: ValueError | None = None
    for code, name in names.items():
        record = _beyond(profiles[name], body, at) or _record_of(profiles[name], body, at)
        if isinstance(record, ValueError):
            refusal = record
            continue
        chosen = record.items_regular.get(item)
        if chosen is not None and dict(leaves(item, chosen))[f"{item}/{element}"].as_uint() == code:
            return record
    return refusal or ValueError(f"item {item} does not say which profile a record has")


def _record_of(record_type: Any, body: bytes, at: int) -> Any:
    """Parses from a piece of the body, and from a longer one where that ends too early: ``libasterix`` copies all that
    follows again and again, which costs a block of small records the square of their number."""
    from asterix.base import Bits, ParsingMode

    for size in _PIECES:
        piece = body[at : at + size] if size else body[at:]
        read = record_type._parse(ParsingMode.StrictParsing, Bits.from_bytes(piece))
        if not isinstance(read, ValueError):
            return read[0]
        if at + len(piece) >= len(body) or not str(read).startswith(_TOO_SHORT):
            return read
    return read


#: Sizes of pieces; 0 is all that is left.
_PIECES = (64, 1024, 16_384, 0)
_TOO_SHORT = ("insufficient data", "empty fspec")
#: Longer bodies are not kept: thousands of records each would fill the memory.
_SMALL = 512
#: More octets than any profile's field specification has.
_LONGEST_SPECIFICATION = 16


def _profiles(profile: Any) -> dict[str, Any]:
    from asterix import base

    return profile.cv_uaps if issubclass(profile, base.UapMultiple) else {"": profile.cv_record}


def _alike(one: Any, other: Any, flagged: frozenset[int]) -> bool:
    """Whether two editions lay out these fields alike: then both accept a block that flags no others, or neither."""
    if getattr(one, "cv_selector", None) != getattr(other, "cv_selector", None):
        return False
    left, right = _profiles(one), _profiles(other)
    return left.keys() == right.keys() and all(
        left[name].cv_fspec_max_bytes == right[name].cv_fspec_max_bytes
        and all(_field(left[name], number) == _field(right[name], number) for number in flagged)
        for name in left
    )


@cache
def _field(record_type: Any, number: int) -> object:
    """How a profile lays out its field of that number, from 0; like no other where fields of other numbers count."""
    from asterix import base

    fields = record_type.cv_items_list
    if number >= len(fields) or issubclass(fields[number], base.UapItemSpare):
        return None
    return object() if issubclass(fields[number], base.UapItemRFS) else _layout(fields[number].cv_non_spare)


@cache
def _layout(part: Any) -> object:
    """What decides whether a part parses: bits, and the parts that follow one another."""
    from asterix import base

    if part is None:
        return None
    for kind, inside in (
        (base.NonSpare, "cv_rule"),
        (base.Item, "cv_non_spare"),
        (base.RuleVariationContextFree, "cv_variation"),
        (base.RuleVariationDependent, "cv_default_variation"),
    ):
        if issubclass(part, kind):
            return _layout(getattr(part, inside))
    if issubclass(part, base.Element | base.Spare):
        return part.cv_bit_size
    if issubclass(part, base.Group):
        parts = tuple(_layout(one) for one, _ in part.cv_items_list)
        return sum(parts) if all(isinstance(one, int) for one in parts) else ("group", parts)
    if issubclass(part, base.Extended):
        return "extended", tuple(one and _layout(one[0]) for row in part.cv_items_list for one in row)
    if issubclass(part, base.Repetitive):
        return "repetitive", part.cv_rep_bytes, _layout(part.cv_variation)
    if issubclass(part, base.Compound):
        return "compound", part.cv_fspec_max_bytes, tuple(_layout(one) for one in part.cv_items_list)
    return part  # explicit: a length and as many octets


def _flagged(specification: bytes) -> Iterator[int]:
    """The fields, from 0, that a field specification flags."""
    for at, octet in enumerate(specification):
        for field in _FLAGS[octet]:
            yield 7 * at + field
        if not octet & 1:
            return


_FLAGS = tuple(tuple(field for field in range(7) if octet >> (7 - field) & 1) for octet in range(256))


def _beyond(record_type: Any, body: bytes, at: int) -> ValueError | None:
    """Whether a record flags a field behind the profile's last one: ``libasterix`` 0.36 fails on those of category 001,
    whose tracks have 22 fields in four octets."""
    known = len(record_type.cv_items_list)
    for field in _flagged(body[at : at + record_type.cv_fspec_max_bytes]):
        if field >= known:
            return ValueError(f"field {field + 1} is flagged; the profile has {known}")
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
