"""What rain and air take from a radio wave on its way."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike

from skypact.engines.coverage.terrain import Floats

#: Recommendation ITU-R P.838-3, tables 1 to 4: a, b, c of each Gaussian term, then slope m and constant c.
_K_HORIZONTAL = (
    (
        (-5.33980, -0.10008, 1.13098),
        (-0.35351, 1.26970, 0.45400),
        (-0.23789, 0.86036, 0.15354),
        (-0.94158, 0.64552, 0.16817),
    ),
    -0.18961,
    0.71147,
)
_K_VERTICAL = (
    (
        (-3.80595, 0.56934, 0.81061),
        (-3.44965, -0.22911, 0.51059),
        (-0.39902, 0.73042, 0.11899),
        (0.50167, 1.07319, 0.27195),
    ),
    -0.16398,
    0.63297,
)
_ALPHA_HORIZONTAL = (
    (
        (-0.14318, 1.82442, -0.55187),
        (0.29591, 0.77564, 0.19822),
        (0.32177, 0.63773, 0.13164),
        (-5.37610, -0.96230, 1.47828),
        (16.1721, -3.29980, 3.43990),
    ),
    0.67849,
    -1.95537,
)
_ALPHA_VERTICAL = (
    (
        (-0.07771, 2.33840, -0.76284),
        (0.56727, 0.95545, 0.54039),
        (-0.20238, 1.14520, 0.26809),
        (-48.2991, 0.791669, 0.116226),
        (48.5833, 0.791459, 0.116479),
    ),
    -0.053739,
    0.83433,
)

#: GHz and dB/km at 1013.25 hPa, 15 °C and 7.5 g/m³ of water vapour: ITU-R P.676-12, annex 1, line by line.
_GAS = (
    (1, 0.0054396),
    (2, 0.0069204),
    (3, 0.0075388),
    (5, 0.0087139),
    (7, 0.010351),
    (9, 0.012684),
    (10, 0.014199),
    (12, 0.018234),
    (14, 0.024473),
    (16, 0.035316),
    (18, 0.057513),
    (20, 0.10893),
    (21, 0.15043),
    (22, 0.18734),
    (22.235, 0.19227),
    (23, 0.19429),
    (24, 0.17316),
    (25, 0.14623),
    (26, 0.12503),
    (28, 0.10176),
    (30, 0.093825),
    (32, 0.093619),
    (35, 0.10146),
    (40, 0.13109),
    (45, 0.19348),
    (50, 0.38843),
    (52, 0.73748),
    (54, 2.3389),
    (56, 7.1911),
    (58, 12.498),
    (60, 14.778),
    (62, 14.161),
    (64, 7.0204),
    (66, 2.1542),
    (68, 0.80502),
    (70, 0.51399),
    (75, 0.36255),
    (77, 0.34804),
    (80, 0.34237),
    (85, 0.35462),
    (90, 0.38084),
    (95, 0.41569),
    (100, 0.45806),
)


def rain_attenuation(frequency_hz: float, rain_mm_h: ArrayLike, *, vertical: bool = True) -> Floats:
    """Specific attenuation by rain on a level path, dB/km (one way).

    ``rain_mm_h`` is the rain rate, any shape, ≥ 0. Source: Recommendation ITU-R P.838-3 (2005), equations 1 to 3.
    Raises ``ValueError`` outside 1 to 1000 GHz or for negative rain.
    """
    rain = np.asarray(rain_mm_h, dtype=np.float64)
    if not 1e9 <= frequency_hz <= 1e12:
        raise ValueError(f"rain attenuation holds from 1 to 1000 GHz, not at {frequency_hz / 1e9:g} GHz")
    if (rain < 0).any():
        raise ValueError("rain must not be negative")
    k, alpha = rain_coefficients(frequency_hz, vertical=vertical)
    return np.asarray(k * rain**alpha)


def most_rain_attenuation(frequency_hz: float, rain_mm_h: float) -> float:
    """:func:`rain_attenuation` of the polarisation that loses more: horizontal, but for light rain near 4 GHz."""
    return max(float(rain_attenuation(frequency_hz, rain_mm_h, vertical=vertical)) for vertical in (True, False))


def rain_coefficients(frequency_hz: float, *, vertical: bool) -> tuple[float, float]:
    """k and α of ITU-R P.838-3 for linear polarisation on a level path."""
    log_ghz = math.log10(frequency_hz / 1e9)
    k = _fitted(_K_VERTICAL if vertical else _K_HORIZONTAL, log_ghz)
    return 10.0**k, _fitted(_ALPHA_VERTICAL if vertical else _ALPHA_HORIZONTAL, log_ghz)


def _fitted(terms: tuple[tuple[tuple[float, float, float], ...], float, float], log_ghz: float) -> float:
    gaussians, slope, constant = terms
    return sum(a * math.exp(-(((log_ghz - b) / c) ** 2)) for a, b, c in gaussians) + slope * log_ghz + constant


def gas_attenuation(frequency_hz: float) -> float:
    """Specific attenuation by dry air and water vapour near the ground, dB/km (one way).

    Between the tabulated frequencies its logarithm is joined linearly (within 2 % but for the oxygen lines from 50 to
    70 GHz). Source: Recommendation ITU-R P.676-12 (2019), annex 1. Raises ``ValueError`` outside 1 to 100 GHz.
    """
    if not 1e9 <= frequency_hz <= 1e11:
        raise ValueError(f"gas attenuation is tabulated from 1 to 100 GHz, not at {frequency_hz / 1e9:g} GHz")
    ghz, loss = zip(*_GAS, strict=True)
    return float(np.exp(np.interp(frequency_hz / 1e9, ghz, np.log(loss))))


def most_attenuated(low_hz: float, high_hz: float, rain_mm_h: float) -> float | None:
    """The frequency between two others at which rain and air together take most, Hz.

    Losses rise with frequency below 1 GHz, so that 1 GHz stands for everything below. ``None`` above 100 GHz, for
    which no losses are tabulated. Raises ``ValueError`` for negative rain.
    """
    if high_hz > 1e11:
        return None
    low, high = max(low_hz, 1e9), max(high_hz, 1e9)
    between = [ghz * 1e9 for ghz, _ in _GAS if low < ghz * 1e9 < high]
    return max((low, *between, high), key=lambda hz: gas_attenuation(hz) + most_rain_attenuation(hz, rain_mm_h))
