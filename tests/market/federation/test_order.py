"""The feed misses nothing when transactions commit in another order than they wrote, where naive cursors do."""

import random
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest
from django.db import connection, transaction
from django.utils import timezone
from tests.market.catalogue.samples import KOREAN

from skypact.market.core.access import Actor
from skypact.market.federation.actions import ItemChange, State, note_changes
from skypact.market.federation.models import Change, Feed, Subject
from skypact.market.federation.selectors import changes

pytestmark = pytest.mark.django_db(transaction=True)

ANONYMOUS = Actor.anonymous()


def note(slug: str, release: str = "PUBLIC") -> None:
    note_changes(Subject.LISTING, [ItemChange(slug, None, State("d", release))], revision=1, at=timezone.now())


class Writer:
    """A connection of its own that does one step of its transaction at a time, when it is told to."""

    def __init__(self, pool: ThreadPoolExecutor) -> None:
        self._pool = pool
        self._written, self._may_end = threading.Event(), threading.Event()

    def begin(self, write: Callable[[], None]) -> None:
        """Starts a transaction that does ``write`` and then waits."""
        self._done = self._pool.submit(self._run, write)

    def has_written(self, within_s: float = 600.0) -> bool:
        return self._written.wait(within_s)

    def commit(self) -> None:
        self._may_end.set()
        self._done.result(timeout=600)

    def _run(self, write: Callable[[], None]) -> None:
        try:
            with transaction.atomic():
                write()
                self._written.set()
                assert self._may_end.wait(600)
        finally:
            connection.close()


@contextmanager
def writers(count: int) -> Iterator[list[Writer]]:
    with ThreadPoolExecutor(count) as pool:
        yield [Writer(pool) for _ in range(count)]


@pytest.fixture
def naive_table(database: str) -> Iterator[None]:
    """A feed as it is often built: numbered by a sequence, stamped with the time of writing."""
    if database == "sqlite":
        pytest.skip("SQLite lets one transaction at a time write, so none can commit before an earlier one")
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TABLE naive (id bigserial PRIMARY KEY, slug text, at timestamptz DEFAULT clock_timestamp())"
        )
    yield
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE naive")


def naive_insert(slug: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO naive (slug) VALUES (%s)", [slug])


@pytest.mark.parametrize("column", ["id", "at"])
@pytest.mark.usefixtures("naive_table")
def test_naive_cursor_loses_what_commits_late(column: str) -> None:
    """Why the feed has a lock: with a sequence or a time as cursor, the row that commits last is never read."""
    read: list[str] = []
    with connection.cursor() as cursor, writers(2) as (slow, quick):

        def follow() -> None:
            position = f"SELECT max({column}) FROM naive WHERE slug = ANY(%s)"  # noqa: S608 (a column of our own)
            question = f"SELECT slug FROM naive WHERE coalesce({column} > ({position}), true) ORDER BY {column}"  # noqa: S608
            cursor.execute(question, [read])
            read.extend(slug for (slug,) in cursor.fetchall())

        slow.begin(lambda: naive_insert("first"))
        assert slow.has_written()
        quick.begin(lambda: naive_insert("second"))
        assert quick.has_written()
        quick.commit()
        follow()
        slow.commit()
        follow()
        cursor.execute("SELECT slug FROM naive ORDER BY id")
        assert [slug for (slug,) in cursor.fetchall()] == ["first", "second"]
    assert read == ["second"]


def test_feed_makes_the_later_writer_wait() -> None:
    """The same two writers: the second gets its number after the first has committed, so nothing appears behind."""
    with writers(2) as (slow, quick):
        slow.begin(lambda: note("first"))
        assert slow.has_written()
        quick.begin(lambda: note("second"))
        assert not quick.has_written(within_s=0.5)
        page = changes(ANONYMOUS)
        assert page.entries == ()
        slow.commit()
        assert quick.has_written()
        page = changes(ANONYMOUS, after=page.cursor)
        assert [entry.slug for entry in page.entries] == ["first"]
        quick.commit()
        page = changes(ANONYMOUS, after=page.cursor)
        assert [entry.slug for entry in page.entries] == ["second"]
    assert list(Change.objects.values_list("sequence", "slug")) == [(1, "first"), (2, "second")]


def test_audience_that_is_made_while_somebody_reads_is_not_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    """Between the reader's look at the audiences and at the changes, a change with a new audience commits and one with
    an old: were the second shown now, the first would never be."""
    from skypact.market.federation import selectors

    with transaction.atomic():
        note("known")
    looked = selectors._shown_to

    def look_then_others_write(actor: Actor, *, since: int = 0) -> object:
        shown = looked(actor, since=since)
        monkeypatch.setattr(selectors, "_shown_to", looked)
        for slug, release in (("of-a-new-audience", "REL KR"), ("of-an-old-audience", "PUBLIC")):
            with transaction.atomic():
                note(slug, release)
        return shown

    monkeypatch.setattr(selectors, "_shown_to", look_then_others_write)
    first = changes(KOREAN)
    second = changes(KOREAN, after=first.cursor)
    assert [entry.slug for page in (first, second) for entry in page.entries] == [
        "known",
        "of-a-new-audience",
        "of-an-old-audience",
    ]


def test_number_of_an_act_that_failed_is_given_again() -> None:
    with transaction.atomic():
        note("lost")
        transaction.set_rollback(True)
    with transaction.atomic():
        note("kept")
    assert list(Change.objects.values_list("sequence", "slug")) == [(1, "kept")]


@pytest.mark.parametrize("seed", range(2))
def test_random_interleavings(seed: int) -> None:
    """Six writers note and give up at random, two followers read all the while: each reads every change that he may
    see once, in the order of the numbers."""
    chance = random.Random(seed)  # noqa: S311 (a test's own choice)
    plans = [
        [(f"w{writer}-{step}", chance.choice(("PUBLIC", "REL KR", "REL PL")), chance.random()) for step in range(6)]
        for writer in range(6)
    ]
    done = threading.Event()

    def write(plan: list[tuple[str, str, float]]) -> None:
        pause = threading.Event()
        try:
            for slug, release, luck in plan:
                try:
                    with transaction.atomic():
                        if luck < 0.5:
                            pause.wait(luck / 100)
                        note(slug, release)
                        note(f"{slug}-too", release)
                        pause.wait(luck / 100)
                        if luck > 0.8:
                            raise _GaveUpError
                except _GaveUpError:
                    continue
        finally:
            connection.close()

    def follow(actor: Actor) -> list[str]:
        read: list[str] = []
        cursor, last_look = "", False
        try:
            while True:
                page = changes(actor, after=cursor, limit=5)
                read.extend(entry.slug for entry in page.entries)
                cursor = page.cursor
                if last_look and not page.more:
                    return read
                last_look = done.is_set()
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        followers = {actor.label: pool.submit(follow, actor) for actor in (ANONYMOUS, KOREAN)}
        for writer in [pool.submit(write, plan) for plan in plans]:
            writer.result(timeout=600)
        done.set()
        read = {label: follower.result(timeout=600) for label, follower in followers.items()}
    kept = {slug: release for plan in plans for slug, release, luck in plan if luck <= 0.8}
    order = list(Change.objects.values_list("slug", flat=True))
    assert len(order) == 2 * len(kept) == Feed.objects.get().last
    for actor in (ANONYMOUS, KOREAN):
        assert read[actor.label] == [slug for slug in order if actor.may_read(kept[slug.removesuffix("-too")])]


class _GaveUpError(Exception):
    """A writer that changed its mind."""
