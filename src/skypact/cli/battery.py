"""``skypact battery``: which pack works in which aircraft, what replaces it, which few kinds serve a fleet."""

from __future__ import annotations

import json
import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from skypact.market.site import open_site

if TYPE_CHECKING:
    from skypact.engines.interop.batteries import Curve, PackFit, Point, Substitute
    from skypact.schema import Fleet, Listing

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
    from skypact.engines.interop.batteries import fit_pack, own_pack
    from skypact.schema import Category

    listings = _catalogue()
    battery, flown = _of_family(listings, pack, "battery"), _of_family(listings, aircraft, "aircraft")
    station = None if charger is None else _of_family(listings, charger, "charger")
    today = date.today()
    found = fit_pack(
        battery,
        flown,
        on=today,
        charger=station,
        own=own_pack(flown, listings.values(), on=today),
        adapters=[one for one in listings.values() if one.category is Category.ADAPTER],
    )
    typer.echo(json.dumps(_fit_document(found), ensure_ascii=False, indent=2)) if as_json else _show_fit(found)
    raise typer.Exit(_EXIT[found.answer.value])


@app.command()
def substitutes(
    pack: Annotated[str, typer.Argument(help="Listing id of the pack to replace.")],
    aircraft: Annotated[str | None, typer.Option(help="Only in this aircraft.", show_default=False)] = None,
    limit: Annotated[int, typer.Option(min=1, help="How many to show.")] = 20,
    as_json: Json = False,
) -> None:
    """The packs that may take a pack's place, best first, and what changes with each."""
    from skypact.engines.interop import batteries
    from skypact.schema import Category

    listings = _catalogue()
    found = batteries.substitutes(
        _of_family(listings, pack, "battery"),
        [one for one in listings.values() if one.category is Category.BATTERY],
        on=date.today(),
        aircraft=None if aircraft is None else _of_family(listings, aircraft, "aircraft"),
        adapters=[one for one in listings.values() if one.category is Category.ADAPTER],
    )[:limit]
    if as_json:
        typer.echo(json.dumps([_substitute_document(one) for one in found], ensure_ascii=False, indent=2))
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


@app.command()
def standardise(
    fleet: Annotated[
        Path | None,
        typer.Option(help="Fleet file (.csv or .json); without it one of every listed aircraft.", show_default=False),
    ] = None,
    max_k: Annotated[int, typer.Option("--max-k", min=1, max=100, help="Most kinds of packs.")] = 12,
    count_unknown: Annotated[
        bool, typer.Option("--count-unknown", help="Count packs too that fit if nothing unknown speaks against it.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Which k kinds of packs serve the most aircraft at the least cost, for every k, with proof."""
    from skypact.engines.interop import batteries
    from skypact.exchange.fleet import check_ids, read_fleet
    from skypact.schema import InputError

    listings = _catalogue()
    try:
        wanted = _every_aircraft(listings) if fleet is None else read_fleet(fleet)
        check_ids(wanted, [*listings.values()], file="catalogue" if fleet is None else fleet.name)
    except InputError as error:
        for problem in error.problems:
            print(problem, file=sys.stderr)
        raise typer.Exit(2) from None
    curve = batteries.standardise(
        wanted, [*listings.values()], on=date.today(), max_k=max_k, count_unknown=count_unknown
    )
    if as_json:
        typer.echo(json.dumps(_curve_document(wanted, curve), ensure_ascii=False, indent=2))
        return
    _show_curve(wanted, curve)


def _every_aircraft(listings: dict[str, Listing]) -> Fleet:
    from skypact.schema import Fleet, FleetAircraft, InputError

    flown = [one for one in listings.values() if one.airframe is not None]
    if not flown:
        raise InputError.single(file="catalogue", accepted="needs an aircraft; skypact catalogue load-seed loads some")
    return Fleet(title="one of every listed aircraft", aircraft=tuple(FleetAircraft(aircraft=one.id) for one in flown))


def _catalogue() -> dict[str, Listing]:
    open_site()
    from skypact.market.catalogue import selectors
    from skypact.market.core.access import Actor

    found = selectors.catalogue(Actor.system("cli"), on=date.today())
    return {listing.id: listing for listing in found.listings}


def _of_family(listings: dict[str, Listing], identifier: str, family: str) -> Listing:
    found = listings.get(identifier)
    if found is None:
        raise SystemExit(f"there is no listing {identifier}; skypact catalogue search finds ids")
    if found.category.family != family:
        raise SystemExit(
            f"{identifier} is of category {found.category.value}; a listing of category {family} is needed"
        )
    return found


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
        _table(("nation", "held", "packs", "used", "left over"), rows)
        bought = [(one.nation or "", one.pack, str(one.quantity)) for one in last.to_buy]
        _table(("nation", "to buy", "packs"), bought)
    typer.echo("Assumed by the planner, no vendor's figures: " + ", ".join(_assumed(curve)))


def _assumed(curve: Curve) -> list[str]:
    said = curve.assumptions.model_dump()
    return [f"{name.replace('_', ' ')} {'none' if value is None else value}" for name, value in said.items()]


def _fit_document(found: PackFit) -> dict[str, Any]:
    change = found.endurance
    return {
        "pack": found.pack,
        "aircraft": found.aircraft,
        "charger": found.charger,
        "answer": found.answer.value,
        "adapter": found.adapter,
        "checks": [
            {
                "aspect": check.aspect.value,
                "answer": check.answer.value,
                "reason": check.reason.text,
                "evidence": [claim.model_dump(mode="json", exclude_none=True) for claim in check.evidence],
            }
            for check in found.checks
        ],
        "endurance": {
            "ratio": change.ratio,
            "seconds": change.seconds,
            "missing": None if change.missing is None else change.missing.text,
        },
        "shipping": {
            "answer": found.shipping.answer.value,
            "class": found.shipping.air_class.value,
            "energy_wh": found.shipping.energy_wh,
            "reasons": [one.text for one in found.shipping.reasons],
        },
        "origin": found.origin.text,
    }


def _substitute_document(one: Substitute) -> dict[str, Any]:
    return {
        **_fit_document(one.fit),
        "energy_ratio": one.energy_ratio,
        "mass_change_kg": one.mass_change_kg,
        "class_before": one.air_class_before.value,
    }


def _curve_document(fleet: Fleet, curve: Curve) -> dict[str, Any]:
    return {
        "fleet": fleet.title,
        "aircraft": curve.aircraft,
        "candidates": curve.candidates,
        "fits": curve.arcs,
        "open_fits": curve.open_arcs,
        "assumptions": curve.assumptions.model_dump(),
        "points": [_point_document(point) for point in curve.points],
    }


def _point_document(point: Point) -> dict[str, Any]:
    return {
        "k": point.k,
        "packs": list(point.packs),
        "served": point.served,
        "share": point.share,
        "sure": point.sure,
        "cost": point.cost,
        "bound": point.bound,
        "proven": point.proven,
        "costs": {kind.value: amount for kind, amount in point.costs.items()},
        "servings": [
            {
                **one.row.model_dump(),
                "pack": one.pack,
                "answer": one.arc.answer.value,
                "adapter": one.arc.change.adapter,
                "endurance_ratio": one.arc.change.endurance_ratio,
                "cost": one.arc.cost,
            }
            for one in point.servings
        ],
        "left_out": [row.model_dump() for row in point.left_out],
        "stock": [
            {"nation": held.nation, "pack": held.pack, "held": held.quantity, "used": held.used} for held in point.stock
        ],
        "to_buy": [{"nation": one.nation, "pack": one.pack, "quantity": one.quantity} for one in point.to_buy],
    }


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
