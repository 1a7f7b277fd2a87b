"""Made-up packs, aircraft, chargers and adapters that fit each other until a test changes one figure."""

from __future__ import annotations

from typing import Any

from tests.engines.made_up import DAY, claim, listing, power_port

from skypact.engines.interop.batteries.pack import Pack
from skypact.engines.interop.batteries.socket import Socket
from skypact.schema import Listing

UNITS = {
    "cells_series": "1",
    "cells_min": "1",
    "cells_max": "1",
    "battery_count": "1",
    "voltage": "V",
    "capacity": "Ah",
    "energy": "Wh",
    "current": "A",
    "resistance": "ohm",
    "temperature": "degC",
    "mass": "kg",
    "length": "m",
    "width": "m",
    "height": "m",
    "power": "W",
    "endurance": "s",
}
PACK: dict[str, Any] = {
    "chemistry": "LiPo",
    "cells_series": 6,
    "voltage_nominal": 22.2,
    "voltage_min": 21.0,
    "voltage_max": 25.2,
    "capacity": 10.0,
    "energy": 222.0,
    "current_continuous": 100.0,
    "current_peak": 200.0,
    "internal_resistance": 0.02,
    "connector": "XT90",
    "balance_connector": "JST-XH",
    "data_protocol": "DroneCAN BatteryInfo",
    "data_dialect": "standard",
    "charge_current_max": 10.0,
    "charge_profile": "CC/CV 4.20 V",
    "temperature_discharge_min": -20.0,
    "temperature_discharge_max": 55.0,
    "un38_3": True,
    "cell_maker": "Cellmaker",
    "cell_origin": "KR",
}
AIRFRAME: dict[str, Any] = {
    "battery_voltage": 22.2,
    "battery_voltage_min": 18.0,
    "battery_voltage_max": 26.0,
    "battery_energy": 222.0,
    "battery_mass_max": 1.5,
    "battery_length": 0.2,
    "battery_width": 0.1,
    "battery_height": 0.07,
    "battery_connector": "XT90",
    "battery_protocol": "DroneCAN BatteryInfo",
    "battery_dialect": "standard",
    "mass_without_battery": 3.0,
    "takeoff_mass_max": 6.0,
    "hover_power": 800.0,
    "peak_power": 2400.0,
    "endurance": 1800.0,
    "temperature_min": -10.0,
    "temperature_max": 45.0,
}
CHARGER: dict[str, Any] = {
    "chemistry": "LiPo, Li-ion",
    "cells_min": 2,
    "cells_max": 8,
    "voltage_max": 36.0,
    "current_max": 20.0,
    "power_max": 500.0,
    "connector": "XT90",
    "balance_connector": "JST-XH",
    "data_protocol": "none",
    "charge_profile": "CC/CV 4.20 V",
}


def _claims(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: claim(value, _unit(name, value)) for name, value in fields.items() if value is not None}


def _unit(name: str, value: object) -> str | None:
    if isinstance(value, str | bool):
        return None
    return next(unit for part, unit in UNITS.items() if part in name)


def pack(
    identifier: str = "PACK",
    *,
    mass: float | None = 1.2,
    size: tuple[float, float, float] | None = (0.15, 0.08, 0.06),
    sold_for: tuple[str, ...] = (),
    **changes: object,
) -> Listing:
    """A pack; ``None`` takes a figure away."""
    body: dict[str, Any] = {"mass": mass}
    if size is not None:
        body |= dict(zip(("length", "width", "height"), size, strict=True))
    return listing(identifier, "battery", battery=_claims(PACK | changes), spare_for=list(sold_for), **_claims(body))


def aircraft(identifier: str = "AIRCRAFT", *, kind: str = "multirotor", **changes: object) -> Listing:
    """An aircraft for :func:`pack`."""
    return listing(identifier, "aircraft", airframe={"kind": kind, **_claims(AIRFRAME | changes)})


def charger(identifier: str = "CHARGER", *, sold_for: tuple[str, ...] = (), **changes: object) -> Listing:
    """A charger for :func:`pack`."""
    return listing(identifier, "charger", charger=_claims(CHARGER | changes), spare_for=list(sold_for))


def adapter(identifier: str, from_pack: str, to_aircraft: str, volts: float = 60.0) -> Listing:
    """A cable from a pack's connector to an aircraft's."""
    ends = []
    for role, connector in (("consumes", from_pack), ("provides", to_aircraft)):
        port = power_port(role, "DC", None, volts)
        port["attributes"]["connector"] = connector
        ends.append(port)
    return listing(identifier, "adapter", ports=ends)


def read(**changes: Any) -> Pack:
    """A pack as the engine reads it."""
    return Pack.of(pack(**changes), on=DAY)


def place(own: Pack | None = None, **changes: Any) -> Socket:
    """An aircraft's place for a pack as the engine reads it."""
    return Socket.of_aircraft(aircraft(**changes), own, on=DAY)


#: Nothing stated of the battery: the own pack shows what is borne.
SILENT = dict.fromkeys((*(name for name in AIRFRAME if name.startswith("battery")), "hover_power", "peak_power"))
