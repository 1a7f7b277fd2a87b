"""``skypact demo``: what a newcomer sees first."""

import typer

from skypact.market.site import open_site


def demo() -> None:
    """Load the built-in catalogue, compose the sample kits and print them."""
    open_site()
    typer.echo("The database is up to date.")
