"""``skypact kit``: compose a kit for a requirement and read it in the terminal or as JSON."""

from __future__ import annotations

import json
import signal
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from uuid import UUID

import typer

from skypact.cli import handing_on
from skypact.market.site import open_site

if TYPE_CHECKING:
    from skypact.engines.kit import Composition
    from skypact.schema import Requirement

app = typer.Typer(help="Kits: what to buy, where it stands, how it connects, what nobody knows.", no_args_is_help=True)

_STAGES = {
    "terrain": "relief",
    "eligibility": "what the buyer may have",
    "sight": "lines of sight",
    "reduce": "options",
    "solve": "cheapest kit",
    "explain": "coverage maps",
}


app.command("report")(handing_on.report)
app.command("compare")(handing_on.compare)


@app.callback()
def noun() -> None:
    """Kits: what to buy, where it stands, how it connects, what nobody knows."""


@app.command("compose")
def compose(
    requirement: Annotated[
        Path | None, typer.Argument(help="Requirement file (.toml or .json); see examples/.", show_default=False)
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the kit as JSON and nothing else.")] = False,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Write the kit as JSON to this file too.", show_default=False)
    ] = None,
    terrain: Annotated[
        list[Path] | None,
        typer.Option(
            "--terrain", help="Elevation file (GeoTIFF, SRTM .hgt, DTED); may be given again.", show_default=False
        ),
    ] = None,
    obstacles: Annotated[
        list[Path] | None,
        typer.Option(
            "--obstacles", help="GeoJSON file of buildings with heights; may be given again.", show_default=False
        ),
    ] = None,
    on: Annotated[
        datetime | None, typer.Option("--on", formats=["%Y-%m-%d"], help="Day of the order; today if not given.")
    ] = None,
    seed: Annotated[
        int | None, typer.Option("--seed", help="Replaces the requirement's seed.", min=0, max=2**31 - 1)
    ] = None,
    pessimistic: Annotated[
        bool,
        typer.Option(
            "--pessimistic",
            help="Count on less of a range the weaker its evidence: 70 % of stated, 80 % of documented, 95 % of tested "
            "ones. Planning assumptions, named in the kit.",
        ),
    ] = False,
    job: Annotated[UUID | None, typer.Option("--job", hidden=True, help="Work on a job of the site.")] = None,
) -> None:
    """Compose the cheapest kit for a requirement. Ctrl-C stops the search and keeps the best kit so far."""
    open_site()
    load_built_in_if_empty()
    if job is not None:
        from skypact.market.kits.launching import bound_this_process
        from skypact.market.kits.runner import run_job

        bound_this_process()
        run_job(job)
        return
    if requirement is None:
        raise typer.BadParameter("name a requirement file, e.g. examples/airport.toml", param_hint="REQUIREMENT")
    day = date.today() if on is None else on.date()
    composition = compose_file(
        requirement,
        terrain=terrain or [],
        obstacles=obstacles or [],
        on=day,
        seed=seed,
        pessimistic=pessimistic,
        quiet=as_json,
    )
    kit = composition.kit
    text = kit.model_dump_json(indent=2)
    if as_json:
        typer.echo(text)
    else:
        from skypact.cli.kit_report import print_kit

        print_kit(kit)
    if output is not None:
        _write(output, text)
    if kit.status == "no_kit":
        raise typer.Exit(3)


@app.command("spares")
def spares(
    kit: Annotated[Path, typer.Argument(help="A kit as JSON, as kit compose --output writes it.")],
    as_json: Annotated[bool, typer.Option("--json", help="JSON instead of a table.")] = False,
) -> None:
    """List the spares and consumables for a kit, and how many a year, where anybody says so."""
    open_site()
    from rich.console import Console
    from rich.table import Column, Table

    from skypact.market.core.access import Actor
    from skypact.market.kits.api import SpareOut
    from skypact.market.kits.selectors import spares_of
    from skypact.schema import InputError, Kit, parse_json

    try:
        found = spares_of(Actor.system("cli"), parse_json(Kit, _read(kit), file=str(kit)), on=date.today())
    except InputError as error:
        for problem in error.problems:
            print(problem, file=sys.stderr)
        raise typer.Exit(2) from None
    if as_json:
        typer.echo(json.dumps([SpareOut.of(item).model_dump(mode="json") for item in found], ensure_ascii=False))
        return
    if not found:
        typer.echo("The catalogue lists no spares or consumables for what is in this kit.")
        return
    right = {"justify": "right"}
    table = Table("Product", "Spare or consumable", "", Column("a year each", **right), Column("units", **right))
    table.add_column("a year", **right)
    for item in found:
        known, terms = item.spare.per_year, item.spare.terms
        each, total = ("unknown", "unknown") if known is None else (f"{known.value:g}", f"{item.per_year:g}")
        spare, kind = item.spare.seen.record.id, "consumable" if terms.consumable else ""
        table.add_row(item.listing, spare, kind, each, str(item.units), total)
    Console().print(table)


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        print(f"{path}: must be a file that can be read ({error.strerror})", file=sys.stderr)
        raise typer.Exit(2) from None


@app.command("prune")
def prune(
    days: Annotated[
        int | None, typer.Option("--days", min=1, help="Keep younger ones; SKYPACT_KEEP_KITS_DAYS if not given.")
    ] = None,
) -> None:
    """Remove the kits and searches of people who did not sign in."""
    open_site()
    from django.conf import settings

    from skypact.market.core.access import Actor
    from skypact.market.kits.actions import PruneKits

    kept = settings.KEEP_KITS_DAYS if days is None else days
    removed = PruneKits(actor=Actor.system("cli"), days=kept).execute()
    typer.echo(f"{removed} kits removed that were older than {kept} days.")


def _write(output: Path, text: str) -> None:
    try:
        output.write_text(text + "\n", encoding="utf-8")
    except OSError as error:
        print(f"{output}: must be a file that can be written ({error.strerror})", file=sys.stderr)
        raise typer.Exit(2) from None


def load_built_in_if_empty() -> None:
    """A new installation starts with the built-in catalogue."""
    from skypact.market.catalogue import selectors
    from skypact.market.catalogue.actions import import_built_in

    if selectors.revision() == 0:
        import_built_in()


def compose_file(
    path: Path,
    *,
    terrain: list[Path],
    on: date,
    obstacles: Sequence[Path] = (),
    seed: int | None = None,
    pessimistic: bool = False,
    quiet: bool = False,
) -> Composition:
    """The composition for a requirement file, with a progress bar on stderr unless ``quiet``.

    An unusable input ends the program with its problems, one a line, and exit status 2.
    """
    from skypact.engines.kit import PESSIMISTIC
    from skypact.exchange.requirement import read_requirement
    from skypact.schema import InputError

    try:
        requirement = read_requirement(path)
        if pessimistic and requirement.trust:
            accepted = "nothing with --pessimistic: the requirement says itself how far ranges are to be trusted"
            raise InputError.single(file=path.name, place="trust", accepted=accepted)
        changes: dict[str, object] = {} if seed is None else {"seed": seed}
        if pessimistic:
            changes["trust"] = PESSIMISTIC
        folder = path.parent
        if terrain:
            changes["terrain"] = tuple(str(file.resolve()) for file in terrain)
        if obstacles:
            changes["obstacles"] = tuple(str(file.resolve()) for file in obstacles)
        return _with_progress(requirement.model_copy(update=changes), folder, on, quiet)
    except InputError as error:
        for problem in error.problems:
            print(problem, file=sys.stderr)
        raise typer.Exit(2) from None


def _with_progress(requirement: Requirement, folder: Path, on: date, quiet: bool) -> Composition:
    from skypact.market.core.access import Actor
    from skypact.market.kits.composing import compose_requirement

    with progress_bar(quiet=quiet) as (progress, stop):
        return compose_requirement(
            requirement, terrain_folder=folder, on=on, actor=Actor.system("cli"), progress=progress, stop=stop
        )


@contextmanager
def progress_bar(
    *,
    quiet: bool = False,
    stages: Mapping[str, str] = _STAGES,
    so_far: str = "the best kit so far follows",
) -> Iterator[tuple[Callable[[str, float], None], Callable[[], bool]]]:
    """A progress bar on stderr, and whether Ctrl-C has asked the search to end; ``so_far`` says what comes then."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description:<24}"), BarColumn(), TimeElapsedColumn())
    hidden = quiet or not sys.stderr.isatty()
    with (
        _Interrupt(so_far) as interrupt,
        Progress(*columns, console=Console(stderr=True), transient=True, disable=hidden) as bar,
    ):
        task = bar.add_task("", total=1.0)

        def progress(stage: str, done: float) -> None:
            bar.update(task, description=stages[stage], completed=done)

        yield progress, lambda: interrupt.asked


class _Interrupt:
    """The first Ctrl-C asks the search to end; a second one ends the program."""

    asked = False

    def __init__(self, so_far: str) -> None:
        self._so_far = so_far

    def __enter__(self) -> _Interrupt:
        self._before = signal.signal(signal.SIGINT, self._first)
        return self

    def __exit__(self, *_: object) -> None:
        signal.signal(signal.SIGINT, self._before)

    def _first(self, *_: object) -> None:
        self.asked = True
        signal.signal(signal.SIGINT, self._before)
        print(f"Stopping; {self._so_far}. Ctrl-C again ends at once.", file=sys.stderr)
