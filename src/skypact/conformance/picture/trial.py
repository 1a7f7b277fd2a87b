"""How often the picture finds an injected fault, and how often it cries wolf."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from skypact.conformance.picture import PictureReport, Together, combine
from skypact.conformance.picture.matching import Cause
from skypact.conformance.picture.scene import SOURCES, Scene, make
from skypact.conformance.picture.truth import Truth


@dataclass(frozen=True)
class Trial:
    scene: Scene
    report: PictureReport

    @property
    def caught(self) -> bool:
        """The one source that lies is named, and no other; the likeliest cause is the right one."""
        found = self.report.disagreements
        return (
            len(found) == 1
            and found[0].alone
            and found[0].source == self.scene.faulty
            and found[0].causes[:1] == (self.scene.fault,)
        )

    @property
    def one_picture(self) -> bool:
        """Without a fault: two tracks for two drones, on one of them all four sources, and a yes."""
        tracks = [{part.source for part in one.contributions} for one in self.report.tracks]
        return self.report.together is Together.YES and len(tracks) == 2 and set(SOURCES) in tracks


def trials(seeds: Sequence[int], faults: Sequence[Cause | None]) -> Iterator[Trial]:
    """Every seed with every fault; ``None`` for the scene without one."""
    for seed in seeds:
        for fault in faults:
            scene = make(seed, fault=fault)
            yield Trial(scene, combine(scene.recordings, truth=Truth.model_validate(scene.truth())))
