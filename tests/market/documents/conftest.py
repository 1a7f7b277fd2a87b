"""A store of its own for every test, readers, and a stocked catalogue."""

from pathlib import Path

import pytest
from django.test import Client
from tests.market.catalogue.samples import listing, stock

from skypact.market.accounts.models import User
from skypact.market.documents import store


@pytest.fixture(autouse=True)
def own_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "root", lambda: tmp_path / "documents")


@pytest.fixture
def stocked() -> None:
    stock(listing(), listing("acme-secret", release="REL KR", evidence=[{**EVIDENCE, "release": "REL KR"}]))


EVIDENCE = {"grade": "stated", "source": {"title": "s", "date": "2026-01-05"}, "observed": "2026-01-05"}


def files() -> list[str]:
    """The names of every file of the store."""
    return sorted(path.name for path in store.root().rglob("*") if path.is_file())


def client_of(name: str, **fields: object) -> Client:
    client = Client()
    user, _ = User.objects.get_or_create(username=name, defaults=fields)
    client.force_login(user)
    return client
