"""Pages on prices: the audit, exchange rates, and the choice of a currency."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from skypact.exchange.ecb import LARGEST
from skypact.market.core.access import Actor
from skypact.market.core.paging import PAGE_SIZE, Page, page_number
from skypact.market.prices.actions import import_rates
from skypact.market.prices.auditing import audit, csv_of
from skypact.market.prices.exchange import exchange, rates_of
from skypact.market.prices.findings import FindingKind
from skypact.market.prices.forms import CurrencyForm, RatesForm, SinceForm
from skypact.market.prices.presentation import COOKIE
from skypact.market.prices.refusals import said
from skypact.schema import InputError

_YEAR_S = 365 * 24 * 3600


@login_required
@require_safe
def audit_page(request: HttpRequest) -> HttpResponse:
    """What an auditor of prices is told, newest first."""
    form, since = SinceForm.day_of(request.GET)
    report = audit(Actor.of_request(request), since=since)
    found = report.findings[::-1]
    number = page_number(request.GET.get("page"), total=len(found), size=PAGE_SIZE)
    kept = request.GET.copy()
    kept.pop("page", None)
    context = {
        "form": form,
        "report": report,
        "page": Page(items=list(found[(number - 1) * PAGE_SIZE : number * PAGE_SIZE]), number=number, total=len(found)),
        "counts": [(kind, report.count(kind)) for kind in FindingKind],
        "query": f"{kept.urlencode()}&" if kept else "",
        "asked": f"?{kept.urlencode()}" if kept else "",
    }
    return render(request, "prices/audit.html", context)


@login_required
@require_safe
def audit_csv(request: HttpRequest) -> HttpResponse:
    """The audit as a file."""
    _form, since = SinceForm.day_of(request.GET)
    response = HttpResponse(
        csv_of(audit(Actor.of_request(request), since=since)), content_type="text/csv; charset=utf-8"
    )
    response.headers["Content-Disposition"] = 'attachment; filename="skypact-price-audit.csv"'
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def rates(request: HttpRequest) -> HttpResponse:
    """The latest exchange rates; staff takes files in."""
    problems: list[str] = []
    form = RatesForm(request.POST, request.FILES) if request.method == "POST" else RatesForm()
    if request.method == "POST":
        actor = Actor.of_request(request)
        actor.require_staff("import exchange rates")
        if form.is_valid():
            upload = form.cleaned_data["file"]
            try:
                report = import_rates(actor=actor, data=upload.read(LARGEST + 1), name=upload.name)
            except InputError as error:
                problems = [said(problem) for problem in error.problems]
            else:
                taken = _("%(file)s: %(new)s new rates, %(unchanged)s known already.")
                messages.success(request, taken % report.model_dump())
                return redirect("prices:rates")
    today = timezone.localdate()
    context = {
        "form": form,
        "problems": problems,
        "rates": rates_of(today),
        "usable": bool(exchange(today).days),
        "oldest": settings.RATE_AGE_DAYS,
    }
    return render(request, "prices/rates.html", context, status=422 if problems else 200)


@require_POST
def currency(request: HttpRequest) -> HttpResponse:
    """Remember which currency the reader wants prices converted to, and go back."""
    form = CurrencyForm(request.POST)
    chosen = form.cleaned_data["currency"] if form.is_valid() else ""
    back = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure()):
        back = reverse("prices:rates")
    response = redirect(back)
    if chosen:
        response.set_cookie(
            COOKIE, chosen, max_age=_YEAR_S, httponly=True, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE
        )
    else:
        response.delete_cookie(COOKIE, samesite="Lax")
    return response
