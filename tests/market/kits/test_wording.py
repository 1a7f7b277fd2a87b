"""Words for people: each member of an enumeration has its own, figures never say more than they know."""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum

import pytest
from django.utils import translation

from skypact.engines.kit.pessimistic import PESSIMISTIC
from skypact.market.kits import wording
from skypact.market.kits.examples import all_examples
from skypact.market.kits.runner import STAGES
from skypact.schema import (
    Answer,
    Assumption,
    AssumptionKind,
    Basis,
    BuyerRole,
    Category,
    KitStatus,
    Question,
    SensorKind,
    Sentence,
    sentence,
)

ENUMERATIONS = (Answer, AssumptionKind, Basis, BuyerRole, Category, KitStatus, Question, SensorKind)


@pytest.mark.parametrize("language", ["en", "ko"])
@pytest.mark.parametrize("enumeration", ENUMERATIONS)
def test_every_member_has_a_word_of_its_own(enumeration: type[StrEnum], language: str) -> None:
    with translation.override(language):
        words = [wording.word(member) for member in enumeration]
    assert len(set(words)) == len(words)


def test_equal_values_of_different_enumerations_keep_their_words() -> None:
    assert wording.word(Question.PRICE) == "What does it cost?"
    assert wording.word(AssumptionKind.PRICE) == "Price of one"


def test_every_stage_has_a_name() -> None:
    assert set(wording.STAGE_NAMES) == {"", *STAGES}


@pytest.mark.parametrize(("share", "words"), [(1.0, "100 %"), (0.9996, "99.9 %"), (0.57, "57 %"), (0.0, "0 %")])
def test_shares_are_rounded_down(share: float, words: str) -> None:
    assert wording.percent(share) == words


@pytest.mark.parametrize(("value", "words"), [(60.0, "60 m"), (999.6, "1,000 m"), (1000.0, "1 km"), (5300.0, "5.3 km")])
def test_distances(value: float, words: str) -> None:
    assert wording.metres(value) == words


def test_assumed_figures_carry_their_unit() -> None:
    price = Assumption(kind="price", category="c2", value=Decimal("350000"), currency="EUR", basis="plan")
    days = Assumption(kind="lead_time_days", category="c2", value=Decimal("90"), basis="plan")
    assert [wording.assumed_figure(one) for one in (price, days)] == ["350,000 EUR", "90 days"]


class TestSentences:
    PRICE = sentence("no price of {name} is public", name="Radar")

    def test_in_english(self) -> None:
        assert wording.say(self.PRICE) == "no price of Radar is public"

    def test_in_korean_sentence_within_sentence(self) -> None:
        outer = sentence("power of {name}: {reason}", name="Radar", reason=sentence("its power input is not public"))
        with translation.override("ko"):
            assert wording.say(self.PRICE) == "Radar의 가격이 공개되지 않음"
            assert wording.say(outer) == "Radar의 전원: 전원 입력이 공개되지 않음"

    def test_an_authors_own_korean_goes_first(self) -> None:
        with translation.override("ko"):
            assert wording.say(Sentence(text="barred", text_ko="금지됨")) == "금지됨"
            assert wording.say(Sentence(text="barred")) == "barred"

    def test_threat_classes_have_names(self) -> None:
        ranged = sentence("{name} against {threat}: the range is assumed", name="Radar", threat="mini-multirotor")
        assert wording.say(ranged) == "Radar against Mini multirotor: the range is assumed"


@pytest.mark.parametrize(
    ("areas", "words"),
    [
        ([7_230_000, 32_800, 0, 1_000], ["7.23 km²", "0.03 km²", "0 km²", "< 0.01 km²"]),
        ([32_800, 0, 10], ["3.28 ha", "0 ha", "< 0.01 ha"]),
        ([1_234_567_890, 5e6], ["1,235 km²", "5 km²"]),
        ([0, 0], ["0 ha", "0 ha"]),
        ([], []),
    ],
)
def test_areas_of_one_column_have_one_unit(areas: list[float], words: list[str]) -> None:
    assert wording.square_metres_alike(areas) == words


def test_notes_of_the_examples_and_of_the_preset_are_known_and_translated() -> None:
    told = {one.basis for example in all_examples() for one in (*example.assumptions, *example.trust)}
    told |= {one.basis for one in PESSIMISTIC}
    assert told == wording.NOTES
    with translation.override("ko"):
        assert all(wording.note(text) != text for text in told)
        assert wording.note("planning figure") == "계획 수치"
        assert wording.note("the planner's own words") == "the planner's own words"
        assert wording.say(sentence("assumed: {basis}", basis="planning figure")).endswith("계획 수치")
    assert wording.note("planning figure") == "planning figure"
