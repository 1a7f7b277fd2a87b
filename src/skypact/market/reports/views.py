"""Pages of reports under ``/kits/``."""

from __future__ import annotations

from contextlib import suppress
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from skypact.market.core.access import Actor
from skypact.market.core.actions import StateError
from skypact.market.core.parameters import takes
from skypact.market.kits import selectors as kits
from skypact.market.kits.actions import kit_folder
from skypact.market.kits.models import StoredKit
from skypact.market.kits.wording import metres
from skypact.market.reports import comparisons, printing, selectors
from skypact.market.reports.comparing import KitComparison, metres_apart
from skypact.market.reports.comparisons import KeptComparison, State
from skypact.market.reports.maps import cases_of, maps_of
from skypact.market.reports.typesetting import NoTypesetterError, TooLargeError


@require_safe
def report(request: HttpRequest, kit_id: str) -> HttpResponse:
    """The report as a page that prints on A4."""
    found = selectors.report(Actor.of_request(request), kit_id)
    return HttpResponse(printing.html_of(found, for_paper=False))


@require_safe
def page_sheet(request: HttpRequest, kit_id: str) -> HttpResponse:
    """What stands on every page of the printed report."""
    language = request.GET.get("language", "")
    with translation.override(language if translation.check_for_language(language) else "en"):
        sheet = printing.page_sheet(selectors.report(Actor.of_request(request), kit_id))
    return HttpResponse(sheet, content_type="text/css; charset=utf-8")


@require_safe
def pdf(request: HttpRequest, kit_id: str) -> HttpResponse:
    """The report as a PDF file, in the reader's language."""
    found = selectors.report(Actor.of_request(request), kit_id)
    try:
        made = printing.pdf_apart(found, kit_folder(found.kit.id))
    except (NoTypesetterError, TooLargeError, printing.BusyError) as error:
        context = {
            "reason": str(error),
            "busy": isinstance(error, printing.BusyError),
            "too_large": isinstance(error, TooLargeError),
            "kit_id": found.kit.id,
        }
        return render(request, "reports/no_pdf.html", context, status=HTTPStatus.SERVICE_UNAVAILABLE)
    return pdf_response(made, found.kit.id)


def pdf_response(made: bytes, kit_id: str) -> HttpResponse:
    """A PDF file to keep."""
    name = f'attachment; filename="{kit_id}-{translation.get_language()}.pdf"'
    return HttpResponse(made, content_type="application/pdf", headers={"Content-Disposition": name})


@require_safe
@takes("before", "after", "case")
def compare(request: HttpRequest) -> HttpResponse:
    """Two kits of one place side by side; without both of them, the choice."""
    actor = Actor.of_request(request)
    before, after = (_chosen(actor, request.GET.get(name, "")) for name in ("before", "after"))
    known = before or after
    context: dict[str, Any] = {
        "kits": kits.beside(actor, known),
        "choices": (
            ("before", gettext("Before"), before and before.pk),
            ("after", gettext("After"), after and after.pk),
        ),
    }
    if before is None or after is None:
        return render(request, "reports/compare.html", context)
    one, other = before.kit, after.kit
    apart = metres_apart(one, other)
    if apart is not None:
        told = gettext(
            "These kits are of different places, {distance} apart: their warning rings do not meet. "
            "Only kits of one place can be compared."
        )
        context["problem"] = told.format(distance=metres(apart))
        return render(request, "reports/compare.html", context, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    comparison = KitComparison(one, other)
    gone, new = comparison.unknowns
    context["questions"] = ((gettext("Settled, or no longer asked"), gone), (gettext("New questions"), new))
    context |= _counted_context(request, actor, before, after, comparison)
    return render(request, "reports/compare.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def counted(request: HttpRequest) -> HttpResponse:
    """The part of a comparison that another process counts; sending it counts again what failed."""
    actor = Actor.of_request(request)
    before, after = _both(actor, request)
    if metres_apart(before.kit, after.kit) is not None:
        raise Http404("kits of different places are not compared")
    if request.method == "POST":
        with suppress(StateError):  # too many wait, which the page says
            comparisons.kept(actor, before, after, again=True)
        return redirect(f"{reverse('reports:compare')}?{_query(before, after)}")
    comparison = KitComparison(before.kit, after.kit)
    return render(request, "reports/_counted.html", _counted_context(request, actor, before, after, comparison))


@require_safe
def compare_picture(request: HttpRequest, name: str) -> FileResponse:
    """A picture of a counted comparison."""
    actor = Actor.of_request(request)
    path = comparisons.picture(comparisons.key_of(actor, *_both(actor, request)), name)
    if path is None:
        raise Http404(f"the comparison has no picture {name}")
    response = FileResponse(path.open("rb"), content_type="image/png")
    response.headers["Cache-Control"] = "private, max-age=3600"
    return response


@require_safe
def compare_areas(request: HttpRequest) -> HttpResponse:
    """The areas gained and lost as GeoJSON."""
    actor = Actor.of_request(request)
    before, after = _both(actor, request)
    found = comparisons.geojson(comparisons.key_of(actor, before, after))
    if found is None:
        raise Http404("the comparison is not counted yet")
    name = f'attachment; filename="{before.pk}--{after.pk}.geojson"'
    return HttpResponse(found, content_type="application/geo+json", headers={"Content-Disposition": name})


def _chosen(actor: Actor, kit_id: str) -> StoredKit | None:
    return kits.kit(actor, kit_id) if kit_id else None


def _both(actor: Actor, request: HttpRequest) -> tuple[StoredKit, StoredKit]:
    before, after = (kits.kit(actor, request.GET.get(name, "")) for name in ("before", "after"))
    return before, after


def _query(before: StoredKit, after: StoredKit) -> str:
    return urlencode({"before": before.pk, "after": after.pk})


def _counted_context(
    request: HttpRequest, actor: Actor, before: StoredKit, after: StoredKit, comparison: KitComparison
) -> dict[str, Any]:
    query = _query(before, after)
    context: dict[str, Any] = {
        "comparison": comparison,
        "counted_address": f"{reverse('reports:counted')}?{query}",
        "geojson_address": f"{reverse('reports:areas')}?{query}",
    }
    try:
        found: KeptComparison = comparisons.kept(actor, before, after)
    except StateError as error:
        return context | {"busy": str(error)}
    context["kept"] = found
    if found.state is not State.READY or found.result is None:
        return context
    cases = cases_of(found.result)
    wanted = request.GET.get("case", "0")
    chosen = cases[int(wanted)] if wanted.isdecimal() and int(wanted) < len(cases) else cases[0]

    def address(name: str) -> str:
        return f"{reverse('reports:compare-picture', args=[name])}?{query}"

    return context | {
        "cases": cases,
        "chosen": chosen,
        "maps": maps_of(comparison, chosen, found.result["pictures"], address=address),
        "legend": chosen.key,
        "terrain": found.result["terrain"],
        "missing": found.result["listings_missing"],
    }
