"""Access units of one stream of KLV: out of PES packets, through cells, to sets of ST 0601 with their times."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from skypact.conformance.klv import Sensor
from skypact.conformance.klv.packets import KEY, Packet, read
from skypact.conformance.stanag4609 import rules
from skypact.conformance.stanag4609.declared import carriage, services
from skypact.conformance.stanag4609.elementary import METADATA_STREAM, PRIVATE_STREAM_1, Cell, Pes, PesError, cells
from skypact.conformance.stanag4609.packets import CLOCK_HZ, TURN, apart
from skypact.conformance.stanag4609.tables import METADATA_IN_PES, Stream
from skypact.conformance.standard import Evidence, Rule

#: ST 1402-12, and how much later than the last clock reference a packet may have arrived.
_LONGEST_DELAY_S, _SLACK_S = 1.0, 0.1
_DRIFT_S = 0.5
_TURN_S = TURN / CLOCK_HZ


@dataclass
class Metadata:
    """One stream of KLV. ``judge`` takes its PES packets in order."""

    evidence: Evidence
    sensor: Sensor
    stream: Stream
    numbers: Iterator[int]
    heard: int = 0
    _services: dict[int, int] = field(init=False)
    _sequence: int | None = None
    _begun: tuple[int, bytearray] | None = None
    """service and bytes of an access unit whose cells have begun"""
    _pts: int | None = None
    _offset_s: float | None = None
    """time stamp less the clock of the stream, at the first set"""

    def __post_init__(self) -> None:
        self._services = services(self.stream)

    @property
    def synchronous(self) -> bool:
        return self.stream.type == METADATA_IN_PES

    def lost(self) -> None:
        """A packet is missing: the cells that had begun cannot be ended, and the numbering begins anew."""
        self._begun, self._sequence = None, None

    def jumped(self) -> None:
        """The sender announces that its clock begins anew."""
        self._pts, self._offset_s = None, None

    def judge(self, found: Pes, now_s: float | None) -> Iterator[tuple[Rule, str]]:
        """``now_s``: the clock of the program where the packet ended."""
        self.heard += 1
        self.evidence.seen.add(carriage(self.stream))
        expected = METADATA_STREAM if self.synchronous else PRIVATE_STREAM_1
        if found.stream_id != expected:
            yield rules.CARRIAGE, f"stream_id is {found.stream_id:#04x}; {carriage(self.stream)} has {expected:#04x}."
        yield from self._times(found, now_s)
        reference_s = found.pts / CLOCK_HZ if found.pts is not None else now_s
        if not self.synchronous:
            yield from self._unit(found.payload, reference_s)
            return
        try:
            for cell in cells(found.payload):
                yield from self._cell(cell, reference_s)
        except PesError as error:
            yield rules.CELL, f"The metadata cannot be read: {error}."
            self._begun = None

    def _times(self, found: Pes, now_s: float | None) -> Iterator[tuple[Rule, str]]:
        if found.pts is None:
            if self.synchronous:
                yield rules.NO_PTS, "Synchronous metadata without a presentation time."
            return
        if not self.synchronous:
            yield rules.PTS, "Asynchronous metadata with a presentation time."
        if self._pts is not None and (counts := apart(found.pts, self._pts)) <= 0:
            told = "is that of the packet before" if not counts else f"is {-counts / CLOCK_HZ:.3f} s before the last"
            yield rules.ORDER, f"The presentation time {told}."
        self._pts = found.pts
        if self.synchronous and now_s is not None:
            delay_s = apart(found.pts, round(now_s * CLOCK_HZ)) / CLOCK_HZ
            if not 0 <= delay_s <= _LONGEST_DELAY_S + _SLACK_S:
                yield rules.DELAY, f"It arrives {delay_s:.3f} s before its presentation."

    def _cell(self, cell: Cell, reference_s: float | None) -> Iterator[tuple[Rule, str]]:
        if self._sequence is not None and cell.sequence != (expected := (self._sequence + 1) & 0xFF):
            yield rules.CELL, f"The number of the cell is {cell.sequence}; expected is {expected}."
        self._sequence = cell.sequence
        if self._services and cell.service not in self._services:
            told = f"The cell is of service {cell.service}; the map describes {sorted(self._services)}."
            yield rules.METADATA, told
        if cell.decoder_config and not self._services.get(cell.service, 1):
            yield rules.CELL, "The cell holds a decoder configuration; the map says that there is none."
        if not cell.begins and self._begun is None:
            yield rules.CELL, f"The cell is marked as {cell.place} of an access unit that has not begun."
            if cell.data.startswith(KEY):  # senders leave the mark at 0; what it marks is whole
                yield from self._unit(cell.data, reference_s)
            return
        service, data = self._begun or (cell.service, bytearray())
        if cell.begins and self._begun is not None:
            yield rules.CELL, "An access unit begins before the one before it has ended."
            service, data = cell.service, bytearray()
        if service != cell.service:
            yield rules.CELL, f"A cell of service {cell.service} stands inside an access unit of service {service}."
            return
        data += cell.data
        self._begun = service, data
        if cell.ends:
            self._begun = None
            yield from self._unit(bytes(data), reference_s)

    def _unit(self, data: bytes, reference_s: float | None) -> Iterator[tuple[Rule, str]]:
        """One access unit, or what one PES packet of asynchronous metadata holds."""
        sets = 0
        for packet in read(data):
            sets += isinstance(packet, Packet)
            time_us = self.sensor.judge(next(self.numbers), packet)
            if time_us is not None and reference_s is not None:
                yield from self._drift(time_us / 1e6, reference_s)
        if sets > 1:
            yield rules.ONE_SET, f"{sets} sets of ST 0601 stand in one access unit."

    def _drift(self, time_s: float, reference_s: float) -> Iterator[tuple[Rule, str]]:
        offset_s = time_s - reference_s
        if self._offset_s is None:
            self._offset_s = offset_s
            return
        moved_s = (offset_s - self._offset_s + _TURN_S / 2) % _TURN_S - _TURN_S / 2
        if abs(moved_s) > _DRIFT_S:
            yield rules.DRIFT, f"The time stamp moved by {moved_s:+.3f} s against the clock of the stream."
            self._offset_s = offset_s
