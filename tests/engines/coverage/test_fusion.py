"""Two sensors of one kind count once."""

from __future__ import annotations

import numpy as np
import pytest

from skypact.engines.coverage import kinds_seen, share_seen
from skypact.engines.coverage.fusion import any_detects, at_least_detect, kinds_detect
from skypact.schema import SensorKind

RADAR, RF, CAMERA = SensorKind.RADAR, SensorKind.PASSIVE_RF, SensorKind.CAMERA


def test_different_kinds_are_counted():
    detections = [[1, 1, 0, 0], [1, 0, 0, 1], [1, 1, 0, 0]]
    np.testing.assert_array_equal(kinds_seen(detections, [RADAR, RF, RADAR]), [2, 1, 0, 1])
    np.testing.assert_array_equal(kinds_seen(detections, [RADAR, RF, CAMERA]), [3, 2, 0, 1])


def test_no_sensor_sees_nothing():
    np.testing.assert_array_equal(kinds_seen(np.zeros((0, 3)), []), [0, 0, 0])


def test_share_by_number_of_kinds():
    counts = [2, 1, 0, 1]
    assert [share_seen(counts, at_least=kinds) for kinds in (1, 2, 3)] == [0.75, 0.25, 0.0]


def test_shapes_that_do_not_fit_are_refused():
    with pytest.raises(ValueError, match=r"detections of shape \(2, 2\) do not fit 1 sensor kinds"):
        kinds_seen([[1, 0], [0, 1]], [RADAR])
    with pytest.raises(ValueError, match="a share of nothing is not defined"):
        share_seen([])


def test_probabilities_of_several_sensors():
    single = [[0.5, 0.0, 1.0], [0.5, 0.2, 0.3], [0.8, 0.0, 0.0]]
    np.testing.assert_allclose(any_detects(single), [0.95, 0.2, 1.0])
    np.testing.assert_allclose(at_least_detect(single, at_least=2), [0.65, 0.0, 0.3])
    np.testing.assert_allclose(at_least_detect(single, at_least=0), [1, 1, 1])
    np.testing.assert_allclose(at_least_detect(single, at_least=4), [0, 0, 0], atol=1e-15)


def test_k_of_n_equal_sensors_is_binomial():
    from scipy.stats import binom

    single = np.full((7, 1), 0.3)
    for k in range(8):
        assert at_least_detect(single, at_least=k)[0] == pytest.approx(binom.sf(k - 1, 7, 0.3), abs=1e-12)


def test_sensors_of_one_kind_do_not_count_as_two_kinds():
    single = [[0.5], [0.5], [0.5]]
    assert kinds_detect(single, [RADAR, RADAR, RF], at_least=1)[0] == pytest.approx(0.875)
    assert kinds_detect(single, [RADAR, RADAR, RF], at_least=2)[0] == pytest.approx(0.75 * 0.5)
    assert kinds_detect(single, [RADAR, RADAR, RADAR], at_least=2)[0] == pytest.approx(0.0, abs=1e-15)


def test_what_is_no_probability_is_refused():
    with pytest.raises(ValueError, match="probabilities must lie between 0 and 1"):
        any_detects([[1.2]])
    with pytest.raises(ValueError, match="probabilities must lie between 0 and 1"):
        any_detects([[float("nan")]])
    with pytest.raises(ValueError, match="do not fit 2 sensor kinds"):
        kinds_detect([[0.5]], [RADAR, RF], at_least=1)
    with pytest.raises(ValueError, match="at_least must not be negative"):
        at_least_detect([[0.5]], at_least=-1)
