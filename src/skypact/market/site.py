"""Opens the site for a command: loads Django and brings the database up to date."""

import os


def open_site(*, migrate: bool = True) -> None:
    """Loads the settings and apps; with ``migrate``, applies the migrations that the database still lacks."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "skypact.market.settings")
    import django

    django.setup()
    if migrate:
        from django.core.management import call_command

        call_command("migrate", interactive=False, verbosity=0)
