"""Numbers that cannot be kept: below what nothing lies, and every kind of way out with the cheapest of its kind.

Minimal reasons against a number would run to a dozen members; what helps is how far one is from it and what to change.
A way out is a question of its own, answered like any other (:func:`.completing.complete`), so that it is known to
work: a higher limit, as few sensors fewer as can be, another command-and-control product, a detail left open.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from skypact.engines.interop.together.choosing import Outcome
from skypact.engines.interop.together.completing import Completion, complete, fewest_left_out
from skypact.engines.interop.together.keeping import mass_kg
from skypact.engines.interop.together.question import Part, Question
from skypact.schema import Category, Sentence, figure, sentence

#: Of a search for one way out: no longer than this, s of wall time.
_EACH_S = 10.0


class Way(StrEnum):
    """What is changed."""

    RAISE = "raise"
    """the limit, to the least at which there is an answer"""
    CHEAPER = "cheaper"
    """the limit of mass, to what the cheapest set of any mass weighs"""
    WITHOUT = "without"
    """some units of sensors are left out, as few as can be"""
    OTHER_C2 = "other_c2"
    """another command-and-control product may be bought"""
    OPEN = "open"
    """additions count of which a detail is open, or that are unknown"""


_HEAVIER = {
    Way.RAISE: "Allow {mass} kg, the least there is; the cheapest additions of that mass cost {cost}.",
    Way.CHEAPER: "The cheapest additions of any mass cost {cost}; the set then weighs {mass} kg.",
}
_CHANGED = {
    Way.WITHOUT: "Leave out {names}, and the additions cost {cost}.",
    Way.OTHER_C2: "Buy another command and control product, and the additions cost {cost}.",
    Way.OPEN: "Let details be open, and the additions cost {cost}.",
}
#: The same where nothing need be added: there is no cost to name.
_HEAVIER_BARE = {
    Way.RAISE: "Allow {mass} kg, the least there is; nothing need be added.",
    Way.CHEAPER: "Allow {mass} kg, and nothing need be added.",
}
_CHANGED_BARE = {
    Way.WITHOUT: "Leave out {names}, and nothing need be added.",
    Way.OTHER_C2: "With another command and control product allowed, nothing need be added.",
    Way.OPEN: "Let details be open, and nothing need be added.",
}
#: The same where no addition has a public price: 0 would not be what they cost.
_HEAVIER_UNPRICED = {
    Way.RAISE: "Allow {mass} kg, the least there is; nobody states a price of what is added then: {added}.",
    Way.CHEAPER: "Allow {mass} kg; nobody states a price of what is added then: {added}.",
}
_CHANGED_UNPRICED = {
    Way.WITHOUT: "Leave out {names}; nobody states a price of what is added then: {added}.",
    Way.OTHER_C2: "Buy another command and control product; nobody states a price of what is added then: {added}.",
    Way.OPEN: "Let details be open; nobody states a price of what is added then: {added}.",
}


@dataclass(frozen=True)
class Repair:
    """One way out and the least to add then."""

    way: Way
    to: float | None
    """RAISE, CHEAPER: what the limit must be"""
    without: tuple[tuple[str, int], ...]
    """WITHOUT: so many units of which listings"""
    certainty: int
    completion: Completion
    mass_kg: float
    """of all whose mass is known, additions included"""
    sentences: tuple[Sentence, ...]

    @property
    def proven(self) -> bool:
        """Whether nothing of its kind is cheaper."""
        return self.completion.outcome is Outcome.PROVEN


@dataclass(frozen=True)
class Limit:
    """A number that cannot be kept: what was wanted, below what nothing lies, and the cheapest ways out of it."""

    name: str
    """``budget`` or ``mass``"""
    wanted: float
    floor: float
    proven: bool
    sentences: tuple[Sentence, ...]
    repairs: tuple[Repair, ...] = ()


def over_budget(
    question: Question, few: Question, found: Completion, limit_s: float, *, accept: int
) -> tuple[Limit, ...]:
    """The budget, where ``found``, the least for ``question``, costs more. ``accept``: the degree that was allowed.

    ``few`` is ``question``, narrowed.
    """
    budget = question.wanted.budget
    if budget is None or found.cost <= budget:
        return ()
    sentences = [
        sentence(
            "The cheapest additions found cost {cost}; the budget is {budget}.",
            cost=f"{found.cost:,.2f}",
            budget=f"{budget:,.2f}",
        ),
        sentence("No additions that do it cost less than {floor}.", floor=f"{found.bound:,.2f}"),
    ]
    raised = Repair(
        Way.RAISE, found.cost, (), question.wanted.accept, found, mass_kg(question, found),
        (sentence("Raise the budget to {cost}.", cost=f"{found.cost:,.2f}"),),
    )  # fmt: skip
    repairs = (raised, *_changed(question, few, limit_s, accept=accept))
    return (Limit("budget", budget, found.bound, found.bound > budget, tuple(sentences), repairs),)


def too_heavy(question: Question, limit_s: float) -> Limit | None:
    """The mass, where it alone stands against an answer at some degree of certainty that is accepted."""
    limit, accept = question.wanted.mass_max_kg, question.wanted.accept
    if limit is None:
        return None
    for degree in range(accept + 1):
        free = replace(question, wanted=replace(question.wanted, mass_max_kg=None, accept=degree))
        lightest = complete(free, weigh=True, limit_s=limit_s)
        if lightest.outcome in (Outcome.PROVEN, Outcome.FOUND):
            break
    else:
        return None
    own = mass_kg(question, Completion(Outcome.PROVEN))
    floor, least = own + lightest.bound, own + lightest.cost
    sentences = [
        sentence(
            "The lightest set found weighs {mass} kg; {limit} kg are allowed.", mass=f"{least:g}", limit=f"{limit:g}"
        ),
        sentence("No set that works weighs less than {floor} kg.", floor=f"{floor:g}"),
    ]
    unknown = [part.listing.name for part in question.parts if figure(part.listing.mass, on=question.on) is None]
    if unknown:
        sentences.append(sentence("Nobody states the mass of {names}; it counts as nothing.", names=", ".join(unknown)))
    asked = free_of(question, degree)
    repairs = (
        *_heavier(question, degree, least, limit_s),
        *_changed(asked, asked, limit_s, accept=accept),
    )
    return Limit("mass", limit, floor, lightest.outcome is Outcome.PROVEN and floor > limit, tuple(sentences), repairs)


def free_of(question: Question, degree: int) -> Question:
    """The question at one degree of certainty."""
    return replace(question, wanted=replace(question.wanted, accept=degree))


def _heavier(question: Question, degree: int, least_kg: float, limit_s: float) -> Iterator[Repair]:
    """The cheapest set of the least mass, and the cheapest of any mass."""
    before: float | None = None
    for way, mass in ((Way.RAISE, least_kg * (1 + 1e-9)), (Way.CHEAPER, float("inf"))):
        asked = replace(question, wanted=replace(question.wanted, mass_max_kg=mass, accept=degree))
        found = complete(asked, limit_s=min(limit_s, _EACH_S))
        if found.outcome not in (Outcome.PROVEN, Outcome.FOUND) or found.cost == before:
            continue
        before = found.cost
        weighs = mass_kg(question, found)
        kg, cost, added = f"{weighs:g}", f"{found.cost:,.2f}", _unpriced(found)
        said = _said(
            found,
            costing=sentence(_HEAVIER[way], mass=kg, cost=cost),
            bare=sentence(_HEAVIER_BARE[way], mass=kg),
            unpriced=sentence(_HEAVIER_UNPRICED[way], mass=kg, added=added),
        )
        yield Repair(way, weighs, (), degree, found, weighs, said)


def _changed(question: Question, few: Question, limit_s: float, *, accept: int) -> Iterator[Repair]:
    """Ways out that keep the limits: fewer sensors, another command and control, a detail left open."""
    each_s = min(limit_s, _EACH_S)
    fewer = fewest_left_out(few, limit_s=each_s)
    if fewer is not None and fewer.left_out:
        without = _left_out(question, fewer.left_out)
        yield from _kept(Way.WITHOUT, _smaller(question, fewer.left_out), fewer.completion, without=without)
    wanted = question.wanted
    if not wanted.other_c2 and question.of(Category.C2):
        other = replace(question, wanted=replace(wanted, other_c2=True))
        yield from _kept(Way.OTHER_C2, other, complete(other, limit_s=each_s, most=wanted.budget))
    for degree in range(wanted.accept + 1, accept + 1):
        open_ = free_of(question, degree)
        found = list(_kept(Way.OPEN, open_, complete(open_, limit_s=each_s, most=wanted.budget)))
        yield from found
        if found:
            return


def _smaller(question: Question, left_out: dict[str, int]) -> Question:
    fewer = tuple(replace(part, quantity=part.quantity - left_out.get(part.listing.id, 0)) for part in question.parts)
    return replace(question, parts=tuple(part for part in fewer if part.quantity))


def _left_out(question: Question, count: dict[str, int]) -> tuple[tuple[Part, int], ...]:
    return tuple((part, count[part.listing.id]) for part in question.parts if part.listing.id in count)


def _kept(
    way: Way, question: Question, found: Completion, *, without: tuple[tuple[Part, int], ...] = ()
) -> Iterator[Repair]:
    """``found``, the least to add to the changed question, where that keeps the budget too."""
    if found.outcome not in (Outcome.PROVEN, Outcome.FOUND):
        return
    if question.wanted.budget is not None and (found.unpriced or found.cost > question.wanted.budget):
        return
    names = ", ".join(_counted(part, count) for part, count in without)
    said = _said(
        found,
        costing=sentence(_CHANGED[way], names=names, cost=f"{found.cost:,.2f}"),
        bare=sentence(_CHANGED_BARE[way], names=names),
        unpriced=sentence(_CHANGED_UNPRICED[way], names=names, added=_unpriced(found)),
    )
    units = tuple((part.listing.id, count) for part, count in without)
    yield Repair(way, None, units, question.wanted.accept, found, mass_kg(question, found), said)


def _said(found: Completion, *, costing: Sentence, bare: Sentence, unpriced: Sentence) -> tuple[Sentence, ...]:
    """A way out in words: what its additions cost, that there are none, or that none of them has a price."""
    if not found.additions:
        return (bare,)
    if len(found.unpriced) == len(found.additions):
        return (unpriced,)
    if not found.unpriced:
        return (costing,)
    return costing, sentence("That leaves out {names}: no price of it is public.", names=_unpriced(found))


def _unpriced(found: Completion) -> str:
    return ", ".join(listing.name for listing, _ in found.additions if listing.id in found.unpriced)


def _counted(part: Part, count: int) -> str:
    return part.listing.name if part.quantity == 1 else f"{count} × {part.listing.name}"
