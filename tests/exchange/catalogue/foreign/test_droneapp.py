from pathlib import Path

import pytest
from tests.exchange.catalogue.foreign import samples

from skypact.exchange.catalogue import read
from skypact.schema import Category, Grade, Listing, NumberClaim, Provenance, Vendor


def value(claims: tuple[NumberClaim, ...]) -> float | None:
    (claim,) = claims
    return claim.value


def test_a_battery_without_a_model_is_named_by_its_values() -> None:
    pack, numbered = (row.records for row in samples.rows(samples.BATTERIES))
    vendor, listing = pack
    assert isinstance(vendor, Vendor)
    assert isinstance(listing, Listing)
    assert (vendor.id, vendor.nation) == ("grepow", None)
    assert (listing.id, listing.name) == ("droneapp-tattu-14-8-v-2-ah-45c", "TATTU 14.8 V 2 Ah 45C")
    assert (listing.category, value(listing.mass)) == (Category.BATTERY, 0.2)
    battery = listing.battery
    assert battery is not None
    assert (value(battery.voltage_nominal), value(battery.capacity), value(battery.energy)) == (14.8, 2.0, 29.6)
    assert (value(battery.current_continuous), value(battery.current_peak)) == (90.0, 180.0)
    assert (battery.chemistry, battery.connector, battery.cells_series) == ((), (), ())
    assert isinstance(numbered[1], Listing)
    assert numbered[1].id == "droneapp-tp900-3spx25j"


def test_a_computed_value_says_so_and_a_read_one_names_its_licence() -> None:
    listing = samples.rows(samples.BATTERIES)[0].records[1]
    assert isinstance(listing, Listing)
    assert listing.battery is not None
    (current,), (capacity,) = listing.battery.current_continuous, listing.battery.capacity
    assert (current.provenance, current.note) == (Provenance.DERIVED, "Discharge rate times capacity.")
    assert (capacity.provenance, capacity.grade, capacity.source.licence) == (
        Provenance.SOURCE,
        Grade.STATED,
        "Apache-2.0",
    )


def test_the_part_number_tells_the_cells_and_a_contradiction_is_told() -> None:
    text = samples.BATTERIES.replace("ProLiteX;TP900-3SPX25J;11.1;900", "ProLiteX;TP950-3SPX25J;11.1;900")
    listing = samples.rows(text)[1].records[1]
    assert isinstance(listing, Listing)
    assert listing.battery is not None
    assert value(listing.battery.cells_series) == 3.0
    assert listing.battery.capacity[0].note == "The part number tells 950 mAh."


def test_a_motor_has_its_speed_constant() -> None:
    vendor, listing = samples.only(samples.MOTORS)
    assert (vendor.id, listing.id) == ("model-motors", "droneapp-axi-9999-11-gold-line-700-rpm-v")
    assert listing.category is Category.MOTOR
    motor = listing.motor
    assert motor is not None
    assert (value(motor.speed_constant), value(motor.poles), value(motor.winding_resistance)) == (700.0, 14.0, 0.03)
    assert (value(motor.voltage_nominal), value(motor.current_max), value(motor.current_no_load)) == (14.8, 40.0, 0.5)


def test_a_lost_letter_is_dropped_and_told() -> None:
    _, listing = samples.only(samples.MOTORS.replace("AXI 9999/11 GOLD LINE", "?Test EC 4 ?4 mm 700KV"))
    assert listing.name == "Test EC 4 4 mm 700KV"
    assert listing.motor is not None
    assert listing.motor.speed_constant[0].note == "The file lost a letter of the model's name."


def test_two_rows_alike_stay_two_listings() -> None:
    first = samples.MOTORS.splitlines()[1]
    found = samples.rows(f"{samples.MOTORS}{first}\n")
    assert [row.records[1].id for row in found] == [
        "droneapp-axi-9999-11-gold-line-700-rpm-v",
        "droneapp-axi-9999-11-gold-line-700-rpm-v-2",
    ]


def test_a_speed_controller_has_its_limits() -> None:
    vendor, listing = samples.only(samples.SPEED_CONTROLLERS)
    assert (vendor.id, vendor.name) == ("yge", "YGE")
    assert (listing.id, listing.name) == ("droneapp-yge-33-s-33-a-14-8-v", "YGE 33 S")
    assert listing.category is Category.SPEED_CONTROLLER
    controller = listing.speed_controller
    assert controller is not None
    assert (value(controller.voltage_max), value(controller.current_max)) == (14.8, 33.0)


def test_bad_rows_are_reported_like_all_others() -> None:
    assert samples.wrong(samples.BATTERIES.replace("14.8;2000", "many;-2000")) == [
        (2, "Voltage_V", "'many'", "a number, with a unit where it is not the column's: 22.2, 22.2 V; or unknown"),
    ]
    assert samples.wrong(samples.BATTERIES.replace(";200;90", ";-200;90")) == [
        (2, "mass", "", "claim 0: -0.2 kg is below 0"),
    ]
    assert samples.wrong(samples.BATTERIES.replace(";200;90", ";200")) == [
        (2, "", "", "the row has 7 cells and the header 8: quote cells that hold commas"),
    ]


@pytest.mark.shared_data
@pytest.mark.parametrize(
    ("name", "listings", "vendors"),
    [
        ("uav_batteries_droneapp.csv", 131, ["grepow", "kokam", "thunder-power"]),
        ("uav_motors_droneapp.csv", 204, ["kde-direct", "maxon", "model-motors", "scorpion-power-system"]),
        ("uav_escs_droneapp.csv", 74, ["jeti-model", "kontronik", "turnigy", "yge"]),
    ],
)
def test_the_whole_file_comes_in(shared_data: Path, name: str, listings: int, vendors: list[str]) -> None:
    with (shared_data / "catalogue" / name).open("rb") as stream:
        rows = list(read(stream, name=name))
    records = [record for row in rows for record in row.records]
    assert [row for row in rows if row.problems or row.left_out] == []
    assert len({record.id for record in records if isinstance(record, Listing)}) == listings == len(rows)
    assert sorted({record.id for record in records if isinstance(record, Vendor)}) == vendors
