from pathlib import Path

import pytest
from tests.exchange.catalogue.foreign import samples

from skypact.exchange.catalogue import read
from skypact.schema import Category, Listing


def test_a_drone_has_its_masses_endurance_and_class_mark() -> None:
    vendor, listing = samples.only(samples.OPENDRONELIST)
    assert (vendor.id, vendor.name, vendor.nation) == ("acme", "Acme", None)
    assert (listing.id, listing.category) == ("opendronelist-acme-bee-2", Category.AIRCRAFT)
    assert [claim.value for claim in listing.mass] == [0.8]
    airframe = listing.airframe
    assert airframe is not None
    assert airframe.kind is None
    assert [claim.value for claim in airframe.takeoff_mass_max] == [0.9]
    assert [claim.value for claim in airframe.endurance] == [1860.0]
    assert [(item.regime, item.code) for item in listing.declarations] == [
        ("EU UAS class (Regulation (EU) 2019/945)", "C1")
    ]
    assert listing.evidence[0].source.licence == "MIT"


def test_what_is_not_stated_stays_unknown() -> None:
    _, listing = samples.only(samples.OPENDRONELIST.replace("C1,800,900,31", "none,,900,"))
    assert (listing.mass, listing.declarations) == ((), ())
    assert listing.airframe is not None
    assert listing.airframe.endurance == ()


def test_bad_rows_are_reported_like_all_others() -> None:
    assert samples.wrong(samples.OPENDRONELIST.replace("Acme,Bee 2", ",Bee 2").replace(",31,", ",long,")) == [
        (2, "manufacturer", "", "this field is required"),
        (2, "endurance", "'long'", "a number, with a unit where it is not the column's: 90, 90 s, 40 min; or unknown"),
    ]


@pytest.mark.shared_data
def test_the_whole_file_comes_in(shared_data: Path) -> None:
    with (shared_data / "catalogue" / "opendronelist.csv").open("rb") as stream:
        rows = list(read(stream, name="opendronelist.csv"))
    records = [record for row in rows for record in row.records if isinstance(record, Listing)]
    assert [row for row in rows if row.problems or row.left_out] == []
    assert len({record.id for record in records}) == 145 == len(rows)
    assert sum(not record.mass for record in records) == 4
    assert sum(bool(record.declarations) for record in records) == 22
