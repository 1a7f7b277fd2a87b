"""Submissions over the REST interface: the same acts, the same refusals."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from tests.market.suppliers.samples import draft, editor, file_of, listing, person, stock, submitted, vendor

from skypact.market.accounts.models import User
from skypact.market.catalogue.models import Listing
from skypact.market.suppliers.models import Submission

pytestmark = pytest.mark.django_db
ROOT = "/api/v1/submissions"


@pytest.fixture(autouse=True)
def _stocked() -> None:
    stock(vendor(), vendor("bolt"), listing("acme-mast"))


def signed_in(name: str) -> Client:
    client = Client()
    client.force_login(User.objects.get(username=name))
    return client


@pytest.fixture
def seller() -> Client:
    person()
    return signed_in("seller")


@pytest.fixture
def chief() -> Client:
    editor()
    return signed_in("editor")


def post(client: Client, path: str, body: object = None, status: int = 200) -> dict:
    response = client.post(f"{ROOT}{path}", json.dumps(body or {}), content_type="application/json")
    assert response.status_code == status, response.content
    return response.json()


def get(client: Client, path: str, status: int = 200) -> dict:
    response = client.get(f"{ROOT}{path}")
    assert response.status_code == status, response.content
    return response.json()


def send(client: Client, *records: object, path: str = "") -> tuple[int, dict]:
    file = SimpleUploadedFile("ours.jsonl", file_of(*records).read())
    response = client.post(f"{ROOT}{path}", {"file": file})
    return response.status_code, response.json()


def test_from_upload_to_approval(seller: Client, chief: Client) -> None:
    code, told = send(seller, listing("acme-mast", summary="New."), listing("acme-rod"))
    assert (code, told["report"]["listings"]) == (201, {"new": 1, "changed": 1, "unchanged": 0})
    found = told["submission"]
    assert (found["state"], found["allowed_actions"]) == ("draft", ["replace", "compare", "submit", "withdraw"])
    address = f"/{found['id']}"
    get(chief, address, 404)
    assert post(seller, f"{address}/submit", {"message": "Please."})["allowed_actions"] == ["withdraw", "note"]
    assert get(chief, "?state=submitted")["items"][0]["allowed_actions"] == ["compare", "note", "approve", "return"]
    lines = get(chief, f"{address}/lines?view=changed")
    assert lines["items"][0]["differences"] == [
        {"where": ["Summary"], "before": "A thing.", "after": "New.", "share": None, "mark": None}
    ]
    post(chief, f"{address}/note", {"message": "I look at it."})
    post(chief, f"{address}/approve", {"ids": ["acme-mast"], "reasons": {"acme-rod": "Which rod?"}})
    detail = get(seller, address)
    assert (detail["state"], detail["counts"]) == (
        "returned",
        {"new": 1, "changed": 1, "returned": 1, "approved": 1},
    )
    assert [(entry["side"], entry["act"]) for entry in detail["thread"]] == [
        ("vendor", "upload"),
        ("vendor", "submit"),
        ("editor", "note"),
        ("editor", "approve"),
    ]
    code, told = send(seller, listing("acme-rod", summary="A rod."), path=f"?submission={found['id']}")
    assert (code, told["submission"]["id"]) == (201, found["id"])
    post(seller, f"{address}/compare")
    post(seller, f"{address}/submit")
    assert post(chief, f"{address}/approve")["state"] == "approved"
    assert Listing.objects.get(slug="acme-rod").record.summary == "A rod."


def test_refused_and_unchanged_files_are_not_kept(seller: Client) -> None:
    code, told = send(seller, listing("radio"))
    assert (code, told["submission"], told["report"]["problems"][0]["field"]) == (422, None, "id")
    code, told = send(seller, listing("acme-mast"))
    assert (code, told["submission"], told["report"]["taken"]) == (200, None, True)
    assert not Submission.objects.exists()


def test_withdrawal(seller: Client) -> None:
    found = post(seller, "/withdrawals", {"ids": ["acme-mast"], "reason": "Out of production."}, 201)
    assert get(seller, f"/{found['id']}/lines")["items"][0]["reason"] == "Out of production."
    told = post(seller, "/withdrawals", {"ids": ["bolt-x"], "reason": "So."}, 409)
    assert told["detail"] == "there is no listing bolt-x of acme"
    post(seller, "/withdrawals", {"ids": [], "reason": "So."}, 422)


def test_taking_back_and_returning(seller: Client, chief: Client) -> None:
    first, second = submitted(listing("acme-rod")), submitted(listing("acme-bar"))
    assert post(seller, f"/{first.pk}/withdraw")["state"] == "withdrawn"
    told = post(chief, f"/{first.pk}/approve", {}, 409)
    assert told["detail"] == f"the vendor has taken submission {first.pk} back: nothing is left to do"
    post(chief, f"/{second.pk}/return", {}, 409)
    assert post(chief, f"/{second.pk}/return", {"message": "No."})["state"] == "returned"


@pytest.mark.parametrize("act", ["submit", "withdraw", "note", "compare", "approve", "return"])
def test_strangers_and_nobody_learn_nothing(act: str) -> None:
    found = draft(listing("acme-rod"))
    person("stranger", vendor="bolt")
    person("member", vendor="")
    for name in ("stranger", "member"):
        told = post(signed_in(name), f"/{found.pk}/{act}", {}, 404)
        missing = post(signed_in(name), f"/{found.pk + 1}/{act}", {}, 404)
        assert told["detail"].replace(str(found.pk), "N") == missing["detail"].replace(str(found.pk + 1), "N")
    post(Client(), f"/{found.pk}/{act}", {}, 401)
    assert Submission.objects.get().state == "draft"


def test_list_is_for_vendors_and_editors(seller: Client, chief: Client) -> None:
    draft(listing("acme-rod"))
    submitted(listing("acme-bar"))
    person("stranger", vendor="bolt")
    person("member", vendor="")
    assert (get(seller, "")["total"], get(chief, "")["total"], get(signed_in("stranger"), "")["total"]) == (2, 1, 0)
    get(signed_in("member"), "", 403)
    get(Client(), "", 401)


@pytest.mark.parametrize(
    "body", [{"message": "a\0b"}, {"message": "x" * 5001}, {"reasons": {"acme-rod": "a\0b"}}, {"reasons": {"x": "y"}}]
)
def test_text_that_cannot_be_kept_is_refused(chief: Client, body: dict) -> None:
    found = submitted(listing("acme-rod"))
    response = chief.post(f"{ROOT}/{found.pk}/return", json.dumps(body), content_type="application/json")
    assert response.status_code in (409, 422)
    assert Submission.objects.get().state == "submitted"
