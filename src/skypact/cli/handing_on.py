"""``skypact kit report`` and ``skypact kit compare``: what people hand on of finished kits."""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from skypact.market.site import open_site

if TYPE_CHECKING:
    from skypact.market.reports.comparing import KitComparison
    from skypact.market.reports.content import SiteReport
    from skypact.market.reports.differing import Counted
    from skypact.schema import Kit


class Language(StrEnum):
    """Languages of a report."""

    ENGLISH = "en"
    KOREAN = "ko"


Given = Annotated[str, typer.Argument(metavar="KIT", help="Id of a stored kit, or a kit's JSON file.")]
Terrain = Annotated[
    list[Path] | None,
    typer.Option("--terrain", help="Elevation file in the place of the requirement's; may be given again."),
]


def report(
    kit: Given,
    output: Annotated[Path, typer.Option("--output", "-o", help="The PDF file to write.")],
    language: Annotated[Language, typer.Option("--language", help="en or ko.")] = Language.ENGLISH,
    terrain: Terrain = None,
) -> None:
    """Write a kit's site report as PDF. The same kit gives the same bytes."""
    open_site()
    from django.utils import translation

    from skypact.market.reports.typesetting import NoTypesetterError
    from skypact.schema import InputError

    folder = Path(tempfile.mkdtemp(prefix="skypact-report-"))
    try:
        with translation.override(language.value):
            made = _pdf_of(kit, folder, terrain)
        output.write_bytes(made)
    except (InputError, NoTypesetterError) as error:
        _refuse(error)
    except OSError as error:
        _refuse(f"{output}: must be a file that can be written ({error.strerror})")
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    typer.echo(f"{output}: {len(made):,} bytes")


def _pdf_of(given: str, folder: Path, terrain: list[Path] | None) -> bytes:
    from skypact.market.core.access import Actor
    from skypact.market.kits.actions import kit_folder
    from skypact.market.reports import printing, selectors
    from skypact.market.reports.content import SiteReport
    from skypact.market.reports.release import label_of

    actor = Actor.system("cli")
    if not Path(given).is_file():
        found: SiteReport = selectors.report(actor, _stored(given).id)
        return printing.pdf_here(found, kit_folder(found.kit.id))
    from skypact.cli.kit import progress_bar
    from skypact.market.reports.differing import draw_kit

    kit = _kit(given, terrain)
    with progress_bar(stages={"count": "counting what is seen"}) as (progress, _):
        draw_kit(kit, folder, actor=actor, named_in=Path(given).parent, progress=lambda done: progress("count", done))
    label = label_of(kit, reader=actor, private=True)
    return printing.pdf_here(SiteReport(kit, folder, label=label), folder)


def compare(
    before: Annotated[str | None, typer.Argument(help="The earlier kit: id or JSON file.", show_default=False)] = None,
    after: Annotated[str | None, typer.Argument(help="The later kit: id or JSON file.", show_default=False)] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the comparison as JSON and nothing else.")] = False,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Write the areas gained and lost as GeoJSON.")
    ] = None,
    terrain: Terrain = None,
    kept: Annotated[str | None, typer.Option("--kept", hidden=True, help="Count a comparison of the site.")] = None,
) -> None:
    """Compare two kits of one place: what is gained and lost, on one grid; bill, cost, dates."""
    open_site()
    if kept is not None:
        from skypact.market.kits.launching import bound_this_process
        from skypact.market.reports.comparisons import run

        bound_this_process()
        run(kept)
        return
    if before is None or after is None:
        raise typer.BadParameter("name two kits: ids of stored ones, or JSON files", param_hint="BEFORE AFTER")
    from skypact.cli.kit import progress_bar
    from skypact.market.core.access import Actor
    from skypact.market.reports import differing
    from skypact.market.reports.comparing import KitComparison
    from skypact.schema import InputError

    try:
        comparison = KitComparison(_kit(before, None), _kit(after, terrain))
        folder = Path(after).parent if Path(after).is_file() else None
        named_in = Path() if folder is None and terrain else folder  # files of --terrain are named by their whole paths
        with progress_bar(quiet=as_json, stages={"count": "counting both kits"}) as (progress, _):
            counted = differing.count(
                comparison,
                actor=Actor.system("cli"),
                named_in=named_in,
                progress=lambda done: progress("count", done),
            )
        if output is not None:
            output.write_text(json.dumps(differing.geojson_of(counted)) + "\n", encoding="utf-8")
    except InputError as error:
        _refuse(error)
    except OSError as error:
        _refuse(f"{output}: must be a file that can be written ({error.strerror})")
    if as_json:
        from skypact.market.reports.api import comparison_out

        told = comparison_out(comparison, state="ready", result=differing.figures_of(counted))
        typer.echo(told.model_dump_json(indent=2))
    else:
        _print(comparison, counted)


def _print(comparison: KitComparison, counted: Counted) -> None:
    from rich.console import Console
    from rich.table import Column, Table

    from skypact.engines.kit.comparing import Change
    from skypact.market.kits.wording import metres, percent, square_metres, square_metres_alike

    out = Console(highlight=False, width=None if sys.stdout.isatty() else 120)
    before, after = comparison.before, comparison.after
    out.print(
        f"{before.id} → {after.id}; common area {square_metres(comparison.zone_m2)}, relief {counted.terrain.name}"
    )
    right = {"justify": "right"}
    columns = [Column(name, **right) for name in ("height", "both", "after only", "before only", "neither", "unknown")]
    table = Table("threat class", *columns, title="Seen by, in the common area", title_justify="left")
    kinds = (Change.BOTH, Change.GAINED, Change.LOST, Change.NEITHER, Change.UNKNOWN)
    areas = [square_metres_alike([one.areas_m2[kind] for one in counted.differences]) for kind in kinds]
    for one, *row in zip(counted.differences, *areas, strict=True):
        table.add_row(one.threat, metres(one.height_m), *row)
    out.print(table)
    shares = Table("threat class", *(Column(name, **right) for name in ("height", "before", "after", "points")))
    shares.title, shares.title_justify = "Coverage, as each kit counts it", "left"
    for pair in comparison.shares:
        told = ("not asked" if share is None else percent(share) for share in (pair.before, pair.after))
        shares.add_row(pair.threat, pair.height, *told, "not comparable" if pair.differing else pair.points)
    out.print(shares)
    differing = next((pair.unlike for pair in comparison.shares if pair.differing), ())
    if differing:
        out.print("not comparable, for the kits do not count the same:")
        for rule in differing:
            out.print(f"  {rule.name}: before {rule.before or 'not asked'}; after {rule.after or 'not asked'}")
    bill = Table("product", Column("before", **right), Column("after", **right), "change", title="Bill of materials")
    bill.title_justify = "left"
    for line in comparison.bill:
        moved = f" ({line.moved} moved)" if line.moved else ""
        bill.add_row(line.item.listing, str(line.before), str(line.after), f"{line.kind}{moved}")
    out.print(bill)
    for rule in comparison.rules:
        if rule not in differing:
            out.print(f"{rule.name}: {rule.before or '-'} → {rule.after or '-'}")
    if comparison.cost_words:
        out.print(f"cost {comparison.cost_words}")
    if comparison.days_later is not None:
        out.print(f"complete {comparison.days_later:+d} days")
    if counted.missing:
        out.print(f"limits not applied, not in the catalogue: {', '.join(counted.missing)}")


def _kit(given: str, terrain: list[Path] | None) -> Kit:
    from skypact.schema import Kit, parse_json

    path = Path(given)
    kit = parse_json(Kit, path.read_bytes(), file=given) if path.is_file() else _stored(given)
    if not terrain:
        return kit
    named = tuple(str(file.resolve()) for file in terrain)
    return kit.model_copy(update={"requirement": kit.requirement.model_copy(update={"terrain": named})})


def _stored(kit_id: str) -> Kit:
    from django.http import Http404

    from skypact.market.core.access import Actor
    from skypact.market.kits.selectors import kit
    from skypact.schema import InputError

    try:
        return kit(Actor.system("cli"), kit_id).kit
    except Http404:
        raise InputError.single(file=kit_id, accepted="must be the id of a stored kit, or a kit's JSON file") from None


def _refuse(error: object) -> None:
    from skypact.schema import InputError

    for line in error.problems if isinstance(error, InputError) else (error,):
        print(line, file=sys.stderr)
    raise typer.Exit(2) from None
