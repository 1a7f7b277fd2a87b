"""Pages of saved searches."""

from __future__ import annotations

from urllib.parse import parse_qsl

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from skypact.market.core.access import Actor
from skypact.market.core.actions import StateError
from skypact.market.searches import selectors
from skypact.market.searches.actions import RemoveSearch, RenameSearch, SaveSearch, note_opened
from skypact.market.searches.queries import canonical


@login_required
@require_safe
def searches(request: HttpRequest) -> HttpResponse:
    """One's own saved searches."""
    return render(request, "searches/list.html", {"kept": selectors.searches_of(Actor.of_request(request))})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def save(request: HttpRequest) -> HttpResponse:
    """Name the search that the address carries and keep it; then show it again."""
    query = canonical(request.POST.get("query", "") if request.method == "POST" else request.GET.urlencode())
    name = request.POST.get("name", dict(parse_qsl(query)).get("q", ""))
    context = {"query": query, "name": name, "refused": ""}
    if request.method == "POST":
        try:
            kept = SaveSearch(actor=Actor.of_request(request), name=name, query=query).execute()
        except StateError as error:
            context["refused"] = str(error)
        else:
            messages.success(request, _("Saved as “%(name)s”.") % {"name": kept.name})
            return redirect(f"{reverse('catalogue:search')}?{kept.query}")
    return render(request, "searches/save.html", context, status=409 if context["refused"] else 200)


@login_required
@require_safe
def open_(request: HttpRequest, search_id: int) -> HttpResponse:
    """The search itself."""
    kept = note_opened(Actor.of_request(request), search_id)
    return redirect(f"{reverse('catalogue:search')}?{kept.query}")


@login_required
@require_POST
def rename(request: HttpRequest, search_id: int) -> HttpResponse:
    """Another name."""
    try:
        RenameSearch(actor=Actor.of_request(request), search_id=search_id, name=request.POST.get("name", "")).execute()
    except StateError as error:
        messages.error(request, _("The search keeps its name: %(reason)s.") % {"reason": error})
    return redirect("searches:list")


@login_required
@require_POST
def remove(request: HttpRequest, search_id: int) -> HttpResponse:
    """Forget it; the page offers to take that back."""
    gone = RemoveSearch(actor=Actor.of_request(request), search_id=search_id).execute()
    context = {"kept": selectors.searches_of(Actor.of_request(request)), "gone": gone}
    return render(request, "searches/list.html", context)
