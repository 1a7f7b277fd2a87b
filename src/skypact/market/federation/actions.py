"""Writes the change feed. Called inside the transaction of the catalogue's acts, whose events stand for it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from django.db import connection

from skypact.market.federation.models import Audience, Kind, Subject

_FEED = 1


@dataclass(frozen=True)
class State:
    """What is kept of one state of an item."""

    digest: str
    release: str = "PUBLIC"
    listed: bool = True
    """whether it stands in the catalogue: not withdrawn"""


@dataclass(frozen=True)
class ItemChange:
    """One item that an act changed; None where there was (or is) none."""

    slug: str
    before: State | None
    after: State | None
    parts: tuple[frozenset[str], ...] = ()
    """sets of release labels: who holds every label of one of them sees a difference between the two states"""

    @property
    def kind(self) -> Kind:
        """What happened, as somebody sees it who may see both states."""
        was, stands = (state is not None and state.listed for state in (self.before, self.after))
        if stands and not was:
            return Kind.NEW if self.before is None else Kind.RELISTED
        return Kind.WITHDRAWN if was and not stands else Kind.CHANGED


def note_changes(subject: Subject, changes: Iterable[ItemChange], *, revision: int, at: datetime) -> None:
    """Append ``changes``, in this order, to the feed. Raises RuntimeError outside a transaction.

    The numbers come from one row that this transaction then holds until it ends. So numbers are given in the order of
    the commits: who reads a number knows that no lower one will ever appear.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("changes are noted only inside the transaction of the act that makes them")
    given = list(changes)
    if not given:
        return
    first = _take_numbers(len(given)) - len(given) + 1
    audiences = _audiences(given, first)
    rows = [
        (
            number,
            subject.value,
            change.slug,
            audiences[_audience_of(change)],
            change.before.digest if change.before else "",
            change.after.digest if change.after else "",
            revision,
        )
        for number, change in enumerate(given, first)
    ]
    _insert(rows, at)


def _take_numbers(count: int) -> int:
    """The last of ``count`` new numbers; the row is ours until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO federation_feed (id, last) VALUES (%s, %s)"
            " ON CONFLICT (id) DO UPDATE SET last = federation_feed.last + excluded.last RETURNING last",
            [_FEED, count],
        )
        return int(cursor.fetchone()[0])


class _Key(NamedTuple):
    kind: str
    before: str
    after: str
    parts: str

    @property
    def fingerprint(self) -> str:
        return hashlib.sha256("\0".join(self).encode()).hexdigest()


def _audience_of(change: ItemChange) -> _Key:
    before, after = (state.release if state and state.listed else "" for state in (change.before, change.after))
    kind = change.kind
    if kind is Kind.RELISTED and change.before is not None:
        before = change.before.release
    lines = sorted("\t".join(sorted(labels)) for labels in change.parts)
    return _Key(kind.value, before, after, "\n".join(lines))


def _audiences(changes: list[ItemChange], first: int) -> dict[_Key, int]:
    """The keys of the audiences of ``changes``, which are numbered from ``first``; made where they are new."""
    latest = {_audience_of(change): number for number, change in enumerate(changes, first)}
    Audience.objects.bulk_create(
        [Audience(**key._asdict(), fingerprint=key.fingerprint, latest=number) for key, number in latest.items()],
        update_conflicts=True,
        unique_fields=["fingerprint"],
        update_fields=["latest"],
    )
    keys = dict(Audience.objects.filter(latest__gte=first).values_list("fingerprint", "pk"))
    return {key: keys[key.fingerprint] for key in latest}


_COLUMNS = "sequence, subject, slug, audience_id, digest_before, digest_after, revision, at"
_COPY = f"COPY federation_change ({_COLUMNS}) FROM STDIN"
_INSERT = f"INSERT INTO federation_change ({_COLUMNS}) VALUES (%s, %s, %s, %s, %s, %s, %s, %s)"  # noqa: S608 (constants)


def _insert(rows: list[tuple[object, ...]], at: datetime) -> None:
    """Writes ``rows``, each without its instant, the database's own bulk way: Django's takes three times as long."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(_COPY) as copy:
                for row in rows:
                    copy.write_row((*row, at))
        else:
            stored = connection.ops.adapt_datetimefield_value(at)
            cursor.executemany(_INSERT, [(*row, stored) for row in rows])
