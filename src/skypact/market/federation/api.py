"""The change feed at ``/api/v1/catalogue/changes``."""

from __future__ import annotations

from datetime import datetime
from http import HTTPStatus
from typing import Annotated

from django.http import HttpRequest
from ninja import Query, Router, Schema

from skypact.market.core.access import Actor
from skypact.market.core.problems import ProblemDocument
from skypact.market.federation import selectors
from skypact.market.federation.models import Kind, Subject

router = Router(tags=["change feed"])


class ChangeOut(Schema):
    """One change of one listing or vendor, as the caller could see it."""

    subject: Subject
    id: str
    change: Kind
    at: datetime

    @classmethod
    def of(cls, entry: selectors.Entry) -> ChangeOut:
        """The entry as the interface shows it."""
        return cls(subject=entry.subject, id=entry.slug, change=entry.kind, at=entry.at)


class ChangePage(Schema):
    """Changes in order. ``next`` goes on from here, now or later; ``more`` says that some follow already."""

    items: list[ChangeOut]
    next: str
    more: bool


@router.get(
    "",
    response={
        HTTPStatus.OK: ChangePage,
        HTTPStatus.GONE: ProblemDocument,
        HTTPStatus.UNPROCESSABLE_ENTITY: ProblemDocument,
    },
    summary="What changed in the catalogue, in order",
)
def changes(
    request: HttpRequest,
    after: Annotated[
        str, Query(max_length=400, description="`next` of the page before; empty begins at the start")
    ] = "",
    limit: Annotated[int, Query(ge=1, le=selectors.MOST)] = 100,
) -> ChangePage:
    """Every change the caller could see, once, in the order in which it took effect; nothing is ever inserted before a
    cursor. What was hidden from the caller and now is not is `new`; what is hidden now is `withdrawn`. 410: the cursor
    is of a reader with other rights; begin again without one."""
    page = selectors.changes(Actor.of_request(request), after=after, limit=limit)
    return ChangePage(items=[ChangeOut.of(entry) for entry in page.entries], next=page.cursor, more=page.more)
