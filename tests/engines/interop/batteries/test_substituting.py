"""Substitutes: who may take the place, in which order, and what changes."""

import pytest
from tests.engines.interop.batteries.made_up import adapter, aircraft, pack
from tests.engines.made_up import DAY

from skypact.engines.interop.batteries import substitutes

OLD = pack("OLD")


def test_order_and_changes() -> None:
    others = [
        OLD,
        pack("WRONG", connector="EC5"),
        pack("OPEN", data_protocol=None),
        pack("LESS", energy=150.0),
        pack("CABLED", connector="XT60", energy=230.0),
        pack("MORE", energy=230.0, mass=1.1),
    ]
    found = substitutes(OLD, others, on=DAY, adapters=[adapter("CABLE", "XT60", "XT90")])
    assert [(one.pack, one.answer.value) for one in found] == [
        ("SYN-MORE", "yes"),
        ("SYN-LESS", "yes"),
        ("SYN-CABLED", "yes"),
        ("SYN-OPEN", "unknown"),
    ]
    more, less, cabled, _ = found
    assert more.energy_ratio == pytest.approx(230 / 222, abs=1e-12)
    assert more.mass_change_kg == pytest.approx(-0.1, abs=1e-12)
    assert (less.air_class_before.value, less.air_class.value) == ("over 160 Wh", "100 to 160 Wh")
    assert cabled.fit.adapter == "SYN-CABLE"
    assert more.endurance.ratio is None


def test_in_an_aircraft_the_endurance_is_known() -> None:
    (found,) = substitutes(OLD, [pack("NEW", mass=1.5, energy=250.0)], on=DAY, aircraft=aircraft())
    assert found.answer == "yes"
    assert found.endurance.ratio == pytest.approx(250 / 222 * (4.2 / 4.5) ** 1.5, abs=1e-12)


def test_a_heavier_class_ranks_behind_a_lighter_one() -> None:
    small = pack("SMALL", energy=95.0)
    found = substitutes(small, [pack("HEAVY", energy=120.0), pack("LIGHT", energy=90.0)], on=DAY)
    assert [one.pack for one in found] == ["SYN-LIGHT", "SYN-HEAVY"]


def test_what_nothing_speaks_for_comes_last() -> None:
    """Nothing rules out a pack of which nothing is known, or one of many times the energy: it is no advice either."""
    bare = {"voltage_nominal": None, "voltage_max": None, "voltage_min": None, "cells_series": None}
    others = [
        pack("HUGE", energy=2 * 222.1, data_protocol=None),
        pack("BARE", data_protocol=None, **bare),
        pack("TWICE", energy=2 * 222.0, data_protocol=None, connector=None),
        pack("SURE", energy=20.0),
    ]
    found = substitutes(OLD, others, on=DAY)
    assert [(one.pack, one.answer.value, one.alike) for one in found] == [
        ("SYN-SURE", "yes", True),
        ("SYN-TWICE", "unknown", True),
        ("SYN-HUGE", "unknown", False),
        ("SYN-BARE", "unknown", False),
    ]


def test_there_may_be_none() -> None:
    assert substitutes(OLD, [OLD, pack("WRONG", connector="EC5")], on=DAY) == ()
