from pathlib import Path

import pytest
from tests.exchange.catalogue.foreign import samples

from skypact.exchange.catalogue import read
from skypact.schema import Listing, NumberClaim, Provenance


def told(claims: tuple[NumberClaim, ...]) -> tuple[float | None, str | None]:
    (claim,) = claims
    return claim.value, claim.note


def test_one_value_is_read_and_the_assumed_unit_is_told() -> None:
    vendor, listing = samples.only(samples.DRONES)
    assert (vendor.id, vendor.name, vendor.nation) == ("autel", "Autel Robotics", None)
    assert listing.id == "drones-open-catalog-acme-bee-2"
    assert told(listing.mass) == (0.1165, "The file names no unit; read as g. Written: 116,5.")
    assert listing.mass[0].provenance is Provenance.DERIVED
    airframe = listing.airframe
    assert airframe is not None
    assert told(airframe.link_range) == (100.0, "Written: 100 metros.")
    assert told(airframe.battery_voltage) == (11.55, "Written: 11,55 V.")
    assert told(airframe.battery_capacity) == (2.453, "The file names no unit; read as mAh. Written: 2.453.")
    assert [claim.value for claim in airframe.battery] == ["LiPo 3S"]
    assert airframe.speed_max == ()


def test_several_values_are_unknown_with_the_text_in_the_note() -> None:
    _, listing = samples.only(samples.DRONES)
    assert listing.airframe is not None
    assert told(listing.airframe.endurance) == (
        None,
        "No single value is given: 35 ou 47 (dependendo da bateria)",
    )


@pytest.mark.parametrize("said", ["-", "-1", ""])
def test_what_is_not_stated_makes_no_claim(said: str) -> None:
    _, listing = samples.only(samples.DRONES.replace("116,5", said))
    assert listing.mass == ()


def test_a_mass_without_battery_is_no_mass_ready_to_fly() -> None:
    _, listing = samples.only(samples.DRONES.replace("116,5", "329 (sem bateria)"))
    assert listing.mass == ()
    assert listing.airframe is not None
    assert told(listing.airframe.mass_without_battery) == (
        0.329,
        "The file names no unit; read as g. Written: 329 (sem bateria).",
    )


def test_bad_entries_are_reported_with_their_place() -> None:
    assert samples.wrong(samples.DRONES.replace('"name": "Bee 2", ', "").replace("}]", "}, 7]")) == [
        (None, "[0].name", "", "this field is required"),
        (None, "[1]", "7", "must be a table of named fields"),
    ]


@pytest.mark.shared_data
def test_the_whole_file_comes_in(shared_data: Path) -> None:
    with (shared_data / "catalogue" / "drones_open_catalog.json").open("rb") as stream:
        rows = list(read(stream, name="drones.json"))
    records = [record for row in rows for record in row.records if isinstance(record, Listing)]
    assert [row for row in rows if row.problems or row.left_out] == []
    assert len({record.id for record in records}) == 61 == len(rows)
    airframes = [record.airframe for record in records if record.airframe is not None]
    assert sum(any(claim.value is not None for claim in item.battery_capacity) for item in airframes) == 58
