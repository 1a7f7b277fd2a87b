"""Whatever the published contract allows, and much that it does not, is answered as the contract says.

Requests are generated from the contract (Schemathesis) with a fixed seed and sent in process: as nobody, and as staff.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
import requests
import schemathesis
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.core.transport import Response
from schemathesis.specs.openapi.checks import content_type_conformance, response_schema_conformance
from tests.market.catalogue.samples import claim, evidence, listing, stock

from skypact.market.accounts.models import User
from skypact.market.api import api

pytestmark = pytest.mark.django_db

EXAMPLES = {"sqlite": 8, "postgresql": 3}


def contract() -> Any:
    """The published contract."""
    return schemathesis.openapi.from_dict(json.loads(json.dumps(api.get_openapi_schema(), default=str)))


OPERATIONS = {found.ok().label: found.ok() for found in contract().get_all_operations()}


@pytest.fixture(autouse=True)
def _stocked() -> Iterator[None]:
    offer = {"seller": "acme", "price": {"amount": "100", "currency": "EUR"}, "evidence": evidence()}
    stock(listing(offers=[offer]), listing("acme-pole", mass=[claim(2, "kg")]))
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


@pytest.mark.parametrize("label", OPERATIONS)
def test_operation_answers_as_published(label: str, database: str) -> None:
    operation = OPERATIONS[label]
    published = set(operation.definition.raw["responses"])
    staff = Client(raise_request_exception=False)
    staff.force_login(User.objects.create(username="staff", is_staff=True))
    clients = (staff, Client(raise_request_exception=False))

    @seed(20261121)
    @settings(
        max_examples=EXAMPLES[database],
        deadline=None,
        database=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(st.one_of(operation.as_strategy(), operation.as_strategy(generation_mode=GenerationMode.NEGATIVE)))
    def ask(case: Any) -> None:
        for client in clients:
            response = _sent(client, case)
            asked = (case.method, case.formatted_path, case.query, case.body)
            assert response.status_code < 500, asked
            assert response.status_code >= 400 or str(response.status_code) in published, asked
            case.validate_response(response, checks=[content_type_conformance, response_schema_conformance])

    ask()


def _sent(client: Client, case: Any) -> Response:
    """The answer to ``case``, sent without a network."""
    given: dict[str, Any] = {}
    if isinstance(case.body, dict) and case.media_type == "multipart/form-data":
        given["data"] = {name: _part(name, value) for name, value in case.body.items()}
    elif case.media_type is not None:
        body = case.body if isinstance(case.body, (bytes, str)) else json.dumps(_plain(case.body))
        given.update(data=body, content_type=case.media_type)
    method = getattr(client, case.method.lower(), None)
    path = case.formatted_path
    query = requests.models.RequestEncodingMixin._encode_params(case.query or {})
    if query:
        path = f"{path}?{query}"
    answer = method(path, **given) if method else client.generic(case.method, path)
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return Response(
        status_code=answer.status_code,
        headers={name.lower(): [value] for name, value in answer.headers.items()},
        content=content,
        request=requests.Request(case.method, "http://testserver/").prepare(),
        elapsed=0.0,
        verify=False,
    )


def _part(name: str, value: Any) -> Any:
    if isinstance(value, bytes):
        return SimpleUploadedFile(f"{name}.jsonl", value)
    return value if isinstance(value, str) else json.dumps(_plain(value))


def _plain(value: Any) -> Any:
    return None if type(value).__name__ == "NotSet" else value
