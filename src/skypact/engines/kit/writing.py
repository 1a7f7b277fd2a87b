"""Writes the kit of what was chosen, or why there is none."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from skypact.engines.coverage import Terrain
from skypact.engines.interop.together import Finding
from skypact.engines.kit import assembling, disagreeing, explaining
from skypact.engines.kit.asking import Asking
from skypact.engines.kit.assembling import Line
from skypact.engines.kit.candidates import COST_UNIT, Exclusions, Field
from skypact.engines.kit.choosing import Chosen
from skypact.engines.kit.layers import CoverageLayer, Standing, coverage_layers, tally_at
from skypact.engines.kit.options import Options
from skypact.engines.kit.places import ring_lines
from skypact.engines.kit.solving import Solution
from skypact.engines.kit.together import Together
from skypact.engines.kit.warning import Ground, approach_figures, blind_ground
from skypact.engines.kit.watch import Watch, watch_of
from skypact.schema import (
    Assumption,
    Kit,
    KitStatus,
    Money,
    Optimisation,
    Refusal,
    TerrainUsed,
    Unknown,
)

_SOLVER = "OR-Tools CP-SAT"


@dataclass(frozen=True, eq=False)
class Composition:
    """A kit, what it sees over the whole area, and what is needed to ask that again (``None`` without a kit)."""

    kit: Kit
    layers: tuple[CoverageLayer, ...]
    terrain: Terrain
    watch: Watch | None = None


@dataclass(frozen=True, eq=False)
class Writer:
    """Writes the kit."""

    question: Asking
    field: Field
    together: Together
    excluded: Exclusions

    def refused(self, refusal: Refusal, options: Options | None, *, stopped: bool = False) -> Composition:
        """A kit without items, and why."""
        status = KitStatus.STOPPED if stopped else KitStatus.NO_KIT
        kit = self._kit(status, self._effort(None, options), refusal=refusal, unknowns=tuple(self._of_sea()))
        return Composition(kit, (), self.question.terrain)

    def found(self, solution: Solution, progress: Callable[[str, float], None]) -> Composition:
        """The kit of the chosen options, with its coverage layers."""
        question, requirement = self.question, self.question.requirement
        chosen, options, lines = solution.chosen, solution.options, solution.lines
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
        field = self.field
        candidates = (*field.sensors, *field.c2, *field.gateways, *field.sources.values(), *field.mounts.values())
        unknowns = self._unknowns(lines, standing, solution.findings)
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
            unknowns=unknowns,
            open_questions=sum(one.accepted is not None for one in unknowns),
        )
        watch = watch_of(lines, options, question.places, mast_m=mast, on=question.on)
        return Composition(kit, layers, question.terrain, watch)

    def _status(self, chosen: Chosen, total: Money) -> tuple[KitStatus, Refusal | None]:
        requirement = self.question.requirement
        if total.amount > requirement.budget.amount:
            refusal = explaining.budget_refusal(total, chosen.bound * COST_UNIT, requirement)
            return KitStatus.NO_KIT, refusal
        if chosen.stopped:
            return KitStatus.STOPPED, None
        return (KitStatus.OPTIMAL if chosen.proven else KitStatus.FEASIBLE), None

    def _unknowns(
        self, lines: Sequence[Line], standing: Sequence[Standing], findings: Sequence[Finding]
    ) -> tuple[Unknown, ...]:
        question = self.question
        found = [*self._of_sea(), *explaining.unknowns_of_terrain(question.terrain, question.requirement)]
        found += self._of_water(standing)
        kinds = (reach.sensor.kind for line in lines for reach in line.reached if reach.usable)
        found += explaining.unknowns_of_probability(kinds, question.requirement)
        for line in lines:
            found += explaining.unknowns_of_item(
                line.candidate, line.reached, line.path, question.requirement, on=question.on
            )
        return disagreeing.merged(found, disagreeing.unknowns_together(findings, self.together))

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
