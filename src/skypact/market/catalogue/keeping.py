"""Reads for those who keep listings: what one vendor has in the catalogue, as it is stored."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import QuerySet

from skypact import schema
from skypact.market.catalogue.models import Listing, ReleaseLabel, Vendor
from skypact.market.catalogue.releasability import may_read
from skypact.market.core.access import Actor
from skypact.market.core.paging import Page, page_number


@dataclass(frozen=True, kw_only=True)
class Stored:
    """A record as it is stored, everything in it."""

    slug: str
    name: str
    name_ko: str
    digest: str
    document: str
    labels: frozenset[str]
    withdrawn: date | None
    changed_at: datetime

    @property
    def record(self) -> schema.Listing:
        """The listing as the schema knows it."""
        return schema.Listing.model_validate_json(self.document)


def readable_labels(actor: Actor) -> frozenset[str]:
    """Those release labels of the catalogue that ``actor`` may read."""
    known = ReleaseLabel.objects.values_list("label", flat=True)
    return readable_by(actor, known)


def readable_by(actor: Actor, labels: Iterable[str]) -> frozenset[str]:
    """Those of ``labels`` that ``actor`` may read, whether or not the catalogue knows them yet."""
    return frozenset(label for label in labels if may_read(actor, label))


def visible(actor: Actor) -> QuerySet[Listing]:
    """The listings that ``actor`` may see."""
    return Listing.objects.filter(release__in=readable_labels(actor))


def hidden(actor: Actor) -> frozenset[str]:
    """The ids of the listings that ``actor`` may not see."""
    rows = Listing.objects.exclude(release__in=readable_labels(actor))
    return frozenset(rows.values_list("slug", flat=True))


def names_of(actor: Actor, vendor: str) -> list[tuple[str, str, str]]:
    """Id, name and Korean name of what ``vendor`` offers and ``actor`` may see, by name."""
    offered = visible(actor).filter(vendor__slug=vendor, withdrawn=None)
    return list(offered.order_by("name", "slug").values_list("slug", "name", "name_ko"))


def stored_of(actor: Actor, vendor: str, *, slugs: Iterable[str] | None = None) -> dict[str, Stored]:
    """The listings of ``vendor`` that ``actor`` may see, by id; with ``slugs`` only those."""
    rows = visible(actor).filter(vendor__slug=vendor)
    if slugs is not None:
        rows = rows.filter(slug__in=[slug for slug in slugs if "\0" not in slug])
    return {row.slug: _stored(row) for row in rows.select_related("revision")}


def page_of(actor: Actor, vendor: str, *, text: str = "", page: str | None = None) -> Page[Stored]:
    """One page of the listings of ``vendor`` that ``actor`` may see, by name; ``text`` stands in the name or the id."""
    rows = visible(actor).filter(vendor__slug=vendor)
    wanted = text.replace("\0", "").strip()
    if wanted:
        rows = rows.filter(name__icontains=wanted) | rows.filter(slug__icontains=wanted)
    total = rows.count()
    number = page_number(page, total=total)
    found = Page(items=[], number=number, total=total)
    start = (number - 1) * found.size
    chosen = rows.select_related("revision").order_by("name", "slug")[start : start + found.size]
    return Page(items=[_stored(row) for row in chosen], number=number, total=total)


def _stored(row: Listing) -> Stored:
    return Stored(
        slug=row.slug,
        name=row.name,
        name_ko=row.name_ko,
        digest=row.digest,
        document=row.document,
        labels=frozenset(row.labels.split("\n")),
        withdrawn=row.withdrawn,
        changed_at=row.revision.at,
    )


def stored_listing(slug: str) -> tuple[schema.Listing, str]:
    """A listing as it is stored, and its digest, for an act that changes a part of it. Raises KeyError."""
    found = Listing.objects.filter(slug=slug).values_list("document", "digest").first()
    if found is None:
        raise KeyError(slug)
    return schema.Listing.model_validate_json(found[0]), found[1]


def named_files() -> frozenset[str]:
    """The hashes of the files that any listing names. For keeping the files, never for showing them."""
    rows = Listing.objects.filter(document__contains='"documents":[').values_list("document", flat=True)
    return frozenset(
        file.sha256
        for document in rows.iterator(chunk_size=500)
        for file in schema.Listing.model_validate_json(document).documents
    )


def vendor_slugs() -> frozenset[str]:
    """The ids of all vendors; they are public."""
    return frozenset(Vendor.objects.values_list("slug", flat=True))


def stored_vendor(slug: str) -> tuple[str, str]:
    """Document and digest of a vendor; both empty where there is none."""
    return Vendor.objects.filter(slug=slug).values_list("document", "digest").first() or ("", "")


def digests(kind: str, slugs: Iterable[str] | QuerySet[object]) -> dict[str, str]:
    """Digest of what stands in the catalogue under each of ``slugs``: for comparing before an act writes.

    ``kind`` is ``vendor`` or ``listing``. One statement where ``slugs`` is a query.
    """
    rows = Vendor.objects.all() if kind == "vendor" else Listing.objects.all()
    return dict(rows.filter(slug__in=slugs).values_list("slug", "digest"))
