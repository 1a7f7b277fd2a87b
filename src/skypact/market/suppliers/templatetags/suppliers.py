"""Template tags: submissions in the reader's words."""

from django import template
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from skypact.market.suppliers.models import Change, Decision, Line
from skypact.market.suppliers.steps import named
from skypact.market.suppliers.transitions import Act

register = template.Library()

_VIEWS = {
    **{change.value: change.label for change in Change},
    "price_rise": _("Price raised"),
    Decision.RETURNED.value: Decision.RETURNED.label,
    Decision.APPROVED.value: Decision.APPROVED.label,
}
#: Steps of a thread that are no act on a submission that exists, and acts in the past tense.
_STEPS = {
    "upload": _("uploaded a file"),
    "propose_withdrawal": _("proposed it"),
    Act.REPLACE.value: _("uploaded a corrected file"),
    Act.COMPARE.value: _("compared it again with what is live"),
    Act.SUBMIT.value: _("submitted it"),
    Act.WITHDRAW.value: _("took it back"),
    Act.NOTE.value: pgettext_lazy("thread", "wrote"),
    Act.APPROVE.value: _("approved"),
    Act.RETURN.value: _("returned it"),
}


@register.filter
def view_name(view: str) -> str:
    """A view of a submission's lines in words."""
    return str(_VIEWS[view])


@register.filter
def step_name(act: str) -> str:
    """A step of a thread in words."""
    return str(_STEPS[act])


@register.filter
def person(label: str) -> str:
    """Who stands behind a label of the event log."""
    return named(label)


@register.filter
def line_name(line: Line, language: str) -> str:
    """The name of a line's record in ``language``."""
    return line.name_ko if language == "ko" and line.name_ko else line.name


@register.filter
def rise(share: float) -> str:
    """A rise of a price in per cent."""
    return f"{share * 100:+.3g} %"


@register.filter
def remark_of(sent: object, slug: str) -> str:
    """What an editor wrote to a listing in a form that was refused."""
    return str(sent.get(f"reason-{slug}", ""))  # type: ignore[attr-defined]  # a QueryDict
