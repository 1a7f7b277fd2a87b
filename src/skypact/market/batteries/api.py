"""The REST interface under ``/api/v1/batteries``."""

from __future__ import annotations

import io
from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import File, Query, Router, UploadedFile

from skypact.exchange.fleet import (
    MEDIA_TYPES,
    SIZE_MAX,
    FleetFile,
    Language,
    check_ids,
    fleet_in,
    write_fleet,
    write_template,
)
from skypact.market.batteries import documents, selectors
from skypact.market.batteries.selectors import Equipment
from skypact.market.core.access import Actor
from skypact.market.core.problems import ProblemDocument
from skypact.schema import Fleet, parse_json

router = Router(tags=["batteries"])
_FLEET_BODY = {
    "requestBody": {"required": True, "content": {"application/json": {"schema": Fleet.model_json_schema()}}}
}


def _equipment(request: HttpRequest) -> Equipment:
    return selectors.equipment(Actor.of_request(request), on=timezone.localdate())


@router.get("/fit", response=dict[str, Any], summary="Does a pack work in an aircraft?")
def fit(request: HttpRequest, pack: str, aircraft: str, charger: str | None = None) -> dict[str, Any]:
    """Yes, no or unknown from ten checks, each with its reason and the claims it rests on."""
    return documents.fit_document(_equipment(request).fit(pack, aircraft, charger))


@router.get("/substitutes", response=list[dict[str, Any]], summary="What may take a pack's place?")
def substitutes(
    request: HttpRequest,
    pack: str,
    aircraft: str | None = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
) -> list[dict[str, Any]]:
    """Best first, without packs that certainly cannot."""
    found = _equipment(request).substitutes(pack, aircraft)
    return [documents.substitute_document(one) for one in found[:limit]]


@router.post(
    "/standardise",
    response=dict[str, Any],
    summary="Which few kinds of packs serve a fleet?",
    openapi_extra=_FLEET_BODY,
)
def standardise(
    request: HttpRequest,
    kinds: Annotated[int, Query(ge=1, le=selectors.MOST_KINDS)] = 8,
    count_unknown: bool = False,
) -> dict[str, Any]:
    """The body is a Fleet (JSON). For every number of kinds the best choice, its cost and its proof."""
    fleet = parse_json(Fleet, request.body, file="body")
    held = _equipment(request)
    curve = held.curve(FleetFile(fleet, "body"), kinds=kinds, count_unknown=count_unknown)
    return documents.curve_document(fleet, curve, same=held.distinct.same)


@router.get("/same", response=dict[str, Any], summary="Which listings are one and the same pack?")
def same(request: HttpRequest) -> dict[str, Any]:
    """Packs that several listings tell of, where these disagree, and pairs that are perhaps one pack."""
    return documents.distinct_document(_equipment(request).distinct)


@router.get("/fleet/template", response={200: None, 422: ProblemDocument}, summary="A fleet file to fill in")
def fleet_template(
    request: HttpRequest,
    format: Literal["csv", "xlsx"] = "csv",  # noqa: A002 (the field's word)
    language: Language = "en",
) -> HttpResponse:
    """Headings with units, example rows that are passed over, and the usual assumptions."""
    out = io.BytesIO()
    write_template(out, format, language=language)
    return _attached(out, format, "fleet-template")


@router.post("/fleet", response={200: Fleet, 422: ProblemDocument}, summary="Read a fleet file", exclude_defaults=True)
def read_fleet(request: HttpRequest, file: File[UploadedFile]) -> Fleet:
    """The fleet in a CSV file, a spreadsheet or JSON, as ``standardise`` takes it. Nothing is kept of the file.

    422 names row, column, value and what is accepted for everything that is wrong with it, unlisted ids among that.
    """
    found = fleet_in(file.read(SIZE_MAX + 1), name=file.name or "upload")
    check_ids(found, [*_equipment(request).listings.values()])
    return found.fleet


@router.post(
    "/fleet/{format}",
    response={200: None, 422: ProblemDocument},
    summary="A fleet as a file",
    openapi_extra=_FLEET_BODY,
)
def write_fleet_file(
    request: HttpRequest,
    format: Literal["csv", "xlsx", "json"],  # noqa: A002
    language: Language = "en",
) -> HttpResponse:
    """The body is a Fleet (JSON). The file reads back as the same fleet; notes name what the caller may see."""
    fleet = parse_json(Fleet, request.body, file="body")
    out = io.BytesIO()
    write_fleet(fleet, out, format, language=language, named=_equipment(request).known)
    return _attached(out, format, "fleet")


def _attached(out: io.BytesIO, form: str, name: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}.{form}"'}
    return HttpResponse(out.getvalue(), content_type=MEDIA_TYPES[form], headers=headers)
