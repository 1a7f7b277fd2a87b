"""Whether the conformance lab survives what vendors send, and what damage it sees.

Fuzzing: ``LAB_INPUTS`` broken recordings for each standard (a million unless the variable says otherwise), none of
which may crash a decoder or its rules or take a second of CPU time. Mutation: single changes to good samples outside
free text and open values, as bits and bytes and as fields behind right checksums.
"""

from __future__ import annotations

import os
from collections.abc import Iterator

from benchmarks.row import Row
from skypact.conformance import STANDARDS, Standard
from skypact.conformance.fuzz import run
from skypact.conformance.mutation import score, score_fields

INPUTS = int(os.environ.get("LAB_INPUTS", "1_000_000"))
CHANGES, SEED = 3_000, 1
LONGEST_S = 1.0
LEAST_RATE = 100.0
LEAST_SHARE = 0.99


def rows() -> Iterator[Row]:
    for standard in STANDARDS.values():
        yield from _fuzzed(standard)
        yield from _changed(standard)


def _fuzzed(standard: Standard) -> Iterator[Row]:
    found = run(standard, count=INPUTS, seed=SEED)
    named = f"{standard.name}: {found.inputs:,} broken inputs, no crash"
    yield Row.at_least(f"{named}; rate on one core", found.inputs / found.seconds, "1/s", limit=LEAST_RATE)
    yield Row.at_most(f"{named}; slowest", found.slowest_s, "s", limit=LONGEST_S)


def _changed(standard: Standard) -> Iterator[Row]:
    for kind, found in (
        ("bits and bytes", score(standard, count=CHANGES, seed=SEED)),
        ("fields", score_fields(standard)),
    ):
        measure = (
            f"{standard.name}: {found.closed} changed {kind} rejected (with open values {found.rejected} of"
            f" {found.tried}, ceiling {found.ceiling:.1%})"
        )
        yield Row.at_least(measure, found.closed_share, "share", limit=LEAST_SHARE)
