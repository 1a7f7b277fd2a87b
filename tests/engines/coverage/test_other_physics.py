"""Camera, microphone and receiver against worked examples of the open literature."""

from __future__ import annotations

import math

import numpy as np
import pytest

from skypact.engines.coverage.acoustic import hearing_range, range_in_noise
from skypact.engines.coverage.optical import (
    Discrimination,
    contrast_range,
    discrimination_probability,
    discrimination_range,
)
from skypact.engines.coverage.radio import fresnel_radius, link_range, path_loss_db


@pytest.mark.parametrize(
    ("task", "range_m"),
    [(Discrimination.DETECT, 3500), (Discrimination.RECOGNISE, 875), (Discrimination.IDENTIFY, 546.9)],
)
def test_johnson_criteria(task, range_m):
    """2, 8 and 12.8 pixels across a target of 0.35 m at 50 µrad a pixel."""
    assert discrimination_range(task=task, target_m=0.35, pixel_rad=50e-6) == pytest.approx(range_m, abs=0.1)
    half = discrimination_probability([range_m], task=task, target_m=0.35, pixel_rad=50e-6)
    assert half == pytest.approx(0.5, abs=1e-3)


@pytest.mark.parametrize(
    ("ratio", "probability"), [(0.25, 0.02), (0.5, 0.10), (0.75, 0.30), (1.5, 0.80), (2, 0.95), (3, 1.0)]
)
def test_target_transfer_function(ratio, probability):
    """The published factors of the target transfer probability function (Ratches 1976; Holst 2008, table 20-4)."""
    found = discrimination_probability(875 / ratio, task=Discrimination.RECOGNISE, target_m=0.35, pixel_rad=50e-6)
    assert found == pytest.approx(probability, abs=0.03)


def test_probability_falls_with_range_and_is_one_up_close():
    found = discrimination_probability(
        np.array([0.0, 1, 100, 1000, 1e4]), task=Discrimination.DETECT, target_m=0.35, pixel_rad=50e-6
    )
    assert found[0] == 1
    assert (np.diff(found) <= 0).all()


def test_a_black_target_is_lost_at_the_visibility():
    """That is how meteorological visibility is defined at the 2 % threshold."""
    assert contrast_range(5000) == pytest.approx(5000)
    assert contrast_range(5000, inherent_contrast=0.2) == pytest.approx(5000 * math.log(10) / math.log(50))
    assert contrast_range(5000, inherent_contrast=0.01) == 0


def test_spherical_spreading_halves_the_level_every_20_decibels():
    """63 Hz, where air takes 0.1 dB/km: 40 dB above the noise is 100 times the distance, less 0.01 dB."""
    found = hearing_range(source_db=80, ambient_db=40, band_hz=63)
    assert found == pytest.approx(100, rel=2e-3)


def test_air_shortens_high_notes():
    """ISO 9613-2, table 2: at 8 kHz 117 dB/km; the equation is met at the answer."""
    found = hearing_range(source_db=80, ambient_db=30, band_hz=8000)
    assert 20 * math.log10(found) + 0.117 * (found - 1) == pytest.approx(50, abs=1e-3)
    assert found < hearing_range(source_db=80, ambient_db=30, band_hz=1000)


def test_twenty_decibels_more_noise_leave_a_tenth_of_the_distance():
    """Where air takes next to nothing; at 500 Hz its 1.9 dB/km leave a little more, and the equation is met."""
    assert range_in_noise(300, added_db=20, band_hz=63) == pytest.approx(30, rel=0.005)
    found = range_in_noise(300, added_db=20)
    assert 20 * math.log10(300 / found) + 0.0019 * (300 - found) == pytest.approx(20, abs=1e-3)
    assert range_in_noise(300, added_db=0) == 300
    assert range_in_noise(300, added_db=80) == 0
    assert range_in_noise(0.5, added_db=1) == 0


def test_what_drowns_at_the_source_is_not_heard():
    assert hearing_range(source_db=50, ambient_db=60) == 0


def test_free_space_link_budget():
    """19 dBm to a receiver of -100 dBm at 2.44 GHz between isotropic antennas: 119 dB, 8.7 km."""
    found = link_range(radiated_dbm=19, sensitivity_dbm=-100, frequency_hz=2.44e9)
    assert found == pytest.approx(8715, abs=10)
    assert path_loss_db(found, 2.44e9) == pytest.approx(119)


def test_free_space_loss_at_one_kilometre():
    """ITU-R P.525: 32.4 + 20 log f(MHz) + 20 log d(km)."""
    assert path_loss_db(1000, 1e9) == pytest.approx(92.45, abs=0.01)


def test_first_fresnel_zone_at_mid_path():
    """17.3 sqrt(d / 4 f) with d in km and f in GHz: 10 km at 2.4 GHz is 17.7 m."""
    assert fresnel_radius(5000, path_m=10_000, frequency_hz=2.4e9) == pytest.approx(17.67, abs=0.02)
    assert fresnel_radius([0, 10_000], path_m=10_000, frequency_hz=2.4e9) == pytest.approx([0, 0])


@pytest.mark.parametrize(
    ("act", "message"),
    [
        (lambda: discrimination_range(task=Discrimination.DETECT, target_m=0, pixel_rad=1), "must be positive"),
        (lambda: contrast_range(0), "visibility_m must be positive"),
        (lambda: hearing_range(source_db=1, ambient_db=1, band_hz=440), "band_hz must be one of 63, 125"),
        (lambda: hearing_range(source_db=1, ambient_db=1, source_distance_m=0), "source_distance_m must be positive"),
        (lambda: range_in_noise(-1, added_db=0), "must not be negative"),
        (lambda: path_loss_db(0, 1e9), "range and frequency must be positive"),
        (lambda: link_range(radiated_dbm=0, sensitivity_dbm=0, frequency_hz=0), "frequency must be positive"),
        (lambda: fresnel_radius(2, path_m=1, frequency_hz=1), "distance_m must lie on the path"),
    ],
)
def test_values_out_of_bounds_are_refused(act, message):
    with pytest.raises(ValueError, match=message):
        act()
