"""What differs, in words: nothing that differs goes unsaid."""

from datetime import date
from itertools import pairwise
from typing import Any

import pytest
from django.utils.translation import override
from tests.market.catalogue.samples import claim, sensor
from tests.market.suppliers.samples import evidence, listing, offer, vendor

from skypact import schema, seed
from skypact.market.catalogue.wording import FIELDS as CLAIM_FIELDS
from skypact.market.suppliers.difference import Mark, differences, price_rise
from skypact.market.suppliers.wording import FIELDS
from skypact.schema import Listing, Model
from skypact.schema.problems import models_in


def rows(before: Model | None, after: Model) -> list[tuple[str, str, str, str, Mark | None]]:
    with override("en"):
        return [
            (" › ".join(item.where), item.before, item.after, item.percent, item.mark)
            for item in differences(before, after)
        ]


def test_every_field_of_the_schema_has_a_word() -> None:
    named: set[str] = set()
    seen: set[type] = set()

    def note(model: type[Model]) -> None:
        if model not in seen:
            seen.add(model)
            for name, field in model.model_fields.items():
                named.add(name)
                for inner in models_in(field.annotation):
                    note(inner)

    note(schema.Listing)
    note(schema.Vendor)
    assert named - set(FIELDS) - set(CLAIM_FIELDS) == set()


def test_equal_records_do_not_differ() -> None:
    for record in seed.catalogue().listings[:50]:
        assert differences(record, record) == []


def test_plain_fields() -> None:
    before = listing(name_ko="마스트")
    after = listing(name="New Mast", substitutes=["acme-pole", "acme-rod"], category="radio")
    assert rows(before, after) == [
        ("Name", "Acme Mast", "New Mast", "", None),
        ("Korean name", "마스트", "", "", None),
        ("Category", "Mount", "Radio", "", None),
        ("Declared substitutes", "", "acme-pole, acme-rod", "", None),
    ]


def test_prices_show_their_change_in_per_cent_and_a_rise_is_marked() -> None:
    steps = [{"quantity": 10, "price": {"amount": "90", "currency": "EUR"}}]
    before = listing(offers=[offer("100", stock=5), offer("40", seller="bolt")])
    after = listing(offers=[offer("112.50", stock=4, quantity_breaks=steps), offer("30", seller="bolt")])
    assert rows(before, after) == [
        ("Offer: acme › Price", "100 EUR", "112.50 EUR", "+12.5 %", Mark.PRICE_RISE),
        ("Offer: acme › Price from a quantity on: 10 › Quantity", "", "10", "", None),
        ("Offer: acme › Price from a quantity on: 10 › Price", "", "90 EUR", "", None),
        ("Offer: acme › Stock", "5", "4", "-20 %", None),
        ("Offer: bolt › Price", "40 EUR", "30 EUR", "-25 %", None),
    ]


def test_price_in_another_currency_has_no_per_cent() -> None:
    before, after = listing(offers=[offer("100")]), listing()
    after = listing(offers=[offer(price=None) | {"price": {"amount": "90", "currency": "USD"}}])
    assert rows(before, after) == [("Offer: acme › Price", "100 EUR", "90 USD", "", None)]


def test_claim_that_changes_comes_and_goes() -> None:
    first, second = claim(10, "kg"), claim(11, "kg", grade="documented")
    assert rows(listing(mass=[first]), listing(mass=[claim(12, "kg")])) == [("Mass", "10 kg", "12 kg", "+20 %", None)]
    told = "11 kg (Documented; Acme brochure (2026-01-05))"
    assert rows(listing(mass=[first]), listing(mass=[first, second])) == [("Mass", "", told, "", None)]
    assert rows(listing(mass=[first, second]), listing(mass=[first])) == [("Mass", told, "", "", Mark.EVIDENCE_GONE)]


def test_grade_that_rises_is_marked() -> None:
    test = {"method": "CWA 18150", "conducted_by": "A range"}
    before = listing(mass=[claim(10, "kg")])
    after = listing(mass=[claim(10, "kg", grade="tested", test=test, expires="2028-01-01")])
    assert rows(before, after) == [
        ("Mass › Grade of evidence", "Stated", "Tested", "", Mark.GRADE_RISE),
        ("Mass › Expires", "", "2028-01-01", "", None),
        ("Mass › Test › Method", "", "CWA 18150", "", None),
        ("Mass › Test › Conducted by", "", "A range", "", None),
    ]


def test_sensors_and_ranges_are_known_by_their_kind_and_target() -> None:
    def eye(range_m: float, **more: Any) -> Listing:
        stated = [{"target": "small drone", "range": [claim(range_m, "m")]}]
        return listing(category="sensor.radar", sensors=[sensor(ranges=stated, **more)])

    after = eye(6000, tracks_max=[claim(3, "1")])
    assert rows(eye(5000), after) == [
        ("Sensor: Radar › Range: detect, small drone › Range", "5 km", "6 km", "+20 %", None),
        ("Sensor: Radar › Tracks at once", "", "3 (Stated; Acme brochure (2026-01-05))", "", None),
    ]


def test_new_record_says_everything() -> None:
    assert rows(None, listing(mass=[claim(None, "kg")])) == [
        ("Identifier", "", "acme-mast", "", None),
        ("Name", "", "Acme Mast", "", None),
        ("Vendor", "", "acme", "", None),
        ("Category", "", "Mount", "", None),
        ("Summary", "", "A thing.", "", None),
        ("Source", "", "Stated; Acme brochure (2026-01-05)", "", None),
        ("Mass", "", "unknown (Stated; Acme brochure (2026-01-05))", "", None),
    ]


def test_vendor_record() -> None:
    after = vendor(website="https://acme.example")
    assert rows(vendor(), after) == [("Website", "", "https://acme.example", "", None)]


@pytest.mark.parametrize("language", ["en", "ko"])
def test_whatever_differs_is_said(language: str) -> None:
    """Neighbours of the built-in catalogue taken for two versions of one listing: every leaf that differs has a row."""
    records = seed.catalogue().listings
    with override(language):
        for before, after in pairwise(records):
            told = differences(before, after)
            assert told
            assert all(item.before != item.after for item in told)
            assert differences(None, after)


def test_every_single_field_that_goes_is_said() -> None:
    for record in seed.catalogue().listings[:80]:
        for name, field in Listing.model_fields.items():
            if field.is_required():
                continue
            without = record.model_copy(update={name: field.get_default()})
            assert bool(differences(record, without)) == (without != record), (record.id, name)


@pytest.mark.parametrize(
    ("before", "after", "rise"),
    [
        ([offer("100")], [offer("125")], 0.25),
        ([offer("100")], [offer("100")], None),
        ([offer("100")], [offer("90")], None),
        ([offer("100")], [offer(None)], None),
        ([offer("0")], [offer("5")], None),
        ([], [offer("5")], None),
        (
            [offer("100", quantity_breaks=[{"quantity": 10, "price": {"amount": "80", "currency": "EUR"}}])],
            [offer("100")],
            0.25,
        ),
    ],
)
def test_greatest_rise_of_a_price(before: list[Any], after: list[Any], rise: float | None) -> None:
    assert price_rise(listing(offers=before), listing(offers=after)) == rise


def test_dates_and_flags() -> None:
    before = listing(offers=[offer(valid_until=str(date(2026, 12, 1)))], decodes_content=[claim(False)])
    after = listing(offers=[offer(valid_until=str(date(2027, 1, 1)))], decodes_content=[claim(True)])
    assert rows(before, after) == [
        ("Reads the content of radio traffic", "no", "yes", "", None),
        ("Offer: acme › Valid until", "2026-12-01", "2027-01-01", "", None),
    ]


def test_source_that_changes() -> None:
    before, after = listing(), listing(evidence=[evidence(note="Second edition.")])
    assert rows(before, after) == [("Source › Note", "", "Second edition.", "", None)]
