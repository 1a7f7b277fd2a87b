from collections import Counter
from datetime import date
from pathlib import Path

import pytest
from tests.exchange.catalogue.foreign import samples

from skypact.exchange.catalogue import read
from skypact.schema import Category, Grade, Listing, Provenance, Vendor


def row(number: str, name: str) -> str:
    return f'{number},{number[:4]},x,01,,"{name}",EACH,A,1,1,1,1,1,1,2017-01-31,2019-12-31,4\n'


def test_an_item_names_its_number_class_and_register_and_no_maker() -> None:
    vendor, listing = samples.only(samples.NSN)
    assert (vendor.id, vendor.name, vendor.nation) == (
        "us-dla-leso",
        "US Defense Logistics Agency (register; maker not stated)",
        None,
    )
    assert (listing.id, listing.nsn, listing.name) == ("nsn-5985-01-123-4567", "5985-01-123-4567", "ANTENNA,TEST")
    assert listing.category is Category.SUPPLY
    assert [(item.regime, item.code) for item in listing.declarations] == [
        ("US federal supply class", "5985"),
        ("US demilitarization code", "A"),
    ]
    (evidence,) = listing.evidence
    assert (evidence.grade, evidence.provenance) == (Grade.DOCUMENTED, Provenance.DERIVED)
    assert evidence.observed == evidence.source.date == date(2019, 12, 31)
    assert evidence.source.licence == "US Government work, public domain (17 USC 105)"


def test_a_booked_value_is_told_and_is_no_offer() -> None:
    _, listing = samples.only(samples.NSN)
    assert listing.offers == ()
    assert listing.evidence[0].note == (
        "One row for each valid stock number since 2017-01-31; the name used most often."
        " Unit acquisition value on US books: 12.5 USD per EACH. It is not an offer."
    )


@pytest.mark.parametrize(
    ("number", "name", "reason"),
    [
        ("1005-00-000-0001", "PIN", "supply groups 10 to 14: weapons, ammunition and fire control"),
        ("1240-00-000-0001", "LENS", "supply groups 10 to 14: weapons, ammunition and fire control"),
        ("1450-00-000-0001", "STAND", "supply groups 10 to 14: weapons, ammunition and fire control"),
        ("4933-00-000-0001", "TOOL", "supply classes that maintain, pack or train with weapons and ammunition"),
        ("2355-00-000-0001", "TRUCK", "supply classes 2350 and 2355: combat vehicles"),
        ("5865-00-000-0001", "POD", "supply class 5865: electronic countermeasures"),
        ("5855-00-000-0001", "NIGHT VISION SIGHT,INDIVIDUAL", "items named for a weapon, ammunition or aiming"),
        ("8465-00-000-0001", "case,small arms ammunition", "items named for a weapon, ammunition or aiming"),
    ],
)
def test_weapons_and_what_serves_them_are_left_out_with_the_reason(number: str, name: str, reason: str) -> None:
    (found,) = samples.rows(samples.NSN_HEADER + "\n" + row(number, name))
    assert (found.left_out, found.records, found.problems) == (reason, (), ())


@pytest.mark.parametrize("name", ["HOE,MORTAR MIXING", "SUIT,EXPLOSIVE ORDNANCE DISPOSAL", "CARTRIDGE,TONER"])
def test_what_only_sounds_like_a_weapon_is_taken(name: str) -> None:
    (found,) = samples.rows(samples.NSN_HEADER + "\n" + row("5120-00-000-0001", name))
    assert (found.left_out, len(found.records)) == ("", 2)


def test_bad_rows_are_reported_like_all_others() -> None:
    good = samples.NSN.splitlines()[1]
    bad = (
        good.replace("5985-01-123-4567", "5985-01-123"),
        good.replace(",5985,", ",5986,"),
        good.replace("2019-12-31", "31.12.2019"),
        good.replace('"ANTENNA,TEST"', "=1+1"),
        good.replace('"ANTENNA,TEST"', "ANTENNA,TEST"),
        good.replace('"ANTENNA,TEST"', ""),
    )
    assert samples.wrong("\n".join((samples.NSN_HEADER, *bad))) == [
        (2, "nsn", "'5985-01-123'", "a NATO stock number is 13 digits written 1234-56-789-0123"),
        (3, "fsc", "'5986'", "the supply class is the first four digits of the stock number 5985-01-123-4567"),
        (4, "last_release", "'31.12.2019'", "input should be a valid date such as 2026-01-05"),
        (5, "item_name", "'=1+1'", "a formula is not accepted: write its value"),
        (6, "", "", "the row has 18 cells and the header 17: quote cells that hold commas"),
        (7, "item_name", "", "this field is required"),
    ]


@pytest.mark.shared_data
def test_the_whole_register_comes_in(shared_data: Path) -> None:
    with (shared_data / "catalogue" / "nsn_items_dla_leso_2016-2020.csv").open("rb") as stream:
        rows = list(read(stream, name="nsn.csv"))
    records = [record for row in rows for record in row.records]
    assert len(rows) == 30_846
    assert sum(isinstance(record, Listing) for record in records) == 28_640
    assert [record.id for record in records if isinstance(record, Vendor)] == ["us-dla-leso"]
    assert [row for row in rows if row.problems] == []
    assert Counter(row.left_out for row in rows if row.left_out) == {
        "supply groups 10 to 14: weapons, ammunition and fire control": 1_520,
        "items named for a weapon, ammunition or aiming": 437,
        "supply classes that maintain, pack or train with weapons and ammunition": 196,
        "supply classes 2350 and 2355: combat vehicles": 48,
        "supply class 5865: electronic countermeasures": 5,
    }
