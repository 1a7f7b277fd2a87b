"""Tasks and alerts: a session of our own that passes, one fault at a time that fails."""

import copy
import json
from collections.abc import Callable
from typing import Any

import pytest

from skypact.conformance import STANDARDS, Layer, Recording, Report, Verdict
from skypact.conformance.sapient.samples import COMMAND, NODE
from skypact.conformance.sapient.tasked import session, stream

SAPIENT = STANDARDS["sapient"]
OTHER = "01J8ZQ4V7K3M5N6P8R9S0T1Y09"
Change = Callable[[list[dict[str, Any]]], object]


def check(messages: list[dict[str, Any]]) -> Report:
    return SAPIENT.check([Recording("session", "\n".join(map(json.dumps, messages)).encode())], "BSI Flex 335 v2.0")


def spoil(change: Change) -> Report:
    messages = copy.deepcopy(session())
    change(messages)
    return check(messages)


def ack(status: str, task: str = session()[4]["taskAck"]["taskId"], **more: object) -> dict[str, Any]:
    answer = {"taskId": task, "taskStatus": f"TASK_STATUS_{status}", **more}
    return {"timestamp": "2026-03-02T11:00:09.5Z", "nodeId": NODE, "destinationId": COMMAND, "taskAck": answer}


def test_the_session_conforms_on_the_wire_and_as_json() -> None:
    from_wire = SAPIENT.check([Recording("session", stream())], "BSI Flex 335 v2.0")
    assert from_wire.earns_badge
    assert check(session()).earns_badge
    assert from_wire.counts["task_ack"] == from_wire.counts["task"] == 2


@pytest.mark.parametrize(
    ("change", "rule", "sentence"),
    [
        (
            lambda m: m[3]["task"].update(command={"modeChange": "Default"}),
            "sapient.not-offered",
            "The node takes no command mode_change; registered: COMMAND_TYPE_LOOK_AT.",
        ),
        (
            lambda m: m[3]["task"]["region"][0].update(type="REGION_TYPE_BOUNDARY"),
            "sapient.not-offered",
            "The node takes no region REGION_TYPE_BOUNDARY.",
        ),
        (
            lambda m: m[8]["task"].update(taskId=OTHER),
            "sapient.unknown-task",
            f"CONTROL_STOP for task {OTHER}, which was never started.",
        ),
        (
            lambda m: m[4]["taskAck"].update(taskId=OTHER),
            "sapient.unknown-task",
            f"No task {OTHER} was sent to {NODE}.",
        ),
        (
            lambda m: m[7]["alertAck"].update(alertId=OTHER),
            "sapient.unknown-alert",
            f"{NODE} raised no alert {OTHER}.",
        ),
        (
            lambda m: m.insert(10, ack("FAILED")),
            "sapient.task-state",
            "TASK_STATUS_FAILED of task 01J8ZQ4V7K3M5N6P8R9S0T1Y01 after TASK_STATUS_COMPLETED.",
        ),
        (
            lambda m: m[4]["taskAck"].update(taskStatus="TASK_STATUS_FAILED"),
            "sapient.task-state",
            "TASK_STATUS_FAILED of task 01J8ZQ4V7K3M5N6P8R9S0T1Y01, which was never accepted.",
        ),
        (
            lambda m: m.insert(5, {**ack("REJECTED", reason=["busy"]), "timestamp": m[4]["timestamp"]}),
            "sapient.task-state",
            "TASK_STATUS_REJECTED of task 01J8ZQ4V7K3M5N6P8R9S0T1Y01, which was accepted.",
        ),
        (
            lambda m: m[5]["detectionReport"]["rangeBearing"].update(
                range=1850.0, coordinateSystem="RANGE_BEARING_COORDINATE_SYSTEM_DEGREES_KM"
            ),
            "sapient.range",
            "1850 km is farther than 1,000 km.",
        ),
        (
            lambda m: m[5]["detectionReport"]["classification"][0]["subClass"][0]["subClass"][0].update(level=1),
            "sapient.sub-class-level",
            "The level is 1; at this depth it is 2.",
        ),
    ],
)
def test_one_fault_is_found(change: Change, rule: str, sentence: str) -> None:
    report = spoil(change)
    assert sentence in [one.sentence for one in report.findings if one.rule == rule]
    assert report.verdict is Verdict.DOES_NOT_CONFORM


@pytest.mark.parametrize(
    "change",
    [
        lambda m: m[9]["taskAck"].update(taskStatus="TASK_STATUS_FAILED"),
        lambda m: m[9].update(taskAck=ack("REJECTED", reason=["cannot stop"])["taskAck"]),
        lambda m: m.pop(4),  # done at once
        lambda m: m[8]["task"].update(control="CONTROL_PAUSE"),
        lambda m: m.insert(10, {**m[8], "timestamp": m[9]["timestamp"]}),  # asked again
    ],
    ids=["failed", "a stop refused", "done at once", "paused", "asked again"],
)
def test_what_a_node_may_answer(change: Change) -> None:
    assert spoil(change).verdict is Verdict.CONFORMS


def test_a_rejection_without_a_reason_gets_a_warning() -> None:
    report = spoil(lambda m: m[9]["taskAck"].update(taskStatus="TASK_STATUS_REJECTED"))
    assert (report.found, report.layers[Layer.EXCHANGE]) == ({"sapient.no-reason": 1}, Verdict.CONFORMS)


def test_without_the_registration_nobody_can_tell_what_a_node_takes() -> None:
    report = check(session()[2:])
    assert set(report.found) == {"sapient.no-registration"}
    assert report.verdict is Verdict.CANNOT_TELL
