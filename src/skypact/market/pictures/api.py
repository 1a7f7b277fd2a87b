"""The REST interface under ``/api/v1/pictures``."""

from __future__ import annotations

from datetime import date, datetime
from http import HTTPStatus
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from ninja import Field, File, Form, Path, Router, Schema, Status, UploadedFile
from ninja.errors import HttpError
from ninja.security import SessionAuth

from skypact.conformance.picture import PictureReport, Together, Truth
from skypact.conformance.picture.signing import SignedPicture
from skypact.conformance.standard import Recording
from skypact.market.catalogue.api import ProblemDocument
from skypact.market.core.access import Actor
from skypact.market.kits import selectors as kits
from skypact.market.pictures import live, selectors
from skypact.market.pictures.actions import MOST_BYTES, MOST_FILES, RequestPicture, may_keep, notice
from skypact.market.pictures.attaching import AttachOwn, AttachPicture, WithdrawPicture, sender_of, signed_here
from skypact.market.pictures.forms import parties_of, sites_of
from skypact.market.pictures.models import LiveSession, Picture
from skypact.market.pictures.proving import Evidence
from skypact.market.pictures.selectors import State
from skypact.market.pictures.transitions import PictureState, allowed_acts
from skypact.market.pictures.working import Question
from skypact.schema import parse_json
from skypact.schema.base import RELEASE_PATTERN, SHA256_PATTERN

router = Router(tags=["pictures"])

Hash = Annotated[str, Path(pattern=SHA256_PATTERN)]
_REFUSALS = dict.fromkeys((401, 403, 404, 409, 422), ProblemDocument)


class PictureOut(Schema):
    """A combined picture; ``together``, sources and tracks once it is done."""

    id: UUID
    title: str
    state: PictureState
    failure: str
    together: Together | None
    sources: int
    tracks: int
    release: str
    """empty: its owner and staff alone"""
    made_at: datetime
    allowed_actions: list[str]
    address: str

    @classmethod
    def of(cls, picture: Picture, actor: Actor) -> PictureOut:
        """The picture as the interface shows it."""
        return cls(
            id=picture.pk,
            title=picture.title,
            state=PictureState(picture.state),
            failure=picture.failure,
            together=Together(picture.together) if picture.together else None,
            sources=picture.sources,
            tracks=picture.tracks,
            release=picture.release,
            made_at=picture.made_at,
            allowed_actions=allowed_acts(picture.state) if may_keep(actor, picture) else [],
            address=reverse("api:picture", args=[picture.pk]),
        )


class PictureList(Schema):
    """One page of pictures."""

    total: int
    page: int
    pages: int
    pictures: list[PictureOut]


class SessionOut(Schema):
    """A picture that is being made now."""

    id: UUID
    title: str
    release: str
    kit: str
    started_at: datetime
    ended_at: datetime | None
    heard_s: float | None
    """seconds since it was heard last; null: never, or it has ended"""
    stale: bool
    """whether what it shows is older than it should be"""
    picture: UUID | None
    state: str
    """address of what it shows this second"""

    @classmethod
    def of(cls, session: LiveSession) -> SessionOut:
        """The session as the interface shows it."""
        heard_s = selectors.heard_s(session)
        return cls(
            id=session.pk,
            title=session.title,
            release=session.release,
            kit=session.kit,
            started_at=session.started_at,
            ended_at=session.ended_at,
            heard_s=None if heard_s is None else round(heard_s, 1),
            stale=heard_s is None or heard_s > live.STALE_S,
            picture=session.picture_id,
            state=reverse("pictures:state", args=[session.pk]),
        )


class SensorOut(Schema):
    """A sensor of a kit, and the products of the kit that it met on one track."""

    listing: str
    in_picture: bool
    met: list[str]


class LinkOut(Schema):
    """A data connection of a kit, and the pictures (hashes) that show it."""

    source: str
    target: str
    evidence: Evidence
    pictures: list[str]


class AttachedOut(Schema):
    """A signed picture at a kit."""

    sha256: str
    together: Together
    state: State
    of_this_kit: bool
    """whether the statement names this very kit by its hash"""
    listings: dict[str, str]
    tested_on: date
    valid_until: date | None
    fingerprint: str
    lab: str
    release: str

    @classmethod
    def of(cls, badge: selectors.Badge) -> AttachedOut:
        """The picture as the interface shows it."""
        said = badge.signed.statement
        return cls(
            sha256=badge.row.sha256,
            together=Together(badge.row.together),
            state=badge.state,
            of_this_kit=badge.state is not State.EARLIER_KIT and said.kit == badge.row.kit_hash,
            listings=said.listings,
            tested_on=badge.row.tested_on,
            valid_until=badge.row.valid_until,
            fingerprint=badge.row.fingerprint,
            lab=badge.lab,
            release=badge.row.release,
        )


class KitPicturesOut(Schema):
    """What pictures show of one kit."""

    kit: str
    kit_hash: str
    sensors: list[SensorOut]
    links: list[LinkOut]
    pictures: list[AttachedOut]


class AttachIn(Schema):
    """A signed picture, and who may see it."""

    statement: SignedPicture
    release: str = Field("PUBLIC", pattern=RELEASE_PATTERN, max_length=200)


class ProductsIn(Schema):
    """Which source of a picture of this node is which product of a kit."""

    kit: str = Field(max_length=100)
    listings: dict[str, str]
    this_kit: bool = False
    """the picture was made of this very kit"""
    valid_days: int | None = Field(365, ge=1, le=3650)
    release: str = Field("PUBLIC", pattern=RELEASE_PATTERN, max_length=200)


@router.get("", response=PictureList, url_name="pictures", summary="Pictures")
def pictures(request: HttpRequest, page: str = "1") -> PictureList:
    """One's own pictures and those released to the caller."""
    actor = Actor.of_request(request)
    found = selectors.pictures_of(actor, page)
    lines = [PictureOut.of(notice(one), actor) for one in found.items]
    return PictureList(total=found.total, page=found.number, pages=found.pages, pictures=lines)


@router.post(
    "",
    auth=SessionAuth(),
    response={202: PictureOut, 413: ProblemDocument, **_REFUSALS},
    summary="Combine recordings",
)
def request_picture(
    request: HttpRequest,
    files: File[list[UploadedFile]],
    title: Form[str],
    sensors: Form[str] = "",
    parties: Form[str] = "",
    undulation: Form[float | None] = None,
    truth: File[UploadedFile | None] = None,
) -> Status[PictureOut]:
    """Recordings of several products at one time. ``sensors`` and ``parties`` are lines as on the page."""
    given = [*files, truth] if truth else files
    if len(files) > MOST_FILES or sum(one.size or 0 for one in given) > MOST_BYTES:
        raise HttpError(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "A picture takes at most 16 files with 16 MiB together.")
    actor = Actor.of_request(request)
    recordings = [Recording(one.name or "recording", one.read()) for one in files]
    question = Question(
        names=tuple(one.name for one in recordings),
        sites=sites_of(sensors),
        parties=parties_of(parties, [one.name for one in recordings]),
        truth=parse_json(Truth, truth.read(), file=truth.name or "truth") if truth else None,
        undulation_m=undulation,
    )
    made = RequestPicture(actor=actor, title=title, question=question, recordings=recordings).execute()
    return Status(HTTPStatus.ACCEPTED, PictureOut.of(made, actor))


@router.get("/live", response=list[SessionOut], summary="Live pictures")
def sessions(request: HttpRequest) -> list[SessionOut]:
    """Those going on, and the latest that ended."""
    going, ended = selectors.sessions(Actor.of_request(request))
    return [SessionOut.of(one) for one in [*(one.session for one in going), *ended]]


@router.get("/live/{key}", response={200: SessionOut, 404: ProblemDocument}, summary="One live picture")
def session(request: HttpRequest, key: UUID) -> SessionOut:
    """When it was heard last; a session that ended names its picture."""
    return SessionOut.of(selectors.session(Actor.of_request(request), key))


@router.get(
    "/live/{key}/state", response={200: dict[str, Any], 204: None, 404: ProblemDocument}, summary="What is live now"
)
def state(request: HttpRequest, key: UUID) -> HttpResponse:
    """Tracks and sources of this second; 204 before the first and after the end. ``Skypact-Age`` tells its age in s."""
    heard = selectors.heard(selectors.session(Actor.of_request(request), key))
    if heard is None:
        return HttpResponse(status=HTTPStatus.NO_CONTENT)
    headers = {"ETag": heard.tag, "Skypact-Age": f"{heard.age_s:.1f}"}
    return HttpResponse(heard.document, content_type="application/json", headers=headers)


@router.get("/kits/{kit_id}", response={200: KitPicturesOut, 404: ProblemDocument}, summary="Pictures of a kit")
def of_kit(request: HttpRequest, kit_id: str) -> KitPicturesOut:
    """Which products of the kit were seen working together, and which of its connections are thereby proven."""
    actor = Actor.of_request(request)
    found = selectors.of_kit(actor, kits.kit(actor, kit_id), on=timezone.localdate())
    return KitPicturesOut(
        kit=kit_id,
        kit_hash=found.kit_hash,
        sensors=[
            SensorOut(listing=one.item.listing, in_picture=one.in_picture, met=[other.listing for other in one.met])
            for one in found.proof.sensors
        ],
        links=[
            LinkOut(source=one.link.source, target=one.link.target, evidence=one.evidence, pictures=list(one.pictures))
            for one in found.proof.links
        ],
        pictures=[AttachedOut.of(one) for one in found.badges],
    )


@router.post(
    "/kits/{kit_id}",
    auth=SessionAuth(),
    response={201: AttachedOut, **_REFUSALS},
    summary="Attach a signed picture (the kit's owner, staff)",
)
def attach(request: HttpRequest, kit_id: str, given: AttachIn) -> Status[AttachedOut]:
    """Taken are pictures that a believed key has signed, with a product of this kit as a source, whatever they show."""
    actor = Actor.of_request(request)
    act = AttachPicture(actor=actor, kit=kit_id, document=given.statement.model_dump_json(), release=given.release)
    return _stands(actor, kit_id, act)


@router.get(
    "/kits/{kit_id}/{sha256}",
    response={200: SignedPicture, 404: ProblemDocument, 422: ProblemDocument},
    summary="One signed picture of a kit",
)
def attached(request: HttpRequest, kit_id: str, sha256: Hash) -> SignedPicture:
    """The whole report with its signature."""
    actor = Actor.of_request(request)
    return selectors.at_kit(actor, kits.kit(actor, kit_id), sha256, on=timezone.localdate()).signed


@router.delete(
    "/kits/{kit_id}/{sha256}",
    auth=SessionAuth(),
    response={204: None, **_REFUSALS},
    summary="Withdraw a picture from a kit",
)
def withdraw(request: HttpRequest, kit_id: str, sha256: Hash) -> Status[None]:
    """It stays for the kit's owner and staff, marked."""
    WithdrawPicture(actor=Actor.of_request(request), kit=kit_id, sha256=sha256).execute()
    return Status(HTTPStatus.NO_CONTENT, None)


@router.get("/{key}", url_name="picture", response={200: PictureOut, 404: ProblemDocument}, summary="One picture")
def picture(request: HttpRequest, key: UUID) -> PictureOut:
    """Whether it is done; its report is beside it."""
    actor = Actor.of_request(request)
    return PictureOut.of(notice(selectors.picture(actor, key)), actor)


@router.get("/{key}/report", response={200: PictureReport, 404: ProblemDocument}, summary="A picture's report")
def report(request: HttpRequest, key: UUID) -> PictureReport:
    """Sources, tracks, disagreements, verdict."""
    return _done(Actor.of_request(request), key).found


@router.get("/{key}/statement", response={200: SignedPicture, 404: ProblemDocument}, summary="A picture, signed")
def statement(request: HttpRequest, key: UUID) -> SignedPicture:
    """The report under this node's signature, as `skypact lab verify` reads it; it names no products."""
    found = _done(Actor.of_request(request), key)
    return signed_here(found.found, sent_by=sender_of(found))


@router.post(
    "/{key}/attach",
    auth=SessionAuth(),
    response={201: AttachedOut, **_REFUSALS},
    summary="Attach a picture of this node to a kit",
)
def attach_own(request: HttpRequest, key: UUID, given: ProductsIn) -> Status[AttachedOut]:
    """This node signs which source is which product, and the picture stands at the kit."""
    actor = Actor.of_request(request)
    act = AttachOwn(
        actor=actor,
        kit=given.kit,
        picture=_done(actor, key),
        listings=given.listings,
        this_kit=given.this_kit,
        valid_days=given.valid_days,
        release=given.release,
    )
    return _stands(actor, given.kit, act)


def _done(actor: Actor, key: UUID) -> Picture:
    found = notice(selectors.picture(actor, key))
    if found.state != PictureState.DONE:
        raise selectors.no_picture(key)
    return found


def _stands(actor: Actor, kit_id: str, act: AttachPicture) -> Status[AttachedOut]:
    made = act.execute()
    badge = selectors.at_kit(actor, kits.kit(actor, kit_id), made.sha256, on=timezone.localdate())
    return Status(HTTPStatus.CREATED, AttachedOut.of(badge))
