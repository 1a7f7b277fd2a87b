"""What the engine says of disagreements, in Korean: of every mistake that it looks for."""

import json

import pytest
from django.utils import translation
from tests.market.pictures.conftest import made

from skypact.conformance.picture import Cause
from skypact.market.pictures.sentences import live_state, mistake, reason

KOREAN = {
    Cause.AXES: "경도와 위도가 바뀜",
    Cause.PLACE: "위치가 다른 출처보다 동쪽으로 +103 m, 북쪽으로 -290 m 벗어남",
    Cause.HEIGHT: "높이가 Remote ID receiver보다 -60 m 차이 남",
    Cause.CLOCK: "시계가 11.0초 늦음",
    Cause.UNIT: "높이: 미터 필드에 피트",
    Cause.IDENTITY: "SYN1F0000000000BRAVO(이)라고 하는 것을 SYN1F0000000000ALPHA(이)라고 함",
}


@pytest.mark.parametrize("cause", list(Cause))
def test_every_mistake_is_said_in_korean(cause: Cause) -> None:
    report = made(cause, 20.0).report
    (one,) = report.disagreements
    assert mistake(one.sentence) == one.sentence
    assert reason(report.reasons[0]) == report.reasons[0]
    with translation.override("ko"):
        assert mistake(one.sentence).endswith(KOREAN[cause])
        assert reason(report.reasons[0]).endswith(f"{KOREAN[cause]}.")
        assert "disagrees" not in reason(report.reasons[0])


@pytest.mark.parametrize(
    ("english", "korean"),
    [
        ("bearings counted from east; or its clock is 2.0 s ahead", "방위각을 동쪽부터 셈; 또는 시계가 2.0초 빠름"),
        ("speeds: knots in a field of metres a second", "속도: 초당 미터 필드에 다른 단위(knots)"),
        ("something new", "something new"),
    ],
)
def test_several_explanations_and_unknown_ones(english: str, korean: str) -> None:
    with translation.override("ko"):
        assert mistake(english) == korean


def test_reasons_that_are_no_disagreement() -> None:
    with translation.override("ko"):
        assert reason("2 tracks from 4 sources; up to 4 on one track, none disagrees.").startswith(
            "출처 4개에서 항적 2개"
        )
        assert reason("node gave no position (no messages).") == "node: 위치를 주지 않았습니다(메시지 없음)."
        assert reason("node gave no position (3 times x).") == "node: 위치를 주지 않았습니다(3 times x)."


def test_a_live_state_is_said_in_korean_and_is_otherwise_the_same() -> None:
    sources = [
        {"name": "a", "disagreement": "clock shifted or place shifted: its clock is 3.0 s ahead"},
        {"name": "b", "disagreement": None},
    ]
    state = {"now_s": 1.5, "sources": sources, "reasons": ["a saw nothing that another source saw too."]}
    with translation.override("ko"):
        said = json.loads(live_state(json.dumps(state).encode()))
    assert said["now_s"] == 1.5
    assert [one["disagreement"] for one in said["sources"]] == [
        "시계가 어긋남 또는 위치가 어긋남: 시계가 3.0초 빠름",
        None,
    ]
    assert said["reasons"] == ["a: 다른 출처도 본 물체를 하나도 보지 못했습니다."]
