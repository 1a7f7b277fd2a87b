"""Reads of exchange rates, and what a price comes to in another currency on a day."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_EVEN, Decimal, localcontext

from django.conf import settings

from skypact.market.prices.models import Rate
from skypact.schema import Model, Money
from skypact.schema.money import minor_units

PUBLISHER = "European Central Bank"
BASE = "EUR"


class DayRate(Model):
    """One euro bought so much of ``currency`` on a day."""

    date: date
    currency: str
    rate: str
    """as published"""
    file: str
    digest: str
    """SHA-256 of the file"""


class Conversion(Model):
    """What a price comes to in another currency."""

    amount: Decimal
    """rounded half to even, to the decimals that ISO 4217 gives the currency"""
    currency: str
    date: date
    """the day of the rates"""
    rates: str
    """the published rates it was computed with: ``1 EUR = 1.0705 USD = 1474.86 KRW``"""
    source: str
    """publisher and files"""

    @property
    def text(self) -> str:
        """The amount, thousands apart."""
        return f"{self.amount:,f} {self.currency}"


@dataclass(frozen=True)
class Exchange:
    """The rates that may be used on one day: of that day or before, none older than the set age."""

    days: dict[date, dict[str, DayRate]]

    @property
    def currencies(self) -> list[str]:
        """What prices can be converted to."""
        return sorted({BASE, *(currency for rates in self.days.values() for currency in rates)}) if self.days else []

    def convert(self, price: Money, currency: str) -> Conversion | None:
        """``price`` in ``currency``, through the euro, at the last day that has both rates; None where there is none.

        Both rates are of one day. The quotient of exact decimals is rounded once.
        """
        for day in sorted(self.days, reverse=True):
            rates = self.days[day]
            used = [rates[code] for code in (price.currency, currency) if code in rates]
            if all(code == BASE or code in rates for code in (price.currency, currency)):
                return Conversion(
                    amount=_exchanged(price, currency, rates),
                    currency=currency,
                    date=day,
                    rates=" = ".join((f"1 {BASE}", *(f"{rate.rate} {rate.currency}" for rate in used))),
                    source=f"{PUBLISHER}, {', '.join(dict.fromkeys(rate.file for rate in used))}",
                )
        return None


def _exchanged(price: Money, currency: str, rates: dict[str, DayRate]) -> Decimal:
    into, out_of = (Decimal(rates[code].rate) if code != BASE else Decimal(1) for code in (currency, price.currency))
    with localcontext(prec=60):
        amount = price.amount * into / out_of
        unit = Decimal(1).scaleb(-minor_units(currency))
        return amount.quantize(unit, rounding=ROUND_HALF_EVEN)


def exchange(on: date) -> Exchange:
    """The rates that may be used on a day."""
    oldest = on - timedelta(days=min(settings.RATE_AGE_DAYS, (on - date.min).days))
    days: dict[date, dict[str, DayRate]] = {}
    for rate in _rates(Rate.objects.filter(date__gte=oldest, date__lte=on)):
        days.setdefault(rate.date, {})[rate.currency] = rate
    return Exchange(days)


def rates_of(on: date | None = None) -> list[DayRate]:
    """The rates of the last day that has any, or of the last such day up to ``on``."""
    known = Rate.objects.all() if on is None else Rate.objects.filter(date__lte=on)
    day = known.order_by("-date").values_list("date", flat=True).first()
    return _rates(Rate.objects.filter(date=day)) if day else []


def _rates(rows: Iterable[Rate]) -> list[DayRate]:
    return [
        DayRate(date=row.date, currency=row.currency, rate=row.rate, file=row.file, digest=row.digest) for row in rows
    ]
