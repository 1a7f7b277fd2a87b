"""Words for results, layers and states."""

from __future__ import annotations

from datetime import timedelta

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from skypact.conformance.report import Place, Severity, Verdict
from skypact.market.lab.descriptions import described
from skypact.market.lab.due import Why
from skypact.market.lab.evidence import subject_of
from skypact.market.lab.selectors import Badge, State
from skypact.schema import TestedPort

VERDICTS = {
    Verdict.CONFORMS: _("conforms"),
    Verdict.DOES_NOT_CONFORM: _("does not conform"),
    Verdict.CANNOT_TELL: _("cannot tell"),
}
SEVERITIES = {
    Severity.FAULT: _("fault"),
    Severity.WARNING: _("warning"),
    Severity.UNKNOWN: _("not shown by the recording"),
}
WHY = {
    Why.FIRMWARE: _("another firmware is shipped than was tested"),
    Why.EXPIRED: _("the result has expired"),
    Why.EXPIRING: _("the result expires within 60 days"),
    Why.DISTRUSTED: _("this node no longer believes the key that signed the result"),
    Why.SAYS_NO: _("the result says no: correct the product, say which firmware is shipped, and test that one"),
    Why.NO_BADGE: _("it conforms, but a badge needs more"),
    Why.NEWER_VERSION: _("the lab tests a newer version of the standard"),
}
RUNGS = {
    "strict parse": _("parses to the last bit"),
    "rules": _("rules of the standard"),
    "plausibility": _("values that can be true"),
    "exchange": _("messages that fit together"),
    "second decoder": _("second decoder agrees"),
    "mutation": _("the lab notices damage"),
}
#: Beside the rungs: what a badge must be said of, else it could never lapse.
ABOUT = {
    "version": _("a version that is claimed"),
    "firmware": _("the firmware that was tested: test again and name it"),
    "valid until": _("the last day on which to rely on the result: test again, 365 days are usual"),
}
NEEDS = {
    "strict parse": _("Every bit of the recording is read; nothing is left over, nothing is guessed."),
    "rules": _("Mandatory fields, codes and versions are as the standard says, under the version that you claim."),
    "plausibility": _("Values can be true: units, coordinates, ranges."),
    "exchange": _(
        "Messages fit together: order, rates, references. A single message is too little: each standard asks for so"
        " many messages and so long a time of one sender."
    ),
    "second decoder": _(
        "A second decoder that shares no code with the first reads the same values. It must be on this node."
    ),
    "mutation": _("The lab itself notices at least 99 of 100 changes that spoil a good recording of this standard."),
}
#: Of :class:`skypact.conformance.report.Agreement`, by its own words.
NO_READING = {
    "not on this machine": _("not on this machine"),
    "neither decoder read a message": _("neither decoder read a message"),
    "it reads no message of what was claimed": _("it reads no message of what was claimed"),
    "not asked: more than 1,000 faults": _("not asked: more than 1,000 faults"),
}
STATES = {
    State.VALID: _("valid"),
    State.EXPIRED: _("expired: test again"),
    State.RETEST: _("the product has another firmware now: test again"),
    State.DISTRUSTED: _("this node does not believe the key that signed it"),
    State.WITHDRAWN: _("withdrawn"),
}
#: How a sample of the lab was spoilt.
SPOILT = {
    "": _("as it should be"),
    "wrong-field": _("one field is wrong"),
    "cut": _("it breaks off"),
}


def said_of_place(place: Place) -> str:
    """Where in a recording, in the reader's language; fields have the names that the standard gives them."""
    if place.message is None:
        at = place.file
    else:
        at = gettext("%(file)s, message %(number)s") % {"file": place.file, "number": place.message}
    return f"{at}, {place.field}" if place.field else at


def said_of_port(result: TestedPort) -> str:
    """What a lab says of one port, who, when and until when, in the reader's language."""
    evidence = result.evidence
    facts = {
        "what": result.standard if result.version is None else f"{result.standard} {result.version}",
        "who": described(evidence.source.title if evidence.test is None else evidence.test.conducted_by),
        "day": evidence.observed.isoformat(),
    }
    if not result.conforms:
        return gettext("A test says no: %(what)s, tested by %(who)s on %(day)s") % {
            **facts,
            "what": subject_of(evidence),
        }
    if evidence.expires is None:
        return gettext("%(what)s tested by %(who)s on %(day)s") % facts
    last = (evidence.expires - timedelta(days=1)).isoformat()
    return gettext("%(what)s tested by %(who)s on %(day)s, valid until %(last)s") % {**facts, "last": last}


def why_no_badge(badge: Badge) -> str:
    """What a result that conforms still lacks for a badge, in the reader's language."""
    if not badge.result.version:
        return gettext("no version was claimed")
    words = {**RUNGS, **ABOUT}
    return gettext("what is missing: %(rungs)s") % {
        "rungs": ", ".join(str(words.get(one, one)) for one in badge.missing)
    }
