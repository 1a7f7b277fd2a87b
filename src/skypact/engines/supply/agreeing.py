"""The terms of one purchase: a price and a date that the same offer gives."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from skypact.engines.supply.pricing import Price, unit_price, valid_offers
from skypact.engines.supply.promise import LeadTime, lead_time
from skypact.schema import Basis, Listing, Question, Requirement


@dataclass(frozen=True)
class Terms:
    """What one unit costs and how long it takes."""

    price: Price
    lead: LeadTime


def terms(listing: Listing, requirement: Requirement, *, on: date) -> Terms:
    """The cheapest terms that keep the deadline; where none does, the earliest.

    Price and lead time come from the same offer: a low price of one seller never meets another one's date. What an
    offer leaves open is filled from the requirement's assumptions, as in :func:`unit_price` and :func:`lead_time`.
    An unknown date is as good as a kept deadline only where the requirement accepts it.
    """
    alone = [listing.model_copy(update={"offers": (offer,)}) for offer in valid_offers(listing, on=on)]
    offered = [_of(one, requirement, on) for one in alone]
    priced = [found for found in offered if found.price.basis is Basis.OFFER]
    if not priced:
        return _of(listing, requirement, on)
    return min(priced, key=lambda found: _rank(found, requirement, on))


def _of(listing: Listing, requirement: Requirement, on: date) -> Terms:
    return Terms(unit_price(listing, requirement, on=on), lead_time(listing, requirement, on=on))


def _rank(found: Terms, requirement: Requirement, on: date) -> tuple[float, ...]:
    """Acceptable ones first, the cheaper of these; then unknown dates; then late ones, the earlier of these."""
    amount = float("inf") if found.price.money is None else float(found.price.money.amount)
    arrives = found.lead.arrives(on)
    if arrives is None:
        return (0 if Question.DELIVERY in requirement.accept_unknown else 1, amount, 1)
    return (0, amount, 0) if arrives <= requirement.deadline else (2, (arrives - on).days, amount)
