"""STANAG 4609: the KLV in an MPEG transport stream, packet by packet, as it comes live or lies in a recording.

Only what leads to KLV is looked at: the tables, and the streams that a program map names as metadata. What the lab
thinks of the stream is another matter (:mod:`skypact.conformance.stanag4609`): here everything is read that can be.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from skypact.conformance import captures
from skypact.conformance.klv.packets import KEY
from skypact.conformance.picture import klv
from skypact.conformance.picture.observation import Gathered
from skypact.conformance.picture.reading import Reading
from skypact.conformance.stanag4609.carriers import rtp_payload
from skypact.conformance.stanag4609.elementary import Assembly, Cell, PesError, cells, pes
from skypact.conformance.stanag4609.packets import PACKET, SYNC, Gap, Packet, size_of
from skypact.conformance.stanag4609.packets import read as packets
from skypact.conformance.stanag4609.tables import (
    METADATA_IN_PES,
    PAT_PID,
    Map,
    Sections,
    TableError,
    association,
    program_map,
)

#: Streams of KLV and programs that are followed at most, and bytes of one access unit: memory stays bounded.
_MOST_STREAMS, _MOST_PROGRAMS, LONGEST = 16, 64, 65_000
NO_KLV = "a program of a transport stream whose map names no stream of KLV"
_DAMAGED = "a packet of a transport stream that is damaged or scrambled"
BROKEN = "metadata of a transport stream that breaks off or cannot be read"
_TABLE = "a table of a transport stream that cannot be read"
_TOO_MANY = f"a stream of KLV beyond the first {_MOST_STREAMS} of a transport stream"


@dataclass
class _Stream:
    """One stream of KLV."""

    cells: bool
    """whether its PES packets hold cells of access units (stream type 15) or KLV itself"""
    assembly: Assembly = field(default_factory=lambda: Assembly(whole=True))
    waiting: int = 0
    begun: bytearray | None = None

    def lost(self) -> None:
        self.assembly.lost()
        self.begun = None


@dataclass
class Demultiplexer:
    """Takes the packets of one transport stream in order, gives the KLV in it. Raises on no bytes."""

    unread: Counter[str] = field(default_factory=Counter)
    """what gave no KLV, by reason"""
    _sections: dict[int, Sections] = field(default_factory=lambda: defaultdict(Sections))
    _tables: dict[int, bytes] = field(default_factory=dict)
    """PID -> the table that was read last"""
    _maps: dict[int, int] = field(default_factory=dict)
    """PID of a map -> its program"""
    _streams: dict[int, dict[int, _Stream]] = field(default_factory=dict)
    """Program -> PID -> stream"""
    _last: dict[int, Packet] = field(default_factory=dict)

    @property
    def mapped(self) -> bool:
        """Whether a program map came."""
        return bool(self._streams)

    def take(self, one: Packet) -> Iterator[bytes]:
        """The access units that end in this packet."""
        stream = next((streams[one.pid] for streams in self._streams.values() if one.pid in streams), None)
        if stream is None and one.pid != PAT_PID and one.pid not in self._maps:
            return
        if one.faults:
            self.unread[_DAMAGED] += 1
            return
        before = self._last.get(one.pid)
        if not one.has_payload or (before and before.counter == one.counter and before.payload == one.payload):
            return  # each may come twice
        self._last[one.pid] = one
        lost = before is not None and one.counter != (before.counter + 1) & 0x0F
        if stream is not None:
            yield from self._metadata(stream, one, lost)
        else:
            self._table(one, lost)

    def _table(self, one: Packet, lost: bool) -> None:
        sections = self._sections[one.pid]
        if lost:
            sections.lost()
        for section in sections.feed(one.payload, one.starts):
            if section == self._tables.get(one.pid):
                continue
            try:
                if isinstance(section, str):
                    raise TableError(section)
                if one.pid == PAT_PID:
                    self._associate(section)
                else:
                    self._set_up(program_map(section), self._maps[one.pid])
                self._tables[one.pid] = section
            except TableError:
                self.unread[_TABLE] += 1

    def _associate(self, section: bytes) -> None:
        found = association(section)
        if not found.current:
            return
        named = [(pid, number) for number, pid in found.programs.items() if number]
        self._maps = dict(named[:_MOST_PROGRAMS])
        kept = {PAT_PID, *self._maps}
        self._tables = {pid: one for pid, one in self._tables.items() if pid in kept}
        self._streams = {number: one for number, one in self._streams.items() if number in self._maps.values()}
        self._last = {pid: one for pid, one in self._last.items() if pid in kept or self._followed(pid)}

    def _followed(self, pid: int) -> bool:
        return any(pid in streams for streams in self._streams.values())

    def _set_up(self, found: Map, program: int) -> None:
        if found.program != program:
            raise TableError(f"it is of program {found.program}; the association names {program}")
        if not found.current:
            return
        named = {one.pid: one.type == METADATA_IN_PES for one in found.streams if one.is_klv}
        if not named:
            self.unread[NO_KLV] += 1
        known = self._streams.pop(found.program, {})
        room = _MOST_STREAMS - sum(map(len, self._streams.values()))
        for pid in list(named)[room:]:
            self.unread[_TOO_MANY] += 1
            del named[pid]
        self._streams[found.program] = {
            pid: known[pid] if pid in known and known[pid].cells == in_cells else _Stream(in_cells)
            for pid, in_cells in named.items()
        }

    def _metadata(self, stream: _Stream, one: Packet, lost: bool) -> Iterator[bytes]:
        if lost:
            self.unread[BROKEN] += stream.assembly.unfinished or stream.begun is not None
            stream.lost()
        stream.waiting = len(one.payload) if one.starts else stream.waiting + len(one.payload)
        if stream.waiting > LONGEST:  # a PES packet without a length need not end
            self.unread[BROKEN] += stream.waiting - len(one.payload) <= LONGEST
            stream.lost()
            return
        for raw in stream.assembly.feed(one.payload, one.starts):
            try:
                if isinstance(raw, str):
                    raise PesError(raw)
                payload = pes(raw).payload
                if not stream.cells:
                    yield payload
                    continue
                for cell in cells(payload):
                    yield from self._cell(stream, cell)
            except PesError:
                self.unread[BROKEN] += 1
                stream.begun = None

    def _cell(self, stream: _Stream, cell: Cell) -> Iterator[bytes]:
        if not cell.begins and stream.begun is None:
            if cell.data.startswith(KEY):  # senders leave the mark at 0; what it marks is whole
                yield cell.data
            else:
                self.unread[BROKEN] += 1
            return
        if cell.begins and stream.begun is not None:
            self.unread[BROKEN] += 1
        data = bytearray() if cell.begins or stream.begun is None else stream.begun
        data += cell.data
        stream.begun = None if cell.ends else data
        if len(data) > LONGEST:
            self.unread[BROKEN] += 1
            stream.begun = None
        elif cell.ends:
            yield bytes(data)

    def end(self) -> Iterator[bytes]:
        """What a recording ends with: a PES packet without a length."""
        for stream in (one for streams in self._streams.values() for one in streams.values()):
            if stream.assembly.unfinished:
                self.unread[BROKEN] += 1
            for raw in stream.assembly.end():
                try:
                    yield pes(raw).payload
                except PesError:
                    self.unread[BROKEN] += 1


def begins(data: bytes) -> bool:
    """Whether a file or datagram begins with a packet of a transport stream, bare or in RTP."""
    data = rtp_payload(data) or data
    size, before = size_of(data)
    places = range(before, len(data), size)[:2]
    payload_or_field = 0x30
    return (
        len(data) >= before + PACKET
        and all(data[at] == SYNC for at in places)
        and bool(data[before + 3] & payload_or_field)
    )


def read(data: bytes, label: str, reading: Reading, into: Gathered) -> None:
    """One recording is one camera; of a capture every flow that begins like a transport stream."""
    source = f"KLV {label}"
    into.formats[source] = klv.FORMAT
    flows: dict[bytes, Demultiplexer] = {}
    for flow, arrival_s, one in _packets(data, source, into):
        for unit in flows.setdefault(flow, Demultiplexer()).take(one):
            klv.take(unit, arrival_s, source, reading, into)
    if not flows:
        into.leave_out(source, "a recording without a packet of a transport stream")
    for inside in flows.values():
        if not inside.mapped:
            into.leave_out(source, "a transport stream without a program map")
        for unit in inside.end():
            klv.take(unit, None, source, reading, into)
        for why, count in inside.unread.items():
            into.unplaced[source, why] += count


def _packets(data: bytes, source: str, into: Gathered) -> Iterator[tuple[bytes, float | None, Packet]]:
    """Each with its flow, which is empty for a file, and its arrival."""
    for flow, arrival_s, part in _carried(data, source, into):
        for one in packets(part):
            if isinstance(one, Gap):
                into.leave_out(source, "bytes that are no packet of a transport stream")
            else:
                yield flow, arrival_s, one


def _carried(data: bytes, source: str, into: Gathered) -> Iterator[tuple[bytes, float | None, bytes]]:
    if not captures.is_capture(data):
        yield b"", None, data
        return
    flows: dict[bytes, bool] = {}
    try:
        for frame in captures.packets(data):
            if (found := captures.udp(frame)) is None:
                continue
            flow, payload = found
            if flows.setdefault(flow, begins(payload)):
                yield flow, frame.time_s, rtp_payload(payload) or payload
            else:
                into.leave_out(source, "a datagram of a flow that is no transport stream")
    except captures.BrokenCaptureError:
        into.leave_out(source, "a capture that breaks off")
