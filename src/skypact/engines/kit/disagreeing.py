"""What products of one kit leave open side by side, and why none that cover what is asked work together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

from skypact.engines.interop.together import Aspect, Finding
from skypact.engines.kit.choosing import Nothing
from skypact.engines.kit.explaining import narrowed
from skypact.engines.kit.together import Together
from skypact.schema import Answer, Money, Refusal, Requirement, Sentence, Shortfall, Unknown, sentence

#: What an unknown answer of each aspect puts at stake.
_MATTERS = {
    Aspect.AIR: "whether they can work at the same time at this site",
    Aspect.CAPACITY: "whether every sensor of the kit can be connected at once",
    Aspect.MOUNT: "whether it stands at its position",
    Aspect.TIME: "whether it has the time that it needs",
    Aspect.POSITION: "whether it knows where it stands",
}
_LIMITS = {
    Aspect.AIR: "side by side on the air",
    Aspect.CAPACITY: "what is connected at once",
    Aspect.DATA: "data",
    Aspect.POWER: "power",
    Aspect.MOUNT: "mounting",
    Aspect.TIME: "time",
    Aspect.POSITION: "position",
}
#: What a planner can do about each.
_REMEDIES = {
    Aspect.AIR: "products on other frequencies or with channels of their own, another kind of sensor, or a lower share",
    Aspect.CAPACITY: "a command and control product or gateway that carries more, or a lower share",
    Aspect.DATA: "other products, or another requirement",
    Aspect.POWER: "a stronger circuit, more positions, or products that draw less",
    Aspect.MOUNT: "a mount that bears it, or another product",
    Aspect.TIME: "a product that gives the time it needs, or another product",
    Aspect.POSITION: "a product that gives the position it needs, or another product",
}
#: Shortfalls told of one kit.
_TOLD = 6


def unknowns_together(findings: Iterable[Finding], together: Together) -> Iterable[Unknown]:
    """The accepted unknowns that the engine of sets finds beyond what is weighed product by product."""
    for finding in together.open(findings):
        yield Unknown(
            subject=finding.subjects[0],
            question=finding.reason,
            matters=sentence(_MATTERS[finding.aspect]),
            settled_by=_settled_by(finding),
            accepted=together.accepted(finding),
        )


def merged(told: Sequence[Unknown], more: Iterable[Unknown]) -> tuple[Unknown, ...]:
    """Unknowns, each once. One that is told already is accepted where ``more`` says so."""
    found: dict[tuple[str, str], Unknown] = {}
    for unknown in (*told, *more):
        key = (unknown.subject, unknown.question.text)
        if key not in found:
            found[key] = unknown
        elif found[key].accepted is None:
            found[key] = found[key].model_copy(update={"accepted": unknown.accepted})
    return tuple(found.values())


def _settled_by(finding: Finding) -> Sentence:
    missing = finding.missing
    return sentence("the data sheet") if missing is None or missing.text == finding.reason.text else missing


def not_together(
    requirement: Requirement, nothing: Nothing, against: Sequence[Finding], cost: Decimal, *, whole: bool
) -> Refusal:
    """Enough is attainable, but not with products that work together. ``against``: what the cheapest kit that covers
    what is asked, at ``cost``, has against it."""
    if nothing.stopped:
        first = sentence("The search was stopped before a kit that works together was found.")
    elif nothing.impossible:
        first = sentence("No kit that covers what is asked works together.")
    else:
        first = sentence(
            "No kit that works together was found within the work limit; that does not prove there is none."
        )
    spent = Money(amount=cost, currency=requirement.budget.currency)
    second = sentence(
        "The cheapest that covers it, at {cost}, does not: {reason}", cost=spent, reason=against[0].reason
    )
    return Refusal(
        sentences=(first, second, *narrowed(whole)),
        shortfalls=tuple(_shortfall(finding) for finding in against[:_TOLD]),
    )


def _shortfall(finding: Finding) -> Shortfall:
    unknown = finding.answer is Answer.UNKNOWN
    return Shortfall(
        limit=sentence(_LIMITS[finding.aspect]),
        wanted=sentence("products that surely work together") if unknown else sentence("products that work together"),
        nearest=finding.reason,
        remedy=_settled(finding) if unknown else sentence(_REMEDIES[finding.aspect]),
    )


def _settled(finding: Finding) -> Sentence:
    settled = _settled_by(finding)
    if finding.aspect is Aspect.AIR:
        return sentence("find out: {fact}; or accept unknown answers about neighbours on the air", fact=settled)
    return sentence("find out: {fact}; or accept unknown answers about interfaces in detail", fact=settled)
