"""Measured values as people write them ("5 km", "24.15 GHz"), turned into the unit a claim holds.

pint converts here, at the import border, and nowhere else. The result is rounded to twelve significant digits, so that
24.45 GHz becomes exactly 24450000000 Hz.
"""

from __future__ import annotations

import re
from functools import cache

import pint

from skypact.schema import Unit

_NUMBER = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,3})?")

#: Whether a text is a number and nothing else.
PLAIN_NUMBER = _NUMBER.fullmatch

#: One or two words of letters, ``km/h``, each perhaps squared; anything more is left to nobody's guess.
_UNIT = re.compile(r"[A-Za-zµμ°]{1,15}(?:²|\^?2)?(?:/[A-Za-zµμ°]{1,15}(?:²|\^?2)?)?")

_IN_PINT = {
    Unit.SQUARE_METRE: "m**2",
    Unit.AMPERE_HOUR: "A*h",
    Unit.WATT_HOUR: "W*h",
    Unit.COUNT: "dimensionless",
}

_EXAMPLES = {
    Unit.METRE: "350, 350 m, 5 km",
    Unit.SQUARE_METRE: "0.01, 0.01 m2, 100 cm2",
    Unit.KILOGRAM: "1.25, 1.25 kg, 900 g",
    Unit.SECOND: "90, 90 s, 40 min",
    Unit.METRE_PER_SECOND: "20, 20 m/s, 72 km/h",
    Unit.HERTZ: "24.15 GHz, 5800 MHz",
    Unit.WATT: "40, 40 W, 1.2 kW",
    Unit.VOLT: "22.2, 22.2 V",
    Unit.AMPERE: "30, 30 A",
    Unit.OHM: "0.012, 0.012 ohm, 12 mohm",
    Unit.AMPERE_HOUR: "22, 22 Ah, 22000 mAh",
    Unit.WATT_HOUR: "488, 488 Wh, 0.5 kWh",
    Unit.DEGREE: "120, 120 deg",
    Unit.CELSIUS: "-20, -20 degC, -4 degF",
    Unit.COUNT: "6",
    Unit.RPM_PER_VOLT: "380",
}

#: How a unit is written at the end of a column name (``mass_kg``, ``frequency_min_ghz``), and what it is in pint.
HEADER_UNITS: dict[Unit, dict[str, str]] = {
    Unit.METRE: {"m": "m", "km": "km", "cm": "cm", "mm": "mm", "ft": "ft", "mi": "mi", "nmi": "nmi"},
    Unit.SQUARE_METRE: {"m2": "m**2", "cm2": "cm**2"},
    Unit.KILOGRAM: {"kg": "kg", "g": "g", "lb": "lb", "oz": "oz"},
    Unit.SECOND: {"s": "s", "ms": "ms", "min": "min", "h": "h"},
    Unit.METRE_PER_SECOND: {"m_s": "m/s", "km_h": "km/h", "kn": "kn", "mph": "mph"},
    Unit.HERTZ: {"hz": "Hz", "khz": "kHz", "mhz": "MHz", "ghz": "GHz"},
    Unit.WATT: {"w": "W", "kw": "kW"},
    Unit.VOLT: {"v": "V"},
    Unit.AMPERE: {"a": "A"},
    Unit.OHM: {"ohm": "ohm", "mohm": "mohm"},
    Unit.AMPERE_HOUR: {"ah": "A*h", "mah": "mA*h"},
    Unit.WATT_HOUR: {"wh": "W*h", "kwh": "kW*h"},
    Unit.DEGREE: {"deg": "deg"},
    Unit.CELSIUS: {"degc": "degC", "degf": "degF"},
    Unit.COUNT: {"": "dimensionless"},
    Unit.RPM_PER_VOLT: {"rpm_v": "rpm/V"},
}


def in_pint(unit: Unit) -> str:
    """How pint spells ``unit``."""
    return _IN_PINT.get(unit, unit.value)


def accepted(unit: Unit) -> str:
    """What a cell of a claim held in ``unit`` may say, for an error message."""
    return f"a number, with a unit where it is not the column's: {_EXAMPLES[unit]}; or unknown"


def in_unit(text: str, unit: Unit, *, written_in: str | None = None) -> float:
    """The number ``text`` says, in ``unit``.

    ``written_in`` is the unit (pint's spelling) of a bare number; ``None`` means that it is ``unit``. Raises
    ``ValueError`` when ``text`` is no plain number, or its unit is unknown or of another dimension.
    """
    text = text.strip()
    number = _NUMBER.match(text)
    if number is None:
        raise ValueError("not a number")
    value, spelled = float(number[0]), text[number.end() :].strip()
    if spelled and not _UNIT.fullmatch(spelled):
        raise ValueError("not a number followed by a unit")
    target = in_pint(unit)
    source = _spelled_for_pint(spelled) if spelled else (written_in or target)
    if source == target:
        return value
    try:
        converted = _registry().Quantity(value, source).m_as(target)
    except (pint.PintError, ArithmeticError, AssertionError, AttributeError, TypeError):
        # pint reads units as expressions, and some words ("in^nan", a squared degF) break it in its own ways.
        raise ValueError(f"{spelled or source} is no unit of this kind") from None
    return float(f"{converted:.12g}")


def _spelled_for_pint(unit: str) -> str:
    return {"m2": "m**2", "cm2": "cm**2", "Ah": "A*h", "mAh": "mA*h", "Wh": "W*h", "kWh": "kW*h", "NM": "nmi"}.get(
        unit, unit.replace("²", "**2").replace("^2", "**2")
    )


@cache
def _registry() -> pint.UnitRegistry[float]:
    return pint.UnitRegistry(cache_folder=None)
