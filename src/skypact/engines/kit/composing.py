"""The main job: requirement → eligible → in reach → connected → on time → the cheapest kit, or why there is none."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import date

from skypact.engines.coverage import Terrain
from skypact.engines.kit import explaining
from skypact.engines.kit.asking import Asking
from skypact.engines.kit.candidates import Exclusions, Field, consider
from skypact.engines.kit.disagreeing import not_together
from skypact.engines.kit.network import Network, wire
from skypact.engines.kit.options import Options, Reach, lay_options, reaches
from skypact.engines.kit.places import lay_out
from skypact.engines.kit.shore import Shore
from skypact.engines.kit.solving import Search, Unsolved, attainable, needs, solve
from skypact.engines.kit.together import Together
from skypact.engines.kit.writing import Composition, Writer
from skypact.schema import (
    Answer,
    Area,
    Circle,
    CoexistenceRule,
    InputError,
    Listing,
    Question,
    Requirement,
    Rule,
    Sentence,
    ThreatClass,
    Vendor,
    sentence,
)

#: CP-SAT's deterministic time spent on one proof at most, about seconds of one quiet core.
WORK_LIMIT = 20.0


def compose(
    requirement: Requirement,
    *,
    place: Area | Circle,
    nation: str | None,
    listings: Iterable[Listing],
    vendors: Iterable[Vendor],
    threats: Sequence[ThreatClass],
    rules: Sequence[Rule],
    coexistence: Sequence[CoexistenceRule] = (),
    terrain: Terrain,
    on: date,
    revision: str,
    offshore_m: float = 0.0,
    shore: Shore | None = None,
    progress: Callable[[str, float], None] = lambda stage, done: None,
    stop: Callable[[], bool] = lambda: False,
    work_limit: float = WORK_LIMIT,
) -> Composition:
    """The cheapest kit that meets ``requirement``, or the reasons why there is none.

    Parameters
    ----------
    place, nation : where the site is (an ICAO code is resolved by the caller) and on whose soil
    listings, vendors, threats, rules : what there is to choose from, the threat library, the law as data
    coexistence : what transmitters do to their neighbours, as data
    terrain : relief around the site, reaching at least to the warning ring
    on : the day of the order; evidence, offers and rules count as of this day
    revision : which catalogue ``listings`` are, for the record
    offshore_m : how far from land the site's middle lies in the sea, metres; 0: on land
    shore : land around the site, off which no grid position is laid; ``None``: nobody tells, or the site is at sea
    progress : called with a stage (eligibility, sight, reduce, solve, explain) and the share of it that is done
    stop : asked now and then; once true, the best kit so far is returned with status "stopped"
    work_limit : CP-SAT's deterministic time for one search; without proof the kit carries its gap

    Raises :class:`InputError` for a requirement that contradicts the terrain or names an unknown threat class.
    Deterministic: the same arguments give the same kit.
    """
    question = Asking(
        requirement=requirement,
        nation=nation,
        vendors={vendor.id: vendor for vendor in vendors},
        threats=_named(requirement, threats),
        library=tuple(threats),
        terrain=terrain,
        places=lay_out(requirement, place, terrain, shore),
        revision=revision,
        on=on,
        offshore_m=offshore_m,
        shore=shore,
    )
    excluded = Exclusions()
    progress("eligibility", 0.0)
    field = consider(
        requirement,
        listings=listings,
        vendors=question.vendors,
        rules=rules,
        nation=nation,
        on=on,
        excluded=excluded,
    )
    network, reached = _considered(question, field, excluded)
    progress("eligibility", 1.0)
    together = Together(requirement, tuple(coexistence), on)
    writer = Writer(question, field, together, excluded)
    if not network.sensors:
        wanted = sentence("No sensor in the catalogue can be part of a kit for this requirement.")
        return writer.refused(explaining.nothing_usable(requirement, excluded, wanted), None)

    def lay(every_position: bool) -> Options:
        return lay_options(
            network.sensors,
            [reached[candidate.listing.id] for candidate in network.sensors],
            question.places,
            terrain,
            requirement=requirement,
            on=on,
            progress=lambda done: progress("sight", done),
            every_position=every_position,
        )

    options = lay(False)
    shares = attainable(question, network, options)
    if (shares < needs(question) - 1e-9).any():
        refusal = explaining.coverage_refusal(
            requirement, question.threats, shares / len(question.places.tested), options, whole=network.whole
        )
        return writer.refused(refusal, options)
    found = solve(
        question,
        field,
        network,
        reached,
        together=together,
        lay=lay,
        options=options,
        excluded=excluded,
        search=Search(work_limit, progress, stop),
    )
    if isinstance(found, Unsolved):
        refusal = (
            not_together(requirement, found.nothing, found.against, found.cost, whole=found.whole)
            if found.against and found.cost is not None
            else explaining.no_arrangement(requirement, found.nothing, whole=found.whole)
        )
        return writer.refused(refusal, found.options, stopped=found.nothing.stopped)
    return writer.found(found, progress)


def _named(requirement: Requirement, library: Sequence[ThreatClass]) -> tuple[ThreatClass, ...]:
    known = {threat.id: threat for threat in library}
    for number, name in enumerate(requirement.detection.threats):
        if name not in known:
            raise InputError.single(
                file=requirement.id,
                place=f"detection.threats.{number}",
                value=name,
                accepted=f"one of {', '.join(sorted(known))}",
            )
    return tuple(known[name] for name in requirement.detection.threats)


def _considered(question: Asking, field: Field, excluded: Exclusions) -> tuple[Network, dict[str, tuple[Reach, ...]]]:
    """Sensors with a usable reach and a way to a hub, and what each reaches."""
    requirement, on = question.requirement, question.on
    reached: dict[str, tuple[Reach, ...]] = {}
    seeing = []
    for candidate in field.sensors:
        found = reaches(candidate, requirement, question.threats, on=on, library=question.library)
        if any(reach.usable for reach in found):
            reached[candidate.listing.id] = found
            seeing.append(candidate)
        else:
            excluded.add(candidate.listing.id, Question.COVERAGE, Answer.UNKNOWN, _not_usable(found))
    network = wire(replace(field, sensors=tuple(seeing)), requirement, on=on, excluded=excluded)
    return network, reached


def _not_usable(reached: Sequence[Reach]) -> Sentence:
    unsettled = next((reach.unsettled for reach in reached if reach.unsettled is not None), None)
    if unsettled is not None:
        return unsettled
    known = [reach for reach in reached if reach.found.range_m]
    if known and all(reach.reach_m == 0 for reach in known):
        return sentence("nowhere does one look of it detect with the probability asked for")
    if known:
        return sentence("nobody states how wide it looks, and nothing is assumed")
    silent = all(reach.found.range_m == 0 for reach in reached)
    if silent:
        return sentence("it can notice none of the threat classes asked for")
    return sentence("no detection range for these threat classes is public, and none is assumed")
