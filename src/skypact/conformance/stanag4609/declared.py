"""What a program map says of its streams of KLV, and what MISB ST 1402 asks it to say."""

from __future__ import annotations

from collections.abc import Iterator

from skypact.conformance.stanag4609 import rules
from skypact.conformance.stanag4609.tables import (
    KLVA,
    METADATA,
    METADATA_IN_PES,
    METADATA_STD,
    PRIVATE_DATA,
    REGISTRATION,
    Map,
    Stream,
    TableError,
    metadata_service,
)
from skypact.conformance.standard import Rule

SYNCHRONOUS, ASYNCHRONOUS = "ST 1402 synchronous", "ST 1402 asynchronous"
_STD_BYTES = 9


def carriage(stream: Stream) -> str:
    """Synchronous or asynchronous, by the type of the stream."""
    return SYNCHRONOUS if stream.type == METADATA_IN_PES else ASYNCHRONOUS


def services(stream: Stream) -> dict[int, int]:
    """Metadata services of KLV that the stream's descriptors name -> their decoder_config_flags."""
    found = {}
    for descriptor in stream.having(METADATA):
        try:
            one = metadata_service(descriptor)
        except TableError:
            continue
        if one.identifier == KLVA:
            found[one.service] = one.decoder_config
    return found


def faults_of(found: Map, claim: str | None) -> Iterator[tuple[Rule, str]]:
    """Faults in what a map says."""
    streams = [one for one in found.streams if one.is_klv]
    pids = [one.pid for one in found.streams]
    for pid in sorted({pid for pid in pids if pids.count(pid) > 1}):
        yield rules.PROGRAM, f"The map of program {found.program} names PID {pid:#06x} {pids.count(pid)} times."
    if streams and not found.has_motion_imagery:
        yield rules.IMAGERY, f"Program {found.program} has metadata and no motion imagery."
    synchronous = [one for one in streams if one.type == METADATA_IN_PES]
    if len(synchronous) > 1:
        yield rules.TWO_STREAMS, f"Program {found.program} has {len(synchronous)} synchronous streams of metadata."
    for stream in streams:
        where = f"PID {stream.pid:#06x}: "
        told = _synchronous(found, stream) if stream.type == METADATA_IN_PES else _asynchronous(stream)
        for rule, sentence in told:
            yield rule, where + sentence
        if claim in (SYNCHRONOUS, ASYNCHRONOUS) and carriage(stream) != claim:
            yield rules.CLAIM, f"{where}claimed {claim}; the map says {carriage(stream)}."


def _synchronous(found: Map, stream: Stream) -> Iterator[tuple[Rule, str]]:
    described = stream.having(METADATA)
    if not described:
        place = (
            " (it stands in the loop of the program)" if any(one.tag == METADATA for one in found.descriptors) else ""
        )
        yield rules.METADATA, f"the stream has no metadata_descriptor{place}."
    numbers = []
    for descriptor in described:
        try:
            service = metadata_service(descriptor)
        except TableError as error:
            yield rules.METADATA, f"{error}."
            continue
        numbers.append(service.service)
        if service.identifier != KLVA:
            said = service.identifier.decode("latin-1") or "none"
            yield rules.METADATA, f"the metadata_format_identifier is {said!r}; KLV has 'KLVA'."
    if len(set(numbers)) < len(numbers):
        yield rules.METADATA, f"a metadata service is described more than once: {sorted(numbers)}."
    buffers = stream.having(METADATA_STD)
    if len(buffers) != 1:
        yield rules.BUFFER, f"the stream has {len(buffers)} metadata_STD_descriptors; one is required."
    for descriptor in buffers:
        data = descriptor.data
        if len(data) != _STD_BYTES or any(data[at] >> 6 != 0b11 for at in (0, 3, 6)):
            yield rules.BUFFER, f"the metadata_STD_descriptor {data.hex()} is not three numbers of 22 bits."
    for descriptor in stream.having(REGISTRATION):
        if descriptor.data[:4] != KLVA:
            yield rules.REGISTRATION, f"the stream is registered as {descriptor.data[:4]!r}."


def _asynchronous(stream: Stream) -> Iterator[tuple[Rule, str]]:
    if stream.type != PRIVATE_DATA:
        yield rules.CARRIAGE, f"KLV is registered on stream_type {stream.type:#04x}; asynchronous metadata have 0x06."
    for descriptor in stream.having(REGISTRATION):
        if len(descriptor.data) != len(KLVA):
            yield rules.REGISTRATION, f"the registration_descriptor has {len(descriptor.data)} bytes; KLVA has 4."
    if len(stream.having(REGISTRATION)) > 1:
        yield rules.REGISTRATION, f"the stream has {len(stream.having(REGISTRATION))} registration_descriptors."
    if stream.having(METADATA) or stream.having(METADATA_STD):
        yield rules.METADATA, "an asynchronous stream has descriptors of synchronous metadata."
