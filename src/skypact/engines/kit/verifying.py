"""An independent check of a finished kit, from its own words: no options, reductions or rasters of the composer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from skypact.engines.coverage import Terrain
from skypact.engines.kit.assembling import MAINS, UNKNOWN_SOURCE, true_azimuth
from skypact.engines.kit.places import metric, over_area
from skypact.engines.kit.recounting import Recount, chance, nearest_posts, recount
from skypact.engines.kit.sensing import paired
from skypact.engines.kit.together import Together, parts
from skypact.schema import (
    Answer,
    ApproachFigure,
    CoexistenceRule,
    CoverageFigure,
    Kit,
    Listing,
    Position,
    Question,
    Region,
)

#: Positions in a kit are rounded to 1e-7 degrees, about a centimetre; a place this near a limit may fall either way.
_DOUBTFUL_SHARE = 0.02
#: What a probability may differ by for the same reason.
_DOUBTFUL_PROBABILITY = 1e-3
#: Every so many bearings are walked again.
_BEARINGS_STEP = 6


def verify(
    kit: Kit, *, listings: Mapping[str, Listing], terrain: Terrain, coexistence: Sequence[CoexistenceRule] = ()
) -> tuple[str, ...]:
    """What is wrong with ``kit``; nothing if it keeps its promises.

    Recomputes coverage, probabilities, straight and least observed approaches and blind areas from the positions,
    directions and ranges the kit names; adds up cost, connections and answers; and asks the engine of sets, with the
    rules of ``coexistence``, whether its products work together. Shares may differ by the rounding of positions only.
    """
    return (
        *_wrong_ranges(kit),
        *_nobodys_ranges(kit, listings),
        *_wrong_coverage(kit, listings, terrain),
        *_wrong_approaches(kit, listings, terrain),
        *_wrong_blind_areas(kit, listings, terrain),
        *_wrong_cost(kit),
        *_wrong_links(kit),
        *_wrong_together(kit, listings, coexistence),
    )


def _wrong_ranges(kit: Kit) -> Iterable[str]:
    asked = kit.requirement.detection
    for item in kit.items:
        for used in item.ranges:
            name = f"{item.listing} against {used.threat}"
            if used.expires is not None and used.expires <= kit.composed_on:
                yield f"{name}: the range expired on {used.expires}"
            if asked.physics and used.probable_m is None:
                yield f"{name}: a probability is asked for, and the kit does not say how far it is kept"
            if used.probable_m is None:
                continue
            if used.probable_m > used.range_m:
                yield f"{name}: it is counted on to {used.probable_m:g} m, beyond the {used.range_m:g} m stated"
            elif asked.probability is not None and used.probable_m > 0:
                one = float(chance(kit, used.kind, used, np.array(used.probable_m)))
                if one < asked.probability - 1e-9:
                    yield f"{name}: at {used.probable_m:g} m one look detects with {one:.3f}, not {asked.probability:g}"


def _nobodys_ranges(kit: Kit, listings: Mapping[str, Listing]) -> Iterable[str]:
    for item in kit.items:
        for used, sensor in paired(item.ranges, listings[item.listing]):
            if sensor is None:
                told = "it does not say of which" if used.sensor is None else f"it says of number {used.sensor}"
                yield (
                    f"{item.listing} against {used.threat}: a range of {used.range_m:g} m is not that of a "
                    f"{used.kind.value} of the listing; {told}, so it is not counted again"
                )


def _wrong_coverage(kit: Kit, listings: Mapping[str, Listing], terrain: Terrain) -> Iterable[str]:
    places = _places(kit, terrain)
    for figure in kit.coverage:
        name = f"{figure.threat} at {figure.height_m:g} m"
        again = recount(kit, listings, terrain, places, threat=figure.threat, height_m=figure.height_m)
        covered = again.enough(kit, _DOUBTFUL_PROBABILITY)
        share = float(covered.mean())
        if abs(share - figure.share) > _DOUBTFUL_SHARE:
            yield (
                f"{name}: the kit says {figure.share:.3f} of the {figure.region.value} is covered, "
                f"counted again it is {share:.3f}"
            )
        if figure.met != (figure.share >= figure.share_required - 1e-9):
            yield f"{name}: met is {figure.met} at a share of {figure.share:.3f}"
        yield from _wrong_shares(name, figure, again)
        yield from _wrong_probability(name, figure, 1.0 - again.missed[covered])


def _wrong_shares(name: str, figure: CoverageFigure, again: Recount) -> Iterable[str]:
    for what, shares, counts in (
        ("kinds", figure.shares_by_kinds, again.kinds),
        ("sensors", figure.shares_by_sensors, again.sensors),
    ):
        for number, share in enumerate(shares, start=1):
            found = float((counts >= number).mean())
            if abs(share - found) > _DOUBTFUL_SHARE:
                yield f"{name}: {share:.3f} seen by {number} {what}, counted again it is {found:.3f}"


def _wrong_probability(name: str, figure: CoverageFigure, fused: NDArray[np.float64]) -> Iterable[str]:
    if figure.probability_mean is None or figure.probability_least is None or not len(fused):
        return
    if abs(figure.probability_mean - float(fused.mean())) > _DOUBTFUL_SHARE:
        yield f"{name}: fused probability {figure.probability_mean:.3f}, counted again it is {float(fused.mean()):.3f}"
    asked = figure.fused_required
    if asked is not None and figure.probability_least < asked - 1e-9:
        yield f"{name}: fused probability {figure.probability_least:.4f} at a covered place, {asked:g} is asked for"


def _places(kit: Kit, terrain: Terrain) -> NDArray[np.float64]:
    """The places tested, in the terrain's reference system."""
    asked = kit.requirement.detection
    if asked.region is Region.AREA:
        edge = metric(kit.site_outline, terrain).buffer(asked.warning_distance_m, quad_segs=16)
        return over_area(edge, asked.spacing_m)
    ring = [point for line in kit.ring for point in line.coordinates[:-1]]
    return np.column_stack(terrain.to_grid(*np.array(ring).T))


def _wrong_approaches(kit: Kit, listings: Mapping[str, Listing], terrain: Terrain) -> Iterable[str]:
    hull = metric(kit.site_outline, terrain).convex_hull
    for figure in kit.approaches:
        name = f"{figure.threat} at {figure.height_m:g} m"
        doubtful = sum(
            _doubtful(kit, listings, terrain, hull, figure, number)
            for number in range(0, len(figure.bearings), _BEARINGS_STEP)
        )
        if doubtful > 1:
            yield f"{name}: on {doubtful} bearings it is not first noticed where the kit says"
        if figure.path is None or figure.length_m is None or figure.observed_m is None:
            continue
        line = shapely.LineString(np.column_stack(terrain.to_grid(*np.array(figure.path.coordinates).T)))
        pieces = max(1, int(line.length / terrain.dx * 2))
        at = shapely.line_interpolate_point(line, (np.arange(pieces) + 0.5) * line.length / pieces)
        posts = nearest_posts(terrain, shapely.get_coordinates(at))
        again = recount(kit, listings, terrain, posts, threat=figure.threat, height_m=figure.height_m)
        observed = line.length * float(again.enough(kit).mean())
        if abs(line.length - figure.length_m) > 1.0 or abs(observed - figure.observed_m) > 0.03 * line.length + 1.0:
            yield (
                f"{name}: the path of {figure.length_m:.0f} m is said to be observed on {figure.observed_m:.0f} m, "
                f"counted again {observed:.0f} of {line.length:.0f} m"
            )


def _doubtful(
    kit: Kit,
    listings: Mapping[str, Listing],
    terrain: Terrain,
    hull: BaseGeometry,
    figure: ApproachFigure,
    number: int,
) -> bool:
    """Whether a straight approach is not noticed where the kit says, or is noticed farther out."""
    told, middle = figure.bearings[number], hull.centroid
    angle = np.radians(told.bearing_deg - true_azimuth(0.0, middle.x, middle.y, terrain))
    toward = np.array([np.sin(angle), np.cos(angle)])
    west, south, east, north = terrain.bounds
    reach = np.hypot(east - west, north - south)
    ray = shapely.LineString([(middle.x, middle.y), np.array([middle.x, middle.y]) + reach * toward])
    edge = ray.intersection(hull).length
    near = terrain.dx * np.array([-1.0, 0.0, 1.0])
    first = np.empty(0) if told.first_seen_m is None else np.maximum(0.0, told.first_seen_m + near)
    farther = np.arange((told.first_seen_m or 0.0) + 4.0 * terrain.dx, reach, 2.0 * terrain.dx)
    out = np.concatenate([first, farther])
    at = np.array([middle.x, middle.y]) + (edge + out[:, None]) * toward
    known = (at[:, 0] >= west) & (at[:, 0] <= east) & (at[:, 1] >= south) & (at[:, 1] <= north)
    posts = nearest_posts(terrain, at)
    again = recount(kit, listings, terrain, posts, threat=figure.threat, height_m=figure.height_m).enough(kit) & known
    return bool(again[len(first) :].any() or (len(first) and not again[: len(first)].any()))


def _wrong_blind_areas(kit: Kit, listings: Mapping[str, Listing], terrain: Terrain) -> Iterable[str]:
    sizes = [area.area_m2 for area in kit.blind_areas]
    if sizes != sorted(sizes, reverse=True):
        yield "the blind areas are not told largest first"
    for area in kit.blind_areas:
        posts = nearest_posts(terrain, np.column_stack(terrain.to_grid(*np.array([area.centre]).T)))
        again = recount(kit, listings, terrain, posts, threat=area.threat, height_m=area.height_m)
        if again.enough(kit)[0]:
            lon, lat = area.centre
            yield f"{area.threat} at {area.height_m:g} m: {lon:g}, {lat:g} is said to be blind and is seen"


def _wrong_cost(kit: Kit) -> Iterable[str]:
    if kit.cost is None:
        return
    total = sum(item.unit_price.amount * item.quantity for item in kit.items if item.unit_price is not None)
    if total != kit.cost.total.amount:
        yield f"the items add up to {total}, the kit says {kit.cost.total.amount}"
    if any(item.unit_price is None for item in kit.items):
        yield "an item without a price is in the kit"


def _wrong_links(kit: Kit) -> Iterable[str]:
    present = {item.listing for item in kit.items} | {MAINS, UNKNOWN_SOURCE}
    accepted = kit.requirement.accept_unknown
    for link in kit.links:
        missing = {link.source, link.target, *link.via} - present
        if missing:
            yield f"a {link.kind} link names {', '.join(sorted(missing))}, which is not in the kit"
        questions = {Question.INTEROPERABILITY, Question.INTERFACE_DETAIL} if link.kind == "data" else {Question.POWER}
        if link.answer is Answer.NO or (link.answer is Answer.UNKNOWN and not questions & set(accepted)):
            yield f"the {link.kind} link {link.source} → {link.target} is answered {link.answer.value}"
    sending = {link.source for link in kit.links if link.kind == "data"}
    for item in kit.items:
        if item.category.family == "sensor" and item.listing not in sending:
            yield f"sensor {item.listing} has no data link"


def _wrong_together(kit: Kit, listings: Mapping[str, Listing], coexistence: Sequence[CoexistenceRule]) -> Iterable[str]:
    """What the products have against each other that a kit may not have, and accepted unknowns it does not tell."""
    if not kit.items:
        return
    together = Together(kit.requirement, tuple(coexistence), kit.composed_on)
    fed = {link.target: link.source for link in kit.links if link.kind == "power" and link.source in listings}
    places: dict[Position, list[str]] = {}
    for item in kit.items:
        for position in item.positions:
            places.setdefault(position.at, []).append(item.listing)
    standing = [
        parts((listings[name], 1) for unit in units for name in (unit, fed.get(unit)) if name is not None)
        for units in places.values()
    ]
    findings = together.findings(parts((listings[item.listing], item.quantity) for item in kit.items), standing)
    for finding in together.against(findings):
        subjects = ", ".join(finding.subjects)
        yield f"{finding.aspect.value} of {subjects} is answered {finding.answer.value}: {finding.reason}"
    told = {unknown.question.text for unknown in kit.unknowns if unknown.accepted is not None}
    for finding in together.open(findings):
        if finding.reason.text not in told:
            yield f"{finding.aspect.value} of {', '.join(finding.subjects)} is open and not told: {finding.reason}"
    if kit.open_questions != sum(unknown.accepted is not None for unknown in kit.unknowns):
        yield f"{kit.open_questions} accepted questions are counted, which the unknowns do not tell"
