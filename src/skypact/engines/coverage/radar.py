"""How probably a radar notices a target: range equation, fluctuating target, weather, calibration to a stated range."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from skypact.engines.coverage.attenuation import gas_attenuation, most_rain_attenuation
from skypact.engines.coverage.terrain import Floats

_BOLTZMANN = 1.380649e-23  # J/K, SI Brochure (9th ed.)
_LIGHT = 299_792_458.0  # m/s

#: False alarms a look, and probability of detection, that a stated range is taken to mean where it does not tell.
FALSE_ALARM = 1e-6
STATED_PROBABILITY = 0.9


def detection_probability(snr_db: ArrayLike, *, false_alarm: float = FALSE_ALARM) -> Floats:
    """Probability of detection by one look at a Swerling 1 target, for a signal-to-noise ratio in dB (any shape).

    ``Pd = Pfa ** (1 / (1 + SNR))``: Skolnik 2008, "Radar handbook", 3rd ed., ch. 7; Mahafza 2000, "Radar systems
    analysis and design using MATLAB", ch. 2. Raises ``ValueError`` unless 0 < false_alarm < 1.
    """
    if not 0 < false_alarm < 1:
        raise ValueError(f"false_alarm must lie between 0 and 1, is {false_alarm}")
    snr = 10.0 ** (np.asarray(snr_db, dtype=np.float64) / 10.0)
    return np.asarray(false_alarm ** (1.0 / (1.0 + snr)))


def required_snr_db(probability: float, *, false_alarm: float = FALSE_ALARM) -> float:
    """The inverse of :func:`detection_probability`. Raises ``ValueError`` unless false_alarm < probability < 1."""
    if not 0 < false_alarm < probability < 1:
        raise ValueError(f"need 0 < false_alarm < probability < 1, not {false_alarm} and {probability}")
    return 10.0 * math.log10(math.log(false_alarm) / math.log(probability) - 1.0)


@dataclass(frozen=True)
class Transmitter:
    """The figures of a radar that the range equation needs. Noise figure and losses in dB."""

    power_w: float
    gain_db: float
    frequency_hz: float
    bandwidth_hz: float
    noise_figure_db: float
    losses_db: float = 0.0
    temperature_k: float = 290.0


def snr_db(radar: Transmitter, *, range_m: ArrayLike, rcs_m2: float) -> Floats:
    """Signal-to-noise ratio of one look by the radar range equation, dB; clear air without loss.

    Source: Mahafza 2000, equation 1.56. Raises ``ValueError`` for a cross-section or range that is not positive.
    """
    distance = np.asarray(range_m, dtype=np.float64)
    if not rcs_m2 > 0 or not (distance > 0).all():
        raise ValueError("range and radar cross-section must be positive")
    wavelength = _LIGHT / radar.frequency_hz
    noise = _BOLTZMANN * radar.temperature_k * radar.bandwidth_hz
    fixed = radar.power_w * wavelength**2 * rcs_m2 / ((4 * math.pi) ** 3 * noise)
    decibels = 10 * math.log10(fixed) + 2 * radar.gain_db - radar.noise_figure_db - radar.losses_db
    return np.asarray(decibels - 40.0 * np.log10(distance))


def calibrated_probability(
    range_m: ArrayLike,
    *,
    stated_range_m: float,
    rcs_ratio: float = 1.0,
    frequency_hz: float | None = None,
    rain_mm_h: float = 0.0,
    clutter_margin_db: float = 0.0,
    stated_probability: float = STATED_PROBABILITY,
    false_alarm: float = FALSE_ALARM,
) -> Floats:
    """Probability of detection at ranges in metres (any shape), calibrated to one stated range.

    The radar is taken to reach ``stated_probability`` at ``stated_range_m`` in clear air; its unknown power, gain and
    losses then cancel out, and what remains is the range equation's fourth power.

    Parameters
    ----------
    rcs_ratio : the target's radar cross-section over that of the stated range's target
    frequency_hz : needed for rain and gas; ``None`` leaves weather out, and then ``rain_mm_h`` must be 0
    rain_mm_h : rain rate over the whole path; of the polarisations, which nobody states, the one that loses more counts
    clutter_margin_db : what ground clutter is taken to cost

    Raises ``ValueError`` for values out of bounds.
    """
    distance = np.asarray(range_m, dtype=np.float64)
    if not (stated_range_m > 0 and rcs_ratio > 0 and rain_mm_h >= 0 and clutter_margin_db >= 0):
        raise ValueError("stated_range_m and rcs_ratio must be positive, rain_mm_h and clutter_margin_db not negative")
    if frequency_hz is None and rain_mm_h > 0:
        raise ValueError("rain needs frequency_hz")
    with np.errstate(divide="ignore"):
        snr = required_snr_db(stated_probability, false_alarm=false_alarm) - 40.0 * np.log10(distance / stated_range_m)
    snr += 10.0 * math.log10(rcs_ratio) - clutter_margin_db
    if frequency_hz is not None:
        gas = gas_attenuation(frequency_hz)
        rain = most_rain_attenuation(frequency_hz, rain_mm_h)
        snr -= 2.0 * ((gas + rain) * distance - gas * stated_range_m) / 1000.0
    return detection_probability(snr, false_alarm=false_alarm)


def range_in_weather(stated_range_m: float, *, frequency_hz: float, rain_mm_h: float, rcs_ratio: float = 1.0) -> float:
    """The range, metres, at which the stated probability is kept in weather; never beyond the stated range.

    Found by bisection to a millimetre; see :func:`calibrated_probability`.
    """

    def kept(range_m: float) -> bool:
        reached = calibrated_probability(
            range_m, stated_range_m=stated_range_m, rcs_ratio=rcs_ratio, frequency_hz=frequency_hz, rain_mm_h=rain_mm_h
        )
        return bool(reached >= STATED_PROBABILITY - 1e-12)

    if kept(stated_range_m):
        return stated_range_m
    low, high = 0.0, stated_range_m
    while high - low > 1e-3:
        middle = (low + high) / 2
        low, high = (middle, high) if kept(middle) else (low, middle)
    return low
