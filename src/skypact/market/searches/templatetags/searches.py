"""How pages say a saved search."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl

from django import template
from django.template.context import RequestContext

from skypact.market.catalogue.templatetags.catalogue import facet_title
from skypact.market.catalogue.wording import FACETS
from skypact.market.searches.queries import canonical

register = template.Library()


@register.filter
def asked(query: str) -> str:
    """``q=radar&nation=KR`` as people read it: the words first, then each filter's values."""
    parts = parse_qsl(query)
    words = [f"“{value}”" for name, value in parts if name == "q"]
    return " · ".join(words + [f"{facet_title(name)}: {value}" for name, value in parts if name in FACETS])


@register.inclusion_tag("searches/_save.html", takes_context=True)
def save_search(context: RequestContext) -> dict[str, Any]:
    """The ways to keep the search that the page shows, and to the kept ones; nothing for who has not signed in."""
    request = context["request"]
    return {"query": canonical(request.GET.urlencode()), "user": request.user}
