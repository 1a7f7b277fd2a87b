"""How often the picture finds an injected fault, and how often it cries wolf."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from skypact.conformance.picture import Assumptions, PictureReport, Together, combine
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
        return self.report.together is Together.YES and len(tracks) == 2 and any(set(SOURCES) <= one for one in tracks)

    @property
    def blamed_wrongly(self) -> bool:
        """A source that does not lie is said to, or the one that does for something else."""
        found = self.report.disagreements
        return any(one.source != self.scene.faulty or one.causes[:1] != (self.scene.fault,) for one in found)


#: Sizes of a fault from below what can be seen to what is met: metres, seconds.
SIZES = {
    Cause.PLACE: (10.0, 25.0, 50.0, 100.0, 200.0, 450.0),
    Cause.CLOCK: (0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 40.0),
    Cause.HEIGHT: (5.0, 10.0, 15.0, 20.0, 40.0, 60.0),
}


def trials(
    seeds: Sequence[int],
    faults: Sequence[Cause | None],
    *,
    size: float | None = None,
    seconds: float = 60.0,
    more: bool = False,
    scored: bool = True,
) -> Iterator[Trial]:
    """Every seed with every fault; ``None`` for the scene without one. ``size``, ``seconds`` and ``more``: as of a
    scene; ``scored``: whether the tracks are laid beside the truth."""
    assumed = Assumptions(undulation_m=0.0) if more else None
    for seed in seeds:
        for fault in faults:
            scene = make(seed, fault=fault, size=size, seconds=seconds, more=more)
            truth = Truth.model_validate(scene.truth()) if scored else None
            yield Trial(scene, combine(scene.recordings, truth=truth, assumed=assumed))
