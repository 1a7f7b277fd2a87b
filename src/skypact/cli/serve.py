"""``skypact serve`` and ``skypact migrate``."""

import socket
from typing import Annotated

import typer

from skypact.market.site import open_site

Port = Annotated[int, typer.Option(min=1, max=65535, help="Port to listen on.")]
Host = Annotated[str, typer.Option(help="Address to listen on; others than this machine need SKYPACT_HOSTS too.")]
Workers = Annotated[int, typer.Option(min=1, max=64, help="Processes that answer requests.")]


def serve(host: Host = "127.0.0.1", port: Port = 8000, workers: Workers = 2) -> None:
    """Serve the site until Ctrl-C."""
    from django.db import connections
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    _refuse_taken(host, port)
    open_site()
    from skypact.market.catalogue import index

    index.current()  # a search index that is not on this machine is written before anybody asks
    connections.close_all()  # the workers are forks of this process and may not share its connections
    typer.echo(f"skypact serves on http://{host}:{port}/ (Ctrl-C stops it)")
    Granian(
        "skypact.market.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=2,
        log_level=LogLevels.error,
        workers_kill_timeout=3,  # a worker that is told to stop while it still starts does not hear it
    ).serve()


def _refuse_taken(host: str, port: int) -> None:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise SystemExit(f"{host}:{port} cannot be used ({error.strerror}); choose another with --port") from None


def migrate() -> None:
    """Bring the database up to date."""
    open_site()
    typer.echo("The database is up to date.")
