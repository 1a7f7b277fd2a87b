"""What kinds of equipment say of themselves: sensors, batteries, unmanned aircraft, fusion nodes."""

from __future__ import annotations

from enum import StrEnum

from skypact.schema.base import Model, Name, Slug
from skypact.schema.evidence import (
    AmpereHours,
    Amperes,
    Celsius,
    Counts,
    Degrees,
    Flags,
    Hertz,
    Kilograms,
    Metres,
    MetresPerSecond,
    Seconds,
    SquareMetres,
    Texts,
    Volts,
    WattHours,
)
from skypact.schema.taxonomy import SensorKind


class SensingTask(StrEnum):
    """What a stated range is good for (the DRI ladder, with track between)."""

    DETECT = "detect"
    TRACK = "track"
    CLASSIFY = "classify"
    IDENTIFY = "identify"


class StatedRange(Model):
    """A range somebody states for a target. The target stands as stated; the threat class only where it fits."""

    target: Name
    threat_class: Slug | None = None
    """the built-in threat class that the stated target belongs to; ``None`` when the statement does not tell"""
    task: SensingTask = SensingTask.DETECT
    target_rcs: SquareMetres = ()
    range: Metres
    conditions: Name | None = None


class Sensor(Model):
    """One sensing principle of a product. Angles: azimuth total width; elevation above the horizon."""

    kind: SensorKind
    ranges: tuple[StatedRange, ...] = ()
    range_min: Metres = ()
    """blind range"""
    azimuth_coverage: Degrees = ()
    elevation_min: Degrees = ()
    elevation_max: Degrees = ()
    frequency_min: Hertz = ()
    frequency_max: Hertz = ()
    locates: Flags = ()
    """gives a position, not only a bearing or an alarm"""
    emits: Flags = ()
    """transmits, so that it needs a frequency licence and can be seen"""
    tracks_max: Counts = ()
    update_interval: Seconds = ()


class Battery(Model):
    """A battery pack."""

    chemistry: Texts = ()
    cells_series: Counts = ()
    cells_parallel: Counts = ()
    voltage_nominal: Volts = ()
    voltage_min: Volts = ()
    voltage_max: Volts = ()
    capacity: AmpereHours = ()
    energy: WattHours = ()
    current_continuous: Amperes = ()
    current_peak: Amperes = ()
    connector: Texts = ()
    balance_connector: Texts = ()
    data_protocol: Texts = ()
    """protocol with dialect, e.g. SMBus (vendor), DroneCAN BatteryInfo; none means nobody has looked"""
    temperature_discharge_min: Celsius = ()
    temperature_discharge_max: Celsius = ()
    un38_3: Flags = ()
    """passed the UN Manual of Tests and Criteria, section 38.3"""
    cell_origin: Texts = ()


class AirframeKind(StrEnum):
    """How an unmanned aircraft stays up."""

    MULTIROTOR = "multirotor"
    FIXED_WING = "fixed_wing"
    VTOL = "vtol"
    HELICOPTER = "helicopter"
    AEROSTAT = "aerostat"


class Airframe(Model):
    """An unarmed unmanned aircraft."""

    kind: AirframeKind
    takeoff_mass_max: Kilograms = ()
    payload_max: Kilograms = ()
    endurance: Seconds = ()
    speed_max: MetresPerSecond = ()
    link_range: Metres = ()
    wind_max: MetresPerSecond = ()
    temperature_min: Celsius = ()
    temperature_max: Celsius = ()
    battery: Texts = ()
    """the pack it flies on, as its maker names it"""
    battery_voltage: Volts = ()
    battery_capacity: AmpereHours = ()
    battery_energy: WattHours = ()


class FusionNode(Model):
    """What a command-and-control or gateway product can carry."""

    sensors_max: Counts = ()
    tracks_max: Counts = ()
