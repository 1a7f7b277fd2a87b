"""How much damage does a lab notice? Single changes to recordings that conform, and the share that costs the verdict.

A change is rejected when the verdict is no longer ``conforms``. Free text is left alone. Some values are open: a
measured number that becomes another possible number is no fault that anyone could see. So the share of open values
bounds the score of every checker (the ceiling), and the score outside them is what the rules are worth.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from skypact.conformance.report import Verdict
from skypact.conformance.standard import Recording, Sample, Standard

#: Kinds of change to one byte.
KINDS: dict[str, Callable[[bytes, int], bytes]] = {
    **{
        f"flip bit {bit}": (lambda data, at, mask=1 << bit: data[:at] + bytes([data[at] ^ mask]) + data[at + 1 :])
        for bit in range(8)
    },
    "drop byte": lambda data, at: data[:at] + data[at + 1 :],
    "zero byte": lambda data, at: data[:at] + b"\0" + data[at + 1 :],
    "fill byte": lambda data, at: data[:at] + b"\xff" + data[at + 1 :],
}


@dataclass(frozen=True)
class Score:
    """Counts of changes; ``closed`` are those outside free text and outside open values."""

    standard: str
    tried: int
    rejected: int
    closed: int
    closed_rejected: int
    survivors: dict[str, int]
    """Unnoticed closed changes: "sample.byte kind" -> how many."""

    @property
    def share(self) -> float:
        """Rejected share of all changes outside free text."""
        return self.rejected / self.tried

    @property
    def closed_share(self) -> float:
        """Rejected share of the changes that a checker can be asked to see."""
        return self.closed_rejected / self.closed

    @property
    def ceiling(self) -> float:
        """The highest ``share`` that could be had without rejecting any other possible value."""
        return (self.closed + self.rejected - self.closed_rejected) / self.tried


def score(standard: Standard, *, count: int, seed: int) -> Score:
    """Tries ``count`` changes drawn without repetition, or all there are if fewer. Raises ``ValueError`` below 1."""
    if count < 1:
        raise ValueError(f"{count} changes cannot be scored; accepted: 1 and more")
    samples = standard.samples()
    changes = [change for number, sample in enumerate(samples) for change in _changes(number, sample)]
    drawn = random.Random(seed).sample(changes, min(count, len(changes)))  # noqa: S311 (no secret)
    rejected = closed = closed_rejected = 0
    survivors: Counter[str] = Counter()
    for number, at, kind, is_open, data in drawn:
        noticed = (
            standard.check([Recording("mutant", data)], samples[number].claim, compare=False).verdict
            is not Verdict.CONFORMS
        )
        rejected += noticed
        closed += not is_open
        closed_rejected += noticed and not is_open
        if not noticed and not is_open:
            survivors[f"{number}.{at} {kind}"] += 1
    return Score(standard.name, len(drawn), rejected, closed, closed_rejected, dict(sorted(survivors.items())))


def score_fields(standard: Standard) -> Score:
    """Tries every change of a field that the samples know; survivors are named ``sample variant``."""
    tried = rejected = closed = closed_rejected = 0
    survivors: Counter[str] = Counter()
    for number, sample in enumerate(standard.samples()):
        for variant in sample.variants():
            report = standard.check([Recording("mutant", variant.data)], sample.claim, compare=False)
            noticed = report.verdict is not Verdict.CONFORMS
            tried += 1
            rejected += noticed
            closed += not variant.open
            closed_rejected += noticed and not variant.open
            if not noticed and not variant.open:
                survivors[f"{number} {variant.name}"] += 1
    return Score(standard.name, tried, rejected, closed, closed_rejected, dict(sorted(survivors.items())))


def _changes(number: int, sample: Sample) -> Iterator[tuple[int, int, str, bool, bytes]]:
    """(sample, byte, kind, whether the byte's value is open, changed recording)."""
    carried = _places(sample.data, sample.carried) if sample.carried else set(range(len(sample.data)))
    opened = _places(sample.data, sample.open)
    for at in sorted(carried - _places(sample.data, sample.text)):
        for kind, change in KINDS.items():
            if (data := change(sample.data, at)) != sample.data:
                yield number, at, kind, at in opened, data


def _places(data: bytes, parts: tuple[bytes | tuple[bytes, bytes], ...]) -> set[int]:
    """The bytes that the parts cover, wherever they stand. Raises ``ValueError`` for a part that stands nowhere."""
    places: set[int] = set()
    for part in parts:
        before, value = part if isinstance(part, tuple) else (b"", part)
        at = data.find(before + value)
        if at < 0:
            raise ValueError(f"the sample does not hold {before + value!r}")
        while at >= 0:
            places |= set(range(at + len(before), at + len(before) + len(value)))
            at = data.find(before + value, at + 1)
    return places
