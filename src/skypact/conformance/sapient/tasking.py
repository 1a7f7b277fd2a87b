"""Exchange rules of tasks and alerts: what may be asked of a node, and in which order it answers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from sapient_msg.bsi_flex_335_v2_0 import alert_ack_pb2, registration_pb2, task_ack_pb2, task_pb2

from skypact.conformance.report import Layer, Severity
from skypact.conformance.standard import Rule

_STANDARD = "BSI Flex 335 v2.0"

UNKNOWN_TASK = Rule("sapient.unknown-task", Layer.EXCHANGE, f"{_STANDARD}, TaskAck.task_id answers a Task")
NOT_OFFERED = Rule(
    "sapient.not-offered", Layer.EXCHANGE, f"{_STANDARD}, Registration.TaskDefinition: commands and regions of a task"
)
TASK_STATE = Rule("sapient.task-state", Layer.EXCHANGE, f"{_STANDARD}, TaskAck.TaskStatus, comments of its values")
NO_REASON = Rule(
    "sapient.no-reason",
    Layer.EXCHANGE,
    f"{_STANDARD}, TaskAck.TaskStatus: a rejection should give its reason",
    Severity.WARNING,
)
UNKNOWN_ALERT = Rule("sapient.unknown-alert", Layer.EXCHANGE, f"{_STANDARD}, AlertAck.alert_id answers an Alert")
RULES = (UNKNOWN_TASK, NOT_OFFERED, TASK_STATE, NO_REASON, UNKNOWN_ALERT)

Say = Callable[[Rule, str, str], None]

_ACK = task_ack_pb2.TaskAck
_ENDS = {_ACK.TASK_STATUS_REJECTED, _ACK.TASK_STATUS_COMPLETED, _ACK.TASK_STATUS_FAILED}
_STOPS = {task_pb2.Task.CONTROL_STOP, task_pb2.Task.CONTROL_PAUSE}


@dataclass
class Task:
    accepted: bool = False
    """Whether the node ever took it."""
    answered: bool = False
    """Whether it said so since it was asked last: to start, stop or pause."""
    ended: str = ""


@dataclass
class Orders:
    """The tasks sent to one node, and the alerts it raised."""

    tasks: dict[str, Task] = field(default_factory=dict)
    alerts: set[str] = field(default_factory=set)

    def ask(self, task: task_pb2.Task, registration: registration_pb2.Registration | None, say: Say) -> None:
        """A task for a node; without its registration nobody can tell what it takes."""
        known = self.tasks.get(task.task_id)
        if registration is not None:
            if task.control in _STOPS and known is None:
                name = task_pb2.Task.Control.Name(task.control)
                say(UNKNOWN_TASK, "task.task_id", f"{name} for task {task.task_id}, which was never started.")
            _offered(task, registration, say)
        self.tasks[task.task_id] = Task(accepted=bool(known and known.accepted))

    def answer(self, ack: task_ack_pb2.TaskAck, node: str, say: Say) -> None:
        if self.tasks and ack.task_id not in self.tasks:
            say(UNKNOWN_TASK, "", f"No task {ack.task_id} was sent to {node}.")
        task = self.tasks.get(ack.task_id)
        if ack.task_status == _ACK.TASK_STATUS_REJECTED and not any(ack.reason):
            say(NO_REASON, "task_ack.reason", f"Task {ack.task_id} is rejected without a reason.")
        if task is None or ack.task_status not in _ACK.TaskStatus.values():
            return
        said = _ACK.TaskStatus.Name(ack.task_status)
        if task.ended:
            say(TASK_STATE, "task_ack.task_status", f"{said} of task {ack.task_id} after {task.ended}.")
        elif ack.task_status == _ACK.TASK_STATUS_FAILED and not task.accepted:
            say(TASK_STATE, "task_ack.task_status", f"{said} of task {ack.task_id}, which was never accepted.")
        elif ack.task_status == _ACK.TASK_STATUS_REJECTED and task.answered:
            say(TASK_STATE, "task_ack.task_status", f"{said} of task {ack.task_id}, which was accepted.")
        task.answered |= ack.task_status == _ACK.TASK_STATUS_ACCEPTED
        task.accepted |= task.answered
        task.ended = said if ack.task_status in _ENDS else ""

    def take_note(self, ack: alert_ack_pb2.AlertAck, node: str, say: Say) -> None:
        if ack.alert_id not in self.alerts:
            say(UNKNOWN_ALERT, "alert_ack.alert_id", f"{node} raised no alert {ack.alert_id}.")


def _offered(task: task_pb2.Task, registration: registration_pb2.Registration, say: Say) -> None:
    offers = [mode.task for mode in registration.mode_definition if mode.HasField("task")]
    commands = {one.type for offer in offers for one in offer.command}
    regions = {kind for offer in offers for kind in offer.region_definition.region_type}
    asked = task.command.WhichOneof("command") if task.HasField("command") else None
    types = registration_pb2.Registration.CommandType
    if asked and types.Value(f"COMMAND_TYPE_{asked.upper()}") not in commands:
        known = ", ".join(types.Name(one) for one in sorted(commands)) or "none"
        say(NOT_OFFERED, f"task.command.{asked}", f"The node takes no command {asked}; registered: {known}.")
    kinds = task_pb2.Task.RegionType
    for index, region in enumerate(task.region):
        if region.type not in regions and region.type in kinds.values():
            sentence = f"The node takes no region {kinds.Name(region.type)}."
            say(NOT_OFFERED, f"task.region[{index}].type", sentence)
