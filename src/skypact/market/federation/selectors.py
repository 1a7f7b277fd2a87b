"""Reads of the change feed: what one actor could see change, and nothing of the rest."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from skypact.market.core.access import Actor
from skypact.market.core.cursors import GoneError, seal, unseal
from skypact.market.federation.models import Audience, Change, Feed, Kind, Subject

MOST = 1_000
_PURPOSE = "changes"


@dataclass(frozen=True)
class Entry:
    """One change as one reader may know of it."""

    subject: Subject
    slug: str
    kind: Kind
    at: datetime


@dataclass(frozen=True)
class FeedPage:
    """Entries in order, and where to go on from; ``more`` says that there are further ones already."""

    entries: tuple[Entry, ...]
    cursor: str
    more: bool


def changes(actor: Actor, *, after: str = "", limit: int = 100) -> FeedPage:
    """The entries that follow the cursor ``after``, or the first ones of all, at most ``limit``.

    Raises InputError for what is no cursor, GoneError for one of a reader with other rights.

    The end of the feed is read before the audiences: an audience that is made meanwhile belongs to changes beyond it.
    """
    position = _position(actor, after)
    last = Feed.objects.values_list("last", flat=True).first() or 0
    shown = _shown_to(actor, since=position)
    rows = list(
        Change.objects.filter(sequence__gt=position, sequence__lte=last, audience__in=shown).order_by("sequence")[
            : limit + 1
        ]
    )
    kept = rows[:limit]
    reached = kept[-1].sequence if kept else position
    return FeedPage(
        entries=tuple(_entry(row, shown) for row in kept),
        cursor=seal(_PURPOSE, actor.standing, reached),
        more=len(rows) > limit,
    )


def history(actor: Actor, subject: Subject, slug: str) -> list[Entry]:
    """The changes of one item, the latest first."""
    shown = _shown_to(actor)
    rows = Change.objects.filter(subject=subject, slug=slug, audience__in=shown).order_by("-sequence")
    return [_entry(row, shown) for row in rows[:MOST]]


def state(actor: Actor) -> int:
    """The number of the last change that the actor could see: it moves exactly when his catalogue does.

    Never show it as it is: the steps it makes count what others changed (:func:`core.cursors.seal` hides it).
    """
    return max((audience.latest for audience in Audience.objects.all() if _as_seen(actor, audience)), default=0)


@dataclass(frozen=True)
class Before:
    """How an item stood before a change. For the node itself: it tells what nobody in particular may see."""

    digest: str
    """of its document; empty where there was none"""
    release: str
    """empty where it was not listed"""


def before_changes_since(revision: int) -> dict[Subject, dict[str, Before]]:
    """How every item that has changed since a revision of the catalogue stood then, by id.

    For the node itself: who shows something of it looks at the labels. One statement.
    """
    found: dict[Subject, dict[str, Before]] = {subject: {} for subject in Subject}
    rows = Change.objects.filter(revision__gt=revision).select_related("audience").order_by("sequence")
    for row in rows.iterator(chunk_size=2_000):
        # A listing comes back with the label that it had while it was not listed.
        listed = row.audience.kind != Kind.RELISTED
        state = Before(row.digest_before, row.audience.before if listed else "")
        found[Subject(row.subject)].setdefault(row.slug, state)
    return found


def _position(actor: Actor, after: str) -> int:
    if not after:
        return 0
    standing, position = unseal(_PURPOSE, after, place="after")
    if standing != actor.standing:
        raise GoneError("This cursor is of a reader with other rights. Read the feed again from its beginning.")
    return position


def _shown_to(actor: Actor, *, since: int = 0) -> dict[int, Kind]:
    """Audience → as what its changes show to the actor; without those that have none after ``since``."""
    audiences = Audience.objects.filter(latest__gt=since)
    seen = {audience.pk: _as_seen(actor, audience) for audience in audiences}
    return {key: kind for key, kind in seen.items() if kind is not None}


def _as_seen(actor: Actor, audience: Audience) -> Kind | None:
    """What changes of ``audience`` are to the actor; ``None``: nothing."""
    knew, knows = (bool(label) and actor.may_read(label) for label in (audience.before, audience.after))
    if audience.kind == Kind.RELISTED:
        return (Kind.RELISTED if knew else Kind.NEW) if knows else None
    if knows and not knew:
        return Kind.NEW
    if knew and not knows:
        return Kind.WITHDRAWN
    if knew and any(all(map(actor.may_read, line.split("\t"))) for line in audience.parts.split("\n") if line):
        return Kind.CHANGED
    return None


def _entry(row: Change, shown: Mapping[int, Kind]) -> Entry:
    return Entry(Subject(row.subject), row.slug, shown[row.audience_id], row.at)
