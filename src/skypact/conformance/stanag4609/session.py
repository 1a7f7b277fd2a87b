"""Goes through the packets of one transport stream and judges what carries KLV in it.

Video is looked at only as far as ST 1402 speaks of it: that it is there, and how often it says its time.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from skypact.conformance.klv import Sensor
from skypact.conformance.report import Layer, Place
from skypact.conformance.stanag4609 import rules
from skypact.conformance.stanag4609.access_units import Metadata
from skypact.conformance.stanag4609.declared import faults_of
from skypact.conformance.stanag4609.elementary import VIDEO_STREAMS, Assembly, Pes, PesError, pes
from skypact.conformance.stanag4609.packets import (
    CLOCK_HZ,
    NULL_PID,
    PACKET,
    SYSTEM_CLOCK_HZ,
    TURN,
    Gap,
    Packet,
    apart,
    read,
    size_of,
)
from skypact.conformance.stanag4609.tables import (
    MOTION_IMAGERY,
    PAT_PID,
    RESERVED_PIDS,
    Association,
    Map,
    Sections,
    Stream,
    TableError,
    association,
    program_map,
)
from skypact.conformance.standard import Evidence, Rule

_PCR_TURN = TURN * 300
_CLOCK_EVERY_S, _TABLES_EVERY_S, _VIDEO_EVERY_S = 0.1, 0.25, 0.7
#: A clock whose next value is further away than this has jumped.
_JUMP_S = 1.0


@dataclass
class Program:
    """What a program map set up, and where its clock stands."""

    map: Map
    pcr: int | None = None
    """counts of 27 MHz"""

    @property
    def now_s(self) -> float | None:
        return None if self.pcr is None else self.pcr / SYSTEM_CLOCK_HZ


@dataclass
class Elementary:
    """One stream that a map names."""

    program: Program
    stream: Stream
    assembly: Assembly
    metadata: Metadata | None
    """for KLV"""
    last_pts: int | None = None


@dataclass
class Session:
    """One transport stream. ``feed`` it once, whole."""

    evidence: Evidence
    claim: str | None
    file: str
    numbers: Iterator[int]
    """of the sets of KLV in the recording"""
    _counters: dict[int, Packet] = field(default_factory=dict)
    _sections: dict[int, Sections] = field(default_factory=dict)
    _programs: dict[int, Program] = field(default_factory=dict)
    _maps: dict[int, int] = field(default_factory=dict)
    """PID of a map -> its program"""
    _association: Association | None = None
    _streams: dict[int, Elementary] = field(default_factory=dict)
    _clocks: dict[int, list[Program]] = field(default_factory=dict)
    _tables_at: dict[int, float | None] = field(default_factory=dict)
    """PID of a table -> the first clock after it; ``None`` until that comes"""
    _unnamed: dict[int, Packet] = field(default_factory=dict)
    _named: set[int] = field(default_factory=set)
    """PIDs that some table named at some time"""
    _judged_maps: set[int] = field(default_factory=set)
    _metadata: list[Metadata] = field(default_factory=list)
    """every stream of KLV that came up"""

    def feed(self, data: bytes) -> int:
        """How many packets it has."""
        size, _ = size_of(data)
        if size != PACKET:
            self._say(rules.SIZE, None, f"The recording has {size} bytes from one packet to the next.")
        self._foresee(data)
        number = 0
        for one in read(data):
            if isinstance(one, Gap):
                self._say(rules.PACKET, None, one.sentence)
            else:
                number = one.number
                self._packet(one)
        if number:
            self._end()
        return number

    def _say(self, rule: Rule, packet: Packet | None, sentence: str, where: str = "") -> None:
        at = f"packet {packet.number}, PID {packet.pid:#06x}" if packet else ""
        found = ", ".join(part for part in (at, where) if part)
        self.evidence.find(rule.id, Place(file=self.file, field=found), sentence)

    def _foresee(self, data: bytes) -> None:
        """Reads the first tables ahead, so that a recording that begins between two of them is read from its start."""
        sections: dict[int, Sections] = {PAT_PID: Sections()}
        awaited: dict[int, int] = {}
        for packet in read(data):
            if isinstance(packet, Gap) or packet.pid not in sections:
                continue
            for section in sections[packet.pid].feed(packet.payload, packet.starts):
                if isinstance(section, str):
                    continue
                try:
                    if packet.pid == PAT_PID:
                        self._maps = {pid: number for number, pid in association(section).programs.items() if number}
                        awaited = dict(self._maps)
                        sections |= {pid: Sections() for pid in awaited if pid not in sections}
                    else:
                        self._set_up(program_map(section), packet=None)
                        awaited.pop(packet.pid, None)
                except TableError:
                    continue
            if self._programs and not awaited:
                return

    # Packets -----------------------------------------------------------------------------------

    def _packet(self, packet: Packet) -> None:
        self.evidence.judged.add(Layer.DECODE)
        self.evidence.counts["transport packet"] += 1
        for rule, sentence in packet.faults:
            self._say(_OF_A_PACKET[rule], packet, sentence)
        if packet.pid == NULL_PID:
            return
        again, lost = self._follows(packet)
        if packet.pid in self._clocks and not again:
            self._clock(packet)
        if again or not packet.has_payload:
            return
        if packet.pid == PAT_PID or packet.pid in self._maps:
            self._table(packet, lost)
        elif packet.pid in self._streams:
            self._elementary(self._streams[packet.pid], packet, lost)
        elif packet.pid not in RESERVED_PIDS and packet.pid not in self._clocks:
            self._unnamed.setdefault(packet.pid, packet)

    def _follows(self, packet: Packet) -> tuple[bool, bool]:
        """(whether the packet came before, whether one is missing before it)"""
        before = self._counters.get(packet.pid)
        self._counters[packet.pid] = packet
        if before is None:
            return False, False
        expected = (before.counter + packet.has_payload) & 0x0F
        if packet.counter == expected or packet.discontinuity:
            return False, packet.counter != expected
        if packet.counter == before.counter and packet.has_payload and packet.payload == before.payload:
            return True, False
        told = f"The counter goes from {before.counter} to {packet.counter}; expected is {expected}."
        self._say(rules.CONTINUITY, packet, told)
        return False, True

    def _clock(self, packet: Packet) -> None:
        if packet.pcr is None:
            return
        for program in self._clocks[packet.pid]:
            if program.pcr is not None and not packet.discontinuity:
                seconds = apart(packet.pcr, program.pcr, _PCR_TURN) / SYSTEM_CLOCK_HZ
                if not 0 < seconds <= _JUMP_S:
                    self._say(rules.CLOCK, packet, f"The clock jumps by {seconds:.3f} s and no jump is announced.")
                elif seconds > _CLOCK_EVERY_S:
                    self._say(rules.CLOCK, packet, f"{seconds * 1000:.0f} ms after the clock reference before.")
            if packet.discontinuity:
                self._tables_at = dict.fromkeys(self._tables_at)
                for one in self._streams.values():
                    if one.program is program and one.metadata is not None:
                        one.metadata.jumped()
            program.pcr = packet.pcr
        for pid in (PAT_PID, *self._maps):
            if self._tables_at.get(pid) is None:
                self._tables_at[pid] = packet.pcr / SYSTEM_CLOCK_HZ

    # Tables ------------------------------------------------------------------------------------

    def _table(self, packet: Packet, lost: bool) -> None:
        sections = self._sections.setdefault(packet.pid, Sections())
        if lost:
            sections.lost()
        for section in sections.feed(packet.payload, packet.starts):
            if isinstance(section, str):
                self._say(rules.SECTION, packet, section)
                continue
            try:
                if packet.pid == PAT_PID:
                    self._associate(association(section), packet)
                else:
                    self._set_up(program_map(section), packet)
            except TableError as error:
                self._say(rules.SECTION, packet, f"A section cannot be read: {error}.")
                continue
            self._cadence(packet.pid, packet)

    def _cadence(self, pid: int, packet: Packet | None) -> None:
        """From the first clock after a table to the last one before the next: not less lies between them."""
        now_s = next((one.now_s for one in self._programs.values() if one.now_s is not None), None)
        before_s = self._tables_at.get(pid)
        self._tables_at[pid] = None
        if now_s is None or before_s is None:
            return
        seconds = apart(round(now_s * CLOCK_HZ), round(before_s * CLOCK_HZ)) / CLOCK_HZ
        if seconds > _TABLES_EVERY_S:
            self._say(rules.TABLES, packet, f"The table of PID {pid:#06x} did not come for {seconds:.2f} s.")

    def _associate(self, found: Association, packet: Packet) -> None:
        before = self._association
        if before is not None and before.version == found.version and before.programs != found.programs:
            self._say(rules.PROGRAM, packet, f"The association changed and kept its version {found.version}.")
        if not found.current:
            return
        if not any(found.programs):
            self._say(rules.PROGRAM, packet, "The association names no program.")
        self._association = found
        self._named |= set(found.programs.values())
        self._maps = {pid: number for number, pid in found.programs.items() if number}

    def _set_up(self, found: Map, packet: Packet | None) -> None:
        if packet is not None:
            self.evidence.judged.add(Layer.SCHEMA)
            if (number := self._maps[packet.pid]) != found.program:
                told = f"The map is of program {found.program}; the association names {number} here."
                self._say(rules.PROGRAM, packet, told)
                return
        if not found.current:
            return
        known = self._programs.get(found.program)
        if packet is not None and (known is None or known.map != found or found.program not in self._judged_maps):
            if known is not None and known.map != found and known.map.version == found.version:
                told = f"The map of program {found.program} changed and kept its version {found.version}."
                self._say(rules.PROGRAM, packet, told)
            for rule, sentence in faults_of(found, self.claim):
                self._say(rule, packet, sentence)
            self._judged_maps.add(found.program)
        if known is not None and known.map == found:
            return
        program = known or Program(found)
        program.map = found
        self._programs[found.program] = program
        self._streams = {pid: one for pid, one in self._streams.items() if one.program is not program}
        for stream in found.streams:
            self._streams[stream.pid] = self._elementary_of(program, stream)
        self._clocks = {}
        for one in self._programs.values():
            self._clocks.setdefault(one.map.clock_pid, []).append(one)

    def _elementary_of(self, program: Program, stream: Stream) -> Elementary:
        metadata = None
        if stream.is_klv:
            metadata = Metadata(self.evidence, Sensor(self.evidence, self.claim, self.file), stream, self.numbers)
            self._metadata.append(metadata)
        self._named.add(stream.pid)
        return Elementary(program, stream, Assembly(whole=stream.is_klv), metadata)

    # Streams -----------------------------------------------------------------------------------

    def _elementary(self, one: Elementary, packet: Packet, lost: bool) -> None:
        if lost:
            one.assembly.lost()
            if one.metadata is not None:
                one.metadata.lost()
        for raw in one.assembly.feed(packet.payload, packet.starts):
            if isinstance(raw, str):
                self._say(rules.PES, packet, raw)
            else:
                self._pes(one, raw, packet)

    def _pes(self, one: Elementary, raw: bytes, packet: Packet) -> None:
        try:
            found = pes(raw)
        except PesError as error:
            if one.metadata is not None or one.stream.type in MOTION_IMAGERY:
                self._say(rules.PES, packet, f"A PES packet cannot be read: {error}.")
            return
        if one.metadata is not None:
            self.evidence.judged |= set(Layer)
            for rule, sentence in one.metadata.judge(found, one.program.now_s):
                self._say(rule, packet, sentence)
        elif one.stream.type in MOTION_IMAGERY:
            self._imagery(one, found, packet)

    def _imagery(self, one: Elementary, found: Pes, packet: Packet) -> None:
        if found.stream_id not in VIDEO_STREAMS:
            self._say(rules.PES, packet, f"stream_id of video is {found.stream_id:#04x}; accepted: 0xe0 to 0xef, 0xfd.")
        if found.pts is None:
            return
        if one.last_pts is not None:
            seconds = apart(found.pts, one.last_pts) / CLOCK_HZ
            if seconds > _VIDEO_EVERY_S:
                self._say(rules.INTERVAL, packet, f"{seconds:.2f} s after the presentation time before.")
        one.last_pts = found.pts

    def _end(self) -> None:
        for pid in (PAT_PID, *self._maps):
            self._cadence(pid, None)
        for one in self._streams.values():
            if one.metadata is not None and one.assembly.unfinished:
                self._say(rules.CUT, None, f"The recording ends inside a PES packet of PID {one.stream.pid:#06x}.")
            for raw in one.assembly.end():
                self._pes(one, raw, self._counters[one.stream.pid])
        for metadata in self._metadata:
            if not metadata.heard:
                told = f"PID {metadata.stream.pid:#06x} is named as KLV; nothing came on it."
                self._say(rules.NO_KLV, None, told)
            metadata.sensor.end()
        if not self._metadata:
            self._say(rules.NO_KLV, None, "No program map names a stream of KLV.")
        for pid, packet in sorted(self._unnamed.items()):
            if pid not in self._named:
                self._say(rules.UNNAMED, packet, f"No table names PID {pid:#06x}.")
        if any(metadata.heard for metadata in self._metadata):
            for program in self._programs.values():
                if program.pcr is None:
                    told = f"No clock reference came on PID {program.map.clock_pid:#06x}."
                    self._say(rules.CLOCK, None, told, f"program {program.map.program}")


_OF_A_PACKET = {
    "transport-error": rules.TRANSPORT_ERROR,
    "scrambled": rules.SCRAMBLED,
    "adaptation-field": rules.ADAPTATION,
}
