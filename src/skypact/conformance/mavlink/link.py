"""Exchange rules: sequence numbers, heartbeats, signatures, and a pack's messages that have to agree."""

from __future__ import annotations

from dataclasses import dataclass, field

from skypact.conformance.mavlink.definitions import Value
from skypact.conformance.mavlink.frames import Frame
from skypact.conformance.mavlink.values import cell_voltages, number
from skypact.conformance.report import Layer, Place, Severity
from skypact.conformance.standard import Evidence, Rule

_GUIDE = "MAVLink developer guide"

GAP = Rule(
    "mavlink.sequence-gap", Layer.EXCHANGE, f"{_GUIDE}, packet loss: the sequence rises by one", Severity.WARNING
)
SEQUENCE = Rule(
    "mavlink.sequence", Layer.EXCHANGE, f"{_GUIDE}, serialisation: the sequence rises with every frame of a component"
)
NO_HEARTBEAT = Rule(
    "mavlink.no-heartbeat", Layer.EXCHANGE, f"{_GUIDE}, heartbeat protocol: every component sends HEARTBEAT"
)
HEARTBEAT = Rule(
    "mavlink.heartbeat-rate", Layer.EXCHANGE, f"{_GUIDE}, heartbeat protocol: usually 1 Hz; lab rule: at most 5 s apart"
)
COMPONENT_TYPE = Rule(
    "mavlink.component-type",
    Layer.EXCHANGE,
    "MAVLink message definitions (minimal.xml), MAV_COMPONENT: the id of a battery or a camera is for such a one",
    Severity.WARNING,
)
NO_TIME = Rule(
    "mavlink.no-time",
    Layer.EXCHANGE,
    "lab rule: rates need times, which a raw stream does not hold",
    Severity.UNKNOWN,
)
TOO_SHORT = Rule("mavlink.too-short", Layer.EXCHANGE, "lab rule: rates are judged on at least 3 s", Severity.UNKNOWN)
TIME_BACKWARDS = Rule("mavlink.time-backwards", Layer.EXCHANGE, "lab rule: the times of a recording do not fall")
SIGNATURE = Rule("mavlink.signature-time", Layer.EXCHANGE, f"{_GUIDE}, message signing: time stamps of a link rise")
UNVERIFIED = Rule(
    "mavlink.signature-unverified",
    Layer.DECODE,
    "lab rule: without its key a signature is not verified",
    Severity.WARNING,
)
PACKS_DIFFER = Rule(
    "mavlink.packs-differ", Layer.EXCHANGE, "lab rule: what a pack measures fits what it says of itself"
)
RULES = (
    GAP,
    SEQUENCE,
    NO_HEARTBEAT,
    HEARTBEAT,
    COMPONENT_TYPE,
    NO_TIME,
    TOO_SHORT,
    TIME_BACKWARDS,
    SIGNATURE,
    UNVERIFIED,
    PACKS_DIFFER,
)

#: Component ids that are for one kind of thing, and its type: camera, gimbal, transponder, battery, GPS, Remote ID.
_TYPES = {
    **dict.fromkeys(range(100, 106), 30),
    **dict.fromkeys((154, *range(171, 176)), 26),
    156: 27,
    180: 36,
    181: 36,
    220: 41,
    221: 41,
    **dict.fromkeys(range(236, 239), 34),
}
_LONGEST_GAP_S = 5.0
_SHORTEST_S = 3.0
#: A pack under load or just charged may leave its stated window by this share.
_TOLERANCE = 0.05


@dataclass
class _Component:
    last_sequence: int | None = None
    heartbeats: int = 0
    last_heartbeat_s: float | None = None


@dataclass
class Link:
    """What the frames of a recording said so far."""

    place: Place
    evidence: Evidence
    components: dict[tuple[int, int], _Component] = field(default_factory=dict)
    first_s: float | None = None
    last_s: float | None = None
    signed: dict[tuple[int, int, int], int] = field(default_factory=dict)
    status: dict[tuple[int, int, int], list[int]] = field(default_factory=dict)
    stated: dict[tuple[int, int, int], tuple[int, float, float]] = field(default_factory=dict)
    """Of a pack by sender and id: cells in series, least and greatest volts of a cell; 0 for unknown."""

    def take(self, frame: Frame, place: Place) -> None:
        self.place = place
        component = self.components.setdefault(frame.sender, _Component())
        self._sequence(component, frame, place)
        self._clock(frame, place)
        kind = "HEARTBEAT" if frame.message == 0 else "other"
        self.evidence.hear(f"{frame.system}/{frame.component}", kind, frame.time_s)
        if frame.message == 0:
            self._heartbeat(component, frame, place)
        if frame.signature:
            self._signature(frame, place)

    def _sequence(self, component: _Component, frame: Frame, place: Place) -> None:
        last, component.last_sequence = component.last_sequence, frame.sequence
        if last is None or (step := (frame.sequence - last) % 256) == 1:
            return
        who = f"system {frame.system}, component {frame.component}"
        if 1 < step < 128:
            self.evidence.find(GAP.id, place, f"{step - 1} frames of {who} are missing before this one.")
        else:
            self.evidence.find(SEQUENCE.id, place, f"The sequence of {who} goes from {last} to {frame.sequence}.")

    def _clock(self, frame: Frame, place: Place) -> None:
        if frame.time_s is None:
            return
        if self.last_s is not None and frame.time_s < self.last_s:
            self.evidence.find(TIME_BACKWARDS.id, place, f"{self.last_s - frame.time_s:.3f} s before the frame before.")
        self.first_s = frame.time_s if self.first_s is None else self.first_s
        self.last_s = frame.time_s

    def _heartbeat(self, component: _Component, frame: Frame, place: Place) -> None:
        component.heartbeats += 1
        kind = frame.payload[4] if len(frame.payload) > 4 else 0  # behind the four bytes of custom_mode
        if kind != _TYPES.get(frame.component, kind):
            wanted = _TYPES[frame.component]
            self.evidence.find(
                COMPONENT_TYPE.id,
                place,
                f"Component {frame.component} says type {kind}; its id is one of type {wanted}.",
            )
        if frame.time_s is None:
            return
        last = self.first_s if component.last_heartbeat_s is None else component.last_heartbeat_s
        if last is not None and frame.time_s - last > _LONGEST_GAP_S:
            self.evidence.find(HEARTBEAT.id, place, f"{frame.time_s - last:.1f} s without a heartbeat.")
        component.last_heartbeat_s = frame.time_s

    def _signature(self, frame: Frame, place: Place) -> None:
        self.evidence.counts["signed"] += 1
        if self.evidence.counts["signed"] == 1:
            self.evidence.find(UNVERIFIED.id, place, "The frames are signed; the lab has no key to verify them.")
        key = (*frame.sender, frame.signature[0])
        stamp = int.from_bytes(frame.signature[1:7], "little")
        if stamp <= self.signed.get(key, -1):
            self.evidence.find(SIGNATURE.id, place, f"The time stamp of link {key[2]} does not rise: {stamp}.")
        self.signed[key] = stamp

    def battery(self, name: str, values: dict[str, Value], sender: tuple[int, int]) -> None:
        key = (*sender, int(number(values["id"])))
        if name == "BATTERY_STATUS":
            self.status[key] = cell_voltages(values)
        else:
            scale = 1e-3 if name == "SMART_BATTERY_INFO" else 1.0
            low = number(values["discharge_minimum_voltage"])
            self.stated[key] = (
                int(number(values["cells_in_series"])),
                0.0 if low == 0xFFFF else low * scale,
                number(values["charging_maximum_voltage"]) * scale,
            )
        if key in self.status and key in self.stated:
            self._agree(key)

    def _agree(self, key: tuple[int, int, int]) -> None:
        measured = self.status[key]
        cells, low, high = self.stated[key]
        place = self.place.model_copy(update={"field": f"battery {key[2]}"})
        if not measured or not cells:
            return
        if len(measured) > 1 and len(measured) != cells and measured[0] < 0xFFFE:
            self.evidence.find(
                PACKS_DIFFER.id,
                place,
                f"{len(measured)} cell voltages are sent; the pack says {cells} in series.",
            )
        volts = sum(measured) / 1000 / cells
        if (low and volts < low * (1 - _TOLERANCE)) or (high and volts > high * (1 + _TOLERANCE)):
            self.evidence.find(
                PACKS_DIFFER.id, place, f"{volts:.2f} V a cell is outside the stated {low:g} to {high:g} V."
            )

    def finish(self) -> None:
        """What only the whole recording shows."""
        if not self.components:
            return
        place = self.place.model_copy(update={"message": None, "field": ""})
        lasted = None if self.first_s is None or self.last_s is None else self.last_s - self.first_s
        for (system, own), component in sorted(self.components.items()):
            if not component.heartbeats and lasted is not None and lasted >= _SHORTEST_S:
                self.evidence.find(NO_HEARTBEAT.id, place, f"System {system}, component {own} sends no HEARTBEAT.")
            elif component.last_heartbeat_s is not None and self.last_s is not None:
                silent = self.last_s - component.last_heartbeat_s
                if silent > _LONGEST_GAP_S:
                    sentence = f"System {system}, component {own} sends no HEARTBEAT in the last {silent:.1f} s."
                    self.evidence.find(HEARTBEAT.id, place, sentence)
        if lasted is None:
            self.evidence.find(NO_TIME.id, place, "The recording holds no times, so no rate can be judged.")
        elif lasted < _SHORTEST_S:
            sentence = f"The recording lasts {lasted:.1f} s; rates need {_SHORTEST_S:g} s."
            self.evidence.find(TOO_SHORT.id, place, sentence)
