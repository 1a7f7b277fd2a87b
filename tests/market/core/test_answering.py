"""What every answer of the REST interface has in common; refusals of pages in the reader's language."""

import json
from typing import Any

import pytest
from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.test import Client, RequestFactory
from tests.market.catalogue.samples import claim, listing, stock

from skypact.market.core import views

pytestmark = pytest.mark.django_db

API = "/api/v1/catalogue"


def refusal(response: Any) -> tuple[int, str]:
    assert response.headers["Content-Type"] == "application/problem+json"
    body = json.loads(response.content)
    assert body["status"] == response.status_code
    assert set(body) <= {"type", "title", "status", "detail", "errors"}
    return response.status_code, body["detail"]


def test_unknown_address_of_the_interface(client: Client) -> None:
    for path in ("/api/", "/api/v1/nothing", "/api/v2/catalogue/listings", "/api/%00"):
        assert refusal(client.get(path)) == (404, "There is nothing at this address.")


def test_method_that_is_not_taken(client: Client) -> None:
    response = client.delete(f"{API}/listings")
    status, detail = refusal(response)
    assert (status, response.headers["Allow"]) == (405, "GET")
    assert detail.startswith("This address does not take that method")


def test_malformed_query(client: Client) -> None:
    assert refusal(client.get(f"{API}/listings?page=x"))[0] == 422
    many = "&".join(f"a{number}=1" for number in range(1_001))
    assert refusal(client.get(f"{API}/listings?{many}")) == (400, "The request is malformed.")


def test_body_that_is_too_large(client: Client, settings: Any) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100
    response = client.post("/api/v1/kits", b"x" * 101, content_type="application/json")
    assert refusal(response) == (413, "The body is larger than this site takes.")


def test_upload_that_is_too_large(settings: Any) -> None:
    settings.UPLOAD_MAX_BYTES = 100
    client = Client()
    upload = {"data": "x" * 101}
    assert refusal(client.post(f"{API}/import", upload))[0] == 413
    page = client.post("/catalogue/import/", upload, headers={"accept-language": "ko"})
    assert page.status_code == 413
    assert "<h1>너무 큽니다</h1>" in page.content.decode()


@pytest.mark.parametrize(
    ("language", "heading"), [("en", "The form has expired"), ("ko", "양식의 유효 기간이 지났습니다")]
)
def test_form_without_token_is_refused_in_words(language: str, heading: str) -> None:
    client = Client(enforce_csrf_checks=True)
    page = client.post("/language/setlang/", {"language": "ko"}, headers={"accept-language": language})
    assert page.status_code == 403
    assert f"<h1>{heading}</h1>" in page.content.decode()


def test_call_without_token_is_refused_with_a_problem_document() -> None:
    request = RequestFactory().post("/api/v1/catalogue/import")
    assert refusal(views.csrf_failure(request)) == (403, "The request carries no valid CSRF token of this site.")


@pytest.mark.parametrize(
    ("error", "status"), [(SuspiciousOperation("secret"), 400), (RequestDataTooBig("secret"), 413)]
)
@pytest.mark.parametrize("path", ["/", "/api/v1/x"])
def test_malformed_request_says_nothing_of_the_inside(client: Client, error: Exception, status: int, path: str) -> None:
    request = client.get("/").wsgi_request
    request.path = path
    response = views.bad_request(request, error)
    assert response.status_code == status
    assert "secret" not in response.content.decode()


def test_what_breaks_is_a_problem_document_without_details(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("secret")

    monkeypatch.setattr("skypact.market.catalogue.selectors.listing", broken)
    client = Client(raise_request_exception=False)
    assert refusal(client.get(f"{API}/listings/acme")) == (500, "Something broke on our side. Nothing was half saved.")
    page = client.get("/catalogue/items/acme/")
    assert page.status_code == 500
    assert "Something broke on our side" in page.content.decode()


PATHS = ["/listings", "/listings/acme-mast", "/vendors/acme", "/compare?id=acme-mast", "/changes", "/export"]


@pytest.mark.parametrize("path", PATHS)
def test_answer_names_its_version_and_is_not_sent_twice(client: Client, path: str) -> None:
    stock(listing(mass=[claim(1, "kg")]))
    first = client.get(API + path)
    tag = first.headers["ETag"]
    assert tag.startswith('"')
    assert first.headers["Cache-Control"] == "private, no-cache"
    assert {"Cookie", "Accept-Language"} <= set(first.headers["Vary"].split(", "))
    again = client.get(API + path, headers={"if-none-match": tag})
    assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", tag)
    assert client.get(API + path, headers={"if-none-match": '"other"'}).status_code == 200


@pytest.mark.parametrize("path", PATHS)
def test_hidden_change_leaves_the_version_as_it_is(client: Client, path: str) -> None:
    stock(listing(mass=[claim(1, "kg"), claim(2, "kg", release="REL KR")]))
    tag = client.get(API + path).headers["ETag"]
    stock(listing(mass=[claim(1, "kg"), claim(3, "kg", release="REL KR")]), listing("hidden", release="REL KR"))
    assert client.get(API + path, headers={"if-none-match": tag}).status_code == 304
    stock(listing(mass=[claim(5, "kg")]))
    changed = client.get(API + path, headers={"if-none-match": tag})
    assert (changed.status_code, changed.headers["ETag"] == tag) == ((304, True) if "vendors" in path else (200, False))
