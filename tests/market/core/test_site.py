"""Opening the site: the database is brought up to date by one process at a time."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from threading import Barrier, BrokenBarrierError

import pytest
from django.core import management
from django.db import connection

from skypact.market.site import open_site


@pytest.mark.django_db(transaction=True)
def test_two_commands_that_find_a_new_database_do_not_both_make_its_tables(
    monkeypatch: pytest.MonkeyPatch, settings: object, tmp_path: Path
) -> None:
    settings.HOME = tmp_path
    together, alone = Barrier(2), []

    def migrate(name: str, **options: object) -> None:
        with suppress(BrokenBarrierError):
            together.wait(timeout=0.5)
            return
        alone.append(name)

    def opened(_: int) -> None:
        try:
            open_site()
        finally:
            connection.close()

    monkeypatch.setattr(management, "call_command", migrate)
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(opened, range(2)))
    assert alone == ["migrate", "migrate"]
