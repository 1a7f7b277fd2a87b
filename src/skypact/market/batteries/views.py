"""Pages of batteries: what fits, what replaces a pack, and the curve over the number of kinds."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from skypact.engines.interop.batteries import Curve, Point, handed_over
from skypact.exchange.fleet import (
    FORMATS,
    MEDIA_TYPES,
    TEMPLATE_FORMATS,
    FleetFile,
    Language,
    write_fleet,
    write_template,
)
from skypact.market.batteries import documents, selectors, wording
from skypact.market.batteries.decision import decision_csv
from skypact.market.batteries.forms import HELD_MAX, AssumedForm, FleetForm
from skypact.market.batteries.selectors import Equipment
from skypact.market.core.access import Actor
from skypact.market.core.parameters import takes
from skypact.schema import Answer, BatteryAssumptions, Fleet, InputError, Listing

_SUBSTITUTES_SHOWN = 20
#: What the curve is handed on as: the decision, or the fleet that it is about.
_DECISIONS = ("csv", "json")
_FLEETS = tuple(f"fleet-{form}" for form in FORMATS)


def _equipment(request: HttpRequest) -> Equipment:
    return selectors.equipment(Actor.of_request(request), on=timezone.localdate())


def _language() -> Language:
    return "ko" if get_language() == "ko" else "en"


@require_http_methods(["GET", "HEAD", "POST"])
@takes("k", "count_unknown", "as", *AssumedForm.base_fields)
def batteries(request: HttpRequest) -> HttpResponse:
    """Questions to ask, and the curve for every listed aircraft or for a fleet file."""
    held = _equipment(request)
    form = FleetForm(request.POST, request.FILES) if request.method == "POST" else FleetForm()
    asked = request.POST if request.method == "POST" else request.GET
    context: dict[str, Any] = {"held": held, "form": form, "problems": ()}
    context |= {"packs": held.of("battery"), "aircraft": held.of("aircraft"), "chargers": held.of("charger")}
    kinds, count_unknown = selectors.DEFAULT_KINDS, "count_unknown" in request.GET
    try:
        if request.method != "POST":
            file = FleetFile(_assumed(held.every_aircraft(_("One of every listed aircraft")), request), "catalogue")
        elif not form.is_valid():
            return render(request, "batteries/index.html", context, status=422)
        else:
            file = form.read()
            kinds, count_unknown = form.cleaned_data["kinds"], form.cleaned_data["count_unknown"]
        curve = held.curve(file, kinds=kinds, count_unknown=count_unknown)
    except InputError as error:
        if request.method != "POST" and not context["aircraft"]:
            return render(request, "batteries/index.html", context)
        return render(request, "batteries/index.html", context | {"problems": error.problems}, status=422)
    fleet = file.fleet
    named = held.known | {listing.id: listing for listing in fleet.listings}
    if asked.get("as") in (*_DECISIONS, *_FLEETS):
        return _file(asked["as"], fleet, curve, named, held)
    context |= {"fleet": fleet, "curve": curve, "kinds": kinds, "count_unknown": count_unknown, "named": named}
    context |= _shown(asked.get("k", ""), fleet, curve)
    if form.is_bound:
        text = fleet.model_dump_json(exclude_defaults=True)
        context["again"] = text if len(text) <= HELD_MAX else ""
    return render(request, "batteries/index.html", context)


def _assumed(fleet: Fleet, request: HttpRequest) -> Fleet:
    """The fleet with the assumptions that the address gives. Raises InputError."""
    form = AssumedForm(request.GET)
    if not form.is_valid():
        name = next(iter(form.errors))
        raise InputError.single(
            file="address", place=name, value=request.GET.get(name, ""), accepted="a sum from 0 on, or nothing"
        )
    return fleet.model_copy(update={"assumptions": fleet.assumptions.model_copy(update=form.given)})


def _file(form: str, fleet: Fleet, curve: Curve, named: Mapping[str, Listing], held: Equipment) -> HttpResponse:
    """The decision, or the fleet, as a file to keep."""
    if form in _FLEETS:
        form = form.removeprefix("fleet-")
        if fleet.listings:
            form = "json"  # the only form that holds them
        return _fleet_response(fleet, form, named)
    if form == "csv":
        content, kind = decision_csv(curve, named), "text/csv; charset=utf-8"
    else:
        document = documents.curve_document(fleet, curve, same=held.distinct.same)
        content, kind = json.dumps(document, ensure_ascii=False).encode(), "application/json"
    return _attached(content, kind, f"battery-curve.{form}")


def _fleet_response(fleet: Fleet, form: str, named: Mapping[str, Listing]) -> HttpResponse:
    out = io.BytesIO()
    write_fleet(fleet, out, form, language=_language(), named=named)
    return _attached(out.getvalue(), MEDIA_TYPES[form], f"fleet.{form}")


def _attached(content: bytes, kind: str, name: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type=kind, headers=headers)


@require_safe
@takes()
def template(request: HttpRequest, form: str) -> HttpResponse:
    """A fleet file to fill in, with headings in the reader's language."""
    if form not in TEMPLATE_FORMATS:
        raise Http404(f"There is no fleet template in the format {form}.")
    out = io.BytesIO()
    write_template(out, form, language=_language())
    return _attached(out.getvalue(), MEDIA_TYPES[form], f"fleet-template.{form}")


def _shown(asked: str, fleet: Fleet, curve: Curve) -> dict[str, Any]:
    """The point of the curve that the reader looks at, the curve's bars, and the assumptions in words."""
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
    said, usual = fleet.assumptions.model_dump(), BatteryAssumptions().model_dump()
    assumed = [
        (name, _("none") if said[key] is None else f"{said[key]:,g}") for key, name in wording.ASSUMPTIONS.items()
    ]
    return {
        "point": chosen,
        "bars": bars,
        "assumed": assumed,
        "nations": chosen.nations,
        "editable": [(name, wording.ASSUMPTIONS[name], f"{said[name]:g}") for name in AssumedForm.base_fields],
        "changed": [(name, f"{said[name]:g}") for name in AssumedForm.base_fields if said[name] != usual[name]],
        "handed_over": handed_over(chosen),
        "settled": _settled(curve),
    }


def _settled(curve: Curve) -> int | None:
    """The k from which on every point is the same; ``None`` where the last one still differs."""
    last = curve.points[-1]
    first = next(point.k for point in curve.points if (point.served, point.cost) == (last.served, last.cost))
    return first if first < last.k else None


def _knee(curve: Curve) -> Point:
    """The first point that serves as many as any: more kinds than that only lower the cost."""
    best = max(point.served for point in curve.points)
    return next(point for point in curve.points if point.served == best)


@require_safe
@takes()
def same(request: HttpRequest) -> HttpResponse:
    """Packs that several listings tell of, where these disagree, and pairs that are perhaps one pack."""
    return render(request, "batteries/same.html", {"held": _equipment(request)})


@require_safe
@takes()
def pack(request: HttpRequest, slug: str) -> HttpResponse:
    """One pack: in which aircraft it works, and what may take its place."""
    held = _equipment(request)
    record = held.one(slug, "battery")
    substitutes = held.substitutes(slug)
    alike = [one for one in substitutes if one.alike]
    fits = [held.fit(record.id, aircraft.id) for aircraft in held.of("aircraft")]
    context = {
        "held": held,
        "record": record,
        "told": held.packs.get(record.id),
        "yes": [fit for fit in fits if fit.answer is Answer.YES],
        "unknown": [fit for fit in fits if fit.answer is Answer.UNKNOWN],
        "no": [fit for fit in fits if fit.answer is Answer.NO],
        "substitutes": alike[:_SUBSTITUTES_SHOWN],
        "alike": len(alike),
        "others": [one for one in substitutes if not one.alike],
    }
    return render(request, "batteries/pack.html", context)


@require_safe
@takes("pack", "aircraft", "charger")
def fit(request: HttpRequest) -> HttpResponse:
    """One pack in one aircraft, and on a charger: every check with its reason."""
    asked = {name: request.GET.get(name, "") for name in ("pack", "aircraft", "charger")}
    if not asked["pack"] or not asked["aircraft"]:
        return redirect("batteries:index")
    held = _equipment(request)
    found = held.fit(asked["pack"], asked["aircraft"], asked["charger"] or None)
    return render(request, "batteries/fit.html", {"held": held, "found": found})
