"""One unmanned aircraft at one moment, in SI units: everything that the formats say between them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class UasState:
    """``None`` for what a message does not say."""

    time_s: float | None = None
    """Seconds since 1970, UTC."""
    serial_number: str | None = None
    """Of CTA-2063-A where it comes from Remote ID."""
    ua_type: int | None = None
    """Code of F3411."""
    status: int | None = None
    """Code of F3411: undeclared, ground, airborne, emergency, failure of Remote ID."""
    latitude_deg: float | None = None
    longitude_deg: float | None = None
    altitude_hae_m: float | None = None
    """Above the ellipsoid of WGS 84."""
    altitude_amsl_m: float | None = None
    """Above mean sea level."""
    pressure_altitude_m: float | None = None
    height_agl_m: float | None = None
    """Above ground."""
    height_takeoff_m: float | None = None
    """Above the place of take-off."""
    east_m_s: float | None = None
    north_m_s: float | None = None
    climb_m_s: float | None = None
    horizontal_accuracy_m: float | None = None
    """Radius of the circle that holds 95 % of positions."""
    vertical_accuracy_m: float | None = None
    speed_accuracy_m_s: float | None = None
    operator_id: str | None = None
    operator_latitude_deg: float | None = None
    operator_longitude_deg: float | None = None
    operator_altitude_m: float | None = None
    description: str | None = None
    country: str | None = None
    """Of registration, ISO 3166-1."""
    manufacturer: str | None = None
    model: str | None = None
    source: tuple[int, int] | None = None
    """SAC and SIC of ASTERIX."""
    risk: tuple[int, int, int] | None = None
    """Codes of ASTERIX I129/120."""


def nearest(heard_s: float, within_s: float, period_s: float) -> float:
    """The moment nearest to ``heard_s`` that lies ``within_s`` after the start of a period (an hour, a day)."""
    start = heard_s - heard_s % period_s + within_s
    return min((start - period_s, start, start + period_s), key=lambda one: abs(one - heard_s))
