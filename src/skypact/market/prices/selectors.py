"""Every read of prices: what one actor may see of their history, in a fixed number of statements.

Whether the actor may see a listing at all is for the catalogue to say: it asks here only for listings that it shows.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from django.conf import settings
from django.db.models import Exists, OuterRef, QuerySet, Subquery

from skypact.market.core.access import Actor
from skypact.market.prices.findings import Finding, FindingKind, Observed, Rule, findings
from skypact.market.prices.models import Arrival, Observation
from skypact.schema import Model, Money, QuantityBreak

#: What is flagged where a listing is shown; that an offer was withdrawn is for auditors.
FLAGGED = (FindingKind.RISE, FindingKind.REVERSED, FindingKind.ADDED, FindingKind.CURRENCY)


class PriceHistory(Model):
    """What was asked and promised for one listing over time, and what of it is flagged."""

    listing: str
    observations: tuple[Observed, ...]
    """oldest first"""
    flags: tuple[Finding, ...]
    """those of the set time before the day asked for, newest first"""
    rise_percent: float
    """a price that rises by more than this …"""
    rise_days: int
    """… within so many days is flagged"""

    @property
    def stated(self) -> bool:
        """Whether a price was ever stated."""
        return any(item.price is not None for item in self.observations)


@dataclass(frozen=True)
class SeenOffer:
    """The history of one offer as one reader may see it, oldest first."""

    listing: str
    observations: tuple[Observed, ...]
    added: bool
    """whether the reader saw it come, after the listing came"""


def rule() -> Rule:
    """Which rises are told on this node."""
    return Rule(share=settings.PRICE_RISE_SHARE, days=settings.PRICE_RISE_DAYS)


def history(actor: Actor, slug: str, *, on: date) -> PriceHistory:
    """The history of a listing that ``actor`` may see."""
    told = rule()
    offers = list(seen_offers(actor, observations([slug])))
    flags = [item for offer in offers for item in _flags(offer, told, on)]
    return PriceHistory(
        listing=slug,
        observations=tuple(
            sorted((item for offer in offers for item in offer.observations), key=lambda item: (item.at, item.revision))
        ),
        flags=tuple(sorted(flags, key=lambda item: (item.at, item.revision), reverse=True)),
        rise_percent=float(told.share * 100),
        rise_days=told.days,
    )


def rises_for(actor: Actor, slugs: Iterable[str], *, on: date) -> dict[str, tuple[Finding, ...]]:
    """What is flagged of the named listings on a day, in one statement; listings without flags are left out."""
    told = rule()
    found: dict[str, tuple[Finding, ...]] = {}
    rows = observations(added_to().filter(listing__in=list(slugs)).values("listing"))
    for offer in seen_offers(actor, rows, telling=True):
        if flags := _flags(offer, told, on):
            found[offer.listing] = (*found.get(offer.listing, ()), *flags)
    return found


def _flags(offer: SeenOffer, told: Rule, on: date) -> list[Finding]:
    since = on - timedelta(days=min(told.days, (on - date.min).days))
    found = findings(offer.observations, told, added=offer.added)
    return [item for item in found if item.kind in FLAGGED and since <= item.at.date() <= on]


def added_to() -> QuerySet[Observation]:
    """What was noted after its listing came: elsewhere nothing can be found, and most listings have none of it."""
    before = Arrival.objects.filter(listing=OuterRef("listing"), revision__lt=OuterRef("revision"))
    return Observation.objects.filter(Exists(before)).order_by()


def observations(slugs: Iterable[str] | QuerySet[Observation]) -> QuerySet[Observation]:
    """All observations of the named listings, offer by offer, each with the revision that brought the listing."""
    arrived = Arrival.objects.filter(listing=OuterRef("listing")).values("revision")
    named = slugs if isinstance(slugs, QuerySet) else list(slugs)
    found = Observation.objects.filter(listing__in=named).annotate(arrived=Subquery(arrived))
    return found.order_by("listing", "seller", "number", "pk")


def seen_offers(actor: Actor, rows: Iterable[Observation], *, telling: bool = False) -> Iterator[SeenOffer]:
    """The offers in ``rows`` (see :func:`observations`) of which ``actor`` may see anything.

    With ``telling`` those are left out in which nothing can be found, since only stock, dates or sources changed.
    """
    for (listing, seller), of_seller in groupby(rows, key=lambda row: (row.listing, row.seller)):
        number = 1
        for _, offer in groupby(of_seller, key=lambda row: row.number):
            stored = list(offer)
            if telling and not _tells(stored):
                number += any(_readable(actor, row) for row in stored)
                continue
            seen = _seen(actor, stored, seller, number)
            if seen:
                first = stored[0]
                yield SeenOffer(listing, seen, seen[0].revision == first.revision > first.arrived)
                number += 1


def _seen(actor: Actor, stored: Sequence[Observation], seller: str, number: int) -> tuple[Observed, ...]:
    """What ``actor`` sees of one offer. Where it goes on behind a label that he lacks, it is withdrawn for him."""
    seen: list[Observed] = []
    for row in stored:
        if _readable(actor, row) and not row.withdrawn:
            seen.append(_observed(row, seller, number))
        elif seen and not seen[-1].withdrawn:
            gone = {"at": row.at, "revision": row.revision, "release": seen[-1].release}
            seen.append(Observed(seller=seller, number=number, withdrawn=True, **gone))
    return tuple(seen)


def _readable(actor: Actor, row: Observation) -> bool:
    return actor.may_read(row.release) and actor.may_read(row.listing_release)


def _tells(stored: Sequence[Observation]) -> bool:
    said = {(row.withdrawn, row.currency, row.price, row.breaks, row.release, row.listing_release) for row in stored}
    return len(said) > 1 or stored[0].revision > stored[0].arrived


def _observed(row: Observation, seller: str, number: int) -> Observed:
    money = Money(amount=row.price, currency=row.currency) if row.price else None
    steps = json.loads(row.breaks) if row.breaks else ()
    return Observed(
        at=row.at,
        revision=row.revision,
        seller=seller,
        number=number,
        price=money,
        quantity_breaks=tuple(
            QuantityBreak(quantity=quantity, price=Money(amount=amount, currency=row.currency))
            for quantity, amount in steps
        ),
        stock=row.stock,
        lead_time_days=row.lead_time_days,
        valid_until=row.valid_until,
        release=row.release,
        grade=row.grade,
        source=row.source,
        source_url=row.source_url,
        source_date=row.source_date,
        observed=row.observed,
    )
