"""An independent check of a completion: from its own words, one link and one feed at a time, without the program."""

from __future__ import annotations

import itertools
from collections.abc import Iterable

from skypact.engines.interop.electric import power_fit
from skypact.engines.interop.links import GATEWAYS_MAX, best_fit, sureness
from skypact.engines.interop.power import circuit_w, socket
from skypact.engines.interop.together import feeding
from skypact.engines.interop.together.completing import Completion
from skypact.engines.interop.together.packing import fits
from skypact.engines.interop.together.question import Part, Question
from skypact.engines.interop.together.routing import room
from skypact.engines.interop.together.timing import clock_fit, clock_needs, clock_places
from skypact.schema import figure


def verify(question: Question, found: Completion) -> tuple[str, ...]:
    """What is wrong with ``found``; nothing if it keeps its promises."""
    added = [Part(listing, count) for listing, count in found.additions]
    present = (*question.parts, *added)
    return (
        *_wrong_cost(question, found),
        *_wrong_links(question, found, present),
        *_wrong_feeds(question, found, present),
        *_wrong_clocks(question, present),
        *_wrong_mass(question, present),
    )


def _wrong_cost(question: Question, found: Completion) -> Iterable[str]:
    prices = {one.listing.id: one.price for one in question.offered}
    total = 0.0
    for listing, count in found.additions:
        if listing.id not in prices:
            yield f"{listing.id} is added but not offered"
        price = prices.get(listing.id)
        if (price is None) != (listing.id in found.unpriced):
            yield f"the answer is wrong on whether {listing.id} has a price"
        if price is None:
            continue
        total += price * count
    if abs(total - found.cost) > 0.005:
        yield f"the additions cost {total:.2f}, the answer says {found.cost:.2f}"
    if found.bound > found.cost + 0.005:
        yield f"the floor {found.bound:.2f} is above the cost {found.cost:.2f}"


def _wrong_links(question: Question, found: Completion, present: tuple[Part, ...]) -> Iterable[str]:
    wanted = question.wanted
    parts = {part.listing.id: part for part in present}
    carried: dict[str, int] = {}
    for connection in found.connections:
        path = connection.path
        stops = (path.source, *path.via, path.target)
        missing = [stop for stop in stops if stop not in parts]
        if missing:
            yield f"a way goes over {', '.join(missing)}, which is not there"
            continue
        if len(path.via) > GATEWAYS_MAX:
            yield f"a way from {path.source} goes over {len(path.via)} gateways"
        for one, other in itertools.pairwise(stops):
            if sureness(best_fit(parts[one].listing, parts[other].listing)) > wanted.accept:
                yield f"the link {one} → {other} is less sure than accepted"
        for stop in stops[1:]:
            carried[stop] = carried.get(stop, 0) + connection.units
    for stop, units in carried.items():
        limit = room(parts[stop].listing, question)
        if limit is not None and units > limit * parts[stop].quantity:
            yield f"{stop} takes {limit * parts[stop].quantity:g} sensors, not {units}"
    for part in question.sensors:
        units = sum(one.units for one in found.connections if one.path.source == part.listing.id)
        if units != part.quantity:
            yield f"{units} of {part.quantity} units of {part.listing.id} are connected"
    if wanted.common and len({one.path.target for one in found.connections}) > 1:
        yield "not all sensors reach the same command and control product"


def _wrong_feeds(question: Question, found: Completion, present: tuple[Part, ...]) -> Iterable[str]:
    wanted = question.wanted
    if not wanted.powered:
        return
    parts = {part.listing.id: part for part in present}
    from_mains_w = 0.0
    loads: dict[tuple[str, int], list[float]] = {}
    for feed in found.feeds:
        consumer = parts[feed.consumer].listing
        drawn = feeding.draw_w(consumer, question.on)
        giving = feeding.outlets(parts[feed.source].listing)[feed.way.outlet].port if feed.source else None
        if giving is None and wanted.mains is not None:
            giving = socket(wanted.mains)
        if giving is None:
            yield f"{feed.consumer} is fed from mains, and there is none"
            continue
        if drawn is None and feeding.outlets(consumer):
            drawn = max((one.watts or 0.0 for one in feeding.outlets(consumer)), default=None)
        ways = [power_fit(giving, inlet, draw_w=drawn) for inlet in feeding.inlets(consumer)]
        if min(map(sureness, ways)) > wanted.accept:
            yield f"{feed.source or 'mains'} does not feed {feed.consumer}"
        if feed.source is None or feeding.hangs_on(parts[feed.source].listing, wanted.mains):
            from_mains_w += (drawn or 0.0) * feed.units
        if feed.source is not None:
            loads.setdefault((feed.source, feed.way.outlet), []).extend([drawn or 0.0] * feed.units)
    for (source, number), drawn_w in loads.items():
        outlet = feeding.outlets(parts[source].listing)[number]
        watts = outlet.watts
        if watts is not None and not outlet.watts_are_sure and wanted.accept >= 2:
            watts *= outlet.connections
        if not fits(drawn_w, outlets=parts[source].quantity, watts=watts, places=outlet.connections):
            yield f"{source} does not bear {', '.join(f'{load:g} W' for load in drawn_w)}"
    if wanted.mains is not None and from_mains_w > circuit_w(wanted.mains) * (1 + 1e-9):
        yield f"{from_mains_w:g} W hang on a circuit of {circuit_w(wanted.mains):g} W"
    for part in present:
        if feeding.needs_feed(part.listing) and feeding.inlets(part.listing) and _must_run(part):
            units = sum(feed.units for feed in found.feeds if feed.consumer == part.listing.id)
            if units < part.quantity:
                yield f"{units} of {part.quantity} units of {part.listing.id} are fed"


def _must_run(part: Part) -> bool:
    return part.listing.category.family in ("sensor", "c2", "gateway", "adapter", "radio", "payload", "defeat")


def _wrong_clocks(question: Question, present: tuple[Part, ...]) -> Iterable[str]:
    for part, port in clock_needs(question):
        givers = [one for one in present if one.listing.id != part.listing.id]
        fitting = [one for one in givers if sureness(clock_fit(one.listing, port)) <= question.wanted.accept]
        if not fitting:
            yield f"nothing gives {part.listing.id} {port.standard}"
        places = [clock_places(one.listing, port) for one in fitting]
        served = sum((part.quantity if most is None else most) * one.quantity
                     for one, most in zip(fitting, places, strict=True))  # fmt: skip
        if fitting and served < part.quantity:
            yield f"{served} of {part.quantity} units of {part.listing.id} are given {port.standard}"


def _wrong_mass(question: Question, present: tuple[Part, ...]) -> Iterable[str]:
    limit = question.wanted.mass_max_kg
    total = sum((figure(part.listing.mass, on=question.on) or 0.0) * part.quantity for part in present)
    if limit is not None and total > limit * (1 + 1e-9):
        yield f"it weighs {total:g} kg, {limit:g} kg are allowed"
