"""The catalogue's words in the reader's language: fields, categories, sensor kinds, and values with their units."""

from __future__ import annotations

from collections.abc import Sequence

from babel import Locale
from django.utils.translation import get_language, gettext_lazy, pgettext_lazy
from django.utils.translation import gettext as _

from skypact.schema import (
    AirframeKind,
    Category,
    DocumentKind,
    Grade,
    Port,
    PortKind,
    PortRole,
    Provenance,
    SensingTask,
    SensorKind,
    Unit,
)
from skypact.seed import threats

FAMILIES = {
    "sensor": gettext_lazy("Sensors"),
    "defeat": gettext_lazy("Defeat equipment"),
    "c2": gettext_lazy("Command and control"),
    "gateway": gettext_lazy("Gateways"),
    "adapter": gettext_lazy("Adapters"),
    "aircraft": gettext_lazy("Unmanned aircraft"),
    "battery": gettext_lazy("Batteries"),
    "charger": gettext_lazy("Chargers"),
    "power": gettext_lazy("Power supplies"),
    "mount": gettext_lazy("Mounts and masts"),
    "radio": gettext_lazy("Radios"),
    "network": gettext_lazy("Network equipment"),
    "spare": gettext_lazy("Spare parts"),
    "service": gettext_lazy("Services"),
    "propulsion": gettext_lazy("Propulsion"),
    "payload": gettext_lazy("Payloads"),
    "supply": gettext_lazy("Items of supply"),
}

CATEGORIES = {
    Category.RADAR: gettext_lazy("Radar"),
    Category.PASSIVE_RF: gettext_lazy("Passive RF sensor"),
    Category.CAMERA: gettext_lazy("Camera"),
    Category.ACOUSTIC: gettext_lazy("Acoustic sensor"),
    Category.LIDAR: gettext_lazy("Lidar"),
    Category.REMOTE_ID: gettext_lazy("Remote ID receiver"),
    Category.MULTI_SENSOR: gettext_lazy("Multi-sensor system"),
    Category.JAMMER: gettext_lazy("Jammer"),
    Category.CYBER: gettext_lazy("Cyber takeover"),
    Category.NET: gettext_lazy("Net capture"),
    Category.LASER: gettext_lazy("Laser"),
    Category.RF_DIRECTED_ENERGY: gettext_lazy("RF directed energy"),
    Category.C2: gettext_lazy("Command and control"),
    Category.GATEWAY: gettext_lazy("Gateway"),
    Category.ADAPTER: gettext_lazy("Adapter"),
    Category.AIRCRAFT: gettext_lazy("Unmanned aircraft"),
    Category.BATTERY: gettext_lazy("Battery"),
    Category.CHARGER: gettext_lazy("Charger"),
    Category.POWER: gettext_lazy("Power supply"),
    Category.MOUNT: gettext_lazy("Mount"),
    Category.RADIO: gettext_lazy("Radio"),
    Category.NETWORK: gettext_lazy("Network"),
    Category.SPARE: gettext_lazy("Spare part"),
    Category.SERVICE: gettext_lazy("Service"),
    Category.MOTOR: gettext_lazy("Motor"),
    Category.SPEED_CONTROLLER: gettext_lazy("Speed controller"),
    Category.PAYLOAD_CAMERA: gettext_lazy("Camera for unmanned aircraft"),
    Category.SUPPLY: gettext_lazy("Item of supply"),
}

SENSOR_KINDS = {
    SensorKind.RADAR: gettext_lazy("Radar"),
    SensorKind.PASSIVE_RF: gettext_lazy("Passive RF sensor"),
    SensorKind.CAMERA: gettext_lazy("Camera"),
    SensorKind.ACOUSTIC: gettext_lazy("Acoustic sensor"),
    SensorKind.LIDAR: gettext_lazy("Lidar"),
    SensorKind.REMOTE_ID: gettext_lazy("Remote ID receiver"),
}

GRADES = {
    Grade.STATED: gettext_lazy("Stated"),
    Grade.DOCUMENTED: gettext_lazy("Documented"),
    Grade.TESTED: gettext_lazy("Tested"),
    Grade.FIELDED: gettext_lazy("Fielded"),
}

PROVENANCES = {
    Provenance.SOURCE: gettext_lazy("read from the source"),
    Provenance.DERIVED: gettext_lazy("computed from the source"),
    Provenance.SYNTHETIC: gettext_lazy("synthetic"),
    Provenance.USER: gettext_lazy("entered by a user"),
}

TASKS = {
    SensingTask.DETECT: gettext_lazy("detect"),
    SensingTask.TRACK: gettext_lazy("track"),
    SensingTask.CLASSIFY: gettext_lazy("classify"),
    SensingTask.IDENTIFY: gettext_lazy("identify"),
}

AIRFRAMES = {
    AirframeKind.MULTIROTOR: gettext_lazy("Multirotor"),
    AirframeKind.FIXED_WING: gettext_lazy("Fixed wing"),
    AirframeKind.VTOL: gettext_lazy("Vertical take-off, fixed wing"),
    AirframeKind.HELICOPTER: gettext_lazy("Helicopter"),
    AirframeKind.AEROSTAT: gettext_lazy("Aerostat"),
}

DOCUMENT_KINDS = {
    DocumentKind.TEST_REPORT: gettext_lazy("Test report"),
    DocumentKind.TRAINING: gettext_lazy("Training material"),
    DocumentKind.MANUAL: gettext_lazy("Manual"),
    DocumentKind.DATA_SHEET: gettext_lazy("Data sheet"),
    DocumentKind.CERTIFICATE: gettext_lazy("Certificate"),
}

PORT_KINDS = {
    PortKind.DATA: gettext_lazy("Data"),
    PortKind.POWER: pgettext_lazy("port", "Power"),
    PortKind.MECHANICAL: gettext_lazy("Mechanical"),
    PortKind.RF: gettext_lazy("Radio frequency"),
    PortKind.TIME: gettext_lazy("Time"),
    PortKind.POSITION: gettext_lazy("Position"),
}

PORT_ROLES = {
    PortRole.PROVIDES: gettext_lazy("provides"),
    PortRole.CONSUMES: gettext_lazy("consumes"),
    PortRole.PEER: gettext_lazy("either way"),
}

#: Every field of the schema that holds claims, by its name.
FIELDS = {
    "mass": gettext_lazy("Mass"),
    "length": gettext_lazy("Length"),
    "width": gettext_lazy("Width"),
    "height": gettext_lazy("Height"),
    "power_draw": gettext_lazy("Power draw"),
    "ingress_protection": gettext_lazy("Ingress protection"),
    "temperature_min": gettext_lazy("Lowest operating temperature"),
    "temperature_max": gettext_lazy("Highest operating temperature"),
    "decodes_content": gettext_lazy("Reads the content of radio traffic"),
    "target_rcs": gettext_lazy("Radar cross-section of the target"),
    "range": gettext_lazy("Range"),
    "range_min": gettext_lazy("Blind range"),
    "azimuth_coverage": gettext_lazy("Azimuth coverage"),
    "elevation_min": gettext_lazy("Lowest elevation angle"),
    "elevation_max": gettext_lazy("Highest elevation angle"),
    "frequency_min": gettext_lazy("Lowest frequency"),
    "frequency_max": gettext_lazy("Highest frequency"),
    "locates": gettext_lazy("Gives a position"),
    "emits": gettext_lazy("Transmits"),
    "tracks_max": gettext_lazy("Tracks at once"),
    "update_interval": gettext_lazy("Update interval"),
    "chemistry": gettext_lazy("Chemistry"),
    "cells_series": gettext_lazy("Cells in series"),
    "cells_parallel": gettext_lazy("Cells in parallel"),
    "voltage_nominal": gettext_lazy("Nominal voltage"),
    "voltage_min": gettext_lazy("Lowest voltage"),
    "voltage_max": gettext_lazy("Highest voltage"),
    "capacity": gettext_lazy("Capacity"),
    "energy": gettext_lazy("Energy"),
    "current_continuous": gettext_lazy("Continuous current"),
    "current_peak": gettext_lazy("Peak current"),
    "connector": gettext_lazy("Connector"),
    "balance_connector": gettext_lazy("Balance connector"),
    "data_protocol": gettext_lazy("Data protocol"),
    "temperature_discharge_min": gettext_lazy("Lowest discharge temperature"),
    "temperature_discharge_max": gettext_lazy("Highest discharge temperature"),
    "un38_3": gettext_lazy("Passed UN 38.3 transport tests"),
    "cell_origin": gettext_lazy("Origin of the cells"),
    "takeoff_mass_max": gettext_lazy("Greatest take-off mass"),
    "payload_max": gettext_lazy("Greatest payload"),
    "endurance": gettext_lazy("Endurance"),
    "speed_max": gettext_lazy("Greatest speed"),
    "link_range": gettext_lazy("Radio link range"),
    "wind_max": gettext_lazy("Strongest wind"),
    "battery": gettext_lazy("Battery pack"),
    "battery_voltage": gettext_lazy("Battery voltage"),
    "battery_capacity": gettext_lazy("Battery capacity"),
    "battery_energy": gettext_lazy("Battery energy"),
    "sensors_max": gettext_lazy("Sensors connected at once"),
    "internal_resistance": gettext_lazy("Internal resistance"),
    "polarity": gettext_lazy("Polarity"),
    "pinout": gettext_lazy("Contacts"),
    "data_dialect": gettext_lazy("Dialect of the data protocol"),
    "firmware": gettext_lazy("Firmware"),
    "charge_current_max": gettext_lazy("Greatest charging current"),
    "charge_profile": gettext_lazy("Charging profile"),
    "temperature_charge_min": gettext_lazy("Lowest charging temperature"),
    "temperature_charge_max": gettext_lazy("Highest charging temperature"),
    "cell_maker": gettext_lazy("Maker of the cells"),
    "cells_min": gettext_lazy("Fewest cells in series"),
    "cells_max": gettext_lazy("Most cells in series"),
    "current_max": gettext_lazy("Greatest current"),
    "power_max": gettext_lazy("Greatest power"),
    "battery_count": gettext_lazy("Battery packs flown at once"),
    "battery_voltage_min": gettext_lazy("Lowest battery voltage"),
    "battery_voltage_max": gettext_lazy("Highest battery voltage"),
    "battery_mass_max": gettext_lazy("Greatest mass of a battery pack"),
    "battery_length": gettext_lazy("Length of the battery bay"),
    "battery_width": gettext_lazy("Width of the battery bay"),
    "battery_height": gettext_lazy("Height of the battery bay"),
    "battery_connector": gettext_lazy("Battery connector"),
    "battery_polarity": gettext_lazy("Battery polarity"),
    "battery_pinout": gettext_lazy("Battery contacts"),
    "battery_protocol": gettext_lazy("Battery data protocol"),
    "battery_dialect": gettext_lazy("Dialect of the battery data protocol"),
    "battery_firmware": gettext_lazy("Battery firmware accepted"),
    "mass_without_battery": gettext_lazy("Mass without battery"),
    "hover_power": gettext_lazy("Power in hover"),
    "peak_power": gettext_lazy("Power at full throttle"),
    "speed_constant": gettext_lazy("Speed constant"),
    "poles": gettext_lazy("Poles"),
    "current_no_load": gettext_lazy("No-load current"),
    "winding_resistance": gettext_lazy("Winding resistance"),
    "thermal": gettext_lazy("Sees heat"),
    "pixels_horizontal": gettext_lazy("Pixels across"),
    "pixels_vertical": gettext_lazy("Pixels down"),
    "image_sensor_width": gettext_lazy("Width of the image sensor"),
    "image_sensor_height": gettext_lazy("Height of the image sensor"),
    "focal_length": gettext_lazy("Focal length"),
}

_SCALES: dict[Unit, tuple[tuple[float, str], ...]] = {
    Unit.METRE: ((1000, "km"), (1, "m"), (0.01, "cm"), (0.001, "mm")),
    Unit.SQUARE_METRE: ((1, "m²"),),
    Unit.KILOGRAM: ((1, "kg"), (0.001, "g")),
    Unit.SECOND: ((3600, "h"), (60, "min"), (1, "s"), (0.001, "ms")),
    Unit.METRE_PER_SECOND: ((1, "m/s"),),
    Unit.HERTZ: ((1e9, "GHz"), (1e6, "MHz"), (1e3, "kHz"), (1, "Hz")),
    Unit.WATT: ((1000, "kW"), (1, "W"), (0.001, "mW")),
    Unit.VOLT: ((1, "V"),),
    Unit.AMPERE: ((1, "A"),),
    Unit.AMPERE_HOUR: ((1, "Ah"),),
    Unit.OHM: ((1, "Ω"), (0.001, "mΩ")),
    Unit.WATT_HOUR: ((1, "Wh"),),
    Unit.DEGREE: ((1, "°"),),
    Unit.CELSIUS: ((1, "°C"),),
    Unit.COUNT: ((1, ""),),
    Unit.RPM_PER_VOLT: ((1, "rpm/V"),),
}


def threat_name(identifier: str) -> str:
    """The name of a threat class in the reader's language; its id where it is none of the built-in ones."""
    korean = get_language() == "ko"
    known = {threat.id: threat.name_ko if korean else threat.name for threat in threats()}
    return known.get(identifier, identifier)


def nation_name(code: str) -> str:
    """The country that ISO 3166-1 calls ``code``, in the reader's language; the code itself where there is none."""
    if not code:
        return _("nation unknown")
    return Locale.parse(get_language() or "en").territories.get(code, code)


def quantity(value: float, unit: Unit) -> str:
    """``value`` with the multiple of its unit that reads best: ``5 km``, ``24.15 GHz``, ``-20 °C``."""
    scales = _SCALES[unit]
    fitting = (scale for scale in scales if (abs(value) >= scale[0] if value else scale[0] == 1))
    factor, name = next(fitting, scales[-1])
    number = f"{value / factor:.6g}"
    if "e" in number:
        number = f"{value / factor:,.0f}"
    return number + ("" if name in ("", "°") else " ") + name


def quantities(values: Sequence[float], unit: Unit) -> list[str]:
    """``values`` in the one multiple of their unit in which the greatest reads best, and to the same decimals."""
    scales = _SCALES[unit]
    greatest = max(map(abs, values))
    fitting = (scale for scale in scales if (greatest >= scale[0] if greatest else scale[0] == 1))
    factor, name = next(fitting, scales[-1])
    shown = [f"{value / factor:.6g}" for value in values]
    if any("e" in number for number in shown):
        return [quantity(value, unit) for value in values]
    decimals = max(len(number.partition(".")[2]) for number in shown)
    space = "" if name in ("", "°") else " "
    return [f"{value / factor:.{decimals}f}{space}{name}" for value in values]


def value_text(value: float | str | bool | None, unit: Unit | None) -> str:
    """A claim's value for people."""
    if value is None:
        return _("unknown")
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return value if isinstance(value, str) else quantity(value, unit or Unit.COUNT)


def port_details(port: Port) -> list[str]:
    """What is known of a port beyond its standard and role."""
    known = port.attributes
    details = [text for text in (known.transport, known.connector, known.current) if text]
    details += _window(known.voltage_min_v, known.voltage_max_v, Unit.VOLT)
    details += _window(known.frequency_min_hz, known.frequency_max_hz, Unit.HERTZ)
    if known.power_max_w is not None:
        details.append(_("at most %(value)s") % {"value": quantity(known.power_max_w, Unit.WATT)})
    if known.load_max_kg is not None:
        details.append(_("carries %(value)s") % {"value": quantity(known.load_max_kg, Unit.KILOGRAM)})
    if known.connections_max is not None:
        details.append(_("%(count)s connections") % {"count": known.connections_max})
    return details


def _window(low: float | None, high: float | None, unit: Unit) -> list[str]:
    if low is None and high is None:
        return []
    if low == high and low is not None:
        return [quantity(low, unit)]
    ends = [_("unknown") if end is None else quantity(end, unit) for end in (low, high)]
    return [_("%(low)s to %(high)s") % {"low": ends[0], "high": ends[1]}]
