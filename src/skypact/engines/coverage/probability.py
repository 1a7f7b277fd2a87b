"""From a detection range and its evidence to a probability of detection at any distance."""

from __future__ import annotations

import math
from datetime import date

import numpy as np
from numpy.typing import ArrayLike

from skypact.engines.coverage.acoustic import range_in_noise
from skypact.engines.coverage.attenuation import most_attenuated
from skypact.engines.coverage.detection import DetectionRange
from skypact.engines.coverage.optical import contrast_range, ratio_probability
from skypact.engines.coverage.radar import STATED_PROBABILITY, calibrated_probability
from skypact.engines.coverage.terrain import Floats
from skypact.schema import Sensor, SensorKind, Sentence, Weather, figure, sentence

CLEAR = Weather()
_CAMERAS = (SensorKind.CAMERA, SensorKind.LIDAR)


def probability_of_detection(
    found: DetectionRange,
    kind: SensorKind,
    slant_m: ArrayLike,
    *,
    weather: Weather = CLEAR,
    frequency_hz: float | None = None,
) -> Floats:
    """Probability that one look detects the target, for slant ranges in metres (any shape), calibrated to ``found``.

    - radar: the range means a probability of 0.9; fluctuating target, fourth power, rain and gas where
      ``frequency_hz`` is known (:mod:`skypact.engines.coverage.radar`)
    - camera, lidar: the range means a probability of one half, as Johnson's criteria do, for an observer who looks
      there; 0 beyond what the visibility allows (:mod:`skypact.engines.coverage.optical`)
    - microphone: 0.9 within the range, which added noise shortens (:mod:`skypact.engines.coverage.acoustic`)
    - receivers: 0.9 within the range and 0 beyond; nobody states a law in between, and rain of 30 mm/h takes
      0.1 dB/km at 6 GHz and less below (ITU-R P.838-3)

    It never rises with the distance. An unknown range gives 0 everywhere, and so does weather in which nothing is
    known (:func:`unsettled_by_weather`): unknown never turns into yes.
    """
    distance = np.asarray(slant_m, dtype=np.float64)
    if not found.range_m or unsettled_by_weather(kind, weather, frequency_hz) is not None:
        return np.zeros(distance.shape)
    if kind is SensorKind.RADAR:
        return calibrated_probability(
            distance, stated_range_m=found.range_m, frequency_hz=frequency_hz, rain_mm_h=weather.rain_mm_h
        )
    if kind in _CAMERAS:
        with np.errstate(divide="ignore"):
            looked = ratio_probability(found.range_m / distance)
        if weather.visibility_m is None:
            return looked
        return np.where(distance <= contrast_range(weather.visibility_m), looked, 0.0)
    reach = found.range_m
    if kind is SensorKind.ACOUSTIC:
        reach = range_in_noise(reach, added_db=weather.added_noise_db)
    return np.where(distance <= reach, STATED_PROBABILITY, 0.0)


def probable_range(
    found: DetectionRange,
    kind: SensorKind,
    probability: float,
    *,
    weather: Weather = CLEAR,
    frequency_hz: float | None = None,
) -> float:
    """Up to which slant range, metres, one look detects with at least ``probability``; never beyond the range itself.

    0 where nothing is known. Found by bisection to a millimetre, from below, so that the probability is reached at
    the range returned. Raises ``ValueError`` unless 0 < probability < 1.
    """
    if not 0 < probability < 1:
        raise ValueError(f"probability must lie between 0 and 1, is {probability}")

    def reached(range_m: float) -> bool:
        one = probability_of_detection(found, kind, range_m, weather=weather, frequency_hz=frequency_hz)
        return bool(one >= probability - 1e-12)

    far = found.range_m or 0.0
    if reached(far):
        return far
    near = 0.0
    while far - near > 1e-3:
        middle = (near + far) / 2
        near, far = (middle, far) if reached(middle) else (near, middle)
    return near


def radar_frequency(sensor: Sensor, *, on: date, rain_mm_h: float, assumed_hz: float | None = None) -> float | None:
    """The frequency (Hz) of the sensor's stated band at which rain and air take most, else the one assumed.

    ``None``: no band with both its ends is stated and nothing is assumed, or it reaches beyond 100 GHz, for which no
    losses are tabulated.
    """
    low, high = figure(sensor.frequency_min, on=on), figure(sensor.frequency_max, on=on)
    if low is None or high is None:
        low = high = assumed_hz
    if low is None or high is None:
        return None
    return most_attenuated(min(low, high), max(low, high), rain_mm_h)


def unsettled_by_weather(kind: SensorKind, weather: Weather, frequency_hz: float | None) -> Sentence | None:
    """Why a sensor of this kind has no probability in the weather; ``None``: it has one."""
    if weather.rain_mm_h <= 0:
        return None
    if kind is SensorKind.RADAR and frequency_hz is None:
        return sentence(
            "what rain of {rain} mm/h takes from its range is unknown,"
            " since the catalogue holds no frequency band of it",
            rain=f"{weather.rain_mm_h:g}",
        )
    if kind in _CAMERAS and weather.visibility_m is None:
        return sentence(
            "what rain of {rain} mm/h takes from its range is unknown, since the requirement states no visibility",
            rain=f"{weather.rain_mm_h:g}",
        )
    return None


def certainty_table(
    found: DetectionRange,
    kind: SensorKind,
    *,
    weather: Weather = CLEAR,
    frequency_hz: float | None = None,
    steps: int,
) -> Floats:
    """``-ln(1 - p)`` (steps + 1,) of one look, at equal steps of slant range from 0 to the range of ``found``.

    Entry i holds for every slant range from step i - 1 to step i and is never more than the truth there, because
    probabilities do not rise with the distance. These add up where the probabilities that all sensors miss multiply.
    """
    if not found.range_m:
        return np.zeros(steps + 1)
    slant = np.linspace(0.0, found.range_m, steps + 1)
    one = probability_of_detection(found, kind, slant, weather=weather, frequency_hz=frequency_hz)
    return np.asarray(-np.log1p(-np.minimum(one, 1.0 - 1e-12)))


def certainty_needed(probability: float) -> float:
    """``-ln(1 - p)``: what entries of :func:`certainty_table` add up to. Raises ``ValueError`` unless 0 < p < 1."""
    if not 0 < probability < 1:
        raise ValueError(f"probability must lie between 0 and 1, is {probability}")
    return -math.log1p(-probability)
