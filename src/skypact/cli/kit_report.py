"""A kit as a person reads it in a terminal."""

from __future__ import annotations

import math
import sys
from collections.abc import Iterable, Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from skypact.schema import Answer, Basis, BearingWarning, Exclusion, Kit, KitItem, KitStatus, Money, Position, Region

_STATUS = {
    KitStatus.OPTIMAL: "the cheapest kit, proven",
    KitStatus.FEASIBLE: "a kit that meets the requirement",
    KitStatus.STOPPED: "stopped; the best kit so far",
    KitStatus.NO_KIT: "no kit",
}
_MARK = {Answer.YES: "yes", Answer.NO: "no", Answer.UNKNOWN: "unknown"}
#: Columns where no terminal tells its width.
_WIDTH_ELSEWHERE = 120
#: Figures that rest on an assumption bear this mark in every table.
_ASSUMED = "*"
#: Blind areas told of one threat class at one height.
_BLIND_TOLD = 2


def print_kit(kit: Kit, console: Console | None = None, *, brief: bool = False) -> None:
    """Print ``kit``: headline, bill of materials, links, coverage, dates, assumptions and unknowns.

    ``brief`` only counts the assumptions, unknowns and left-out products.
    """
    out = console or Console(highlight=False, width=None if sys.stdout.isatty() else _WIDTH_ELSEWHERE)
    requirement = kit.requirement
    out.print(Text(f"\n{requirement.title}", style="bold"))
    out.print(_headline(kit))
    _print_not_seen(kit, out)
    terrain = kit.terrain
    relief = f"relief: {terrain.name}, {terrain.surface.replace('_', ' ')}, posts every {terrain.spacing_m:.0f} m"
    if terrain.obstacles:
        relief += f", obstacles: {terrain.obstacles}"
    out.print(Text(f"{relief} ({terrain.source})", style="yellow" if terrain.synthetic else "dim"))
    if kit.refusal is not None:
        _print_refusal(kit, out)
    if kit.items:
        out.print(_bill(kit))
        out.print(_coverage(kit))
        if kit.approaches:
            out.print(_warnings(kit))
            _print_blind(kit, out)
        out.print(_links(kit))
        _print_dates(kit, out)
    if brief:
        left_out = sum(len(group.listings) for group in kit.exclusions)
        counts = f"{len(kit.assumptions_used)} assumptions, {len(kit.unknowns)} unknowns, {left_out} products left out"
        out.print(Text(f"{counts}: see the kit's page, or skypact kit compose examples/{kit.requirement.id}.toml"))
        return
    _print_assumptions(kit, out)
    _print_unknowns(kit, out)
    _print_exclusions(kit.exclusions, out)


def _headline(kit: Kit) -> Text:
    text = Text(_STATUS[kit.status], style="red" if kit.status is KitStatus.NO_KIT else "green")
    if kit.open_questions:
        many = "question" if kit.open_questions == 1 else "questions"
        text = Text(f"{_STATUS[kit.status]}, with {kit.open_questions} open {many} accepted", style="yellow")
    if kit.cost is not None:
        text.append(f" · {money(kit.cost.total)} of {money(kit.cost.budget)}", style="default")
        if kit.cost.assumed.amount:
            text.append(f" ({money(kit.cost.assumed)} of it assumed)", style="yellow")
    if kit.delivery is not None:
        complete = kit.delivery.complete_on
        text.append(f" · complete {'on an unknown day' if complete is None else complete}", style="default")
    if kit.optimisation.bound == 0:
        text.append(" · no bound on cheaper kits is known", style="default")
    elif kit.optimisation.gap:
        text.append(f" · at most {kit.optimisation.gap:.1%} could be saved", style="default")
    return text


def _print_not_seen(kit: Kit, out: Console) -> None:
    """What even a proven kit leaves unseen inside the ring, at its worst."""
    worst = max(kit.coverage, key=lambda figure: figure.blind_area_m2 or 0.0, default=None)
    if kit.refusal is None and worst is not None and worst.blind_area_m2:
        said = f"{worst.blind_area_m2 / 1e6:,.2f} km² inside the warning ring is not seen as asked"
        out.print(Text(f"{said} ({worst.threat} at {worst.height_m:g} m, the worst case)", style="yellow"))


def _print_refusal(kit: Kit, out: Console) -> None:
    if kit.refusal is None:
        return
    for said in kit.refusal.sentences:
        out.print(Text(f"  {said}"))
    for short in kit.refusal.shortfalls:
        nearest = str(short.nearest).removesuffix(".")
        out.print(Text(f"  - {short.limit}: wanted {short.wanted}; nearest {nearest}. Remedy: {short.remedy}."))


def _bill(kit: Kit) -> Table:
    table = Table(title="What to buy", title_justify="left", header_style="bold")
    for column in ("product", "maker", "kind"):
        table.add_column(column, overflow="fold")
    for column in ("n", "unit price", "days", "W"):
        table.add_column(column, justify="right")
    table.add_column("may buy and use")
    for item in kit.items:
        table.add_row(
            Text(f"{item.name}{' [synthetic]' if item.synthetic else ''}"),
            Text(f"{item.vendor} ({item.nation or 'nation unknown'})"),
            item.category.value,
            str(item.quantity),
            _marked("unknown" if item.unit_price is None else money(item.unit_price), item.price_basis),
            _marked("unknown" if item.lead_time_days is None else str(item.lead_time_days), item.lead_basis),
            _marked("unknown" if item.power_draw_w is None else f"{item.power_draw_w:g}", item.power_basis),
            _MARK[item.eligibility],
        )
    return table


def _marked(shown: str, basis: Basis) -> str:
    return f"{shown}{_ASSUMED}" if basis is Basis.ASSUMPTION else shown


def _coverage(kit: Kit) -> Table:
    asked = kit.requirement.detection
    region = "Warning ring" if asked.region is Region.RING else "Area inside the warning ring"
    table = Table(title=f"{region} seen {_asked(kit)}", title_justify="left", header_style="bold")
    table.add_column("threat class")
    heights = sorted({figure.height_m for figure in kit.coverage})
    for height in heights:
        table.add_column(f"{height:g} m", justify="right")
    found = {(figure.threat, figure.height_m): figure for figure in kit.coverage}
    for threat in asked.threats:
        cells = [found[threat, height] for height in heights]
        table.add_row(threat, *(Text(_percent(one.share), style="green" if one.met else "red") for one in cells))
        if all(one.probability_least is not None for one in cells):
            table.add_row(
                Text("  one look of all that see it: mean (least)", style="dim"),
                *(Text(f"{_chance(one.probability_mean)} ({_chance(one.probability_least)})") for one in cells),
            )
    return table


def _asked(kit: Kit) -> str:
    """How a place must be seen to count."""
    asked = kit.requirement.detection
    said = [f"by at least {asked.kinds} kind{'s' if asked.kinds > 1 else ''} of sensor"]
    if asked.sensors > 1:
        said.append(f"by at least {asked.sensors} sensors")
    if asked.probability is not None:
        said.append(f"each with {asked.probability:g} a look")
    if asked.fused_probability is not None:
        said.append(f"together with {asked.fused_probability:g}")
    weather = kit.requirement.weather
    if weather.rain_mm_h:
        said.append(f"in {weather.rain_mm_h:g} mm/h of rain")
    if weather.visibility_m is not None:
        said.append(f"at {weather.visibility_m:g} m visibility")
    if weather.added_noise_db:
        said.append(f"{weather.added_noise_db:g} dB louder than in the makers' tests")
    return ", ".join(said)


def _chance(probability: float | None) -> str:
    """Rounded down; nearly sure never reads as sure."""
    return "unknown" if probability is None else f"{math.floor(probability * 10_000 + 1e-9) / 10_000:g}"


def _warnings(kit: Kit) -> Table:
    table = Table(title="How early it warns, noticed as asked", title_justify="left", header_style="bold")
    for column in ("threat class", "straight in: least warning", "from", "least observed way in", "observed"):
        table.add_column(column, overflow="fold")
    table.add_column("warning there", justify="right")
    for figure in kit.approaches:
        worst = min(figure.bearings, key=lambda one: -1.0 if one.first_seen_m is None else one.first_seen_m)
        table.add_row(
            f"{figure.threat} at {figure.height_m:g} m, {_speed(figure.speed_m_s)}",
            f"{_seconds(worst.warning_s)} ({_metres(worst.first_seen_m)}{' or more' if worst.at_least else ''})",
            _from(figure.bearings, worst),
            "none found" if figure.length_m is None else f"{figure.length_m:,.0f} m",
            "" if figure.observed_m is None else f"{figure.observed_m:,.0f} m",
            "" if figure.length_m is None else f"{_seconds(figure.warning_s)} ({_metres(figure.first_seen_m)})",
        )
    return table


def _from(bearings: Sequence[BearingWarning], worst: BearingWarning) -> str:
    """The worst bearing; where it is never noticed, on how many."""
    never = sum(one.first_seen_m is None for one in bearings)
    return (
        f"{worst.bearing_deg:g}°" if not never else f"{never} of {len(bearings)} bearings, first {worst.bearing_deg:g}°"
    )


def _speed(speed_m_s: float | None) -> str:
    return "speed unknown" if speed_m_s is None else f"{speed_m_s:g} m/s"


def _seconds(seconds: float | None) -> str:
    return "unknown" if seconds is None else f"{math.floor(seconds):,} s"


def _metres(metres: float | None) -> str:
    return "never noticed" if metres is None else f"{metres:,.0f} m"


def _print_blind(kit: Kit, out: Console) -> None:
    for figure in kit.coverage:
        if not figure.blind_area_m2:
            continue
        here = [area for area in kit.blind_areas if (area.threat, area.height_m) == (figure.threat, figure.height_m)]
        largest = "; ".join(f"{area.area_m2 / 1e6:,.2f} km² at {_degrees(area.centre)}" for area in here[:_BLIND_TOLD])
        said = f"Blind inside the ring, {figure.threat} at {figure.height_m:g} m: {figure.blind_area_m2 / 1e6:,.2f} km²"
        out.print(Text(f"{said}{f', the largest {largest}' if largest else ''}"))


def _percent(share: float) -> str:
    """Rounded down, so that a share just short of what is asked never looks like it."""
    return f"{math.floor(share * 1000 + 1e-9) / 10:.1f}%"


def _links(kit: Kit) -> Table:
    table = Table(title="How it connects", title_justify="left", header_style="bold")
    for column in ("from", "to", "through", "sure?", "why"):
        table.add_column(column, overflow="fold")
    names = {item.listing: item.name for item in kit.items} | {"mains": "mains", "unknown-source": "not known"}
    for link in kit.links:
        table.add_row(
            f"{names[link.source]} ({link.kind})",
            names[link.target],
            ", ".join(names[gateway] for gateway in link.via) or "directly",
            _MARK[link.answer],
            Text(str(link.reason)),
        )
    return table


def _print_dates(kit: Kit, out: Console) -> None:
    delivery = kit.delivery
    if delivery is None:
        return
    complete = "unknown" if delivery.complete_on is None else str(delivery.complete_on)
    out.print(
        Text(
            f"Ordered {delivery.ordered_on}, complete {complete}, deadline {delivery.deadline}: "
            f"{_MARK[delivery.answer]}. Decided by {', '.join(delivery.critical)}."
        )
    )
    if delivery.single_source:
        out.print(Text(f"No other eligible product of its category: {', '.join(delivery.single_source)}."))
    for item in kit.items:
        if item.positions:
            out.print(Text(_standing(item)))


def _standing(item: KitItem) -> str:
    places = [
        _degrees(position.at) + ("" if position.azimuth_deg is None else f" looking {position.azimuth_deg:.0f}°")
        for position in item.positions
    ]
    return f"{item.name} stands at {'; '.join(places)}"


def _degrees(at: Position) -> str:
    longitude, latitude = at
    return f"{abs(latitude):.5f} {'N' if latitude >= 0 else 'S'} {abs(longitude):.5f} {'E' if longitude >= 0 else 'W'}"


def _print_assumptions(kit: Kit, out: Console) -> None:
    for trust in kit.requirement.trust:
        out.print(Text(f"Ranges that are {trust.grade.value} count to {trust.factor:.0%}: {trust.basis}"))
    if not kit.assumptions_used:
        return
    out.print(Text(f"\nAssumed for planning ({_ASSUMED}), by the requirement, not by any vendor", style="bold"))
    for assumption in kit.assumptions_used:
        subject = assumption.listing or (assumption.category.value if assumption.category else "")
        unit = f" {assumption.currency}" if assumption.currency else ""
        out.print(Text(f"  {subject}: {assumption.kind.value} {assumption.value:,}{unit} ({assumption.basis})"))


def _print_unknowns(kit: Kit, out: Console) -> None:
    if not kit.unknowns:
        return
    out.print(Text(f"\nWhat nobody knows ({len(kit.unknowns)})", style="bold"))
    for unknown in kit.unknowns:
        accepted = "" if unknown.accepted is None else f" (accepted: {unknown.accepted.value})"
        out.print(Text(f"  ? {unknown.question} — {unknown.matters}. Settled by: {unknown.settled_by}.{accepted}"))


def _print_exclusions(exclusions: Iterable[Exclusion], out: Console) -> None:
    exclusions = list(exclusions)
    if not exclusions:
        return
    out.print(Text("\nLeft out", style="bold"))
    for group in exclusions:
        cited = f" [{group.citation}]" if group.citation else ""
        shown = ", ".join(group.listings[:3]) + (", …" if len(group.listings) > 3 else "")
        headline = f"{len(group.listings)} × {group.question.value} {_MARK[group.answer]}"
        out.print(Text(f"  {headline}: {group.reason}{cited} ({shown})"))


def money(amount: Money) -> str:
    """The exact amount, thousands apart."""
    return str(amount)
