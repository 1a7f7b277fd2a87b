"""The page frame: headers, languages, error pages."""

import re

import pytest
from django.contrib.staticfiles import finders
from django.test import Client

from skypact.market.accounts.models import User

pytestmark = pytest.mark.django_db


def test_home_says_what_skypact_does_and_leads_on(client: Client) -> None:
    response = client.get("/")
    assert response.status_code == 200
    assertions = response.content.decode()
    assert "<h1>From a site and a threat to a kit that works together</h1>" in assertions
    assert 'href="/kits/protect/"' in assertions
    assert 'href="/catalogue/"' in assertions


def test_every_asset_the_frame_names_exists() -> None:
    named = ["skypact/skypact.css", "skypact/site.js", "skypact/uswds-init.js", "skypact/map.js", "skypact/charts.js"]
    named += ["skypact/map-worker.js", "skypact/maplibre-gl.css", "skypact/atlas/land-10m.json", "core/icon.svg"]
    assert [name for name in named if finders.find(name) is None] == []


def test_language_switch_changes_the_page_and_stays(client: Client) -> None:
    response = client.post("/language/setlang/", {"language": "ko", "next": "/"}, follow=True)
    page = response.content.decode()
    assert '<html lang="ko">' in page
    assert "<h1>현장과 위협에서 함께 작동하는 키트까지</h1>" in page
    assert '<html lang="ko">' in client.get("/").content.decode()


def test_browser_that_prefers_korean_gets_korean(client: Client) -> None:
    response = client.get("/", headers={"accept-language": "ko-KR,ko;q=0.9"})
    assert response.headers["Content-Language"] == "ko"


def test_page_may_run_and_load_only_the_sites_own_files(client: Client) -> None:
    headers = client.get("/").headers
    policy = dict(rule.split(" ", 1) for rule in headers["Content-Security-Policy"].split("; "))
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == "'self'"
    assert policy["worker-src"] == "'self' blob:"
    assert policy["style-src"] == "'self'"
    assert policy["frame-ancestors"] == "'none'"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "same-origin"


def test_no_page_carries_a_script_of_its_own(client: Client) -> None:
    for address in ("/", "/accounts/login/", "/nothing-here"):
        page = client.get(address).content.decode()
        assert "<script>" not in page, address
        assert "javascript:" not in page, address


def test_unknown_address_says_so(client: Client) -> None:
    response = client.get("/nothing-here")
    assert response.status_code == 404
    assert "<h1>There is nothing at this address</h1>" in response.content.decode()


def test_supervisor_sees_the_site_alive(client: Client) -> None:
    assert client.get("/healthz").json() == {"status": "ok", "version": "0.1.0"}


def test_home_is_read_only(client: Client) -> None:
    assert client.post("/").status_code == 405


def test_unknown_api_address_is_a_404(client: Client) -> None:
    assert client.get("/api/v1/nothing").status_code == 404


@pytest.mark.parametrize(
    ("changes", "addresses"),
    [
        ({}, ["/searches/", "/kits/", "/ratings/acceptances/"]),
        ({"is_catalogue_editor": True}, ["/searches/", "/kits/", "/ratings/acceptances/", "/suppliers/queue/"]),
        (
            {"is_staff": True},
            [
                "/searches/",
                "/kits/",
                "/ratings/acceptances/",
                "/suppliers/queue/",
                "/prices/audit/",
                "/catalogue/import/",
            ],
        ),
    ],
)
def test_home_leads_each_person_to_their_own_pages(changes: dict[str, bool], addresses: list[str]) -> None:
    client = Client()
    client.force_login(User.objects.create(username="kim", **changes))
    page = client.get("/").content.decode()
    own = page.partition('aria-labelledby="own"')[2].partition("</nav>")[0]
    assert re.findall(r'href="([^"]+)"', own) == addresses
    for address in addresses:
        assert client.get(address).status_code == 200
    assert 'aria-labelledby="own"' not in Client().get("/").content.decode()
