"""The shares that a kit is judged by, counted again with some of its sensors elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from skypact.engines.coverage.watching import Watcher
from skypact.engines.kit.assembling import needed
from skypact.engines.kit.places import stretches_along
from skypact.engines.kit.watch import Counted, counted
from skypact.market.coverage.scenes import Scene
from skypact.schema import CoverageFigure, LineString


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


def cases(scene: Scene, watchers: Sequence[Watcher]) -> tuple[Case, ...]:
    """Every case of the requirement with ``watchers`` in the place of the kit's own."""
    same = tuple(watchers) == scene.watch.watchers
    found = []
    for figure in scene.kit.coverage:
        now = _counted(scene, watchers, figure)
        before = now.met if same else _counted(scene, scene.watch.watchers, figure).met
        most = max(len(figure.shares_by_kinds), int(now.kinds.max(initial=0)))
        found.append(
            Case(
                threat=figure.threat,
                height_m=figure.height_m,
                before=float(before.mean()),
                after=float(now.met.mean()),
                required=figure.share_required,
                met=int(now.met.sum()) >= needed(figure.share_required, len(now.met)),
                by_kinds=tuple(float((now.kinds >= count).mean()) for count in range(1, most + 1)),
                blind=_blind(scene, ~now.met),
            )
        )
    return tuple(found)


def _counted(scene: Scene, watchers: Sequence[Watcher], figure: CoverageFigure) -> Counted:
    lowest = [scene.counted_lowest(watcher) for watcher in watchers]
    return counted(
        scene.terrain,
        watchers,
        lowest,
        scene.places,
        scene.kit.requirement,
        threat=figure.threat,
        height_m=figure.height_m,
    )


def _blind(scene: Scene, blind: NDArray[np.bool_]) -> tuple[LineString, ...]:
    if not (len(scene.watch.line_of) and blind.any()):
        return ()
    return stretches_along(scene.watch.places, scene.watch.line_of, blind, scene.terrain)
