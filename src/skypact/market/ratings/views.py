"""Pages of acceptances and ratings."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from skypact.market.core.access import Actor
from skypact.market.core.actions import StateError
from skypact.market.ratings import selectors
from skypact.market.ratings.actions import EditRating, RateItem, RecordAcceptance, ReplyToRating, judge
from skypact.market.ratings.forms import AcceptanceForm, RatingForm, ReplyForm
from skypact.schema import InputError

_PAGE_SIZE = 50


def _executed(form: Form, execute: Callable[[], object]) -> bool:
    """Whether the act was done; else the form says why not."""
    try:
        execute()
    except InputError as error:
        for problem in error.problems:
            form.add_error(problem.place if problem.place in form.fields else None, problem.accepted)
    except StateError as error:
        form.add_error(None, str(error))
    else:
        return True
    return False


def _back(slug: str) -> HttpResponseRedirect:
    return redirect(f"{reverse('catalogue:listing', args=[slug])}#ratings")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def acceptances(request: HttpRequest) -> HttpResponse:
    """The deliveries that one's unit accepted; staff see all of them and record further ones."""
    actor = Actor.of_request(request)
    form, status = AcceptanceForm(initial={"listing": request.GET.get("listing", "")}), 200
    if request.method == "POST":
        actor.require_staff("record an acceptance")
        form, status = AcceptanceForm(request.POST), 422
        if form.is_valid() and _executed(form, RecordAcceptance(actor=actor, **form.cleaned_data).execute):
            messages.success(request, _("The acceptance was recorded."))
            return redirect("ratings:acceptances")
    page = Paginator(selectors.acceptances(actor), _PAGE_SIZE).get_page(request.GET.get("page"))
    rows = [
        {"acceptance": row, "rating": getattr(row, "rating", None), "own": selectors.of_unit(actor, row)}
        for row in page.object_list
    ]
    context = {"form": form if actor.is_staff else None, "rows": rows, "page": page}
    return render(request, "ratings/acceptances.html", context, status=status)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def rate(request: HttpRequest, acceptance: int) -> HttpResponse:
    """Rate a delivery that one's unit accepted."""
    actor = Actor.of_request(request)
    found = selectors.own_acceptance(actor, acceptance)
    form = RatingForm(request.POST) if request.method == "POST" else RatingForm()
    if request.method == "POST" and form.is_valid():
        words = {name: value for name, value in form.cleaned_data.items() if name != "seen_version"}
        if _executed(form, RateItem(actor=actor, acceptance=acceptance, **words).execute):
            messages.success(request, _("The rating was saved."))
            return _back(found.listing)
    context = {"form": form, "acceptance": found, "listing": found.listing}
    return render(request, "ratings/rate.html", context, status=422 if form.errors else 200)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, rating: int) -> HttpResponse:
    """Say it otherwise; what was said before stays."""
    actor = Actor.of_request(request)
    found = selectors.own_rating(actor, rating)
    version = found.version
    names = ("score", "pros", "cons", "conditions", "release")
    start = {**{name: getattr(version, name) for name in names}, "seen_version": version.number}
    form = RatingForm(request.POST) if request.method == "POST" else RatingForm(initial=start)
    if request.method == "POST" and form.is_valid():
        words = {**form.cleaned_data, "seen_version": form.cleaned_data["seen_version"] or 0}
        if _executed(form, EditRating(actor=actor, rating=rating, **words).execute):
            messages.success(request, _("The rating was changed."))
            return _back(found.listing)
    context = {"form": form, "rating": found, "listing": found.listing}
    return render(request, "ratings/rate.html", context, status=422 if form.errors else 200)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def reply(request: HttpRequest, rating: int) -> HttpResponse:
    """Answer for the vendor."""
    actor = Actor.of_request(request)
    found = selectors.answerable_rating(actor, rating)
    start = {"text": found.reply.text} if found.reply else {}
    form = ReplyForm(request.POST) if request.method == "POST" else ReplyForm(initial=start)
    if request.method == "POST" and form.is_valid():
        act = ReplyToRating(actor=actor, rating=rating, text=form.cleaned_data["text"])
        if _executed(form, act.execute):
            messages.success(request, _("The reply was saved."))
            return _back(found.listing)
    context = {"form": form, "item": found, "listing": found.listing}
    return render(request, "ratings/reply.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def useful(request: HttpRequest, rating: int) -> HttpResponse:
    """Say whether a rating was useful."""
    actor = Actor.of_request(request)
    found = selectors.rating(actor, rating)
    judge(actor=actor, rating=rating, useful=request.POST.get("useful") == "yes")
    return _back(found.listing)


@login_required
@require_safe
def history(request: HttpRequest, rating: int) -> HttpResponse:
    """Everything that was said in a rating and its reply, for staff and the unit itself."""
    found = selectors.history(Actor.of_request(request), rating)
    return render(request, "ratings/history.html", {"history": found, "listing": found.rating.listing})
