"""The main job: requirement → eligible → in reach → connected → on time → the cheapest kit, or why there is none."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
from numpy.typing import NDArray

from skypact.engines.coverage import Terrain
from skypact.engines.kit import assembling, explaining
from skypact.engines.kit.assembling import Line
from skypact.engines.kit.candidates import COST_UNIT, Candidate, Exclusions, Field, consider, sensors_served
from skypact.engines.kit.choosing import Choice, Chosen, Node, Nothing, choose
from skypact.engines.kit.layers import CoverageLayer, Standing, coverage_layers, tally_at
from skypact.engines.kit.network import Network, wire
from skypact.engines.kit.options import CERTAINTY_UNITS, Options, Reach, lay_options, reaches
from skypact.engines.kit.places import Places, lay_out, ring_lines
from skypact.engines.kit.reduction import merged_rows, promising, unbeaten
from skypact.engines.kit.shore import Shore
from skypact.engines.kit.warning import Ground, approach_figures, blind_ground
from skypact.engines.kit.watch import Watch, watch_of
from skypact.schema import (
    Answer,
    Area,
    Assumption,
    Circle,
    InputError,
    Kit,
    KitStatus,
    Listing,
    Money,
    Optimisation,
    Question,
    Refusal,
    Requirement,
    Rule,
    Sentence,
    TerrainUsed,
    ThreatClass,
    Unknown,
    Vendor,
    sentence,
)

#: More options than this are narrowed to the most promising ones, at the price of the proof.
OPTIONS_MAX = 5000
#: CP-SAT's deterministic time spent on the proof at most, about seconds of one quiet core.
WORK_LIMIT = 20.0
_SOLVER = "OR-Tools CP-SAT"


@dataclass(frozen=True, eq=False)
class Composition:
    """A kit, what it sees over the whole area, and what is needed to ask that again (``None`` without a kit)."""

    kit: Kit
    layers: tuple[CoverageLayer, ...]
    terrain: Terrain
    watch: Watch | None = None


@dataclass(frozen=True, eq=False)
class _Question:
    """Everything a composition starts from."""

    requirement: Requirement
    nation: str | None
    vendors: Mapping[str, Vendor]
    threats: tuple[ThreatClass, ...]
    library: tuple[ThreatClass, ...]
    terrain: Terrain
    places: Places
    revision: str
    on: date
    offshore_m: float
    shore: Shore | None


def compose(
    requirement: Requirement,
    *,
    place: Area | Circle,
    nation: str | None,
    listings: Iterable[Listing],
    vendors: Iterable[Vendor],
    threats: Sequence[ThreatClass],
    rules: Sequence[Rule],
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
    terrain : relief around the site, reaching at least to the warning ring
    on : the day of the order; evidence, offers and rules count as of this day
    revision : which catalogue ``listings`` are, for the record
    offshore_m : how far from land the site's middle lies in the sea, metres; 0: on land
    shore : land around the site, off which no grid position is laid; ``None``: nobody tells, or the site is at sea
    progress : called with a stage (eligibility, sight, reduce, solve, explain) and the share of it that is done
    stop : asked now and then; once true, the best kit so far is returned with status "stopped"
    work_limit : CP-SAT's deterministic time for the proof; without proof the kit carries its gap

    Raises :class:`InputError` for a requirement that contradicts the terrain or names an unknown threat class.
    Deterministic: the same arguments give the same kit.
    """
    question = _Question(
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
    answer = _Answer(question, field, network, reached, excluded)
    if not network.sensors:
        wanted = sentence("No sensor in the catalogue can be part of a kit for this requirement.")
        return answer.refused(explaining.nothing_usable(requirement, excluded, wanted), None)
    options = lay_options(
        network.sensors,
        reached,
        question.places,
        terrain,
        requirement=requirement,
        on=on,
        progress=lambda done: progress("sight", done),
    )
    shares = _attainable(question, network, options)
    if (shares < _needs(question) - 1e-9).any():
        refusal = explaining.coverage_refusal(
            requirement, question.threats, shares / len(question.places.tested), options, whole=network.whole
        )
        return answer.refused(refusal, options)
    progress("reduce", 0.0)
    options, whole = _reduced(question, network, options)
    rows, weight, group = merged_rows(options, len(_needs(question)))
    progress("reduce", 1.0)
    chosen = choose(
        _choice(question, network, rows, weight, group),
        work_limit=work_limit,
        progress=lambda done: progress("solve", done),
        stop=stop,
    )
    if isinstance(chosen, Nothing):
        refusal = explaining.no_arrangement(requirement, chosen, whole=whole)
        return answer.refused(refusal, options, stopped=chosen.stopped)
    if not whole:
        chosen = replace(chosen, proven=False, bound=0)
    return answer.found(chosen, options, progress)


def _reduced(question: _Question, network: Network, options: Options) -> tuple[Options, bool]:
    """Fewer options with the same best kit; or, of very many, the most promising, and then nothing is proven."""
    limited = question.requirement.placement.positions_max is not None
    sensors = question.requirement.detection.sensors
    left = options.kept(unbeaten(options, network, sensors=sensors, same_position_only=limited, on=question.on))
    if len(left) <= OPTIONS_MAX:
        return left, network.whole
    return left.kept(promising(left, network, OPTIONS_MAX)), False


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


def _considered(
    question: _Question, field: Field, excluded: Exclusions
) -> tuple[Network, tuple[tuple[Reach, ...], ...]]:
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
    return network, tuple(reached[candidate.listing.id] for candidate in network.sensors)


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


def _needs(question: _Question) -> NDArray[np.int64]:
    """Places that must be covered, for each threat class at each height."""
    detection = question.requirement.detection
    count = assembling.needed(detection.share, len(question.places.tested))
    return np.full(len(detection.threats) * len(detection.heights_m), count, dtype=np.int64)


def _attainable(question: _Question, network: Network, options: Options) -> NDArray[np.int64]:
    """Places covered in each group by everything that reaches one hub; of the best hub."""
    needs, detection = _needs(question), question.requirement.detection
    best: NDArray[np.int64] | None = None
    for hub in range(len(network.hubs)):
        products = [number for number, paths in enumerate(network.paths) if any(path.hub == hub for path in paths)]
        which = np.isin(options.product, products)
        enough = options.covered(which, kinds=detection.kinds, sensors=detection.sensors)
        covered = enough.reshape(len(needs), -1).sum(axis=1)
        if best is None or np.minimum(covered, needs).sum() > np.minimum(best, needs).sum():
            best = covered
    if best is None:
        raise ValueError("sensors with paths but without hubs")
    return best


def _choice(
    question: _Question, network: Network, rows: Options, weight: NDArray[np.int64], group: NDArray[np.int64]
) -> Choice:
    def node(candidate: Candidate) -> Node:
        limit = sensors_served(candidate.listing, on=question.on)
        return Node(candidate.cost, candidate.unknowns, None if limit is None else int(limit))

    requirement = question.requirement
    return Choice(
        seen=rows.seen,
        weight=weight,
        group=group,
        need=_needs(question),
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
    )


@dataclass(frozen=True, eq=False)
class _Answer:
    """Writes the kit."""

    question: _Question
    field: Field
    network: Network
    reached: tuple[tuple[Reach, ...], ...]
    excluded: Exclusions

    def refused(self, refusal: Refusal, options: Options | None, *, stopped: bool = False) -> Composition:
        """A kit without items, and why."""
        status = KitStatus.STOPPED if stopped else KitStatus.NO_KIT
        kit = self._kit(status, self._effort(None, options), refusal=refusal, unknowns=tuple(self._of_sea()))
        return Composition(kit, (), self.question.terrain)

    def found(self, chosen: Chosen, options: Options, progress: Callable[[str, float], None]) -> Composition:
        """The kit of the chosen options, with its coverage layers."""
        question, requirement = self.question, self.question.requirement
        lines = self._lines(chosen, options)
        cost = assembling.cost_of(lines, requirement)
        status, refusal = self._status(chosen, cost.total)
        mast = requirement.placement.mast_height_m
        standing = [unit for line in lines for unit in self._standing(line, options)]
        layers = coverage_layers(
            standing,
            threats=question.threats,
            detection=requirement.detection,
            terrain=question.terrain,
            on=question.on,
            progress=lambda done: progress("explain", done),
        )
        ground = Ground.of(question.places, question.terrain)
        blind, blind_m2 = blind_ground(layers, ground)
        certainty = tally_at(
            standing, question.places.tested, detection=requirement.detection, terrain=question.terrain, on=question.on
        ).certainty
        if certainty is None:
            raise ValueError("a tally of places holds their certainty")
        candidates = (*self.field.sensors, *self.field.c2, *self.field.gateways, *self.field.sources.values())
        kit = self._kit(
            status,
            self._effort(chosen, options),
            refusal=refusal,
            items=tuple(
                assembling.kit_item(
                    line, question.vendors, options if line.options else None, question.places, question.terrain, mast
                )
                for line in lines
            ),
            links=(*assembling.data_links(lines), *assembling.power_links(lines)),
            coverage=assembling.coverage_figures(
                chosen.options,
                options,
                requirement,
                question.places,
                question.terrain,
                certainty=certainty,
                blind_m2=blind_m2,
            ),
            approaches=approach_figures(layers, ground, question.places, question.threats, on=question.on),
            blind_areas=blind,
            cost=cost,
            delivery=assembling.delivery_of(lines, candidates, requirement, question.on),
            assumptions_used=_assumptions(lines),
            unknowns=self._unknowns(lines, standing),
        )
        watch = watch_of(lines, options, question.places, mast_m=mast, on=question.on)
        return Composition(kit, layers, question.terrain, watch)

    def _lines(self, chosen: Chosen, options: Options) -> list[Line]:
        network = self.network
        lines = []
        for product, path in sorted(chosen.paths.items()):
            used = tuple(int(option) for option in chosen.options if options.product[option] == product)
            if used:
                lines.append(
                    Line(
                        network.sensors[product],
                        len(used),
                        self.reached[product],
                        network.link(product, path),
                        used,
                    )
                )
        lines.append(Line(network.hubs[chosen.hub], 1))
        lines += [Line(network.gateways[gateway], count) for gateway, count in sorted(chosen.gateways.items())]
        return lines + assembling.power_lines(lines, self.field.sources)

    def _status(self, chosen: Chosen, total: Money) -> tuple[KitStatus, Refusal | None]:
        requirement = self.question.requirement
        if total.amount > requirement.budget.amount:
            refusal = explaining.budget_refusal(total, chosen.bound * COST_UNIT, requirement)
            return KitStatus.NO_KIT, refusal
        if chosen.stopped:
            return KitStatus.STOPPED, None
        return (KitStatus.OPTIMAL if chosen.proven else KitStatus.FEASIBLE), None

    def _unknowns(self, lines: Sequence[Line], standing: Sequence[Standing]) -> tuple[Unknown, ...]:
        question = self.question
        found = [*self._of_sea(), *explaining.unknowns_of_terrain(question.terrain, question.requirement)]
        found += self._of_water(standing)
        kinds = (reach.sensor.kind for line in lines for reach in line.reached if reach.usable)
        found += explaining.unknowns_of_probability(kinds, question.requirement)
        for line in lines:
            found += explaining.unknowns_of_item(
                line.candidate, line.reached, line.path, question.requirement, on=question.on
            )
        return tuple(unknown for number, unknown in enumerate(found) if unknown not in found[:number])

    def _of_sea(self) -> Iterable[Unknown]:
        question = self.question
        return explaining.unknowns_of_sea(question.terrain, question.requirement, question.offshore_m)

    def _of_water(self, standing: Sequence[Standing]) -> Iterable[Unknown]:
        question = self.question
        if question.shore is None or not standing:
            return ()
        wet = question.shore.perhaps_wet(np.array([unit.observer[:2] for unit in standing]), question.terrain)
        return explaining.unknowns_of_water(int(wet.sum()), len(standing), question.requirement, question.shore)

    def _standing(self, line: Line, options: Options) -> Iterable[Standing]:
        mast = self.question.requirement.placement.mast_height_m
        for option in line.options:
            x, y = (float(axis) for axis in self.question.places.positions[options.position[option]])
            azimuth = float(options.azimuth[option])
            yield Standing((x, y, mast), None if np.isnan(azimuth) else azimuth, line.reached)

    def _effort(self, chosen: Chosen | None, options: Options | None) -> Optimisation:
        cost = bound = gap = None
        if chosen is not None:
            cost, bound = float(chosen.cost * COST_UNIT), float(chosen.bound * COST_UNIT)
            gap = 0.0 if chosen.proven else (cost - bound) / cost if cost else 0.0
        return Optimisation(
            solver=_SOLVER,
            cost=cost,
            bound=bound,
            gap=gap,
            positions=len(self.question.places.positions),
            options=0 if options is None else len(options),
            ring_points=len(self.question.places.tested),
        )

    def _kit(self, status: KitStatus, effort: Optimisation, *, refusal: Refusal | None, **parts: object) -> Kit:
        question = self.question
        terrain = question.terrain
        kit = Kit.model_validate(
            {
                "id": "pending",
                "composed_on": question.on,
                "status": status,
                "requirement": question.requirement,
                "catalogue_revision": question.revision,
                "site_outline": question.places.outline,
                "ring": ring_lines(question.places, terrain),
                "exclusions": self.excluded.sealed(),
                "terrain": TerrainUsed(
                    name=terrain.name,
                    surface=terrain.surface.value,
                    synthetic=terrain.surface.value == "synthetic",
                    spacing_m=terrain.dx,
                    crs=terrain.crs_name,
                    source=terrain.source,
                    obstacles=terrain.obstacles,
                    resampling=terrain.resampling,
                ),
                "optimisation": effort,
                "refusal": refusal,
                **parts,
            }
        )
        digest = hashlib.sha256(kit.model_dump_json(exclude={"id"}).encode()).hexdigest()
        return kit.model_copy(update={"id": f"{question.requirement.id}-{digest[:12]}"})


def _assumptions(lines: Iterable[Line]) -> tuple[Assumption, ...]:
    """The requirement's assumptions on which the kit rests, each once."""
    used: list[Assumption | None] = []
    for line in lines:
        candidate = line.candidate
        used += [candidate.price.assumption, candidate.lead.assumption, candidate.draw.assumption]
        used += [assumption for reach in line.reached for assumption in reach.assumptions]
    return tuple(dict.fromkeys(assumption for assumption in used if assumption is not None))
