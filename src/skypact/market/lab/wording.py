"""Words for results, layers and states."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from skypact.conformance.report import Layer, Severity, Verdict
from skypact.market.lab.selectors import State

VERDICTS = {
    Verdict.CONFORMS: _("conforms"),
    Verdict.DOES_NOT_CONFORM: _("does not conform"),
    Verdict.CANNOT_TELL: _("cannot tell"),
}
LAYERS = {
    Layer.DECODE: _("Parses to the last bit"),
    Layer.SCHEMA: _("Fields, codes and versions"),
    Layer.SEMANTIC: _("Values that can be true"),
    Layer.EXCHANGE: _("Messages that fit together"),
}
SEVERITIES = {
    Severity.FAULT: _("fault"),
    Severity.WARNING: _("warning"),
    Severity.UNKNOWN: _("not shown by the recording"),
}
STATES = {
    State.VALID: _("valid"),
    State.EXPIRED: _("expired: test again"),
    State.RETEST: _("the product has another firmware now: test again"),
    State.DISTRUSTED: _("this node does not believe the key that signed it"),
    State.WITHDRAWN: _("withdrawn"),
}
