"""The REST interface: ask, watch, stop, read; refusals are problem documents."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.test import Client
from tests.market.kits import samples
from tests.market.kits.test_actions import SYSTEM, job, person, pictures

from skypact.market.accounts.models import User
from skypact.market.kits.actions import FinishJob, PublishKit
from skypact.market.kits.models import ComposeJob
from skypact.schema import Kit

pytestmark = pytest.mark.django_db

API = "/api/v1/kits"
PROBLEM = "application/problem+json"


def ask(client: Client, body: str, content_type: str = "application/json") -> object:
    return client.post(API, body, content_type=content_type)


def test_asking_starts_a_search(client: Client) -> None:
    response = ask(client, samples.requirement().model_dump_json())
    made = ComposeJob.objects.get()
    assert response.status_code == 202
    assert response.json() == {
        "id": str(made.pk),
        "state": "queued",
        "stage": "",
        "done": 0.0,
        "stop_requested": False,
        "failure": "",
        "kit": None,
        "allowed_actions": ["stop"],
        "address": f"/api/v1/kits/jobs/{made.pk}",
    }
    assert made.requirement.requirement == samples.requirement()
    assert client.get(response.json()["address"]).json()["state"] == "queued"


@pytest.mark.parametrize(
    ("body", "content_type", "status", "places"),
    [
        ("{", "application/json", 422, [""]),
        ('{"id": "a1"}', "application/json", 422, ["title", "site", "buyer", "detection", "budget", "deadline"]),
        (samples.requirement().model_dump_json(), "text/plain", 415, None),
        (samples.requirement().model_dump_json().replace("mini-multirotor", "maxi-multirotor"), "application/json", 422,
         ["detection.threats.0"]),
    ],
)  # fmt: skip
def test_refusals_keep_nothing(
    client: Client, body: str, content_type: str, status: int, places: list[str] | None
) -> None:
    response = ask(client, body, content_type)
    assert (response.status_code, response.headers["Content-Type"]) == (status, PROBLEM)
    assert [error["place"] for error in response.json().get("errors", [])] == (places or [])
    assert not ComposeJob.objects.exists()


def test_a_finished_search_names_its_kit(client: Client, home: Path) -> None:
    made = job(state="running")
    FinishJob(actor=SYSTEM, job_id=made.pk, kit=samples.kit(), pictures=pictures(home)).execute()
    answer = client.get(f"{API}/jobs/{made.pk}").json()
    assert (answer["state"], answer["kit"], answer["allowed_actions"]) == ("done", "harbour-kit", [])
    kit = client.get(f"{API}/harbour-kit")
    assert Kit.model_validate_json(kit.content) == samples.kit()


def test_stopping(client: Client) -> None:
    made = job()
    address = f"{API}/jobs/{made.pk}/stop"
    assert client.post(address, "{}", content_type="text/plain").status_code == 415
    assert ComposeJob.objects.get().state == "queued"
    answer = client.post(address, "{}", content_type="application/json")
    assert (answer.status_code, answer.json()["state"]) == (200, "stopped")
    again = client.post(address, "{}", content_type="application/json")
    assert (again.status_code, again.json()["detail"]) == (409, "the search is stopped already")


def test_what_belongs_to_somebody_is_not_there_for_others(client: Client) -> None:
    made = job(person("kim"))
    for response in (
        client.get(f"{API}/jobs/{made.pk}"),
        client.post(f"{API}/jobs/{made.pk}/stop", "{}", content_type="application/json"),
        client.get(f"{API}/harbour-kit"),
    ):
        assert (response.status_code, response.headers["Content-Type"]) == (404, PROBLEM)
    assert ComposeJob.objects.get().state == "queued"


def test_too_many_searches(client: Client) -> None:
    kim = person("kim")
    client.force_login(User.objects.get(pk=kim.user_id))
    for _ in range(5):
        assert ask(client, samples.requirement().model_dump_json()).status_code == 202
    assert ask(client, samples.requirement().model_dump_json()).status_code == 409
    assert ComposeJob.objects.count() == 5


def test_the_list(client: Client, home: Path) -> None:
    PublishKit(actor=SYSTEM, kit=samples.kit(), pictures=pictures(home)).execute()
    assert client.get(API).json() == {
        "total": 1,
        "page": 1,
        "pages": 1,
        "kits": [
            {
                "id": "harbour-kit",
                "title": "Harbour",
                "title_ko": "항만",
                "status": "optimal",
                "total": "700000.0000",
                "currency": "EUR",
                "complete_on": "2027-03-01",
                "address": "/api/v1/kits/harbour-kit",
            }
        ],
    }
