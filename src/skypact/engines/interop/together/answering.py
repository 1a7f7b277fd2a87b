"""The whole answer: the set as it is, the cheapest additions, and why it cannot be where it cannot."""

from __future__ import annotations

from dataclasses import dataclass, replace

from skypact.engines.interop.together.checking import Checked, check
from skypact.engines.interop.together.choosing import Outcome
from skypact.engines.interop.together.completing import Completion, complete
from skypact.engines.interop.together.question import Question
from skypact.engines.interop.together.reasons import Reason, Situation, reasons
from skypact.engines.interop.together.saying import said
from skypact.schema import Answer, Sentence, figure, sentence


@dataclass(frozen=True)
class Told:
    """A minimal reason with its sentences, at most three."""

    reason: Reason
    sentences: tuple[Sentence, ...]


@dataclass(frozen=True)
class Limit:
    """A number that cannot be kept: what was wanted, below what nothing lies, and the cheapest ways out of it."""

    name: str
    """``budget`` or ``mass``"""
    wanted: float
    floor: float
    proven: bool
    sentences: tuple[Sentence, ...]
    without: tuple[tuple[str, float], ...] = ()
    """leaving out one sensor that brings it within the limit, and what is left then, least first"""


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

    @property
    def answer(self) -> Answer:
        """Whether the set works as it is."""
        return self.checked.answer


def answer(question: Question, *, limit_s: float = 30.0) -> Together:
    """Whether the set works together, what to add, or why nothing helps. ``limit_s``: wall time of one search.

    Additions are looked for among what is sure first; among what leaves a detail open, or is unknown, only where
    that is accepted and nothing surer does.
    """
    checked = check(question)
    for accept in range(question.wanted.accept + 1):
        asked = replace(question, wanted=replace(question.wanted, accept=accept))
        found = complete(asked, limit_s=limit_s)
        if found.outcome in (Outcome.PROVEN, Outcome.FOUND):
            return Together(checked, found, limits=_over_budget(asked, found, limit_s), certainty=accept)
    if question.wanted.mass_max_kg is not None:
        too_heavy = _too_heavy(question, limit_s)
        if too_heavy is not None:
            return Together(checked, None, limits=(too_heavy,), certainty=question.wanted.accept)
    return Together(checked, None, told(question), certainty=question.wanted.accept)


def told(question: Question) -> tuple[Told, ...]:
    """All minimal reasons why the set cannot be completed, with their sentences; none where reach alone allows it."""
    situation = Situation(question)
    return tuple(Told(reason, said(reason, situation)) for reason in reasons(situation))


def _over_budget(question: Question, found: Completion, limit_s: float) -> tuple[Limit, ...]:
    budget = question.wanted.budget
    if budget is None or found.cost <= budget:
        return ()
    proven = found.bound > budget
    sentences = [
        sentence(
            "The cheapest additions found cost {cost}; the budget is {budget}.",
            cost=f"{found.cost:,.2f}",
            budget=f"{budget:,.2f}",
        ),
        sentence("No additions that do it cost less than {floor}.", floor=f"{found.bound:,.2f}"),
    ]
    without = _without_one(question, budget, limit_s)
    if without:
        name = next(part.listing.name for part in question.parts if part.listing.id == without[0][0])
        sentences.append(sentence("Without {name} they cost {cost}.", name=name, cost=f"{without[0][1]:,.2f}"))
    return (Limit("budget", budget, found.bound, proven, tuple(sentences), without),)


def _without_one(question: Question, budget: float, limit_s: float) -> tuple[tuple[str, float], ...]:
    found = []
    for part in question.sensors:
        fewer = replace(question, parts=tuple(one for one in question.parts if one is not part))
        less = complete(fewer, limit_s=limit_s)
        if less.outcome is Outcome.PROVEN and less.cost <= budget:
            found.append((part.listing.id, less.cost))
    return tuple(sorted(found, key=lambda pair: pair[1]))


def _too_heavy(question: Question, limit_s: float) -> Limit | None:
    """The lightest that it can be, where the mass alone stands against it."""
    limit = question.wanted.mass_max_kg
    free = replace(question, wanted=replace(question.wanted, mass_max_kg=None))
    lightest = complete(free, weigh=True, limit_s=limit_s)
    if limit is None or lightest.outcome not in (Outcome.PROVEN, Outcome.FOUND):
        return None
    own = sum((figure(part.listing.mass, on=question.on) or 0.0) * part.quantity for part in question.parts)
    floor = own + lightest.bound
    sentences = [
        sentence(
            "The lightest set found weighs {mass} kg; {limit} kg are allowed.",
            mass=f"{own + lightest.cost:g}",
            limit=f"{limit:g}",
        ),
        sentence("No set that works weighs less than {floor} kg.", floor=f"{floor:g}"),
    ]
    return Limit("mass", limit, floor, lightest.outcome is Outcome.PROVEN and floor > limit, tuple(sentences))
