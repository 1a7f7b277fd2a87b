"""Exchange rules: transfer numbers, the status every node sends, and battery messages that have to agree."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from skypact.conformance.dronecan.battery import AUX, CELLS, CONTINUOUS, INFO, NODE_STATUS, PERIODIC
from skypact.conformance.dronecan.transfers import Transfer
from skypact.conformance.report import Layer, Place, Severity
from skypact.conformance.standard import Evidence, Rule

_TRANSPORT = "DroneCAN specification, CAN bus transport layer"
_STATUS = "DroneCAN DSDL, NodeStatus: at most 1 s apart"

GAP = Rule("dronecan.transfer-gap", Layer.EXCHANGE, f"{_TRANSPORT}: the transfer id rises by one", Severity.WARNING)
REPEATED = Rule("dronecan.transfer-id", Layer.EXCHANGE, f"{_TRANSPORT}: the transfer id rises with every transfer")
NO_STATUS = Rule("dronecan.no-node-status", Layer.EXCHANGE, f"{_STATUS}; every node publishes it")
STATUS_RATE = Rule("dronecan.node-status-rate", Layer.EXCHANGE, f"{_STATUS}; lab rule: 1.5 s are let pass")
UPTIME = Rule("dronecan.uptime", Layer.EXCHANGE, "DroneCAN DSDL, NodeStatus.uptime_sec never falls", Severity.WARNING)
AUX_ALONE = Rule(
    "dronecan.aux-alone",
    Layer.EXCHANGE,
    "DroneCAN DSDL, BatteryInfoAux: used together with BatteryInfo of the same battery id",
    Severity.WARNING,
)
NO_TIME = Rule("dronecan.no-time", Layer.EXCHANGE, "lab rule: rates need times", Severity.UNKNOWN)
TOO_SHORT = Rule("dronecan.too-short", Layer.EXCHANGE, "lab rule: rates are judged on at least 3 s", Severity.UNKNOWN)
TIME_BACKWARDS = Rule("dronecan.time-backwards", Layer.EXCHANGE, "lab rule: the times of a recording do not fall")
PACKS_DIFFER = Rule(
    "dronecan.packs-differ", Layer.EXCHANGE, "lab rule: what a pack measures fits what it says of itself"
)
RULES = (GAP, REPEATED, NO_STATUS, STATUS_RATE, UPTIME, NO_TIME, TOO_SHORT, TIME_BACKWARDS, PACKS_DIFFER, AUX_ALONE)

_LONGEST_GAP_S = 1.5
_SHORTEST_S = 3.0
#: A pack under load or just charged may leave its stated window by this share.
_TOLERANCE = 0.05
#: 16-bit floats between 32 and 64 V are 0.03 V apart, and cells are not measured at once.
_ROUNDING_V = 0.1


@dataclass
class _Node:
    status_s: float | None = None
    statuses: int = 0
    uptime_s: int = 0
    cells: int | None = None
    stated: dict[str, Any] | None = None
    volts: float | None = None
    cell_volts: dict[int, float] = field(default_factory=dict)
    """Sum of the cells that were sent last, by battery id."""
    whole: set[int] = field(default_factory=set)
    """Battery ids of BatteryInfo."""


@dataclass
class Session:
    """What the transfers of one recording said so far."""

    evidence: Evidence
    file: str
    nodes: dict[int, _Node] = field(default_factory=dict)
    numbers: dict[tuple[str, int, int, int | None, bool], int] = field(default_factory=dict)
    first_s: float | None = None
    last_s: float | None = None

    def clock(self, time_s: float | None, place: Place) -> None:
        if time_s is None:
            return
        if self.last_s is not None and time_s < self.last_s:
            self.evidence.find(TIME_BACKWARDS.id, place, f"{self.last_s - time_s:.3f} s before the frame before.")
        self.first_s = time_s if self.first_s is None else self.first_s
        self.last_s = time_s

    def take(self, transfer: Transfer, fields: dict[str, Any] | None, place: Place) -> None:
        header = transfer.header
        if header.destination is None and header.source:
            self._number(transfer, place)
        if not header.source:
            return
        node = self.nodes.setdefault(header.source, _Node())
        kind = "NodeStatus" if header.destination is None and header.number == NODE_STATUS else "other"
        self.evidence.hear(str(header.source), kind, transfer.time_s)
        if fields is None or header.destination is not None:
            return
        if header.number == NODE_STATUS:
            self._status(node, transfer, fields, place)
        else:
            self._battery(node, header.number, fields, place)

    def _number(self, transfer: Transfer, place: Place) -> None:
        header = transfer.header
        key = (transfer.bus, header.number, header.source, header.destination, header.is_request)
        last = self.numbers.get(key)
        self.numbers[key] = transfer.transfer_id
        if last is None or (step := (transfer.transfer_id - last) % 32) == 1:
            return
        if 1 < step < 16:
            self.evidence.find(GAP.id, place, f"{step - 1} transfers of {header} are missing before this one.")
        else:
            sentence = f"The transfer id of {header} goes from {last} to {transfer.transfer_id}."
            self.evidence.find(REPEATED.id, place, sentence)

    def _status(self, node: _Node, transfer: Transfer, fields: dict[str, Any], place: Place) -> None:
        node.statuses += 1
        if fields["uptime_sec"] < node.uptime_s:
            self.evidence.find(UPTIME.id, place, f"The uptime falls from {node.uptime_s} to {fields['uptime_sec']} s.")
        node.uptime_s = fields["uptime_sec"]
        if transfer.time_s is None:
            return
        last = self.first_s if node.status_s is None else node.status_s
        if last is not None and transfer.time_s - last > _LONGEST_GAP_S:
            self.evidence.find(STATUS_RATE.id, place, f"{transfer.time_s - last:.1f} s without a node status.")
        node.status_s = transfer.time_s

    def _battery(self, node: _Node, number: int, fields: dict[str, Any], place: Place) -> None:
        if number == AUX:
            node.cell_volts[fields["battery_id"]] = sum(fields["voltage_cell"])
            self._cells(node, len(fields["voltage_cell"]), place)
        elif number == CELLS and not fields["index"]:
            self._cells(node, len(fields["voltages"]), place)
        elif number in (INFO, CONTINUOUS):
            node.volts = fields["voltage"]
            if number == INFO:
                self._sum(node, fields, place)
        elif number == PERIODIC:
            node.stated = fields
        else:
            return
        self._agree(node, place)

    def _sum(self, node: _Node, fields: dict[str, Any], place: Place) -> None:
        """BatteryInfoAux is sent before the BatteryInfo of the same battery: its cells add up to that voltage."""
        battery, volts = fields["battery_id"], fields["voltage"]
        node.whole.add(battery)
        cells = node.cell_volts.get(battery, 0.0)
        if volts > 0 and cells > 0 and abs(volts - cells) > _TOLERANCE * cells + _ROUNDING_V:
            sentence = f"The cells of battery {battery} add up to {cells:.2f} V; the pack says {volts:.2f} V."
            self.evidence.find(PACKS_DIFFER.id, place, sentence)

    def _cells(self, node: _Node, cells: int, place: Place) -> None:
        if node.cells is not None and min(node.cells, 24) != min(cells, 24):
            self.evidence.find(PACKS_DIFFER.id, place, f"{cells} cell voltages are sent after {node.cells}.")
        node.cells = cells

    def _agree(self, node: _Node, place: Place) -> None:
        if node.stated is None or not (cells := node.stated["cells_in_series"]):
            return
        if node.cells and node.cells != cells and cells <= 24:
            sentence = f"{node.cells} cell voltages are sent; the pack says {cells} in series."
            self.evidence.find(PACKS_DIFFER.id, place, sentence)
        low, high = node.stated["discharge_minimum_voltage"], node.stated["charging_maximum_voltage"]
        if node.volts is None or not node.volts > 0:
            return
        volts = node.volts / cells
        if (low and volts < low * (1 - _TOLERANCE)) or (high and volts > high * (1 + _TOLERANCE)):
            sentence = f"{volts:.2f} V a cell is outside the stated {low:g} to {high:g} V."
            self.evidence.find(PACKS_DIFFER.id, place, sentence)

    def finish(self) -> None:
        """What only the whole recording shows."""
        if not self.nodes:
            return
        place = Place(file=self.file)
        for number, node in sorted(self.nodes.items()):
            for battery in sorted(node.cell_volts.keys() - node.whole):
                sentence = f"Node {number} sends BatteryInfoAux of battery {battery}, and no BatteryInfo of it."
                self.evidence.find(AUX_ALONE.id, place, sentence)
        if self.first_s is None or self.last_s is None:
            self.evidence.find(NO_TIME.id, place, "The recording holds no times, so no rate can be judged.")
            return
        lasted = self.last_s - self.first_s
        if lasted < _SHORTEST_S:
            sentence = f"The recording lasts {lasted:.1f} s; rates need {_SHORTEST_S:g} s."
            self.evidence.find(TOO_SHORT.id, place, sentence)
            return
        for number, node in sorted(self.nodes.items()):
            if not node.statuses:
                self.evidence.find(NO_STATUS.id, place, f"Node {number} sends no NodeStatus.")
            elif node.status_s is not None and self.last_s - node.status_s > _LONGEST_GAP_S:
                silent = self.last_s - node.status_s
                sentence = f"Node {number} sends no NodeStatus in the last {silent:.1f} s."
                self.evidence.find(STATUS_RATE.id, place, sentence)
