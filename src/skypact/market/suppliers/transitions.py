"""The states of a submission, who may do what in each, and where that leads."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class State(TextChoices):
    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", _("Waiting for a decision")
    RETURNED = "returned", _("Returned for correction")
    APPROVED = "approved", _("Approved")
    WITHDRAWN = "withdrawn", _("Taken back")


class Act(TextChoices):
    REPLACE = "replace", _("Upload a corrected file")
    COMPARE = "compare", _("Compare again with what is live")
    SUBMIT = "submit", _("Submit")
    WITHDRAW = "withdraw", _("Take back")
    NOTE = "note", _("Write a message")
    APPROVE = "approve", _("Approve")
    RETURN = "return", _("Return with reasons")


class Side(TextChoices):
    VENDOR = "vendor", _("Vendor")
    EDITOR = "editor", _("Catalogue editor")


def _vendor(*acts: tuple[Act, State]) -> dict[tuple[Act, Side], frozenset[State]]:
    return {(act, Side.VENDOR): frozenset({target}) for act, target in acts}


#: From each state: which side may do what, and where that may lead. An approval of some listings returns the others.
EDGES: dict[State, dict[tuple[Act, Side], frozenset[State]]] = {
    State.DRAFT: _vendor(
        (Act.REPLACE, State.DRAFT),
        (Act.COMPARE, State.DRAFT),
        (Act.SUBMIT, State.SUBMITTED),
        (Act.WITHDRAW, State.WITHDRAWN),
    ),
    State.SUBMITTED: {
        **_vendor((Act.NOTE, State.SUBMITTED), (Act.WITHDRAW, State.WITHDRAWN)),
        (Act.NOTE, Side.EDITOR): frozenset({State.SUBMITTED}),
        (Act.COMPARE, Side.EDITOR): frozenset({State.SUBMITTED}),
        (Act.APPROVE, Side.EDITOR): frozenset({State.APPROVED, State.RETURNED}),
        (Act.RETURN, Side.EDITOR): frozenset({State.RETURNED}),
    },
    State.RETURNED: {
        **_vendor(
            (Act.REPLACE, State.RETURNED),
            (Act.COMPARE, State.RETURNED),
            (Act.SUBMIT, State.SUBMITTED),
            (Act.NOTE, State.RETURNED),
            (Act.WITHDRAW, State.WITHDRAWN),
        ),
        (Act.NOTE, Side.EDITOR): frozenset({State.RETURNED}),
    },
    State.APPROVED: {},
    State.WITHDRAWN: {},
}

#: States that a submission does not leave.
FINAL = frozenset(state for state, ways in EDGES.items() if not ways)


def allowed(state: str, act: Act, sides: Collection[Side]) -> bool:
    """Whether somebody who stands on ``sides`` may do ``act`` in ``state``."""
    return any((act, side) in EDGES[State(state)] for side in sides)


def allowed_acts(state: str, sides: Collection[Side]) -> list[Act]:
    """Everything that somebody who stands on ``sides`` may do in ``state``."""
    return [act for act in Act if allowed(state, act, sides)]


def ever_allowed(act: Act, sides: Collection[Side]) -> bool:
    """Whether somebody who stands on ``sides`` may do ``act`` in any state at all."""
    return any(allowed(state, act, sides) for state in State)
