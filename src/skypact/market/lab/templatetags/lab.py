"""The section of lab results on a listing's page, and the words it needs."""

from __future__ import annotations

from django import template
from django.template import RequestContext
from django.utils import timezone

from skypact.conformance import STANDARDS
from skypact.conformance.report import Layer, Severity, Verdict
from skypact.market.core.access import Actor
from skypact.market.lab import selectors, wording

register = template.Library()


@register.inclusion_tag("lab/_section.html", takes_context=True)
def lab_results_of(context: RequestContext, slug: str, vendor: str) -> dict[str, object]:
    """What labs say of the listing ``slug`` of ``vendor``; only for pages that the reader may see already."""
    request = context["request"]
    found = selectors.of_listing(Actor.of_request(request), slug, vendor=vendor, on=timezone.localdate())
    return {"results": found}


@register.filter
def verdict_words(verdict: str) -> str:
    """A verdict in words."""
    return str(wording.VERDICTS[Verdict(verdict)])


@register.filter
def layer_words(layer: str) -> str:
    """What a layer of the check asks."""
    return str(wording.LAYERS[Layer(layer)])


@register.filter
def severity_words(severity: str) -> str:
    """How bad a finding is."""
    return str(wording.SEVERITIES[Severity(severity)])


@register.filter
def result_state_words(state: selectors.State) -> str:
    """Whether to rely on a result."""
    return str(wording.STATES[state])


@register.filter
def standard_title(name: str) -> str:
    """A standard's title; its name where this node's lab does not know it."""
    return STANDARDS[name].title if name in STANDARDS else name
