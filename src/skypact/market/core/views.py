"""The home page, and the address that tells a supervisor whether the site works."""

from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

import skypact


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
