"""The REST interface under ``/api/v1/ratings``."""

from __future__ import annotations

from datetime import date, datetime
from http import HTTPStatus

from django.http import HttpRequest
from ninja import Field, Router, Schema, Status
from ninja.security import SessionAuth

from skypact.market.core.access import Actor
from skypact.market.ratings import selectors
from skypact.market.ratings.actions import (
    LONGEST_ORGANISATION,
    LONGEST_REFERENCE,
    LONGEST_TEXT,
    MOST_ACCEPTED,
    EditRating,
    RateItem,
    RecordAcceptance,
    ReplyToRating,
    judge,
)
from skypact.market.ratings.models import Acceptance, RatingVersion, ReplyVersion

router = Router(tags=["ratings"])
_SIGNED_IN = SessionAuth()


class AcceptanceIn(Schema):
    """A delivery that a unit accepted."""

    nation: str = Field(pattern="^[A-Z]{2}$")
    organisation: str = Field(min_length=1, max_length=LONGEST_ORGANISATION)
    listing: str = Field(min_length=1, max_length=100)
    delivery: str = Field(min_length=1, max_length=LONGEST_REFERENCE)
    accepted_on: date
    quantity: int = Field(ge=1, le=MOST_ACCEPTED)


class AcceptanceOut(AcceptanceIn):
    """A recorded acceptance."""

    id: int
    rating: int | None = Field(description="the unit's rating of this delivery")

    @classmethod
    def of(cls, row: Acceptance) -> AcceptanceOut:
        """The acceptance as the interface shows it."""
        rating = getattr(row, "rating", None)
        return cls(
            id=row.pk,
            nation=row.nation,
            organisation=row.organisation,
            listing=row.listing,
            delivery=row.delivery,
            accepted_on=row.accepted_on,
            quantity=row.quantity,
            rating=None if rating is None else rating.pk,
        )


class Words(Schema):
    """A score and what stands behind it."""

    score: int = Field(ge=1, le=5)
    pros: str = Field("", max_length=LONGEST_TEXT)
    cons: str = Field("", max_length=LONGEST_TEXT)
    conditions: str = Field("", max_length=LONGEST_TEXT)
    release: str = Field("PUBLIC", max_length=200, description="PUBLIC, REGISTERED, or REL with nations: REL KR,US")


class RatingIn(Words):
    """A rating of a delivery."""

    acceptance: int = Field(ge=1, le=2**63 - 1)


class RatingEdit(Words):
    """Another wording or score."""

    seen_version: int = Field(ge=1, le=2**31 - 1, description="the version that the editor started from")


class ReplyIn(Schema):
    """The vendor's answer."""

    text: str = Field(min_length=1, max_length=LONGEST_TEXT)


class JudgementIn(Schema):
    """Whether a rating was useful."""

    useful: bool


class ReplyOut(Schema):
    """The vendor's answer as it is now."""

    vendor: str
    text: str
    version: int
    at: datetime

    @classmethod
    def of(cls, row: ReplyVersion) -> ReplyOut:
        """The answer as the interface shows it."""
        return cls(vendor=row.vendor, text=row.text, version=row.number, at=row.at)


class RatingOut(Words):
    """A rating as the caller may see it."""

    id: int
    listing: str
    nation: str
    role: str
    organisation: str = Field(description="empty for callers who do not see it")
    accepted_on: date
    version: int
    at: datetime
    edited: bool
    reply: ReplyOut | None
    useful: int
    not_useful: int
    judged_useful: bool | None = Field(description="what the caller said")

    @classmethod
    def of(cls, seen: selectors.SeenRating) -> RatingOut:
        """The rating as the interface shows it."""
        version = seen.version
        return cls(
            id=seen.id,
            listing=seen.listing,
            nation=seen.nation,
            role=seen.role,
            organisation=seen.organisation,
            accepted_on=seen.accepted_on,
            score=version.score,
            pros=version.pros,
            cons=version.cons,
            conditions=version.conditions,
            release=version.release,
            version=version.number,
            at=version.at,
            edited=seen.edited,
            reply=None if seen.reply is None else ReplyOut.of(seen.reply),
            useful=seen.useful,
            not_useful=seen.not_useful,
            judged_useful=seen.judged,
        )


class RatingsOut(Schema):
    """What units say of a listing; counts are over what the caller may see."""

    listing: str
    count: int
    mean: float | None = Field(description="null: unrated")
    distribution: dict[str, int] = Field(description="score to number of ratings")
    items: list[RatingOut]

    @classmethod
    def of(cls, found: selectors.Ratings) -> RatingsOut:
        """The ratings as the interface shows them."""
        return cls(
            listing=found.listing,
            count=found.count,
            mean=found.mean,
            distribution={str(score): count for score, count in found.distribution.items()},
            items=[RatingOut.of(item) for item in found.items],
        )


class VersionOut(Words):
    """What a rating said from one time on."""

    version: int
    by: str
    at: datetime

    @classmethod
    def of(cls, row: RatingVersion) -> VersionOut:
        """The version as the interface shows it."""
        words = {name: getattr(row, name) for name in Words.model_fields}
        return cls(**words, version=row.number, by=row.by, at=row.at)


class HistoryOut(Schema):
    """Everything that was said in a rating and its reply."""

    versions: list[VersionOut]
    replies: list[ReplyOut]


@router.get("/listings/{slug}", response=RatingsOut, summary="What units say of a listing")
def ratings(request: HttpRequest, slug: str) -> RatingsOut:
    """The newest 50 with mean, count and distribution over all that the caller may see."""
    return RatingsOut.of(selectors.ratings(Actor.of_request(request), slug))


@router.get("/acceptances", auth=_SIGNED_IN, response=list[AcceptanceOut], summary="Deliveries one's unit accepted")
def acceptances(request: HttpRequest, after: int = 0) -> list[AcceptanceOut]:
    """By id, at most 100 after the id ``after``; staff see those of every unit."""
    found = selectors.acceptances(Actor.of_request(request)).filter(pk__gt=max(0, min(after, 2**62))).order_by("pk")
    return [AcceptanceOut.of(row) for row in found[:100]]


@router.post(
    "/acceptances",
    auth=_SIGNED_IN,
    response={HTTPStatus.CREATED: AcceptanceOut},
    summary="Record that a unit accepted a delivery (staff)",
)
def record_acceptance(request: HttpRequest, body: AcceptanceIn) -> Status[AcceptanceOut]:
    """409 when it is recorded already."""
    found = RecordAcceptance(actor=Actor.of_request(request), **body.dict()).execute()
    return Status(HTTPStatus.CREATED, AcceptanceOut.of(found))


@router.post("", auth=_SIGNED_IN, response={HTTPStatus.CREATED: RatingOut}, summary="Rate a delivery")
def rate(request: HttpRequest, body: RatingIn) -> Status[RatingOut]:
    """404 for a delivery that one's unit did not accept, 409 when it has rated it already."""
    actor = Actor.of_request(request)
    made = RateItem(actor=actor, **body.dict()).execute()
    return Status(HTTPStatus.CREATED, RatingOut.of(selectors.rating(actor, made.rating_id)))


@router.get("/{int:rating}", response=RatingOut, summary="One rating")
def one(request: HttpRequest, rating: int) -> RatingOut:
    """404 for one that the caller may not see."""
    return RatingOut.of(selectors.rating(Actor.of_request(request), rating))


@router.put("/{int:rating}", auth=_SIGNED_IN, response=RatingOut, summary="Word or score it otherwise")
def edit(request: HttpRequest, rating: int, body: RatingEdit) -> RatingOut:
    """409 when somebody else edited it since ``seen_version``."""
    actor = Actor.of_request(request)
    EditRating(actor=actor, rating=rating, **body.dict()).execute()
    return RatingOut.of(selectors.rating(actor, rating))


@router.put("/{int:rating}/reply", auth=_SIGNED_IN, response=RatingOut, summary="Answer for the vendor")
def reply(request: HttpRequest, rating: int, body: ReplyIn) -> RatingOut:
    """Replaces the answer there is; its wording stays in the history."""
    actor = Actor.of_request(request)
    ReplyToRating(actor=actor, rating=rating, text=body.text).execute()
    return RatingOut.of(selectors.rating(actor, rating))


@router.put("/{int:rating}/useful", auth=_SIGNED_IN, response=RatingOut, summary="Say whether it was useful")
def say_useful(request: HttpRequest, rating: int, body: JudgementIn) -> RatingOut:
    """Once a person; saying it anew replaces it."""
    actor = Actor.of_request(request)
    judge(actor=actor, rating=rating, useful=body.useful)
    return RatingOut.of(selectors.rating(actor, rating))


@router.get(
    "/{int:rating}/history", auth=_SIGNED_IN, response=HistoryOut, summary="What was said before (staff, own unit)"
)
def history(request: HttpRequest, rating: int) -> HistoryOut:
    """404 for everybody else."""
    found = selectors.history(Actor.of_request(request), rating)
    return HistoryOut(
        versions=[VersionOut.of(row) for row in found.versions], replies=[ReplyOut.of(row) for row in found.replies]
    )
