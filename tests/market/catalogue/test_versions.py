"""Cursors of a search: good for one question, one reader and as long as his catalogue stays as it is."""

import pytest
from django.test import Client
from tests.market.catalogue.samples import claim, listing, stock

from skypact.market.accounts.models import User

pytestmark = pytest.mark.django_db

LISTINGS = "/api/v1/catalogue/listings"


def fill() -> None:
    stock(*(listing(f"acme-{number}", mass=[claim(1, "kg", release="REL KR")]) for number in range(5)))


def ids(page: dict) -> list[str]:
    return [item["id"] for item in page["items"]]


def test_cursors_lead_through_all_pages(client: Client) -> None:
    fill()
    found, cursor = [], ""
    for _ in range(3):
        page = client.get(LISTINGS, {"page_size": 2, "sort": "name", "cursor": cursor}).json()
        found.append(ids(page))
        cursor = page["next"]
    assert found == [["acme-0", "acme-1"], ["acme-2", "acme-3"], ["acme-4"]]
    assert cursor is None


def test_cursor_outlives_what_its_reader_cannot_see_and_nothing_else(client: Client) -> None:
    fill()
    asked = {"page_size": 2, "sort": "name"}
    cursor = client.get(LISTINGS, asked).json()["next"]
    stock(listing("acme-0", mass=[claim(2, "kg", release="REL KR")]), listing("acme-00", release="REL KR"))
    assert ids(client.get(LISTINGS, {**asked, "cursor": cursor}).json()) == ["acme-2", "acme-3"]
    stock(listing("acme-9"))
    gone = client.get(LISTINGS, {**asked, "cursor": cursor})
    assert gone.status_code == 410
    assert gone.json()["detail"] == (
        "The catalogue has changed since the page that gave this cursor. Begin again without one."
    )


def test_cursor_of_another_question_reader_or_of_nobody_is_refused(client: Client) -> None:
    fill()
    cursor = client.get(LISTINGS, {"page_size": 2}).json()["next"]
    for other in ({"page_size": 3}, {"page_size": 2, "q": "acme"}, {"page_size": 2, "sort": "name"}):
        refused = client.get(LISTINGS, {**other, "cursor": cursor})
        assert refused.status_code == 422
        assert refused.json()["errors"][0]["accepted"] == "a cursor that the same question was answered with"
    assert client.get(LISTINGS, {"page_size": 2, "cursor": cursor[:-2]}).status_code == 422
    feed = client.get("/api/v1/catalogue/changes").json()["next"]
    assert client.get(LISTINGS, {"page_size": 2, "cursor": feed}).status_code == 422
    client.force_login(User.objects.create(username="kim"))
    assert client.get(LISTINGS, {"page_size": 2, "cursor": cursor}).status_code == 410


def test_history_tells_what_its_reader_could_see(client: Client) -> None:
    fill()
    stock(listing("acme-0", mass=[claim(2, "kg", release="REL KR")]))
    stock(listing("acme-0", name="Other", mass=[claim(2, "kg", release="REL KR")]))
    history = client.get(f"{LISTINGS}/acme-0/history").json()["items"]
    assert [entry["change"] for entry in history] == ["changed", "new"]
    client.force_login(User.objects.create(username="kim", nation="KR"))
    history = client.get(f"{LISTINGS}/acme-0/history").json()["items"]
    assert [entry["change"] for entry in history] == ["changed", "changed", "new"]
    assert client.get(f"{LISTINGS}/nothing/history").status_code == 404


def test_facets_are_those_of_the_search(client: Client) -> None:
    fill()
    asked = {"q": "acme", "category": "mount"}
    listed, counted = client.get(LISTINGS, asked).json(), client.get("/api/v1/catalogue/facets", asked).json()
    assert {name: listed[name] for name in counted} == counted
    assert counted["total"] == 5
