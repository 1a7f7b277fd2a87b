"""Fleet files: every form is read alike and written back the same, and everything malformed says what is wrong."""

import io
import json
from pathlib import Path

import pytest
from tests.engines.interop.batteries.made_up import aircraft, pack

from skypact.exchange.catalogue.xlsx import write_sheet
from skypact.exchange.fleet import (
    FORMATS,
    FleetFile,
    Language,
    check_ids,
    fleet_in,
    read_fleet,
    write_fleet,
    write_template,
)
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
FILLED = {
    **DOCUMENT,
    "title": "=Two nations, one pack",
    "assumptions": {"currency": "KRW", "adapter_price": None, "spares_share": 0.25, "pool_packs": 3},
}


def from_text(text: str, name: str = "fleet.csv") -> FleetFile:
    return fleet_in(text.encode(), name=name)


def written(fleet: Fleet, form: str, language: Language = "en") -> bytes:
    out = io.BytesIO()
    write_fleet(fleet, out, form, language=language)
    return out.getvalue()


def said(caught: pytest.ExceptionInfo[InputError]) -> list[str]:
    return str(caught.value).splitlines()


def test_every_form_says_the_same(tmp_path: Path) -> None:
    (tmp_path / "fleet.csv").write_text(f"\ufeff{TABLE}", encoding="utf-8")
    (tmp_path / "fleet.JSON").write_text(json.dumps(DOCUMENT), encoding="utf-8")
    table = read_fleet(tmp_path / "fleet.csv")
    assert table.fleet == read_fleet(tmp_path / "fleet.JSON").fleet == Fleet.model_validate(DOCUMENT)
    assert table.fleet.assumptions == BatteryAssumptions()
    assert table.place("stock.0", "pack") == "row 5: id"
    assert read_fleet(tmp_path / "fleet.JSON").place("stock.0", "pack") == "stock.0.pack"


@pytest.mark.parametrize("language", ["en", "ko"])
@pytest.mark.parametrize("form", FORMATS)
def test_what_is_written_reads_back_as_the_same(form: str, language: Language) -> None:
    fleet = Fleet.model_validate(FILLED)
    content = written(fleet, form, language)
    assert fleet_in(content, name=f"again.{form}").fleet == fleet
    assert written(fleet, form, language) == content


def test_a_table_has_no_place_for_listings() -> None:
    own = aircraft("ONE").model_dump(mode="json")
    fleet = Fleet.model_validate({**DOCUMENT, "listings": [own]})
    assert fleet_in(written(fleet, "json"), name="f.json").fleet == fleet
    with pytest.raises(InputError, match=r"fleet: format: a fleet with listings of its own is written as json"):
        written(fleet, "csv")
    with pytest.raises(InputError, match=r"format: csv or xlsx or json \(found 'ods'\)"):
        written(fleet, "ods")


def test_notes_name_what_is_listed() -> None:
    out = io.BytesIO()
    one = aircraft("ONE").model_copy(update={"name": "=Kite", "name_ko": "연"})
    write_fleet(Fleet.model_validate(DOCUMENT), out, "csv", language="ko", named={"SYN-ONE": one})
    assert out.getvalue().decode("utf-8-sig").splitlines()[2] == "기체,KR,SYN-ONE,10,연"
    out = io.BytesIO()
    write_fleet(Fleet.model_validate(DOCUMENT), out, "csv", named={"SYN-ONE": one})
    assert out.getvalue().decode("utf-8-sig").splitlines()[2] == "aircraft,KR,SYN-ONE,10,'=Kite"


@pytest.mark.parametrize("form", ["csv", "xlsx"])
@pytest.mark.parametrize("language", ["en", "ko"])
def test_the_template_needs_a_row_and_passes_its_examples_over(form: str, language: Language) -> None:
    out = io.BytesIO()
    write_template(out, form, language=language)
    with pytest.raises(InputError) as caught:
        fleet_in(out.getvalue(), name=f"t.{form}")
    assert said(caught) == [f"t.{form}: only example rows; at least one row of kind aircraft is needed"]


def test_the_template_says_its_units_and_takes_rows() -> None:
    out = io.BytesIO()
    write_template(out, "csv")
    text = out.getvalue().decode("utf-8-sig")
    assert text.splitlines()[:2] == [
        "kind,nation (ISO 3166-1 alpha-2),id (of the listing),quantity (pieces; of assumptions: as noted),"
        "note (not read)",
        'example aircraft,FR,parrot-anafi,30,"EXAMPLE, passed over: kind becomes aircraft"',
    ]
    fleet = from_text(f"{text}aircraft,KR,SYN-ONE,10,\n").fleet
    assert [row.aircraft for row in fleet.aircraft] == ["SYN-ONE"]
    assert fleet.assumptions == BatteryAssumptions()
    with pytest.raises(InputError, match=r"template: format: csv or xlsx \(found 'json'\)"):
        write_template(out, "json")


def test_an_example_that_was_filled_in_but_not_renamed_is_told() -> None:
    with pytest.raises(InputError) as caught:
        from_text(f"{TABLE}example aircraft,FR,parrot-anafi,31\n")
    assert said(caught) == [
        "fleet.csv: row 6: kind: an example row that was changed: write aircraft or stock here, or delete the row "
        "(found 'example aircraft')"
    ]


@pytest.mark.parametrize(
    "header",
    [
        "Quantity,id,kind,nation",
        "수량 (개),품목 ID,종류,국가 (ISO 3166-1 alpha-2)",
        "대수,식별자,구분,국가 코드",
        "Number [pcs],listing id,KIND,Country",
    ],
)
@pytest.mark.parametrize("kind", ["aircraft", "기체", "Drone", "무인기"])
def test_headings_in_any_order_and_in_both_languages(header: str, kind: str) -> None:
    (row,) = from_text(f"{header}\n3,SYN-ONE,{kind},us\n").fleet.aircraft
    assert (row.nation, row.aircraft, row.quantity) == ("US", "SYN-ONE", 3)


def test_a_spreadsheet_is_read_as_it_is_typed() -> None:
    out = io.BytesIO()
    rows = [("기체", "KR", "SYN-ONE", 10.0), ("가정", None, "spares share", 0.2), (None, None, None, None)]
    write_sheet(["종류", "국가", "품목 ID", "수량 (개)"], rows, out, sheet="보유 기체")
    fleet = fleet_in(out.getvalue(), name="f.xlsx").fleet
    assert (fleet.aircraft[0].quantity, fleet.assumptions.spares_share) == (10, 0.2)
    out = io.BytesIO()
    write_sheet(["kind", "nation", "id", "quantity"], [("aircraft", "KR", "SYN-ONE", 1.5)], out, sheet="a & b")
    with pytest.raises(InputError, match=r"f.xlsx: row 2: quantity: input should be a valid integer.*\(found '1.5'\)"):
        fleet_in(out.getvalue(), name="f.xlsx")
    with pytest.raises(InputError, match=r"f.xlsx: this is no .xlsx workbook"):
        fleet_in(b"kind,nation", name="f.xlsx")


HEADER = (
    "the first row names the columns kind, nation, id, quantity, such as kind, nation (ISO 3166-1 alpha-2), "
    "id (of the listing), quantity (pieces; of assumptions: as noted), note (not read)"
)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", f"fleet.csv: row 1: {HEADER}"),
        ("kind,id,quantity\n", f"fleet.csv: row 1: {HEADER} (found 'kind, id, quantity')"),
        ("kind,fuel\n", f"fleet.csv: row 1: column B: no column of a fleet file; {HEADER} (found 'fuel')"),
        ("kind,nation,id,ID\n", "fleet.csv: row 1: ID: this column stands twice (found 'ID')"),
        (
            "kind,nation,id,quantity (dozen)\n",
            "fleet.csv: row 1: quantity (dozen): another unit; write quantity (pieces; of assumptions: as noted) "
            "(found 'dozen')",
        ),
        (
            "kind;nation;id;quantity\n",
            "fleet.csv: row 1: columns are separated by semicolons; save the file with commas",
        ),
        (
            f"{TABLE}stock,KR,SYN-B\n",
            "fleet.csv: row 6: quantity: input should be a valid integer, unable to parse string as an integer",
        ),
        (
            f"{TABLE}stock,KR,SYN-B,1,2\n",
            "fleet.csv: row 6: column E: 4 cells, one a column; quote cells that hold commas (found '2')",
        ),
        (
            f"{TABLE}charger,KR,SYN-B,1\n",
            "fleet.csv: row 6: kind: must be one of aircraft, stock, assumption, title (found 'charger')",
        ),
        (f"{TABLE}stock,KR,=A1,1\n", "fleet.csv: row 6: id: a formula: write its value (found '=A1')"),
        (f"{TABLE}stock,KR,SYN-B,0\n", "fleet.csv: row 6: quantity: input should be greater than 0 (found '0')"),
        (
            f"{TABLE}aircraft,KOR,SYN-B,1\n",
            "fleet.csv: row 6: nation: must be an ISO 3166-1 alpha-2 country code such as KR (found 'KOR')",
        ),
        (
            f"{TABLE}aircraft,KR,SYN-ONE,1\n",
            "fleet.csv: row 6: id: aircraft of KR that stands in row 2 already; add the quantities up in one row "
            "(found 'SYN-ONE')",
        ),
        (
            f"{TABLE}assumption,,pack_price,-1\n",
            "fleet.csv: row 6: quantity: input should be greater than or equal to 0 (found '-1')",
        ),
        (
            f"{TABLE}assumption,,pool packs,3\nassumption,,pool_packs,3\n",
            "fleet.csv: row 7: id: stands in row 6 already; keep one (found 'pool_packs')",
        ),
        (
            f"{TABLE}assumption,,adapter_price,none\nassumption,,introduction,none\n",
            "fleet.csv: row 7: quantity: input should be a valid number (found None)",
        ),
        ("kind,nation,id,quantity\n", "fleet.csv: at least one row of kind aircraft is needed"),
        (
            f"{TABLE}stock,KR,{'x' * 140_000},1\n",
            "fleet.csv: row 6: must be CSV: field larger than field limit (131072)",
        ),
    ],
)
def test_malformed_table(text: str, message: str) -> None:
    with pytest.raises(InputError) as caught:
        from_text(text)
    found = said(caught)
    assert found == [message] or found[0].startswith(message)


def test_all_that_is_wrong_is_told_at_once() -> None:
    with pytest.raises(InputError) as caught:
        from_text("종류,국가,품목 ID,수량 (개)\n기체,KOR,SYN-ONE,많음\n재고,KR,SYN-B,0\n가정,,fuel,1\n")
    assert [line.partition(": ")[2].rpartition(": ")[0] for line in said(caught)[:3]] == [
        "row 2: 국가 (ISO 3166-1 alpha-2)".removesuffix(" (ISO 3166-1 alpha-2)"),
        "row 2: 수량 (개)",
        "row 3: 수량 (개)",
    ]
    assert said(caught)[3].startswith("fleet.csv: row 4: 품목 ID: must be one of currency, packs_per_place")


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
        from_text(text, "f.json")
    assert str(caught.value) == message


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"must be a readable fleet file \(No such file or directory\)"):
        read_fleet(tmp_path / "none.csv")
    with pytest.raises(InputError, match=r"fleet.ods: a fleet file ends in .csv, .xlsx or .json \(found '.ods'\)"):
        read_fleet(tmp_path / "fleet.ods")
    (tmp_path / "bad.csv").write_bytes("종류,국가".encode("cp949"))
    with pytest.raises(InputError, match=r"bad.csv: row 1: byte 0xc1 .* is not UTF-8 \(it reads as CP949"):
        read_fleet(tmp_path / "bad.csv")
    (tmp_path / "large.csv").write_bytes(b"#" * (4 * 1024 * 1024 + 1))
    with pytest.raises(InputError, match="large.csv: at most 4 MiB"):
        read_fleet(tmp_path / "large.csv")


def test_ids_that_are_not_listed_or_are_something_else() -> None:
    file = from_text(TABLE)
    check_ids(file, [aircraft("ONE"), aircraft("TWO"), pack("ALPHA")])
    with pytest.raises(InputError) as caught:
        check_ids(file, [pack("ONE"), aircraft("TWO")])
    assert said(caught) == [
        "fleet.csv: row 2: id: must be of category aircraft, not battery (found 'SYN-ONE')",
        "fleet.csv: row 5: id: the id of a listed battery; skypact catalogue search finds ids (found 'SYN-ALPHA')",
    ]


def test_a_name_or_a_slip_leads_to_the_id() -> None:
    listed = [aircraft("ONE"), aircraft("TWO").model_copy(update={"name": "kite-ii"})]
    with pytest.raises(
        InputError, match=r"row 2: id: the id of a listing, as in its address; not its name .*'Kite II'"
    ):
        from_text("kind,nation,id,quantity\naircraft,KR,Kite II,1\n")
    for written_so in ("kite-2", "SYN-TWP"):
        with pytest.raises(InputError, match=r"row 2: id: the id of a listed aircraft, such as SYN-TWO"):
            check_ids(from_text(f"kind,nation,id,quantity\naircraft,KR,{written_so},1\n"), listed)


def test_the_fleet_may_bring_its_own_listings() -> None:
    own = tuple(one.model_dump(mode="json") for one in (aircraft("ONE"), aircraft("TWO"), pack("ALPHA")))
    check_ids(FleetFile(Fleet.model_validate({**DOCUMENT, "listings": own}), "f.json"), [])


def test_the_examples_of_the_manual() -> None:
    page = (Path(__file__).parents[2] / "docs" / "batteries.md").read_text(encoding="utf-8")
    blocks = [block for number, block in enumerate(page.split("```")) if number % 2]
    table, document = (next(block for block in blocks if block.startswith(head)) for head in ("\nkind", "json"))
    assert len(from_text(table.lstrip()).fleet.aircraft) == 2
    assumed = from_text(document.removeprefix("json"), "fleet.json").fleet.assumptions
    assert (assumed.adapter_price, assumed.endurance_least) == (None, 0.9)
