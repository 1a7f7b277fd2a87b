"""Rules for the values of battery messages, and of a node's status."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from skypact.conformance.dronecan.datatypes import Value
from skypact.conformance.report import Layer, Place
from skypact.conformance.standard import Evidence, Rule

_DSDL = "DroneCAN DSDL"

BOUNDS = Rule("dronecan.bounds", Layer.SEMANTIC, f"{_DSDL}, ranges in the comments of the battery messages")
FINITE = Rule("dronecan.finite", Layer.SEMANTIC, f"{_DSDL}, NaN for unknown where the field says so; never infinite")
RESERVED = Rule("dronecan.reserved", Layer.SCHEMA, f"{_DSDL}, status flags that are reserved or have no meaning")
FLAGS = Rule("dronecan.flags", Layer.SEMANTIC, f"{_DSDL}, BatteryInfo.status_flags: CHARGED only while CHARGING")
TEXT = Rule("dronecan.text", Layer.SCHEMA, f"{_DSDL}, names and serial numbers in ASCII, 0 at the end where it says so")
DATE = Rule("dronecan.date", Layer.SCHEMA, f"{_DSDL}, BatteryPeriodic.manufacture_date DDMMYYYY")
KELVIN = Rule("dronecan.kelvin", Layer.SEMANTIC, f"{_DSDL}, BatteryInfo.temperature in kelvin")
PACK = Rule("dronecan.pack-limits", Layer.SEMANTIC, "lab rule: a pack's limits are in order: discharged below charged")
STATUS = Rule("dronecan.node-status", Layer.SCHEMA, f"{_DSDL}, NodeStatus.mode: 0 to 3 and 7; sub_mode zero")
RULES = (BOUNDS, FINITE, RESERVED, FLAGS, TEXT, DATE, KELVIN, PACK, STATUS)

Say = Callable[[Rule, str, str], None]
Fields = dict[str, Any]

INFO, NODE_STATUS, AUX, CONTINUOUS, PERIODIC, CELLS = 1092, 341, 20004, 20010, 20011, 20012
#: Bits of BatteryInfo's flags that have a meaning, and of BatteryContinuous'.
INFO_FLAGS, CONTINUOUS_FLAGS = 0x1FF, 0x7FFFF
_CHARGING, _CHARGED, _HOT, _COLD = 2, 4, 8, 16

#: Field -> lowest and highest that can be, and whether NaN stands for "unknown".
LIMITS: dict[int, dict[str, tuple[float, float, bool]]] = {
    INFO: {
        "voltage": (0, 1_500, True),
        "current": (-2_000, 2_000, True),
        "average_power_10sec": (-50_000, 50_000, True),
        "remaining_capacity_wh": (0, 50_000, True),
        "full_charge_capacity_wh": (0, 50_000, True),
        "hours_to_full_charge": (0, 1_000, True),
        "state_of_charge_pct": (0, 100, False),
        "state_of_charge_pct_stdev": (0, 100, False),
    },
    AUX: {"max_current": (-2_000, 2_000, True), "nominal_voltage": (0, 1_500, False)},
    CONTINUOUS: {
        "temperature_cells": (-60, 150, True),
        "temperature_pcb": (-60, 200, True),
        "temperature_other": (-60, 200, True),
        "current": (-2_000, 2_000, True),
        "voltage": (0, 1_500, False),
        "state_of_charge": (0, 100, False),
        "capacity_consumed": (0, 10_000, True),
    },
    PERIODIC: {
        "design_capacity": (0, 10_000, False),
        "nominal_voltage": (0, 1_500, False),
        "discharge_minimum_voltage": (0, 5.5, False),
        "charging_minimum_voltage": (0, 5.5, False),
        "charging_maximum_voltage": (0, 5.5, False),
        "charging_maximum_current": (0, 10_000, False),
        "discharge_maximum_current": (0, 10_000, False),
        "discharge_maximum_burst_current": (0, 10_000, False),
        "full_charge_capacity": (0, 10_000, True),
    },
}
_CELL_V = (0.5, 5.5)


def examine(number: int, name: str, fields: dict[str, Value], place: Place, evidence: Evidence) -> None:
    """Writes down what cannot be meant or cannot be true in one message."""

    def say(rule: Rule, field: str, sentence: str) -> None:
        evidence.find(rule.id, place.model_copy(update={"field": f"{name}.{field}"}), sentence)

    for field, (low, high, unknown) in LIMITS.get(number, {}).items():
        _bounded(field, fields[field], low, high, unknown, say)
    if judge := _JUDGES.get(number):
        judge(fields, say)


def _bounded(field: str, value: Any, low: float, high: float, unknown: bool, say: Say) -> None:
    if math.isnan(value):
        if not unknown:
            say(FINITE, field, "NaN, although the field is required or says unknown in another way.")
    elif math.isinf(value):
        say(FINITE, field, f"{value} is no measurement.")
    elif not low <= value <= high:
        say(BOUNDS, field, f"{value:g} is outside {low:g} to {high:g}.")


def _text(fields: Fields, field: str, say: Say, *, ended: bool = False) -> None:
    raw: bytes = fields[field]
    said = raw.rstrip(b"\0") if ended else raw
    if not all(0x20 <= byte < 0x7F for byte in said):
        say(TEXT, field, f"{raw.hex()} is not printable ASCII.")


def _info(fields: Fields, say: Say) -> None:
    kelvin, flags, health = fields["temperature"], fields["status_flags"], fields["state_of_health_pct"]
    if math.isinf(kelvin):
        say(FINITE, "temperature", f"{kelvin} is no measurement.")
    elif not math.isnan(kelvin) and not 200 <= kelvin <= 430:
        said = ", which reads like degrees Celsius" if -60 <= kelvin <= 150 else ""
        say(KELVIN, "temperature", f"{kelvin:g} K is outside 200 to 430{said}.")
    if flags & ~INFO_FLAGS:
        say(RESERVED, "status_flags", f"0x{flags:03x} sets reserved flags; they are kept zero.")
    if flags & _CHARGED and not flags & _CHARGING:
        say(FLAGS, "status_flags", "CHARGED is set without CHARGING.")
    if flags & _HOT and flags & _COLD:
        say(FLAGS, "status_flags", "The pack is too hot and too cold at once.")
    if health > 100 and health != 127:
        say(BOUNDS, "state_of_health_pct", f"{health} is outside 0 to 100, or 127 for unknown.")
    left, full = fields["remaining_capacity_wh"], fields["full_charge_capacity_wh"]
    if left > 1.1 * full > 0:
        say(PACK, "remaining_capacity_wh", f"{left:g} Wh remain of {full:g} Wh.")
    _text(fields, "model_name", say)


def _aux(fields: Fields, say: Say) -> None:
    _cells(fields["voltage_cell"], "voltage_cell", say)


def _continuous(fields: Fields, say: Say) -> None:
    flags = fields["status_flags"]
    if flags & ~CONTINUOUS_FLAGS:
        say(RESERVED, "status_flags", f"0x{flags:08x} sets flags without a meaning.")


def _cells(volts: list[float], field: str, say: Say) -> None:
    low, high = _CELL_V
    for number, one in enumerate(volts, 1):
        if not low <= one <= high:
            say(BOUNDS, field, f"Cell {number} has {one:g} V; a cell has {low:g} to {high:g}.")


def _cell_message(fields: Fields, say: Say) -> None:
    _cells(fields["voltages"], "voltages", say)
    if fields["index"] % 24:
        say(BOUNDS, "index", f"The first cell is {fields['index']}; messages begin at 0, 24, 48 and so on.")


def _periodic(fields: Fields, say: Say) -> None:
    for field in ("name", "serial_number"):
        _text(fields, field, say, ended=True)
    health, high = fields["state_of_health"], fields["charging_maximum_voltage"]
    if health > 100 and health != 255:
        say(BOUNDS, "state_of_health", f"{health} is outside 0 to 100, or 255 for unknown.")
    for field in ("discharge_minimum_voltage", "charging_minimum_voltage"):
        if high and fields[field] >= high:
            say(PACK, field, f"{fields[field]:g} V is not below the voltage of a charged cell, {high:g} V.")
    cells, nominal = fields["cells_in_series"], fields["nominal_voltage"]
    if cells and nominal and not _CELL_V[0] <= nominal / cells <= _CELL_V[1]:
        say(PACK, "nominal_voltage", f"{nominal:g} V over {cells} cells is no cell's voltage.")
    said = fields["manufacture_date"].rstrip(b"\0").decode("ascii", "replace")
    if said and not (
        len(said) == 8
        and said.isascii()
        and said.isdigit()
        and 1 <= int(said[:2]) <= 31
        and 1 <= int(said[2:4]) <= 12
        and 1990 <= int(said[4:]) <= 2099
    ):
        say(DATE, "manufacture_date", f'"{said}" is no date of the form DDMMYYYY.')


def _node_status(fields: Fields, say: Say) -> None:
    if fields["mode"] not in (0, 1, 2, 3, 7):
        say(STATUS, "mode", f"Mode {fields['mode']} is reserved.")
    if fields["sub_mode"]:
        say(STATUS, "sub_mode", f"The sub-mode is {fields['sub_mode']}; it is kept zero.")


_JUDGES: dict[int, Callable[[Fields, Say], None]] = {
    INFO: _info,
    AUX: _aux,
    CONTINUOUS: _continuous,
    PERIODIC: _periodic,
    CELLS: _cell_message,
    NODE_STATUS: _node_status,
}
