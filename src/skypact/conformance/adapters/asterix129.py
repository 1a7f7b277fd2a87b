"""ASTERIX category 129, edition 1.2."""

from __future__ import annotations

from skypact.conformance.adapters.state import UasState, nearest
from skypact.conformance.asterix.cat129 import Report, decode, encode

_DAY_S = 86_400.0
#: Radius of 95 % over radius of 50 % for a circular normal error: sqrt(ln 0.05 / ln 0.5).
_FROM_HALF_TO_95 = 2.0789
_LARGEST_M = 255
_SERIAL_OCTETS = 12


def read(data: bytes, heard_s: float) -> UasState:
    """A data block, heard at a time that tells its day. Raises ``NotOfCategoryError``."""
    report = decode(data[3:]).report
    serial = report.serial_number
    accuracy = report.position_accuracy_m
    return UasState(
        time_s=None if report.time_of_day_s is None else nearest(heard_s, report.time_of_day_s, _DAY_S),
        serial_number=serial.rstrip(b"\0").decode("ascii", "replace") if serial else None,
        latitude_deg=report.latitude_deg,
        longitude_deg=report.longitude_deg,
        altitude_amsl_m=report.altitude_amsl_m,
        height_agl_m=report.altitude_agl_m,
        east_m_s=report.east_m_s,
        north_m_s=report.north_m_s,
        climb_m_s=report.climb_m_s,
        horizontal_accuracy_m=accuracy * _FROM_HALF_TO_95 if accuracy else None,
        country=report.country,
        manufacturer=report.manufacturer,
        model=report.model,
        source=report.source,
        risk=report.risk,
    )


def write(state: UasState) -> bytes:
    """A data block. A serial number of more than 12 characters is left out: cut, it would be another one. So is a
    country that nobody said, although item 050 is mandatory: nothing is made up.

    Raises ``ValueError`` for a value that its item cannot hold, and for a state without position.
    """
    if state.latitude_deg is None or state.longitude_deg is None:
        raise ValueError("a record of category 129 needs a position")
    serial = state.serial_number
    half = None if state.horizontal_accuracy_m is None else state.horizontal_accuracy_m / _FROM_HALF_TO_95
    return encode(
        Report(
            source=state.source or (0, 0),
            manufacturer=state.manufacturer,
            model=state.model,
            serial_number=serial.encode("ascii") if serial and len(serial) <= _SERIAL_OCTETS else None,
            country=state.country,
            time_of_day_s=None if state.time_s is None else min(state.time_s % _DAY_S, _DAY_S - 1 / 128),
            latitude_deg=state.latitude_deg,
            longitude_deg=state.longitude_deg,
            altitude_amsl_m=state.altitude_amsl_m,
            altitude_agl_m=state.height_agl_m,
            position_accuracy_m=None if half is None else 0 if half > _LARGEST_M else max(1, round(half)),
            risk=state.risk,
            east_m_s=state.east_m_s,
            north_m_s=state.north_m_s,
            climb_m_s=state.climb_m_s,
        )
    )
