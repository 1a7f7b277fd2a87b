"""Every read of pictures: what one actor may see, in a fixed number of statements."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.http import Http404

from skypact.conformance.picture.signing import SignedPicture
from skypact.market.core.access import Actor
from skypact.market.core.paging import PAGE_SIZE, Page, page_number
from skypact.market.kits.models import StoredKit
from skypact.market.kits.wording import said
from skypact.market.lab.selectors import trusted
from skypact.market.pictures import live
from skypact.market.pictures.actions import may_keep
from skypact.market.pictures.attaching import may_attach
from skypact.market.pictures.models import KitPicture, LiveSession, Picture
from skypact.market.pictures.proving import Evidence, Proof, Seen, prove, seen_in
from skypact.schema import Kit

#: Sessions that ended are listed for so long, as many.
ENDED_LISTED = 10


class State(StrEnum):
    """Whether a picture at a kit counts today."""

    VALID = "valid"
    EARLIER_KIT = "earlier kit"
    """the kit has changed since: what it shows of pairs counts, not that it was this kit"""
    EXPIRED = "expired"
    DISTRUSTED = "distrusted"
    """this node no longer believes the key"""
    WITHDRAWN = "withdrawn"

    @property
    def counts(self) -> bool:
        """Whether it proves anything today."""
        return self in (State.VALID, State.EARLIER_KIT)


@dataclass(frozen=True)
class Badge:
    """A picture at a kit as a reader sees it."""

    row: KitPicture
    state: State
    lab: str
    """whose key signed, as this node names it"""
    signed: SignedPicture


@dataclass(frozen=True)
class Connection:
    """A data connection of a kit in words."""

    source: str
    target: str
    evidence: Evidence


@dataclass(frozen=True)
class KitPictures:
    """The pictures of one kit as one actor may see them, and what they prove together."""

    kit: Kit
    kit_hash: str
    badges: tuple[Badge, ...]
    proof: Proof
    may_attach: bool

    @property
    def counted(self) -> list[Badge]:
        """The pictures that prove something today."""
        return [one for one in self.badges if one.state.counts]

    @property
    def connections(self) -> list[Connection]:
        """The kit's data connections with names in the place of ids."""
        names = {item.listing: said(item.name, item.name_ko) for item in self.kit.items}
        return [
            Connection(
                names.get(one.link.source, one.link.source), names.get(one.link.target, one.link.target), one.evidence
            )
            for one in self.proof.links
        ]


@dataclass(frozen=True)
class Listening:
    """A live session, and how long ago it was heard."""

    session: LiveSession
    heard_s: float | None

    @property
    def stale(self) -> bool:
        """Whether nothing came for too long."""
        return self.heard_s is None or self.heard_s > live.STALE_S


def pictures_of(actor: Actor, page: str | None) -> Page[Picture]:
    """One page of the pictures that this actor may see: their own and those released to them. Three statements."""
    found = _visible(actor, Picture.objects.all(), own=True).defer("report", "drawing")
    total = found.count()
    number = page_number(page, total=total)
    return Page(items=list(found[(number - 1) * PAGE_SIZE : number * PAGE_SIZE]), number=number, total=total)


def picture(actor: Actor, key: UUID) -> Picture:
    """One picture. Raises Http404 alike for what is not there and what ``actor`` may not see."""
    found = Picture.objects.filter(pk=key).first()
    if found is None or not (may_keep(actor, found) or (found.release and actor.may_read(found.release))):
        raise no_picture(key)
    return found


def no_picture(key: UUID) -> Http404:
    """What is said alike of a picture that is not there and of one that the reader may not see."""
    return Http404(f"there is no picture {key} that you may see")


def of_kit(actor: Actor, stored: StoredKit, *, on: date) -> KitPictures:
    """The pictures at a kit that ``actor`` may see already. Two statements."""
    keeps = may_attach(actor, stored)
    rows = KitPicture.objects.filter(kit=stored.pk).defer("drawing")
    if not keeps:
        rows = rows.filter(withdrawn_at=None)
    kit, believed = stored.kit, trusted()
    kit_hash = kit.content_hash()
    badges = tuple(_badge(row, kit_hash, believed, on) for row in rows if actor.may_read(row.release))
    return KitPictures(kit, kit_hash, badges, prove(kit, _counted(kit, badges)), keeps)


def _counted(kit: Kit, badges: tuple[Badge, ...]) -> list[Seen]:
    return [
        seen_in(
            one.signed.statement.report,
            one.signed.statement.listings,
            kit,
            sha256=one.row.sha256,
            of_this_kit=one.state is State.VALID and one.signed.statement.kit == one.row.kit_hash,
        )
        for one in badges
        if one.state.counts
    ]


def at_kit(actor: Actor, stored: StoredKit, sha256: str, *, on: date) -> Badge:
    """One picture of a kit that ``actor`` may see already. Raises Http404 as :func:`picture`."""
    row = KitPicture.objects.filter(kit=stored.pk, sha256=sha256).first()
    if row is None or not actor.may_read(row.release) or (row.withdrawn_at and not may_attach(actor, stored)):
        raise Http404(f"there is no picture {sha256} of {stored.pk}")
    return _badge(row, stored.kit.content_hash(), trusted(), on)


def _badge(row: KitPicture, kit_hash: str, believed: dict[str, str], on: date) -> Badge:
    signed = SignedPicture.model_validate_json(row.statement)
    return Badge(row, _state(row, kit_hash, believed, on), believed.get(row.fingerprint, ""), signed)


def _state(row: KitPicture, kit_hash: str, believed: dict[str, str], on: date) -> State:
    if row.withdrawn_at is not None:
        return State.WITHDRAWN
    if row.fingerprint not in believed:
        return State.DISTRUSTED
    if row.valid_until is not None and row.valid_until < on:
        return State.EXPIRED
    return State.VALID if row.kit_hash == kit_hash else State.EARLIER_KIT


def sessions(actor: Actor) -> tuple[list[Listening], list[LiveSession]]:
    """The live sessions that ``actor`` may see: those going on, and the latest that ended. Three statements."""
    seen = _visible(actor, LiveSession.objects.all())
    going = [Listening(one, heard_s(one)) for one in seen.filter(ended_at=None)]
    return going, list(seen.exclude(ended_at=None).order_by("-ended_at")[:ENDED_LISTED])


def session(actor: Actor, key: UUID) -> LiveSession:
    """One session. Raises Http404 alike for what is not there and what ``actor`` may not see."""
    found = LiveSession.objects.filter(pk=key).first()
    if found is None or not actor.may_read(found.release):
        raise Http404(f"there is no live picture {key} that you may see")
    return found


def heard(session: LiveSession) -> live.Heard | None:
    """What a session shows this second: nothing once it has ended, even if its command goes on writing."""
    return None if session.ended_at is not None else live.read(session.pk)


def heard_s(session: LiveSession) -> float | None:
    """Seconds since a session was heard last; ``None`` where nothing was heard, and once it has ended."""
    return None if session.ended_at is not None else live.heard_s(session.pk)


def _visible(actor: Actor, rows: QuerySet[Any], *, own: bool = False) -> QuerySet[Any]:
    """The rows whose label this actor may read, and with ``own`` the actor's own ones."""
    if actor.is_staff:
        return rows
    labels = [label for label in rows.order_by().values_list("release", flat=True).distinct() if label]
    readable = Q(release__in=[label for label in labels if actor.may_read(label)])
    return rows.filter(readable | Q(owner_id=actor.user_id) if own and actor.user_id is not None else readable)
