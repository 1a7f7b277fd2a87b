"""``skypact document``: give listings files, check the bytes, remove what no listing names."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer

from skypact.market.site import open_site
from skypact.schema import DocumentKind, InputError

app = typer.Typer(help="Test reports, manuals and training material of listings.", no_args_is_help=True)


@app.command()
def attach(
    listing: Annotated[str, typer.Argument(help="Id of the listing.")],
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False)],
    kind: Annotated[DocumentKind, typer.Option()],
    title: Annotated[str, typer.Option(help="Default: the name of the file.")] = "",
    dated: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Default: today.")] = None,
    language: Annotated[str | None, typer.Option(help="ISO 639-1, e.g. ko.")] = None,
    release: Annotated[str, typer.Option(help="PUBLIC, REGISTERED, or REL KR,US.")] = "PUBLIC",
) -> None:
    """Give a listing a file; its content tells what it is."""
    open_site()
    from django.http import Http404

    from skypact.market.core.access import Actor
    from skypact.market.core.actions import StateError
    from skypact.market.documents import actions
    from skypact.market.documents.content import RefusedFileError

    day = date.today() if dated is None else dated.date()
    said = actions.Description(title=title or file.name, kind=kind, dated=day, language=language, release=release)
    try:
        with file.open("rb") as stream:
            given = actions.attach(Actor.system("cli"), listing, stream, said)
    except (Http404, InputError, RefusedFileError, StateError) as error:
        raise SystemExit(f"{file}: {error}") from None
    typer.echo(f"{given.sha256} {given.media_type.value} {given.size_bytes} bytes")


@app.command()
def check() -> None:
    """Read every file that a listing names; say which are missing or damaged, and fail then."""
    open_site()
    from skypact.market.catalogue.keeping import named_files
    from skypact.market.documents import store

    broken = 0
    named = sorted(named_files())
    for sha256 in named:
        try:
            store.open_checked(sha256).close()
        except store.BrokenFileError as error:
            broken += 1
            typer.echo(f"{sha256} {error.state.value}")
    typer.echo(f"{len(named)} files, {broken} missing or damaged")
    if broken:
        raise SystemExit(1)


@app.command()
def sweep() -> None:
    """Remove the bytes that no listing names, and what broken uploads left behind; younger than an hour they stay."""
    open_site()
    from skypact.market.core.access import Actor
    from skypact.market.documents.actions import SweepDocuments

    swept = SweepDocuments(actor=Actor.system("cli")).execute()
    typer.echo(f"{swept.files} files removed, {swept.size_bytes} bytes")
