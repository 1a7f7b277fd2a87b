"""From rules and facts to a verdict with its reasons."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from skypact.engines.eligibility.conditions import Missing, evaluate, leaves, missing
from skypact.engines.eligibility.facts import NOTHING_KNOWN, Facts, ListingFacts, facts_of, listing_facts
from skypact.engines.eligibility.logic import conjunction, negation
from skypact.schema import Answer, Buyer, Listing, Vendor
from skypact.schema.rule import Act, Declared, Effect, Origin, Rule

_SEVERITY = {Answer.NO: 0, Answer.UNKNOWN: 1, Answer.YES: 2}


@dataclass(frozen=True, slots=True)
class Reason:
    """One rule's part in a verdict, or, without a rule, what the absence of rules means."""

    answer: Answer
    rule: str | None
    """the rule's id"""
    acts: tuple[Act, ...]
    sentence: str
    sentence_ko: str
    citation: str | None
    url: str | None
    valid_from: date | None
    valid_until: date | None
    missing: tuple[str, ...] = ()
    """the facts that would settle an unknown, in words"""
    missing_ko: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Verdict:
    """May this buyer have and use this listing here on this day? No legal advice."""

    answer: Answer
    """yes only if both buying and operating are"""
    buy: Answer
    operate: Answer
    reasons: tuple[Reason, ...]
    """what bars first, then what is unknown, then what allows"""


def judge(
    listing: Listing, vendor: Vendor, buyer: Buyer, *, rules: Iterable[Rule], on: date, place: str | None = None
) -> Verdict:
    """May ``buyer`` buy and operate ``listing`` of ``vendor`` on the day ``on``?

    ``place`` is the ISO 3166-1 alpha-2 code of the nation on whose soil it stands; ``None``: at the buyer's home. Rules
    not in force on the day play no part. Evidence that has expired by then counts as unknown, and unknown never turns
    into yes. A verdict repeats what the rules at hand say; it is no legal advice.
    """
    bench = Bench(buyer, rules=rules, on=on, place=place)
    return bench.verdict(listing_facts(listing, vendor, on=on))


def judge_many(
    listings: Iterable[Listing],
    vendors: Mapping[str, Vendor],
    buyer: Buyer,
    *,
    rules: Iterable[Rule],
    on: date,
    place: str | None = None,
) -> dict[str, Verdict]:
    """:func:`judge` for each listing, by its id. ``vendors`` holds every listing's vendor by id; raises ``KeyError``.

    Listings with equal facts are judged once and share one verdict.
    """
    bench = Bench(buyer, rules=rules, on=on, place=place)
    return {listing.id: bench.verdict(listing_facts(listing, vendors[listing.vendor], on=on)) for listing in listings}


class Bench:
    """The rules that can matter to one buyer at one place on one day."""

    def __init__(self, buyer: Buyer, *, rules: Iterable[Rule], on: date, place: str | None) -> None:
        self.buyer, self.on, self.place = buyer, on, place or buyer.nation
        in_force = [rule for rule in rules if rule.in_force_on(on)]
        self.gaps = self._gaps(in_force)
        self.counted = sum(rule.jurisdiction in {self.place, buyer.nation} for rule in in_force)
        # Knowing more never turns a no into anything else, so what is no of an unknown listing is no of every listing.
        blank = self._facts(NOTHING_KNOWN)
        self.rules = [(rule, _looks_inside(rule)) for rule in in_force if evaluate(rule.when, blank) is not Answer.NO]
        self.dockets: dict[ListingFacts, list[Reason | Rule]] = {}
        self.verdicts: dict[ListingFacts, Verdict] = {}

    def verdict(self, listing: ListingFacts) -> Verdict:
        """The verdict on a listing of these facts; equal facts get the same one."""
        kind = listing._replace(parts=(), accounted=False, declarations=frozenset())
        docket = self.dockets.get(kind)
        if docket is None:
            docket = self.dockets[kind] = self._docket(kind)
        key = listing if any(isinstance(entry, Rule) for entry in docket) else kind
        verdict = self.verdicts.get(key)
        if verdict is None:
            verdict = self.verdicts[key] = self._verdict(docket, key)
        return verdict

    def _docket(self, kind: ListingFacts) -> list[Reason | Rule]:
        """For listings that differ in components and declarations alone: the reasons that hold for all of them, and the
        rules that must still look inside each."""
        facts = self._facts(kind)
        docket: list[Reason | Rule] = []
        for rule, inside in self.rules:
            reason = _reason(rule, facts)
            if reason is not None:
                docket.append(rule if inside else reason)
        return docket

    def _verdict(self, docket: list[Reason | Rule], listing: ListingFacts) -> Verdict:
        facts = self._facts(listing)
        found = [_reason(entry, facts) if isinstance(entry, Rule) else entry for entry in docket]
        reasons = sorted(
            [*(reason for reason in found if reason is not None), *self.gaps],
            key=lambda reason: _SEVERITY[reason.answer],
        )
        by_act = {act: conjunction(reason.answer for reason in reasons if act in reason.acts) for act in Act}
        answer = conjunction(by_act.values())
        if answer is Answer.YES:
            reasons.append(self._nothing_bars())
        return Verdict(answer=answer, buy=by_act[Act.BUY], operate=by_act[Act.OPERATE], reasons=tuple(reasons))

    def _facts(self, listing: ListingFacts) -> Facts:
        return facts_of(listing, self.buyer, place=self.place)

    def _gaps(self, in_force: list[Rule]) -> list[Reason]:
        """One unknown for each nation concerned of whose law nothing is at hand."""
        held = {rule.jurisdiction for rule in in_force}
        return [
            _without_rule(
                Answer.UNKNOWN,
                f"This node holds no rule of {nation} in force on {self.on}, so it cannot say what is allowed there.",
                f"이 노드에는 {self.on} 기준으로 시행 중인 {nation} 규칙이 없어 허용 여부를 판단할 수 없습니다.",
                Missing(f"the law of {nation} on {self.on}", f"{self.on} 기준 {nation}의 법률"),
            )
            for nation in dict.fromkeys([self.place, self.buyer.nation])
            if nation not in held
        ]

    def _nothing_bars(self) -> Reason:
        nations = " and ".join(dict.fromkeys([self.place, self.buyer.nation]))
        nations_ko = "·".join(dict.fromkeys([self.place, self.buyer.nation]))
        return _without_rule(
            Answer.YES,
            f"No rule known to this node and in force on {self.on} bars it ({nations}: {self.counted} rules looked at)."
            " This is not legal advice.",
            f"{self.on} 기준으로 이 노드가 아는 시행 중인 규칙 가운데 이를 금지하는 것은 없습니다"
            f"({nations_ko}: 규칙 {self.counted}건 확인). 법률 자문이 아닙니다.",
        )


def _looks_inside(rule: Rule) -> bool:
    """Whether the rule asks for components or declarations."""
    conditions = [rule.when] if rule.provided is None else [rule.when, rule.provided]
    return any(isinstance(part, Origin | Declared) for condition in conditions for part in leaves(condition))


def _reason(rule: Rule, facts: Facts) -> Reason | None:
    """What ``rule`` says of the case; ``None`` if it does not speak to it."""
    applies = evaluate(rule.when, facts)
    if applies is Answer.NO:
        return None
    if rule.provided is None:
        return _of(rule, negation(applies), facts)
    allowed = evaluate(rule.provided, facts)
    if allowed is Answer.YES:
        return _of(rule, Answer.YES, facts)
    barred = conjunction([applies, negation(allowed)])
    return _of(rule, Answer.UNKNOWN if rule.effect is Effect.NEEDS else negation(barred), facts)


_OPENING = {
    Answer.NO: ("Barred", "금지"),
    Answer.UNKNOWN: ("Not known whether allowed", "허용 여부 알 수 없음"),
    Answer.YES: ("Condition met", "조건 충족"),
}


def _of(rule: Rule, answer: Answer, facts: Facts) -> Reason:
    opening, opening_ko = _OPENING[answer]
    open_points = _open_points(rule, facts) if answer is Answer.UNKNOWN else ()
    return Reason(
        answer=answer,
        rule=rule.id,
        acts=rule.acts,
        sentence=f"{opening}: {rule.statement}",
        sentence_ko=f"{opening_ko}: {rule.statement_ko}",
        citation=rule.citation,
        url=rule.url,
        valid_from=rule.valid_from,
        valid_until=rule.valid_until,
        missing=tuple(point.text for point in open_points),
        missing_ko=tuple(point.text_ko for point in open_points),
    )


def _open_points(rule: Rule, facts: Facts) -> tuple[Missing, ...]:
    conditions = [rule.when] if rule.provided is None else [rule.when, rule.provided]
    points = dict.fromkeys(point for condition in conditions for point in missing(condition, facts))
    # A need whose condition is plainly not met leaves nothing unknown but the need itself.
    return tuple(points) or (Missing(rule.title, rule.title_ko),)


def _without_rule(answer: Answer, sentence: str, sentence_ko: str, point: Missing | None = None) -> Reason:
    return Reason(
        answer=answer,
        rule=None,
        acts=tuple(Act),
        sentence=sentence,
        sentence_ko=sentence_ko,
        citation=None,
        url=None,
        valid_from=None,
        valid_until=None,
        missing=() if point is None else (point.text,),
        missing_ko=() if point is None else (point.text_ko,),
    )
