"""The built-in rules on typical cases: ``tests/golden/eligibility/verdicts.toml`` holds verdicts worked out by hand."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest
from tests.engines.eligibility.products import component, product, vendor

from skypact.engines.eligibility import Verdict, judge
from skypact.schema import Answer, Buyer, Listing, Vendor
from skypact.seed import rules

GOLDEN: dict[str, Any] = tomllib.loads(
    (Path(__file__).parents[2] / "golden" / "eligibility" / "verdicts.toml").read_text(encoding="utf-8")
)
CASES: list[dict[str, Any]] = GOLDEN["cases"]


def described(name: str) -> tuple[Listing, Vendor]:
    """A product of the golden file with its vendor; the string unknown stands for ``None``."""
    fields = dict(GOLDEN["products"][name])
    category, nation = fields.pop("category"), fields.pop("vendor")
    parts = [[None if value == "unknown" else value for value in part] for part in fields.pop("components", [])]
    return product(category, components=[component(*part) for part in parts], **fields), vendor(nation)


def judged(case: dict[str, Any]) -> Verdict:
    listing, maker = described(case["product"])
    buyer = Buyer.model_validate(case["buyer"])
    return judge(listing, maker, buyer, rules=rules(), on=case["on"], place=case.get("place"))


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_verdict(case: dict[str, Any]) -> None:
    verdict = judged(case)
    assert (verdict.buy.value, verdict.operate.value) == (case["buy"], case["operate"])
    said = [f"{reason.answer.value} {reason.rule} {reason.valid_from}" for reason in verdict.reasons if reason.rule]
    assert said == case["reasons"]
    assert list(dict.fromkeys(text for reason in verdict.reasons for text in reason.missing)) == case["missing"]


def test_every_version_of_every_rule_speaks_in_some_case() -> None:
    said = {(reason.rule, reason.valid_from) for case in CASES for reason in judged(case).reasons}
    assert {(rule.id, rule.valid_from) for rule in rules()} - said == set()


def test_every_unknown_names_what_is_missing_in_both_languages() -> None:
    for case in CASES:
        for reason in judged(case).reasons:
            assert bool(reason.missing) is (reason.answer is Answer.UNKNOWN)
            assert len(reason.missing_ko) == len(reason.missing)


def test_a_passive_camera_for_a_korean_base_is_allowed_and_the_reason_is_no_advice() -> None:
    (reason,) = judged(CASES[0]).reasons
    assert reason.sentence == (
        "No rule known to this node and in force on 2026-11-21 bars it (KR: 5 rules looked at). "
        "This is not legal advice."
    )
