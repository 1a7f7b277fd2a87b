"""The cheapest choice of options that works together: the program alone first, and with rules where its kit breaks any.

The program of :mod:`.choosing` knows coverage, ways and numbers of sensors. Its kit is judged as a whole
(:mod:`.together`). If nothing speaks against it, rules would not have made it cheaper: it stays. Otherwise the question
is asked again with all that binds products together (:mod:`.binding`) as constraints; and what a kit as a whole still
breaks is forbidden and the search goes on, until one passes or none is left. So what is proven is proven of kits that
work together.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from skypact.engines.interop.together import Aspect, Finding, Part
from skypact.engines.kit.asking import Asking
from skypact.engines.kit.assembling import Line, lines_of, needed
from skypact.engines.kit.binding import Binding
from skypact.engines.kit.candidates import COST_UNIT, Candidate, Exclusions, Field
from skypact.engines.kit.choosing import Choice, Chosen, Node, Nothing, choose
from skypact.engines.kit.jointly import ALONE, AtLeast, Jointly, Member, Role
from skypact.engines.kit.network import Network, wire
from skypact.engines.kit.options import CERTAINTY_UNITS, Options, Reach
from skypact.engines.kit.reduction import merged_rows, promising, unbeaten
from skypact.engines.kit.together import Together, parts
from skypact.schema import Answer, sentence

#: More options than this are narrowed to the most promising ones, at the price of the proof.
OPTIONS_MAX = 5000
#: So many kits are judged at most.
ROUNDS_MAX = 60

Reached = Mapping[str, tuple[Reach, ...]]


@dataclass(frozen=True, eq=False)
class Solution:
    """A kit that works together, and what was found about it as a set."""

    chosen: Chosen
    options: Options
    network: Network
    lines: tuple[Line, ...]
    findings: tuple[Finding, ...]


@dataclass(frozen=True, eq=False)
class Unsolved:
    """No kit. ``against``: what the cheapest one that covers what is asked has against it, and what it costs."""

    nothing: Nothing
    options: Options
    whole: bool
    against: tuple[Finding, ...] = ()
    cost: Decimal | None = None


@dataclass(frozen=True, eq=False)
class Search:
    """How far a question is looked into, and who is told."""

    work_limit: float
    progress: Callable[[str, float], None]
    stop: Callable[[], bool]


def solve(
    asking: Asking,
    field_: Field,
    network: Network,
    reached: Reached,
    *,
    together: Together,
    lay: Callable[[bool], Options],
    options: Options,
    excluded: Exclusions,
    search: Search,
) -> Solution | Unsolved:
    """The cheapest kit that covers what is asked and works together, or why there is none.

    ``options`` are what ``lay(False)`` gave: options of ``network``'s sensors; ``lay(True)`` keeps those of every
    position. Sensors that nothing carries the data of are added to ``excluded``.
    """
    attempt = _Attempt(asking, field_, reached, together, search)
    first = attempt.made(network, options)
    if isinstance(first, Unsolved):
        return first
    against = together.against(first.findings)
    if not against:
        return first
    cost = Decimal(first.chosen.cost) * COST_UNIT
    if first.chosen.stopped:
        return Unsolved(Nothing(impossible=False, stopped=True), first.options, network.whole, against, cost)
    laws = _Laws(Binding(together, field_), crowded=_of_power(against))
    candidates = replace(field_, sensors=network.sensors)
    bound = wire(candidates, asking.requirement, on=asking.on, excluded=excluded, binding=laws.binding)
    laid = lay(True) if laws.crowded else options
    for _ in range(ROUNDS_MAX if bound.sensors else 0):
        found = attempt.made(bound, _of_sensors(laid, network, bound), laws)
        if isinstance(found, Unsolved):
            return replace(found, against=against, cost=cost)
        still = together.against(found.findings)
        if not still:
            return _no_cheaper_than(found, first)
        if found.chosen.stopped:
            return Unsolved(Nothing(impossible=False, stopped=True), found.options, bound.whole, against, cost)
        if _of_power(still) and not laws.crowded:
            laws, laid = replace(laws, crowded=True), lay(True)
        else:
            laws = laws.with_those_of(found, still, attempt)
            if laws.exactly and not laws.binding.alone:  # what stands for another one may be what is forbidden
                laws = replace(laws, binding=replace(laws.binding, alone=True))
                bound = wire(candidates, asking.requirement, on=asking.on, excluded=Exclusions(), binding=laws.binding)
    nothing = Nothing(impossible=not bound.sensors and bound.whole, stopped=False)
    return Unsolved(nothing, options, bound.whole, against, cost)


def _no_cheaper_than(found: Solution, first: Solution) -> Solution:
    """What is proven of kits without rules is proven of those with rules too."""
    bound = max(found.chosen.bound, first.chosen.bound)
    return replace(found, chosen=replace(found.chosen, bound=bound, proven=bound == found.chosen.cost))


@dataclass(frozen=True)
class _Laws:
    """What binds products together, and what was learned of kits that do not work together."""

    binding: Binding
    crowded: bool
    """what hangs on one position's circuit is added up"""
    never: tuple[AtLeast, ...] = ()
    exactly: tuple[AtLeast, ...] = ()

    def of(self, network: Network, options: Options) -> Jointly:
        """All of it, for the products of which an option is left."""
        return self.binding.jointly(network, np.unique(options.product), self.never, self.exactly, crowded=self.crowded)

    def with_those_of(self, found: Solution, against: Iterable[Finding], attempt: _Attempt) -> _Laws:
        """More on the air of those that disturb each other disturb each other too; of the rest this kit is no kit."""
        there = attempt.members(found)
        never, exactly = list(self.never), list(self.exactly)
        for finding in against:
            subjects = sorted(set(finding.subjects))
            if finding.aspect is Aspect.AIR and all(subject in there for subject in subjects):
                never.append(tuple(there[subject] for subject in subjects))
            else:
                exactly.append(tuple(sorted(there.values())))
        return replace(self, never=tuple(dict.fromkeys(never)), exactly=tuple(dict.fromkeys(exactly)))


@dataclass(frozen=True, eq=False)
class _Attempt:
    """One search after the other, over networks and options that differ."""

    asking: Asking
    field: Field
    reached: Reached
    together: Together
    search: Search

    def made(self, network: Network, options: Options, laws: _Laws | None = None) -> Solution | Unsolved:
        """The cheapest kit under ``laws``, judged as a whole."""
        asking, search = self.asking, self.search
        search.progress("reduce", 0.0)
        left, whole = _reduced(asking, network, options, laws)
        rows, weight, group = merged_rows(left, len(needs(asking)))
        search.progress("reduce", 1.0)
        chosen = choose(
            self._choice(network, rows, weight, group, laws),
            work_limit=search.work_limit,
            progress=lambda done: search.progress("solve", done),
            stop=search.stop,
        )
        if isinstance(chosen, Nothing):
            return Unsolved(chosen if whole else replace(chosen, impossible=False), left, whole)
        if not whole:
            chosen = replace(chosen, proven=False, bound=0)
        lines = tuple(lines_of(chosen, left, network, self.field, self.reached))
        return Solution(chosen, left, network, lines, self._findings(lines, left))

    def members(self, found: Solution) -> dict[str, tuple[Member, int]]:
        """The products of a kit that the program chooses, and how many of each."""
        network, chosen = found.network, found.chosen
        units = Counter(int(product) for product in found.options.product[chosen.options])
        counted = (
            (Role.SENSOR, network.sensors, units),
            (Role.HUB, network.hubs, {chosen.hub: 1}),
            (Role.GATEWAY, network.gateways, chosen.gateways),
            (Role.EXTRA, self.field.clocks, chosen.extras),
        )
        return {
            group[number].listing.id: (Member(role, number), count)
            for role, group, counts in counted
            for number, count in counts.items()
        }

    def _findings(self, lines: Sequence[Line], options: Options) -> tuple[Finding, ...]:
        places = _places(lines, options, self.field)
        whole = parts((line.candidate.listing, line.quantity) for line in lines)
        found = self.together.findings(whole, [[*place.parts] for place in places])
        return (*found, *(one for place in places for one in self._overload(place)))

    def _overload(self, place: _Place) -> Iterable[Finding]:
        """What hangs on one circuit, with what the requirement assumes of draws that nobody states."""
        drawn, most = sum(self.together.drawn_mw(one, self.field) for one in place.standing), self.together.circuit_mw()
        if drawn > most:
            names = ", ".join(dict.fromkeys(one.listing.name for one in place.standing))
            said = sentence("{names} draw {draw} W at one position, the circuit there gives {power} W", names=names,
                            draw=f"{drawn / 1000:g}", power=f"{most / 1000:g}")  # fmt: skip
            subjects = tuple(dict.fromkeys(one.listing.id for one in place.standing))
            yield Finding(Aspect.POWER, Answer.NO, subjects, said)

    def _choice(
        self,
        network: Network,
        rows: Options,
        weight: NDArray[np.int64],
        group: NDArray[np.int64],
        laws: _Laws | None,
    ) -> Choice:
        requirement, unstated = self.asking.requirement, laws is not None

        def node(candidate: Candidate) -> Node:
            room = self.together.room(candidate.listing, unstated=unstated)
            return Node(candidate.cost, candidate.unknowns, room)

        return Choice(
            seen=rows.seen,
            weight=weight,
            group=group,
            need=needs(self.asking),
            product=rows.product,
            position=rows.position,
            cost=np.array([candidate.cost for candidate in network.sensors], dtype=np.int64),
            unknowns=np.array([candidate.unknowns for candidate in network.sensors], dtype=np.int64),
            paths=network.paths,
            hubs=[node(candidate) for candidate in network.hubs],
            gateways=[node(candidate) for candidate in network.gateways],
            kinds_needed=requirement.detection.kinds,
            sensors_needed=requirement.detection.sensors,
            certainty=rows.certainty,
            certainty_needed=CERTAINTY_UNITS if rows.fused else 0,
            positions_max=requirement.placement.positions_max,
            seed=requirement.seed,
            extras=[] if laws is None else [node(candidate) for candidate in self.field.clocks],
            jointly=ALONE if laws is None else laws.of(network, rows),
        )


@dataclass(frozen=True)
class _Place:
    """What hangs on one circuit: every unit that stands there, and the same with what feeds it as parts of a set."""

    standing: tuple[Candidate, ...]
    parts: tuple[Part, ...]


def _places(lines: Sequence[Line], options: Options, field_: Field) -> list[_Place]:
    """The different places of a kit; a unit that has no position has a circuit of its own."""
    standing: dict[int, list[Candidate]] = {}
    alone = []
    for line in lines:
        for option in line.options:
            standing.setdefault(int(options.position[option]), []).append(line.candidate)
        if not line.options and line.candidate.listing.id not in {*field_.mounts, *field_.sources}:
            alone.append([line.candidate])
    found: dict[tuple[str, ...], _Place] = {}
    for units in (*standing.values(), *alone):
        key = tuple(sorted(one.listing.id for one in units))
        fed = [one.feed.source for one in units if one.feed.source is not None]
        set_ = parts([*((one.listing, 1) for one in units), *((field_.sources[name].listing, 1) for name in fed)])
        found.setdefault(key, _Place(tuple(units), set_))
    return list(found.values())


def _of_power(findings: Iterable[Finding]) -> bool:
    return any(one.aspect is Aspect.POWER for one in findings)


def _of_sensors(options: Options, before: Network, after: Network) -> Options:
    """The options of ``before``'s sensors that are ``after``'s too, by their numbers there."""
    number = {candidate.listing.id: place for place, candidate in enumerate(after.sensors)}
    places = np.array([number.get(candidate.listing.id, -1) for candidate in before.sensors], dtype=np.int64)
    product = places[options.product]
    return replace(options, product=product).kept(product >= 0)


def _reduced(asking: Asking, network: Network, options: Options, laws: _Laws | None) -> tuple[Options, bool]:
    """Fewer options with the same best kit; or, of very many, the most promising, and then nothing is proven."""
    limited = asking.requirement.placement.positions_max is not None
    kept = unbeaten(
        options,
        network,
        sensors=asking.requirement.detection.sensors,
        same_position_only=limited or (laws is not None and laws.crowded),
        on=asking.on,
        stands_for=None if laws is None else laws.binding.stand_for(network, counted=bool(laws.never)),
    )
    left = options.kept(kept)
    if len(left) <= OPTIONS_MAX:
        return left, network.whole
    return left.kept(promising(left, network, OPTIONS_MAX)), False


def needs(asking: Asking) -> NDArray[np.int64]:
    """Places that must be covered, for each threat class at each height."""
    detection = asking.requirement.detection
    count = needed(detection.share, len(asking.places.tested))
    return np.full(len(detection.threats) * len(detection.heights_m), count, dtype=np.int64)


def attainable(asking: Asking, network: Network, options: Options) -> NDArray[np.int64]:
    """Places covered in each group by everything that reaches one hub; of the best hub."""
    asked, detection = needs(asking), asking.requirement.detection
    best: NDArray[np.int64] | None = None
    for hub in range(len(network.hubs)):
        products = [number for number, paths in enumerate(network.paths) if any(path.hub == hub for path in paths)]
        which = np.isin(options.product, products)
        enough = options.covered(which, kinds=detection.kinds, sensors=detection.sensors)
        covered = enough.reshape(len(asked), -1).sum(axis=1)
        if best is None or np.minimum(covered, asked).sum() > np.minimum(best, asked).sum():
            best = covered
    if best is None:
        raise ValueError("sensors with paths but without hubs")
    return best
