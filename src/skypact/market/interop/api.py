"""The REST interface under ``/api/v1/interop``."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from django.utils import timezone
from ninja import Query, Router

from skypact.market.catalogue import selectors as catalogue
from skypact.market.core.access import Actor
from skypact.market.interop import selectors
from skypact.market.interop.documents import answer_document, partners_document
from skypact.market.interop.forms import LEAST_MAST_M, MOST_MAST_M, asked_of_words, nation_of
from skypact.market.interop.partners import works_with as works_with_of
from skypact.schema import Answer

router = Router(tags=["interop"])

Words = Annotated[
    list[str], Query(description="listing, listing:quantity or listing:quantity:own; may be repeated", min_length=1)
]
Listed = Literal["yes", "unknown"]
Family = Literal["sensor", "c2", "gateway", "adapter"]
Degree = Annotated[int, Query(ge=0, le=2, description="0 only what is sure, 1 a detail may be open, 2 unknown counts")]

Apart = Annotated[
    float | None, Query(ge=0, description="all stand at least so many metres apart; on one site where nothing is said")
]
Mast = Annotated[
    float, Query(ge=LEAST_MAST_M, le=MOST_MAST_M, description="height of the antennas above ground, metres")
]
Nation = Annotated[
    str, Query(description="where they transmit, ISO 3166-1 alpha-2; empty: licences to transmit are not asked")
]


@router.get("/check", response=dict[str, Any], summary="Does a set work together as it is?")
def check(
    request: HttpRequest,
    listing: Words,
    mains: str = "230x16",
    common: bool = False,
    powered: bool = True,
    supported: bool = False,
    apart_m: Apart = None,
    mast_m: Mast = 10.0,
    nation: Nation = "",
) -> dict[str, Any]:
    """Yes, no or unknown for every aspect, each with its reason and the fact that is missing."""
    asked = asked_of_words(
        listing,
        mains=selectors.mains_of(mains),
        common=common,
        powered=powered,
        supported=supported,
        apart_m=apart_m,
        mast_m=mast_m,
        nation=nation_of(nation),
    )
    on = timezone.localdate()
    return answer_document(selectors.answered(Actor.of_request(request), replace(asked, complete=False), on=on))


@router.get("/complete", response=dict[str, Any], summary="What must be added for a set to work together?")
def complete(
    request: HttpRequest,
    listing: Words,
    mains: str = "230x16",
    common: bool = False,
    powered: bool = True,
    supported: bool = False,
    other_c2: bool = False,
    kinds: Annotated[int, Query(ge=0, le=7)] = 0,
    accept: Degree = 2,
    budget: Annotated[float | None, Query(ge=0)] = None,
    mass_kg: Annotated[float | None, Query(ge=0)] = None,
    apart_m: Apart = None,
    mast_m: Mast = 10.0,
    nation: Nation = "",
    currency: Annotated[str, Query(pattern="^[A-Z]{3}$")] = "EUR",
) -> dict[str, Any]:
    """The cheapest additions with proof, or all minimal reasons why there are none."""
    asked = asked_of_words(
        listing,
        mains=selectors.mains_of(mains),
        common=common,
        powered=powered,
        supported=supported,
        other_c2=other_c2,
        kinds=kinds,
        accept=accept,
        budget=budget,
        mass_max_kg=mass_kg,
        apart_m=apart_m,
        mast_m=mast_m,
        nation=nation_of(nation),
    )
    on = timezone.localdate()
    return answer_document(selectors.answered(Actor.of_request(request), replace(asked, currency=currency), on=on))


@router.get("/with/{slug}", response=dict[str, Any], summary="What does a listing work with?")
def works_with(
    request: HttpRequest,
    slug: str,
    page: Annotated[int, Query(ge=1, le=9999)] = 1,
    answer: Annotated[Listed | None, Query(description="yes: sure; unknown: a detail is open")] = None,
    family: Annotated[Family | None, Query()] = None,
) -> dict[str, Any]:
    """The products whose data ports mate with its own, out of the whole catalogue, surest first."""
    actor, on = Actor.of_request(request), timezone.localdate()
    record = catalogue.listing(actor, slug, on=on).record
    found = works_with_of(
        actor, record, on=on, page=page, answer=None if answer is None else Answer(answer), family=family
    )
    return partners_document(record, found)
