"""What every answer of the REST interface has in common, and what every request may cost."""

from __future__ import annotations

import hashlib
import ipaddress
import re
import time
from collections.abc import Callable
from http import HTTPStatus

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response, patch_vary_headers

from skypact.market.core.limits import Buckets, Limit, Verdict
from skypact.market.core.problems import API, problem
from skypact.market.core.views import refused

Answering = Callable[[HttpRequest], HttpResponseBase]

#: Addresses that search or compute; others are cheap, or hold themselves back.
LIMITED = (
    API,
    *("/batteries/", "/catalogue/", "/documents/", "/interop/", "/lab/", "/pictures/", "/searches/", "/suppliers/"),
)
#: Pages that compute what a kit sees, and its report; the tiles of maps have a larger bucket of their own, because a
#: map that is looked at asks for some twenty at once.
_EXPLORED = re.compile(r"/kits/[^/]+/(?:coverage/(tiles/)?|report)")
TILES_A_PAGE = 5
#: As some proxies forward an address: 203.0.113.9:4711, [2001:db8::1]:4711
_WITH_PORT = re.compile(r"^(?:\[([0-9a-fA-F:.]+)\]|(\d+\.\d+\.\d+\.\d+))(?::\d+)?$")
_VERSIONED = {"GET", "HEAD"}


def api_answers(answer: Answering) -> Answering:
    """Under ``/api/``: every refusal is a problem document; every answer names its version (ETag) and is private."""

    def respond(request: HttpRequest) -> HttpResponseBase:
        response = answer(request)
        if not request.path_info.startswith(API):
            return response
        media_type = response.headers.get("Content-Type", "")
        if response.status_code >= HTTPStatus.BAD_REQUEST and "json" not in media_type:
            response = _as_problem(response)
        response.headers.setdefault("Cache-Control", "private, no-cache")
        patch_vary_headers(response, ("Cookie", "Accept-Language"))
        if request.method not in _VERSIONED or response.status_code != HTTPStatus.OK:
            return response
        if not response.streaming:
            # the very bytes, so that what a reader may not see cannot change it
            response.headers.setdefault("ETag", etag(response.content))
        return get_conditional_response(request, etag=response.headers.get("ETag"), response=response)

    return respond


def etag(content: bytes) -> str:
    """A strong entity tag of ``content``."""
    return f'"{hashlib.sha256(content).hexdigest()[:32]}"'


def _as_problem(response: HttpResponseBase) -> HttpResponse:
    status = HTTPStatus(response.status_code)
    replaced = problem(status, detail=_DETAILS.get(status, status.description or status.phrase))
    for name, value in response.headers.items():
        if name not in ("Content-Type", "Content-Length", "Content-Language"):
            replaced.headers[name] = value
    replaced.cookies = response.cookies
    return replaced


_DETAILS = {
    HTTPStatus.METHOD_NOT_ALLOWED: "This address does not take that method; the header Allow names those it takes.",
    HTTPStatus.NOT_FOUND: "There is nothing at this address.",
}


def request_limits(answer: Answering) -> Answering:
    """Refuses bodies over the largest upload, and requests beyond what a person or address has left."""
    buckets = Buckets(settings.HOME / "limits.sqlite3")

    def respond(request: HttpRequest) -> HttpResponseBase:
        length = request.META.get("CONTENT_LENGTH") or "0"
        if length.isdecimal() and int(length) > settings.UPLOAD_MAX_BYTES:
            return refused(request, HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        held = _limit_of(request)
        if held is None:
            return answer(request)
        bucket, limit = held
        verdict = buckets.take(bucket, limit, now_ns=now_ns())
        response = answer(request) if verdict.allowed else refused(request, HTTPStatus.TOO_MANY_REQUESTS)
        _tell(response, limit, verdict)
        return response

    return respond


def _limit_of(request: HttpRequest) -> tuple[str, Limit] | None:
    """The bucket that a request takes from, and its limit; None where there is none."""
    explored = _EXPLORED.match(request.path_info)
    if explored is None and not request.path_info.startswith(LIMITED):
        return None
    limit: Limit | None = settings.LIMIT_SIGNED_IN if request.user.is_authenticated else settings.LIMIT_ANONYMOUS
    if limit is None:
        return None
    if explored is not None and explored[1]:
        return f"tiles {_who(request)}", Limit(limit.tokens * TILES_A_PAGE, limit.window_s)
    return _who(request), limit


def now_ns() -> int:
    """The instant that buckets go by."""
    return time.time_ns()


def _tell(response: HttpResponseBase, limit: Limit, verdict: Verdict) -> None:
    """The headers of draft-ietf-httpapi-ratelimit-headers."""
    response.headers["RateLimit-Policy"] = f'"requests";q={limit.tokens};w={limit.window_s}'
    response.headers["RateLimit"] = f'"requests";r={verdict.left};t={verdict.next_s or verdict.full_s}'
    if not verdict.allowed:
        response.headers["Retry-After"] = str(verdict.next_s)


def _who(request: HttpRequest) -> str:
    return f"user {request.user.pk}" if request.user.is_authenticated else f"address {address_of(request)}"


def address_of(request: HttpRequest) -> str:
    """Where a request comes from: the address that the outermost of our own proxies saw; of IPv6 the network (/64)."""
    seen = [request.META.get("REMOTE_ADDR", "")]
    if settings.PROXIES:
        forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
        seen = [*(entry.strip() for entry in forwarded if entry.strip()), *seen][-settings.PROXIES - 1 :]
    try:
        address = ipaddress.ip_address(_WITH_PORT.sub(r"\1\2", seen[0]))
    except ValueError:
        return "unknown"
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is not None:  # as a socket for both versions tells it
            return str(address.ipv4_mapped)
        return str(ipaddress.ip_network((int(address) >> 64 << 64, 64)))
    return str(address)
