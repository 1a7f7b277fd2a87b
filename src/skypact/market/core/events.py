"""Writes and checks the hash chain of events.

An event's hash is SHA-256 over canonical JSON (sorted keys, no spaces, UTF-8) of all its other fields; ``prev_hash``
links it to the event before, so that a changed, removed or inserted event breaks every hash after it.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection
from django.utils import timezone

from skypact.market.core.access import Actor
from skypact.market.core.holding import Held, hold
from skypact.market.core.models import Event

GENESIS = "0" * 64


@dataclass(frozen=True, kw_only=True)
class Record:
    """What an action reports of itself: the object it touched and the facts worth keeping."""

    object_type: str
    object_id: str
    data: Mapping[str, object]


class ChainError(Exception):
    """The event log is not what was written; the message names the first event that does not fit."""


def append(*, actor: Actor, action: str, record: Record) -> Event:
    """Appends one event inside the running transaction; it stands or falls with the act it records.

    Raises RuntimeError outside a transaction: there nothing would hold the chain's end still.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("an event is written only inside the transaction of the act that it records")
    hold(Held.CHAIN)
    last = Event.objects.order_by("-sequence").values_list("sequence", "hash").first()
    sequence, prev_hash = last if last else (0, GENESIS)
    event = Event(
        sequence=sequence + 1,
        at=timezone.now(),
        actor=actor.label,
        action=action,
        object_type=record.object_type,
        object_id=record.object_id,
        payload=_canonical(record.data),
        prev_hash=prev_hash,
    )
    event.hash = digest(event)
    event.save(force_insert=True)
    return event


def _canonical(data: Mapping[str, object]) -> str:
    return json.dumps(
        data, cls=DjangoJSONEncoder, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    )


def digest(event: Event) -> str:
    """The hash that ``event`` must carry."""
    content = {
        "sequence": event.sequence,
        "at": _instant(event.at),
        "actor": event.actor,
        "action": event.action,
        "object_type": event.object_type,
        "object_id": event.object_id,
        "payload": event.payload,
        "prev_hash": event.prev_hash,
    }
    return hashlib.sha256(_canonical(content).encode()).hexdigest()


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def verify_chain() -> int:
    """The number of events, all in order, unbroken and unchanged. Raises ChainError at the first that is not."""
    expected, prev_hash = 1, GENESIS
    for event in Event.objects.order_by("sequence").iterator(chunk_size=2000):
        if event.sequence != expected:
            raise ChainError(f"event {expected} is missing: the next one present is {event.sequence}")
        if event.prev_hash != prev_hash:
            raise ChainError(f"event {event.sequence} follows {event.prev_hash}, but the event before is {prev_hash}")
        if (found := digest(event)) != event.hash:
            raise ChainError(f"event {event.sequence} was changed: it carries {event.hash}, its content gives {found}")
        expected, prev_hash = expected + 1, event.hash
    return expected - 1
