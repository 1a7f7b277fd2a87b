"""What every act on a submission shares: who stands where, the row held still, one entry in the thread."""

from __future__ import annotations

import hashlib
from abc import abstractmethod
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils.translation import gettext as _

from skypact.market.core.access import Actor
from skypact.market.core.actions import Action, StateError
from skypact.market.core.events import Record
from skypact.market.suppliers.models import Entry, Line, Submission
from skypact.market.suppliers.transitions import Act, Side, State, allowed, allowed_acts, ever_allowed

LONGEST_MESSAGE = 5000


def sides(actor: Actor, submission: Submission) -> frozenset[Side]:
    """On which sides of ``submission`` the actor stands. Nobody decides on what his own vendor submits."""
    if actor.vendor:
        return frozenset({Side.VENDOR}) if actor.vendor == submission.vendor else _editing(actor)
    return _editing(actor)


def _editing(actor: Actor) -> frozenset[Side]:
    return frozenset({Side.EDITOR}) if actor.may_edit_catalogue else frozenset()


def may_see(actor: Actor, submission: Submission) -> bool:
    """The vendor's people see all of its submissions, editors those that were ever submitted."""
    standing = sides(actor, submission)
    return Side.VENDOR in standing or (Side.EDITOR in standing and submission.submitted_at is not None)


def acts_of(actor: Actor, submission: Submission) -> list[Act]:
    """What the actor may do with ``submission`` now."""
    return allowed_acts(submission.state, sides(actor, submission)) if may_see(actor, submission) else []


def speaker(actor: Actor) -> str:
    """How the thread names an actor: the user's name, or what acted."""
    return named(actor.label)


def named(label: str) -> str:
    """The person or machine in a label of the event log: ``kim`` of ``user:3 kim``, ``seed`` of ``system:seed``."""
    kind, _colon, name = label.partition(":")
    return name.partition(" ")[2] if kind == "user" else name


@dataclass(kw_only=True)
class Step(Action[Submission]):
    """An act on one submission; its row is read again and held for the length of the act."""

    act: ClassVar[Act]

    submission_id: int
    message: str = ""

    def check(self) -> None:
        submission = self.held()
        if not may_see(self.actor, submission):
            raise Http404(f"There is no submission {self.submission_id}.")
        standing = sides(self.actor, submission)
        if not ever_allowed(self.act, standing):
            raise PermissionDenied(f"{self.actor.label} may not {self.act.value} a submission of {submission.vendor}")
        if not allowed(submission.state, self.act, standing):
            raise StateError(_not_now(submission, self.act))
        if len(self.message) > LONGEST_MESSAGE or "\0" in self.message:
            raise StateError(_("a message has at most %(count)s characters of plain text") % {"count": LONGEST_MESSAGE})

    def held(self) -> Submission:
        """The submission's row, held until the transaction ends."""
        found = Submission.objects.select_for_update().filter(pk=self.submission_id).first()
        if found is None:
            raise Http404(f"There is no submission {self.submission_id}.")
        return found

    @property
    def side(self) -> Side:
        """On which side the actor acts."""
        return next(side for side in Side if side in sides(self.actor, self.held()))

    @abstractmethod
    def perform(self) -> Submission:
        """Makes the change."""

    def moved(self, state: State, **fields: object) -> Submission:
        """The submission in its new state, with an entry in the thread."""
        side = self.side
        submission = self.held()
        submission.state = state
        for name, value in fields.items():
            setattr(submission, name, value)
        submission.save()
        say(submission, self.actor, side, self.act, self.message)
        return submission

    def record(self, result: Submission) -> Record:
        return record_of(result)


def _not_now(submission: Submission, act: Act) -> str:
    facts = {"number": submission.pk, "who": named(submission.decided_by), "act": act.label}
    match State(submission.state):
        case State.APPROVED:
            return _("submission %(number)s was approved by %(who)s already: nothing is left to do") % facts
        case State.RETURNED:
            return _("submission %(number)s was returned by %(who)s: it is the vendor's turn") % facts
        case State.WITHDRAWN:
            return _("the vendor has taken submission %(number)s back: nothing is left to do") % facts
        case State.SUBMITTED:
            return _("submission %(number)s waits for a decision: “%(act)s” is not possible now") % facts
        case _:
            return _("submission %(number)s is a draft: “%(act)s” is not possible yet") % facts


def say(submission: Submission, actor: Actor, side: Side, act: str, text: str) -> None:
    """Adds to the thread."""
    Entry.objects.create(submission=submission, author=speaker(actor), side=side, act=act, text=text.strip())


def record_of(submission: Submission, **data: object) -> Record:
    """What the event log keeps of an act on ``submission``."""
    facts = {"vendor": submission.vendor, "state": str(submission.state), **data}
    return Record(object_type="suppliers.submission", object_id=str(submission.pk), data=facts)


def content_of(lines: Iterable[Line]) -> dict[str, object]:
    """What lines propose, for the event log: how many of each change, and one hash over ids and digests."""
    told = [f"{line.change} {line.kind} {line.slug} {line.digest}" for line in lines]
    counts = Counter(text.partition(" ")[0] for text in told)
    return {"lines": dict(sorted(counts.items())), "content": hashlib.sha256("\n".join(told).encode()).hexdigest()}
