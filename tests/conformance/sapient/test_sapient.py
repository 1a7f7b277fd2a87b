"""SAPIENT: a session of our own that passes, one fault at a time that fails, and Dstl's official vectors."""

import copy
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from skypact.conformance import STANDARDS, Layer, Recording, Report, Verdict, scores
from skypact.conformance.sapient.samples import COMMAND, NODE, session, stream

SAPIENT = STANDARDS["sapient"]
GOLDEN = Path(__file__).parents[2] / "golden" / "conformance" / "sapient_session.json"


def check(messages: list[dict]) -> Report:
    return SAPIENT.check([Recording("session", "\n".join(json.dumps(one) for one in messages).encode())])


def rules(report: Report) -> list[str]:
    return sorted(report.found)


def test_json_and_protobuf_of_the_session_read_the_same() -> None:
    from_json, from_wire = check(session()), SAPIENT.check([Recording("session", stream())])
    expected = {"detection_report": 2, "registration": 1, "registration_ack": 1, "status_report": 2}
    assert from_json.counts == from_wire.counts == expected
    assert from_json.verdict is from_wire.verdict is Verdict.CONFORMS
    assert from_json.seen == ("BSI Flex 335 v2.0",)


def test_the_report_is_the_golden_one() -> None:
    report = SAPIENT.check([Recording("session", stream())]).model_dump(mode="json")
    report["decoders"] = sorted(decoder["name"] for decoder in report["decoders"])
    for agreement in report["agreements"]:
        del agreement["decoder"]["version"]
    assert report.pop("mutation") == scores.closed_share("sapient")
    assert report == json.loads(GOLDEN.read_text(encoding="utf-8"))


def spoil(change: Callable[[list[dict]], object]) -> Report:
    messages = copy.deepcopy(session())
    change(messages)
    return check(messages)


SPOILT: list[tuple[str, Layer, Callable[[list[dict]], object]]] = [
    ("sapient.unreadable", Layer.DECODE, lambda m: m[3].update(surprise=1)),
    ("sapient.missing", Layer.SCHEMA, lambda m: m[3]["detectionReport"].pop("location")),
    ("sapient.missing", Layer.SCHEMA, lambda m: m[2]["statusReport"].update(system="SYSTEM_UNSPECIFIED")),
    ("sapient.uuid", Layer.SCHEMA, lambda m: m[3].update(destinationId=COMMAND[:-1])),
    ("sapient.ulid", Layer.SCHEMA, lambda m: m[3]["detectionReport"].update(objectId="8" * 26)),
    ("sapient.icd-version", Layer.SCHEMA, lambda m: m[0]["registration"].update(icdVersion="BSI Flex 335 v1.0")),
    (
        "sapient.harness",
        Layer.SCHEMA,
        lambda m: m[0]["registration"]["modeDefinition"][0]["task"].pop("concurrentTasks"),
    ),
    ("sapient.position", Layer.SEMANTIC, lambda m: m[3]["detectionReport"]["location"].update(x=37.5, y=127.0)),
    (
        "sapient.position",
        Layer.SEMANTIC,
        lambda m: m[3]["detectionReport"]["location"].update(
            coordinateSystem="LOCATION_COORDINATE_SYSTEM_UTM_M", x=5, y=4_155_000
        ),
    ),
    (
        "sapient.geographic-in-utm",
        Layer.SEMANTIC,
        lambda m: m[3]["detectionReport"]["location"].update(coordinateSystem="LOCATION_COORDINATE_SYSTEM_UTM_M"),
    ),
    ("sapient.utm-zone", Layer.SEMANTIC, lambda m: m[3]["detectionReport"]["location"].update(utmZone="61N")),
    ("sapient.fraction", Layer.SEMANTIC, lambda m: m[3]["detectionReport"].update(detectionConfidence=90)),
    ("sapient.not-finite", Layer.SEMANTIC, lambda m: m[3]["detectionReport"]["location"].update(z="NaN")),
    ("sapient.negative", Layer.SEMANTIC, lambda m: m[3]["detectionReport"]["location"].update(xError=-1)),
    ("sapient.speed", Layer.SEMANTIC, lambda m: m[3]["detectionReport"]["enuVelocity"].update(eastRate=8800)),
    (
        "sapient.frequency",
        Layer.SEMANTIC,
        lambda m: m[3]["detectionReport"].update(
            signal=[{"amplitude": 1, "startFrequency": 5.9e9, "centreFrequency": 2.4e9}]
        ),
    ),
    ("sapient.power", Layer.SEMANTIC, lambda m: m[2]["statusReport"].update(power={"level": 101})),
    ("sapient.time", Layer.SEMANTIC, lambda m: m[0].update(timestamp="1970-01-01T00:00:00Z")),
    ("sapient.before-registration", Layer.EXCHANGE, lambda m: m.insert(0, m.pop(2))),
    ("sapient.no-registration", Layer.EXCHANGE, lambda m: m[3].update(nodeId=COMMAND[::-1].replace("f", "a", 1))),
    ("sapient.refused", Layer.EXCHANGE, lambda m: m[1]["registrationAck"].update(acceptance=False)),
    ("sapient.after-goodbye", Layer.EXCHANGE, lambda m: m[2]["statusReport"].update(system="SYSTEM_GOODBYE")),
    ("sapient.not-registered", Layer.EXCHANGE, lambda m: m[2]["statusReport"].update(mode="Other")),
    (
        "sapient.not-registered",
        Layer.EXCHANGE,
        lambda m: m[3]["detectionReport"]["classification"][0].update(type="Bird"),
    ),
    ("sapient.status-rate", Layer.EXCHANGE, lambda m: m[5].update(timestamp="2026-03-02T10:01:00Z")),
    ("sapient.backwards", Layer.EXCHANGE, lambda m: m[4].update(timestamp="2026-03-02T10:00:02Z")),
    (
        "sapient.same-id",
        Layer.EXCHANGE,
        lambda m: m[4]["detectionReport"].update(reportId=m[3]["detectionReport"]["reportId"]),
    ),
]


@pytest.mark.parametrize(("rule", "layer", "change"), SPOILT, ids=lambda value: value if isinstance(value, str) else "")
def test_one_fault_is_found(rule: str, layer: Layer, change: Callable[[list[dict]], object]) -> None:
    report = spoil(change)
    assert rule in report.found
    assert report.layers[layer] is not Verdict.CONFORMS
    assert {finding.layer for finding in report.findings if finding.rule == rule} == {layer}


def test_an_answer_to_no_task_is_found() -> None:
    def answer(messages: list[dict]) -> None:
        task = {"taskId": "01J8ZQ4V7K3M5N6P8R9S0T1Y01", "control": "CONTROL_START"}
        common = {"timestamp": "2026-03-02T10:00:04Z"}
        ack = {"taskId": "01J8ZQ4V7K3M5N6P8R9S0T1Y02", "taskStatus": "TASK_STATUS_ACCEPTED"}
        messages.insert(5, {**common, "nodeId": COMMAND, "destinationId": NODE, "task": task})
        messages.insert(6, {**common, "nodeId": NODE, "destinationId": COMMAND, "taskAck": ack})

    assert rules(spoil(answer)) == ["sapient.unknown-task"]


def test_an_unknown_field_on_the_wire_is_found() -> None:
    body = stream()[4:]
    first = body[: int.from_bytes(stream()[:4], "little")] + b"\xa2\x06\x01x"  # field 100, a text of one character
    report = SAPIENT.check([Recording("wire", len(first).to_bytes(4, "little") + first)])
    assert rules(report) == ["sapient.unknown-field"]
    assert report.findings[0].sentence == "SapientMessage has no field number 100."


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "The recording is empty; expected JSON objects or length-prefixed protobuf messages."),
        (b"\x05\x00", "2 bytes left at offset 0; a message begins with its length in 4 bytes."),
        (b"\x05\x00\x00\x00ab", "The message at offset 0 says 5 bytes; the recording has 2 more."),
        (b"{\xff", "Byte 1 is not UTF-8."),
        (b"[3]", "Expected a JSON object for a message, found int."),
    ],
)
def test_what_cannot_be_read_says_why(data: bytes, sentence: str) -> None:
    report = SAPIENT.check([Recording("broken", data)])
    assert [finding.sentence for finding in report.findings] == [sentence]
    assert report.verdict is Verdict.DOES_NOT_CONFORM


def test_a_key_twice_half_a_character_and_nesting_without_end_are_refused() -> None:
    twice = SAPIENT.check([Recording("twice", b'{"nodeId": "a", "nodeId": "b"}')])
    assert "the key 'nodeId' stands twice" in twice.findings[0].sentence
    half = SAPIENT.check([Recording("half", rb'{"\ud800": "a"}')])  # Google's parser fails on such a name
    assert half.findings[0].sentence == "JSON breaks off at character 15: a text holds half of a character."
    deep = SAPIENT.check([Recording("deep", b'{"a":' * 100_000)])
    assert rules(deep) == ["sapient.unreadable"]


@pytest.mark.shared_data
def test_the_official_vectors(shared_data: Path) -> None:
    """231 of 231 by the schema rules; 24 of the valid ones carry degrees in fields declared UTM metres."""
    verdicts = {}
    degrees_in_utm = 0
    for kind in ("valid", "invalid"):
        reports = [
            SAPIENT.check([Recording(file.name, file.read_bytes())])
            for file in sorted((shared_data / "conformance" / "sapient" / kind).glob("*.json"))
        ]
        passed = [r.layers[Layer.DECODE] is r.layers[Layer.SCHEMA] is Verdict.CONFORMS for r in reports]
        verdicts[kind] = (passed.count(True), passed.count(False))
        if kind == "valid":
            degrees_in_utm = sum("sapient.geographic-in-utm" in report.found for report in reports)
            assert sum(report.layers[Layer.SEMANTIC] is Verdict.DOES_NOT_CONFORM for report in reports) == 24
    assert verdicts == {"valid": (38, 0), "invalid": (0, 193)}
    assert degrees_in_utm == 24
