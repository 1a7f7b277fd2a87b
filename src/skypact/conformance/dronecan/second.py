"""DroneCAN read a second time by the package ``dronecan``: its own reassembly of transfers, sum and payloads.

It is more lenient than the first: it takes a payload with octets left over, one that ends within unused bits, an array
longer than its type allows, and a frame inside a transfer with fewer than 7 octets. The definitions of the data types
are those of the package for both. Lines of candump and slcan are taken apart here; frames of a capture are read as the
first decoder reads them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from importlib.metadata import version
from typing import Any

from skypact.conformance import captures
from skypact.conformance.second import Reading, SecondDecoder
from skypact.conformance.standard import Recording

Timed = tuple[str, int | None, int, bytes]
"""Bus, microseconds, identifier of 29 bits, octets."""

_SOCKETCAN = 227
_HEX = frozenset("0123456789abcdefABCDEF")
#: Six times the longest public data type. The package takes a transfer apart in time that grows with its square.
_LONGEST = 512


def read(recordings: Sequence[Recording]) -> Iterator[Reading]:
    from dronecan.transport import Frame, TransferManager  # reads 200 definitions when it is imported

    for recording in recordings:
        buses: dict[str, Any] = {}
        for number, found in enumerate(_frames(recording.data), 1):
            if found is None or not found[3]:
                continue
            bus, time_us, identifier, data = found
            frames = buses.setdefault(bus, TransferManager()).receive_frame(Frame(identifier, data))
            if frames and len(frames) <= _LONGEST and (read_one := _transfer(frames)) is not None:
                kind, values = read_one
                if time_us is not None:
                    values["transfer time"] = time_us
                yield Reading(recording.name, number, kind, values)


def _transfer(frames: list[Any]) -> tuple[str, dict[str, float | int | str]] | None:
    """(kind, values) of a transfer; ``None`` for one that the package refuses."""
    from dronecan import UAVCANException
    from dronecan.transport import Transfer, get_dronecan_data_type

    found = Transfer()
    try:
        found.from_frames(frames)
        values: dict[str, float | int | str] = {
            "transfer priority": found.transfer_priority,
            "transfer source": found.source_node_id,
            "transfer id": found.transfer_id,
            "transfer frames": len(frames),
        }
        values |= dict(_flat(found.payload, ""))
    except (UAVCANException, ValueError, IndexError):  # it refuses some payloads by failing on them
        return None
    kind = get_dronecan_data_type(found.payload).full_name
    if found.service_not_message:
        values["transfer destination"] = found.dest_node_id
        kind += " request" if found.request_not_response else " response"
    return kind, values


def _flat(value: Any, name: str) -> Iterator[tuple[str, float | int | str]]:
    from dronecan.transport import (
        ArrayValue,
        CompoundValue,
        PrimitiveValue,
        get_active_union_field,
        get_fields,
        is_union,
    )

    if isinstance(value, CompoundValue):
        there = [get_active_union_field(value)] if is_union(value) else list(get_fields(value))
        for key in there:
            yield from _flat(get_fields(value)[key], f"{name}.{key}" if name else key)
    elif isinstance(value, ArrayValue):
        one = value._type.value_type
        if one.category == one.CATEGORY_PRIMITIVE and one.kind == one.KIND_UNSIGNED_INT and one.bitlen == 8:
            yield name, value.to_bytes().decode("latin-1")
        else:
            for index, held in enumerate(value):
                yield from _flat(held, f"{name}[{index}]")
    elif isinstance(value, PrimitiveValue):
        yield from _flat(value.value, name)
    elif isinstance(value, int | float):
        yield name, int(value) if isinstance(value, bool) else value


def _frames(data: bytes) -> Iterator[Timed | None]:
    """Each frame with an identifier of 29 bits; ``None`` for anything else that stands for one."""
    if captures.is_capture(data):
        yield from _captured(data)
    elif data.lstrip().startswith(b"("):
        for line in data.splitlines():
            if line.strip():
                yield _candump(line.decode("latin-1").split())
    else:
        for line in data.replace(b"\n", b"\r").replace(b"\a", b"\r").split(b"\r"):
            if line[:1] in (b"T", b"t"):
                yield _serial(line.decode("latin-1"))


def _captured(data: bytes) -> Iterator[Timed | None]:
    try:
        for packet in captures.packets(data):
            if packet.link_type == _SOCKETCAN:
                raw = packet.data
                length = raw[4] if len(raw) > 7 else 9
                whole = length <= 8 and len(raw) >= 8 + length and raw[0] >> 5 == 4
                time_us = None if packet.time_s is None else round(packet.time_s * 1e6)
                identifier = int.from_bytes(raw[:4], "big") & 0x1FFF_FFFF
                yield ("can", time_us, identifier, raw[8 : 8 + length]) if whole else None
    except captures.BrokenCaptureError:
        return


def _candump(words: list[str]) -> Timed | None:
    """``(seconds.fraction) interface identifier#octets``, and a direction."""
    if len(words) not in (3, 4) or not (words[0].startswith("(") and words[0].endswith(")")):
        return None
    whole, _, fraction = words[0][1:-1].partition(".")
    identifier, mark, octets = words[2].partition("#")
    timed = whole.isdecimal() and fraction.isdecimal() and len(whole) <= 12 and len(fraction) <= 9
    if not (timed and mark and len(identifier) == 8 and _is_hex(identifier + octets)):
        return None
    number = int(identifier, 16)
    if number >> 29 or len(octets) % 2 or len(octets) > 16:
        return None
    microseconds = round((int(whole) + int(fraction) / 10 ** len(fraction)) * 1e6)
    return words[1], microseconds, number, bytes.fromhex(octets)


def _serial(line: str) -> Timed | None:
    """``T``, 8 digits of identifier, 1 of length, octets, perhaps 4 of milliseconds."""
    if len(line) < 10 or line[0] != "T" or not _is_hex(line[1:]):
        return None
    identifier, length, rest = int(line[1:9], 16), int(line[9], 16), line[10:]
    if length > 8 or len(rest) - 2 * length not in (0, 4) or identifier >> 29:
        return None
    return "slcan", None, identifier, bytes.fromhex(rest[: 2 * length])


def _is_hex(said: str) -> bool:
    return _HEX.issuperset(said)


DECODER = SecondDecoder(
    name="dronecan",
    version=lambda: version("dronecan"),
    whose="The package's own reassembly, sum and payload decoding; the first has transfers and bits of our own. Both"
    " take the definitions of the data types from the package. Frames of a capture are read by the same code.",
    read=read,
)
