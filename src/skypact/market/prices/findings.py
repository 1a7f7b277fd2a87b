"""What an auditor looks for in the history of one offer: rises, rises taken back, late offers, changed currencies.

Pure functions over observations. An amount is in force from its observation until the next one of the same offer.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_EVEN, Decimal
from enum import StrEnum
from typing import Annotated

from pydantic import Field

from skypact.schema import Model, Money, QuantityBreak

_SHARE_UNIT = Decimal("0.0001")


class FindingKind(StrEnum):
    """What was found."""

    RISE = "rise"
    """the price rose by more than the set share within the set time"""
    REVERSED = "reversed"
    """a price that had risen so was lowered again within the set time"""
    ADDED = "added"
    """the offer was added after the listing came into the catalogue"""
    CURRENCY = "currency"
    """the offer is quoted in another currency than before"""
    WITHDRAWN = "withdrawn"
    """the offer was withdrawn"""


class Observed(Model):
    """One observation of an offer, as one reader may see it. Withdrawn: nothing else is said."""

    at: datetime
    revision: Annotated[int, Field(exclude=True)]
    """not told: revisions count what the reader may not see"""
    seller: str
    number: int
    """which of the seller's offers for the listing that the reader may see, from 1"""
    withdrawn: bool = False
    price: Money | None = None
    quantity_breaks: tuple[QuantityBreak, ...] = ()
    stock: int | None = None
    lead_time_days: int | None = None
    valid_until: date | None = None
    release: str = "PUBLIC"
    grade: str = ""
    source: str = ""
    source_url: str = ""
    source_date: date | None = None
    observed: date | None = None

    def unit_price(self, quantity: int) -> Decimal | None:
        """What one costs when ``quantity`` are bought."""
        steps = [step.price for step in self.quantity_breaks if step.quantity <= quantity]
        price = steps[-1] if steps else self.price
        return price and price.amount

    @property
    def quantities(self) -> tuple[int, ...]:
        """The quantities from which on a price holds."""
        return (1, *(step.quantity for step in self.quantity_breaks))


class Finding(Model):
    """Something about one offer that a buyer or auditor should know."""

    kind: FindingKind
    at: datetime
    revision: Annotated[int, Field(exclude=True)]
    seller: str
    number: int
    before: Money | None = None
    since: datetime | None = None
    """when ``before`` was noted"""
    after: Money | None = None
    quantity: int = 1
    """for which quantity the two unit prices hold"""
    share: Decimal | None = None
    """by which share of ``before`` it changed, to 4 decimals; None where ``before`` is 0 or in another currency"""


@dataclass(frozen=True)
class Rule:
    """From which share on, and within how many days, a rise is told."""

    share: Decimal
    days: int

    @property
    def window(self) -> timedelta:
        """The set time."""
        return timedelta(days=self.days)


def findings(offer: Sequence[Observed], rule: Rule, *, added: bool) -> list[Finding]:
    """What is found in the observations of one offer, oldest first; ``added``: the first of them came late."""
    found = []
    for place, now in enumerate(offer):
        priced = [item for item in offer[:place] if item.price is not None]
        if now.withdrawn:
            found.append(_finding(FindingKind.WITHDRAWN, now, before=priced[-1] if priced else None))
            continue
        if place == 0 and added:
            found.append(_finding(FindingKind.ADDED, now))
        if now.price is None:
            continue
        if priced and priced[-1].price.currency != now.price.currency:
            found.append(_finding(FindingKind.CURRENCY, now, before=priced[-1]))
        rise = _rise(offer, place, rule)
        if rise is not None:
            found.append(rise)
            found += _reversal(offer, place, rise.quantity, rule)
    told = {(item.kind, item.revision): item for item in found}
    return sorted(told.values(), key=lambda item: (item.at, item.revision))


def _rise(offer: Sequence[Observed], place: int, rule: Rule) -> Finding | None:
    """The greatest rise at an observation over what was in force within the set time before it."""
    now = offer[place]
    asked = {quantity for item in offer[: place + 1] for quantity in item.quantities}
    found: list[tuple[bool, Decimal, int, Finding]] = []
    for quantity in sorted(asked):
        before = [
            (item, price)
            for number, item in enumerate(offer[:place])
            if _comparable(item, now) and offer[number + 1].at > now.at - rule.window
            if (price := item.unit_price(quantity)) is not None
        ]
        price = now.unit_price(quantity)
        if not before or price is None or price <= before[-1][1]:
            continue
        lowest, amount = min(before, key=lambda pair: pair[1])
        if price > amount * (1 + rule.share):
            rise = _finding(FindingKind.RISE, now, before=lowest, quantity=quantity)
            found.append((amount == 0, price / (amount or 1), -quantity, rise))
    return max(found, key=lambda item: item[:3])[3] if found else None


def _reversal(offer: Sequence[Observed], place: int, quantity: int, rule: Rule) -> Iterator[Finding]:
    """The first time that a price that had risen is lower again, if that is within the set time."""
    risen = offer[place]
    raised = risen.unit_price(quantity)
    for later in offer[place + 1 :]:
        price = later.unit_price(quantity)
        if later.at > risen.at + rule.window:
            return
        if _comparable(later, risen) and price is not None and raised is not None and price < raised:
            yield _finding(FindingKind.REVERSED, later, before=risen, quantity=quantity)
            return


def _comparable(one: Observed, other: Observed) -> bool:
    return one.price is not None and other.price is not None and one.price.currency == other.price.currency


def _finding(kind: FindingKind, now: Observed, *, before: Observed | None = None, quantity: int = 1) -> Finding:
    was, stands = (_money(item, quantity) for item in (before, now))
    share = None
    if was and stands and was.currency == stands.currency and was.amount:
        share = ((stands.amount - was.amount) / was.amount).quantize(_SHARE_UNIT, rounding=ROUND_HALF_EVEN)
    return Finding(
        kind=kind,
        at=now.at,
        revision=now.revision,
        seller=now.seller,
        number=now.number,
        before=was,
        since=before and before.at,
        after=stands,
        quantity=quantity,
        share=share,
    )


def _money(item: Observed | None, quantity: int) -> Money | None:
    if item is None or item.price is None:
        return None
    return Money(amount=item.unit_price(quantity), currency=item.price.currency)
