"""Template filters of the coverage pages."""

import math

from django import template
from django.utils.translation import gettext as _

register = template.Library()


@register.filter
def metres_exactly(value: float | None) -> str:
    """A height or distance to the metre; unknown in words, and seen at no height too."""
    if value is None:
        return _("unknown")
    if math.isinf(value):
        return _("at no height")
    return f"{value:,.0f} m" if value >= 10 or value == round(value) else f"{value:,.1f} m"


@register.filter
def area(value: float) -> str:
    """An area for people: square kilometres from a tenth of one on, below hectares."""
    return f"{value / 1e6:,.2f} km²" if value >= 1e5 else f"{value / 1e4:,.2f} ha"


@register.filter
def plain(value: float) -> str:
    """A number as fields of forms take it, whatever the reader's language."""
    return f"{value:.10g}"
