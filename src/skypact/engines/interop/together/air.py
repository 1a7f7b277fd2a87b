"""Conflicts on the air: who disturbs whom, by rules that are data.

Each rule (:class:`skypact.schema.CoexistenceRule`) names a transmitter, a neighbour and a source; it holds where their
frequencies overlap and they stand within radio sight. Two transmitters that can be set to channels are no conflict when
channels of their own fit into what they can be set to, which is decided exactly: it is the question whether jobs with
release times and deadlines fit one machine (Lawler and Moore 1969, Management Science 16(1): smallest completion time
over subsets).
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations, product

from skypact.engines.interop.together.question import Aspect, Finding, Part, Question, worst
from skypact.schema import (
    Answer,
    Category,
    CoexistenceRule,
    Listing,
    OnAir,
    Port,
    PortKind,
    PortRole,
    Sentence,
    figure,
    sentence,
    strongest,
)
from skypact.schema.coexistence import Party

#: Radio sight over smooth ground with the effective Earth radius of 4/3 (Recommendation ITU-R P.310, P.834):
#: kilometres for each square root of a metre of antenna height.
_SIGHT_KM = 4.12
_COUNTED_TOGETHER_MAX = 16
#: Nations before a colon, at the beginning of a licence.
_NATIONS = re.compile(r"([A-Z]{2}(?:, ?[A-Z]{2})*):")
#: What cannot do its work without transmitting, or receiving: one that states no frequency leaves it open. Of sensors
#: their kind tells it.
_BY_NATURE = {
    OnAir.TRANSMITS: (Category.RADIO, Category.JAMMER, Category.CYBER, Category.RF_DIRECTED_ENERGY),
    OnAir.RECEIVES: (Category.RADIO, Category.CYBER),
}


@dataclass(frozen=True)
class Band:
    """Frequencies in Hz; ``None`` is unknown. ``width`` is what one transmission occupies."""

    low: float | None
    high: float | None
    width: float | None = None

    def overlaps(self, other: Band) -> bool | None:
        """Whether two bands share frequencies; ``None`` where a limit is unknown that decides it."""
        if self.low is not None and other.high is not None and self.low >= other.high:
            return False
        if other.low is not None and self.high is not None and other.low >= self.high:
            return False
        return None if None in (self.low, self.high, other.low, other.high) else True


def bands(listing: Listing, does: OnAir, *, on: date) -> list[Band]:
    """On which frequencies a product transmits or receives. A band without limits: it does, nobody says where.

    A band that its sensor and a port state alike counts once, with the width where one of them says it.
    """
    found = []
    for sensor in listing.sensors:
        emits = strongest(sensor.emits, on=on)
        transmits = sensor.kind.value == "radar" if emits is None else bool(emits.value)
        listens = sensor.kind.value in ("radar", "passive_rf", "remote_id")
        if transmits if does is OnAir.TRANSMITS else listens:
            found.append(Band(figure(sensor.frequency_min, on=on), figure(sensor.frequency_max, on=on)))
    for port in _ports(listing, does):
        known = port.attributes
        found.append(Band(known.frequency_min_hz, known.frequency_max_hz, known.bandwidth_hz))
    if not found and listing.category in _BY_NATURE[does]:
        found.append(Band(None, None))
    return _best_known(found)


def _ports(listing: Listing, does: OnAir) -> list[Port]:
    sides = (PortRole.PROVIDES, PortRole.PEER) if does is OnAir.TRANSMITS else (PortRole.CONSUMES, PortRole.PEER)
    return [port for port in listing.ports if port.kind is PortKind.RF and port.role in sides]


def _best_known(found: Iterable[Band]) -> list[Band]:
    """Each band once: of two statements of the same limits the one with the width."""
    known: dict[tuple[float | None, float | None], dict[float | None, Band]] = {}
    for band in found:
        known.setdefault((band.low, band.high), {})[band.width] = band
    return [
        band for widths in known.values() for width, band in widths.items() if width is not None or len(widths) == 1
    ]


def radio_sight_m(mast_m: float) -> float:
    """How far two antennas of that height see each other over smooth ground, in m."""
    return 1000 * _SIGHT_KM * 2 * math.sqrt(mast_m)


def conflicts(question: Question) -> list[Finding]:
    """Every pair of parts that a rule speaks of, and several of one part among themselves; never a yes."""
    wanted = question.wanted
    if wanted.apart_m is not None and wanted.apart_m > radio_sight_m(wanted.mast_m):
        return []
    found: list[Finding] = []
    pairs = [*combinations(question.parts, 2), *((part, part) for part in question.parts if part.quantity > 1)]
    for one, other in pairs:
        sides = ((one, other),) if one is other else ((one, other), (other, one))
        judged = [finding for pair in sides for finding in _between(*pair, question.rules, question.on)]
        if judged:  # the gravest rule speaks for the pair
            found.append(max(judged, key=lambda finding: finding.answer is Answer.NO))
    return found


def licences(question: Question) -> list[Finding]:
    """Whether each transmitter may transmit in the nation asked for, as far as its listing states it.

    A licence says where it holds by nations before a colon (``KR, US: ...``), or by being a law of one nation.
    """
    nation = question.wanted.nation
    if nation is None:
        return []
    emitters = [part.listing for part in question.parts if bands(part.listing, OnAir.TRANSMITS, on=question.on)]
    return [_licence(listing, nation) for listing in emitters]


def _licence(listing: Listing, nation: str) -> Finding:
    ports = _ports(listing, OnAir.TRANSMITS)
    stated = [(port.attributes.licence, port.evidence) for port in ports if port.attributes.licence]
    missing = sentence("the licence of {name} to transmit in {nation}", name=listing.name, nation=nation)
    if not stated:
        reason = sentence("nobody states under which licence {name} transmits", name=listing.name)
        return Finding(Aspect.LICENCE, Answer.UNKNOWN, (listing.id,), reason, missing)
    told = "; ".join(f"{licence} ({known.source.title}, {known.observed})" for licence, known in stated)
    if len(stated) == len(ports) and all(nation in _holds_in(licence) for licence, _ in stated):
        reason = sentence(
            "{name} transmits in {nation} under {licence}", name=listing.name, nation=nation, licence=told
        )
        return Finding(Aspect.LICENCE, Answer.YES, (listing.id,), reason)
    reason = sentence("{name} transmits under {licence}; nobody states that this holds for all of it in {nation}",
                      name=listing.name, nation=nation, licence=told)  # fmt: skip
    return Finding(Aspect.LICENCE, Answer.UNKNOWN, (listing.id,), reason, missing)


def _holds_in(licence: str) -> tuple[str, ...]:
    if licence.startswith("47 CFR "):  # Code of Federal Regulations, title 47
        return ("US",)
    named = _NATIONS.match(licence)
    return () if named is None else tuple(one.strip() for one in named[1].split(","))


def _between(first: Part, second: Part, rules: Sequence[CoexistenceRule], on: date) -> Iterator[Finding]:
    for rule in rules:
        if not (_is(first.listing, rule.transmitter) and _is(second.listing, rule.beside)):
            continue
        sending, taking = (
            bands(part.listing, party.does, on=on) for part, party in ((first, rule.transmitter), (second, rule.beside))
        )
        overlaps = [(one.overlaps(other), one, other) for one, other in product(sending, taking)]
        sure = [(one, other) for overlap, one, other in overlaps if overlap]
        names = {"one": first.listing.name, "other": second.listing.name}
        subjects = (first.listing.id, second.listing.id)
        says = Sentence(text=rule.says, text_ko=rule.says_ko)
        settled = Sentence(text=rule.settled_by, text_ko=rule.settled_by_ko)
        # Every band counts: what does not fit on one is not mended by what fits on another.
        fits = worst([_channels(pair, first, second) if rule.channels else Answer.NO for pair in sure])
        if fits is not Answer.YES:
            answer = rule.answer if fits is Answer.NO else Answer.UNKNOWN
            reason = sentence("{one} beside {other}, on the same frequencies: {says}", says=says, **names)
            yield Finding(Aspect.AIR, answer, subjects, reason, None if answer is Answer.NO else settled)
        elif any(overlap is None for overlap, _, _ in overlaps):
            reason = sentence("{one} beside {other}: {says}", says=says, **names)
            missing = (
                sentence("the frequencies of {one}", one=first.listing.name)
                if first is second
                else sentence("the frequencies of {one} and {other}", **names)
            )
            yield Finding(Aspect.AIR, Answer.UNKNOWN, subjects, reason, missing)


def _is(listing: Listing, party: Party) -> bool:
    if not party.families and not party.categories:
        return True
    return listing.category in party.categories or listing.category.family in party.families


def _channels(bands_: tuple[Band, Band], first: Part, second: Part) -> Answer:
    """Whether all units can be set to channels of their own; unknown where an occupied bandwidth is."""
    one, other = bands_
    alike = first is second and one == other
    jobs = []
    for band, count in [(one, first.quantity)] if alike else [(one, first.quantity), (other, second.quantity)]:
        if band.width is None or band.low is None or band.high is None:
            return Answer.UNKNOWN
        jobs.append((band.low, band.high, band.width, count))
    if sum(count for *_, count in jobs) > _COUNTED_TOGETHER_MAX:
        return Answer.UNKNOWN
    return Answer.YES if channels_fit(jobs) else Answer.NO


def channels_fit(jobs: Sequence[tuple[float, float, float, int]]) -> bool:
    """Whether transmissions fit beside each other; each job is lowest and highest frequency, width, how many."""
    limits = tuple(count for *_, count in jobs)
    ends: dict[tuple[int, ...], float] = {tuple(0 for _ in jobs): -math.inf}
    for _ in range(sum(limits)):
        later: dict[tuple[int, ...], float] = {}
        for placed, end in ends.items():
            for number, (low, high, width, count) in enumerate(jobs):
                after = max(low, end) + width
                if placed[number] < count and after <= high * (1 + 1e-12):
                    state = (*placed[:number], placed[number] + 1, *placed[number + 1 :])
                    later[state] = min(after, later.get(state, math.inf))
        ends = later
    return limits in ends
