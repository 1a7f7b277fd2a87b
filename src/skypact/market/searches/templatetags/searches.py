"""How pages say a saved search."""

from __future__ import annotations

from typing import Any

from django import template
from django.http import QueryDict
from django.template.context import RequestContext

from skypact.market.catalogue import narrowing
from skypact.market.catalogue.forms import filters_of
from skypact.market.searches.queries import canonical

register = template.Library()


@register.filter
def asked(query: str) -> str:
    """``q=radar&nation=KR`` as people read it: the words first, then each filter's values."""
    filters = filters_of(QueryDict(query))
    words = [f"“{filters.q}”"] if filters.q else []
    return " · ".join([*words, *narrowing.choices(filters)])


@register.inclusion_tag("searches/_save.html", takes_context=True)
def save_search(context: RequestContext) -> dict[str, Any]:
    """The ways to keep the search that the page shows, and to the kept ones; nothing for who has not signed in."""
    request = context["request"]
    return {"query": canonical(request.GET.urlencode()), "user": request.user}
