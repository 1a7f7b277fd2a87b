"""MAVLink 1 and 2: what drones, batteries and Remote ID transmitters say to their autopilot and ground station."""

from __future__ import annotations

from collections.abc import Sequence

from skypact.conformance.mavlink import link, pymavlink_reader, values
from skypact.conformance.mavlink.definitions import AS_OF, LAYOUTS, messages
from skypact.conformance.mavlink.frames import SIGNED, Frame, read
from skypact.conformance.mavlink.readings import readings
from skypact.conformance.mavlink.samples import samples
from skypact.conformance.mavlink.second import DECODER
from skypact.conformance.report import Layer, Place, Severity
from skypact.conformance.span import Least
from skypact.conformance.standard import Evidence, Recording, Rule, Standard

_GUIDE = "MAVLink developer guide"

UNREADABLE = Rule(
    "mavlink.unreadable", Layer.DECODE, f"{_GUIDE}, serialisation: frame, length, CRC-16 with the message's CRC_EXTRA"
)
UNKNOWN = Rule(
    "mavlink.unknown-message",
    Layer.DECODE,
    f"lab rule: the sum of a message outside the definitions of {AS_OF} cannot be computed",
    Severity.UNKNOWN,
)
FLAGS = Rule("mavlink.incompatible", Layer.SCHEMA, f"{_GUIDE}, incompatibility flags: only 0x01, signed, is defined")
LENGTH = Rule("mavlink.length", Layer.SCHEMA, f"{_GUIDE}, serialisation: length of the payload")
TRUNCATION = Rule(
    "mavlink.truncation",
    Layer.SCHEMA,
    f"{_GUIDE}, serialisation: version 2 cuts zero bytes at the payload's end",
    Severity.WARNING,
)
ADDRESS = Rule("mavlink.address", Layer.SCHEMA, f"{_GUIDE}, system and component ids of a sender: 1 to 255")
CLAIM = Rule("mavlink.claim", Layer.SCHEMA, f"{_GUIDE}, versions: first byte of a frame")

_BATTERY = {"BATTERY_STATUS", "SMART_BATTERY_INFO", "BATTERY_INFO"}


def examine(recordings: Sequence[Recording], claim: str | None, evidence: Evidence) -> None:
    for recording in recordings:
        session = link.Link(Place(file=recording.name), evidence)
        for number, frame in enumerate(read(recording.data), 1):
            place = Place(file=recording.name, message=number)
            if isinstance(frame, str):
                evidence.judged.add(Layer.DECODE)
                evidence.find(UNREADABLE.id, place, frame)
                continue
            _frame(frame, place, evidence, session, claim)
        session.finish()


def _frame(frame: Frame, place: Place, evidence: Evidence, session: link.Link, claim: str | None) -> None:
    evidence.judged |= {Layer.DECODE, Layer.SCHEMA, Layer.EXCHANGE}
    version = f"MAVLink {frame.version}"
    evidence.seen.add(version)
    if claim and version != claim:
        evidence.find(CLAIM.id, place, f"Claimed {claim}; the frame is of {version}.")
    if frame.incompatible & ~SIGNED:
        evidence.find(FLAGS.id, place, f"The incompatibility flags are 0x{frame.incompatible:02x}; 0x01 is defined.")
    if 0 in frame.sender:
        evidence.find(ADDRESS.id, place, f"System {frame.system}, component {frame.component} is nobody's address.")
    session.take(frame, place)
    known = messages().get(frame.message)
    if known is None:
        evidence.counts["unknown"] += 1
        evidence.find(UNKNOWN.id, place, f"Message {frame.message} is not in the definitions of {AS_OF}.")
        return
    evidence.counts[known.name] += 1
    if not _length(frame, place, evidence):
        return
    if layout := LAYOUTS.get(frame.message):
        evidence.judged.add(Layer.SEMANTIC)
        decoded = layout.decode(frame.payload)
        values.examine(layout, decoded, place, evidence)
        if layout.name in _BATTERY:
            session.battery(layout.name, decoded, frame.sender)


def _length(frame: Frame, place: Place, evidence: Evidence) -> bool:
    known = messages()[frame.message]
    size = len(frame.payload)
    if frame.version == 1:
        if size != known.length:
            evidence.find(LENGTH.id, place, f"{known.name} has {size} bytes; in version 1 it has {known.length}.")
        return size == known.length
    if not 1 <= size <= known.longest:
        evidence.find(LENGTH.id, place, f"{known.name} has {size} bytes; it has 1 to {known.longest}.")
        return False
    if size > 1 and not frame.payload[-1]:
        evidence.find(TRUNCATION.id, place, f"{known.name} ends with a zero byte.")
    return True


STANDARD = Standard(
    name="mavlink",
    title="MAVLink 1 and 2 with battery and Open Drone ID messages",
    versions=("MAVLink 1", "MAVLink 2"),
    profile="component on a link",
    inputs="telemetry logs (tlog); frames one after another; pcap, pcapng of UDP",
    rules=(UNREADABLE, UNKNOWN, FLAGS, LENGTH, TRUNCATION, ADDRESS, CLAIM, *values.RULES, *link.RULES),
    packages=(),
    layers=(Layer.DECODE, Layer.SCHEMA, Layer.SEMANTIC, Layer.EXCHANGE),
    examine=examine,
    least=Least(
        "MAVLink developer guide, heartbeat: sent about once a second, and a component is lost after some missing ones",
        seconds=3.0,
        kinds={"HEARTBEAT": 3},
    ),
    samples=samples,
    captures=True,
    readings=readings,
    second=(DECODER, pymavlink_reader.DECODER),
    ceiling="the CRC sees every bit of a frame; a log's times, a signature without its key, and a measured number"
    " sent with its own right sum may be others",
)
