"""From CAN frames to transfers: identifiers, tail bytes, toggles, and the sum over several frames."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from skypact.conformance.dronecan.bus import Frame
from skypact.conformance.dronecan.datatypes import message_types, service_types, transfer_crc

_START, _END, _TOGGLE = 0x80, 0x40, 0x20
#: A transfer is taken up again within this time (DroneCAN specification, CAN bus transport layer: 2 s).
TIMEOUT_S = 2.0


@dataclass(frozen=True)
class Header:
    """What the 29 bits of an identifier say."""

    priority: int
    number: int
    """Data type id."""
    source: int
    """Node id; 0 for a node without one."""
    destination: int | None = None
    """``None`` for a broadcast message."""
    is_request: bool = False

    @classmethod
    def of(cls, identifier: int) -> Header:
        source = identifier & 0x7F
        if identifier & 0x80:
            return cls(
                identifier >> 24,
                identifier >> 16 & 0xFF,
                source,
                identifier >> 8 & 0x7F,
                bool(identifier & 0x8000),
            )
        if not source:
            return cls(identifier >> 24, identifier >> 8 & 0x3, 0)
        return cls(identifier >> 24, identifier >> 8 & 0xFFFF, source)

    @property
    def data_type(self) -> Any | None:
        return (message_types() if self.destination is None else service_types()).get(self.number)

    @property
    def part(self) -> str:
        """Which part of a service this is; nothing for a message."""
        return "" if self.destination is None else "request" if self.is_request else "response"

    def __str__(self) -> str:
        known = self.data_type
        return known.full_name if known else f"data type {self.number}"


@dataclass(frozen=True)
class Transfer:
    header: Header
    bus: str
    time_s: float | None
    """When its last frame was heard."""
    transfer_id: int
    payload: bytes
    frames: int


@dataclass(frozen=True)
class Fault:
    """A frame or transfer that breaks the transport's rules."""

    sentence: str


@dataclass
class _Open:
    header: Header
    transfer_id: int
    time_s: float | None
    parts: list[bytes] = field(default_factory=list)


@dataclass
class Assembly:
    """Puts frames together. One transfer at a time is open of each bus, node, data type and direction."""

    open: dict[tuple[str, int], _Open] = field(default_factory=dict)

    def take(self, frame: Frame) -> Transfer | Fault | None:
        """A finished transfer, a fault, or nothing yet."""
        header = Header.of(frame.identifier)
        if not frame.data:
            return Fault(f"A frame of {header} has no tail byte.")
        if header.destination is not None and (not header.source or not header.destination):
            return Fault(f"A service call of {header} from node {header.source} to {header.destination}.")
        tail, part = frame.data[-1], frame.data[:-1]
        transfer_id, toggle = tail & 0x1F, bool(tail & _TOGGLE)
        key = (frame.bus, frame.identifier & 0x00FF_FFFF)
        started = self.open.pop(key, None)
        if tail & _START:
            return self._start(header, frame, key, started)
        if started is None:
            return Fault(f"A frame goes on with a transfer of {header} that has not begun.")
        if transfer_id != started.transfer_id:
            return Fault(f"A transfer of {header} changes its id from {started.transfer_id} to {transfer_id}.")
        if toggle is not bool(len(started.parts) % 2):
            return Fault(f"The toggle of frame {len(started.parts) + 1} of a transfer of {header} is wrong.")
        if None not in (frame.time_s, started.time_s) and not 0 <= frame.time_s - started.time_s <= TIMEOUT_S:
            return Fault(f"A transfer of {header} stops for {frame.time_s - started.time_s:.1f} s.")
        started.parts.append(part)
        if not tail & _END:
            if len(part) < 7:
                return Fault(f"A frame inside a transfer of {header} has {len(part)} bytes; it has 7.")
            self.open[key] = started
            return None
        return self._end(started, frame)

    def _start(
        self, header: Header, frame: Frame, key: tuple[str, int], started: _Open | None
    ) -> Transfer | Fault | None:
        tail, part = frame.data[-1], frame.data[:-1]
        if tail & _TOGGLE:
            return Fault(f"The toggle of the first frame of {header} is set.")
        begun = _Open(header, tail & 0x1F, frame.time_s, [part])
        if not tail & _END:
            if not header.source:
                return Fault(f"A node without an id sends {header} in several frames.")
            if len(part) < 7:
                return Fault(f"The first frame of several of {header} has {len(part)} bytes; it has 7.")
            self.open[key] = begun
        if started is not None:
            return Fault(f"A transfer of {header} begins before the one before it has ended.")
        return Transfer(header, frame.bus, frame.time_s, begun.transfer_id, part, 1) if tail & _END else None

    def _end(self, started: _Open, frame: Frame) -> Transfer | Fault:
        whole = b"".join(started.parts)
        said, payload = int.from_bytes(whole[:2], "little"), whole[2:]
        header = started.header
        if (known := header.data_type) is not None:
            computed = transfer_crc(known.get_data_type_signature(), payload)
            if said != computed:
                return Fault(f"A transfer of {header} carries the sum 0x{said:04x}; it is 0x{computed:04x}.")
        return Transfer(header, frame.bus, frame.time_s, started.transfer_id, payload, len(started.parts))

    def unfinished(self) -> Iterator[str]:
        for begun in self.open.values():
            yield f"A transfer of {begun.header} from node {begun.header.source} has no end."


def frames_of(
    number: int, source: int, transfer_id: int, payload: bytes, *, priority: int = 24
) -> list[tuple[int, bytes]]:
    """A broadcast message as identifier and data of each frame."""
    identifier = priority << 24 | number << 8 | source
    if len(payload) <= 7:
        return [(identifier, payload + bytes([_START | _END | transfer_id]))]
    signature = message_types()[number].get_data_type_signature()
    whole = transfer_crc(signature, payload).to_bytes(2, "little") + payload
    parts = [whole[at : at + 7] for at in range(0, len(whole), 7)]
    made = []
    for place, part in enumerate(parts):
        tail = (_START if place == 0 else 0) | (_END if part is parts[-1] else 0) | (_TOGGLE if place % 2 else 0)
        made.append((identifier, part + bytes([tail | transfer_id])))
    return made
