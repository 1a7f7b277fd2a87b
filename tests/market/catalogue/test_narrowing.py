"""The search page: what it offers to narrow a search, what is in force, and what was made of the words."""

import pytest
from django.http import QueryDict
from django.test import Client
from django.utils import translation
from tests.market.catalogue.samples import ANONYMOUS, DAY, claim, evidence, listing, sensor, stock, vendor

from skypact.market.catalogue import narrowing, selectors
from skypact.market.catalogue.facts import ATTRIBUTES, FACETS, NUMBERS, PORT
from skypact.market.catalogue.forms import filters_of, mistakes_in, quantity_of
from skypact.market.catalogue.selectors import Filters

pytestmark = pytest.mark.django_db


@pytest.fixture
def stocked() -> None:
    ranges = [{"target": "drone", "range": [claim(4000, "m")]}]
    price = {"amount": "1500", "currency": "EUR"}
    stock(
        vendor(name_ko="애크미"),
        vendor("borealis", nation="NO"),
        listing("acme-radar", category="sensor.radar", sensors=[sensor(ranges=ranges)], mass=[claim(12, "kg")]),
        listing("acme-camera", category="sensor.camera", sensors=[sensor("camera")], mass=[claim(2, "kg")]),
        listing(
            "borealis-mast",
            vendor="borealis",
            offers=[{"seller": "borealis", "price": price, "lead_time_days": 30, "evidence": evidence()}],
        ),
    )


def page(address: str, **headers: str) -> str:
    response = Client().get(f"/catalogue/?{address}", headers=headers)
    assert response.status_code == 200
    return response.content.decode()


def test_every_attribute_has_a_title_and_a_place() -> None:
    placed = [name for _title, names in narrowing.GROUPS for name in names]
    assert sorted(placed) == sorted({attribute.name for attribute in ATTRIBUTES} - {PORT})
    assert all(narrowing.title_of(name) for name in placed)
    assert all(narrowing.sort_name(sort) for sort in selectors.SORTS)


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("mass", "5", 5.0),
        ("mass", "900 g", 0.9),
        ("range", "3 km", 3000.0),
        ("lowest_frequency", "24 GHz", 24e9),
        ("endurance", "40 min", 2400.0),
        ("price_eur", "1,500", 1500.0),
        ("price_eur", "1500 EUR", 1500.0),
        ("lead_time", "30 d", 30.0),
    ],
)
def test_bounds_are_read_with_and_without_units(name: str, text: str, value: float) -> None:
    assert quantity_of(name, text) == value


@pytest.mark.parametrize(
    ("name", "text"), [("mass", "5 km"), ("mass", "heavy"), ("range", "1e999"), ("lead_time", "nan")]
)
def test_what_is_no_quantity_is_refused(name: str, text: str) -> None:
    with pytest.raises(ValueError, match="."):
        quantity_of(name, text)


def test_address_gives_the_search_and_names_its_mistakes() -> None:
    asked = QueryDict("q=radar&family=sensor&family=mount&mass_max=5 kg&range_min=far&sort=mass&foreign=1&nation=")
    assert filters_of(asked) == Filters(
        q="radar", sort="mass", chosen={"family": ("sensor", "mount")}, between={"mass": (None, 5.0)}
    )
    (mistake,) = mistakes_in(asked)
    assert (mistake.place, mistake.value) == ("range_min", "far")


@pytest.mark.usefixtures("stocked")
def test_choices_in_force_can_be_taken_away_one_by_one() -> None:
    asked = QueryDict("q=mast 20 kg&vendor=borealis&vendor=acme&mass_max=5 kg&page=2&sort=name")
    filters = filters_of(asked)
    found = selectors.search(ANONYMOUS, filters, on=DAY)
    assert [(chip.text, chip.without) for chip in narrowing.chips(found, filters, asked)] == [
        ("Vendor: Borealis", "?q=mast+20+kg&vendor=acme&mass_max=5+kg&sort=name"),
        ("Vendor: Acme", "?q=mast+20+kg&vendor=borealis&mass_max=5+kg&sort=name"),
        ("Mass: at most 5 kg", "?q=mast+20+kg&vendor=borealis&vendor=acme&sort=name"),
        (
            "20 kg: Mass at most 20 kg or Greatest take-off mass at most 20 kg",
            "?q=mast&vendor=borealis&vendor=acme&mass_max=5+kg&sort=name",
        ),
    ]


@pytest.mark.usefixtures("stocked")
def test_page_shows_bars_ends_and_values() -> None:
    shown = page("mass_max=20 kg")
    assert 'name="mass_max" value="20 kg"' in shown
    assert "5 kg to 10 kg: 0; 10 kg to 20 kg: 1" in shown
    assert "known of 2 listings" in shown
    assert "2 listings<" in shown
    assert 'name="category" value="sensor.radar"' in shown
    assert 'name="vendor"' not in shown  # both are the same vendor's


@pytest.mark.usefixtures("stocked")
def test_page_says_which_word_was_looked_for_instead() -> None:
    shown = page("q=radr")
    assert "Nothing contains “radr”. This was searched for instead: radar." in shown
    assert 'href="?q=radar"' in shown
    assert "acme-radar" in shown


@pytest.mark.usefixtures("stocked")
def test_page_names_a_bound_that_is_no_quantity() -> None:
    assert "“far” is no quantity and was ignored." in page("range_min=far")


@pytest.mark.usefixtures("stocked")
def test_page_speaks_korean() -> None:
    shown = page("vendor=acme&range_min=3 km", **{"Accept-Language": "ko"})
    for words in ("업체: 애크미", "탐지 거리: 3 km 이상", "자주 찾는 항목", "필터 적용"):
        assert words in shown


@pytest.mark.usefixtures("stocked")
def test_orders_are_offered_where_they_say_something() -> None:
    shown = page("")
    for offered in ("name", "category", "range", "mass", "lead_time", "price_eur"):
        assert f'<option value="{offered}"' in shown
    for left_out in ("relevance", "price_usd"):
        assert f'<option value="{left_out}"' not in shown


@pytest.mark.usefixtures("stocked")
def test_interface_takes_the_same_parameters() -> None:
    client = Client()
    found = client.get("/api/v1/catalogue/listings?mass_max=5 kg&q=acme").json()
    assert [item["id"] for item in found["items"]] == ["acme-camera"]
    assert found["numbers"]["mass"]["known"] == 2
    assert set(found["facets"]) == set(FACETS)
    assert set(found["numbers"]) == set(NUMBERS)
    refused = client.get("/api/v1/catalogue/listings?mass_max=heavy")
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["place"] == "mass_max"


def test_filters_are_told_in_words_without_the_catalogue() -> None:
    filters = filters_of(QueryDict("nation=KR&in_stock=yes&cells_min=6&cells_max=6&lead_time_max=30&emits=no"))
    with translation.override("en"):
        assert narrowing.choices(filters) == [
            "Nation of the vendor: South Korea",
            "Stock: In stock",
            "Transmits: No",
            "Lead time: at most 30 days",
            "Cells in series: 6",
        ]
