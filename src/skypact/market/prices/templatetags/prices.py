"""Template tags: a listing's history of prices, flags, and prices in the reader's currency."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import template

from skypact.market.prices import presentation, wording
from skypact.market.prices.findings import Finding, FindingKind
from skypact.schema import Money

register = template.Library()


@register.inclusion_tag("prices/_history.html", takes_context=True)
def price_history(context: template.Context, slug: str) -> dict[str, Any]:
    """The section on prices of a listing's page."""
    return presentation.history_of(context["request"], slug)


@register.inclusion_tag("prices/_conversion.html", takes_context=True)
def converted(context: template.Context, price: Money | None) -> dict[str, Any]:
    """What a price comes to in the currency that the reader chose, with rate, day and source."""
    return presentation.conversion_of(context["request"], price)


@register.inclusion_tag("prices/_flags.html")
def price_flags(findings: Sequence[Finding]) -> dict[str, Any]:
    """What is flagged of a listing, in a few words: each kind once, of rises the greatest."""
    by_share = sorted(findings, key=lambda item: (item.share is None, item.share or 0))
    return {"flags": [wording.short(item) for item in {item.kind: item for item in by_share}.values()]}


@register.filter
def finding_sentence(finding: Finding) -> str:
    """A finding in full."""
    return wording.sentence(finding)


@register.filter
def finding_name(kind: FindingKind) -> str:
    """What kind of finding it is."""
    return str(wording.KINDS[kind])


@register.filter
def currency_name(code: str) -> str:
    """A currency in words."""
    return wording.currency_name(code)


@register.filter
def amount(price: Money) -> str:
    """An amount as it was quoted."""
    return str(price)
