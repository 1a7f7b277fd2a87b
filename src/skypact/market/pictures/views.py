"""Pages under ``/pictures/``: send recordings, look at the picture."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from skypact.conformance.standard import Recording
from skypact.market.core.access import Actor
from skypact.market.core.actions import StateError
from skypact.market.pictures import combining, samples, selectors, wording
from skypact.market.pictures.actions import ReleasePicture, RemovePicture, RequestPicture, may_keep, notice
from skypact.market.pictures.attaching import sender_of, signed_here
from skypact.market.pictures.downloads import attachment, download
from skypact.market.pictures.drawing import Drawing
from skypact.market.pictures.forms import PictureForm, ReleaseForm
from skypact.market.pictures.models import Picture
from skypact.market.pictures.presentation import PicturePage
from skypact.market.pictures.transitions import PictureState
from skypact.market.pictures.working import Question
from skypact.schema import InputError


@require_http_methods(["GET", "HEAD", "POST"])
def pictures(request: HttpRequest) -> HttpResponse:
    """What a combined picture is, a sample, one's own pictures, and a form to send recordings."""
    if request.method != "POST":
        return _pictures(request, PictureForm())
    if not request.user.is_authenticated:
        return redirect("account_login")
    form = PictureForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            return redirect("pictures:picture", requested(request, form).pk)
        except InputError as error:
            for problem in error.problems:
                form.add_error(None, str(problem))
        except StateError as error:
            form.add_error(None, str(error))
    return _pictures(request, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)


def requested(request: HttpRequest, form: PictureForm) -> Picture:
    """The picture that is being made of what a valid form holds. Raises InputError, StateError."""
    said = form.cleaned_data
    recordings = [Recording(file.name or "recording", file.read()) for file in said["files"]]
    question = Question(
        names=tuple(one.name for one in recordings),
        sites=said["sites"],
        parties=said["parties"],
        truth=said["truth"] or None,
        undulation_m=said["undulation"],
    )
    actor = Actor.of_request(request)
    return RequestPicture(actor=actor, title=said["title"], question=question, recordings=recordings).execute()


def _pictures(request: HttpRequest, form: PictureForm, *, status: int = HTTPStatus.OK) -> HttpResponse:
    page = selectors.pictures_of(Actor.of_request(request), request.GET.get("page"))
    page.items[:] = [notice(one) for one in page.items]
    context = {"page": page, "query": "", "form": form, "faults": samples.FAULTS}
    return render(request, "pictures/list.html", context, status=status)


@require_safe
@cache_control(private=True, no_store=True)
def picture(request: HttpRequest, key: UUID) -> HttpResponse:
    """A picture: being made (with htmx only the part that changes), failed, or there."""
    actor = Actor.of_request(request)
    found = notice(selectors.picture(actor, key))
    keeps = may_keep(actor, found)
    context: dict[str, Any] = {
        "picture": found,
        "keeps": keeps,
        "release": ReleaseForm(initial={"release": found.release}),
    }
    if found.state == PictureState.DONE:
        if request.htmx:
            return HttpResponse(headers={"HX-Redirect": request.path})
        context["page"] = PicturePage(found.found, Drawing.model_validate_json(found.drawing))
        return render(request, "pictures/picture.html", context)
    context |= _progress(key)
    return render(request, "pictures/_working.html" if request.htmx else "pictures/working.html", context)


def _progress(key: UUID | str) -> dict[str, object]:
    """How far a picture is that is being made."""
    what, share = combining.progress(key) or ("", 0.0)
    return {"stage": wording.STAGES.get(what, ""), "share": f"{share:.3f}", "percent": round(100 * share)}


@require_safe
@cache_control(private=True, no_store=True)
def sample(request: HttpRequest, fault: str = "") -> HttpResponse:
    """A picture of a made-up scene, with a fault in one source if one is named."""
    made = samples.sample(fault)
    context: dict[str, Any] = {"fault": samples.FAULTS.get(fault), "faults": samples.FAULTS}
    if made is not None:
        if request.htmx:
            return HttpResponse(headers={"HX-Redirect": request.path})
        context["page"] = PicturePage(made.report, made.drawing)
        return render(request, "pictures/sample.html", context)
    context |= _progress(samples.key_of(fault))
    return render(request, "pictures/_being_made.html" if request.htmx else "pictures/sample.html", context)


@require_safe
def file(request: HttpRequest, key: UUID, kind: str) -> HttpResponse:
    """The picture as a file: ``statement`` (signed JSON), ``geojson``, ``cot``, ``sapient``."""
    found = selectors.picture(Actor.of_request(request), key)
    if found.state != PictureState.DONE:
        raise selectors.no_picture(key)
    name = f"picture-{str(key)[:8]}"
    if kind == "statement":
        signed = signed_here(found.found, sent_by=sender_of(found))
        return attachment(signed.model_dump_json(indent=2), "application/json", f"{name}.json")
    return download(found.found, kind, name=name)


@login_required
@require_POST
def release(request: HttpRequest, key: UUID) -> HttpResponse:
    """Let others see a picture, or nobody."""
    actor = Actor.of_request(request)
    selectors.picture(actor, key)
    form = ReleaseForm(request.POST)
    try:
        if not form.is_valid():
            raise StateError(_("a release label is PUBLIC, REGISTERED, or REL with nations; or nothing"))
        ReleasePicture(actor=actor, picture=key, release=form.cleaned_data["release"]).execute()
    except InputError as error:
        messages.error(request, "; ".join(problem.accepted for problem in error.problems))
    except StateError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("The release of the picture was changed."))
    return redirect("pictures:picture", key)


@login_required
@require_POST
def remove(request: HttpRequest, key: UUID) -> HttpResponse:
    """Remove a picture."""
    actor = Actor.of_request(request)
    selectors.picture(actor, key)
    RemovePicture(actor=actor, picture=key).execute()
    messages.success(request, _("The picture was removed."))
    return redirect("pictures:pictures")
