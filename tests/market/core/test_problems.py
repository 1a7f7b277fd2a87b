"""Refusals of the REST interface are problem documents that say what would be accepted."""

import json

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.test import RequestFactory
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError

from skypact.market.core.actions import StateError
from skypact.market.core.problems import install_problem_handlers
from skypact.schema import InputError


@pytest.fixture(scope="module")
def api() -> NinjaAPI:
    api = NinjaAPI(urls_namespace="problems-under-test")
    install_problem_handlers(api)
    return api


@pytest.mark.parametrize(
    ("error", "status", "title", "detail"),
    [
        (PermissionDenied("kim may not"), 403, "Forbidden", "kim may not"),
        (PermissionDenied(), 403, "Forbidden", "You may not do this."),
        (Http404("no listing x"), 404, "Not Found", "no listing x"),
        (StateError("withdrawn already"), 409, "Conflict", "withdrawn already"),
        (HttpError(429, "too many"), 429, "Too Many Requests", "too many"),
    ],
)
def test_refusal_is_a_problem_document(api: NinjaAPI, error: Exception, status: int, title: str, detail: str) -> None:
    response = api.on_exception(request(), error)
    assert response.status_code == status
    assert response.headers["Content-Type"] == "application/problem+json"
    assert json.loads(response.content) == {"type": "about:blank", "title": title, "status": status, "detail": detail}


def test_input_error_names_each_place(api: NinjaAPI) -> None:
    error = InputError.single(file="kit.json", place="site.icao", value="rksi", accepted="four capital letters")
    response = api.on_exception(request(), error)
    assert response.status_code == 422
    assert json.loads(response.content)["errors"] == [
        {"file": "kit.json", "place": "site.icao", "value": "'rksi'", "accepted": "four capital letters"}
    ]


def test_malformed_request_names_the_field(api: NinjaAPI) -> None:
    error = ValidationError(
        [{"loc": ("query", "page"), "msg": "Input should be a valid integer", "type": "int_parsing"}]
    )
    response = api.on_exception(request(), error)
    assert response.status_code == 422
    assert json.loads(response.content)["errors"] == [
        {"place": "query.page", "accepted": "Input should be a valid integer"}
    ]


def request() -> HttpRequest:
    return RequestFactory().get("/api/v1/")
