"""``skypact``: the root of the command line.

A module of this package that has an ``app`` (a typer application) is a noun and becomes ``skypact NOUN``. Nouns import
Django and the engines inside their commands, so that ``skypact --help`` answers at once.
"""

import importlib
import pkgutil
from typing import Annotated

import typer

import skypact
import skypact.cli
from skypact.cli import demo, serve

app = typer.Typer(
    help="From a site and a threat to an interoperable, allowed, deliverable counter-drone detection kit.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"skypact {skypact.__version__}")
        raise typer.Exit


@app.callback()
def root(
    version: Annotated[
        bool, typer.Option("--version", help="Print the version and exit.", callback=_show_version, is_eager=True)
    ] = False,
) -> None:
    """Holds the options of ``skypact`` itself."""


app.command()(serve.serve)
app.command()(serve.migrate)
app.command()(demo.demo)
for found in pkgutil.iter_modules(skypact.cli.__path__):
    noun = importlib.import_module(f"skypact.cli.{found.name}") if found.name != "main" else None
    if hasattr(noun, "app"):
        app.add_typer(noun.app, name=found.name)
