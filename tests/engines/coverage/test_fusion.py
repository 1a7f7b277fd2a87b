"""Two sensors of one kind count once."""

from __future__ import annotations

import numpy as np
import pytest

from skypact.engines.coverage import kinds_seen, share_seen
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
