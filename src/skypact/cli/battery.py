"""``skypact battery``: which pack works in which aircraft, what replaces it, which few kinds serve a fleet."""

from __future__ import annotations

import json
import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from skypact.market.site import open_site

if TYPE_CHECKING:
    from skypact.engines.interop.batteries import Curve, PackFit
    from skypact.market.batteries.selectors import Equipment
    from skypact.schema import Fleet

app = typer.Typer(help="Batteries: what fits, what replaces it, which few kinds serve a fleet.", no_args_is_help=True)

Json = Annotated[bool, typer.Option("--json", help="JSON instead of a table.")]
_EXIT = {"yes": 0, "no": 1, "unknown": 3}


@app.command()
def fit(
    pack: Annotated[str, typer.Argument(help="Listing id of the pack.")],
    aircraft: Annotated[str, typer.Argument(help="Listing id of the aircraft.")],
    charger: Annotated[str | None, typer.Option(help="Listing id of a charger.", show_default=False)] = None,
    as_json: Json = False,
) -> None:
    """Does the pack work in the aircraft? Exit status: 0 yes, 1 no, 3 unknown."""
    from skypact.market.batteries import documents

    held = _equipment()
    for identifier, family in ((pack, "battery"), (aircraft, "aircraft"), (charger, "charger")):
        _require_family(held, identifier, family)
    found = held.fit(pack, aircraft, charger)
    typer.echo(json.dumps(documents.fit_document(found), ensure_ascii=False, indent=2)) if as_json else _show_fit(found)
    raise typer.Exit(_EXIT[found.answer.value])


@app.command()
def substitutes(
    pack: Annotated[str, typer.Argument(help="Listing id of the pack to replace.")],
    aircraft: Annotated[str | None, typer.Option(help="Only in this aircraft.", show_default=False)] = None,
    limit: Annotated[int, typer.Option(min=1, help="How many to show.")] = 20,
    every: Annotated[
        bool, typer.Option("--all", help="Also those that nothing known rules out and nothing speaks for.")
    ] = False,
    as_json: Json = False,
) -> None:
    """The packs that may take a pack's place, best first, and what changes with each."""
    from skypact.market.batteries import documents

    held = _equipment()
    _require_family(held, pack, "battery")
    _require_family(held, aircraft, "aircraft")
    every_one = held.substitutes(pack, aircraft)
    kept = [one for one in every_one if one.alike or every]
    found = kept[:limit]
    if as_json:
        typer.echo(json.dumps([documents.substitute_document(one) for one in found], ensure_ascii=False, indent=2))
        return
    rows = [
        (
            one.pack,
            one.answer.value,
            _percent(one.energy_ratio),
            _percent(one.endurance.ratio),
            "?" if one.mass_change_kg is None else f"{1000 * one.mass_change_kg:+.0f} g",
            one.fit.adapter or "",
            f"{one.air_class_before.value} → {one.air_class.value}",
            ", ".join(check.aspect.value for check in one.fit.missing),
        )
        for one in found
    ]
    _table(("pack", "works", "energy", "endurance", "mass", "adapter", "transport class", "not known"), rows)
    if len(found) < len(kept):
        typer.echo(f"the best {len(found)} of {len(kept)}; --limit shows more")
    if len(kept) < len(every_one):
        typer.echo(
            f"{len(every_one) - len(kept)} more that nothing known rules out and nothing speaks for: their voltage is "
            "not known to agree, or they hold less than half or more than twice the energy; --all shows them"
        )


@app.command()
def recorded(
    standard: Annotated[str, typer.Argument(help="mavlink or dronecan.")],
    files: Annotated[list[Path], typer.Argument(exists=True, dir_okay=False, help="Recordings of one session.")],
    pack: Annotated[
        str | None, typer.Option(help="Listing id of the pack that this should be.", show_default=False)
    ] = None,
    as_json: Json = False,
) -> None:
    """What a pack says of itself on the wire, and whether its listing says the same. Exit: 0 yes, 1 no, 3 unknown."""
    from dataclasses import asdict

    from skypact.conformance import Recording
    from skypact.conformance.packs import compare, overall, stated

    try:
        found = stated(standard, [Recording(str(file), file.read_bytes()) for file in files])
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="STANDARD") from None
    compared = {one.sender: () for one in found}
    if pack is not None:
        held = _equipment()
        _require_family(held, pack, "battery")
        compared = {one.sender: compare(one, held.listings[pack], on=date.today()) for one in found}
    if as_json:
        said = [{**asdict(one), "compared": [asdict(each) for each in compared[one.sender]]} for one in found]
        typer.echo(json.dumps(said, indent=2, ensure_ascii=False))
    else:
        for one in found:
            typer.echo(f"{one.sender}: {one.name or 'no name'}, serial number {one.serial_number or 'not said'}")
            for each in compared[one.sender]:
                typer.echo(f"  {each.answer.value}: {each.sentence}")
        if not found:
            typer.echo("No pack speaks in this recording.")
    if not found:
        raise typer.Exit(_EXIT["unknown"])
    answers = {overall(each).value for each in compared.values() if each}
    worst = next((one for one in ("no", "unknown", "yes") if one in answers), "yes")
    raise typer.Exit(_EXIT[worst])


@app.command()
def standardise(
    fleet: Annotated[
        Path | None,
        typer.Option(
            help="Fleet file (.csv, .xlsx, .json); without it one of every listed aircraft.", show_default=False
        ),
    ] = None,
    max_k: Annotated[int, typer.Option("--max-k", min=1, max=100, help="Most kinds of packs.")] = 12,
    count_unknown: Annotated[
        bool, typer.Option("--count-unknown", help="Count packs too that fit if nothing unknown speaks against it.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Which k kinds of packs serve the most aircraft at the least cost, for every k, with proof."""
    from skypact.exchange.fleet import FleetFile, read_fleet
    from skypact.market.batteries import documents
    from skypact.schema import InputError

    held = _equipment()
    try:
        every = "one of every listed aircraft"
        file = FleetFile(held.every_aircraft(every), "catalogue") if fleet is None else read_fleet(fleet)
        curve = held.curve(file, kinds=max_k, count_unknown=count_unknown)
    except InputError as error:
        for problem in error.problems:
            print(problem, file=sys.stderr)
        raise typer.Exit(2) from None
    if as_json:
        typer.echo(
            json.dumps(
                documents.curve_document(file.fleet, curve, same=held.distinct.same), ensure_ascii=False, indent=2
            )
        )
        return
    _show_curve(file.fleet, curve)


@app.command()
def same(as_json: Json = False) -> None:
    """Which listings are one and the same pack, where they disagree, and which are perhaps one."""
    from skypact.market.batteries import documents

    found = _equipment().distinct
    if as_json:
        typer.echo(json.dumps(documents.distinct_document(found), ensure_ascii=False, indent=2))
        return
    for one in found.same:
        typer.echo(" = ".join(listing.id for listing in one.listings))
        for each in one.disagreements:
            told = "; ".join(f"{claim.value} ({listing})" for listing, claim in each.said)
            typer.echo(f"  {each.field}: {told}; calculated with {each.relied.value}")
    for pair in found.doubtful:
        values = " and ".join("unknown" if value is None else f"{value:g}" for value in pair.values)
        typer.echo(f"perhaps {' = '.join(listing.id for listing in pair.listings)}: {pair.field} {values}")
    typer.echo(f"{len(found.same)} packs stand under several listings, {len(found.doubtful)} pairs are doubtful")


@app.command()
def template(
    output: Annotated[Path, typer.Option("--output", "-o", help="File to write, .csv or .xlsx.", dir_okay=False)],
    language: Annotated[str, typer.Option(help="en or ko.")] = "en",
    fleet: Annotated[
        Path | None,
        typer.Option(help="Write this fleet file instead, in another form (.json too).", show_default=False),
    ] = None,
    every_aircraft: Annotated[
        bool, typer.Option("--every-aircraft", help="Write one of every listed aircraft, to be cut down.")
    ] = False,
) -> None:
    """Write a fleet file to fill in: headings with units, example rows, the usual assumptions."""
    import io

    from skypact.exchange.fleet import read_fleet, write_fleet, write_template
    from skypact.schema import InputError

    if language not in ("en", "ko"):
        raise typer.BadParameter("en or ko", param_hint="--language")
    if fleet is not None and every_aircraft:
        raise typer.BadParameter("either a fleet file or --every-aircraft", param_hint="--fleet")
    form, out = output.suffix.lower().removeprefix("."), io.BytesIO()
    try:
        if fleet is None and not every_aircraft:
            write_template(out, form, language=language)  # type: ignore[arg-type]
        else:
            held = _equipment()
            told = held.every_aircraft("one of every listed aircraft") if fleet is None else read_fleet(fleet).fleet
            write_fleet(told, out, form, language=language, named=held.known)  # type: ignore[arg-type]
    except InputError as error:
        for problem in error.problems:
            print(problem, file=sys.stderr)
        raise typer.Exit(2) from None
    output.write_bytes(out.getvalue())


def _equipment() -> Equipment:
    open_site()
    from skypact.market.batteries import selectors
    from skypact.market.core.access import Actor

    return selectors.equipment(Actor.system("cli"), on=date.today())


def _require_family(held: Equipment, identifier: str | None, family: str) -> None:
    if identifier is None:
        return
    found = held.known.get(identifier)
    if found is None:
        raise SystemExit(f"there is no {family} {identifier}; skypact catalogue list --family {family} shows them")
    if found.category.family != family:
        raise SystemExit(
            f"{identifier} is of category {found.category.value}; a listing of category {family} is needed"
        )


def _show_fit(found: PackFit) -> None:
    on = f" on {found.charger}" if found.charger else ""
    typer.echo(f"{found.pack} in {found.aircraft}{on}: {found.answer.value}")
    rows = [
        (
            check.aspect.value,
            check.answer.value,
            check.reason.text,
            ", ".join(sorted({e.grade.value for e in check.evidence})),
        )
        for check in found.checks
    ]
    _table(("asked", "answer", "why", "evidence"), rows)
    change = found.endurance
    known = f"{_percent(change.ratio)} of today's" if change.missing is None else change.missing.text
    typer.echo(f"endurance: {known}" + (f", {change.seconds / 60:.0f} min" if change.seconds is not None else ""))
    typer.echo(f"transport: {found.shipping.answer.value}; " + "; ".join(one.text for one in found.shipping.reasons))
    typer.echo(f"origin: {found.origin.text}")


def _show_curve(fleet: Fleet, curve: Curve) -> None:
    from skypact.engines.interop.batteries import handed_over

    currency = curve.assumptions.currency
    typer.echo(
        f"{fleet.title}: {curve.aircraft} aircraft, {curve.candidates} packs of known energy, {curve.arcs} fits, "
        f"{curve.open_arcs} open pairs (--count-unknown counts them)"
    )
    rows = [
        (
            str(point.k),
            f"{point.served} ({100 * point.share:.0f} %)",
            str(point.sure),
            f"{point.cost:,} {currency}",
            "proven" if point.proven else f"at least {point.bound:,}",
            ", ".join(point.packs),
        )
        for point in curve.points
    ]
    _table(("k", "served", "sure", "cost", "least", "packs"), rows)
    last = curve.points[-1]
    if last.stock:
        rows = [
            (held.nation or "", held.pack, str(held.quantity), str(held.used), str(held.quantity - held.used))
            for held in last.stock
        ]
        typer.echo(f"stock and purchases with k = {last.k}:")
        _table(("nation", "held", "packs", "used", "left over"), rows)
        bought = [(one.nation or "", one.pack, str(one.quantity)) for one in last.to_buy]
        _table(("nation", "to buy", "packs"), bought)
        for one in handed_over(last):
            giver, taker = one.giver or "everybody's", one.taker or "everybody's"
            typer.echo(
                f"could be handed over: {one.quantity} x {one.pack}, {giver} to {taker}; not counted in the costs"
            )
    typer.echo("Assumed by the planner, no vendor's figures: " + ", ".join(_assumed(curve)))


def _assumed(curve: Curve) -> list[str]:
    said = curve.assumptions.model_dump()
    return [f"{name.replace('_', ' ')} {'none' if value is None else value}" for name, value in said.items()]


def _percent(ratio: float | None) -> str:
    return "?" if ratio is None else f"{100 * ratio:.0f} %"


def _table(columns: tuple[str, ...], rows: list[tuple[str, ...]]) -> None:
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    table = Table(*columns)
    for row in rows:
        table.add_row(*(escape(cell) for cell in row))
    Console().print(table)
