"""The built-in rules and their reader; ``tests/bad_input/rules`` holds malformed files, each with its exact error."""

from __future__ import annotations

import re
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest

from skypact.schema import Condition, InputError, Rule
from skypact.schema.rule import AllOf, AnyOf, NoneOf, OpenQuestion
from skypact.seed import rules
from skypact.seed.rules_reader import read_rules_file

BAD = Path(__file__).parents[1] / "bad_input" / "rules"
HANGUL = re.compile(r"[가-힣]")


def questions(condition: Condition | None) -> list[OpenQuestion]:
    match condition:
        case AllOf(all_of=parts) | AnyOf(any_of=parts) | NoneOf(none_of=parts):
            return [question for part in parts for question in questions(part)]
        case OpenQuestion():
            return [condition]
        case _:
            return []


@pytest.mark.parametrize("file", sorted(BAD.glob("*.toml")), ids=lambda file: file.stem)
def test_malformed_file(file: Path) -> None:
    with pytest.raises(InputError) as error:
        read_rules_file(file)
    assert f"{error.value}\n" == file.with_suffix(".expected").read_text(encoding="utf-8")


def test_there_are_malformed_files() -> None:
    assert len(list(BAD.glob("*.toml"))) == 15
    assert len(list(BAD.glob("*.expected"))) == 15


def test_jurisdictions() -> None:
    assert {rule.jurisdiction for rule in rules()} == {"DE", "EU", "GB", "KR", "PL", "US"}
    for rule in rules():
        assert rule.id.startswith(f"{rule.jurisdiction.lower()}-")


def test_versions_of_a_rule_follow_each_other_without_a_gap() -> None:
    by_id: dict[str, list[Rule]] = {}
    for rule in sorted(rules(), key=lambda rule: rule.valid_from):
        by_id.setdefault(rule.id, []).append(rule)
    for versions in by_id.values():
        for earlier, later in pairwise(versions):
            assert earlier.valid_until == later.valid_from, earlier.id


@pytest.mark.parametrize("rule", rules(), ids=lambda rule: f"{rule.id} {rule.valid_from}")
def test_every_rule_speaks_both_languages_and_names_its_source(rule: Rule) -> None:
    for text in (rule.title_ko, rule.statement_ko, *(item.question_ko for item in questions(rule.when))):
        assert HANGUL.search(text)
    assert all(HANGUL.search(item.question_ko) for item in questions(rule.provided))
    assert rule.url.startswith("https://")
    assert rule.read_on <= date(2026, 11, 21)
    assert rule.advice == "This is not legal advice."


def test_dates_of_the_laws_that_end() -> None:
    ends = {rule.id: rule.valid_until for rule in rules() if rule.valid_until and rule.valid_until > date(2027, 1, 1)}
    assert ends == {
        "us-10usc130i": date(2030, 12, 31),
        "us-47usc333": date(2031, 12, 31),
        "us-6usc124n-federal": date(2031, 9, 30),
        "us-6usc124n-state-local": date(2031, 12, 31),
        "us-6usc124n-technologies": date(2031, 12, 31),
        "us-asda-federal-funds": date(2028, 12, 22),
        "us-asda-operate": date(2028, 12, 22),
        "us-asda-procure": date(2028, 12, 22),
    }
