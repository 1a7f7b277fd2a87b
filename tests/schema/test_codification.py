"""Stock numbers and makers' codes: their form, and what it says."""

import pytest
from tests.exchange.catalogue.samples import EVIDENCE

from skypact.schema import InputError, Vendor, parse
from skypact.schema.codification import BUREAUX, is_us_cage, ncage, stock_number, stock_number_parts


@pytest.mark.parametrize("text", ["5840-37-123-4567", "5840371234567", "5840 37 123 4567", "5840-371234567"])
def test_stock_number_is_held_with_dashes(text: str) -> None:
    assert stock_number(text) == "5840-37-123-4567"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "584037123456",
        "58403712345678",
        "5840-37-1234-567",
        "5840--37-123-4567",
        "5840-37-123-456A",
        "٥840371234567",
    ],
)
def test_other_forms_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="^a NATO stock number is 13 digits written 1234-56-789-0123$"):
        stock_number(text)


def test_parts_say_class_bureau_nation_and_item() -> None:
    parts = stock_number_parts("5840371234567")
    assert (parts.supply_class, parts.bureau, parts.item, parts.identification_number) == (
        "5840",
        "37",
        "1234567",
        "371234567",
    )
    assert parts.nation == "KR"


@pytest.mark.parametrize(
    ("bureau", "nation"),
    [("00", "US"), ("09", "US"), ("12", "DE"), ("20", "CA"), ("21", "CA"), ("43", "PL"), ("99", "GB")],
)
def test_nation_of_a_bureau(bureau: str, nation: str) -> None:
    assert BUREAUX[bureau] == nation


@pytest.mark.parametrize("bureau", ["10", "11", "44", "67", "69", "85", "97"])
def test_a_code_without_nation_has_none(bureau: str) -> None:
    assert stock_number_parts(f"5840{bureau}1234567").nation is None


def test_every_bureau_is_there_once() -> None:
    assert len(BUREAUX) == 82
    assert all(len(code) == 2 and code.isdecimal() and len(nation) == 2 for code, nation in BUREAUX.items())


@pytest.mark.parametrize(
    ("text", "held"), [("cnp90", "CNP90"), ("I9005", "I9005"), ("0066F", "0066F"), ("1ABC2", "1ABC2")]
)
def test_maker_s_code(text: str, held: str) -> None:
    assert ncage(text) == held


@pytest.mark.parametrize("text", ["", "1234", "123456", "O1234", "1I234", "12-34", "12 34"])
def test_what_is_no_maker_s_code(text: str) -> None:
    with pytest.raises(ValueError, match="^an NCAGE is five capital letters or digits, without the letter O"):
        ncage(text)


def test_codes_of_the_united_states_begin_and_end_with_a_digit() -> None:
    assert [code for code in ("1ABC2", "12345", "CNP90", "0066F", "1AIC2") if is_us_cage(code)] == ["1ABC2", "12345"]
    data = {"id": "acme", "name": "Acme", "nation": "US", "ncage": "CNP90", "evidence": [EVIDENCE]}
    with pytest.raises(InputError, match="a US CAGE code begins and ends with a digit and has neither I nor O"):
        parse(Vendor, data, file="test")
    assert parse(Vendor, {**data, "nation": "DE"}, file="test").ncage == "CNP90"
