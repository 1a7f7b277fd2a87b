"""Every read of the catalogue: what one actor may see, in a fixed number of statements."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Collection, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.utils.translation import get_language

from skypact import schema
from skypact.engines.search import Answer, Bin, Correction, Quantity, Question, View, words
from skypact.market.catalogue import index
from skypact.market.catalogue.cards import Card, read_card
from skypact.market.catalogue.facts import FACETS, NUMBERS, PORT, port_of
from skypact.market.catalogue.index import Opened, VendorName
from skypact.market.catalogue.models import Listing, ReleaseLabel, Revision, Vendor
from skypact.market.catalogue.releasability import as_seen, may_read, references, without
from skypact.market.core.access import Actor
from skypact.market.core.paging import PAGE_SIZE, Page, page_number
from skypact.market.prices.findings import Finding
from skypact.market.prices.selectors import rises_for

#: Sort order → the engine's; "-" turns it round. Unknown numbers stand last either way.
SORTS = {
    "relevance": "relevance",
    "name": "name",
    "vendor": "vendor",
    "category": "category",
    "range": "-range",
    "mass": "mass",
    "lead_time": "lead_time",
    **{name: name for name in NUMBERS if name.startswith("price_")},
}
PAGE_SIZES = (PAGE_SIZE, 50, 100)
MOST_COMPARED = 6
#: Keys of one search that are read from the database at once.
_CHUNK = 500

Bounds = tuple[float | None, float | None]


@dataclass(frozen=True, kw_only=True)
class Filters:
    """What a reader asks the catalogue for. Values of one facet are alternatives; facets narrow one another."""

    q: str = ""
    chosen: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """facet → values"""
    between: Mapping[str, Bounds] = field(default_factory=dict)
    """number → least and greatest value in its own unit, both included, ``None`` is open"""
    sort: str = ""

    def __hash__(self) -> int:
        return hash((self.q, frozenset(self.chosen.items()), frozenset(self.between.items()), self.sort))

    @property
    def order(self) -> str:
        """The sort order in force: where none is asked, relevance to a text, else by category."""
        chosen = self.sort if self.sort in SORTS else ""
        if not words.terms(self.q) and chosen in ("", "relevance"):
            return "category"
        return chosen or "relevance"

    @property
    def everything(self) -> bool:
        """Whether nothing is left out."""
        return not (self.q.strip() or self.chosen or self.between)


@dataclass(frozen=True)
class SeenListing:
    """A listing as one reader may see it."""

    record: schema.Listing
    vendor: Vendor
    digest: str
    withdrawn: date | None = None


@dataclass(frozen=True)
class SeenCard:
    """What a list shows of a listing to one reader."""

    record: Card
    vendor: VendorName
    digest: str
    flags: tuple[Finding, ...] = ()
    """what is flagged of its prices"""


@dataclass(frozen=True)
class FacetValue:
    """One value to filter by, how many of the found listings have it, and whether it is chosen."""

    value: str
    name: str
    count: int
    chosen: bool


@dataclass(frozen=True)
class Histogram:
    """A number to filter by: in which bins the found listings lie, and which bounds are asked."""

    bins: tuple[Bin, ...]
    known: int
    bounds: Bounds = (None, None)


@dataclass(frozen=True, kw_only=True)
class Found:
    """One page of a search, with the counts to narrow it, and what was made of its text."""

    page: Page[SeenCard]
    facets: dict[str, list[FacetValue]] = field(default_factory=dict)
    numbers: dict[str, Histogram] = field(default_factory=dict)
    corrections: tuple[Correction, ...] = ()
    quantities: tuple[Quantity, ...] = ()
    vendors: Mapping[str, VendorName] = field(default_factory=dict)
    """names of all vendors, by id"""


@dataclass(frozen=True)
class _View:
    """What one actor may read on one day."""

    actor: Actor
    labels: tuple[str, ...]
    on: date

    def listings(self) -> QuerySet[Listing]:
        """The listings that the actor may see, withdrawn ones among them."""
        return Listing.objects.filter(release__in=self.labels)

    def offered(self) -> QuerySet[Listing]:
        """The listings that the actor may find."""
        return self.listings().filter(withdrawn=None)

    def not_offered(self) -> set[str]:
        """The ids of the listings that the actor may not find: what leaves here must not refer to them."""
        withdrawn = Listing.objects.exclude(withdrawn=None) | Listing.objects.exclude(release__in=self.labels)
        return set(withdrawn.values_list("slug", flat=True))

    def seen(self, listing: Listing, hidden: Collection[str] = ()) -> SeenListing:
        """``listing`` for the actor, without mention of ``hidden`` ones."""
        record = listing.record
        if not set(listing.labels.split("\n")) <= set(self.labels):
            record = as_seen(record, self.actor)
        if hidden:
            record = without(record, hidden)
        return SeenListing(record, listing.vendor, listing.digest, listing.withdrawn)

    def cards(self, opened: Opened, keys: Sequence[int]) -> list[SeenCard]:
        """The cards of those listings, in that order."""
        rows = list(self.offered().filter(pk__in=keys).values_list("pk", "slug", "card", "digest"))
        flags = rises_for(self.actor, [slug for _, slug, _, _ in rows], on=self.on)
        found = {}
        for key, slug, text, digest in rows:
            card = read_card(slug, text, labels=self.labels, on=self.on)
            found[key] = SeenCard(card, opened.vendors[card.vendor], digest, flags.get(slug, ()))
        return [found[key] for key in keys if key in found]


def _view(actor: Actor, on: date, known: Sequence[str] | None = None) -> _View:
    if known is None:
        known = tuple(ReleaseLabel.objects.values_list("label", flat=True))
    return _View(actor, tuple(label for label in known if may_read(actor, label)), on)


def _storable(values: Sequence[str]) -> list[str]:
    """Those of ``values`` that a text column can hold: PostgreSQL refuses NUL even in a question."""
    return [value for value in values if "\0" not in value]


def search(
    actor: Actor, filters: Filters, *, on: date, page: str | None = None, size: int = PAGE_SIZE, facets: bool = True
) -> Found:
    """One page of the listings that ``filters`` find among those that ``actor`` may see."""
    opened = index.current()
    if opened is None or _wordless(filters.q):
        return Found(page=Page(items=[], number=1, total=0, size=size))
    view = _view(actor, on, opened.labels)
    asked = page_number(page, total=_BEYOND, size=size)
    key = (actor.standing, on, filters, asked, size, facets, get_language())  # cards and facets hold words
    return _remembered(opened, key, lambda: _searched(opened, view, filters, asked, size, facets))


def _remembered(opened: Opened, key: Hashable, answer: Callable[[], Found]) -> Found:
    """The answer given lately to the same question of a reader who may see and reads the same, else a new one."""
    with _remembering:
        found = opened.answers.pop(key, None)
        if found is not None:
            opened.answers[key] = found  # the last asked go last
            return found
    found = answer()
    with _remembering:
        opened.answers[key] = found
        while len(opened.answers) > _MOST_REMEMBERED:
            del opened.answers[next(iter(opened.answers))]
    return found


def _searched(opened: Opened, view: _View, filters: Filters, asked: int, size: int, facets: bool) -> Found:
    engine = opened.index.view(view.labels, view.on)
    answer = engine.search(_question(filters, start=(asked - 1) * size, size=size, facets=facets))
    number = min(asked, max(1, -(-answer.total // size)))
    keys = answer.keys
    if number != asked:
        keys = engine.search(_question(filters, start=(number - 1) * size, size=size, facets=False)).keys
    return Found(
        page=Page(items=view.cards(opened, keys), number=number, total=answer.total, size=size),
        facets={name: _facet(name, answer, filters, opened) for name in answer.facets if name in FACETS},
        numbers={
            name: Histogram(bins, answer.known[name], filters.between.get(name, (None, None)))
            for name, bins in answer.bins.items()
        },
        corrections=answer.corrections,
        quantities=answer.quantities,
        vendors=opened.vendors,
    )


#: More listings than there can be.
_BEYOND = 10**12
#: Answers of one revision that a process keeps, some tens of kilobytes each.
_MOST_REMEMBERED = 256
_remembering = threading.Lock()


def _wordless(text: str) -> bool:
    """Whether something is asked that holds no word: nothing fits it."""
    return bool(text.strip()) and not words.terms(text)


def _question(filters: Filters, *, start: int, size: int, facets: bool) -> Question:
    return Question(
        text=filters.q,
        chosen=filters.chosen,
        between=filters.between,
        order=SORTS[filters.order],
        start=start,
        size=size,
        facets=facets,
    )


def _facet(name: str, answer: Answer, filters: Filters, opened: Opened) -> list[FacetValue]:
    counts = {item.value: item.count for item in answer.facets[name]}
    chosen = filters.chosen.get(name, ())
    for value in chosen:
        counts.setdefault(value, 0)
    facet = [FacetValue(value, _name(name, value, opened), count, value in chosen) for value, count in counts.items()]
    return sorted(facet, key=lambda item: (-item.count, item.name))


def _name(facet: str, value: str, opened: Opened) -> str:
    return opened.vendors[value].name if facet == "vendor" and value in opened.vendors else value


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
    found = {row.slug: view.seen(row) for row in rows}
    targets = {target for item in found.values() for target in references(item.record)}
    hidden = targets.difference(view.listings().filter(slug__in=targets).values_list("slug", flat=True))
    return [
        replace(found[slug], record=without(found[slug].record, hidden)) if hidden else found[slug]
        for slug in dict.fromkeys(slugs)
        if slug in found
    ]


def vendor(actor: Actor, slug: str) -> tuple[Vendor, schema.Vendor]:
    """A vendor, with its record as ``actor`` may see it. Raises Http404."""
    found = Vendor.objects.filter(slug__in=_storable([slug])).first()
    if found is None:
        raise Http404(f"There is no vendor {slug}.")
    return found, as_seen(found.record, actor)


def records(actor: Actor, *, on: date, filters: Filters | None = None) -> Iterator[schema.Vendor | schema.Listing]:
    """Everything that ``actor`` may find, for export: vendors by id, then listings by id."""
    view = _view(actor, on)
    hidden = view.not_offered()
    if filters is None or filters.everything:
        for vendor in Vendor.objects.order_by("slug").iterator(chunk_size=_CHUNK):
            yield as_seen(vendor.record, actor)
        for row in view.offered().select_related("vendor").order_by("slug").iterator(chunk_size=_CHUNK):
            yield view.seen(row, hidden).record
        return
    keys = _found_keys(view, filters)
    found: QuerySet[Any] = Listing.objects.order_by("slug").values_list("pk", "slug", "vendor__slug")
    wanted = [row for row in found.iterator(chunk_size=10_000) if row[0] in keys]
    for slugs in _chunks(sorted({row[2] for row in wanted})):
        for vendor in Vendor.objects.filter(slug__in=slugs).order_by("slug"):
            yield as_seen(vendor.record, actor)
    for slugs in _chunks([row[1] for row in wanted]):
        for row in view.offered().filter(slug__in=slugs).select_related("vendor").order_by("slug"):
            yield view.seen(row, hidden).record


def _chunks(slugs: list[str]) -> Iterator[list[str]]:
    return (slugs[start : start + _CHUNK] for start in range(0, len(slugs), _CHUNK))


def _found_keys(view: _View, filters: Filters) -> Collection[int]:
    opened = index.current()
    if opened is None or _wordless(filters.q):
        return ()
    engine: View = opened.index.view(view.labels, view.on)
    return frozenset(engine.search(_question(filters, start=0, size=len(engine), facets=False)).keys)


class Ports:
    """The data ports of a catalogue as one actor may find them: which listings have one of some."""

    def __init__(self, actor: Actor, *, on: date) -> None:
        self._opened = index.current()
        if self._opened is not None:
            self._view = _view(actor, on, self._opened.labels)
            self._engine: View = self._opened.index.view(self._view.labels, on)

    def different(self) -> dict[str, schema.Port]:
        """The different ports, as far as they decide what mates with them.

        Those that no listing shows the actor are among them: asking for one finds nothing.
        """
        return {} if self._opened is None else {text: port_of(text) for text in self._opened.index.words(PORT)}

    def of(self, texts: Collection[str], families: Collection[str]) -> list[int]:
        """The keys of the listings of ``families`` that have one of these ports, by name."""
        if self._opened is None or not texts:
            return []
        chosen = {"family": tuple(families), PORT: tuple(texts)}
        found = self._engine.search(Question(chosen=chosen, order="name", size=len(self._engine), facets=False))
        return list(found.keys)

    def keys(self, slugs: Sequence[str]) -> dict[int, str]:
        """The keys of the named listings, with their names. One statement."""
        return dict(Listing.objects.filter(slug__in=_storable(slugs)).values_list("pk", "slug"))

    def listings(self, keys: Collection[int]) -> dict[int, SeenListing]:
        """The listings of ``keys`` that the actor may find, without what is said of others. One statement."""
        if self._opened is None:
            return {}
        rows = self._view.offered().filter(pk__in=[_NO_KEY, *keys]).select_related("vendor")
        return {row.pk: self._view.seen(row, set(references(row.record))) for row in rows}


#: Asked for too, so that as many statements are made where nothing is found.
_NO_KEY = 0


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


def content_digest(seen: schema.Catalogue) -> str:
    """SHA-256 over a catalogue as one reader sees it: what is hidden from him does not change it."""
    digest = hashlib.sha256()
    for record in (*seen.vendors, *seen.listings):
        digest.update(f"{record.model_dump_json(exclude_defaults=True)}\n".encode())
    return digest.hexdigest()
