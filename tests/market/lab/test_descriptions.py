"""What the lab describes in English is said in Korean too, word by word as the standards have it."""

import pytest
from django.utils import translation
from tests.market.lab.conftest import TESTED

from skypact.conformance import STANDARDS
from skypact.market.core.access import Actor
from skypact.market.lab.actions import own_name
from skypact.market.lab.descriptions import described
from skypact.market.lab.evidence import evidence_of
from skypact.market.lab.models import Result


def texts() -> set[str]:
    """Every description that the pages show."""
    standards = STANDARDS.values()
    whose = {second.whose for one in standards for second in one.second}
    return whose | {text for one in standards for text in (one.title, one.inputs, one.profile)}


@pytest.mark.parametrize("text", sorted(texts()))
def test_every_description_has_korean(text: str) -> None:
    assert described(text) == text
    with translation.override("ko"):
        said = described(text)
    assert said != text or text == "SAPIENT, BSI Flex 335 v2"


@pytest.mark.parametrize(
    ("sender", "said"),
    [
        (Actor(label="a", vendor="acme"), "acme에서 보낸 기록"),
        (Actor(label="a"), "한 사용자가 보낸 기록"),
        (Actor(label="a", is_staff=True), "노드 직원이 보낸 기록"),
    ],
)
def test_who_sent_a_recording_is_said_in_korean(sender: Actor, said: str, tmp_path: object, settings: object) -> None:
    settings.HOME = tmp_path
    name = own_name(sent_by=sender)
    with translation.override("ko"):
        assert described(name) == f"{name.partition(',')[0].replace('node', '노드')}, {said}"
        assert described("Joint test centre") == "Joint test centre"


def test_a_result_as_evidence_is_said_in_korean(tmp_path: object, settings: object) -> None:
    settings.HOME = tmp_path
    name = own_name(sent_by=Actor(label="a"))
    facts = {"standard": "klv", "version": "ST 0601.12", "conducted_by": name, "tested_on": TESTED, "release": "PUBLIC"}
    for verdict, firmware, said, shipped in (
        ("conforms", "2.1", "적합", "펌웨어 2.1"),
        ("does not conform", "", "부적합", "펌웨어 미기재"),
    ):
        told = evidence_of(Result(verdict=verdict, firmware=firmware, sha256="5" * 64, **facts))
        with translation.override("ko"):
            assert described(told.source.title) == f"MISB ST 0601.12: {said} ({described(name)})"
            assert described(told.test.conditions) == shipped
            assert described(told.test.method).startswith("skypact 적합성 시험소")
