"""One line of a benchmark: what we measured, beside a peer measured in the same run, and the bar it must reach."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Row:
    """A measurement. ``ratio`` says how many times better than the peer we are; below 1 we are worse."""

    measure: str
    ours: float
    unit: str
    bar: str
    holds: bool
    peer: float | None = None
    peer_name: str | None = None
    ratio: float | None = None

    @classmethod
    def at_most(cls, measure: str, ours: float, unit: str, *, limit: float) -> Row:
        """A measure that must not exceed ``limit``."""
        return cls(measure=measure, ours=ours, unit=unit, bar=f"≤ {limit:g} {unit}", holds=ours <= limit)

    @classmethod
    def told(cls, measure: str, figure: float, unit: str) -> Row:
        """A figure that is reported without a bar, such as what a peer gets wrong."""
        return cls(measure=measure, ours=figure, unit=unit, bar="none, reported", holds=True)

    @classmethod
    def at_least(cls, measure: str, ours: float, unit: str, *, limit: float) -> Row:
        """A measure that must reach ``limit``."""
        return cls(measure=measure, ours=ours, unit=unit, bar=f"≥ {limit:g} {unit}", holds=ours >= limit)

    @classmethod
    def against(
        cls,
        measure: str,
        ours: float,
        unit: str,
        *,
        peer: float,
        peer_name: str,
        times: float,
        smaller_is_better: bool = True,
    ) -> Row:
        """A measure that must be at least ``times`` times better than the peer's."""
        ratio = peer / ours if smaller_is_better else ours / peer
        return cls(
            measure=measure,
            ours=ours,
            unit=unit,
            peer=peer,
            peer_name=peer_name,
            ratio=ratio,
            bar=f"≥ {times:g} × {peer_name}",
            holds=ratio >= times,
        )


def seconds(act: Callable[[], object], *, repeats: int = 5) -> float:
    """The shortest wall time of ``repeats`` runs of ``act``, in s: noise of the machine only ever adds."""
    best = float("inf")
    for _ in range(repeats):
        start = time.perf_counter()
        act()
        best = min(best, time.perf_counter() - start)
    return best
