"""``skypact rates``: euro reference rates of the European Central Bank."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from skypact.market.site import open_site

app = typer.Typer(help="Exchange rates, as the European Central Bank published them.", no_args_is_help=True)

Json = Annotated[bool, typer.Option("--json", help="JSON instead of a table.")]


@app.command("import")
def import_(
    file: Annotated[
        Path, typer.Argument(exists=True, dir_okay=False, readable=True, help="eurofxref-….xml, .csv or .zip")
    ],
    as_json: Json = False,
) -> None:
    """Take a file of reference rates in: all of it, or nothing with the reasons. Known rates are never overwritten."""
    open_site()
    from skypact.exchange.ecb import LARGEST
    from skypact.market.core.access import Actor
    from skypact.market.prices.actions import import_rates
    from skypact.schema import InputError

    with file.open("rb") as stream:
        data = stream.read(LARGEST + 1)
    try:
        report = import_rates(actor=Actor.system("cli"), data=data, name=file.name)
    except InputError as error:
        raise SystemExit(str(error)) from None
    if as_json:
        typer.echo(report.model_dump_json(indent=2))
        return
    typer.echo(
        f"{report.file}: {report.new} new rates, {report.unchanged} known already, {report.first} to {report.last}"
    )


@app.command()
def show(
    on: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="The last rates up to this day; default: the last.")
    ] = None,
    as_json: Json = False,
) -> None:
    """The rates of one day: how much of each currency one euro bought."""
    open_site()
    import json

    from rich.console import Console
    from rich.table import Table

    from skypact.market.prices.exchange import rates_of

    rates = rates_of(on.date() if on else None)
    if as_json:
        typer.echo(json.dumps([rate.model_dump(mode="json") for rate in rates], indent=2))
        return
    if not rates:
        typer.echo("no exchange rates are here; skypact rates import FILE takes them in")
        return
    table = Table("currency", "rate", "file", title=f"1 EUR on {rates[0].date}", title_justify="left")
    for rate in rates:
        table.add_row(rate.currency, rate.rate, rate.file)
    Console().print(table)
