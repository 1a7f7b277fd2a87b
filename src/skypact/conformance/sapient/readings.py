"""What the first decoder read out of each message: every value that is there, by its path in the definitions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.message import Message
from google.protobuf.unknown_fields import UnknownFieldSet

from skypact.conformance.sapient.wire import read
from skypact.conformance.second import Reading
from skypact.conformance.standard import Recording


def readings(recordings: Sequence[Recording]) -> Iterator[Reading]:
    """Enumerations by their code, truths as 0 and 1, octets in hexadecimal, the rest as the definitions have it."""
    for recording in recordings:
        for number, message in enumerate(read(recording.data), 1):
            if isinstance(message, Message):
                kind = message.WhichOneof("content") or "without content"
                yield Reading(recording.name, number, kind, dict(_values(message, "")))


def _values(message: Message, path: str) -> Iterator[tuple[str, float | int | str]]:
    for unknown in UnknownFieldSet(message):
        yield f"{path}field {unknown.field_number}", "unknown"
    for field, value in message.ListFields():
        held = list(value) if field.is_repeated else [value]
        for index, one in enumerate(held):
            yield from _value(field, one, f"{path}{field.name}[{index}]" if field.is_repeated else path + field.name)


def _value(field: FieldDescriptor, value: object, path: str) -> Iterator[tuple[str, float | int | str]]:
    if field.message_type and field.message_type.full_name == "google.protobuf.Timestamp":
        yield f"{path}.seconds", value.seconds
        yield f"{path}.nanos", value.nanos
    elif field.message_type:
        yield path, "there"
        yield from _values(value, f"{path}.")
    elif field.type == FieldDescriptor.TYPE_BYTES:
        yield path, value.hex()
    else:
        yield path, int(value) if field.type == FieldDescriptor.TYPE_BOOL else value
