"""Pages under ``/documents/``."""

from __future__ import annotations

from http import HTTPStatus

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_POST, require_safe

from skypact.market.core.access import Actor
from skypact.market.core.actions import StateError
from skypact.market.documents import selectors, uploading
from skypact.market.documents.actions import RemoveDocument, attach_taken, require_right, room_of
from skypact.market.documents.content import LIMITS, MEBI, RefusedFileError, TooLargeError
from skypact.market.documents.downloading import download
from skypact.market.documents.forms import AttachForm
from skypact.market.documents.store import BrokenFileError
from skypact.market.documents.wording import STATES, TYPES
from skypact.schema import InputError


@require_safe
def documents(request: HttpRequest, slug: str) -> HttpResponse:
    """The files of a listing; whoever may change them gets a form."""
    found = selectors.documents_of(Actor.of_request(request), slug, on=timezone.localdate())
    form = AttachForm(initial={"release": found.seen.record.release, "dated": timezone.localdate()})
    return _page(request, found, form)


def _page(
    request: HttpRequest, found: selectors.ListingDocuments, form: AttachForm, *, status: int = 200
) -> HttpResponse:
    limits = ", ".join(f"{TYPES[kind]} {size // MEBI} MiB" for kind, size in LIMITS.items())
    return render(request, "documents/list.html", {"found": found, "form": form, "limits": limits}, status=status)


@require_safe
def file(request: HttpRequest, slug: str, sha256: str) -> HttpResponseBase:
    """The bytes of one file."""
    found = selectors.document(Actor.of_request(request), slug, sha256, on=timezone.localdate())
    try:
        return download(slug, found)
    except BrokenFileError as error:
        context = {"slug": slug, "document": found, "reason": STATES[error.state]}
        return render(request, "documents/broken.html", context, status=HTTPStatus.GONE)


@csrf_exempt
@login_required
@require_POST
def attach(request: HttpRequest, slug: str) -> HttpResponse:
    """Take a file in. The right is asked, and where the bytes go is said, before anything of the body is read."""
    actor = Actor.of_request(request)
    require_right(actor, slug, on=timezone.localdate())
    try:
        handler = uploading.prepare(request, room=room_of(actor))
    except TooLargeError as error:
        return _refused(request, slug, AttachForm(), str(error), status=HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    return _attach(request, slug, handler)


@csrf_protect
def _attach(request: HttpRequest, slug: str, handler: uploading.StoreUploadHandler) -> HttpResponse:
    form = AttachForm(request.POST, request.FILES)
    valid = form.is_valid()
    if handler.refused is not None:
        form.errors.pop("file", None)
        large = isinstance(handler.refused, TooLargeError)
        status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE if large else HTTPStatus.UNPROCESSABLE_ENTITY
        return _refused(request, slug, form, str(handler.refused), status=status)
    if not valid:
        return _refused(request, slug, form, "", status=HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        attach_taken(Actor.of_request(request), slug, form.cleaned_data["file"].keep(), form.description())
    except InputError as error:
        reason = "; ".join(problem.accepted for problem in error.problems)
        return _refused(request, slug, form, reason, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    except RefusedFileError as error:
        return _refused(request, slug, form, str(error), status=HTTPStatus.UNPROCESSABLE_ENTITY)
    except StateError as error:
        return _refused(request, slug, form, str(error), status=HTTPStatus.CONFLICT)
    messages.success(request, _("The file was added."))
    return redirect("documents:list", slug=slug)


def _refused(request: HttpRequest, slug: str, form: AttachForm, reason: str, *, status: int) -> HttpResponse:
    if reason and form.is_bound:
        form.add_error(None, reason)
    elif reason:
        messages.error(request, reason)
    found = selectors.documents_of(Actor.of_request(request), slug, on=timezone.localdate())
    return _page(request, found, form, status=status)


@login_required
@require_POST
def remove(request: HttpRequest, slug: str, sha256: str) -> HttpResponse:
    """Take a file from a listing."""
    try:
        RemoveDocument(actor=Actor.of_request(request), slug=slug, sha256=sha256).execute()
    except StateError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("The file was removed from this listing."))
    return redirect("documents:list", slug=slug)
