"""Listings, offers and catalogues refuse what does not fit together."""

from typing import Any

import pytest
from pydantic import ValidationError
from tests.engines.made_up import EVIDENCE, VENDOR, claim, listing, offer, power_port

from skypact.schema import Catalogue, Listing, Money, Offer, sentence


def refused(**changes: Any) -> str:
    with pytest.raises(ValidationError) as caught:
        listing("ITEM", changes.pop("category", "power"), **changes)
    return str(caught.value)


def test_a_sensor_needs_sensors() -> None:
    assert "a listing of category sensor.radar needs sensors" in refused(category="sensor.radar")
    assert "a listing of category battery needs battery" in refused(category="battery")
    assert "a listing of category aircraft needs airframe" in refused(category="aircraft")


def test_defeat_equipment_has_no_performance_figures() -> None:
    sensing = {"kind": "passive_rf", "ranges": [{"target": "x", "range": claim(5, "m")}]}
    assert "defeat equipment is listed without performance figures" in refused(
        category="defeat.jammer", sensors=[sensing]
    )


def test_synthetic_and_real_never_mix() -> None:
    assert "whose id does not begin with SYN-" in refused(id="real-item")
    real = {**EVIDENCE, "provenance": "source"}
    assert "every evidence of a SYN- listing must have provenance synthetic" in refused(evidence=[real])


def test_port_ids_are_unique() -> None:
    port = power_port("consumes", "DC", 9, 36)
    assert "port ids repeat" in refused(ports=[port, port])


def test_a_window_that_is_upside_down() -> None:
    assert "the lower limit 36 V is above the upper limit 9 V" in refused(ports=[power_port("consumes", "DC", 36, 9)])


@pytest.mark.parametrize(
    "number", ["5895-01-234-5678", "5895-37-234-5678"]
)  # the second is a Korean codification bureau
def test_stock_numbers(number: str) -> None:
    assert listing("ITEM", "power", nsn=number).nsn == number


@pytest.mark.parametrize("number", ["589501234567", "5895-01-234-567", "589A-01-234-5678"])
def test_other_stock_numbers_are_refused(number: str) -> None:
    assert "a NATO stock number is 13 digits" in refused(nsn=number)


def test_quantity_breaks_rise_in_one_currency() -> None:
    step = {"quantity": 10, "price": {"amount": "9", "currency": "USD"}}
    with pytest.raises(ValidationError, match="quantity breaks need a base price in the same currency"):
        Offer.model_validate(offer("10", quantity_breaks=[step]))
    with pytest.raises(ValidationError, match=r"quantity breaks must rise: \[10, 10\]"):
        Offer.model_validate(offer("10", currency="USD", quantity_breaks=[step, step]))


def catalogue(*listings: Listing) -> Catalogue:
    return Catalogue(vendors=(VENDOR,), listings=listings)


@pytest.mark.parametrize(
    ("listings", "reason"),
    [
        ([listing("A", "power"), listing("A", "power")], "listing id SYN-A appears twice"),
        ([listing("A", "power", vendor="nobody")], "vendor nobody is not in the catalogue"),
        ([listing("A", "power", spare_for=["SYN-B"])], "refers to SYN-B, which is not in the catalogue"),
        ([listing("A", "power", offers=[{**offer("1"), "seller": "nobody"}])], "seller nobody is not in the catalogue"),
    ],
)
def test_references_hold(listings: list[Listing], reason: str) -> None:
    with pytest.raises(ValidationError, match=reason):
        catalogue(*listings)


def test_find_a_listing() -> None:
    item = listing("A", "power")
    assert catalogue(item).listing("SYN-A") is item
    with pytest.raises(KeyError):
        catalogue(item).listing("SYN-B")


def test_money_stays_in_its_currency() -> None:
    five = Money.model_validate({"amount": "5", "currency": "EUR"})
    assert str(five * 3 + five) == "20 EUR"
    with pytest.raises(ValueError, match="cannot add USD to EUR without a dated rate"):
        five + Money.model_validate({"amount": "5", "currency": "USD"})


def test_a_sentence_keeps_its_template_and_facts() -> None:
    inner = sentence("it draws {watts} W", watts=5)
    outer = sentence("{name}: {reason}", name="A", reason=inner)
    assert str(outer) == "A: it draws 5 W"
    assert outer.model_dump() == {
        "text": "A: it draws 5 W",
        "template": "{name}: {reason}",
        "facts": {"name": "A", "reason": inner.model_dump()},
        "text_ko": None,
    }
