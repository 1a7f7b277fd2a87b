"""Pages of the catalogue."""

from __future__ import annotations

import json
from typing import BinaryIO, cast
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from skypact.exchange.catalogue import Format
from skypact.market.catalogue import comparing, narrowing, presentation, relating, remedies, scores, selectors, states
from skypact.market.catalogue.actions import EditListing, import_file
from skypact.market.catalogue.api import download, download_bundle, download_state
from skypact.market.catalogue.forms import READ, EditForm, ImportForm, filters_of, mistakes_in, page_size_of
from skypact.market.catalogue.withdrawing import reason_of
from skypact.market.core.access import Actor
from skypact.market.core.actions import StateError
from skypact.market.core.parameters import takes
from skypact.market.lab.selectors import seen_tested, told_about
from skypact.schema import InputError


@require_safe
@takes(*READ)
def search(request: HttpRequest) -> HttpResponse:
    """The list, with filters; htmx gets the part below the search field."""
    actor, on = Actor.of_request(request), timezone.localdate()
    filters, size = filters_of(request.GET), page_size_of(request.GET)
    found = selectors.search(actor, filters, on=on, page=request.GET.get("page"), size=size)
    chosen = selectors.listings(actor, request.GET.getlist("id")[: 2 * selectors.MOST_COMPARED], on=on)
    chosen_ids = {item.record.id for item in chosen}
    kept = request.GET.copy()
    for name in ("page", "csrfmiddlewaretoken"):
        kept.pop(name, None)
    chips = narrowing.chips(found, filters, request.GET)

    def count_of(asked: QueryDict) -> int:
        return selectors.search(actor, filters_of(asked), on=on, facets=False, size=1).page.total

    context = {
        "filters": filters,
        "page": found.page,
        "size": size,
        "sizes": selectors.PAGE_SIZES,
        "sorts": _sorts(found, filters),
        "groups": narrowing.groups(found, filters, request.GET),
        "chips": chips,
        "loosened": [] if found.page.total else narrowing.loosened(chips, count_of),
        "corrections": narrowing.corrections(found, filters, request.GET),
        "mistakes": mistakes_in(request.GET),
        "cards": [{"seen": item, "chosen": item.record.id in chosen_ids} for item in found.page.items],
        "chosen_elsewhere": [
            item for item in chosen if item.record.id not in {seen.record.id for seen in found.page.items}
        ],
        "chosen_count": len(chosen),
        "chosen_query": urlencode({"id": [item.record.id for item in chosen]}, doseq=True),
        "most_compared": selectors.MOST_COMPARED,
        "query": f"{kept.urlencode()}&" if kept else "",
        "faceted": bool(filters.chosen or filters.between),
        "narrowed": not filters.everything,
    }
    partial = request.htmx and not request.htmx.history_restore_request
    return render(request, "catalogue/_found.html" if partial else "catalogue/search.html", context)


def _sorts(found: selectors.Found, filters: selectors.Filters) -> list[str]:
    """The orders that say something here: relevance to a text, a number that some of the listings have."""
    return [
        name
        for name in selectors.SORTS
        if name == filters.order
        or (filters.q if name == "relevance" else name not in found.numbers or found.numbers[name].known)
    ]


@require_safe
def listing(request: HttpRequest, slug: str) -> HttpResponse:
    """One listing with every claim."""
    actor, on = Actor.of_request(request), timezone.localdate()
    seen = selectors.listing(actor, slug, on=on)
    told = told_about(actor, seen.record, on=on)
    seen = told.seen(seen)
    record = seen.record
    context = {
        "told": told,
        "seen": seen,
        "record": record,
        "sections": presentation.sections(record, on=on),
        "matrices": scores.matrices(record.scores, on=on),
        "scored": scores.may_be_assured(record),
        "relations": relating.relations_of(actor, record, on=on),
        "withdrawn_because": reason_of(slug) if seen.withdrawn else "",
        "on": on,
    }
    return render(request, "catalogue/listing.html", context)


@require_safe
def vendor(request: HttpRequest, slug: str) -> HttpResponse:
    """One vendor and what it offers."""
    actor, on = Actor.of_request(request), timezone.localdate()
    _row, record = selectors.vendor(actor, slug)
    filters = selectors.Filters(chosen={"vendor": (slug,)})
    found = selectors.search(actor, filters, on=on, page=request.GET.get("page"), facets=False)
    cards = [{"seen": item} for item in found.page.items]
    return render(
        request, "catalogue/vendor.html", {"record": record, "page": found.page, "cards": cards, "query": "", "on": on}
    )


@require_safe
@takes()
def state(request: HttpRequest, name: str) -> HttpResponse:
    """The catalogue as it was when a kit was composed from it, and what has become of it since."""
    try:
        found = states.state(Actor.of_request(request), name, on=timezone.localdate())
    except Http404:
        return render(request, "catalogue/unknown_state.html", {"name": name}, status=404)
    return render(request, "catalogue/state.html", {"state": found, "endings": [one.value for one in Format]})


@require_safe
@takes()
def export_state(request: HttpRequest, name: str, ending: str) -> HttpResponse:
    """That catalogue as a file."""
    if ending not in list(Format):
        raise Http404(f"There is no catalogue file {ending}.")
    return download_state(Actor.of_request(request), name, Format(ending))


@require_safe
@takes("id")
def compare(request: HttpRequest) -> HttpResponse:
    """Up to six listings side by side."""
    asked = list(dict.fromkeys(request.GET.getlist("id")))
    actor, on = Actor.of_request(request), timezone.localdate()
    seen = seen_tested(actor, selectors.listings(actor, asked[: selectors.MOST_COMPARED], on=on), on=on)
    columns = [
        {
            "seen": item,
            "without": urlencode({"id": [other for other in asked if other != item.record.id]}, doseq=True),
        }
        for item in seen
    ]
    context = {
        "columns": columns,
        "sections": comparing.side_by_side([item.record for item in seen], on=on),
        "left_out": max(0, len(asked) - selectors.MOST_COMPARED),
        "most_compared": selectors.MOST_COMPARED,
        "chosen": urlencode({"id": [item.record.id for item in seen]}, doseq=True),
    }
    return render(request, "catalogue/compare.html", context)


@require_safe
def compare_csv(request: HttpRequest) -> HttpResponse:
    """The same comparison as a file."""
    actor, on = Actor.of_request(request), timezone.localdate()
    asked = list(dict.fromkeys(request.GET.getlist("id")))[: selectors.MOST_COMPARED]
    records = [item.record for item in selectors.listings(actor, asked, on=on)]
    disposition = 'attachment; filename="skypact-comparison.csv"'
    text = comparing.csv_of(records, on=on)
    return HttpResponse(text, content_type="text/csv; charset=utf-8", headers={"Content-Disposition": disposition})


@require_safe
def export(request: HttpRequest, ending: str) -> HttpResponse:
    """The listings of a search as a file."""
    if ending not in list(Format):
        raise Http404(f"There is no export as {ending}.")
    return download(Actor.of_request(request), filters_of(request.GET), Format(ending))


@require_safe
def export_bundle(request: HttpRequest) -> HttpResponse:
    """Everything the reader may see, with its JSON Schema."""
    return download_bundle(Actor.of_request(request))


def _require_staff(request: HttpRequest, act: str) -> Actor:
    actor = Actor.of_request(request)
    actor.require_staff(act)
    return actor


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def import_(request: HttpRequest) -> HttpResponse:
    """Take a catalogue file in, and say what is wrong with it."""
    actor = _require_staff(request, "import a catalogue")
    form = ImportForm(request.POST, request.FILES) if request.method == "POST" else ImportForm()
    report = None
    if form.is_valid():
        upload = form.cleaned_data["file"]
        report = import_file(
            actor=actor,
            stream=cast(BinaryIO, upload.file),
            name=upload.name,
            keep_good=form.cleaned_data["keep_good"],
        )
    status = 422 if report is not None and not report.taken else 200
    return render(request, "catalogue/import.html", {"form": form, "report": report}, status=status)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, slug: str) -> HttpResponse:
    """Change one listing."""
    actor = _require_staff(request, "edit a listing")
    seen = selectors.listing(actor, slug, on=timezone.localdate())
    if request.method != "POST":
        document = json.dumps(seen.record.model_dump(mode="json", exclude_defaults=True), indent=2, ensure_ascii=False)
        form = EditForm(initial={"document": document, "digest": seen.digest})
        return render(request, "catalogue/edit.html", {"form": form, "seen": seen})
    form = EditForm(request.POST)
    problems: list[str] = []
    if form.is_valid():
        act = EditListing(
            actor=actor,
            slug=slug,
            document=form.cleaned_data["document"],
            seen_digest=form.cleaned_data["digest"],
        )
        try:
            act.execute()
        except InputError as error:
            problems = [
                str(problem.model_copy(update={"accepted": remedies.in_language(problem.accepted)}))
                for problem in error.problems
            ]
        except StateError as error:
            problems = [str(error)]
        else:
            messages.success(request, _("The listing was changed."))
            return redirect("catalogue:listing", slug=slug)
    return render(request, "catalogue/edit.html", {"form": form, "seen": seen, "problems": problems}, status=422)
