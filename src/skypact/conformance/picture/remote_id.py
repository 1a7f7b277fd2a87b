"""Remote ID broadcast: location messages of ASTM F3411. Their time counts tenths of a second since the full hour; the
hour is the one that brings it nearest to when the message was heard."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace

from skypact.conformance import captures
from skypact.conformance.adapters import f3411
from skypact.conformance.adapters.state import UasState
from skypact.conformance.picture.observation import Gathered, Observation
from skypact.conformance.picture.reading import Reading
from skypact.conformance.remote_id.carriers import Payload, payloads
from skypact.conformance.remote_id.messages import PACK, SIZE, NoMessageError, messages

#: Radius of 95 % over one standard deviation of a circular normal error: sqrt(-2 ln 0.05).
FROM_SIGMA_TO_95 = math.sqrt(-2 * math.log(0.05))
FORMAT = "ASTM F3411 broadcast"
NO_HOUR = "a time since the hour, and nothing that tells the hour"


def read(data: bytes, receiver: str, reading: Reading, into: Gathered) -> None:
    """One recording is one receiver: what it heard of all aircraft."""
    source = f"Remote ID {receiver}"
    into.formats[source] = FORMAT
    learned = reading.learned
    heard: list[Observation] = []
    transmitter = learned.transmitter.get(receiver, "")
    for payload in _payloads(data, source, into):
        if not payload.received or payload.broken:
            into.leave_out(source, "a frame that arrived broken")
            continue
        try:
            kinds = [one.kind for one in messages(payload.data)]
            state = f3411.read(payload.data, payload.time_s or reading.about_s or 0.0)
        except NoMessageError:
            into.leave_out(source, "a payload that is no message")
            continue
        # Bare messages have no sender's address: a serial number holds for what follows it.
        if payload.carrier != "raw":
            transmitter = payload.transmitter
        elif state.serial_number:
            transmitter = state.serial_number
            learned.learn(learned.transmitter, receiver, transmitter)
        if state.serial_number:
            learned.learn(learned.serials, transmitter, state.serial_number)
        if "location" not in kinds:
            continue
        if payload.counter is not None:
            into.counting[source].count(transmitter, payload.counter)
        if reading.about_s is None and payload.time_s is None:
            into.leave_out(source, NO_HOUR)
            continue
        seen = look(state, source, transmitter, payload.time_s)
        if isinstance(seen, str):
            into.leave_out(source, seen)
        else:
            heard.append(seen)
    into.observations += [replace(one, identity=learned.serials.get(one.number or "")) for one in heard]


def look(state: UasState, source: str, transmitter: str, arrival_s: float | None) -> Observation | str:
    """What a location says, without the aircraft's name; or why it is no look."""
    if state.time_s is None:
        return "no time"
    if state.latitude_deg is None or state.longitude_deg is None:
        return "the position is unknown to the aircraft"
    accuracy = state.horizontal_accuracy_m
    return Observation(
        source=source,
        time_s=state.time_s,
        longitude_deg=state.longitude_deg,
        latitude_deg=state.latitude_deg,
        sigma_m=None if accuracy is None else accuracy / FROM_SIGMA_TO_95,
        height_m=state.altitude_hae_m,
        pressure_height_m=state.pressure_altitude_m,
        east_m_s=state.east_m_s,
        north_m_s=state.north_m_s,
        number=transmitter,
        arrival_s=arrival_s,
    )


def _payloads(data: bytes, source: str, into: Gathered) -> Iterator[Payload]:
    """Frames of Wi-Fi and Bluetooth; datagrams of a receiver and files hold bare messages."""
    if not captures.is_capture(data):
        yield from bare(data, None)
        return
    try:
        for packet in captures.packets(data):
            if (datagram := captures.udp_payload(packet)) is not None:
                yield from bare(datagram, packet.time_s)
            else:
                yield from payloads(packet)
    except captures.BrokenCaptureError:
        into.leave_out(source, "a capture that breaks off")


def bare(data: bytes, time_s: float | None) -> Iterator[Payload]:
    """Messages and packs one after another."""
    at = 0
    while at < len(data):
        size = 3 + SIZE * data[at + 2] if data[at] >> 4 == PACK and at + 2 < len(data) else SIZE
        yield Payload("raw", "raw", None, time_s, data[at : at + size])
        at += size
