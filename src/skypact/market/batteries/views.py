"""Pages of batteries: what fits, what replaces a pack, and the curve over the number of kinds."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from skypact.engines.interop.batteries import Curve, Point
from skypact.exchange.fleet import FleetFile
from skypact.market.batteries import documents, selectors, wording
from skypact.market.batteries.forms import FleetForm
from skypact.market.batteries.selectors import Equipment
from skypact.market.core.access import Actor
from skypact.schema import Answer, Fleet, InputError

_DEFAULT_KINDS = 8
_SUBSTITUTES_SHOWN = 20


def _equipment(request: HttpRequest) -> Equipment:
    return selectors.equipment(Actor.of_request(request), on=timezone.localdate())


@require_http_methods(["GET", "HEAD", "POST"])
def batteries(request: HttpRequest) -> HttpResponse:
    """Questions to ask, and the curve for every listed aircraft or for a fleet file."""
    held = _equipment(request)
    form = FleetForm(request.POST, request.FILES) if request.method == "POST" else FleetForm()
    context: dict[str, Any] = {"held": held, "form": form, "problems": ()}
    context |= {"packs": held.of("battery"), "aircraft": held.of("aircraft"), "chargers": held.of("charger")}
    kinds, count_unknown = _DEFAULT_KINDS, "count_unknown" in request.GET
    try:
        if request.method != "POST":
            file = FleetFile(held.every_aircraft(_("One of every listed aircraft")), "catalogue")
        elif not form.is_valid():
            return render(request, "batteries/index.html", context, status=422)
        else:
            file = form.read()
            kinds, count_unknown = form.cleaned_data["kinds"], form.cleaned_data["count_unknown"]
        fleet = file.fleet
        curve = held.curve(file, kinds=kinds, count_unknown=count_unknown)
    except InputError as error:
        if request.method != "POST":
            return render(request, "batteries/index.html", context)
        return render(request, "batteries/index.html", context | {"problems": error.problems}, status=422)
    if request.POST.get("as") == "json":
        response = JsonResponse(documents.curve_document(fleet, curve), json_dumps_params={"ensure_ascii": False})
        response.headers["Content-Disposition"] = 'attachment; filename="battery-curve.json"'
        return response
    context |= {"fleet": fleet, "curve": curve, "count_unknown": count_unknown, **_shown(request, fleet, curve)}
    context["named"] = held.listings | {listing.id: listing for listing in fleet.listings}
    return render(request, "batteries/index.html", context)


def _shown(request: HttpRequest, fleet: Fleet, curve: Curve) -> dict[str, Any]:
    """The point of the curve that the reader looks at, the curve's bars, and the assumptions in words."""
    asked = request.GET.get("k", "")
    chosen = next((point for point in curve.points if str(point.k) == asked), _knee(curve))
    most = max(point.total for point in curve.points)
    bars = [
        {
            "point": point,
            "sure": 100 * point.sure / most,
            "open": 100 * (point.served - point.sure) / most,
            "percent": round(100 * point.share),
            "chosen": point is chosen,
        }
        for point in curve.points
    ]
    said = fleet.assumptions.model_dump()
    assumed = [
        (name, _("none") if said[key] is None else f"{said[key]:,g}") for key, name in wording.ASSUMPTIONS.items()
    ]
    return {"point": chosen, "bars": bars, "assumed": assumed}


def _knee(curve: Curve) -> Point:
    """The first point that serves as many as any: more kinds than that only lower the cost."""
    best = max(point.served for point in curve.points)
    return next(point for point in curve.points if point.served == best)


@require_safe
def pack(request: HttpRequest, slug: str) -> HttpResponse:
    """One pack: in which aircraft it works, and what may take its place."""
    held = _equipment(request)
    record = held.one(slug, "battery")
    substitutes = held.substitutes(slug)
    alike = [one for one in substitutes if one.alike]
    fits = [held.fit(slug, aircraft.id) for aircraft in held.of("aircraft")]
    context = {
        "held": held,
        "record": record,
        "yes": [fit for fit in fits if fit.answer is Answer.YES],
        "unknown": [fit for fit in fits if fit.answer is Answer.UNKNOWN],
        "no": [fit for fit in fits if fit.answer is Answer.NO],
        "substitutes": alike[:_SUBSTITUTES_SHOWN],
        "alike": len(alike),
        "others": [one for one in substitutes if not one.alike],
    }
    return render(request, "batteries/pack.html", context)


@require_safe
def fit(request: HttpRequest) -> HttpResponse:
    """One pack in one aircraft, and on a charger: every check with its reason."""
    asked = {name: request.GET.get(name, "") for name in ("pack", "aircraft", "charger")}
    if not asked["pack"] or not asked["aircraft"]:
        return redirect("batteries:index")
    held = _equipment(request)
    found = held.fit(asked["pack"], asked["aircraft"], asked["charger"] or None)
    return render(request, "batteries/fit.html", {"held": held, "found": found})
