"""What a battery says of itself on the wire, beside what its listing says.

A recording that conforms may still be of another pack than the one in the catalogue. The comparison is three-valued:
what either side does not say is unknown, and unknown never counts as agreement.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from skypact.conformance import dronecan, mavlink
from skypact.conformance.dronecan import battery as dronecan_battery
from skypact.conformance.dronecan.bus import Frame as CanFrame
from skypact.conformance.dronecan.bus import read as read_bus
from skypact.conformance.dronecan.datatypes import NotOfTypeError, decode
from skypact.conformance.dronecan.transfers import Assembly, Transfer
from skypact.conformance.mavlink.definitions import LAYOUTS, messages
from skypact.conformance.mavlink.frames import Frame as MavlinkFrame
from skypact.conformance.mavlink.frames import read as read_link
from skypact.conformance.mavlink.values import cell_voltages
from skypact.conformance.standard import Recording
from skypact.schema import Listing, NumberClaim, strongest
from skypact.schema.kit import Answer

#: Standards whose recordings tell about packs.
STANDARDS = (mavlink.STANDARD.name, dronecan.STANDARD.name)
_NOT_GIVEN_16 = 0xFFFF


@dataclass(frozen=True)
class Statement:
    """One pack in SI units; ``None`` for what the recording does not say."""

    sender: str
    name: str | None = None
    serial_number: str | None = None
    cells_series: int | None = None
    voltage_nominal_v: float | None = None
    voltage_min_v: float | None = None
    """Of the whole pack, discharged."""
    voltage_max_v: float | None = None
    """Of the whole pack, charged."""
    capacity_ah: float | None = None
    current_continuous_a: float | None = None
    current_peak_a: float | None = None
    mass_kg: float | None = None
    measured_min_v: float | None = None
    """The lowest voltage of the whole pack that was measured."""
    measured_max_v: float | None = None


@dataclass(frozen=True)
class Compared:
    field: str
    said: float | None
    listed: float | None
    answer: Answer
    sentence: str


def stated(standard: str, recordings: Sequence[Recording]) -> tuple[Statement, ...]:
    """The packs of a recording, one a sender and battery id. Raises ``ValueError`` for a standard without packs."""
    if standard not in STANDARDS:
        raise ValueError(f'"{standard}" carries no packs; accepted: {", ".join(STANDARDS)}')
    found: dict[str, Statement] = {}
    read = _of_mavlink if standard == mavlink.STANDARD.name else _of_dronecan
    for recording in recordings:
        for sender, change in read(recording.data):
            before = found.get(sender, Statement(sender))
            for name in ("measured_min_v", "measured_max_v"):
                if name in change and (last := getattr(before, name)) is not None:
                    change[name] = (min if name == "measured_min_v" else max)(last, change[name])
            found[sender] = replace(before, **change)
    return tuple(found[sender] for sender in sorted(found))


def _of_mavlink(data: bytes) -> Iterator[tuple[str, dict[str, Any]]]:
    for frame in read_link(data):
        if not isinstance(frame, MavlinkFrame) or frame.message not in (147, 370, 372):
            continue
        if len(frame.payload) > messages()[frame.message].longest:
            continue
        values: dict[str, Any] = LAYOUTS[frame.message].decode(frame.payload)
        sender = f"system {frame.system}, component {frame.component}, battery {values['id']}"
        if frame.message == 147:
            volts = sum(cell_voltages(values)) / 1000
            yield sender, {"measured_min_v": volts, "measured_max_v": volts} if volts else {}
        elif frame.message == 370:
            yield sender, _smart_battery(values)
        else:
            yield sender, _battery_info(values)


def _smart_battery(said: dict[str, Any]) -> dict[str, Any]:
    cells, low, high = said["cells_in_series"], said["discharge_minimum_voltage"], said["charging_maximum_voltage"]
    return _given(
        name=_text(said["device_name"]),
        serial_number=_text(said["serial_number"]),
        cells_series=cells,
        voltage_min_v=cells * low / 1000 if low != _NOT_GIVEN_16 else 0,
        voltage_max_v=cells * high / 1000,
        capacity_ah=max(0, said["capacity_full_specification"]) / 1000,
        current_continuous_a=said["discharge_maximum_current"] / 1000,
        current_peak_a=said["discharge_maximum_burst_current"] / 1000,
        mass_kg=said["weight"] / 1000,
    )


def _battery_info(said: dict[str, Any]) -> dict[str, Any]:
    """MAVLink's BATTERY_INFO is made after DroneCAN's BatteryPeriodic, and adds the mass."""
    return {**_periodic(said), **_given(mass_kg=said["weight"] / 1000)}


def _of_dronecan(data: bytes) -> Iterator[tuple[str, dict[str, Any]]]:
    assembly = Assembly()
    for frame in read_bus(data):
        transfer = assembly.take(frame) if isinstance(frame, CanFrame) and frame.extended else None
        if not isinstance(transfer, Transfer) or transfer.header.destination is not None:
            continue
        number, known = transfer.header.number, transfer.header.data_type
        if number not in _CAN_JUDGES or known is None:
            continue
        try:
            said = decode(known, transfer.payload)
        except NotOfTypeError:
            continue  # the check of the recording says so
        yield f"node {transfer.header.source}", _CAN_JUDGES[number](said)


def _periodic(said: dict[str, Any]) -> dict[str, Any]:
    cells = said["cells_in_series"]
    return _given(
        name=_text(said["name"]),
        serial_number=_text(said["serial_number"]),
        cells_series=cells,
        voltage_nominal_v=said["nominal_voltage"],
        voltage_min_v=cells * said["discharge_minimum_voltage"],
        voltage_max_v=cells * said["charging_maximum_voltage"],
        capacity_ah=said["design_capacity"],
        current_continuous_a=said["discharge_maximum_current"],
        current_peak_a=said["discharge_maximum_burst_current"],
    )


def _info(said: dict[str, Any]) -> dict[str, Any]:
    return _given(name=_text(said["model_name"]), measured_min_v=said["voltage"], measured_max_v=said["voltage"])


_CAN_JUDGES = {
    dronecan_battery.INFO: _info,
    dronecan_battery.PERIODIC: _periodic,
    dronecan_battery.AUX: lambda said: _given(
        cells_series=len(said["voltage_cell"]), voltage_nominal_v=said["nominal_voltage"]
    ),
    dronecan_battery.CONTINUOUS: lambda said: _given(measured_min_v=said["voltage"], measured_max_v=said["voltage"]),
}


def _given(**said: Any) -> dict[str, Any]:
    """Without what the messages write as zero, NaN or an empty text, which all mean "not provided"."""
    return {
        name: value
        for name, value in said.items()
        if value and not (isinstance(value, float) and not math.isfinite(value))
    }


def _text(raw: bytes) -> str:
    return raw.partition(b"\0")[0].decode("ascii", "replace")


#: Field of the statement -> field of the listing's battery, unit, and by what share both may differ.
_FIELDS: dict[str, tuple[str, str, float]] = {
    "cells_series": ("cells_series", "", 0.0),
    "voltage_nominal_v": ("voltage_nominal", " V", 0.03),
    "voltage_min_v": ("voltage_min", " V", 0.03),
    "voltage_max_v": ("voltage_max", " V", 0.03),
    "capacity_ah": ("capacity", " Ah", 0.05),
    "current_continuous_a": ("current_continuous", " A", 0.10),
    "current_peak_a": ("current_peak", " A", 0.10),
}
_MASS_SHARE, _WINDOW_SHARE = 0.05, 0.05


def compare(said: Statement, listing: Listing, *, on: date) -> tuple[Compared, ...]:
    """Field by field: does the pack on the wire agree with the listing? Raises ``ValueError`` for no battery."""
    if listing.battery is None:
        raise ValueError(f"{listing.id} is no battery")
    battery = listing.battery
    found = [
        _compared(name, getattr(said, name), _value(getattr(battery, field), on), unit, share)
        for name, (field, unit, share) in _FIELDS.items()
    ]
    found.append(_compared("mass_kg", said.mass_kg, _value(listing.mass, on), " kg", _MASS_SHARE))
    low, high = _value(battery.voltage_min, on), _value(battery.voltage_max, on)
    return (*found, _measured(said, low, high))


def overall(compared: Sequence[Compared]) -> Answer:
    """One no makes a no. A yes needs the cells, or both ends of the voltage, to agree; else unknown."""
    answers = {one.field: one.answer for one in compared}
    if Answer.NO in answers.values():
        return Answer.NO
    ends = (answers["voltage_min_v"], answers["voltage_max_v"])
    return Answer.YES if answers["cells_series"] is Answer.YES or set(ends) == {Answer.YES} else Answer.UNKNOWN


def _value(claims: tuple[NumberClaim, ...], on: date) -> float | None:
    claim = strongest(claims, on=on)
    return None if claim is None else claim.value


def _compared(name: str, said: float | None, listed: float | None, unit: str, share: float) -> Compared:
    if said is None or listed is None:
        who = "neither says it" if said is listed else "the recording does not say it" if said is None else "not listed"
        return Compared(name, said, listed, Answer.UNKNOWN, f"{name}: {who}.")
    agree = abs(said - listed) <= share * abs(listed) + 1e-9
    within = f" (within {share:.0%})" if share else ""
    sentence = f"{name}: the pack says {said:g}{unit}, the listing {listed:g}{unit}{within}."
    return Compared(name, said, listed, Answer.YES if agree else Answer.NO, sentence)


def _measured(said: Statement, low: float | None, high: float | None) -> Compared:
    least, most = said.measured_min_v, said.measured_max_v
    if least is None or most is None or (low is None and high is None):
        return Compared("measured", most, high, Answer.UNKNOWN, "measured: no voltage measured, or no window listed.")
    outside = (low is not None and least < low * (1 - _WINDOW_SHARE)) or (
        high is not None and most > high * (1 + _WINDOW_SHARE)
    )
    window = f"{'?' if low is None else f'{low:g}'} to {'?' if high is None else f'{high:g}'} V"
    sentence = f"measured: {least:g} to {most:g} V; the listing's window is {window}."
    return Compared("measured", most, high, Answer.NO if outside else Answer.YES, sentence)
