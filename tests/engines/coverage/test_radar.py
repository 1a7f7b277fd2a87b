"""Radar against worked examples of the open literature."""

from __future__ import annotations

import numpy as np
import pytest

from skypact.engines.coverage.attenuation import (
    gas_attenuation,
    most_attenuated,
    most_rain_attenuation,
    rain_attenuation,
    rain_coefficients,
)
from skypact.engines.coverage.radar import (
    Transmitter,
    calibrated_probability,
    detection_probability,
    range_in_weather,
    required_snr_db,
    snr_db,
)


@pytest.mark.parametrize(("probability", "decibels"), [(0.5, 12.8), (0.8, 17.8), (0.9, 21.1)])
def test_swerling_1_single_look_at_one_false_alarm_in_a_million(probability, decibels):
    """Signal-to-noise ratios as tabulated for Swerling 1, one pulse (Mahafza 2000, ch. 2; Skolnik 2008, ch. 7)."""
    assert required_snr_db(probability) == pytest.approx(decibels, abs=0.06)
    assert detection_probability(required_snr_db(probability)) == pytest.approx(probability, abs=1e-12)


def test_noise_alone_gives_the_false_alarm_rate():
    assert detection_probability(-300.0, false_alarm=1e-4) == pytest.approx(1e-4, rel=1e-9)


def test_range_equation_worked_example():
    """Mahafza 2000, example 1.4: C band, 1.5 MW, 45 dB, 5 MHz, noise figure 3 dB, 0.1 m² at 20 dB is 86.2 km.

    The book rounds the wavelength to 5.4 cm, which is 0.07 dB.
    """
    radar = Transmitter(power_w=1.5e6, gain_db=45, frequency_hz=5.6e9, bandwidth_hz=5e6, noise_figure_db=3)
    assert snr_db(radar, range_m=86_199, rcs_m2=0.1) == pytest.approx(20.0, abs=0.08)


@pytest.mark.parametrize(
    ("ghz", "horizontal", "vertical"),
    [
        (1, (0.0000259, 0.9691), (0.0000308, 0.8592)),
        (10, (0.01217, 1.2571), (0.01129, 1.2156)),
        (35, (0.3374, 0.9047), (0.3224, 0.8761)),
    ],
)
def test_rain_coefficients_are_those_of_the_recommendation(ghz, horizontal, vertical):
    """ITU-R P.838-3, table 5."""
    assert rain_coefficients(ghz * 1e9, vertical=False) == pytest.approx(horizontal, rel=2e-3)
    assert rain_coefficients(ghz * 1e9, vertical=True) == pytest.approx(vertical, rel=2e-3)


@pytest.mark.parametrize(("ghz", "two_way_db"), [(3, 0.1), (9.4, 5.5), (15.5, 16.7), (24, 35)])
def test_two_way_loss_over_5_km_in_heavy_rain(ghz, two_way_db):
    """25 mm/h with gas, computed independently with itur 0.4.0 (P.676-12, P.838-3, horizontal polarisation)."""
    loss = 10 * (gas_attenuation(ghz * 1e9) + float(rain_attenuation(ghz * 1e9, 25, vertical=False)))
    assert loss == pytest.approx(two_way_db, rel=0.12, abs=0.1)


@pytest.mark.parametrize(
    ("ghz", "gas", "rain"),
    [
        (1, 0.00543956, (0.000122767, 0.000489387, 0.000887776)),
        (3, 0.00753875, (0.00108480, 0.00605872, 0.0127089)),
        (5.6, 0.00914452, (0.00434453, 0.0561204, 0.168919)),
        (9.4, 0.0132577, (0.0632577, 0.478644, 1.14429)),
        (10, 0.0141985, (0.0798850, 0.565151, 1.31253)),
        (15.5, 0.0319287, (0.288543, 1.52681, 3.12904)),
        (16.5, 0.0393574, (0.327812, 1.69311, 3.43387)),
        (24, 0.173161, (0.654286, 3.04820, 5.91363)),
        (35, 0.101457, (1.32056, 5.40950, 9.92891)),
        (60, 14.7783, (2.84066, 9.47640, 15.9215)),
        (77, 0.348044, (3.51998, 10.9880, 17.9405)),
        (94, 0.408129, (3.95403, 11.8666, 19.0496)),
    ],
)
def test_losses_are_those_of_an_independent_program(ghz, gas, rain):
    """dB/km recorded from itur 0.4.0: P.676-12 line by line at 1013.25 hPa, 15 °C and 7.5 g/m³; P.838-3, level path,
    vertical polarisation, at 5, 25 and 50 mm/h. Gas is joined between tabulated frequencies, hence its 2 %.
    """
    assert gas_attenuation(ghz * 1e9) == pytest.approx(gas, rel=0.02)
    assert rain_attenuation(ghz * 1e9, [5, 25, 50]) == pytest.approx(rain, rel=1e-4)


def test_the_worst_frequency_of_a_band():
    """Rain takes more the higher; without rain the water line near 23 GHz does; over 100 GHz nothing is tabulated."""
    assert most_attenuated(9.2e9, 10e9, 25) == 10e9
    assert most_attenuated(21e9, 26e9, 0) == 23e9
    assert most_attenuated(24e9, 24.25e9, 0) == 24e9
    assert most_attenuated(24e9, 24.25e9, 25) == 24.25e9
    assert most_attenuated(0.4e9, 0.5e9, 25) == 1e9
    assert most_attenuated(24e9, 120e9, 25) is None


def test_gas_at_the_lines_of_oxygen_and_water():
    """ITU-R P.676, figure 1: about 15 dB/km at 60 GHz, 0.2 dB/km at the water line of 22.2 GHz."""
    assert gas_attenuation(60e9) == pytest.approx(14.8, abs=0.5)
    assert gas_attenuation(22.235e9) == pytest.approx(0.19, abs=0.02)
    assert gas_attenuation(17e9) == pytest.approx((0.03532 * 0.05751) ** 0.5, rel=1e-3)


def test_no_rain_costs_nothing():
    assert rain_attenuation(24e9, 0.0) == 0.0


def test_calibration_meets_the_claim_and_the_fourth_root():
    kept = calibrated_probability([2000.0], stated_range_m=2000)
    assert kept == pytest.approx(0.9)
    weaker = calibrated_probability(2000 * 0.1**0.25, stated_range_m=2000, rcs_ratio=0.1)
    assert weaker == pytest.approx(0.9)
    assert calibrated_probability(4000, stated_range_m=2000) == pytest.approx(1e-6 ** (1 / (1 + 130.13 / 16)), rel=1e-3)


def test_weather_only_shortens():
    dry = range_in_weather(3000, frequency_hz=24e9, rain_mm_h=0)
    wet = range_in_weather(3000, frequency_hz=24e9, rain_mm_h=25)
    assert dry == 3000
    assert 1000 < wet < 2000
    probability = calibrated_probability(wet, stated_range_m=3000, frequency_hz=24e9, rain_mm_h=25)
    assert probability == pytest.approx(0.9, abs=1e-5)
    ranges = np.linspace(100, 5000, 50)
    clear = calibrated_probability(ranges, stated_range_m=3000, frequency_hz=24e9)
    rain = calibrated_probability(ranges, stated_range_m=3000, frequency_hz=24e9, rain_mm_h=25)
    assert (rain <= clear).all()
    assert (np.diff(rain) <= 0).all()


def test_of_two_polarisations_that_nobody_states_the_one_that_loses_more_counts():
    """At 10 GHz and 25 mm/h rain takes 0.696 dB/km of a level wave and 0.565 of an upright one (P.838-3)."""
    lost = 2 * (gas_attenuation(10e9) * (2000 - 3000) + float(rain_attenuation(10e9, 25, vertical=False)) * 2000) / 1000
    snr = required_snr_db(0.9) - 40 * np.log10(2000 / 3000) - lost
    found = calibrated_probability(2000, stated_range_m=3000, frequency_hz=10e9, rain_mm_h=25)
    assert found == pytest.approx(float(detection_probability(snr)), rel=1e-12)
    assert most_rain_attenuation(10e9, 25) == pytest.approx(0.696, rel=2e-3)
    assert most_rain_attenuation(4e9, 5) == float(rain_attenuation(4e9, 5, vertical=True))


def test_clutter_margin_is_paid_in_decibels():
    assert calibrated_probability(1000, stated_range_m=1000, clutter_margin_db=40) == pytest.approx(
        float(calibrated_probability(10_000, stated_range_m=1000))
    )


@pytest.mark.parametrize(
    ("act", "message"),
    [
        (lambda: detection_probability(10, false_alarm=0), "false_alarm must lie between 0 and 1"),
        (lambda: required_snr_db(1.0), "need 0 < false_alarm < probability < 1"),
        (lambda: calibrated_probability(1, stated_range_m=0), "stated_range_m and rcs_ratio must be positive"),
        (lambda: calibrated_probability(1, stated_range_m=1, rain_mm_h=5), "rain needs frequency_hz"),
        (lambda: rain_attenuation(0.5e9, 5), "rain attenuation holds from 1 to 1000 GHz"),
        (lambda: rain_attenuation(10e9, -5), "rain must not be negative"),
        (lambda: gas_attenuation(2e11), "gas attenuation is tabulated from 1 to 100 GHz"),
    ],
)
def test_values_out_of_bounds_are_refused(act, message):
    with pytest.raises(ValueError, match=message):
        act()
