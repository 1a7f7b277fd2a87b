"""The REST interface under ``/api/v1/documents``."""

from __future__ import annotations

from datetime import date, datetime
from http import HTTPStatus
from typing import Annotated, BinaryIO, cast

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Field, Path, Query, Router, Schema, Status
from ninja.errors import HttpError
from ninja.security import SessionAuth

from skypact.market.catalogue.api import ProblemDocument
from skypact.market.core.access import Actor
from skypact.market.documents import selectors
from skypact.market.documents.actions import Description, RemoveDocument, attach
from skypact.market.documents.content import RefusedFileError, TooLargeError
from skypact.market.documents.downloading import download
from skypact.market.documents.store import BrokenFileError, State
from skypact.schema import Document, DocumentKind
from skypact.schema.base import RELEASE_PATTERN, SHA256_PATTERN

router = Router(tags=["documents"])

Hash = Annotated[str, Path(pattern=SHA256_PATTERN)]


class Described(Schema):
    """What the caller says of the file."""

    title: str = Field(min_length=1, max_length=300)
    kind: DocumentKind
    dated: date
    language: str | None = Field(None, pattern="^[a-z]{2}$")
    release: str = Field("PUBLIC", pattern=RELEASE_PATTERN, max_length=200)


class Attached(Schema):
    """A file of a listing, and what this node has of it."""

    document: Document
    state: State
    at: datetime | None


_REFUSALS = {
    401: ProblemDocument,
    403: ProblemDocument,
    404: ProblemDocument,
    409: ProblemDocument,
    413: ProblemDocument,
    422: ProblemDocument,
}


@router.get("/{slug}", response={200: list[Attached], 404: ProblemDocument}, summary="The files of a listing")
def documents(request: HttpRequest, slug: str) -> list[Attached]:
    """Those that the caller may see. ``state`` goes by presence and size; downloading reads the whole file."""
    found = selectors.documents_of(Actor.of_request(request), slug, on=timezone.localdate())
    return [Attached(document=item.document, state=item.state, at=item.at) for item in found.documents]


@router.get(
    "/{slug}/{sha256}",
    response={200: None, 404: ProblemDocument, 410: ProblemDocument, 422: ProblemDocument},
    summary="One file",
)
def file(request: HttpRequest, slug: str, sha256: Hash) -> HttpResponse:
    """The bytes as an attachment; 410 where they are missing or damaged."""
    found = selectors.document(Actor.of_request(request), slug, sha256, on=timezone.localdate())
    try:
        return cast(HttpResponse, download(slug, found))
    except BrokenFileError as error:
        raise HttpError(HTTPStatus.GONE, f"The bytes of {sha256} are {error.state.value} on this node.") from None


@router.post(
    "/{slug}",
    auth=SessionAuth(),
    response={201: Document, **_REFUSALS},
    summary="Give a listing a file (its vendor, staff)",
)
def add(request: HttpRequest, slug: str, described: Query[Described]) -> Status[Document]:
    """The body is the file itself, of whatever media type: its content tells what it is."""
    description = Description(**described.dict())
    try:
        given = attach(Actor.of_request(request), slug, cast(BinaryIO, request), description)
    except TooLargeError as error:
        raise HttpError(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, str(error)) from None
    except RefusedFileError as error:
        raise HttpError(HTTPStatus.UNPROCESSABLE_ENTITY, str(error)) from None
    return Status(HTTPStatus.CREATED, given)


@router.delete(
    "/{slug}/{sha256}", auth=SessionAuth(), response={204: None, **_REFUSALS}, summary="Take a file from a listing"
)
def remove(request: HttpRequest, slug: str, sha256: Hash) -> Status[None]:
    """The bytes leave with the next sweep, unless another listing names them."""
    RemoveDocument(actor=Actor.of_request(request), slug=slug, sha256=sha256).execute()
    return Status(HTTPStatus.NO_CONTENT, None)
