"""An independent check of a finished kit: from its own words, one place and one sensor at a time."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from datetime import date

import numpy as np

from skypact.engines.coverage import Terrain, sees, sight_heights
from skypact.engines.kit.assembling import MAINS, UNKNOWN_SOURCE
from skypact.schema import Answer, Kit, KitItem, Listing, Question, Sensor

#: Positions in a kit are rounded to 1e-7 degrees, about a centimetre; a place this near a limit may fall either way.
_DOUBTFUL_SHARE = 0.02


def verify(kit: Kit, *, listings: Mapping[str, Listing], terrain: Terrain) -> tuple[str, ...]:
    """What is wrong with ``kit``; nothing if it keeps its promises.

    Recomputes the coverage from the positions, directions and ranges the kit names, place by place along its ring,
    without the composer's options and reductions; and adds up cost, connections and answers. Shares may differ by
    the rounding of positions only.
    """
    return (*_wrong_coverage(kit, listings, terrain), *_wrong_cost(kit), *_wrong_links(kit))


def _wrong_coverage(kit: Kit, listings: Mapping[str, Listing], terrain: Terrain) -> Iterable[str]:
    ring = [point for line in kit.ring for point in line.coordinates[:-1]]
    x, y = terrain.to_grid(*np.array(ring).T)
    for figure in kit.coverage:
        counted = 0
        for place in zip(x.tolist(), y.tolist(), strict=True):
            kinds = {
                sensor.kind
                for item in kit.items
                for sensor, reach in _sensors(item, listings, figure.threat)
                if _seen(item, sensor, reach, place, figure.height_m, terrain, kit.composed_on)
            }
            counted += len(kinds) >= figure.kinds_required
        share = counted / len(ring)
        if abs(share - figure.share) > _DOUBTFUL_SHARE:
            yield (
                f"{figure.threat} at {figure.height_m:g} m: the kit says {figure.share:.3f} of the ring is covered, "
                f"counted again it is {share:.3f}"
            )
        if figure.met != (figure.share >= figure.share_required - 1e-9):
            yield f"{figure.threat} at {figure.height_m:g} m: met is {figure.met} at a share of {figure.share:.3f}"


def _sensors(item: KitItem, listings: Mapping[str, Listing], threat: str) -> Iterable[tuple[Sensor, float]]:
    for used in item.ranges:
        if used.threat == threat:
            for sensor in listings[item.listing].sensors:
                if sensor.kind is used.kind:
                    yield sensor, used.range_m


def _seen(
    item: KitItem,
    sensor: Sensor,
    range_m: float,
    place: tuple[float, float],
    height_m: float,
    terrain: Terrain,
    on: date,
) -> bool:
    for position in item.positions:
        x, y = (float(axis) for axis in terrain.to_grid(*position.at))
        east, north = place[0] - x, place[1] - y
        eye = float(terrain.height_at(x, y)) + position.mast_m
        above = float(terrain.height_at(*place)) + height_m - eye
        sector = None
        if position.azimuth_deg is not None and position.azimuth_width_deg is not None:
            sector = (position.azimuth_deg, position.azimuth_width_deg)
        in_volume = sees(
            sensor,
            range_m=range_m,
            horizontal_m=math.hypot(east, north),
            above_m=above,
            bearing_deg=math.degrees(math.atan2(east, north)) % 360.0,
            on=on,
            sector=sector,
        )
        if bool(in_volume) and sight_heights(terrain, [(x, y, position.mast_m)], [place])[0, 0] <= height_m:
            return True
    return False


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
