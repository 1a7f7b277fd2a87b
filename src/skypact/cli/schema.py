"""``skypact schema``: the open data model as JSON Schema."""

import json
from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(help="The open data model.", no_args_is_help=True)


@app.callback()
def schema() -> None:
    """Keeps ``export`` a command of its own."""


@app.command()
def export(
    output: Annotated[Path | None, typer.Option(help="File to write; standard output without it.")] = None,
) -> None:
    """Print the JSON Schema (draft 2020-12) of every model, as one document."""
    from skypact.schema.export import json_schema

    text = json.dumps(json_schema(), indent=2, ensure_ascii=False, sort_keys=True) + "\n"
    if output is None:
        typer.echo(text, nl=False)
    else:
        output.write_text(text, encoding="utf-8")
