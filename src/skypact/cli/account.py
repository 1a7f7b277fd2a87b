"""``skypact account``: people who sign in."""

from typing import Annotated

import typer

from skypact.market.site import open_site

app = typer.Typer(help="People who sign in.", no_args_is_help=True)


@app.callback()
def account() -> None:
    """Keeps ``create`` a command of its own."""


@app.command()
def create(
    username: str,
    password: Annotated[str, typer.Option(prompt=True, confirmation_prompt=True, hide_input=True)],
    nation: Annotated[str, typer.Option(help="ISO 3166-1 alpha-2 code, such as KR.")] = "",
    role: Annotated[str, typer.Option(help="military, police, border_guard, airport or civil.")] = "",
    organisation: str = "",
    vendor: Annotated[str, typer.Option(help="Id of the vendor whose listings this person keeps.")] = "",
    editor: Annotated[
        bool, typer.Option("--catalogue-editor", help="May approve or return what vendors submit.")
    ] = False,
    staff: Annotated[bool, typer.Option("--staff", help="May edit the catalogue.")] = False,
) -> None:
    """Give somebody an account; asks for the password."""
    open_site()
    from django.core.exceptions import ValidationError

    from skypact.market.accounts.actions import CreateAccount
    from skypact.market.core.access import Actor
    from skypact.market.core.actions import StateError

    try:
        user = CreateAccount(
            actor=Actor.system("command line"),
            username=username,
            password=password,
            nation=nation,
            role=role,
            organisation=organisation,
            vendor=vendor,
            is_staff=staff,
            is_catalogue_editor=editor,
        ).execute()
    except StateError as error:
        raise SystemExit(str(error)) from None
    except ValidationError as error:
        raise SystemExit("\n".join(error.messages)) from None
    typer.echo(f"{user.username} may sign in now.")
