"""Which listings come into question at all, and what one unit of each takes; the rest with the reason why not."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from skypact.engines.eligibility import Reason, Verdict, judge_many
from skypact.engines.interop import Feed, Mains, feed
from skypact.engines.supply import LeadTime, Price, assumption_for, terms
from skypact.schema import (
    Answer,
    Assumption,
    AssumptionKind,
    Basis,
    Category,
    Exclusion,
    Listing,
    Question,
    Requirement,
    Rule,
    Sentence,
    Vendor,
    figure,
    sentence,
)

#: What costs are counted in: the last decimal an amount of money can have, so that every price is a whole number.
COST_UNIT = Decimal("0.0001")

#: Categories a detection kit is made of; everything else in the catalogue has no part in it.
_SENSOR, _C2, _GATEWAY, _POWER = "sensor", "c2", "gateway", "power"
_ROLE = {
    Category.C2: _C2,
    Category.GATEWAY: _GATEWAY,
    Category.ADAPTER: _GATEWAY,
    Category.POWER: _POWER,
    Category.NETWORK: _POWER,
}


@dataclass(frozen=True)
class Draw:
    """What one unit draws, watts."""

    watts: float | None
    basis: Basis
    assumption: Assumption | None = None


@dataclass(frozen=True)
class Candidate:
    """One listing that may be part of the kit, with everything decided about one unit of it."""

    listing: Listing
    price: Price
    lead: LeadTime
    verdict: Verdict
    draw: Draw
    feed: Feed
    cost: int
    """of one unit with what powers it, in :data:`COST_UNIT` of the budget's currency"""
    unknowns: int
    """how many of its questions are answered "unknown"; among equally cheap kits the better known one is chosen"""


@dataclass(frozen=True)
class Field:
    """All candidates by role."""

    sensors: tuple[Candidate, ...]
    c2: tuple[Candidate, ...]
    gateways: tuple[Candidate, ...]
    sources: Mapping[str, Candidate]


@dataclass
class Exclusions:
    """Collects listings under one reason each."""

    groups: dict[tuple[Question, Answer, str], tuple[Sentence, str | None, list[str]]] = field(default_factory=dict)

    def add(
        self, listing: str, question: Question, answer: Answer, reason: Sentence, citation: str | None = None
    ) -> None:
        """Leave ``listing`` out for ``reason``."""
        _, _, listings = self.groups.setdefault((question, answer, reason.text), (reason, citation, []))
        listings.append(listing)

    def sealed(self) -> tuple[Exclusion, ...]:
        """The exclusions, largest group first within each question."""
        found = [
            Exclusion(question=question, answer=answer, reason=reason, citation=citation, listings=tuple(sorted(ids)))
            for (question, answer, _), (reason, citation, ids) in self.groups.items()
        ]
        return tuple(sorted(found, key=lambda item: (item.question, -len(item.listings), item.reason.text)))


def consider(
    requirement: Requirement,
    *,
    listings: Iterable[Listing],
    vendors: Mapping[str, Vendor],
    rules: Sequence[Rule],
    nation: str | None,
    on: date,
    excluded: Exclusions,
) -> Field:
    """The candidates for ``requirement``; reasons for leaving listings out are added to ``excluded``.

    Left out is what the buyer may not have, what has no price, what comes too late, what cannot be powered; and what
    is unknown on a question whose unknown the requirement does not accept.
    """
    in_role: dict[str, list[Listing]] = defaultdict(list)
    for listing in listings:
        role = _SENSOR if listing.category.family == "sensor" else _ROLE.get(listing.category)
        if role is not None:
            in_role[role].append(listing)
    everything = [listing for group in in_role.values() for listing in group]
    verdicts = judge_many(everything, vendors, requirement.buyer, rules=rules, on=on, place=nation)
    screen = _Screen(requirement, verdicts, on, excluded)
    sources = {
        listing.id: candidate
        for listing in in_role[_POWER]
        if (candidate := screen.bought(listing, Feed(None, Answer.YES, sentence("fed at the site")))) is not None
    }
    offered = [(candidate.listing, float(candidate.cost * COST_UNIT)) for candidate in sources.values()]
    roles = {
        role: tuple(
            candidate
            for listing in in_role[role]
            if (candidate := screen.powered(listing, offered, sources)) is not None
        )
        for role in (_SENSOR, _C2, _GATEWAY)
    }
    return Field(
        sensors=roles[_SENSOR],
        c2=roles[_C2],
        gateways=roles[_GATEWAY],
        sources=sources,
    )


@dataclass(frozen=True)
class _Screen:
    requirement: Requirement
    verdicts: Mapping[str, Verdict]
    on: date
    excluded: Exclusions

    def bought(self, listing: Listing, fed: Feed, extra_cost: int = 0, extra_unknowns: int = 0) -> Candidate | None:
        """The candidate, unless the buyer may not have it, nobody knows its price, or it comes too late."""
        verdict = self.verdicts[listing.id]
        reason = verdict.reasons[0]
        if not self._passes(listing, Question.ELIGIBILITY, verdict.answer, said(reason), reason.citation):
            return None
        agreed = terms(listing, self.requirement, on=self.on)
        price, lead = agreed.price, agreed.lead
        if price.money is None:
            self.excluded.add(listing.id, Question.PRICE, Answer.UNKNOWN, price.note)
            return None
        arrives = lead.arrives(self.on)
        if arrives is None:
            punctual = Answer.UNKNOWN
            note = lead.note
        else:
            punctual = Answer.YES if arrives <= self.requirement.deadline else Answer.NO
            note = sentence("arrives {day}, after the deadline {deadline}", day=arrives,
                            deadline=self.requirement.deadline)  # fmt: skip
        if not self._passes(listing, Question.DELIVERY, punctual, note):
            return None
        answers = (verdict.answer, punctual, fed.answer)
        return Candidate(
            listing=listing,
            price=price,
            lead=lead,
            verdict=verdict,
            draw=power_draw(listing, self.requirement, on=self.on),
            feed=fed,
            cost=int(price.money.amount / COST_UNIT) + extra_cost,
            unknowns=answers.count(Answer.UNKNOWN) + extra_unknowns,
        )

    def powered(
        self, listing: Listing, offered: Sequence[tuple[Listing, float]], sources: Mapping[str, Candidate]
    ) -> Candidate | None:
        """:meth:`bought`, with the feed of one unit; ``None`` also when it cannot be powered."""
        requirement = self.requirement
        fed = feed(
            listing,
            offered,
            draw_w=power_draw(listing, requirement, on=self.on).watts,
            mains=Mains(requirement.mains_voltage_v, requirement.mains_current_a) if requirement.mains else None,
        )
        source = sources.get(fed.source) if fed.source is not None else None
        candidate = self.bought(
            listing,
            fed,
            extra_cost=0 if source is None else source.cost,
            extra_unknowns=0 if source is None else source.unknowns,
        )
        if candidate is None or not self._passes(listing, Question.POWER, fed.answer, fed.reason):
            return None
        return candidate

    def _passes(
        self, listing: Listing, question: Question, answer: Answer, reason: Sentence, citation: str | None = None
    ) -> bool:
        if answer is Answer.YES or (answer is Answer.UNKNOWN and question in self.requirement.accept_unknown):
            return True
        self.excluded.add(listing.id, question, answer, reason, citation)
        return False


def power_draw(listing: Listing, requirement: Requirement, *, on: date) -> Draw:
    """What one unit draws: the strongest claim, else the requirement's assumption, else unknown."""
    claimed = figure(listing.power_draw, on=on)
    if claimed is not None:
        return Draw(claimed, Basis.CLAIM)
    assumption = assumption_for(listing, AssumptionKind.POWER_DRAW_W, requirement)
    if assumption is not None:
        return Draw(float(assumption.value), Basis.ASSUMPTION, assumption)
    return Draw(None, Basis.UNKNOWN)


def sensors_served(listing: Listing, *, on: date) -> float | None:
    """How many sensors a hub or gateway serves at most; ``None`` where nobody states it."""
    return None if listing.fusion is None else figure(listing.fusion.sensors_max, on=on)


def said(reason: Reason) -> Sentence:
    """A rule's reason in both languages, as its author wrote it."""
    return Sentence(text=reason.sentence, text_ko=reason.sentence_ko)
