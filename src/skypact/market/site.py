"""Opens the site for a command: loads Django and brings the database up to date."""

import fcntl
import os


def open_site(*, migrate: bool = True) -> None:
    """Loads the settings and apps; with ``migrate``, applies the migrations that the database still lacks."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "skypact.market.settings")
    import django

    django.setup()
    if migrate:
        _migrate()


def _migrate() -> None:
    """One process at a time: of two commands that find a new database, or a new version, the second finds all done."""
    from django.conf import settings
    from django.core.management import call_command

    from skypact.market.core.holding import Held, holding

    with (settings.HOME / "migrate.lock").open("ab") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with holding(Held.MIGRATION):
            call_command("migrate", interactive=False, verbosity=0)
