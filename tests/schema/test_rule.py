"""Rules as records: dates, round trips, and what the published JSON Schema says of conditions."""

from __future__ import annotations

from datetime import date

import pytest
from tests.engines.eligibility.products import rule

from skypact.schema import Rule
from skypact.schema.rule import AllOf, AnyOf, Comparison, Declared, NoneOf, OpenQuestion, Origin

EVERY_FORM = {
    "all_of": [
        {"any_of": [{"fact": "buyer.covered_site", "equals": True}, {"declared": "A List", "code": "7"}]},
        {"none_of": [{"fact": "buyer.role", "one_of": ["police", "civil"]}]},
        {"component_from": ["CN"], "parts": ["radio"], "cleared_by": "A List"},
        {"question": "who knows?", "question_ko": "누가 아는가?"},
    ]
}


def test_each_form_becomes_its_model() -> None:
    condition = rule(EVERY_FORM).when
    assert isinstance(condition, AllOf)
    either, neither, origin, question = condition.all_of
    assert isinstance(either, AnyOf)
    assert either.any_of == (
        Comparison.model_validate({"fact": "buyer.covered_site", "equals": True}),
        Declared(declared="A List", code="7"),
    )
    assert isinstance(neither, NoneOf)
    assert isinstance(origin, Origin)
    assert (origin.component_from, origin.parts, origin.cleared_by) == (("CN",), ("radio",), "A List")
    assert question == OpenQuestion(question="who knows?", question_ko="누가 아는가?")


def test_a_rule_survives_json() -> None:
    original = rule(EVERY_FORM, valid_until="2030-01-01")
    assert Rule.model_validate_json(original.model_dump_json()) == original


@pytest.mark.parametrize(
    ("day", "holds"), [("2019-12-31", False), ("2020-01-01", True), ("2029-12-31", True), ("2030-01-01", False)]
)
def test_in_force(day: str, holds: bool) -> None:
    assert rule(EVERY_FORM, valid_until="2030-01-01").in_force_on(date.fromisoformat(day)) is holds


def test_without_an_end_a_rule_holds_on() -> None:
    assert rule(EVERY_FORM).in_force_on(date(2999, 1, 1))


def test_the_json_schema_names_every_form() -> None:
    schema = Rule.model_json_schema()
    forms = {reference["$ref"].rpartition("/")[2] for reference in schema["properties"]["when"]["oneOf"]}
    assert forms == {"AllOf", "AnyOf", "NoneOf", "Comparison", "Origin", "Declared", "OpenQuestion"}
    assert schema["additionalProperties"] is False
