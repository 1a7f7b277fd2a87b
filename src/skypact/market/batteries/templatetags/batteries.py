"""Template filters of the battery pages."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import template
from django.utils.translation import gettext as _

from skypact.engines.interop.batteries import Aspect, CostKind
from skypact.engines.interop.batteries.shipping import AirClass
from skypact.market.batteries import wording
from skypact.market.catalogue.wording import FIELDS, GRADES, nation_name, value_text
from skypact.market.kits.wording import said, say, word
from skypact.schema import Claim, Evidence, Grade

register = template.Library()
register.filter("say", say)
register.filter("word", word)


@register.filter
def grade_name(value: Grade) -> str:
    """How well a claim is known."""
    return str(GRADES[value])


@register.filter
def aspect(value: Aspect) -> str:
    """What a check asks."""
    return str(wording.ASPECTS[value])


@register.filter
def cost_kind(value: CostKind) -> str:
    """What is paid for."""
    return str(wording.COSTS[value])


@register.filter
def air_class(value: AirClass) -> str:
    """The transport class by rated energy."""
    return str(wording.AIR_CLASSES[value])


@register.filter
def sources(claims: Iterable[Evidence]) -> list[Evidence]:
    """One claim for each grade and source that an answer rests on."""
    return list({(claim.grade, claim.source): claim for claim in claims}.values())


@register.filter
def field_name(field: str) -> str:
    """What a field of a pack is called."""
    return str(FIELDS[field])


@register.filter
def claimed(claim: Claim[Any]) -> str:
    """The value of a claim with its unit."""
    return value_text(claim.value, claim.unit)


@register.filter
def nation(code: str | None) -> str:
    """A nation's name; nobody's in particular is everybody's."""
    return _("everybody's") if code is None else nation_name(code)


@register.filter
def change(ratio: float | None) -> str:
    """A ratio as a change with its sign: ``+12 %``, ``±0 %``, unbroken; unknown where nobody knows."""
    if ratio is None:
        return _("unknown")
    points = round(100 * (ratio - 1))
    return f"{points:+,d}\N{NO-BREAK SPACE}%" if points else "±0\N{NO-BREAK SPACE}%"


@register.filter
def percent(ratio: float) -> str:
    """A ratio as a share: ``100 %``, unbroken."""
    return f"{100 * ratio:,.0f}\N{NO-BREAK SPACE}%"


@register.filter
def minutes(seconds: float) -> str:
    """A time in whole minutes."""
    return f"{seconds / 60:,.0f}"


@register.filter
def grams(kilograms: float | None) -> str:
    """A change of mass."""
    return _("unknown") if kilograms is None else f"{1000 * kilograms:+,.0f}\N{NO-BREAK SPACE}g"


@register.filter
def whole(amount: float) -> str:
    """A sum in whole units, thousands apart."""
    return f"{amount:,.0f}"


@register.filter
def name_in(listings: dict[str, object], identifier: str | None) -> str:
    """A listing's name in the reader's language; the id where the reader may not see the listing."""

    found = listings.get(identifier or "")
    return said(found.name, found.name_ko) if found is not None else identifier or ""
