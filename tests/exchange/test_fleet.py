"""Fleet files: both forms are read alike, and everything malformed says what is wrong."""

import json
from pathlib import Path

import pytest
from tests.engines.interop.batteries.made_up import aircraft, pack

from skypact.exchange.fleet import check_ids, parse_fleet, read_fleet
from skypact.schema import BatteryAssumptions, Fleet, InputError

TABLE = """kind,nation,id,quantity
aircraft,KR,SYN-ONE,10
aircraft,,SYN-TWO, 20

stock,KR,SYN-ALPHA,5
"""
DOCUMENT = {
    "title": "fleet.csv",
    "aircraft": [
        {"nation": "KR", "aircraft": "SYN-ONE", "quantity": 10},
        {"nation": None, "aircraft": "SYN-TWO", "quantity": 20},
    ],
    "stock": [{"nation": "KR", "pack": "SYN-ALPHA", "quantity": 5}],
}


def test_both_forms_say_the_same(tmp_path: Path) -> None:
    (tmp_path / "fleet.csv").write_text(f"\ufeff{TABLE}", encoding="utf-8")
    (tmp_path / "fleet.JSON").write_text(json.dumps(DOCUMENT), encoding="utf-8")
    table = read_fleet(tmp_path / "fleet.csv")
    assert table == read_fleet(tmp_path / "fleet.JSON") == Fleet.model_validate(DOCUMENT)
    assert table.assumptions == BatteryAssumptions()
    assert parse_fleet(table.model_dump_json(), file="again.json", json_form=True) == table


def test_columns_in_any_order() -> None:
    text = "Quantity,id,kind,nation\n3,SYN-ONE,aircraft,US\n"
    (row,) = parse_fleet(text, file="fleet.csv", json_form=False).aircraft
    assert (row.nation, row.aircraft, row.quantity) == ("US", "SYN-ONE", 3)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "fleet.csv: row 1: the first row names the columns kind, nation, id, quantity"),
        (
            "kind,id,quantity\n",
            "fleet.csv: row 1: the first row names the columns kind, nation, id, quantity (found 'kind, id, quantity')",
        ),
        (f"{TABLE}stock,KR,SYN-B\n", "fleet.csv: row 6: 4 cells, one a column (found '3 cells')"),
        (f"{TABLE}charger,KR,SYN-B,1\n", "fleet.csv: row 6: kind: must be one of aircraft, stock (found 'charger')"),
        (
            f"{TABLE}stock,KR,SYN-B,many\n",
            "fleet.csv: row 6: quantity: input should be a valid integer, unable to parse string as an integer "
            "(found 'many')",
        ),
        (f"{TABLE}stock,KR,SYN-B,0\n", "fleet.csv: row 6: quantity: input should be greater than 0 (found '0')"),
        (
            f"{TABLE}aircraft,KOR,SYN-B,1\n",
            "fleet.csv: row 6: nation: must be an ISO 3166-1 alpha-2 country code such as KR (found 'KOR')",
        ),
        (
            f"{TABLE}aircraft,KR,SYN-ONE,1\n",
            "fleet.csv: aircraft SYN-ONE of KR stands 2 times; add the quantities up in one line",
        ),
        ("kind,nation,id,quantity\n", "fleet.csv: aircraft: needs at least 1 item (found [])"),
        (f'{TABLE}stock,KR,"SYN-B\n', "fleet.csv: row 6: 4 cells, one a column (found '3 cells')"),
        (
            f"{TABLE}stock,KR,{'x' * 140_000},1\n",
            "fleet.csv: row 6: must be CSV: field larger than field limit (131072)",
        ),
    ],
)
def test_malformed_table(text: str, message: str) -> None:
    with pytest.raises(InputError) as caught:
        parse_fleet(text, file="fleet.csv", json_form=False)
    assert str(caught.value).partition(" (found {")[0] == message


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "f.json: line 1, column 2: must be valid JSON: Expecting property name enclosed in double quotes"),
        ("[" * 100_000, "f.json: must not be nested so deeply"),
        ("[]", "f.json: must be a table of named fields (found [])"),
        (
            json.dumps({**DOCUMENT, "fuel": 1}),
            "f.json: fuel: unknown field; known here: aircraft, assumptions, listings, stock, title (found 1)",
        ),
        (
            json.dumps({**DOCUMENT, "assumptions": {"pack_price": -1}}),
            "f.json: assumptions.pack_price: input should be greater than or equal to 0 (found -1)",
        ),
        (
            json.dumps({**DOCUMENT, "assumptions": {"aircraft_per_charger": 0}}),
            "f.json: assumptions.aircraft_per_charger: input should be greater than 0 (found 0)",
        ),
    ],
)
def test_malformed_document(text: str, message: str) -> None:
    with pytest.raises(InputError) as caught:
        parse_fleet(text, file="f.json", json_form=True)
    assert str(caught.value) == message


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"must be a readable fleet file \(No such file or directory\)"):
        read_fleet(tmp_path / "none.csv")
    with pytest.raises(InputError, match=r"fleet.xlsx: a fleet file ends in .csv or .json \(found '.xlsx'\)"):
        read_fleet(tmp_path / "fleet.xlsx")
    (tmp_path / "bad.csv").write_bytes(b"kind,\xff")
    with pytest.raises(InputError, match="bad.csv: byte 5: must be UTF-8 text"):
        read_fleet(tmp_path / "bad.csv")
    (tmp_path / "large.csv").write_bytes(b"#" * (4 * 1024 * 1024 + 1))
    with pytest.raises(InputError, match="large.csv: at most 4 MiB"):
        read_fleet(tmp_path / "large.csv")


def test_ids_that_are_not_listed_or_are_something_else() -> None:
    fleet = Fleet.model_validate(DOCUMENT)
    check_ids(fleet, [aircraft("ONE"), aircraft("TWO"), pack("ALPHA")], file="f.csv")
    with pytest.raises(InputError) as caught:
        check_ids(fleet, [pack("ONE"), aircraft("TWO")], file="f.csv")
    assert str(caught.value).splitlines() == [
        "f.csv: aircraft.0.aircraft: must be of category aircraft, not battery (found 'SYN-ONE')",
        "f.csv: stock.0.pack: the id of a listed battery; skypact catalogue search finds ids (found 'SYN-ALPHA')",
    ]


def test_the_fleet_may_bring_its_own_listings() -> None:
    own = tuple(one.model_dump(mode="json") for one in (aircraft("ONE"), aircraft("TWO"), pack("ALPHA")))
    check_ids(Fleet.model_validate({**DOCUMENT, "listings": own}), [], file="f.json")


def test_the_examples_of_the_manual() -> None:
    page = (Path(__file__).parents[2] / "docs" / "batteries.md").read_text(encoding="utf-8")
    blocks = [block for number, block in enumerate(page.split("```")) if number % 2]
    table, document = (next(block for block in blocks if block.startswith(head)) for head in ("\nkind", "json"))
    assert len(parse_fleet(table.lstrip(), file="fleet.csv", json_form=False).aircraft) == 2
    assumed = parse_fleet(document.removeprefix("json"), file="fleet.json", json_form=True).assumptions
    assert (assumed.adapter_price, assumed.endurance_least) == (None, 0.9)
