"""DroneCAN (UAVCAN version 0): what smart batteries say on a drone's CAN bus."""

from __future__ import annotations

from collections.abc import Sequence

from skypact.conformance.dronecan import battery, node
from skypact.conformance.dronecan.bus import read
from skypact.conformance.dronecan.datatypes import NotOfTypeError, Value, decode
from skypact.conformance.dronecan.readings import readings
from skypact.conformance.dronecan.samples import samples
from skypact.conformance.dronecan.second import DECODER
from skypact.conformance.dronecan.transfers import Assembly, Fault, Transfer
from skypact.conformance.report import Layer, Place, Severity
from skypact.conformance.span import Least
from skypact.conformance.standard import Evidence, Recording, Rule, Standard

VERSION = "DroneCAN 1"
_TRANSPORT = "DroneCAN specification, CAN bus transport layer"

UNREADABLE = Rule("dronecan.unreadable", Layer.DECODE, "lab rule: candump log, pcap of SocketCAN, or slcan")
FOREIGN = Rule(
    "dronecan.standard-identifier",
    Layer.DECODE,
    f"{_TRANSPORT}: extended identifiers; others belong to another protocol on the bus",
    Severity.WARNING,
)
TRANSFER = Rule("dronecan.transfer", Layer.DECODE, f"{_TRANSPORT}: tail byte, toggle, transfer id, CRC with signature")
PAYLOAD = Rule("dronecan.payload", Layer.DECODE, "DroneCAN DSDL, serialisation of the data type, to the last bit")
UNKNOWN = Rule(
    "dronecan.unknown-type",
    Layer.DECODE,
    "lab rule: without its definition a data type has no signature and no fields",
    Severity.UNKNOWN,
)


def examine(recordings: Sequence[Recording], claim: str | None, evidence: Evidence) -> None:
    for recording in recordings:
        session = node.Session(evidence, recording.name)
        assembly = Assembly()
        for number, frame in enumerate(read(recording.data), 1):
            place = Place(file=recording.name, message=number)
            evidence.judged.add(Layer.DECODE)
            if isinstance(frame, str):
                evidence.find(UNREADABLE.id, place, frame)
            elif not frame.extended:
                evidence.counts["standard identifiers"] += 1
                evidence.find(FOREIGN.id, place, f"Identifier 0x{frame.identifier:03x} has 11 bits.")
            else:
                session.clock(frame.time_s, place)
                found = assembly.take(frame)
                if isinstance(found, Fault):
                    evidence.find(TRANSFER.id, place, found.sentence)
                elif found is not None:
                    _transfer(found, place, evidence, session)
        for sentence in assembly.unfinished():
            evidence.find(TRANSFER.id, Place(file=recording.name), sentence)
        session.finish()


def _transfer(transfer: Transfer, place: Place, evidence: Evidence, session: node.Session) -> None:
    evidence.judged |= {Layer.SCHEMA, Layer.EXCHANGE}
    evidence.seen.add(VERSION)
    header = transfer.header
    known = header.data_type
    fields: dict[str, Value] | None = None
    if known is None:
        evidence.counts["unknown data type"] += 1
        evidence.find(UNKNOWN.id, place, f"Data type {header.number} has no public definition in the lab.")
    else:
        evidence.counts["service transfers" if header.part else known.full_name] += 1
        try:
            fields = decode(known, transfer.payload, header.part)
        except NotOfTypeError as error:
            evidence.find(PAYLOAD.id, place, f"{known.full_name}{' ' if header.part else ''}{header.part}: {error}.")
        else:
            if not header.part:
                evidence.judged.add(Layer.SEMANTIC)
                battery.examine(header.number, known.full_name, fields, place, evidence)
    session.take(transfer, fields, place)


STANDARD = Standard(
    name="dronecan",
    title="DroneCAN with battery messages",
    versions=(VERSION,),
    profile="node on a CAN bus",
    inputs="candump logs; pcap, pcapng of SocketCAN; slcan lines (which hold no times)",
    rules=(UNREADABLE, FOREIGN, TRANSFER, PAYLOAD, UNKNOWN, *battery.RULES, *node.RULES),
    packages=("dronecan",),
    layers=(Layer.DECODE, Layer.SCHEMA, Layer.SEMANTIC, Layer.EXCHANGE),
    examine=examine,
    least=Least(
        "DroneCAN, node status: broadcast at least every 1.0 s, and a node is offline after 3.0 s without",
        seconds=3.0,
        kinds={"NodeStatus": 3},
    ),
    samples=samples,
    readings=readings,
    second=(DECODER,),
    ceiling="transfers of one frame carry no sum of DroneCAN's own (the bus's is gone in a recording): uptime, vendor"
    " code, health and priority may be others",
)
