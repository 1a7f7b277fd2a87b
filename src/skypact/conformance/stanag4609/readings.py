"""What the lab reads out of transport streams, for comparison with a second decoder: packets, tables, PES packets.

A message is a transport packet, counted through the recording. Video is left out, but for the packets that begin a
frame or hold the clock.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from skypact.conformance import captures
from skypact.conformance.second import Reading, Value
from skypact.conformance.stanag4609.carriers import Carried, streams
from skypact.conformance.stanag4609.elementary import Assembly, PesError, pes
from skypact.conformance.stanag4609.packets import NULL_PID, Gap, Packet, read
from skypact.conformance.stanag4609.tables import PAT_PID, Map, Sections, TableError, association, program_map
from skypact.conformance.standard import Recording

PACKET, ASSOCIATION, MAP, PES = "packet", "program association", "program map", "PES packet"


@dataclass(frozen=True)
class Handed:
    """A packet that is compared."""

    file: str
    packet: Packet
    klv: bool


def carried(recordings: Sequence[Recording]) -> Iterator[tuple[Recording, Carried]]:
    """The streams of the recordings, as far as their captures can be read."""
    for recording in recordings:
        try:
            yield from ((recording, one) for one in streams(recording))
        except captures.BrokenCaptureError:
            continue  # told as a finding


def handed(recordings: Sequence[Recording]) -> Iterator[list[Handed]]:
    """For each stream the packets of tables and KLV, and of the others those that begin something or hold a clock."""
    first: dict[str, int] = {}
    for recording, stream in carried(recordings):
        data = bytes(stream.data)
        klv, tables = _pids(data)
        chosen = []
        for one in read(data, first=first.get(recording.name, 1)):
            if isinstance(one, Gap):
                continue
            first[recording.name] = one.number + 1
            if one.pid in klv or one.pid in tables or ((one.starts or one.pcr is not None) and one.pid != NULL_PID):
                chosen.append(Handed(recording.name, one, one.pid in klv))
        yield chosen


def _pids(data: bytes) -> tuple[set[int], set[int]]:
    """(PIDs of KLV, PIDs of tables)"""
    klv: set[int] = set()
    seen = _Tables()
    for one in read(data):
        if isinstance(one, Packet):
            for found in seen.feed(one):
                if isinstance(found, Map):
                    klv |= {stream.pid for stream in found.streams if stream.is_klv}
    return klv, {PAT_PID, *seen.maps}


@dataclass
class _Tables:
    maps: set[int] = field(default_factory=set)
    _sections: dict[int, Sections] = field(default_factory=dict)

    def feed(self, packet: Packet) -> Iterator[Mapping[int, int] | Map]:
        """Whole tables: of the association its programs, of a map itself."""
        if packet.pid != PAT_PID and packet.pid not in self.maps:
            return
        for section in self._sections.setdefault(packet.pid, Sections()).feed(packet.payload, packet.starts):
            if isinstance(section, str):
                continue
            try:
                if packet.pid == PAT_PID:
                    programs = association(section).programs
                    self.maps |= {pid for number, pid in programs.items() if number}
                    yield programs
                else:
                    yield program_map(section)
            except TableError:
                continue


def readings(recordings: Sequence[Recording]) -> Iterator[Reading]:
    for chosen in handed(recordings):
        tables = _Tables()
        assemblies: dict[int, Assembly] = {}
        for one in chosen:
            packet = one.packet

            def reading(kind: str, values: Mapping[str, Value], one: Handed = one) -> Reading:
                return Reading(one.file, one.packet.number, kind, values)

            yield reading(PACKET, of_packet(packet))
            for table in tables.feed(packet):
                kind, values = (MAP, of_map(table)) if isinstance(table, Map) else (ASSOCIATION, of_association(table))
                yield reading(kind, values)
            if one.klv:
                assembly = assemblies.setdefault(packet.pid, Assembly(whole=True))
                for raw in assembly.feed(packet.payload, packet.starts):
                    if isinstance(raw, bytes) and (values := of_pes(raw)):
                        yield reading(PES, values)


def of_packet(packet: Packet) -> dict[str, Value]:
    said: dict[str, Value] = {"pid": packet.pid, "starts": int(packet.starts), "counter": packet.counter}
    return said | ({} if packet.pcr is None else {"pcr": packet.pcr})


def of_association(programs: Mapping[int, int]) -> dict[str, Value]:
    return {f"program {number}": pid for number, pid in programs.items()}


def of_map(found: Map) -> dict[str, Value]:
    said: dict[str, Value] = {"program": found.program, "version": found.version, "clock": found.clock_pid}
    for number, stream in enumerate(found.streams, 1):
        said[f"stream {number} pid"], said[f"stream {number} type"] = stream.pid, stream.type
        for place, one in enumerate(stream.descriptors, 1):
            said[f"stream {number} descriptor {place}"] = f"{one.tag:02x} {one.data.hex()}"
    return said


def of_pes(raw: bytes) -> dict[str, Value]:
    """Nothing for a packet that cannot be read."""
    try:
        found = pes(raw)
    except PesError:
        return {}
    said: dict[str, Value] = {"stream": found.stream_id, "sha256": digest(found.payload), "bytes": len(found.payload)}
    return said | ({} if found.pts is None else {"pts": found.pts})


def digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
