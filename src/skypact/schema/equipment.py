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
    Ohms,
    RpmPerVolt,
    Seconds,
    SquareMetres,
    Texts,
    Volts,
    WattHours,
    Watts,
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
    internal_resistance: Ohms = ()
    """of the whole pack at its contacts, direct current, charged and at room temperature"""
    connector: Texts = ()
    polarity: Texts = ()
    """``as marked`` on the connector's housing, ``reversed``, or which contact is positive"""
    pinout: Texts = ()
    """contacts in order where the connector carries more than plus and minus, e.g. ``+ + C D - -``"""
    balance_connector: Texts = ()
    data_protocol: Texts = ()
    """e.g. SMBus SBS 1.1, DroneCAN BatteryInfo; the text ``none`` says that the pack has no data contacts"""
    data_dialect: Texts = ()
    """whose variant of the protocol, e.g. ``DJI Mavic 2``; ``standard`` for the unchanged one"""
    firmware: Texts = ()
    """version of the pack's own firmware"""
    charge_current_max: Amperes = ()
    charge_profile: Texts = ()
    """e.g. ``CC/CV 4.20 V``, ``CC/CV 4.35 V``, ``negotiated over SMBus``"""
    temperature_charge_min: Celsius = ()
    temperature_charge_max: Celsius = ()
    temperature_discharge_min: Celsius = ()
    temperature_discharge_max: Celsius = ()
    un38_3: Flags = ()
    """passed the UN Manual of Tests and Criteria, section 38.3"""
    cell_maker: Texts = ()
    cell_origin: Texts = ()
    """nation in which the cells are made"""


class Charger(Model):
    """A charger for packs."""

    chemistry: Texts = ()
    """the chemistries it has a profile for, separated by commas"""
    cells_min: Counts = ()
    cells_max: Counts = ()
    """cells in series that it balances"""
    voltage_max: Volts = ()
    current_max: Amperes = ()
    power_max: Watts = ()
    connector: Texts = ()
    """the plug for the pack"""
    balance_connector: Texts = ()
    data_protocol: Texts = ()
    data_dialect: Texts = ()
    charge_profile: Texts = ()


class AirframeKind(StrEnum):
    """How an unmanned aircraft stays up."""

    MULTIROTOR = "multirotor"
    FIXED_WING = "fixed_wing"
    VTOL = "vtol"
    HELICOPTER = "helicopter"
    AEROSTAT = "aerostat"


class Airframe(Model):
    """An unarmed unmanned aircraft."""

    kind: AirframeKind | None = None
    """``None`` is unknown"""
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
    battery_count: Counts = ()
    """packs that it flies on at once, side by side"""
    battery_voltage_min: Volts = ()
    battery_voltage_max: Volts = ()
    """the window that its power electronics take"""
    battery_mass_max: Kilograms = ()
    """of one pack"""
    battery_length: Metres = ()
    battery_width: Metres = ()
    battery_height: Metres = ()
    """room for one pack"""
    battery_connector: Texts = ()
    battery_polarity: Texts = ()
    battery_pinout: Texts = ()
    battery_protocol: Texts = ()
    """what it wants to hear from the pack; the text ``none`` says that it needs no data"""
    battery_dialect: Texts = ()
    battery_firmware: Texts = ()
    """the pack's firmware that it accepts; ``any`` where it does not look"""
    mass_without_battery: Kilograms = ()
    """ready to fly, without packs and payload"""
    hover_power: Watts = ()
    """electrical, in hover or slow level flight, without payload"""
    peak_power: Watts = ()
    """electrical, at full throttle"""


class FusionNode(Model):
    """What a command-and-control or gateway product can carry."""

    sensors_max: Counts = ()
    tracks_max: Counts = ()


class Motor(Model):
    """An electric motor of an unmanned aircraft."""

    speed_constant: RpmPerVolt = ()
    """no-load speed for each volt, Kv"""
    poles: Counts = ()
    voltage_nominal: Volts = ()
    """for which the other values are given"""
    current_max: Amperes = ()
    current_no_load: Amperes = ()
    winding_resistance: Ohms = ()


class SpeedController(Model):
    """Power electronics between a pack and a motor."""

    voltage_max: Volts = ()
    current_max: Amperes = ()


class Imager(Model):
    """One camera of a payload."""

    thermal: Flags = ()
    """sees heat, not light"""
    pixels_horizontal: Counts = ()
    pixels_vertical: Counts = ()
    image_sensor_width: Metres = ()
    """of the part that the pixels cover"""
    image_sensor_height: Metres = ()
    focal_length: Metres = ()
