"""Every read of ratings.

Whoever may see a listing sees its ratings, with two limits. **Release:** a rating carries a label like any claim; its
newest version decides, too, so that narrowing it takes effect at once. **Buyers first:** staff, people signed in with a
nation and a role, the vendor's own people and the unit itself see what was said at once; everybody else sees each
version, and each reply, only ``RATINGS_EMBARGO_DAYS`` days after it was written. Counts and means are taken over
what the reader sees. The unit's name is shown to staff and to the unit itself; others see its nation.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from statistics import fmean
from typing import TypeVar

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from skypact.market.catalogue import selectors as catalogue
from skypact.market.catalogue.releasability import may_read
from skypact.market.core.access import Actor
from skypact.market.ratings.models import SCORES, Acceptance, Judgement, Rating, RatingVersion, ReplyVersion

Version = TypeVar("Version", RatingVersion, ReplyVersion)

#: As many ratings as a page or an answer of the interface shows; the counts are over all.
MOST_SHOWN = 50


def is_buyer(actor: Actor) -> bool:
    """Whether ``actor`` stands for a buyer: signed in, with a nation and a role."""
    return actor.user_id is not None and actor.nation is not None and actor.role is not None


def of_unit(actor: Actor, acceptance: Acceptance) -> bool:
    """Whether ``actor`` belongs to the unit that accepted."""
    return (
        actor.user_id is not None
        and bool(actor.organisation)
        and (actor.nation, actor.organisation) == (acceptance.nation, acceptance.organisation)
    )


@dataclass(frozen=True, kw_only=True)
class SeenRating:
    """A rating as one reader sees it."""

    id: int
    listing: str
    nation: str
    role: str
    organisation: str
    """empty for readers who do not see it"""
    accepted_on: date
    version: RatingVersion
    reply: ReplyVersion | None
    useful: int
    not_useful: int
    judged: bool | None
    """what this reader said of it"""
    may_edit: bool
    may_reply: bool
    may_judge: bool
    may_see_history: bool

    @property
    def edited(self) -> bool:
        """Whether the words or the score were changed after they were first given."""
        return self.version.number > 1


@dataclass(frozen=True, kw_only=True)
class Ratings:
    """What units say of a listing, as one reader sees it."""

    listing: str
    items: list[SeenRating]
    """the newest first, at most :data:`MOST_SHOWN`"""
    count: int
    mean: float | None
    """``None`` is unrated"""
    distribution: dict[int, int]
    """score → how many ratings give it, the best first"""
    to_rate: list[Acceptance]
    """deliveries that the reader's unit accepted and has not rated"""


def ratings(actor: Actor, slug: str) -> Ratings:
    """The ratings of a listing. Raises Http404 where there is none that ``actor`` may see."""
    found = catalogue.listing(actor, slug, on=timezone.localdate())
    return of_listing(actor, slug, vendor=found.record.vendor)


def of_listing(actor: Actor, slug: str, *, vendor: str) -> Ratings:
    """The ratings of a listing of ``vendor`` that ``actor`` is known to see."""
    seen = _seen(actor, Rating.objects.filter(acceptance__listing=slug), vendor=vendor)
    seen.sort(key=lambda item: (item.version.at, item.id), reverse=True)
    scores = Counter(item.version.score for item in seen)
    return Ratings(
        listing=slug,
        items=seen[:MOST_SHOWN],
        count=len(seen),
        mean=fmean(item.version.score for item in seen) if seen else None,
        distribution={score: scores[score] for score in reversed(SCORES)},
        to_rate=[] if actor.vendor == vendor else list(_own(actor).filter(listing=slug, rating=None)),
    )


def rating(actor: Actor, identifier: int) -> SeenRating:
    """One rating. Raises Http404 where there is none that ``actor`` may see."""
    row = Rating.objects.filter(pk=identifier).select_related("acceptance").first()
    if row is None:
        raise _missing(identifier)
    try:
        found = catalogue.listing(actor, row.acceptance.listing, on=timezone.localdate())
    except Http404:
        raise _missing(identifier) from None
    seen = _seen(actor, Rating.objects.filter(pk=identifier), vendor=found.record.vendor)
    if not seen:
        raise _missing(identifier)
    return seen[0]


def own_rating(actor: Actor, identifier: int) -> SeenRating:
    """A rating that the actor may edit. Raises Http404, PermissionDenied."""
    found = rating(actor, identifier)
    if not found.may_edit:
        raise PermissionDenied(_("Only the unit that gave a rating may edit it."))
    return found


def answerable_rating(actor: Actor, identifier: int) -> SeenRating:
    """A rating that the actor may reply to. Raises Http404, PermissionDenied."""
    found = rating(actor, identifier)
    if not found.may_reply:
        raise PermissionDenied(_("Only somebody who acts for the vendor may reply."))
    return found


@dataclass(frozen=True)
class History:
    """Everything that was ever said in one rating and its reply."""

    rating: SeenRating
    versions: Sequence[RatingVersion]
    replies: Sequence[ReplyVersion]


def history(actor: Actor, identifier: int) -> History:
    """All versions, for staff and for the unit itself. Raises Http404 for everybody else."""
    found = rating(actor, identifier)
    if not found.may_see_history:
        raise _missing(identifier)
    return History(
        found,
        list(RatingVersion.objects.filter(rating_id=identifier)),
        list(ReplyVersion.objects.filter(rating_id=identifier)),
    )


def acceptances(actor: Actor) -> QuerySet[Acceptance]:
    """The deliveries that ``actor`` may see: all of them for staff, else those of one's own unit."""
    found = Acceptance.objects.all() if actor.is_staff else _own(actor)
    return found.select_related("rating")


def own_acceptance(actor: Actor, identifier: int) -> Acceptance:
    """A delivery that the actor's unit accepted. Raises Http404."""
    found = _own(actor).filter(pk=identifier).first()
    if found is None:
        raise Http404(f"Your unit has accepted no delivery {identifier}.")
    return found


def _own(actor: Actor) -> QuerySet[Acceptance]:
    if actor.user_id is None or actor.nation is None or not actor.organisation:
        return Acceptance.objects.none()
    return Acceptance.objects.filter(nation=actor.nation, organisation=actor.organisation)


def _missing(identifier: int) -> Http404:
    return Http404(f"There is no rating {identifier}.")


def _seen(actor: Actor, found: QuerySet[Rating], *, vendor: str) -> list[SeenRating]:
    """Those of ``found`` that ``actor`` may read, as he reads them, in four statements."""
    rows = list(found.select_related("acceptance").prefetch_related("versions", "replies", "judgements"))
    at_once = actor.is_staff or is_buyer(actor) or (bool(actor.vendor) and actor.vendor == vendor)
    public_until = timezone.now() - timedelta(days=settings.RATINGS_EMBARGO_DAYS)
    seen = []
    for row in rows:
        own = of_unit(actor, row.acceptance)
        until = None if at_once or own else public_until
        version, newest = _latest(row.versions.all(), until), _latest(row.versions.all(), None)
        readable = own or (newest is not None and may_read(actor, newest.release))
        if version is not None and readable and (own or may_read(actor, version.release)):
            seen.append(_as_seen(actor, row, version, _latest(row.replies.all(), until), own=own, vendor=vendor))
    return seen


def _latest(versions: Iterable[Version], until: datetime | None) -> Version | None:
    old_enough = [version for version in versions if until is None or version.at <= until]
    return max(old_enough, key=lambda version: version.number, default=None)


def _as_seen(
    actor: Actor, row: Rating, version: RatingVersion, reply: ReplyVersion | None, *, own: bool, vendor: str
) -> SeenRating:
    judgements: list[Judgement] = list(row.judgements.all())
    for_vendor = bool(actor.vendor) and actor.vendor == vendor
    return SeenRating(
        id=row.pk,
        listing=row.acceptance.listing,
        nation=row.acceptance.nation,
        role=version.role,
        organisation=row.acceptance.organisation if own or actor.is_staff else "",
        accepted_on=row.acceptance.accepted_on,
        version=version,
        reply=reply,
        useful=sum(item.useful for item in judgements),
        not_useful=sum(not item.useful for item in judgements),
        judged=next((item.useful for item in judgements if item.person_id == actor.user_id), None),
        may_edit=own,
        may_reply=for_vendor,
        may_judge=actor.user_id is not None and not own and not for_vendor,
        may_see_history=own or actor.is_staff,
    )
