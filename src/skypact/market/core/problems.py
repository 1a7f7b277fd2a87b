"""Errors of the REST interface as problem documents (RFC 9457, ``application/problem+json``)."""

from collections.abc import Sequence
from http import HTTPStatus

from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from ninja import NinjaAPI, Schema
from ninja.errors import AuthenticationError, HttpError, ValidationError

from skypact.market.core.actions import StateError
from skypact.market.core.cursors import GoneError
from skypact.schema import InputError

#: Addresses whose refusals are problem documents.
API = "/api/"
MEDIA_TYPE = "application/problem+json"


class ProblemDocument(Schema):
    """An error (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str
    errors: list[dict[str, object]] = []


def problem(status: int, *, detail: str, errors: Sequence[dict[str, object]] = ()) -> HttpResponse:
    """A problem document; ``errors`` names each place of the input that does not fit."""
    body: dict[str, object] = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status}
    body["detail"] = detail
    if errors:
        body["errors"] = list(errors)
    return JsonResponse(body, status=status, content_type=MEDIA_TYPE)


def install_problem_handlers(api: NinjaAPI) -> None:
    """Lets ``api`` answer every refusal with a problem document."""

    @api.exception_handler(PermissionDenied)
    def denied(request: HttpRequest, error: PermissionDenied) -> HttpResponse:
        return problem(HTTPStatus.FORBIDDEN, detail=str(error) or "You may not do this.")

    @api.exception_handler(AuthenticationError)
    def unauthenticated(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
        return problem(HTTPStatus.UNAUTHORIZED, detail="Sign in first.")

    @api.exception_handler(Http404)
    def missing(request: HttpRequest, error: Http404) -> HttpResponse:
        return problem(HTTPStatus.NOT_FOUND, detail=str(error) or "There is nothing at this address.")

    @api.exception_handler(StateError)
    def conflicting(request: HttpRequest, error: StateError) -> HttpResponse:
        return problem(HTTPStatus.CONFLICT, detail=str(error))

    @api.exception_handler(GoneError)
    def gone(request: HttpRequest, error: GoneError) -> HttpResponse:
        return problem(HTTPStatus.GONE, detail=str(error))

    @api.exception_handler(RequestDataTooBig)
    def too_big(request: HttpRequest, error: RequestDataTooBig) -> HttpResponse:
        return problem(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, detail="The body is larger than this site takes.")

    @api.exception_handler(HttpError)
    def refused(request: HttpRequest, error: HttpError) -> HttpResponse:
        return problem(error.status_code, detail=error.message)

    @api.exception_handler(InputError)
    def malformed(request: HttpRequest, error: InputError) -> HttpResponse:
        errors = [found.model_dump() for found in error.problems]
        return problem(HTTPStatus.UNPROCESSABLE_ENTITY, detail="The input does not fit.", errors=errors)

    @api.exception_handler(ValidationError)
    def invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
        errors = [
            {"place": ".".join(str(part) for part in found["loc"]), "accepted": found["msg"]} for found in error.errors
        ]
        return problem(HTTPStatus.UNPROCESSABLE_ENTITY, detail="The request does not fit.", errors=errors)
