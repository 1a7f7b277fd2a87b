"""Who waited in vain for the database is told to come back; what is broken stays an error."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import OperationalError
from django.db.backends.sqlite3.base import DatabaseWrapper
from django.test import Client

from skypact.market.catalogue import views
from skypact.market.core import database as databases


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


def failing(monkeypatch: pytest.MonkeyPatch, error: Exception) -> Client:
    def fail(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(views.selectors, "search", fail)
    return Client(raise_request_exception=False)


@pytest.mark.django_db
def test_who_waited_in_vain_is_told_to_come_back(monkeypatch: pytest.MonkeyPatch) -> None:
    client = failing(monkeypatch, OperationalError("database is locked"))
    page = client.get("/catalogue/")
    assert (page.status_code, page.headers["Retry-After"]) == (503, "60")
    assert "Others are writing" in page.content.decode()
    answer = client.get("/api/v1/catalogue/listings")
    assert (answer.status_code, answer.headers["Content-Type"]) == (503, "application/problem+json")
    assert (answer.headers["Retry-After"], answer.json()["title"]) == ("60", "Service Unavailable")


@pytest.mark.django_db
def test_another_error_of_the_database_stays_one(monkeypatch: pytest.MonkeyPatch) -> None:
    assert failing(monkeypatch, OperationalError("disk I/O error")).get("/catalogue/").status_code == 500


def test_that_is_what_sqlite_says(tmp_path: Path) -> None:
    settings = {**databases.sqlite(tmp_path / "one.sqlite3"), "TIME_ZONE": None, "CONN_MAX_AGE": 0, "AUTOCOMMIT": True}
    settings["OPTIONS"] = {**settings["OPTIONS"], "init_command": "PRAGMA journal_mode=WAL; PRAGMA busy_timeout=1;"}
    settings |= {"CONN_HEALTH_CHECKS": False, "ATOMIC_REQUESTS": False, "TEST": {}}
    other = DatabaseWrapper(settings, "other")
    other.connect()
    writer = sqlite3.connect(tmp_path / "one.sqlite3", isolation_level=None)
    writer.execute("BEGIN IMMEDIATE")
    try:
        with pytest.raises(OperationalError, match="^database is locked$"):
            other.set_autocommit(False, force_begin_transaction_with_broken_autocommit=True)
    finally:
        writer.close()
        other.close()
