"""Every read of lab results: what one actor may see, in a fixed number of statements."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from django.db.models import Q, QuerySet
from django.http import Http404
from django.utils.translation import get_language

from skypact.conformance.report import Verdict
from skypact.conformance.signing import SignedStatement
from skypact.engines.interop.expiry import as_known
from skypact.market.catalogue import selectors as catalogue
from skypact.market.catalogue.keeping import names_of
from skypact.market.catalogue.selectors import SeenListing
from skypact.market.core.access import Actor
from skypact.market.lab.evidence import with_results
from skypact.market.lab.keys import own_fingerprint
from skypact.market.lab.models import Firmware, Result, TrustedKey
from skypact.market.lab.naming import standards_of
from skypact.schema import Listing


class State(StrEnum):
    """Whether to rely on a result today."""

    VALID = "valid"
    EXPIRED = "expired"
    RETEST = "retest"
    """the product has another firmware now"""
    DISTRUSTED = "distrusted"
    """this node no longer believes the key"""
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True)
class Badge:
    """A result as a reader sees it."""

    result: Result
    state: State
    lab: str
    """whose key signed, as this node names it"""

    @property
    def proves(self) -> bool:
        """Whether it stands for conformance today: a badge was earned, and nothing has happened to it since."""
        return self.state is State.VALID and self.result.badge

    @property
    def denies(self) -> bool:
        """Whether it contradicts a claim today. A no that names no firmware is about what is shipped now too."""
        holds = self.state is State.VALID or (self.state is State.RETEST and not self.result.firmware)
        return holds and self.result.version != "" and self.result.verdict == Verdict.DOES_NOT_CONFORM.value

    @property
    def missing(self) -> tuple[str, ...]:
        """What a badge needs and this result does not have: rungs, and what it must be said of."""
        row = self.result
        about = {"version": row.version, "firmware": row.firmware, "valid until": row.valid_until}
        rungs = (rung for rung, verdict in row.rungs.items() if verdict != Verdict.CONFORMS.value)
        return (*rungs, *(name for name, said in about.items() if not said))


@dataclass(frozen=True)
class ListingResults:
    """The results of one listing as one actor may see them."""

    slug: str
    badges: tuple[Badge, ...]
    firmware: str
    """what its vendor ships now; empty: it was never said"""
    may_change: bool


def may_change(actor: Actor, vendor: str) -> bool:
    """Whether ``actor`` may attach results to listings of ``vendor``."""
    return actor.is_staff or (actor.vendor != "" and actor.vendor == vendor)


def may_withdraw(actor: Actor, vendor: str, badge: Badge) -> bool:
    """Whether ``actor`` may withdraw a result of ``vendor``'s: a vendor only what conforms, else only the good stay."""
    conforms = badge.result.verdict == Verdict.CONFORMS.value
    return badge.state is not State.WITHDRAWN and may_change(actor, vendor) and (conforms or actor.is_staff)


def own_names(actor: Actor) -> list[tuple[str, str]]:
    """Id and name, in the reader's language, of what ``actor``'s vendor offers. None for who acts for no vendor."""
    korean = get_language() == "ko"
    found = names_of(actor, actor.vendor) if actor.vendor else []
    return [(slug, (name_ko if korean else "") or name) for slug, name, name_ko in found]


def trusted() -> dict[str, str]:
    """Fingerprint and name of every key that this node believes; its own is one of them."""
    return {own_fingerprint(): "", **dict(_trusted_keys())}


def _trusted_keys(at: datetime | None = None) -> Iterable[tuple[str, str]]:
    """Fingerprint and name of the keys that are believed now, or were at the instant ``at``."""
    believed = Q(distrusted_at=None) if at is None else _standing("distrusted_at", at)
    return TrustedKey.objects.filter(believed).values_list("fingerprint", "name")


def _standing(ended: str, at: datetime) -> Q:
    """What was there at the instant ``at``, and whose field ``ended`` tells no end before it."""
    return Q(at__lte=at) & (Q(**{ended: None}) | Q(**{f"{ended}__gt": at}))


def keys(actor: Actor) -> list[TrustedKey]:
    """Every key that was ever trusted; for staff."""
    actor.require_staff("see the keys of labs")
    return list(TrustedKey.objects.all())


def of_listing(actor: Actor, slug: str, *, vendor: str, on: date, told: Told | None = None) -> ListingResults:
    """The results of a listing that ``actor`` may see already. Three statements; one with ``told`` of that listing."""
    changing = may_change(actor, vendor)
    firmware = _firmware(slug) if told is None else told.shipped.get(slug, "")
    rows = Result.objects.filter(listing=slug).defer("statement")
    if not changing:
        rows = rows.filter(withdrawn_at=None)
    believed = trusted() if told is None else {own_fingerprint(): "", **told.known}
    badges = tuple(_badge(row, firmware, believed, on) for row in rows if actor.may_read(row.release))
    return ListingResults(slug=slug, badges=badges, firmware=firmware, may_change=changing)


#: Asked for too, so that the number of statements does not tell whether there is any result.
_NO_LISTING = "-"
#: Above so many listings the results of all are read: they are fewer than the names of the listings are long.
_NAMED = 500


@dataclass(frozen=True)
class Told:
    """What labs say today of some listings, as one actor may see it: read once, asked often.

    Never written down, so that trust, dates, firmware, labels and withdrawals count at once. Apply it where somebody
    decides; not to what is exported, edited or handed to another node.
    """

    said: Mapping[str, tuple[Sequence[Result], Sequence[Result]]]
    """by listing what they prove, and what they deny; only listings of which they say something"""
    shipped: Mapping[str, str]
    """by listing the firmware that its vendor ships"""
    known: Mapping[str, str]
    """by fingerprint the names of the labs that are believed, but this node's own"""
    on: date

    def of(self, record: Listing) -> Listing:
        """``record`` with what they say of its ports, and without what has expired of these."""
        return as_known(with_results(record, *self.said.get(record.id, ((), ()))), self.on)

    def seen(self, seen: SeenListing) -> SeenListing:
        """The same for a listing with its vendor."""
        return replace(seen, record=self.of(seen.record))

    def deny(self, slug: str) -> bool:
        """Whether some result contradicts what the listing ``slug`` claims."""
        return bool(self.said.get(slug, ((), ()))[1])


def tested(actor: Actor, listings: Sequence[Listing], *, on: date) -> list[Listing]:
    """``listings`` with what labs say of their ports (:class:`Told`). Three statements."""
    if not listings:
        return []
    slugs = [one.id for one in listings]
    few = len(slugs) <= _NAMED
    told = _told(actor, Q(listing__in=slugs) if few else Q(), Q(listing__in=slugs) if few else Q(), on)
    return [told.of(one) for one in listings]


def told_of_all(actor: Actor, *, on: date) -> Told:
    """What labs say today of every listing. Three statements."""
    return _told(actor, Q(), Q(), on)


def told_once(actor: Actor, *, on: date, at: datetime, withdrawn_since: bool) -> Told:
    """What labs said of every listing at the instant ``at``. Three statements.

    Results that were withdrawn after that instant count only where ``withdrawn_since``: they are shown to few.
    """
    return _told(actor, Q(), Q(), on, _Then(at, withdrawn_since))


def seen_tested(actor: Actor, seen: Sequence[SeenListing], *, on: date) -> list[SeenListing]:
    """The same for listings with their vendors."""
    records = tested(actor, [one.record for one in seen], on=on)
    return [replace(one, record=record) for one, record in zip(seen, records, strict=True)]


def told_about(actor: Actor, record: Listing, *, on: date) -> Told:
    """What labs say today of ``record``, and of anybody about the standards that its ports name. Three statements."""
    return _told(actor, Q(listing=record.id) | Q(standard__in=standards_of(record.ports)), Q(), on)


@dataclass(frozen=True)
class _Then:
    """An earlier instant, and whether results count that were withdrawn after it."""

    at: datetime
    withdrawn_since: bool

    @property
    def standing(self) -> Q:
        """The results that stood then."""
        return _standing("withdrawn_at", self.at) if self.withdrawn_since else Q(at__lte=self.at, withdrawn_at=None)


def _told(actor: Actor, which: Q, shipping: Q, on: date, then: _Then | None = None) -> Told:
    """Of the results that ``which`` finds, with the firmware that ``shipping`` finds; now, or ``then``."""
    standing = Q(withdrawn_at=None) if then is None else then.standing
    rows = list(Result.objects.filter(which, _COUNTING, standing).defer("statement"))
    for row in rows:
        row.withdrawn_at = None  # as it was then; never saved
    said_by_then = shipping if then is None else shipping & Q(at__lte=then.at)
    shipped = dict(Firmware.objects.filter(said_by_then).order_by("pk").values_list("listing", "version"))
    known = dict(_trusted_keys(None if then is None else then.at))
    said: dict[str, tuple[list[Result], list[Result]]] = defaultdict(lambda: ([], []))
    for badge in _judged(actor, rows, shipped, known, on):
        if badge.proves:
            said[badge.result.listing][0].append(badge.result)
        elif badge.denies:
            said[badge.result.listing][1].append(badge.result)
    return Told(dict(said), shipped, known, on)


#: The results that can prove or deny anything.
_COUNTING = Q(badge=True) | Q(verdict=Verdict.DOES_NOT_CONFORM.value)


def _badges(actor: Actor, rows: QuerySet[Result], shipped: Mapping[str, str], on: date) -> list[Badge]:
    return _judged(actor, rows, shipped, dict(_trusted_keys()), on)


def _judged(
    actor: Actor, rows: Iterable[Result], shipped: Mapping[str, str], known: Mapping[str, str], on: date
) -> list[Badge]:
    seen = [row for row in rows if actor.may_read(row.release)]
    believed = {own_fingerprint(): "", **known} if seen else known
    return [_badge(row, shipped.get(row.listing, ""), believed, on) for row in seen]


def emblem(actor: Actor, slug: str, standard: str, version: str, *, on: date) -> tuple[Listing, Badge | None]:
    """The result of a listing that counts most for a standard, of one version where it is named: a no before a yes.

    Raises Http404 for a listing that is not there for ``actor``.
    """
    record = catalogue.listing(actor, slug, on=on).record
    rows = Result.objects.filter(listing=slug, standard=standard, withdrawn_at=None).defer("statement")
    if version:
        rows = rows.filter(version=version)
    badges = _badges(actor, rows, {slug: _firmware(slug)}, on)
    return record, max(badges, key=weight, default=None)


def proven(actor: Actor, *, standard: str, on: date) -> list[tuple[SeenListing, tuple[Badge, ...]]]:
    """The listings offered that have a badge today, of ``standard`` where it is named, with those badges."""
    rows = Result.objects.filter(withdrawn_at=None, badge=True).defer("statement")
    if standard:
        rows = rows.filter(standard=standard)
    shipped = dict(Firmware.objects.order_by("pk").values_list("listing", "version"))
    found: dict[str, list[Badge]] = defaultdict(list)
    for badge in _badges(actor, rows, shipped, on):
        if badge.proves:
            found[badge.result.listing].append(badge)
    seen = [one for one in catalogue.listings(actor, [*sorted(found), _NO_LISTING], on=on) if one.withdrawn is None]
    return [(one, tuple(found[one.record.id])) for one in seen]


def weight(badge: Badge) -> tuple[bool, bool, bool, date]:
    """By which of several results of an interface the one that counts is found: the greatest."""
    return badge.denies, badge.proves, badge.state is State.VALID, badge.result.tested_on


def to_review(actor: Actor, *, on: date) -> list[tuple[SeenListing, tuple[Badge, ...], str]]:
    """The listings that ``actor`` may change and that labs have tested: their results, and the firmware shipped."""
    if not (actor.is_staff or actor.vendor):
        return []
    rows = Result.objects.filter(withdrawn_at=None).defer("statement")
    shipped = dict(Firmware.objects.order_by("pk").values_list("listing", "version"))
    found: dict[str, list[Badge]] = defaultdict(list)
    for badge in _badges(actor, rows, shipped, on):
        found[badge.result.listing].append(badge)
    seen = catalogue.listings(actor, [*sorted(found), _NO_LISTING], on=on)
    return [
        (one, tuple(found[one.record.id]), shipped.get(one.record.id, ""))
        for one in seen
        if one.withdrawn is None and may_change(actor, one.record.vendor)
    ]


def result(actor: Actor, slug: str, sha256: str, *, on: date) -> tuple[Badge, SignedStatement]:
    """One result with its statement. Raises Http404 alike for what is not there and what ``actor`` may not see."""
    vendor = catalogue.listing(actor, slug, on=on).record.vendor
    row = Result.objects.filter(listing=slug, sha256=sha256).first()
    if row is None or not actor.may_read(row.release) or (row.withdrawn_at and not may_change(actor, vendor)):
        raise Http404(f"There is no result {sha256} of {slug}.")
    return _badge(row, _firmware(slug), trusted(), on), SignedStatement.model_validate_json(row.statement)


def _firmware(slug: str) -> str:
    return Firmware.objects.filter(listing=slug).values_list("version", flat=True).first() or ""


def _badge(row: Result, firmware: str, believed: Mapping[str, str], on: date) -> Badge:
    return Badge(row, _state(row, firmware, believed, on), believed.get(row.fingerprint, ""))


def _state(row: Result, firmware: str, believed: Collection[str], on: date) -> State:
    if row.withdrawn_at is not None:
        return State.WITHDRAWN
    if row.fingerprint not in believed:
        return State.DISTRUSTED
    if row.valid_until is not None and row.valid_until < on:
        return State.EXPIRED
    if firmware and row.firmware != firmware:
        return State.RETEST
    return State.VALID
