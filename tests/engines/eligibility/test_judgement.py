"""From made-up rules to verdicts: effects, dates, acts, places, and what a lack of rules means."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from tests.engines.eligibility.products import product, rule, vendor
from tests.engines.made_up import DAY

from skypact.engines.eligibility import Verdict, judge, judge_many
from skypact.schema import Act, Answer, Buyer, Listing, Rule

Y, N, U = Answer.YES, Answer.NO, Answer.UNKNOWN
CAMERA = product("sensor.camera")
MILITARY = {"fact": "buyer.role", "equals": "military"}
CIVIL = {"fact": "buyer.role", "equals": "civil"}
COVERED = {"fact": "buyer.covered_site", "equals": True}
QUESTION = {"question": "who knows?", "question_ko": "누가 아는가?"}


def buyer(nation: str = "KR", role: str = "military", covered: bool | None = None) -> Buyer:
    return Buyer.model_validate({"nation": nation, "role": role, "covered_site": covered})


def verdict(*rules: Rule, who: Buyer | None = None, on: date = DAY, **more: Any) -> Verdict:
    return judge(CAMERA, vendor("KR"), who or buyer(), rules=rules, on=on, **more)


def test_nothing_bars_what_no_rule_speaks_to() -> None:
    found = verdict(rule(CIVIL), rule(CIVIL, id="kr-other"), rule(CIVIL, id="us-other", jurisdiction="US"))
    assert (found.answer, found.buy, found.operate) == (Y, Y, Y)
    (reason,) = found.reasons
    assert (reason.answer, reason.rule, reason.citation, reason.missing) == (Y, None, None, ())
    assert reason.sentence == (
        "No rule known to this node and in force on 2026-11-21 bars it (KR: 2 rules looked at). "
        "This is not legal advice."
    )
    assert reason.sentence_ko == (
        "2026-11-21 기준으로 이 노드가 아는 시행 중인 규칙 가운데 이를 금지하는 것은 없습니다"
        "(KR: 규칙 2건 확인). 법률 자문이 아닙니다."
    )


def test_a_rule_that_bars_says_so_with_citation_and_dates() -> None:
    found = verdict(rule(MILITARY, valid_until="2030-01-01"))
    assert found.answer is N
    (reason,) = found.reasons
    assert reason.rule == "kr-made-up"
    assert reason.sentence == "Barred: Nobody may."
    assert reason.sentence_ko == "금지: 아무도 할 수 없습니다."
    assert (reason.citation, reason.url) == ("Made-up Act art. 1", "https://example.org/made-up")
    assert (reason.valid_from, reason.valid_until) == (date(2020, 1, 1), date(2030, 1, 1))
    assert reason.missing == ()


def test_a_rule_that_may_apply_leaves_the_answer_open_and_asks() -> None:
    found = verdict(rule({"all_of": [MILITARY, QUESTION]}))
    assert found.answer is U
    assert found.reasons[0].sentence == "Not known whether allowed: Nobody may."
    assert found.reasons[0].missing == ("who knows?",)
    assert found.reasons[0].missing_ko == ("누가 아는가?",)


@pytest.mark.parametrize(("covered", "expected"), [(True, Y), (None, U), (False, N)])
def test_allowed_only_if(covered: bool | None, expected: Answer) -> None:
    found = verdict(rule(MILITARY, provided=COVERED), who=buyer(covered=covered))
    assert found.answer is expected
    assert found.reasons[0].answer is expected
    assert found.reasons[0].rule == "kr-made-up"


def test_a_met_condition_is_named_beside_what_else_is_known() -> None:
    found = verdict(rule(MILITARY, provided=COVERED), who=buyer(covered=True))
    assert [reason.rule for reason in found.reasons] == ["kr-made-up", None]
    assert found.reasons[0].sentence == "Condition met: Nobody may."


@pytest.mark.parametrize(("covered", "expected"), [(True, Y), (None, U), (False, U)])
def test_a_need_is_never_a_bar(covered: bool | None, expected: Answer) -> None:
    found = verdict(rule(MILITARY, provided=COVERED, effect="needs"), who=buyer(covered=covered))
    assert found.answer is expected


def test_a_need_that_is_plainly_not_met_asks_for_itself() -> None:
    found = verdict(rule(MILITARY, provided=COVERED, effect="needs"), who=buyer(covered=False))
    assert found.reasons[0].missing == ("Made up",)
    assert found.reasons[0].missing_ko == ("시험용",)


@pytest.mark.parametrize(
    ("on", "expected"),
    [("2019-12-31", Y), ("2020-01-01", N), ("2024-12-31", N), ("2025-01-01", Y)],
)
def test_a_rule_holds_from_its_first_day_to_the_day_before_its_last(on: str, expected: Answer) -> None:
    always = rule(CIVIL, id="kr-always", valid_from="1990-01-01")
    assert verdict(always, rule(MILITARY, valid_until="2025-01-01"), on=date.fromisoformat(on)).answer is expected


def test_a_rule_speaks_of_its_acts_only() -> None:
    found = verdict(rule(MILITARY, acts=["operate"]))
    assert (found.answer, found.buy, found.operate) == (N, Y, N)
    found = verdict(rule(MILITARY, acts=["buy"]), rule({"all_of": [MILITARY, QUESTION]}, id="kr-b", acts=["operate"]))
    assert (found.answer, found.buy, found.operate) == (N, N, U)
    assert [reason.acts for reason in found.reasons] == [(Act.BUY,), (Act.OPERATE,)]


def test_what_bars_stands_before_what_is_unknown_and_that_before_what_allows() -> None:
    found = verdict(
        rule(MILITARY, id="kr-yes", provided=MILITARY),
        rule({"all_of": [MILITARY, QUESTION]}, id="kr-unknown"),
        rule(MILITARY, id="kr-no"),
    )
    assert [reason.rule for reason in found.reasons] == ["kr-no", "kr-unknown", "kr-yes"]


def test_a_nation_without_rules_is_unknown_not_yes() -> None:
    found = verdict(rule(CIVIL), who=buyer("FR"))
    assert found.answer is U
    assert found.reasons[0].sentence == (
        "This node holds no rule of FR in force on 2026-11-21, so it cannot say what is allowed there."
    )
    assert found.reasons[0].missing == ("the law of FR on 2026-11-21",)


def test_rules_not_yet_in_force_do_not_make_a_nation_known() -> None:
    assert verdict(rule(CIVIL), on=date(2019, 12, 31)).answer is U


def test_no_rules_at_all_is_unknown() -> None:
    assert verdict().answer is U


def test_the_law_of_the_place_counts_beside_that_of_the_buyer() -> None:
    at_home, abroad = rule({"fact": "place.nation", "equals": "KR"}), rule(CIVIL, id="us-x", jurisdiction="US")
    american = buyer("US")
    assert verdict(at_home, abroad, who=american).answer is Y
    assert verdict(at_home, abroad, who=american, place="KR").answer is N
    assert verdict(abroad, who=american, place="KR").reasons[0].missing == ("the law of KR on 2026-11-21",)


def test_many_are_judged_like_each_one() -> None:
    rules = (
        rule({"fact": "listing.category", "equals": "defeat.jammer"}, provided=COVERED),
        rule(CIVIL, id="kr-civil"),
    )
    listings: list[Listing] = [
        product(category, id=f"SYN-{number}-{category.upper().replace('.', '-').replace('_', '-')}")
        for number in range(3)
        for category in ("sensor.camera", "defeat.jammer", "sensor.passive_rf")
    ]
    found = judge_many(listings, {"maker": vendor("KR")}, buyer(), rules=rules, on=DAY)
    assert list(found) == [listing.id for listing in listings]
    for listing in listings:
        assert found[listing.id] == judge(listing, vendor("KR"), buyer(), rules=rules, on=DAY)
    assert [found[listing.id].answer for listing in listings[:3]] == [Y, U, Y]
    assert found[listings[0].id] is found[listings[3].id]


def test_a_listing_without_its_vendor_is_an_error() -> None:
    with pytest.raises(KeyError, match="maker"):
        judge_many([CAMERA], {}, buyer(), rules=(), on=DAY)
