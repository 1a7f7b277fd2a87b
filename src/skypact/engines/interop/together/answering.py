"""The whole answer: the set as it is, the cheapest additions, and why it cannot be where it cannot."""

from __future__ import annotations

from dataclasses import dataclass, replace

from skypact.engines.interop.together.checking import Checked, check
from skypact.engines.interop.together.choosing import Outcome
from skypact.engines.interop.together.completing import Completion, complete, narrowed
from skypact.engines.interop.together.limiting import Limit, over_budget, too_heavy
from skypact.engines.interop.together.question import Question
from skypact.engines.interop.together.reasons import Reason, Situation, reasons
from skypact.engines.interop.together.saying import said
from skypact.schema import Answer, Sentence


@dataclass(frozen=True)
class Told:
    """A minimal reason with its sentences, at most three."""

    reason: Reason
    sentences: tuple[Sentence, ...]


@dataclass(frozen=True)
class Together:
    """The answer to a question about a set."""

    checked: Checked
    completion: Completion | None
    """the cheapest additions that make it so; empty ones where nothing is missing; ``None``: there are none"""
    reasons: tuple[Told, ...] = ()
    """all minimal reasons why there are none"""
    limits: tuple[Limit, ...] = ()
    certainty: int = 0
    """the weakest link that the completion rests on is accepted at this degree: the surest at which there is one"""
    late: bool = False
    """time ran out before additions were found, or shown to be impossible"""

    @property
    def answer(self) -> Answer:
        """Whether the set works as it is."""
        return self.checked.answer


def answer(question: Question, *, limit_s: float = 30.0) -> Together:
    """Whether the set works together, what to add, or why nothing helps. ``limit_s``: wall time of one search.

    Additions are looked for among what is sure first; among what leaves a detail open, or is unknown, only where
    that is accepted and nothing surer does.
    """
    checked, late = check(question), False
    for accept in range(question.wanted.accept + 1):
        asked = replace(question, wanted=replace(question.wanted, accept=accept))
        few = asked if asked.wanted.budget is None else narrowed(asked)
        found = complete(few, limit_s=limit_s)
        if found.outcome in (Outcome.PROVEN, Outcome.FOUND):
            limits = over_budget(asked, few, found, limit_s, accept=question.wanted.accept)
            return Together(checked, found, limits=limits, certainty=accept)
        late |= found.outcome is Outcome.OPEN
    heavy = too_heavy(question, limit_s)
    if heavy is not None:
        return Together(checked, None, limits=(heavy,), certainty=question.wanted.accept)
    return Together(checked, None, told(question), certainty=question.wanted.accept, late=late)


def told(question: Question) -> tuple[Told, ...]:
    """All minimal reasons why the set cannot be completed, with their sentences; none where reach alone allows it."""
    situation = Situation(question)
    return tuple(Told(reason, said(reason, situation)) for reason in reasons(situation))
