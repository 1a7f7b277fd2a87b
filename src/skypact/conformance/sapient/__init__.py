"""SAPIENT, BSI Flex 335 v2.0: counter-drone sensors and their command system.

The protobuf types and their validation options come from the package ``sapient-msg`` (Crown Copyright 2024, the Dstl
definitions); the rules are our own.
"""

from __future__ import annotations

from collections.abc import Sequence

from skypact.conformance.report import Layer, Place
from skypact.conformance.sapient import presence, session, tasked, values
from skypact.conformance.sapient.answering import Acknowledging
from skypact.conformance.sapient.readings import readings
from skypact.conformance.sapient.samples import samples
from skypact.conformance.sapient.second import DECODER
from skypact.conformance.sapient.wire import UNREADABLE, read
from skypact.conformance.span import Least
from skypact.conformance.standard import Evidence, Recording, Standard

VERSION = "BSI Flex 335 v2.0"


def examine(recordings: Sequence[Recording], claim: str | None, evidence: Evidence) -> None:
    """All messages of all recordings are one session, in the order given."""
    messages = []
    for recording in recordings:
        for number, read_message in enumerate(read(recording.data), 1):
            place = Place(file=recording.name, message=number)
            if isinstance(read_message, str):
                evidence.find(UNREADABLE.id, place, read_message)
                continue
            evidence.judged |= {Layer.DECODE, Layer.SCHEMA, Layer.SEMANTIC}
            evidence.counts[read_message.WhichOneof("content") or "without content"] += 1
            presence.examine(read_message, place, evidence)
            values.examine(read_message, place, evidence)
            messages.append((place, read_message))
    session.examine(messages, evidence)


STANDARD = Standard(
    name="sapient",
    title="SAPIENT, BSI Flex 335 v2",
    versions=(VERSION,),
    profile="sensor node and command system",
    inputs="JSON objects one after another, or protobuf messages each after its length in 4 bytes, least first",
    rules=(UNREADABLE, *presence.RULES, *values.RULES, *session.RULES),
    packages=("sapient-msg", "protobuf"),
    layers=(Layer.DECODE, Layer.SCHEMA, Layer.SEMANTIC, Layer.EXCHANGE),
    examine=examine,
    least=Least(
        f"{VERSION}: a node registers, reports its status at the interval that it registered, and reports what it saw"
        " or did",
        kinds={"registration": 1, "status_report": 2, "report": 1},
    ),
    samples=lambda: (*samples(), tasked.sample()),
    answering=Acknowledging,
    readings=readings,
    second=(DECODER,),
    ceiling="a measured number may change into another possible number, and an id into another valid id",
)
