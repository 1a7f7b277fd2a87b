"""The REST interface for what is made of finished kits: the report as PDF, and what two kits see differently."""

from __future__ import annotations

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.utils import translation
from ninja import Router, Schema, Status
from ninja.errors import HttpError

from skypact.market.core.access import Actor
from skypact.market.kits import selectors as kits
from skypact.market.kits.actions import kit_folder
from skypact.market.reports import comparisons, printing, selectors
from skypact.market.reports.comparing import KitComparison, Pair
from skypact.market.reports.comparisons import State
from skypact.market.reports.typesetting import NoTypesetterError, TooLargeError
from skypact.market.reports.views import pdf_response

router = Router(tags=["kits"])

_PDF = {
    "responses": {HTTPStatus.OK: {"content": {"application/pdf": {"schema": {"type": "string", "format": "binary"}}}}}
}


class AreaOut(Schema):
    """A connected area that changed; ``at`` is a longitude and latitude inside it."""

    area_m2: float
    at: tuple[float, float]


class CaseOut(Schema):
    """Square metres of the common area for one threat class at one height, and the largest areas lost and gained."""

    threat: str
    height_m: float
    both_m2: float
    gained_m2: float
    lost_m2: float
    neither_m2: float
    unknown_m2: float
    lost: list[AreaOut]
    gained: list[AreaOut]


class PairOut(Schema):
    """One figure of both kits as they count it themselves; null where a kit does not tell it."""

    threat: str
    height_m: float
    before: float | None
    after: float | None
    change: float | None
    """after less before; null too where the two do not count the same"""
    not_comparable: list[str]
    """``key`` of each of ``rules`` by which the two do not count the same; empty where they do"""


class BillLineOut(Schema):
    """One product in both bills of materials."""

    listing: str
    before: int
    after: int
    moved: int
    change: str


class RuleOut(Schema):
    """A rule of counting in which the two requirements differ."""

    key: str
    rule: str
    before: str
    after: str


class ComparisonOut(Schema):
    """Two kits of one place. ``cases`` is counted anew by another process: null until ``state`` is ready."""

    before: str
    after: str
    zone_m2: float
    state: str
    reason: str
    cases: list[CaseOut] | None
    listings_missing: list[str]
    shares: list[PairOut]
    warnings_s: list[PairOut]
    bill: list[BillLineOut]
    rules: list[RuleOut]
    cost_change: str | None
    currency: str | None
    days_later: int | None
    unknowns_settled: int
    unknowns_new: int


@router.get("/compare", response={HTTPStatus.OK: ComparisonOut, HTTPStatus.ACCEPTED: ComparisonOut}, url_name="compare")
def compare(request: HttpRequest, before: str, after: str) -> Status[ComparisonOut]:
    """What changes from one kit to another of the same place. While it is counted the answer is 202: ask again."""
    actor = Actor.of_request(request)
    one, other = kits.kit(actor, before), kits.kit(actor, after)
    comparison = KitComparison(one.kit, other.kit)
    found = comparisons.kept(actor, one, other)
    out = comparison_out(comparison, state=found.state, reason=found.reason, result=found.result)
    return Status(HTTPStatus.ACCEPTED if found.state is State.WORKING else HTTPStatus.OK, out)


def comparison_out(
    comparison: KitComparison, *, state: str, reason: str = "", result: dict[str, object] | None
) -> ComparisonOut:
    """The comparison as interface and command line show it."""
    gone, new = comparison.unknowns
    change = comparison.cost_change
    return ComparisonOut(
        before=comparison.before.id,
        after=comparison.after.id,
        zone_m2=round(comparison.zone_m2, 1),
        state=str(state),
        reason=reason,
        cases=None if result is None else result["cases"],
        listings_missing=[] if result is None else result["listings_missing"],
        shares=[_pair(one) for one in comparison.shares],
        warnings_s=[_pair(one) for one in comparison.warnings],
        bill=[
            BillLineOut(
                listing=line.item.listing, before=line.before, after=line.after, moved=line.moved, change=line.kind
            )
            for line in comparison.bill
        ],
        rules=[
            RuleOut(key=rule.key, rule=rule.name, before=rule.before, after=rule.after) for rule in comparison.rules
        ],
        cost_change=None if change is None else str(change[0]),
        currency=None if change is None else change[1],
        days_later=comparison.days_later,
        unknowns_settled=len(gone),
        unknowns_new=len(new),
    )


def _pair(pair: Pair) -> PairOut:
    return PairOut(
        threat=pair.threat,
        height_m=pair.height_m,
        before=pair.before,
        after=pair.after,
        change=pair.change,
        not_comparable=[rule.key for rule in pair.unlike],
    )


@router.get("/{kit_id}/report", url_name="report", openapi_extra=_PDF)
def report(request: HttpRequest, kit_id: str, language: str = "en") -> HttpResponse:
    """The site report as a PDF file, in English (en) or Korean (ko)."""
    if language not in ("en", "ko"):
        raise HttpError(HTTPStatus.UNPROCESSABLE_ENTITY, "language must be en or ko")
    with translation.override(language):
        found = selectors.report(Actor.of_request(request), kit_id)
        try:
            return pdf_response(printing.pdf_apart(found, kit_folder(found.kit.id)), found.kit.id)
        except (NoTypesetterError, TooLargeError, printing.BusyError) as error:
            raise HttpError(HTTPStatus.SERVICE_UNAVAILABLE, str(error)) from error
