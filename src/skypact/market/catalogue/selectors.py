"""Every read of the catalogue: what one actor may see, in a fixed number of statements."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.http import Http404

from skypact import schema
from skypact.market.catalogue import search as text_search
from skypact.market.catalogue import traits
from skypact.market.catalogue.models import Listing, ReleaseLabel, Revision, Trait, Vendor
from skypact.market.catalogue.releasability import as_seen, may_read, without
from skypact.market.core.access import Actor
from skypact.market.core.paging import PAGE_SIZE, Page, page_number

SORTS = {
    "relevance": ("relevance", "name", "slug"),
    "name": ("name", "slug"),
    "vendor": ("vendor__name", "name", "slug"),
    "category": ("shelf", "name", "slug"),
}
PAGE_SIZES = (PAGE_SIZE, 50, 100)
MOST_COMPARED = 4

_COLUMN_FILTERS = {"family": "family", "category": "category", "nation": "nation", "vendor": "vendor__slug"}
_TRAIT_FILTERS = (traits.SENSOR_KIND, traits.INTERFACE, traits.GRADE, traits.PRICE)
FACETS = (*_COLUMN_FILTERS, "synthetic", *_TRAIT_FILTERS)


@dataclass(frozen=True, kw_only=True)
class Filters:
    """What a reader asks the catalogue for. Values of one facet are alternatives; facets narrow one another."""

    q: str = ""
    family: tuple[str, ...] = ()
    category: tuple[str, ...] = ()
    nation: tuple[str, ...] = ()
    vendor: tuple[str, ...] = ()
    sensor_kind: tuple[str, ...] = ()
    interface: tuple[str, ...] = ()
    grade: tuple[str, ...] = ()
    price: tuple[str, ...] = ()
    synthetic: tuple[str, ...] = ()
    """``yes`` or ``no``"""
    sort: str = ""

    @property
    def order(self) -> str:
        """The sort order in force: where none is asked, relevance to a text, else by category."""
        chosen = self.sort if self.sort in SORTS else ""
        if not text_search.words(self.q) and chosen in ("", "relevance"):
            return "category"
        return chosen or "relevance"


@dataclass(frozen=True)
class SeenListing:
    """A listing as one reader may see it."""

    record: schema.Listing
    vendor: Vendor
    digest: str


@dataclass(frozen=True)
class FacetValue:
    """One value to filter by, how many of the found listings have it, and whether it is chosen."""

    value: str
    name: str
    count: int
    chosen: bool


@dataclass(frozen=True, kw_only=True)
class Found:
    """One page of a search, with the counts to narrow it."""

    page: Page[SeenListing]
    facets: dict[str, list[FacetValue]] = field(default_factory=dict)


@dataclass(frozen=True)
class _View:
    """What one actor may read on one day."""

    actor: Actor
    labels: tuple[str, ...]
    on: date

    def listings(self) -> QuerySet[Listing]:
        return Listing.objects.filter(release__in=self.labels)

    def traits(self) -> QuerySet[Trait]:
        valid = Q(expires=None) | Q(expires__gt=self.on)
        return Trait.objects.filter(valid, release__in=self.labels)

    def hidden(self) -> set[str]:
        """The ids of the listings that the actor may not see."""
        return set(Listing.objects.exclude(release__in=self.labels).values_list("slug", flat=True))

    def seen(self, listing: Listing, hidden: Collection[str] = ()) -> SeenListing:
        """``listing`` for the actor, without mention of ``hidden`` ones."""
        record = listing.record
        if not set(listing.labels.split("\n")) <= set(self.labels):
            record = as_seen(record, self.actor)
        if hidden:
            record = without(record, hidden)
        return SeenListing(record, listing.vendor, listing.digest)


def _view(actor: Actor, on: date) -> _View:
    known = ReleaseLabel.objects.values_list("label", flat=True)
    return _View(actor, tuple(label for label in known if may_read(actor, label)), on)


def _narrowed(view: _View, filters: Filters) -> QuerySet[Listing]:
    found = view.listings()
    if filters.q.strip():
        query = text_search.query_of(filters.q)
        if query is None:
            return found.none()
        found = text_search.matching(found, query)
    for name, column in _COLUMN_FILTERS.items():
        values = getattr(filters, name)
        if values:
            found = found.filter(**{f"{column}__in": _storable(values)})
    for name in _TRAIT_FILTERS:
        values = getattr(filters, name)
        if values:
            having = view.traits().filter(attribute=name, value__in=_storable(values))
            found = found.filter(pk__in=having.values("listing"))
    if len(set(filters.synthetic)) == 1:
        found = found.filter(synthetic=filters.synthetic[0] == "yes")
    return found


def _storable(values: Sequence[str]) -> list[str]:
    """Those of ``values`` that a text column can hold: PostgreSQL refuses NUL even in a question."""
    return [value for value in values if "\0" not in value]


def search(
    actor: Actor, filters: Filters, *, on: date, page: str | None = None, size: int = PAGE_SIZE, facets: bool = True
) -> Found:
    """One page of the listings that ``filters`` find among those that ``actor`` may see."""
    view = _view(actor, on)
    found = _narrowed(view, filters)
    total = found.count()
    number = page_number(page, total=total, size=size)
    rows = found.order_by(*SORTS[filters.order]).select_related("vendor")[(number - 1) * size : number * size]
    items = [view.seen(row) for row in rows]
    return Found(
        page=Page(items=items, number=number, total=total, size=size),
        facets=_facets(view, found, filters) if facets else {},
    )


def _facets(view: _View, found: QuerySet[Listing], filters: Filters) -> dict[str, list[FacetValue]]:
    counts: dict[str, dict[str, int]] = {name: {} for name in FACETS}
    names: dict[str, str] = {}
    columns = found.order_by().values("family", "category", "nation", "vendor__slug", "vendor__name", "synthetic")
    for row in columns.annotate(count=Count("pk")):
        names[row["vendor__slug"]] = row["vendor__name"]
        for name, column in _COLUMN_FILTERS.items():
            counts[name][row[column]] = counts[name].get(row[column], 0) + row["count"]
        synthetic = "yes" if row["synthetic"] else "no"
        counts["synthetic"][synthetic] = counts["synthetic"].get(synthetic, 0) + row["count"]
    having = view.traits().filter(listing__in=found.order_by().values("pk")).order_by()
    for row in having.values("attribute", "value").annotate(count=Count("listing", distinct=True)):
        counts[row["attribute"]][row["value"]] = row["count"]
    return {name: _facet(counts[name], getattr(filters, name), names) for name in FACETS}


def _facet(counts: dict[str, int], chosen: tuple[str, ...], names: dict[str, str]) -> list[FacetValue]:
    values = {**dict.fromkeys(chosen, 0), **counts}
    facet = [FacetValue(value, names.get(value, value), count, value in chosen) for value, count in values.items()]
    return sorted(facet, key=lambda item: (-item.count, item.name))


def listing(actor: Actor, slug: str, *, on: date) -> SeenListing:
    """One listing. Raises Http404 where there is none, or none that ``actor`` may see."""
    found = listings(actor, [slug], on=on)
    if not found:
        raise Http404(f"There is no listing {slug}.")
    return found[0]


def listings(actor: Actor, slugs: Sequence[str], *, on: date) -> list[SeenListing]:
    """Those of the named listings that ``actor`` may see, in the order named."""
    view = _view(actor, on)
    rows = view.listings().filter(slug__in=_storable(slugs)).select_related("vendor")
    hidden = view.hidden()
    found = {row.slug: view.seen(row, hidden) for row in rows}
    return [found[slug] for slug in dict.fromkeys(slugs) if slug in found]


def related(actor: Actor, record: schema.Listing, *, on: date) -> list[SeenListing]:
    """The listings that ``record`` refers to: what it is a variant of, a spare for, a substitute of."""
    spares = (spare.listing for spare in record.spare_for)
    targets = (*filter(None, (record.variant_of,)), *spares, *record.substitutes)
    return listings(actor, targets, on=on)


def vendor(actor: Actor, slug: str) -> tuple[Vendor, schema.Vendor]:
    """A vendor, with its record as ``actor`` may see it. Raises Http404."""
    found = Vendor.objects.filter(slug__in=_storable([slug])).first()
    if found is None:
        raise Http404(f"There is no vendor {slug}.")
    return found, as_seen(found.record, actor)


def records(actor: Actor, *, on: date, filters: Filters | None = None) -> Iterator[schema.Vendor | schema.Listing]:
    """Everything that ``actor`` may see, for export: vendors by id, then listings by id."""
    view = _view(actor, on)
    found = _narrowed(view, filters or Filters())
    vendors: QuerySet[Any] = Vendor.objects.order_by("slug")
    if filters is not None and filters != Filters():
        vendors = vendors.filter(pk__in=found.values("vendor"))
    for row in vendors.iterator(chunk_size=500):
        yield as_seen(row.record, actor)
    hidden = view.hidden()
    for row in found.select_related("vendor").order_by("slug").iterator(chunk_size=500):
        yield view.seen(row, hidden).record


def catalogue(actor: Actor, *, on: date) -> schema.Catalogue:
    """The whole catalogue as ``actor`` may see it, for the engines."""
    seen = list(records(actor, on=on))
    return schema.Catalogue.model_construct(
        vendors=tuple(record for record in seen if isinstance(record, schema.Vendor)),
        listings=tuple(record for record in seen if isinstance(record, schema.Listing)),
    )


def revision() -> int:
    """The number of the catalogue's present state; 0 before the first import."""
    return Revision.objects.order_by("-number").values_list("number", flat=True).first() or 0


def content_digest() -> str:
    """SHA-256 over every vendor and listing: equal on two nodes exactly if their catalogues are."""
    digest = hashlib.sha256()
    for model in (Vendor, Listing):
        for line in model.objects.order_by("slug").values_list("slug", "digest"):
            digest.update(f"{line}\n".encode())
    return digest.hexdigest()
