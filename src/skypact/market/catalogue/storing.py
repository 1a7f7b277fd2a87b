"""Writes records and the index segment of a revision. Called by actions only, inside their transaction."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import islice
from typing import TypeVar

from skypact import schema
from skypact.engines.search import Entry, Fact
from skypact.market.catalogue import index, noting
from skypact.market.catalogue.kept import KeptListing, KeptVendor, keep_listing
from skypact.market.catalogue.models import Listing, ReleaseLabel, Revision, Vendor
from skypact.market.core.access import Actor
from skypact.market.prices.actions import note_offers
from skypact.market.relations.actions import note_relations

BATCH = 500
_SHELVES = {category.value: place for place, category in enumerate(schema.Category)}
_COLUMNS = [field.name for field in Listing._meta.concrete_fields if field.name not in ("id", "slug")]

Item = TypeVar("Item")


def batches(items: Iterable[Item], size: int = BATCH) -> Iterator[list[Item]]:
    """``items`` in lists of at most ``size``."""
    iterator = iter(items)
    while batch := list(islice(iterator, size)):
        yield batch


def put(
    revision: Revision,
    actor: Actor,
    *,
    vendors: Iterable[Sequence[KeptVendor]] = (),
    listings: Iterable[Sequence[KeptListing]] = (),
) -> None:
    """Write batches of vendors and listings over whatever stands under their ids, and the segment of ``revision``."""
    index.write(revision, _put(revision, actor, vendors, listings))


def _put(
    revision: Revision, actor: Actor, vendors: Iterable[Sequence[KeptVendor]], listings: Iterable[Sequence[KeptListing]]
) -> Iterator[Entry]:
    """Entries of all that changes, while it is written: no more than a batch is in memory."""
    renamed: list[str] = []
    for batch in vendors:
        renamed += _put_vendors(batch, revision)
    for kept in listings:
        yield from _put_listings(kept, revision, actor)
    for slugs in batches(renamed):
        yield from _refresh_listings_of(slugs, revision)


def _put_vendors(kept: Sequence[KeptVendor], revision: Revision) -> list[str]:
    """Writes vendors; returns those that were there already under another name or nation."""
    if not kept:
        return []
    shown = ("name", "name_ko", "nation")
    before = {row.slug: row for row in Vendor.objects.filter(slug__in=[item.slug for item in kept]).defer("document")}
    rows = [
        Vendor(
            slug=item.slug,
            name=item.name,
            name_ko=item.name_ko,
            nation=item.nation,
            document=item.document,
            digest=item.digest,
            revision=revision,
        )
        for item in kept
    ]
    noted = noting.kept(Vendor, [row.slug for row in rows])
    Vendor.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["slug"],
        update_fields=[*shown, "document", "digest", "revision"],
    )
    noting.note(Vendor, noted, [row.slug for row in rows], revision)
    return [
        row.slug
        for row in rows
        if row.slug in before and any(getattr(row, name) != getattr(before[row.slug], name) for name in shown)
    ]


def _put_listings(kept: Sequence[KeptListing], revision: Revision, actor: Actor) -> Iterator[Entry]:
    """Writes listings, whose vendors must be there. A withdrawn one stays withdrawn."""
    if not kept:
        return
    slugs = [item.slug for item in kept]
    vendors = Vendor.objects.defer("document").in_bulk({item.vendor for item in kept}, field_name="slug")
    held = Listing.objects.filter(slug__in=slugs, withdrawn__isnull=False)
    withdrawn = dict(held.values_list("slug", "withdrawn"))
    rows = [_row(item, vendors[item.vendor], revision, withdrawn.get(item.slug)) for item in kept]
    noted = noting.kept(Listing, slugs)
    Listing.objects.bulk_create(rows, update_conflicts=True, unique_fields=["slug"], update_fields=_COLUMNS)
    _note_labels(kept)
    note_offers(
        [item if row.withdrawn is None else item._replace(offers=()) for row, item in zip(rows, kept, strict=True)],
        revision=revision.pk,
        at=revision.at,
        actor=actor,
    )
    note_relations([(item.slug, item.document) for item in kept])
    noting.note(Listing, noted, slugs, revision)
    for row, item in zip(rows, kept, strict=True):
        yield entry_of(row, item)


def _note_labels(kept: Sequence[KeptListing]) -> None:
    found = {label for item in kept for label in item.labels.split("\n")}
    known = set(ReleaseLabel.objects.filter(label__in=found).values_list("label", flat=True))
    ReleaseLabel.objects.bulk_create([ReleaseLabel(label=label) for label in found - known], ignore_conflicts=True)


def _row(item: KeptListing, vendor: Vendor, revision: Revision, withdrawn: date | None) -> Listing:
    return Listing(
        slug=item.slug,
        name=item.name,
        name_ko=item.name_ko,
        vendor=vendor,
        nation=vendor.nation,
        category=item.category,
        family=item.category.partition(".")[0],
        shelf=_SHELVES[item.category],
        synthetic=item.slug.startswith("SYN-"),
        release=item.release,
        labels=item.labels,
        document=item.document,
        digest=item.digest,
        card=item.card,
        withdrawn=withdrawn,
        revision=revision,
    )


def _refresh_listings_of(slugs: Sequence[str], revision: Revision) -> Iterator[Entry]:
    """Carries vendors' names and nations over to those of their listings that this revision has not written."""
    held = Listing.objects.filter(vendor__slug__in=slugs, revision__lt=revision).select_related("vendor")
    for batch in batches(held.order_by("pk").iterator(chunk_size=BATCH)):
        for row in batch:
            row.nation, row.revision = row.vendor.nation, revision
        Listing.objects.bulk_update(batch, ["nation", "revision"])
        yield from map(entry_of_row, batch)


def set_withdrawn(slug: str, day: date | None, revision: Revision, actor: Actor) -> Listing:
    """Take a listing off the offer from ``day`` on, or with ``None`` put it back."""
    row = Listing.objects.select_related("vendor").get(slug=slug)
    noted = noting.kept(Listing, [slug])
    row.withdrawn, row.revision = day, revision
    row.save(update_fields=["withdrawn", "revision"])
    item = keep_listing(row.record)
    offered = item if day is None else item._replace(offers=())
    note_offers([offered], revision=revision.pk, at=revision.at, actor=actor)
    noting.note(Listing, noted, [slug], revision)
    index.write(revision, [entry_of(row, item)])
    return row


def entry_of_row(row: Listing) -> Entry:
    """The index entry of a stored listing, told from its document."""
    return entry_of(row, keep_listing(row.record))


def entry_of(row: Listing, item: KeptListing) -> Entry:
    """The index entry of a stored listing."""
    vendor = row.vendor
    nation = (Fact("nation", vendor.nation),) if vendor.nation else ()
    return Entry(
        key=row.pk,
        name=row.name,
        vendor=vendor.name,
        shelf=row.shelf,
        release=row.release,
        names=item.names,
        text=" ".join(filter(None, (item.text, vendor.name, vendor.name_ko))),
        facts=(*nation, *item.facts),
        withdrawn=row.withdrawn is not None,
    )
