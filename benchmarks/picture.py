"""Four formats of one scene as one picture, and faults injected into one source: ``PICTURE_SCENES`` scenes (20 unless
the variable says otherwise) of two drones and four sensors, each without a fault and with each of six.

A fault counts as caught where the one source that has it is named, no other is, and its likeliest cause is right.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from statistics import fmean

from benchmarks.row import Row
from skypact.conformance.picture import Cause
from skypact.conformance.picture.trial import trials

SCENES = int(os.environ.get("PICTURE_SCENES", "20"))
LEAST_SHARE = 0.95


def rows() -> Iterator[Row]:
    clean = list(trials(range(1, SCENES + 1), [None]))
    share = fmean(one.one_picture for one in clean)
    yield Row.at_least(
        f"{SCENES} scenes, four formats: 2 tracks, all four sources, yes", share, "share", limit=LEAST_SHARE
    )
    scored = [one.report.truth for one in clean if one.report.truth is not None]
    yield Row.told("GOSPA, cutoff 100 m, mean", fmean(one.gospa_m for one in scored), "m")
    yield Row.told("distance to the truth, rms, mean", fmean(one.rms_m for one in scored if one.rms_m is not None), "m")
    caught: list[bool] = []
    for cause in Cause:
        found = [one.caught for one in trials(range(1, SCENES + 1), [cause])]
        caught += found
        yield Row.told(f"{cause}: caught", fmean(found), "share")
    yield Row.at_least(f"{len(caught)} injected faults caught", fmean(caught), "share", limit=LEAST_SHARE)
