"""Whether additions keep the numbers asked for: yes, no, or unknown where nobody states a price or a mass."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from skypact.engines.interop.together.completing import Completion
from skypact.engines.interop.together.question import Question
from skypact.schema import Answer, Listing, Sentence, figure, sentence


@dataclass(frozen=True)
class Kept:
    """A number asked for, and whether it is kept."""

    name: str
    """``budget`` or ``mass``"""
    wanted: float
    answer: Answer
    known: float
    """what those come to whose price or mass is known"""
    unstated: tuple[str, ...]
    """listings whose price or mass nobody states"""
    reason: Sentence


def kept(question: Question, found: Completion) -> tuple[Kept, ...]:
    """The budget and the mass of ``question``, as far as they are limited. What nobody states is never within them."""
    return tuple(one for one in (_budget(question, found), _mass(question, found)) if one is not None)


def mass_kg(question: Question, found: Completion) -> float:
    """What the parts and additions weigh whose mass is known, kg."""
    weighed = ((figure(listing.mass, on=question.on) or 0.0, count) for listing, count in _whole_set(question, found))
    return sum(mass * count for mass, count in weighed)


def _whole_set(question: Question, found: Completion) -> list[tuple[Listing, int]]:
    return [*((part.listing, part.quantity) for part in question.parts), *found.additions]


def _budget(question: Question, found: Completion) -> Kept | None:
    budget = question.wanted.budget
    if budget is None:
        return None
    unstated = [listing for listing, _ in found.additions if listing.id in found.unpriced]
    answer = _answer(found.cost <= budget, unstated)
    amounts = {"cost": f"{found.cost:,.2f}", "budget": f"{budget:,.2f}"}
    if answer is Answer.UNKNOWN:
        told = sentence(
            "Nobody states a price of {names}: whether the budget of {budget} is kept could not be checked.",
            names=_names(unstated),
            budget=amounts["budget"],
        )
    elif answer is Answer.YES:
        told = sentence("The additions cost {cost}, within the budget of {budget}.", **amounts)
    else:
        told = sentence("The additions cost {cost}, more than the budget of {budget}.", **amounts)
    return Kept("budget", budget, answer, found.cost, tuple(one.id for one in unstated), told)


def _mass(question: Question, found: Completion) -> Kept | None:
    limit = question.wanted.mass_max_kg
    if limit is None:
        return None
    known = mass_kg(question, found)
    unstated = [one for one, _ in _whole_set(question, found) if figure(one.mass, on=question.on) is None]
    answer = _answer(known <= limit, unstated)
    amounts = {"mass": f"{known:g}", "limit": f"{limit:g}"}
    if answer is Answer.UNKNOWN:
        told = sentence(
            "Nobody states the mass of {names}: whether the set weighs at most {limit} kg could not be checked.",
            names=_names(unstated),
            limit=amounts["limit"],
        )
    elif answer is Answer.YES:
        told = sentence("The set weighs {mass} kg, within the limit of {limit} kg.", **amounts)
    else:
        told = sentence("The set weighs {mass} kg, more than the limit of {limit} kg.", **amounts)
    return Kept("mass", limit, answer, known, tuple(dict.fromkeys(one.id for one in unstated)), told)


def _answer(within: bool, unstated: Sequence[Listing]) -> Answer:
    if not within:
        return Answer.NO
    return Answer.UNKNOWN if unstated else Answer.YES


def _names(listings: Sequence[Listing]) -> str:
    return ", ".join(dict.fromkeys(one.name for one in listings))
