"""What a pack says of itself, beside its listing: agreement, contradiction, and what nobody knows."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from skypact.conformance import Recording
from skypact.conformance.dronecan.samples import candump
from skypact.conformance.dronecan.samples import flight as can_flight
from skypact.conformance.dronecan.samples import frames as can_frames
from skypact.conformance.mavlink.samples import flight, frames, log
from skypact.conformance.packs import STANDARDS, Statement, compare, overall, stated
from skypact.schema import Battery, Listing
from skypact.schema.kit import Answer
from skypact.seed import catalogue

DAY = date(2026, 11, 21)
_EVIDENCE = {
    "grade": "documented",
    "source": {"title": "made up for a test", "date": "2026-01-01"},
    "observed": "2026-01-01",
    "provenance": "synthetic",
}


def claim(value: float, unit: str) -> list[dict[str, Any]]:
    return [{**_EVIDENCE, "value": value, "unit": unit}]


def listing(**battery: float) -> Listing:
    units = {"cells_series": "1", "capacity": "Ah"} | {"current_continuous": "A", "current_peak": "A"}
    made = {name: claim(value, units.get(name, "V")) for name, value in battery.items()}
    real = next(one for one in catalogue().listings if one.battery is not None)
    return real.model_copy(update={"battery": Battery.model_validate(made), "mass": ()})


LISTED = {
    "cells_series": 6,
    "voltage_nominal": 22.2,
    "voltage_min": 19.5,
    "voltage_max": 25.2,
    "capacity": 5.5,
    "current_continuous": 80.0,
    "current_peak": 120.0,
}


def of_dronecan() -> Statement:
    (found,) = stated("dronecan", [Recording("bus", candump(can_frames(can_flight())))])
    return found


def test_both_protocols_tell_of_one_pack() -> None:
    (link,) = stated("mavlink", [Recording("log", log(frames(flight())))])
    assert link.sender == "system 1, component 180, battery 0"
    assert (link.name, link.serial_number, link.cells_series, link.mass_kg) == ("SYN_Pack-6S", "SYN-0007", 6, 0.82)
    assert (link.voltage_min_v, link.voltage_max_v, link.capacity_ah) == (19.5, 25.5, 5.5)
    assert link.measured_min_v == link.measured_max_v == pytest.approx(23.473)
    bus = of_dronecan()
    assert bus.sender == "node 42"
    same = ("name", "serial_number", "cells_series", "voltage_min_v", "voltage_max_v", "capacity_ah")
    assert [getattr(bus, name) for name in same] == [getattr(link, name) for name in same]
    assert (bus.mass_kg, bus.measured_max_v) == (None, 23.5)


def test_a_pack_that_is_what_its_listing_says() -> None:
    compared = compare(of_dronecan(), listing(**LISTED), on=DAY)
    answers = {one.field: one.answer for one in compared}
    assert answers.pop("mass_kg") is Answer.UNKNOWN
    assert set(answers.values()) == {Answer.YES}
    assert overall(compared) is Answer.YES


@pytest.mark.parametrize(
    ("field", "change", "sentence"),
    [
        ("cells_series", {"cells_series": 4}, "cells_series: the pack says 6, the listing 4."),
        (
            "voltage_max_v",
            {"voltage_max": 27.0},
            "voltage_max_v: the pack says 25.5 V, the listing 27 V (within 3%).",
        ),
        ("capacity_ah", {"capacity": 6.0}, "capacity_ah: the pack says 5.5 Ah, the listing 6 Ah (within 5%)."),
        ("measured", {"voltage_max": 22.0}, "measured: 23.5 to 23.5 V; the listing's window is 19.5 to 22 V."),
    ],
)
def test_a_pack_that_is_another(field: str, change: dict[str, float], sentence: str) -> None:
    compared = compare(of_dronecan(), listing(**LISTED | change), on=DAY)
    (found,) = [one for one in compared if one.field == field]
    assert (found.answer, found.sentence) == (Answer.NO, sentence)
    assert overall(compared) is Answer.NO


def test_what_nobody_says_is_no_agreement() -> None:
    compared = compare(Statement("node 1", capacity_ah=5.5), listing(capacity=5.5), on=DAY)
    assert {one.answer for one in compared} == {Answer.YES, Answer.UNKNOWN}
    assert overall(compared) is Answer.UNKNOWN
    assert compared[0].sentence == "cells_series: neither says it."
    ends = replace(of_dronecan(), cells_series=None)
    assert overall(compare(ends, listing(**LISTED), on=DAY)) is Answer.YES


def test_an_expired_claim_is_unknown() -> None:
    made = listing(**LISTED)
    old = made.battery.cells_series[0].model_copy(update={"expires": date(2026, 6, 1)})
    expired = made.model_copy(update={"battery": made.battery.model_copy(update={"cells_series": (old,)})})
    assert compare(of_dronecan(), expired, on=DAY)[0].answer is Answer.UNKNOWN


def test_only_batteries_are_compared_and_only_two_protocols_carry_packs() -> None:
    other = next(one for one in catalogue().listings if one.battery is None)
    with pytest.raises(ValueError, match="is no battery"):
        compare(of_dronecan(), other, on=DAY)
    with pytest.raises(ValueError, match='"klv" carries no packs; accepted: mavlink, dronecan'):
        stated("klv", [])


@pytest.mark.parametrize("standard", STANDARDS)
@settings(max_examples=80, deadline=None)
@given(draw=st.data())
def test_a_broken_recording_tells_what_can_still_be_read(standard: str, draw: st.DataObject) -> None:
    whole = bytearray(log(frames(flight())) if standard == "mavlink" else candump(can_frames(can_flight())))
    for bit in draw.draw(st.lists(st.integers(0, 8 * len(whole) - 1), max_size=6)):
        whole[bit // 8] ^= 1 << bit % 8
    stop = draw.draw(st.integers(0, len(whole)))
    for one in stated(standard, [Recording("broken", bytes(whole[:stop]))]):
        assert one.sender
