"""``skypact demo``: what a newcomer sees first."""

from __future__ import annotations

from datetime import date

import typer

from skypact.market.site import open_site

_SHOWN = ("airport", "border-strip")


def demo() -> None:
    """Load the built-in catalogue, compose the sample kits and print them."""
    open_site()
    from skypact.cli.kit import progress_bar
    from skypact.cli.kit_report import print_kit
    from skypact.market.catalogue import selectors
    from skypact.market.catalogue.actions import import_built_in
    from skypact.market.kits.examples import all_examples
    from skypact.market.kits.samples import sample_kit

    if selectors.revision() == 0:
        typer.echo(f"Built-in catalogue: {import_built_in().listings.new} products loaded.")
    else:
        typer.echo("The catalogue stays as it is; skypact catalogue load-seed brings built-in products up to date.")
    for example in all_examples():
        with progress_bar() as (progress, stop):
            kit = sample_kit(example, on=date.today(), progress=progress, stop=stop)
        if example.id in _SHOWN:
            print_kit(kit, brief=True)
