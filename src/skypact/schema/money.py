"""Money: an exact decimal amount in one currency. Currencies never mix without a dated rate."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated

from babel.numbers import get_currency_precision
from pydantic import Field

from skypact.schema.base import CURRENCY_PATTERN, PATTERN_MEANING, Model

#: ISO 4217 alphabetic currency code.
Currency = Annotated[str, Field(pattern=CURRENCY_PATTERN, description=PATTERN_MEANING[CURRENCY_PATTERN])]

Amount = Annotated[Decimal, Field(ge=0, max_digits=18, decimal_places=4)]


class Money(Model):
    """A non-negative amount of one currency."""

    amount: Amount
    currency: Currency

    def __mul__(self, quantity: int) -> Money:
        return Money(amount=self.amount * quantity, currency=self.currency)

    def __add__(self, other: Money) -> Money:
        if other.currency != self.currency:
            raise ValueError(f"cannot add {other.currency} to {self.currency} without a dated rate")
        return Money(amount=self.amount + other.amount, currency=self.currency)

    def __str__(self) -> str:
        """The exact amount, thousands apart: ``1,200 EUR``, ``12.50 EUR``, ``0.0125 USD``."""
        decimals = -int(self.amount.normalize().as_tuple().exponent)
        return f"{self.amount:,.{0 if decimals <= 0 else max(2, decimals)}f} {self.currency}"


def minor_units(currency: Currency) -> int:
    """How many decimals ISO 4217 gives ``currency``, as CLDR holds it: 2 for EUR, 0 for KRW; 2 where it has none."""
    return get_currency_precision(currency)
