"""Which listings come into question at all, and what one unit of each takes; the rest with the reason why not."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from skypact.engines.eligibility import Reason, Verdict, judge_many
from skypact.engines.interop import Feed, Mains, feed
from skypact.engines.interop.together import Finding, Part, Wanted
from skypact.engines.interop.together import Question as Asked
from skypact.engines.interop.together.feeding import draw_w
from skypact.engines.interop.together.mounting import mount_findings
from skypact.engines.interop.together.question import ORDER, serves
from skypact.engines.interop.together.timing import clock_needs, gives_clock
from skypact.engines.supply import LeadTime, Price, assumption_for, terms
from skypact.schema import (
    Answer,
    Assumption,
    AssumptionKind,
    Basis,
    Category,
    Exclusion,
    Listing,
    Port,
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
_SENSOR, _C2, _GATEWAY, _POWER, _MOUNT, _CLOCK = "sensor", "c2", "gateway", "power", "mount", "clock"
#: Kinds of product that are bought for the time or position they give, if they have no other part in a kit.
_CLOCK_FAMILIES = ("radio", "payload", "spare")
#: Parts of interoperability: who accepts its unknown answers accepts theirs.
_OF_INTEROPERABILITY = frozenset({Question.COEXISTENCE, Question.INTERFACE_DETAIL})
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
    """of one unit with what powers and carries it, in :data:`COST_UNIT` of the budget's currency"""
    unknowns: int
    """how many of its questions are answered "unknown"; among equally cheap kits the better known one is chosen"""
    mount: str | None = None
    """the product that carries one unit, where it says what must"""


@dataclass(frozen=True)
class Field:
    """All candidates by role."""

    sensors: tuple[Candidate, ...]
    c2: tuple[Candidate, ...]
    gateways: tuple[Candidate, ...]
    sources: Mapping[str, Candidate]
    mounts: Mapping[str, Candidate]
    clocks: tuple[Candidate, ...]
    """what is bought only for the time or position that it gives to others"""


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

    Left out is what the buyer may not have, what has no price, what comes too late, what cannot be powered or carried;
    and what is unknown on a question whose unknown the requirement does not accept.
    """
    in_role = _by_role(listings, on)
    everything = [listing for group in in_role.values() for listing in group]
    verdicts = judge_many(everything, vendors, requirement.buyer, rules=rules, on=on, place=nation)
    screen = _Screen(requirement, verdicts, on, excluded)
    sources = {
        listing.id: candidate
        for listing in in_role[_POWER]
        if (candidate := screen.bought(listing, Feed(None, Answer.YES, sentence("fed at the site")))) is not None
    }
    mounts = {
        listing.id: candidate
        for listing in in_role[_MOUNT]
        if (candidate := screen.bought(listing, Feed(None, Answer.YES, sentence("it takes no power")))) is not None
    }
    offered = [(candidate.listing, float(candidate.cost * COST_UNIT)) for candidate in sources.values()]
    roles = {
        role: tuple(
            candidate
            for listing in in_role[role]
            if (candidate := screen.powered(listing, offered, sources, mounts)) is not None
        )
        for role in (_SENSOR, _C2, _GATEWAY, _CLOCK)
    }
    needed = [port for role in (_SENSOR, _C2, _GATEWAY) for one in roles[role] for port in clock_ports(one.listing, on)]
    clocks = (*roles[_CLOCK], *sources.values(), *roles[_GATEWAY])
    return Field(
        sensors=roles[_SENSOR],
        c2=roles[_C2],
        gateways=roles[_GATEWAY],
        sources=sources,
        mounts=mounts,
        clocks=tuple(one for one in clocks if any(gives_clock(one.listing, port) for port in needed)),
    )


def _by_role(listings: Iterable[Listing], on: date) -> dict[str, list[Listing]]:
    """The listings by what they may be in a kit; of mounts and clocks only those that somebody needs."""
    in_role: dict[str, list[Listing]] = defaultdict(list)
    others = []
    for listing in listings:
        role = _SENSOR if listing.category.family == "sensor" else _ROLE.get(listing.category)
        if role is not None:
            in_role[role].append(listing)
        else:
            others.append(listing)
    needed = [port for role in (_SENSOR, _C2, _GATEWAY) for one in in_role[role] for port in clock_ports(one, on)]
    sensors = [(sensor, alone) for sensor in in_role[_SENSOR] if (alone := _carried(sensor, None, on)) is not None]
    for listing in others:
        if listing.category.family == "mount":
            if any(_carried(sensor, listing, on) != alone for sensor, alone in sensors):
                in_role[_MOUNT].append(listing)
        elif listing.category.family in _CLOCK_FAMILIES and any(gives_clock(listing, port) for port in needed):
            in_role[_CLOCK].append(listing)
    return in_role


def clock_ports(listing: Listing, on: date) -> list[Port]:
    """The time and position ports through which a product needs another one."""
    return [port for _, port in clock_needs(Asked((Part(listing),), Wanted(), on))]


def _carried(sensor: Listing, mount: Listing | None, on: date) -> Finding | None:
    """Whether a mount carries a sensor, and nothing else does; ``None``: it does not say what must."""
    parts = (Part(sensor),) if mount is None else (Part(sensor), Part(mount))
    return next(iter(mount_findings(Asked(parts, Wanted(), on))), None)


@dataclass(frozen=True)
class _Screen:
    requirement: Requirement
    verdicts: Mapping[str, Verdict]
    on: date
    excluded: Exclusions

    def bought(
        self, listing: Listing, fed: Feed, extra_cost: int = 0, extra_unknowns: int = 0, mount: str | None = None
    ) -> Candidate | None:
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
            mount=mount,
        )

    def powered(
        self,
        listing: Listing,
        offered: Sequence[tuple[Listing, float]],
        sources: Mapping[str, Candidate],
        mounts: Mapping[str, Candidate],
    ) -> Candidate | None:
        """:meth:`bought`, with the feed and the mount of one unit; ``None`` also when it cannot be powered or carried.

        What it draws is what the engine says; only where that is unknown an assumption of the requirement counts.
        """
        requirement = self.requirement
        draw = draw_w(listing, self.on)
        fed = feed(
            listing,
            offered,
            draw_w=power_draw(listing, requirement, on=self.on).watts if draw is None else draw,
            mains=Mains(requirement.mains_voltage_v, requirement.mains_current_a) if requirement.mains else None,
        )
        carried, mount = self._carried(listing, mounts)
        besides = [one for one in (sources.get(fed.source or ""), mount) if one is not None]
        candidate = self.bought(
            listing,
            fed,
            extra_cost=sum(one.cost for one in besides),
            extra_unknowns=sum(one.unknowns for one in besides)
            + (carried is not None and carried.answer is Answer.UNKNOWN),
            mount=None if mount is None else mount.listing.id,
        )
        if candidate is None or not self._passes(listing, Question.POWER, fed.answer, fed.reason):
            return None
        if carried is not None and not self._passes(listing, Question.INTERFACE_DETAIL, carried.answer, carried.reason):
            return None
        return candidate

    def _carried(self, listing: Listing, mounts: Mapping[str, Candidate]) -> tuple[Finding | None, Candidate | None]:
        """The surest, then cheapest mount, and how surely it carries one unit; nothing where it does not say what must.

        Without any, why: what the engine says of the product alone, or on the mount that comes nearest.
        """
        alone = _carried(listing, None, self.on) if listing.category.family == "sensor" else None
        if alone is None:
            return None, None
        judged = [(found, mount) for mount in mounts.values()
                  if (found := _carried(listing, mount.listing, self.on)) is not None]  # fmt: skip
        able = [(ORDER.index(found.answer), mount.cost, mount.listing.id, found, mount) for found, mount in judged
                if found.answer is not Answer.NO]  # fmt: skip
        if not able:
            return next((found for found, _ in judged if found.reason != alone.reason), alone), None
        _, _, _, found, mount = min(able, key=lambda way: way[:3])
        return found, mount

    def _passes(
        self, listing: Listing, question: Question, answer: Answer, reason: Sentence, citation: str | None = None
    ) -> bool:
        if answer is Answer.YES or (answer is Answer.UNKNOWN and accepted_as(question, self.requirement) is not None):
            return True
        asked = Question.INTEROPERABILITY if question is Question.INTERFACE_DETAIL else question
        self.excluded.add(listing.id, asked, answer, reason, citation)
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
    return serves(listing, on)


def accepted_as(question: Question, requirement: Requirement) -> Question | None:
    """As which question the requirement accepts that ``question`` stays unanswered; ``None``: it does not."""
    if question in requirement.accept_unknown:
        return question
    whole = Question.INTEROPERABILITY
    return whole if question in _OF_INTEROPERABILITY and whole in requirement.accept_unknown else None


def said(reason: Reason) -> Sentence:
    """A rule's reason in both languages, as its author wrote it."""
    return Sentence(text=reason.sentence, text_ko=reason.sentence_ko)
