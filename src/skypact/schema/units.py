"""The closed set of units inside the house: SI, plus the units the trade never drops (deg, degC, Ah, Wh, rpm/V).

Other units are converted at the import border (``exchange``), never here. Sources: SI Brochure (BIPM, 9th ed.),
tables 2, 4 and 8; Ah and Wh as accepted by IEC 80000-6.
"""

from __future__ import annotations

from enum import StrEnum


class Unit(StrEnum):
    """A unit in which a claim's value is held."""

    METRE = "m"
    SQUARE_METRE = "m2"
    KILOGRAM = "kg"
    SECOND = "s"
    METRE_PER_SECOND = "m/s"
    HERTZ = "Hz"
    WATT = "W"
    VOLT = "V"
    OHM = "ohm"
    AMPERE = "A"
    AMPERE_HOUR = "Ah"
    WATT_HOUR = "Wh"
    DEGREE = "deg"
    CELSIUS = "degC"
    COUNT = "1"
    RPM_PER_VOLT = "rpm/V"
