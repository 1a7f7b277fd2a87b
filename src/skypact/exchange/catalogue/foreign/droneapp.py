"""Makers' values of batteries, motors and speed controllers from the SizingLab droneapp (``droneapp-…``).

Three tables separated by semicolons, drawn up to size multirotors. A type is the series or brand as the file writes it;
:data:`_VENDORS` says who stands behind it. Currents are computed from capacity and discharge rates: the file's own
current columns hold the burst current under either name. Other computed columns (energy density, torque, scaling laws)
are left where they are.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any, BinaryIO

from skypact.exchange.catalogue.foreign.entry import DataSet, Entry, Told, claims, slug_of, table, vendor
from skypact.exchange.catalogue.rows import Row
from skypact.schema import Category, Grade, Provenance, Unit

BATTERY_COLUMNS = frozenset(
    {"TYPE", "Model", "Voltage_V", "Capacity_mAh", "Discharge_Rate_C", "Max_Burst_Discharge_Rate_C", "Weight_g"}
)
MOTOR_COLUMNS = frozenset({"TYPE", "Model", "Kv_rpm_v", "Pole_number", "Io_A", "R_ohm", "Mass_g", "Imax_A", "Voltage"})
SPEED_CONTROLLER_COLUMNS = frozenset({"TYPE", "Model", "I_max_A", "Mass_g", "V_max_V"})


def _source(what: str, folder: str) -> DataSet:
    return DataSet(
        title=f"SizingLab droneapp: {what} from makers' sheets",
        url=f"https://github.com/SizingLab/droneapp-legacy/tree/b784481/notebooks/{folder}",
        licence="Apache-2.0",
        grade=Grade.STATED,
        published=date(2020, 11, 3),
    )


BATTERIES = _source("battery data", "Batteries")
MOTORS = _source("motor data", "Motors")
SPEED_CONTROLLERS = _source("speed controller data", "ESC")

#: Series and brands of the files, and the vendor of each as the built-in catalogue names it where it knows it.
_VENDORS = {
    "AXI": ("model-motors", "Model Motors (AXI)"),
    "GENS ACE": ("grepow", "Grepow (Tattu, Gens Ace)"),
    "JIVE": ("kontronik", "Kontronik"),
    "KDEDirect": ("kde-direct", "KDE Direct"),
    "KOKAM": ("kokam", "Kokam"),
    "KOSMIK": ("kontronik", "Kontronik"),
    "ProLiteX": ("thunder-power", "Thunder Power RC"),
    "RAMPAGE": ("thunder-power", "Thunder Power RC"),
    "SCORPION": ("scorpion-power-system", "Scorpion Power System"),
    "SPIN OPTO": ("jeti-model", "Jeti model"),
    "TATTU": ("grepow", "Grepow (Tattu, Gens Ace)"),
    "maxon EC": ("maxon", "maxon"),
}

#: Thunder Power's part numbers tell the cells in series: ``TP5000-6SPX25L``.
_CELLS = re.compile(r"TP\d+-(\d{1,2})S")

#: Where a file lost a letter (a diameter sign, mostly) stands a question mark.
_LOST = re.compile(r"\?\s*")


def read_batteries(stream: BinaryIO, *, name: str) -> Iterator[Row]:
    """The rows of ``uav_batteries``. Raises :class:`~skypact.exchange.catalogue.rows.UnreadableFileError`."""
    return _rows(stream, name, BATTERY_COLUMNS, BATTERIES, _battery)


def read_motors(stream: BinaryIO, *, name: str) -> Iterator[Row]:
    """The rows of ``uav_motors``. Raises :class:`~skypact.exchange.catalogue.rows.UnreadableFileError`."""
    return _rows(stream, name, MOTOR_COLUMNS, MOTORS, _motor)


def read_speed_controllers(stream: BinaryIO, *, name: str) -> Iterator[Row]:
    """The rows of ``uav_escs``. Raises :class:`~skypact.exchange.catalogue.rows.UnreadableFileError`."""
    return _rows(stream, name, SPEED_CONTROLLER_COLUMNS, SPEED_CONTROLLERS, _speed_controller)


def _rows(
    stream: BinaryIO,
    name: str,
    columns: frozenset[str],
    source: DataSet,
    listing_of: Callable[[Entry, Told], Mapping[str, Any]],
) -> Iterator[Row]:
    ids = Told()
    for entry in table(stream, separator=";", columns=columns):
        if isinstance(entry, Row):
            yield entry
            continue
        listing = listing_of(entry, ids)
        identifier, called = _vendor(entry)
        yield entry.row(vendor(identifier, called, source.evidence()), listing, name=name)


def _vendor(entry: Entry) -> tuple[str, str]:
    series = entry.needed("TYPE")
    return _VENDORS.get(series, (slug_of(series), series))


def _listing(entry: Entry, identifier: str, name: str, source: DataSet, **fields: Any) -> dict[str, Any]:
    """What every table says alike, with the ``fields`` of its own."""
    evidence = source.evidence()
    mass = entry.number_in(fields.pop("mass_column"), Unit.KILOGRAM, written_in="g")
    return {
        "id": identifier,
        "name": name,
        "vendor": _vendor(entry)[0],
        "evidence": [evidence],
        "mass": claims(mass, evidence, Unit.KILOGRAM),
        **fields,
    }


def _battery(entry: Entry, ids: Told) -> dict[str, Any]:
    series, model = entry.needed("TYPE"), _LOST.sub("", entry.needed("Model"))
    volts, ah = (
        entry.number_in("Voltage_V", Unit.VOLT),
        entry.number_in("Capacity_mAh", Unit.AMPERE_HOUR, written_in="mA*h"),
    )
    rate, burst = (entry.number_in(column, Unit.COUNT) for column in ("Discharge_Rate_C", "Max_Burst_Discharge_Rate_C"))
    evidence = BATTERIES.evidence()
    # Gens Ace and Tattu packs carry the brand for a model: voltage, capacity and rate tell them apart
    unnamed = model.upper() == series.upper()
    name = f"{model} {volts:g} V {ah:g} Ah {rate:g}C" if unnamed and None not in (volts, ah, rate) else model
    cells = _CELLS.match(model)
    numbered = evidence | {"note": "Cells in series as the part number tells."}
    return _listing(
        entry,
        ids.identifier("droneapp", name),
        name,
        BATTERIES,
        mass_column="Weight_g",
        category=Category.BATTERY,
        summary=f"Battery pack of the series {series}.",
        summary_ko=f"{series} 계열 배터리 팩.",
        battery={
            "cells_series": claims(float(cells[1]) if cells else None, numbered, Unit.COUNT),
            "voltage_nominal": claims(volts, evidence, Unit.VOLT),
            "capacity": claims(ah, _noted(model, ah, evidence), Unit.AMPERE_HOUR),
            "energy": claims(_product(volts, ah), _derived("Voltage times capacity."), Unit.WATT_HOUR),
            "current_continuous": claims(_product(rate, ah), _derived("Discharge rate times capacity."), Unit.AMPERE),
            "current_peak": claims(_product(burst, ah), _derived("Burst rate times capacity."), Unit.AMPERE),
        },
    )


def _noted(model: str, ah: float | None, evidence: dict[str, Any]) -> dict[str, Any]:
    """``evidence`` of a capacity, with a word where the part number tells another one."""
    told = re.match(r"TP(\d{1,6})-", model)
    if told is None or ah is None or int(told[1]) == round(ah * 1000):
        return evidence
    return evidence | {"note": f"The part number tells {told[1]} mAh."}


def _product(one: float | None, other: float | None) -> float | None:
    return None if one is None or other is None else float(f"{one * other:.6g}")


def _derived(note: str) -> dict[str, Any]:
    return BATTERIES.evidence(provenance=Provenance.DERIVED, note=note)


def _motor(entry: Entry, ids: Told) -> dict[str, Any]:
    written = entry.needed("Model")
    name = _LOST.sub("", written)
    speed = entry.number_in("Kv_rpm_v", Unit.RPM_PER_VOLT)
    evidence = (
        MOTORS.evidence(note="The file lost a letter of the model's name.") if "?" in written else MOTORS.evidence()
    )
    windings = "" if speed is None or f"{speed:g}" in re.split(r"\D+", name) else f" {speed:g} rpm/V"
    listing = _listing(
        entry,
        ids.identifier("droneapp", f"{name}{windings}"),
        f"{name}{windings}",
        MOTORS,
        mass_column="Mass_g",
        category=Category.MOTOR,
        summary="Brushless motor for unmanned aircraft.",
        summary_ko="무인항공기용 브러시리스 모터.",
        motor={
            "speed_constant": claims(speed, evidence, Unit.RPM_PER_VOLT),
            "poles": claims(entry.number_in("Pole_number", Unit.COUNT), evidence, Unit.COUNT),
            "voltage_nominal": claims(entry.number_in("Voltage", Unit.VOLT), evidence, Unit.VOLT),
            "current_max": claims(entry.number_in("Imax_A", Unit.AMPERE), evidence, Unit.AMPERE),
            "current_no_load": claims(entry.number_in("Io_A", Unit.AMPERE), evidence, Unit.AMPERE),
            "winding_resistance": claims(entry.number_in("R_ohm", Unit.OHM), evidence, Unit.OHM),
        },
    )
    return {**listing, "evidence": [evidence]}


def _speed_controller(entry: Entry, ids: Told) -> dict[str, Any]:
    model = entry.needed("Model")
    volts, amperes = entry.number_in("V_max_V", Unit.VOLT), entry.number_in("I_max_A", Unit.AMPERE)
    evidence = SPEED_CONTROLLERS.evidence()
    rating = "" if volts is None or amperes is None else f" {amperes:g} A {volts:g} V"
    return _listing(
        entry,
        ids.identifier("droneapp", f"{model}{rating}"),
        model,
        SPEED_CONTROLLERS,
        mass_column="Mass_g",
        category=Category.SPEED_CONTROLLER,
        summary=f"Speed controller for brushless motors{', up to' if rating else ''}{rating}.",
        summary_ko=f"브러시리스 모터용 변속기{', 최대' if rating else ''}{rating}.",
        speed_controller={
            "voltage_max": claims(volts, evidence, Unit.VOLT),
            "current_max": claims(amperes, evidence, Unit.AMPERE),
        },
    )
