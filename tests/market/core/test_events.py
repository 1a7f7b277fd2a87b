"""The event log: a hash chain that the database itself refuses to change."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from importlib import import_module

import pytest
from django.db import DatabaseError, connection, transaction

from skypact.market.core import events
from skypact.market.core.access import Actor
from skypact.market.core.events import GENESIS, ChainError, Record, verify_chain
from skypact.market.core.models import Event

pytestmark = pytest.mark.django_db

ACTOR = Actor.system("test")


def append(number: int) -> Event:
    with transaction.atomic():
        return events.append(
            actor=ACTOR,
            action="test.act",
            record=Record(object_type="test.thing", object_id=str(number), data={"number": number, "name": "강릉"}),
        )


def drop_triggers() -> None:
    """What somebody does who owns the database and wants to rewrite history."""
    append_only = import_module("skypact.market.core.migrations.0002_event_log_is_append_only")
    with connection.cursor() as cursor:
        for statement in append_only.DROP[connection.vendor]:
            cursor.execute(statement)


def test_runs_on_the_database_that_its_name_says(database: str) -> None:
    assert connection.vendor == database


def test_events_count_from_one_and_link_to_the_one_before() -> None:
    first, second = append(1), append(2)
    assert (first.sequence, first.prev_hash) == (1, GENESIS)
    assert (second.sequence, second.prev_hash) == (2, first.hash)
    assert verify_chain() == 2


def test_empty_chain_is_whole() -> None:
    assert verify_chain() == 0


def test_hash_is_the_published_one() -> None:
    event = Event(
        sequence=1,
        at=datetime(2026, 11, 21, 6, 0, tzinfo=UTC),
        actor="system:test",
        action="test.act",
        object_type="test.thing",
        object_id="1",
        payload='{"number":1}',
        prev_hash=GENESIS,
    )
    assert events.digest(event) == "7bfb22a7e6457a7fe2e2efe8adc3c2bdcd03292fcaff9455dfa4d2fa1e3caf3a"


@pytest.mark.django_db(transaction=True)
def test_outside_a_transaction_nothing_is_written() -> None:
    with pytest.raises(RuntimeError, match="only inside the transaction"):
        events.append(actor=ACTOR, action="test.act", record=Record(object_type="t", object_id="1", data={}))
    assert not Event.objects.exists()


@pytest.mark.parametrize(
    "statement",
    ["UPDATE core_event SET actor = 'nobody'", "DELETE FROM core_event", "UPDATE core_event SET hash = hash"],
)
def test_database_refuses_to_change_an_event(statement: str) -> None:
    event = append(1)
    with (
        pytest.raises(DatabaseError, match="the event log is append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)
    assert Event.objects.get().hash == event.hash


def test_database_refuses_to_empty_the_log(database: str) -> None:
    append(1)
    statement = "TRUNCATE core_event" if database == "postgresql" else "DELETE FROM core_event WHERE 1"
    with (
        pytest.raises(DatabaseError, match="the event log is append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)
    assert Event.objects.count() == 1


def test_changed_event_is_found() -> None:
    append(1)
    append(2)
    drop_triggers()
    Event.objects.filter(sequence=1).update(payload='{"number":7}')
    with pytest.raises(ChainError, match=r"^event 1 was changed: it carries [0-9a-f]{64}, its content gives"):
        verify_chain()


def test_removed_event_is_found() -> None:
    for number in (1, 2, 3):
        append(number)
    drop_triggers()
    Event.objects.filter(sequence=2).delete()
    with pytest.raises(ChainError, match="^event 2 is missing: the next one present is 3$"):
        verify_chain()


def test_event_rehashed_by_a_forger_breaks_the_next_link() -> None:
    for number in (1, 2):
        append(number)
    drop_triggers()
    forged = Event.objects.get(sequence=1)
    forged.actor = "user:1 somebody else"
    Event.objects.filter(sequence=1).update(actor=forged.actor, hash=events.digest(forged))
    with pytest.raises(ChainError, match="^event 2 follows"):
        verify_chain()


@pytest.mark.django_db(transaction=True)
def test_writers_at_once_make_one_chain() -> None:
    """Eight threads, five events each: no fork, no gap, none lost."""
    start = threading.Barrier(8)

    def write(writer: int) -> None:
        start.wait()
        try:
            for number in range(5):
                append(writer * 100 + number)
        finally:
            connection.close()

    with ThreadPoolExecutor(max_workers=8) as writers:
        list(writers.map(write, range(8)))
    assert verify_chain() == 40
    assert {int(event.object_id) for event in Event.objects.all()} == {w * 100 + n for w in range(8) for n in range(5)}
