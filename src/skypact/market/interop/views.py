"""Pages: does it work together, and what a listing works with."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from skypact.engines.interop.together import Aspect, Wanted, missing_facts
from skypact.market.catalogue import selectors as catalogue
from skypact.market.catalogue.selectors import Filters
from skypact.market.core.access import Actor
from skypact.market.core.parameters import takes
from skypact.market.interop import limits, selectors, wording
from skypact.market.interop.drawing import picture
from skypact.market.interop.forms import READ, asked_of
from skypact.market.interop.partners import MEETS, Partners, works_with
from skypact.market.interop.reason_pictures import pictures
from skypact.market.interop.selectors import Answered, Asked
from skypact.market.lab.selectors import told_about
from skypact.schema import Answer, InputError, Sentence

_FOUND = 8
#: A microphone array and a command and control product that need a gateway between them.
_EXAMPLE = ("squarehead-discovair-g2-plus", "tak-server")
_FAMILIES = ("sensor", "c2", "gateway", "adapter", "power", "network", "radio", "mount")


@require_safe
@takes(*READ)
def together(request: HttpRequest) -> HttpResponse:
    """The set question: choose, check, see what is missing, share the address."""
    actor, on = Actor.of_request(request), timezone.localdate()
    context: dict[str, Any] = {"query": request.GET, "mains": request.GET.get("mains", "230x16")}
    context["mast_m"] = request.GET.get("mast_m", f"{Wanted.mast_m:g}")
    context["accepted"] = [
        {"value": value, "name": name, "chosen": request.GET.get("accept", "2") == str(value)}
        for value, name in wording.ACCEPTED.items()
    ]
    words = request.GET.get("q", "").strip()
    if words:
        filters = Filters(q=words, chosen={"family": _FAMILIES})
        found = catalogue.search(actor, filters, on=on, size=_FOUND, facets=False)
        context["found"] = [
            {"record": item.record, "vendor": item.vendor, "add": _with(request, item.record.id)}
            for item in found.page.items
            if item.record.id not in request.GET.getlist("listing")
        ]
    status = 200
    try:
        asked = asked_of(request.GET)
        context["wanted"] = asked.wanted
        context["lines"] = _lines(request, actor, asked)
        if not asked.chosen:
            context["example"] = _example(actor)
        if asked.chosen:
            context |= _shown(selectors.answered(actor, asked, on=on), request.GET)
    except InputError as error:
        context["problems"], status = error.problems, 422
    return render(request, "interop/together.html", context, status=status)


def _example(actor: Actor) -> dict[str, Any] | None:
    """A set of built-in listings to begin with, where the reader may see them all."""
    seen = catalogue.listings(actor, list(_EXAMPLE), on=timezone.localdate())
    if len(seen) < len(_EXAMPLE):
        return None
    query = urlencode([("listing", slug) for slug in _EXAMPLE])
    return {"records": [one.record for one in seen], "query": query}


def _with(request: HttpRequest, slug: str) -> str:
    query = request.GET.copy()
    for name in ("q",):
        query.pop(name, None)
    query.appendlist("listing", slug)
    query.appendlist("quantity", "1")
    return query.urlencode()


def _lines(request: HttpRequest, actor: Actor, asked: Asked) -> list[dict[str, Any]]:
    """The chosen listings, each with the address of the page without it."""
    seen = catalogue.listings(actor, [one.listing for one in asked.chosen], on=timezone.localdate())
    records = {item.record.id: item for item in seen}
    lines = []
    for one in asked.chosen:
        rest = request.GET.copy()
        kept = [other for other in asked.chosen if other is not one]
        rest.setlist("listing", [other.listing for other in kept])
        rest.setlist("quantity", [str(other.quantity) for other in kept])
        rest.setlist("owned", [other.listing for other in kept if other.owned])
        lines.append({"chosen": one, "seen": records.get(one.listing), "without": rest.urlencode()})
    return lines


def _shown(found: Answered, query: QueryDict) -> dict[str, Any]:
    checked = found.found.checked
    counted = [one for one in checked.findings if one.aspect is not Aspect.SUPPORT or found.question.wanted.supported]
    return {
        "answered": found,
        "answer": checked.answer,
        "aspects": [
            {
                "name": wording.ASPECTS[aspect],
                "answer": given,
                "findings": [one for one in checked.findings if one.aspect is aspect],
            }
            for aspect, given in checked.aspects.items()
        ],
        "missing": missing_facts(counted),
        "completion": found.found.completion,
        "open_ways": _open_ways(found),
        "reasons": [
            {
                "told": one,
                "picture": picture_of,
                "stipulations": [_stipulated(found, kind.kind, kind.listing) for kind in one.reason.stipulations],
            }
            for one, picture_of in zip(found.found.reasons, pictures(found, found.found.reasons), strict=True)
        ],
        "limits": [limits.shown(one, query) for one in found.found.limits],
        "late": found.found.late,
        "diagram": picture(found),
        "unanswered": checked.answer is not Answer.YES,
    }


def _open_ways(found: Answered) -> list[tuple[list[str], Sentence]]:
    """The ways of data and power in the completed set that are not sure: whom they join, and what is open."""
    completion = found.found.completion
    if completion is None:
        return []
    ways = [
        ((one.path.source, *one.path.via, one.path.target), one.path.answer, one.path.reason)
        for one in completion.connections
    ]
    ways += [
        ((one.source, one.consumer) if one.source else (one.consumer,), one.way.fit.answer, one.way.fit.reason)
        for one in completion.feeds
    ]
    return [([*joined], reason) for joined, answer, reason in ways if answer is not Answer.YES]


def _stipulated(found: Answered, kind: Any, listing: str | None) -> str:
    text = str(wording.STIPULATIONS[kind])
    return text % {"name": found.name(listing)} if listing is not None else text


@require_safe
@takes("page", "answer", "family")
def partners(request: HttpRequest, slug: str) -> HttpResponse:
    """Everything that one listing works with, page by page."""
    actor, on = Actor.of_request(request), timezone.localdate()
    seen = catalogue.listing(actor, slug, on=on)
    told = told_about(actor, seen.record, on=on)
    seen = told.seen(seen)
    asked = request.GET.get("page", "1")
    page = int(asked) if asked.isascii() and asked.isdecimal() and len(asked) < 6 else 1
    answer = next((one for one in (Answer.YES, Answer.UNKNOWN) if one.value == request.GET.get("answer")), None)
    met = MEETS.get(seen.record.category.family, ())
    family = next((one for one in met if one == request.GET.get("family")), None)
    found = works_with(actor, seen.record, on=on, page=page, answer=answer, family=family, told=told)
    return render(
        request,
        "interop/partners.html",
        {
            "seen": seen,
            "record": seen.record,
            "partners": found,
            "title": _("Works with"),
            "choices": _choices(found, answer, family),
            "narrowed": answer is not None or family is not None,
            "chosen": urlencode({name: value for name, value in (("answer", answer), ("family", family)) if value}),
        },
    )


def _choices(found: Partners, answer: Answer | None, family: str | None) -> list[dict[str, Any]]:
    """Links to narrow the list by: how surely, and what kind; each with how many there are of it."""
    links: list[dict[str, Any]] = [
        {
            "name": name,
            "number": sum(
                one.number for one in found.counts if value in (None, one.answer) and family in (None, one.family)
            ),
            "query": {"answer": value, "family": family},
            "chosen": value == answer,
        }
        for value, name in wording.CERTAINTIES.items()
    ]
    kinds = dict.fromkeys([None, *(one.family for one in found.counts)])
    return [
        {"name": _("How surely"), "links": links},
        {
            "name": _("Kind"),
            "links": [
                {
                    "name": _("all") if kind is None else wording.FAMILIES[kind],
                    "number": sum(one.number for one in found.counts
                                  if kind in (None, one.family) and answer in (None, one.answer)),
                    "query": {"answer": answer, "family": kind},
                    "chosen": kind == family,
                }
                for kind in kinds
            ],
        },
    ]  # fmt: skip
