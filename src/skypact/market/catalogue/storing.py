"""Writes validated records, their traits and the text index. Called by actions only, inside their transaction."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import TypeVar

from skypact import schema
from skypact.market.catalogue import noting, search
from skypact.market.catalogue.models import Listing, ReleaseLabel, Revision, Trait, Vendor
from skypact.market.catalogue.releasability import labels
from skypact.market.catalogue.traits import traits_of
from skypact.market.core.access import Actor
from skypact.market.prices.actions import note_offers

BATCH = 500
_SHELVES = {category: place for place, category in enumerate(schema.Category)}

Item = TypeVar("Item")


def batches(items: Iterable[Item]) -> Iterator[list[Item]]:
    """``items`` in lists of at most :data:`BATCH`."""
    iterator = iter(items)
    while batch := list(islice(iterator, BATCH)):
        yield batch


def put_vendors(documents: Sequence[tuple[str, str]], revision: Revision) -> None:
    """Write vendors, given as (document, digest), over whatever stands under their ids."""
    rows = []
    for document, digest in documents:
        vendor = schema.Vendor.model_validate_json(document)
        rows.append(
            Vendor(
                slug=vendor.id,
                name=vendor.name,
                name_ko=vendor.name_ko or "",
                nation=vendor.nation or "",
                document=document,
                digest=digest,
                revision=revision,
            )
        )
    before = noting.kept(Vendor, [row.slug for row in rows])
    Vendor.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["slug"],
        update_fields=["name", "name_ko", "nation", "document", "digest", "revision"],
    )
    _refresh_listings_of([row.slug for row in rows])
    noting.note(Vendor, before, [row.slug for row in rows], revision)


def _refresh_listings_of(vendor_slugs: Sequence[str]) -> None:
    """Carry vendors' names and nations over to the listings that are there already."""
    for batch in batches(Listing.objects.filter(vendor__slug__in=vendor_slugs).select_related("vendor").iterator()):
        for listing in batch:
            listing.nation = listing.vendor.nation
        Listing.objects.bulk_update(batch, ["nation"])
        search.index((listing.pk, *_texts(listing.record, listing.vendor)) for listing in batch)


def put_listings(documents: Sequence[tuple[str, str]], revision: Revision, actor: Actor) -> None:
    """Write listings, given as (document, digest); their vendors must be there."""
    records = [schema.Listing.model_validate_json(document) for document, _ in documents]
    vendors = Vendor.objects.in_bulk({record.vendor for record in records}, field_name="slug")
    rows = [
        _row(record, vendors[record.vendor], document, digest, revision)
        for record, (document, digest) in zip(records, documents, strict=True)
    ]
    before = noting.kept(Listing, [row.slug for row in rows])
    # what is withdrawn stays so, whatever else is told of it
    columns = [field.name for field in Listing._meta.concrete_fields if field.name not in ("id", "slug", "withdrawn")]
    Listing.objects.bulk_create(rows, update_conflicts=True, unique_fields=["slug"], update_fields=columns)
    found = {label for row in rows for label in row.labels.split("\n")}
    ReleaseLabel.objects.bulk_create([ReleaseLabel(label=label) for label in found], ignore_conflicts=True)
    Trait.objects.filter(listing__in=rows).delete()
    Trait.objects.bulk_create(
        Trait(listing=row, **trait._asdict())
        for row, record in zip(rows, records, strict=True)
        for trait in traits_of(record)
    )
    search.index((row.pk, *_texts(record, row.vendor)) for row, record in zip(rows, records, strict=True))
    note_offers(records, revision=revision.pk, at=revision.at, actor=actor)
    noting.note(Listing, before, [row.slug for row in rows], revision)


def _row(record: schema.Listing, vendor: Vendor, document: str, digest: str, revision: Revision) -> Listing:
    return Listing(
        slug=record.id,
        name=record.name,
        name_ko=record.name_ko or "",
        vendor=vendor,
        nation=vendor.nation,
        category=record.category.value,
        family=record.category.family,
        shelf=_SHELVES[record.category],
        synthetic=record.synthetic,
        release=record.release,
        labels="\n".join(sorted({*labels(record)})),
        document=document,
        digest=digest,
        revision=revision,
    )


def _texts(record: schema.Listing, vendor: Vendor) -> tuple[str, str]:
    """What a listing is found by: its names and numbers, then all else that every reader of it may read."""
    names = (record.id, record.name, record.name_ko, record.part_number, record.nsn)
    others = (vendor.name, vendor.name_ko, record.category.value, record.summary, record.summary_ko)
    return " ".join(filter(None, names)), " ".join(filter(None, others))
