"""Template filters and tags of working together."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django import template
from django.utils import timezone

from skypact.engines.interop.together import Finding
from skypact.market.catalogue.selectors import SeenListing
from skypact.market.catalogue.wording import GRADES
from skypact.market.core.access import Actor
from skypact.market.interop.bridging import reached
from skypact.market.interop.partners import works_with as works_with_of
from skypact.market.interop.selectors import Answered
from skypact.market.kits.wording import said, say, word
from skypact.market.lab.selectors import Told
from skypact.schema import Grade, Listing, TestedPort

register = template.Library()
register.filter("say", say)
register.filter("word", word)


@register.filter
def title_in(listing: Any) -> str:
    """A listing's name in the reader's language."""
    return said(listing.name, listing.name_ko)


@register.filter
def name_in(listings: dict[str, Listing], identifier: str) -> str:
    """The name of a listing by its id."""
    return title_in(listings[identifier])


@register.filter
def grade_name(grade: Grade) -> str:
    """How well something is known, in the reader's language."""
    return str(GRADES[grade])


@register.filter
def query_of(chosen: dict[str, Any]) -> str:
    """What is chosen as the query of an address."""
    return urlencode({name: str(value) for name, value in chosen.items() if value is not None})


@register.filter
def results_of(answered: Answered, finding: Finding) -> tuple[TestedPort, ...]:
    """What labs say of the ports that a finding is about."""
    return answered.results(finding)


@register.filter
def amount(value: float) -> str:
    """A sum, thousands apart."""
    return f"{value:,.2f}"


@register.inclusion_tag("interop/_works_with.html", takes_context=True)
def works_with(context: template.Context, record: Listing, told: Told) -> dict[str, Any]:
    """The first products that a listing works with, by what the page has read of labs already."""
    actor = Actor.of_request(context["request"])
    return {"record": record, "partners": works_with_of(actor, record, on=timezone.localdate(), told=told)}


@register.inclusion_tag("interop/_pairs.html", takes_context=True)
def compatibility_of(context: template.Context, columns: Sequence[dict[str, SeenListing]]) -> dict[str, Any]:
    """For listings side by side: a cell each with what it sends to whom, and through what."""
    actor = Actor.of_request(context["request"])
    records = [column["seen"].record for column in columns]
    judged = reached(actor, records, on=timezone.localdate())
    cells = [[one for one in judged if one.source.id == record.id] for record in records]
    return {"cells": cells, "any": bool(judged), "columns": len(records)}
