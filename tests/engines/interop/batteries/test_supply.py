"""Volts and amperes: every answer with its reason."""

from typing import Any

import pytest
from tests.engines.interop.batteries.made_up import SILENT, place, read

from skypact.engines.interop.batteries.electric import holds_from, loaded
from skypact.engines.interop.batteries.supply import current, sag, same_voltage, voltage


@pytest.mark.parametrize(
    ("pack", "aircraft", "answer", "reason"),
    [
        ({}, {}, "yes", "25.2 V full, at most 26 V taken"),
        ({"voltage_max": 26.1}, {}, "no", "it reaches 26.1 V, the aircraft takes at most 26 V"),
        (
            {"voltage_max": None, "voltage_nominal": 29.6},
            {},
            "no",
            "it reaches 29.6 V, the aircraft takes at most 26 V",
        ),
        (
            {"voltage_nominal": 14.8, "voltage_max": 16.8},
            {},
            "no",
            "its nominal 14.8 V is under the 18 V that the aircraft needs",
        ),
        ({"voltage_max": None}, {}, "unknown", "not known: its highest voltage"),
        ({}, {"battery_voltage_max": None}, "unknown", "not known: the highest voltage that the aircraft takes"),
        ({"voltage_nominal": None, "voltage_min": None}, {}, "unknown", "not known: its nominal voltage"),
        ({"voltage_nominal": None}, {}, "yes", "25.2 V full, at most 26 V taken"),
        (
            {"voltage_nominal": 14.8, "voltage_max": 16.8},
            {"battery_voltage_min": None},
            "no",
            "nominal 14.8 V instead of 22.2 V",
        ),
        (
            {},
            {"battery_voltage_min": None, "battery_voltage": None},
            "unknown",
            "not known: the nominal voltage that the aircraft takes",
        ),
    ],
)
def test_voltage(pack: dict[str, Any], aircraft: dict[str, Any], answer: str, reason: str) -> None:
    check = voltage(read(**pack), place(**aircraft))
    assert (check.answer.value, check.reason.text) == (answer, reason)


@pytest.mark.parametrize(
    ("pack", "answer", "reason"),
    [
        ({}, "yes", "25.2 V full, at most 25.2 V taken"),
        (
            {"voltage_nominal": 23.1, "voltage_max": 26.1},
            "unknown",
            "it reaches 26.1 V, the aircraft's own pack 25.2 V; more is not stated to be borne",
        ),
        ({"voltage_nominal": 25.9, "voltage_max": 29.4, "cells_series": 7}, "no", "nominal 25.9 V instead of 22.2 V"),
        ({"voltage_nominal": None, "cells_series": 4}, "no", "4 cells in series instead of 6"),
        ({"voltage_nominal": None, "cells_series": None}, "unknown", "not known: its nominal voltage"),
    ],
)
def test_voltage_that_the_own_pack_shows(pack: dict[str, Any], answer: str, reason: str) -> None:
    check = voltage(read(**pack), place(read(identifier="OWN"), **SILENT))
    assert (check.answer.value, check.reason.text) == (answer, reason)


@pytest.mark.parametrize(
    ("pack", "aircraft", "answer", "reason"),
    [
        ({}, {}, "yes", "at most 114.3 A (11.4 C) of 200 A"),
        ({}, {"battery_count": 2}, "yes", "at most 57.1 A (5.7 C) of 200 A"),
        ({"capacity": None}, {}, "yes", "at most 114.3 A (? C) of 200 A"),
        ({"current_peak": 100.0}, {}, "no", "the aircraft draws 108.1 A (10.8 C), it may give 100 A"),
        (
            {"current_continuous": 40.0, "voltage_min": 18.0},
            {},
            "no",
            "near empty, at 18 V, the aircraft draws more than the 40 A that it may give",
        ),
        ({"current_continuous": 30.0}, {}, "no", "the aircraft draws 36.0 A (3.6 C), it may give 30 A"),
        ({"current_peak": None}, {}, "unknown", "not known: the current that it may give"),
        ({"voltage_min": None}, {}, "unknown", "not known: its lowest voltage"),
        ({"voltage_min": 0.0}, {}, "no", "near empty, at 0 V, the aircraft draws more than the 100 A that it may give"),
        ({}, {"peak_power": None}, "unknown", "not known: what the aircraft draws"),
    ],
)
def test_current(pack: dict[str, Any], aircraft: dict[str, Any], answer: str, reason: str) -> None:
    check = current(read(**pack), place(**aircraft))
    assert (check.answer.value, check.reason.text) == (answer, reason)


def test_a_no_counts_before_an_unknown() -> None:
    assert current(read(current_continuous=30.0, current_peak=None), place()).answer == "no"


@pytest.mark.parametrize(("amperes", "answer"), [(200.0, "yes"), (199.0, "unknown")])
def test_the_rating_of_the_own_pack_suffices(amperes: float, answer: str) -> None:
    assert current(read(current_peak=amperes), place(read(identifier="OWN"), **SILENT)).answer == answer


@pytest.mark.parametrize(
    ("pack", "aircraft", "answer", "reason"),
    [
        (
            {},
            {},
            "yes",
            "at its end voltage it still holds 18.4 V at 130.5 A; at least 18 V is needed",
        ),
        (
            {"internal_resistance": 0.0, "voltage_min": 18.0},
            {},
            "yes",
            "at its end voltage it still holds 18.0 V at 133.3 A; at least 18 V is needed",
        ),
        (
            {"voltage_min": 18.0},
            {},
            "unknown",
            "it holds 18 V down to 20.7 V without load, not down to its end voltage of 18 V; "
            "not known: how much charge is left there",
        ),
        (
            {"voltage_min": None},
            {},
            "unknown",
            "it holds 18 V down to 20.7 V without load; not known: its end voltage",
        ),
        ({"internal_resistance": 0.04}, {}, "no", "it falls to 16.3 V at 147.1 A; at least 18 V is needed"),
        ({"internal_resistance": 0.06}, {}, "no", "its internal resistance lets it give less than 2400 W"),
        (
            {"internal_resistance": 0.04, "voltage_min": 20.7},
            {"battery_count": 2},
            "yes",
            "at its end voltage it still holds 18.0 V at 66.5 A; at least 18 V is needed",
        ),
        ({"internal_resistance": None}, {}, "unknown", "not known: its internal resistance"),
        ({"internal_resistance": None, "current_peak": 100.0}, {}, "unknown", "not known: its internal resistance"),
        ({}, {"peak_power": None}, "unknown", "not known: what the aircraft draws at full throttle"),
        (
            {"voltage_nominal": None, "voltage_max": 20.0},
            {},
            "no",
            "it falls to 17.2 V at 139.4 A; at least 18 V is needed",
        ),
        (
            {"voltage_min": 18.0},
            {"battery_voltage_min": None},
            "unknown",
            "not known: the lowest voltage that the aircraft takes",
        ),
        (
            {"voltage_min": None},
            {"battery_voltage_min": None},
            "unknown",
            "not known: the lowest voltage that the aircraft takes",
        ),
    ],
)
def test_sag(pack: dict[str, Any], aircraft: dict[str, Any], answer: str, reason: str) -> None:
    check = sag(read(**pack), place(**aircraft))
    assert (check.answer.value, check.reason.text) == (answer, reason)


@pytest.mark.parametrize(
    ("pack", "same"),
    [({}, True), ({"voltage_nominal": 14.8}, False), ({"voltage_nominal": None, "cells_series": None}, False)],
)
def test_same_voltage(pack: dict[str, Any], same: bool) -> None:
    assert same_voltage(read(**pack), place(read(identifier="OWN"), **SILENT)) is same


def test_the_claims_stand_beside_the_answer() -> None:
    values = [claim.value for claim in voltage(read(), place()).evidence]
    assert values == [25.2, 22.2, 26.0, 18.0]


@pytest.mark.parametrize(
    ("pack", "answer", "reason"),
    [
        ({}, "yes", "its internal resistance is no greater, its end voltage no lower than the own pack's"),
        ({"internal_resistance": 0.03}, "unknown", "not known: what the aircraft draws at full throttle"),
        ({"voltage_min": 17.0}, "unknown", "not known: what the aircraft draws at full throttle"),
        ({"current_peak": None}, "unknown", "not known: what the aircraft draws at full throttle"),
        ({"internal_resistance": None}, "unknown", "not known: its internal resistance"),
    ],
)
def test_sag_no_worse_than_the_own_pack(pack: dict[str, Any], answer: str, reason: str) -> None:
    check = sag(read(**pack), place(read(identifier="OWN"), **SILENT))
    assert (check.answer.value, check.reason.text) == (answer, reason)


def test_the_voltage_from_which_it_holds_is_the_one_at_which_it_just_does() -> None:
    volts = holds_from(18.0, 0.05, 1500.0)
    assert loaded(volts, 0.05, 1500.0) == pytest.approx((1500.0 / 18.0, 18.0))
    weak = holds_from(5.0, 0.05, 1500.0)
    assert loaded(weak * 1.0001, 0.05, 1500.0) is not None
    assert loaded(weak * 0.9999, 0.05, 1500.0) is None
