"""``skypact submission``: what vendors submit, and the editors' decisions on it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from skypact.market.site import open_site

if TYPE_CHECKING:
    from skypact.market.core.access import Actor
    from skypact.market.suppliers.models import Submission

app = typer.Typer(help="What vendors submit for the catalogue.", no_args_is_help=True)

Number = Annotated[int, typer.Argument(min=1, help="Number of the submission.")]
Said = Annotated[str, typer.Option("--message", "-m", help="What the other side reads with it.")]


@app.command("list")
def list_(
    vendor: Annotated[str, typer.Option(help="Vendor id.")] = "",
    state: Annotated[str, typer.Option(help="submitted, returned, approved or withdrawn.")] = "",
    page: Annotated[int, typer.Option(min=1)] = 1,
) -> None:
    """Submissions, the latest first."""
    open_site()
    from rich.console import Console
    from rich.table import Column, Table

    from skypact.market.suppliers import selectors

    found = selectors.submissions(_operator(), vendor=vendor, state=state, page=str(page))
    table = Table(Column("number", justify="right"), "vendor", "state", Column("changes", justify="right"), "submitted")
    for item in found.items:
        when = "" if item.submitted_at is None else f"{item.submitted_at:%Y-%m-%d %H:%M}"
        table.add_row(str(item.pk), item.vendor, str(item.state), str(item.asked), when)
    Console().print(table)
    typer.echo(f"{found.first_item} to {found.last_item} of {found.total}")


@app.command()
def show(number: Number, page: Annotated[int, typer.Option(min=1)] = 1) -> None:
    """What a submission changes, field by field, and what was said about it."""
    open_site()
    from django.http import Http404

    from skypact.market.suppliers import selectors

    actor = _operator()
    try:
        found = selectors.submission(actor, number)
    except Http404 as error:
        raise SystemExit(str(error)) from None
    typer.echo(f"submission {found.pk} of {found.vendor}: {found.state}")
    typer.echo("  ".join(f"{view} {count}" for view, count in selectors.counts(found).items()))
    told = selectors.lines(actor, found, moved=selectors.conflicts(actor, found), page=str(page))
    for shown in told.items:
        line = shown.line
        conflict = "  CHANGED MEANWHILE" if shown.conflict else ""
        typer.echo(f"\n{line.change} {line.slug}  {line.name}{conflict}{f'  ({line.reason})' if line.reason else ''}")
        for item in shown.differences:
            percent = f"  {item.percent}" if item.percent else ""
            mark = f"  [{item.mark.value}]" if item.mark is not None else ""
            typer.echo(f"  {' > '.join(item.where)}: {item.before or '-'} -> {item.after or '-'}{percent}{mark}")
    typer.echo(f"\n{told.first_item} to {told.last_item} of {told.total}\n")
    for entry in selectors.thread(found):
        typer.echo(f"{entry.at:%Y-%m-%d %H:%M} {entry.author} ({entry.side}) {entry.act} {entry.text}".rstrip())


@app.command()
def submit(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, readable=True)],
    vendor: Annotated[str, typer.Option(help="Vendor id on whose behalf.")],
    keep_good: Annotated[bool, typer.Option("--keep-good", help="Go on with the good rows.")] = False,
    message: Said = "",
) -> None:
    """Upload a vendor's file and submit it. Exits with 1 where nothing was submitted."""
    open_site()
    from skypact.market.suppliers.actions import LARGEST_UPLOAD, Submit, upload

    actor = replace(_operator(), vendor=vendor)
    with file.open("rb") as stream:
        content = stream.read(LARGEST_UPLOAD + 1)

    def done() -> Submission:
        outcome = upload(actor=actor, content=content, name=file.name, keep_good=keep_good)
        for problem in outcome.report.problems:
            typer.echo(str(problem))
        if outcome.submission is None:
            told = "everything in it is live already" if outcome.nothing_new else "nothing was submitted"
            raise SystemExit(f"{file.name}: {told}")
        return Submit(actor=actor, submission_id=outcome.submission.pk, message=message).execute()

    _say(done)


@app.command()
def approve(
    number: Number,
    listing: Annotated[
        list[str] | None, typer.Option(help="Only this id; may be repeated. The others go back.")
    ] = None,
    message: Said = "",
) -> None:
    """Take a submission into the catalogue, whole or in part."""
    open_site()
    from skypact.market.suppliers.deciding import Approve

    slugs = tuple(listing) if listing else None
    _say(Approve(actor=_operator(), submission_id=number, message=message, slugs=slugs).execute)


@app.command("return")
def return_(number: Number, message: Said) -> None:
    """Give a submission back to its vendor with the reason."""
    open_site()
    from skypact.market.suppliers.deciding import Return

    _say(Return(actor=_operator(), submission_id=number, message=message).execute)


def _say(act: Callable[[], Submission]) -> None:
    from django.http import Http404

    from skypact.market.core.actions import StateError
    from skypact.schema import InputError

    try:
        done = act()
    except (StateError, Http404, InputError) as error:
        raise SystemExit(str(error)) from None
    typer.echo(f"submission {done.pk} of {done.vendor}: {done.state}")


def _operator() -> Actor:
    from skypact.market.core.access import Actor

    return Actor.system("command line")
