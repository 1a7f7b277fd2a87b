"""A battery node of our own making over five seconds, as a pcap of SocketCAN."""

from __future__ import annotations

import math
import struct
from collections.abc import Iterator, Sequence
from typing import Any

from skypact.conformance.dronecan.battery import (
    AUX,
    CELLS,
    CONTINUOUS,
    INFO,
    LIMITS,
    NODE_STATUS,
    PERIODIC,
)
from skypact.conformance.dronecan.bus import SOCKETCAN
from skypact.conformance.dronecan.transfers import frames_of
from skypact.conformance.standard import Sample, Variant

NODE = 42
_START = 1_772_445_600
_EXTENDED = 0x8000_0000
_HEADER = struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, SOCKETCAN)

Message = tuple[float, int, dict[str, Any]]
Timed = list[tuple[float, int, bytes]]


def pack_bits(fields: list[tuple[int | float, str]]) -> bytes:
    """Values and their kinds, such as ``u7`` or ``f16``, as DSDL puts them on the wire."""
    whole, size = 0, 0
    for value, kind in fields:
        bits = int(kind[1:])
        if kind[0] == "f":
            raw = int.from_bytes(struct.pack("<e" if bits == 16 else "<f", value), "little")
        else:
            raw = int(value)
        while bits:
            part = min(8, bits)
            whole, raw = whole << part | raw & ((1 << part) - 1), raw >> part
            bits, size = bits - part, size + part
    spare = -size % 8
    return (whole << spare).to_bytes((size + spare) // 8, "big")


_INFO = {
    "temperature": "f16",
    "voltage": "f16",
    "current": "f16",
    "average_power_10sec": "f16",
    "remaining_capacity_wh": "f16",
    "full_charge_capacity_wh": "f16",
    "hours_to_full_charge": "f16",
    "status_flags": "u11",
    "state_of_health_pct": "u7",
    "state_of_charge_pct": "u7",
    "state_of_charge_pct_stdev": "u7",
    "battery_id": "u8",
    "model_instance_id": "u32",
}
_CONTINUOUS = {
    "temperature_cells": "f16",
    "temperature_pcb": "f16",
    "temperature_other": "f16",
    "current": "f32",
    "voltage": "f32",
    "state_of_charge": "f16",
    "slot_id": "u8",
    "capacity_consumed": "f32",
    "status_flags": "u32",
}
_PERIODIC = {
    "design_capacity": "f32",
    "cells_in_series": "u8",
    "nominal_voltage": "f16",
    "discharge_minimum_voltage": "f16",
    "charging_minimum_voltage": "f16",
    "charging_maximum_voltage": "f16",
    "charging_maximum_current": "f32",
    "discharge_maximum_current": "f32",
    "discharge_maximum_burst_current": "f32",
    "full_charge_capacity": "f32",
    "cycle_count": "u16",
    "state_of_health": "u8",
}
_STATUS = {"uptime_sec": "u32", "health": "u2", "mode": "u3", "sub_mode": "u3", "vendor_specific_status_code": "u16"}


def payload(number: int, fields: dict[str, Any]) -> bytes:
    """A message's bytes."""
    if number == PERIODIC:
        texts: list[tuple[int | float, str]] = []
        for name, bits in (("name", "u6"), ("serial_number", "u6"), ("manufacture_date", "u4")):
            texts += [(len(fields[name]), bits), *((byte, "u8") for byte in fields[name])]
        return pack_bits(texts + [(fields[name], kind) for name, kind in _PERIODIC.items()])
    if number == AUX:
        cells = fields["voltage_cell"]
        made = [(fields["usec"], "u56"), (len(cells), "u8"), *((volts, "f16") for volts in cells)]
        made += [(fields["cycle_count"], "u16"), (0, "u16"), (fields["max_current"], "f16")]
        return pack_bits([*made, (fields["nominal_voltage"], "f16"), (0, "u1"), (0, "u8")])
    if number == CELLS:
        cells = fields["voltages"]
        return pack_bits([(len(cells), "u5"), *((volts, "f16") for volts in cells), (fields["index"], "u16")])
    table = {INFO: _INFO, CONTINUOUS: _CONTINUOUS, NODE_STATUS: _STATUS}[number]
    return pack_bits([(fields[name], kind) for name, kind in table.items()]) + fields.get("model_name", b"")


def node_status(second: int) -> dict[str, Any]:
    return {"uptime_sec": 120 + second, "health": 0, "mode": 0, "sub_mode": 0, "vendor_specific_status_code": 0}


def battery_info(second: int) -> dict[str, Any]:
    return {
        "temperature": 297.0,
        "voltage": 23.5,
        "current": 12.5 + second,
        "average_power_10sec": 290.0,
        "remaining_capacity_wh": 92.0,
        "full_charge_capacity_wh": 117.0,
        "hours_to_full_charge": 0.0,
        "status_flags": 1,
        "state_of_health_pct": 97,
        "state_of_charge_pct": 79,
        "state_of_charge_pct_stdev": 3,
        "battery_id": 0,
        "model_instance_id": 7,
        "model_name": b"SYN Pack 6S LiPo",
    }


def auxiliary(second: int) -> dict[str, Any]:
    return {
        "usec": 1_000_000 * second,
        "voltage_cell": [3.91, 3.92, 3.91, 3.92, 3.92, 3.91],
        "cycle_count": 41,
        "max_current": 14.0,
        "nominal_voltage": 22.2,
    }


def continuous(second: int) -> dict[str, Any]:
    return {
        "temperature_cells": 24.0,
        "temperature_pcb": 31.0,
        "temperature_other": math.nan,
        "current": 12.5 + second,
        "voltage": 23.5,
        "state_of_charge": 79.0,
        "slot_id": 1,
        "capacity_consumed": 1.1,
        "status_flags": 0x81,
    }


def periodic() -> dict[str, Any]:
    return {
        "name": b"SYN_Pack-6S",
        "serial_number": b"SYN-0007",
        "manufacture_date": b"02032026",
        "design_capacity": 5.5,
        "cells_in_series": 6,
        "nominal_voltage": 22.2,
        "discharge_minimum_voltage": 3.25,
        "charging_minimum_voltage": 2.5,
        "charging_maximum_voltage": 4.25,
        "charging_maximum_current": 10.0,
        "discharge_maximum_current": 80.0,
        "discharge_maximum_burst_current": 120.0,
        "full_charge_capacity": 5.25,
        "cycle_count": 41,
        "state_of_health": 97,
    }


def flight() -> list[Message]:
    sent: list[Message] = []
    for second in range(5):
        at = float(second)
        sent += [
            (at, NODE_STATUS, node_status(second)),
            (at + 0.1, AUX, auxiliary(second)),
            (at + 0.2, INFO, battery_info(second)),
            (at + 0.3, CONTINUOUS, continuous(second)),
        ]
    voltages = [3.91, 3.92, 3.91, 3.92, 3.92, 3.91]
    return [*sent, (4.4, PERIODIC, periodic()), (4.5, CELLS, {"voltages": voltages, "index": 0})]


def frames(messages: list[Message]) -> Timed:
    """Numbered and divided into CAN frames, half a millisecond apart."""
    made: Timed = []
    numbers: dict[int, int] = {}
    for at_s, number, fields in messages:
        transfer = numbers.get(number, 30)
        numbers[number] = (transfer + 1) % 32
        for place, (identifier, data) in enumerate(frames_of(number, NODE, transfer, payload(number, fields))):
            made.append((at_s + 0.0005 * place, identifier, data))
    return made


def on_the_wire(identifier: int, data: bytes) -> bytes:
    """A frame as SocketCAN captures it."""
    return struct.pack(">IB3x", identifier | _EXTENDED, len(data)) + data.ljust(8, b"\0")


def capture(timed: Timed) -> bytes:
    written = _HEADER
    for at_s, identifier, data in timed:
        frame = on_the_wire(identifier, data)
        seconds, rest = divmod(round(at_s * 1e6), 1_000_000)
        written += struct.pack("<4I", _START + seconds, rest, len(frame), len(frame)) + frame
    return written


def candump(timed: Timed) -> bytes:
    """The same as a log of candump."""
    lines = [f"({_START + at_s:.6f}) can0 {identifier:08X}#{data.hex().upper()}" for at_s, identifier, data in timed]
    return ("\n".join(lines) + "\n").encode()


def samples() -> Sequence[Sample]:
    timed = frames(flight())
    sent = {on_the_wire(identifier, data) for _, identifier, data in timed}
    status = [on_the_wire(identifier, data) for _, identifier, data in timed if identifier >> 8 & 0xFFFF == NODE_STATUS]
    # Priority; then of a status, which is one frame without a sum: uptime, health, and the vendor's code.
    opened: list[bytes | tuple[bytes, bytes]] = [frame[:1] for frame in status[:1]]
    opened += [(frame[:8], frame[8:12]) for frame in status]
    opened += [(frame[:12], frame[12:15]) for frame in status]
    return [
        Sample(capture(timed), open=tuple(opened), carried=tuple(sent), claim="DroneCAN 1", variants=_variants),
    ]


def _variants() -> Iterator[Variant]:
    messages = flight()
    first: dict[int, int] = {}
    for at, (_, number, _) in enumerate(messages):
        first.setdefault(number, at)
    for number, at in first.items():
        at_s, _, fields = messages[at]
        for what, changed, allowed in _changed(number, fields):
            made = [*messages[:at], (at_s, number, changed), *messages[at + 1 :]]
            yield Variant(f"{number}.{what}", capture(frames(made)), allowed)
    yield from _bus_variants(frames(messages))
    silent = [one for one in messages if one[1] != NODE_STATUS]
    yield Variant("no node status", capture(frames(silent)))


def _changed(number: int, fields: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any], bool]]:
    """(what, fields, whether the definitions allow it)."""
    kinds = {INFO: _INFO, CONTINUOUS: _CONTINUOUS, PERIODIC: _PERIODIC}.get(number, {})
    for name, (low, high, unknown) in LIMITS.get(number, {}).items():
        kind = kinds.get(name, "f16")
        top = 60_000.0 if kind == "f16" else 3e38
        values = (low - 1, high + 1) if kind[0] == "u" else (low - 1, 1.01 * high + 1, -top, top, math.inf, -math.inf)
        for value in values:
            if not low <= value <= high and not (kind[0] == "u" and value < 0) and not 65_520 <= abs(value) < math.inf:
                yield f"{name} {value:g}", fields | {name: value}, False
        if kind[0] == "f":
            yield f"{name} NaN", fields | {name: math.nan}, unknown
    special: dict[int, list[tuple[str, Any]]] = {
        INFO: [
            ("temperature", 24.0),
            ("temperature", 500.0),
            *(("status_flags", flags) for flags in (0x201, 0x401, 0x004, 0x018)),
            *(("state_of_health_pct", health) for health in (101, 126)),
            ("remaining_capacity_wh", 200.0),
            ("model_name", b"SYN\xff"),
        ],
        CONTINUOUS: [("status_flags", 1 << bit) for bit in range(19, 32)],
        PERIODIC: [
            ("state_of_health", 101),
            ("manufacture_date", b"32032026"),
            ("manufacture_date", b"0203"),
            ("name", b"\x01"),
            ("serial_number", b"\xc3\xa9"),
            ("cells_in_series", 12),
            ("cells_in_series", 5),
            ("charging_maximum_voltage", 3.0),
            ("nominal_voltage", 220.0),
        ],
        AUX: [("voltage_cell", [3.91] * 5), ("voltage_cell", [391.0] * 6), ("voltage_cell", [3.3] * 6)],
        CELLS: [("voltages", [0.0] * 6), ("index", 3)],
        NODE_STATUS: [("mode", 4), ("sub_mode", 1)],
    }
    for name, value in special[number]:
        yield f"{name} {value}", fields | {name: value}, False


def _bus_variants(timed: Timed) -> Iterator[Variant]:
    for at, (at_s, identifier, data) in enumerate(timed[:40]):
        alone = data[-1] & 0xC0 == 0xC0
        yield Variant(f"frame {at} lost", capture([*timed[:at], *timed[at + 1 :]]), alone)
        yield Variant(f"frame {at} twice", capture([*timed[: at + 1], *timed[at:]]))
        for what, mask in (("toggle", 0x20), ("end", 0x40), ("start", 0x80), ("transfer id", 0x10)):
            changed = data[:-1] + bytes([data[-1] ^ mask])
            yield Variant(f"frame {at} {what}", capture([*timed[:at], (at_s, identifier, changed), *timed[at + 1 :]]))
        other = identifier ^ 0x100  # the data type id's last bit
        yield Variant(f"frame {at} other type", capture([*timed[:at], (at_s, other, data), *timed[at + 1 :]]))
    late = [(at_s + (20 if at_s >= 3 else 0), identifier, data) for at_s, identifier, data in timed]
    yield Variant("silence of 20 s", capture(late))
    yield Variant("times run back", capture([*timed[-1:], *timed[:-1]]))
