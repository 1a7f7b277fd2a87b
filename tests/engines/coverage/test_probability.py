"""Probabilities calibrated to what is stated; unknown stays zero."""

from __future__ import annotations

import numpy as np
import pytest

from skypact.engines.coverage.detection import DetectionRange, RangeBasis
from skypact.engines.coverage.probability import Weather, probability_of_detection
from skypact.schema import SensorKind, Sentence

KNOWN = DetectionRange(2000.0, RangeBasis.STATED, Sentence(text="stated for a test"))
UNKNOWN = DetectionRange(None, RangeBasis.UNKNOWN, Sentence(text="missing"))


@pytest.mark.parametrize(
    ("kind", "at_range"), [("radar", 0.9), ("camera", 0.5), ("lidar", 0.5), ("passive_rf", 0.9), ("acoustic", 0.9)]
)
def test_the_stated_range_is_met(kind, at_range):
    found = probability_of_detection(KNOWN, SensorKind(kind), [0.0, 1000.0, 2000.0, 2000.1, 9000.0])
    assert found[2] == pytest.approx(at_range)
    assert found[0] >= found[1] >= found[2] >= found[3] >= found[4]
    assert found[4] < 0.03


@pytest.mark.parametrize("kind", list(SensorKind))
def test_an_unknown_range_detects_nothing(kind):
    np.testing.assert_array_equal(probability_of_detection(UNKNOWN, kind, [0.0, 10.0]), [0, 0])


def test_rain_matters_to_radar_and_is_unknown_without_a_frequency():
    wet = Weather(rain_mm_h=25)
    known = probability_of_detection(KNOWN, SensorKind.RADAR, 1500.0, weather=wet, frequency_hz=24e9)
    dry = probability_of_detection(KNOWN, SensorKind.RADAR, 1500.0, frequency_hz=24e9)
    assert 0 < known < dry
    assert probability_of_detection(KNOWN, SensorKind.RADAR, 1500.0, weather=wet) == 0


def test_fog_ends_what_a_camera_sees():
    fog = Weather(visibility_m=800)
    found = probability_of_detection(KNOWN, SensorKind.CAMERA, [500.0, 801.0], weather=fog)
    assert found[0] > 0.9
    assert found[1] == 0
