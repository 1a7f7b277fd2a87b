"""SAPIENT read twice: both agree on what is right, and a first decoder that is wrong is caught."""

import itertools
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory, timestamp_pb2
from google.protobuf.descriptor import Descriptor, FieldDescriptor
from sapient_msg import proto_options_pb2
from sapient_msg.bsi_flex_335_v2_0.sapient_message_pb2 import SapientMessage

from skypact.conformance import STANDARDS, Recording, Verdict
from skypact.conformance.fuzz import inputs
from skypact.conformance.report import Agreement
from skypact.conformance.sapient import definitions, wire
from skypact.conformance.sapient.readings import readings
from skypact.conformance.sapient.samples import session, stream
from skypact.conformance.sapient.second import DECODER
from skypact.conformance.second import Reading, compare

_PACKAGE = "sapient_msg.bsi_flex_335_v2_0."
LINES = "\n".join(json.dumps(one) for one in session()).encode()


def compared(data: bytes) -> Agreement:
    recordings = [Recording("session", data)]
    return compare(DECODER, readings(recordings), recordings)


def framed(body: bytes) -> bytes:
    return len(body).to_bytes(4, "little") + body


def values(data: bytes) -> list[dict[str, object]]:
    return [dict(one.values) for one in DECODER.read([Recording("session", data)])]


@pytest.mark.parametrize("data", [stream(), LINES])
def test_both_read_the_session_alike(data: bytes) -> None:
    found = compared(data)
    assert (found.messages_both, found.only_first, found.only_second) == (6, 0, 0)
    assert (found.values_compared, found.disagreed, found.verdict) == (110, 0, Verdict.CONFORMS)
    assert values(data)[3]["detection_report.location.x"] == 127.0213
    assert values(data)[3]["timestamp.seconds"] == 1_772_445_603


def test_the_session_earns_the_badge() -> None:
    assert STANDARDS["sapient"].check([Recording("session", stream())], "BSI Flex 335 v2.0").earns_badge


def _descriptors(root: Descriptor) -> dict[str, Descriptor]:
    found: dict[str, Descriptor] = {}
    waiting = [root]
    while waiting:
        one = waiting.pop()
        if one.full_name in found or not one.full_name.startswith(_PACKAGE):
            continue
        found[one.full_name] = one
        waiting += [field.message_type for field in one.fields if field.message_type]
    return {name.removeprefix(_PACKAGE): one for name, one in found.items()}


def _type(field: FieldDescriptor) -> str:
    held = field.message_type or field.enum_type
    if held:
        return held.full_name.removeprefix(_PACKAGE)
    return {1: "double", 2: "float", 5: "int32", 8: "bool", 9: "string", 12: "bytes"}[field.type]


def test_the_table_and_the_package_say_the_same() -> None:
    known = _descriptors(SapientMessage.DESCRIPTOR)
    assert known.keys() == definitions.messages().keys()
    for name, fields in definitions.messages().items():
        assert [
            (one.number, one.name, _type(one)) for one in sorted(known[name].fields, key=lambda one: one.number)
        ] == [(one.number, one.name, one.type) for one in fields]
        for one in fields:
            theirs = known[name].fields_by_number[one.number]
            assert theirs.is_repeated is one.repeated
            assert theirs.is_repeated or theirs.has_presence is not (one.presence == "implicit")
            real = theirs.containing_oneof and not theirs.containing_oneof.name.startswith("_")
            assert (theirs.containing_oneof.name if real else None) == one.choice
        for field in known[name].fields:
            if field.enum_type:
                assert {one.name: one.number for one in field.enum_type.values} == definitions.codes()[_type(field)]


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"\x12\x01a\x12\x01b", {"node_id": "b"}),  # the last of two
        (b"\x0a\x02\x08\x05\x0a\x02\x10\x07", {"timestamp.seconds": 5, "timestamp.nanos": 7}),  # both of two messages
        (b"\x2a\x02\x08\x01\x22\x00", {"registration": "there"}),  # the last of a choice
        (b"\x08\x05", {"field 1": "unknown"}),  # another wire type
        (b"\xa3\x06\x08\x01\xa4\x06", {"field 100": "unknown"}),  # a group
        (b"\x0a\x0b\x08\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", {"timestamp.seconds": -1, "timestamp.nanos": 0}),
        (
            b"\x42\x02\x30\x80\x42\x02\x30\x00",  # cut within a number
            None,
        ),
        (b"\x12\x01\xff", None),  # no UTF-8
        (b"\x00\x00", None),  # field number 0
        (b"\xa3\x06\x08\x01\xac\x06", None),  # a group ended by another
        (b"\x12\x05a", None),
        (b"\x80" * 11, None),
    ],
)
def test_the_wire_as_the_encoding_says(body: bytes, said: dict[str, object] | None) -> None:
    assert values(framed(body)) == ([] if said is None else [said])
    assert compared(framed(body)).disagreed == 0


@pytest.mark.parametrize(
    ("document", "said"),
    [
        ('{"node_id": "a", "destinationId": null}', {"node_id": "a"}),
        (
            '{"timestamp": "2026-03-02T10:00:03.5+01:00"}',
            {"timestamp.seconds": 1_772_442_003, "timestamp.nanos": 500_000_000},
        ),
        ('{"task": {"control": "CONTROL_STOP"}}', {"task": "there", "task.control": 2}),
        ('{"task": {"control": 9}}', {"task": "there", "task.control": 9}),
        ('{"alert": {"ranking": "0.5"}}', {"alert": "there", "alert.ranking": 0.5}),
        ('{"error": {"packet": "-_8="}}', {"error": "there", "error.packet": "fbff"}),
        ('{"alert": {"ranking": 1e39}}', None),
        ('{"timestamp": "0001-01-01T00:00:00+01:00"}', None),
        ('{"timestamp": "2026-02-29T00:00:00Z"}', None),
        ('{"nodeId": "a", "node_id": "b"}', None),
        ('{"task": {}, "alert": {}}', None),
        ('{"noSuchField": 1}', None),
        ("[3]", None),
    ],
)
def test_json_as_the_mapping_says(document: str, said: dict[str, object] | None) -> None:
    assert values(document.encode()) == ([] if said is None else [said])


def test_many_repeated_values_and_turns_of_a_choice_take_linear_time() -> None:
    """Each took the square of their number: these 120 kB a minute, a recording of a mebibyte more than an hour."""
    said = SapientMessage(error={"error_message": ["a"] * 30_000})
    turns = said.SerializeToString() + 1_000 * b"".join(
        SapientMessage(**{one: {}}).SerializeToString() for one in ("task", "alert")
    )
    (reasons,) = values(framed(said.SerializeToString()))
    assert len(reasons) == 30_001
    assert compared(framed(said.SerializeToString())).values_compared == 30_001
    assert values(framed(turns)) == [{"alert": "there"}]
    assert compared(framed(turns)).disagreed == 0


@pytest.mark.parametrize(
    "value", ["1_0", " 1", "٣", "+1", True], ids=["underscore", "space", "other digits", "sign", "truth"]
)
def test_numbers_that_only_google_s_parser_takes_end_the_verdict(value: object) -> None:
    messages = session()
    messages[3]["detectionReport"]["location"]["z"] = value  # type: ignore[index]
    report = STANDARDS["sapient"].check([Recording("session", "\n".join(map(json.dumps, messages)).encode())])
    assert report.agreements[0].only_first == 1
    assert (report.verdict, report.found) == (Verdict.CANNOT_TELL, {"sapient.second-decoder": 1})


def test_nothing_broken_stops_the_second_or_is_read_in_two_ways() -> None:
    broken = itertools.islice(inputs(STANDARDS["sapient"], seed=11), 300)
    assert sum(compared(data).disagreed for data in broken) == 0


# A first decoder that is wrong: the types of sapient-msg with one field's encoding or number changed.

_OTHER_TYPE = {
    FieldDescriptor.TYPE_DOUBLE: FieldDescriptor.TYPE_SFIXED64,
    FieldDescriptor.TYPE_FLOAT: FieldDescriptor.TYPE_SFIXED32,
    FieldDescriptor.TYPE_INT32: FieldDescriptor.TYPE_SINT32,
    FieldDescriptor.TYPE_INT64: FieldDescriptor.TYPE_SINT64,
    FieldDescriptor.TYPE_BOOL: FieldDescriptor.TYPE_SINT32,
    FieldDescriptor.TYPE_ENUM: FieldDescriptor.TYPE_SINT32,
    FieldDescriptor.TYPE_STRING: FieldDescriptor.TYPE_BYTES,
}


def _files() -> list[descriptor_pb2.FileDescriptorProto]:
    """The definitions in the order of their imports."""
    found: dict[str, descriptor_pb2.FileDescriptorProto] = {}

    def add(file: Any) -> None:
        for one in file.dependencies:
            add(one)
        if file.name not in found:
            found[file.name] = descriptor_pb2.FileDescriptorProto.FromString(file.serialized_pb)

    add(proto_options_pb2.DESCRIPTOR)
    add(timestamp_pb2.DESCRIPTOR)
    add(SapientMessage.DESCRIPTOR.file)
    return list(found.values())


def _fields_of(files: list[descriptor_pb2.FileDescriptorProto]) -> Iterator[tuple[str, Any, Any]]:
    """(name of the message, the message, the field)"""
    for file in files:
        waiting = [(one.name, one) for one in file.message_type]
        while waiting:
            name, message = waiting.pop(0)
            waiting += [(f"{name}.{one.name}", one) for one in message.nested_type]
            for field in message.field:
                yield name, message, field


def _sent() -> set[tuple[str, int]]:
    """(message, field number) of everything that the session says."""
    found: set[tuple[str, int]] = set()

    def walk(message: Any) -> None:
        for field, value in message.ListFields():
            found.add(
                (field.containing_type.full_name.removeprefix(_PACKAGE).removeprefix("google.protobuf."), field.number)
            )
            if field.message_type:
                for one in value if field.is_repeated else [value]:
                    walk(one)

    for message in wire.read(stream()):
        walk(message)
    return found


def _wrong_types() -> Iterator[tuple[str, list[descriptor_pb2.FileDescriptorProto]]]:
    """One field of the session at a time with another encoding of the same wire type, or its neighbour's number."""
    sent = _sent()
    for at, (name, _, field) in enumerate(_fields_of(_files())):
        if (name, field.number) not in sent:
            continue
        if field.type in _OTHER_TYPE:
            files = _files()
            _, _, changed = next(itertools.islice(_fields_of(files), at, None))
            changed.type = _OTHER_TYPE[field.type]
            changed.ClearField("type_name")
            yield f"{name}.{field.name} of another type", files
        files = _files()
        _, message, changed = next(itertools.islice(_fields_of(files), at, None))
        others = [one for one in message.field if one.number > changed.number]
        if others:
            changed.number, others[0].number = others[0].number, changed.number
            yield f"{name}.{field.name} off by one", files


def test_wrong_first_decoders_are_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every field of the session misread as another type or as its neighbour: what the comparison notices."""
    missed, tried = [], 0
    second: list[Reading] = list(DECODER.read([Recording("session", stream())]))
    for what, files in _wrong_types():
        pool = descriptor_pool.DescriptorPool()
        for file in files:
            pool.Add(file)
        wrong = message_factory.GetMessageClass(pool.FindMessageTypeByName(f"{_PACKAGE}SapientMessage"))
        monkeypatch.setattr(wire, "SapientMessage", wrong)
        tried += 1
        first = [(one.message, one.kind, dict(one.values)) for one in readings([Recording("session", stream())])]
        if first == [(one.message, one.kind, dict(one.values)) for one in second]:
            missed.append(what)
    assert tried == 99
    # The session says the same number in both, or zero: no comparison of this recording can tell.
    assert missed == [
        "Location.x_error off by one",
        "Location.coordinate_system off by one",
        "ENUVelocity.north_rate of another type",
    ]


@pytest.mark.shared_data
def test_the_official_vectors_are_read_alike(shared_data: Path) -> None:
    """231 vectors of Dstl, valid and invalid: no value read in two ways, no message read by one alone."""
    both = compared_values = 0
    for file in sorted((shared_data / "conformance" / "sapient").glob("*/*.json")):
        found = compared(file.read_bytes())
        assert (found.only_first, found.only_second, found.disagreements) == (0, 0, ()), file.name
        both, compared_values = both + found.messages_both, compared_values + found.values_compared
    assert (both, compared_values) == (196, 19_432)
