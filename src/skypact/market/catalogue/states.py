"""The catalogue as it was when something was composed from it, told again from what its changes left behind.

The event log says at which revision a name was given (:mod:`.naming`); the change feed says of every item that has
changed since how it stood before; the documents that were replaced are kept under their hashes. Nothing of it is
believed: the whole is hashed again and compared with the name.

Most records are today what they were then, and all of them may be read: of those the stored text is taken as it is.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.http import Http404
from pydantic import ValidationError

from skypact import schema
from skypact.market.catalogue.kept import digest_of, document_of, labels_in
from skypact.market.catalogue.models import Listing, PastRecord, Vendor
from skypact.market.catalogue.naming import NamedCatalogue, named_so
from skypact.market.catalogue.releasability import as_seen, as_seen_since, references, without
from skypact.market.catalogue.storing import batches
from skypact.market.core.access import Actor
from skypact.market.federation import selectors as federation
from skypact.market.federation.models import Subject
from skypact.market.federation.selectors import Before
from skypact.market.lab.selectors import Told, told_of_all, told_once

_BATCH = 500
_REFERENCES = ('"variant_of":', '"spare_for":', '"substitutes":')
Record = schema.Vendor | schema.Listing
_MODELS: dict[Subject, type[schema.Vendor] | type[schema.Listing]] = {
    Subject.VENDOR: schema.Vendor,
    Subject.LISTING: schema.Listing,
}


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
    vendors: int
    listings: int
    missing: tuple[str, ...]
    """ids of records that were there, and whose document of then is not kept or cannot be read any more"""
    whole: bool
    """whether the hash over it, with what labs said then, gives its name: it is all that was there, unchanged"""
    differences: tuple[Difference, ...]


def state(actor: Actor, name: str, *, on: date) -> CatalogueState:
    """The catalogue that bears ``name``, as far as ``actor`` may see it on the day ``on``.

    Who may read all that the first reader read sees it with that reader's eyes, anybody else with his own; what he may
    not read today he does not see either way. Raises Http404 for a name that this node never gave.
    """
    past = _past(actor, name)
    then = told_once(past.eyes, on=past.named.on, at=past.named.at, withdrawn_since=actor.is_staff)
    now = told_of_all(past.eyes, on=on)
    digest, counts = hashlib.sha256(), dict.fromkeys(Subject, 0)
    differences: list[Difference] = []
    for pair in past.pairs():
        if pair.then is not None:
            counts[pair.subject] += 1
            digest.update(f"{_with(then, pair, pair.then)}\n".encode())
        differences += _difference(pair, then, now)
    return CatalogueState(
        name=name,
        on=past.named.on,
        at=past.named.at,
        vendors=counts[Subject.VENDOR],
        listings=counts[Subject.LISTING],
        missing=tuple(past.missing),
        whole=not past.missing and digest.hexdigest().startswith(name),
        differences=tuple(differences),
    )


def records(actor: Actor, name: str) -> Iterator[Record]:
    """That catalogue for export: vendors by id, then listings by id, without what labs said of them.

    Raises Http404 as :func:`state` does, before the first record.
    """
    past = _past(actor, name)
    return (_MODELS[pair.subject].model_validate_json(pair.then) for pair in past.pairs() if pair.then is not None)


def _past(actor: Actor, name: str) -> _Past:
    named = named_so(name)
    if named is None:
        raise Http404(
            f"This node knows no catalogue {name[:64]}: another node gave that name, or this one before it kept names."
        )
    return _Past(named, _reader_of(named.standing) if _covers(actor, named.standing) else actor, actor)


def _reader_of(standing: str) -> Actor:
    """Somebody who reads what those of a standing read."""
    nation = standing.removeprefix("registered ") if standing.startswith("registered ") else ""
    return Actor(label=standing, nation=nation or None, is_staff=standing == "staff")


def _covers(actor: Actor, standing: str) -> bool:
    """Whether ``actor`` may read all that those of ``standing`` read."""
    known = {actor.standing, "anonymous"} | (set() if actor.is_anonymous else {"registered "})
    return actor.is_staff or standing in known


@dataclass(frozen=True)
class _Pair:
    """An item as it was and as it is: its canonical text as the reader sees it, ``None`` where there is none to see."""

    subject: Subject
    id: str
    then: str | None
    now: str | None


@dataclass
class _Past:
    """An earlier catalogue with the ``eyes`` of one reader, without what ``actor`` may not see today."""

    named: NamedCatalogue
    eyes: Actor
    actor: Actor
    missing: list[str] = field(default_factory=list)

    def pairs(self) -> Iterator[_Pair]:
        """Every vendor, then every listing that there ever was, by id."""
        before = federation.before_changes_since(self.named.revision)
        rows = Vendor.objects.order_by("slug").values_list("slug", "digest", "document")
        for batch in batches(rows.iterator(chunk_size=_BATCH), _BATCH):
            kept = _kept(before[Subject.VENDOR], [slug for slug, *_ in batch])
            for slug, digest, document in batch:
                was = before[Subject.VENDOR].get(slug, Before(digest, "PUBLIC"))
                then = self._then(Subject.VENDOR, slug, was, {digest: document} | kept, document)
                yield _Pair(Subject.VENDOR, slug, then, self._text(Subject.VENDOR, document))
        yield from self._listings(before[Subject.LISTING])

    def _listings(self, before: Mapping[str, Before]) -> Iterator[_Pair]:
        gone_then, gone_now = self._not_offered(before)
        rows = Listing.objects.order_by("slug").values_list("slug", "digest", "document", "release")
        for batch in batches(rows.iterator(chunk_size=_BATCH), _BATCH):
            kept = _kept(before, [slug for slug, *_ in batch])
            for slug, digest, document, release in batch:
                then = now = None
                if slug not in gone_then:
                    was = before.get(slug, Before(digest, release))
                    then = self._then(Subject.LISTING, slug, was, {digest: document} | kept, document, gone_then)
                if slug not in gone_now:
                    now = self._text(Subject.LISTING, document, gone_now)
                if then is not None or now is not None:
                    yield _Pair(Subject.LISTING, slug, then, now)

    def _not_offered(self, before: Mapping[str, Before]) -> tuple[set[str], set[str]]:
        """The listings that the reader could not find then, and those that he cannot find now."""
        then, now = set(), set()
        for slug, release, withdrawn in Listing.objects.values_list("slug", "release", "withdrawn"):
            was = before[slug].release if slug in before else "" if withdrawn else release
            if not (was and self.eyes.may_read(was) and self.actor.may_read(release)):
                then.add(slug)
            if withdrawn or not self.eyes.may_read(release):
                now.add(slug)
        return then, now

    def _then(
        self,
        subject: Subject,
        slug: str,
        was: Before,
        documents: Mapping[str, str],
        present: str,
        hidden: Collection[str] = (),
    ) -> str | None:
        """The text of then; ``None`` where there was none, or none to see."""
        if not was.digest:
            return None
        document = documents.get(was.digest)
        if document is None:
            self.missing.append(slug)
            return None
        if document == present:
            return self._text(subject, document, hidden)
        try:
            record: Any = as_seen(_MODELS[subject].model_validate_json(document), self.eyes)
        except ValidationError:  # told in a data model that this version does not read
            self.missing.append(slug)
            return None
        if not self.actor.is_staff:
            record = as_seen_since(record, _MODELS[subject].model_validate_json(present), self.actor)
        return None if record is None else document_of(_unmentioning(record, hidden))

    def _text(self, subject: Subject, document: str, hidden: Collection[str] = ()) -> str:
        """A stored document as the reader sees it."""
        refers = bool(hidden) and any(name in document for name in _REFERENCES)
        if not refers and all(map(self.eyes.may_read, labels_in(document))):
            return document
        record = as_seen(_MODELS[subject].model_validate_json(document), self.eyes)
        return document_of(_unmentioning(record, hidden))


def _unmentioning(record: Any, hidden: Collection[str]) -> Any:
    mentioned = set(references(record)) & set(hidden)
    return without(record, mentioned) if mentioned else record


def _kept(before: Mapping[str, Before], slugs: list[str]) -> dict[str, str]:
    """The kept documents of what those items were, by hash, as far as they are what their hash says."""
    wanted = {before[slug].digest for slug in slugs if slug in before}
    if not wanted:
        return {}
    rows = PastRecord.objects.filter(digest__in=wanted).values_list("digest", "document")
    return {digest: document for digest, document in rows if digest_of(document) == digest}


def _with(told: Told, pair: _Pair, text: str) -> str:
    """The text of a listing with what labs say of it."""
    if pair.subject is not Subject.LISTING or pair.id not in told.said:
        return text
    return document_of(told.of(schema.Listing.model_validate_json(text)))


def _difference(pair: _Pair, then: Told, now: Told) -> Iterator[Difference]:
    model = _MODELS[pair.subject]
    if pair.then is None and pair.now is not None:
        yield Difference(pair.subject, pair.id, model.model_validate_json(pair.now).name, "new")
    elif pair.now is None and pair.then is not None:
        yield Difference(pair.subject, pair.id, model.model_validate_json(pair.then).name, "gone")
    elif pair.then is not None and pair.now is not None and pair.then != pair.now:
        was, stands = model.model_validate_json(pair.then), model.model_validate_json(pair.now)
        fields = (name for name in model.model_fields if getattr(was, name) != getattr(stands, name))
        yield Difference(pair.subject, pair.id, stands.name, "changed", tuple(fields))
    elif pair.then is not None and _with(then, pair, pair.then) != _with(now, pair, pair.then):
        yield Difference(pair.subject, pair.id, model.model_validate_json(pair.then).name, "tested")
