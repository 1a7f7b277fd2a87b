"""From a rule's condition and the facts of a case to yes, no or unknown, and to what is missing for an answer."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from skypact.engines.eligibility.facts import Facts, Part
from skypact.engines.eligibility.logic import conjunction, disjunction, known, negation
from skypact.schema import Answer
from skypact.schema.rule import (
    AllOf,
    AnyOf,
    Comparison,
    Condition,
    Declared,
    Fact,
    NoneOf,
    OpenQuestion,
    Origin,
)


@dataclass(frozen=True, slots=True)
class Missing:
    """A fact nobody told us, in words."""

    text: str
    text_ko: str


_MISSING = {
    Fact.PLACE_NATION: Missing("the nation on whose soil the equipment stands", "장비가 설치되는 국가"),
    Fact.BUYER_NATION: Missing("the buyer's nation", "구매자의 국가"),
    Fact.BUYER_ROLE: Missing("the buyer's role", "구매자의 역할"),
    Fact.BUYER_COVERED_SITE: Missing(
        "whether the law designates this site for counter-drone authority (a covered site)",
        "이 장소가 법률상 드론 대응 권한이 인정된 보호 대상 시설인지 여부",
    ),
    Fact.BUYER_CERTIFIED: Missing(
        "whether the operators hold the certificate that the law asks for",
        "운용자가 법률이 요구하는 자격을 갖추었는지 여부",
    ),
    Fact.VENDOR_NATION: Missing("the vendor's nation", "공급자의 국가"),
    Fact.LISTING_CATEGORY: Missing("the product's category", "제품의 분류"),
    Fact.LISTING_FAMILY: Missing("the product's category", "제품의 분류"),
    Fact.LISTING_DECODES_CONTENT: Missing(
        "whether the product reads the content of radio traffic", "제품이 무선 통신의 내용을 해독하는지 여부"
    ),
    Fact.LISTING_EMITS: Missing("whether the product transmits radio waves", "제품이 전파를 송신하는지 여부"),
}

_DESIGNATION = re.compile(r"\s*\([^)]*\)|\s+\S*\d\S*$")


def evaluate(condition: Condition, facts: Facts) -> Answer:
    """Whether ``condition`` holds for ``facts``."""
    match condition:
        case Comparison():
            value = facts.named[condition.fact]
            return Answer.UNKNOWN if value is None else known(value in condition.values)
        case AllOf():
            return conjunction(evaluate(part, facts) for part in condition.all_of)
        case AnyOf():
            return disjunction(evaluate(part, facts) for part in condition.any_of)
        case NoneOf():
            return negation(disjunction(evaluate(part, facts) for part in condition.none_of))
        case Origin():
            return _origin(condition, facts)
        case Declared():
            return Answer.YES if _is_declared(condition.declared, condition.code, facts) else Answer.UNKNOWN
        case OpenQuestion():
            return Answer.UNKNOWN


def leaves(condition: Condition) -> Iterator[Condition]:
    """The conditions inside ``condition`` that hold no further ones."""
    match condition:
        case AllOf(all_of=parts) | AnyOf(any_of=parts) | NoneOf(none_of=parts):
            for part in parts:
                yield from leaves(part)
        case _:
            yield condition


def missing(condition: Condition, facts: Facts) -> Iterator[Missing]:
    """What would have to be known for ``condition`` to be yes or no; nothing if it already is."""
    if evaluate(condition, facts) is not Answer.UNKNOWN:
        return
    match condition:
        case AllOf(all_of=parts) | AnyOf(any_of=parts) | NoneOf(none_of=parts):
            for part in parts:
                yield from missing(part, facts)
        case Comparison():
            yield _MISSING[condition.fact]
        case Origin():
            yield from _missing_origin(condition, facts)
        case Declared():
            name = condition.declared if condition.code is None else f"{condition.declared}: {condition.code}"
            yield Missing(f"a valid declaration “{name}” for the product", f"제품에 대한 유효한 선언 “{name}”")
        case OpenQuestion():
            yield Missing(condition.question, condition.question_ko)


def _origin(condition: Origin, facts: Facts) -> Answer:
    """Yes: a named part comes from there. No: every part is accounted for, or cleared, and none does."""
    cleared = condition.cleared_by is not None and _is_declared(condition.cleared_by, None, facts)
    if any(_is_meant(condition, part) and _comes_from(condition, part) for part in facts.listing.parts):
        return Answer.UNKNOWN if cleared else Answer.YES
    if cleared:
        return Answer.NO
    none_does = all(_comes_from(condition, part) is False for part in facts.listing.parts)
    return Answer.NO if none_does and facts.listing.accounted else Answer.UNKNOWN


def _missing_origin(condition: Origin, facts: Facts) -> Iterator[Missing]:
    wanted = ", ".join(condition.parts)
    for part in facts.listing.parts:
        if _comes_from(condition, part) is None:
            yield Missing(f"where the {part.name} comes from", f"{part.name}의 원산지")
        elif _comes_from(condition, part) and _is_meant(condition, part):
            yield Missing(
                f"why “{condition.cleared_by}” still stands although the {part.name} comes from {part.country}",
                f"{part.name}이(가) {part.country}산인데도 “{condition.cleared_by}” 등재가 유효한 이유",
            )
            return
        elif _comes_from(condition, part):
            yield Missing(
                f"whether the {part.name} from {part.country} counts as one of: {wanted}",
                f"{part.country}산 {part.name}이(가) 다음에 해당하는지 여부: {wanted}",
            )
    if not facts.listing.accounted:
        yield Missing(
            f"where these parts of the product come from: {wanted or 'all of them'}",
            f"제품의 다음 부품의 원산지: {wanted or '전부'}",
        )


def _is_meant(condition: Origin, part: Part) -> bool:
    """Whether the part is one of those the condition names, remarks in brackets and a type designation left aside.

    English puts the thing itself last, so that a thermal camera is a camera and a camera bracket is not.
    """
    name = _DESIGNATION.sub("", part.name).removesuffix("s")
    return not condition.parts or any(name == word or name.endswith(f" {word}") for word in condition.parts)


def _comes_from(condition: Origin, part: Part) -> bool | None:
    if part.country is None:
        return None
    if condition.component_from is not None:
        return part.country in condition.component_from
    return part.country not in (condition.component_not_from or ())


def _is_declared(regime: str, code: str | None, facts: Facts) -> bool:
    return any(given == regime.lower() and code in (None, value) for given, value in facts.listing.declarations)
