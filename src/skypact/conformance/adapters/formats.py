"""The formats that adapters join."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from skypact.conformance.adapters import asterix129, f3411, sapient
from skypact.conformance.adapters.state import UasState


@dataclass(frozen=True)
class Format:
    name: str
    read: Callable[[bytes, float], UasState]
    """A message, and the time it was heard, in seconds since 1970."""
    write: Callable[[UasState], bytes]


FORMATS: dict[str, Format] = {
    "F3411-22a": Format("F3411-22a", f3411.read, f3411.write),
    "CAT129 1.2": Format("CAT129 1.2", asterix129.read, asterix129.write),
    "BSI Flex 335 v2.0": Format("BSI Flex 335 v2.0", sapient.read, sapient.write),
}


def convert(data: bytes, source: str, target: str, heard_s: float) -> bytes:
    """A message of one format as a message of another; what the other cannot say is left out.

    Raises ``ValueError`` for a format without adapter, for a message that cannot be read, and for one that the other
    format cannot hold.
    """
    for name in (source, target):
        if name not in FORMATS:
            raise ValueError(f'"{name}" has no adapter; accepted: {", ".join(FORMATS)}')
    return FORMATS[target].write(FORMATS[source].read(data, heard_s))
