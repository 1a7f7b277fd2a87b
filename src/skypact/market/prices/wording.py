"""What is found in the history of prices, in the reader's language."""

from __future__ import annotations

from decimal import Decimal

from babel.numbers import get_currency_name
from django.utils.formats import date_format
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from skypact.market.prices.findings import Finding, FindingKind

KINDS = {
    FindingKind.RISE: gettext_lazy("Price rise"),
    FindingKind.REVERSED: gettext_lazy("Raised and lowered again"),
    FindingKind.ADDED: gettext_lazy("Offer added later"),
    FindingKind.CURRENCY: gettext_lazy("Currency changed"),
    FindingKind.WITHDRAWN: gettext_lazy("Offer withdrawn"),
}


def percent(share: Decimal) -> str:
    """A share in per cent, as exactly as it is kept: ``12.5 %``."""
    return f"{share * 100:+.2f}".rstrip("0").rstrip(".") + " %"


def short(finding: Finding) -> str:
    """A finding in a few words, for lists."""
    name = str(KINDS[finding.kind])
    return (
        f"{name} {percent(finding.share)}" if finding.kind is FindingKind.RISE and finding.share is not None else name
    )


def sentence(finding: Finding) -> str:
    """A finding in full."""
    facts = {
        "before": finding.before,
        "after": finding.after,
        "since": finding.since and date_format(finding.since, "Y-m-d"),
        "share": finding.share is not None and percent(finding.share),
    }
    text = _template(finding) % facts
    if finding.quantity > 1:
        text += " " + _("(from %(quantity)s units on)") % {"quantity": f"{finding.quantity:,}"}
    return text


def _template(finding: Finding) -> str:
    match finding.kind:
        case FindingKind.RISE if finding.share is not None:
            return _("The price rose from %(before)s (%(since)s) to %(after)s: %(share)s")
        case FindingKind.RISE:
            return _("The price rose from %(before)s (%(since)s) to %(after)s")
        case FindingKind.REVERSED:
            return _("The price was raised to %(before)s (%(since)s) and lowered again to %(after)s")
        case FindingKind.ADDED if finding.after is not None:
            return _("The offer was added after the listing came into the catalogue, at %(after)s")
        case FindingKind.ADDED:
            return _("The offer was added after the listing came into the catalogue, without a price")
        case FindingKind.CURRENCY:
            return _("The currency changed: %(before)s (%(since)s) before, %(after)s now")
        case FindingKind.WITHDRAWN if finding.before is not None:
            return _("The offer was withdrawn; its last price was %(before)s")
        case FindingKind.WITHDRAWN:
            return _("The offer was withdrawn; it never had a price")


def currency_name(code: str) -> str:
    """A currency in the reader's language: ``KRW South Korean Won``."""
    name = get_currency_name(code, locale=get_language() or "en")
    return code if name == code else f"{code} {name}"
