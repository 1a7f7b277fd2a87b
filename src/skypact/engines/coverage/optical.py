"""How far a camera detects, recognises and identifies: Johnson's criteria, and how far the air lets it see."""

from __future__ import annotations

import math
from enum import Enum

import numpy as np
from numpy.typing import ArrayLike

from skypact.engines.coverage.terrain import Floats

#: Contrast at which the eye, and by convention a display, still tells target from sky (Koschmieder 1924).
_CONTRAST_THRESHOLD = 0.02


class Discrimination(Enum):
    """Line pairs across the target's critical dimension for a probability of one half (Johnson 1958)."""

    DETECT = 1.0
    RECOGNISE = 4.0
    IDENTIFY = 6.4


def discrimination_probability(
    range_m: ArrayLike, *, task: Discrimination, target_m: float, pixel_rad: float
) -> Floats:
    """Probability that an observer who looks at the target performs a task, from range in metres (any shape).

    ``target_m`` is the critical dimension, ``pixel_rad`` the angle of one pixel; one line pair takes two pixels.
    Target transfer function of Ratches 1976, "Static performance model for thermal imaging systems", Optical
    Engineering 15(6): ``P = r**E / (1 + r**E)``, ``E = 2.7 + 0.7 r``, r the line pairs over those for one half.
    Somebody or something must have pointed the camera; the chance to find the target first is not part of it.
    """
    if not (target_m > 0 and pixel_rad > 0):
        raise ValueError("target_m and pixel_rad must be positive")
    distance = np.asarray(range_m, dtype=np.float64)
    with np.errstate(divide="ignore"):
        return ratio_probability(target_m / (distance * pixel_rad) / 2.0 / task.value)


def ratio_probability(ratio: ArrayLike) -> Floats:
    """The target transfer function for ratios of line pairs to those for one half, or of half range to range."""
    capped = np.minimum(np.asarray(ratio, dtype=np.float64), 30.0)  # beyond, it is 1 in floating point
    power = capped ** (2.7 + 0.7 * capped)
    return np.asarray(power / (1.0 + power))


def discrimination_range(*, task: Discrimination, target_m: float, pixel_rad: float) -> float:
    """The range, metres, at which the probability of a task is one half."""
    if not (target_m > 0 and pixel_rad > 0):
        raise ValueError("target_m and pixel_rad must be positive")
    return target_m / (2.0 * task.value * pixel_rad)


def contrast_range(visibility_m: float, *, inherent_contrast: float = 1.0) -> float:
    """How far a target of some contrast against the sky stays above the threshold of 2 %, metres.

    ``visibility_m`` is the meteorological visibility; extinction ``3.912 / visibility`` (Koschmieder 1924; WMO Guide
    no. 8, ch. 9). Raises ``ValueError`` for a visibility that is not positive or a contrast outside (0, 1].
    """
    if not (visibility_m > 0 and 0 < inherent_contrast <= 1):
        raise ValueError("visibility_m must be positive and inherent_contrast within (0, 1]")
    extinction = -math.log(_CONTRAST_THRESHOLD) / visibility_m
    return max(0.0, math.log(inherent_contrast / _CONTRAST_THRESHOLD) / extinction)
