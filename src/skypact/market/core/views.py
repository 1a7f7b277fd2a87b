"""The home page, the address that tells a supervisor whether the site works, and what is shown when it refuses."""

from http import HTTPStatus

from django.core.exceptions import RequestDataTooBig
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

import skypact
from skypact.market.core.problems import API, problem


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What skypact does, and the two ways in."""
    return render(request, "core/home.html")


@require_safe
@never_cache
def healthz(request: HttpRequest) -> HttpResponse:
    """200 when the site answers and its database does."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        cursor.fetchone()
    return JsonResponse({"status": "ok", "version": skypact.__version__})


#: Why a request is refused, for programs; people are shown the template of the status.
_DETAILS = {
    HTTPStatus.BAD_REQUEST: "The request is malformed.",
    HTTPStatus.FORBIDDEN: "You may not do this.",
    HTTPStatus.NOT_FOUND: "There is nothing at this address.",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "The body is larger than this site takes.",
    HTTPStatus.TOO_MANY_REQUESTS: "You asked more often than this site answers. Retry-After says when to ask again.",
    HTTPStatus.SERVICE_UNAVAILABLE: "Others are writing, and nothing of this was kept. Retry-After says when to ask.",
    HTTPStatus.INTERNAL_SERVER_ERROR: "Something broke on our side. Nothing was half saved.",
}


def refused(request: HttpRequest, status: HTTPStatus) -> HttpResponse:
    """A refusal: a problem document under ``/api/``, elsewhere a page in the reader's language."""
    if request.path_info.startswith(API):
        return problem(status, detail=_DETAILS[status])
    return render(request, f"{status.value}.html", status=status)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django's handler400: what is malformed, and what is too large."""
    too_large = isinstance(exception, RequestDataTooBig)
    return refused(request, HTTPStatus.REQUEST_ENTITY_TOO_LARGE if too_large else HTTPStatus.BAD_REQUEST)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django's handler403."""
    return refused(request, HTTPStatus.FORBIDDEN)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django's handler404."""
    return refused(request, HTTPStatus.NOT_FOUND)


def broken(request: HttpRequest) -> HttpResponse:
    """Django's handler500."""
    return refused(request, HTTPStatus.INTERNAL_SERVER_ERROR)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form that was sent from elsewhere, or that was open for so long that its token is no longer good."""
    if request.path_info.startswith(API):
        return problem(HTTPStatus.FORBIDDEN, detail="The request carries no valid CSRF token of this site.")
    return render(request, "403_csrf.html", status=HTTPStatus.FORBIDDEN)
