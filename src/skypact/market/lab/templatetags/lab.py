"""The section of lab results on a listing's page, and the words it needs."""

from __future__ import annotations

import base64

from django import template
from django.template import RequestContext
from django.utils import timezone

from skypact.conformance import STANDARDS
from skypact.conformance.report import Place, Report, Severity, Verdict
from skypact.engines.interop.links import port_results as results_of_port
from skypact.market.core.access import Actor
from skypact.market.lab import naming, selectors, wording
from skypact.market.lab.descriptions import described
from skypact.market.lab.due import Why
from skypact.market.lab.emblem import emblem_of
from skypact.market.lab.naming import spoken
from skypact.schema import Listing, Port, TestedPort

register = template.Library()


@register.inclusion_tag("lab/_section.html", takes_context=True)
def lab_results_of(
    context: RequestContext, slug: str, vendor: str, told: selectors.Told | None = None
) -> dict[str, object]:
    """What labs say of the listing ``slug`` of ``vendor``; only for pages that the reader may see already.

    ``told``: what the page has read of it already.
    """
    request = context["request"]
    found = selectors.of_listing(Actor.of_request(request), slug, vendor=vendor, on=timezone.localdate(), told=told)
    return {"results": found}


@register.inclusion_tag("lab/_tested_ports.html")
def port_results(record: Listing, port: Port) -> dict[str, object]:
    """What labs say of one port of a listing as :func:`skypact.market.lab.selectors.tested` gives it."""
    return {"results": results_of_port(record.id, port)}


@register.filter
def said_of_port(result: TestedPort) -> str:
    """A result at a port in a sentence."""
    return wording.said_of_port(result)


@register.filter
def badge_title(badge: selectors.Badge) -> str:
    """The standard with its version that a result is about."""
    return (
        spoken(badge.result.standard, badge.result.version)
        if badge.result.version
        else standard_title(badge.result.standard)
    )


@register.filter
def report_title(report: Report) -> str:
    """The standard with the version that was claimed, short."""
    return spoken(report.standard, report.claimed or "")


@register.filter
def why_no_badge(badge: selectors.Badge) -> str:
    """Why a result that conforms earns no badge."""
    return wording.why_no_badge(badge)


@register.filter
def rung_words(rung: str) -> str:
    """What a rung asks."""
    return str(wording.RUNGS.get(rung, rung))


@register.filter
def needed(needs: dict[str, object], rung: str) -> str:
    """What a badge needs of one rung."""
    return str(needs[rung])


@register.filter
def why_words(why: Why) -> str:
    """Why an interface is to be tested again."""
    return str(wording.WHY[why])


@register.filter
def badge_words(badge: selectors.Badge) -> str:
    """What the picture of a badge says."""
    return emblem_of("", badge).words


@register.filter
def in_base64(text: str) -> str:
    """``text`` for an address that holds a file."""
    return base64.b64encode(text.encode()).decode()


@register.filter
def rung_mark(verdict: str) -> str:
    """The style of a rung."""
    return {Verdict.CONFORMS: "yes", Verdict.DOES_NOT_CONFORM: "no"}.get(Verdict(verdict), "open")


@register.filter
def verdict_words(verdict: str) -> str:
    """A verdict in words."""
    return str(wording.VERDICTS[Verdict(verdict)])


@register.filter
def no_reading(reason: str) -> str:
    """Why a second decoder read nothing; what a program said of itself stays in its own words."""
    return str(wording.NO_READING.get(reason, reason))


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
    return described(STANDARDS[name].title) if name in STANDARDS else name


@register.filter
def in_words(text: str) -> str:
    """A description that the lab gives in English, in the reader's language."""
    return described(text)


@register.filter
def place_words(place: Place) -> str:
    """Where in a recording something was found."""
    return wording.said_of_place(place)


@register.filter
def change_words(kind: str) -> str:
    """How a sample was spoilt."""
    return str(wording.SPOILT[kind])


@register.filter(name="live_command")
def recording_command(standard: str) -> str:
    """How a product that speaks ``standard`` is recorded live; empty where no socket carries it."""
    return naming.live_command(standard, " --seconds 600")
