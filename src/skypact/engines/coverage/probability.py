"""From a detection range and its evidence to a probability of detection at any distance."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from skypact.engines.coverage.detection import DetectionRange
from skypact.engines.coverage.optical import contrast_range, ratio_probability
from skypact.engines.coverage.radar import STATED_PROBABILITY, calibrated_probability
from skypact.engines.coverage.terrain import Floats
from skypact.schema import SensorKind


@dataclass(frozen=True)
class Weather:
    """What the air is like over the whole site: rain rate in mm/h, meteorological visibility in metres or unknown."""

    rain_mm_h: float = 0.0
    visibility_m: float | None = None


CLEAR = Weather()


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
      ``frequency_hz`` is known (:mod:`skypact.engines.coverage.radar`). With rain and an unknown frequency: 0, because
      nothing is known then
    - camera, lidar: the range means a probability of one half, as Johnson's criteria do, for an observer who looks
      there; 0 beyond what the visibility allows (:mod:`skypact.engines.coverage.optical`)
    - receivers and microphones: 0.9 within the range and 0 beyond; nobody states a law in between

    An unknown range gives 0 everywhere: unknown never turns into yes.
    """
    distance = np.asarray(slant_m, dtype=np.float64)
    if not found.range_m:
        return np.zeros(distance.shape)
    if kind is SensorKind.RADAR:
        if weather.rain_mm_h > 0 and frequency_hz is None:
            return np.zeros(distance.shape)
        return calibrated_probability(
            distance, stated_range_m=found.range_m, frequency_hz=frequency_hz, rain_mm_h=weather.rain_mm_h
        )
    if kind in (SensorKind.CAMERA, SensorKind.LIDAR):
        with np.errstate(divide="ignore"):
            looked = ratio_probability(found.range_m / distance)
        if weather.visibility_m is None:
            return looked
        return np.where(distance <= contrast_range(weather.visibility_m), looked, 0.0)
    return np.where(distance <= found.range_m, STATED_PROBABILITY, 0.0)
