"""The section of ratings on a listing's page, and the words it needs."""

from django import template
from django.template import RequestContext

from skypact.market.accounts.models import ROLE_NAMES
from skypact.market.core.access import Actor
from skypact.market.ratings import selectors

register = template.Library()


@register.inclusion_tag("ratings/_section.html", takes_context=True)
def ratings_of(context: RequestContext, slug: str, vendor: str) -> dict[str, object]:
    """What units say of the listing ``slug`` of ``vendor``; only for pages that the reader may see already."""
    request = context["request"]
    found = selectors.of_listing(Actor.of_request(request), slug, vendor=vendor)
    most = max(found.distribution.values())
    bars = [(score, count, round(100 * count / most) if most else 0) for score, count in found.distribution.items()]
    return {"ratings": found, "bars": bars, "request": request, "user": request.user}


@register.filter
def role_name(role: str) -> str:
    """A buyer's role in words."""
    return str(ROLE_NAMES.get(role, role))


@register.filter
def stars(score: int) -> str:
    """A score as stars: ``★★★☆☆``."""
    return "★" * score + "☆" * (5 - score)
