"""Every piece of advice that the broken files bring forth is given in Korean to a Korean reader."""

import re

import pytest
from django.utils import translation
from tests.market.catalogue.hostile import FILES as MADE
from tests.market.catalogue.test_bad_files import FILES, content_of, report_on

from skypact.exchange.catalogue import RowProblem
from skypact.market.catalogue.remedies import TEMPLATES, in_language

pytestmark = pytest.mark.django_db

HANGUL = re.compile("[가-힣]")


@pytest.mark.parametrize("name", [*(path.name for path in FILES), *MADE])
def test_advice_is_given_in_korean(name: str) -> None:
    problems = report_on(name, content_of(name)).problems
    with translation.override("ko"):
        said = {problem.remedy: in_language(problem.remedy) for problem in problems}
    assert {remedy for remedy, korean in said.items() if not HANGUL.search(korean)} == set()
    with translation.override("en"):
        assert {problem.remedy: in_language(problem.remedy) for problem in problems} == {key: key for key in said}


def test_what_differs_is_kept() -> None:
    with translation.override("ko"):
        assert (
            in_language("this id stands already in row 12: keep one")
            == "이 식별자는 이미 12행에 있습니다. 하나만 남기십시오"
        )
        assert in_language("something new") == "something new"


def test_no_sentence_hides_behind_a_wider_one() -> None:
    with translation.override("en"):
        for template in TEMPLATES:
            example = re.sub(r"%\(\w+\)s", "X", template)
            assert in_language(RowProblem(remedy=example).remedy) == example
