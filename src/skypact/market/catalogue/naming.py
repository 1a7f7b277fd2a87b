"""The name that a catalogue bears in a kit, and what it stood for: in the event log, so that it can be told again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from skypact import schema
from skypact.market.catalogue.selectors import content_digest
from skypact.market.core.access import Actor
from skypact.market.core.actions import Action
from skypact.market.core.events import Record
from skypact.market.core.models import Event

_OBJECT = "catalogue.state"
_DIGITS = 16


def name_of(seen: schema.Catalogue) -> str:
    """The name of a catalogue as one reader sees it: the first digits of the hash over its content."""
    return content_digest(seen)[:_DIGITS]


@dataclass(frozen=True, kw_only=True)
class NamedCatalogue:
    """What a name stood for."""

    name: str
    revision: int
    standing: str
    """of the reader who saw it: :attr:`skypact.market.core.access.Actor.standing`"""
    on: date
    at: datetime


@dataclass(kw_only=True)
class NameCatalogue(Action[NamedCatalogue]):
    """Notes what a name stands for."""

    code = "catalogue.name"

    named: NamedCatalogue

    def check(self) -> None:
        self.actor.require_staff("name a catalogue")

    def perform(self) -> NamedCatalogue:
        return self.named

    def record(self, result: NamedCatalogue) -> Record:
        data = {
            "revision": result.revision,
            "standing": result.standing,
            "on": result.on.isoformat(),
            "at": result.at.isoformat(),
        }
        return Record(object_type=_OBJECT, object_id=result.name, data=data)


def remember(named: NamedCatalogue) -> None:
    """Note what a name stands for, once: the same name is the same content."""
    if named_so(named.name) is None:
        NameCatalogue(actor=Actor.system("composer"), named=named).execute()


def named_so(name: str) -> NamedCatalogue | None:
    """What ``name`` stood for; ``None`` where this node never gave it."""
    event = Event.objects.filter(object_type=_OBJECT, object_id=name[: 2 * _DIGITS]).order_by("sequence").first()
    if event is None:
        return None
    data = event.data
    return NamedCatalogue(
        name=name,
        revision=data["revision"],
        standing=data["standing"],
        on=date.fromisoformat(data["on"]),
        at=datetime.fromisoformat(data["at"]),
    )
