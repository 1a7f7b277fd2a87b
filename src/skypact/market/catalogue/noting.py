"""Tells the change feed what an act did to the catalogue, and who of its readers could see that."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from skypact import schema
from skypact.market.catalogue.models import Listing, PastRecord, Revision, Vendor
from skypact.market.catalogue.releasability import labels, record_as_read, references
from skypact.market.federation.actions import ItemChange, State, note_changes
from skypact.market.federation.models import Subject

_SUBJECTS = {Listing: Subject.LISTING, Vendor: Subject.VENDOR}


@dataclass(frozen=True)
class Kept:
    """One stored record."""

    document: str
    state: State


def kept(model: type[Listing] | type[Vendor], slugs: Iterable[str]) -> dict[str, Kept]:
    """The named records as they are stored now."""
    rows = model.objects.filter(slug__in=list(slugs)).values_list("slug", "document", *_told(model))
    return {slug: Kept(document, _state(*rest)) for slug, document, *rest in rows}


def states(model: type[Listing] | type[Vendor], slugs: Iterable[str]) -> dict[str, State]:
    """The states of the named records, without their documents."""
    rows = model.objects.filter(slug__in=list(slugs)).values_list("slug", *_told(model))
    return {slug: _state(*rest) for slug, *rest in rows}


def _told(model: type[Listing] | type[Vendor]) -> tuple[str, ...]:
    return ("digest", "release", "withdrawn") if model is Listing else ("digest",)


def _state(digest: str, release: str = "PUBLIC", withdrawn: date | None = None) -> State:
    return State(digest, release, withdrawn is None)


def note(
    model: type[Listing] | type[Vendor], before: Mapping[str, Kept], slugs: Sequence[str], revision: Revision
) -> None:
    """Note what became of the records ``slugs``, which were as ``before`` says and have been written since.

    The documents that others took the place of are kept.
    """
    after = kept(model, before)
    PastRecord.objects.bulk_create(
        [
            PastRecord(digest=was.state.digest, document=was.document)
            for slug, was in before.items()
            if was.state.digest != after[slug].state.digest
        ],
        ignore_conflicts=True,
    )
    parts = _parts(model, {slug: (before[slug], after[slug]) for slug in slugs if slug in before})
    made = states(model, [slug for slug in slugs if slug not in before])
    changes = (
        ItemChange(slug, before[slug].state, after[slug].state, parts.get(slug, ()))
        if slug in before
        else ItemChange(slug, None, made[slug])
        for slug in slugs
    )
    note_changes(_SUBJECTS[model], changes, revision=revision.pk, at=revision.at)


def _parts(
    model: type[Listing] | type[Vendor], pairs: Mapping[str, tuple[Kept, Kept]]
) -> dict[str, tuple[frozenset[str], ...]]:
    known: type[schema.Listing] | type[schema.Vendor] = schema.Listing if model is Listing else schema.Vendor
    records = {
        slug: tuple(known.model_validate_json(item.document) for item in pair)
        for slug, pair in pairs.items()
        if pair[0].state != pair[1].state
    }
    targets = {target for pair in records.values() for record in pair for target in references(record)}
    released = dict(Listing.objects.filter(slug__in=targets).values_list("slug", "release")) if targets else {}
    return {slug: seen_by(was, stands, released.get) for slug, (was, stands) in records.items()}


def seen_by(
    was: schema.Listing | schema.Vendor,
    stands: schema.Listing | schema.Vendor,
    release_of: Callable[[str], str | None],
) -> tuple[frozenset[str], ...]:
    """The sets of labels that readers hold who see a difference between two states; none contains another.

    Every reader there is holds all labels of a record that name his nation, or, knowing none, PUBLIC and REGISTERED:
    so one look per nation named is enough. ``release_of`` is the label of a listing that is referred to, or None.
    """
    found: list[frozenset[str]] = []
    mentioned = {*labels(was), *labels(stands)}
    mentioned |= {label for target in (*references(was), *references(stands)) if (label := release_of(target))}
    for held in _holdings(mentioned):
        if not any(smaller <= held for smaller in found) and _read(was, held, release_of) != _read(
            stands, held, release_of
        ):
            found.append(held)
    return tuple(found)


def _holdings(mentioned: set[str]) -> Iterator[frozenset[str]]:
    """Which of the labels each kind of reader holds, fewest first; last the node's staff, who hold all."""
    nations = {nation for label in mentioned if label.startswith("REL ") for nation in label[4:].split(",")}
    kinds = [(None, False), (None, True), *((nation, True) for nation in nations)]
    held = {
        frozenset(label for label in mentioned if schema.releasable(label, nation=nation, signed_in=signed_in))
        for nation, signed_in in kinds
    }
    yield from sorted(held - {frozenset(mentioned)}, key=lambda labels: (len(labels), sorted(labels)))
    yield frozenset(mentioned)


def _read(record: Any, held: frozenset[str], release_of: Callable[[str], str | None]) -> Any:
    if isinstance(record, schema.Listing) and record.release not in held:
        return None
    hidden = {target for target in references(record) if release_of(target) not in held}
    return record_as_read(record, held.__contains__, hidden)
