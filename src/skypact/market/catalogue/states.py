"""The catalogue as it was when something was composed from it, told again from what its changes left behind.

The event log says at which revision a name was given (:mod:`.naming`); the change feed says of every item that has
changed since how it stood before; the documents that were replaced are kept under their hashes. Nothing of it is
believed: the whole is hashed again and compared with the name.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.http import Http404
from pydantic import ValidationError

from skypact import schema
from skypact.market.catalogue import selectors
from skypact.market.catalogue.kept import digest_of
from skypact.market.catalogue.models import Listing, PastRecord, Vendor
from skypact.market.catalogue.naming import NamedCatalogue, name_of, named_so
from skypact.market.catalogue.releasability import as_seen, as_seen_since, references, without
from skypact.market.catalogue.storing import batches
from skypact.market.core.access import Actor
from skypact.market.federation import selectors as federation
from skypact.market.federation.models import Subject
from skypact.market.federation.selectors import Before
from skypact.market.lab.selectors import once_tested, tested

_BATCH = 500


@dataclass(frozen=True)
class Difference:
    """What became of one item since."""

    subject: Subject
    id: str
    name: str
    what: str
    """``new``, ``changed``, ``tested`` (labs say something else of it), or ``gone``: not offered any more, or not to
    this reader"""
    fields: tuple[str, ...] = ()
    """of the record, where it changed"""


@dataclass(frozen=True)
class CatalogueState:
    """An earlier catalogue as one reader may see it."""

    name: str
    on: date
    """the day for which it was asked"""
    at: datetime
    catalogue: schema.Catalogue
    """without what labs said of it, which is never written down as a claim"""
    missing: tuple[str, ...]
    """ids of records that were there, and whose document of then is not kept or cannot be read any more"""
    whole: bool
    """whether the hash over it, with what labs said then, gives its name: it is all that was there, unchanged"""
    differences: tuple[Difference, ...]

    @property
    def records(self) -> tuple[schema.Vendor | schema.Listing, ...]:
        """Vendors, then listings."""
        return (*self.catalogue.vendors, *self.catalogue.listings)


def state(actor: Actor, name: str, *, on: date) -> CatalogueState:
    """The catalogue that bears ``name``, as far as ``actor`` may see it on the day ``on``.

    Who may read all that the first reader read sees it with that reader's eyes, anybody else with his own; what he may
    not read today he does not see either way. Raises Http404 for a name that this node never gave.
    """
    named = named_so(name)
    if named is None:
        raise Http404(
            f"This node knows no catalogue {name[:64]}: another node gave that name, or this one before it kept names."
        )
    eyes = _reader_of(named.standing) if _covers(actor, named.standing) else actor
    past = _Past(named, eyes, actor)
    then, now = past.catalogue(), selectors.catalogue(eyes, on=on)
    told = once_tested(eyes, then.listings, on=named.on, at=named.at, withdrawn_since=actor.is_staff)
    whole = not past.missing and name_of(then.model_copy(update={"listings": tuple(told)})) == name
    return CatalogueState(
        name=name,
        on=named.on,
        at=named.at,
        catalogue=then,
        missing=tuple(past.missing),
        whole=whole,
        differences=(
            *_differences(Subject.VENDOR, then.vendors, now.vendors),
            *_differences(Subject.LISTING, then.listings, now.listings),
            *_tested_since(told, tested(eyes, now.listings, on=on), then, now),
        ),
    )


def _reader_of(standing: str) -> Actor:
    """Somebody who reads what those of a standing read."""
    nation = standing.removeprefix("registered ") if standing.startswith("registered ") else ""
    return Actor(label=standing, nation=nation or None, is_staff=standing == "staff")


def _covers(actor: Actor, standing: str) -> bool:
    """Whether ``actor`` may read all that those of ``standing`` read."""
    known = {actor.standing, "anonymous"} | (set() if actor.is_anonymous else {"registered "})
    return actor.is_staff or standing in known


class _Past:
    """An earlier catalogue with the ``eyes`` of one reader, without what ``actor`` may not see today."""

    def __init__(self, named: NamedCatalogue, eyes: Actor, actor: Actor) -> None:
        self._named, self._eyes, self._actor = named, eyes, actor
        self._before = federation.before_changes_since(named.revision)
        self.missing: list[str] = []

    def catalogue(self) -> schema.Catalogue:
        """Its vendors and listings, each without mention of what was not offered."""
        vendors, found = tuple(self._vendors()), tuple(self._listings())
        offered = {listing.id for listing in found}
        listings = tuple(without(one, set(references(one)) - offered) for one in found)
        return schema.Catalogue.model_construct(vendors=vendors, listings=listings)

    def _vendors(self) -> Iterator[schema.Vendor]:
        before = self._before[Subject.VENDOR]
        rows = Vendor.objects.order_by("slug").values_list("slug", "digest", "document")
        for batch in batches(rows.iterator(chunk_size=_BATCH), _BATCH):
            kept = _kept([before[slug] for slug, _, _ in batch if slug in before])
            for slug, digest, document in batch:
                was = before.get(slug, Before(digest, "PUBLIC"))
                record = self._record(schema.Vendor, slug, was, {digest: document} | kept, document)
                if record is not None:
                    yield record

    def _listings(self) -> Iterator[schema.Listing]:
        before = self._before[Subject.LISTING]
        rows = Listing.objects.order_by("slug").values_list("slug", "digest", "document", "release", "withdrawn")
        for batch in batches(rows.iterator(chunk_size=_BATCH), _BATCH):
            kept = _kept([before[slug] for slug, *_ in batch if slug in before])
            for slug, digest, document, release, withdrawn in batch:
                was = before.get(slug, Before(digest, "" if withdrawn else release))
                if was.release and self._eyes.may_read(was.release) and self._actor.may_read(release):
                    record = self._record(schema.Listing, slug, was, {digest: document} | kept, document)
                    if record is not None:
                        yield record

    def _record(self, model: Any, slug: str, was: Before, documents: Mapping[str, str], present: str) -> Any:
        """The record as it was; ``None`` where there was none, or none to see."""
        if not was.digest:
            return None
        document = documents.get(was.digest)
        if document is None:
            self.missing.append(slug)
            return None
        try:
            record = as_seen(model.model_validate_json(document), self._eyes)
        except ValidationError:  # told in a data model that this version does not read
            self.missing.append(slug)
            return None
        if self._actor.is_staff or document == present:
            return record
        return as_seen_since(record, model.model_validate_json(present), self._actor)


def _kept(states: list[Before]) -> dict[str, str]:
    """The kept documents of those states by hash, as far as they are what their hash says."""
    rows = PastRecord.objects.filter(digest__in={state.digest for state in states}).values_list("digest", "document")
    return {digest: document for digest, document in rows if digest_of(document) == digest}


def _differences(
    subject: Subject,
    then: tuple[schema.Vendor, ...] | tuple[schema.Listing, ...],
    now: tuple[schema.Vendor, ...] | tuple[schema.Listing, ...],
) -> Iterator[Difference]:
    was, stands = {one.id: one for one in then}, {one.id: one for one in now}
    for slug in sorted(was.keys() | stands.keys()):
        if slug not in stands:
            yield Difference(subject, slug, was[slug].name, "gone")
        elif slug not in was:
            yield Difference(subject, slug, stands[slug].name, "new")
        elif was[slug] != stands[slug]:
            one, other = was[slug], stands[slug]
            fields = (name for name in type(one).model_fields if getattr(one, name) != getattr(other, name))
            yield Difference(subject, slug, other.name, "changed", tuple(fields))


def _tested_since(
    told: Sequence[schema.Listing], tells: Sequence[schema.Listing], then: schema.Catalogue, now: schema.Catalogue
) -> Iterator[Difference]:
    """The listings of which labs say something else today, and which are the same otherwise."""
    was = {one.id: (record, one) for record, one in zip(then.listings, told, strict=True)}
    for record, one in zip(now.listings, tells, strict=True):
        if was.get(one.id, (None, None))[0] == record and was[one.id][1] != one:
            yield Difference(Subject.LISTING, one.id, one.name, "tested")
