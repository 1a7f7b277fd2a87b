"""What lets transactions come one after another where they would go on side by side."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from enum import IntEnum

from django.db import connection


class Held(IntEnum):
    """What one transaction at a time may do. Any fixed numbers: PostgreSQL's advisory locks have no names."""

    CHAIN = 0x736B79
    """append an event"""
    CATALOGUE = 0x736B7A
    """change the catalogue"""
    KITS = 0x736B71
    """count the searches for kits under way, and begin one more"""
    PICTURES = 0x736B70
    """count the pictures in the making, and begin one more"""
    MIGRATION = 0x736B6D
    """bring the database up to date"""


def hold(what: Held) -> None:
    """Waits until no other transaction holds ``what``, and holds it until this one ends.

    On PostgreSQL alone: SQLite's IMMEDIATE transactions come one after another by themselves.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [what])


@contextmanager
def holding(what: Held) -> Iterator[None]:
    """Holds ``what`` over several transactions; on PostgreSQL alone, whose clients may be of several machines."""
    if connection.vendor != "postgresql":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [what])
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [what])
