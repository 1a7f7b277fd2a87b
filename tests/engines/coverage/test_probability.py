"""Probabilities calibrated to what is stated; unknown stays zero."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from skypact.engines.coverage.detection import DetectionRange, RangeBasis
from skypact.engines.coverage.probability import (
    certainty_needed,
    certainty_table,
    probability_of_detection,
    probable_range,
    radar_frequency,
    unsettled_by_weather,
)
from skypact.engines.coverage.radar import required_snr_db
from skypact.schema import Sensor, SensorKind, Sentence, Weather

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


@pytest.mark.parametrize("kind", ["radar", "camera", "passive_rf", "acoustic"])
@pytest.mark.parametrize("probability", [0.1, 0.5, 0.9, 0.95])
def test_the_probable_range_is_where_the_probability_is_kept_and_never_beyond_the_stated(kind, probability):
    reach = probable_range(KNOWN, SensorKind(kind), probability)
    assert 0 <= reach <= 2000
    if reach > 0:
        assert probability_of_detection(KNOWN, SensorKind(kind), reach) >= probability - 1e-12
        if reach < 2000:
            assert probability_of_detection(KNOWN, SensorKind(kind), reach + 0.002) < probability
    else:
        assert (kind, probability) in {("passive_rf", 0.95), ("acoustic", 0.95)}


def test_the_radar_range_for_another_probability_by_the_fourth_root():
    """Swerling 1 at one false alarm in a million: 0.95 takes 3.14 dB more than 0.9, which is 0.8345 of the range."""
    decibels = required_snr_db(0.95) - required_snr_db(0.9)
    assert decibels == pytest.approx(3.143, abs=1e-3)
    assert probable_range(KNOWN, SensorKind.RADAR, 0.95) == pytest.approx(2000 * 10 ** (-decibels / 40), abs=2e-3)


def test_noise_shortens_what_a_microphone_hears():
    loud = Weather(added_noise_db=20)
    assert 190 < probable_range(KNOWN, SensorKind.ACOUSTIC, 0.9, weather=loud) < 400
    assert probability_of_detection(KNOWN, SensorKind.PASSIVE_RF, 2000, weather=loud) == 0.9


def test_in_rain_a_camera_needs_a_visibility():
    rain = Weather(rain_mm_h=5)
    assert unsettled_by_weather(SensorKind.CAMERA, rain, None) is not None
    assert probability_of_detection(KNOWN, SensorKind.CAMERA, 10.0, weather=rain) == 0
    assert unsettled_by_weather(SensorKind.CAMERA, Weather(rain_mm_h=5, visibility_m=900), None) is None
    assert unsettled_by_weather(SensorKind.RADAR, rain, 9.4e9) is None
    assert unsettled_by_weather(SensorKind.PASSIVE_RF, rain, None) is None
    assert unsettled_by_weather(SensorKind.RADAR, Weather(visibility_m=10), None) is None


def sensor(low, high):
    def hertz(value):
        source = {"title": "Data sheet", "date": "2026-01-01"}
        one = {"value": value, "unit": "Hz", "grade": "documented", "source": source, "observed": "2026-01-01"}
        return [] if value is None else [one]

    return Sensor.model_validate({"kind": "radar", "frequency_min": hertz(low), "frequency_max": hertz(high)})


@pytest.mark.parametrize(
    ("low", "high", "assumed", "found"),
    [
        (9.3e9, 9.4e9, None, 9.4e9),
        (9.3e9, 9.4e9, 24e9, 9.4e9),
        (9.3e9, None, None, None),
        (None, 9.4e9, 10e9, 10e9),
        (None, None, None, None),
        (24e9, 120e9, None, None),
    ],
)
def test_a_band_needs_both_its_ends(low, high, assumed, found):
    day = date(2026, 11, 21)
    assert radar_frequency(sensor(low, high), on=day, rain_mm_h=10, assumed_hz=assumed) == found


@pytest.mark.parametrize("kind", ["radar", "camera", "passive_rf"])
def test_the_table_never_flatters_and_adds_up_to_the_fused_probability(kind):
    steps = 500
    table = certainty_table(KNOWN, SensorKind(kind), steps=steps)
    slant = np.linspace(0, 2000, 4001)
    true = -np.log1p(-np.minimum(probability_of_detection(KNOWN, SensorKind(kind), slant), 1 - 1e-12))
    told = table[np.ceil(slant / (2000 / steps)).astype(int)]
    assert (told <= true + 1e-12).all()
    assert told[-1] == true[-1]
    assert 2 * certainty_needed(0.9) == pytest.approx(certainty_needed(0.99))
    assert certainty_table(UNKNOWN, SensorKind(kind), steps=3).tolist() == [0, 0, 0, 0]


@pytest.mark.parametrize("probability", [0, 1, -1])
def test_what_is_no_probability_is_refused(probability):
    with pytest.raises(ValueError, match="must lie between 0 and 1"):
        probable_range(KNOWN, SensorKind.RADAR, probability)
    with pytest.raises(ValueError, match="must lie between 0 and 1"):
        certainty_needed(probability)
