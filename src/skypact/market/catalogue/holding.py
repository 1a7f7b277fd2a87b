"""Holds the catalogue still, so that what an act compares is what it then writes over."""

from __future__ import annotations

from django.db import connection

#: Any fixed number: on PostgreSQL writers of the catalogue take this advisory lock, one after another.
CATALOGUE_LOCK = 0x736B7A


def hold_catalogue() -> None:
    """Lets one transaction at a time change the catalogue; SQLite's IMMEDIATE transactions do that already.

    Taken before any row is locked, so that two writers cannot wait for each other.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [CATALOGUE_LOCK])
