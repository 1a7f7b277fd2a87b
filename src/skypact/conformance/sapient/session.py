"""Exchange rules: do the messages of one session fit together?

A node is judged only against the registration that the recording holds; without one its layer stays unknown.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from sapient_msg.bsi_flex_335_v2_0 import registration_pb2
from sapient_msg.bsi_flex_335_v2_0.sapient_message_pb2 import SapientMessage

from skypact.conformance.report import Layer, Place, Severity
from skypact.conformance.sapient import tasking
from skypact.conformance.standard import Evidence, Rule

_STANDARD = "BSI Flex 335 v2.0"

NO_REGISTRATION = Rule(
    "sapient.no-registration",
    Layer.EXCHANGE,
    f"{_STANDARD}, Registration: what a node may send is what it registered",
    Severity.UNKNOWN,
)
BEFORE_REGISTRATION = Rule("sapient.before-registration", Layer.EXCHANGE, f"{_STANDARD}, Registration comes first")
REFUSED = Rule("sapient.refused", Layer.EXCHANGE, f"{_STANDARD}, RegistrationAck.acceptance")
AFTER_GOODBYE = Rule("sapient.after-goodbye", Layer.EXCHANGE, f"{_STANDARD}, StatusReport.System SYSTEM_GOODBYE")
NOT_REGISTERED = Rule("sapient.not-registered", Layer.EXCHANGE, f"{_STANDARD}, Registration.mode_definition")
STATUS_RATE = Rule(
    "sapient.status-rate", Layer.EXCHANGE, f"{_STANDARD}, StatusDefinition.status_interval; twice it at most"
)
BACKWARDS = Rule("sapient.backwards", Layer.EXCHANGE, "lab rule: a node's clock does not run backwards")
SAME_ID = Rule("sapient.same-id", Layer.EXCHANGE, f"{_STANDARD}, report_id, alert_id: one id a message")
NO_DESTINATION = Rule(
    "sapient.no-destination", Layer.EXCHANGE, f"{_STANDARD}, SapientMessage.destination_id: the node being tasked"
)
RULES = (
    NO_DESTINATION,
    NO_REGISTRATION,
    BEFORE_REGISTRATION,
    REFUSED,
    AFTER_GOODBYE,
    NOT_REGISTERED,
    STATUS_RATE,
    BACKWARDS,
    SAME_ID,
    *tasking.RULES,
)

_SECONDS = {1: 1e-9, 2: 1e-6, 3: 1e-3, 4: 1.0, 5: 60.0, 6: 3600.0, 7: 86400.0}  # registration.proto, TimeUnits
_TO_A_SENSOR = ("registration_ack", "task", "alert_ack")
_FROM_A_SENSOR = ("status_report", "detection_report", "alert", "task_ack")


@dataclass
class Node:
    """What one node said so far."""

    registration: registration_pb2.Registration | None = None
    accepted: bool | None = None
    gone: bool = False
    last_time: float | None = None
    last_status: float | None = None
    ids: set[str] = field(default_factory=set)
    orders: tasking.Orders = field(default_factory=tasking.Orders)


def examine(messages: Sequence[tuple[Place, SapientMessage]], evidence: Evidence) -> None:
    """Judges the messages in the order of the recording."""
    nodes: dict[str, Node] = {}
    registers = {message.node_id for _, message in messages if message.HasField("registration")}
    for place, message in messages:
        node = nodes.setdefault(message.node_id, Node())
        kind = message.WhichOneof("content")
        _clock(message, node, place, evidence)
        told = "report" if kind in ("detection_report", "alert", "task_ack") else kind or ""
        evidence.hear(message.node_id, told, node.last_time)
        if kind in _TO_A_SENSOR and not message.destination_id:
            evidence.find(NO_DESTINATION.id, place, f"{kind} names no node that it is for.")
        if kind == "registration":
            node.registration, node.accepted, node.gone = message.registration, None, False
            evidence.judged.add(Layer.EXCHANGE)
        elif kind == "registration_ack":
            nodes.setdefault(message.destination_id, Node()).accepted = message.registration_ack.acceptance
        elif kind == "task":
            asked = nodes.setdefault(message.destination_id, Node())
            asked.orders.ask(message.task, asked.registration, _say_at(place, evidence))
        elif kind == "alert_ack" and (raised := nodes.get(message.destination_id)) and raised.registration is not None:
            raised.orders.take_note(message.alert_ack, message.destination_id, _say_at(place, evidence))
        elif kind in _FROM_A_SENSOR:
            _from_sensor(message, node, place, evidence, registers)


def _say_at(place: Place, evidence: Evidence) -> tasking.Say:
    def say(rule: Rule, field: str, sentence: str) -> None:
        evidence.find(rule.id, place.model_copy(update={"field": field}), sentence)

    return say


def _clock(message: SapientMessage, node: Node, place: Place, evidence: Evidence) -> None:
    now = message.timestamp.seconds + message.timestamp.nanos * 1e-9
    if node.last_time is not None and now < node.last_time:
        evidence.find(BACKWARDS.id, place, f"This message is {node.last_time - now:.3f} s older than the one before.")
    node.last_time = now


def _from_sensor(message: SapientMessage, node: Node, place: Place, evidence: Evidence, registers: set[str]) -> None:
    kind = message.WhichOneof("content")
    if node.registration is None:
        if message.node_id in registers:
            evidence.find(BEFORE_REGISTRATION.id, place, f"{kind} of {message.node_id} before its registration.")
        else:
            evidence.find(NO_REGISTRATION.id, place, f"The recording holds no registration of node {message.node_id}.")
        return
    if node.accepted is False:
        evidence.find(REFUSED.id, place, f"{kind} of {message.node_id}, whose registration was refused.")
    if node.gone:
        evidence.find(AFTER_GOODBYE.id, place, f"{kind} of {message.node_id} after its goodbye.")
    content = getattr(message, kind)
    said_id = {"status_report": "report_id", "detection_report": "report_id", "alert": "alert_id"}.get(kind)
    if said_id:
        one_id = getattr(content, said_id)
        if one_id in node.ids:
            evidence.find(SAME_ID.id, place, f"{said_id} {one_id} was used before.")
        node.ids.add(one_id)
    if kind == "status_report":
        _status(message, node, place, evidence)
    elif kind == "detection_report":
        for field_name, sentence in _unregistered(content, node.registration):
            at = place.model_copy(update={"field": f"detection_report.{field_name}"})
            evidence.find(NOT_REGISTERED.id, at, sentence)
    elif kind == "task_ack":
        node.orders.answer(content, message.node_id, _say_at(place, evidence))
    elif kind == "alert":
        node.orders.alerts.add(content.alert_id)


def _status(message: SapientMessage, node: Node, place: Place, evidence: Evidence) -> None:
    status = message.status_report
    modes = [mode.mode_name for mode in node.registration.mode_definition]
    if status.mode not in modes:
        sentence = f'Mode "{status.mode}" was not registered; registered: {", ".join(modes)}.'
        evidence.find(NOT_REGISTERED.id, place.model_copy(update={"field": "status_report.mode"}), sentence)
    interval = node.registration.status_definition.status_interval
    allowed = 2 * interval.value * _SECONDS.get(interval.units, 0.0)
    if node.last_status is not None and 0 < allowed < node.last_time - node.last_status:
        gap = node.last_time - node.last_status
        evidence.find(STATUS_RATE.id, place, f"{gap:.1f} s without a status report; {allowed / 2:g} s was registered.")
    node.last_status = node.last_time
    node.gone = status.system == status.SYSTEM_GOODBYE


def _unregistered(detection: object, registration: registration_pb2.Registration) -> list[tuple[str, str]]:
    """(field, sentence) for what a detection carries and no mode of its node announced."""
    announced = [one for mode in registration.mode_definition for one in mode.detection_definition]
    found = []
    position = detection.WhichOneof("location_oneof")
    if position:
        where = getattr(detection, position)
        kind = "location" if position == "location" else "range_bearing"
        forms = {
            (getattr(one.location_type, f"{kind}_units"), getattr(one.location_type, f"{kind}_datum"))
            for one in announced
            if one.location_type.WhichOneof("coordinates_oneof") == f"{kind}_units"
        }
        if (where.coordinate_system, where.datum) not in forms:
            found.append((position, "No mode registered this kind of position with this coordinate system and datum."))
    if detection.HasField("enu_velocity") and not any(one.HasField("velocity_type") for one in announced):
        found.append(("enu_velocity", "No mode registered a velocity type."))
    classes = {
        known.type for one in announced for group in one.detection_class_definition for known in group.class_definition
    }
    behaviours = {known.type for one in announced for known in one.behaviour_definition}
    for name, known, given in (
        ("classification", classes, detection.classification),
        ("behaviour", behaviours, detection.behaviour),
    ):
        for index, one in enumerate(given):
            if one.type not in known:
                accepted = ", ".join(sorted(known)) or "none"
                found.append((f"{name}[{index}]", f'"{one.type}" was not registered; registered: {accepted}.'))
    return found
