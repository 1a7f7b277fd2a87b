"""The CSV dialect."""

import pytest
from tests.exchange.catalogue.samples import EVIDENCE, LISTING, VENDOR, records_of, rows_of, text_of

from skypact.exchange.catalogue import Format, UnreadableFileError, read, template
from skypact.schema import (
    Claim,
    Evidence,
    Grade,
    Listing,
    NumberClaim,
    Provenance,
    SpareFor,
    TestRecord,
    Unit,
    Vendor,
)

HEADER = (
    "id,name,vendor,vendor.name,vendor.nation,category,summary,"
    "evidence.grade,evidence.source_title,evidence.source_date"
)
ROW = "acme-mast,Acme Mast,acme,Acme,KR,mount,A mast.,stated,Acme brochure,2026-01-05"


def listing(columns: str = "", cells: str = "", row: str = ROW) -> Listing:
    found = [item for item in records_of(f"{HEADER}{columns}\n{row}{cells}\n", Format.CSV) if isinstance(item, Listing)]
    assert len(found) == 1
    return found[0]


def mass(columns: str, cells: str) -> tuple[NumberClaim, ...]:
    return listing(columns, cells).mass


def test_claim_takes_unit_from_cell_or_column_and_evidence_from_the_row() -> None:
    for columns, cells in ((",mass_kg", ",0.9"), (",mass_kg", ",900 g"), (",mass_g", ",900"), (",mass", ",900 g")):
        (claim,) = mass(columns, cells)
        assert (claim.value, claim.unit, claim.grade, claim.source.title) == (0.9, "kg", Grade.STATED, "Acme brochure")
        assert str(claim.observed) == "2026-01-05"


def test_claim_may_have_its_own_evidence_and_a_second_claim_beside_it() -> None:
    first, second = mass(
        ",mass_kg,mass_kg.2,mass_kg.2.grade,mass_kg.2.source_title,mass_kg.2.source_date,mass_kg.2.provenance"
        ",mass_kg.2.test.method,mass_kg.2.test.conducted_by",
        ",0.9,1 kg,tested,Weighing report,2026-05-01,derived,weighed three times,Acme laboratory",
    )
    assert (first.value, first.grade) == (0.9, Grade.STATED)
    assert (second.value, second.grade, second.source.title) == (1.0, Grade.TESTED, "Weighing report")
    assert second.test == TestRecord(method="weighed three times", conducted_by="Acme laboratory")
    assert second.provenance is Provenance.DERIVED


def test_unknown_is_a_value_and_an_empty_cell_is_none() -> None:
    assert [claim.value for claim in mass(",mass_kg", ",unknown")] == [None]
    assert mass(",mass_kg", ",") == ()


def test_number_one_may_be_written() -> None:
    assert (
        listing(",ports.1.id,ports.kind,ports.standard,ports.role", ",head,mechanical,1/4-20,provides").ports[0].id
        == "head"
    )


def test_gaps_in_numbering_close() -> None:
    assert listing(",spare_for,spare_for.3", ",acme-one,acme-three").spare_for == (
        SpareFor(listing="acme-one"),
        SpareFor(listing="acme-three"),
    )


def test_a_spare_may_say_more_than_its_id() -> None:
    columns = ",spare_for.listing,spare_for.consumable,spare_for.quantity_per_year,spare_for.quantity_per_year.grade"
    (spare,) = listing(columns, ",acme-mast,yes,4,documented").spare_for
    assert (spare.listing, spare.consumable) == ("acme-mast", True)
    assert [(claim.value, claim.unit, claim.grade) for claim in spare.quantity_per_year] == [
        (4, Unit.COUNT, Grade.DOCUMENTED)
    ]


def test_a_claim_takes_over_grade_and_test_of_the_row_together() -> None:
    row = ",evidence.test.method,evidence.test.conducted_by,mass_kg,mass_kg.grade"
    tested = "acme-mast,Acme Mast,acme,Acme,KR,mount,A mast.,tested,Acme report,2026-01-05,trial,Acme"
    for grade, known in (("", "trial"), ("stated", None)):
        (record,) = [
            item for item in records_of(f"{HEADER}{row}\n{tested},1,{grade}\n", Format.CSV) if isinstance(item, Listing)
        ]
        assert record.mass[0].grade is (Grade.TESTED if known else Grade.STATED)
        assert (None if record.mass[0].test is None else record.mass[0].test.method) == known


@pytest.mark.parametrize("grade", ["tested", "fielded"])
def test_a_test_is_not_taken_over_where_there_was_none(grade: str) -> None:
    test = {"method": "trial", "conducted_by": "Acme"}
    other = {"test": {**test, "method": "another"}} if grade == "tested" else {}
    first = {**EVIDENCE, "grade": grade, "test": test}
    record = LISTING.model_copy(
        update={
            "evidence": (Evidence.model_validate(first),),
            "mass": (Claim[float].model_validate({**EVIDENCE, "grade": grade, **other, "value": 1, "unit": "kg"}),),
        }
    )
    assert records_of(text_of([VENDOR, record], Format.CSV), Format.CSV) == [VENDOR, record]


def test_byte_order_mark_and_windows_line_ends_are_read() -> None:
    text = f"{HEADER}\r\n{ROW}\r\n".encode("utf-8-sig")
    assert [record.id for record in records_of(text, Format.CSV)] == ["acme", "acme-mast"]


def test_empty_rows_are_skipped_and_rows_count_as_a_spreadsheet_does() -> None:
    in_two_lines = ROW.replace("A mast.", '"A\nmast."')
    bad = ROW.replace("stated", "proven")
    rows = rows_of(f"{HEADER}\n{in_two_lines}\n,,,,,,,,,\n{bad}\n", Format.CSV)
    assert [row.number for row in rows] == [2, 4]
    assert [problem.row for problem in rows[1].problems] == [4]


def test_cells_that_a_spreadsheet_would_run_are_written_with_an_apostrophe() -> None:
    text = text_of([VENDOR, LISTING], Format.CSV)
    assert "'=Acme Radar" in text
    assert "'-AR 1" in text
    assert "''A radar" in text


def test_vendor_without_name_must_be_known_elsewhere() -> None:
    header = HEADER.replace(",vendor.name,vendor.nation", "")
    row = ROW.replace(",Acme,KR", "")
    records = records_of(f"{header}\n{row}\n", Format.CSV)
    assert [type(record) for record in records] == [Listing]


def test_vendor_is_told_with_every_row_and_is_one() -> None:
    text = f"{HEADER}\n{ROW}\n{ROW.replace('acme-mast', 'acme-pole')}\n"
    assert {record.id for record in records_of(text, Format.CSV)} == {"acme", "acme-mast", "acme-pole"}
    assert sum(isinstance(record, Vendor) for record in set(records_of(text, Format.CSV))) == 1


def test_good_rows_stand_beside_bad_ones() -> None:
    rows = rows_of(f"{HEADER}\n{ROW.replace('KR', 'Korea')}\n{ROW}\n", Format.CSV)
    assert [len(row.problems) for row in rows] == [1, 0]
    assert [record.id for record in rows[1].records] == ["acme", "acme-mast"]


def test_cell_beyond_the_limit_is_refused() -> None:
    with pytest.raises(UnreadableFileError, match="^row 2: a cell may have at most 131072 characters$"):
        rows_of(f"{HEADER}\n{ROW.replace('A mast.', 'x' * 140_000)}\n", Format.CSV)


def test_line_beyond_the_limit_is_refused() -> None:
    with pytest.raises(UnreadableFileError, match="^row 2: a line may have at most 1000000 characters$"):
        rows_of(f"{HEADER}\n{'x' * 1_000_001}\n", Format.CSV)


def test_every_column_of_the_template_is_read() -> None:
    columns = list(template())
    assert len(columns) == len(set(columns))
    assert {"id", "vendor.name", "mass_kg.grade", "sensors.ranges.range_m", "offers.price.amount"} < set(columns)
    assert {"evidence.test.method", "evidence.test.scenario.metrics.value"} < set(columns)
    assert rows_of(",".join(columns) + "\n", Format.CSV) == []


def test_format_comes_from_the_name_unless_given(tmp_path) -> None:
    path = tmp_path / "catalogue.txt"
    path.write_text(f"{HEADER}\n{ROW}\n")
    with path.open("rb") as stream, pytest.raises(UnreadableFileError, match="must end in .csv, .xlsx"):
        list(read(stream, name=path.name))
    with path.open("rb") as stream:
        assert len(list(read(stream, name=path.name, format=Format.CSV))) == 1
