"""Options that are listed once: each command has them as its own, and is given them as a record."""

from typing import Annotated, NamedTuple

import pytest
import typer
from typer.testing import CliRunner

from skypact.cli.options import taking


class Colours(NamedTuple):
    front: Annotated[str, typer.Option(help="In front.")] = "white"
    behind: Annotated[list[str] | None, typer.Option("--behind", "-b", help="Behind it.")] = None


app = typer.Typer()


@app.command()
@taking(colours=Colours)
def paint(what: Annotated[str, typer.Argument()], *, coats: int = 1, colours: Colours) -> None:
    """Paints."""
    typer.echo(f"{what} {coats} {colours.front} {colours.behind}")


@app.command()
def other() -> None:
    """Without options."""


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["door"], "door 1 white None"),
        (["door", "--front", "red", "-b", "blue", "--behind", "green", "--coats", "2"], "door 2 red ['blue', 'green']"),
    ],
)
def test_a_command_is_given_the_record(words: list[str], said: str) -> None:
    found = CliRunner().invoke(app, ["paint", *words])
    assert (found.exit_code, found.stdout.strip()) == (0, said)


def test_the_options_are_told_as_the_commands_own() -> None:
    said = CliRunner().invoke(app, ["paint", "--help"]).stdout
    assert "Paints." in said
    assert [word in said for word in ("--front", "--behind", "--coats", "--colours")] == [True, True, True, False]


def test_two_options_of_one_name_are_an_error_of_the_program() -> None:
    def paint_twice(front: str = "black", *, colours: Colours) -> None:
        """Has a colour of its own."""

    with pytest.raises(TypeError, match="paint_twice has two options of one name"):
        taking(colours=Colours)(paint_twice)
