"""Room, mass, temperature and endurance: every answer with its reason."""

from typing import Any

import pytest
from tests.engines.interop.batteries.made_up import SILENT, place, read

from skypact.engines.interop.batteries.body import endurance, mass, room, temperature

OWN = read(identifier="OWN")


@pytest.mark.parametrize(
    ("pack", "aircraft", "answer", "reason"),
    [
        ({}, {}, "yes", "150 × 80 × 60 mm in 200 × 100 × 70 mm"),
        ({"size": (0.06, 0.15, 0.08)}, {}, "yes", "150 × 80 × 60 mm in 200 × 100 × 70 mm"),
        ({"size": (0.21, 0.08, 0.06)}, {}, "no", "210 × 80 × 60 mm do not go into 200 × 100 × 70 mm"),
        ({"size": None}, {}, "unknown", "not known: its length, width and height"),
        ({}, {"battery_height": None}, "unknown", "not known: the room for the pack"),
    ],
)
def test_room(pack: dict[str, Any], aircraft: dict[str, Any], answer: str, reason: str) -> None:
    check = room(read(**pack), place(**aircraft))
    assert (check.answer.value, check.reason.text) == (answer, reason)


@pytest.mark.parametrize(
    ("size", "answer", "reason"),
    [
        ((0.14, 0.08, 0.05), "yes", "140 × 80 × 50 mm in 150 × 80 × 60 mm"),
        (
            (0.16, 0.08, 0.05),
            "unknown",
            "160 × 80 × 50 mm, the aircraft's own pack 150 × 80 × 60 mm; more room is not stated",
        ),
    ],
)
def test_room_that_the_own_pack_shows(size: tuple[float, float, float], answer: str, reason: str) -> None:
    check = room(read(size=size), place(OWN, **SILENT))
    assert (check.answer.value, check.reason.text) == (answer, reason)


@pytest.mark.parametrize(
    ("pack", "aircraft", "answer", "reason"),
    [
        (1.5, {}, "yes", "1.5 kg of at most 1.5 kg"),
        (1.6, {}, "no", "1.6 kg, at most 1.5 kg carried"),
        (None, {}, "unknown", "not known: its mass"),
        (1.6, {"battery_mass_max": None}, "yes", "the aircraft takes off with 4.6 kg of at most 6 kg"),
        (
            1.6,
            {"battery_mass_max": None, "battery_count": 2},
            "no",
            "the aircraft takes off with 6.2 kg, at most 6 kg allowed",
        ),
        (
            1.6,
            {"battery_mass_max": None, "takeoff_mass_max": None},
            "unknown",
            "not known: the aircraft's mass without battery and its greatest take-off mass",
        ),
    ],
)
def test_mass(pack: float | None, aircraft: dict[str, Any], answer: str, reason: str) -> None:
    check = mass(read(mass=pack), place(**aircraft))
    assert (check.answer.value, check.reason.text) == (answer, reason)


def test_no_heavier_than_the_own_pack() -> None:
    silent = place(OWN, **SILENT, mass_without_battery=None)
    assert mass(read(mass=1.2), silent).reason.text == "1.2 kg, no heavier than the aircraft's own pack"
    assert mass(read(mass=1.3), silent).answer == "unknown"


@pytest.mark.parametrize(
    ("pack", "aircraft", "climate", "answer", "reason"),
    [
        ({}, {}, None, "yes", "together they work from -10 to 45 °C"),
        ({}, {}, (-10.0, 45.0), "yes", "together they work from -10 to 45 °C"),
        ({}, {}, (-11.0, 45.0), "no", "together they work from -10 to 45 °C; -11 to 45 °C is asked"),
        ({}, {}, (-10.0, 46.0), "no", "together they work from -10 to 45 °C; -10 to 46 °C is asked"),
        ({"temperature_discharge_min": 45.0}, {}, None, "no", "one works from 45 °C, the other only to 45 °C"),
        (
            {"temperature_discharge_min": None},
            {},
            None,
            "unknown",
            "not known: from what to what temperature it gives power",
        ),
        (
            {},
            {"temperature_max": None},
            (0.0, 40.0),
            "unknown",
            "not known: from what to what temperature the aircraft flies",
        ),
        (
            {"temperature_discharge_max": None},
            {"temperature_max": None},
            (-20.0, 40.0),
            "no",
            "together they work from -10 to ? °C; -20 to 40 °C is asked",
        ),
    ],
)
def test_temperature(
    pack: dict[str, Any],
    aircraft: dict[str, Any],
    climate: tuple[float, float] | None,
    answer: str,
    reason: str,
) -> None:
    check = temperature(read(**pack), place(**aircraft), climate)
    assert (check.answer.value, check.reason.text) == (answer, reason)


def test_endurance_falls_with_mass_and_rises_with_energy() -> None:
    found = endurance(read(energy=444.0, mass=2.4), place(OWN))
    assert found.ratio == pytest.approx(2.0 * (4.2 / 5.4) ** 1.5, abs=1e-12)
    assert found.seconds == pytest.approx(1800.0 * 2.0 * (4.2 / 5.4) ** 1.5, abs=1e-9)
    assert endurance(read(identifier="OWN"), place(OWN)).ratio == 1.0


def test_endurance_with_two_packs_at_once() -> None:
    found = endurance(read(mass=2.2), place(OWN, battery_count=2))
    assert found.ratio == pytest.approx((5.4 / 7.4) ** 1.5, abs=1e-12)


@pytest.mark.parametrize(
    ("pack", "aircraft", "missing"),
    [
        ({"energy": None, "capacity": None}, {}, "not known: its energy"),
        ({"mass": None}, {}, "not known: the mass of both packs"),
        ({}, {"mass_without_battery": None}, "not known: the aircraft's mass without battery"),
        ({}, {"kind": "aerostat"}, "an aerostat's endurance does not follow from its mass"),
    ],
)
def test_endurance_that_is_not_known(pack: dict[str, Any], aircraft: dict[str, Any], missing: str) -> None:
    found = endurance(read(**pack), place(OWN, **aircraft))
    assert (found.ratio, found.seconds) == (None, None)
    assert found.missing is not None
    assert found.missing.text == missing


def test_endurance_without_an_own_pack() -> None:
    missing = endurance(read(), place(**SILENT)).missing
    assert missing is not None
    assert missing.text == "not known: the energy of the aircraft's own pack"
