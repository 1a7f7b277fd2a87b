"""Listings side by side: what differs, one unit a row, what is missing stays missing; page, CSV and interface."""

import csv
import io

import pytest
from django.test import Client
from django.utils import translation
from tests.market.catalogue.samples import DAY, claim, evidence, listing, sensor, stock

from skypact.market.catalogue import comparing, wording
from skypact.schema import Listing, Unit


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


def compared(*records: Listing) -> dict[str, comparing.ComparedRow]:
    return {row.key: row for part in comparing.side_by_side(records, on=DAY) for row in part.rows}


def test_side_by_side_marks_differences_only_between_known_values() -> None:
    rows = compared(
        listing(mass=[claim(1, "kg")], width=[claim(1, "m")], height=[claim(2, "m")]),
        listing(mass=[claim(2, "kg")], height=[claim(2, "m")]),
    )
    assert {key: rows[f"general {key}"].differs for key in ("mass", "width", "height")} == {
        "mass": True,
        "width": False,
        "height": False,
    }
    assert [cell.text for cell in rows["general width"].cells] == ["1 m", "unknown"]


def test_of_several_listings_what_is_known_of_most_comes_first_and_what_is_known_of_one_stands_apart() -> None:
    two = [claim(2, "m")]
    (part,) = comparing.side_by_side(
        [
            listing(length=two, width=two, mass=[claim(1, "kg")]),
            listing(length=two, width=[claim(3, "m")], height=two),
            listing(length=two),
        ],
        on=DAY,
    )
    assert [(row.key, row.differs) for row in part.shared] == [("general length", False), ("general width", True)]
    assert [[(row.label, cell.text) for row, cell in alone] for alone in part.alone] == [
        [("Mass", "1 kg")],
        [("Height", "2 m")],
        [],
    ]
    assert {row.key for row in part.known} == {f"general {key}" for key in ("length", "width", "mass", "height")}


def test_of_two_listings_every_row_stands_side_by_side() -> None:
    (part,) = comparing.side_by_side([listing(mass=[claim(1, "kg")]), listing(height=[claim(2, "m")])], on=DAY)
    assert [row.key for row in part.shared] == [row.key for row in part.known]
    assert len(part.shared) == 2
    assert part.alone == []


def test_where_nothing_is_known_of_one_alone_no_row_says_so() -> None:
    (part,) = comparing.side_by_side([listing(mass=[claim(1, "kg")])] * 3, on=DAY)
    assert part.alone == []


def ranged(*stated: dict[str, object]) -> Listing:
    return listing(category="sensor.radar", sensors=[sensor(ranges=list(stated))])


def test_ranges_align_by_threat_class_and_each_tells_its_target() -> None:
    first = {"target": "Phantom 4", "threat_class": "mini-multirotor", "range": [claim(1000, "m")]}
    second = {"target": "small drone", "threat_class": "mini-multirotor", "range": [claim(2000, "m")]}
    row = compared(ranged(first), ranged(second))["sensor radar range detect mini-multirotor"]
    assert row.detail == "Mini multirotor"
    assert [cell.detail for cell in row.cells] == ["detect: Phantom 4", "detect: small drone"]
    assert row.differs


def test_two_ranges_for_one_threat_class_both_stay() -> None:
    first = {"target": "Phantom 4", "threat_class": "mini-multirotor", "range": [claim(1000, "m")]}
    second = {"target": "Mavic", "threat_class": "mini-multirotor", "range": [claim(900, "m")]}
    assert [key for key in compared(ranged(first, second)) if "range detect" in key] == [
        "sensor radar range detect mini-multirotor",
        "sensor radar range detect mini-multirotor #2",
    ]


def test_a_sensor_kind_that_a_listing_lacks_does_not_apply_to_it() -> None:
    rows = compared(ranged(), listing(mass=[claim(1, "kg")]))
    assert rows["sensor radar tracks_max"].cells[1] is None


@pytest.mark.parametrize(
    ("values", "unit", "texts"),
    [
        ([5000.0, 350.0, 3214.0], Unit.METRE, ["5.000 km", "0.350 km", "3.214 km"]),
        ([12.0, 0.817], Unit.KILOGRAM, ["12.000 kg", "0.817 kg"]),
        ([24.15e9, 5.8e9], Unit.HERTZ, ["24.15 GHz", "5.80 GHz"]),
        ([-20.0, 5.5], Unit.CELSIUS, ["-20.0 °C", "5.5 °C"]),
        ([0.0, 0.0], Unit.METRE, ["0 m", "0 m"]),
        ([120.0, 90.5], Unit.DEGREE, ["120.0°", "90.5°"]),
        ([7.0, 10.0], Unit.COUNT, ["7", "10"]),
    ],
)
def test_a_row_has_one_unit_and_one_precision(values: list[float], unit: Unit, texts: list[str]) -> None:
    assert wording.quantities(values, unit) == texts


def test_cells_of_a_row_are_aligned() -> None:
    row = compared(
        listing(mass=[claim(0.5, "kg"), claim(12, "kg", grade="documented")]), listing(mass=[claim(0.25, "kg")])
    )
    cells = row["general mass"].cells
    assert [cell.text for cell in cells] == ["12.00 kg", "0.25 kg"]
    assert [one.text for one in cells[0].claims] == ["500 g", "12.00 kg"]


def test_assurance_stands_by_use_case() -> None:
    use_case = {"extent": "area", "mobility": "static", "threat_class": "micro-multirotor"}
    score = {"use_case": use_case, "score": 7, "evidence": evidence()}
    rated = listing("a-radar", category="sensor.radar", sensors=[sensor()], scores=[score])
    bare = listing("b-radar", category="sensor.radar", sensors=[sensor()])
    row = compared(rated, bare, listing())["scores area static micro-multirotor"]
    assert (row.label, row.detail) == ("Area, Static", "Micro multirotor")
    assert [None if cell is None else cell.text for cell in row.cells] == ["7", "unknown", None]
    assert row.nothing == "unrated"


def table(*records: Listing) -> list[dict[str, str]]:
    text = comparing.csv_of(records, on=DAY)
    assert text[0] == "\ufeff"
    return list(csv.DictReader(io.StringIO(text[1:])))


def test_csv_gives_values_grades_sources_and_says_what_is_missing() -> None:
    one = listing("a-one", mass=[claim(1.5, "kg", expires="2027-01-01")], width=[claim(2, "m", expires="2026-06-01")])
    other = listing("b-two", mass=[claim(1500, "kg", source={"title": "=1+1", "date": "2026-01-05"})])
    rows = {row["attribute"]: row for row in table(one, other, ranged())}
    assert {name: rows["Mass"][name] for name in rows["Mass"] if name != "acme-mast" and "acme" not in name} == {
        "section": "General",
        "attribute": "Mass",
        "detail": "",
        "unit": "kg",
        "differs": "yes",
        "a-one": "1.5",
        "a-one grade": "stated",
        "a-one source": "Acme brochure",
        "a-one observed": "2026-01-05",
        "a-one expires": "2027-01-01",
        "b-two": "1500",
        "b-two grade": "stated",
        "b-two source": "'=1+1",
        "b-two observed": "2026-01-05",
        "b-two expires": "",
    }
    assert rows["Width"]["a-one"] == "unknown (expired 2026-06-01)"
    assert rows["Width"]["b-two"] == "unknown"
    assert rows["Tracks at once"]["a-one"] == ""
    assert rows["Tracks at once"]["acme-mast"] == "unknown"


@pytest.mark.django_db
def test_page_csv_and_interface_take_six(client: Client) -> None:
    stock(*(listing(f"acme-{number}", mass=[claim(number, "kg", expires="2027-01-01")]) for number in range(1, 8)))
    asked = "&".join(f"id=acme-{number}" for number in range(1, 8))
    page = client.get(f"/catalogue/compare/?{asked}").content.decode()
    assert "At most 6 can stand side by side." in page
    assert page.count('scope="col"') == 6
    file = client.get(f"/catalogue/compare/csv/?{asked}")
    assert file.headers["Content-Disposition"] == 'attachment; filename="skypact-comparison.csv"'
    header = file.content.decode("utf-8-sig").splitlines()[0]
    assert "acme-6 grade" in header
    assert "acme-7" not in header
    api = "/api/v1/catalogue/compare?"
    six = client.get(api + asked.rpartition("&")[0]).json()
    assert six["ids"] == [f"acme-{number}" for number in range(1, 7)]
    assert client.get(api + asked).status_code == 422


@pytest.mark.django_db
def test_page_marks_differences_in_words_and_shows_what_expired(client: Client) -> None:
    stock(
        listing("acme-1", mass=[claim(1, "kg")], width=[claim(2, "m", expires="2026-06-01")]),
        listing("acme-2", mass=[claim(2, "kg")], width=[claim(3, "m")]),
    )
    page = client.get("/catalogue/compare/?id=acme-1&id=acme-2").content.decode()
    assert page.count('<span class="usa-sr-only"> differs</span>') == 1
    assert '<span class="cat-unknown">unknown</span> <del class="cat-detail">2 m</del>' in page
    assert "expired 2026-06-01" in page
    assert 'href="/catalogue/compare/csv/?id=acme-1&amp;id=acme-2"' in page
