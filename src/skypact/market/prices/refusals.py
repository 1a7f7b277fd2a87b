"""Why a file of exchange rates is refused, in the reader's language. A test holds every refusal against this list."""

from __future__ import annotations

from django.utils.translation import gettext_noop as _

from skypact.market.core.known_sentences import KnownSentences
from skypact.schema.problems import Problem

TEMPLATES = (
    _("European Central Bank"),
    _("at most %(most)s bytes"),
    _("a day such as 2024-06-28, from %(first)s on"),
    _("an ISO 4217 currency code other than EUR"),
    _("a rate above 0 with at most 8 decimals, such as 1.0705"),
    _("one rate of %(currency)s for %(day)s; the file has %(rate)s too"),
    _("at least one day with rates"),
    _("an archive with one file in it, eurofxref-hist.csv or eurofxref.csv"),
    _("an archive without a password"),
    _("a whole zip archive: %(reason)s"),
    _("text in UTF-8"),
    _("XML without a document type, entities or references"),
    _("well-formed XML: %(reason)s"),
    _("an Envelope of %(vocabulary)s"),
    _("once each: %(names)s"),
    _("nothing inside a rate"),
    _("a Cube of %(vocabulary)s with %(attributes)s"),
    _("a row Date,USD,JPY,…"),
    _("%(count)s columns as in row 1"),
    _("comma-separated text: %(reason)s"),
    _("rates up to today, %(today)s"),
    _("%(rate)s, as %(file)s has it: a published rate is never overwritten"),
)
_KNOWN = KnownSentences(TEMPLATES)


def said(problem: Problem) -> str:
    """A refusal with its place, in the reader's language."""
    return str(problem.model_copy(update={"accepted": _KNOWN.in_language(problem.accepted)}))
