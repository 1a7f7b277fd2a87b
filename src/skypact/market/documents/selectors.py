"""Every read of documents: what one actor may see of the files of a listing, in a fixed number of statements."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Sum
from django.http import Http404

from skypact.market.catalogue import selectors as catalogue
from skypact.market.core.access import Actor
from skypact.market.documents import store
from skypact.market.documents.models import Attachment
from skypact.schema import Document


@dataclass(frozen=True, kw_only=True)
class SeenDocument:
    """A file of a listing, with what this node knows of it."""

    document: Document
    state: store.State
    at: datetime | None
    """when it was given; ``None`` where the listing came with it from elsewhere"""
    vendor: str
    by: str
    """as the event log names who gave it; empty for those who may not know"""


@dataclass(frozen=True, kw_only=True)
class ListingDocuments:
    """The files of one listing as one actor may see them."""

    seen: catalogue.SeenListing
    documents: tuple[SeenDocument, ...]
    may_change: bool


def may_change(actor: Actor, vendor: str) -> bool:
    """Whether ``actor`` may give files to listings of ``vendor`` and take them away."""
    return actor.is_staff or (actor.vendor != "" and actor.vendor == vendor)


def documents_of(actor: Actor, slug: str, *, on: date) -> ListingDocuments:
    """The files of a listing. Raises Http404 where there is no such listing, or none that ``actor`` may see."""
    seen = catalogue.listing(actor, slug, on=on)
    changing = may_change(actor, seen.record.vendor)
    given = {row.sha256: row for row in Attachment.objects.filter(listing=slug)}
    return ListingDocuments(
        seen=seen,
        documents=tuple(_seen(item, given.get(item.sha256), changing) for item in seen.record.documents),
        may_change=changing,
    )


def _seen(document: Document, given: Attachment | None, changing: bool) -> SeenDocument:
    return SeenDocument(
        document=document,
        state=store.glance(document.sha256, document.size_bytes),
        at=None if given is None else given.at,
        vendor="" if given is None else given.vendor,
        by=given.by if given is not None and changing else "",
    )


def document(actor: Actor, slug: str, sha256: str, *, on: date) -> Document:
    """One file of a listing. Raises Http404 alike for what is not there and what ``actor`` may not see."""
    for item in catalogue.listing(actor, slug, on=on).record.documents:
        if item.sha256 == sha256:
            return item
    raise Http404(f"There is no file {sha256} of {slug}.")


def used_by(vendor: str) -> int:
    """How many bytes were given for ``vendor``; a file that two listings share counts twice."""
    return Attachment.objects.filter(vendor=vendor).aggregate(total=Sum("size_bytes"))["total"] or 0
