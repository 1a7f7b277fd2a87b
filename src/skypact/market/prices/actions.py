"""Every write of prices and exchange rates."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from django.db import connection, models
from django.db.models import Max

from skypact.market.core.access import Actor
from skypact.market.prices.models import Arrival, Observation
from skypact.schema import Listing, Money, Offer

#: What an observation says: a new one is written when any of this differs.
TERMS = (
    "withdrawn",
    "currency",
    "price",
    "breaks",
    "stock",
    "lead_time_days",
    "valid_until",
    "release",
    "listing_release",
    "grade",
    "source",
    "source_url",
    "source_date",
    "observed",
)


def note_offers(records: Sequence[Listing], *, revision: int, at: datetime, actor: Actor) -> None:
    """Append what the offers of ``records`` say that was not said before, and that a listing is new.

    Called by the catalogue's acts inside their transaction, with every listing that they write: no act of its own, no
    event. A listing that is withdrawn comes here without offers. Raises RuntimeError outside a transaction.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("offers are noted only inside the transaction of the act that changes them")
    listings = [record.id for record in records]
    known = set(Arrival.objects.filter(listing__in=listings).values_list("listing", flat=True))
    new = dict.fromkeys(listing for listing in listings if listing not in known)
    _append(Arrival, (Arrival(listing=listing, revision=revision, at=at, actor=actor.label) for listing in new))
    held: dict[tuple[str, str], dict[int, Observation]] = {}
    for last in _latest(known):
        held.setdefault((last.listing, last.seller), {})[last.number] = last
    noted = [item for record in records for item in _news(record, held)]
    for item in noted:
        item.revision, item.at, item.actor = revision, at, actor.label
    _append(Observation, noted)


def _latest(listings: Iterable[str]) -> Iterable[Observation]:
    """The last observation of every offer for ``listings``."""
    named = Observation.objects.filter(listing__in=list(listings)).order_by()
    last = named.values("listing", "seller", "number").annotate(last=Max("pk")).values("last")
    return Observation.objects.filter(pk__in=last)


def _news(record: Listing, held: dict[tuple[str, str], dict[int, Observation]]) -> Iterator[Observation]:
    """What differs for one listing, by seller."""
    offered: dict[str, list[Observation]] = {}
    for offer in record.offers:
        offered.setdefault(offer.seller, []).append(_stated(record, offer))
    sellers = {**dict.fromkeys(offered), **{seller: None for listing, seller in held if listing == record.id}}
    for seller in sellers:
        yield from _differing(offered.get(seller, []), held.get((record.id, seller), {}))


def _differing(offered: list[Observation], held: dict[int, Observation]) -> Iterator[Observation]:
    """The offers of one seller that say something new, each under the number of the offer that it continues.

    An offer continues the one that said exactly the same; else the most alike of those left: still standing, of the
    same release label, in the same currency. Offers that nothing continues are withdrawn.
    """
    left = dict(held)
    changed = []
    for offer in offered:
        same = next((number for number, last in left.items() if _terms(last) == _terms(offer)), None)
        if same is None:
            changed.append(offer)
        else:
            del left[same]
    for offer in changed:
        offer.number = min(left, key=lambda number: _unlike(left[number], offer), default=max(held, default=0) + 1)
        left.pop(offer.number, None)
        held = {**held, offer.number: offer}
        yield offer
    for number, last in left.items():
        if not last.withdrawn:
            yield Observation(
                listing=last.listing,
                seller=last.seller,
                number=number,
                withdrawn=True,
                release=last.release,
                listing_release=last.listing_release,
            )


def _unlike(last: Observation, offer: Observation) -> tuple[bool, bool, bool, int]:
    return (last.withdrawn, last.release != offer.release, last.currency not in ("", offer.currency), last.number)


def _terms(observation: Observation) -> tuple[object, ...]:
    return tuple(getattr(observation, name) for name in TERMS)


def _stated(record: Listing, offer: Offer) -> Observation:
    evidence = offer.evidence
    return Observation(
        listing=record.id,
        seller=offer.seller,
        withdrawn=False,
        currency=offer.price.currency if offer.price else "",
        price=_quoted(offer.price) if offer.price else "",
        breaks=json.dumps([[step.quantity, _quoted(step.price)] for step in offer.quantity_breaks])
        if offer.quantity_breaks
        else "",
        stock=offer.stock,
        lead_time_days=offer.lead_time_days,
        valid_until=offer.valid_until,
        release=evidence.release,
        listing_release=record.release,
        grade=evidence.grade.value,
        source=evidence.source.title,
        source_url=evidence.source.url or "",
        source_date=evidence.source.date,
        observed=evidence.observed,
    )


def _quoted(price: Money) -> str:
    return format(price.amount, "f")


def _append(model: type[models.Model], rows: Iterable[models.Model]) -> None:
    """Writes rows by the database's own bulk way: Django's takes several times as long."""
    fields = [field for field in model._meta.concrete_fields if not isinstance(field, models.AutoField)]
    values = [
        tuple(field.get_db_prep_save(getattr(row, field.attname), connection) for field in fields) for row in rows
    ]
    if not values:
        return
    columns = ", ".join(field.column for field in fields)
    places = ", ".join(["%s"] * len(fields))
    with connection.cursor() as cursor:
        cursor.executemany(f"INSERT INTO {model._meta.db_table} ({columns}) VALUES ({places})", values)  # noqa: S608
