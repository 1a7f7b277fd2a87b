"""Pages under ``/kits/``."""

from __future__ import annotations

import json
from contextlib import suppress
from uuid import UUID

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from skypact.market.catalogue import selectors as catalogue
from skypact.market.core.access import Actor
from skypact.market.core.actions import StateError
from skypact.market.core.answering import address_of
from skypact.market.kits import bill, documents, examples, mapping, places, selectors, standing, wording
from skypact.market.kits.actions import RequestKit, StopJob, asker_at, kit_folder, notice_death
from skypact.market.kits.models import StoredKit
from skypact.market.kits.presentation import KitPage
from skypact.market.kits.protecting import ProtectForm
from skypact.market.lab.selectors import seen_tested
from skypact.schema import InputError, Requirement
from skypact.seed import threats

_LARGEST_UPLOAD = 2 * 1024 * 1024


@require_safe
def kits(request: HttpRequest) -> HttpResponse:
    """The list: one's own kits and the published ones."""
    page = selectors.kits_of(Actor.of_request(request), request.GET.get("page"))
    return render(request, "kits/list.html", {"page": page, "query": ""})


@require_http_methods(["GET", "HEAD", "POST"])
def protect(request: HttpRequest) -> HttpResponse:
    """The form "Protect a site": empty, filled from an example or an earlier kit, or sent."""
    if request.method == "POST":
        return _asked(request)
    try:
        form = ProtectForm(requirement=_starting_point(request))
    except InputError as error:
        return _form_page(request, ProtectForm(), refused=error, status=422)
    if not form.main.initial:
        actor = Actor.of_request(request)
        form.main.initial.update(nation=actor.nation or "", role=actor.role or "")
    return _form_page(request, form)


def _asked(request: HttpRequest) -> HttpResponse:
    form = ProtectForm(request.POST)
    requirement = form.requirement()
    if requirement is not None:
        try:
            job = RequestKit(
                actor=Actor.of_request(request), requirement=requirement, asker=asker_at(address_of(request))
            ).execute()
            return redirect("kits:job", job.pk)
        except InputError as error:
            form.show(error)
        except StateError as error:
            form.main.add_error(None, str(error))
    return _form_page(request, form, status=422)


def _starting_point(request: HttpRequest) -> Requirement | None:
    if name := request.GET.get("example"):
        return examples.requirement(name)
    if kit_id := request.GET.get("kit"):
        kit = selectors.kit(Actor.of_request(request), kit_id).kit
        wanted = "\n".join(request.GET.getlist("stand"))
        return standing.only_at(kit, documents.positions_of(wanted, file="stand")) if wanted else kit.requirement
    return None


def _form_page(
    request: HttpRequest, form: ProtectForm, *, refused: InputError | None = None, status: int = 200
) -> HttpResponse:
    context = {
        "form": form,
        "examples": examples.all_examples(),
        "threat_texts": {threat.id: wording.said(threat.summary, threat.summary_ko) for threat in threats()},
        "accepting_unknown": {question.value: text for question, text in wording.ACCEPTING_UNKNOWN.items()},
        "refused": refused,
    }
    return render(request, "kits/protect.html", context, status=status)


@require_POST
def load(request: HttpRequest) -> HttpResponse:
    """Fills the form from a pasted or uploaded document: a requirement, or an area."""
    upload = request.FILES.get("document")
    name = upload.name if upload is not None else "pasted text"
    try:
        found = documents.read(_text_of(request), file=name)
    except InputError as error:
        return _form_page(request, ProtectForm(), refused=error, status=422)
    if isinstance(found, Requirement):
        return _form_page(request, ProtectForm(requirement=found))
    form = ProtectForm()
    form.main.initial.update({"place": "area", "area": found.model_dump_json()})
    return _form_page(request, form)


def _text_of(request: HttpRequest) -> str:
    upload = request.FILES.get("document")
    if upload is None:
        return request.POST.get("text", "")
    if upload.size > _LARGEST_UPLOAD:
        raise InputError.single(file=upload.name, value=f"{upload.size} bytes", accepted="must be at most 2 MiB")
    try:
        return upload.read().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError.single(file=upload.name, place=f"byte {error.start}", accepted="must be UTF-8 text") from None


@require_safe
def airports(request: HttpRequest) -> JsonResponse:
    """Airports by code or name, for the form's search."""
    return JsonResponse({"airports": places.search_airports(request.GET.get("q", ""))})


@require_safe
@never_cache
def job(request: HttpRequest, job_id: UUID) -> HttpResponse:
    """A search under way; with htmx only the part that changes. A finished one leads to its kit."""
    found = notice_death(selectors.job(Actor.of_request(request), job_id))
    if found.kit_id is not None:
        return _to(request, reverse("kits:kit", args=[found.kit_id]))
    template = "kits/_progress.html" if request.htmx else "kits/job.html"
    return render(request, template, {"job": found, "stage": wording.STAGE_NAMES[found.stage]})


def _to(request: HttpRequest, address: str) -> HttpResponse:
    if request.htmx:
        return HttpResponse(headers={"HX-Redirect": address})
    return HttpResponseRedirect(address)


@require_POST
def stop(request: HttpRequest, job_id: UUID) -> HttpResponse:
    """Ends a search with the best kit so far."""
    actor = Actor.of_request(request)
    selectors.job(actor, job_id)
    with suppress(StateError):  # it ended by itself meanwhile; its page shows what came of it
        StopJob(actor=actor, job_id=job_id).execute()
    return redirect("kits:job", job_id)


@require_safe
def kit(request: HttpRequest, kit_id: str) -> HttpResponse:
    """The answer."""
    actor = Actor.of_request(request)
    stored = selectors.kit(actor, kit_id)
    on = timezone.localdate()
    seen = seen_tested(actor, catalogue.listings(actor, [item.listing for item in stored.kit.items], on=on), on=on)
    page = KitPage(stored.kit, kit_folder(stored.pk), {one.record.id: one.record for one in seen})
    found = selectors.spares_of(actor, page.kit, on=on)
    spares = [(page.name(item.listing), item) for item in found]
    return render(request, "kits/kit.html", {"stored": stored, "page": page, "spares": spares})


@require_safe
def picture(request: HttpRequest, kit_id: str, name: str) -> FileResponse:
    """A picture of the kit's map: the relief, or one coverage layer."""
    stored = selectors.kit(Actor.of_request(request), kit_id)
    path = kit_folder(stored.pk) / name
    if path.suffix != ".png" or not path.is_file():
        raise Http404(f"kit {kit_id} has no picture {name}")
    response = FileResponse(path.open("rb"), content_type="image/png")
    response.headers["Cache-Control"] = "private, max-age=3600"
    return response


@require_safe
def as_json(request: HttpRequest, kit_id: str) -> HttpResponse:
    """The kit by its published JSON Schema."""
    stored = selectors.kit(Actor.of_request(request), kit_id)
    return _download(
        stored, f"{json.dumps(stored.document, indent=1, ensure_ascii=False)}\n", "json", "application/json"
    )


@require_safe
def as_geojson(request: HttpRequest, kit_id: str) -> HttpResponse:
    """Site, ring, blind stretches, positions and sectors."""
    stored = selectors.kit(Actor.of_request(request), kit_id)
    text = json.dumps(mapping.features_of(stored.kit), ensure_ascii=False)
    return _download(stored, text, "geojson", "application/geo+json")


@require_safe
def as_csv(request: HttpRequest, kit_id: str) -> HttpResponse:
    """The bill of materials."""
    stored = selectors.kit(Actor.of_request(request), kit_id)
    return _download(stored, bill.csv_of(stored.kit), "csv", "text/csv; charset=utf-8")


def _download(stored: StoredKit, text: str, ending: str, content_type: str) -> HttpResponse:
    disposition = f'attachment; filename="{stored.pk}.{ending}"'
    return HttpResponse(text, content_type=content_type, headers={"Content-Disposition": disposition})
