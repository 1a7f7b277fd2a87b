"""``skypact catalogue``: look things up, compare, take files in and out, make test catalogues."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, BinaryIO

import typer

from skypact.cli.price_audit import Form, say_audit
from skypact.exchange.catalogue import Foreign, Format
from skypact.market.site import open_site

if TYPE_CHECKING:
    from skypact.market.catalogue.checking import Progress
    from skypact.market.catalogue.report import Report
    from skypact.market.catalogue.states import CatalogueState
    from skypact.schema import Listing, Vendor

#: Everything that can be imported: our own formats and those of public data sets.
Incoming = StrEnum("Incoming", [(item.name, item.value) for item in (*Format, *Foreign)])

app = typer.Typer(help="Products, their evidence and their offers.", no_args_is_help=True)

Json = Annotated[bool, typer.Option("--json", help="JSON instead of a table.")]
Output = Annotated[Path | None, typer.Option("--output", "-o", help="File to write; standard output without it.")]


@app.command("list")
def list_(
    category: Annotated[list[str] | None, typer.Option(help="e.g. sensor.radar; may be repeated.")] = None,
    family: Annotated[list[str] | None, typer.Option(help="e.g. sensor, battery; may be repeated.")] = None,
    vendor: Annotated[list[str] | None, typer.Option(help="Vendor id; may be repeated.")] = None,
    nation: Annotated[list[str] | None, typer.Option(help="ISO 3166-1 code of the vendor; may be repeated.")] = None,
    page: Annotated[int, typer.Option(min=1)] = 1,
    as_json: Json = False,
) -> None:
    """List products by name."""
    _search("", page, as_json, category=category, family=family, vendor=vendor, nation=nation)


@app.command()
def search(text: str, page: Annotated[int, typer.Option(min=1)] = 1, as_json: Json = False) -> None:
    """Find products by name, part number, vendor or description, in English or Korean."""
    _search(text, page, as_json)


def _search(text: str, page: int, as_json: bool, **narrowed: list[str] | None) -> None:
    open_site()
    from rich.table import Column, Table

    from skypact.market.catalogue import selectors
    from skypact.market.catalogue.api import Card
    from skypact.market.catalogue.narrowing import quantity_text
    from skypact.market.core.access import Actor

    chosen = {name: tuple(values) for name, values in narrowed.items() if values}
    filters = selectors.Filters(q=text, chosen=chosen)
    found = selectors.search(Actor.system("cli"), filters, on=date.today(), page=str(page), facets=False)
    if as_json:
        cards = [Card.of(item).model_dump_json() for item in found.page.items]
        typer.echo(f'{{"total": {found.page.total}, "items": [{", ".join(cards)}]}}')
        return
    table = Table(Column("id", no_wrap=True), "name", "vendor", Column("category", no_wrap=True), "figures")
    for item in found.page.items:
        figures = item.record.figures
        said = "; ".join(f"{figure.label} {figure.text} ({figure.best.claim.grade.value})" for figure in figures)
        name = f"{item.record.name} [SYNTHETIC]" if item.record.synthetic else item.record.name
        table.add_row(item.record.id, _plain(name), _plain(item.vendor.name), item.record.category.value, _plain(said))
    _print(table)
    for item in found.corrections:
        typer.echo(f"Nothing contains “{item.word}”; searched for {', '.join(item.instead)} instead.")
    for item in found.quantities:
        typer.echo(quantity_text(item))
    typer.echo(f"{found.page.first_item} to {found.page.last_item} of {found.page.total}")


@app.command()
def show(id: str, as_json: Json = False) -> None:  # noqa: A002 (the field's word)
    """One product with every claim, its grade, source, date and age."""
    open_site()
    from rich.table import Table

    from skypact.market.catalogue import presentation

    record = _listings([id])[0]
    if as_json:
        typer.echo(record.model_dump_json(indent=2, exclude_defaults=True))
        return
    badge = "  SYNTHETIC" if record.synthetic else ""
    typer.echo(f"{record.name}  ({record.id}, {record.category.value}, {record.vendor}){badge}\n{record.summary}")
    for section in presentation.sections(record, on=date.today()):
        table = Table(
            "attribute", "value", "grade", "source", "observed", "age", title=section.title, title_justify="left"
        )
        for attribute in section.attributes:
            label = f"{attribute.label} ({attribute.detail})" if attribute.detail else attribute.label
            if attribute.best is None:
                table.add_row(_plain(label), "unknown")
            for shown in attribute.claims:
                claim = shown.claim
                said = f"{shown.text} (expired {claim.expires})" if shown.expired else shown.text
                source = claim.source.url or claim.source.title
                cells = (label, said, claim.grade.value, source, str(claim.observed), shown.age)
                table.add_row(*(_plain(cell) for cell in cells))
        _print(table)


@app.command()
def compare(ids: Annotated[list[str], typer.Argument(help="Two to six ids.")]) -> None:
    """Products side by side; rows marked with ≠ differ."""
    open_site()
    from rich.table import Table

    from skypact.market.catalogue import comparing, selectors

    if not 2 <= len(set(ids)) <= selectors.MOST_COMPARED:
        raise SystemExit(f"compare takes 2 to {selectors.MOST_COMPARED} different ids, not {len(set(ids))}")
    records = _listings(ids)
    table = Table("", "attribute", *(_plain(record.name) for record in records))
    for section in comparing.side_by_side(records, on=date.today()):
        table.add_section()
        table.add_row("", f"[bold]{section.title}[/bold]")
        for row in section.rows:
            cells = ["" if cell is None else _graded(cell) or row.nothing for cell in row.cells]
            label = f"{row.label} ({row.detail})" if row.detail else row.label
            table.add_row("≠" if row.differs else "", _plain(label), *(_plain(cell) for cell in cells))
    _print(table)


def _graded(cell: object) -> str:
    from skypact.market.catalogue.presentation import Attribute

    assert isinstance(cell, Attribute)  # noqa: S101 (rows hold attributes)
    return "" if cell.best is None else f"{cell.text} ({cell.best.claim.grade.value})"


def _listings(ids: list[str]) -> list[Listing]:
    from skypact.market.catalogue import selectors
    from skypact.market.core.access import Actor

    found = [item.record for item in selectors.listings(Actor.system("cli"), ids, on=date.today())]
    missing = [name for name in ids if name not in {record.id for record in found}]
    if missing:
        raise SystemExit(f"there is no listing {missing[0]}; skypact catalogue search finds ids")
    return found


@app.command("import")
def import_(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, readable=True)],
    keep_good: Annotated[bool, typer.Option("--keep-good", help="Take the good rows and report the others.")] = False,
    format: Annotated[  # noqa: A002
        Incoming | None, typer.Option(help="Default: what the file holds, and its name's ending.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Take a catalogue file in: all of it, or nothing with the reasons. Exits with 1 where anything was refused."""
    open_site()
    from skypact.market.catalogue import selectors
    from skypact.market.catalogue.actions import import_file
    from skypact.market.core.access import Actor

    before = selectors.revision()
    try:
        with file.open("rb") as stream, _progress() as progress:
            report = import_file(
                actor=Actor.system("cli"),
                stream=stream,
                name=file.name,
                keep_good=keep_good,
                format=_format(format),
                progress=progress,
            )
    except KeyboardInterrupt:
        said = "nothing was imported" if selectors.revision() == before else "the import was complete already"
        typer.echo(f"{file.name}: interrupted; {said}", err=True)
        raise typer.Exit(130) from None
    _say(report, as_json)
    if report.refused or not report.taken:
        raise typer.Exit(1)


@contextmanager
def _progress() -> Iterator[Progress]:
    """A line on standard error with the rows checked and the records written so far, and how many a second."""
    from rich.console import Console
    from rich.progress import Progress as Bars
    from rich.progress import SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn

    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    tasks: dict[str, TaskID] = {}
    console = Console(stderr=True)
    with Bars(*columns, console=console, transient=True, disable=not console.is_terminal) as bars:

        def told(doing: str, count: int) -> None:
            if doing not in tasks:
                tasks[doing] = bars.add_task(doing, total=None)
            task = tasks[doing]
            elapsed = bars.tasks[task].elapsed or 0
            rate = f", {count / elapsed:,.0f} a second" if elapsed > 1 else ""
            bars.update(task, description=f"{doing} {count:,}{rate}")

        yield told


def _format(chosen: Incoming | None) -> Format | Foreign | None:
    if chosen is None:
        return None
    return Format(chosen) if chosen in list(Format) else Foreign(chosen)


@app.command()
def reindex() -> None:
    """Write the search index anew from the stored listings; searches go on with the old one meanwhile."""
    open_site()
    from rich.progress import Progress

    from skypact.market.catalogue import index

    with Progress(transient=True) as progress:
        bar = progress.add_task("Search index", total=None)
        held = index.rebuild(lambda done, total: progress.update(bar, completed=done, total=total))
    typer.echo(f"The search index holds {held:,} listings.")


@app.command("load-seed")
def load_seed(as_json: Json = False) -> None:
    """Load the built-in catalogue, or bring it up to date: edits of built-in products are put back to what ships."""
    open_site()
    from skypact.market.catalogue.actions import import_built_in

    _say(import_built_in(), as_json)


def _say(report: Report, as_json: bool) -> None:
    if as_json:
        typer.echo(report.model_dump_json(indent=2))
        return
    from rich.table import Table

    if report.problems:
        shown = len(report.problems)
        title = f"{report.problem_count} problems" + (f", the first {shown}" if shown < report.problem_count else "")
        table = Table("row", "field", "found", "what to do", title=title, title_justify="left")
        for problem in report.problems:
            row = "" if problem.row is None else str(problem.row)
            table.add_row(row, _plain(problem.field), _plain(problem.value), _plain(problem.remedy))
        _print(table)
    for left in report.left_out:
        typer.echo(f"{report.file}: left out: {left.rows:,} rows of {left.what}; not part of this catalogue")
    if not report.taken:
        typer.echo(f"{report.file}: nothing was imported ({report.refused} of {report.rows} rows refused)")
        return
    listings, vendors = report.listings, report.vendors
    typer.echo(
        f"{report.file}: listings {listings.new} new, {listings.changed} changed, {listings.unchanged} unchanged; "
        f"vendors {vendors.new} new, {vendors.changed} changed, {vendors.unchanged} unchanged; "
        f"{report.refused} rows refused"
    )


@app.command()
def export(
    output: Output = None,
    format: Annotated[Format, typer.Option(help="File format.")] = Format.JSONL,  # noqa: A002
    seed_only: Annotated[bool, typer.Option("--seed-only", help="The built-in catalogue, without a database.")] = False,
    bundle: Annotated[bool, typer.Option("--bundle", help="A ZIP file with the JSON Schema and the licences.")] = False,
) -> None:
    """Write the catalogue to a file that imports again as the same records."""
    from skypact.exchange.catalogue import write

    if bundle:
        if output is None or seed_only:
            raise SystemExit("--bundle writes the site's catalogue to a ZIP file: name it with --output")
        _write_bundle(output)
        return
    with _written(output) as out:
        write(_seed_records() if seed_only else _site_records(), out, format)


def _write_bundle(output: Path) -> None:
    from skypact.exchange.catalogue.bundle import write_bundle

    records = _site_records()
    part = output.with_name(f".{output.name}.part")
    try:
        with part.open("wb") as out:
            write_bundle(records, out, on=date.today())
        part.replace(output)
    finally:
        part.unlink(missing_ok=True)


def _seed_records() -> Iterable[Vendor | Listing]:
    from skypact import seed

    built_in = seed.catalogue()
    return (*built_in.vendors, *built_in.listings)


def _site_records() -> Iterable[Vendor | Listing]:
    open_site()
    from skypact.market.catalogue import selectors
    from skypact.market.core.access import Actor

    return selectors.records(Actor.system("cli"), on=date.today())


@app.command()
def state(
    name: Annotated[str, typer.Argument(help="The catalogue's name, as a kit tells it: 16 hexadecimal digits.")],
    output: Output = None,
    format: Annotated[Format, typer.Option(help="File format.")] = Format.JSONL,  # noqa: A002
    as_json: Json = False,
) -> None:
    """The catalogue as it was when a kit was composed: what has become of it since, or with --output the file.

    Exit status: 0 whole, 3 something of it cannot be told again.
    """
    open_site()
    from django.http import Http404

    from skypact.exchange.catalogue import write
    from skypact.market.catalogue import states
    from skypact.market.catalogue.api import StateOut
    from skypact.market.core.access import Actor

    try:
        found = states.state(Actor.system("cli"), name, on=date.today())
    except Http404 as error:
        raise SystemExit(str(error)) from None
    if output is not None:
        with _written(output) as out:
            write(states.records(Actor.system("cli"), name), out, format)
    if as_json:
        typer.echo(StateOut.of(found).model_dump_json(indent=2))
    else:
        _say_state(found)
    raise typer.Exit(0 if found.whole else 3)


def _say_state(found: CatalogueState) -> None:
    typer.echo(f"{found.name}: {found.listings} listings and {found.vendors} vendors at {found.at:%Y-%m-%d %H:%M} UTC")
    typer.echo("whole: the hash over it is its name" if found.whole else "not whole: the hash over it is not its name")
    for slug in found.missing:
        typer.echo(f"  {slug}: its text of then is not kept")
    for one in found.differences:
        typer.echo(f"{one.what} since: {one.subject.value} {one.id}{': ' if one.fields else ''}{', '.join(one.fields)}")


@app.command()
def audit(
    since: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Only what happened from this day on (UTC).")
    ] = None,
    format: Annotated[Form, typer.Option(help="text, json or csv.")] = Form.TEXT,  # noqa: A002
) -> None:
    """Rises, offers added later, changed currencies, withdrawals: who, when, and whether the event log is whole."""
    say_audit(since.date() if since else None, format)


@app.command()
def synth(
    items: Annotated[int, typer.Option(min=1, max=1_000_000, help="How many listings.")] = 1_600,
    seed: Annotated[int, typer.Option(min=0, help="The same seed gives the same catalogue.")] = 1,
    output: Output = None,
    format: Annotated[Format, typer.Option(help="File format.")] = Format.JSONL,  # noqa: A002
) -> None:
    """Make a catalogue of SYNTHETIC products with full data, for tests and benchmarks."""
    from skypact.exchange.catalogue import write
    from skypact.seed import synthetic

    with _written(output) as out:
        if format is Format.JSONL:
            out.writelines(f"{line}\n".encode() for line in synthetic.lines(items=items, seed=seed))
        else:
            write(synthetic.records(items=items, seed=seed), out, format)


@app.command()
def template(
    output: Output = None,
    format: Annotated[Format, typer.Option(help="csv or xlsx.")] = Format.CSV,  # noqa: A002
) -> None:
    """Write an empty file with every column, CSV or a spreadsheet; docs/formats.md explains them."""
    from skypact.exchange.catalogue import write_template

    if format not in (Format.CSV, Format.XLSX):
        raise SystemExit(f"there is no template in the format {format.value}: choose csv or xlsx")
    with _written(output) as out:
        write_template(out, format)


@contextmanager
def _written(output: Path | None) -> Iterator[BinaryIO]:
    """The file to write, complete or absent: it takes its name when all of it is there."""
    if output is None:
        yield sys.stdout.buffer
        return
    part = output.with_name(f".{output.name}.part")
    try:
        with part.open("wb") as out:
            yield out
        part.replace(output)
    finally:
        part.unlink(missing_ok=True)


def _plain(text: str) -> str:
    from rich.markup import escape

    return escape(text)


def _print(table: object) -> None:
    from rich.console import Console

    Console().print(table)
