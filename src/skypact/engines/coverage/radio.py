"""How far a receiver hears an aircraft's transmitter."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike

from skypact.engines.coverage.terrain import Floats

_LIGHT = 299_792_458.0  # m/s


def path_loss_db(range_m: ArrayLike, frequency_hz: float) -> Floats:
    """Free-space path loss between isotropic antennas, dB, for ranges in metres (any shape, > 0).

    Source: Recommendation ITU-R P.525-4, equation 3. Raises ``ValueError`` for ranges or frequency not positive.
    """
    distance = np.asarray(range_m, dtype=np.float64)
    if not (frequency_hz > 0 and (distance > 0).all()):
        raise ValueError("range and frequency must be positive")
    return np.asarray(20.0 * np.log10(4.0 * math.pi * distance * frequency_hz / _LIGHT))


def link_range(
    *, radiated_dbm: float, sensitivity_dbm: float, frequency_hz: float, gain_db: float = 0.0, margin_db: float = 0.0
) -> float:
    """The range, metres, at which the received power falls to the receiver's sensitivity plus a margin.

    Friis 1946, "A note on a simple transmission formula", Proc. IRE 34(5). Line of sight is a matter of terrain and is
    asked elsewhere. Raises ``ValueError`` for a frequency that is not positive.
    """
    if not frequency_hz > 0:
        raise ValueError("frequency must be positive")
    allowed_db = radiated_dbm + gain_db - margin_db - sensitivity_dbm
    return float(_LIGHT / frequency_hz / (4.0 * math.pi) * 10.0 ** (allowed_db / 20.0))


def fresnel_radius(distance_m: ArrayLike, *, path_m: float, frequency_hz: float) -> Floats:
    """Radius of the first Fresnel zone, metres, at a distance from one end of a path (any shape).

    Source: Recommendation ITU-R P.526-15, equation 2. Raises ``ValueError`` for a place beyond the path.
    """
    place = np.asarray(distance_m, dtype=np.float64)
    if not (frequency_hz > 0 and path_m > 0 and (place >= 0).all() and (place <= path_m).all()):
        raise ValueError("distance_m must lie on the path; path and frequency must be positive")
    return np.asarray(np.sqrt(_LIGHT / frequency_hz * place * (path_m - place) / path_m))
