"""Pages of reports under ``/kits/``."""

from __future__ import annotations

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.views.decorators.http import require_safe

from skypact.market.core.access import Actor
from skypact.market.kits.actions import kit_folder
from skypact.market.reports import printing, selectors
from skypact.market.reports.typesetting import NoTypesetterError


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
    except (NoTypesetterError, printing.BusyError) as error:
        context = {"reason": str(error), "busy": isinstance(error, printing.BusyError), "kit_id": found.kit.id}
        return render(request, "reports/no_pdf.html", context, status=HTTPStatus.SERVICE_UNAVAILABLE)
    return pdf_response(made, found.kit.id)


def pdf_response(made: bytes, kit_id: str) -> HttpResponse:
    """A PDF file to keep."""
    name = f'attachment; filename="{kit_id}-{translation.get_language()}.pdf"'
    return HttpResponse(made, content_type="application/pdf", headers={"Content-Disposition": name})
