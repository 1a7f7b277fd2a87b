"""Each form of condition: yes, no, unknown, and what it then asks."""

from __future__ import annotations

from typing import Any

import pytest
from tests.engines.eligibility.products import component, product, vendor
from tests.engines.eligibility.products import rule as made_up_rule
from tests.engines.made_up import DAY

from skypact.engines.eligibility.conditions import evaluate, missing
from skypact.engines.eligibility.facts import Facts, facts_of, listing_facts
from skypact.schema import Answer, Buyer, Listing, Rule

Y, N, U = Answer.YES, Answer.NO, Answer.UNKNOWN
BUYER = Buyer.model_validate({"nation": "KR", "role": "police", "certified": False})
QUESTION = {"question": "who knows?", "question_ko": "누가 아는가?"}
YES = {"fact": "buyer.role", "equals": "police"}
NO = {"fact": "buyer.role", "equals": "civil"}
FROM_CHINA = {"component_from": ["CN"], "parts": ["radio", "camera"]}


def condition(form: dict[str, Any]) -> Any:
    rule: Rule = made_up_rule(form)
    return rule.when


def case(listing: Listing | None = None, nation: str = "KR") -> Facts:
    known = listing_facts(listing or product("sensor.camera"), vendor(nation), on=DAY)
    return facts_of(known, BUYER, place="KR")


@pytest.mark.parametrize(
    ("form", "expected"),
    [
        (YES, Y),
        (NO, N),
        ({"fact": "buyer.role", "one_of": ["civil", "police"]}, Y),
        ({"fact": "buyer.certified", "equals": False}, Y),
        ({"fact": "buyer.certified", "equals": True}, N),
        ({"fact": "buyer.covered_site", "equals": True}, U),
        ({"fact": "place.nation", "equals": "KR"}, Y),
        ({"fact": "vendor.nation", "equals": "US"}, N),
        ({"fact": "listing.family", "equals": "sensor"}, Y),
        ({"fact": "listing.category", "one_of": ["sensor.radar"]}, N),
        ({"fact": "listing.emits", "equals": False}, Y),
        (QUESTION, U),
        ({"declared": "Some List"}, U),
        ({"all_of": [YES, QUESTION]}, U),
        ({"all_of": [NO, QUESTION]}, N),
        ({"any_of": [YES, QUESTION]}, Y),
        ({"any_of": [NO, QUESTION]}, U),
        ({"none_of": [NO, NO]}, Y),
        ({"none_of": [NO, QUESTION]}, U),
        ({"none_of": [YES, QUESTION]}, N),
    ],
)
def test_answers(form: dict[str, Any], expected: Answer) -> None:
    assert evaluate(condition(form), case()) is expected


def test_a_declaration_is_found_by_regime_in_any_case_and_by_code_exactly() -> None:
    facts = case(product("aircraft", declared=["Blue UAS Cleared List"]))
    assert evaluate(condition({"declared": "blue uas cleared list"}), facts) is Y
    assert evaluate(condition({"declared": "Blue UAS Cleared List", "code": "listed"}), facts) is Y
    assert evaluate(condition({"declared": "Blue UAS Cleared List", "code": "other"}), facts) is U


@pytest.mark.parametrize(
    ("components", "expected", "asked"),
    [
        ([], U, ["where these parts of the product come from: radio, camera"]),
        ([("Digital Radios", "CN", None)], Y, []),
        ([("Thermal camera (uncooled)", "CN", None)], Y, []),
        ([("camera HD45", "CN", None)], Y, []),
        ([("radio", "KR", 0.5), ("camera", "US", 0.5)], N, []),
        ([("radio", "KR", 0.5)], U, ["where these parts of the product come from: radio, camera"]),
        ([("radio", "KR", 0.5), ("camera", None, 0.5)], U, ["where the camera comes from"]),
        ([("radio", "KR", 0.5), ("motor", "CN", 0.5)], U,
         ["whether the motor from CN counts as one of: radio, camera"]),
        ([("camera bracket", "CN", 1.0)], U,
         ["whether the camera bracket from CN counts as one of: radio, camera"]),
    ],
)  # fmt: skip
def test_origin_of_parts(components: list[tuple[str, str | None, float]], expected: Answer, asked: list[str]) -> None:
    facts = case(product("aircraft", components=[component(*one) for one in components]))
    assert evaluate(condition(FROM_CHINA), facts) is expected
    assert [point.text for point in missing(condition(FROM_CHINA), facts)] == asked


def test_origin_of_any_component() -> None:
    facts = case(product("aircraft", components=[component("screw", "CN")]))
    assert evaluate(condition({"component_from": ["CN"]}), facts) is Y
    assert evaluate(condition({"component_from": ["RU"]}), facts) is U
    asked = [point.text for point in missing(condition({"component_from": ["RU"]}), facts)]
    assert asked == ["where these parts of the product come from: all of them"]


def test_origin_from_outside() -> None:
    outside = condition({"component_not_from": ["US"], "parts": ["radio"]})
    assert evaluate(outside, case(product("aircraft", components=[component("radio", "KR")]))) is Y
    assert evaluate(outside, case(product("aircraft", components=[component("radio", "US", 1.0)]))) is N
    assert evaluate(outside, case(product("aircraft", components=[component("radio", "US")]))) is U


def test_a_cleared_list_answers_for_unlisted_parts_and_not_against_listed_ones() -> None:
    cleared = condition({**FROM_CHINA, "cleared_by": "Blue UAS Cleared List"})
    listed = ["Blue UAS Cleared List"]
    assert evaluate(cleared, case(product("aircraft"))) is U
    assert evaluate(cleared, case(product("aircraft", declared=listed))) is N
    assert evaluate(cleared, case(product("aircraft", components=[component("motor", "CN")], declared=listed))) is N
    contradicted = case(product("aircraft", components=[component("radio", "CN")], declared=listed))
    assert evaluate(cleared, contradicted) is U
    assert [point.text for point in missing(cleared, contradicted)] == [
        "why “Blue UAS Cleared List” still stands although the radio comes from CN"
    ]


def test_only_what_keeps_the_answer_open_is_missing() -> None:
    form = {"all_of": [YES, {"any_of": [NO, QUESTION]}, {"fact": "buyer.covered_site", "equals": True}]}
    points = list(missing(condition(form), case()))
    assert [point.text for point in points] == [
        "who knows?",
        "whether the law designates this site for counter-drone authority (a covered site)",
    ]
    assert points[0].text_ko == "누가 아는가?"
    assert list(missing(condition({"all_of": [NO, QUESTION]}), case())) == []
    assert [point.text for point in missing(condition({"declared": "A List", "code": "7"}), case())] == [
        "a valid declaration “A List: 7” for the product"
    ]
