"""Pages of vendors and of the editors who decide on what they submit."""

from __future__ import annotations

import json
from io import BytesIO
from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from skypact.exchange.catalogue import Format, write_template
from skypact.market.catalogue.report import Report
from skypact.market.core.access import Actor
from skypact.market.core.actions import StateError
from skypact.market.suppliers import selectors
from skypact.market.suppliers.actions import (
    LARGEST_UPLOAD,
    MOST_WITHDRAWN,
    Compare,
    Note,
    Outcome,
    ProposeWithdrawal,
    Submit,
    Withdraw,
    upload,
)
from skypact.market.suppliers.deciding import Approve, Return
from skypact.market.suppliers.forms import UploadForm, WithdrawalForm, remarks_of
from skypact.market.suppliers.models import Submission, Upload
from skypact.market.suppliers.steps import Step, acts_of, sides
from skypact.market.suppliers.transitions import Act, Side
from skypact.schema import InputError


@login_required
@require_safe
def own_listings(request: HttpRequest) -> HttpResponse:
    """What the vendor has in the catalogue. An editor who acts for no vendor is led to the queue."""
    actor = Actor.of_request(request)
    if not actor.vendor and actor.may_edit_catalogue:
        return redirect("suppliers:queue")
    text = request.GET.get("q", "")[:200]
    context = {
        "page": selectors.own_listings(actor, text=text, page=request.GET.get("page")),
        "returned": selectors.returned(actor),
        "vendor": actor.vendor,
        "text": text,
        "query": _query(request),
        "most": MOST_WITHDRAWN,
    }
    return render(request, "suppliers/own_listings.html", context)


@login_required
@require_safe
def queue(request: HttpRequest) -> HttpResponse:
    """What waits for a decision, the oldest first."""
    page = selectors.queue(Actor.of_request(request), page=request.GET.get("page"))
    return render(request, "suppliers/queue.html", {"page": page, "query": _query(request)})


@login_required
@require_safe
def submissions(request: HttpRequest) -> HttpResponse:
    """All submissions that one may see, the latest first."""
    actor = Actor.of_request(request)
    asked = {"vendor": request.GET.get("vendor", "")[:100], "state": request.GET.get("state", "")[:20]}
    page = selectors.submissions(actor, **asked, page=request.GET.get("page"))
    context = {"page": page, "query": _query(request), "keeps": bool(actor.vendor), "narrowed": any(asked.values())}
    return render(request, "suppliers/submissions.html", context)


def _query(request: HttpRequest) -> str:
    kept = request.GET.copy()
    kept.pop("page", None)
    return f"{kept.urlencode()}&" if kept else ""


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new_upload(request: HttpRequest) -> HttpResponse:
    """Upload a file as a new draft."""
    Actor.of_request(request).require_vendor("upload listings")
    return _uploading(request, None)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def replace(request: HttpRequest, pk: int) -> HttpResponse:
    """Upload a corrected file in the place of what a submission held."""
    actor = Actor.of_request(request)
    actor.require_vendor("upload listings")
    found = selectors.submission(actor, pk)
    if Act.REPLACE not in acts_of(actor, found):
        return redirect("suppliers:submission", pk)
    return _uploading(request, found)


def _uploading(request: HttpRequest, found: Submission | None) -> HttpResponse:
    actor = Actor.of_request(request)
    form = UploadForm(request.POST, request.FILES) if request.method == "POST" else UploadForm()
    context: dict[str, object] = {"form": form, "submission": found, "vendor": actor.vendor}
    context["largest"] = LARGEST_UPLOAD // 2**20
    if not form.is_valid():
        return render(request, "suppliers/upload.html", context, status=422 if form.is_bound else 200)
    try:
        outcome = _uploaded(actor, form, found)
    except (InputError, StateError) as error:
        problems = error.problems if isinstance(error, InputError) else ()
        form.add_error("file", "; ".join(problem.accepted for problem in problems) or str(error))
        return render(request, "suppliers/upload.html", context, status=422)
    if outcome.submission is not None:
        messages.success(request, _("The file was read. Look at the differences, then submit them."))
        return redirect("suppliers:submission", outcome.submission.pk)
    status = 200 if outcome.nothing_new else 422
    return render(request, "suppliers/upload.html", {**context, "outcome": outcome}, status=status)


def _uploaded(actor: Actor, form: UploadForm, found: Submission | None) -> Outcome:
    sent = cast(UploadedFile, form.cleaned_data["file"])
    content = sent.read(LARGEST_UPLOAD + 1)
    return upload(
        actor=actor,
        content=content,
        name=sent.name or "upload",
        keep_good=form.cleaned_data["keep_good"],
        submission_id=None if found is None else found.pk,
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def withdrawal(request: HttpRequest) -> HttpResponse:
    """Ask that listings be withdrawn, or listed again."""
    actor = Actor.of_request(request)
    actor.require_vendor("withdraw listings")
    sent = request.POST if request.method == "POST" else request.GET
    slugs, relist = tuple(sent.getlist("id")), sent.get("act") == "relist"
    if not slugs:
        messages.warning(request, _("Mark the listings first."))
        return redirect("suppliers:own")
    form = WithdrawalForm(request.POST) if request.method == "POST" else WithdrawalForm()
    if form.is_valid():
        act = ProposeWithdrawal(actor=actor, slugs=slugs, reason=form.cleaned_data["reason"], relist=relist)
        try:
            return redirect("suppliers:submission", act.execute().pk)
        except StateError as error:
            form.add_error(None, str(error))
    context = {"form": form, "slugs": slugs, "relist": relist}
    return render(request, "suppliers/withdrawal.html", context, status=422 if form.is_bound else 200)


@login_required
@require_safe
def submission(request: HttpRequest, pk: int) -> HttpResponse:
    """One submission: counts, each listing beside what is live, what can be done, and the thread."""
    actor = Actor.of_request(request)
    return _submission_page(request, actor, selectors.submission(actor, pk))


def _submission_page(
    request: HttpRequest, actor: Actor, found: Submission, *, refused: str = "", status: int = 200
) -> HttpResponse:
    acts = acts_of(actor, found)
    moved = selectors.conflicts(actor, found)
    view = request.GET.get("view", "")
    uploads = selectors.uploads(actor, found)
    latest = uploads[-1] if uploads else None
    context = {
        "submission": found,
        "page": selectors.lines(actor, found, moved=moved, view=view, page=request.GET.get("page")),
        "counts": selectors.counts(found),
        "view": view,
        "query": _query(request),
        "conflicts": moved,
        "uploads": uploads,
        "report": Report.model_validate_json(latest.file.report)
        if latest and latest.open and latest.file.refused
        else None,  # a refused row is told with its values
        "thread": selectors.thread(found),
        "acts": {act.value for act in acts},
        "deciding": Act.APPROVE in acts,
        "editing": Side.EDITOR in sides(actor, found),
        "refused": refused,
        "sent": request.POST,
    }
    return render(request, "suppliers/submission.html", context, status=status)


@login_required
@require_POST
def act(request: HttpRequest, pk: int) -> HttpResponse:
    """Does with a submission what the pressed button says."""
    actor = Actor.of_request(request)
    chosen = request.POST.get("act", "")
    step = _step(request, actor, pk, chosen)
    if step is None:
        raise Http404(f"There is no act {chosen}.")
    try:
        step.execute()
    except StateError as error:
        return _submission_page(request, actor, selectors.submission(actor, pk), refused=str(error), status=409)
    messages.success(request, _done(chosen))
    if chosen in ("approve", "return"):
        return redirect("suppliers:queue")
    return redirect("suppliers:submission", pk)


def _step(request: HttpRequest, actor: Actor, pk: int, chosen: str) -> Step | None:
    message = request.POST.get("message", "")
    remarks = remarks_of(request.POST)
    match chosen:
        case "submit":
            return Submit(actor=actor, submission_id=pk, message=message)
        case "withdraw":
            return Withdraw(actor=actor, submission_id=pk, message=message)
        case "note":
            return Note(actor=actor, submission_id=pk, message=message)
        case "compare":
            return Compare(actor=actor, submission_id=pk)
        case "approve":
            return Approve(actor=actor, submission_id=pk, message=message)
        case "approve_chosen":
            slugs = tuple(request.POST.getlist("id"))
            return Approve(actor=actor, submission_id=pk, message=message, remarks=remarks, slugs=slugs)
        case "return":
            return Return(actor=actor, submission_id=pk, message=message, remarks=remarks)
        case _:
            return None


def _done(chosen: str) -> str:
    return {
        "submit": _("Submitted. A catalogue editor decides; you see the answer here."),
        "withdraw": _("The submission was taken back."),
        "note": _("The message was sent."),
        "compare": _("Compared with what is live now."),
        "approve": _("Approved: the catalogue has it now."),
        "approve_chosen": _("The chosen listings are in the catalogue now; the others went back to the vendor."),
        "return": _("The submission went back to the vendor."),
    }[chosen]


@login_required
@require_safe
def file(request: HttpRequest, pk: int, upload_pk: int) -> HttpResponse:
    """An uploaded file as it came: always as a download, never shown."""
    actor = Actor.of_request(request)
    found = selectors.submission(actor, pk)
    stored = Upload.objects.filter(submission=found, pk=upload_pk).first()
    if stored is None or not selectors.may_have(actor, found, stored):
        raise Http404(f"Submission {pk} has no file {upload_pk}.")
    response = HttpResponse(bytes(stored.content), content_type="application/octet-stream")
    name = json.dumps("".join(letter for letter in stored.name if letter.isascii() and letter.isprintable()))
    response.headers["Content-Disposition"] = f"attachment; filename={name}"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


@require_safe
def template(request: HttpRequest) -> HttpResponse:
    """An empty file with every column: CSV, or a workbook."""
    chosen = Format.XLSX if request.GET.get("format") == "xlsx" else Format.CSV
    response = HttpResponse(content_type=chosen.media_type)
    response.headers["Content-Disposition"] = f'attachment; filename="skypact-template.{chosen.value}"'
    file = BytesIO()
    write_template(file, chosen)
    response.write(file.getvalue())
    return response
