"""What the commands that sign a statement are told about it, and how it is written."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

import typer

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    from skypact.conformance.signing import Signed


@contextmanager
def saying_refusals() -> Iterator[None]:
    """A refused input is told line by line, with exit status 2."""
    from skypact.schema import InputError

    try:
        yield
    except InputError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from None


class Sealing(NamedTuple):
    """Who signs, with what, until when, and into which file: the options of every command that signs."""

    sign: Annotated[Path | None, typer.Option(help="Key of `skypact lab key`: write a signed statement.")] = None
    by: Annotated[str, typer.Option(help="Who tests, for the signed statement.")] = ""
    valid_days: Annotated[
        int | None,
        typer.Option(
            min=0, max=3650, help="How long to rely on the result; of a lab result for a listing 365 by itself."
        ),
    ] = None
    output: Annotated[
        Path | None, typer.Option("--output", "-o", dir_okay=False, help="File for the signed statement.")
    ] = None

    def require_complete(self) -> None:
        """Before anything is recorded: a missing word, or a key that cannot be read, would cost the recording."""
        from skypact.conformance.signing import read_key

        if self.sign is None:
            return
        with saying_refusals():
            read_key(self.sign)
        if not self.by:
            raise typer.BadParameter("a signed statement names who tested: add --by", param_hint="--sign")
        if self.output is None:
            raise typer.BadParameter("a signed statement needs a file: add --output", param_hint="--sign")

    def write(self, made: Callable[[Mapping[str, object], Ed25519PrivateKey], Signed[Any]]) -> None:
        """The signed statement, all of it or nothing; ``made`` makes it of who signed, when, and for how long."""
        from skypact.conformance.signing import read_key

        if self.sign is None or self.output is None:
            return
        today = datetime.now(UTC).date()
        valid_until = None if self.valid_days is None else today + timedelta(days=self.valid_days)
        with saying_refusals():
            signed = made(
                {"conducted_by": self.by, "tested_on": today, "valid_until": valid_until}, read_key(self.sign)
            )
        partial = self.output.with_name(f"{self.output.name}.part")
        partial.write_text(signed.model_dump_json(indent=2) + "\n", encoding="utf-8")
        partial.replace(self.output)
        typer.echo(f"Wrote {self.output}, signed by {signed.fingerprint}", err=True)
