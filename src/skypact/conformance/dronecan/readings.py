"""What the first decoder read out of each transfer: who sent it, when it ended, and every field of its data type.

The header is told as "transfer …". Times are microseconds; arrays of octets are texts in Latin 1.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from skypact.conformance.dronecan.bus import Frame, read
from skypact.conformance.dronecan.datatypes import NotOfTypeError, Value, decode
from skypact.conformance.dronecan.transfers import Assembly, Transfer
from skypact.conformance.second import Reading
from skypact.conformance.standard import Recording


def readings(recordings: Sequence[Recording]) -> Iterator[Reading]:
    for recording in recordings:
        assembly = Assembly()
        for number, frame in enumerate(read(recording.data), 1):
            transfer = assembly.take(frame) if isinstance(frame, Frame) and frame.extended else None
            if isinstance(transfer, Transfer) and (known := transfer.header.data_type) is not None:
                try:
                    fields = decode(known, transfer.payload, transfer.header.part)
                except NotOfTypeError:
                    continue
                kind = f"{known.full_name} {transfer.header.part}".strip()
                yield Reading(recording.name, number, kind, {**_header(transfer), **dict(_flat(fields, ""))})


def _header(transfer: Transfer) -> dict[str, float | int | str]:
    header = transfer.header
    said: dict[str, float | int | str] = {
        "transfer priority": header.priority,
        "transfer source": header.source,
        "transfer id": transfer.transfer_id,
        "transfer frames": transfer.frames,
    }
    if header.destination is not None:
        said["transfer destination"] = header.destination
    if transfer.time_s is not None:
        said["transfer time"] = round(transfer.time_s * 1e6)
    return said


def _flat(value: Value, name: str) -> Iterator[tuple[str, float | int | str]]:
    if isinstance(value, dict):
        for key, held in value.items():
            yield from _flat(held, f"{name}.{key}" if name else key)
    elif isinstance(value, list):
        for index, held in enumerate(value):
            yield from _flat(held, f"{name}[{index}]")
    elif isinstance(value, bytes):
        yield name, value.decode("latin-1")
    elif value is not None:
        yield name, int(value) if isinstance(value, bool) else value
