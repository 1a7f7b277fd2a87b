"""Parameters in an address that nothing there reads: refused by the interface, told on pages, ignored nowhere.

A limit that is not read is no limit: who writes ``budgett=5000`` would take an answer for one within 5,000.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from http import HTTPStatus
from typing import Any, ParamSpec

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from ninja.operation import Operation

from skypact.market.core.problems import problem

P = ParamSpec("P")
Running = Callable[..., HttpResponseBase]

#: How much alike a known name must be to be offered instead, of 1.
_ALIKE = 0.6


@dataclass(frozen=True)
class Unknown:
    """A parameter that an address does not know, and the known one most like it."""

    name: str
    nearest: str | None


def unknown(given: Iterable[str], accepted: Collection[str]) -> tuple[Unknown, ...]:
    """Those of the names ``given`` that are not ``accepted``."""
    return tuple(Unknown(name, _nearest(name, accepted)) for name in given if name not in accepted)


def _nearest(name: str, accepted: Collection[str]) -> str | None:
    known = {one.casefold(): one for one in accepted}
    wanted = name[:100].casefold().replace("-", "_")
    # "mass" for "mass_kg", "range" for "range_min": who leaves out a unit or an end means what begins so
    begun = sorted((one for one in known if wanted and one.startswith(f"{wanted}_")), key=len)
    alike = begun or get_close_matches(wanted, known, n=1, cutoff=_ALIKE)
    return known[alike[0]] if alike else None


def refuse_unknown(run: Running) -> Running:
    """An operation of the interface that refuses (422) what it does not know; ``run`` is the operation's own."""
    operation: Operation = run.__self__  # type: ignore[attr-defined]  # a bound method: ninja hands over no operation
    accepted = _names(operation)

    @functools.wraps(run)
    def respond(request: HttpRequest, **named: Any) -> HttpResponseBase:
        found = unknown(request.GET, accepted)
        return _refused(found, accepted) if found else run(request, **named)

    return respond


def _names(operation: Operation) -> tuple[str, ...]:
    """The query parameters of an operation, in their order."""
    models = [model for model in operation.models if model.__ninja_param_source__ == "query"]
    return tuple(name for model in models for name in model.__ninja_flatten_map__)  # type: ignore[attr-defined]


def _refused(found: Collection[Unknown], accepted: Collection[str]) -> HttpResponse:
    takes = f"one of {', '.join(accepted)}" if accepted else "no parameters at this address"
    errors: list[dict[str, object]] = [
        {"place": f"query.{one.name}", "accepted": takes, "nearest": one.nearest} for one in found
    ]
    said = [f"{one.name} (did you mean {one.nearest}?)" if one.nearest else one.name for one in found]
    return problem(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        detail=f"This address knows no parameter {', '.join(said)}. Nothing was answered.",
        errors=errors,
    )


def takes(*names: str) -> Callable[[Callable[P, HttpResponseBase]], Callable[P, HttpResponseBase]]:
    """A page that reads the parameters ``names``; of others its reader is told (``core/base.html``)."""

    def reading(view: Callable[P, HttpResponseBase]) -> Callable[P, HttpResponseBase]:
        @functools.wraps(view)
        def respond(*given: P.args, **named: P.kwargs) -> HttpResponseBase:
            request: Any = given[0]
            request.unknown_parameters = unknown(request.GET, names)
            return view(*given, **named)

        return respond

    return reading
