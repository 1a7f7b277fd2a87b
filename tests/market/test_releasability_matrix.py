"""Who may not see something cannot guess it either: two worlds that differ in hidden things only answer alike.

Readers × everything labelled × every address of the site. The addresses come from the URL configuration and the
published contract: one that has no case here fails the test.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from tests.market.addresses import APART, addresses, cases, requests
from tests.market.worlds import (
    HIDDEN_SLUGS,
    HIDDEN_STANDARD,
    HIDDEN_WORD,
    VISIBLE_SLUGS,
    Clock,
    catalogue,
    claim_fields,
    parts_with_claims,
    plain_world,
    world_with_secrets,
)

from skypact.market.accounts.models import User
from skypact.market.api import api
from skypact.market.catalogue import selectors
from skypact.market.core.access import Actor
from skypact.market.ratings import models as ratings
from skypact.market.searches.actions import SaveSearch
from skypact.schema import Listing

pytestmark = pytest.mark.django_db


@dataclass(frozen=True)
class Reader:
    """Somebody, and a label under which things are hidden from him."""

    hidden: str
    account: dict[str, Any] | None = None

    def client(self) -> Client:
        client = Client(raise_request_exception=False)
        if self.account is not None:
            user = User.objects.create(username="reader", **self.account)
            SaveSearch(actor=Actor.of_user(user), name="theirs", query=f"q={HIDDEN_WORD}").execute()
            SaveSearch(actor=Actor.of_user(user), name="all radars", query="q=radar").execute()
            client.force_login(user)
        return client


READERS = {
    "anonymous": Reader("REGISTERED"),
    "anonymous to nations": Reader("REL KR"),
    "registered": Reader("REL KR,US", {}),
    "KR": Reader("REL PL,US", {"nation": "KR", "role": "police"}),
    "US": Reader("REL KR", {"nation": "US"}),
    "PL": Reader("REL KR,US", {"nation": "PL", "role": "military"}),
    "vendor": Reader("REL KR", {"vendor": "acme"}),
}


def test_every_address_has_a_case() -> None:
    assert set(addresses()) == {*cases(), *APART}


def test_every_operation_of_the_contract_is_an_address() -> None:
    published = {path.lstrip("/").replace("{", "<").replace("}", ">") for path in api.get_openapi_schema()["paths"]}
    assert published <= {re.sub(r"<\w+:", "<", pattern) for pattern in addresses()}


def test_every_field_of_claims_is_in_the_hidden_world() -> None:
    """A field that the schema gains must be hidden in these worlds too."""
    hidden: set[tuple[str, str]] = set()
    for record in catalogue("REL KR", 1):
        for _, model in parts_with_claims(Listing):
            for part in _parts(record, model):
                hidden |= {
                    (model.__name__, name)
                    for name, *_ in claim_fields(model)
                    if any(item.release == "REL KR" for item in getattr(part, name))
                }
    known = {(model.__name__, name) for _, model in parts_with_claims(Listing) for name, *_ in claim_fields(model)}
    assert known - hidden == set()


def _parts(item: Any, model: type) -> Iterator[Any]:
    if isinstance(item, model):
        yield item
    for name in getattr(type(item), "model_fields", ()):
        value = getattr(item, name)
        for inner in value if isinstance(value, tuple) else (value,):
            yield from _parts(inner, model)


#: Tokens that are random or sealed; the reader can read nothing from them, and equal ones mean equal things.
OPAQUE = (
    rb'name="csrfmiddlewaretoken" value="(\w+)"',
    rb'"X-CSRFToken": "(\w+)"',
    rb'"(?:next|revision)": ?"([\w-]+)"',
    rb"<code class=\"catalogue-version\">(\w+)</code>",
)


@dataclass(frozen=True)
class Answer:
    """All that a reader gets of a request, and how many statements it took."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes
    statements: int

    @classmethod
    def to(cls, client: Client, path: str) -> Answer:
        connection.queries_log.clear()  # it holds the last 9,000 only, and is counted by its length
        connection.queries_log.clear()  # it holds no more than 9,000, and a full one counts nothing
        with CaptureQueriesContext(connection) as captured:
            response = client.get(path)
            body = b"".join(response.streaming_content) if response.streaming else response.content
        for pattern in OPAQUE:
            body = re.sub(pattern, lambda found: found[0].replace(found[1], b"*" * len(found[1])), body)
        headers = {name: value for name, value in response.headers.items() if name not in ("ETag", "Set-Cookie")}
        return cls(response.status_code, tuple(sorted(headers.items())), body, len(captured))


def answers(build: Callable[[Clock], None], reader: Reader, clock: Clock, paths: list[str]) -> dict[str, Answer]:
    """What ``reader`` is answered in the world that ``build`` makes; nothing of that world stays."""
    with transaction.atomic():
        if connection.vendor == "postgresql":  # else the numbers of rows would go on from world to world
            with connection.cursor() as cursor:
                cursor.execute("SELECT quote_ident(sequencename) FROM pg_sequences WHERE schemaname = 'public'")
                for (sequence,) in cursor.fetchall():
                    cursor.execute(f"ALTER SEQUENCE {sequence} RESTART")
        build(clock)
        client = reader.client()
        found = {path: Answer.to(client, path) for path in paths}
        found["what kits are composed from"] = _composed_from(clock)
        transaction.set_rollback(True)
    return found


def _composed_from(clock: Clock) -> Answer:
    """The catalogue that the engines are given for the reader, and the name that a kit gives it."""
    user = User.objects.filter(username="reader").first()
    actor = Actor.anonymous() if user is None else Actor.of_user(user)
    seen = selectors.catalogue(actor, on=clock.now.date())
    return Answer(200, (("digest", selectors.content_digest(seen)),), seen.model_dump_json().encode(), 0)


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    """Refusals are part of what is asked here; their log would hide the differences."""
    logging.disable(logging.ERROR)
    yield
    logging.disable(logging.NOTSET)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(timezone, "now", clock)
    monkeypatch.setattr(ratings, "_draw", clock.draw)
    return clock


def test_hidden_things_change_no_answer(clock: Clock, database: str) -> None:
    """Every reader on SQLite; on PostgreSQL, where the worlds take long to build, nobody and one of each kind."""
    asking = READERS if database == "sqlite" else ("anonymous", "KR", "vendor")
    for turn, name in enumerate(asking):
        reader, paths = READERS[name], requests(turn, len(asking))
        plain = answers(plain_world, reader, clock, paths)
        secret = answers(world_with_secrets(reader.hidden), reader, clock, paths)
        different = {path: _difference(plain[path], secret[path]) for path in plain if plain[path] != secret[path]}
        assert (name, different) == (name, {})
        broken = {path: answer.status for path, answer in plain.items() if answer.status >= 500}
        assert broken == {}


def _difference(one: Answer, other: Answer) -> str:
    if one.status != other.status or one.statements != other.statements:
        return f"{one.status} with {one.statements} statements, {other.status} with {other.statements}"
    if one.headers != other.headers:
        return f"{set(one.headers) ^ set(other.headers)}"
    place = next(
        (place for place, (a, b) in enumerate(zip(one.body, other.body, strict=False)) if a != b),
        min(len(one.body), len(other.body)),
    )
    around = slice(max(0, place - 150), place + 150)
    return f"…{one.body[around].decode(errors='replace')}…\n…{other.body[around].decode(errors='replace')}…"


#: Addresses that tell somebody of the right nation more in the second world: or these tests would prove nothing.
TELLING = (
    "/catalogue/?q=radar",
    "/catalogue/?q=" + HIDDEN_WORD,
    "/catalogue/?grade=documented",
    "/catalogue/?interface=" + HIDDEN_STANDARD,
    "/catalogue/compare/?id=open-radar&id=open-mast",
    "/catalogue/export/jsonl",
    "/catalogue/export/csv",
    "/catalogue/export/bundle",
    *(f"/catalogue/items/{slug}/" for slug in (*VISIBLE_SLUGS[:5], HIDDEN_SLUGS[0])),
    "/catalogue/vendors/acme/",
    "/searches/",
    "/documents/open-radar/",
    "/api/v1/catalogue/changes",
    "/api/v1/catalogue/listings?q=radar",
    "/api/v1/catalogue/facets?q=radar",
    "/api/v1/catalogue/compare?id=open-radar&id=open-mast",
    "/api/v1/catalogue/export?format=jsonl",
    "/api/v1/catalogue/listings/open-radar",
    "/api/v1/catalogue/listings/open-radar/history",
    "/api/v1/catalogue/vendors/borealis",
    "/api/v1/searches",
)


def test_who_may_see_them_is_told(clock: Clock) -> None:
    korean = Reader("", {"nation": "KR"})
    plain = answers(plain_world, korean, clock, list(TELLING))
    secret = answers(world_with_secrets("REL KR"), korean, clock, list(TELLING))
    assert [path for path in TELLING if plain[path].body == secret[path].body] == []
