"""Every write of prices and exchange rates."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

from django.db import connection
from django.db.models import Max
from django.utils import timezone

from skypact.exchange.ecb import TOLD, ReferenceRate, read_rates
from skypact.market.core.access import Actor
from skypact.market.core.actions import Action
from skypact.market.core.events import Record
from skypact.market.prices.models import Arrival, Observation, Rate
from skypact.schema import InputError, Listing, Model, Money, Offer
from skypact.schema.problems import Problem


class Terms(NamedTuple):
    """What an observation says: a new one is written when any of this differs. Without values: withdrawn."""

    release: str
    listing_release: str
    withdrawn: bool = True
    currency: str = ""
    price: str = ""
    breaks: str = ""
    stock: int | None = None
    lead_time_days: int | None = None
    valid_until: date | None = None
    grade: str = ""
    source: str = ""
    source_url: str = ""
    source_date: date | None = None
    observed: date | None = None


class Noted(NamedTuple):
    """An observation before it is written."""

    listing: str
    seller: str
    number: int
    terms: Terms


def note_offers(records: Sequence[Listing], *, revision: int, at: datetime, actor: Actor) -> None:
    """Append what the offers of ``records`` say that was not said before, and that a listing is new.

    Called by the catalogue's acts inside their transaction, with every listing that they write: no act of its own, no
    event. A listing that is withdrawn comes here without offers. Raises RuntimeError outside a transaction.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("offers are noted only inside the transaction of the act that changes them")
    listings = dict.fromkeys(record.id for record in records)
    known = set(Arrival.objects.filter(listing__in=listings).values_list("listing", flat=True))
    held: dict[str, dict[str, dict[int, Terms]]] = {}
    for last in _latest(known):
        held.setdefault(last.listing, {}).setdefault(last.seller, {})[last.number] = last.terms
    noted = [item for record in records for item in _news(record, held.get(record.id, {}))]
    made = (revision, connection.ops.adapt_datetimefield_value(at), actor.label)
    maker = ("revision", "at", "actor")
    _append("prices_arrival", ("listing", *maker), [(listing, *made) for listing in listings if listing not in known])
    columns = ("listing", "seller", "number", *Terms._fields, *maker)
    _append("prices_observation", columns, [(*item[:3], *item.terms, *made) for item in noted])


def _latest(listings: Iterable[str]) -> Iterator[Noted]:
    """The last observation of every offer for ``listings``."""
    named = Observation.objects.filter(listing__in=listings).order_by()
    last = named.values("listing", "seller", "number").annotate(last=Max("pk")).values("last")
    rows = Observation.objects.filter(pk__in=last).order_by()
    for listing, seller, number, *terms in rows.values_list("listing", "seller", "number", *Terms._fields):
        yield Noted(listing, seller, number, Terms(*terms))


def _news(record: Listing, held: dict[str, dict[int, Terms]]) -> Iterator[Noted]:
    """What differs for one listing, by seller."""
    offered: dict[str, list[Terms]] = {}
    for offer in record.offers:
        offered.setdefault(offer.seller, []).append(_terms(offer, record))
    for seller in {**offered, **held}:
        for number, terms in _differing(offered.get(seller, []), held.get(seller, {})):
            yield Noted(record.id, seller, number, terms)


def _differing(offered: list[Terms], held: dict[int, Terms]) -> Iterator[tuple[int, Terms]]:
    """The offers of one seller that say something new, each under the number of the offer that it continues.

    An offer continues the one that said exactly the same; else the most alike of those left: still standing, of the
    same release label, in the same currency. Offers that nothing continues are withdrawn.
    """
    left = dict(held)
    changed = []
    for offer in offered:
        same = next((number for number, terms in left.items() if terms == offer), None)
        if same is None:
            changed.append(offer)
        else:
            del left[same]
    free = max(held, default=0) + 1
    for offer in changed:
        if left:
            number = min(left, key=lambda number: (*_unlike(left[number], offer), number))
            del left[number]
        else:
            number, free = free, free + 1
        yield number, offer
    for number, terms in left.items():
        if not terms.withdrawn:
            yield number, Terms(terms.release, terms.listing_release)


def _unlike(terms: Terms, offer: Terms) -> tuple[bool, bool, bool]:
    return terms.withdrawn, terms.release != offer.release, terms.currency not in ("", offer.currency)


def _terms(offer: Offer, record: Listing) -> Terms:
    evidence, steps = offer.evidence, offer.quantity_breaks
    return Terms(
        release=evidence.release,
        listing_release=record.release,
        withdrawn=False,
        currency=offer.price.currency if offer.price else "",
        price=_quoted(offer.price) if offer.price else "",
        breaks=json.dumps([[step.quantity, _quoted(step.price)] for step in steps]) if steps else "",
        stock=offer.stock,
        lead_time_days=offer.lead_time_days,
        valid_until=offer.valid_until,
        grade=evidence.grade.value,
        source=evidence.source.title,
        source_url=evidence.source.url or "",
        source_date=evidence.source.date,
        observed=evidence.observed,
    )


def _quoted(price: Money) -> str:
    return format(price.amount, "f")


def _append(table: str, columns: Sequence[str], rows: Sequence[tuple[object, ...]]) -> None:
    """Writes rows by the database's own bulk way: Django's takes several times as long."""
    if not rows:
        return
    named = ", ".join(columns)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {table} ({named}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
            return
        places = ", ".join(["%s"] * len(columns))
        values = [tuple(value.isoformat() if isinstance(value, date) else value for value in row) for row in rows]
        cursor.executemany(f"INSERT INTO {table} ({named}) VALUES ({places})", values)  # noqa: S608


class RatesReport(Model):
    """What an import of exchange rates did."""

    file: str
    digest: str
    """SHA-256 of the file"""
    first: date
    last: date
    new: int
    unchanged: int


@dataclass(kw_only=True)
class ImportRates(Action[RatesReport]):
    """Takes the rates of one file in that are not there yet.

    Raises InputError, and takes nothing, where the file is not wholly good or gives another rate than is there: a
    published rate is never overwritten.
    """

    code = "prices.import_rates"

    name: str
    rates: Sequence[ReferenceRate]
    digest: str

    def check(self) -> None:
        self.actor.require_staff("import exchange rates")

    def perform(self) -> RatesReport:
        if connection.vendor == "postgresql":  # SQLite's IMMEDIATE transactions come one after another already
            with connection.cursor() as cursor:
                cursor.execute("LOCK TABLE prices_rate IN SHARE ROW EXCLUSIVE MODE")
        fresh = self.fresh()
        rows = [(rate.day, rate.currency, rate.rate, self.name, self.digest) for rate in fresh]
        _append("prices_rate", ("date", "currency", "rate", "file", "digest"), rows)
        return self.report(len(fresh))

    def fresh(self) -> list[ReferenceRate]:
        """The rates that are not there yet. Raises InputError."""
        first, last = self.rates[0].day, self.rates[-1].day
        today = timezone.localdate()
        if last > today:
            accepted = f"rates up to today, {today}"
            raise InputError.single(file=self.name, place="the last day", value=last.isoformat(), accepted=accepted)
        stored = {
            (day, currency): (rate, file)
            for day, currency, rate, file in Rate.objects.filter(date__gte=first, date__lte=last).values_list(
                "date", "currency", "rate", "file"
            )
        }
        changed = tuple(
            Problem(
                file=self.name,
                place=f"{rate.day}, {rate.currency}",
                value=rate.rate,
                accepted=f"{known[0]}, as {known[1]} has it: a published rate is never overwritten",
            )
            for rate in self.rates
            if (known := stored.get((rate.day, rate.currency))) and Decimal(known[0]) != Decimal(rate.rate)
        )
        if changed:
            raise InputError(changed[:TOLD])
        return [rate for rate in self.rates if (rate.day, rate.currency) not in stored]

    def report(self, new: int) -> RatesReport:
        """The report when ``new`` rates were taken."""
        return RatesReport(
            file=self.name,
            digest=self.digest,
            first=self.rates[0].day,
            last=self.rates[-1].day,
            new=new,
            unchanged=len(self.rates) - new,
        )

    def record(self, result: RatesReport) -> Record:
        return Record(object_type="prices.rates", object_id=self.digest, data=result.model_dump(mode="json"))


def import_rates(*, actor: Actor, data: bytes, name: str) -> RatesReport:
    """Take the rates of an ECB file in. What is there already leaves neither change nor event.

    Raises PermissionDenied before reading anything, and InputError.
    """
    actor.require_staff("import exchange rates")
    rates = read_rates(data, name=name)
    act = ImportRates(actor=actor, name=name, rates=rates, digest=hashlib.sha256(data).hexdigest())
    return act.execute() if act.fresh() else act.report(0)
