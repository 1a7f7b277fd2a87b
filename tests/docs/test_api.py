"""Every example of the guide to the REST interface, executed."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from tests.market.catalogue.samples import claim, listing, sensor, stock

GUIDE = Path(__file__).parents[2] / "docs" / "api.md"


def examples() -> list[str]:
    return re.findall(r"```http\n(.*?)\n```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)


def fits(found: Any, told: Any) -> bool:
    """Whether ``found`` holds what the guide tells; "…" stands for anything."""
    if told == "…":
        return found is not None
    if isinstance(told, dict):
        return isinstance(found, dict) and all(name in found and fits(found[name], told[name]) for name in told)
    if isinstance(told, list):
        return len(found) == len(told) and all(map(fits, found, told))
    return found == told


@pytest.mark.django_db
def test_examples_of_the_guide() -> None:
    radar = {"category": "sensor.radar", "sensors": [sensor()]}
    stock(listing("acme-radar-a", **radar), listing("acme-radar-b", **radar), listing(mass=[claim(2, "kg")]))
    client, before = Client(), {"etag": "", "next": ""}
    for example in examples():
        request, answer, *body = example.split("\n\n")
        for name, value in before.items():
            request = request.replace(f"{{{name}}}", value)
        (method, path), *headers = (line.split(" ", 1) for line in request.split("\n"))
        response = client.generic(method, path, headers={name.removesuffix(":"): value for name, value in headers})
        status, *told = answer.split("\n")
        assert response.status_code == int(status), example
        for name, value in (line.split(": ", 1) for line in told):
            assert fits(response.headers.get(name), value), (example, name)
        document = json.loads(response.content) if body else {}
        assert fits(document, json.loads(body[0]) if body else {}), (example, document)
        before = {"etag": response.headers.get("ETag", ""), "next": document.get("next") or ""}


def test_the_guide_has_examples() -> None:
    assert len(examples()) == 14
