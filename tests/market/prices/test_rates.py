"""Exchange rates: taken in once, never overwritten, and what prices come to with them."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st
from tests.market.catalogue.samples import ANONYMOUS, MEMBER, STAFF

from skypact.market.core.models import Event
from skypact.market.prices.actions import import_rates
from skypact.market.prices.exchange import DayRate, Exchange, exchange, rates_of
from skypact.market.prices.models import Rate
from skypact.schema import InputError, Money

pytestmark = pytest.mark.django_db

HISTORY = b"Date,USD,KRW,HUF,\n2024-06-28,1.0705,1474.86,395.10,\n2024-06-27,1.0696,N/A,396.13,\n"


def take(data: bytes = HISTORY, name: str = "eurofxref-hist.csv", actor: Any = STAFF) -> dict[str, Any]:
    return import_rates(actor=actor, data=data, name=name).model_dump(mode="json")


def stored() -> list[tuple[str, str, str, str]]:
    return [(str(rate.date), rate.currency, rate.rate, rate.file) for rate in Rate.objects.all()]


def test_a_file_is_taken_in_with_its_digest() -> None:
    report = take()
    assert {name: value for name, value in report.items() if name != "digest"} == {
        "file": "eurofxref-hist.csv",
        "first": "2024-06-27",
        "last": "2024-06-28",
        "new": 5,
        "unchanged": 0,
    }
    assert stored() == [
        ("2024-06-27", "HUF", "396.13", "eurofxref-hist.csv"),
        ("2024-06-27", "USD", "1.0696", "eurofxref-hist.csv"),
        ("2024-06-28", "HUF", "395.10", "eurofxref-hist.csv"),
        ("2024-06-28", "KRW", "1474.86", "eurofxref-hist.csv"),
        ("2024-06-28", "USD", "1.0705", "eurofxref-hist.csv"),
    ]
    event = Event.objects.get()
    assert (event.action, event.object_id, event.data) == ("prices.import_rates", report["digest"], report)
    assert {rate.digest for rate in Rate.objects.all()} == {report["digest"]}


def test_taking_it_again_changes_nothing_and_more_days_are_added() -> None:
    take()
    again = take()
    assert (again["new"], again["unchanged"], Event.objects.count()) == (0, 5, 1)
    more = take(b"Date,USD,HUF,\n2024-07-01,1.0745,394.88,\n2024-06-28,1.07050,395.1,\n", "eurofxref.csv")
    assert (more["new"], more["unchanged"], Event.objects.count()) == (2, 2, 2)
    assert [rate.rate for rate in Rate.objects.filter(date="2024-06-28", currency="USD")] == ["1.0705"]


def test_a_changed_rate_is_refused_and_nothing_of_the_file_is_taken() -> None:
    take()
    with pytest.raises(InputError) as refused:
        take(b"Date,USD,KRW,\n2024-07-01,1.0745,1480.00,\n2024-06-28,1.0706,1474.86,\n", "forged.csv")
    assert [str(problem) for problem in refused.value.problems] == [
        "forged.csv: 2024-06-28, USD: 1.0705, as eurofxref-hist.csv has it: a published rate is never overwritten "
        "(found 1.0706)"
    ]
    assert (len(stored()), Event.objects.count()) == (5, 1)


def test_days_to_come_are_refused() -> None:
    tomorrow = date.today() + timedelta(days=2)
    with pytest.raises(InputError, match="the last day: rates up to today"):
        take(f"Date,USD,\n{tomorrow},1.07,\n".encode())
    assert not Rate.objects.exists()


@pytest.mark.parametrize("actor", [ANONYMOUS, MEMBER], ids=lambda actor: actor.label)
def test_only_staff_takes_rates_in(actor: Any) -> None:
    with pytest.raises(PermissionDenied, match="may not import exchange rates; only staff may"):
        take(actor=actor)
    assert (Rate.objects.exists(), Event.objects.exists()) == (False, False)


@pytest.mark.parametrize("statement", ["UPDATE prices_rate SET rate = '1'", "DELETE FROM prices_rate"])
def test_the_database_refuses_to_change_a_rate(statement: str) -> None:
    take()
    with (
        pytest.raises(DatabaseError, match="exchange rates are append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)
    assert len(stored()) == 5


def converted(amount: str, currency: str, into: str, on: date) -> tuple[str, str, str, str] | None:
    found = exchange(on).convert(Money(amount=Decimal(amount), currency=currency), into)
    return found and (found.text, str(found.date), found.rates, found.source)


def test_conversions_go_through_the_euro_at_one_day() -> None:
    take()
    day = date(2024, 6, 28)
    source = "European Central Bank, eurofxref-hist.csv"
    assert converted("100", "EUR", "USD", day) == ("107.05 USD", "2024-06-28", "1 EUR = 1.0705 USD", source)
    assert converted("100", "USD", "EUR", day) == ("93.41 EUR", "2024-06-28", "1 EUR = 1.0705 USD", source)
    assert converted("1000", "USD", "KRW", day) == (
        "1,377,730 KRW",
        "2024-06-28",
        "1 EUR = 1.0705 USD = 1474.86 KRW",
        source,
    )
    assert converted("1", "KRW", "USD", day) == (
        "0.00 USD",
        "2024-06-28",
        "1 EUR = 1474.86 KRW = 1.0705 USD",
        source,
    )


def test_the_last_rate_before_counts_until_it_is_too_old(settings: Any) -> None:
    take()
    assert converted("100", "EUR", "USD", date(2024, 7, 5))[:2] == ("107.05 USD", "2024-06-28")  # type: ignore[index]
    assert converted("100", "EUR", "USD", date(2024, 7, 6)) is None
    assert converted("100", "EUR", "USD", date(2024, 6, 27))[:2] == ("106.96 USD", "2024-06-27")  # type: ignore[index]
    assert converted("100", "EUR", "USD", date(2024, 6, 26)) is None
    settings.RATE_AGE_DAYS = 0
    assert converted("100", "EUR", "USD", date(2024, 6, 29)) is None


def test_a_currency_without_a_rate_is_not_converted() -> None:
    take()
    assert converted("100", "EUR", "KRW", date(2024, 6, 27)) is None
    assert converted("100", "XAU", "EUR", date(2024, 6, 28)) is None
    assert exchange(date(2024, 6, 28)).currencies == ["EUR", "HUF", "KRW", "USD"]
    assert exchange(date(2020, 1, 1)).currencies == []


def test_amounts_are_rounded_half_to_even() -> None:
    table = {"USD": DayRate(date=date(2024, 6, 28), currency="USD", rate="0.5", file="f", digest="d")}
    rates = Exchange({date(2024, 6, 28): table})
    amounts = [rates.convert(Money(amount=Decimal(text), currency="EUR"), "USD") for text in ("0.01", "0.03", "0.05")]
    assert [str(found.amount) for found in amounts if found] == ["0.00", "0.02", "0.02"]


@given(
    amount=st.decimals(0, 10**13, places=4),
    rates=st.lists(st.decimals("0.00000001", 99999999, places=8), min_size=2, max_size=2),
)
def test_a_conversion_is_off_by_at_most_half_a_unit(amount: Decimal, rates: list[Decimal]) -> None:
    day = date(2024, 6, 28)
    table = {
        code: DayRate(date=day, currency=code, rate=format(rate, "f"), file="f", digest="d")
        for code, rate in zip(("USD", "KRW"), rates, strict=True)
    }
    found = Exchange({day: table}).convert(Money(amount=amount, currency="USD"), "KRW")
    assert found is not None
    exact = (amount.as_integer_ratio(), rates[1].as_integer_ratio(), rates[0].as_integer_ratio())
    numerator = exact[0][0] * exact[1][0] * exact[2][1]
    denominator = exact[0][1] * exact[1][1] * exact[2][0]
    assert abs(2 * (int(found.amount) * denominator - numerator)) <= denominator


def test_the_rates_of_a_day_are_those_of_the_last_one_before() -> None:
    assert rates_of() == []
    take()
    assert [(str(rate.date), rate.currency, rate.rate) for rate in rates_of()] == [
        ("2024-06-28", "HUF", "395.10"),
        ("2024-06-28", "KRW", "1474.86"),
        ("2024-06-28", "USD", "1.0705"),
    ]
    assert [rate.currency for rate in rates_of(date(2024, 6, 27))] == ["HUF", "USD"]
    assert rates_of(date(2024, 6, 26)) == []
