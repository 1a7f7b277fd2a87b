"""Key, length, value: universal keys of 16 bytes, lengths and tags in BER (SMPTE ST 336, MISB ST 0107)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

KEY = bytes.fromhex("060e2b34020b01010e01030101000000")
#: How every universal label of SMPTE begins.
LABEL = bytes.fromhex("060e2b34")
_TRANSPORT = " It looks like a transport stream: check it as stanag4609."


class KlvError(ValueError):
    """These bytes are no KLV packet; says why."""


@dataclass(frozen=True)
class Packet:
    offset: int
    raw: bytes
    items: tuple[tuple[int, bytes], ...]
    """Tag and value, in order."""


@dataclass(frozen=True)
class Other:
    """A set or pack of another standard: its universal label is not that of ST 0601."""

    offset: int
    key: bytes
    length: int


def read(data: bytes) -> Iterator[Packet | Other | str]:
    """Each packet in order; a sentence for what lies between packets or cannot be read."""
    if not data:
        yield "The recording is empty; expected packets that begin with the key of MISB ST 0601."
    at = 0
    while at < len(data):
        if (other := _other(data, at)) is not None:
            yield other[0]
            at = other[1]
            continue
        if not data.startswith(KEY, at):
            found = data.find(KEY, at + 1)
            end = found if found >= 0 else len(data)
            told = f"{end - at} bytes at offset {at} are no packet of MISB ST 0601; its key is {KEY.hex()}."
            yield told + (_TRANSPORT if data[:1] == b"\x47" == data[188:189] else "")
            at = end
            continue
        try:
            length, start = ber_length(data, at + len(KEY))
            if start + length > len(data):
                raise KlvError(f"it says {length} bytes, {len(data) - start} are there")
            yield Packet(at, data[at : start + length], tuple(local_set(data[start : start + length])))
            at = start + length
        except KlvError as error:
            yield f"The packet at offset {at} cannot be read: {error}."
            found = data.find(KEY, at + 1)
            at = found if found >= 0 else len(data)


def _other(data: bytes, at: int) -> tuple[Other, int] | None:
    """(the whole set of another standard that begins here, where it ends), if one does."""
    key = data[at : at + len(KEY)]
    if key == KEY or not key.startswith(LABEL) or len(key) < len(KEY):
        return None
    try:
        length, start = ber_length(data, at + len(KEY))
    except KlvError:
        return None
    return (Other(at, key, length), start + length) if start + length <= len(data) else None


def local_set(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Tag and value of each item. Raises ``KlvError``."""
    at = 0
    while at < len(data):
        tag, after = _ber_oid(data, at)
        length, start = ber_length(data, after)
        if start + length > len(data):
            raise KlvError(f"tag {tag} says {length} bytes, {len(data) - start} are there")
        yield tag, data[start : start + length]
        at = start + length


def ber_length(data: bytes, at: int) -> tuple[int, int]:
    """(length, offset after it). Raises ``KlvError``."""
    if at >= len(data):
        raise KlvError("it ends before a length")
    first = data[at]
    if first < 0x80:
        return first, at + 1
    size = first & 0x7F
    if not 1 <= size <= 4 or at + 1 + size > len(data):
        raise KlvError(f"a length of {size} bytes at offset {at} is not BER of 1 to 4 bytes")
    return int.from_bytes(data[at + 1 : at + 1 + size], "big"), at + 1 + size


def _ber_oid(data: bytes, at: int) -> tuple[int, int]:
    tag = 0
    if data[at] == 0x80:
        raise KlvError(f"the tag at offset {at} begins with 80, which adds nothing to it")
    for used, byte in enumerate(data[at : at + 4], 1):
        tag = tag << 7 | byte & 0x7F
        if byte < 0x80:
            return tag, at + used
    raise KlvError(f"the tag at offset {at} does not end within 4 bytes")


def checksum(raw: bytes) -> int:
    """MISB ST 0601: the sum of 16-bit words from the key to the length of the checksum item, modulo 2**16."""
    summed = raw[:-2]
    return (sum(summed[::2]) * 256 + sum(summed[1::2])) & 0xFFFF


def packet(items: list[tuple[int, bytes]]) -> bytes:
    """A packet with its checksum, for samples; every value shorter than 128 bytes, all of them fewer than 65,536."""
    body = b"".join(_tag(tag) + bytes([len(value)]) + value for tag, value in items) + b"\x01\x02"
    size = len(body) + 2
    length = bytes([size]) if size < 0x80 else b"\x82" + size.to_bytes(2, "big")
    raw = KEY + length + body + b"\0\0"
    return raw[:-2] + checksum(raw).to_bytes(2, "big")


def _tag(number: int) -> bytes:
    return bytes([number]) if number < 0x80 else bytes([0x80 | number >> 7, number & 0x7F])
