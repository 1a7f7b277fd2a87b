"""The panel of pictures on a kit's page and in its report, and the words they need."""

from __future__ import annotations

from datetime import UTC, datetime

from django import template
from django.template import RequestContext
from django.utils import timezone

from skypact.conformance.picture import Cause, Together
from skypact.market.core.access import Actor
from skypact.market.kits.models import StoredKit
from skypact.market.pictures import selectors, sentences, wording
from skypact.market.pictures.presentation import shortened
from skypact.market.pictures.proving import Evidence

register = template.Library()


@register.inclusion_tag("pictures/_kit_panel.html", takes_context=True)
def pictures_of(context: RequestContext, stored: StoredKit) -> dict[str, object]:
    """Which products of the kit were seen working together; only for pages that the reader may see already."""
    actor = Actor.of_request(context["request"])
    found = selectors.of_kit(actor, stored, on=timezone.localdate())
    return {"stored": stored, "pictures": found}


@register.filter
def together_words(together: str) -> str:
    """Whether sources were seen working together, as a heading says it."""
    return str(wording.TOGETHER[Together(together)])


@register.filter
def together_short(together: str) -> str:
    """The same in a table."""
    return str(wording.TOGETHER_SHORT[Together(together)])


@register.filter
def cause_words(cause: str) -> str:
    """A mistake that explains a disagreement."""
    return str(wording.CAUSES[Cause(cause)])


@register.filter
def mistake_words(sentence: str) -> str:
    """How a source disagrees."""
    return sentences.mistake(sentence)


@register.filter
def evidence_words(evidence: Evidence) -> str:
    """What a connection rests on."""
    return str(wording.EVIDENCE[evidence])


@register.filter
def picture_state_words(state: selectors.State) -> str:
    """Whether a picture counts."""
    return str(wording.STATES[state])


@register.filter
def clock(time_s: float) -> str:
    """The time of day of an instant, UTC."""
    return datetime.fromtimestamp(time_s, UTC).strftime("%H:%M:%S")


@register.filter(name="shortened")
def shortened_name(name: str) -> str:
    """A source's name without the tail of a long id."""
    return shortened(name)


@register.filter
def instant(time_s: float) -> str:
    """Day and time of an instant, UTC."""
    return datetime.fromtimestamp(time_s, UTC).strftime("%Y-%m-%d %H:%M:%S")
