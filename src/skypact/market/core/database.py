"""Which database the site uses. SQLite comes from the pysqlite3 package: the system's may carry a corrupting bug.

SQLite 3.7.0 to 3.51.2 can corrupt a database in WAL mode when two connections write and checkpoint at once
(the "WAL-reset" bug, fixed in 3.51.3). The package brings its own newer library; docs/decisions/0003 says why.
"""

import sys
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

SAFE_SQLITE = (3, 51, 3)


def configuration(*, url: str | None, home: Path) -> dict[str, Any]:
    """Django's database settings for ``url``; without one, for SQLite in ``home``. Raises ImproperlyConfigured."""
    return postgresql(url) if url else sqlite(home / "skypact.sqlite3")


def sqlite(path: Path) -> dict[str, Any]:
    """A SQLite file whose writers queue, whose commits are on disk, and whose library is safe with two writers."""
    use_bundled_sqlite()
    import sqlite3

    refuse_unsafe_sqlite(sqlite3.sqlite_version_info)
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": path,
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA busy_timeout=20000;",
        },
    }


def use_bundled_sqlite() -> None:
    """Puts pysqlite3 in the place of the standard module. Must run before Django loads its SQLite backend."""
    import pysqlite3
    from pysqlite3 import dbapi2

    sys.modules["sqlite3"] = pysqlite3
    sys.modules["sqlite3.dbapi2"] = dbapi2


def refuse_unsafe_sqlite(version: tuple[int, ...]) -> None:
    """Raises ImproperlyConfigured for a SQLite library with the WAL-reset bug."""
    if version < SAFE_SQLITE:
        found, needed = (".".join(map(str, numbers)) for numbers in (version, SAFE_SQLITE))
        raise ImproperlyConfigured(
            f"SQLite {found} can corrupt a database that two processes write to; skypact needs {needed} or newer. "
            "Install the pinned packages (make install), or use PostgreSQL: DATABASE_URL=postgresql://…"
        )


def postgresql(url: str) -> dict[str, Any]:
    """PostgreSQL named by ``postgresql://user:password@host:port/name?option=value``; a socket folder as ``?host=``."""
    parts = urlsplit(url)
    name = unquote(parts.path.removeprefix("/"))
    if parts.scheme not in ("postgresql", "postgres") or not name:
        raise ImproperlyConfigured(
            f"DATABASE_URL begins with {parts.scheme or 'no scheme'}:// and names the database "
            f"{name or '(none)'}; accepted is postgresql://user:password@host:port/name"
        )
    options: dict[str, Any] = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": name,
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", parts.hostname or ""),
        "PORT": options.pop("port", parts.port or ""),
        "CONN_HEALTH_CHECKS": True,
        "CONN_MAX_AGE": 60,
        "OPTIONS": options,
    }
