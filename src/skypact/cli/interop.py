"""``skypact interop``: does a set of products work together, what must be added, what does a listing work with?"""

from __future__ import annotations

import ctypes
import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from skypact.market.site import open_site

if TYPE_CHECKING:
    from skypact.market.interop.selectors import Answered, Chosen

app = typer.Typer(help="Does it work together, what must be added, and why can it not be?", no_args_is_help=True)

Listings = Annotated[
    list[str] | None, typer.Argument(help="Listing ids; LISTING:3 for three of it.", show_default=False)
]
Own = Annotated[list[str] | None, typer.Option(help="A listing already owned; may be repeated.", show_default=False)]
Have = Annotated[
    Path | None, typer.Option(help="A kit (kit.json) whose products are owned already.", show_default=False)
]
MainsWord = Annotated[str, typer.Option(help="The socket at hand, volts x amperes; empty for none.")]
Common = Annotated[bool, typer.Option("--common", help="All sensors must reach the same C2.")]
Powered = Annotated[bool, typer.Option("--powered/--no-power", help="Whether everything must be powered.")]
Apart = Annotated[
    float | None,
    typer.Option(min=0, help="All stand at least so many metres apart; on one site by itself.", show_default=False),
]
Mast = Annotated[float, typer.Option(min=1, max=1000, help="Height of the antennas above ground, metres.")]
Nation = Annotated[str, typer.Option(help="Where they transmit, such as KR: asks for licences.", show_default=False)]
Json = Annotated[bool, typer.Option("--json", help="JSON instead of a table.")]


class Certainty(StrEnum):
    """How surely two products mate that ``with`` lists."""

    YES = "yes"
    UNKNOWN = "unknown"


class Family(StrEnum):
    """The kinds of product that exchange data."""

    SENSOR = "sensor"
    C2 = "c2"
    GATEWAY = "gateway"
    ADAPTER = "adapter"


_EXIT = {"yes": 0, "no": 1, "unknown": 3}


@app.command()
def check(
    listings: Listings = None,
    own: Own = None,
    have: Have = None,
    mains: MainsWord = "230x16",
    common: Common = False,
    powered: Powered = True,
    supported: Annotated[bool, typer.Option("--supported", help="Spares or substitutes must be listed.")] = False,
    apart: Apart = None,
    mast: Mast = 10.0,
    nation: Nation = "",
    as_json: Json = False,
) -> None:
    """Does the set work as it is? Exit status: 0 yes, 1 no, 3 unknown."""
    found = _answered(
        listings, own, have, mains, nation=nation, complete=False, common=common, powered=powered,
        supported=supported, apart_m=apart, mast_m=mast,
    )  # fmt: skip
    _print_json(found) if as_json else _show_check(found)
    raise typer.Exit(_EXIT[found.found.answer.value])


@app.command()
def complete(
    listings: Listings = None,
    own: Own = None,
    have: Have = None,
    mains: MainsWord = "230x16",
    common: Common = False,
    powered: Powered = True,
    other_c2: Annotated[bool, typer.Option("--other-c2", help="Another C2 may be bought.")] = False,
    kinds: Annotated[int, typer.Option(min=0, max=7, help="Kinds of sensor at least.")] = 0,
    accept: Annotated[int, typer.Option(min=0, max=2, help="0 sure, 1 a detail may be open, 2 unknown counts.")] = 2,
    budget: Annotated[float | None, typer.Option(min=0, help="For the additions.", show_default=False)] = None,
    mass_kg: Annotated[float | None, typer.Option(min=0, help="Of the whole set.", show_default=False)] = None,
    currency: Annotated[str, typer.Option(help="Currency of costs.")] = "EUR",
    apart: Apart = None,
    mast: Mast = 10.0,
    nation: Nation = "",
    as_json: Json = False,
) -> None:
    """The cheapest additions that make the set work, or why there are none. Exit status: 0 found, 1 none."""
    found = _answered(
        listings, own, have, mains, currency=currency, common=common, powered=powered, other_c2=other_c2, kinds=kinds,
        accept=accept, budget=budget, mass_max_kg=mass_kg, nation=nation, apart_m=apart, mast_m=mast,
    )  # fmt: skip
    _print_json(found) if as_json else _show_completion(found)
    raise typer.Exit(0 if found.found.completion is not None else 1)


@app.command(name="with")
def works_with(
    listing: Annotated[str, typer.Argument(help="Listing id.")],
    page: Annotated[int, typer.Option(min=1)] = 1,
    answer: Annotated[Certainty | None, typer.Option(help="Only these.", show_default=False)] = None,
    family: Annotated[Family | None, typer.Option(help="Only this kind of product.", show_default=False)] = None,
    as_json: Json = False,
) -> None:
    """The products that a listing works with out of the whole catalogue, surest first."""
    open_site()
    from django.http import Http404

    from skypact.market.catalogue import selectors as catalogue
    from skypact.market.core.access import Actor
    from skypact.market.interop import partners
    from skypact.market.interop.documents import partners_document
    from skypact.schema import Answer

    actor, on = Actor.system("cli"), date.today()
    try:
        record = catalogue.listing(actor, listing, on=on).record
    except Http404 as error:
        raise SystemExit(str(error)) from None
    wanted = None if answer is None else Answer(answer.value)
    found = partners.works_with(actor, record, on=on, page=page, answer=wanted, family=family and family.value)
    document = partners_document(record, found)
    if as_json:
        typer.echo(json.dumps(document, ensure_ascii=False, indent=2))
        return
    typer.echo(f"{found.sure} surely, {found.open} with a detail open; page {found.number} of {found.pages}")
    rows = [(one["listing"], one["direction"], one["answer"], one["evidence"] or "", one["reason"])
            for one in document["partners"]]  # fmt: skip
    _table(("product", "data", "works", "evidence", "why"), rows)


def _answered(
    listings: list[str] | None,
    own: list[str] | None,
    have: Path | None,
    mains: str,
    *,
    nation: str,
    complete: bool = True,
    currency: str = "EUR",
    **wanted: Any,
) -> Answered:
    open_site()
    from django.http import Http404

    from skypact.market.core.access import Actor
    from skypact.market.interop import selectors
    from skypact.market.interop.forms import asked_of_words, merged, nation_of
    from skypact.schema import InputError

    words = [*(listings or ()), *(f"{one}:own" for one in own or ())]
    try:
        asked = asked_of_words(words, mains=selectors.mains_of(mains), nation=nation_of(nation), **wanted)
        chosen = merged([*asked.chosen, *_of_kit(have)])
        asked = replace(asked, chosen=chosen, complete=complete, currency=currency)
        with _said_apart():
            return selectors.answered(Actor.system("cli"), asked, on=date.today(), file="command line")
    except InputError as error:
        for problem in error.problems:
            print(problem, file=sys.stderr)
        raise typer.Exit(2) from None
    except Http404 as error:
        print(error, file=sys.stderr)
        raise typer.Exit(2) from None


@contextmanager
def _said_apart() -> Iterator[None]:
    """What a solver's library prints by itself goes to standard error: standard output is ours, and may be JSON.

    HiGHS 1.12 prints a line of its own where it mends a rounded answer, whatever its options say.
    """
    sys.stdout.flush()
    kept = os.dup(1)
    os.dup2(2, 1)
    try:
        yield
    finally:
        ctypes.CDLL(None).fflush(None)
        os.dup2(kept, 1)
        os.close(kept)


def _of_kit(file: Path | None) -> tuple[Chosen, ...]:
    """The products of a kit file as owned ones. Raises InputError."""
    from skypact.market.interop.selectors import Chosen
    from skypact.schema import InputError, Kit, parse_json

    if file is None:
        return ()
    try:
        text = file.read_bytes()
    except OSError as error:
        raise InputError.single(file=str(file), accepted=f"a readable file ({error.strerror})") from None
    kit = parse_json(Kit, text, file=str(file))
    return tuple(Chosen(item.listing, item.quantity, owned=True) for item in kit.items)


def _print_json(found: Answered) -> None:
    from skypact.market.interop.documents import answer_document

    typer.echo(json.dumps(answer_document(found), ensure_ascii=False, indent=2))


def _show_check(found: Answered) -> None:
    checked = found.found.checked
    typer.echo(f"as it is: {checked.answer.value}")
    rows = [(one.aspect.value, one.answer.value, " → ".join(one.subjects), one.reason.text) for one in checked.findings]
    _table(("asked", "answer", "products", "why"), rows)
    _show_reasons(found)


def _show_completion(found: Answered) -> None:
    typer.echo(f"as it is: {found.found.answer.value}")
    completion = found.found.completion
    if completion is None:
        typer.echo("nothing completes it")
        _show_reasons(found)
        return
    proof = "proven least" if completion.outcome.value == "proven" else f"at least {completion.bound:,.2f}"
    if completion.additions:
        cost = f"{completion.cost:,.2f} {found.asked.currency}"
        if not completion.unpriced:
            typer.echo(f"add, for {cost} ({proof}):")
        elif len(completion.unpriced) == len(completion.additions):
            typer.echo("add (nothing of it has a public price):")
        else:
            typer.echo(f"add, for {cost} and what has no public price:")
        rows = [
            (str(count), listing.id, listing.name, "no public price" if listing.id in completion.unpriced else "")
            for listing, count in completion.additions
        ]
        _table(("number", "listing", "name", "price"), rows)
    else:
        typer.echo("nothing to add")
    for one in found.kept:
        if one.answer.value == "unknown":
            typer.echo(one.reason.text)
    links = [
        (one.path.answer.value, " → ".join((one.path.source, *one.path.via, one.path.target)), one.path.reason.text)
        for one in completion.connections
    ]
    feeds = [
        (one.way.fit.answer.value, f"{one.source or 'mains'} → {one.consumer}", one.way.fit.reason.text)
        for one in completion.feeds
    ]
    _table(("works", "way", "why"), [*links, *feeds])
    if any(answer != "yes" for answer, *_ in (*links, *feeds)):
        typer.echo("not every way is sure; --accept 0 asks for additions that surely work")
    _show_limits(found)


def _show_limits(found: Answered) -> None:
    for limit in found.found.limits:
        typer.echo(" ".join(one.text for one in limit.sentences))
        for number, repair in enumerate(limit.repairs, start=1):
            said = " ".join(one.text for one in repair.sentences)
            bought = ", ".join(f"{count} × {listing.id}" for listing, count in repair.completion.additions)
            proof = "" if repair.proven else " (found, not proven)"
            typer.echo(f"  way out {number}: {said}{proof}" + (f" Add {bought}." if bought else ""))
    if found.found.late:
        typer.echo("the search was stopped for time before it found additions, or showed that there are none")


def _show_reasons(found: Answered) -> None:
    for number, told in enumerate(found.found.reasons, start=1):
        typer.echo(f"reason {number}: " + " ".join(one.text for one in told.sentences))
    _show_limits(found)


def _table(columns: tuple[str, ...], rows: list[tuple[str, ...]]) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table(*columns, box=None, pad_edge=False)
    for row in rows:
        table.add_row(*row)
    Console(width=160).print(table)
