"""The shares that a kit is judged by, counted again with some of its sensors elsewhere."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from skypact.engines.coverage.watching import Watcher
from skypact.engines.kit.assembling import needed
from skypact.engines.kit.places import stretches_along
from skypact.engines.kit.watch import counted
from skypact.market.coverage.scenes import Scene
from skypact.schema import CoverageFigure, LineString

#: What one answer counts at most: looks of a sensing principle at a place; a fused probability makes a look as dear as
#: :data:`_FUSED` of them. About half a second of one core.
WORK_MAX = 4_000_000
_FUSED = 3


@dataclass(frozen=True)
class Case:
    """One threat class at one height: the share as the kit stands, and as it would with the sensors moved."""

    threat: str
    height_m: float
    before: float
    after: float
    required: float
    met: bool
    """whether ``after`` is what the requirement asks for"""
    by_kinds: tuple[float, ...]
    """share seen by at least 1, 2, … different kinds of sensor, after"""
    blind: tuple[LineString, ...]
    """stretches of the warning ring not covered, after"""

    @property
    def change(self) -> float:
        """How much of the places is gained, or lost."""
        return self.after - self.before

    @classmethod
    def of_the_kit(cls, figure: CoverageFigure) -> Case:
        """The case as the kit itself tells it: nothing is moved."""
        return cls(
            threat=figure.threat,
            height_m=figure.height_m,
            before=figure.share,
            after=figure.share,
            required=figure.share_required,
            met=figure.met,
            by_kinds=figure.shares_by_kinds,
            blind=figure.blind,
        )


@dataclass(frozen=True)
class Cases:
    """Cases that were counted, in the order of the kit, and those that the work of one answer did not reach."""

    counted: tuple[Case, ...]
    left: tuple[CoverageFigure, ...]


def cases(
    scene: Scene,
    watchers: Sequence[Watcher],
    *,
    only: Iterable[tuple[str, float]] | None = None,
    first: tuple[str, float | None] | None = None,
    work_max: int = WORK_MAX,
) -> Cases:
    """The cases of the requirement with ``watchers`` in the place of the kit's own.

    ``only`` names the cases (threat class, height above ground in metres) that are asked for, in the order in which
    they matter; without it the one named ``first`` is counted before the others of its class, and these before the
    rest. Each is counted whole and exactly or not at all, at least one of them. Where nothing stands elsewhere, the
    kit's own figures are the answer, and nothing is counted.
    """
    by_case = {(figure.threat, figure.height_m): figure for figure in scene.kit.coverage}
    asked = _in_order(by_case, first) if only is None else [by_case[case] for case in dict.fromkeys(only)]
    if tuple(watchers) == scene.watch.watchers:
        found = {(figure.threat, figure.height_m): Case.of_the_kit(figure) for figure in asked}
    else:
        found, work = {}, 0
        for figure in asked:
            work += _work(scene, watchers, figure)
            if found and work > work_max:
                break
            found[figure.threat, figure.height_m] = recounted(scene, watchers, figure)
    return Cases(
        tuple(found[case] for case in by_case if case in found),
        tuple(figure for figure in asked if (figure.threat, figure.height_m) not in found),
    )


def _in_order(
    by_case: dict[tuple[str, float], CoverageFigure], first: tuple[str, float | None] | None
) -> list[CoverageFigure]:
    if first is None:
        return list(by_case.values())
    threat, height = first
    return sorted(by_case.values(), key=lambda one: (one.threat != threat, one.height_m != height))


def _work(scene: Scene, watchers: Sequence[Watcher], figure: CoverageFigure) -> int:
    looks = sum(each.threat == figure.threat for watcher in watchers for each in watcher.watching)
    dear = 1 if scene.kit.requirement.detection.fused_probability is None else _FUSED
    return dear * max(1, looks) * len(scene.watch.places)


def recounted(scene: Scene, watchers: Sequence[Watcher], figure: CoverageFigure) -> Case:
    """One case counted with ``watchers``, place by place."""
    now = counted(
        scene.terrain,
        watchers,
        [scene.counted_lowest(watcher) for watcher in watchers],
        scene.places,
        scene.kit.requirement,
        threat=figure.threat,
        height_m=figure.height_m,
    )
    most = max(len(figure.shares_by_kinds), int(now.kinds.max(initial=0)))
    return Case(
        threat=figure.threat,
        height_m=figure.height_m,
        before=figure.share,
        after=float(now.met.mean()),
        required=figure.share_required,
        met=int(now.met.sum()) >= needed(figure.share_required, len(now.met)),
        by_kinds=tuple(float((now.kinds >= count).mean()) for count in range(1, most + 1)),
        blind=_blind(scene, ~now.met),
    )


def _blind(scene: Scene, blind: NDArray[np.bool_]) -> tuple[LineString, ...]:
    if not (len(scene.watch.line_of) and blind.any()):
        return ()
    return stretches_along(scene.watch.places, scene.watch.line_of, blind, scene.terrain)
