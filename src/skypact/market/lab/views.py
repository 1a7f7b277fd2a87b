"""Pages under ``/lab/``."""

from __future__ import annotations

from datetime import timedelta
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from skypact.conformance import STANDARDS
from skypact.conformance.signing import VALID_DAYS, Statement
from skypact.conformance.standard import Recording
from skypact.market.catalogue import selectors as catalogue
from skypact.market.catalogue.presentation import name_of
from skypact.market.catalogue.selectors import SeenListing
from skypact.market.core.access import Actor
from skypact.market.core.actions import StateError
from skypact.market.lab import samples, selectors, testing, wording
from skypact.market.lab.actions import (
    AttachResult,
    DistrustKey,
    NoteFirmware,
    TrustKey,
    WithdrawResult,
    own_name,
    signed_here,
)
from skypact.market.lab.badges import badge_document, due_listings
from skypact.market.lab.due import Due, due_of
from skypact.market.lab.emblem import emblem_of, svg_of
from skypact.market.lab.forms import AttachForm, FirmwareForm, KeyForm, TestForm
from skypact.market.lab.keys import own_fingerprint
from skypact.market.lab.naming import stated_claims
from skypact.market.lab.outcome import Outcome, again
from skypact.market.lab.places import BusyError, place
from skypact.market.lab.selectors import Badge
from skypact.schema import InputError, Listing


@require_http_methods(["GET", "HEAD", "POST"])
def lab(request: HttpRequest) -> HttpResponse:
    """The standards, and a form to test an interface; a recording that is sent is tested at once."""
    actor = Actor.of_request(request)
    if request.method != "POST":
        return _lab(request, TestForm(initial=request.GET.dict(), **_choices(actor)))
    form = TestForm(request.POST, request.FILES, **_choices(actor))
    if not form.is_valid() or not _may_attach(actor, form):
        return _lab(request, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    return _tested(request, actor, form)


def _choices(actor: Actor) -> dict[str, Any]:
    """What the form offers to ``actor``: staff attach to any listing and name it."""
    if actor.is_staff:
        return {"own": None}
    return {"own": selectors.own_names(actor), "known": not actor.is_anonymous}


def _may_attach(actor: Actor, form: TestForm) -> bool:
    """Before anything is tested: whether the listing that the form names takes a result of ``actor``."""
    slug = form.cleaned_data.get("listing", "")
    found = catalogue.listings(actor, [slug], on=timezone.localdate()) if slug else []
    if slug and not (found and selectors.may_change(actor, found[0].record.vendor)):
        form.add_error(
            "listing", _("There is no listing %(value)s to which you may attach a result.") % {"value": slug}
        )
    return form.is_valid()


def _lab(request: HttpRequest, form: TestForm, *, status: int = HTTPStatus.OK) -> HttpResponse:
    actor, on = Actor.of_request(request), timezone.localdate()
    tested = [(one, samples.specimens(one.name), samples.second_decoders(one.name)) for one in STANDARDS.values()]
    asked = form["listing"].value() if "listing" in form.fields else ""
    own = catalogue.listings(actor, [asked], on=on) if asked else []
    context = {
        "standards": tested,
        "form": form,
        "fingerprint": own_fingerprint(),
        "most_seconds": testing.MOST_SECONDS,
        "due": _due(request) if request.user.is_authenticated else [],
        "rungs": wording.RUNGS,
        "needs": wording.NEEDS,
        "product": own[0].record if own else None,
        "stated": stated_claims(own[0].record.ports) if own else [],
    }
    return render(request, "lab/lab.html", context, status=status)


def _due(request: HttpRequest) -> list[tuple[SeenListing, list[Due]]]:
    """What the reader's listings are to be tested for again."""
    return due_listings(Actor.of_request(request), on=timezone.localdate())


@login_required
@require_safe
def due(request: HttpRequest) -> HttpResponse:
    """Which of the reader's products need another test, why, and the way to it."""
    return render(request, "lab/due.html", {"listings": _due(request)})


@require_safe
def tested_products(request: HttpRequest) -> HttpResponse:
    """The products with a badge that holds today, by standard."""
    standard = request.GET.get("standard", "")
    chosen = standard if standard in STANDARDS else ""
    found = selectors.proven(Actor.of_request(request), standard=chosen, on=timezone.localdate())
    context = {"found": found, "standards": STANDARDS.values(), "chosen": chosen}
    return render(request, "lab/tested_products.html", context)


@require_safe
def sample(request: HttpRequest, standard: str, name: str) -> HttpResponse:
    """A recording to try the lab with."""
    found = (
        next((one for one in samples.specimens(standard) if one.name == name), None) if standard in STANDARDS else None
    )
    if found is None:
        raise Http404(f"There is no sample {name} of {standard}.")
    response = HttpResponse(found.data, content_type="application/octet-stream")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@require_safe
def badge_svg(request: HttpRequest, slug: str, standard: str) -> HttpResponse:
    """What holds today of one interface, as a picture that other sites may show; ``?lang=ko`` for Korean."""
    language = request.GET.get("lang", "")
    with translation.override(language if language in dict(settings.LANGUAGES) else translation.get_language()):
        record, badge = _emblem(request, slug, standard)
        text = svg_of(emblem_of(name_of(record), badge, standard=standard), language=translation.get_language())
    response = HttpResponse(text, content_type="image/svg+xml")
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    response.headers["Cache-Control"] = "no-cache" if request.user.is_authenticated else "public, max-age=600"
    response.headers["Vary"] = "Accept-Language, Cookie"
    return response


@require_safe
def badge_json(request: HttpRequest, slug: str, standard: str) -> HttpResponse:
    """The same as JSON."""
    record, badge = _emblem(request, slug, standard)
    said = None if badge is None else badge_document(badge)
    response = JsonResponse({"listing": record.id, "standard": standard, "result": said})
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response


def _emblem(request: HttpRequest, slug: str, standard: str) -> tuple[Listing, Badge | None]:
    if standard not in STANDARDS:
        raise Http404(f"The lab knows no standard {standard}.")
    version = request.GET.get("version", "")
    on = timezone.localdate()
    return selectors.emblem(Actor.of_request(request), slug, standard, version, on=on)


def _tested(request: HttpRequest, actor: Actor, form: TestForm) -> HttpResponse:
    said = form.cleaned_data
    recordings = [Recording(file.name or "recording", file.read()) for file in said["files"]]
    try:
        with place(actor):
            report = testing.check(said["standard"], recordings, said["claim"] or None)
    except (testing.TooMuchError, testing.WrongFileError) as error:
        form.add_error("files", str(error))
        return _lab(request, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    except BusyError as error:
        form.add_error("files", str(error))
        return _lab(request, form, status=HTTPStatus.SERVICE_UNAVAILABLE)
    slug, firmware = said.get("listing", ""), said.get("firmware", "")
    known = {"standard": report.standard, "claim": said["claim"], "listing": slug, "firmware": firmware}
    context = {
        "report": report,
        "outcome": Outcome(report),
        "needs": wording.NEEDS,
        "seconds": samples.second_decoders(report.standard),
        "is_sample": bool(samples.own_hashes() & {file.sha256 for file in report.files}),
        "again": again(**known),
        "claims": [(version, again(**{**known, "claim": version})) for version in Outcome(report).others],
    }
    if actor.is_anonymous:  # what this node signs says who sent the recording
        return render(request, "lab/tested.html", {**context, "document": report.model_dump_json()})
    today, days = timezone.localdate(), said["valid_days"] or VALID_DAYS
    statement = Statement(
        report=report,
        conducted_by=own_name(sent_by=actor),
        tested_on=today,
        valid_until=today + timedelta(days=days),
        listing=slug or None,
        firmware=firmware or None,
    )
    signed = signed_here(statement)
    document = signed.model_dump_json()
    signing = {"signed": signed, "said": statement, "document": document}
    if slug:
        attach = AttachForm(initial={"statement": document, "release": "PUBLIC"})
        product = name_of(catalogue.listing(actor, slug, on=today).record)
        signing |= {"attach": attach, "product": product}
    return render(request, "lab/tested.html", {**context, **signing})


@require_safe
def results(request: HttpRequest, slug: str) -> HttpResponse:
    """What labs say of one listing."""
    return _results(request, slug)


def _results(request: HttpRequest, slug: str, *, attach: Form | None = None, status: int = 200) -> HttpResponse:
    actor, on = Actor.of_request(request), timezone.localdate()
    seen = catalogue.listing(actor, slug, on=on)
    found = selectors.of_listing(actor, slug, vendor=seen.record.vendor, on=on)
    context: dict[str, Any] = {
        "seen": seen,
        "record": seen.record,
        "results": found,
        "due": due_of(found.badges, firmware=found.firmware, ports=seen.record.ports, on=on)
        if found.may_change
        else [],
        "emblems": [one for one in found.badges if one.proves and one.result.release == "PUBLIC"],
        "site": request.build_absolute_uri("/").rstrip("/"),
        "attach": attach or AttachForm(initial={"release": "PUBLIC"}),
        "firmware": FirmwareForm(initial={"firmware": found.firmware}),
    }
    return render(request, "lab/results.html", context, status=status)


@require_safe
def result(request: HttpRequest, slug: str, sha256: str) -> HttpResponse:
    """One result with its whole report; ``?format=json`` is the signed statement, for another node to verify."""
    actor, on = Actor.of_request(request), timezone.localdate()
    badge, signed = selectors.result(actor, slug, sha256, on=on)
    if request.GET.get("format") == "json":
        response = HttpResponse(signed.model_dump_json(indent=2), content_type="application/json")
        response.headers["Content-Disposition"] = f'attachment; filename="{slug}-{sha256[:8]}.json"'
        return response
    record = catalogue.listing(actor, slug, on=on).record
    context = {
        "badge": badge,
        "signed": signed,
        "said": signed.statement,
        "report": signed.statement.report,
        "outcome": Outcome(signed.statement.report),
        "record": record,
        "may_withdraw": selectors.may_withdraw(actor, record.vendor, badge),
    }
    return render(request, "lab/result.html", context)


@login_required
@require_POST
def attach(request: HttpRequest, slug: str) -> HttpResponse:
    """Put a signed statement at its listing."""
    form = AttachForm(request.POST, request.FILES)
    actor = Actor.of_request(request)
    catalogue.listing(actor, slug, on=timezone.localdate())
    if not form.is_valid():
        return _results(request, slug, attach=form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    said = form.cleaned_data
    try:
        AttachResult(actor=actor, slug=slug, document=said["statement"], release=said["release"]).execute()
    except InputError as error:
        for problem in error.problems:
            form.add_error(None, str(problem))
        return _results(request, slug, attach=form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    except StateError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("The result stands at this listing now."))
    return redirect("lab:results", slug)


@login_required
@require_POST
def withdraw(request: HttpRequest, slug: str, sha256: str) -> HttpResponse:
    """Take a result from a listing's page."""
    try:
        WithdrawResult(actor=Actor.of_request(request), slug=slug, sha256=sha256).execute()
    except StateError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("The result was withdrawn."))
    return redirect("lab:results", slug)


@login_required
@require_POST
def firmware(request: HttpRequest, slug: str) -> HttpResponse:
    """Say which firmware is shipped now."""
    try:
        NoteFirmware(actor=Actor.of_request(request), slug=slug, version=request.POST.get("firmware", "")).execute()
    except InputError as error:
        messages.error(request, "; ".join(problem.accepted for problem in error.problems))
    except StateError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("The firmware is on record. Results of another one ask for a new test."))
    return redirect("lab:results", slug)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def keys(request: HttpRequest) -> HttpResponse:
    """Whose results this node believes; for staff."""
    actor = Actor.of_request(request)
    form = KeyForm(request.POST or None)
    status = HTTPStatus.OK
    if request.method == "POST" and request.POST.get("distrust"):
        try:
            DistrustKey(actor=actor, fingerprint=request.POST["distrust"]).execute()
        except StateError as error:
            messages.error(request, str(error))
        return redirect("lab:keys")
    if request.method == "POST" and form.is_valid():
        try:
            TrustKey(actor=actor, **form.cleaned_data).execute()
            return redirect("lab:keys")
        except InputError as error:
            for problem in error.problems:
                form.add_error(problem.place, problem.accepted)
        except StateError as error:
            form.add_error(None, str(error))
    if request.method == "POST":
        status = HTTPStatus.UNPROCESSABLE_ENTITY
    context = {"keys": selectors.keys(actor), "form": form, "fingerprint": own_fingerprint()}
    return render(request, "lab/keys.html", context, status=status)
