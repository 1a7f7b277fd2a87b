"""Loaded voltage and endurance: exact values and the laws that they keep."""

import doctest
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skypact.engines.interop.batteries import electric
from skypact.engines.interop.batteries.electric import endurance_ratio, loaded


@pytest.mark.parametrize(
    ("volts", "ohms", "watts", "amperes", "left"),
    [
        (20.0, 0.0, 400.0, 20.0, 20.0),
        (20.0, 0.1, 0.0, 0.0, 20.0),
        (10.0, 1.0, 16.0, 2.0, 8.0),
        (10.0, 1.0, 25.0, 5.0, 5.0),
    ],
)
def test_loaded(volts: float, ohms: float, watts: float, amperes: float, left: float) -> None:
    assert loaded(volts, ohms, watts) == pytest.approx((amperes, left), abs=1e-12)


def test_more_than_half_the_voltage_cannot_be_lost() -> None:
    assert loaded(10.0, 1.0, 25.000001) is None


@given(st.floats(1.0, 100.0), st.floats(1e-4, 1.0), st.floats(0.0, 1.0))
def test_the_power_arrives(volts: float, ohms: float, share: float) -> None:
    watts = share * volts * volts / (4.0 * ohms) * (1.0 - 1e-9)
    found = loaded(volts, ohms, watts)
    assert found is not None
    assert found[0] * found[1] == pytest.approx(watts, rel=1e-6, abs=1e-9)
    assert volts / 2 <= found[1] + 1e-9


def test_endurance_by_momentum_theory() -> None:
    assert endurance_ratio(energy=200.0, energy_before=100.0, mass=4.0, mass_before=1.0) == 0.25
    assert endurance_ratio(energy=100.0, energy_before=100.0, mass=2.0, mass_before=2.0) == 1.0


@given(st.floats(10.0, 1000.0), st.floats(0.1, 10.0), st.floats(0.1, 10.0))
def test_changing_back_gives_the_endurance_back(energy: float, mass: float, before: float) -> None:
    there = endurance_ratio(energy=energy, energy_before=100.0, mass=mass, mass_before=before)
    back = endurance_ratio(energy=100.0, energy_before=energy, mass=before, mass_before=mass)
    assert math.isclose(there * back, 1.0)


def test_the_examples_in_the_docstrings() -> None:
    assert doctest.testmod(electric) == (0, 5)
