"""Why it cannot be: every minimal set of stipulations that cannot hold together, each said in at most three sentences.

A stipulation is something the asker could give up: that a product is part of the set, that all is connected, that the
command and control is the one at hand, that so many kinds of sensor are left, … Whether some of them can hold together
is a question of reach, without costs, and answered at once. All minimal sets are enumerated by MARCO (Liffiton,
Previti, Malik and Marques-Silva 2016, Constraints 21(2)): the largest untried set either holds, and its subsets with
it, or is shrunk to a minimal reason.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray
from ortools.sat.python import cp_model

from skypact.engines.interop.links import IMPOSSIBLE
from skypact.engines.interop.reach import on_a_way, reached, some, wiring
from skypact.engines.interop.together import feeding
from skypact.engines.interop.together.air import conflicts
from skypact.engines.interop.together.question import GATEWAYS, SOURCES, Finding, Question
from skypact.schema import Answer, Category, Listing

Flags = NDArray[np.bool_]

#: More minimal reasons than anybody reads are not enumerated.
REASONS_MAX = 20


class Kind(StrEnum):
    """What a stipulation is about."""

    PART = "part"
    """the product is part of the set"""
    CONNECTED = "connected"
    """every sensor reaches a command-and-control product"""
    COMMON = "common"
    """they all reach the same one"""
    HUB = "hub"
    """no other command-and-control product than the set's own"""
    POWERED = "powered"
    CLEAR = "clear"
    """nobody disturbs anybody on the air"""
    KINDS = "kinds"
    """so many different kinds of sensor are left"""


@dataclass(frozen=True)
class Stipulation:
    """One of them; ``listing`` where it is about one product."""

    kind: Kind
    listing: str | None = None


@dataclass(frozen=True)
class Reason:
    """A minimal reason: these cannot hold together, and without any one of them the rest can."""

    stipulations: tuple[Stipulation, ...]


class Situation:
    """What reaches what and what is fed, with everything that is offered: the ground that stipulations are tried on."""

    def __init__(self, question: Question) -> None:
        wanted = question.wanted
        self.question = question
        self.sensors = [part.listing for part in question.sensors]
        self.parts = [part.listing for part in question.parts]
        offered = [one.listing for one in question.offered]
        own_hubs = [listing for listing in self.parts if listing.category is Category.C2]
        own = {hub.id for hub in own_hubs}
        self.hubs = [*own_hubs, *(one for one in offered if one.category is Category.C2 and one.id not in own)]
        self.own = np.array([hub.id in own for hub in self.hubs], dtype=np.bool_)
        gateways = [one for one in (*self.parts, *offered) if one.category in GATEWAYS]
        sources = [one for one in (*self.parts, *offered) if feeding.outlets(one)]
        wired, accept = wiring(self.sensors, self.hubs, gateways), min(wanted.accept, IMPOSSIBLE - 1)
        self.reached = self.reached_fed = reached(wired, accept)
        self.fed = dict.fromkeys((one.id for one in self.parts), True)
        if wanted.powered:
            way = on_a_way(wired, accept)  # what is on none reaches nothing, fed or not
            gates, hubs = _those(gateways, way.gateways), _those(self.hubs, way.targets)
            self.fed = self._fed((*self.parts, *hubs, *gates), sources)
            lit = [np.array([self.fed.get(one.id, False) for one in group], dtype=np.bool_)
                   for group in (gateways, self.hubs)]  # fmt: skip
            fed = replace(wired, gateways=some(wired.gateways, lit[0]))
            self.reached_fed = reached(fed, accept) & lit[1]
        self.conflicts: dict[frozenset[str], Finding] = {
            frozenset(found.subjects): found
            for found in conflicts(question)
            if found.answer is Answer.NO or (found.answer is Answer.UNKNOWN and wanted.accept < 1)
        }

    def _fed(self, listings: Iterable[Listing], sources: Sequence[Listing]) -> dict[str, bool]:
        """Which of ``listings`` some source, or mains, feeds that runs by itself or behind one that does."""
        wanted, on = self.question.wanted, self.question.on
        weakest = wanted.accept
        accepted = (Answer.YES, Answer.UNKNOWN) if weakest >= 2 else (Answer.YES,)
        standing = [*map(feeding.Standing(wanted.mains), sources)]
        roots = [one for one, stands in zip(sources, standing, strict=True) if stands is Answer.YES]
        behind = feeding.Feeders(roots, on=on, mains=wanted.mains)
        live = [
            one
            for one, stands in zip(sources, standing, strict=True)
            if stands in accepted
            or (stands is not Answer.NO and any(given <= weakest for _, _, given in behind.ways(one, as_source=True)))
        ]
        feeders = feeding.Feeders(live, on=on, mains=wanted.mains)

        def fed(listing: Listing) -> bool:
            if not feeding.needs_feed(listing) or (listing.category in SOURCES and feeding.outlets(listing)):
                return True  # a source that nothing feeds is of no use, and no fault of the set
            if not feeding.inlets(listing):
                return weakest >= 2
            return any(given <= weakest for _, _, given in feeders.ways(listing))

        return {one.id: fed(one) for one in listings}

    def stipulations(self) -> tuple[Stipulation, ...]:
        """All there are for this question."""
        wanted = self.question.wanted
        found = [Stipulation(Kind.PART, listing.id) for listing in self.parts]
        if self.sensors:
            found.append(Stipulation(Kind.CONNECTED))
            if wanted.common:
                found.append(Stipulation(Kind.COMMON))
            if self.own.any() and not wanted.other_c2:
                found.append(Stipulation(Kind.HUB))
        if wanted.powered:
            found.append(Stipulation(Kind.POWERED))
        if self.conflicts:
            found.append(Stipulation(Kind.CLEAR))
        if wanted.kinds:
            found.append(Stipulation(Kind.KINDS))
        return tuple(found)

    def holds(self, chosen: Sequence[Stipulation]) -> bool:
        """Whether ``chosen`` can hold together, with any additions out of what is offered."""
        kinds = {one.kind for one in chosen}
        kept = {one.listing for one in chosen if one.kind is Kind.PART}
        if Kind.POWERED in kinds and any(not self.fed[one.id] for one in self.parts if one.id in kept):
            return False
        if Kind.CLEAR in kinds and any(pair <= kept for pair in self.conflicts):
            return False
        allowed = self.allowed(kinds)
        if Kind.CONNECTED in kinds:
            held = np.array([sensor.id in kept for sensor in self.sensors], dtype=np.bool_)
            if Kind.COMMON in kinds:
                fitting = allowed[:, allowed[held].all(axis=0)]
                if Kind.KINDS not in kinds:
                    return bool(fitting.shape[1])
                return any(self._enough(kinds, kept, column) for column in np.unique(fitting, axis=1).T)
            if not allowed[held].any(axis=1).all():
                return False
            return self._enough(kinds, kept, np.asarray(allowed.any(axis=1)))
        return self._enough(kinds, kept, np.ones(len(self.sensors), dtype=np.bool_))

    def allowed(self, kinds: set[Kind]) -> Flags:
        """Which sensor may reach which hub under stipulations of these kinds, bool (sensors, hubs)."""
        found = self.reached_fed if Kind.POWERED in kinds else self.reached
        return found & self.own if Kind.HUB in kinds else found

    def _enough(self, kinds: set[Kind], kept: set[str | None], connected: Flags) -> bool:
        """Whether enough kinds of sensor are left among those that may stay."""
        if Kind.KINDS not in kinds:
            return True
        may = [
            sensor
            for sensor, reaches in zip(self.sensors, connected.tolist(), strict=True)
            if reaches and (Kind.POWERED not in kinds or self.fed[sensor.id])
        ]
        certain = [sensor for sensor in may if sensor.id in kept]
        seen = frozenset(kind for sensor in certain for kind in _kinds(sensor))
        clear = self.conflicts if Kind.CLEAR in kinds else {}
        return self._more(seen, [one for one in may if one.id not in kept], {str(one) for one in kept}, clear)

    def _more(
        self, seen: frozenset[str], left: list[Listing], kept: set[str], clear: dict[frozenset[str], Finding]
    ) -> bool:
        if len(seen) >= self.question.wanted.kinds:
            return True
        for number, sensor in enumerate(left):
            if _kinds(sensor) <= seen or any(pair <= {*kept, sensor.id} for pair in clear):
                continue
            if self._more(seen | _kinds(sensor), left[number + 1 :], {*kept, sensor.id}, clear):
                return True
        return False


def _those(listings: Sequence[Listing], flags: Flags) -> list[Listing]:
    return [one for one, wanted in zip(listings, flags.tolist(), strict=True) if wanted]


def _kinds(sensor: Listing) -> frozenset[str]:
    return frozenset(one.kind.value for one in sensor.sensors)


def reasons(situation: Situation, *, most: int = REASONS_MAX) -> tuple[Reason, ...]:
    """Every minimal reason why the stipulations of a question cannot all hold, smallest first; at most ``most``."""
    everything = situation.stipulations()
    found = minimal(
        len(everything), lambda chosen: situation.holds([everything[number] for number in chosen]), most=most
    )
    made = [Reason(tuple(everything[number] for number in sorted(numbers))) for numbers in found]
    order = {one: number for number, one in enumerate(everything)}
    return tuple(
        sorted(made, key=lambda reason: (len(reason.stipulations), [order[one] for one in reason.stipulations]))
    )


def minimal(count: int, holds: Callable[[Sequence[int]], bool], *, most: int) -> Iterator[frozenset[int]]:
    """Every minimal set of numbers below ``count`` that does not hold, at most ``most``.

    ``holds`` must be monotone: what holds, holds with less.
    """
    if holds(range(count)):
        return
    model = cp_model.CpModel()
    inside = [model.new_bool_var(str(number)) for number in range(count)]
    model.maximize(sum(inside))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    given = 0
    while given < most and solver.solve(model) == cp_model.OPTIMAL:
        seed = [number for number, one in enumerate(inside) if solver.value(one)]
        if holds(seed):
            model.add_bool_or([one for number, one in enumerate(inside) if number not in set(seed)])
            continue
        reason = shrunk(seed, holds)
        yield reason
        given += 1
        model.add_bool_or([inside[number].negated() for number in sorted(reason)])


def shrunk(numbers: Sequence[int], holds: Callable[[Sequence[int]], bool]) -> frozenset[int]:
    """A minimal set that does not hold, out of one that does not: what can go, goes."""
    kept = list(numbers)
    for number in numbers:
        less = [one for one in kept if one != number]
        if not holds(less):
            kept = less
    return frozenset(kept)
