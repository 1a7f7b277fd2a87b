"""Response headers that keep a page from loading or running anything but the site's own files; who waited in vain."""

from collections.abc import Callable
from http import HTTPStatus

from django.db import OperationalError
from django.http import HttpRequest, HttpResponse

from skypact.market.core.views import refused

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "worker-src 'self' blob:",  # MapLibre starts its worker from a blob
        "style-src 'self'",
        "style-src-attr 'unsafe-inline'",  # widths of bars and the like; no style sheet may be injected
        "img-src 'self' data: blob:",
        "font-src 'self'",
        "connect-src 'self' blob: data:",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
        "manifest-src 'self'",
    )
)
PERMISSIONS_POLICY = "camera=(), microphone=(), payment=(), usb=(), geolocation=(self)"


def security_headers(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Adds the content security policy and the permissions policy to every response."""

    def respond(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers.setdefault("Content-Security-Policy", CONTENT_SECURITY_POLICY)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        return response

    return respond


class WaitedInVain:
    """SQLite lets one transaction at a time write, and others wait some seconds for it (:mod:`.database`).

    Whoever waited in vain, behind a large import say, is told to come back: nothing is broken, and nothing was kept.
    """

    RETRY_AFTER_S = 60

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self._get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """The answer 503, where a view ended for that reason."""
        if not (isinstance(exception, OperationalError) and str(exception) == "database is locked"):
            return None
        response = refused(request, HTTPStatus.SERVICE_UNAVAILABLE)
        response.headers["Retry-After"] = str(self.RETRY_AFTER_S)
        return response
