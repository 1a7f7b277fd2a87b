"""The catalogue's pages: what they show, to whom, in both languages."""

import io
import re

import pytest
from django.test import Client
from tests.market.catalogue.samples import claim, evidence, file_of, listing, sensor, stock, vendor

from skypact.market.accounts.models import User
from skypact.market.catalogue.kept import document_of
from skypact.market.catalogue.models import Listing
from skypact.market.core.models import Event

pytestmark = pytest.mark.django_db


def visitor(*, staff: bool = False, nation: str = "") -> Client:
    client = Client()
    client.force_login(User.objects.create(username="kim", is_staff=staff, nation=nation))
    return client


def text(client: Client, path: str, status: int = 200, **headers: str) -> str:
    response = client.get(path, headers=headers)
    assert response.status_code == status
    return response.content.decode()


@pytest.fixture
def stocked() -> None:
    stock(
        vendor(name_ko="애크미", website="https://acme.example", ncage="1234A"),
        listing(
            "acme-radar",
            name="Radar One",
            name_ko="레이더 하나",
            summary_ko="작은 드론을 찾는 레이더.",
            category="sensor.radar",
            sensors=[
                sensor(
                    ranges=[
                        {
                            "target": "small drone",
                            "range": [claim(5000, "m"), claim(3200, "m", grade="tested", observed="2025-11-01")],
                        }
                    ],
                    frequency_min=[claim(9.41e9, "Hz", expires="2026-02-01")],
                    tracks_max=[claim(None, "1")],
                )
            ],
            mass=[claim(12, "kg", release="REL KR")],
        ),
        listing("acme-two", name="Radar Two", category="sensor.radar", sensors=[sensor()], mass=[claim(13, "kg")]),
        listing("SYN-0000001", evidence=[evidence(provenance="synthetic")]),
    )


@pytest.mark.usefixtures("stocked")
def test_list_shows_names_figures_grades_and_the_synthetic_badge(client: Client) -> None:
    page = text(client, "/catalogue/")
    assert "3 listings" in page
    assert 'href="/catalogue/items/acme-radar/">Radar One</a>' in page
    assert '3.2 km <span class="sky-badge sky-badge--tested">Tested</span>' in page
    assert page.count("sky-badge--synthetic") == 1
    assert "South Korea" in page


@pytest.mark.usefixtures("stocked")
def test_search_as_one_types_gets_the_changing_part_only(client: Client) -> None:
    part = text(client, "/catalogue/?q=two", **{"HX-Request": "true"})
    assert "<html" not in part
    assert "1 listing<" in part
    assert "Radar Two" in part
    assert "<html" in text(client, "/catalogue/?q=two", **{"HX-Request": "true", "HX-History-Restore-Request": "true"})


@pytest.mark.usefixtures("stocked")
def test_nothing_found_says_what_to_do(client: Client) -> None:
    assert "Nothing here fits" in text(client, "/catalogue/?q=zeppelin")


def test_empty_catalogue_says_how_to_fill_it(client: Client) -> None:
    assert "skypact catalogue load-seed" in text(client, "/catalogue/")


@pytest.mark.parametrize(
    "query",
    [
        "page=x&page_size=7&sort=price",
        "page=999999999999",
        "q=%00",
        "family=%27%3B--",
        "family=%00&grade=%00&id=%00",
        "q=" + "x" * 2000,
        "id=&id=none",
    ],
)
@pytest.mark.usefixtures("stocked")
def test_odd_addresses_are_answered(client: Client, query: str) -> None:
    text(client, f"/catalogue/?{query}")


@pytest.mark.usefixtures("stocked")
def test_listing_shows_each_claim_with_grade_source_date_age_and_expiry(client: Client) -> None:
    page = text(client, "/catalogue/items/acme-radar/")
    assert '<span class="cat-value">3.2 km</span>' in page
    assert '<a href="https://acme.example/b" rel="noreferrer external">Acme brochure</a>' in page
    assert '<time datetime="2025-11-01">2025-11-01</time>' in page
    assert "expired 2026-02-01" in page
    assert "Looked for, not public." in page
    assert "Price, stock and lead time: unknown" in page
    assert "12 kg" not in page


@pytest.mark.usefixtures("stocked")
def test_claim_for_one_nation_is_shown_to_its_readers_with_its_label() -> None:
    page = text(visitor(nation="KR"), "/catalogue/items/acme-radar/")
    assert "12 kg" in page
    assert '<span class="sky-badge">REL KR</span>' in page


@pytest.mark.usefixtures("stocked")
def test_an_answer_given_in_one_language_is_not_shown_in_the_other(client: Client) -> None:
    for language, label in (("en", "Range"), ("ko", "거리"), ("en", "Range")):
        page = text(client, "/catalogue/?q=radar", **{"Accept-Language": language})
        assert f"<dt>{label} " in page


@pytest.mark.usefixtures("stocked")
def test_korean_reader_gets_korean(client: Client) -> None:
    page = text(client, "/catalogue/items/acme-radar/", **{"Accept-Language": "ko"})
    for word in ("레이더 하나", "작은 드론을 찾는 레이더.", "애크미", "대한민국", "시험"):
        assert word in page


@pytest.mark.parametrize("path", ["/catalogue/items/nothing/", "/catalogue/vendors/nobody/", "/catalogue/export/ods"])
def test_what_is_not_there(client: Client, path: str) -> None:
    assert "There is nothing at this address" in text(client, path, status=404)


@pytest.mark.usefixtures("stocked")
def test_comparison_marks_differences_and_keeps_the_unknown(client: Client) -> None:
    page = text(client, "/catalogue/compare/?id=acme-radar&id=acme-two&id=nothing")
    assert page.count("cat-compared__differs") == 0
    korean = text(visitor(nation="KR"), "/catalogue/compare/?id=acme-radar&id=acme-two")
    assert korean.count("cat-compared__differs") == 1
    assert "12 kg" in korean
    assert '<span class="cat-unknown">unknown</span>' in page


def test_empty_comparison_leads_back(client: Client) -> None:
    assert "Nothing to compare yet" in text(client, "/catalogue/compare/")


@pytest.mark.usefixtures("stocked")
def test_vendor_page(client: Client) -> None:
    page = text(client, "/catalogue/vendors/acme/")
    for words in ("Acme", "애크미", "South Korea", "1234A", "https://acme.example", "3 listings"):
        assert words in page


@pytest.mark.usefixtures("stocked")
def test_export_of_a_search_is_a_file(client: Client) -> None:
    response = client.get("/catalogue/export/jsonl?q=two")
    assert response.headers["Content-Disposition"] == 'attachment; filename="skypact-catalogue.jsonl"'
    lines = b"".join(response.streaming_content).decode().splitlines()
    assert [line[:24] for line in lines] == ['{"vendor":{"id":"acme","', '{"listing":{"id":"acme-t']


@pytest.mark.parametrize("path", ["/catalogue/import/", "/catalogue/items/acme-two/edit/"])
@pytest.mark.usefixtures("stocked")
def test_staff_pages_ask_others_to_sign_in_or_refuse(client: Client, path: str) -> None:
    assert client.get(path).headers["Location"] == f"/accounts/login/?next={path}"
    member = visitor()
    assert member.get(path).status_code == 403
    assert member.post(path, {"document": "{}", "digest": "x", "file": io.BytesIO(b"x")}).status_code == 403
    assert Event.objects.count() == 1


def upload(client: Client, file: io.BytesIO, **fields: str) -> tuple[int, str]:
    file.name = "test.jsonl"
    response = client.post("/catalogue/import/", {"file": file, **fields})
    return response.status_code, response.content.decode()


def test_import_page_takes_a_file_and_reports() -> None:
    client = visitor(staff=True)
    assert 'type="file"' in text(client, "/catalogue/import/")
    status, page = upload(client, file_of(vendor(), listing()))
    assert status == 200
    assert "test.jsonl was imported" in page
    assert "Listings: 1 new, 0 changed, 0 unchanged." in page


def test_import_page_shows_row_field_value_and_remedy() -> None:
    client = visitor(staff=True)
    bad = '{"listing": {"id": "Bad Id <b>"}}'
    status, page = upload(client, file_of(vendor(), bad))
    assert status == 422
    assert "Nothing of test.jsonl was imported" in page
    assert "<td>2</td><td><code>id</code></td><td><code>&#x27;Bad Id &lt;b&gt;&#x27;</code></td>" in page
    status, page = upload(client, file_of(vendor(), listing(), bad), keep_good="on")
    assert status == 200
    assert "3 rows read, 1 refused." in page
    assert Listing.objects.count() == 1


def test_import_page_without_a_file() -> None:
    assert "This field is required." in visitor(staff=True).post("/catalogue/import/").content.decode()


@pytest.mark.usefixtures("stocked")
def test_edit_page_changes_a_listing() -> None:
    client = visitor(staff=True)
    path = "/catalogue/items/acme-two/edit/"
    digest = Listing.objects.get(slug="acme-two").digest
    assert digest in text(client, path)
    changed = document_of(listing("acme-two", name="Radar Three"))
    assert (
        client.post(path, {"document": changed, "digest": digest}).headers["Location"] == "/catalogue/items/acme-two/"
    )
    assert Listing.objects.get(slug="acme-two").name == "Radar Three"
    response = client.post(path, {"document": changed, "digest": digest})
    assert response.status_code == 422
    assert "acme-two was changed by somebody else meanwhile" in response.content.decode()


@pytest.mark.usefixtures("stocked")
def test_edit_page_shows_what_is_wrong_and_keeps_the_text() -> None:
    digest = Listing.objects.get(slug="acme-two").digest
    response = visitor(staff=True).post("/catalogue/items/acme-two/edit/", {"document": '{"id": 5}', "digest": digest})
    page = response.content.decode()
    assert response.status_code == 422
    assert "acme-two: id: input should be a valid string (found 5)" in page
    assert "{&quot;id&quot;: 5}" in page
    assert Event.objects.count() == 1


@pytest.mark.usefixtures("stocked")
def test_where_nothing_is_found_the_page_says_without_which_condition_something_is(client: Client) -> None:
    page = text(client, "/catalogue/?q=radar+3+km+24+GHz&nation=KR")
    found = re.findall(r'<li><a href="([^"]+)">Without “([^”]+)”</a>: ([^<]+)</li>', page)
    assert found == [
        (
            "?q=radar+3+km&amp;nation=KR",
            "24 GHz: a frequency band around 24 GHz",
            "1 listing",
        )
    ]
    assert "Without" not in text(client, "/catalogue/?q=radar+3+km")
    hopeless = text(client, "/catalogue/?q=zzzzzz")
    assert "Check the spelling, use fewer words, or take a filter away." in hopeless
