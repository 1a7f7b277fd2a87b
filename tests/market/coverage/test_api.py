"""The interface: what-if, profile, requirement and blind areas; refusals are problem documents."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from skypact.market.accounts.models import User
from skypact.market.coverage.figures import cases
from skypact.market.kits.models import StoredKit
from skypact.schema import Requirement

pytestmark = pytest.mark.django_db

Keep = Callable[..., StoredKit]
API = "/api/v1/kits/field/coverage/"
DRONE = "micro-multirotor"
MOVE = {"position": "syn-radar-1", "at": [127.002, 37.502], "mast_m": 12, "azimuth_deg": 45}
LINE = {"line": [[127.0, 37.5], [127.01, 37.5]], "threat": DRONE, "height_m": 60}


def post(rest: str, body: Any, *, client: Client | None = None) -> Any:
    return (client or Client()).post(API + rest, json.dumps(body), content_type="application/json")


def test_nothing_moved_is_the_kit_itself(kept: Keep) -> None:
    kit = kept().kit
    found = post("what-if", {}).json()
    assert [case["share_before"] for case in found["cases"]] == [figure.share for figure in kit.coverage]
    assert [case["share_after"] for case in found["cases"]] == [figure.share for figure in kit.coverage]
    assert [standing["at"] for standing in found["standing"]] == [[127.0, 37.503604], [127.0, 37.496396]]


def test_a_moved_sensor(kept: Keep) -> None:
    kept()
    found = post("what-if", {"moves": [MOVE]}).json()
    case = found["cases"][1]
    assert (case["threat"], case["height_m"], case["met"], case["share_required"]) == (DRONE, 60.0, False, 0.6)
    assert (round(case["share_before"] * 126), round(case["share_after"] * 126)) == (76, 65)
    assert case["blind"][0]["type"] == "LineString"
    assert found["standing"][0] == {"position": "syn-radar-1", "at": [127.002, 37.502], "ground_m": 0.0, "mast_m": 12}


def test_cases_are_counted_in_the_order_asked_for_as_far_as_one_answer_goes(
    kept: Keep, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept()
    whole = post("what-if", {"moves": [MOVE]}).json()
    assert whole["not_counted"] == []
    monkeypatch.setitem(cases.__kwdefaults__, "work_max", 0)
    high, low = {"threat": DRONE, "height_m": 60}, {"threat": DRONE, "height_m": 30}
    found = post("what-if", {"moves": [MOVE], "cases": [high, low]}).json()
    assert found["cases"] == whole["cases"][1:]
    before = whole["cases"][0]["share_before"]
    assert found["not_counted"] == [{**low, "share_before": before, "share_required": 0.6}]
    rest = post("what-if", {"moves": [MOVE], "cases": [low]}).json()
    assert (rest["cases"], rest["not_counted"]) == (whole["cases"][:1], [])


def test_a_profile(kept: Keep) -> None:
    kept()
    found = post("profile", LINE).json()
    assert (found["outside"], found["sensor"], found["clear"]) == (0, None, None)
    seen = [(sample["seen"], sample["lowest_m"] is None) for sample in found["samples"]]
    assert set(seen) <= {(True, False), (False, True)}
    to_end = post("profile", LINE | {"line": [[127.0101, 37.504]], "sensor": "syn-radar-1"}).json()
    assert to_end["clear"] is False
    assert to_end["seen_by"] == "at least one sensor"
    assert [reason["reason"] for reason in to_end["reasons"]] == []
    bent = post("profile", LINE | {"line": [[127.001, 37.504], [127.0101, 37.504]], "sensor": "syn-radar-1"}).json()
    assert (bent["clear"], bent["needed_m"], bent["reasons"][0]["reason"]) == (None, None, "corners")
    assert to_end["needed_m"] > 100


def test_a_requirement_for_these_places_only(kept: Keep) -> None:
    kit = kept().kit
    asked = Requirement.model_validate(post("requirement", {"moves": [MOVE]}).json())
    assert asked.placement.points == ((127.002, 37.502), (127.0, 37.496396))
    assert len(asked.placement.exclude) == 1
    assert asked.model_copy(update={"placement": kit.requirement.placement}) == kit.requirement


def test_blind_areas(kept: Keep) -> None:
    kit = kept().kit
    found = Client().get(f"{API}blind-areas").json()
    assert [area["area_m2"] for area in found] == [area.area_m2 for area in kit.blind_areas]


@pytest.mark.parametrize("rest", ["what-if", "profile", "requirement", "blind-areas"])
def test_other_peoples_kits_are_as_if_they_were_not(kept: Keep, rest: str) -> None:
    kept(owner=User.objects.create(username="kim"))
    stranger = Client()
    stranger.force_login(User.objects.create(username="lee"))
    for client in (Client(), stranger):
        answers = []
        for kit in ("field", "none"):
            at = API.replace("field", kit) + rest
            body = json.dumps(LINE if rest == "profile" else {})
            asked = client.get(at) if rest == "blind-areas" else client.post(at, body, content_type="application/json")
            answers.append((asked.status_code, asked.content.replace(b"none", b"field")))
        assert answers[0] == answers[1]
        assert answers[0][0] == 404


@pytest.mark.parametrize(
    ("rest", "body", "place"),
    [
        ("what-if", {"moves": [{**MOVE, "position": "other"}]}, "move.0"),
        ("what-if", {"moves": [{**MOVE, "at": [0, 0]}]}, "move.0.at"),
        ("what-if", {"moves": [{**MOVE, "mast_m": 1e6}]}, "move.0.mast_m"),
        ("what-if", {"moves": [MOVE, MOVE]}, "move.1"),
        ("what-if", {"moves": [{**MOVE, "at": ["a", 37.5]}]}, "body.asked.moves.0.at.0"),
        ("what-if", {"moves": [MOVE] * 61}, "body.asked.moves"),
        ("what-if", {"cases": [{"threat": DRONE, "height_m": 45}]}, "cases.0"),
        ("what-if", {"cases": []}, "body.asked.cases"),
        ("what-if", {"move": [MOVE]}, "body.asked.move"),
        ("profile", LINE | {"threat": "balloon"}, "threat"),
        ("profile", LINE | {"line": [[127.0, 37.5]]}, "line"),
        ("profile", LINE | {"line": [[127.0, 37.5], [-60.0, 0.0]]}, "line"),
        ("profile", LINE | {"line": [[0, 0]] * 51}, "body.asked.line"),
        ("profile", LINE | {"height_m": -1}, "body.asked.height_m"),
    ],
)
def test_refusals_name_their_place(kept: Keep, rest: str, body: Any, place: str) -> None:
    kept()
    answer = post(rest, body)
    assert (answer.status_code, answer.headers["Content-Type"]) == (422, "application/problem+json")
    assert [error["place"] for error in answer.json()["errors"]] == [place]


def test_numbers_that_are_none_are_refused(kept: Keep) -> None:
    kept()
    body = '{"moves": [{"position": "syn-radar-1", "at": [NaN, Infinity], "mast_m": 3}]}'
    answer = Client().post(f"{API}what-if", body, content_type="application/json")
    assert answer.status_code in (400, 422)
    assert answer.headers["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("rest", ["what-if", "profile", "requirement"])
def test_only_json_is_taken(kept: Keep, rest: str) -> None:
    """Other types a foreign page could send with its reader's cookie."""
    kept()
    body = json.dumps(LINE if rest == "profile" else {})
    assert Client().post(API + rest, body, content_type="text/plain").status_code == 415


def test_a_kit_that_cannot_be_explored_is_a_conflict(kept: Keep) -> None:
    from skypact.market.kits.actions import kit_folder

    kept()
    (kit_folder("field") / "watch.json").unlink()
    answer = post("what-if", {})
    assert (answer.status_code, answer.headers["Content-Type"]) == (409, "application/problem+json")
