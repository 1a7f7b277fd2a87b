"""Which database the site uses, and which it refuses."""

import sqlite3
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import connection

from skypact.market.core import database as databases

DURABLE = {
    "sqlite": {
        "PRAGMA journal_mode": "wal",
        "PRAGMA synchronous": 2,
        "PRAGMA busy_timeout": 20000,
        "PRAGMA foreign_keys": 1,
    },
    "postgresql": {"SHOW fsync": "on", "SHOW synchronous_commit": "on"},
}


@pytest.mark.django_db
def test_commits_reach_the_disk_and_writers_queue(database: str) -> None:
    def answer(question: str) -> object:
        with connection.cursor() as cursor:
            cursor.execute(question)
            return cursor.fetchone()[0]

    assert {question: answer(question) for question in DURABLE[database]} == DURABLE[database]


def test_sqlite_transactions_take_the_write_lock_at_once(tmp_path: Path) -> None:
    assert databases.sqlite(tmp_path / "sky.sqlite3")["OPTIONS"]["transaction_mode"] == "IMMEDIATE"


def test_bundled_sqlite_stands_in_for_the_standard_module() -> None:
    assert sqlite3.__name__ == "pysqlite3"
    assert sqlite3.sqlite_version_info >= (3, 51, 3)


@pytest.mark.parametrize("version", [(3, 40, 1), (3, 51, 2)])
def test_sqlite_with_the_corrupting_bug_is_refused(version: tuple[int, ...]) -> None:
    found = ".".join(map(str, version))
    with pytest.raises(
        ImproperlyConfigured, match=rf"^SQLite {found} can corrupt a database .* needs 3\.51\.3 or newer"
    ):
        databases.refuse_unsafe_sqlite(version)


def test_first_safe_sqlite_is_accepted() -> None:
    databases.refuse_unsafe_sqlite((3, 51, 3))


def test_postgresql_address_is_taken_apart() -> None:
    found = databases.configuration(url="postgresql://kim:p%40ss@db.example:5433/sky?sslmode=require", home=Path("/x"))
    assert (found["ENGINE"], found["NAME"]) == ("django.db.backends.postgresql", "sky")
    assert (found["USER"], found["PASSWORD"], found["HOST"], found["PORT"]) == ("kim", "p@ss", "db.example", 5433)
    assert found["OPTIONS"] == {"sslmode": "require"}


def test_postgresql_socket_folder_is_the_host() -> None:
    found = databases.postgresql("postgresql://postgres:@/postgres?host=/tmp/socket")
    assert (found["HOST"], found["PORT"], found["OPTIONS"]) == ("/tmp/socket", "", {})  # noqa: S108


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("mysql://db/sky", "^DATABASE_URL begins with mysql:// and names the database sky; accepted is postgresql://"),
        ("postgresql://db", r"^DATABASE_URL begins with postgresql:// and names the database \(none\); accepted is"),
        ("sky", "^DATABASE_URL begins with no scheme:// and names the database sky; accepted is"),
    ],
)
def test_other_address_is_refused(url: str, message: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=message):
        databases.postgresql(url)
