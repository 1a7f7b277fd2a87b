"""What a quantity in a search means: "radar 5 km 24 GHz" asks for a range and a frequency.

A reach, an endurance or a coverage is asked for as the least that will do; a mass, a power draw or a lead time as the
most. What batteries are named by (cells, volts, ampere-hours) is asked for as about that much.
"""

from __future__ import annotations

from skypact.engines.search import Condition, Measure

_FREQUENCY = {"Hz": 1.0, "kHz": 1e3, "MHz": 1e6, "GHz": 1e9, "메가헤르츠": 1e6, "기가헤르츠": 1e9}


def _at_least(*names: str) -> tuple[tuple[Condition, ...], ...]:
    return tuple((Condition(name, "at_least"),) for name in names)


def _at_most(*names: str) -> tuple[tuple[Condition, ...], ...]:
    return tuple((Condition(name, "at_most"),) for name in names)


def _about(name: str, tolerance: float) -> tuple[tuple[Condition, ...], ...]:
    return ((Condition(name, "about", tolerance),),)


MEASURES: tuple[Measure, ...] = (
    Measure({"km": 1e3, "m": 1.0, "킬로미터": 1e3, "미터": 1.0}, _at_least("range", "link_range")),
    Measure(
        _FREQUENCY,
        (
            # a band of 24.05 to 24.25 GHz is what the trade calls 24 GHz
            (Condition("lowest_frequency", "at_most", 0.02), Condition("highest_frequency", "at_least", 0.02)),
            (Condition("lowest_frequency", "about", 0.02),),
        ),
    ),
    Measure({"S": 1.0, "셀": 1.0}, _about("cells", 0.0)),
    Measure({"V": 1.0, "볼트": 1.0}, _about("voltage", 0.03)),
    Measure({"Ah": 1.0, "mAh": 1e-3}, _about("capacity", 0.05)),
    Measure({"Wh": 1.0, "kWh": 1e3}, _about("energy", 0.05)),
    Measure({"kg": 1.0, "g": 1e-3, "킬로그램": 1.0, "그램": 1e-3}, _at_most("mass", "takeoff_mass")),
    Measure({"W": 1.0, "kW": 1e3, "와트": 1.0}, _at_most("power_draw")),
    Measure({"min": 60.0, "h": 3600.0, "분": 60.0, "시간": 3600.0}, _at_least("endurance")),
    Measure({"°": 1.0, "deg": 1.0}, _at_least("azimuth")),
    Measure({"days": 1.0, "day": 1.0, "일": 1.0}, _at_most("lead_time")),
)
