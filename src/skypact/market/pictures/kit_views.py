"""Pages under ``/pictures/`` about kits: what was seen of one, attach, withdraw."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from skypact.market.core.access import Actor
from skypact.market.core.actions import StateError
from skypact.market.kits import selectors as kits
from skypact.market.pictures import selectors
from skypact.market.pictures.attaching import AttachOwn, AttachPicture, WithdrawPicture, may_attach
from skypact.market.pictures.downloads import attachment
from skypact.market.pictures.drawing import Drawing, of_report
from skypact.market.pictures.forms import AttachForm, ProductsForm
from skypact.market.pictures.presentation import PicturePage
from skypact.market.pictures.transitions import PictureState
from skypact.schema import InputError


@require_http_methods(["GET", "HEAD", "POST"])
def at_kit(request: HttpRequest, kit_id: str) -> HttpResponse:
    """What pictures show of one kit; its owner and staff attach a signed one here."""
    actor = Actor.of_request(request)
    stored = kits.kit(actor, kit_id)
    if request.method != "POST":
        return _at_kit(request, kit_id, AttachForm())
    if not may_attach(actor, stored):
        return redirect("account_login") if actor.is_anonymous else _at_kit(request, kit_id, AttachForm(), status=403)
    form = AttachForm(request.POST, request.FILES)
    if form.is_valid():
        said = form.cleaned_data
        act = AttachPicture(actor=actor, kit=kit_id, document=said["statement"], release=said["release"])
        if _attached(request, act, form):
            return redirect("pictures:at-kit", kit_id)
    return _at_kit(request, kit_id, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)


def _attached(request: HttpRequest, act: AttachPicture, form: Form) -> bool:
    """Whether the picture stands at the kit now; what is wrong else stands in the form."""
    try:
        act.execute()
    except InputError as error:
        for problem in error.problems:
            form.add_error(None, str(problem))
        return False
    except StateError as error:
        form.add_error(None, str(error))
        return False
    messages.success(request, _("The picture stands at this kit now."))
    return True


def _at_kit(request: HttpRequest, kit_id: str, form: Form, *, status: int = HTTPStatus.OK) -> HttpResponse:
    actor = Actor.of_request(request)
    stored = kits.kit(actor, kit_id)
    context = {
        "stored": stored,
        "pictures": selectors.of_kit(actor, stored, on=timezone.localdate()),
        "form": form,
    }
    return render(request, "pictures/at_kit.html", context, status=status)


@require_safe
def attached(request: HttpRequest, kit_id: str, sha256: str) -> HttpResponse:
    """One picture of a kit; ``?format=json`` is the signed statement, for another node to verify."""
    actor = Actor.of_request(request)
    stored = kits.kit(actor, kit_id)
    badge = selectors.at_kit(actor, stored, sha256, on=timezone.localdate())
    if request.GET.get("format") == "json":
        text = badge.signed.model_dump_json(indent=2)
        return attachment(text, "application/json", f"{kit_id}-picture-{sha256[:8]}.json")
    said = badge.signed.statement
    drawing = Drawing.model_validate_json(badge.row.drawing) if badge.row.drawing else of_report(said.report)
    named = {item.listing: item for item in stored.kit.items}
    context = {
        "stored": stored,
        "badge": badge,
        "said": said,
        "page": PicturePage(said.report, drawing, listings=said.listings),
        "products": [(source, slug, named.get(slug)) for source, slug in sorted(said.listings.items())],
        "may_withdraw": may_attach(actor, stored) and badge.row.withdrawn_at is None,
    }
    return render(request, "pictures/attached.html", context)


@login_required
@require_POST
def withdraw(request: HttpRequest, kit_id: str, sha256: str) -> HttpResponse:
    """Take a picture from a kit."""
    actor = Actor.of_request(request)
    selectors.at_kit(actor, kits.kit(actor, kit_id), sha256, on=timezone.localdate())
    try:
        WithdrawPicture(actor=actor, kit=kit_id, sha256=sha256).execute()
    except StateError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("The picture was withdrawn."))
    return redirect("pictures:at-kit", kit_id)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def attach(request: HttpRequest, key: UUID) -> HttpResponse:
    """Say which source is which product of a kit; this node signs it, and it stands at the kit."""
    actor = Actor.of_request(request)
    picture = selectors.picture(actor, key)
    if picture.state != PictureState.DONE:
        raise selectors.no_picture(key)
    report = picture.found
    context: dict[str, Any] = {
        "picture": picture,
        "kits": [one for one in kits.beside(actor, None) if may_attach(actor, one)],
    }
    kit_id = request.POST.get("kit") or request.GET.get("kit", "")
    if not kit_id:
        return render(request, "pictures/attach.html", context)
    stored = kits.kit(actor, kit_id)
    kit = stored.kit
    form = ProductsForm(report, kit.items, request.POST if request.method == "POST" else None)
    context |= {"stored": stored, "kit": kit, "form": form}
    if request.method != "POST":
        return render(request, "pictures/attach.html", context)
    if form.is_valid():
        said = form.cleaned_data
        act = AttachOwn(
            actor=actor,
            kit=kit_id,
            picture=picture,
            listings=said["listings"],
            this_kit=said["this_kit"],
            valid_days=said["valid_days"],
            release=said["release"],
        )
        if _attached(request, act, form):
            return redirect("pictures:at-kit", kit_id)
    return render(request, "pictures/attach.html", context, status=HTTPStatus.UNPROCESSABLE_ENTITY)
