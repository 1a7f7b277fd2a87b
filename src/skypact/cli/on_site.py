"""Commands that act on the site of this installation."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import typer

from skypact.cli.sealing import saying_refusals
from skypact.market.site import open_site

if TYPE_CHECKING:
    from skypact.market.core.access import Actor


@contextmanager
def on_the_site() -> Iterator[Actor]:
    """The installation itself, acting on its site; what is refused is told, with exit status 2."""
    open_site()
    from django.http import Http404

    from skypact.market.core.access import Actor
    from skypact.market.core.actions import StateError

    try:
        with saying_refusals():
            yield Actor.system("command line")
    except (Http404, StateError) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from None
