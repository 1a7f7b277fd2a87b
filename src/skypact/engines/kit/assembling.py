"""From the chosen options to the kit a person reads: bill of materials, links, coverage, cost, dates."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
from numpy.typing import NDArray

from skypact.engines.coverage import RangeBasis, Terrain
from skypact.engines.interop import DataPath, results_along
from skypact.engines.kit.candidates import Candidate, Field, said
from skypact.engines.kit.choosing import Chosen
from skypact.engines.kit.network import Network
from skypact.engines.kit.options import Options, Reach
from skypact.engines.kit.places import Places, stretches
from skypact.engines.kit.sensing import numbered
from skypact.engines.supply import completion
from skypact.schema import (
    Basis,
    Category,
    Cost,
    CoverageFigure,
    Delivery,
    KitItem,
    LineString,
    Link,
    Money,
    Position3D,
    RangeUsed,
    Region,
    Requirement,
    Vendor,
)

_RANGE_BASIS = {
    RangeBasis.STATED: Basis.CLAIM,
    RangeBasis.DERIVED: Basis.DERIVED,
    RangeBasis.ASSUMED: Basis.ASSUMPTION,
    RangeBasis.UNKNOWN: Basis.UNKNOWN,
}
#: Shares are told for up to so many sensors at once, or as many as are asked for.
_SENSORS_TOLD = 6
#: The far end of a power link that needs no product, and of one about which nobody knows enough.
MAINS, UNKNOWN_SOURCE = "mains", "unknown-source"


@dataclass(frozen=True, eq=False)
class Line:
    """One line of the bill of materials before it is written out."""

    candidate: Candidate
    quantity: int
    reached: tuple[Reach, ...] = ()
    path: DataPath | None = None
    options: tuple[int, ...] = ()


def kit_item(
    line: Line, vendors: Mapping[str, Vendor], options: Options | None, places: Places, terrain: Terrain, mast_m: float
) -> KitItem:
    """The line as the kit holds it."""
    candidate = line.candidate
    listing, vendor = candidate.listing, vendors[candidate.listing.vendor]
    positions = () if options is None else _positions(line, options, places, terrain, mast_m)
    narrowest = _narrowest_deg(line)
    return KitItem(
        listing=listing.id,
        name=listing.name,
        name_ko=listing.name_ko,
        vendor=vendor.name,
        nation=vendor.nation,
        category=listing.category,
        quantity=line.quantity,
        unit_price=candidate.price.money,
        price_basis=candidate.price.basis,
        price_note=candidate.price.note,
        lead_time_days=candidate.lead.days,
        lead_basis=candidate.lead.basis,
        power_draw_w=candidate.draw.watts,
        power_basis=candidate.draw.basis,
        positions=positions,
        ranges=tuple(
            RangeUsed(
                threat=reach.threat,
                kind=reach.sensor.kind,
                sensor=numbered(reach.sensor, listing),
                azimuth_width_deg=None if reach.width_deg == narrowest else reach.width_deg,
                range_m=reach.found.range_m,
                basis=_RANGE_BASIS[reach.found.basis],
                note=reach.found.note,
                grade=reach.found.grade,
                observed=reach.found.observed,
                expires=reach.found.expires,
                probable_m=reach.probable_m,
                frequency_hz=reach.frequency_hz,
            )
            for reach in line.reached
            if reach.found.range_m is not None and (reach.usable or not reach.reach_m)
        ),
        eligibility=candidate.verdict.answer,
        eligibility_reasons=tuple(said(reason) for reason in candidate.verdict.reasons),
        synthetic=listing.synthetic,
    )


def _positions(line: Line, options: Options, places: Places, terrain: Terrain, mast_m: float) -> tuple[Position3D, ...]:
    found = []
    for number, option in enumerate(line.options, start=1):
        x, y = places.positions[options.position[option]]
        lon, lat = terrain.to_lonlat(x, y)
        azimuth = float(options.azimuth[option])
        found.append(
            Position3D(
                id=f"{line.candidate.listing.id.lower()}-{number}",
                at=(round(float(lon), 7), round(float(lat), 7)),
                ground_m=round(float(terrain.height_at(x, y)), 2),
                mast_m=mast_m,
                azimuth_deg=None
                if math.isnan(azimuth)
                else round(true_azimuth(azimuth, float(x), float(y), terrain), 1),
                azimuth_width_deg=None if math.isnan(azimuth) else _narrowest_deg(line),
            )
        )
    return tuple(found)


def _narrowest_deg(line: Line) -> float | None:
    """The azimuth watched by the narrowest of a unit's sensors: it is what the unit is turned by."""
    widths = [reach.width_deg for reach in line.reached if reach.usable and reach.width_deg is not None]
    return min(widths, default=None)


def true_azimuth(grid_deg: float, x: float, y: float, terrain: Terrain) -> float:
    """The direction from true north (degrees, 0 to 360) of a direction from grid north at a place."""
    step, angle = 100.0, math.radians(grid_deg)
    lon, lat = terrain.to_lonlat([x, x + step * math.sin(angle)], [y, y + step * math.cos(angle)])
    across = (lon[1] - lon[0] + 180.0) % 360.0 - 180.0  # also over the antimeridian
    return math.degrees(math.atan2(across * math.cos(math.radians(float(lat[0]))), lat[1] - lat[0])) % 360.0


def grid_azimuth(true_deg: float, x: float, y: float, terrain: Terrain) -> float:
    """The direction from grid north (degrees, 0 to 360) that :func:`true_azimuth` turns into ``true_deg``."""
    turned = (true_azimuth(true_deg, x, y, terrain) - true_deg + 180.0) % 360.0 - 180.0
    return (true_deg - turned) % 360.0


def data_links(lines: Iterable[Line]) -> tuple[Link, ...]:
    """The data connection of every line that sends something, with what labs say of the ports that meet."""
    lines = tuple(lines)
    known = {line.candidate.listing.id: line.candidate.listing for line in lines}
    return tuple(
        Link(
            kind="data",
            source=line.path.source,
            target=line.path.target,
            via=line.path.via,
            standard=line.path.standard,
            answer=line.path.answer,
            reason=line.path.reason,
            tested=results_along([known[stop] for stop in (line.path.source, *line.path.via, line.path.target)]),
        )
        for line in lines
        if line.path is not None
    )


def power_links(lines: Iterable[Line]) -> tuple[Link, ...]:
    """What powers every line that is powered at all."""
    return tuple(
        Link(
            kind="power",
            source=line.candidate.feed.source or (MAINS if line.candidate.feed.mains else UNKNOWN_SOURCE),
            target=line.candidate.listing.id,
            answer=line.candidate.feed.answer,
            reason=line.candidate.feed.reason,
        )
        for line in lines
        if line.candidate.listing.category not in (Category.POWER, Category.NETWORK, Category.MOUNT)
    )


def lines_of(
    chosen: Chosen, options: Options, network: Network, field: Field, reached: Mapping[str, tuple[Reach, ...]]
) -> list[Line]:
    """The bill of materials of what was chosen: sensors, hub, gateways, clocks, and what feeds and carries them."""
    lines = []
    for product, path in sorted(chosen.paths.items()):
        used = tuple(int(option) for option in chosen.options if options.product[option] == product)
        if used:
            candidate = network.sensors[product]
            way = network.link(product, path)
            lines.append(Line(candidate, len(used), reached[candidate.listing.id], way, used))
    lines.append(Line(network.hubs[chosen.hub], 1))
    lines += [Line(network.gateways[gateway], count) for gateway, count in sorted(chosen.gateways.items())]
    lines += [Line(field.clocks[extra], count) for extra, count in sorted(chosen.extras.items())]
    besides: Counter[str] = Counter()
    for line in lines:
        for name in (line.candidate.feed.source, line.candidate.mount):
            if name is not None:
                besides[name] += line.quantity
    held = {**field.sources, **field.mounts}
    lines += [Line(held[name], quantity) for name, quantity in sorted(besides.items())]
    return _each_once(lines)


def _each_once(lines: Sequence[Line]) -> list[Line]:
    """One line a product: what feeds one unit may be bought for its clock too."""
    found: dict[str, Line] = {}
    for line in lines:
        name = line.candidate.listing.id
        found[name] = replace(found[name], quantity=found[name].quantity + line.quantity) if name in found else line
    return list(found.values())


def coverage_figures(
    chosen: NDArray[np.int64],
    options: Options,
    requirement: Requirement,
    places: Places,
    terrain: Terrain,
    *,
    certainty: NDArray[np.float64],
    blind_m2: Sequence[float],
) -> tuple[CoverageFigure, ...]:
    """The share of the region seen, for each threat class at each height, counted over every place tested.

    ``certainty`` (t, h, p) is what the sensors of the kit add up to at the places tested, ``blind_m2`` (t·h,) the
    ground inside the ring over which nothing is noticed as asked.
    """
    detection = requirement.detection
    shape = (len(detection.threats), len(detection.heights_m), len(places.tested))
    kinds = options.seen[:, chosen].any(axis=1).sum(axis=0).reshape(shape)
    sensors = options.seen[:, chosen].any(axis=0).sum(axis=0).reshape(shape)
    covered = options.covered(chosen, kinds=detection.kinds, sensors=detection.sensors).reshape(shape)
    most = max(detection.sensors, min(_SENSORS_TOLD, int(sensors.max(initial=1))))
    figures: list[CoverageFigure] = []
    for which, threat in enumerate(detection.threats):
        for level, height in enumerate(detection.heights_m):
            counted, here, units = covered[which, level], kinds[which, level], sensors[which, level]
            probability = -np.expm1(-certainty[which, level][counted])
            figures.append(
                CoverageFigure(
                    threat=threat,
                    height_m=height,
                    region=detection.region,
                    share=float(counted.mean()),
                    share_required=detection.share,
                    kinds_required=detection.kinds,
                    sensors_required=detection.sensors,
                    probability_required=detection.probability,
                    fused_required=detection.fused_probability,
                    met=int(counted.sum()) >= needed(detection.share, len(counted)),
                    shares_by_kinds=tuple(float((here >= count).mean()) for count in range(1, len(options.kinds) + 1)),
                    shares_by_sensors=tuple(float((units >= count).mean()) for count in range(1, most + 1)),
                    probability_mean=float(probability.mean()) if len(probability) else None,
                    probability_least=float(probability.min()) if len(probability) else None,
                    blind=_blind_stretches(counted, requirement, places, terrain),
                    blind_area_m2=blind_m2[len(figures)],
                )
            )
    return tuple(figures)


def _blind_stretches(
    counted: NDArray[np.bool_], requirement: Requirement, places: Places, terrain: Terrain
) -> tuple[LineString, ...]:
    if counted.all() or requirement.detection.region is not Region.RING:
        return ()
    return stretches(places, ~counted, terrain)


def needed(share: float, places: int) -> int:
    """How many of so many places make up the share."""
    return math.ceil(share * places - 1e-9)


def cost_of(lines: Iterable[Line], requirement: Requirement) -> Cost:
    """The total, and how much of it rests on assumptions. Every line has a price."""
    zero = Money(amount=requirement.budget.amount * 0, currency=requirement.budget.currency)
    total, assumed = zero, zero
    for line in lines:
        price = line.candidate.price
        if price.money is None:
            raise ValueError(f"{line.candidate.listing.id} has no price")
        total += price.money * line.quantity
        if price.basis is Basis.ASSUMPTION:
            assumed += price.money * line.quantity
    return Cost(
        total=total,
        assumed=assumed,
        budget=requirement.budget,
        within_budget=total.amount <= requirement.budget.amount,
    )


def delivery_of(lines: Iterable[Line], others: Iterable[Candidate], requirement: Requirement, on: date) -> Delivery:
    """When the kit is complete, and which lines no other eligible product of their category could replace."""
    lines = list(lines)
    available = Counter(candidate.listing.category for candidate in others)
    return completion(
        {line.candidate.listing.id: line.candidate.lead for line in lines},
        requirement=requirement,
        on=on,
        single_source=tuple(
            sorted(line.candidate.listing.id for line in lines if available[line.candidate.listing.category] < 2)
        ),
    )
