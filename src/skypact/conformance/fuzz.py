"""Broken recordings without end: what no decoder may crash on or hang over.

Each input comes from a sample by several changes at once, or from nothing at all. The same seed gives the same inputs.
"""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from skypact.conformance.second import SecondDecoder, UnfinishedError
from skypact.conformance.standard import Recording, Standard

#: Numbers that lengths, counts and codes go wrong at.
_EDGES = (0x00, 0x01, 0x7F, 0x80, 0xFE, 0xFF)
_LONGEST = 600
#: Inputs that a second decoder is handed at once.
_TOGETHER = 500


@dataclass(frozen=True)
class Fuzzed:
    standard: str
    inputs: int
    seconds: float
    """CPU time of all."""
    slowest_s: float
    """CPU time of the slowest one."""
    conforming: int
    """Inputs that the standard let pass: changes of open values, or none that matters."""


def inputs(standard: Standard, *, seed: int) -> Iterator[bytes]:
    """Inputs without end."""
    samples = [sample.data for sample in standard.samples()]
    draw = random.Random(f"{standard.name} {seed}")  # noqa: S311 (no secret)
    while True:
        yield _input(draw, samples)


def _input(draw: random.Random, samples: list[bytes]) -> bytes:
    if draw.random() < 0.05:
        return draw.randbytes(draw.randrange(64))
    whole = draw.choice(samples)
    # Half of them keep the beginning, where headers stand; the others begin anywhere.
    start = 0 if draw.random() < 0.5 else draw.randrange(len(whole))
    data = bytearray(whole[start : start + draw.randrange(1, _LONGEST)])
    for _ in range(draw.choice((1, 1, 2, 3, 8))):
        _spoil(draw, data, whole)
    return bytes(data)


def _spoil(draw: random.Random, data: bytearray, whole: bytes) -> None:
    at = draw.randrange(len(data) + 1)
    kind = draw.randrange(6)
    if kind == 0 and at < len(data):
        data[at] ^= 1 << draw.randrange(8)
    elif kind == 1 and at < len(data):
        data[at] = draw.choice(_EDGES)
    elif kind == 2:
        del data[at : at + draw.randrange(1, 9)]
    elif kind == 3:
        data[at:at] = draw.randbytes(draw.randrange(1, 9))
    elif kind == 4:  # a piece of the sample where it does not belong
        origin = draw.randrange(len(whole))
        data[at:at] = whole[origin : origin + draw.randrange(1, 40)]
    else:
        data[at : at + 4] = bytes([draw.choice(_EDGES)]) * 4


def run(standard: Standard, *, count: int, seed: int) -> Fuzzed:
    """Checks ``count`` inputs one after another. Nothing is caught: a crash is a crash, and names its input.

    Raises ``ValueError`` below 1.
    """
    if count < 1:
        raise ValueError(f"{count} inputs are no trial; accepted: 1 and more")
    slowest_s = total_s = 0.0
    conforming = 0
    for _, data in zip(range(count), inputs(standard, seed=seed), strict=False):
        began_s = time.process_time()
        try:
            report = standard.check([Recording("fuzzed", data)], compare=False)
        except BaseException as crash:
            crash.add_note(f"{standard.name}, input {data.hex()}")
            raise
        took_s = time.process_time() - began_s
        total_s, slowest_s = total_s + took_s, max(slowest_s, took_s)
        conforming += report.verdict.value == "conforms"
    return Fuzzed(standard.name, count, total_s, slowest_s, conforming)


def run_second(standard: Standard, decoder: SecondDecoder, *, count: int, seed: int) -> tuple[float, int]:
    """Lets a second decoder read ``count`` inputs, many at a time: a program of others starts for each call.

    Gives the seconds by the clock, and how often a program of others broke off, which a check tells and survives.
    Nothing else is caught. Raises ``ValueError`` below 1.
    """
    if count < 1:
        raise ValueError(f"{count} inputs are no trial; accepted: 1 and more")
    began_s, broken_off = time.perf_counter(), 0
    drawn = zip(range(count), inputs(standard, seed=seed), strict=False)
    while batch := [Recording(str(number), data) for number, data in islice(drawn, _TOGETHER)]:
        try:
            for _ in decoder.read(batch):
                pass
        except UnfinishedError:
            broken_off += 1
    return time.perf_counter() - began_s, broken_off
