"""The REST interface under ``/api/v1/prices``; a listing's history is the catalogue's to give."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from django.http import HttpRequest
from ninja import File, Query, Router, Schema, UploadedFile
from ninja.security import SessionAuth

from skypact.exchange.ecb import LARGEST
from skypact.market.core.access import Actor
from skypact.market.core.problems import ProblemDocument
from skypact.market.prices.actions import RatesReport, import_rates
from skypact.market.prices.auditing import Audit, audit
from skypact.market.prices.exchange import DayRate, rates_of

router = Router(tags=["prices"])

_STAFF_ONLY = {401: ProblemDocument, 403: ProblemDocument, 422: ProblemDocument}


class Rates(Schema):
    """The euro reference rates of one day."""

    rates: list[DayRate]


@router.get(
    "/audit",
    url_name="price_audit",
    auth=SessionAuth(),
    response={200: Audit, **_STAFF_ONLY},
    summary="Audit of prices (staff)",
)
def audit_(request: HttpRequest, since: date | None = None) -> Audit:
    """Rises, offers added later, changed currencies, withdrawals: who, when, and whether the event log is whole."""
    return audit(Actor.of_request(request), since=since)


@router.get("/rates", response={200: Rates, 422: ProblemDocument}, summary="Exchange rates of a day")
def rates(
    request: HttpRequest,
    on: Annotated[date | None, Query(description="the last rates up to this day; default: the last there are")] = None,
) -> Rates:
    """One euro bought so much of each currency, as published; none where no rates are known up to that day."""
    return Rates(rates=rates_of(on))


@router.post(
    "/rates",
    auth=SessionAuth(),
    response={200: RatesReport, **_STAFF_ONLY},
    summary="Import exchange rates (staff)",
)
def import_(request: HttpRequest, file: File[UploadedFile]) -> RatesReport:
    """A file of the European Central Bank: all of it or nothing. A published rate is never overwritten."""
    return import_rates(actor=Actor.of_request(request), data=file.read(LARGEST + 1), name=file.name or "upload")
