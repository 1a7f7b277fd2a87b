"""``skypact rating``: what units accepted and what they say of it."""

from datetime import datetime
from typing import Annotated

import typer

from skypact.market.site import open_site

app = typer.Typer(help="What units accepted and what they say of it.", no_args_is_help=True)


@app.command()
def accept(
    listing: Annotated[str, typer.Argument(help="Id of the listing.")],
    organisation: Annotated[str, typer.Option(help="The unit, as in the accounts of its people.")],
    nation: Annotated[str, typer.Option(help="ISO 3166-1 alpha-2 code, such as KR.")],
    delivery: Annotated[str, typer.Option(help="Number of the order or the despatch.")],
    accepted_on: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="Day of acceptance, such as 2026-10-05.")],
    quantity: Annotated[int, typer.Option(min=1)],
) -> None:
    """Record that a unit accepted a delivery, so that it may rate the item."""
    open_site()
    from skypact.market.core.access import Actor
    from skypact.market.core.actions import StateError
    from skypact.market.ratings.actions import RecordAcceptance
    from skypact.schema import InputError

    try:
        found = RecordAcceptance(
            actor=Actor.system("command line"),
            nation=nation,
            organisation=organisation,
            listing=listing,
            delivery=delivery,
            accepted_on=accepted_on.date(),
            quantity=quantity,
        ).execute()
    except (StateError, InputError) as error:
        raise SystemExit(str(error)) from None
    typer.echo(f"acceptance {found.pk}: {found.organisation} ({found.nation}) may rate {found.listing}")


@app.command("list")
def list_(
    listing: Annotated[str, typer.Argument(help="Id of the listing.")],
    as_json: Annotated[bool, typer.Option("--json", help="JSON instead of text.")] = False,
) -> None:
    """What units say of a listing."""
    open_site()
    from django.http import Http404

    from skypact.market.core.access import Actor
    from skypact.market.ratings import selectors
    from skypact.market.ratings.api import RatingsOut

    try:
        found = selectors.ratings(Actor.system("command line"), listing)
    except Http404 as error:
        raise SystemExit(str(error)) from None
    if as_json:
        typer.echo(RatingsOut.of(found).model_dump_json(indent=2))
        return
    if found.mean is None:
        typer.echo(f"{listing}: unrated")
        return
    typer.echo(f"{listing}: {found.mean:.1f} of 5 from {found.count}")
    for item in found.items:
        version = item.version
        edited = ", edited" if item.edited else ""
        typer.echo(
            f"\n{item.id}: {version.score} of 5, {item.organisation} ({item.nation}), {version.at:%Y-%m-%d}{edited}"
        )
        for label, text in (("good", version.pros), ("bad", version.cons), ("conditions", version.conditions)):
            if text:
                typer.echo(f"  {label}: {text}")
        if item.reply is not None:
            typer.echo(f"  reply of {item.reply.vendor}: {item.reply.text}")
