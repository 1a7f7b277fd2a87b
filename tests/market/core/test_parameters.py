"""What an address does not know is refused by the interface and told on pages; nothing is answered without it."""

from __future__ import annotations

import json
import re
from collections import OrderedDict
from html import unescape

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import URLPattern, URLResolver, get_resolver
from tests.market.catalogue.samples import claim, listing, stock

from skypact.market.catalogue.models import Listing
from skypact.market.core.parameters import Unknown, takes, unknown
from skypact.market.interop import selectors


@pytest.fixture(autouse=True)
def _nothing_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    """What can be added is remembered by the catalogue's revision, whose numbers start anew with every test."""
    monkeypatch.setattr(selectors, "_remembered", OrderedDict())


TOLD = "The address asks for something that this page does not know"


@pytest.mark.parametrize(
    ("given", "nearest"),
    [
        ("budgett", "budget"),
        ("mass", "mass_kg"),
        ("Mass-KG", "mass_kg"),
        ("mass_max_kg", "mass_kg"),
        ("zeppelin", None),
        ("", None),
        ("x" * 100_000, None),
    ],
)
def test_an_unknown_name_is_told_with_the_nearest_known_one(given: str, nearest: str | None) -> None:
    assert unknown([given, "budget"], ("budget", "mass_kg", "listing")) == (Unknown(given, nearest),)


def test_a_page_notes_what_it_does_not_know() -> None:
    @takes("q", "page")
    def page(request: HttpRequest) -> HttpResponse:
        return HttpResponse(json.dumps([one.name for one in request.unknown_parameters]))  # type: ignore[attr-defined]

    assert json.loads(page(RequestFactory().get("/?q=a&page=2")).content) == []
    assert json.loads(page(RequestFactory().get("/?q=a&pages=2")).content) == ["pages"]


def addresses(resolver: URLResolver, before: str = "/") -> list[str]:
    """Every address of the interface, its variables filled in."""
    found: list[str] = []
    for one in resolver.url_patterns:
        route = before + str(one.pattern)
        if isinstance(one, URLResolver):
            found += addresses(one, route)
        elif isinstance(one, URLPattern) and route.startswith("/api/v1/"):
            found.append(re.sub("<[^>]+>", "1", route))
    return found


@pytest.mark.django_db
def test_every_address_of_the_interface_refuses_what_it_does_not_know(client: Client) -> None:
    asked = [one for one in addresses(get_resolver()) if one.rpartition("/")[2] not in ("docs", "openapi.json", "")]
    assert len(asked) > 50
    for address in asked:
        sent = [getattr(client, method)(f"{address}?no_such=1") for method in ("get", "post", "put", "delete")]
        answers = [one for one in sent if one.status_code != 405]
        assert answers, address
        for answer in answers:
            assert (answer.status_code, answer.headers["Content-Type"]) == (422, "application/problem+json"), address
            (error,) = answer.json()["errors"]
            assert error["place"] == "query.no_such"
            assert error["accepted"].startswith(("one of ", "no parameters"))


@pytest.mark.django_db
def test_a_misspelt_limit_is_not_an_answer_without_it(client: Client) -> None:
    stock(listing())
    refused = client.get("/api/v1/interop/complete?listing=acme-mast&budgett=5")
    assert (refused.status_code, "completion" in refused.json()) == (422, False)
    assert refused.json()["detail"] == (
        "This address knows no parameter budgett (did you mean budget?). Nothing was answered."
    )
    assert refused.json()["errors"][0]["nearest"] == "budget"
    assert "mass_kg" in refused.json()["errors"][0]["accepted"]
    mass = client.get("/api/v1/catalogue/listings?mass=5").json()["errors"][0]
    assert mass["nearest"] in ("mass_min", "mass_max")
    assert client.get("/api/v1/interop/complete?listing=acme-mast&mass_kg=5").status_code == 200


@pytest.mark.django_db
def test_an_unknown_parameter_changes_nothing(client: Client, django_user_model: type) -> None:
    client.force_login(django_user_model.objects.create(username="staff", is_staff=True))  # type: ignore[attr-defined]
    assert client.post("/api/v1/catalogue/import?keep_goood=1").status_code == 422
    assert client.post("/api/v1/searches?nam=x", {"name": "x", "query": "q=a"}, "application/json").status_code == 422
    assert client.get("/api/v1/searches").json() == []
    assert not Listing.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("address", "wrong", "nearest"),
    [
        ("/interop/?listing=acme-mast&quantity=1", "mass=20", "mass_kg"),
        ("/interop/?listing=acme-mast&quantity=1", "budgett=20", "budget"),
        ("/interop/with/acme-mast/?page=1", "kind=c2", ""),
        ("/catalogue/?q=mast&page=1&page_size=25&id=acme-mast&mass_max=5&vendor=acme", "mas_max=5", "mass_max"),
        ("/catalogue/compare/?id=acme-mast", "ids=acme-mast", "id"),
        ("/batteries/?k=2&count_unknown=on", "count_unknwon=on", "count_unknown"),
        ("/kits/compare/?before=&after=&case=0", "befor=x", "before"),
    ],
)
def test_a_reader_is_told(client: Client, address: str, wrong: str, nearest: str) -> None:
    stock(listing(mass=[claim(2, "kg")]))
    assert TOLD not in client.get(address).content.decode()
    page = client.get(f"{address}&{wrong}").content.decode()
    assert TOLD in page
    assert f"<code>{wrong.partition('=')[0]}</code>" in page
    assert (f"did you mean <code>{nearest}</code>?" in page) == bool(nearest)
    korean = client.get(f"{address}&{wrong}", headers={"accept-language": "ko"}).content.decode()
    assert "이 페이지가 알지 못하는 항목이 주소에 있습니다" in korean


@pytest.mark.django_db
@pytest.mark.parametrize("start", ["/catalogue/?q=acme", "/catalogue/items/acme-mast/", "/interop/?listing=acme-mast"])
def test_our_own_links_ask_only_what_is_known(client: Client, start: str) -> None:
    stock(listing(mass=[claim(2, "kg")]), *(listing(f"acme-{number}", mass=[claim(2, "kg")]) for number in range(30)))
    page = unescape(client.get(start).content.decode())
    base = start.partition("?")[0]
    links = {base + one if one.startswith("?") else one for one in re.findall(r'href="([^"#]*\?[^"#]*)', page)}
    asking = [one for one in links if one.startswith(("/catalogue/", "/interop/", "/batteries/"))]
    assert asking
    for one in sorted(asking)[:12]:
        answer = client.get(one)
        assert answer.status_code == 200, one
        assert answer.streaming or TOLD not in answer.content.decode(), one
