"""The REST interface under ``/api/v1/batteries``."""

from __future__ import annotations

from typing import Annotated, Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Query, Router

from skypact.exchange.fleet import FleetFile
from skypact.market.batteries import documents, selectors
from skypact.market.batteries.selectors import Equipment
from skypact.market.core.access import Actor
from skypact.schema import Fleet, parse_json

router = Router(tags=["batteries"])


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
    openapi_extra={
        "requestBody": {"required": True, "content": {"application/json": {"schema": Fleet.model_json_schema()}}}
    },
)
def standardise(
    request: HttpRequest,
    kinds: Annotated[int, Query(ge=1, le=selectors.MOST_KINDS)] = 8,
    count_unknown: bool = False,
) -> dict[str, Any]:
    """The body is a Fleet (JSON). For every number of kinds the best choice, its cost and its proof."""
    fleet = parse_json(Fleet, request.body, file="body")
    curve = _equipment(request).curve(FleetFile(fleet, "body"), kinds=kinds, count_unknown=count_unknown)
    return documents.curve_document(fleet, curve)
