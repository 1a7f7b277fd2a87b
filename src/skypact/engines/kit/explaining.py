"""What is not known about a kit, and, when there is none, why and how near one gets."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from skypact.engines.coverage import RangeBasis, SurfaceKind, Terrain, unstated_limits
from skypact.engines.interop import DataPath
from skypact.engines.kit.candidates import Candidate, Exclusions, accepted_as, sensors_served
from skypact.engines.kit.choosing import Nothing
from skypact.engines.kit.options import Options, Reach, named
from skypact.engines.kit.shore import Shore
from skypact.schema import (
    Answer,
    Basis,
    Category,
    Detection,
    Grade,
    Money,
    Question,
    Refusal,
    Region,
    Requirement,
    Sensor,
    SensorKind,
    Sentence,
    Shortfall,
    ThreatClass,
    Unknown,
    figure,
    sentence,
    strongest,
)

_LIMIT_NAMES = {
    "range_min": "its blind range",
    "elevation_min": "how low it looks",
    "elevation_max": "how high it looks",
}


#: What stated ranges are taken to mean where probabilities are asked for, as :mod:`skypact.engines.coverage` counts.
_MEANT = {
    SensorKind.RADAR: "the probability of detection at a radar's stated range is not public; 0.9 is counted",
    SensorKind.PASSIVE_RF: "the probability of detection of a radio receiver inside its stated range is not public; "
    "0.9 is counted",
    SensorKind.REMOTE_ID: "the probability of detection of a Remote ID receiver inside its stated range is not public; "
    "0.9 is counted",
    SensorKind.ACOUSTIC: "the probability of detection of a microphone inside its stated range is not public; "
    "0.9 is counted",
    SensorKind.CAMERA: "the probability of detection at a camera's stated range is not public; 0.5 is counted, for an "
    "observer who looks there",
    SensorKind.LIDAR: "the probability of detection at a lidar's stated range is not public; 0.5 is counted, for an "
    "observer who looks there",
}


def unknowns_of_item(
    candidate: Candidate, reached: Sequence[Reach], path: DataPath | None, requirement: Requirement, *, on: date
) -> Iterable[Unknown]:
    """Everything nobody told us about one line of the bill of materials."""
    listing, name = candidate.listing, candidate.listing.name
    for reason in candidate.verdict.reasons:
        if reason.answer is Answer.UNKNOWN:
            yield Unknown(
                subject=listing.id,
                question=Sentence(text=reason.sentence, text_ko=reason.sentence_ko),
                matters=sentence("whether the buyer may have and use {name}", name=name),
                settled_by=Sentence(
                    text="; ".join(reason.missing) or reason.sentence,
                    text_ko="; ".join(reason.missing_ko) or reason.sentence_ko,
                ),
                accepted=accepted_as(Question.ELIGIBILITY, requirement),
            )
    if candidate.price.basis is Basis.ASSUMPTION:
        yield Unknown(
            subject=listing.id,
            question=sentence("no price of {name} is public", name=name),
            matters=sentence("the cost is planned with an assumed {price}", price=candidate.price.money),
            settled_by=sentence("a quotation"),
        )
    if candidate.lead.basis in (Basis.ASSUMPTION, Basis.UNKNOWN):
        planned = (
            sentence("whether the kit is complete by {deadline}", deadline=requirement.deadline)
            if candidate.lead.days is None
            else sentence("the date is planned with an assumed {days} days", days=candidate.lead.days)
        )
        yield Unknown(
            subject=listing.id,
            question=sentence("no lead time of {name} is public", name=name),
            matters=planned,
            settled_by=sentence("a quotation with a promised date"),
            accepted=accepted_as(Question.DELIVERY, requirement) if candidate.lead.days is None else None,
        )
    if path is not None and path.answer is Answer.UNKNOWN:
        yield Unknown(
            subject=listing.id,
            question=path.reason,
            matters=sentence("whether the detections of {name} arrive at the command and control", name=name),
            settled_by=sentence("an interface test of the two products"),
            accepted=accepted_as(
                Question.INTERFACE_DETAIL if path.detail_only else Question.INTEROPERABILITY, requirement
            ),
        )
    if candidate.feed.answer is Answer.UNKNOWN:
        yield Unknown(
            subject=listing.id,
            question=sentence("power of {name}: {reason}", name=name, reason=candidate.feed.reason),
            matters=sentence("whether it runs at its position"),
            settled_by=sentence("the data sheet: input voltage and consumption"),
            accepted=accepted_as(Question.POWER, requirement),
        )
    if listing.category in (Category.C2, Category.GATEWAY, Category.ADAPTER) and sensors_served(listing, on=on) is None:
        yield Unknown(
            subject=listing.id,
            question=sentence("nobody states how many sensors {name} takes", name=name),
            matters=sentence("whether every sensor of the kit can be connected at once"),
            settled_by=sentence("the data sheet"),
        )
    if listing.sensors:
        yield from _of_sensors(candidate, reached, requirement, on)


def _of_sensors(
    candidate: Candidate, reached: Sequence[Reach], requirement: Requirement, on: date
) -> Iterable[Unknown]:
    listing, name = candidate.listing, candidate.listing.name
    untested = [reach for reach in reached if reach.usable and reach.found.grade not in (Grade.TESTED, Grade.FIELDED)]
    for reach in untested:
        asked = (
            sentence("{name} against {threat}: the range is assumed", name=name, threat=reach.threat_name)
            if reach.found.basis is RangeBasis.ASSUMED
            else sentence(
                "{name} against {threat}: the range is stated, not tested", name=name, threat=reach.threat_name
            )
        )
        yield Unknown(
            subject=listing.id,
            question=asked,
            matters=sentence("the coverage rests on {range} m", range=f"{reach.found.range_m:g}"),
            settled_by=sentence("a test report by the method of CWA 18150"),
        )
    unsettled = {reach.unsettled.text: reach.unsettled for reach in reached if reach.unsettled is not None}
    for reason in unsettled.values():
        yield Unknown(
            subject=listing.id,
            question=sentence("{name}: {reason}", name=name, reason=reason),
            matters=sentence("the coverage is counted without what it may see in this weather"),
            settled_by=sentence("the data sheet: the frequency band; or the visibility at the site, as an assumption"),
        )
    limits = {limit for reach in reached if reach.usable for limit in unstated_limits(reach.sensor, on=on)}
    for limit in sorted(limits & set(_LIMIT_NAMES)):
        yield Unknown(
            subject=listing.id,
            question=sentence("{name}: nobody states {limit}", name=name, limit=sentence(_LIMIT_NAMES[limit])),
            matters=sentence("the coverage is computed without this limit"),
            settled_by=sentence("the data sheet"),
        )
    if any(_transmits(sensor, on) for sensor in listing.sensors):
        yield Unknown(
            subject=listing.id,
            question=sentence("{name} transmits: is its frequency assigned at this place?", name=name),
            matters=sentence("without a frequency licence it must not be switched on"),
            settled_by=sentence("the nation's spectrum authority"),
        )
    if figure(listing.mass, on=on) is None:
        yield Unknown(
            subject=listing.id,
            question=sentence("the mass of {name} is not public", name=name),
            matters=sentence("which mast carries it at {height} m", height=f"{requirement.placement.mast_height_m:g}"),
            settled_by=sentence("the data sheet"),
        )


def _transmits(sensor: Sensor, on: date) -> bool:
    best = strongest(sensor.emits, on=on)
    return best is not None and best.value is True


def unknowns_of_terrain(terrain: Terrain, requirement: Requirement) -> Iterable[Unknown]:
    """What the relief in use leaves open."""
    if terrain.unknown_share > 0:
        yield Unknown(
            subject=requirement.id,
            question=sentence(
                "the height of {share} of the ground around the site is unknown", share=f"{terrain.unknown_share:.1%}"
            ),
            matters=sentence("nothing there, and nothing behind it, is counted as seen"),
            settled_by=sentence("an elevation model that reaches farther and has no gaps"),
        )
    if terrain.surface is SurfaceKind.SYNTHETIC:
        yield Unknown(
            subject=requirement.id,
            question=sentence("the relief is generated; no real place looks like this"),
            matters=sentence("every line of sight, and so where sensors must stand"),
            settled_by=sentence("an elevation model of the place (GeoTIFF or SRTM .hgt)"),
        )
    elif terrain.surface is SurfaceKind.BARE_EARTH:
        yield Unknown(
            subject=requirement.id,
            question=sentence("trees and buildings are not in the elevation model"),
            matters=sentence("they hide low flights that the plan counts as seen"),
            settled_by=sentence("a surface model, or a survey of the positions"),
        )
    elif terrain.surface is SurfaceKind.UNSTATED:
        yield Unknown(
            subject=requirement.id,
            question=sentence("the elevation model does not say whether it holds trees and buildings"),
            matters=sentence("they may hide low flights that the plan counts as seen"),
            settled_by=sentence("the elevation model's documentation"),
        )


def unknowns_of_sea(terrain: Terrain, requirement: Requirement, offshore_m: float) -> Iterable[Unknown]:
    """What a site in the sea leaves open, ``offshore_m`` from land; 0: it lies on land or nobody can tell."""
    if not offshore_m > 0:
        return
    away = sentence("over 200 km") if offshore_m == math.inf else sentence("{km} km", km=f"{offshore_m / 1000:.0f}")
    generated = terrain.surface is SurfaceKind.SYNTHETIC
    yield Unknown(
        subject=requirement.id,
        question=sentence("the site lies in the sea, {away} from the coast", away=away),
        matters=sentence(
            "positions at sea need a platform or a ship; they are planned on generated relief, where the sea is flat"
        )
        if generated
        else sentence(
            "positions at sea need a platform or a ship; the elevation model does not say whether one is there"
        ),
        settled_by=sentence("what carries each position, and how high above the sea; or the right place of the site"),
    )


def unknowns_of_water(wet: int, positions: int, requirement: Requirement, shore: Shore) -> Iterable[Unknown]:
    """What ``wet`` of a kit's ``positions`` leave open that may lie in the water."""
    if not wet:
        return
    yield Unknown(
        subject=requirement.id,
        question=sentence(
            "{wet} of {all} sensors stand where the map draws water or the relief is level at 0 m; the coastline of "
            "the map is true to {km} km only",
            wet=wet,
            all=positions,
            km=f"{shore.true_to_m / 1000:g}",
        ),
        matters=sentence("nothing stands in the water without a pier, a platform or a ship"),
        settled_by=sentence(
            "a look at the places on a map of the site; exclude the water from where equipment may stand, or give "
            "elevation files that hold no height over water"
        ),
    )


def unknowns_of_probability(kinds: Iterable[SensorKind], requirement: Requirement) -> Iterable[Unknown]:
    """What stated ranges of the kit's ``kinds`` of sensor are taken to mean, where probabilities are asked for."""
    if not requirement.detection.physics:
        return
    used = set(kinds)
    for kind in _MEANT:
        if kind in used:
            yield Unknown(
                subject=requirement.id,
                question=sentence(_MEANT[kind]),
                matters=sentence("every probability of this kit that rests on it"),
                settled_by=sentence("a test report with the share of flights detected, by the method of CWA 18150"),
            )


def nothing_usable(requirement: Requirement, excluded: Exclusions, wanted: Sentence) -> Refusal:
    """No candidate at all in a role: say what was left out for which question."""
    counts: dict[Question, int] = {}
    for (question, _, _), (_, _, listings) in excluded.groups.items():
        counts[question] = counts.get(question, 0) + len(listings)
    sentences = [wanted]
    sentences += [
        sentence(_LEFT_OUT[question], count=count)
        for question, count in sorted(counts.items(), key=lambda pair: -pair[1])
    ]
    return Refusal(sentences=tuple(sentences))


_LEFT_OUT = {
    Question.ELIGIBILITY: "{count} products were left out because the buyer may not have them, or it is not known",
    Question.INTEROPERABILITY: "{count} products were left out because nothing shows that they connect",
    Question.POWER: "{count} products were left out because nothing shows how to power them",
    Question.DELIVERY: "{count} products were left out because they come too late, or nobody says when",
    Question.PRICE: "{count} products were left out because they have no price and none is assumed",
    Question.COVERAGE: "{count} products were left out because no range or field of view is stated",
}


def coverage_refusal(
    requirement: Requirement,
    threats: Sequence[ThreatClass],
    shares: NDArray[np.float64],
    options: Options,
    *,
    whole: bool,
) -> Refusal:
    """All candidates together do not cover enough. ``shares`` (g,) is what is attainable in each group at most."""
    detection = requirement.detection
    groups = [(named(threat), height) for threat in threats for height in detection.heights_m]
    short = [
        Shortfall(
            limit=sentence("{threat} at {height} m above ground", threat=threat, height=f"{height:g}"),
            wanted=_wanted(detection),
            nearest=sentence("{share} with every product at every position", share=f"{share:.1%}"),
            remedy=_coverage_remedy(detection, options),
        )
        for (threat, height), share in zip(groups, shares, strict=True)
        if share < detection.share
    ]
    return Refusal(
        sentences=(
            sentence(
                "Even with every eligible product at every position the ring is not covered as asked in "
                "{missed} of {all} cases."
                if detection.region is Region.RING
                else "Even with every eligible product at every position the area inside the ring is not covered as "
                "asked in {missed} of {all} cases.",
                missed=len(short),
                all=len(groups),
            ),
            *narrowed(whole),
        ),
        shortfalls=tuple(short),
    )


def no_arrangement(requirement: Requirement, nothing: Nothing, *, whole: bool) -> Refusal:
    """Enough is attainable, but not within the limits on positions and on what hubs and gateways serve."""
    if nothing.stopped:
        return Refusal(sentences=(sentence("The search was stopped before a first kit was found."),))
    if not nothing.impossible:
        return Refusal(
            sentences=(sentence("No kit was found within the work limit; that does not prove there is none."),)
        )
    limit = requirement.placement.positions_max
    if limit is None:
        said = sentence("No arrangement within what the command and control products can serve covers what is asked.")
    else:
        said = sentence("No arrangement on at most {count} positions covers what is asked.", count=limit)
    return Refusal(sentences=(said, *narrowed(whole)))


def narrowed(whole: bool) -> tuple[Sentence, ...]:
    """What is said where not all of a catalogue was looked at."""
    if whole:
        return ()
    return (sentence("The catalogue is large: only its most promising products were looked at."),)


def _wanted(detection: Detection) -> Sentence:
    share = f"{detection.share:.0%}"
    if detection.region is Region.RING:
        wanted = sentence("{share} of the ring by {kinds} kinds of sensor", share=share, kinds=detection.kinds)
    else:
        wanted = sentence(
            "{share} of the area inside the ring by {kinds} kinds of sensor", share=share, kinds=detection.kinds
        )
    if detection.sensors > 1:
        wanted = sentence("{wanted}, by {sensors} sensors", wanted=wanted, sensors=detection.sensors)
    if detection.probability is not None:
        wanted = sentence(
            "{wanted}, each with a probability of {probability} a look",
            wanted=wanted,
            probability=f"{detection.probability:g}",
        )
    if detection.fused_probability is not None:
        wanted = sentence(
            "{wanted}, with a fused probability of {probability}",
            wanted=wanted,
            probability=f"{detection.fused_probability:g}",
        )
    return wanted


def _coverage_remedy(detection: Detection, options: Options) -> Sentence:
    usable = len(options.kinds)
    if usable < detection.kinds:
        return sentence(
            "ask for at most {usable} kinds, or add sensors of another kind with a stated range", usable=usable
        )
    if detection.physics or detection.sensors > 1:
        return sentence(
            "more positions for more sensors, a lower probability, a lower share, or a shorter warning distance"
        )
    return sentence("a lower share, higher masts, positions outside the site, or a shorter warning distance")


def budget_refusal(cost: Money, bound: Decimal, requirement: Requirement) -> Refusal:
    """The cheapest kit found costs more than there is; ``bound`` says whether a cheaper one is ruled out."""
    budget = requirement.budget
    floor = Money(amount=bound, currency=cost.currency)
    found = sentence("The cheapest kit found costs {cost}; the budget is {budget}.", cost=cost, budget=budget)
    if bound > budget.amount:
        proof = sentence("No kit can cost less than {floor}.", floor=floor)
    else:
        proof = sentence("That none within the budget exists is not proven.")
    return Refusal(
        sentences=(found, proof),
        shortfalls=(
            Shortfall(
                limit=sentence("budget"),
                wanted=sentence("{money}", money=requirement.budget),
                nearest=sentence("{money}", money=cost),
                remedy=sentence(
                    "{money} more, or a lower share, fewer kinds or a shorter warning distance",
                    money=Money(amount=cost.amount - requirement.budget.amount, currency=cost.currency),
                ),
            ),
        ),
    )
