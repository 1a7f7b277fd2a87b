"""What the first decoder read out of each frame: its header, and the fields of the messages that the lab judges.

The header is told as "frame …". Times are microseconds; texts end at their last character that is not NUL.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache

from skypact.conformance.mavlink.definitions import LAYOUTS, messages
from skypact.conformance.mavlink.frames import Frame, read
from skypact.conformance.second import Reading
from skypact.conformance.standard import Recording


def readings(recordings: Sequence[Recording]) -> Iterator[Reading]:
    for recording in recordings:
        for number, frame in enumerate(read(recording.data), 1):
            if isinstance(frame, Frame):
                known = messages().get(frame.message)
                kind = known.name if known else f"message {frame.message}"
                yield Reading(recording.name, number, kind, _values(frame))


def _values(frame: Frame) -> dict[str, float | int | str]:
    said: dict[str, float | int | str] = {
        "frame version": frame.version,
        "frame sequence": frame.sequence,
        "frame system": frame.system,
        "frame component": frame.component,
        "frame flags": frame.incompatible,
        "frame signature": frame.signature.hex(),
        "frame payload": frame.payload.rstrip(b"\0").hex(),
    }
    if frame.time_s is not None:
        said["frame time"] = round(frame.time_s * 1e6)
    layout = LAYOUTS.get(frame.message)
    if layout is None or not has_right_length(frame):
        return said
    for name, value in layout.decode(frame.payload).items():
        if isinstance(value, bytes):
            said[name] = value.rstrip(b"\0").decode("latin-1")
        elif isinstance(value, tuple):
            said.update(zip(_indexed(name, len(value)), value, strict=True))
        else:
            said[name] = value
    return said


@cache
def _indexed(name: str, count: int) -> tuple[str, ...]:
    return tuple(f"{name}[{index}]" for index in range(count))


def has_right_length(frame: Frame) -> bool:
    """Version 1 sends a message whole and without extensions; version 2 cuts zeros and sends at least one byte."""
    known = messages()[frame.message]
    size = len(frame.payload)
    return size == known.length if frame.version == 1 else 1 <= size <= known.longest
