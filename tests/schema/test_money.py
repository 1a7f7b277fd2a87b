"""Amounts are exact and read exactly."""

from decimal import Decimal

import pytest

from skypact.schema import Money
from skypact.schema.money import minor_units


@pytest.mark.parametrize(
    ("amount", "shown"),
    [
        ("100", "100 EUR"),
        ("100.00", "100 EUR"),
        ("1200000", "1,200,000 EUR"),
        ("0", "0 EUR"),
        ("12.5", "12.50 EUR"),
        ("1234.99", "1,234.99 EUR"),
        ("0.0125", "0.0125 EUR"),
        ("0.125", "0.125 EUR"),
        ("99999999999999.9999", "99,999,999,999,999.9999 EUR"),
    ],
)
def test_an_amount_is_shown_exactly(amount: str, shown: str) -> None:
    assert str(Money(amount=Decimal(amount), currency="EUR")) == shown


def test_decimals_of_a_currency_are_those_of_iso_4217() -> None:
    assert [minor_units(currency) for currency in ("EUR", "KRW", "JPY", "KWD", "ISK")] == [2, 0, 0, 3, 0]
