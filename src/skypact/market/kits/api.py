"""The REST interface under ``/api/v1/kits``: ask for a kit, watch the search, read the answer."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from ninja import Router, Schema, Status
from ninja.errors import HttpError

from skypact.market.catalogue.relating import SpareOfKit
from skypact.market.core.access import Actor
from skypact.market.core.answering import address_of
from skypact.market.core.paging import Page
from skypact.market.kits import selectors
from skypact.market.kits.actions import RequestKit, StopJob, asker_at, notice_death
from skypact.market.kits.models import ComposeJob, StoredKit
from skypact.market.kits.transitions import allowed_acts
from skypact.schema import Kit, NumberClaim, Requirement, parse_json

router = Router(tags=["kits"])


class JobOut(Schema):
    """A search for a kit."""

    id: UUID
    state: str
    stage: str
    done: float
    stop_requested: bool
    failure: str
    kit: str | None
    allowed_actions: list[str]
    address: str

    @classmethod
    def of(cls, job: ComposeJob) -> JobOut:
        """The search as the interface shows it."""
        return cls(
            id=job.pk,
            state=str(job.state),
            stage=job.stage,
            done=job.done,
            stop_requested=job.stop_requested,
            failure=job.failure,
            kit=job.kit_id,
            allowed_actions=allowed_acts(job.state, stop_requested=job.stop_requested),
            address=reverse("api:job", args=[job.pk]),
        )


class KitLine(Schema):
    """One kit of a list."""

    id: str
    title: str
    title_ko: str
    status: str
    total: str | None
    currency: str
    complete_on: str | None
    address: str

    @classmethod
    def of(cls, kit: StoredKit) -> KitLine:
        """The kit's line."""
        return cls(
            id=kit.pk,
            title=kit.title,
            title_ko=kit.title_ko,
            status=kit.status,
            total=None if kit.total is None else str(kit.total),
            currency=kit.currency,
            complete_on=kit.complete_on and kit.complete_on.isoformat(),
            address=reverse("api:kit", args=[kit.pk]),
        )


class KitList(Schema):
    """One page of kits."""

    total: int
    page: int
    pages: int
    kits: list[KitLine]


class SpareOut(Schema):
    """A spare or consumable for one product of a kit; null is unknown."""

    listing: str
    units: int
    spare: str
    name: str
    name_ko: str | None
    consumable: bool
    per_unit_and_year: float | None
    per_year: float | None
    evidence: NumberClaim | None

    @classmethod
    def of(cls, found: SpareOfKit) -> SpareOut:
        """The spare as the interface shows it."""
        record, known = found.spare.seen.record, found.spare.per_year
        return cls(
            listing=found.listing,
            units=found.units,
            spare=record.id,
            name=record.name,
            name_ko=record.name_ko,
            consumable=found.spare.terms.consumable,
            per_unit_and_year=known and known.value,
            per_year=found.per_year,
            evidence=known,
        )


def _requirement_body() -> dict[str, Any]:
    return {
        "requestBody": {
            "required": True,
            "content": {"application/json": {"schema": Requirement.model_json_schema()}},
        }
    }


@router.get("", response=KitList, url_name="kits")
def kits(request: HttpRequest, page: str = "1") -> KitList:
    """One's own kits and the published ones."""
    found: Page[StoredKit] = selectors.kits_of(Actor.of_request(request), page)
    lines = [KitLine.of(kit) for kit in found.items]
    return KitList(total=found.total, page=found.number, pages=found.pages, kits=lines)


@router.post("", response={HTTPStatus.ACCEPTED: JobOut}, openapi_extra=_requirement_body())
def request_kit(request: HttpRequest) -> Status[JobOut]:
    """Asks for a kit. The body is a Requirement (JSON); the answer is a search to watch."""
    if request.content_type != "application/json":  # other types need no consent of the browser's owner
        raise HttpError(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "Send the requirement as application/json.")
    requirement = parse_json(Requirement, request.body, file="body")
    job = RequestKit(
        actor=Actor.of_request(request), requirement=requirement, asker=asker_at(address_of(request))
    ).execute()
    return Status(HTTPStatus.ACCEPTED, JobOut.of(job))


@router.get("/jobs/{job_id}", response=JobOut, url_name="job")
def job(request: HttpRequest, job_id: UUID) -> JobOut:
    """How far the search is, and the id of its kit once there is one."""
    return JobOut.of(notice_death(selectors.job(Actor.of_request(request), job_id)))


@router.post("/jobs/{job_id}/stop", response=JobOut)
def stop(request: HttpRequest, job_id: UUID) -> JobOut:
    """Ends the search with the best kit so far."""
    if request.content_type != "application/json":
        raise HttpError(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "Send an empty body as application/json.")
    actor = Actor.of_request(request)
    selectors.job(actor, job_id)
    return JobOut.of(StopJob(actor=actor, job_id=job_id).execute())


@router.get("/{kit_id}", url_name="kit", response={HTTPStatus.OK: Kit})
def kit(request: HttpRequest, kit_id: str) -> HttpResponse:
    """The kit, by its published JSON Schema."""
    stored = selectors.kit(Actor.of_request(request), kit_id)
    return HttpResponse(stored.kit.model_dump_json(), content_type="application/json")


@router.get("/{kit_id}/spares", response=list[SpareOut])
def spares(request: HttpRequest, kit_id: str) -> list[SpareOut]:
    """Spares and consumables for the kit: so many a year for all units of a product, where somebody says so."""
    actor = Actor.of_request(request)
    stored = selectors.kit(actor, kit_id)
    return [SpareOut.of(found) for found in selectors.spares_of(actor, stored.kit, on=timezone.localdate())]
