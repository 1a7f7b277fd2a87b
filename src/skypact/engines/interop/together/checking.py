"""Does the set work together as it is? Every aspect with its answer, its reasons and the facts that are missing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date

from skypact.engines.interop.links import IMPOSSIBLE, best_fit, sureness
from skypact.engines.interop.mating import canonical
from skypact.engines.interop.power import circuit_w, runs_alone
from skypact.engines.interop.together import feeding
from skypact.engines.interop.together.air import conflicts, licences
from skypact.engines.interop.together.choosing import Outcome
from skypact.engines.interop.together.completing import Completion, complete
from skypact.engines.interop.together.connecting import Connection
from skypact.engines.interop.together.mounting import mount_findings
from skypact.engines.interop.together.question import (
    GATEWAYS,
    Aspect,
    Finding,
    Part,
    Question,
    serves,
    worst,
)
from skypact.engines.interop.together.timing import SKY, clock_fit, clock_needs, clock_places
from skypact.schema import Answer, Category, Listing, Port, PortKind, PortRole, figure, sentence


@dataclass(frozen=True)
class Checked:
    """The set as it is."""

    answer: Answer
    aspects: dict[Aspect, Answer]
    findings: tuple[Finding, ...]
    """one for everything asked, yes among them"""
    wiring: Completion
    """its links and feeds, as far as they exist"""


def check(question: Question) -> Checked:
    """Whether the parts work together with nothing added. Unknown never counts as yes."""
    alone = replace(question, offered=())
    data, data_findings = _data(alone)
    power, power_findings = _power(alone)
    findings = (
        *data_findings,
        *_capacity(alone, data),
        *power_findings,
        *conflicts(alone),
        *licences(alone),
        *_clocks(alone),
        *mount_findings(alone),
        *_mass(alone),
        *_support(alone),
    )
    aspects = {
        aspect: worst([finding.answer for finding in findings if finding.aspect is aspect])
        for aspect in Aspect
        if aspect in (Aspect.DATA, Aspect.POWER, Aspect.AIR) or any(one.aspect is aspect for one in findings)
    }
    if not question.wanted.powered:
        aspects.pop(Aspect.POWER, None)
    counted = [
        answer for aspect, answer in aspects.items() if aspect is not Aspect.SUPPORT or question.wanted.supported
    ]
    return Checked(worst(counted), aspects, findings, replace(data, feeds=power.feeds))


def _level(question: Question, accept: int) -> Question:
    return replace(question, wanted=replace(question.wanted, accept=accept))


def _surest(question: Question, aspect: Aspect) -> tuple[Completion, int | None]:
    """How the set is wired at the surest level at which it can be, and that level."""
    for accept in (0, 1, 2):
        found = complete(_level(question, accept), asked=frozenset({aspect}))
        if found.outcome is not Outcome.IMPOSSIBLE:
            return found, accept
    return Completion(Outcome.IMPOSSIBLE), None


def _data(question: Question) -> tuple[Completion, list[Finding]]:
    if not question.sensors:
        return Completion(Outcome.PROVEN), []
    found, _ = _surest(question, Aspect.DATA)
    if found.outcome is not Outcome.IMPOSSIBLE:
        return found, [_of_connection(connection) for connection in found.connections]
    findings: list[Finding] = []
    connections: list[Connection] = []
    for part in question.sensors:  # one by one, to tell who is left out
        single = replace(
            question, parts=tuple(one for one in question.parts if one not in question.sensors or one is part)
        )
        alone, level = _surest(single, Aspect.DATA)
        connections += alone.connections
        findings += (
            [_of_connection(one) for one in alone.connections] if level is not None else [_left_out(part, single)]
        )
    if all(finding.answer is not Answer.NO for finding in findings):
        names = ", ".join(part.listing.name for part in question.sensors)
        reason = sentence("each of {names} finds a way, but not all of them together", names=names)
        findings.append(Finding(Aspect.DATA, Answer.NO, tuple(part.listing.id for part in question.sensors), reason))
    return replace(found, connections=tuple(connections)), findings


def _of_connection(connection: Connection) -> Finding:
    path = connection.path
    missing = path.reason if path.answer is Answer.UNKNOWN else None
    return Finding(Aspect.DATA, path.answer, (path.source, *path.via, path.target), path.reason, missing)


def _left_out(part: Part, question: Question) -> Finding:
    hubs = [one.listing for one in question.of(Category.C2)]
    if not hubs:
        reason = sentence("there is no command and control product for {sensor}", sensor=part.listing.name)
        return Finding(Aspect.DATA, Answer.NO, (part.listing.id,), reason)
    nearest = min(hubs, key=lambda hub: sureness(best_fit(part.listing, hub)))
    limit = serves(nearest, question.on)
    if sureness(best_fit(part.listing, nearest)) < 3 and limit is not None and limit < part.quantity:
        reason = sentence(
            "{hub} takes {limit} sensors, not {count}", hub=nearest.name, limit=f"{limit:g}", count=part.quantity
        )
        return Finding(Aspect.DATA, Answer.NO, (part.listing.id, nearest.id), reason)
    return Finding(Aspect.DATA, Answer.NO, (part.listing.id, nearest.id), best_fit(part.listing, nearest).reason)


def _capacity(question: Question, data: Completion) -> Iterator[Finding]:
    """How many sensors and tracks hubs and gateways carry, and how much data: only what somebody states is judged."""
    listings = {part.listing.id: part for part in question.parts}
    carried: dict[str, list[Connection]] = {}
    for connection in data.connections:
        for stop in (*connection.path.via, connection.path.target):
            carried.setdefault(stop, []).append(connection)
    for stop, connections in carried.items():
        part = listings[stop]
        units = sum(connection.units for connection in connections)
        limit = serves(part.listing, question.on)
        if limit is None and units > 1:
            said = sentence("nobody states how many sensors {name} takes", name=part.listing.name)
            yield Finding(Aspect.CAPACITY, Answer.UNKNOWN, (stop,), said, said)
        elif limit is not None:
            said = sentence("{name} takes {limit} sensors; {count} are connected", name=part.listing.name,
                            limit=f"{limit * part.quantity:g}", count=units)  # fmt: skip
            yield Finding(Aspect.CAPACITY, Answer.YES if units <= limit * part.quantity else Answer.NO, (stop,), said)
        yield from _tracks(part, connections, listings, question)
        yield from _rate(part, connections, listings)


def _tracks(
    part: Part, connections: Iterable[Connection], listings: dict[str, Part], question: Question
) -> Iterator[Finding]:
    """Tracks at once. One sensor with more than the hub carries is a no; their sum may shrink by fusion."""
    most = tracks_carried(part.listing, question.on)
    if most is None:
        return
    told = []
    for connection in connections:
        sensor = listings[connection.path.source].listing
        told += [(sensor, count, connection.units) for count in tracks_of(sensor, question.on)]
    for sensor, count, _ in told:
        if count > most:
            said = sentence("{sensor} reports up to {count} tracks, {name} carries {most}", sensor=sensor.name,
                            count=f"{count:g}", name=part.listing.name, most=f"{most:g}")  # fmt: skip
            yield Finding(Aspect.CAPACITY, Answer.NO, (sensor.id, part.listing.id), said)
    total = sum(count * units for _, count, units in told)
    if total > most * part.quantity and all(count <= most for _, count, _ in told):
        said = sentence("the sensors report up to {total} tracks together, {name} carries {most}",
                        total=f"{total:g}", name=part.listing.name, most=f"{most * part.quantity:g}")  # fmt: skip
        missing = sentence("how many of them are the same aircraft")
        yield Finding(Aspect.CAPACITY, Answer.UNKNOWN, (part.listing.id,), said, missing)


def tracks_of(sensor: Listing, on: date) -> list[float]:
    """How many tracks each of a product's sensors reports at most, of those that state it."""
    return [count for one in sensor.sensors if (count := figure(one.tracks_max, on=on)) is not None]


def tracks_carried(listing: Listing, on: date) -> float | None:
    """How many tracks a hub or gateway carries at once; ``None`` where nobody states it."""
    return None if listing.fusion is None else figure(listing.fusion.tracks_max, on=on)


def _rate(part: Part, connections: Iterable[Connection], listings: dict[str, Part]) -> Iterator[Finding]:
    """Data rate, where either side states its own."""
    takes = rate_of(part.listing, PortRole.PROVIDES)
    rates = [(listings[one.path.source].listing, one.units) for one in connections]
    known = [(rate_of(sensor, PortRole.CONSUMES), sensor, units) for sensor, units in rates]
    silent = [sensor for rate, sensor, _ in known if rate is None]
    total = sum(rate * units for rate, _, units in known if rate is not None)
    if takes is None and total:
        said = sentence(
            "what is stated sends {total} Mbit/s to {name}", total=f"{total / 1e6:g}", name=part.listing.name
        )
        missing = sentence("how much {name} takes", name=part.listing.name)
        yield Finding(Aspect.CAPACITY, Answer.UNKNOWN, (part.listing.id,), said, missing)
    if takes is None:
        return
    said = sentence("{name} takes {takes} Mbit/s; what is stated sends {total} Mbit/s", name=part.listing.name,
                    takes=f"{takes * part.quantity / 1e6:g}", total=f"{total / 1e6:g}")  # fmt: skip
    subjects = (part.listing.id,)
    if total > takes * part.quantity:
        yield Finding(Aspect.CAPACITY, Answer.NO, subjects, said)
    elif silent:
        missing = sentence("how much {name} sends", name=", ".join(sorted(sensor.name for sensor in silent)))
        yield Finding(Aspect.CAPACITY, Answer.UNKNOWN, subjects, said, missing)
    else:
        yield Finding(Aspect.CAPACITY, Answer.YES, subjects, said)


def rate_of(listing: Listing, other_side: PortRole) -> float | None:
    """The most data that a product states it takes or sends, bit/s: of its data ports but those of ``other_side``."""
    rates = [
        port.attributes.data_rate_max_bit_s
        for port in listing.ports
        if port.kind is PortKind.DATA and port.role is not other_side
    ]
    return max((rate for rate in rates if rate is not None), default=None)


def power_findings(question: Question) -> tuple[Finding, ...]:
    """Whether the parts are powered with nothing added, and nothing else of them."""
    return tuple(_power(replace(question, offered=()))[1])


def _power(question: Question) -> tuple[Completion, list[Finding]]:
    if not question.wanted.powered:
        return Completion(Outcome.PROVEN), []
    found, _ = _surest(question, Aspect.POWER)
    names = {part.listing.id: part.listing for part in question.parts}
    if found.outcome is not Outcome.IMPOSSIBLE:
        findings = [_of_feed(feed.way, names) for feed in found.feeds]
        fed = {feed.consumer for feed in found.feeds}
        findings += [
            Finding(Aspect.POWER, Answer.UNKNOWN, (part.listing.id,), said, said)
            for part in question.parts
            if part.listing.id not in fed and _asked_for_power(part)
            for said in [sentence("the power input of {name} is not public", name=part.listing.name)]
        ]
        return found, [*findings, *_circuit(question)]
    findings = []
    for part in question.parts:
        if not _asked_for_power(part):
            continue
        sources = [one.listing for one in question.parts if feeding.outlets(one.listing)]
        ways = feeding.ways(part.listing, sources, on=question.on, mains=question.wanted.mains)
        if not feeding.inlets(part.listing):
            said = sentence("the power input of {name} is not public", name=part.listing.name)
            findings.append(Finding(Aspect.POWER, Answer.UNKNOWN, (part.listing.id,), said, said))
        elif not ways:
            said = sentence("nothing in the set feeds {name}", name=part.listing.name)
            findings.append(Finding(Aspect.POWER, Answer.NO, (part.listing.id,), said))
        else:
            findings.append(_of_feed(min(ways, key=lambda way: sureness(way.fit)), names))
    findings += _circuit(question)
    if all(finding.answer is not Answer.NO for finding in findings):
        said = sentence("the sources of the set do not feed all of its products at once")
        findings.append(Finding(Aspect.POWER, Answer.NO, tuple(one.subjects[0] for one in findings), said))
    return found, findings


def _circuit(question: Question) -> Iterator[Finding]:
    """What is known to hang on the mains, where nothing else in the set can feed it."""
    mains = question.wanted.mains
    if mains is None:
        return
    alone = [part.listing for part in question.parts if runs_alone(part.listing)]
    hanging = [
        (part, feeding.draw_w(part.listing, question.on))
        for part in question.parts
        if _asked_for_power(part)
        and feeding.inlets(part.listing)
        and not any(way.source is not None for way in feeding.ways(part.listing, alone, on=question.on, mains=None))
    ]
    total = sum((watts or 0.0) * part.quantity for part, watts in hanging)
    said = sentence("{total} W hang on the mains, whose circuit bears {most} W", total=f"{total:g}",
                    most=f"{circuit_w(mains):g}")  # fmt: skip
    subjects = tuple(part.listing.id for part, _ in hanging)
    if total > circuit_w(mains):
        yield Finding(Aspect.POWER, Answer.NO, subjects, said)
    elif hanging and all(watts is not None for _, watts in hanging):
        yield Finding(Aspect.POWER, Answer.YES, subjects, said)


_POWERED = ("sensor", "c2", "gateway", "radio", "network", "payload", "defeat")


def _asked_for_power(part: Part) -> bool:
    return part.listing.category.family in _POWERED and feeding.needs_feed(part.listing)


def _of_feed(way: feeding.FeedWay, names: dict[str, Listing]) -> Finding:
    subjects = (way.consumer,) if way.source is None else (way.consumer, way.source)
    reason = (
        sentence("{name} from mains: {reason}", name=names[way.consumer].name, reason=way.fit.reason)
        if way.source is None
        else sentence(
            "{name} from {source}: {reason}",
            name=names[way.consumer].name,
            source=names[way.source].name,
            reason=way.fit.reason,
        )
    )
    missing = way.fit.reason if way.fit.answer is Answer.UNKNOWN else None
    return Finding(Aspect.POWER, way.fit.answer, subjects, reason, missing)


def _clocks(question: Question) -> Iterator[Finding]:
    for part, port in clock_needs(question):
        yield _clocked(part, port, question)
    for part in question.parts:
        if any(port.kind in (PortKind.TIME, PortKind.POSITION) and port.role is PortRole.CONSUMES
               and canonical(port.standard) == SKY for port in part.listing.ports):  # fmt: skip
            said = sentence("{name} takes its time or position from satellites, where it hears them",
                            name=part.listing.name)  # fmt: skip
            yield Finding(Aspect.TIME, Answer.YES, (part.listing.id,), said)


def _clocked(part: Part, port: Port, question: Question) -> Finding:
    """Who gives one port time or position, how surely, and whether to so many."""
    aspect = Aspect.TIME if port.kind is PortKind.TIME else Aspect.POSITION
    givers = [(one, clock_fit(one.listing, port)) for one in question.parts if one is not part]
    givers = [(one, fit) for one, fit in givers if sureness(fit) < IMPOSSIBLE]
    if not givers:
        said = sentence("nothing in the set gives {name} {standard}", name=part.listing.name, standard=port.standard)
        return Finding(aspect, Answer.NO, (part.listing.id,), said)
    giver, fit = min(givers, key=lambda one: sureness(one[1]))
    subjects = (part.listing.id, giver.listing.id)
    places = [clock_places(one.listing, port) for one, _ in givers]
    if None not in places:
        served = sum((most or 0) * one.quantity for (one, _), most in zip(givers, places, strict=True))
        wanting = sum(one.quantity for one, other in clock_needs(question)
                      if sureness(clock_fit(giver.listing, other)) < IMPOSSIBLE)  # fmt: skip
        if served < wanting:
            said = sentence("{giver} gives {standard} to {served}, not to {count}", giver=giver.listing.name,
                            standard=port.standard, served=served, count=wanting)  # fmt: skip
            return Finding(aspect, Answer.NO, subjects, said)
    said = sentence("{giver} gives {name} {standard}", giver=giver.listing.name, name=part.listing.name,
                    standard=port.standard)  # fmt: skip
    return Finding(aspect, fit.answer, subjects, said, fit.reason if fit.answer is Answer.UNKNOWN else None)


def _mass(question: Question) -> Iterator[Finding]:
    """What the set weighs, where that is limited."""
    limit = question.wanted.mass_max_kg
    if limit is None:
        return
    masses = [(part, figure(part.listing.mass, on=question.on)) for part in question.parts]
    known = sum(mass * part.quantity for part, mass in masses if mass is not None)
    silent = [part.listing.name for part, mass in masses if mass is None]
    subjects = tuple(part.listing.id for part in question.parts)
    if silent and known <= limit:
        said = sentence("what is known weighs {mass} kg, {limit} kg are allowed", mass=f"{known:g}", limit=f"{limit:g}")
        missing = sentence("what {name} weighs", name=", ".join(silent))
        yield Finding(Aspect.MASS, Answer.UNKNOWN, subjects, said, missing)
    else:
        said = sentence("it weighs {mass} kg, {limit} kg are allowed", mass=f"{known:g}", limit=f"{limit:g}")
        yield Finding(Aspect.MASS, Answer.YES if known <= limit else Answer.NO, subjects, said)


def _support(question: Question) -> Iterator[Finding]:
    for part in question.parts:
        if part.listing.category.family not in ("sensor", "c2", *(one.value for one in GATEWAYS), "power"):
            continue
        if part.listing.id in question.supported or part.listing.substitutes:
            said = sentence("a spare part or a substitute of {name} is listed", name=part.listing.name)
            yield Finding(Aspect.SUPPORT, Answer.YES, (part.listing.id,), said)
        else:
            said = sentence("no spare part and no substitute of {name} is listed", name=part.listing.name)
            missing = sentence("what the maker of {name} keeps for repair, and for how long", name=part.listing.name)
            yield Finding(Aspect.SUPPORT, Answer.UNKNOWN, (part.listing.id,), said, missing)
