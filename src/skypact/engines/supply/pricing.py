"""Unit prices: a valid offer first, then the requirement's assumption, else unknown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal

from skypact.schema import (
    Assumption,
    AssumptionKind,
    Basis,
    ExchangeRate,
    Listing,
    Money,
    Offer,
    Requirement,
    Sentence,
    sentence,
)
from skypact.schema.money import minor_units


@dataclass(frozen=True)
class Price:
    """What one unit costs, and on what the figure rests."""

    money: Money | None
    basis: Basis
    note: Sentence
    assumption: Assumption | None = None


def unit_price(listing: Listing, requirement: Requirement, *, quantity: int = 1, on: date) -> Price:
    """The lowest valid offered unit price in the budget's currency, else the assumed one, else unknown.

    An offer or assumption in another currency counts only when the requirement carries a rate for it; the rate's date
    and source are in the note. Without offer and assumption the price is unknown, never zero.
    """
    currency = requirement.budget.currency
    offered: list[tuple[Money, Sentence]] = []
    foreign: set[str] = set()
    for offer in valid_offers(listing, on=on):
        price = offer.unit_price(quantity)
        if price is None:
            continue
        exchanged = _exchanged(price, currency, requirement.rates)
        if exchanged is None:
            foreign.add(price.currency)
        else:
            offered.append((exchanged, _offer_note(offer, price, exchanged, requirement.rates)))
    if offered:
        money, note = min(offered, key=lambda pair: pair[0].amount)
        return Price(money=money, basis=Basis.OFFER, note=note)
    assumption = assumption_for(listing, AssumptionKind.PRICE, requirement)
    if assumption is not None and assumption.currency is not None:
        price = Money(amount=assumption.value, currency=assumption.currency)
        exchanged = _exchanged(price, currency, requirement.rates)
        if exchanged is not None:
            note = _assumption_note(assumption, price, exchanged, requirement.rates)
            return Price(money=exchanged, basis=Basis.ASSUMPTION, note=note, assumption=assumption)
    if foreign:
        return Price(
            money=None,
            basis=Basis.UNKNOWN,
            note=sentence(
                "offered in {currencies}; the requirement gives no exchange rate to {currency}",
                currencies=", ".join(sorted(foreign)),
                currency=currency,
            ),
        )
    if assumption is not None:
        return Price(
            money=None,
            basis=Basis.UNKNOWN,
            note=sentence(
                "assumed in {assumed}; the requirement gives no exchange rate to {currency}",
                assumed=assumption.currency,
                currency=currency,
            ),
        )
    return Price(money=None, basis=Basis.UNKNOWN, note=sentence("no public price and no assumption"))


def valid_offers(listing: Listing, *, on: date) -> tuple[Offer, ...]:
    """The offers that still stand on that day."""
    return tuple(
        offer
        for offer in listing.offers
        if (offer.valid_until is None or on <= offer.valid_until) and offer.evidence.valid_on(on)
    )


def assumption_for(
    listing: Listing, kind: AssumptionKind, requirement: Requirement, *, threat: str | None = None
) -> Assumption | None:
    """The requirement's assumption of that kind: the listing's own first, then its category's; the threat's first."""
    fitting = [
        assumption
        for assumption in requirement.assumptions
        if assumption.kind is kind
        and (assumption.listing == listing.id or assumption.category is listing.category)
        and assumption.threat in (None, threat)
    ]
    if not fitting:
        return None
    return max(fitting, key=lambda found: (found.listing is not None, found.threat is not None))


def _exchanged(price: Money, currency: str, rates: Sequence[ExchangeRate]) -> Money | None:
    if price.currency == currency:
        return price
    rate = _rate(price.currency, currency, rates)
    if rate is None:
        return None
    amount = price.amount * rate.value if rate.base == price.currency else price.amount / rate.value
    unit = Decimal(1).scaleb(-minor_units(currency))
    return Money(amount=amount.quantize(unit, rounding=ROUND_HALF_EVEN), currency=currency)


def _rate(one: str, other: str, rates: Sequence[ExchangeRate]) -> ExchangeRate | None:
    return next((rate for rate in rates if {rate.base, rate.quote} == {one, other}), None)


def _assumption_note(assumption: Assumption, price: Money, exchanged: Money, rates: Sequence[ExchangeRate]) -> Sentence:
    rate = _rate(price.currency, exchanged.currency, rates)
    if rate is None:
        return sentence("assumed: {basis}", basis=assumption.basis)
    return sentence(
        "assumed: {basis}: {price} at the rate of {day} ({rate})",
        basis=assumption.basis,
        price=price,
        day=rate.date,
        rate=rate.source,
    )


def _offer_note(offer: Offer, price: Money, exchanged: Money, rates: Sequence[ExchangeRate]) -> Sentence:
    said = {"seller": offer.seller, "source": offer.evidence.source.title, "date": offer.evidence.observed}
    rate = _rate(price.currency, exchanged.currency, rates)
    if rate is None:
        return sentence("offer of {seller} ({source}, {date})", **said)
    return sentence(
        "offer of {seller} ({source}, {date}): {price} at the rate of {day} ({rate})",
        **said,
        price=price,
        day=rate.date,
        rate=rate.source,
    )
