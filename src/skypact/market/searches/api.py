"""The REST interface under ``/api/v1/searches``: one's own saved searches."""

from __future__ import annotations

from datetime import datetime
from http import HTTPStatus

from django.http import HttpRequest
from django.urls import reverse
from ninja import Field, Router, Schema, Status
from ninja.security import SessionAuth

from skypact.market.core.access import Actor
from skypact.market.searches import selectors
from skypact.market.searches.actions import RemoveSearch, SaveSearch
from skypact.market.searches.models import SavedSearch

router = Router(tags=["searches"], auth=SessionAuth())


class SearchIn(Schema):
    """A search to keep."""

    name: str = Field(min_length=1, max_length=120)
    query: str = Field(min_length=1, max_length=2000, description="as in the address bar: q=radar&nation=KR")


class SearchOut(Schema):
    """A saved search."""

    id: int
    name: str
    query: str
    created_at: datetime
    opened_at: datetime
    found: int = Field(description="listings found when its owner last looked")
    address: str

    @classmethod
    def of(cls, search: SavedSearch) -> SearchOut:
        """The search as the interface shows it."""
        return cls(
            id=search.pk,
            name=search.name,
            query=search.query,
            created_at=search.created_at,
            opened_at=search.opened_at,
            found=search.found,
            address=f"{reverse('catalogue:search')}?{search.query}",
        )


class KeptSearch(SearchOut):
    """A saved search with what it finds today."""

    found_now: int


@router.get("", response=list[KeptSearch], summary="One's own saved searches")
def searches(request: HttpRequest) -> list[KeptSearch]:
    """By name, with how many listings each finds today."""
    kept = selectors.searches_of(Actor.of_request(request))
    return [KeptSearch(**SearchOut.of(item.search).dict(), found_now=item.now) for item in kept]


@router.post("", response={HTTPStatus.CREATED: SearchOut}, summary="Save a search")
def save(request: HttpRequest, body: SearchIn) -> Status[SearchOut]:
    """409 when the same question or name is kept already."""
    kept = SaveSearch(actor=Actor.of_request(request), name=body.name, query=body.query).execute()
    return Status(HTTPStatus.CREATED, SearchOut.of(kept))


@router.delete("/{search_id}", response={HTTPStatus.NO_CONTENT: None}, summary="Forget a saved search")
def remove(request: HttpRequest, search_id: int) -> Status[None]:
    """404 for a search that is not one's own."""
    RemoveSearch(actor=Actor.of_request(request), search_id=search_id).execute()
    return Status(HTTPStatus.NO_CONTENT, None)
