"""Schema rules: what the definitions' own options ask for, and what Dstl's validator asks for beyond them.

Every field of the definitions says through ``field_options`` whether it is mandatory, a UUID or a ULID.
Four requirements stand in Dstl's test harness only (DSTL_ONLY).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.message import Message
from google.protobuf.unknown_fields import UnknownFieldSet
from sapient_msg import proto_options_pb2 as options

from skypact.conformance.report import Layer, Place
from skypact.conformance.standard import Evidence, Rule

_DEFINITIONS = "BSI Flex 335 v2.0 message definitions"
_HARNESS = "Dstl BSI-Flex-335-v2 test harness, validator"

MISSING = Rule("sapient.missing", Layer.SCHEMA, f"{_DEFINITIONS}, option is_mandatory")
NOT_UUID = Rule("sapient.uuid", Layer.SCHEMA, f"{_DEFINITIONS}, option is_uuid")
NOT_ULID = Rule("sapient.ulid", Layer.SCHEMA, f"{_DEFINITIONS}, option is_ulid")
NOT_IN_ENUM = Rule("sapient.enum", Layer.SCHEMA, f"{_DEFINITIONS}, enumerations")
UNKNOWN_FIELD = Rule("sapient.unknown-field", Layer.SCHEMA, f"{_DEFINITIONS}, fields and reserved numbers")
ICD_VERSION = Rule("sapient.icd-version", Layer.SCHEMA, "BSI Flex 335 v2.0, Registration.icd_version")
DSTL_ONLY = Rule("sapient.harness", Layer.SCHEMA, f"{_HARNESS}, tests 0074, 0096, 0170, 0171, 0178, 0179, 0189")
RULES = (MISSING, NOT_UUID, NOT_ULID, NOT_IN_ENUM, UNKNOWN_FIELD, ICD_VERSION, DSTL_ONLY)

ICD_VERSIONS = ("BSI Flex 335 v2.0",)

UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
#: Crockford's base 32, 128 bits: the first digit is at most 7 (github.com/ulid/spec).
ULID = re.compile(r"[0-7][0-9A-HJKMNP-TV-Za-hjkmnp-tv-z]{25}")

_PACKAGE = "sapient_msg.bsi_flex_335_v2_0."
_HARNESS_MANDATORY = {f"{_PACKAGE}Registration.TaskDefinition.concurrent_tasks", f"{_PACKAGE}Error.error_message"}
_HARNESS_FORM = {
    f"{_PACKAGE}Registration.dependent_nodes": (UUID, "a UUID"),
    f"{_PACKAGE}FollowObject.follow_object_id": (ULID, "a ULID"),
}


def walk(message: Message, path: str = "") -> Iterator[tuple[str, Message]]:
    """The message and every message inside it, each with its path; timestamps are values, not messages."""
    yield path, message
    for field, value in message.ListFields():
        if field.type != FieldDescriptor.TYPE_MESSAGE or field.message_type.full_name == "google.protobuf.Timestamp":
            continue
        name = f"{path}.{field.name}" if path else field.name
        if field.is_repeated:
            for index, item in enumerate(value):
                yield from walk(item, f"{name}[{index}]")
        else:
            yield from walk(value, name)


def examine(message: Message, place: Place, evidence: Evidence) -> None:
    for path, part in walk(message):
        for field in part.DESCRIPTOR.fields:
            at = place.model_copy(update={"field": f"{path}.{field.name}" if path else field.name})
            _field(part, field, at, evidence)
        for oneof in part.DESCRIPTOR.oneofs:
            if oneof.GetOptions().Extensions[options.oneof_options].is_mandatory and not part.WhichOneof(oneof.name):
                accepted = ", ".join(field.name for field in oneof.fields)
                evidence.find(
                    MISSING.id,
                    place.model_copy(update={"field": path}),
                    f"One of {accepted} is mandatory in {part.DESCRIPTOR.name}; none is there.",
                )
        for unknown in UnknownFieldSet(part):
            evidence.find(
                UNKNOWN_FIELD.id,
                place.model_copy(update={"field": path}),
                f"{part.DESCRIPTOR.name} has no field number {unknown.field_number}.",
            )


def _field(part: Message, field: FieldDescriptor, at: Place, evidence: Evidence) -> None:
    wanted = field.GetOptions().Extensions[options.field_options]
    values = _values(part, field)
    if not any(_says_something(field, value) for value in values):
        if wanted.is_mandatory:
            evidence.find(MISSING.id, at, f"{part.DESCRIPTOR.name}.{field.name} is mandatory and is not there.")
        elif field.full_name in _HARNESS_MANDATORY:
            evidence.find(DSTL_ONLY.id, at, f"{part.DESCRIPTOR.name}.{field.name} is asked for and is not there.")
    for value in values:
        if wanted.is_uuid and not UUID.fullmatch(value):
            evidence.find(NOT_UUID.id, at, f"{value!r} is not a UUID such as 123e4567-e89b-42d3-a456-426614174000.")
        if wanted.is_ulid and not ULID.fullmatch(value):
            evidence.find(NOT_ULID.id, at, f"{value!r} is not a ULID of 26 base-32 digits.")
        if field.enum_type and value not in field.enum_type.values_by_number:
            evidence.find(NOT_IN_ENUM.id, at, f"{value} is not a value of {field.enum_type.name}.")
        if field.full_name in _HARNESS_FORM:
            form, name = _HARNESS_FORM[field.full_name]
            if not form.fullmatch(value):
                evidence.find(DSTL_ONLY.id, at, f"{value!r} is not {name}.")
        if field.full_name == f"{_PACKAGE}Registration.icd_version" and value not in ICD_VERSIONS:
            evidence.find(ICD_VERSION.id, at, f"{value!r} is not {' or '.join(ICD_VERSIONS)}.")
        if field.full_name == f"{_PACKAGE}Registration.icd_version":
            evidence.seen.add(value)


def _values(part: Message, field: FieldDescriptor) -> list:
    if field.is_repeated:
        return list(getattr(part, field.name))
    if field.has_presence and not part.HasField(field.name):
        return []
    value = getattr(part, field.name)
    return [] if not field.has_presence and not value else [value]


def _says_something(field: FieldDescriptor, value: object) -> bool:
    """An empty text and an UNSPECIFIED enumeration value do not fill a mandatory field."""
    return value not in ("", b"") and not (field.enum_type and value == 0)
