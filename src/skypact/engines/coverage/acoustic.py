"""How far a microphone hears an aircraft through the noise of its surroundings."""

from __future__ import annotations

import math

#: dB/km at 10 °C and 70 % relative humidity by octave band, Hz: ISO 9613-2:1996, table 2.
_AIR_DB_KM = {63: 0.1, 125: 0.4, 250: 1.0, 500: 1.9, 1000: 3.7, 2000: 9.7, 4000: 32.8, 8000: 117.0}


def hearing_range(
    *,
    source_db: float,
    source_distance_m: float = 1.0,
    ambient_db: float,
    threshold_db: float = 0.0,
    band_hz: int = 500,
) -> float:
    """The range, metres, at which the aircraft's level in one octave band falls to ambient noise plus a threshold.

    Spherical spreading and absorption by air (ISO 9613-2:1996, equations 3, 7 and 8); ground effect, wind and
    obstacles are left out.

    Parameters
    ----------
    source_db : sound pressure level at ``source_distance_m``, dB re 20 µPa in the band
    ambient_db : noise in the same band
    threshold_db : by how much the detector needs the sound above the noise; negative for array or processing gain

    Returns 0 if the sound drowns even at ``source_distance_m``. Raises ``ValueError`` for an unknown band or a distance
    that is not positive.
    """
    if band_hz not in _AIR_DB_KM:
        raise ValueError(f"band_hz must be one of {', '.join(map(str, _AIR_DB_KM))}, is {band_hz}")
    if not source_distance_m > 0:
        raise ValueError(f"source_distance_m must be positive, is {source_distance_m}")
    absorption = _AIR_DB_KM[band_hz] / 1000.0

    def excess(distance: float) -> float:
        spread = 20.0 * math.log10(distance / source_distance_m) + absorption * (distance - source_distance_m)
        return source_db - spread - ambient_db - threshold_db

    if excess(source_distance_m) < 0:
        return 0.0
    low, high = source_distance_m, source_distance_m
    while excess(high) > 0:
        high *= 2
    while high - low > 1e-6 * high:
        middle = (low + high) / 2
        low, high = (middle, high) if excess(middle) > 0 else (low, middle)
    return low


def range_in_noise(range_m: float, *, added_db: float, band_hz: int = 500) -> float:
    """What is left of a hearing range, metres, where it is louder by ``added_db`` than where the range was stated.

    The detector needs the same sound above the noise, so the path may lose ``added_db`` less; spreading and
    absorption as in :func:`hearing_range`, whose reference distance of 1 m is the least range it speaks of: 0 below.
    Raises ``ValueError`` for an unknown band, a range that is negative, or noise that is.
    """
    if not (range_m >= 0 and added_db >= 0):
        raise ValueError(f"range_m and added_db must not be negative, are {range_m} and {added_db}")
    if added_db == 0:
        return range_m
    if range_m <= 1.0:
        return 0.0
    lost = 20.0 * math.log10(range_m) + _AIR_DB_KM[band_hz] / 1000.0 * (range_m - 1.0)
    return hearing_range(source_db=lost, ambient_db=added_db, band_hz=band_hz)
