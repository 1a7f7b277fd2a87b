"""Every read of lab results: what one actor may see, in a fixed number of statements."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from django.http import Http404

from skypact.conformance.report import Verdict
from skypact.conformance.signing import SignedStatement
from skypact.market.catalogue import selectors as catalogue
from skypact.market.core.access import Actor
from skypact.market.lab.keys import own_fingerprint
from skypact.market.lab.models import Firmware, Result, TrustedKey


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
        """Whether it stands for conformance today."""
        return self.state is State.VALID and self.result.verdict == Verdict.CONFORMS.value


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


def trusted() -> dict[str, str]:
    """Fingerprint and name of every key that this node believes; its own is one of them."""
    known = dict(TrustedKey.objects.filter(distrusted_at=None).values_list("fingerprint", "name"))
    return {own_fingerprint(): "", **known}


def keys(actor: Actor) -> list[TrustedKey]:
    """Every key that was ever trusted; for staff."""
    actor.require_staff("see the keys of labs")
    return list(TrustedKey.objects.all())


def of_listing(actor: Actor, slug: str, *, vendor: str, on: date) -> ListingResults:
    """The results of a listing that ``actor`` may see already. Three statements."""
    changing = may_change(actor, vendor)
    firmware = _firmware(slug)
    rows = Result.objects.filter(listing=slug).defer("statement")
    if not changing:
        rows = rows.filter(withdrawn_at=None)
    believed = trusted()
    badges = tuple(_badge(row, firmware, believed, on) for row in rows if actor.may_read(row.release))
    return ListingResults(slug=slug, badges=badges, firmware=firmware, may_change=changing)


def result(actor: Actor, slug: str, sha256: str, *, on: date) -> tuple[Badge, SignedStatement]:
    """One result with its statement. Raises Http404 alike for what is not there and what ``actor`` may not see."""
    vendor = catalogue.listing(actor, slug, on=on).record.vendor
    row = Result.objects.filter(listing=slug, sha256=sha256).first()
    if row is None or not actor.may_read(row.release) or (row.withdrawn_at and not may_change(actor, vendor)):
        raise Http404(f"There is no result {sha256} of {slug}.")
    return _badge(row, _firmware(slug), trusted(), on), SignedStatement.model_validate_json(row.statement)


def _firmware(slug: str) -> str:
    return Firmware.objects.filter(listing=slug).values_list("version", flat=True).first() or ""


def _badge(row: Result, firmware: str, believed: dict[str, str], on: date) -> Badge:
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
