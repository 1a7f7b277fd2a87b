"""Whether the conformance lab survives what vendors send, and what damage it sees.

Fuzzing: ``LAB_INPUTS`` broken recordings for each standard (a million unless the variable says otherwise), none of
which may crash a decoder or its rules or take a second of CPU time; 10,000 for each second decoder on this machine.
Mutation: single changes to good samples outside free text and open values, as bits and bytes and as fields behind right
checksums, and that the published scores come out.
"""

from __future__ import annotations

import os
from collections.abc import Iterator

from benchmarks.row import Row
from skypact.conformance import STANDARDS, Standard
from skypact.conformance.fuzz import run, run_second
from skypact.conformance.mutation import score, score_fields
from skypact.conformance.scores import MANY, SEED, closed_share

INPUTS = int(os.environ.get("LAB_INPUTS", "1_000_000"))
#: For a second decoder; and for the one program that starts anew for each input.
SECOND_INPUTS = min(INPUTS, 10_000)
STARTED_EACH, EACH_INPUTS = ("stanag4609", "tshark"), min(INPUTS, 100)
LONGEST_S = 1.0
LEAST_RATE = 100.0
LEAST_SHARE = 0.99


def rows() -> Iterator[Row]:
    for standard in STANDARDS.values():
        yield from _fuzzed(standard)
        yield from _changed(standard)
        yield from _read_again(standard)


def _fuzzed(standard: Standard) -> Iterator[Row]:
    found = run(standard, count=INPUTS, seed=SEED)
    named = f"{standard.name}: {found.inputs:,} broken inputs, no crash"
    yield Row.at_least(f"{named}; rate on one core", found.inputs / found.seconds, "1/s", limit=LEAST_RATE)
    yield Row.at_most(f"{named}; slowest", found.slowest_s, "s", limit=LONGEST_S)


def _changed(standard: Standard) -> Iterator[Row]:
    shares = []
    for kind, found in (
        ("bits and bytes", score(standard, count=MANY, seed=SEED)),
        ("fields", score_fields(standard)),
    ):
        measure = (
            f"{standard.name}: {found.closed} changed {kind} rejected (with open values {found.rejected} of"
            f" {found.tried}, ceiling {found.ceiling:.1%})"
        )
        shares.append(found.closed_share)
        yield Row.at_least(measure, found.closed_share, "share", limit=LEAST_SHARE)
    published = closed_share(standard.name) or 0.0
    measure = f"{standard.name}: difference from the published score"
    yield Row.at_most(measure, abs(published - min(shares)), "share", limit=0.0)


def _read_again(standard: Standard) -> Iterator[Row]:
    for decoder in standard.second:
        if (version := decoder.version()) is None:
            continue
        count = EACH_INPUTS if (standard.name, decoder.name) == STARTED_EACH else SECOND_INPUTS
        seconds, broken_off = run_second(standard, decoder, count=count, seed=SEED)
        ended = f"broke off {broken_off} times" if broken_off else "no crash"
        measure = f"{standard.name}: {count:,} broken inputs to {decoder.name} {version}, {ended}; rate"
        yield Row.at_least(measure, count / seconds, "1/s", limit=1.0)
