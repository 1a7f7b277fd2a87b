"""The REST interface of ratings."""

import json
from typing import Any
from urllib.parse import urlencode

import pytest
import schemathesis
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from tests.market.ratings.samples import WORDS, accepted, person, rated, seller, soldier, stocked

from skypact.market.api import api
from skypact.market.ratings.models import Acceptance, Judgement, Rating, RatingVersion, ReplyVersion

pytestmark = pytest.mark.django_db

API = "/api/v1/ratings"
ACCEPTANCE = {
    "listing": "acme-mast",
    "organisation": "3rd Test Squadron",
    "nation": "KR",
    "delivery": "D-1",
    "accepted_on": "2026-10-01",
    "quantity": 4,
}


@pytest.fixture(autouse=True)
def _stocked() -> None:
    stocked()


def send(client: Client, method: str, path: str, body: dict[str, Any]) -> Any:
    return getattr(client, method)(f"{API}{path}", json.dumps(body), content_type="application/json")


def test_from_acceptance_to_reply(client: Client) -> None:
    client.force_login(person("staff", is_staff=True))
    made = send(client, "post", "/acceptances", ACCEPTANCE)
    assert made.status_code == 201
    acceptance = made.json()["id"]
    assert made.json() == {**ACCEPTANCE, "id": acceptance, "rating": None}
    assert send(client, "post", "/acceptances", ACCEPTANCE).status_code == 409

    client.force_login(soldier())
    assert [row["delivery"] for row in client.get(f"{API}/acceptances").json()] == ["D-1"]
    made = send(client, "post", "", {**WORDS, "acceptance": acceptance})
    assert made.status_code == 201
    identifier = made.json()["id"]
    assert (made.json()["score"], made.json()["organisation"], made.json()["edited"]) == (4, "3rd Test Squadron", False)
    assert send(client, "post", "", {**WORDS, "acceptance": acceptance}).status_code == 409
    change = {**WORDS, "score": 2, "seen_version": 1}
    assert send(client, "put", f"/{identifier}", change).json()["version"] == 2
    assert send(client, "put", f"/{identifier}", change).status_code == 409
    history = client.get(f"{API}/{identifier}/history").json()
    assert [version["score"] for version in history["versions"]] == [4, 2]

    client.force_login(seller())
    answered = send(client, "put", f"/{identifier}/reply", {"text": "Thank you."}).json()
    assert (answered["reply"]["vendor"], answered["reply"]["text"]) == ("acme", "Thank you.")
    assert client.get(f"{API}/{identifier}/history").status_code == 404

    client.force_login(soldier("lee", "Other"))
    assert send(client, "put", f"/{identifier}/useful", {"useful": True}).json()["useful"] == 1
    assert send(client, "put", f"/{identifier}/useful", {"useful": False}).json()["not_useful"] == 1
    found = client.get(f"{API}/listings/acme-mast").json()
    assert (found["count"], found["mean"], found["distribution"]) == (1, 2.0, {"5": 0, "4": 0, "3": 0, "2": 1, "1": 0})


def test_the_public_sees_nothing_before_its_time(client: Client) -> None:
    identifier = rated(soldier())
    assert client.get(f"{API}/listings/acme-mast").json() == {
        "listing": "acme-mast",
        "count": 0,
        "mean": None,
        "distribution": {"5": 0, "4": 0, "3": 0, "2": 0, "1": 0},
        "items": [],
    }
    assert client.get(f"{API}/{identifier}").status_code == 404
    assert client.get(f"{API}/{identifier}").json() == client.get(f"{API}/{identifier}").json()
    assert client.get(f"{API}/listings/nothing").status_code == 404


def test_refusals_are_problem_documents_and_change_nothing(client: Client) -> None:
    identifier = rated(soldier(), ago=40)
    client.force_login(person("nobody"))
    for method, path, body, status in (
        ("post", "/acceptances", {**ACCEPTANCE, "delivery": "D-9"}, 403),
        ("post", "", {**WORDS, "acceptance": Acceptance.objects.get().pk}, 404),
        ("put", f"/{identifier}", {**WORDS, "score": 1, "seen_version": 1}, 403),
        ("put", f"/{identifier}/reply", {"text": "No."}, 403),
        ("post", "", {**WORDS, "score": 9, "acceptance": 1}, 422),
        ("put", f"/{10**30}/useful", {"useful": True}, 404),
    ):
        response = send(client, method, path, body)
        assert (response.status_code, response["Content-Type"]) == (status, "application/problem+json")
    client.logout()
    for method, path, body in (("post", "", {}), ("put", f"/{identifier}/useful", {}), ("post", "/acceptances", {})):
        assert send(client, method, path, body).status_code == 401
    assert (Acceptance.objects.count(), Rating.objects.count(), RatingVersion.objects.count()) == (1, 1, 1)
    assert (ReplyVersion.objects.count(), Judgement.objects.count()) == (0, 0)


def test_words_that_do_not_fit_name_their_place(client: Client) -> None:
    taken = accepted()
    client.force_login(soldier())
    answer = send(client, "post", "", {**WORDS, "pros": "", "cons": "", "acceptance": taken.pk})
    assert answer.status_code == 422
    assert [(item["place"], item["accepted"]) for item in answer.json()["errors"]] == [
        ("pros", "say what is good, what is bad, or both")
    ]


def test_no_request_of_the_contract_breaks_the_server() -> None:
    """Whatever the published contract allows, and much that it does not, is answered without an error of ours."""
    rated(soldier(), ago=40)
    staff = person("staff", is_staff=True, nation="KR", organisation="3rd Test Squadron", role="military")
    contract = schemathesis.openapi.from_dict(json.loads(json.dumps(api.get_openapi_schema(), default=str)))
    tried = 0
    for found in contract.include(path_regex=f"^{API}").get_all_operations():
        _try_out(found.ok(), staff)
        tried += 1
    assert tried == 9


def _try_out(operation: Any, staff: Any) -> None:
    client = Client(raise_request_exception=False)
    client.force_login(staff)

    @settings(max_examples=10, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(st.one_of(operation.as_strategy(), operation.as_strategy(generation_mode=GenerationMode.NEGATIVE)))
    def try_out(case: Any) -> None:
        body = case.body if isinstance(case.body, dict | list | str | int | float | bool | None) else None
        path = f"{case.formatted_path}?{urlencode(case.query or {}, doseq=True)}"
        response = client.generic(operation.method, path, json.dumps(body), content_type="application/json")
        assert response.status_code < 500, (operation.method, case.formatted_path, body)

    try_out()
