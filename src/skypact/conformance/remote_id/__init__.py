"""Remote ID, ASTM F3411 broadcast: own decoder of the frames that a drone sends over Wi-Fi and Bluetooth."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from skypact.conformance import captures
from skypact.conformance.remote_id import field_table, flight, limits
from skypact.conformance.remote_id.carriers import Payload, heard, recorded
from skypact.conformance.remote_id.messages import EDITIONS, NoMessageError, messages
from skypact.conformance.remote_id.samples import samples
from skypact.conformance.report import Layer, Place, Severity
from skypact.conformance.second import Reading, Value
from skypact.conformance.span import Least
from skypact.conformance.standard import Evidence, Recording, Rule, Standard

UNREADABLE = Rule(
    "remote_id.unreadable", Layer.DECODE, "ASTM F3411-22a broadcast message formats, message pack and message sizes"
)
BROKEN_FRAME = Rule("remote_id.broken-frame", Layer.DECODE, "ASTM F3411-22a broadcast over Wi-Fi and Bluetooth")
RADIO_ERROR = Rule(
    "remote_id.radio-error",
    Layer.DECODE,
    "lab rule: a frame whose radio checksum is wrong was spoilt on its way and says nothing about its sender",
    Severity.WARNING,
)
BROKEN_CAPTURE = Rule("remote_id.broken-capture", Layer.DECODE, "pcap and pcapng (IETF opsawg drafts)")


def examine(recordings: Sequence[Recording], claim: str | None, evidence: Evidence) -> None:
    by_sender = flight.by_transmitter()
    for recording in recordings:
        for number, payload in enumerate(_payloads(recording, evidence), 1):
            place = Place(file=recording.name, message=number)
            evidence.judged |= {Layer.DECODE}
            evidence.counts[payload.carrier] += 1
            if not payload.received:
                evidence.find(RADIO_ERROR.id, place, f"Frame of {payload.transmitter}: the radio's checksum is wrong.")
                continue
            if payload.broken:
                evidence.find(BROKEN_FRAME.id, place, f"Frame of {payload.transmitter}: {payload.broken}.")
                continue
            try:
                read = list(messages(payload.data))
            except NoMessageError as error:
                evidence.find(UNREADABLE.id, place, str(error))
                continue
            evidence.judged |= {Layer.SCHEMA, Layer.SEMANTIC}
            for message in read:
                evidence.counts[message.kind] += 1
                limits.examine(message, place, evidence)
                by_sender[payload.transmitter].append(flight.Heard(place, payload.time_s, message))
    flight.examine(by_sender, claim, evidence)


def _payloads(recording: Recording, evidence: Evidence) -> Iterator[Payload]:
    try:
        yield from recorded(recording.data)
    except captures.BrokenCaptureError as error:
        evidence.find(BROKEN_CAPTURE.id, Place(file=recording.name), str(error))


def readings(recordings: Sequence[Recording]) -> Iterator[Reading]:
    """What the first decoder reads out of each message."""
    for file, number, data in heard(recordings):
        try:
            read = list(messages(data))
        except NoMessageError:
            continue
        for message in read:
            values: dict[str, Value] = {"version": message.version}
            for name, value in message.fields.items():
                if value is not None and name not in ("reserved", "direction_byte"):
                    values[name] = value.hex() if isinstance(value, bytes) else value
            yield Reading(file, number, message.kind, values)


STANDARD = Standard(
    name="remote_id",
    title="Remote ID broadcast, ASTM F3411",
    versions=tuple(EDITIONS.values()),
    profile="broadcast transmitter",
    inputs="pcap or pcapng of Wi-Fi or Bluetooth LE; or the bare messages and packs one after another",
    rules=(UNREADABLE, BROKEN_FRAME, RADIO_ERROR, BROKEN_CAPTURE, *limits.RULES, *flight.RULES),
    packages=(),
    layers=(Layer.DECODE, Layer.SCHEMA, Layer.SEMANTIC, Layer.EXCHANGE),
    examine=examine,
    least=Least(
        "ASTM F3411 broadcast transmission rates: locations at least once a second, static messages every 3 s",
        seconds=3.0,
        kinds={"location": 3, "basic_id": 1},
    ),
    samples=samples,
    ceiling="messages carry no checksum: a measured number may change into another possible number",
    readings=readings,
    second=(field_table.DECODER,),
)
