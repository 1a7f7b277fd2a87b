"""The REST interface of the catalogue."""

import pytest
from django.test import Client
from tests.market.catalogue.samples import claim, file_of, listing, stock, vendor

from skypact.exchange.catalogue import line_of
from skypact.market.accounts.models import User
from skypact.market.catalogue.models import Listing
from skypact.market.core.models import Event

pytestmark = pytest.mark.django_db

API = "/api/v1/catalogue"


def signed_in(client: Client, *, staff: bool) -> None:
    client.force_login(User.objects.create(username="kim", is_staff=staff))


@pytest.fixture
def stocked() -> None:
    stock(
        listing(mass=[claim(1.5, "kg"), claim(9, "kg", grade="tested", release="REL KR")]),
        listing("acme-pole", mass=[claim(2, "kg", grade="documented")]),
    )


@pytest.mark.usefixtures("stocked")
def test_search_pages_and_counts(client: Client) -> None:
    found = client.get(f"{API}/listings?page_size=1&page=2&sort=name").json()
    assert {name: found[name] for name in ("total", "page", "pages", "page_size")} == {
        "total": 2,
        "page": 2,
        "pages": 2,
        "page_size": 1,
    }
    (item,) = found["items"]
    assert (item["id"], item["vendor_name"], item["nation"], item["synthetic"]) == ("acme-pole", "Acme", "KR", False)
    assert (item["figures"][0]["value"], item["figures"][0]["unit"], item["figures"][0]["grade"]) == (
        2.0,
        "kg",
        "documented",
    )
    assert found["facets"]["category"] == [{"value": "mount", "name": "mount", "count": 2}]
    assert found["facets"]["grade"] == [
        {"value": "documented", "name": "documented", "count": 1},
        {"value": "stated", "name": "stated", "count": 1},
    ]


@pytest.mark.usefixtures("stocked")
def test_detail_is_the_listing_without_what_the_reader_may_not_see(client: Client) -> None:
    assert client.get(f"{API}/listings/acme-mast").json()["mass"][0]["value"] == 1.5
    assert len(client.get(f"{API}/listings/acme-mast").json()["mass"]) == 1
    signed_in(client, staff=True)
    assert len(client.get(f"{API}/listings/acme-mast").json()["mass"]) == 2


@pytest.mark.usefixtures("stocked")
def test_comparison(client: Client) -> None:
    found = client.get(f"{API}/compare?id=acme-pole&id=acme-mast").json()
    assert found["ids"] == ["acme-pole", "acme-mast"]
    (mass,) = [row for row in found["rows"] if row["attribute"] == "general mass"]
    assert (mass["differs"], [cell["value"] for cell in mass["cells"]]) == (True, [2.0, 1.5])
    (length,) = [row for row in found["rows"] if row["attribute"] == "general length"]
    assert (length["differs"], [cell["value"] for cell in length["cells"]]) == (False, [None, None])


@pytest.mark.usefixtures("stocked")
@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/listings/nothing", 404),
        ("/vendors/nobody", 404),
        ("/compare?id=nothing", 404),
        ("/listings/%00", 404),
        ("/vendors/%00", 404),
        ("/compare?id=%00", 404),
        ("/compare", 422),
        ("/compare?" + "&".join(["id=acme-mast"] * 7), 422),
        ("/listings?page=0", 422),
        ("/listings?page_size=101", 422),
        ("/listings?sort=price", 422),
        ("/listings?q=" + "x" * 501, 422),
        ("/export?format=pdf", 422),
    ],
)
def test_refusals_are_problem_documents(client: Client, path: str, status: int) -> None:
    response = client.get(API + path)
    assert response.status_code == status
    assert response.headers["Content-Type"] == "application/problem+json"
    assert response.json()["status"] == status


@pytest.mark.usefixtures("stocked")
def test_export_imports_again_as_the_same(client: Client) -> None:
    signed_in(client, staff=True)
    exported = b"".join(client.get(f"{API}/export").streaming_content)
    assert exported.decode().splitlines() == [
        line_of(vendor()),
        *(line_of(row.record) for row in Listing.objects.order_by("slug")),
    ]


@pytest.mark.parametrize(("member", "status"), [(False, 401), (True, 403)])
def test_import_is_for_staff(client: Client, member: bool, status: int) -> None:
    if member:
        signed_in(client, staff=False)
    response = client.post(f"{API}/import", {"file": file_of(vendor(), listing())})
    assert response.status_code == status
    assert response.headers["Content-Type"] == "application/problem+json"
    assert not Listing.objects.exists()
    assert not Event.objects.exists()


def test_import_reports(client: Client) -> None:
    signed_in(client, staff=True)
    good = client.post(f"{API}/import?format=jsonl", {"file": file_of(vendor(), listing())})
    assert (good.status_code, good.json()["listings"]) == (200, {"new": 1, "changed": 0, "unchanged": 0})
    bad = client.post(f"{API}/import?format=jsonl", {"file": file_of('{"listing": 5}')})
    assert bad.status_code == 422
    assert bad.json()["problems"] == [
        {"row": 1, "field": "", "value": "", "remedy": 'a line is {"vendor": {…}} or {"listing": {…}}'}
    ]


def test_import_from_a_foreign_page_is_refused() -> None:
    client = Client(enforce_csrf_checks=True)
    signed_in(client, staff=True)
    response = client.post(f"{API}/import?format=jsonl", {"file": file_of(vendor(), listing())})
    assert response.status_code == 403
    assert not Listing.objects.exists()
