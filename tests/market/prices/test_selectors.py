"""What one reader sees of the history of prices: never a price, a flag or a hint of what is not released to him."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.market.catalogue.samples import AMERICAN, ANONYMOUS, KOREAN, MEMBER, STAFF
from tests.market.prices.samples import START, breaks, note, noted, offer

from skypact.market.core.access import Actor
from skypact.market.prices.selectors import PriceHistory, history, rises_for

pytestmark = pytest.mark.django_db

EVERYBODY = (ANONYMOUS, MEMBER, KOREAN, AMERICAN, STAFF)


def day(number: int) -> date:
    return START.date() + timedelta(days=number)


def seen(actor: Actor, on: int = 100, slug: str = "acme-mast") -> PriceHistory:
    return history(actor, slug, on=day(on))


def rows(actor: Actor) -> list[tuple[int, int, str]]:
    return [
        ((item.at - START).days, item.number, "withdrawn" if item.withdrawn else str(item.price))
        for item in seen(actor).observations
    ]


def flags(actor: Actor, on: int = 100) -> list[tuple[str, int]]:
    return [(item.kind.value, (item.at - START).days) for item in seen(actor, on).flags]


def test_of_a_listing_without_prices_nothing_is_stated() -> None:
    note(0)
    empty = seen(ANONYMOUS)
    assert (empty.observations, empty.flags, empty.stated) == ((), (), False)
    note(1, offer(None, stock=3))
    assert (len(seen(ANONYMOUS).observations), seen(ANONYMOUS).stated) == (1, False)
    assert not history(ANONYMOUS, "nothing", on=day(1)).stated


def test_everything_is_told_as_quoted() -> None:
    note(0, offer("100.50", quantity_breaks=breaks((10, "90.0")), stock=4, lead_time_days=30, valid_until="2027-01-31"))
    told = seen(ANONYMOUS).model_dump(mode="json")
    assert told == {
        "listing": "acme-mast",
        "observations": [
            {
                "at": "2026-01-01T12:00:00Z",
                "seller": "acme",
                "number": 1,
                "withdrawn": False,
                "price": {"amount": "100.50", "currency": "EUR"},
                "quantity_breaks": [{"quantity": 10, "price": {"amount": "90.0", "currency": "EUR"}}],
                "stock": 4,
                "lead_time_days": 30,
                "valid_until": "2027-01-31",
                "release": "PUBLIC",
                "grade": "stated",
                "source": "Acme brochure",
                "source_url": "https://acme.example/b",
                "source_date": "2026-01-05",
                "observed": "2026-01-05",
            }
        ],
        "flags": [],
        "rise_percent": 10.0,
        "rise_days": 90,
    }


def test_flags_last_as_long_as_the_set_time() -> None:
    noted((0, "100"), (10, "120"))
    assert flags(ANONYMOUS, on=9) == []
    assert flags(ANONYMOUS, on=10) == [("rise", 10)]
    assert flags(ANONYMOUS, on=100) == [("rise", 10)]
    assert flags(ANONYMOUS, on=101) == []


def test_an_offer_added_later_is_flagged() -> None:
    note(0, offer("100"))
    note(5, offer("100"), offer("50", seller="beta"))
    note(6, offer("100"), slug="acme-pole")
    assert flags(ANONYMOUS, on=20) == [("added", 5)]
    assert history(ANONYMOUS, "acme-pole", on=day(10)).flags == ()


def test_a_rise_needs_both_prices_to_be_readable() -> None:
    note(0, offer("100", release="REL KR"))
    note(10, offer("120"))
    assert flags(KOREAN) == flags(STAFF) == [("rise", 10)]
    for actor in (ANONYMOUS, MEMBER, AMERICAN):
        assert flags(actor) == []
        assert rows(actor) == [(10, 1, "120 EUR")]


def test_a_price_that_goes_behind_a_label_is_withdrawn_for_the_others() -> None:
    note(0, offer("100"))
    note(10, offer("120", release="REL KR"))
    note(20, offer("130", release="REL KR"))
    assert rows(KOREAN) == [(0, 1, "100 EUR"), (10, 1, "120 EUR"), (20, 1, "130 EUR")]
    assert rows(ANONYMOUS) == rows(AMERICAN) == [(0, 1, "100 EUR"), (10, 1, "withdrawn")]
    assert flags(ANONYMOUS) == []


def test_numbers_do_not_count_hidden_offers() -> None:
    note(0, offer("100", release="REL KR"), offer("200"), offer("300", release="REGISTERED"))
    assert rows(ANONYMOUS) == [(0, 1, "200 EUR")]
    assert rows(MEMBER) == [(0, 1, "200 EUR"), (0, 2, "300 EUR")]
    assert rows(KOREAN) == [(0, 1, "100 EUR"), (0, 2, "200 EUR"), (0, 3, "300 EUR")]


def test_what_a_listing_said_while_it_was_restricted_stays_so() -> None:
    restricted: dict[str, Any] = {"release": "REL KR"}
    note(0, offer("100"), **restricted)
    note(10, offer("120"))
    assert rows(ANONYMOUS) == [(10, 1, "120 EUR")]
    assert (flags(ANONYMOUS), flags(KOREAN)) == ([], [("rise", 10)])


def test_a_reader_who_saw_an_offer_come_late_is_told_so_and_no_other() -> None:
    note(0, offer("100"))
    note(5, offer("100"), offer("50", seller="beta", release="REL KR"))
    note(6, offer("100"), offer("50", seller="beta"))
    assert flags(KOREAN, on=20) == [("added", 5)]
    assert flags(ANONYMOUS, on=20) == []


def test_nobody_learns_of_offers_that_are_hidden_from_him() -> None:
    """Whatever happens to hidden offers, what the others see is equal to the byte."""
    note(0, offer("100"))
    note(20, offer("150"))
    before = {actor.label: seen(actor).model_dump_json() for actor in EVERYBODY}
    for number, price in ((30, "10"), (40, "99"), (50, None)):
        hidden = [] if price is None else [offer(price, release="REL KR"), offer(price, "beta", release="REL KR")]
        note(number, offer("150"), *hidden)
    for actor in (ANONYMOUS, MEMBER, AMERICAN):
        assert seen(actor).model_dump_json() == before[actor.label]
    assert seen(KOREAN).model_dump_json() != before[KOREAN.label]


def test_rises_of_many_listings_take_one_statement() -> None:
    for number in range(12):
        note(0, offer("100"), slug=f"acme-{number}")
        note(10, offer("120" if number % 3 else "101"), slug=f"acme-{number}")
    slugs = [f"acme-{number}" for number in range(12)]
    with CaptureQueriesContext(connection) as captured:
        found = rises_for(ANONYMOUS, slugs, on=day(20))
    assert len(captured) == 1
    assert sorted(found) == sorted(f"acme-{number}" for number in range(12) if number % 3)
    assert [(item.kind.value, str(item.before), str(item.after)) for item in found["acme-1"]] == [
        ("rise", "100 EUR", "120 EUR")
    ]
    assert rises_for(ANONYMOUS, slugs, on=day(101)) == {}
    with CaptureQueriesContext(connection) as captured:
        seen(ANONYMOUS)
    assert len(captured) == 1


@pytest.mark.parametrize("actor", EVERYBODY, ids=lambda actor: actor.label)
def test_lists_flag_what_the_page_flags(actor: Actor) -> None:
    note(0, offer("100", release="REL KR"), offer("10", "beta"))
    note(10, offer("120", release="REGISTERED"), offer("12", "beta"), offer("5", currency="USD"))
    note(15, offer("110"), offer("12", "beta", currency="USD"))
    page = seen(actor, 20).flags
    assert set(rises_for(actor, ["acme-mast"], on=day(20)).get("acme-mast", ())) == set(page)


def test_another_rule_flags_other_rises(settings: Any) -> None:
    noted((0, "100"), (10, "120"))
    settings.PRICE_RISE_SHARE = settings.PRICE_RISE_SHARE * 2
    assert flags(ANONYMOUS) == []
    settings.PRICE_RISE_SHARE = settings.PRICE_RISE_SHARE / 4
    settings.PRICE_RISE_DAYS = 30
    assert flags(ANONYMOUS, on=40) == [("rise", 10)]
    assert flags(ANONYMOUS, on=41) == []
